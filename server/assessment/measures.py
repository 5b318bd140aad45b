"""What each indicator measures. Pure: facts and programme in, a figure with its basis out.

A figure is *known*, or it says what is missing; nothing is silently zero (DOMAIN: unknown data is listed).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from server.assessment.facts import ScoringFacts, year_days
from server.assessment.policy import Policy
from server.assessment.sheets import Indicator, Text
from server.evidence.entries import LoggedEntry
from server.evidence.rules import ReasonCode
from server.evidence.texts import KINDS
from server.pairing.rules import ActivityKind


class Status(StrEnum):
    KNOWN = "known"
    NONE_DUE = "none_due"  # nothing was due, so the obligation is met
    PENDING = "pending"  # not due before the period ends
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Figure:
    """A measured figure. `actual` and `target` share `unit`; both are 0 when the status is not known."""

    status: Status
    actual: Fraction
    target: Fraction
    unit: Text
    basis: Text
    missing: tuple[Text, ...] = ()
    entries: tuple[str, ...] = ()


TIMES = Text("次", "times")
HOURS = Text("学时", "learner hours")
ITEMS = Text("项", "items")
DAYS = Text("—", "—")
ZERO = Fraction(0)


def number(value: Fraction) -> str:
    """A figure for reading: whole, or rounded half up to one decimal."""
    tenths = (value * 10 + Fraction(1, 2)).__floor__()
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"


def unknown(missing: Text, *more: Text) -> Figure:
    return Figure(Status.UNKNOWN, ZERO, ZERO, DAYS, missing, (missing, *more))


def _kinds(indicator: Indicator) -> Text:
    zh = "、".join(KINDS[kind][0] for kind in indicator.kinds)
    return Text(zh, ", ".join(KINDS[kind][1].lower() for kind in indicator.kinds))


@dataclass(frozen=True)
class _Target:
    value: Fraction
    basis: Text
    missing: tuple[Text, ...]


def _planned(facts: ScoringFacts, indicator: Indicator) -> _Target:
    """The plans' targets of the indicator's kinds, each by the share of its days in the period."""
    value, zh, en = ZERO, [], []
    missing: list[Text] = []
    kinds = _kinds(indicator)
    if not facts.covered_years:
        missing.append(Text("考核期内协议未生效", "The agreement is not in force in the period"))
    for year in facts.covered_years:
        plan = facts.plan_of(year)
        if plan is None:
            missing.append(Text(f"缺 {year} 年度帮扶计划", f"No yearly plan for {year}"))
            continue
        target = sum(plan.targets.get(kind, 0) for kind in indicator.kinds)
        if target == 0:
            missing.append(
                Text(
                    f"{year} 年度计划没有{kinds.zh}的目标",
                    f"The plan for {year} sets no target for {kinds.en}",
                )
            )
            continue
        covered, term = facts.covered_days(year), facts.term_days(year)
        value += Fraction(target * covered, term)
        zh.append(f"{year} 年计划 {target} × {covered}/{term} 天")
        en.append(f"plan {year}: {target} × {covered}/{term} days")
    return _Target(value, Text(" + ".join(zh), " + ".join(en)), tuple(missing))


def _of_kinds(facts: ScoringFacts, indicator: Indicator) -> list[LoggedEntry]:
    return [entry for entry in facts.creditable if entry.kind in indicator.kinds]


def _against(actual: int, target: _Target, entries: list[LoggedEntry], what: Text) -> Figure:
    if target.missing:
        return unknown(*target.missing)
    goal = number(target.value)
    return Figure(
        status=Status.KNOWN,
        actual=Fraction(actual),
        target=target.value,
        unit=TIMES,
        basis=Text(
            f"目标 {target.basis.zh} = {goal};{what.zh} {actual}",
            f"Target {target.basis.en} = {goal}; {what.en} {actual}",
        ),
        entries=tuple(entry.id for entry in entries),
    )


def planned_activities(facts: ScoringFacts, policy: Policy, indicator: Indicator) -> Figure:
    """Creditable activities of the kinds against the yearly plan."""
    entries = _of_kinds(facts, indicator)
    done = Text("计分完成", "creditable done")
    return _against(len(entries), _planned(facts, indicator), entries, done)


def on_time(entry: LoggedEntry) -> bool | None:
    """Whether it was done in time; None when the entry does not say."""
    stated = entry.facts.get("on_time")
    if isinstance(stated, bool):
        return stated
    return False if ReasonCode.LATE in entry.reasons else None


def planned_on_time(facts: ScoringFacts, policy: Policy, indicator: Indicator) -> Figure:
    """Creditable activities done in time against the plan.

    Counted against the plan and not as a share of what was done, so that doing more never costs points.
    """
    entries = _of_kinds(facts, indicator)
    met = [entry for entry in entries if on_time(entry)]
    figure = _against(len(met), _planned(facts, indicator), met, Text("按时完成", "done in time"))
    silent = sum(1 for entry in entries if on_time(entry) is None)
    if silent and figure.status is Status.KNOWN:
        note = Text(
            f"{silent} 条记录没有是否按时的数据,未计入",
            f"{silent} entries do not say whether they were in time and were not counted",
        )
        figure = Figure(
            figure.status,
            figure.actual,
            figure.target,
            figure.unit,
            figure.basis,
            (note,),
            figure.entries,
        )
    return figure


def _yearly(facts: ScoringFacts, amount: int) -> _Target:
    """A yearly amount of the programme by the share of each calendar year that is covered."""
    value, zh, en = ZERO, [], []
    for year in facts.covered_years:
        covered, days = facts.covered_days(year), year_days(year)
        value += Fraction(amount * covered, days)
        zh.append(f"每年 {amount} × {covered}/{days} 天")
        en.append(f"{amount} a year × {covered}/{days} days")
    missing = (
        ()
        if value
        else (Text("考核期内协议未生效", "The agreement is not in force in the period"),)
    )
    return _Target(value, Text(" + ".join(zh), " + ".join(en)), missing)


def planned_or_yearly(facts: ScoringFacts, policy: Policy, indicator: Indicator) -> Figure:
    """Activities against the larger of the plan and the programme's yearly minimum."""
    entries = _of_kinds(facts, indicator)
    least = _yearly(facts, policy.number(indicator.params[0]))
    plan = _planned(facts, indicator)
    target = plan if not plan.missing and plan.value >= least.value else least
    return _against(len(entries), target, entries, Text("计分完成", "creditable done"))


