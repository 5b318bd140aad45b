"""Next steps keep their promise, and the trend adds up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from server.assessment.facts import RegisterFigure
from server.assessment.measures import Status
from server.assessment.outlook import next_steps, standing, trend
from server.assessment.scoring import Verdict
from server.assessment.sheets import Text
from server.evidence.entries import LoggedEntry
from server.pairing.rules import ActivityKind
from tests.unit.assessment.samples import (
    AGREED,
    SHEET,
    TARGETS,
    done,
    facts,
    lecture,
    line,
    read,
    score,
)


def test_steps_say_how_many_and_what_they_earn() -> None:
    sheet = score(facts([done(ActivityKind.CONSULT, n) for n in range(12)] + [read(50)]))
    steps = {step.indicator: step for step in next_steps(sheet)}
    consults = steps["consults"]
    assert (consults.text.zh, consults.count) == ("再完成 8 次远程会诊", 8)
    assert consults.points == Decimal("2.80")
    assert consults.certain
    assert not steps["headcount"].certain
    assert "critical_values" not in steps
    assert "agreement_filed" not in steps


def test_steps_come_sure_and_large_first_and_sum_up() -> None:
    sheet = score(facts())
    steps = next_steps(sheet)
    assert [step.certain for step in steps] == sorted((s.certain for s in steps), reverse=True)
    sure = [step.points for step in steps if step.certain]
    assert sure == sorted(sure, reverse=True)
    assert steps[0].after == sheet.points + steps[0].points
    # Only the critical values of an empty year are neither a step nor earned.
    assert steps[-1].after == 97


def test_what_can_still_be_filed_is_a_sure_step() -> None:
    given = facts(agreement=replace(AGREED, filed_on=None), last=date(2026, 6, 30))
    sheet = score(given)
    assert line(sheet, "agreement_filed").figure.status is Status.PENDING
    step = next(s for s in next_steps(sheet) if s.indicator == "agreement_filed")
    assert step.certain
    assert step.points == 3


def test_naming_a_liaison_is_a_step() -> None:
    sheet = score(facts(agreement=replace(AGREED, liaison_named=False)))
    assert any(step.indicator == "liaison" and step.points == 1 for step in next_steps(sheet))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 25), st.integers(0, 110), st.integers(0, 6))
def test_doing_a_step_earns_its_points(consults: int, reads: int, rounds: int) -> None:
    log = [done(ActivityKind.CONSULT, n) for n in range(consults)]
    log += [read(n) for n in range(reads)]
    log += [done(ActivityKind.WARD_ROUND, n, facts={}) for n in range(rounds)]
    before = score(facts(log))
    makers = {
        "consults": lambda n: done(ActivityKind.CONSULT, n),
        "reads": read,
        "ward_rounds": lambda n: done(ActivityKind.WARD_ROUND, n),
        "trainings": lambda n: lecture(n, 60),
    }
    for step in next_steps(before):
        if step.indicator not in makers:
            continue
        extra = [makers[step.indicator](200 + n) for n in range(step.count)]
        gained = line(score(facts([*log, *extra])), step.indicator).points
        old = line(before, step.indicator).points
        assert gained is not None
        assert old is not None
        assert gained - old == step.points
        one_less = line(score(facts([*log, *extra[1:]])), step.indicator).points
        assert one_less is not None
        assert one_less < gained


def test_a_running_period_is_open_while_the_mark_can_be_reached() -> None:
    sheet = score(facts())
    assert sheet.verdict is Verdict.FAIL
    assert standing(sheet, closed=False) is Verdict.OPEN
    assert standing(sheet, closed=True) is Verdict.FAIL
    gone = replace(AGREED, starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    assert standing(score(facts(agreement=gone)), closed=False) is Verdict.VETOED


def test_a_running_period_that_cannot_reach_the_mark_has_failed() -> None:
    nothing = RegisterFigure(Fraction(0), Fraction(10), Text("—", "—"))
    names = {i.measure.removeprefix("register:") for i in SHEET.indicators}
    # Somebody was posted, so that no veto is struck; everything else that is kept is at zero.
    posted = {
        **dict.fromkeys(names, nothing),
        "dispatch_headcount": replace(nothing, actual=Fraction(1)),
    }
    assert standing(score(facts(registers=posted)), closed=False) is Verdict.FAIL


def test_trend_adds_up_to_the_plan_and_the_log() -> None:
    bad = done(ActivityKind.CONSULT, 40, creditable=False, reasons=("too_short",))
    log: list[LoggedEntry] = [done(ActivityKind.CONSULT, n) for n in (0, 1, 32)]
    points = trend(facts([*log, bad, lecture(33, 60)]))
    consults = [point for point in points if point.kind == "consult"]
    assert [point.month for point in consults] == [f"2026-{n:02d}" for n in range(1, 13)]
    assert [(p.done, p.not_creditable) for p in consults[:3]] == [(2, 0), (1, 1), (0, 0)]
    for kind, target in TARGETS.items():
        assert sum(p.planned for p in points if p.kind == kind) == target
    january = consults[0].planned
    assert january == Fraction(20 * 31, 365)


def test_trend_plans_nothing_outside_the_term() -> None:
    late = replace(AGREED, starts_on=date(2026, 7, 16))
    points = [p for p in trend(facts(agreement=late)) if p.kind == "consult"]
    assert [p.planned for p in points[:6]] == [0] * 6
    assert points[6].planned == Fraction(20 * 16, 169)
    assert sum(p.planned for p in points) == 20
