"""The ledger: durable, idempotent, provable, and unable to be bent unnoticed."""

from __future__ import annotations

import asyncio
import random
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.disk import Disk
from storage.ledger import Ledger, LedgerBusy, LedgerDamaged
from storage.ledger_check import fsck
from storage.ledger_files import parse_records, tile_name
from storage.merkle import leaf_hash, verify_consistency, verify_inclusion
from storage.notes import Checkpoint

ORIGIN = "test.duikou/log"
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


async def opened(root: Path) -> Ledger:
    return await Ledger.open(Disk(root), origin=ORIGIN, clock=lambda: NOW)


async def filled(root: Path, count: int) -> Ledger:
    ledger = await opened(root)
    indices = await asyncio.gather(*(ledger.append(b"entry %d" % n) for n in range(count)))
    assert indices == list(range(count))
    return ledger


async def test_append_prove_and_open_again(tmp_path: Path) -> None:
    ledger = await filled(tmp_path, 600)
    heads = [ledger.head()]
    for n in range(3):
        await ledger.append(b"later %d" % n)
        heads.append(ledger.head())
    vkey = ledger.vkey
    await ledger.close()
    ledger = await opened(tmp_path)
    assert ledger.vkey == vkey
    assert ledger.size == 603
    head = Checkpoint.parse(ledger.verifier.open(ledger.checkpoint()))
    assert head == ledger.head()
    assert head.at == "2026-11-23T06:00:00Z"
    for index in (0, 255, 256, 511, 602):
        leaf = leaf_hash(ledger.entry(index))
        assert verify_inclusion(leaf, index, head.size, ledger.inclusion(index), head.root)
        assert ledger.index_of(leaf) == index
    for old in heads:
        proof = ledger.consistency(old.size)
        assert verify_consistency(old.size, head.size, old.root, head.root, proof)
    assert await ledger.entries([599, 600]) == [b"entry 599", b"later 0"]
    assert sorted(path.name for path in (tmp_path / "ledger/tile/0").iterdir()) == ["000", "001"]
    assert fsck(Disk(tmp_path), origin=ORIGIN).problems == ()
    await ledger.close()


async def test_the_same_bytes_keep_their_index(tmp_path: Path) -> None:
    ledger = await opened(tmp_path)
    same = await asyncio.gather(*(ledger.append(b"same") for _ in range(20)), ledger.append(b"x"))
    assert same == [0] * 20 + [1]
    await ledger.close()
    ledger = await opened(tmp_path)
    assert await ledger.append(b"same") == 0
    assert ledger.size == 2
    await ledger.close()


async def test_bounds(tmp_path: Path) -> None:
    ledger = await filled(tmp_path, 2)
    for entry in (b"", bytes((1 << 20) + 1)):
        with pytest.raises(ValueError, match="bytes"):
            await ledger.append(entry)
    assert await ledger.append(bytes(1 << 20)) == 2
    for call in (
        lambda: ledger.entry(3),
        lambda: ledger.entry(-1),
        lambda: ledger.inclusion(0, 4),
        lambda: ledger.consistency(1, 4),
        lambda: ledger.root(4),
    ):
        with pytest.raises(IndexError):
            call()
    with pytest.raises(ValueError, match="checkpoint"):
        ledger.sign(f"{ORIGIN}\n5\nroot\n")
    await ledger.close()


async def test_one_writer_many_readers(tmp_path: Path) -> None:
    ledger = await filled(tmp_path, 3)
    with pytest.raises(LedgerBusy):
        await opened(tmp_path)
    reader = Ledger.open_reader(Disk(tmp_path), origin=ORIGIN)
    await ledger.append(b"unseen")
    assert reader.size == 3
    assert reader.entry(2) == b"entry 2"
    assert reader.root() == ledger.root(3)
    note = reader.sign("another/kind\nof note\n")
    assert ledger.verifier.open(note) == "another/kind\nof note\n"
    await ledger.close()
    await (await opened(tmp_path)).close()


async def test_the_key_is_private_and_bound_to_the_origin(tmp_path: Path) -> None:
    await (await filled(tmp_path, 1)).close()
    assert stat.S_IMODE((tmp_path / "ledger/key").stat().st_mode) == 0o600
    with pytest.raises(LedgerDamaged, match=r"test\.duikou"):
        await Ledger.open(Disk(tmp_path), origin="other", clock=lambda: NOW)
    (tmp_path / "ledger/key").unlink()
    with pytest.raises(LedgerDamaged, match="key"):
        await opened(tmp_path)


