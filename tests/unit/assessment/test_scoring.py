"""The score sheet: exact figures by hand, and laws that hold for any log."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.assessment.facts import RegisterFigure
from server.assessment.measures import Status
from server.assessment.scoring import Verdict, VetoState
from server.assessment.sheets import Text
from server.evidence.entries import LoggedEntry
from server.pairing.rules import ActivityKind
from tests.unit.assessment.samples import (
    AGREED,
    POLICY,
    TARGETS,
    YEAR,
    day,
    done,
    facts,
    lecture,
    line,
    plan,
    read,
    score,
)
from tests.unit.evidence.samples import entry

D = Decimal


def test_an_empty_year_says_what_is_unknown() -> None:
    sheet = score(facts())
    assert sheet.sheet.scale == 100
    # Known: filing 3 + 3, liaison 1; remote 25; trainings 8 and learner hours 6.
    assert (sheet.points, sheet.known_weight, sheet.unknown) == (D("7.00"), 46, 54)
    assert sheet.verdict is Verdict.FAIL  # 7 known + 54 unknown cannot reach 80
    for item in sheet.lines:
        assert (item.points is None) == bool(item.figure.status is Status.UNKNOWN)
        if item.points is None:
            assert item.figure.missing, item.indicator.id


def test_points_by_hand() -> None:
    entries = [
        *(done(ActivityKind.CONSULT, n) for n in range(15)),  # 15 of 20: 7 × 0.75 = 5.25
        *(read(n) for n in range(30)),  # 30 of 100: 7 × 0.3 = 2.10
        read(40, on_time=False),  # 31 of 100: 2.17
        done(ActivityKind.WARD_ROUND, 50, seconds=1800),  # 1 of 5: 0.60
        lecture(60, 3600, learners=10),  # 10 hours of 40: 1.50; 1 of 4 lectures: 2.00
    ]
    sheet = score(facts(entries))
    points = {item.indicator.id: item.points for item in sheet.lines if item.points is not None}
    # 10.5 hours: the ward round has a doctor of the recipient for half an hour.
    assert points.pop("learner_hours") == D("1.58")
    assert points == {
        "agreement_filed": D("3.00"),
        "plan_filed": D("3.00"),
        "liaison": D("1.00"),
        "consults": D("5.25"),
        "reads": D("2.17"),
        "on_time": D("1.88"),  # 45 of 120
        "ward_rounds": D("0.60"),
        "critical_values": D("3.00"),
        "trainings": D("2.00"),
    }
    assert sheet.points == D("23.48")
    assert {g.group.id: g.points for g in sheet.groups}["remote"] == D("12.90")


def test_every_point_links_to_its_entries() -> None:
    entries = [done(ActivityKind.CONSULT, 1), read(2, on_time=False), lecture(3, 900)]
    sheet = score(facts(entries))
    assert line(sheet, "consults").figure.entries == (entries[0].id,)
    assert line(sheet, "reads").figure.entries == (entries[1].id,)
    assert line(sheet, "on_time").figure.entries == (entries[0].id,)
    assert line(sheet, "trainings").figure.entries == (entries[2].id,)
    assert line(sheet, "learner_hours").figure.entries == (entries[2].id,)


def test_more_than_the_plan_earns_no_more_than_the_weight() -> None:
    sheet = score(facts([done(ActivityKind.CONSULT, n) for n in range(60)]))
    assert line(sheet, "consults").points == D("7.00")


def test_what_is_not_creditable_or_not_verified_earns_nothing() -> None:
    bad = done(ActivityKind.CONSULT, 1, creditable=False, reasons=("too_short",))
    unsealed = done(ActivityKind.CONSULT, 2)
    other = replace(done(ActivityKind.CONSULT, 3), agreement_id="agr_2")
    sheet = score(facts([bad, unsealed, other], unverified=frozenset({unsealed.id})))
    assert line(sheet, "consults").points == D("0.00")


def test_the_newest_correction_counts() -> None:
    old = done(ActivityKind.CONSULT, 1)
    withdrawn = replace(
        old, id="ent_w", corrects=old.id, creditable=False, correction_reason="recount"
    )
    restored = replace(old, id="ent_r", corrects="ent_w", correction_reason="recount")
    for entries, points in (
        ([old], "0.35"),
        ([old, withdrawn], "0.00"),
        ([restored, old, withdrawn], "0.35"),
    ):
        assert line(score(facts(entries)), "consults").points == D(points)


# Periods.


def test_a_half_year_has_half_the_target() -> None:
    first, last = date(2026, 7, 1), date(2026, 12, 31)
    entries = [done(ActivityKind.CONSULT, n) for n in (180, 181, 182)]
    sheet = score(facts(entries, first=first, last=last))
    figure = line(sheet, "consults").figure
    assert figure.target == Fraction(20 * 184, 365)
    assert "2026 年计划 20 × 184/365 天 = 10.1" in figure.basis.zh
    # Day 180 is 30 June: two of the three are in the period.
    assert figure.actual == 2


def test_the_day_is_the_recipients() -> None:
    # 16:00 UTC on 31 December is 1 January in Shanghai.
    new_year = entry(ActivityKind.CONSULT, at=day(364) + timedelta(hours=14))
    assert line(score(facts([new_year])), "consults").figure.actual == 0
    assert line(score(facts([new_year], zone="Europe/London")), "consults").figure.actual == 1


def test_an_agreement_that_begins_in_the_year_has_its_plan_for_its_days() -> None:
    late = replace(AGREED, starts_on=date(2026, 7, 1), filed_on=date(2026, 7, 2))
    entries = [done(ActivityKind.CONSULT, n) for n in range(200, 210)]
    sheet = score(facts(entries, agreement=late))
    assert line(sheet, "consults").figure.target == 20
    # The programme's own yearly amounts count calendar days.
    assert line(sheet, "learner_hours").figure.target == Fraction(40 * 184, 365)


def test_a_terminated_agreement_owes_up_to_its_last_day() -> None:
    ended = replace(AGREED, ended_on=date(2026, 7, 1))
    sheet = score(facts([], agreement=ended))
    assert line(sheet, "consults").figure.target == Fraction(20 * 181, 365)


def test_two_years_need_both_plans() -> None:
    period = {"first": date(2026, 7, 1), "last": date(2027, 6, 30)}
    one = line(score(facts([], **period)), "consults")
    assert one.points is None
    assert one.figure.missing[0].en == "No yearly plan for 2027"
    both = line(score(facts([], plans=(plan(), plan(year=2027)), **period)), "consults")
    assert both.figure.target == Fraction(20 * 184, 365) + Fraction(20 * 181, 365)


def test_a_plan_without_the_kind_is_unknown_and_not_zero() -> None:
    sheet = score(facts([], plans=(plan({"consult": 20}),)))
    assert line(sheet, "reads").points is None
    assert "没有远程心电诊断的目标" in line(sheet, "reads").figure.missing[0].zh
    # On time counts whatever of its kinds is planned.
    assert line(sheet, "on_time").figure.target == 20


def test_trainings_never_fall_below_the_programmes_minimum() -> None:
    assert line(score(facts(plans=(plan({"lecture": 1}),))), "trainings").figure.target == 2
    assert line(score(facts(plans=())), "trainings").figure.target == 2
    assert line(score(facts()), "trainings").figure.target == TARGETS["lecture"]


# Single measures.


def test_learner_hours_are_those_of_the_recipient() -> None:
    sheet = score(facts([lecture(1, 7200, learners=3)]))
    assert line(sheet, "learner_hours").figure.actual == 6


def test_entries_that_do_not_say_whether_on_time_are_listed() -> None:
    silent = done(ActivityKind.CONSULT, 1, facts={})
    late = done(ActivityKind.CONSULT, 2, facts={}, reasons=("late",))
    figure = line(score(facts([silent, late])), "on_time").figure
    assert figure.actual == 0
    assert [text.en[:9] for text in figure.missing] == ["1 entries"]


@pytest.mark.parametrize(
    ("entries", "points", "status"),
    [
        ([], "0.00", Status.KNOWN),
        ([read(1)], "3.00", Status.NONE_DUE),
        ([read(1, critical=True, critical_acknowledged=True)], "3.00", Status.KNOWN),
        (
            [read(n, critical=True, critical_acknowledged=n == 1) for n in (1, 2, 3)],
            "1.00",
            Status.KNOWN,
        ),
        ([read(1, critical=True)], "0.00", Status.KNOWN),
    ],
)
def test_critical_values(entries: list[LoggedEntry], points: str, status: Status) -> None:
    found = line(score(facts(entries)), "critical_values")
    assert (found.points, found.figure.status) == (D(points), status)


@pytest.mark.parametrize(
    ("filed", "points", "status"),
    [
        (date(2026, 8, 31), "3.00", Status.KNOWN),
        (date(2026, 9, 1), "0.00", Status.KNOWN),
        (None, "0.00", Status.KNOWN),
    ],
)
def test_filing_of_the_agreement(filed: date | None, points: str, status: Status) -> None:
    found = line(score(facts(agreement=replace(AGREED, filed_on=filed))), "agreement_filed")
    assert (found.points, found.figure.status) == (D(points), status)


def test_what_is_not_due_yet_is_pending() -> None:
    unfiled = replace(AGREED, filed_on=None)
    given = facts(agreement=unfiled, plans=(), last=date(2026, 3, 30))
    sheet = score(given)
    for name in ("agreement_filed", "plan_filed"):
        assert line(sheet, name).points is None
        assert line(sheet, name).figure.status is Status.PENDING


@pytest.mark.parametrize(
    ("filed", "accepted", "points"),
    [
        (date(2026, 3, 31), date(2026, 3, 1), "3.00"),
        (date(2026, 4, 1), date(2026, 3, 1), "0.00"),
        (date(2026, 3, 1), None, "0.00"),
        (None, None, "0.00"),
    ],
)
def test_filing_of_the_plan(filed: date | None, accepted: date | None, points: str) -> None:
    given = replace(plan(), filed_on=filed, accepted_on=accepted)
    assert line(score(facts(plans=(given,))), "plan_filed").points == D(points)


def test_a_register_that_is_kept_is_scored() -> None:
    kept = RegisterFigure(Fraction(1), Fraction(2), Text("在岗 1 人", "1 posted"), ("dsp_1",))
    sheet = score(facts(registers={"dispatch_headcount": kept}))
    assert line(sheet, "headcount").points == D("4.00")
    assert line(sheet, "headcount").figure.entries == ("dsp_1",)
    assert (
        next(v for v in sheet.vetoes if v.item.id == "nobody_dispatched").state is VetoState.CLEAR
    )


# Vetoes and verdicts.


def test_no_agreement_in_force_is_a_veto() -> None:
    gone = replace(AGREED, starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    sheet = score(facts(agreement=gone))
    assert sheet.verdict is Verdict.VETOED
    assert line(sheet, "consults").points is None


def test_a_falsified_entry_is_a_veto_and_earns_nothing() -> None:
    old = done(ActivityKind.CONSULT, 1)
    found = replace(old, id="ent_f", corrects=old.id, correction_reason="falsified")
    sheet = score(facts([old, found]))
    assert sheet.verdict is Verdict.VETOED
    struck = next(v for v in sheet.vetoes if v.item.id == "falsified_entry")
    assert (struck.state, struck.entries) == (VetoState.STRUCK, ("ent_f",))
    assert line(sheet, "consults").points == D("0.00")


def full_registers(actual: int) -> dict[str, RegisterFigure]:
    names = {
        i.measure.removeprefix("register:") for i in POLICY.sheets["supporting_unit"].indicators
    }
    figure = RegisterFigure(Fraction(actual), Fraction(10), Text("—", "—"))
    return dict.fromkeys(names, figure)


def full_year() -> list[LoggedEntry]:
    found = [done(ActivityKind.CONSULT, n) for n in range(20)] + [read(n) for n in range(100)]
    found += [done(ActivityKind.WARD_ROUND, n) for n in range(30, 35)]
    return found + [lecture(100 + n, 3600, learners=12) for n in range(4)]


def test_verdicts() -> None:
    known = score(facts(full_year()))
    assert (known.points, known.verdict) == (D("46.00"), Verdict.UNDETERMINED)
    full = score(facts(full_year(), registers=full_registers(10)))
    assert (full.points, full.highest, full.verdict) == (D("100.00"), 100, Verdict.PASS)
    low = score(facts(full_year(), registers=full_registers(6)))
    assert (low.points, low.verdict, low.short) == (D("78.40"), Verdict.FAIL, D("1.60"))


# Laws.


entries_strategy = st.lists(
    st.builds(
        lambda kind, n, good, on_time: done(
            kind,
            n,
            creditable=good,
            seconds=600,
            facts={"on_time": on_time, "critical": False},
        ),
        st.sampled_from(list(ActivityKind)),
        st.integers(0, 364),
        st.booleans(),
        st.booleans(),
    ),
    max_size=25,
)
good_entry = st.builds(
    lambda kind, n, on_time: done(kind, n, seconds=900, facts={"on_time": on_time}),
    st.sampled_from(list(ActivityKind)),
    st.integers(0, 364),
    st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(entries_strategy, st.randoms(use_true_random=False))
def test_the_order_of_the_log_does_not_matter(
    entries: list[LoggedEntry], shuffle: random.Random
) -> None:
    mixed = list(entries)
    shuffle.shuffle(mixed)
    assert score(facts(mixed)) == score(facts(entries))


@settings(max_examples=60, deadline=None)
@given(entries_strategy, good_entry)
def test_a_further_creditable_entry_never_costs_points(
    entries: list[LoggedEntry], extra: LoggedEntry
) -> None:
    before, after = score(facts(entries)), score(facts([*entries, extra]))
    for old, new in zip(before.lines, after.lines, strict=True):
        assert (old.points or 0) <= (new.points or 0), new.indicator.id
    assert before.points <= after.points
    assert before.unknown == after.unknown


@settings(max_examples=60, deadline=None)
@given(entries_strategy, st.integers(0, 364), st.integers(0, 364))
def test_a_sheet_adds_up(entries: list[LoggedEntry], one: int, two: int) -> None:
    first, last = sorted(YEAR[0] + timedelta(days=n) for n in (one, two))
    sheet = score(facts(entries, first=first, last=last))
    assert sheet.points == sum((item.points for item in sheet.lines if item.points), D(0))
    assert sheet.points == sum((group.points for group in sheet.groups), D(0))
    assert 0 <= sheet.points <= sheet.known_weight
    assert sheet.known_weight + sheet.unknown == 100
    for item in sheet.lines:
        if item.points is not None:
            assert 0 <= item.points <= item.indicator.weight
            assert item.points == item.points.quantize(D("0.01"))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 363), st.sampled_from(["consult", "ecg_read", "ward_round"]))
def test_two_partial_periods_owe_together_what_the_whole_owes(split: int, kind: str) -> None:
    name = {"consult": "consults", "ecg_read": "reads", "ward_round": "ward_rounds"}[kind]
    middle = YEAR[0] + timedelta(days=split)
    parts = [(YEAR[0], middle), (middle + timedelta(days=1), YEAR[1])]
    owed = [line(score(facts(first=first, last=last)), name).figure.target for first, last in parts]
    assert sum(owed) == TARGETS[kind]
