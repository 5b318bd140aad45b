"""Attendance as stored: one row for each person and session, merged from every report as it arrives."""

from __future__ import annotations

import json
import math
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import lazyload

from server.sessions.crediting import Attendee
from server.sessions.intervals import Intervals, clip, merge, seconds
from server.sessions.people import person_ref
from server.sessions.reports import WITNESS, Event, Report
from server.sessions.room_rules import closed
from server.sessions.schemas import AttendanceRow
from storage.db import Tx
from storage.tables.rooms import RoomMember
from storage.tables.sessions import Consult, MediaReport, SessionAttendance, SessionPresence

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Member:
    """A person as far as attendance needs one."""

    id: str
    organisation_id: str


def read_json(text: str) -> Any:
    return json.loads(text)


def span_of(start: datetime, end: datetime) -> Span:
    """Whole unix seconds that cover a session."""
    first = math.floor(start.timestamp())
    return first, max(first, math.ceil(end.timestamp()))


async def rows_of(session: AsyncSession, session_id: str) -> Sequence[SessionAttendance]:
    """Everyone of whom the media server has told, in the order of coming."""
    query = select(SessionAttendance).where(SessionAttendance.session_id == session_id)
    query = query.order_by(SessionAttendance.first_joined_at, SessionAttendance.staff_id)
    return (await session.execute(query)).scalars().all()


async def mine_of(
    session: AsyncSession, session_ids: Iterable[str], staff_id: str
) -> dict[str, SessionAttendance]:
    """One person's rows in several sessions, by session."""
    query = select(SessionAttendance).where(
        SessionAttendance.session_id.in_(list(session_ids)),
        SessionAttendance.staff_id == staff_id,
    )
    return {row.session_id: row for row in (await session.execute(query)).scalars()}


async def signed_in_counts(session: AsyncSession, session_ids: Iterable[str]) -> dict[str, int]:
    """How many people signed in by their media, by session."""
    query = (
        select(SessionAttendance.session_id, func.count())
        .where(
            SessionAttendance.session_id.in_(list(session_ids)),
            SessionAttendance.signed_in_at.is_not(None),
        )
        .group_by(SessionAttendance.session_id)
    )
    return {name: int(number) for name, number in await session.execute(query)}


def verified(row: SessionAttendance, span: Span, *, by_sending: bool) -> Intervals:
    """A person's seconds inside the session: by media sent, or by media received."""
    return clip(row.sent if by_sending else row.received, *span)


def consult_role(consult: Consult, row: SessionAttendance) -> str:
    return "requester" if row.organisation_id == consult.requester_org_id else "specialist"


def row_fields(
    row: SessionAttendance, role: str, span: Span, *, by_sending: bool
) -> dict[str, Any]:
    intervals = verified(row, span, by_sending=by_sending)
    return {
        "person": person_ref(row.staff),
        "role": role,
        "verified_seconds": seconds(intervals),
        "intervals": list(intervals),
        "speech_seconds": seconds(clip(row.speech, *span)),
        "first_joined_at": row.first_joined_at,
        "last_left_at": row.last_left_at,
    }


def row_view(row: SessionAttendance, role: str, span: Span, *, by_sending: bool) -> AttendanceRow:
    return AttendanceRow(**row_fields(row, role, span, by_sending=by_sending))


async def witnessed(session: AsyncSession, session_id: str) -> set[str]:
    """Whom a witness beside a cluster reported: it cannot know what reached them."""
    query = select(MediaReport.staff_id).where(
        MediaReport.session_id == session_id, MediaReport.source == WITNESS
    )
    return set((await session.execute(query.distinct())).scalars())


def attendee(row: SessionAttendance, role: str, witnessed: Container[str]) -> Attendee:
    """`witnessed`: those whose reception is not known, unless something proved it nevertheless."""
    unknown = not row.received and row.staff_id in witnessed
    received = None if unknown else merge(row.received)
    return Attendee(row.staff_id, row.organisation_id, role, merge(row.sent), received)


async def _row(tx: Tx, session_id: str, staff: Member) -> SessionAttendance:
    key = (session_id, staff.id)
    row = await tx.session.get(SessionAttendance, key, options=[lazyload("*")])
    if row is None:
        row = SessionAttendance(
            session_id=session_id,
            staff_id=staff.id,
            organisation_id=staff.organisation_id,
            sent=[],
            received=[],
            speech=[],
            away=[],
            muted=[],
            reports=0,
        )
        tx.session.add(row)
    return row


async def _presence(tx: Tx, event: Event) -> SessionPresence:
    presence = await tx.session.get(SessionPresence, (event.room, event.participant_sid))
    if presence is None:
        presence = SessionPresence(
            session_id=event.room,
            participant_sid=event.participant_sid,
            staff_id=event.staff_id,
            identity=event.identity,
            cut=False,
        )
        tx.session.add(presence)
    presence.room_sid = presence.room_sid or event.room_sid
    return presence


async def outside_of(tx: Tx, event: Event, staff: Member) -> Intervals:
    """The seconds in which a host had not let the person in: at the door, refused, or sent out."""
    row = await tx.session.get(RoomMember, (event.room, staff.id))
    return () if row is None else merge(closed(row.outside))


def holds_moment(intervals: Intervals, at: datetime) -> bool:
    return any(start <= at.timestamp() < end for start, end in intervals)


async def note_at_the_door(tx: Tx, event: Event, at: datetime, *, joined: bool) -> None:
    """A device of somebody who is not let in came or went: noted, and no attendance."""
    presence = await _presence(tx, event)
    if joined:
        presence.joined_at = at
    else:
        presence.left_at = at
        presence.cut = event.cut


