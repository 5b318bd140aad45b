"""Today at a glance: what a person can join, and what waits for an answer."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.permissions import Permission, allows
from server.access.rules import Person
from server.sessions import consult_views, lecture_views
from server.sessions.consult_access import Found, agreements_in_force, visible_to
from server.sessions.lecture_access import FoundLecture
from server.sessions.room_seats import title_of
from server.sessions.rooms import consult_seat, lecture_seat
from server.sessions.rules import (
    LECTURE_DONE,
    ConsultState,
    Door,
    LectureState,
    Party,
)
from server.sessions.schemas import AgendaCounts, AgendaItem, AgendaView, SessionKind
from storage.tables.access import Organisation
from storage.tables.sessions import Consult, Lecture

if TYPE_CHECKING:
    from server.services import Services

C = ConsultState


def _day(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The calendar day around a moment, as moments."""
    local = now.astimezone(ZoneInfo(zone))
    start = datetime.combine(local.date(), time(), ZoneInfo(zone))
    return start, datetime.combine(local.date() + timedelta(days=1), time(), ZoneInfo(zone))


def _consult_item(found: Found) -> AgendaItem | None:
    consult, times = found.consult, found.times
    if times is None or consult.starts_at is None or consult.minutes is None:
        return None
    asking = found.party is Party.REQUESTER
    return AgendaItem(
        kind=SessionKind.CONSULT,
        id=consult.id,
        title=title_of(consult),
        state=consult.state,
        starts_at=consult.starts_at,
        minutes=consult.minutes,
        opens_at=times.opens_at,
        closes_at=times.closes_at,
        can_join=found.door is Door.OPEN and found.in_force,
        role=consult_seat(found.party),
        with_name=consult.supporting.name if asking else consult.requester_org.name,
    )


def _lecture_item(found: FoundLecture, person: Person) -> AgendaItem:
    lecture, times = found.lecture, found.times
    return AgendaItem(
        kind=SessionKind.LECTURE,
        id=lecture.id,
        title=lecture.title,
        state=lecture.state,
        starts_at=lecture.starts_at,
        minutes=lecture.minutes,
        opens_at=times.opens_at,
        closes_at=times.closes_at,
        can_join=found.door is Door.OPEN,
        role=lecture_seat(lecture, person),
        with_name=lecture.lecturer.name,
    )


async def _consults(
    session: AsyncSession, person: Person, now: datetime, start: datetime, end: datetime
) -> list[AgendaItem]:
    today = and_(Consult.state == C.SCHEDULED, Consult.starts_at >= start, Consult.starts_at < end)
    found, _ = await consult_views.find(
        session, person, now, or_(today, Consult.state == C.LIVE), limit=50
    )
    items = [_consult_item(item) for item in found if item.clinical]
    return [item for item in items if item is not None]


async def _lectures(
    services: Services, session: AsyncSession, person: Person, start: datetime, end: datetime
) -> list[AgendaItem]:
    done = [state.value for state in LECTURE_DONE]
    shown = and_(
        Lecture.state.not_in([*done, LectureState.PLANNED.value]),
        or_(
            and_(Lecture.starts_at >= start, Lecture.starts_at < end),
            Lecture.state.in_([LectureState.OPEN.value, LectureState.LIVE.value]),
        ),
    )
    found = await lecture_views.find(services, session, person, shown, limit=50)
    return [_lecture_item(item, person) for item in found]


async def _counts(session: AsyncSession, person: Person, now: datetime) -> AgendaCounts:
    holding = await agreements_in_force(session, person.organisation_id, now)
    query = (
        select(Consult.state, func.count())
        .where(visible_to(person, list(holding)), consult_views.waiting_for(person))
        .group_by(Consult.state)
    )
    number: dict[str, int] = {state: int(n) for state, n in await session.execute(query)}
    return AgendaCounts(
        consults_to_answer=number.get(C.SUBMITTED, 0),
        consults_to_complete=number.get(C.NEEDS_INFORMATION, 0) + number.get(C.ACCEPTED, 0),
        opinions_to_sign=number.get(C.OPINION_DRAFT, 0),
        outcomes_to_report=number.get(C.SIGNED, 0) + number.get(C.FILED_BACK, 0),
    )


async def today(services: Services, person: Person) -> AgendaView:
    """The person's sessions of the own organisation's calendar day, and those that run now."""
    now = services.clock.now()
    async with services.db.read() as session:
        own = await session.get(Organisation, person.organisation_id)
        start, end = _day(now, own.zone if own is not None else services.config.zone)
        sessions = await _lectures(services, session, person, start, end)
        counts = AgendaCounts(
            consults_to_answer=0, consults_to_complete=0, opinions_to_sign=0, outcomes_to_report=0
        )
        if allows(person.roles, Permission.SESSIONS_CONSULT_VIEW):
            sessions += await _consults(session, person, now, start, end)
            counts = await _counts(session, person, now)
    sessions.sort(key=lambda item: (item.starts_at, item.id))
    return AgendaView(now=now, sessions=sessions, counts=counts)
