"""Applying the media server's events: each exactly once, durable before it is acknowledged.

Reports of one stay come in order, as the media server's spool sends them; whatever contradicts what is known of
the stay is refused, counted by its reason, and leaves a row in the audit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from prometheus_client import Counter
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from server.errors import ErrorCode, Problem
from server.sessions import attendance, consult_room, lecture_room, withdrawal
from server.sessions.attendance import Member
from server.sessions.intervals import Intervals, clip, seconds
from server.sessions.reports import (
    Event,
    EventKind,
    MalformedEvent,
    Report,
    read_event,
    read_report,
)
from server.sessions.room_rules import Standing
from storage.db import Actor, Tx
from storage.tables.access import Staff
from storage.tables.rooms import RoomMember
from storage.tables.sessions import AppliedEvent

if TYPE_CHECKING:
    from server.services import Services

    Room = consult_room.ConsultRoom | lecture_room.LectureRoom

EVENTS = Counter("duikou_media_events_total", "Events of the media server.", ["kind", "result"])
REFUSALS = Counter("duikou_media_refusals_total", "Events that were refused.", ["reason"])
MEDIA = Actor(kind="media")
# How far ahead of our clock an event may claim to be before our own time is taken instead.
CLOCK_SLACK = timedelta(minutes=2)
# A stay's first report begins in the second in which it joined.
JOIN_SLACK = timedelta(seconds=2)


class EventResult(StrEnum):
    APPLIED = "applied"
    IGNORED = "ignored"  # unknown room, unknown person, or an event without use here
    LATE = "late"  # the activity's entry has been recorded already
    REPEATED = "repeated"


class Refusal(StrEnum):
    """Why a report, or any event, is not believed."""

    EXPIRED = "expired"  # the signature was good once
    FORGED = "forged"  # not signed by our media server
    FUTURE = "future"  # claims seconds that have not been yet
    ORDER = "order"  # claims seconds that an earlier report of this stay has covered
    OTHER_PERSON = "other_person"  # the stay is known as somebody else's
    OTHER_ROOM = "other_room"  # the stay is known in another room
    STALE = "stale"  # claims seconds before the session, or before the stay began


class WebhookAudit(StrEnum):
    """Audit actions. Sorted."""

    JOINED = "sessions:room:join"
    LATE = "sessions:room:late"
    LEFT = "sessions:room:leave"
    REFUSED = "sessions:room:refuse"
    REPORTED = "sessions:room:report"
    ROOM_FINISHED = "sessions:room:finish"


AUDIT = {
    EventKind.ABORTED: WebhookAudit.LEFT,
    EventKind.JOINED: WebhookAudit.JOINED,
    EventKind.LEFT: WebhookAudit.LEFT,
    EventKind.REPORT: WebhookAudit.REPORTED,
    EventKind.ROOM_FINISHED: WebhookAudit.ROOM_FINISHED,
}


async def apply_webhook_event(services: Services, document: Mapping[str, Any]) -> EventResult:
    """Apply one event whose signature has been checked.

    Raises `Problem`: 400 for a malformed one, 422 for a report that contradicts what is known.
    """
    try:
        event = read_event(document)
        report = None
        if event is not None and event.kind is EventKind.REPORT:
            report = read_report(document)
    except MalformedEvent as error:
        EVENTS.labels("malformed", "refused").inc()
        raise Problem(ErrorCode.WEBHOOK_MALFORMED, data={"field": str(error)}) from None
    if event is None:
        EVENTS.labels("other", EventResult.IGNORED).inc()
        return EventResult.IGNORED
    try:
        async with services.db.write(MEDIA) as tx:
            result = await _apply(tx, event, report)
    except IntegrityError:  # the same id was committed by another delivery at this moment
        result = EventResult.REPEATED
    if isinstance(result, Refusal):
        REFUSALS.labels(result).inc()
        raise Problem(ErrorCode.REPORT_REFUSED, data={"reason": result.value})
    EVENTS.labels(event.kind, result).inc()
    if event.kind is EventKind.JOINED and result is not EventResult.IGNORED:
        await _keep_out(services, event, document)
    if event.kind is EventKind.JOINED and result is EventResult.APPLIED:
        await withdrawal.turn_away(services, event.room, event.identity)
    return result


def count_unsigned(cause: str) -> None:
    """An event whose signature is not good; `cause` is the name of what was wrong with it."""
    expired = "expired" in cause.lower()
    REFUSALS.labels(Refusal.EXPIRED if expired else Refusal.FORGED).inc()


async def _refusal(tx: Tx, room: Room, event: Event, report: Report) -> Refusal | None:
    """Why a report cannot be true, or None."""
    start = _second(report.start)
    if _second(report.end) > tx.now + CLOCK_SLACK:
        return Refusal.FUTURE
    if start < room.created_at - CLOCK_SLACK:
        return Refusal.STALE
    stay = await attendance.presence_of(tx, event)
    if stay is None:
        # Reports of a witness may overtake the news of joining; but nobody is in two rooms under one sid.
        return Refusal.OTHER_ROOM if await attendance.elsewhere(tx, event) else None
    if stay.identity != event.identity:
        return Refusal.OTHER_PERSON
    if stay.room_sid != event.room_sid:
        return Refusal.OTHER_ROOM
    if stay.joined_at is not None and start < stay.joined_at - JOIN_SLACK:
        return Refusal.STALE
    if stay.proven_until is not None and start < stay.proven_until:
        return Refusal.ORDER
    return None


async def _room(tx: Tx, name: str) -> Room | None:
    """The session behind a room's name, locked, so that its events are applied one after the other."""
    if name.startswith("con_"):
        return await consult_room.lock(tx, name)
    if name.startswith("lec_"):
        return await lecture_room.lock(tx, name)
    return None


