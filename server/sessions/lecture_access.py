"""Who may see a lecture, and as what. Everything reaches a lecture through here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.rules import Person, Role
from server.assessment.policy import Policy
from server.errors import ErrorCode, Problem, not_found
from server.sessions.consult_access import wrong_state_for
from server.sessions.people import policy_at
from server.sessions.rules import (
    Door,
    LectureEvent,
    LectureParty,
    LectureState,
    Window,
    lecture_door,
    lecture_may,
    next_lecture,
    window,
)
from storage.db import Actor, Tx
from storage.tables.pairing import Agreement
from storage.tables.sessions import Lecture, LectureInvitation

if TYPE_CHECKING:
    from server.services import Services


@dataclass(frozen=True, slots=True)
class FoundLecture:
    """A lecture, how the person relates to it, and the policy of its first agreement."""

    lecture: Lecture
    party: LectureParty
    policy: Policy
    now: datetime

    @property
    def state(self) -> LectureState:
        return LectureState(self.lecture.state)

    @property
    def times(self) -> Window:
        return window(self.lecture.starts_at, self.lecture.minutes, self.policy.join_before_minutes)

    @property
    def door(self) -> Door:
        return lecture_door(self.state, self.times, self.lecture.live_at, self.now)


def party_of(lecture: Lecture, person: Person) -> LectureParty | None:
    """How a person relates to a lecture, or None. The audience sees it once it was announced."""
    if person.id == lecture.lecturer_id:
        return LectureParty.LECTURER
    inside = person.organisation_id == lecture.supporting_id
    if inside and (person.has(Role.COORDINATOR) or person.id == lecture.created_by):
        return LectureParty.MANAGER
    invited = person.organisation_id in {row.recipient_id for row in lecture.invitations}
    if lecture.announced_at is not None and (inside or invited):
        return LectureParty.AUDIENCE
    return None


def visible_to(person: Person) -> ColumnElement[bool]:
    """`party_of` as a condition of SQL, for lists."""
    invited = select(LectureInvitation.lecture_id).where(
        LectureInvitation.recipient_id == person.organisation_id
    )
    inside = Lecture.supporting_id == person.organisation_id
    managed = Lecture.lecturer_id == person.id
    if person.has(Role.COORDINATOR):
        managed = or_(managed, inside)
    else:
        managed = or_(managed, and_(inside, Lecture.created_by == person.id))
    announced = and_(
        Lecture.announced_at.is_not(None), or_(inside, Lecture.id.in_(invited.scalar_subquery()))
    )
    return or_(managed, announced)


async def policies_of(
    session: AsyncSession, lectures: Iterable[Lecture], zone: str
) -> dict[str, Policy]:
    """The policy that each lecture runs under: that of its first agreement, on its day."""
    found = list(lectures)
    wanted = {lecture.invitations[0].agreement_id for lecture in found}
    rows = (await session.execute(select(Agreement).where(Agreement.id.in_(wanted)))).scalars()
    agreements = {row.id: row for row in rows}
    return {
        lecture.id: policy_at(
            agreements[lecture.invitations[0].agreement_id], lecture.starts_at, zone
        )
        for lecture in found
    }


async def find_lecture(session: AsyncSession, lecture_id: str, *, lock: bool = False) -> Lecture:
    """A lecture, without a check of who asks. Raises `Problem` (404)."""
    query = select(Lecture).where(Lecture.id == lecture_id)
    if lock:
        query = query.with_for_update(of=Lecture)
    lecture = (await session.execute(query)).scalar_one_or_none()
    if lecture is None:
        raise not_found()
    return lecture


async def access_lecture(
    services: Services,
    session: AsyncSession,
    person: Person,
    lecture_id: str,
    *,
    lock: bool = False,
) -> FoundLecture:
    """A lecture that the person may see. Absent and forbidden are answered alike: `Problem` (404)."""
    lecture = await find_lecture(session, lecture_id, lock=lock)
    party = party_of(lecture, person)
    if party is None:
        raise not_found()
    policies = await policies_of(session, [lecture], services.config.zone)
    return FoundLecture(lecture, party, policies[lecture.id], services.clock.now())


def apply(lecture: Lecture, event: LectureEvent, party: LectureParty, now: datetime) -> None:
    """Move the lecture on. Raises `Problem` (403 for the wrong person, 409 in the wrong state)."""
    state = LectureState(lecture.state)
    if not any(lecture_may(each, event, party) for each in LectureState):
        raise Problem(ErrorCode.NOT_ALLOWED)
    target = next_lecture(state, event)
    if target is None:
        raise wrong_state_for(state, event)
    lecture.state = target
    lecture.updated_at = now


@asynccontextmanager
async def changing(
    services: Services, person: Person, actor: Actor, lecture_id: str
) -> AsyncIterator[tuple[Tx, FoundLecture]]:
    """A write transaction holding the lecture; tells the pages of all concerned when it commits."""
    async with services.db.write(actor) as tx:
        found = await access_lecture(services, tx.session, person, lecture_id, lock=True)
        yield tx, found
        tell(tx, found.lecture)


def tell(tx: Tx, lecture: Lecture) -> None:
    """Live event to the pages of everybody who may see the lecture."""
    organisations = {lecture.supporting_id}
    if lecture.announced_at is not None:
        organisations |= {row.recipient_id for row in lecture.invitations}
    tx.emit("lectures", lecture.id, organisations=organisations)
