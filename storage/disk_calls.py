"""The system calls of `storage.disk`, which alone may use them; injected, so that tests can lose writes."""

# ruff: noqa: PTH102, PTH104, PTH108, PTH116, PTH123, PTH208
# (these are the system calls themselves; pathlib would hide which)

from __future__ import annotations

import fcntl
import os
from typing import Protocol


class Calls(Protocol):
    """The system calls that `Disk` makes; paths are absolute, errors are OSError."""

    def create(self, path: str, mode: int) -> int: ...
    def open_append(self, path: str, mode: int) -> int: ...
    def write(self, fd: int, data: memoryview) -> int: ...
    def truncate(self, fd: int, size: int) -> None: ...
    def sync(self, fd: int) -> None: ...
    def close(self, fd: int) -> None: ...
    def rename(self, source: str, target: str) -> None: ...
    def link(self, source: str, target: str) -> None: ...
    def unlink(self, path: str) -> None: ...
    def make_folder(self, path: str) -> None: ...
    def sync_folder(self, path: str) -> None: ...
    def read(self, path: str, offset: int, count: int) -> bytes: ...
    def size(self, path: str) -> int | None: ...
    def names(self, path: str) -> list[str]: ...
    def lock(self, path: str) -> int | None: ...


class RealCalls:
    """`Calls` on the real operating system."""

    def create(self, path: str, mode: int) -> int:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        return os.open(path, flags, mode)

    def open_append(self, path: str, mode: int) -> int:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        return os.open(path, flags, mode)

    def write(self, fd: int, data: memoryview) -> int:
        return os.write(fd, data)

    def truncate(self, fd: int, size: int) -> None:
        os.ftruncate(fd, size)

    def sync(self, fd: int) -> None:
        # fdatasync also writes the size, which is all of the metadata that reading needs.
        os.fdatasync(fd)

    def close(self, fd: int) -> None:
        os.close(fd)

    def rename(self, source: str, target: str) -> None:
        os.rename(source, target)

    def link(self, source: str, target: str) -> None:
        os.link(source, target)

    def unlink(self, path: str) -> None:
        os.unlink(path)

    def make_folder(self, path: str) -> None:
        os.mkdir(path, 0o700)

    def sync_folder(self, path: str) -> None:
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def read(self, path: str, offset: int, count: int) -> bytes:
        """Up to `count` bytes from `offset`; count < 0 reads to the end."""
        with open(path, "rb") as file:
            file.seek(offset)
            return file.read(count)

    def size(self, path: str) -> int | None:
        """Size in bytes of a file or folder, None when it is absent."""
        try:
            return os.stat(path).st_size
        except (FileNotFoundError, NotADirectoryError):
            return None

    def names(self, path: str) -> list[str]:
        """Sorted names in a folder; none when it is absent."""
        try:
            return sorted(os.listdir(path))
        except FileNotFoundError:
            return []

    def lock(self, path: str) -> int | None:
        """Take the exclusive lock of a file (made if absent); None when another process holds it."""
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return None
        except BaseException:
            os.close(fd)
            raise
        # Another process may have removed the file between our open and our lock.
        if self._inode(path) != os.fstat(fd).st_ino:
            os.close(fd)
            return None
        return fd

    def _inode(self, path: str) -> int | None:
        try:
            return os.stat(path).st_ino
        except FileNotFoundError:
            return None
