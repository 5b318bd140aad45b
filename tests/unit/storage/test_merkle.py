"""Merkle trees: proofs at every size, and every tampering found."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.merkle import (
    EMPTY_ROOT,
    Tree,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)

LIMIT = 70
LEAVES = [leaf_hash(b"entry %d" % n) for n in range(LIMIT)]
TREE = Tree(LEAVES)


def plain_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962 2.1, written as the text has it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(plain_root(leaves[:split]), plain_root(leaves[split:]))


def test_known_roots() -> None:
    """The vectors of Certificate Transparency's reference tests."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    inputs.append("606162636465666768696a6b6c6d6e6f")
    tree = Tree([leaf_hash(bytes.fromhex(item)) for item in inputs])
    roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]
    assert [tree.root(size).hex() for size in range(1, 9)] == roots
    assert tree.root(0) == EMPTY_ROOT


def test_roots_of_every_size() -> None:
    for size in range(LIMIT + 1):
        assert TREE.root(size) == plain_root(LEAVES[:size])


def test_every_inclusion_proof_and_no_other() -> None:
    for size in range(1, LIMIT + 1):
        root = TREE.root(size)
        for index in range(size):
            proof = TREE.inclusion(index, size)
            assert verify_inclusion(LEAVES[index], index, size, proof, root)
            assert not verify_inclusion(LEAVES[index - 1], index, size, proof, root) or size == 1
            assert not verify_inclusion(LEAVES[index], index, size, [*proof, root], root)
            if proof:
                assert not verify_inclusion(LEAVES[index], index, size, proof[:-1], root)
                assert not verify_inclusion(LEAVES[index], (index + 1) % size, size, proof, root)


def test_every_consistency_proof() -> None:
    for new in range(LIMIT + 1):
        for old in range(new + 1):
            proof = TREE.consistency(old, new)
            roots = TREE.root(old), TREE.root(new)
            assert verify_consistency(old, new, *roots, proof)
            assert not verify_consistency(old, new, *roots, [*proof, roots[1]])
            if 0 < old < new:
                assert not verify_consistency(old, new, roots[1], roots[1], proof)
                assert not verify_consistency(old, new, roots[0], roots[0], proof)
                assert not verify_consistency(old, new, *roots, proof[:-1])


sizes = st.integers(1, LIMIT)


@given(size=sizes, data=st.data())
def test_a_changed_bit_anywhere_fails(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    parts = [LEAVES[index], TREE.root(size), *TREE.inclusion(index, size)]
    part, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    changed = bytearray(parts[part])
    changed[bit // 8] ^= 1 << bit % 8
    parts[part] = bytes(changed)
    assert not verify_inclusion(parts[0], index, size, parts[2:], parts[1])


@given(old=sizes, new=sizes, data=st.data())
def test_history_rewritten_fails(old: int, new: int, data: st.DataObject) -> None:
    """A log that changed one old entry has no consistency proof with the old root: neither log's proof serves."""
    old, new = min(old, new), max(old, new)
    index = data.draw(st.integers(0, old - 1))
    forged = Tree([*LEAVES[:index], leaf_hash(b"forged"), *LEAVES[index + 1 : new]])
    for proof in (forged.consistency(old, new), TREE.consistency(old, new)):
        assert not verify_consistency(old, new, TREE.root(old), forged.root(new), proof)


@given(st.lists(st.binary(min_size=30, max_size=34), max_size=8), sizes, sizes, st.integers(-2, 99))
def test_arbitrary_proofs_neither_raise_nor_pass(
    proof: list[bytes], old: int, new: int, index: int
) -> None:
    assert not verify_inclusion(leaf_hash(b"x"), index, new, proof, TREE.root(new))
    if old != new:
        assert not verify_consistency(old, new, TREE.root(old), leaf_hash(b"x"), proof)


def test_bounds() -> None:
    for call in (
        lambda: TREE.root(LIMIT + 1),
        lambda: TREE.inclusion(5, 5),
        lambda: TREE.inclusion(-1, 5),
        lambda: TREE.consistency(6, 5),
        lambda: TREE.leaf(LIMIT),
    ):
        with pytest.raises(IndexError):
            call()
