"""What hosts and co-hosts do in a live room: every act is a named function, audited, and may be repeated.

The database decides, the media server follows (tokens, permissions, attributes and data of LiveKit's public surface):
when it does not answer, what was decided stands, the answer is 503, and pressing again brings it there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from server.access.rules import Person
from server.errors import ErrorCode, Problem, wrong_state
from server.sessions import consult_service, lecture_service, room_seats
from server.sessions.media import Seat
from server.sessions.people import person_ref
from server.sessions.room_access import (
    FoundRoom,
    access_room,
    check_inside,
    check_moderator,
    co_host_of,
    hosts,
    member_row,
    moderating,
    rank_of,
    seats_of,
    settings_row,
    somebody,
)
from server.sessions.room_rules import Standing, TrackKind, came_in, may_act_on, went_out
from server.sessions.room_schemas import DoorRequest, RoomMemberView, RoomStateView
from server.sessions.rules import ConsultState, LectureState
from storage.db import Actor, Tx
from storage.tables.access import Staff
from storage.tables.rooms import RoomMember
from storage.tables.sessions import Consult

if TYPE_CHECKING:
    from server.services import Services

AT_ONCE = 8  # calls to the media server at a time, when everybody is let in


class RoomAudit(StrEnum):
    """Audit actions. Sorted."""

    ADMITTED = "sessions:room:admit"
    CO_HOST_GIVEN = "sessions:room:give_co_host"
    CO_HOST_TAKEN = "sessions:room:take_co_host"
    LOCKED = "sessions:room:lock"
    MUTED = "sessions:room:mute"
    REFUSED = "sessions:room:refuse"
    REMOVED = "sessions:room:remove"
    UNLOCKED = "sessions:room:unlock"
    WAITED = "sessions:room:wait"
    WAITING_OFF = "sessions:room:waiting_off"
    WAITING_ON = "sessions:room:waiting_on"


NOTICES = {
    TrackKind.CAMERA: "camera_stopped",
    TrackKind.MICROPHONE: "muted",
    TrackKind.SCREEN: "screen_stopped",
}


async def _carry_out(calls: Iterable[Awaitable[Any]]) -> None:
    """Tell the media server. Raises `Problem` (503) when it does not answer."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(call: Awaitable[Any]) -> None:
        async with gate:
            await call

    done = await asyncio.gather(*(one(call) for call in calls), return_exceptions=True)
    for result in done:
        if isinstance(result, BaseException):
            raise result


async def _waiting(tx: Tx, found: FoundRoom) -> Sequence[RoomMember]:
    query = select(RoomMember).where(
        RoomMember.session_id == found.id, RoomMember.standing == Standing.WAITING
    )
    return (await tx.session.execute(query)).scalars().all()


async def _let_in_seats(tx: Tx, found: FoundRoom, member: RoomMember) -> list[Seat]:
    staff = await tx.session.get(Staff, member.staff_id)
    assert staff is not None
    seats = await seats_of(tx.session, found.id, member.staff_id)
    return [room_seats.let_in(found, seat, staff, member, runs=False) for seat in seats]


def _decided(tx: Tx, found: FoundRoom, member: RoomMember, standing: Standing, reason: str) -> None:
    member.standing = standing
    member.reason = reason
    member.waiting_since = None
    member.decided_by = found.person.id
    member.decided_at = tx.now


