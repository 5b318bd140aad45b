"""The reader pool: limits, replacement, cancellation, a bounded queue."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

from storage.readers import ReaderBusy, ReaderPool, ReaderUnavailable, Refused

HOSTILE = (sys.executable, str(Path(__file__).with_name("hostile_worker.py")))


def sample(name: str) -> Path:
    path = get_testdata_file(name, download=False)
    assert path is not None
    return Path(str(path))


ECG = sample("waveform_ecg.dcm")


@asynccontextmanager
async def running(pool: ReaderPool) -> AsyncIterator[ReaderPool]:
    await pool.start()
    try:
        yield pool
    finally:
        await pool.close()


async def test_reads_in_other_processes() -> None:
    async with running(ReaderPool(2)) as pool:
        assert (pool.health().alive, pool.health().ready) == (2, True)
        recordings = await asyncio.gather(*(pool.read_ecg(ECG) for _ in range(6)))
        assert {recording.duration for recording in recordings} == {10.0}
        recording, blob = await pool.read_ecg_blob(ECG)
        assert recording.to_blob() == blob
        summary = await pool.read_dicom_summary(sample("CT_small.dcm"))
        assert (summary.modality, summary.patient_id) == ("CT", "1CT1")
        with pytest.raises(Refused) as caught:
            await pool.read_ecg(sample("CT_small.dcm"))
        assert (caught.value.code, caught.value.what) == ("not_an_ecg", "CT")
        with pytest.raises(FileNotFoundError):
            await pool.read_ecg(Path("/nonexistent/file"))
        assert pool.health().replaced == 0
    assert pool.health().alive == 0
    with pytest.raises(ReaderUnavailable):
        await pool.read_ecg(ECG)


@pytest.mark.parametrize("kind", ["bomb", "loop", "die", "deep"])
async def test_a_worker_that_breaks_a_limit_is_replaced(tmp_path: Path, kind: str) -> None:
    async with running(ReaderPool(1, wall_seconds=2.0, program=HOSTILE)) as pool:
        with pytest.raises(Refused) as caught:
            await pool.read_ecg(tmp_path / kind)
        assert caught.value.code == "too_complex"
        assert (await pool.read_ecg(ECG)).duration == 10.0
        assert pool.health().alive == 1


async def test_a_worker_cannot_write_nor_lie(tmp_path: Path) -> None:
    async with running(ReaderPool(1, program=HOSTILE)) as pool:
        for kind in ("scribble", "lie"):
            with pytest.raises(Refused):
                await pool.read_ecg(tmp_path / kind)
        written = tmp_path / "scribbled"
        assert not written.exists() or written.read_bytes() == b""
        link = tmp_path / "chatter"
        with pytest.raises(FileNotFoundError):
            await pool.read_ecg(link)
        link.symlink_to(ECG)
        assert (await pool.read_ecg(link)).duration == 10.0, "what it prints is no answer"


async def test_cancelling_ends_the_worker(tmp_path: Path) -> None:
    async with running(ReaderPool(1, wall_seconds=60, program=HOSTILE)) as pool:
        worker = pool._idle[0].process
        task = asyncio.create_task(pool.read_ecg(tmp_path / "loop"))
        while not pool._busy:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.wait_for(worker.wait(), 20) == -9
        assert (await pool.read_ecg(ECG)).duration == 10.0


async def test_the_queue_is_bounded(tmp_path: Path) -> None:
    async with running(ReaderPool(1, wall_seconds=60, max_waiting=2, program=HOSTILE)) as pool:
        first = asyncio.create_task(pool.read_ecg(tmp_path / "loop"))
        while not pool._busy:
            await asyncio.sleep(0)
        waiting = [asyncio.create_task(pool.read_ecg(ECG)) for _ in range(2)]
        while pool.health().waiting < 2:
            await asyncio.sleep(0)
        assert not pool.health().ready
        with pytest.raises(ReaderBusy):
            await pool.read_ecg(ECG)
        first.cancel()
        assert [recording.duration for recording in await asyncio.gather(*waiting)] == [10.0] * 2


async def test_closing_ends_a_read_under_way(tmp_path: Path) -> None:
    pool = ReaderPool(1, wall_seconds=60, program=HOSTILE)
    await pool.start()
    task = asyncio.create_task(pool.read_ecg(tmp_path / "loop"))
    while not pool._busy:
        await asyncio.sleep(0)
    await pool.close()
    with pytest.raises(ReaderUnavailable):
        await task


async def test_a_program_that_does_not_start() -> None:
    with pytest.raises(ReaderUnavailable):
        await ReaderPool(1, program=(sys.executable, "-c", "raise SystemExit(1)")).start()
