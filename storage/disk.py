"""The only module that writes files.

A durable write is: temporary file, write, fsync, rename, fsync of the folder. Nothing is acknowledged (no method
returns) before its last sync succeeded. A failed sync is never tried again as if it had worked: the kernel may
have dropped the dirty pages and marked them clean, so the file is thrown away, an appender stays broken, and a
folder whose sync failed takes no more writes until the next start.

All calls block; asynchronous callers use the `a…` wrappers or `asyncio.to_thread`. The system calls are injected
(`Calls`), so that a lossy twin can drop, tear and reorder what was not synced, and fail the n-th call.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import itertools
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from storage.disk_calls import Calls, RealCalls

STAGING = "staging"
"""Folder, below the root, of files being written; untrusted uploads wait here until they are accepted."""


class DiskFailure(OSError):
    """The disk refused or lost a write; nothing of it was acknowledged."""


class DiskFull(DiskFailure):
    """No space or quota left."""


class TooLarge(Exception):
    """A stream went past its limit. `limit` is in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} bytes")
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Staged:
    """A complete file in the staging folder, not yet placed. `sha256` is lower-case hex, `size` in bytes."""

    name: str
    sha256: str
    size: int


@contextmanager
def typed() -> Iterator[None]:
    """Turn an operating system error into DiskFull or DiskFailure, without the path that it names."""
    try:
        yield
    except (DiskFailure, FileNotFoundError, FileExistsError):
        raise
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        kind = DiskFull if full else DiskFailure
        raise kind(error.errno, os.strerror(error.errno or errno.EIO)) from error


