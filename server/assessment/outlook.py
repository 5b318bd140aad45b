"""What would still lift the score, and activity against plan month by month. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from server.assessment.facts import ScoringFacts
from server.assessment.measures import HOURS, TIMES, Status
from server.assessment.scoring import Line, Sheet, Verdict
from server.assessment.sheets import Formula, Text


@dataclass(frozen=True)
class Step:
    """A next step. `certain`: the points follow from doing it; else they depend on data not kept yet."""

    indicator: str
    text: Text
    count: int
    points: Decimal
    certain: bool
    after: Decimal  # the score when this and every step before it is done


@dataclass(frozen=True)
class MonthPoint:
    """One kind of activity in one month, cut to the period. `planned` is the plan's share of its days."""

    month: str  # YYYY-MM
    kind: str
    done: int
    not_creditable: int
    planned: Fraction


# What to do for one indicator; `{n}` is how many.
_STEPS: Mapping[str, Text] = {
    "consults": Text("再完成 {n} 次远程会诊", "Do {n} more remote consults"),
    "learner_hours": Text("再完成 {n} 个核实学时", "Reach {n} more verified learner hours"),
    "on_time": Text("按时完成 {n} 次会诊或诊断", "Do {n} more consults or reads in time"),
    "reads": Text("再完成 {n} 次远程心电诊断", "Do {n} more remote ECG reads"),
    "trainings": Text("再举办 {n} 次讲座或培训", "Hold {n} more lectures or trainings"),
    "ward_rounds": Text("再完成 {n} 次远程查房", "Do {n} more remote ward rounds"),
}


def _more(line: Line) -> tuple[Text, int] | None:
    """What would earn the rest of a known line; None when nothing still can."""
    indicator, figure = line.indicator, line.figure
    if indicator.id == "liaison":
        return Text("在协议中指定联络员", "Name a liaison in the agreement"), 1
    if indicator.formula is not Formula.PROPORTIONAL or figure.unit not in (TIMES, HOURS):
        return None
    count = (figure.target - figure.actual).__ceil__()
    text = _STEPS.get(indicator.id, Text("再完成 {n} 次", "Do {n} more"))
    return Text(text.zh.format(n=count), text.en.format(n=count)), count


def _candidates(sheet: Sheet) -> Iterator[tuple[bool, Decimal, str, Text, int]]:
    for line in sheet.lines:
        title, weight = line.indicator.title, Decimal(line.indicator.weight)
        if line.points is None:
            pending = line.figure.status is Status.PENDING
            text = Text(
                f"{'按期完成' if pending else '补报数据'}:{title.zh}",
                f"{'Do in time' if pending else 'Supply the data'}: {title.en}",
            )
            yield pending, weight, line.indicator.id, text, 1
        elif line.lost > 0 and (more := _more(line)) is not None:
            yield True, line.lost, line.indicator.id, *more


def next_steps(sheet: Sheet) -> tuple[Step, ...]:
    """Every step that can still add points: sure ones first, most points first."""
    found = sorted(_candidates(sheet), key=lambda item: (not item[0], -item[1], item[2]))
    steps, score = [], sheet.points
    for certain, points, indicator, text, count in found:
        score += points
        steps.append(Step(indicator, text, count, points, certain, score))
    return tuple(steps)


def standing(sheet: Sheet, *, closed: bool) -> Verdict:
    """The verdict as of now: while the period runs, a sheet that can still reach the mark is open.

    Points never depend on the present day; only this does.
    """
    if closed or sheet.verdict in (Verdict.PASS, Verdict.VETOED):
        return sheet.verdict
    steps = next_steps(sheet)
    best = steps[-1].after if steps else sheet.points
    return Verdict.OPEN if best >= sheet.pass_mark else Verdict.FAIL


def trend(facts: ScoringFacts) -> tuple[MonthPoint, ...]:
    """Activity against plan, by month and kind, for every kind that is planned or was done."""
    good, bad = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    credited = {entry.id for entry in facts.creditable}
    for entry in facts.in_period:
        key = (facts.day_of(entry).strftime("%Y-%m"), entry.kind.value)
        (good if entry.id in credited else bad)[key] += 1
    kinds = {kind for _, kind in (*good, *bad)}
    for plan in facts.plans:
        kinds |= {kind for kind, target in plan.targets.items() if target}
    points = []
    for start, end in facts.months():
        month = start.strftime("%Y-%m")
        for kind in sorted(kinds):
            planned = _planned(facts, kind, start, end)
            points.append(MonthPoint(month, kind, good[month, kind], bad[month, kind], planned))
    return tuple(points)


def _planned(facts: ScoringFacts, kind: str, start: date, end: date) -> Fraction:
    plan = facts.plan_of(start.year)
    term = facts.term_days(start.year)
    if plan is None or term == 0:
        return Fraction(0)
    first = max(start, facts.agreement.starts_on)
    last = min(end, facts.agreement.last_day)
    days = max(0, (last - first).days + 1)
    return Fraction(plan.targets.get(kind, 0) * days, term)