async def presence_of(tx: Tx, event: Event) -> SessionPresence | None:
    """What is known of the stay that an event is about."""
    return await tx.session.get(SessionPresence, (event.room, event.participant_sid))


async def elsewhere(tx: Tx, event: Event) -> bool:
    """Whether this stay is known from another session."""
    query = select(SessionPresence.session_id).where(
        SessionPresence.participant_sid == event.participant_sid,
        SessionPresence.session_id != event.room,
    )
    return (await tx.session.execute(query.limit(1))).first() is not None


async def _supersede(tx: Tx, event: Event, at: datetime) -> None:
    """One identity is in a room once: an older stay that nobody ended was cut with the media server."""
    query = select(SessionPresence).where(
        SessionPresence.session_id == event.room,
        SessionPresence.identity == event.identity,
        SessionPresence.participant_sid != event.participant_sid,
        SessionPresence.joined_at <= at,
        SessionPresence.left_at.is_(None),
    )
    for older in (await tx.session.execute(query)).scalars():
        end_cut(older)


def end_cut(presence: SessionPresence) -> None:
    """A stay of whose end nothing was heard ends at its last proven second."""
    presence.left_at = presence.proven_until or presence.joined_at
    presence.cut = True


async def note_joined(tx: Tx, event: Event, staff: Member, at: datetime) -> bool:
    """Somebody's device is in the room. False when it is already known to have left again."""
    await _supersede(tx, event, at)
    presence = await _presence(tx, event)
    presence.joined_at = at
    row = await _row(tx, event.room, staff)
    row.first_joined_at = min(row.first_joined_at or at, at)
    return presence.left_at is None


async def note_left(tx: Tx, event: Event, staff: Member, at: datetime) -> None:
    presence = await _presence(tx, event)
    presence.left_at = at
    presence.cut = event.cut
    row = await _row(tx, event.room, staff)
    row.last_left_at = max(row.last_left_at or at, at)


async def attends(tx: Tx, event: Event, staff: Member) -> bool:
    """Whether the person has a row of attendance already."""
    key = (event.room, staff.id)
    return await tx.session.get(SessionAttendance, key, options=[lazyload("*")]) is not None


async def keep_report(tx: Tx, event: Event, staff: Member, report: Report) -> None:
    """Keep the report as evidence, whatever it proves."""
    presence = await _presence(tx, event)
    presence.proven_until = datetime.fromtimestamp(report.end, UTC)
    tx.session.add(
        MediaReport(
            id=event.id,
            session_id=event.room,
            staff_id=staff.id,
            identity=event.identity,
            participant_sid=event.participant_sid,
            source=report.source,
            from_second=report.start,
            to_second=report.end,
            document=report.document,
            sha256=report.sha256,
            received_at=tx.now,
        )
    )


async def note_report(tx: Tx, event: Event, staff: Member, report: Report) -> SessionAttendance:
    """Keep the report and merge its seconds into the person's row."""
    await keep_report(tx, event, staff, report)
    row = await _row(tx, event.room, staff)
    row.sent = list(merge(row.sent, report.sent))
    row.received = list(merge(row.received, report.received))
    row.speech = list(merge(row.speech, report.speech))
    row.away = list(merge(row.away, report.away))
    row.muted = list(merge(row.muted, report.muted))
    row.reports += 1
    first = min((start for start, _ in (*report.sent, *report.received)), default=None)
    if first is not None:
        media = datetime.fromtimestamp(first, UTC)
        row.signed_in_at = min(row.signed_in_at or media, media)
        row.first_joined_at = min(row.first_joined_at or media, media)
    return row


async def someone_since(session: AsyncSession, session_id: str, moment: datetime) -> bool:
    """Whether a device that has not left came into the room after a moment."""
    query = select(SessionPresence.participant_sid).where(
        SessionPresence.session_id == session_id,
        SessionPresence.left_at.is_(None),
        SessionPresence.joined_at > moment,
    )
    return (await session.execute(query.limit(1))).first() is not None


async def stays_of(session: AsyncSession, session_id: str) -> Sequence[SessionPresence]:
    """All stays in a session, in the order of coming."""
    query = select(SessionPresence).where(SessionPresence.session_id == session_id)
    query = query.order_by(SessionPresence.joined_at, SessionPresence.participant_sid)
    return (await session.execute(query)).scalars().all()


async def was_cut(session: AsyncSession, session_id: str) -> bool:
    """Whether the last to leave a session left because the media server went away."""
    query = select(SessionPresence.cut).where(
        SessionPresence.session_id == session_id, SessionPresence.left_at.is_not(None)
    )
    query = query.order_by(SessionPresence.left_at.desc(), SessionPresence.cut.desc()).limit(1)
    return bool((await session.execute(query)).scalar_one_or_none())


def interruptions(stays: Iterable[SessionPresence], end: datetime) -> Intervals:
    """Seconds in which the media server was away from somebody: from the last proven second to the coming back,
    or to `end`. Half-open unix seconds."""
    known = sorted(
        (stay for stay in stays if stay.joined_at is not None),
        key=lambda stay: stay.joined_at or end,
    )
    gaps: list[Span] = []
    for stay in known:
        if not stay.cut or stay.left_at is None:
            continue
        back = min(
            (
                other.joined_at
                for other in known
                if other.staff_id == stay.staff_id
                and other.joined_at is not None
                and other.joined_at >= stay.left_at
            ),
            default=end,
        )
        gaps.append((math.floor(stay.left_at.timestamp()), math.ceil(back.timestamp())))
    return merge(gaps)