class Disk:
    """Durable files below one root folder. Names are relative, with `/`. Thread-safe."""

    def __init__(self, root: Path | str, calls: Calls | None = None) -> None:
        self.root = Path(root)
        self.calls: Calls = calls or RealCalls()
        self._guard = threading.RLock()
        self._durable: set[str] = set()
        self._doubtful: set[str] = set()
        self._serial = itertools.count()
        self._instance = ""
        self._instance_lock: int | None = None

    def path(self, name: str) -> Path:
        """Absolute path of a relative name. Raises ValueError for a name that would leave the root."""
        if any(part in ("", ".", "..") or "\0" in part for part in name.split("/")):
            raise ValueError("not a relative file name")
        return self.root / name

    def _at(self, name: str) -> str:
        return str(self.path(name)) if name else str(self.root)

    @property
    def doubtful(self) -> bool:
        """True after a failed folder sync: not ready until the next start."""
        return bool(self._doubtful)

    # Folders.

    def ensure_folder(self, folder: str) -> None:
        """Make a folder and its parents, durably. Free of charge once this process has checked it."""
        with self._guard:
            if folder in self._durable:
                return
            if folder:
                self.ensure_folder(folder.rpartition("/")[0])
            with typed(), suppress(FileExistsError):
                if self.calls.size(self._at(folder)) is None:
                    self.calls.make_folder(self._at(folder))
            if folder:
                # Also when it was there: an earlier process may have died between making and syncing it.
                self.sync_folder(folder.rpartition("/")[0])
            self._durable.add(folder)

    def sync_folder(self, folder: str) -> None:
        """Make the names in a folder durable. After one failure the folder is refused until the next start."""
        if folder in self._doubtful:
            raise DiskFailure(errno.EIO, "a sync of this folder failed before")
        with typed():
            try:
                self.calls.sync_folder(self._at(folder))
            except OSError:
                self._doubtful.add(folder)
                raise

    # Staging.

    def _stage_name(self) -> str:
        with self._guard:
            if self._instance_lock is None:
                self.ensure_folder(STAGING)
                while self._instance_lock is None:  # None only if a cleaner was quicker
                    self._instance = secrets.token_hex(8)
                    with typed():
                        lock_file = self._at(f"{STAGING}/{self._instance}.lock")
                        self._instance_lock = self.calls.lock(lock_file)
            return f"{STAGING}/{self._instance}.{next(self._serial)}"

    def clean(self) -> int:
        """Remove staged files whose process is gone; the number removed. Call once at start."""
        removed = 0
        names = self.calls.names(self._at(STAGING))
        for instance in sorted({name.partition(".")[0] for name in names} - {self._instance}):
            lock_name = f"{STAGING}/{instance}.lock"
            with typed():
                held = self.calls.lock(self._at(lock_name))
            if held is None:
                continue
            for name in names:
                if name.partition(".")[0] == instance and not name.endswith(".lock"):
                    self.delete(f"{STAGING}/{name}", durable=False)
                    removed += 1
            self.delete(lock_name, durable=False)
            self.calls.close(held)
        return removed

    def close(self) -> None:
        """Give up the staging area of this process; whatever is still staged is removed at the next start."""
        with self._guard:
            if self._instance_lock is not None:
                self.calls.close(self._instance_lock)
                self.delete(f"{STAGING}/{self._instance}.lock", durable=False)
                self._instance_lock = None

    def stream(self, *, limit: int | None = None, mode: int = 0o600) -> StreamWriter:
        """A file to be written piece by piece into the staging folder."""
        return StreamWriter(self, self._stage_name(), limit, mode)

    def place(self, staged: Staged, name: str, *, exclusive: bool = False) -> None:
        """Give a finished staged file its durable name.

        `exclusive` raises FileExistsError (and leaves it staged) when the name is taken.
        """
        folder = name.rpartition("/")[0]
        self.ensure_folder(folder)
        if folder in self._doubtful:
            raise DiskFailure(errno.EIO, "a sync of this folder failed before")
        with typed():
            if exclusive:
                self.calls.link(self._at(staged.name), self._at(name))
                self.calls.unlink(self._at(staged.name))
            else:
                self.calls.rename(self._at(staged.name), self._at(name))
        self.sync_folder(folder)

    def drop(self, staged: Staged) -> None:
        """Remove a staged file; harmless when it is gone."""
        self.delete(staged.name, durable=False)

    # Whole files.

    def write(self, name: str, data: bytes, *, exclusive: bool = False, mode: int = 0o600) -> None:
        """Write a whole file atomically and durably; `exclusive` raises FileExistsError if it exists."""
        with self.stream(mode=mode) as writer:
            writer.write(data)
            self.place(writer.finish(), name, exclusive=exclusive)

    def read(self, name: str, offset: int = 0, count: int = -1) -> bytes:
        """Bytes of a file; count < 0 reads to the end. Raises FileNotFoundError."""
        with typed():
            return self.calls.read(self._at(name), offset, count)

    def size(self, name: str) -> int | None:
        """Size in bytes, None when absent."""
        with typed():
            return self.calls.size(self._at(name))

    def names(self, folder: str) -> list[str]:
        """Sorted names in a folder; none when it is absent."""
        with typed():
            return self.calls.names(self._at(folder))

    def delete(self, name: str, *, durable: bool = True) -> bool:
        """Remove a file; False when it was absent."""
        try:
            with typed():
                self.calls.unlink(self._at(name))
        except FileNotFoundError:
            return False
        if durable:
            self.sync_folder(name.rpartition("/")[0])
        return True

    def appender(self, name: str, *, mode: int = 0o600) -> Appender:
        """Open a file for durable appending; it is made (durably) when absent."""
        return Appender(self, name, mode)

    def lock(self, name: str) -> int | None:
        """Hold the exclusive lock of a file until `unlock`; None when another process holds it."""
        self.ensure_folder(name.rpartition("/")[0])
        with typed():
            return self.calls.lock(self._at(name))

    def unlock(self, held: int) -> None:
        """Release a lock."""
        self.calls.close(held)

    async def awrite(self, name: str, data: bytes, *, exclusive: bool = False) -> None:
        """`write` in a thread."""
        await asyncio.to_thread(self.write, name, data, exclusive=exclusive)

    async def aread(self, name: str, offset: int = 0, count: int = -1) -> bytes:
        """`read` in a thread."""
        return await asyncio.to_thread(self.read, name, offset, count)

    async def adelete(self, name: str) -> bool:
        """`delete` in a thread."""
        return await asyncio.to_thread(self.delete, name)


