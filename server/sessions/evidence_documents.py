"""The de-identified documents behind an entry: who attended, and the media reports that prove it.

They hold opaque ids, times and numbers only, so they may travel in evidence packs.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.evidence.rules import Evidence
from server.sessions.attendance import Span
from server.sessions.crediting import Attendee, Judgement
from server.sessions.intervals import Intervals, clip
from storage.tables.sessions import MediaReport, SessionAttendance

if TYPE_CHECKING:
    from server.services import Services


@dataclass(frozen=True, slots=True)
class Documents:
    """Bytes to keep, and how the entry names them."""

    items: tuple[tuple[Evidence, bytes], ...]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(item for item, _ in self.items)


def _item(name: str, data: bytes, media_type: str) -> tuple[Evidence, bytes]:
    digest = hashlib.sha256(data).hexdigest()
    return Evidence(name, digest, len(data), media_type, included=True), data


def attendance_document(
    session_id: str,
    span: Span,
    attendees: Sequence[Attendee],
    rows: Sequence[SessionAttendance],
    judgement: Judgement,
    gaps: Intervals = (),
) -> dict[str, Any]:
    """How each person's verified seconds came about. Intervals are half-open unix seconds.

    `received` is null where nobody can know it. `gaps`: when the media server was away. Time away from the page and time muted are marks, taken off nothing.
    """
    stored = {row.staff_id: row for row in rows}
    verified = {item.person_id: item for item in judgement.people}
    return {
        "type": "attendance",
        "session": session_id,
        "span": list(span),
        "creditable": judgement.creditable,
        "reasons": list(judgement.reasons),
        "interruptions": [list(pair) for pair in clip(gaps, *span)],
        "people": [
            {
                "person": item.person_id,
                "organisation": item.organisation_id,
                "role": item.role,
                "sent": [list(pair) for pair in item.sent],
                "received": None
                if item.received is None
                else [list(pair) for pair in item.received],
                "speech": [list(pair) for pair in stored[item.person_id].speech],
                "away": [list(pair) for pair in stored[item.person_id].away],
                "muted": [list(pair) for pair in stored[item.person_id].muted],
                "verified": [list(pair) for pair in verified[item.person_id].intervals],
                "verified_seconds": verified[item.person_id].seconds,
                "reports": stored[item.person_id].reports,
            }
            for item in attendees
        ],
    }


async def report_count(session: AsyncSession, session_id: str) -> int:
    query = select(func.count()).where(MediaReport.session_id == session_id)
    return int((await session.execute(query)).scalar_one())


async def report_lines(session: AsyncSession, session_id: str, people: set[str]) -> list[str]:
    """The canonical reports of some people, in the order of their time."""
    query = (
        select(MediaReport.document)
        .where(MediaReport.session_id == session_id, MediaReport.staff_id.in_(people))
        .order_by(MediaReport.from_second, MediaReport.id)
    )
    return list((await session.execute(query)).scalars())


async def build(attendance: dict[str, Any], reports: list[str]) -> Documents:
    """Encode and hash off the event loop: a long lecture has megabytes of reports."""

    def encode() -> Documents:
        first = json.dumps(attendance, sort_keys=True, separators=(",", ":")).encode()
        items = [_item("attendance.json", first, "application/json")]
        if reports:
            data = ("\n".join(reports) + "\n").encode()
            items.append(_item("media-reports.ndjson", data, "application/x-ndjson"))
        return Documents(tuple(items))

    return await asyncio.to_thread(encode)


async def keep(services: Services, documents: Documents) -> None:
    """Store the bytes durably. To be done before the entry that names them."""
    for _, data in documents.items:
        await services.blobs.put_bytes(data)
