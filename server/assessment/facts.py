"""What scoring looks at, frozen: agreement, plans, log, registers, a period. Pure.

Days are calendar days of the recipient's zone, both ends counted (DOMAIN: "How a day of posting counts").
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from zoneinfo import ZoneInfo

from server.assessment.sheets import Text
from server.evidence.entries import LoggedEntry, current
from server.evidence.rules import CorrectionReason


@dataclass(frozen=True)
class AgreementFacts:
    """An agreement as scoring sees it. `ended_on` is the first day on which it no longer holds."""

    id: str
    supporting_id: str
    recipient_id: str
    starts_on: date
    ends_on: date
    ended_on: date | None = None
    filed_on: date | None = None
    liaison_named: bool = False

    @property
    def last_day(self) -> date:
        if self.ended_on is None:
            return self.ends_on
        return min(self.ends_on, self.ended_on - timedelta(days=1))


@dataclass(frozen=True)
class PlanFacts:
    """A yearly plan: target number of activities by kind."""

    year: int
    filed_on: date | None
    accepted_on: date | None
    targets: Mapping[str, int]


@dataclass(frozen=True)
class RegisterFigure:
    """A figure of a register that is kept elsewhere than in the activity log."""

    actual: Fraction
    target: Fraction
    basis: Text
    refs: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScoringFacts:
    """Everything a score depends on, beside the programme. The order of `entries` does not matter.

    `unverified` names entries whose row and ledger disagree, or that are not in the ledger yet; they earn
    nothing and are listed.
    """

    agreement: AgreementFacts
    plans: tuple[PlanFacts, ...]
    entries: tuple[LoggedEntry, ...]
    first: date
    last: date
    zone: str
    unverified: frozenset[str] = frozenset()
    registers: Mapping[str, RegisterFigure] = field(default_factory=dict)

    @cached_property
    def in_period(self) -> tuple[LoggedEntry, ...]:
        """The newest of each chain of corrections that starts in the period, in order of start."""
        found = [
            entry
            for entry in current(self.entries)
            if entry.agreement_id == self.agreement.id
            and self.first <= self.day_of(entry) <= self.last
        ]
        return tuple(sorted(found, key=lambda entry: (entry.started_at, entry.id)))

    @cached_property
    def creditable(self) -> tuple[LoggedEntry, ...]:
        """Entries that earn points."""
        return tuple(
            entry
            for entry in self.in_period
            if entry.creditable
            and entry.id not in self.unverified
            and entry.correction_reason != CorrectionReason.FALSIFIED
        )

    def day_of(self, entry: LoggedEntry) -> date:
        """The day that an activity belongs to: that of its start."""
        return entry.started_at.astimezone(ZoneInfo(self.zone)).date()

    def plan_of(self, year: int) -> PlanFacts | None:
        return next((plan for plan in self.plans if plan.year == year), None)

    def covered_days(self, year: int) -> int:
        """Days of a year that lie in the period and in the agreement's term."""
        start = max(self.first, self.agreement.starts_on, date(year, 1, 1))
        end = min(self.last, self.agreement.last_day, date(year, 12, 31))
        return max(0, (end - start).days + 1)

    def term_days(self, year: int) -> int:
        """Days of a year that lie in the agreement's agreed term: what a yearly plan is made for."""
        start = max(self.agreement.starts_on, date(year, 1, 1))
        end = min(self.agreement.ends_on, date(year, 12, 31))
        return max(0, (end - start).days + 1)

    @property
    def covered_years(self) -> list[int]:
        """Years of the period with at least one day of the agreement."""
        years = range(self.first.year, self.last.year + 1)
        return [year for year in years if self.covered_days(year) > 0]

    def months(self) -> Iterator[tuple[date, date]]:
        """First and last day of each calendar month of the period, cut to the period."""
        start = self.first
        while start <= self.last:
            _, length = calendar.monthrange(start.year, start.month)
            end = min(self.last, date(start.year, start.month, length))
            yield start, end
            start = end + timedelta(days=1)


def year_days(year: int) -> int:
    """365 or 366."""
    return 366 if calendar.isleap(year) else 365