def learner_hours(facts: ScoringFacts, policy: Policy, indicator: Indicator) -> Figure:
    """Verified hours of the recipient's people in teaching activities, against the yearly amount."""
    target = _yearly(facts, policy.number(indicator.params[0]))
    if target.missing:
        return unknown(*target.missing)
    seconds, entries = 0, []
    for entry in _of_kinds(facts, indicator):
        own = sum(
            item.verified_seconds
            for item in entry.people
            if item.organisation_id == facts.agreement.recipient_id
        )
        if own:
            seconds += own
            entries.append(entry.id)
    hours = Fraction(seconds, 3600)
    goal, shown = number(target.value), number(hours)
    return Figure(
        status=Status.KNOWN,
        actual=hours,
        target=target.value,
        unit=HOURS,
        basis=Text(
            f"目标 {target.basis.zh} = {goal} 学时;受援单位人员核实 {shown} 学时",
            f"Target {target.basis.en} = {goal} hours; recipient's people verified {shown} hours",
        ),
        entries=tuple(entries),
    )


def critical_acknowledged(facts: ScoringFacts, policy: Policy, indicator: Indicator) -> Figure:
    """Critical values acknowledged in time, of those raised; whether or not the read earned credit."""
    reads = [e for e in facts.in_period if e.kind == ActivityKind.ECG_READ]
    raised = [e for e in reads if e.facts.get("critical") is True]
    if not raised:
        if any(e.kind == ActivityKind.ECG_READ for e in facts.creditable):
            text = Text(
                "考核期内没有危急值,视为达标", "No critical value was raised: nothing was due"
            )
            return Figure(Status.NONE_DUE, ZERO, ZERO, ITEMS, text)
        text = Text("考核期内没有计分的诊断", "No creditable read in the period")
        return Figure(Status.KNOWN, ZERO, Fraction(1), ITEMS, text)
    met = [e for e in raised if e.facts.get("critical_acknowledged") is True]
    silent = [e for e in raised if not isinstance(e.facts.get("critical_acknowledged"), bool)]
    minutes = policy.critical_ack_minutes
    missing = (
        Text(
            f"{len(silent)} 个危急值没有确认数据,按未确认计",
            f"{len(silent)} critical values have no data on acknowledgement; counted as not acknowledged",
        ),
    )
    return Figure(
        status=Status.KNOWN,
        actual=Fraction(len(met)),
        target=Fraction(len(raised)),
        unit=ITEMS,
        basis=Text(
            f"危急值 {len(raised)} 个,{minutes} 分钟内确认 {len(met)} 个",
            f"{len(raised)} critical values, {len(met)} acknowledged within {minutes} minutes",
        ),
        missing=missing if silent else (),
        entries=tuple(e.id for e in raised),
    )


