"""Content-addressed objects: `blobs/aa/bb/<sha256>`, written once, never changed.

Untrusted bytes are first put into quarantine (the staging area of the disk: a file of this process, removed at
the next start if nobody accepted it). `promote` gives an accepted file its durable name, `discard` removes it.
A name on disk is always our own digest, never anything that a peer chose.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

from storage.disk import Disk, Staged, StreamWriter

PIECE = 256 * 1024
"""Bytes read from disk at a time when streaming."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


class BlobMissing(LookupError):
    """No blob has this digest."""


class BlobCorrupt(RuntimeError):
    """The stored bytes no longer have the digest that names them."""


@dataclass(frozen=True, slots=True)
class BlobRef:
    """What a blob is called: its SHA-256 (lower-case hex) and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A complete, durable-on-promotion file that nobody has accepted yet. `path` is for a guarded reader."""

    ref: BlobRef
    path: Path
    staged: Staged


@dataclass(frozen=True, slots=True)
class BlobProblem:
    """What `fsck` found wrong with one stored file; `kind` is corrupt, misplaced or foreign."""

    name: str
    kind: str


class BlobStore:
    """The store below one folder of a disk."""

    def __init__(self, disk: Disk, folder: str = "blobs") -> None:
        self.disk = disk
        self.folder = folder

    def _name(self, sha256: str) -> str:
        if not _DIGEST.fullmatch(sha256):
            raise ValueError("not a lower-case SHA-256 digest")
        return f"{self.folder}/{sha256[:2]}/{sha256[2:4]}/{sha256}"

    def path_for(self, ref: BlobRef | str) -> Path:
        """Where a blob lies, whether or not it exists (for sendfile and for readers)."""
        return self.disk.path(self._name(ref if isinstance(ref, str) else ref.sha256))

    # Writing.

    async def quarantine(self, chunks: AsyncIterator[bytes], *, limit: int) -> Quarantined:
        """Receive a stream into quarantine.

        Raises `storage.disk.TooLarge` past `limit` bytes and DiskFailure; then, and when the caller is cancelled
        or the stream itself raises, nothing is left behind.
        """
        writer = await asyncio.to_thread(self.disk.stream, limit=limit)
        try:
            async for chunk in chunks:
                await asyncio.to_thread(writer.write, chunk)
            staged = await asyncio.to_thread(writer.finish)
        except BaseException:
            await _abort(writer)
            raise
        ref = BlobRef(staged.sha256, staged.size)
        return Quarantined(ref, self.disk.path(staged.name), staged)

    async def promote(self, held: Quarantined) -> BlobRef:
        """Accept a quarantined file: durable under its digest when this returns. Twice the same is one blob."""
        name = self._name(held.ref.sha256)
        await asyncio.to_thread(self.disk.place, held.staged, name)
        return held.ref

    async def discard(self, held: Quarantined) -> None:
        """Refuse a quarantined file: it is removed. Harmless after promotion or twice."""
        await asyncio.to_thread(self.disk.drop, held.staged)

    async def put_stream(self, chunks: AsyncIterator[bytes], *, limit: int) -> BlobRef:
        """Store a trusted stream durably: quarantine and promote in one."""
        held = await self.quarantine(chunks, limit=limit)
        try:
            return await self.promote(held)
        except BaseException:
            await self.discard(held)
            raise

    async def put_bytes(self, data: bytes) -> BlobRef:
        """Store bytes durably."""
        ref = BlobRef(hashlib.sha256(data).hexdigest(), len(data))
        await asyncio.to_thread(self.disk.write, self._name(ref.sha256), data)
        return ref

    # Reading.

    async def exists(self, sha256: str) -> bool:
        """Whether a blob is stored."""
        return await asyncio.to_thread(self.disk.size, self._name(sha256)) is not None

    async def size(self, sha256: str) -> int:
        """Size in bytes. Raises BlobMissing."""
        size = await asyncio.to_thread(self.disk.size, self._name(sha256))
        if size is None:
            raise BlobMissing(sha256)
        return size

    async def read(self, sha256: str) -> bytes:
        """All bytes, checked against the digest. Raises BlobMissing, BlobCorrupt."""
        return await asyncio.to_thread(self.read_blocking, sha256)

    def read_blocking(self, sha256: str) -> bytes:
        """`read`, for callers that already run in a thread."""
        try:
            data = self.disk.read(self._name(sha256))
        except FileNotFoundError:
            raise BlobMissing(sha256) from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BlobCorrupt(sha256)
        return data

    async def stream(
        self, sha256: str, offset: int = 0, count: int | None = None
    ) -> AsyncIterator[bytes]:
        """The bytes from `offset` (at most `count`), in pieces; not checked against the digest."""
        end = await self.size(sha256)
        if count is not None:
            end = min(end, offset + count)
        while offset < end:
            wanted = min(PIECE, end - offset)
            piece = await self.disk.aread(self._name(sha256), offset, wanted)
            if not piece:
                raise BlobCorrupt(sha256)
            offset += len(piece)
            yield piece

    async def delete(self, sha256: str) -> bool:
        """Remove a blob durably; False when it was absent. The caller knows that nothing refers to it."""
        return await self.disk.adelete(self._name(sha256))

    # Checking.

    def digests(self) -> Iterator[str]:
        """Every stored digest, sorted."""
        for name in self._files():
            last = name.rpartition("/")[2]
            if _DIGEST.fullmatch(last):
                yield last

    def _files(self) -> Iterator[str]:
        for first in self.disk.names(self.folder):
            for second in self.disk.names(f"{self.folder}/{first}"):
                for last in self.disk.names(f"{self.folder}/{first}/{second}"):
                    yield f"{self.folder}/{first}/{second}/{last}"

    def fsck(self) -> Iterator[BlobProblem]:
        """Read and hash every blob (blocking); yields what is wrong."""
        for name in self._files():
            digest = name.rpartition("/")[2]
            if not _DIGEST.fullmatch(digest):
                yield BlobProblem(name, "foreign")
            elif name != self._name(digest):
                yield BlobProblem(name, "misplaced")
            elif self._hash(name) != digest:
                yield BlobProblem(name, "corrupt")

    def _hash(self, name: str) -> str:
        sha, offset = hashlib.sha256(), 0
        while piece := self.disk.read(name, offset, PIECE):
            sha.update(piece)
            offset += len(piece)
        return sha.hexdigest()


async def _abort(writer: StreamWriter) -> None:
    # In a thread, because it waits for a write that a cancelled caller left running there.
    await asyncio.shield(asyncio.to_thread(writer.abort))