def _write_all(calls: Calls, fd: int, data: bytes | memoryview) -> None:
    rest = memoryview(data).cast("B")
    while rest:
        written = calls.write(fd, rest)
        if written <= 0:
            raise OSError(errno.EIO, "short write")
        rest = rest[written:]


class StreamWriter:
    """A staged file being written, with running SHA-256 and size limit.

    As a context manager it removes the staged file on the way out unless it was placed. `abort` may be called
    from another thread while a write is under way (a cancelled request); it waits for that write.
    """

    def __init__(self, disk: Disk, name: str, limit: int | None, mode: int) -> None:
        self._disk = disk
        self._limit = limit
        self._lock = threading.Lock()
        self._sha = hashlib.sha256()
        self._fd: int | None = None
        self.name = name
        self.size = 0
        with typed():
            self._fd = disk.calls.create(disk._at(name), mode)

    def write(self, data: bytes | memoryview) -> None:
        """Append a piece. Raises TooLarge before writing past the limit, DiskFailure when the disk fails."""
        with self._lock:
            if self._fd is None:
                raise ValueError("the stream is closed")
            if self._limit is not None and self.size + len(data) > self._limit:
                raise TooLarge(self._limit)
            with typed():
                _write_all(self._disk.calls, self._fd, data)
            self._sha.update(data)
            self.size += len(data)

    def finish(self) -> Staged:
        """Sync and close; the file stays staged until `Disk.place` or `Disk.drop`."""
        with self._lock:
            if self._fd is None:
                raise ValueError("the stream is closed")
            fd, self._fd = self._fd, None
            with typed():
                try:
                    self._disk.calls.sync(fd)
                finally:
                    self._disk.calls.close(fd)
            return Staged(self.name, self._sha.hexdigest(), self.size)

    def abort(self) -> None:
        """Close and remove the staged file; harmless after it was placed."""
        with self._lock:
            fd, self._fd = self._fd, None
            if fd is not None:
                with suppress(OSError):
                    self._disk.calls.close(fd)
            with suppress(OSError):
                self._disk.delete(self.name, durable=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.abort()


class Appender:
    """Durable appending to one file. Not thread-safe: one writer.

    A failed write is taken back (truncated) and appending may go on; after a failed sync the appender is broken
    for good, because nobody can say what the file holds.
    """

    def __init__(self, disk: Disk, name: str, mode: int) -> None:
        self._disk = disk
        folder = name.rpartition("/")[0]
        disk.ensure_folder(folder)
        with typed():
            self._fd: int | None = disk.calls.open_append(disk._at(name), mode)
        try:
            disk.sync_folder(folder)
            self.size = disk.size(name) or 0
        except BaseException:
            self.close()
            raise

    def append(self, data: bytes) -> None:
        """Return only when the bytes are durable; else raise DiskFailure and acknowledge nothing."""
        with typed():
            try:
                _write_all(self._disk.calls, self._open(), data)
            except OSError:
                self._take_back()
                raise
            self._sync()
        self.size += len(data)

    def truncate(self, size: int) -> None:
        """Durably shorten the file to `size` bytes."""
        with typed():
            try:
                self._disk.calls.truncate(self._open(), size)
            except OSError:
                self.close()
                raise
            self._sync()
        self.size = size

    def _open(self) -> int:
        if self._fd is None:
            raise DiskFailure(errno.EIO, "the file is closed after an earlier failure")
        return self._fd

    def _sync(self) -> None:
        try:
            self._disk.calls.sync(self._open())
        except OSError:
            self.close()
            raise

    def _take_back(self) -> None:
        try:
            self._disk.calls.truncate(self._open(), self.size)
        except OSError:
            self.close()

    def close(self) -> None:
        """Close the file; further appends raise."""
        fd, self._fd = self._fd, None
        if fd is not None:
            with suppress(OSError):
                self._disk.calls.close(fd)
