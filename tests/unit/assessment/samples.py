"""Facts for the tests of scoring: one agreement of 2026, one plan, entries on chosen days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from server.assessment.facts import AgreementFacts, PlanFacts, ScoringFacts
from server.assessment.policy import policy_for
from server.assessment.scoring import Line, Sheet, compute
from server.evidence.entries import LoggedEntry
from server.evidence.rules import Fact
from server.pairing.rules import ActivityKind
from tests.unit.evidence.samples import AGREEMENT, CITY, TOWNSHIP, entry, media

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
POLICY = policy_for("default", YEAR[1])
SHEET = POLICY.sheets["supporting_unit"]
TARGETS = {"consult": 20, "ecg_read": 100, "lecture": 4, "ward_round": 5}

AGREED = AgreementFacts(
    id=AGREEMENT,
    supporting_id=CITY,
    recipient_id=TOWNSHIP,
    starts_on=date(2026, 1, 1),
    ends_on=date(2027, 12, 31),
    filed_on=date(2026, 1, 10),
    liaison_named=True,
)


def plan(targets: Mapping[str, int] = TARGETS, year: int = 2026) -> PlanFacts:
    return PlanFacts(year, date(year, 2, 1), date(year, 2, 5), dict(targets))


def facts(entries: Sequence[LoggedEntry] = (), **changes: Any) -> ScoringFacts:
    base = ScoringFacts(
        agreement=AGREED,
        plans=(plan(),),
        entries=tuple(entries),
        first=YEAR[0],
        last=YEAR[1],
        zone="Asia/Shanghai",
    )
    return replace(base, **changes)


def score(given: ScoringFacts) -> Sheet:
    return compute(given, POLICY, SHEET)


def line(sheet: Sheet, name: str) -> Line:
    return next(item for item in sheet.lines if item.indicator.id == name)


def day(number: int) -> datetime:
    """10:00 in Shanghai on a day of 2026, counted from 0."""
    return datetime(2026, 1, 1, 2, 0, tzinfo=UTC) + timedelta(days=number)


def done(kind: ActivityKind, number: int, **changes: Any) -> LoggedEntry:
    return entry(kind, at=day(number), **changes)


def read(number: int, **given: Fact) -> LoggedEntry:
    return done(ActivityKind.ECG_READ, number, facts={"on_time": True, **given})


def lecture(number: int, seconds: int, learners: int = 1) -> LoggedEntry:
    """A lecture with so many learners of the recipient for so many seconds each."""
    at = day(number)
    people = tuple(media(f"stf_l{n}", TOWNSHIP, at, seconds, "learner") for n in range(learners))
    return entry(
        ActivityKind.LECTURE,
        at=at,
        seconds=max(seconds, 1),
        people=(media("stf_lecturer", CITY, at, seconds, "lecturer"), *people),
        facts={},
    )
