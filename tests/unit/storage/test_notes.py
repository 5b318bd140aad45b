"""Signed notes and checkpoints."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.notes import Checkpoint, NoteError, Signer, Verifier

SIGNER = Signer.generate("示例.duikou/log")
HEAD = Checkpoint(SIGNER.name, 7, bytes(range(32)), "2026-11-23T06:00:00Z")


def test_known_note() -> None:
    """The example of Go's golang.org/x/mod/sumdb/note."""
    vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    note = (
        f"{text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
        "KvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert Verifier.parse(vkey).vkey == vkey
    assert Verifier.parse(vkey).open(note) == text


def test_keys_go_through_text() -> None:
    again = Signer.parse(SIGNER.secret())
    assert again.verifier == SIGNER.verifier == Verifier.parse(SIGNER.verifier.vkey)
    assert SIGNER.secret() not in repr(SIGNER)


def test_checkpoints_go_through_notes() -> None:
    note = SIGNER.sign(HEAD.text())
    assert Checkpoint.parse(SIGNER.verifier.open(note)) == HEAD
    other = Signer.generate(SIGNER.name)
    with pytest.raises(NoteError):
        other.verifier.open(note)
    cosigned = note + Signer.generate("partner").sign(HEAD.text()).rpartition("\n\n")[2]
    assert SIGNER.verifier.open(cosigned) == HEAD.text()


@given(st.integers(0, 10_000), st.integers(1, 127))
def test_any_changed_character_fails(at: int, delta: int) -> None:
    note = SIGNER.sign(HEAD.text())
    at %= len(note)
    changed = note[:at] + chr(ord(note[at]) ^ delta) + note[at + 1 :]
    with pytest.raises(NoteError):
        SIGNER.verifier.open(changed)


@given(st.text(max_size=200))
def test_junk_is_refused(text: str) -> None:
    for parse in (Verifier.parse, Signer.parse, Checkpoint.parse, SIGNER.verifier.open):
        with pytest.raises(NoteError):
            parse(text)


def test_texts_that_cannot_be_signed() -> None:
    for text in ("no newline", "control\x07\n", ""):
        with pytest.raises(NoteError):
            SIGNER.sign(text)
    with pytest.raises(NoteError):
        Signer.generate("two words")
