"""A disk that loses power: the lossy twin of `storage.disk_calls.RealCalls`, in memory.

What was not synced may be gone, torn or out of order after a crash: any subset of a file's unsynced writes is kept
(the last one perhaps in part, a lost one in the middle reads as zeros), and of each folder's unsynced changes a
prefix, independently of the other folders' (a rename between two folders is one change). `fail_at` makes the n-th
call that changes something raise an error instead; `crash_at` ends the machine there.
"""

from __future__ import annotations

import errno
import random
from dataclasses import dataclass, field


class PowerLoss(BaseException):
    """The machine stops here. Not an Exception: nothing may handle it and carry on."""


@dataclass
class Inode:
    """A file: what the disk holds, and the writes since the last sync as (offset, data or None for truncate)."""

    durable: bytes = b""
    current: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)


Names = dict[str, Inode | None]  # None is a folder


@dataclass
class Change:
    """One change of names: path → file, folder (None) or gone."""

    folders: frozenset[str]
    sets: Names
    removes: tuple[str, ...]


def parent(path: str) -> str:
    return path.rpartition("/")[0]


class LossyCalls:
    """`Calls` on an imaginary disk."""

    def __init__(self) -> None:
        self.durable: Names = {}
        self.current: Names = {}
        self.changes: list[Change] = []
        self.open: dict[int, Inode] = {}
        self.locked: dict[int, str] = {}
        self.calls = 0
        self.crash_at = -1
        self.fail_at: dict[int, int] = {}
        self.short_at: set[int] = set()
        self.dead = False
        self._next = 3

    # The machine.

    def _step(self) -> int:
        if self.dead:
            raise PowerLoss
        number, self.calls = self.calls, self.calls + 1
        if number == self.crash_at:
            self.dead = True
            raise PowerLoss
        if number in self.fail_at:
            raise OSError(self.fail_at[number], "injected")
        return number

    def after_crash(self, choice: random.Random) -> LossyCalls:
        """The disk as it may be found when the power is back."""
        found = LossyCalls()
        kept: list[Change] = []
        blocked: set[str] = set()
        for change in self.changes:
            if change.folders & blocked or choice.random() < 0.3:
                blocked |= change.folders
            else:
                kept.append(change)
        names = dict(self.durable)
        for change in kept:
            _apply(names, change)
        files: dict[int, Inode] = {}
        for path, inode in names.items():
            if any(path.startswith(other + "/") for other in names if names[other] is not None):
                continue
            if parent(path) and parent(path) not in names and parent(path) != "":
                continue  # its folder never became durable
            if inode is None:
                found.current[path] = None
                continue
            data = files.get(id(inode))
            if data is None:
                content = _survivor(inode, choice)
                data = files[id(inode)] = Inode(content, content)
            found.current[path] = data
        found.durable = dict(found.current)
        return found

    # The calls.

    def _change(self, sets: Names, removes: tuple[str, ...] = ()) -> None:
        change = Change(frozenset(parent(path) for path in (*sets, *removes)), sets, removes)
        _apply(self.current, change)
        self.changes.append(change)

    def _file(self, path: str) -> Inode:
        inode = self.current.get(path)
        if inode is None:
            raise FileNotFoundError(errno.ENOENT, "absent", path)
        return inode

    def _handle(self, inode: Inode) -> int:
        self._next += 1
        self.open[self._next] = inode
        return self._next

    def create(self, path: str, mode: int) -> int:
        self._step()
        if path in self.current:
            raise FileExistsError(errno.EEXIST, "exists", path)
        if parent(path) not in self.current:
            raise FileNotFoundError(errno.ENOENT, "no folder", path)
        inode = Inode()
        self._change({path: inode})
        return self._handle(inode)

    def open_append(self, path: str, mode: int) -> int:
        if path not in self.current:
            return self.create(path, mode)
        self._step()
        return self._handle(self._file(path))

    def write(self, fd: int, data: memoryview) -> int:
        inode = self.open[fd]
        number = self.calls
        piece = bytes(data)
        try:
            self._step()
        except OSError:
            # A failing write may still have written a part.
            half = piece[: len(piece) // 2]
            inode.pending.append((len(inode.current), half))
            inode.current += half
            raise
        except PowerLoss:
            inode.pending.append((len(inode.current), piece))
            raise
        if number in self.short_at:
            piece = piece[: max(1, len(piece) // 2)]
        inode.pending.append((len(inode.current), piece))
        inode.current += piece
        return len(piece)

    def truncate(self, fd: int, size: int) -> None:
        self._step()
        inode = self.open[fd]
        inode.pending.append((size, None))
        inode.current = inode.current[:size].ljust(size, b"\0")

    def sync(self, fd: int) -> None:
        inode = self.open[fd]
        try:
            self._step()
        except OSError:
            # As Linux does it: the pages are clean now, still readable, and not on the disk.
            inode.pending.clear()
            raise
        inode.durable = inode.current
        inode.pending.clear()

    def close(self, fd: int) -> None:
        self.open.pop(fd, None)
        self.locked.pop(fd, None)

    def rename(self, source: str, target: str) -> None:
        self._step()
        self._change({target: self._file(source)}, (source,))

    def link(self, source: str, target: str) -> None:
        self._step()
        if target in self.current:
            raise FileExistsError(errno.EEXIST, "exists", target)
        self._change({target: self._file(source)})

    def unlink(self, path: str) -> None:
        self._step()
        self._file(path)
        self._change({}, (path,))

    def make_folder(self, path: str) -> None:
        self._step()
        if path in self.current:
            raise FileExistsError(errno.EEXIST, "exists", path)
        self._change({path: None})

    def sync_folder(self, path: str) -> None:
        self._step()
        # A change of two folders (a rename) is on the disk as soon as one of them is; what it builds on too.
        last = max((n for n, c in enumerate(self.changes) if path in c.folders), default=-1)
        wanted = {path}
        for number in range(last, -1, -1):
            change = self.changes[number]
            if change.folders & wanted:
                wanted |= change.folders
        for change in [c for c in self.changes[: last + 1] if c.folders & wanted]:
            _apply(self.durable, change)
            self.changes.remove(change)

    def read(self, path: str, offset: int, count: int) -> bytes:
        data = self._file(path).current[offset:]
        return data if count < 0 else data[:count]

    def size(self, path: str) -> int | None:
        if path not in self.current:
            return None
        inode = self.current[path]
        return 4096 if inode is None else len(inode.current)

    def names(self, path: str) -> list[str]:
        return sorted(name.rpartition("/")[2] for name in self.current if parent(name) == path)

    def lock(self, path: str) -> int | None:
        if path in self.locked.values():
            return None
        if path not in self.current:
            self._change({path: Inode()})
        fd = self._handle(self._file(path))
        self.locked[fd] = path
        return fd


def _apply(names: Names, change: Change) -> None:
    for path in change.removes:
        names.pop(path, None)
    names.update(change.sets)


def _survivor(inode: Inode, choice: random.Random) -> bytes:
    """What a file may hold after the crash."""
    data = inode.durable
    for offset, piece in inode.pending:
        fate = choice.random()
        if piece is None:
            if fate < 0.5:
                data = data[:offset].ljust(offset, b"\0")
        elif fate < 0.4:
            data = _put(data, offset, piece)
        elif fate < 0.7:
            data = _put(data, offset, piece[: choice.randrange(len(piece) + 1)])
        elif fate < 0.8:  # the size was written, the data was not
            data = _put(data, offset, bytes(len(piece)))
    return data


def _put(data: bytes, offset: int, piece: bytes) -> bytes:
    data = data.ljust(offset, b"\0")
    return data[:offset] + piece + data[offset + len(piece) :]
