"""Whether what the database shows is what the ledger holds. Reads the ledger, writes nothing."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from server.evidence.entries import LoggedEntry, read_entry
from storage.ledger import LedgerDamaged
from storage.merkle import leaf_hash, verify_inclusion
from storage.notes import Checkpoint, NoteError

if TYPE_CHECKING:
    from storage.ledger import Ledger
    from storage.tables.evidence import ActivityEntryRow


class EntryState(StrEnum):
    DAMAGED = "damaged"  # the database and the ledger disagree
    PENDING = "pending"  # committed, not yet in the ledger
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was checked, live, and what anyone needs to check it again. Hashes in hex, the root in base64."""

    state: EntryState
    checks: tuple[tuple[str, bool], ...]  # code of `texts.CHECKS`, passed
    ledger_index: int | None
    leaf_hash: str
    tree_size: int
    root: str
    path: tuple[str, ...]
    checkpoint: str
    vkey: str


def columns_match(row: ActivityEntryRow, entry: LoggedEntry) -> bool:
    """Whether the columns, by which entries are found and counted, repeat the canonical bytes."""
    return (
        row.id == entry.id
        and row.agreement_id == entry.agreement_id
        and row.kind == entry.kind
        and (row.subject_type, row.subject_id) == (entry.subject_type, entry.subject_id)
        and row.plan_item_id == entry.plan_item_id
        and (row.supporting_id, row.recipient_id) == (entry.supporting_id, entry.recipient_id)
        and (row.started_at, row.ended_at) == (entry.started_at, entry.ended_at)
        and row.recorded_at == entry.recorded_at
        and (row.policy_programme, row.policy_version) == (entry.programme, entry.version)
        and row.creditable == entry.creditable
        and sorted(row.reasons) == sorted(entry.reasons)
        and row.demo == entry.demo
        and (row.corrects, row.author) == (entry.corrects, entry.author)
        and row.correction_reason == entry.correction_reason
    )


def read_row(row: ActivityEntryRow) -> LoggedEntry | None:
    """The entry in a row's canonical bytes, None when they are not one any more."""
    try:
        return read_entry(row.canonical)
    except (ValueError, KeyError, TypeError):
        return None


def quick_state(row: ActivityEntryRow, entry: LoggedEntry | None, ledger: Ledger) -> EntryState:
    """The state by leaf hashes in memory alone: for lists and for scoring."""
    leaf = leaf_hash(row.canonical.encode())
    if entry is None or not columns_match(row, entry) or leaf.hex() != row.leaf_hash:
        return EntryState.DAMAGED
    if row.ledger_index is None:
        return EntryState.PENDING
    try:
        known = ledger.leaf(row.ledger_index)
    except IndexError:
        return EntryState.DAMAGED
    return EntryState.VERIFIED if known == leaf else EntryState.DAMAGED


def _same_bytes(ledger: Ledger, index: int, data: bytes) -> bool:
    try:
        return ledger.entry(index) == data
    except (IndexError, LedgerDamaged):
        return False


def _signed_head(ledger: Ledger, note: str) -> Checkpoint | None:
    try:
        return Checkpoint.parse(ledger.verifier.open(note))
    except NoteError:
        return None


def prove(row: ActivityEntryRow, entry: LoggedEntry | None, ledger: Ledger) -> Proof:
    """Check one entry from its bytes on disk up to the signed checkpoint (blocking: reads a file)."""
    data = row.canonical.encode()
    leaf, index = leaf_hash(data), row.ledger_index
    note = ledger.checkpoint()  # taken once: the log may grow meanwhile
    head = _signed_head(ledger, note)
    columns = entry is not None and columns_match(row, entry) and leaf.hex() == row.leaf_hash
    path: list[bytes] = []
    if index is not None and head is not None and 0 <= index < head.size:
        path = ledger.inclusion(index, head.size)
    included = (
        index is not None
        and head is not None
        and verify_inclusion(leaf, index, head.size, path, head.root)
    )
    checks = (
        ("columns", columns),
        ("sealed", index is not None),
        ("log", index is not None and _same_bytes(ledger, index, data)),
        ("inclusion", included),
        ("checkpoint", head is not None),
    )
    state = EntryState.VERIFIED if all(ok for _, ok in checks) else EntryState.DAMAGED
    if columns and index is None:
        state = EntryState.PENDING
    return Proof(
        state=state,
        checks=checks,
        ledger_index=index,
        leaf_hash=leaf.hex(),
        tree_size=head.size if head else 0,
        root=base64.b64encode(head.root).decode() if head else "",
        path=tuple(node.hex() for node in path),
        checkpoint=note,
        vkey=ledger.vkey,
    )
