"""kill -9 of a process that appends: every acknowledged entry is there, once, in its place."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.blobs import BlobStore
from storage.disk import STAGING, Disk
from storage.ledger import Ledger
from storage.ledger_check import fsck

ORIGIN = "kill.duikou/log"
KILLS = 30

WRITER = """
import asyncio, sys
from datetime import UTC, datetime
from storage.blobs import BlobStore
from storage.blobs import BlobStore
from storage.disk import Disk
from storage.ledger import Ledger

async def one(ledger, blobs, text):
    ref = await blobs.put_bytes(text)
    index = await ledger.append(text)
    sys.stdout.write(f"{index} {ref.sha256} {text.decode()}\\n")
    sys.stdout.flush()

async def main(root, run):
    disk = Disk(root)
    disk.clean()
    ledger = await Ledger.open(disk, origin="kill.duikou/log", clock=lambda: datetime.now(UTC))
    blobs = BlobStore(disk)
    for n in range(0, 1_000_000, 4):
        await asyncio.gather(*(one(ledger, blobs, b"run %d entry %d" % (run, n + k)) for k in range(4)))

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


@pytest.mark.slow
async def test_kill_nine(tmp_path: Path) -> None:
    choice = random.Random(7)
    told: dict[int, tuple[str, bytes]] = {}
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    for run in range(KILLS):
        command = [sys.executable, "-c", WRITER, str(tmp_path), str(run)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(choice.randrange(1, 60))]
        child.send_signal(signal.SIGKILL)
        lines += child.stdout.read().splitlines(keepends=True)
        child.stdout.close()
        assert child.wait() == -signal.SIGKILL
        for line in lines:
            if line.endswith(b"\n"):
                index, digest, text = line.rstrip(b"\n").split(b" ", 2)
                assert int(index) not in told, "an index given twice"
                told[int(index)] = (digest.decode(), text)
    disk = Disk(tmp_path)
    ledger = await Ledger.open(disk, origin=ORIGIN, clock=lambda: datetime.now(UTC))
    assert len(told) > 5 * KILLS
    blobs = BlobStore(disk)
    for place, (sha256, body) in told.items():
        assert ledger.entry(place) == body
        assert await blobs.read(sha256) == body
    entries = [ledger.entry(place) for place in range(ledger.size)]
    assert len(set(entries)) == len(entries), "doubled"
    assert fsck(disk, origin=ORIGIN).problems == ()
    await ledger.close()
    disk.clean()
    disk.close()
    assert disk.names(STAGING) == []