def _next_on_or_after(day: date, month_day: tuple[int, int]) -> date:
    due = date(day.year, *month_day)
    return due if due >= day else date(day.year + 1, *month_day)


def _yes_no(ok: bool, basis: Text) -> Figure:
    return Figure(Status.KNOWN, Fraction(int(ok)), Fraction(1), ITEMS, basis)


def agreement_filed_on_time(facts: ScoringFacts, policy: Policy, indicator: Indicator) -> Figure:
    """The agreement filed by the first due day on or after its start."""
    filed = facts.agreement.filed_on
    due = _next_on_or_after(facts.agreement.starts_on, policy.month_day("agreement_filed_by"))
    if filed is None and due > facts.last:
        text = Text(f"尚未备案,{due} 前备案即可", f"Not filed yet; due by {due}")
        return Figure(Status.PENDING, ZERO, ZERO, ITEMS, text, (text,))
    if filed is None:
        return _yes_no(False, Text(f"应于 {due} 前备案,未备案", f"Due by {due}, not filed"))
    basis = Text(f"应于 {due} 前备案,{filed} 备案", f"Due by {due}, filed on {filed}")
    return _yes_no(filed <= due, basis)


def plan_filed_on_time(facts: ScoringFacts, policy: Policy, indicator: Indicator) -> Figure:
    """Each covered year's plan accepted by the recipient and filed in time, as a share of the years."""
    met, zh, en = 0, [], []
    pending: list[Text] = []
    first_due = _next_on_or_after(facts.agreement.starts_on, policy.month_day("agreement_filed_by"))
    for year in facts.covered_years:
        due = date(year, *policy.month_day("dispatch_done_by"))
        if facts.agreement.starts_on > due:
            due = first_due  # an agreement that begins later in the year files its plan with itself
        plan = facts.plan_of(year)
        filed = plan.filed_on if plan else None
        accepted = plan is not None and plan.accepted_on is not None
        if filed is None and due > facts.last:
            pending.append(Text(f"{year} 年计划 {due} 前备案即可", f"Plan {year} is due by {due}"))
            continue
        met += int(filed is not None and filed <= due and accepted)
        stated = str(filed) if filed else "未备案"
        agreed = "受援单位已同意" if accepted else "受援单位未同意"
        zh.append(f"{year} 年:应于 {due} 前,{stated},{agreed}")
        agreed_en = "agreed to" if accepted else "not agreed to"
        en.append(f"{year}: due by {due}, {filed or 'not filed'}, {agreed_en}")
    if not zh:
        return (
            Figure(Status.PENDING, ZERO, ZERO, ITEMS, pending[0], tuple(pending))
            if (pending)
            else unknown(Text("考核期内协议未生效", "The agreement is not in force in the period"))
        )
    basis = Text(";".join(zh), "; ".join(en))
    return Figure(Status.KNOWN, Fraction(met), Fraction(len(zh)), ITEMS, basis, tuple(pending))


def liaison_named(facts: ScoringFacts, policy: Policy, indicator: Indicator) -> Figure:
    """The agreement names a liaison."""
    if facts.agreement.liaison_named:
        return _yes_no(True, Text("协议已指定联络员", "The agreement names a liaison"))
    return _yes_no(False, Text("协议没有联络员", "The agreement names no liaison"))


Measure = Callable[[ScoringFacts, Policy, Indicator], Figure]

MEASURES: Mapping[str, Measure] = {
    "agreement_filed_on_time": agreement_filed_on_time,
    "critical_acknowledged": critical_acknowledged,
    "learner_hours": learner_hours,
    "liaison_named": liaison_named,
    "plan_filed_on_time": plan_filed_on_time,
    "planned_activities": planned_activities,
    "planned_on_time": planned_on_time,
    "planned_or_yearly": planned_or_yearly,
}

REGISTER = "register:"


def measure(facts: ScoringFacts, policy: Policy, indicator: Indicator) -> Figure:
    """The figure of an indicator. A measure that nobody knows, or a register that is not kept, is unknown."""
    if indicator.measure.startswith(REGISTER):
        kept = facts.registers.get(indicator.measure.removeprefix(REGISTER))
        if kept is None:
            title = indicator.title
            return unknown(
                Text(
                    f"「{title.zh}」的数据尚未登记,不计 0 分,列为未知",
                    f"No data on “{title.en}” is kept yet; unknown, not zero",
                )
            )
        return Figure(Status.KNOWN, kept.actual, kept.target, ITEMS, kept.basis, (), kept.refs)
    known = MEASURES.get(indicator.measure)
    if known is None:
        name = indicator.measure
        return unknown(Text(f"本版本不会计算 {name}", f"This version cannot compute {name}"))
    return known(facts, policy, indicator)
