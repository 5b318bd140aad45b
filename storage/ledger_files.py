"""The ledger's files and their recovery; one blocking writer. `storage.ledger` is the asynchronous face.

Below the ledger's folder:

| file | holds |
|---|---|
| `entries/<N>` | entries 256·N …, as records: `DKE1`, length (u32 big-endian), leaf hash (32), the bytes |
| `checkpoints/<K>` | signed checkpoints, oldest first, as records: length, CRC-32 (u32 each), the note |
| `tile/<L>/<N>` | 256 hashes of level 8·L (C2SP tlog-tiles); derived, made again when missing |
| `key`, `vkey` | the private key (mode 0600) and the public one |
| `lock` | held by the one writer |

N is written as C2SP writes it: 1234067 is `x001/x234/067`.

An append is acknowledged after two syncs: first the entries, then the checkpoint that covers them. So whatever a
checkpoint covers was durable, and must be whole for ever after: if it is not, opening fails (`LedgerDamaged`) and
nothing is "repaired". Whatever follows the last checkpoint was never acknowledged: whole records there are kept,
a torn one is cut off. They are written anew, never just synced again, because a failed sync may have left bytes
in the page cache that the disk does not hold. For the same reason every start begins a new checkpoint file.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from storage.disk import Appender, Disk, DiskFailure
from storage.merkle import Tree, leaf_hash
from storage.notes import Checkpoint, NoteError, Signer, Verifier

TILE = 256
MAX_ENTRY = 1 << 20
"""Largest entry in bytes."""

_MAGIC = b"DKE1"
_HEAD = struct.Struct(">4sI32s")
_NOTE_HEAD = struct.Struct(">II")


class LedgerDamaged(RuntimeError):
    """Something that was acknowledged is missing or changed; never repaired silently."""


class LedgerBusy(RuntimeError):
    """Another process writes this ledger."""


def tile_name(index: int) -> str:
    """C2SP tlog-tiles path of a tile number: 1234067 is `x001/x234/067`."""
    name = f"{index % 1000:03d}"
    while index >= 1000:
        index //= 1000
        name = f"x{index % 1000:03d}/{name}"
    return name


def record(entry: bytes, leaf: bytes) -> bytes:
    """An entry as it is kept in an entries file."""
    return _HEAD.pack(_MAGIC, len(entry), leaf) + entry


def parse_records(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """(offset, leaf hash, entry) of each whole, valid record; stops at the first that is not."""
    offset = 0
    while offset + _HEAD.size <= len(data):
        magic, length, leaf = _HEAD.unpack_from(data, offset)
        start = offset + _HEAD.size
        entry = data[start : start + length]
        if magic != _MAGIC or not 0 < length <= MAX_ENTRY or len(entry) != length:
            return
        if leaf_hash(entry) != leaf:
            return
        yield offset, leaf, entry
        offset = start + length


def parse_notes(data: bytes) -> Iterator[str]:
    """The notes of a checkpoints file; stops at the first torn record."""
    offset = 0
    while offset + _NOTE_HEAD.size <= len(data):
        length, crc = _NOTE_HEAD.unpack_from(data, offset)
        offset += _NOTE_HEAD.size
        note = data[offset : offset + length]
        if length == 0 or len(note) != length or zlib.crc32(note) != crc:
            return
        yield note.decode("utf-8", "replace")
        offset += length


def note_record(note: str) -> bytes:
    """A note as it is kept in a checkpoints file."""
    data = note.encode()
    return _NOTE_HEAD.pack(len(data), zlib.crc32(data)) + data


class LedgerFiles:
    """Reads a ledger's files; `open_writer` makes it the writer. Blocking; not thread-safe."""

    def __init__(self, disk: Disk, folder: str, origin: str) -> None:
        self.disk = disk
        self.folder = folder
        self.origin = origin
        self.tree = Tree()
        self.by_leaf: dict[bytes, int] = {}
        self.sealed = (Checkpoint(origin, 0, b""), "")
        """The last checkpoint and its note: one value, so that another thread sees a pair that fits."""
        self.verifier: Verifier
        self._signer: Signer | None = None
        self._clock: Callable[[], datetime] | None = None
        self._lock: int | None = None
        self._notes: Appender | None = None
        self._bundle: tuple[int, Appender] | None = None
        self._sealed_bytes = 0  # of the entries file that the checkpoint ends in
        self._sound = False

    @property
    def checkpoint(self) -> Checkpoint:
        """The last checkpoint."""
        return self.sealed[0]

    # Opening.

    def open_reader(self) -> None:
        """Load what the last checkpoint covers. Raises LedgerDamaged, FileNotFoundError if there is none."""
        self._load_key()
        self._load_notes()
        self._load_entries()

    def open_writer(self, clock: Callable[[], datetime]) -> None:
        """Take the writer's lock, make the ledger on first use, recover from a crash.

        Raises LedgerBusy, LedgerDamaged, DiskFailure.
        """
        self._lock = self.disk.lock(f"{self.folder}/lock")
        if self._lock is None:
            raise LedgerBusy("another process writes this ledger")
        self._clock = clock
        try:
            self._ensure_key()
            self._recover()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the files and release the lock."""
        self._close_files()
        if self._lock is not None:
            self.disk.unlock(self._lock)
            self._lock = None

    def _close_files(self) -> None:
        self._sound = False
        if self._notes is not None:
            self._notes.close()
            self._notes = None
        if self._bundle is not None:
            self._bundle[1].close()
            self._bundle = None

    def _ensure_key(self) -> None:
        if self.disk.size(f"{self.folder}/key") is None:
            if self.disk.names(f"{self.folder}/checkpoints"):
                raise LedgerDamaged("the ledger's key is gone")
            secret = Signer.generate(self.origin).secret()
            self.disk.write(f"{self.folder}/key", secret.encode() + b"\n", exclusive=True)
        try:
            self._signer = Signer.parse(self.disk.read(f"{self.folder}/key").decode())
        except (NoteError, ValueError):
            raise LedgerDamaged("the ledger's key cannot be read") from None
        vkey = self._signer.verifier.vkey.encode() + b"\n"
        if self.disk.size(f"{self.folder}/vkey") is None:
            self.disk.write(f"{self.folder}/vkey", vkey)
        self._load_key()
        if self.verifier != self._signer.verifier:
            raise LedgerDamaged("the ledger's two key files differ")

    def _load_key(self) -> None:
        try:
            self.verifier = Verifier.parse(self.disk.read(f"{self.folder}/vkey").decode())
        except (NoteError, UnicodeDecodeError):
            raise LedgerDamaged("the ledger's public key cannot be read") from None
        if self.verifier.name != self.origin:
            raise LedgerDamaged(f"this ledger is called {self.verifier.name}")

    def _recover(self) -> None:
        """Load, drop or rewrite what was never acknowledged, and begin a new checkpoint file."""
        self._close_files()
        names = self.disk.names(f"{self.folder}/checkpoints")
        if names:
            self._load_notes()
        else:
            if self.disk.names(f"{self.folder}/entries"):
                raise LedgerDamaged("the ledger's checkpoints are gone")
            self.sealed = self._seal(Tree())
        tail = self._load_entries()
        following = 1 + max((int(name) for name in names if name.isdecimal()), default=-1)
        self._begin_notes(following)
        self._cut_tail()
        self._sound = True
        if tail:
            self.append(tail)
        self._restore_tiles()

    def _begin_notes(self, number: int) -> None:
        name = f"{self.folder}/checkpoints/{number:08d}"
        self.disk.write(name, note_record(self.sealed[1]))
        self._notes = self.disk.appender(name)

    def _load_notes(self) -> None:
        names = sorted(self.disk.names(f"{self.folder}/checkpoints"))
        notes = list(parse_notes(self.disk.read(f"{self.folder}/checkpoints/{names[-1]}")))
        if not notes:
            raise LedgerDamaged("the last checkpoint cannot be read")
        try:
            self.sealed = (Checkpoint.parse(self.verifier.open(notes[-1])), notes[-1])
        except NoteError as error:
            raise LedgerDamaged(f"the last checkpoint is wrong: {error}") from None
        if self.checkpoint.origin != self.origin:
            raise LedgerDamaged("the last checkpoint is of another log")

    # Entries.

    def _bundle_name(self, number: int) -> str:
        return f"{self.folder}/entries/{tile_name(number)}"

    def _tile(self, level: int, number: int) -> str:
        return f"{self.folder}/tile/{level}/{tile_name(number)}"

    def read_bundle(self, number: int) -> list[tuple[int, bytes, bytes]]:
        """(offset, leaf hash, entry) of the records of one entries file; none when it is absent."""
        try:
            return list(parse_records(self.disk.read(self._bundle_name(number))))
        except FileNotFoundError:
            return []

    def _load_entries(self) -> list[bytes]:
        """Fill the tree up to the checkpoint; returns the whole entries found after it."""
        full, rest = divmod(self.checkpoint.size, TILE)
        records = self.read_bundle(full)
        if len(records) < rest:
            raise LedgerDamaged(f"entry {full * TILE + len(records)} is missing or changed")
        last = [leaf for _, leaf, _ in records[:rest]]
        tree = Tree([*self._leaves(full, tiles=True), *last])
        if tree.root() != self.checkpoint.root:
            tree = Tree([*self._leaves(full, tiles=False), *last])
        if tree.root() != self.checkpoint.root:
            raise LedgerDamaged("the entries do not have the root of the last checkpoint")
        self.tree = tree
        self.by_leaf = {tree.leaf(index): index for index in range(len(tree))}
        self._sealed_bytes = sum(_HEAD.size + len(entry) for _, _, entry in records[:rest])
        tail = [entry for _, _, entry in records[rest:]]
        while len(records) == TILE:
            full += 1
            records = self.read_bundle(full)
            tail += [entry for _, _, entry in records]
        return tail

    def _leaves(self, full: int, *, tiles: bool) -> Iterator[bytes]:
        """Leaf hashes of the first `full` entries files, from their tiles where these exist."""
        for number in range(full):
            if self.disk.size(self._bundle_name(number)) is None:
                raise LedgerDamaged(f"entry {number * TILE} is missing")
            if tiles and self.disk.size(self._tile(0, number)) == TILE * 32:
                tile = self.disk.read(self._tile(0, number))
                yield from (tile[at : at + 32] for at in range(0, TILE * 32, 32))
                continue
            leaves = [leaf for _, leaf, _ in self.read_bundle(number)[:TILE]]
            if len(leaves) < TILE:
                at = number * TILE + len(leaves)
                raise LedgerDamaged(f"entry {at} is missing or changed")
            yield from leaves

    def _cut_tail(self) -> None:
        """Remove every byte after the checkpoint's last entry."""
        number = last = self.checkpoint.size // TILE
        while self.disk.size(self._bundle_name(last + 1)) is not None:
            last += 1
        for later in range(last, number, -1):
            self.disk.delete(self._bundle_name(later))
        size = self.disk.size(self._bundle_name(number))
        if size is not None and size > self._sealed_bytes:
            self._appender(number).truncate(self._sealed_bytes)

    # Appending.

    def append(self, entries: Sequence[bytes]) -> list[int]:
        """Append a batch; the index of each, once all are durable. Bytes that are there keep their index.

        Raises ValueError for an empty or oversize entry, DiskFailure when nothing can be acknowledged; the next
        call then first recovers as a new start would.
        """
        if any(not 0 < len(entry) <= MAX_ENTRY for entry in entries):
            raise ValueError(f"an entry has 1 to {MAX_ENTRY} bytes")
        if not self._sound:
            self._recover()
        fresh: dict[bytes, bytes] = {}
        indices: list[int] = []
        places: dict[bytes, int] = {}
        for entry in entries:
            leaf = leaf_hash(entry)
            index = self.by_leaf.get(leaf, places.get(leaf))
            if index is None:
                index = places[leaf] = len(self.tree) + len(fresh)
                fresh[leaf] = entry
            indices.append(index)
        if fresh:
            self._commit(fresh)
        return indices

    def _commit(self, fresh: dict[bytes, bytes]) -> None:
        self._sound = False
        old = len(self.tree)
        at, records = old, list(fresh.items())
        while records:
            room = TILE - at % TILE
            part, records = records[:room], records[room:]
            data = b"".join(record(entry, leaf) for leaf, entry in part)
            self._appender(at // TILE).append(data)
            at += len(part)
        for leaf in fresh:
            self.by_leaf[leaf] = self.tree.append(leaf)
        sealed = self._seal(self.tree)
        assert self._notes is not None
        self._notes.append(note_record(sealed[1]))
        self.sealed = sealed
        self._sound = True
        self._write_tiles(old)

    def _appender(self, number: int) -> Appender:
        if self._bundle is None or self._bundle[0] != number:
            if self._bundle is not None:
                self._bundle[1].close()
                self._bundle = None
            self._bundle = (number, self.disk.appender(self._bundle_name(number)))
        return self._bundle[1]

    def _seal(self, tree: Tree) -> tuple[Checkpoint, str]:
        assert self._signer is not None
        assert self._clock is not None
        at = self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        checkpoint = Checkpoint(self.origin, len(tree), tree.root(), at)
        return checkpoint, self._signer.sign(checkpoint.text())

    def sign(self, text: str) -> str:
        """Sign another kind of note with the ledger's key (an evidence pack's manifest).

        A reader may too, if it may read the key: this changes nothing.
        """
        if self._signer is None:
            self._signer = Signer.parse(self.disk.read(f"{self.folder}/key").decode())
        if text.split("\n", 1)[0] == self.origin:
            raise ValueError("this would be a checkpoint")
        return self._signer.sign(text)

    # Tiles: derived, so a failure to write one takes nothing back.

    def _write_tiles(self, old: int) -> None:
        span, level = TILE, 0
        while span <= len(self.tree):
            for number in range(old // span, len(self.tree) // span):
                if self.disk.size(self._tile(level, number)) == TILE * 32:
                    continue
                first = number * TILE
                nodes = (self.tree.subtree(8 * level, first + k) for k in range(TILE))
                with suppress(DiskFailure):
                    self.disk.write(self._tile(level, number), b"".join(nodes))
            span, level = span * TILE, level + 1

    def _restore_tiles(self) -> None:
        for number in range(len(self.tree) // TILE):
            tile = self._tile(0, number)
            if self.disk.size(tile) is None:
                continue
            leaves = (self.tree.leaf(number * TILE + k) for k in range(TILE))
            if self.disk.read(tile) != b"".join(leaves):
                self.disk.delete(tile)
        self._write_tiles(0)
