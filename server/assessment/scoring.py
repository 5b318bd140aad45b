"""The score sheet of a period. Pure, standard library only, exact arithmetic.

The same entries, plans and programme version give the same sheet on any machine and in any order; points are
rounded half up to hundredths once, per indicator, so that the sheet adds up as printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from server.assessment.facts import ScoringFacts
from server.assessment.measures import REGISTER, Figure, Status, measure
from server.assessment.policy import Policy
from server.assessment.sheets import Formula, Group, Indicator, ScoreSheet, Text, VetoItem
from server.evidence.rules import CorrectionReason

FORMULAS = {
    Formula.PROPORTIONAL: Text(
        "得分 = 权重 × min(1, 实际 ÷ 目标)", "points = weight × min(1, actual ÷ target)"
    ),
    Formula.SHARE: Text("得分 = 权重 × 达标 ÷ 应达标", "points = weight × met ÷ due"),
    Formula.YES_NO: Text("得分 = 权重 × 达标 ÷ 应达标", "points = weight × met ÷ due"),
}


class Verdict(StrEnum):
    FAIL = "fail"  # even with everything unknown in full, below the pass mark
    OPEN = "open"  # the period runs, and the pass mark can still be reached (`outlook.standing`)
    PASS = "pass"  # the known part alone reaches the pass mark  # noqa: S105
    UNDETERMINED = "undetermined"  # depends on what is unknown
    VETOED = "vetoed"


class VetoState(StrEnum):
    CLEAR = "clear"
    STRUCK = "struck"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Line:
    """One indicator of a sheet. `points` is None while its data is unknown."""

    indicator: Indicator
    figure: Figure
    points: Decimal | None

    @property
    def lost(self) -> Decimal:
        """Points of a known line that were not earned."""
        return Decimal(0) if self.points is None else self.indicator.weight - self.points


@dataclass(frozen=True)
class GroupScore:
    group: Group
    points: Decimal
    known_weight: int


@dataclass(frozen=True)
class VetoLine:
    item: VetoItem
    state: VetoState
    basis: Text
    entries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A computed sheet. `points` is of what is known; `unknown` is the weight of what is not."""

    sheet: ScoreSheet
    lines: tuple[Line, ...]
    groups: tuple[GroupScore, ...]
    vetoes: tuple[VetoLine, ...]
    points: Decimal
    unknown: int
    pass_mark: int
    verdict: Verdict

    @property
    def known_weight(self) -> int:
        return self.sheet.scale - self.unknown

    @property
    def highest(self) -> Decimal:
        """The score if everything unknown were in full."""
        return self.points + self.unknown

    @property
    def short(self) -> Decimal:
        """What the known points lack to the pass mark."""
        return max(Decimal(0), self.pass_mark - self.points)


def hundredths(value: Fraction) -> Decimal:
    """Rounded half up to 0.01."""
    return Decimal((value * 100 + Fraction(1, 2)).__floor__()).scaleb(-2)


def points_of(indicator: Indicator, figure: Figure) -> Decimal | None:
    """The points of a figure, None when it is unknown or pending."""
    if figure.status is Status.NONE_DUE:
        return hundredths(Fraction(indicator.weight))
    if figure.status is not Status.KNOWN or figure.target <= 0:
        return None
    share = min(Fraction(1), figure.actual / figure.target)
    return hundredths(indicator.weight * share)


def _no_agreement(facts: ScoringFacts, item: VetoItem) -> VetoLine:
    days = sum(facts.covered_days(year) for year in facts.covered_years)
    basis = Text(
        f"考核期内协议有效 {days} 天", f"The agreement is in force on {days} days of the period"
    )
    return VetoLine(item, VetoState.CLEAR if days else VetoState.STRUCK, basis)


def _falsified(facts: ScoringFacts, item: VetoItem) -> VetoLine:
    found = tuple(
        entry.id
        for entry in facts.in_period
        if entry.correction_reason == CorrectionReason.FALSIFIED
    )
    if found:
        text = Text(f"{len(found)} 条记录被认定虚假", f"{len(found)} entries found falsified")
        return VetoLine(item, VetoState.STRUCK, text, found)
    text = Text("没有被认定虚假的记录", "No entry was found to be falsified")
    return VetoLine(item, VetoState.CLEAR, text)


def veto(facts: ScoringFacts, item: VetoItem) -> VetoLine:
    """The state of a veto item (003 四(五): 一票否决)."""
    if item.measure == "no_agreement_in_force":
        return _no_agreement(facts, item)
    if item.measure == "falsified_entry":
        return _falsified(facts, item)
    kept = facts.registers.get(item.measure.removeprefix(REGISTER))
    if kept is None:
        text = Text("没有登记数据,无法判断", "No data is kept; cannot be decided")
        return VetoLine(item, VetoState.UNKNOWN, text)
    state = VetoState.CLEAR if kept.actual > 0 else VetoState.STRUCK
    return VetoLine(item, state, kept.basis, kept.refs)


def _verdict(points: Decimal, highest: Decimal, mark: int, vetoes: Sequence[VetoLine]) -> Verdict:
    if any(line.state is VetoState.STRUCK for line in vetoes):
        return Verdict.VETOED
    if highest < mark:
        return Verdict.FAIL
    open_veto = any(line.state is VetoState.UNKNOWN for line in vetoes)
    return Verdict.PASS if points >= mark and not open_veto else Verdict.UNDETERMINED


def _group(group: Group, lines: Sequence[Line]) -> GroupScore:
    known = [line for line in lines if line.indicator.group == group.id and line.points is not None]
    return GroupScore(
        group=group,
        points=sum((line.points for line in known if line.points is not None), Decimal(0)),
        known_weight=sum(line.indicator.weight for line in known),
    )


def compute(facts: ScoringFacts, policy: Policy, sheet: ScoreSheet) -> Sheet:
    """The sheet of one agreement and period by one version of a programme."""
    lines = []
    for indicator in sheet.indicators:
        figure = measure(facts, policy, indicator)
        lines.append(Line(indicator, figure, points_of(indicator, figure)))
    groups = tuple(_group(group, lines) for group in sheet.groups)
    vetoes = tuple(veto(facts, item) for item in sheet.vetoes)
    points = sum((group.points for group in groups), Decimal(0))
    unknown = sum(line.indicator.weight for line in lines if line.points is None)
    return Sheet(
        sheet=sheet,
        lines=tuple(lines),
        groups=groups,
        vetoes=vetoes,
        points=points,
        unknown=unknown,
        pass_mark=policy.pass_mark,
        verdict=_verdict(points, points + unknown, policy.pass_mark, vetoes),
    )
