"""Rooms as their hosts know them: who hosts, who waits, who was sent out. Everything that moderates goes through here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.rules import Person
from server.errors import ErrorCode, Problem, not_found, wrong_state
from server.sessions.consult_access import Found, access_consult
from server.sessions.lecture_access import FoundLecture, access_lecture
from server.sessions.room_rules import Rank, Standing, rank
from server.sessions.rules import Door, LectureParty, Party
from server.sessions.schemas import SeatRole, SessionKind
from storage.db import Actor, Tx
from storage.tables.access import Staff
from storage.tables.rooms import RoomMember, SessionRoom
from storage.tables.sessions import Consult, Lecture, SessionSeat

if TYPE_CHECKING:
    from server.services import Services

CONSULT, LECTURE = "con_", "lec_"


@dataclass(frozen=True, slots=True)
class FoundRoom:
    """A session's room and how the person relates to it."""

    session: Consult | Lecture
    door: Door
    settings: SessionRoom | None
    person: Person
    runs: bool  # the person runs the session itself
    member: RoomMember | None

    @property
    def id(self) -> str:
        return self.session.id

    @property
    def kind(self) -> SessionKind:
        return SessionKind.CONSULT if isinstance(self.session, Consult) else SessionKind.LECTURE

    @property
    def type(self) -> str:
        """As audit rows name it."""
        return self.kind.value

    @property
    def locked(self) -> bool:
        return self.settings is not None and self.settings.locked

    @property
    def waiting(self) -> bool:
        """Whether those wait who do not belong to the session."""
        chosen = None if self.settings is None else self.settings.waiting
        return self.kind is SessionKind.CONSULT if chosen is None else chosen

    @property
    def rank(self) -> Rank:
        return rank_of(self.session, self.person.id, self.member, runs=self.runs)

    @property
    def entitled(self) -> bool:
        """Belongs to the session, and so comes straight in."""
        return self.rank is not Rank.MEMBER


def standing_of(member: RoomMember | None) -> Standing | None:
    return None if member is None else Standing(member.standing)


def inside(member: RoomMember | None) -> bool:
    """Whether a person is let in: also one of whom nothing was ever decided."""
    return standing_of(member) in (None, Standing.ADMITTED)


def check_inside(member: RoomMember | None) -> None:
    """Raises `Problem` (409) of somebody who is not let in."""
    if not inside(member):
        raise wrong_state(
            "这位成员还不在房间里。请先准许进入。",
            "This person is not in the room yet. Admit the person first.",
        )


def hosts(session: Consult | Lecture) -> set[str]:
    """People nobody sends out: the specialist of a consult; the lecturer, and who planned the lecture."""
    if isinstance(session, Consult):
        return {session.specialist_id} if session.specialist_id else set()
    return {session.lecturer_id, session.created_by}


def co_host_of(session: Consult | Lecture, staff_id: str, member: RoomMember | None) -> bool:
    """Given by a host; the doctor who asked for a consult is one until a host takes it back."""
    if member is not None and member.co_host is not None:
        return member.co_host
    return isinstance(session, Consult) and session.requester_id == staff_id


def rank_of(
    session: Consult | Lecture, staff_id: str, member: RoomMember | None, *, runs: bool = False
) -> Rank:
    return rank(
        host=runs or staff_id in hosts(session),
        co_host=co_host_of(session, staff_id, member),
        standing=standing_of(member),
    )


async def about(session: AsyncSession, found: Found | FoundLecture, person: Person) -> FoundRoom:
    """The room of a session that the person may see."""
    row = found.consult if isinstance(found, Found) else found.lecture
    runs = found.party in (Party.SPECIALIST, LectureParty.LECTURER, LectureParty.MANAGER)
    settings = await session.get(SessionRoom, row.id)
    member = await session.get(RoomMember, (row.id, person.id))
    return FoundRoom(row, found.door, settings, person, runs, member)


async def access_room(
    services: Services,
    session: AsyncSession,
    person: Person,
    room_id: str,
    *,
    now: datetime,
    lock: bool = False,
) -> FoundRoom:
    """The room of a session that the person may see. Absent and forbidden alike: `Problem` (404)."""
    found: Found | FoundLecture
    if room_id.startswith(CONSULT):
        found = await access_consult(session, person, now, room_id, lock=lock)
    elif room_id.startswith(LECTURE):
        found = await access_lecture(services, session, person, room_id, lock=lock)
    else:
        raise not_found()
    return await about(session, found, person)


def check_moderator(found: FoundRoom, *, host: bool = False) -> None:
    """Raises `Problem` (403) for everybody but hosts and, unless `host`, co-hosts."""
    if found.rank is Rank.MEMBER or (host and found.rank is not Rank.HOST):
        raise Problem(ErrorCode.NOT_ALLOWED)


@asynccontextmanager
async def moderating(
    services: Services, person: Person, actor: Actor, room_id: str, *, host: bool = False
) -> AsyncIterator[tuple[Tx, FoundRoom]]:
    """A write transaction holding the session. Raises `Problem`: 404, 403, 409 when the room is not open."""
    async with services.db.write(actor) as tx:
        found = await access_room(services, tx.session, person, room_id, now=tx.now, lock=True)
        check_moderator(found, host=host)
        if found.door is not Door.OPEN:
            raise wrong_state(
                "房间没有开放,或已经结束,不能管理。请刷新页面查看最新状态。",
                "The room is not open, or is over. Reload to see what changed.",
            )
        yield tx, found


async def settings_row(tx: Tx, found: FoundRoom) -> SessionRoom:
    row = found.settings
    if row is None:
        row = SessionRoom(session_id=found.id, locked=False, waiting=None, updated_at=tx.now)
        tx.session.add(row)
    return row


async def member_row(tx: Tx, session_id: str, staff_id: str, standing: Standing) -> RoomMember:
    """The person's row; a new one has the standing given."""
    row = await tx.session.get(RoomMember, (session_id, staff_id))
    if row is None:
        row = RoomMember(
            session_id=session_id,
            staff_id=staff_id,
            standing=standing,
            co_host=None,
            outside=[],
            reason="",
        )
        tx.session.add(row)
    return row


async def seats_of(session: AsyncSession, session_id: str, staff_id: str) -> list[SessionSeat]:
    """The devices with which a person has asked for the room, in the order of their identities."""
    query = select(SessionSeat).where(
        SessionSeat.session_id == session_id, SessionSeat.staff_id == staff_id
    )
    return list((await session.execute(query.order_by(SessionSeat.identity))).scalars())


async def somebody(
    session: AsyncSession, session_id: str, identity: str
) -> tuple[Staff, list[SessionSeat]]:
    """The person behind an identity in the room, and all devices of theirs. Raises `Problem` (404)."""
    staff_id = identity.partition("#")[0]
    seats = await seats_of(session, session_id, staff_id)
    if identity not in {seat.identity for seat in seats}:
        raise not_found()
    staff = await session.get(Staff, staff_id)
    assert staff is not None
    return staff, seats


def seat_role(session: Consult | Lecture, staff_id: str) -> SeatRole:
    """As what a person sits in the room."""
    if isinstance(session, Lecture):
        return SeatRole.LECTURER if session.lecturer_id == staff_id else SeatRole.AUDIENCE
    return SeatRole.SPECIALIST if session.specialist_id == staff_id else SeatRole.REQUESTER
