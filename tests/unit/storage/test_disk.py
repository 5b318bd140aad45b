"""Disk and blobs: durable writes, limits, cancellation, nothing left behind."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.blobs import BlobCorrupt, BlobMissing, BlobRef, BlobStore
from storage.disk import STAGING, Disk, DiskFailure, DiskFull, TooLarge
from storage.disk_calls import RealCalls


class FailingCalls(RealCalls):
    """Fails one kind of call with an error."""

    def __init__(self, kind: str, code: int) -> None:
        self.kind, self.code = kind, code

    def _fail(self, kind: str) -> None:
        if kind == self.kind:
            raise OSError(self.code, "injected", "/secret/path")

    def write(self, fd: int, data: memoryview) -> int:
        self._fail("write")
        return super().write(fd, data)

    def sync(self, fd: int) -> None:
        self._fail("sync")
        super().sync(fd)

    def sync_folder(self, path: str) -> None:
        self._fail("sync_folder")
        super().sync_folder(path)


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "data")


def left_over(disk: Disk) -> list[str]:
    return [name for name in disk.names(STAGING) if not name.endswith(".lock")]


def test_write_read_delete(disk: Disk) -> None:
    disk.write("a/b/c.txt", b"one")
    assert disk.read("a/b/c.txt") == b"one"
    disk.write("a/b/c.txt", b"twenty")
    assert disk.read("a/b/c.txt", 2, 3) == b"ent"
    assert disk.size("a/b/c.txt") == 6
    assert disk.names("a/b") == ["c.txt"]
    assert stat.S_IMODE(disk.path("a/b/c.txt").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        disk.write("a/b/c.txt", b"three", exclusive=True)
    assert disk.read("a/b/c.txt") == b"twenty"
    assert disk.delete("a/b/c.txt")
    assert not disk.delete("a/b/c.txt")
    with pytest.raises(FileNotFoundError):
        disk.read("a/b/c.txt")
    assert left_over(disk) == []


@pytest.mark.parametrize("name", ["../x", "/x", "a/../x", "a//b", "", ".", "a/\0"])
def test_names_never_leave_the_root(disk: Disk, name: str) -> None:
    with pytest.raises(ValueError, match="relative"):
        disk.path(name)


@pytest.mark.parametrize("kind", ["write", "sync", "sync_folder"])
@pytest.mark.parametrize(("code", "error"), [(errno.EIO, DiskFailure), (errno.ENOSPC, DiskFull)])
def test_a_failing_disk_acknowledges_nothing(
    tmp_path: Path, kind: str, code: int, error: type[OSError]
) -> None:
    Disk(tmp_path).ensure_folder("a")
    calls = FailingCalls("", code)
    disk = Disk(tmp_path, calls)
    disk.ensure_folder("a")
    disk.ensure_folder(STAGING)
    calls.kind = kind
    with pytest.raises(error) as caught:
        disk.write("a/file", b"data")
    assert "secret" not in str(caught.value)
    assert left_over(disk) == []
    calls.kind = ""
    if kind == "sync_folder":
        assert disk.doubtful
        with pytest.raises(DiskFailure):
            disk.write("a/other", b"data")
    else:
        disk.write("a/file", b"data")


def test_a_broken_appender_stays_broken(tmp_path: Path) -> None:
    calls = FailingCalls("", errno.EIO)
    appender = Disk(tmp_path, calls).appender("log")
    appender.append(b"one")
    calls.kind = "write"
    with pytest.raises(DiskFailure):
        appender.append(b"two")
    calls.kind = ""
    appender.append(b"three")
    calls.kind = "sync"
    with pytest.raises(DiskFailure):
        appender.append(b"four")
    calls.kind = ""
    with pytest.raises(DiskFailure):
        appender.append(b"five")
    assert (tmp_path / "log").read_bytes().startswith(b"onethree")


def test_clean_spares_living_processes(tmp_path: Path) -> None:
    living, dead = Disk(tmp_path), Disk(tmp_path)
    kept, lost = living.stream(), dead.stream()
    for writer in (kept, lost):
        writer.write(b"half")
    assert dead._instance_lock is not None
    os.close(dead._instance_lock)  # as the kernel does when a process dies
    assert Disk(tmp_path).clean() == 1
    staged = kept.finish()
    living.place(staged, "whole")
    assert living.read("whole") == b"half"
    living.close()
    assert living.names(STAGING) == []
    os.close(lost._fd or -1)


async def pieces(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def test_blobs(disk: Disk) -> None:
    store = BlobStore(disk)
    ref = await store.put_stream(pieces(b"he", b"", b"llo"), limit=5)
    assert ref == BlobRef(hashlib.sha256(b"hello").hexdigest(), 5)
    assert await store.put_bytes(b"hello") == ref
    digest = ref.sha256
    assert store.path_for(ref) == disk.root / "blobs" / digest[:2] / digest[2:4] / digest
    assert await store.read(digest) == b"hello"
    assert await store.size(digest) == 5
    assert [piece async for piece in store.stream(digest, 1, 3)] == [b"ell"]
    assert list(store.digests()) == [digest]
    assert list(store.fsck()) == []
    store.path_for(ref).write_bytes(b"jello")
    with pytest.raises(BlobCorrupt):
        await store.read(digest)
    assert [problem.kind for problem in store.fsck()] == ["corrupt"]
    assert await store.delete(digest)
    assert not await store.exists(digest)
    with pytest.raises(BlobMissing):
        await store.read(digest)
    with pytest.raises(ValueError, match="digest"):
        store.path_for("../../etc/passwd")


async def test_quarantine_leaves_nothing(disk: Disk) -> None:
    store = BlobStore(disk)
    held = await store.quarantine(pieces(b"bad"), limit=10)
    assert held.path.read_bytes() == b"bad"
    assert not await store.exists(held.ref.sha256)
    await store.discard(held)
    await store.discard(held)
    held = await store.quarantine(pieces(b"good"), limit=10)
    ref = await store.promote(held)
    await store.discard(held)
    assert await store.read(ref.sha256) == b"good"
    with pytest.raises(TooLarge):
        await store.quarantine(pieces(b"12345", b"678901"), limit=10)

    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await store.quarantine(broken(), limit=10)
    assert left_over(disk) == []


async def test_cancellation_leaves_nothing(disk: Disk) -> None:
    store = BlobStore(disk)
    reached = asyncio.Event()

    async def stalls() -> AsyncIterator[bytes]:
        yield b"half"
        reached.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(store.put_stream(stalls(), limit=100))
    await reached.wait()
    assert len(left_over(disk)) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert left_over(disk) == []
    assert list(store.digests()) == []
