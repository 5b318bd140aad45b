"""The journal of open windows: the last whole pass counts, whatever a crash left behind it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling import journal
from signaling.forward.intervals import Spell
from signaling.journal import Journal, last_pass


def _written(folder: Path, *bodies: bytes) -> bytes:
    found = Journal(folder)
    for body in bodies:
        found.write(body)
    return (folder / journal.NAME).read_bytes()


def test_the_last_pass_is_read_back(tmp_path: Path) -> None:
    assert Journal(tmp_path).read() == b""
    _written(tmp_path, b"one\ntwo", b"", b"three\n")
    assert Journal(tmp_path).read() == b"three\n"


def test_a_torn_pass_leaves_the_one_before(tmp_path: Path) -> None:
    whole = _written(tmp_path, b"first\nrow", b"pass 3 00000000\nsecond")
    first_ends = len(_written(tmp_path, b"first\nrow"))
    for size in range(len(whole)):
        expected = b"first\nrow" if size >= first_ends else b""
        assert last_pass(whole[:size]) == expected


@given(st.data())
def test_a_changed_byte_is_never_believed(data: st.DataObject) -> None:
    bodies = [b"first row", b"second row"]
    whole = b"".join(b"pass %d %08x\n%s" % (len(b), journal.zlib.crc32(b), b) for b in bodies)
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = bytearray(whole)
    damaged[at] ^= data.draw(st.integers(1, 255))
    assert last_pass(bytes(damaged)) in (*bodies, b"")


def test_a_full_file_begins_anew_and_an_empty_house_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_LIMIT", 1000)
    found = Journal(tmp_path)
    for number in range(50):
        found.write(b"%d" % number * 100)
        assert Journal(tmp_path).read() == b"%d" % number * 100
    assert (tmp_path / journal.NAME).stat().st_size <= 1000
    found.clear()
    assert list(tmp_path.iterdir()) == []
    found.clear()
    found.write(b"again")
    assert Journal(tmp_path).read() == b"again"


def test_a_spell_is_told_as_far_as_it_goes() -> None:
    spell = Spell()
    spell.turn(True, 10)
    spell.turn(True, 12)
    assert spell.peek(5, 15) == [[10, 15]]
    assert spell.take(5, 15) == [[10, 15]]
    spell.turn(False, 18)
    spell.turn(False, 19)
    spell.turn(True, 22)
    assert spell.peek(15, 25) == [[15, 18], [22, 25]]
    assert spell.take(15, 25) == [[15, 18], [22, 25]]
    assert spell.take(25, 30) == [[25, 30]]
