"""Finding entries: who may see which, filters, counts, marks. Reads only."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from server.access.rules import Person, Role
from server.assessment.policy import DEFAULT_PROGRAMME, Policy, policy_for
from server.errors import not_found
from server.evidence.entries import read_entry
from server.evidence.marks import Limits, Mark, MarkCode, marks_of
from server.evidence.schemas import EntriesFilter
from storage.tables.access import Organisation
from storage.tables.evidence import ActivityEntryRow, EntryPersonRow, EntryReasonRow
from storage.tables.pairing import Agreement

if TYPE_CHECKING:
    from server.services import Services

Row = ActivityEntryRow
Marks = Mapping[str, tuple[Mark, ...]]
CACHED_MARKS = 16


def may_see(person: Person) -> ColumnElement[bool]:
    """Agreements whose log a person sees: as assessor or authority of it, or as coordinator of a party.

    DOMAIN, "Who may see what": assessors see ledger and evidence; coordinators schedules and counts.
    """
    organisation = person.organisation_id
    allowed: list[ColumnElement[bool]] = []
    if person.has(Role.ASSESSOR, Role.AUTHORITY):
        allowed.append(Agreement.authority_id == organisation)
    if person.has(Role.COORDINATOR):
        allowed.append(Agreement.supporting_id == organisation)
        allowed.append(Agreement.recipient_id == organisation)
    return or_(*allowed) if allowed else false()


async def visible_agreements(session: AsyncSession, person: Person) -> Sequence[Agreement]:
    """Agreements whose log the person sees, newest first."""
    query = select(Agreement).where(may_see(person)).order_by(Agreement.starts_on.desc())
    return (await session.execute(query)).scalars().all()


async def access_agreement_log(
    session: AsyncSession, person: Person, agreement_id: str
) -> Agreement:
    """An agreement whose log the person sees. Raises `Problem` (404), absent and forbidden alike."""
    query = select(Agreement).where(Agreement.id == agreement_id, may_see(person))
    agreement = (await session.execute(query)).scalar_one_or_none()
    if agreement is None:
        raise not_found()
    return agreement


async def access_entry(session: AsyncSession, person: Person, entry_id: str) -> Row:
    """An entry of an agreement whose log the person sees. Raises `Problem` (404)."""
    query = (
        select(Row)
        .join(Agreement, Agreement.id == Row.agreement_id)
        .where(Row.id == entry_id, may_see(person))
    )
    row = (await session.execute(query)).scalar_one_or_none()
    if row is None:
        raise not_found()
    return row


async def zone_of(session: AsyncSession, services: Services, organisation_id: str) -> str:
    """The zone of an organisation, the default one if it is unknown."""
    organisation = await session.get(Organisation, organisation_id)
    return organisation.zone if organisation is not None else services.config.zone


def day_start(day: date, zone: str) -> datetime:
    """The first moment of a calendar day in a zone, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def in_days(first: date | None, last: date | None, zone: str) -> list[ColumnElement[bool]]:
    """Conditions on the start: from the first day to the last, both counted."""
    found: list[ColumnElement[bool]] = []
    if first is not None:
        found.append(Row.started_at >= day_start(first, zone))
    if last is not None:
        found.append(Row.started_at < day_start(last + timedelta(days=1), zone))
    return found


def conditions(wanted: EntriesFilter, zone: str, marks: Marks) -> list[ColumnElement[bool]]:
    """The filter as SQL conditions; marks are computed, so they become lists of ids."""
    found = in_days(wanted.from_, wanted.to, zone)
    if wanted.agreement_id is not None:
        found.append(Row.agreement_id == wanted.agreement_id)
    if wanted.kind is not None:
        found.append(Row.kind == wanted.kind)
    if wanted.unit is not None:
        found.append(or_(Row.supporting_id == wanted.unit, Row.recipient_id == wanted.unit))
    if wanted.person is not None:
        # An alias: `people_of` joins the table itself, and the inner query must not correlate with that.
        other = aliased(EntryPersonRow)
        took_part = and_(other.entry_id == Row.id, other.person_id == wanted.person)
        found.append(exists().where(took_part))
    if wanted.creditable is not None:
        found.append(Row.creditable.is_(wanted.creditable))
    if wanted.reason is not None:
        found.append(_reason(wanted.reason, marks))
    if wanted.doubtful is not None:
        found.append(Row.id.in_(list(marks)) if wanted.doubtful else Row.id.not_in(list(marks)))
    return found


