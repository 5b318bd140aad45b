"""A small pool of reader workers: each file is parsed in another process, under memory, CPU and wall time limits.

A worker that breaks a limit, dies, or whose caller is cancelled is killed and replaced. The queue is bounded.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import struct
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import storage
from storage.readers.dicom_file import DicomSummary
from storage.readers.ecg import BadBlob, EcgRecording
from storage.readers.refusals import RefusalCode, Refused
from storage.readers.worker import MEMORY_BYTES

PROGRAM = (sys.executable, "-m", "storage.readers.worker")
WALL_SECONDS = 8.0
START_SECONDS = 30.0
MAX_ANSWER = 64 << 20
REQUESTS_PER_WORKER = 500
"""A worker is replaced after so many files, so that a leak stays small."""

_LENGTH = struct.Struct(">I")


class ReaderBusy(RuntimeError):
    """Too many files wait to be read; try again soon."""


class ReaderUnavailable(RuntimeError):
    """No reader process could be started, or the pool is closed."""


@dataclass(frozen=True, slots=True)
class PoolHealth:
    """For /readyz: `alive` idle or working workers of `size`, files `waiting`, workers `replaced` so far."""

    size: int
    alive: int
    waiting: int
    replaced: int
    ready: bool


class _Stale(Exception):
    """A worker that had read files before died: perhaps of an earlier file, so this one gets another chance."""


class _Worker:
    """One process; used by one caller at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.served = 0

    @classmethod
    async def start(cls, program: Sequence[str], memory: int) -> _Worker:
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(Path(storage.__file__).parent.parent),
            "PYTHONDONTWRITEBYTECODE": "1",
            "DUIKOU_READER_MEMORY": str(memory),
            # Each of OpenBLAS' threads would reserve address space.
            "OPENBLAS_NUM_THREADS": "1",
        }
        process = await asyncio.create_subprocess_exec(
            *program,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        worker = cls(process)
        try:
            async with asyncio.timeout(START_SECONDS):
                if await worker._receive() != b"S":
                    raise ReaderUnavailable("a reader process did not start")
        except (TimeoutError, EOFError):
            await worker.kill()
            raise ReaderUnavailable("a reader process did not start") from None
        except BaseException:
            await worker.kill()
            raise
        return worker

    async def _receive(self) -> bytes:
        assert self.process.stdout is not None
        (length,) = _LENGTH.unpack(await self.process.stdout.readexactly(_LENGTH.size))
        if length > MAX_ANSWER:
            raise EOFError("answer too long")
        return await self.process.stdout.readexactly(length)

    async def ask(self, kind: str, path: Path) -> bytes:
        """The worker's answer. Raises EOFError or ConnectionError when it died."""
        assert self.process.stdin is not None
        request = json.dumps({"kind": kind, "path": str(path)}).encode()
        self.process.stdin.write(_LENGTH.pack(len(request)) + request)
        await self.process.stdin.drain()
        self.served += 1
        return await self._receive()

    async def kill(self) -> None:
        """End the process and reap it."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        if self.process.stdin is not None:
            self.process.stdin.close()
        await self.process.wait()


class ReaderPool:
    """`size` workers. Start it in the loop that uses it; `program` stands in for the worker in tests."""

    def __init__(
        self,
        size: int = 2,
        *,
        wall_seconds: float = WALL_SECONDS,
        memory: int = MEMORY_BYTES,
        max_waiting: int = 32,
        program: Sequence[str] = PROGRAM,
    ) -> None:
        self.size = size
        self._wall_seconds = wall_seconds
        self._memory = memory
        self._max_waiting = max_waiting
        self._program = tuple(program)
        self._slots = asyncio.Semaphore(size)
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._waiting = 0
        self._replaced = 0
        self._closed = True
        self._killing: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the workers; nothing happens when they run. Raises ReaderUnavailable."""
        if not self._closed:
            return
        starting = (_Worker.start(self._program, self._memory) for _ in range(self.size))
        started = await asyncio.gather(*starting, return_exceptions=True)
        workers = [worker for worker in started if isinstance(worker, _Worker)]
        if len(workers) < self.size:
            await asyncio.gather(*(worker.kill() for worker in workers))
            raise ReaderUnavailable("the reader processes did not start")
        self._idle += workers
        self._closed = False

    async def close(self) -> None:
        """End every worker; callers that still wait get ReaderUnavailable or a refusal."""
        self._closed = True
        workers, self._idle = [*self._idle, *self._busy], []
        await asyncio.gather(*(worker.kill() for worker in workers), *self._killing)

    def health(self) -> PoolHealth:
        """How the pool is; never blocks. `ready` means that the next file can be read."""
        dead = [worker for worker in self._idle if worker.process.returncode is not None]
        alive = len(self._idle) + len(self._busy) - len(dead)
        ready = not self._closed and self._waiting < self._max_waiting
        return PoolHealth(self.size, alive, self._waiting, self._replaced, ready)

    async def read_ecg(self, path: Path) -> EcgRecording:
        """Read one ECG file of ours (quarantined). Raises Refused, ReaderBusy, ReaderUnavailable."""
        blob = await self._read("ecg", path)
        try:
            return EcgRecording.from_blob(blob)
        except BadBlob:
            raise Refused(RefusalCode.UNREADABLE) from None

    async def read_ecg_blob(self, path: Path) -> tuple[EcgRecording, bytes]:
        """`read_ecg`, with the encoded normal form for storage."""
        blob = await self._read("ecg", path)
        try:
            return EcgRecording.from_blob(blob), blob
        except BadBlob:
            raise Refused(RefusalCode.UNREADABLE) from None

    async def read_dicom_summary(self, path: Path) -> DicomSummary:
        """What a DICOM file says it is. Raises Refused, ReaderBusy, ReaderUnavailable."""
        answer = await self._read("dicom_summary", path)
        try:
            fields = json.loads(answer)
            return DicomSummary(**{str(name): str(value) for name, value in fields.items()})
        except (ValueError, TypeError, AttributeError):
            raise Refused(RefusalCode.UNREADABLE) from None

    async def _read(self, kind: str, path: Path) -> bytes:
        try:
            answer = await self._ask(kind, path)
        except _Stale:
            answer = await self._ask(kind, path, fresh=True)
        if answer[:1] == b"V":
            return answer[1:]
        raise _refusal(answer)

    async def _ask(self, kind: str, path: Path, *, fresh: bool = False) -> bytes:
        async with self._worker(fresh=fresh) as worker:
            used = worker.served > 0
            try:
                async with asyncio.timeout(self._wall_seconds):
                    answer = await worker.ask(kind, path)
            except (TimeoutError, EOFError, ConnectionError) as error:
                self._retire(worker)
                if self._closed:
                    raise ReaderUnavailable("the reader pool is closed") from None
                if used and not isinstance(error, TimeoutError):
                    raise _Stale from None
                # Too slow, or killed by a limit: the file did that, so the file is refused.
                raise Refused(RefusalCode.TOO_COMPLEX) from None
            except BaseException:
                self._retire(worker)
                raise
            if answer.startswith(b"R") and RefusalCode.TOO_COMPLEX.value.encode() in answer:
                self._retire(worker)  # its memory is in an unknown state
            return answer

    @contextlib.asynccontextmanager
    async def _worker(self, *, fresh: bool = False) -> AsyncIterator[_Worker]:
        """A worker of one's own, `fresh` if it must never have read a file; given back unless it was retired."""
        if self._closed:
            raise ReaderUnavailable("the reader pool is closed")
        if self._waiting >= self._max_waiting:
            raise ReaderBusy("too many files wait to be read")
        self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1
        try:
            worker = await (self._start_one() if fresh else self._take())
            self._busy.add(worker)
            try:
                yield worker
            finally:
                if worker in self._busy:
                    self._busy.discard(worker)
                    self._idle.append(worker)
        finally:
            self._slots.release()

    async def _take(self) -> _Worker:
        """An idle worker that lives and is not worn out, else a new one."""
        while self._idle:
            worker = self._idle.pop()
            if worker.process.returncode is None and worker.served < REQUESTS_PER_WORKER:
                return worker
            self._retire(worker)
        return await self._start_one()

    async def _start_one(self) -> _Worker:
        if self._closed:
            raise ReaderUnavailable("the reader pool is closed")
        return await _Worker.start(self._program, self._memory)

    def _retire(self, worker: _Worker) -> None:
        """Kill a worker without waiting for it; the next caller starts another."""
        self._busy.discard(worker)
        self._replaced += 1
        task = asyncio.create_task(worker.kill(), name="reader-kill")
        self._killing.add(task)
        task.add_done_callback(self._killing.discard)


def _refusal(answer: bytes) -> Exception:
    if answer[:1] == b"E":
        return FileNotFoundError("the file to read is gone")
    try:
        told = json.loads(answer[1:])
        return Refused(str(told["code"]), str(told["what"]))
    except (ValueError, TypeError, KeyError):
        return Refused(RefusalCode.UNREADABLE)
