"""Agreements and yearly plans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.rules import Person, Role
from server.clock import local_date
from server.errors import ErrorCode, Problem, not_found
from server.pairing.rules import ActivityKind, in_force
from storage.db import Actor
from storage.ids import new_id
from storage.tables.access import Organisation
from storage.tables.pairing import Agreement, AnnualPlan

if TYPE_CHECKING:
    from server.services import Services


class PairingAction(StrEnum):
    AGREEMENT_CREATED = "pairing:agreement:create"
    PLAN_CREATED = "pairing:plan:create"


def _concerns(agreement: Agreement, person: Person) -> bool:
    return person.organisation_id in (
        agreement.supporting_id,
        agreement.recipient_id,
        agreement.authority_id,
    )


async def access_agreement(session: AsyncSession, person: Person, agreement_id: str) -> Agreement:
    """An agreement of which the person's organisation is a party or the authority. Raises 404."""
    agreement = await session.get(Agreement, agreement_id)
    if agreement is None or not _concerns(agreement, person):
        raise not_found()
    return agreement


async def agreements_of(session: AsyncSession, person: Person) -> Sequence[Agreement]:
    """Every agreement that concerns the person's organisation, newest first."""
    organisation = person.organisation_id
    query = select(Agreement).where(
        or_(
            Agreement.supporting_id == organisation,
            Agreement.recipient_id == organisation,
            Agreement.authority_id == organisation,
        )
    )
    return (await session.execute(query.order_by(Agreement.starts_on.desc()))).scalars().all()


async def agreement_between(
    session: AsyncSession, supporting_id: str, recipient_id: str, day: date
) -> Agreement:
    """The agreement between two units in force on a day. Raises `Problem` (409)."""
    query = select(Agreement).where(
        Agreement.supporting_id == supporting_id, Agreement.recipient_id == recipient_id
    )
    for agreement in (await session.execute(query)).scalars():
        ended = agreement.terminated_at.date() if agreement.terminated_at else None
        if in_force(agreement.starts_on, agreement.ends_on, ended, day):
            return agreement
    raise Problem(ErrorCode.AGREEMENT_NOT_IN_FORCE)


async def today_of(session: AsyncSession, services: Services, organisation_id: str) -> date:
    """The calendar day in an organisation's zone."""
    organisation = await session.get(Organisation, organisation_id)
    zone = organisation.zone if organisation is not None else services.config.zone
    return local_date(services.clock.now(), zone)


async def create_agreement(
    services: Services,
    actor: Actor,
    *,
    number: str,
    supporting_id: str,
    recipient_id: str,
    authority_id: str,
    programme: str,
    starts_on: date,
    ends_on: date,
    departments: Iterable[str] = (),
    headcount: int = 0,
    liaison: str = "",
    filed_on: date | None = None,
) -> Agreement:
    """Register an agreement; both end days count."""
    async with services.db.write(actor) as tx:
        agreement = Agreement(
            id=new_id("agr"),
            number=number,
            supporting_id=supporting_id,
            recipient_id=recipient_id,
            authority_id=authority_id,
            programme=programme,
            starts_on=starts_on,
            ends_on=ends_on,
            departments=list(departments),
            headcount=headcount,
            liaison=liaison,
            filed_on=filed_on,
            created_at=tx.now,
            plans=[],
        )
        tx.session.add(agreement)
        tx.audit(PairingAction.AGREEMENT_CREATED, "agreement", agreement.id)
    return agreement


async def create_plan(
    services: Services,
    actor: Actor,
    *,
    agreement_id: str,
    year: int,
    targets: dict[ActivityKind, int],
    filed_on: date | None = None,
    accepted_on: date | None = None,
) -> AnnualPlan:
    """File a yearly plan: a target number of activities for each kind."""
    async with services.db.write(actor) as tx:
        plan = AnnualPlan(
            id=new_id("pln"),
            agreement_id=agreement_id,
            year=year,
            filed_on=filed_on,
            accepted_on=accepted_on,
            items=[
                {
                    "id": new_id("pit"),
                    "kind": kind.value,
                    "target": target,
                    "unit": "次",
                    "note": "",
                }
                for kind, target in sorted(targets.items())
            ],
            created_at=tx.now,
        )
        tx.session.add(plan)
        tx.audit(PairingAction.PLAN_CREATED, "annual_plan", plan.id)
    return plan


def may_manage(person: Person, agreement: Agreement) -> bool:
    """True for coordinators of either party."""
    return person.has(Role.COORDINATOR) and person.organisation_id in (
        agreement.supporting_id,
        agreement.recipient_id,
    )