def _reason(code: str, marks: Marks) -> ColumnElement[bool]:
    if code in set(MarkCode):
        return Row.id.in_([name for name, own in marks.items() if any(m.code == code for m in own)])
    named = and_(EntryReasonRow.entry_id == Row.id, EntryReasonRow.reason == code)
    return exists().where(named)


def superseded() -> ColumnElement[bool]:
    """True for entries that a correction replaced."""
    newer = aliased(Row)
    return exists().where(newer.corrects == Row.id)


@dataclass(slots=True)
class Counts:
    total: int = 0
    superseded: int = 0
    by_kind: dict[str, list[int]] = field(default_factory=dict)  # kind: [all, creditable]


async def count(session: AsyncSession, where: Sequence[ColumnElement[bool]]) -> Counts:
    """Counts of matching entries by kind and by creditable, corrected ones apart."""
    replaced = superseded().label("replaced")
    inner = select(Row.kind, Row.creditable, replaced).where(*where).subquery()
    columns = (inner.c.kind, inner.c.creditable, inner.c.replaced)
    query = select(*columns, func.count().label("n")).group_by(*columns)
    counts = Counts()
    for kind, creditable, was_replaced, n in await session.execute(query):
        counts.total += n
        if was_replaced:
            counts.superseded += n
            continue
        of_kind = counts.by_kind.setdefault(kind, [0, 0])
        of_kind[0] += n
        of_kind[1] += n if creditable else 0
    return counts


def ordered(where: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Matching entries, newest start first."""
    return select(Row).where(*where).order_by(Row.started_at.desc(), Row.id.desc())


async def corrected_by(session: AsyncSession, ids: Sequence[str]) -> dict[str, str]:
    """The correcting entry of each corrected one among the ids."""
    query = select(Row.corrects, Row.id).where(Row.corrects.in_(ids))
    return {old: new for old, new in await session.execute(query) if old is not None}


def limits_of(policy: Policy) -> Limits:
    """The programme's parameters of the marks."""
    return Limits(**policy.table("anomalies"))


async def marks_for(
    session: AsyncSession, services: Services, agreements: Sequence[Agreement], zone: str
) -> Marks:
    """Marks of all entries of the agreements, compared with each other; kept until one is added."""
    ids = sorted(agreement.id for agreement in agreements)
    state = select(func.count(), func.max(Row.recorded_at)).where(Row.agreement_id.in_(ids))
    stamp = (await session.execute(state)).one()
    key = (tuple(ids), zone, stamp[0], stamp[1])
    cache = _cache(services)
    if key not in cache:
        texts = select(Row.canonical).where(Row.agreement_id.in_(ids))
        canonical = (await session.execute(texts)).scalars().all()
        # Marks are shown, not scored: the newest version's limits serve for all.
        limits = limits_of(policy_for(DEFAULT_PROGRAMME, services.clock.now().date()))
        cache[key] = await asyncio.to_thread(_marks, canonical, limits, zone)
        while len(cache) > CACHED_MARKS:
            del cache[next(iter(cache))]
    return cache[key]


def _cache(services: Services) -> dict[Any, Marks]:
    cache = services.state.setdefault("evidence_marks", {})
    assert isinstance(cache, dict)
    return cache


def _marks(texts: Sequence[str], limits: Limits, zone: str) -> Marks:
    entries = []
    for text in texts:
        try:
            entries.append(read_entry(text))
        except (ValueError, KeyError, TypeError):
            continue  # a row that was tampered with is shown as damaged, and compared with nothing
    return marks_of(entries, limits, zone)


async def sealed_counts(session: AsyncSession) -> tuple[int, int]:
    """How many entries name a place in the log, and how many are pending."""
    query = select(func.count(Row.ledger_index), func.count())
    sealed, every = (await session.execute(query)).one()
    return sealed, every - sealed


async def people_of(session: AsyncSession, where: Sequence[ColumnElement[bool]]) -> list[str]:
    """Ids of everybody who took part in matching entries."""
    query = (
        select(EntryPersonRow.person_id)
        .join(Row, Row.id == EntryPersonRow.entry_id)
        .where(*where)
        .distinct()
    )
    return list((await session.execute(query)).scalars())
