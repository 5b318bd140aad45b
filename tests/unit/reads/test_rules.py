"""The rules of reads: every state against every event, who may, clocks, identity, what a report must hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from server.reads.rules import (
    EVENTS_OF,
    IN_PREPARATION,
    WAITING,
    Identity,
    MatchField,
    MatchResult,
    ReadEvent,
    ReadState,
    Side,
    Standing,
    actions,
    after,
    age_on,
    due_at,
    match_identity,
    may,
    on_time,
    overall_match,
    report_faults,
    same_name,
    seconds_left,
    shown_state,
    turnaround_minutes,
)

# state → {event: next}; every pair that is not here is refused.
EXPECTED: dict[str, dict[str, str]] = {
    "uploading": {"attach": "quality_checked", "cancel": "cancelled"},
    "quality_checked": {
        "attach": "quality_checked",
        "submit": "queued",
        "cancel": "cancelled",
        "acknowledge_critical": "quality_checked",
    },
    "returned": {
        "attach": "quality_checked",
        "submit": "queued",
        "cancel": "cancelled",
        "acknowledge_critical": "returned",
    },
    "queued": {"claim": "claimed", "cancel": "cancelled", "acknowledge_critical": "queued"},
    "claimed": {
        "release": "queued",
        "return": "returned",
        "save_draft": "draft",
        "mark_critical": "claimed",
        "acknowledge_critical": "claimed",
    },
    "draft": {
        "release": "queued",
        "return": "returned",
        "save_draft": "draft",
        "sign": "signed",
        "mark_critical": "draft",
        "acknowledge_critical": "draft",
    },
    "signed": {
        "save_draft": "signed",
        "amend": "signed",
        "mark_critical": "signed",
        "acknowledge_critical": "signed",
        "acknowledge": "acknowledged",
    },
    "acknowledged": {
        "save_draft": "acknowledged",
        "amend": "signed",
        "acknowledge_critical": "acknowledged",
        "adopt": "adopted",
        "not_adopt": "not_adopted",
    },
    "adopted": {
        "save_draft": "adopted",
        "amend": "signed",
        "acknowledge_critical": "adopted",
    },
    "not_adopted": {
        "save_draft": "not_adopted",
        "amend": "signed",
        "acknowledge_critical": "not_adopted",
    },
    "cancelled": {"acknowledge_critical": "cancelled"},
}
T = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("state", ReadState)
@pytest.mark.parametrize("event", ReadEvent)
def test_every_state_and_event(state: ReadState, event: ReadEvent) -> None:
    expected = EXPECTED[state].get(event)
    assert after(state, event) == (ReadState(expected) if expected else None)


def test_every_event_belongs_to_one_side() -> None:
    asking, reading = EVENTS_OF[Side.REQUESTER], EVENTS_OF[Side.READER]
    assert asking | reading == set(ReadEvent)
    assert not asking & reading


@pytest.mark.parametrize("state", ReadState)
@pytest.mark.parametrize("event", ReadEvent)
@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("claimed_by", [None, "me", "other"])
@pytest.mark.parametrize("critical", [True, False])
def test_who_may(
    state: ReadState, event: ReadEvent, side: Side, claimed_by: str | None, critical: bool
) -> None:
    allowed = may(Standing(state, claimed_by, critical), event, side, "me")
    if event not in EVENTS_OF[side] or event not in EXPECTED[state]:
        assert not allowed
    elif event == "acknowledge_critical":
        assert allowed == critical
    elif side is Side.READER and state in (ReadState.CLAIMED, ReadState.DRAFT):
        assert allowed == (claimed_by == "me")
    else:
        assert allowed


def test_actions_are_the_buttons() -> None:
    mine = Standing(ReadState.DRAFT, "me", critical_open=False)
    assert actions(mine, Side.READER, "me") == [
        "release",
        "return",
        "save_draft",
        "sign",
        "mark_critical",
    ]
    assert actions(mine, Side.READER, "colleague") == []
    assert actions(mine, Side.REQUESTER, "doctor") == []
    done = Standing(ReadState.SIGNED, "me", critical_open=True)
    assert actions(done, Side.REQUESTER, "doctor") == ["acknowledge_critical", "acknowledge"]


@pytest.mark.parametrize("state", ReadState)
def test_a_draft_does_not_show(state: ReadState) -> None:
    assert shown_state(state, Side.READER) is state
    seen = shown_state(state, Side.REQUESTER)
    assert seen is (ReadState.CLAIMED if state is ReadState.DRAFT else state)


def test_the_states_are_sorted_into_groups() -> None:
    assert not set(IN_PREPARATION) & set(WAITING)
    assert all("submit" not in EXPECTED[state] for state in WAITING)


# Clocks.


def test_clock_runs_until_signed() -> None:
    due = due_at(T, 10)
    assert due == T + timedelta(minutes=10)
    assert seconds_left(due, None, T) == 600
    assert seconds_left(due, None, T + timedelta(minutes=11)) == -60
    assert seconds_left(due, T + timedelta(minutes=4), T + timedelta(days=3)) == 360
    assert seconds_left(None, None, T) is None


@pytest.mark.parametrize(("late_by", "kept"), [(-1, True), (0, True), (0.001, False), (60, False)])
def test_on_time_to_the_second(late_by: float, kept: bool) -> None:
    assert on_time(T, T + timedelta(seconds=late_by)) is kept


def test_turnaround() -> None:
    assert turnaround_minutes(T, T + timedelta(minutes=7, seconds=33)) == 7.5


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(1959, 11, 24), date(2026, 11, 23), 66),
        (date(1959, 11, 23), date(2026, 11, 23), 67),
        (date(2024, 2, 29), date(2025, 2, 28), 0),
        (date(2024, 2, 29), date(2025, 3, 1), 1),
        (date(2027, 1, 1), date(2026, 11, 23), None),
        (None, date(2026, 11, 23), None),
    ],
)
def test_age(birth: date | None, day: date, age: int | None) -> None:
    assert age_on(birth, day) == age


# Identity.


@pytest.mark.parametrize(
    ("in_file", "chosen", "same"),
    [
        ("王建国", "王建国", True),
        ("王^建国", "王建国", True),
        ("Wang^Jianguo=王^建国", "王建国", True),
        ("WANG JIANGUO", "王建国", True),
        ("Jianguo Wang", "王建国", True),
        ("Wang^Jianguo", "王建国", True),
        ("王建军", "王建国", False),
        ("王建国^甲", "王建国", False),
        ("Li^Jianguo", "王建国", False),
        ("", "王建国", False),
        ("^^^", "王建国", False),
    ],
)
def test_names(in_file: str, chosen: str, same: bool) -> None:
    assert same_name(in_file, chosen, ["wangjianguo"]) is same


CHOSEN = Identity("王建国", "M", "1959-03-01", "门-8")


def _results(in_file: Identity, chosen: Identity = CHOSEN) -> dict[MatchField, MatchResult]:
    return {item.field: item.result for item in match_identity(in_file, chosen)}


def test_identity_matches() -> None:
    found = match_identity(Identity("王^建国", "M", "1959-03-01", "门8"), CHOSEN)
    assert {item.result for item in found} == {MatchResult.MATCH}
    assert overall_match(found) is MatchResult.MATCH


@pytest.mark.parametrize(
    ("in_file", "field"),
    [
        (Identity("李某", "M", "1959-03-01", "门8"), MatchField.NAME),
        (Identity("王建国", "F", "1959-03-01", "门8"), MatchField.SEX),
        (Identity("王建国", "M", "1959-03-02", "门8"), MatchField.BIRTH_DATE),
        (Identity("王建国", "M", "1959-03-01", "门9"), MatchField.LOCAL_NO),
    ],
)
def test_one_difference_is_enough(in_file: Identity, field: MatchField) -> None:
    results = _results(in_file)
    assert [key for key, value in results.items() if value is MatchResult.DIFFERS] == [field]
    assert overall_match(match_identity(in_file, CHOSEN)) is MatchResult.DIFFERS


@pytest.mark.parametrize("name", ["", "Anonymous", "UNKNOWN", "匿名", "^"])
def test_no_name_is_absent_not_different(name: str) -> None:
    assert _results(Identity(name))[MatchField.NAME] is MatchResult.ABSENT
    assert overall_match(match_identity(Identity(name, "M"), CHOSEN)) is MatchResult.ABSENT


def test_unknown_sex_is_absent() -> None:
    assert _results(Identity(sex="U"))[MatchField.SEX] is MatchResult.ABSENT
    unknown = Identity("王建国", "U")
    assert _results(Identity(sex="F"), unknown)[MatchField.SEX] is MatchResult.ABSENT


# Reports.

RHYTHMS, FINDINGS = {"sinus"}, {"normal_ecg", "st_elevation"}
WHOLE = {"rhythm": "sinus", "findings": ["normal_ecg"], "conclusion": "正常", "rate_bpm": 70}


def _faults(**change: object) -> list[str]:
    return [fault.path for fault in report_faults({**WHOLE, **change}, RHYTHMS, FINDINGS)]


def test_a_whole_report_has_no_fault() -> None:
    assert _faults() == []
    assert _faults(rate_bpm=None) == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"conclusion": ""}, "conclusion"),
        ({"conclusion": " \n"}, "conclusion"),
        ({"conclusion": None}, "conclusion"),
        ({"rhythm": ""}, "rhythm"),
        ({"rhythm": "polka"}, "rhythm"),
        ({"findings": ["unheard_of"]}, "findings"),
        ({"findings": ["normal_ecg", "normal_ecg"]}, "findings"),
        ({"rate_bpm": 9}, "rate_bpm"),
        ({"rate_bpm": 351}, "rate_bpm"),
        ({"axis_degrees": 181}, "axis_degrees"),
        ({"pr_ms": 0}, "pr_ms"),
        ({"qrs_ms": 301}, "qrs_ms"),
        ({"qt_ms": 99}, "qt_ms"),
        ({"qtc_ms": 801}, "qtc_ms"),
    ],
)
def test_faults(change: dict[str, object], path: str) -> None:
    assert _faults(**change) == [path]


def test_every_fault_says_what_to_do() -> None:
    for fault in report_faults({"rate_bpm": 1}, RHYTHMS, FINDINGS):
        assert fault.zh.endswith("。")
        assert fault.en.endswith(".")