async def test_a_cancelled_append_harms_nobody(tmp_path: Path) -> None:
    ledger = await opened(tmp_path)
    tasks = [asyncio.create_task(ledger.append(b"entry %d" % n)) for n in range(10)]
    await asyncio.sleep(0)
    tasks[3].cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert [index for index in done if isinstance(index, int)] == [0, 1, 2, 4, 5, 6, 7, 8, 9]
    await ledger.close()


async def test_a_torn_tail_is_cut_and_a_torn_entry_is_not(tmp_path: Path) -> None:
    await (await filled(tmp_path, 5)).close()
    bundle = tmp_path / "ledger/entries/000"
    whole = bundle.read_bytes()
    bundle.write_bytes(whole + b"DKE1\0\0\0\x05torn")
    ledger = await opened(tmp_path)
    assert ledger.size == 5
    assert await ledger.append(b"next") == 5
    await ledger.close()
    assert len(list(parse_records(bundle.read_bytes()))) == 6
    bundle.write_bytes(bundle.read_bytes()[:-1])
    with pytest.raises(LedgerDamaged, match="entry 5"):
        await opened(tmp_path)


async def test_missing_or_wrong_tiles_are_made_again(tmp_path: Path) -> None:
    await (await filled(tmp_path, 520)).close()
    tiles = tmp_path / "ledger/tile/0"
    (tiles / "000").unlink()
    (tiles / "001").write_bytes(bytes(8192))
    assert len(fsck(Disk(tmp_path), origin=ORIGIN).problems) == 2
    ledger = await opened(tmp_path)
    assert ledger.entry(300) == b"entry 300"
    await ledger.close()
    assert fsck(Disk(tmp_path), origin=ORIGIN).problems == ()


async def detects(root: Path, original: bytes) -> bool:
    """Whether a bent copy is found: it does not open, or fsck says so, or what it says is what it said."""
    if fsck(Disk(root), origin=ORIGIN).problems:
        return True
    try:
        ledger = Ledger.open_reader(Disk(root), origin=ORIGIN)
    except (LedgerDamaged, FileNotFoundError):
        return True
    return ledger.root() == original


async def test_tampering_is_found(tmp_path: Path) -> None:
    """Bytes changed, records removed, doubled or swapped, files removed or cut: seeded, a few hundred."""
    good = tmp_path / "good"
    ledger = await filled(good, 300)
    root = ledger.root()
    await ledger.close()
    files = [path for path in sorted((good / "ledger").rglob("*")) if path.is_file()]
    bendable = [path for path in files if path.name not in ("lock", "key")]
    choice = random.Random(11)
    for _ in range(300):
        bent = tmp_path / "bent"
        shutil.copytree(good, bent)
        path = bent / choice.choice(bendable).relative_to(good)
        data = bytearray(path.read_bytes())
        kind = choice.randrange(4)
        if kind == 0:
            data[choice.randrange(len(data))] ^= 1 << choice.randrange(8)
        elif kind == 1:
            del data[choice.randrange(len(data)) :]
        elif kind == 2:
            start = choice.randrange(len(data))
            del data[start : start + choice.randrange(1, 60)]
        elif path.parent.name == "entries":
            records = [bytes(data[a:b]) for a, b in spans(bytes(data))]
            choice.shuffle(records)
            data = bytearray(b"".join(records))
        else:
            data += data[: choice.randrange(1, len(data))]
        path.write_bytes(data)
        if bytes(data) != (good / path.relative_to(bent)).read_bytes():
            assert await detects(bent, root), (kind, path.name)
        shutil.rmtree(bent)


def spans(data: bytes) -> list[tuple[int, int]]:
    starts = [offset for offset, _, _ in parse_records(data)]
    return list(zip(starts, [*starts[1:], len(data)], strict=True))


def test_tile_names() -> None:
    assert [tile_name(n) for n in (0, 999, 1000, 1234067)] == [
        "000",
        "999",
        "x001/000",
        "x001/x234/067",
    ]
