"""Messages that must not be lost: each is one file, written and synced before it counts, removed
when delivered. Without a folder the same queue lives in memory."""

import asyncio
import logging
import os
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from signaling.journal import sync_folder

log = logging.getLogger(__name__)

_SUFFIX = ".json"


class Spool:
    """First in, first out. Disk work happens in one thread of its own, so order holds and the
    event loop never waits for the disk."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._new: deque[bytes] = deque()
        self._ready: deque[tuple[str, bytes]] = deque()
        self._number = 0
        self._put = self._kept = 0
        self._wake = asyncio.Event()
        self._stored = asyncio.Event()
        self._empty = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Read what an earlier process left, and begin."""
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            for path in sorted(self._folder.glob("*" + _SUFFIX)):
                self._number = max(self._number, _number(path))
                self._ready.append((path.name, path.read_bytes()))
            for path in self._folder.glob("*.tmp"):
                path.unlink(missing_ok=True)
        self._writer = asyncio.create_task(self._write())

    def put(self, body: bytes) -> None:
        """Queue a message; it is durable a moment later (`flush` waits for that)."""
        self._new.append(body)
        self._put += 1
        self._wake.set()

    async def flush(self) -> None:
        """Wait until everything put so far is durable."""
        until = self._put
        while self._kept < until:
            self._stored.clear()
            await self._stored.wait()

    async def run(self, work: Callable[[], None]) -> None:
        """Disk work of others in this thread, behind what was put in it before."""
        await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def __len__(self) -> int:
        return len(self._ready) + len(self._new)

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._new:
                batch = []
                for body in list(self._new):
                    self._number += 1
                    batch.append((f"{self._number:016d}{_SUFFIX}", body))
                await loop.run_in_executor(self._thread, self._store, batch)
                for item in batch:
                    self._new.popleft()
                    self._ready.append(item)
                self._kept += len(batch)
                self._stored.set()

    def _store(self, batch: list[tuple[str, bytes]]) -> None:
        """Temporary file, write, fsync, rename; then the folder is synced once for the batch."""
        folder = self._folder
        if folder is None:
            return
        try:
            for name, body in batch:
                temporary = folder / (name + ".tmp")
                with temporary.open("wb") as file:
                    file.write(body)
                    file.flush()
                    os.fsync(file.fileno())
                temporary.rename(folder / name)
            sync_folder(folder)
        except OSError as exc:
            # A full disk must not end calls; what is in memory is still delivered.
            log.error("the spool cannot be written: %s", exc.strerror)

    async def first(self) -> tuple[str, bytes]:
        """The oldest stored message; waits for one. It stays until `done`."""
        while not self._ready:
            self._stored.clear()
            await self._stored.wait()
        return self._ready[0]

    async def done(self, name: str) -> None:
        """The oldest message was delivered: forget it."""
        await self._leave(name, keep=False)

    async def aside(self, name: str) -> None:
        """The oldest message will never be taken: keep it in `refused/`, out of the others' way."""
        await self._leave(name, keep=True)

    async def _leave(self, name: str, *, keep: bool) -> None:
        if self._ready and self._ready[0][0] == name:
            self._ready.popleft()
        if self._folder is not None:
            loop = asyncio.get_running_loop()
            act = self._put_aside if keep else self._remove
            await loop.run_in_executor(self._thread, act, self._folder / name)
        if not len(self):
            self._empty.set()

    @staticmethod
    def _remove(path: Path) -> None:
        path.unlink(missing_ok=True)

    @staticmethod
    def _put_aside(path: Path) -> None:
        refused = path.parent / "refused"
        try:
            refused.mkdir(exist_ok=True)
            # Numbers start again once the spool is empty; the time keeps names apart.
            path.rename(refused / f"{time.time_ns()}-{path.name}")
            sync_folder(refused)
        except OSError as exc:
            log.error("a refused message cannot be set aside: %s", exc.strerror)

    async def drained(self) -> None:
        """Wait until everything was delivered."""
        while len(self):
            self._empty.clear()
            await self._empty.wait()

    async def stop(self) -> None:
        """Store what is still in memory, then end."""
        while self._new:
            self._stored.clear()
            self._wake.set()
            await self._stored.wait()
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)
        self._thread.shutdown()


def _number(path: Path) -> int:
    stem = path.name.removesuffix(_SUFFIX)
    return int(stem) if stem.isdigit() else 0
