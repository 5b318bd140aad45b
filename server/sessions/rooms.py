"""Seats in rooms: who may come in when, under which identity, with which rights.

The same person may join from several devices: each device keeps its own identity (`<staff>`, `<staff>#2` …), so
that nobody puts himself out, and a reload of a page comes back under the same one. Attendance merges them again.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.rules import Person
from server.clock import local_date
from server.errors import ErrorCode, Problem, not_found, wrong_state
from server.sessions import consult_room
from server.sessions.consult_access import Found, access_consult, changing
from server.sessions.consult_service import ConsultAudit
from server.sessions.lecture_access import FoundLecture, access_lecture, tell
from server.sessions.lecture_service import LectureAudit, moved
from server.sessions.media import MediaUnavailable, Seat
from server.sessions.people import holds
from server.sessions.rules import (
    Door,
    LectureEvent,
    LectureParty,
    LectureState,
    Party,
    Window,
)
from server.sessions.schemas import RoomView, SeatRole, SessionKind
from storage.db import Actor, Tx
from storage.ids import new_id
from storage.tables.access import Organisation, Staff
from storage.tables.pairing import Agreement
from storage.tables.sessions import Consult, Lecture, SessionSeat

if TYPE_CHECKING:
    from server.services import Services

MAX_DEVICES = 8  # a further device takes over the seat that has been idle longest
EMPTY_TIMEOUT = 600  # seconds that a room waits for the first to come


def _let_in(door: Door, times: Window | None) -> None:
    """Raises `Problem` with the times of the door when it is not open."""
    if door is Door.OPEN:
        return
    data = {}
    if times is not None:
        data = {
            "opens_at": times.opens_at.isoformat(),
            "closes_at": times.closes_at.isoformat(),
        }
    if door is Door.TOO_EARLY:
        raise Problem(ErrorCode.JOIN_TOO_EARLY, data=data)
    if door is Door.OVER:
        raise Problem(ErrorCode.SESSION_OVER, data=data)
    raise wrong_state(
        "这一场还没有安排好时间,或已取消,不能进入。请查看当前状态。",
        "This session is not scheduled, or was cancelled. See its present state.",
    )


async def _open_room(services: Services, room: str, kind: SessionKind, title: str) -> None:
    try:
        await services.media.open_room(
            room, metadata={"kind": kind.value, "title": title}, empty_timeout=EMPTY_TIMEOUT
        )
    except MediaUnavailable:
        raise Problem(ErrorCode.MEDIA_UNAVAILABLE, headers={"Retry-After": "10"}) from None


def _identity(staff_id: str, number: int) -> str:
    return staff_id if number == 1 else f"{staff_id}#{number}"


async def _take_seat(tx: Tx, session_id: str, person: Person, device: str) -> SessionSeat:
    """This device's seat; a new device gets the next identity. The session is locked by the caller."""
    query = select(SessionSeat).where(
        SessionSeat.session_id == session_id, SessionSeat.staff_id == person.id
    )
    seats = list((await tx.session.execute(query)).scalars())
    seat = next((each for each in seats if each.device == device), None)
    if seat is None and len(seats) >= MAX_DEVICES:
        seat = min(seats, key=lambda each: (each.issued_at, each.identity))
        seat.device = device
    if seat is None:
        seat = SessionSeat(
            id=new_id("sea"),
            session_id=session_id,
            staff_id=person.id,
            device=device,
            identity=_identity(person.id, len(seats) + 1),
            speaker=False,
        )
        tx.session.add(seat)
    seat.issued_at = tx.now
    return seat


def _token(services: Services, seat: SessionSeat, staff: Staff, role: SeatRole) -> tuple[str, bool]:
    can_publish = role is not SeatRole.AUDIENCE or seat.speaker
    token = services.media.token(
        Seat(
            room=seat.session_id,
            identity=seat.identity,
            name=staff.name,
            can_publish=can_publish,
            metadata={
                "role": role.value,
                "title": staff.title,
                "organisation": staff.organisation.name,
            },
        )
    )
    return token, can_publish


async def _staff(tx: Tx, person: Person) -> Staff:
    staff = await tx.session.get(Staff, person.id)
    assert staff is not None
    return staff


def consult_title(consult: Consult) -> str:
    """Never names the patient: it travels to the media server."""
    return f"会诊 · {consult.requester_org.name} · {consult.supporting.name}"


def consult_seat(party: Party) -> SeatRole:
    return SeatRole.SPECIALIST if party is Party.SPECIALIST else SeatRole.REQUESTER


def _check_consult(found: Found) -> None:
    if not found.clinical:
        raise Problem(ErrorCode.NOT_ALLOWED)
    if not found.in_force:
        raise Problem(ErrorCode.AGREEMENT_NOT_IN_FORCE)
    _let_in(found.door, found.times)


async def _both_asked(tx: Tx, consult: Consult, since: datetime) -> bool:
    """Whether both sides have asked for a seat since the door opened."""
    query = (
        select(Staff.organisation_id)
        .join(SessionSeat, SessionSeat.staff_id == Staff.id)
        .where(SessionSeat.session_id == consult.id, SessionSeat.issued_at >= since)
        .distinct()
    )
    return len((await tx.session.execute(query)).all()) > 1