async def admit(
    services: Services,
    person: Person,
    actor: Actor,
    room_id: str,
    identities: Sequence[str],
    *,
    everybody: bool,
) -> None:
    """Let people in: some, or all who wait. Also takes back a refusal or a removal."""
    async with moderating(services, person, actor, room_id) as (tx, found):
        members = {row.staff_id: row for row in await _waiting(tx, found)} if everybody else {}
        for identity in identities:
            staff, _ = await somebody(tx.session, found.id, identity)
            row = await tx.session.get(RoomMember, (found.id, staff.id))
            if row is not None:  # without one nothing was ever decided: the person is in
                members[staff.id] = row
        for member in members.values():
            if member.standing != Standing.ADMITTED:
                _decided(tx, found, member, Standing.ADMITTED, "")
                member.outside = came_in(member.outside, tx.now)
                tx.audit(RoomAudit.ADMITTED, found.type, found.id, {"person": member.staff_id})
        seats = [seat for row in members.values() for seat in await _let_in_seats(tx, found, row)]
    await _carry_out(services.media.update(room_id, seat) for seat in seats)


async def refuse(
    services: Services, person: Person, actor: Actor, room_id: str, identity: str, reason: str
) -> None:
    """Turn away somebody who waits; the person reads the reason. Raises `Problem` (409) if not waiting."""
    async with moderating(services, person, actor, room_id) as (tx, found):
        staff, seats = await somebody(tx.session, found.id, identity)
        member = await tx.session.get(RoomMember, (found.id, staff.id))
        if member is None or member.standing not in (Standing.WAITING, Standing.REFUSED):
            raise wrong_state(
                "这位成员不在等候中。如要请出房间,请使用“移出”。",
                "This person is not waiting. To send somebody out, use “remove”.",
            )
        if member.standing == Standing.WAITING:
            _decided(tx, found, member, Standing.REFUSED, reason)
            tx.audit(RoomAudit.REFUSED, found.type, found.id, {"person": staff.id})
    await _carry_out(services.media.remove(room_id, seat.identity) for seat in seats)


async def _target(tx: Tx, found: FoundRoom, staff: Staff) -> RoomMember | None:
    """The row of somebody whom the person may act on. Raises `Problem` (403)."""
    member = await tx.session.get(RoomMember, (found.id, staff.id))
    if staff.id == found.person.id or not may_act_on(
        found.rank, rank_of(found.session, staff.id, member)
    ):
        raise Problem(
            ErrorCode.NOT_ALLOWED,
            zh="不能对主持人或自己这样操作;联席主持人之间也不能。请由主持人处理。",
            en="Not towards the host, yourself, or another co-host. Ask the host to do it.",
        )
    return member


async def remove(
    services: Services, person: Person, actor: Actor, room_id: str, identity: str, reason: str
) -> None:
    """Send a person out with all devices; coming back takes a new admission."""
    async with moderating(services, person, actor, room_id) as (tx, found):
        staff, seats = await somebody(tx.session, found.id, identity)
        await _target(tx, found, staff)
        member = await member_row(tx, found.id, staff.id, Standing.ADMITTED)
        if member.standing != Standing.REMOVED:
            _decided(tx, found, member, Standing.REMOVED, reason)
            member.outside = went_out(member.outside, tx.now)
            member.co_host = False
            for seat in seats:
                seat.speaker = False
            tx.audit(RoomAudit.REMOVED, found.type, found.id, {"person": staff.id})
    await _carry_out(services.media.remove(room_id, seat.identity) for seat in seats)


async def mute(
    services: Services, person: Person, actor: Actor, room_id: str, identity: str, kind: TrackKind
) -> None:
    """Stop the microphone, camera or screen of one device. Who is muted may speak again by a click of his own."""
    async with moderating(services, person, actor, room_id) as (tx, found):
        staff, _ = await somebody(tx.session, found.id, identity)
        await _target(tx, found, staff)
    stopped = await services.media.mute(room_id, identity, kind)
    if stopped:
        notice = {"notice": NOTICES[kind], "by": person.name}
        await services.media.tell(room_id, [identity], notice)
    if stopped:
        async with services.db.write(actor) as tx:
            details = {"identity": identity, "kind": kind.value}
            tx.audit(RoomAudit.MUTED, found.type, found.id, details)


