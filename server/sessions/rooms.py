"""Seats in rooms: who may come in when, under which identity, with which rights.

The same person may join from several devices: each device keeps its own identity (`<staff>`, `<staff>#2` …), so
that nobody puts himself out, and a reload of a page comes back under the same one. Attendance merges them again.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.rules import Person
from server.clock import local_date
from server.errors import ErrorCode, Problem, not_found, wrong_state
from server.sessions import consult_room, room_seats
from server.sessions.consult_access import Found, access_consult, changing
from server.sessions.consult_service import ConsultAudit
from server.sessions.lecture_access import FoundLecture, access_lecture, tell
from server.sessions.lecture_service import LectureAudit, moved
from server.sessions.media import Seat
from server.sessions.moderation import RoomAudit
from server.sessions.people import holds
from server.sessions.room_access import (
    FoundRoom,
    about,
    check_inside,
    member_row,
    seat_role,
    seats_of,
    standing_of,
)
from server.sessions.room_rules import Entry, Standing, entry, went_out
from server.sessions.rules import (
    Door,
    LectureEvent,
    LectureParty,
    LectureState,
    Party,
    Window,
)
from server.sessions.schemas import JoinQuery, RoomView, SeatRole
from storage.db import Actor, Tx
from storage.ids import new_id
from storage.tables.access import Organisation, Staff
from storage.tables.pairing import Agreement
from storage.tables.rooms import RoomMember
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


async def _open_room(services: Services, found: FoundRoom) -> None:
    told = room_seats.metadata(found, locked=found.locked, waiting=found.waiting)
    await services.media.open_room(found.id, metadata=told, empty_timeout=EMPTY_TIMEOUT)


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


async def _come_in(tx: Tx, found: FoundRoom, query: JoinQuery) -> tuple[SessionSeat, Seat, bool]:
    """This device's seat, what it allows, and whether the person waits at the door.

    Raises `Problem`: 409 when the room is locked, 403 with the host's reason after a refusal.
    """
    person, member = found.person, found.member
    decided = entry(
        entitled=found.entitled,
        known=bool(await seats_of(tx.session, found.id, person.id)),
        standing=standing_of(member),
        locked=found.locked,
        waiting=found.waiting,
        again=query.again,
    )
    if decided is Entry.LOCKED:
        raise Problem(ErrorCode.ROOM_LOCKED)
    if decided is Entry.REFUSED:
        assert member is not None
        raise Problem(ErrorCode.ADMISSION_REFUSED, data={"reason": member.reason})
    seat = await _take_seat(tx, found.id, person, query.device)
    staff = await _staff(tx, person)
    if decided is Entry.IN:
        return seat, room_seats.let_in(found, seat, staff, member, runs=found.runs), False
    member = await member_row(tx, found.id, person.id, Standing.WAITING)
    member.outside = went_out(member.outside, tx.now)
    if member.waiting_since is None:
        member.standing, member.waiting_since = Standing.WAITING, tx.now
    return seat, room_seats.at_the_door(found, seat, staff, member), True


def _view(
    services: Services, found: FoundRoom, seat: Seat, waiting: bool, times: Window
) -> RoomView:
    return RoomView(
        url="",
        token=services.media.token(seat),
        room=found.id,
        identity=seat.identity,
        kind=found.kind,
        title=room_seats.title_of(found.session),
        role=seat_role(found.session, found.person.id),
        can_publish=seat.can_publish,
        waiting=waiting,
        rank=found.rank,
        opens_at=times.opens_at,
        closes_at=times.closes_at,
    )


async def _staff(tx: Tx, person: Person) -> Staff:
    staff = await tx.session.get(Staff, person.id)
    assert staff is not None
    return staff


def consult_seat(party: Party) -> SeatRole:
    return SeatRole.SPECIALIST if party is Party.SPECIALIST else SeatRole.REQUESTER


def _check_consult(found: Found) -> None:
    if not found.clinical:
        raise Problem(ErrorCode.NOT_ALLOWED)
    if not found.in_force:
        raise Problem(ErrorCode.AGREEMENT_NOT_IN_FORCE)
    _let_in(found.door, found.times)


async def _both_asked(tx: Tx, consult: Consult, since: datetime) -> bool:
    """Whether both sides have asked for a seat since the door opened, not counting who waits at it."""
    outside = and_(
        RoomMember.session_id == SessionSeat.session_id,
        RoomMember.staff_id == SessionSeat.staff_id,
        RoomMember.standing != Standing.ADMITTED,
    )
    query = (
        select(Staff.organisation_id)
        .join(SessionSeat, SessionSeat.staff_id == Staff.id)
        .outerjoin(RoomMember, outside)
        .where(SessionSeat.session_id == consult.id, SessionSeat.issued_at >= since)
        .where(RoomMember.staff_id.is_(None))
        .distinct()
    )
    return len((await tx.session.execute(query)).all()) > 1


async def join_consult(
    services: Services, person: Person, actor: Actor, consult_id: str, query: JoinQuery
) -> RoomView:
    """A seat in a consult's room, or at its door.

    Raises `Problem`: 404, 403 for coordinators and after a refusal, 409 before time, after the end, in a wrong state
    or when locked, 503 when the media server does not answer; then nothing has changed.
    """
    async with services.db.read() as session:
        consult = await access_consult(session, person, services.clock.now(), consult_id)
        _check_consult(consult)
        found = await about(session, consult, person)
    await _open_room(services, found)
    async with changing(services, person, actor, consult_id) as (tx, consult):
        _check_consult(consult)
        found = await about(tx.session, consult, person)
        times = consult.times
        assert times is not None
        seat, allowed, waiting = await _come_in(tx, found, query)
        action = RoomAudit.WAITED if waiting else ConsultAudit.JOINED
        tx.audit(action, "consult", consult_id, {"identity": seat.identity})
        await tx.session.flush()
        if not waiting and await _both_asked(tx, consult.consult, times.opens_at):
            consult_room.ConsultRoom(tx, consult.consult).begin(tx.now)
        return _view(services, found, allowed, waiting, times)


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
    services: Services, person: Person, actor: Actor, lecture_id: str, query: JoinQuery
) -> RoomView:
    """A seat in a lecture's room, or at its door; the first in the time of joining opens it for signing in.

    Raises `Problem`: 404, 403 after a refusal, 409 before time, after the end, in a wrong state or when locked, 503.
    """
    async with services.db.read() as session:
        lecture = await access_lecture(services, session, person, lecture_id)
        _let_in(lecture.door, lecture.times)
        found = await about(session, lecture, person)
    await _open_room(services, found)
    async with services.db.write(actor) as tx:
        lecture = await access_lecture(services, tx.session, person, lecture_id, lock=True)
        _let_in(lecture.door, lecture.times)
        await _agreement_holds(tx, person, lecture)
        if lecture.state is LectureState.ANNOUNCED:
            moved(tx, lecture.lecture, LectureEvent.OPEN, LectureParty.SYSTEM)
            # Only the opening is news to the others: an audience comes all at once.
            tell(tx, lecture.lecture)
        found = await about(tx.session, lecture, person)
        seat, allowed, waiting = await _come_in(tx, found, query)
        action = RoomAudit.WAITED if waiting else LectureAudit.JOINED
        tx.audit(action, "lecture", lecture_id, {"identity": seat.identity})
        return _view(services, found, allowed, waiting, lecture.times)


async def _audience_seat(session: AsyncSession, lecture: Lecture, identity: str) -> str:
    """The id of a seat in the audience. Raises `Problem` (404)."""
    query = select(SessionSeat).where(
        SessionSeat.session_id == lecture.id, SessionSeat.identity == identity
    )
    seat = (await session.execute(query)).scalar_one_or_none()
    if seat is None or seat.staff_id == lecture.lecturer_id:
        raise not_found()
    member = await session.get(RoomMember, (lecture.id, seat.staff_id))
    check_inside(member)
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
    seat = Seat(room=lecture_id, identity=identity, name="", can_publish=allowed)
    await services.media.update(lecture_id, seat)
    async with services.db.write(actor) as tx:
        kept = await tx.session.get(SessionSeat, seat_id)
        assert kept is not None
        kept.speaker = allowed
        details = {"identity": identity, "allowed": allowed}
        tx.audit(LectureAudit.SPEAKER_SET, "lecture", lecture_id, details)