async def join_consult(
    services: Services, person: Person, actor: Actor, consult_id: str, device: str
) -> RoomView:
    """A seat in a consult's room.

    Raises `Problem`: 404, 403 for coordinators, 409 before time, after the end or in a wrong state, 503 when the
    media server does not answer; then nothing has changed.
    """
    async with services.db.read() as session:
        found = await access_consult(session, person, services.clock.now(), consult_id)
        _check_consult(found)
        title = consult_title(found.consult)
    await _open_room(services, consult_id, SessionKind.CONSULT, title)
    async with changing(services, person, actor, consult_id) as (tx, found):
        _check_consult(found)
        times = found.times
        assert times is not None
        seat = await _take_seat(tx, consult_id, person, device)
        tx.audit(ConsultAudit.JOINED, "consult", consult_id, {"identity": seat.identity})
        await tx.session.flush()
        if await _both_asked(tx, found.consult, times.opens_at):
            consult_room.ConsultRoom(tx, found.consult).begin(tx.now)
        role = consult_seat(found.party)
        token, can_publish = _token(services, seat, await _staff(tx, person), role)
        return RoomView(
            url="",
            token=token,
            room=consult_id,
            identity=seat.identity,
            kind=SessionKind.CONSULT,
            title=title,
            role=role,
            can_publish=can_publish,
            opens_at=times.opens_at,
            closes_at=times.closes_at,
        )


def lecture_seat(lecture: Lecture, person: Person) -> SeatRole:
    return SeatRole.LECTURER if lecture.lecturer_id == person.id else SeatRole.AUDIENCE


async def _agreement_holds(tx: Tx, person: Person, found: FoundLecture) -> None:
    """People of a recipient unit come in while its agreement is in force. Raises `Problem` (409)."""
    for invitation in found.lecture.invitations:
        if invitation.recipient_id == person.organisation_id:
            agreement = await tx.session.get(Agreement, invitation.agreement_id)
            unit = await tx.session.get(Organisation, invitation.recipient_id)
            assert agreement is not None
            assert unit is not None
            if not holds(agreement, local_date(found.now, unit.zone)):
                raise Problem(ErrorCode.AGREEMENT_NOT_IN_FORCE)


async def join_lecture(
    services: Services, person: Person, actor: Actor, lecture_id: str, device: str
) -> RoomView:
    """A seat in a lecture's room; the first one in the time of joining opens it for signing in.

    Raises `Problem`: 404, 409 before time, after the end or in a wrong state, 503.
    """
    async with services.db.read() as session:
        found = await access_lecture(services, session, person, lecture_id)
        _let_in(found.door, found.times)
        title = found.lecture.title
    await _open_room(services, lecture_id, SessionKind.LECTURE, title)
    async with services.db.write(actor) as tx:
        found = await access_lecture(services, tx.session, person, lecture_id, lock=True)
        _let_in(found.door, found.times)
        await _agreement_holds(tx, person, found)
        if found.state is LectureState.ANNOUNCED:
            moved(tx, found.lecture, LectureEvent.OPEN, LectureParty.SYSTEM)
            # Only the opening is news to the others: an audience comes all at once.
            tell(tx, found.lecture)
        seat = await _take_seat(tx, lecture_id, person, device)
        tx.audit(LectureAudit.JOINED, "lecture", lecture_id, {"identity": seat.identity})
        role = lecture_seat(found.lecture, person)
        token, can_publish = _token(services, seat, await _staff(tx, person), role)
        return RoomView(
            url="",
            token=token,
            room=lecture_id,
            identity=seat.identity,
            kind=SessionKind.LECTURE,
            title=title,
            role=role,
            can_publish=can_publish,
            opens_at=found.times.opens_at,
            closes_at=found.times.closes_at,
        )


async def _audience_seat(session: AsyncSession, lecture: Lecture, identity: str) -> str:
    """The id of a seat in the audience. Raises `Problem` (404)."""
    query = select(SessionSeat).where(
        SessionSeat.session_id == lecture.id, SessionSeat.identity == identity
    )
    seat = (await session.execute(query)).scalar_one_or_none()
    if seat is None or seat.staff_id == lecture.lecturer_id:
        raise not_found()
    return seat.id


async def allow_speaking(
    services: Services,
    person: Person,
    actor: Actor,
    lecture_id: str,
    identity: str,
    *,
    allowed: bool,
) -> None:
    """Let a device of the audience publish, or stop it. A reload keeps what was allowed.

    Raises `Problem`: 403 for the audience, 404 for an unknown identity, 409 when not open, 503.
    """
    async with services.db.read() as session:
        found = await access_lecture(services, session, person, lecture_id)
        if found.party is LectureParty.AUDIENCE:
            raise Problem(ErrorCode.NOT_ALLOWED)
        if found.state not in (LectureState.OPEN, LectureState.LIVE):
            raise wrong_state(
                "讲座还没有开放,或已经结束。", "The lecture is not open, or has ended."
            )
        seat_id = await _audience_seat(session, found.lecture, identity)
    try:
        await services.media.update(
            lecture_id, Seat(room=lecture_id, identity=identity, name="", can_publish=allowed)
        )
    except MediaUnavailable:
        raise Problem(ErrorCode.MEDIA_UNAVAILABLE, headers={"Retry-After": "10"}) from None
    async with services.db.write(actor) as tx:
        kept = await tx.session.get(SessionSeat, seat_id)
        assert kept is not None
        kept.speaker = allowed
        details = {"identity": identity, "allowed": allowed}
        tx.audit(LectureAudit.SPEAKER_SET, "lecture", lecture_id, details)
