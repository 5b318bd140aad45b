"""Who may see a read: doctors of the unit that asks, specialists of the unit that reads. Nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.permissions import Permission, allows
from server.access.rules import Person
from server.errors import not_found
from server.pairing.rules import in_force
from server.pairing.service import today_of
from server.reads.rules import IN_PREPARATION, ReadState, Side, Standing
from storage.tables.pairing import Agreement
from storage.tables.reads import CriticalValue, ReadRequest

if TYPE_CHECKING:
    from server.services import Services


@dataclass(frozen=True, slots=True)
class Held:
    """A read that the person may see, from which side, and where it stands."""

    read: ReadRequest
    side: Side
    standing: Standing


def asks(person: Person) -> bool:
    return allows(person.roles, Permission.READS_READ_REQUEST)


def reads(person: Person) -> bool:
    return allows(person.roles, Permission.READS_READ_REPORT)


async def agreements_in_force(session: AsyncSession, supporting_id: str, today: date) -> list[str]:
    """Ids of the agreements under which a unit may read today."""
    query = select(
        Agreement.id, Agreement.starts_on, Agreement.ends_on, Agreement.terminated_at
    ).where(Agreement.supporting_id == supporting_id)
    return [
        row.id
        for row in await session.execute(query)
        if in_force(
            row.starts_on,
            row.ends_on,
            row.terminated_at.date() if row.terminated_at else None,
            today,
        )
    ]


async def _side(
    session: AsyncSession, services: Services, person: Person, read: ReadRequest
) -> Side | None:
    if read.requesting_id == person.organisation_id and asks(person):
        return Side.REQUESTER
    if read.supporting_id != person.organisation_id or not reads(person):
        return None
    if ReadState(read.state) in IN_PREPARATION or read.submitted_at is None:
        return None
    # DOMAIN: the specialist sees the case while the agreement holds.
    today = await today_of(session, services, person.organisation_id)
    held = await agreements_in_force(session, read.supporting_id, today)
    return Side.READER if read.agreement_id in held else None


async def standing_of(session: AsyncSession, read: ReadRequest) -> Standing:
    """Where a read stands now."""
    query = select(CriticalValue.id).where(
        CriticalValue.read_id == read.id, CriticalValue.acknowledged_at.is_(None)
    )
    waiting = (await session.execute(query.limit(1))).scalar_one_or_none()
    return Standing(ReadState(read.state), read.claimed_by, waiting is not None)


async def access_read(
    session: AsyncSession,
    services: Services,
    person: Person,
    read_id: str,
    *,
    lock: bool = False,
) -> Held:
    """A read that this person may see. Raises `Problem` (404) for absent and forbidden alike.

    `lock` holds the row until the transaction ends, so that of two writers the second sees the first.
    """
    read = await session.get(ReadRequest, read_id, with_for_update=lock or None)
    side = await _side(session, services, person, read) if read is not None else None
    if read is None or side is None:
        raise not_found()
    return Held(read, side, await standing_of(session, read))