async def set_co_host(
    services: Services, person: Person, actor: Actor, room_id: str, identity: str, *, given: bool
) -> None:
    """The host lets somebody help to moderate, or takes that back."""
    async with moderating(services, person, actor, room_id, host=True) as (tx, found):
        staff, seats = await somebody(tx.session, found.id, identity)
        member = await _target(tx, found, staff)
        check_inside(member)
        changed = co_host_of(found.session, staff.id, member) != given
        if changed:
            member = await member_row(tx, found.id, staff.id, Standing.ADMITTED)
            member.co_host = given
            action = RoomAudit.CO_HOST_GIVEN if given else RoomAudit.CO_HOST_TAKEN
            tx.audit(action, found.type, found.id, {"person": staff.id})
        told = [room_seats.let_in(found, seat, staff, member, runs=False) for seat in seats]
    notice = {"notice": "co_host_given" if given else "co_host_taken", "by": person.name}
    await _carry_out(services.media.update(room_id, seat) for seat in told)
    if changed:
        await _carry_out([services.media.tell(room_id, [seat.identity for seat in told], notice)])


async def set_door(
    services: Services, person: Person, actor: Actor, room_id: str, door: DoorRequest
) -> None:
    """Lock or unlock the room; let newcomers wait or not. Who is in stays in."""
    async with moderating(services, person, actor, room_id) as (tx, found):
        before = (found.locked, found.waiting)
        settings = await settings_row(tx, found)
        if door.locked is not None and door.locked != before[0]:
            settings.locked = door.locked
            action = RoomAudit.LOCKED if door.locked else RoomAudit.UNLOCKED
            tx.audit(action, found.type, found.id)
        if door.waiting is not None and door.waiting != before[1]:
            settings.waiting = door.waiting
            action = RoomAudit.WAITING_ON if door.waiting else RoomAudit.WAITING_OFF
            tx.audit(action, found.type, found.id)
        if tx.audited:
            settings.updated_at = tx.now
        elif found.settings is None:
            tx.session.expunge(settings)
        locked = door.locked if door.locked is not None else before[0]
        waiting = door.waiting if door.waiting is not None else before[1]
    told = room_seats.metadata(found, locked=locked, waiting=waiting)
    await _carry_out([services.media.describe(room_id, told)])


async def end(services: Services, person: Person, actor: Actor, room_id: str) -> None:
    """End the session for everybody. A second press finds it ended, which is what was wanted."""
    async with services.db.write(actor) as tx:
        found = await access_room(services, tx.session, person, room_id, now=tx.now, lock=True)
        check_moderator(found)
        if isinstance(found.session, Consult):
            if found.session.state != ConsultState.OPINION_DRAFT or not found.session.ended_by:
                consult_service.ended(tx, found.session, person.id)
        elif found.session.state != LectureState.ENDED:
            lecture_service.ended(tx, found.session)
    await consult_service.clear_room(services, room_id)


async def state(services: Services, person: Person, room_id: str) -> RoomStateView:
    """The room as its hosts see it. Raises `Problem`: 404, 403 for everybody else."""
    async with services.db.read() as session:
        found = await access_room(services, session, person, room_id, now=services.clock.now())
        check_moderator(found)
        query = (
            select(RoomMember, Staff)
            .join(Staff, Staff.id == RoomMember.staff_id)
            .where(RoomMember.session_id == room_id)
            .order_by(RoomMember.waiting_since, RoomMember.staff_id)
        )
        rows = (await session.execute(query)).all()
        members = [
            RoomMemberView(
                identity=staff.id,
                person=person_ref(staff),
                organisation=staff.organisation.name,
                standing=Standing(member.standing),
                co_host=co_host_of(found.session, staff.id, member)
                and staff.id not in hosts(found.session),
                waiting_since=member.waiting_since,
                reason=member.reason,
            )
            for member, staff in rows
        ]
    return RoomStateView(
        rank=found.rank, locked=found.locked, waiting=found.waiting, members=members
    )
