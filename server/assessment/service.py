"""Loading what a score depends on, and computing it in a thread. Reads only."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.rules import Person
from server.assessment.facts import AgreementFacts, PlanFacts, ScoringFacts
from server.assessment.outlook import standing
from server.assessment.policy import Policy, UnknownProgramme, policy_for
from server.assessment.scoring import Sheet, Verdict, compute
from server.clock import local_date
from server.errors import wrong_state
from server.evidence.entries import LoggedEntry
from server.evidence.proof import EntryState, quick_state, read_row
from server.evidence.queries import Marks, marks_for, sealed_counts, visible_agreements, zone_of
from storage.tables.access import Organisation
from storage.tables.evidence import ActivityEntryRow
from storage.tables.pairing import Agreement

if TYPE_CHECKING:
    from server.services import Services
    from storage.ledger import Ledger
    from storage.notes import Checkpoint

SHEET = "supporting_unit"


@dataclass(frozen=True)
class Subject:
    """A computed sheet with what it was computed from."""

    agreement: Agreement
    facts: ScoringFacts
    policy: Policy
    sheet: Sheet
    marks: Marks
    log_size: int
    log_root: str
    log_at: str
    log_complete: bool  # no row of the database is missing
    closed: bool  # the period is over

    @property
    def verdict(self) -> Verdict:
        """As of now."""
        return standing(self.sheet, closed=self.closed)

    @property
    def doubtful(self) -> dict[str, list[str]]:
        """Mark code → entries of the period; `unverified` among them."""
        found: dict[str, list[str]] = defaultdict(list)
        for entry in self.facts.in_period:
            if entry.id in self.facts.unverified:
                found["unverified"].append(entry.id)
            for mark in self.marks.get(entry.id, ()):
                found[mark.code].append(entry.id)
        return dict(found)


@dataclass(frozen=True)
class _Material:
    """Rows of the database, before they are read and checked."""

    agreement: Agreement
    rows: Sequence[ActivityEntryRow]
    zone: str


def half_year(day: date) -> tuple[date, date]:
    """The half-year of a day: supporters are assessed half-yearly (003 四(四))."""
    if day.month <= 6:
        return date(day.year, 1, 1), date(day.year, 6, 30)
    return date(day.year, 7, 1), date(day.year, 12, 31)


async def period_or_present(
    session: AsyncSession,
    services: Services,
    person: Person,
    first: date | None,
    last: date | None,
) -> tuple[date, date]:
    """The period asked for, or the present half-year of the person's organisation."""
    if first is not None and last is not None:
        return first, last
    zone = await zone_of(session, services, person.organisation_id)
    return half_year(local_date(services.clock.now(), zone))


def agreement_facts(agreement: Agreement, zone: str) -> AgreementFacts:
    ended = agreement.terminated_at
    return AgreementFacts(
        id=agreement.id,
        supporting_id=agreement.supporting_id,
        recipient_id=agreement.recipient_id,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        ended_on=local_date(ended, zone) if ended else None,
        filed_on=agreement.filed_on,
        liaison_named=bool(agreement.liaison.strip()),
    )


def plan_facts(agreement: Agreement) -> tuple[PlanFacts, ...]:
    plans = []
    for plan in agreement.plans:
        targets: dict[str, int] = defaultdict(int)
        for item in plan.items:
            targets[str(item["kind"])] += int(item["target"])
        plans.append(PlanFacts(plan.year, plan.filed_on, plan.accepted_on, dict(targets)))
    return tuple(plans)


def _read_rows(
    rows: Sequence[ActivityEntryRow], ledger: Ledger
) -> tuple[tuple[LoggedEntry, ...], frozenset[str]]:
    entries, unverified = [], set()
    for row in rows:
        entry = read_row(row)
        if entry is None:
            continue  # nothing can be read of it; the log's list shows it as damaged
        entries.append(entry)
        if quick_state(row, entry, ledger) is not EntryState.VERIFIED:
            unverified.add(entry.id)
    return tuple(entries), frozenset(unverified)


def _policy(programme: str, day: date) -> Policy:
    try:
        policy = policy_for(programme, day)
    except UnknownProgramme:
        policy = None
    if policy is None or SHEET not in policy.sheets:
        raise wrong_state(
            "本系统没有该协议所用的考核规则版本。请联系管理员安装规则文件。",
            "This house does not hold the programme of that agreement. Ask the administrator to add it.",
        )
    return policy


@dataclass(frozen=True)
class _Question:
    """What is asked of every agreement alike."""

    first: date
    last: date
    now: datetime
    marks: Marks
    head: Checkpoint  # the log's, taken before the rows were counted
    rows: int  # entries of the database, sealed or pending


def _compute(material: _Material, asked: _Question, ledger: Ledger) -> Subject:
    head = asked.head
    entries, unverified = _read_rows(material.rows, ledger)
    agreement = material.agreement
    facts = ScoringFacts(
        agreement=agreement_facts(agreement, material.zone),
        plans=plan_facts(agreement),
        entries=entries,
        first=asked.first,
        last=asked.last,
        zone=material.zone,
        unverified=unverified,
    )
    policy = _policy(agreement.programme, asked.last)
    sheet = compute(facts, policy, policy.sheets[SHEET])
    return Subject(
        agreement=agreement,
        facts=facts,
        policy=policy,
        sheet=sheet,
        marks=asked.marks,
        log_size=head.size,
        log_root=head.root.hex(),
        log_at=head.at,
        log_complete=asked.rows >= head.size,
        closed=local_date(asked.now, material.zone) > asked.last,
    )


async def _material(
    session: AsyncSession, services: Services, agreements: Sequence[Agreement]
) -> list[_Material]:
    ids = [agreement.id for agreement in agreements]
    query = select(ActivityEntryRow).where(ActivityEntryRow.agreement_id.in_(ids))
    rows: Mapping[str, list[ActivityEntryRow]] = defaultdict(list)
    for row in (await session.execute(query)).scalars():
        rows[row.agreement_id].append(row)
    zones = {
        row.id: row.zone
        for row in await session.execute(select(Organisation.id, Organisation.zone))
    }
    return [
        _Material(
            agreement,
            rows[agreement.id],
            zones.get(agreement.recipient_id, services.config.zone),
        )
        for agreement in agreements
    ]


async def score(
    session: AsyncSession,
    services: Services,
    person: Person,
    agreements: Sequence[Agreement],
    first: date,
    last: date,
) -> list[Subject]:
    """The sheets of agreements that the person may see, computed in a thread. Raises `Problem` (409)."""
    head = services.ledger.head()
    visible = await visible_agreements(session, person)
    zone = await zone_of(session, services, person.organisation_id)
    marks = await marks_for(session, services, visible, zone)
    materials = await _material(session, services, agreements)
    sealed, pending = await sealed_counts(session)
    asked = _Question(first, last, services.clock.now(), marks, head, sealed + pending)

    def work() -> list[Subject]:
        return [_compute(item, asked, services.ledger) for item in materials]

    return await asyncio.to_thread(work)
