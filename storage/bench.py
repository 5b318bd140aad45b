"""Figures of the storage, one JSON line each: `python -m storage.bench [FOLDER]` (a temporary folder by default)."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from pydicom.data import get_testdata_file

from storage.blobs import BlobStore
from storage.disk import Disk
from storage.ledger import Ledger
from storage.ledger_check import fsck
from storage.readers import ReaderPool


def figure(name: str, value: float, unit: str, **about: object) -> None:
    """Print one figure."""
    print(json.dumps({"figure": name, "value": round(value, 3), "unit": unit, **about}), flush=True)


async def appends(log: Ledger, together: int, count: int) -> None:
    """`count` entries of 800 bytes by `together` writers at once."""
    numbers = iter(range(count))
    waits: list[float] = []

    async def writer() -> None:
        for number in numbers:
            start = time.perf_counter()
            await log.append(b"%d %d " % (together, number) + bytes(800))
            waits.append(time.perf_counter() - start)

    start = time.perf_counter()
    await asyncio.gather(*(writer() for _ in range(together)))
    seconds = time.perf_counter() - start
    p99 = statistics.quantiles(waits, n=100)[98] * 1000
    figure("ledger_append", count / seconds, "1/s", together=together, p99_ms=round(p99, 2))


async def ledger(disk: Disk) -> None:
    """Appends a second, alone and together; recovery; a proof."""
    log = await Ledger.open(disk, origin="bench.duikou/log", clock=lambda: datetime.now(UTC))
    for together, count in ((1, 300), (16, 4000), (256, 20000)):
        await appends(log, together, count)
    start = time.perf_counter()
    for index in range(0, log.size, 10):
        log.inclusion(index)
    figure("ledger_inclusion_proof", (time.perf_counter() - start) / (log.size / 10) * 1e6, "µs")
    size = log.size
    await log.close()
    start = time.perf_counter()
    log = await Ledger.open(disk, origin="bench.duikou/log", clock=lambda: datetime.now(UTC))
    figure("ledger_open", time.perf_counter() - start, "s", entries=size)
    await log.close()
    start = time.perf_counter()
    report = await asyncio.to_thread(fsck, disk, origin="bench.duikou/log")
    figure("ledger_fsck", time.perf_counter() - start, "s", problems=len(report.problems))


async def blobs(disk: Disk) -> None:
    """Durable blobs a second and megabytes a second."""
    store = BlobStore(disk)
    start = time.perf_counter()
    for _ in range(100):
        await store.put_bytes(os.urandom(300_000))
    figure("blob_put_300kB", 100 / (time.perf_counter() - start), "1/s")

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(256):
            yield os.urandom(1 << 20)

    start = time.perf_counter()
    await store.put_stream(pieces(), limit=1 << 30)
    figure("blob_stream", 256 / (time.perf_counter() - start), "MiB/s")


async def readers() -> None:
    """Milliseconds to read one ECG through the pool, and ECGs a second."""
    path = Path(str(get_testdata_file("waveform_ecg.dcm", download=False)))
    pool = ReaderPool(2)
    start = time.perf_counter()
    await pool.start()
    figure("readers_start", time.perf_counter() - start, "s")
    try:
        times = []
        for _ in range(30):
            start = time.perf_counter()
            await pool.read_ecg(path)
            times.append((time.perf_counter() - start) * 1000)
        figure("read_ecg", statistics.median(times), "ms", worst=round(max(times), 1))
        start = time.perf_counter()
        await asyncio.gather(*(pool.read_ecg(path) for _ in range(30)))
        figure("read_ecg_throughput", 30 / (time.perf_counter() - start), "1/s")
    finally:
        await pool.close()


async def run(folder: Path) -> None:
    """All figures."""
    disk = Disk(folder)
    await ledger(disk)
    await blobs(disk)
    await readers()
    disk.close()


def main() -> int:
    """Command line."""
    if len(sys.argv) > 1:
        asyncio.run(run(Path(sys.argv[1])))
    else:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(run(Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
