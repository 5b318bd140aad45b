"""Score sheets as the pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from server.assessment.outlook import next_steps, trend
from server.assessment.policy import Parameter, Policy
from server.assessment.schemas import (
    DoubtView,
    GroupView,
    IndicatorView,
    ScoreLogView,
    ScoreView,
    StepView,
    SubjectView,
    TrendView,
    VetoView,
)
from server.assessment.scoring import FORMULAS, Line, hundredths
from server.assessment.service import Subject
from server.assessment.sheets import Text
from server.evidence import texts
from server.evidence.schemas import TextView
from server.evidence.views import parameter_view

UNVERIFIED = ("未通过日志核验", "Not verified against the log")
UNITS: Mapping[str, str] = {
    "days": "天",
    "learner-hours": "学时",
    "minutes": "分钟",
    "months": "个月",
    "people": "人",
    "points": "分",
    "times": "次",
    "years": "年",
}


def text_view(text: Text) -> TextView:
    return TextView(zh=text.zh, en=text.en)


def _rule(parameter: Parameter, kinds: Sequence[str]) -> TextView:
    shown = parameter_view(parameter, kinds[-1] if kinds else "")
    unit = UNITS.get(shown.unit, "")
    return TextView(
        zh=f"{shown.zh}:{shown.value}{unit}", en=f"{shown.en}: {shown.value} {shown.unit}"
    )


def _exact(value: Fraction) -> float:
    return float(hundredths(value))


def indicator_view(line: Line, policy: Policy) -> IndicatorView:
    indicator, figure = line.indicator, line.figure
    return IndicatorView(
        id=indicator.id,
        group=indicator.group,
        title=text_view(indicator.title),
        weight=indicator.weight,
        points=None if line.points is None else float(line.points),
        status=figure.status,
        formula=indicator.formula,
        formula_text=text_view(FORMULAS[indicator.formula]),
        actual=_exact(figure.actual),
        target=_exact(figure.target),
        unit=text_view(figure.unit),
        basis=text_view(figure.basis),
        missing=[text_view(text) for text in figure.missing],
        entries=list(figure.entries),
        rules=[_rule(policy.parameters[name], indicator.kinds) for name in indicator.params],
        source=indicator.source,
    )


def doubt_views(doubtful: Mapping[str, Sequence[str]]) -> list[DoubtView]:
    """Most entries first."""
    views = []
    for code, entries in doubtful.items():
        zh, en = UNVERIFIED if code == "unverified" else texts.text(texts.MARKS, code)
        views.append(DoubtView(code=code, zh=zh, en=en, count=len(entries), entries=list(entries)))
    return sorted(views, key=lambda view: (-view.count, view.code))


def _log(subject: Subject) -> ScoreLogView:
    facts = subject.facts
    unverified = [entry.id for entry in facts.in_period if entry.id in facts.unverified]
    newer = {entry.corrects for entry in facts.entries if entry.corrects is not None}
    replaced = [
        entry
        for entry in facts.entries
        if entry.id in newer and facts.first <= facts.day_of(entry) <= facts.last
    ]
    return ScoreLogView(
        size=subject.log_size,
        root=subject.log_root,
        at=subject.log_at,
        entries=len(facts.in_period),
        creditable=len(facts.creditable),
        superseded=len(replaced),
        unverified=unverified,
        complete=subject.log_complete,
        verified=subject.log_complete and not unverified,
    )


def _percent(points: Decimal, known: int) -> float | None:
    return float(round(points * 100 / known, 1)) if known else None


def score_view(subject: Subject, names: Mapping[str, str]) -> ScoreView:
    agreement, facts, policy, sheet = (
        subject.agreement,
        subject.facts,
        subject.policy,
        subject.sheet,
    )
    return ScoreView(
        agreement_id=agreement.id,
        agreement_number=agreement.number,
        supporting_id=agreement.supporting_id,
        supporting_name=names.get(agreement.supporting_id, ""),
        recipient_id=agreement.recipient_id,
        recipient_name=names.get(agreement.recipient_id, ""),
        first_day=facts.first,
        last_day=facts.last,
        zone=facts.zone,
        programme=policy.programme,
        version=policy.version,
        policy_title=text_view(policy.title),
        sheet=sheet.sheet.id,
        sheet_title=text_view(sheet.sheet.title),
        points=float(sheet.points),
        scale=sheet.sheet.scale,
        known_weight=sheet.known_weight,
        unknown_weight=sheet.unknown,
        highest=float(sheet.highest),
        percent_of_known=_percent(sheet.points, sheet.known_weight),
        pass_mark=sheet.pass_mark,
        short=float(sheet.short),
        verdict=subject.verdict,
        closed=subject.closed,
        groups=_groups(subject),
        indicators=[indicator_view(line, policy) for line in sheet.lines],
        vetoes=_vetoes(subject),
        doubts=doubt_views(subject.doubtful),
        steps=_steps(subject),
        trend=_trend(subject),
        log=_log(subject),
    )


def _groups(subject: Subject) -> list[GroupView]:
    return [
        GroupView(
            id=item.group.id,
            title=text_view(item.group.title),
            points=float(item.points),
            weight=item.group.weight,
            known_weight=item.known_weight,
        )
        for item in subject.sheet.groups
    ]


def _vetoes(subject: Subject) -> list[VetoView]:
    return [
        VetoView(
            id=line.item.id,
            title=text_view(line.item.title),
            state=line.state,
            basis=text_view(line.basis),
            entries=list(line.entries),
        )
        for line in subject.sheet.vetoes
    ]


def _steps(subject: Subject) -> list[StepView]:
    return [
        StepView(
            indicator=step.indicator,
            text=text_view(step.text),
            count=step.count,
            points=float(step.points),
            certain=step.certain,
            after=float(step.after),
        )
        for step in next_steps(subject.sheet)
    ]


def _trend(subject: Subject) -> list[TrendView]:
    return [
        TrendView(
            month=point.month,
            kind=point.kind,
            done=point.done,
            not_creditable=point.not_creditable,
            planned=_exact(point.planned),
        )
        for point in trend(subject.facts)
    ]


def subject_view(subject: Subject, names: Mapping[str, str]) -> SubjectView:
    agreement, sheet = subject.agreement, subject.sheet
    doubtful = {name for entries in subject.doubtful.values() for name in entries}
    return SubjectView(
        agreement_id=agreement.id,
        agreement_number=agreement.number,
        supporting_id=agreement.supporting_id,
        supporting_name=names.get(agreement.supporting_id, ""),
        recipient_id=agreement.recipient_id,
        recipient_name=names.get(agreement.recipient_id, ""),
        points=float(sheet.points),
        scale=sheet.sheet.scale,
        known_weight=sheet.known_weight,
        unknown_weight=sheet.unknown,
        highest=float(sheet.highest),
        pass_mark=sheet.pass_mark,
        short=float(sheet.short),
        verdict=subject.verdict,
        closed=subject.closed,
        entries=len(subject.facts.in_period),
        creditable=len(subject.facts.creditable),
        doubts=len(doubtful),
    )
