"""fsck of a whole data folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.blobs import BlobStore
from storage.disk import Disk
from storage.fsck import fsck, main
from storage.ledger import Ledger


async def test_a_sound_folder_and_a_damaged_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    disk = Disk(tmp_path)
    ledger = await Ledger.open(disk, origin="o", clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    await ledger.append(b"entry")
    await ledger.close()
    ref = await BlobStore(disk).put_bytes(b"blob")
    report = fsck(disk, origin="o")
    assert (report.problems, report.blobs, report.staged, report.ledger.size) == ((), 1, 0, 1)
    assert main([str(tmp_path), "--origin", "o"]) == 0
    BlobStore(disk).path_for(ref).write_bytes(b"other")
    entries = tmp_path / "ledger/entries/000"
    entries.write_bytes(entries.read_bytes()[:-1] + b"?")
    assert main([str(tmp_path), "--origin", "o"]) == 1
    printed = capsys.readouterr().out
    assert f"{ref.sha256}: corrupt" in printed
    assert "ledger: " in printed
