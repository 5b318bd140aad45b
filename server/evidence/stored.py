"""The documents behind an entry as they lie in the blob store. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.errors import ErrorCode, Problem, not_found
from server.evidence.documents import MAX_DOCUMENT, SUMMED_TYPES
from server.evidence.entries import LoggedEntry
from server.evidence.proof import EntryState, quick_state, read_row
from server.evidence.rules import Evidence
from server.evidence.schemas import EvidenceView
from storage.blobs import BlobCorrupt, BlobMissing

if TYPE_CHECKING:
    from server.services import Services
    from storage.tables.evidence import ActivityEntryRow


@dataclass(frozen=True, slots=True)
class Stored:
    """Names of the included documents that are there, and the bytes of those that may hold media reports."""

    available: frozenset[str]
    documents: Mapping[str, bytes]


def stored_evidence(services: Services, entry: LoggedEntry | None) -> Stored:
    """What the blob store has of an entry's included documents (blocking)."""
    available: set[str] = set()
    found: dict[str, bytes] = {}
    for item in entry.evidence if entry else ():
        if not item.included or not services.blobs.path_for(item.sha256).is_file():
            continue
        available.add(item.name)
        if item.media_type in SUMMED_TYPES and item.size <= MAX_DOCUMENT:
            try:
                found[item.name] = services.blobs.read_blocking(item.sha256)
            except (BlobMissing, BlobCorrupt):
                available.discard(item.name)
    return Stored(frozenset(available), found)


def evidence_views(entry: LoggedEntry | None, stored: Stored) -> list[EvidenceView]:
    """The evidence of an entry, with what can be downloaded."""
    return [
        EvidenceView(
            name=item.name,
            sha256=item.sha256,
            size=item.size,
            media_type=item.media_type,
            included=item.included,
            available=item.name in stored.available,
        )
        for item in (entry.evidence if entry else ())
    ]


async def included_document(
    services: Services, row: ActivityEntryRow, name: str
) -> tuple[Evidence, bytes]:
    """An included document, checked against its digest.

    Raises `Problem`: 404 when the entry does not include it or is damaged, 409 when its bytes changed.
    """
    entry = read_row(row)
    # A bent row could name any blob; only what the ledger confirms is handed out.
    if entry is None or quick_state(row, entry, services.ledger) is EntryState.DAMAGED:
        raise not_found()
    for item in entry.evidence:
        if item.name == name and item.included:
            try:
                return item, await services.blobs.read(item.sha256)
            except BlobMissing:
                raise not_found() from None
            except BlobCorrupt:
                raise Problem(ErrorCode.EVIDENCE_DAMAGED) from None
    raise not_found()