async def _apply(tx: Tx, event: Event, report: Report | None) -> EventResult | Refusal:
    room = await _room(tx, event.room)
    if room is None:
        return EventResult.IGNORED
    if await tx.session.get(AppliedEvent, event.id) is not None:
        return EventResult.REPEATED
    staff = await _member(tx, event.staff_id)
    if event.staff_id and (staff is None or staff.organisation_id not in room.organisations):
        return EventResult.IGNORED
    late = room.recorded
    if report is not None and not late:
        refusal = await _refusal(tx, room, event, report)
        if refusal is not None:
            details = {"event": event.id, "reason": refusal.value}
            tx.audit(WebhookAudit.REFUSED, room.type, event.room, details)
            return refusal
    tx.session.add(
        AppliedEvent(
            id=event.id, session_id=event.room, kind=event.kind, applied=not late, at=tx.now
        )
    )
    if late:
        tx.audit(WebhookAudit.LATE, room.type, event.room, {"event": event.id})
        return EventResult.LATE
    tx.audit(AUDIT[event.kind], room.type, event.room, {"identity": event.identity})
    await _dispatch(tx, room, event, report, staff)
    return EventResult.APPLIED


async def _member(tx: Tx, staff_id: str) -> Member | None:
    # Columns, not the whole person with roles and unit: this runs for everybody every ten seconds.
    query = select(Staff.id, Staff.organisation_id).where(Staff.id == staff_id)
    row = (await tx.session.execute(query)).one_or_none() if staff_id else None
    return None if row is None else Member(row.id, row.organisation_id)


def _moment(event: Event, now: datetime) -> datetime:
    """When it happened, by the media server's clock unless that is absurd."""
    if event.at is None or event.at > now + CLOCK_SLACK:
        return now
    return event.at


async def _dispatch(
    tx: Tx, room: Room, event: Event, report: Report | None, staff: Member | None
) -> None:
    at = _moment(event, tx.now)
    if event.kind is EventKind.ROOM_FINISHED:
        # A media server that goes away ends no session: people are on their way back. Whoever stays away
        # for good is noticed by `deserted`.
        if not event.cut and not await attendance.was_cut(tx.session, event.room):
            await room.finished(at)
        return
    assert staff is not None
    outside = await attendance.outside_of(tx, event, staff)
    if outside and not await _counts(tx, event, staff, at, report, outside):
        return
    if report is not None:
        report = report.without(outside)
    if event.kind is EventKind.JOINED:
        if await attendance.note_joined(tx, event, staff, at):
            await room.joined(staff, at)
    elif event.kind is EventKind.REPORT:
        assert report is not None
        await attendance.note_report(tx, event, staff, report)
        sent = [datetime.fromtimestamp(start, UTC) for start, _ in report.sent]
        await room.reported(staff, first_sent=min(sent, default=None), until=_second(report.end))
    else:
        await attendance.note_left(tx, event, staff, at)
    tx.emit("sessions", event.room, people={staff.id})


async def _counts(
    tx: Tx, event: Event, staff: Member, at: datetime, report: Report | None, outside: Intervals
) -> bool:
    """Whether an event of somebody who waited, or was sent out, bears on attendance. Else it is noted here."""
    if report is not None:
        if seconds(clip(outside, report.start, report.end)) < report.end - report.start:
            return True
        await attendance.keep_report(tx, event, staff, report)
        return False
    joined = event.kind is EventKind.JOINED
    known = not joined and await attendance.attends(tx, event, staff)
    if known or not attendance.holds_moment(outside, at):
        return True
    await attendance.note_at_the_door(tx, event, at, joined=joined)
    return False


async def _keep_out(services: Services, event: Event, document: Mapping[str, Any]) -> None:
    """Send out who came by an old token although a host decided otherwise: tokens cannot be called back.

    Raises `Problem` (503) when the media server does not answer; then it sends the event again.
    """
    async with services.db.read() as session:
        member = await session.get(RoomMember, (event.room, event.staff_id))
    if member is None or member.standing == Standing.ADMITTED:
        return
    rights = document.get("participant", {}).get("permission")
    hears = isinstance(rights, dict) and bool(
        rights.get("canSubscribe") or rights.get("canPublish")
    )
    if member.standing == Standing.WAITING and not hears:
        return
    await services.media.remove(event.room, event.identity)


def _second(value: int) -> datetime:
    return datetime.fromtimestamp(value, UTC)
