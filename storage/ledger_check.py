"""fsck of a ledger: derives everything again from the entries and compares. Reads only; blocking.

Run it while nobody appends: an append under way looks like one that a crash cut off, which is a problem here
although the next start makes it good.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from storage.disk import Disk
from storage.ledger_files import (
    TILE,
    LedgerDamaged,
    note_record,
    parse_notes,
    parse_records,
    record,
    tile_name,
)
from storage.merkle import Tree
from storage.notes import Checkpoint, NoteError, Verifier


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """What fsck found: the newest checkpoint's size and root, and every problem (empty = sound)."""

    size: int
    root: bytes
    problems: tuple[str, ...]


def fsck(disk: Disk, *, origin: str, folder: str = "ledger") -> LedgerReport:
    """Check every entry, every checkpoint ever signed, and every tile of a ledger."""
    problems: list[str] = []
    tree = _entries(disk, folder, problems)
    try:
        verifier = Verifier.parse(disk.read(f"{folder}/vkey").decode())
    except (NoteError, UnicodeDecodeError, FileNotFoundError):
        return LedgerReport(0, b"", ("vkey: cannot be read",))
    newest = _checkpoints(_notes(disk, folder, problems), verifier, tree, origin, problems)
    if len(tree) > newest.size:
        problems.append(f"entries: {len(tree) - newest.size} follow the last checkpoint")
    _tiles(disk, folder, tree, newest.size, problems)
    return LedgerReport(newest.size, newest.root, tuple(problems))


def _entries(disk: Disk, folder: str, problems: list[str]) -> Tree:
    """The tree of every readable entry up to the first that is not."""
    tree = Tree()
    number = 0
    while disk.size(f"{folder}/entries/{tile_name(number)}") is not None:
        name = f"entries/{tile_name(number)}"
        data = disk.read(f"{folder}/{name}")
        leaves: dict[bytes, None] = {}
        used = 0
        for _, leaf, entry in parse_records(data):
            tree.append(leaf)
            leaves[leaf] = None
            used += len(record(entry, leaf))
        if len(leaves) > TILE:
            problems.append(f"{name}: more than {TILE} entries")
        if used != len(data):
            problems.append(f"{name}: bytes after the last entry")
        if len(leaves) < TILE:
            break
        number += 1
    return tree


def _checkpoints(
    notes: Iterator[tuple[str, str]],
    verifier: Verifier,
    tree: Tree,
    origin: str,
    problems: list[str],
) -> Checkpoint:
    """Check every checkpoint against the tree; returns the newest."""
    newest = Checkpoint(origin, 0, Tree().root())
    for name, note in notes:
        try:
            found = Checkpoint.parse(verifier.open(note))
        except NoteError as error:
            problems.append(f"{name}: {error}")
            continue
        if found.origin != origin:
            problems.append(f"{name}: the checkpoint is of {found.origin}")
        if found.size > len(tree):
            problems.append(f"{name}: covers {found.size} entries, {len(tree)} are there")
        elif tree.root(found.size) != found.root:
            problems.append(f"{name}: the root of {found.size} entries differs")
        if found.size < newest.size:
            problems.append(f"{name}: a checkpoint is smaller than the one before")
        newest = found
    return newest


def _notes(disk: Disk, folder: str, problems: list[str]) -> Iterator[tuple[str, str]]:
    """(file, note) of every checkpoint, oldest first."""
    names = disk.names(f"{folder}/checkpoints")
    if not names:
        problems.append("checkpoints: none")
    for name in names:
        data = disk.read(f"{folder}/checkpoints/{name}")
        notes = list(parse_notes(data))
        rest = data[sum(len(note_record(note)) for note in notes) :]
        if not notes:
            problems.append(f"checkpoints/{name}: cannot be read")
        if rest and name == names[-1]:
            problems.append(f"checkpoints/{name}: ends in a torn record")
        elif any(True for at in range(1, min(len(rest), 1 << 16)) for _ in parse_notes(rest[at:])):
            # A crash tears the last record only, so a good one after a bad one means damage.
            problems.append(f"checkpoints/{name}: a record in the middle is damaged")
        for note in notes:
            yield f"checkpoints/{name}", note


def _tiles(disk: Disk, folder: str, tree: Tree, size: int, problems: list[str]) -> None:
    span, level = TILE, 0
    while span <= min(size, len(tree)):
        for number in range(min(size, len(tree)) // span):
            name = f"tile/{level}/{tile_name(number)}"
            nodes = (tree.subtree(8 * level, number * TILE + k) for k in range(TILE))
            try:
                if disk.read(f"{folder}/{name}") != b"".join(nodes):
                    problems.append(f"{name}: differs")
            except FileNotFoundError:
                problems.append(f"{name}: missing (made again at the next start)")
        span, level = span * TILE, level + 1


def require_sound(report: LedgerReport) -> None:
    """Raise LedgerDamaged with the first problem, if there is one."""
    if report.problems:
        raise LedgerDamaged(report.problems[0])
