"""The append-only log of everything that earns credit: an RFC 6962 Merkle tree with signed checkpoints.

`append` returns an entry's index only once the entry and a signed checkpoint that covers it are durable. Appends
that arrive together are committed together (two syncs for all). Appending the very same bytes again returns the
index they have. One process writes (a lock file says so); any number may read.

Entries hold no personal data: digests and opaque ids only, so that an erasure never has to touch the log.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from datetime import datetime

from storage.disk import Disk
from storage.ledger_files import (
    MAX_ENTRY,
    TILE,
    LedgerBusy,
    LedgerDamaged,
    LedgerFiles,
)
from storage.notes import Checkpoint, Verifier

__all__ = ["MAX_ENTRY", "Ledger", "LedgerBusy", "LedgerDamaged"]

BATCH_ENTRIES = 1024
BATCH_BYTES = 8 << 20
CACHED_BUNDLES = 8


class Ledger:
    """A ledger in a folder of a disk; made by `Ledger.open` (writer) or `Ledger.open_reader`."""

    def __init__(self, files: LedgerFiles) -> None:
        self._files = files
        self._waiting: list[tuple[bytes, asyncio.Future[int]]] = []
        self._committer: asyncio.Task[None] | None = None
        self._cache: dict[int, list[tuple[bytes, bytes]]] = {}
        self._cache_lock = threading.Lock()

    @classmethod
    async def open(
        cls, disk: Disk, *, origin: str, clock: Callable[[], datetime], folder: str = "ledger"
    ) -> Ledger:
        """Open for writing; made on first use, with a new key. `origin` names the log and its key.

        Raises LedgerBusy (another writer), LedgerDamaged (something acknowledged is gone), DiskFailure.
        """
        files = LedgerFiles(disk, folder, origin)
        await asyncio.to_thread(files.open_writer, clock)
        return cls(files)

    @classmethod
    def open_reader(cls, disk: Disk, *, origin: str, folder: str = "ledger") -> Ledger:
        """Open for reading what is committed now (blocking). Raises LedgerDamaged, FileNotFoundError."""
        files = LedgerFiles(disk, folder, origin)
        files.open_reader()
        return cls(files)

    async def close(self) -> None:
        """Finish the appends under way, close the files, release the writer's lock."""
        if self._committer is not None:
            await asyncio.wait([self._committer])
        await asyncio.to_thread(self._files.close)

    # Appending.

    async def append(self, entry: bytes) -> int:
        """Append an entry (1 byte to 1 MiB); its index, once it is durable.

        Raises ValueError for a bad size and DiskFailure when the disk fails; then nothing was acknowledged and the
        same call may be repeated. A cancelled call may still append.
        """
        if not 0 < len(entry) <= MAX_ENTRY:
            raise ValueError(f"an entry has 1 to {MAX_ENTRY} bytes")
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((bytes(entry), done))
        if self._committer is None or self._committer.done():
            self._committer = asyncio.create_task(self._commit_waiting(), name="ledger-commit")
        return await done

    async def _commit_waiting(self) -> None:
        while self._waiting:
            batch, size = 0, 0
            for entry, _ in self._waiting[:BATCH_ENTRIES]:
                if batch and size + len(entry) > BATCH_BYTES:
                    break
                batch, size = batch + 1, size + len(entry)
            taken, self._waiting = self._waiting[:batch], self._waiting[batch:]
            try:
                entries = [entry for entry, _ in taken]
                indices = await asyncio.to_thread(self._files.append, entries)
            except Exception as error:
                for _, done in taken:
                    if not done.done():
                        done.set_exception(error)
                continue
            for (_, done), index in zip(taken, indices, strict=True):
                if not done.done():
                    done.set_result(index)

    # Reading. Everything here speaks of what the last checkpoint covers.

    @property
    def origin(self) -> str:
        """The log's name."""
        return self._files.origin

    @property
    def verifier(self) -> Verifier:
        """The public key."""
        return self._files.verifier

    @property
    def vkey(self) -> str:
        """The public key as text (`name+id+base64`), to be published and pinned."""
        return self._files.verifier.vkey

    @property
    def size(self) -> int:
        """Number of entries."""
        return self._files.checkpoint.size

    def head(self) -> Checkpoint:
        """The last checkpoint, parsed."""
        return self._files.checkpoint

    def checkpoint(self) -> str:
        """The last checkpoint: a signed note."""
        return self._files.sealed[1]

    def signed_head(self) -> tuple[Checkpoint, str]:
        """The last checkpoint, parsed and as a note: a pair that fits, while appends go on."""
        return self._files.sealed

    def root(self, size: int | None = None) -> bytes:
        """Root (32 bytes) of the first `size` entries."""
        return self._files.tree.root(self._known(size))

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Inclusion proof of an entry in the tree of `size`. Raises IndexError."""
        return self._files.tree.inclusion(index, self._known(size))

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """Proof that the tree of `new` entries only appends to that of `old`. Raises IndexError."""
        return self._files.tree.consistency(old, self._known(new))

    def leaf(self, index: int) -> bytes:
        """Leaf hash of an entry. Raises IndexError."""
        if not 0 <= index < self.size:
            raise IndexError("no such entry")
        return self._files.tree.leaf(index)

    def _known(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise IndexError("the ledger is not that large")
        return size

    def entry(self, index: int) -> bytes:
        """The bytes of an entry, checked against its leaf hash (blocking).

        Raises IndexError, LedgerDamaged.
        """
        leaf = self.leaf(index)
        number, place = divmod(index, TILE)
        with self._cache_lock:
            bundle = self._cache.get(number)
        if bundle is None:
            bundle = [(found, entry) for _, found, entry in self._files.read_bundle(number)]
            if (number + 1) * TILE <= self.size:
                self._keep(number, bundle)
        if place >= len(bundle) or bundle[place][0] != leaf:
            raise LedgerDamaged(f"entry {index} is missing or changed")
        return bundle[place][1]

    def _keep(self, number: int, bundle: list[tuple[bytes, bytes]]) -> None:
        with self._cache_lock:
            self._cache[number] = bundle
            while len(self._cache) > CACHED_BUNDLES:
                del self._cache[next(iter(self._cache))]

    async def entries(self, indices: Iterable[int]) -> list[bytes]:
        """The bytes of several entries, read in a thread."""
        wanted = list(indices)
        return await asyncio.to_thread(lambda: [self.entry(index) for index in wanted])

    def index_of(self, entry_leaf: bytes) -> int | None:
        """Index of the entry with a leaf hash, None when it is not in the log."""
        index = self._files.by_leaf.get(entry_leaf)
        return index if index is not None and index < self.size else None

    def sign(self, text: str) -> str:
        """Sign a note that is not a checkpoint with the ledger's key; a reader may too, if it may read the key.

        Raises DiskFailure when it may not, ValueError if the text could be taken for a checkpoint.
        """
        return self._files.sign(text)
