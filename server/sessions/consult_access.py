"""Who may see a consult, and as what. Everything reaches a consult through here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.rules import Person, Role
from server.assessment.policy import Policy
from server.clock import local_date
from server.errors import ErrorCode, Problem, not_found
from server.sessions.people import holds, policy_at
from server.sessions.rules import (
    ConsultEvent,
    ConsultState,
    Door,
    Party,
    Window,
    consult_door,
    may,
    next_consult,
    window,
)
from storage.db import Actor, Tx
from storage.tables.access import Organisation
from storage.tables.pairing import Agreement
from storage.tables.sessions import Consult

if TYPE_CHECKING:
    from server.services import Services

INVITING = (ConsultState.SUBMITTED, ConsultState.NEEDS_INFORMATION)


@dataclass(frozen=True, slots=True)
class Found:
    """A consult, how the person relates to it, and the agreement and policy that it runs under."""

    consult: Consult
    party: Party
    agreement: Agreement
    policy: Policy
    in_force: bool
    now: datetime

    @property
    def state(self) -> ConsultState:
        return ConsultState(self.consult.state)

    @property
    def clinical(self) -> bool:
        """Whether the person may read clinical text."""
        return self.party in (Party.REQUESTER, Party.SPECIALIST)

    @property
    def times(self) -> Window | None:
        consult = self.consult
        if consult.starts_at is None or consult.minutes is None:
            return None
        return window(consult.starts_at, consult.minutes, self.policy.join_before_minutes)

    @property
    def door(self) -> Door:
        consult = self.consult
        return consult_door(
            self.state, self.times, consult.live_at, consult.ended_by is not None, self.now
        )


def _invited(consult: Consult, person: Person) -> bool:
    """The specialist who took the case; until somebody does, everyone whom the invitation names."""
    if person.organisation_id != consult.supporting_id or not person.has(Role.SPECIALIST):
        return False
    if consult.specialist_id is not None:
        return consult.specialist_id == person.id
    if ConsultState(consult.state) not in INVITING:
        return False
    if consult.invited_id is not None:
        return consult.invited_id == person.id
    if consult.invited_department_id is not None:
        return consult.invited_department_id == person.department_id
    return True


def party_of(consult: Consult, person: Person, in_force: bool) -> Party | None:
    """How a person relates to a consult, or None (DOMAIN: "Who may see what").

    The invitation, and the coordinator's view, hold only while the agreement does.
    """
    if person.organisation_id == consult.requester_org_id and person.has(Role.RURAL_DOCTOR):
        return Party.REQUESTER
    if not in_force or consult.state == ConsultState.DRAFT:
        return None
    if _invited(consult, person):
        return Party.SPECIALIST
    if person.organisation_id == consult.supporting_id and person.has(Role.COORDINATOR):
        return Party.COORDINATOR
    return None


def visible_to(person: Person, agreements_in_force: Sequence[str]) -> ColumnElement[bool]:
    """`party_of` as a condition of SQL, for lists."""
    sides: list[ColumnElement[bool]] = []
    supporting = and_(
        Consult.supporting_id == person.organisation_id,
        Consult.agreement_id.in_(agreements_in_force),
        Consult.state != ConsultState.DRAFT,
    )
    if person.has(Role.RURAL_DOCTOR):
        sides.append(Consult.requester_org_id == person.organisation_id)
    if person.has(Role.COORDINATOR):
        sides.append(supporting)
    if person.has(Role.SPECIALIST):
        open_to_me = and_(
            Consult.specialist_id.is_(None),
            Consult.state.in_(INVITING),
            or_(
                Consult.invited_id == person.id,
                and_(
                    Consult.invited_id.is_(None),
                    or_(
                        Consult.invited_department_id.is_(None),
                        Consult.invited_department_id == person.department_id,
                    ),
                ),
            ),
        )
        sides.append(and_(supporting, or_(Consult.specialist_id == person.id, open_to_me)))
    return or_(*sides) if sides else false()


async def agreements_in_force(
    session: AsyncSession, organisation_id: str, now: datetime
) -> dict[str, tuple[Agreement, Organisation]]:
    """Agreements of a party that are in force now, each on the day of its recipient's zone."""
    query = (
        select(Agreement, Organisation)
        .join(Organisation, Organisation.id == Agreement.recipient_id)
        .where(
            or_(
                Agreement.supporting_id == organisation_id,
                Agreement.recipient_id == organisation_id,
            )
        )
    )
    rows = await session.execute(query)
    return {
        agreement.id: (agreement, recipient)
        for agreement, recipient in rows
        if holds(agreement, local_date(now, recipient.zone))
    }


def day_of(consult: Consult, moment: datetime) -> date:
    """The calendar day of a moment at the recipient."""
    return local_date(moment, consult.requester_org.zone)


async def find_consult(
    session: AsyncSession, now: datetime, consult_id: str, *, lock: bool = False
) -> tuple[Consult, Agreement, bool]:
    """A consult with its agreement and whether that holds today. Raises `Problem` (404)."""
    query = select(Consult).where(Consult.id == consult_id)
    if lock:
        query = query.with_for_update(of=Consult)
    consult = (await session.execute(query)).scalar_one_or_none()
    if consult is None:
        raise not_found()
    agreement = await session.get(Agreement, consult.agreement_id)
    assert agreement is not None
    return consult, agreement, holds(agreement, day_of(consult, now))


async def access_consult(
    session: AsyncSession, person: Person, now: datetime, consult_id: str, *, lock: bool = False
) -> Found:
    """A consult that the person may see. Absent and forbidden are answered alike: `Problem` (404)."""
    consult, agreement, in_force = await find_consult(session, now, consult_id, lock=lock)
    party = party_of(consult, person, in_force)
    if party is None:
        raise not_found()
    zone = consult.requester_org.zone
    policy = policy_at(agreement, consult.starts_at or now, zone)
    return Found(consult, party, agreement, policy, in_force, now)


def wrong_state_for(state: str, event: str) -> Problem:
    return Problem(ErrorCode.WRONG_STATE, data={"state": state, "event": event})


def apply(found: Found, event: ConsultEvent, now: datetime) -> None:
    """Move the consult on. Raises `Problem` (403 for the wrong side, 409 in the wrong state)."""
    allowed = may(found.state, event, found.party)
    target = next_consult(found.state, event)
    if target is None or (not allowed and _ever(event, found.party)):
        raise wrong_state_for(found.state, event)
    if not allowed:
        raise Problem(ErrorCode.NOT_ALLOWED)
    found.consult.state = target
    found.consult.updated_at = now


def _ever(event: ConsultEvent, party: Party) -> bool:
    return any(may(state, event, party) for state in ConsultState)


@asynccontextmanager
async def changing(
    services: Services, person: Person, actor: Actor, consult_id: str
) -> AsyncIterator[tuple[Tx, Found]]:
    """A write transaction holding the consult; tells both sides' pages when it commits."""
    async with services.db.write(actor) as tx:
        found = await access_consult(tx.session, person, tx.now, consult_id, lock=True)
        yield tx, found
        tell(tx, found.consult)


def tell(tx: Tx, consult: Consult) -> None:
    """Live event to the pages of both sides."""
    organisations = {consult.requester_org_id, consult.supporting_id}
    if consult.state == ConsultState.DRAFT:
        organisations.discard(consult.supporting_id)
    tx.emit("consults", consult.id, organisations=organisations)
