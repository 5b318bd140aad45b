"""Anomaly marks: each is found where it is, and not where it is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from server.evidence.entries import LoggedEntry
from server.evidence.marks import Limits, MarkCode, marks_of, quarter_end
from server.evidence.rules import Evidence, Participation
from server.pairing.rules import ActivityKind
from tests.unit.evidence.samples import AT, CITY, entry, media

ZONE = "Asia/Shanghai"


def codes(entries: list[LoggedEntry], limits: Limits | None = None) -> dict[str, list[str]]:
    found = marks_of(entries, limits or Limits(), ZONE)
    return {name: [mark.code.value for mark in marks] for name, marks in found.items()}


def test_nothing_wrong_with_ordinary_weeks() -> None:
    assert codes([entry(at=AT + timedelta(days=7 * week)) for week in range(10)]) == {}


def test_live_without_media() -> None:
    silent = entry(people=(Participation("stf_1", CITY, "lead", 0),))
    read = entry(ActivityKind.ECG_READ, people=(Participation("stf_1", CITY, "reader", 0),))
    assert codes([silent, read]) == {silent.id: [MarkCode.NO_MEDIA]}


def test_same_subject_twice_under_one_agreement() -> None:
    one, two = entry(subject_id="con_7"), entry(subject_id="con_7")
    found = marks_of([one, two], Limits(), ZONE)
    assert [mark.others for mark in found[one.id]] == [(two.id,)]
    assert [mark.code for mark in found[two.id]] == [MarkCode.SAME_CASE]


def test_one_recording_behind_two_reads() -> None:
    tracing = Evidence("recording", "ab" * 32, 291_000, "application/dicom", False)
    one = entry(ActivityKind.ECG_READ, evidence=(tracing,))
    two = entry(ActivityKind.ECG_READ, at=AT + timedelta(days=9), evidence=(tracing,))
    assert codes([one, two, entry()]) == {one.id: ["same_case"], two.id: ["same_case"]}


def test_a_lecture_for_two_recipients_is_not_a_case_twice() -> None:
    shared = Evidence("attendance.json", "cd" * 32, 9, "application/json", True)
    one = entry(ActivityKind.LECTURE, subject_id="lec_1", evidence=(shared,))
    two = replace(one, id="ent_other", agreement_id="agr_2")
    assert codes([one, two]) == {}


def test_an_empty_document_is_no_sign_of_the_same_case() -> None:
    empty = Evidence("chat.json", "ee" * 32, 0, "application/json", True)
    assert codes([entry(evidence=(empty,)), entry(evidence=(empty,))]) == {}


def test_a_correction_is_not_a_case_twice() -> None:
    old = entry(subject_id="con_7")
    new = replace(old, id="ent_new", corrects=old.id)
    assert codes([old, new]) == {}


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 6, 30), date(2026, 6, 30)),
        (date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_quarter_end(day: date, last: date) -> None:
    assert quarter_end(day) == last


def _burst(late: int, early: int) -> list[LoggedEntry]:
    end = datetime(2026, 9, 29, 1, 0, tzinfo=UTC)
    first = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
    found = [entry(at=end + timedelta(hours=n)) for n in range(late)]
    return found + [entry(at=first + timedelta(days=n)) for n in range(early)]


@pytest.mark.parametrize(("late", "early", "marked"), [(6, 5, 6), (6, 6, 0), (5, 0, 0), (9, 30, 0)])
def test_burst_needs_a_minimum_and_a_majority(late: int, early: int, marked: int) -> None:
    entries = _burst(late, early)
    found = codes(entries)
    assert sum("period_end_burst" in own for own in found.values()) == marked
    assert all(item.id not in found for item in entries[late:])


def test_the_period_ends_by_the_local_day() -> None:
    # 16:30 UTC on 30 September is already 1 October in Shanghai: the next quarter.
    moment = datetime(2026, 9, 30, 16, 30, tzinfo=UTC)
    assert codes([entry(at=moment + timedelta(minutes=n)) for n in range(8)]) == {}


def test_identical_durations() -> None:
    same = [entry(at=AT + timedelta(days=n), seconds=1200) for n in range(3)]
    other = entry(at=AT + timedelta(days=5), seconds=1201)
    assert codes([*same, other]) == {item.id: ["identical_duration"] for item in same}
    assert codes(same[:2]) == {}
    assert codes(same, Limits(identical_minimum=4)) == {}


def test_one_person_in_two_places() -> None:
    one = entry(people=(media("stf_x", CITY, AT, 600),))
    later = AT + timedelta(seconds=599)
    two = entry(at=later, people=(media("stf_x", CITY, later, 600),))
    apart = AT + timedelta(seconds=1199)
    three = entry(at=apart, people=(media("stf_x", CITY, apart, 60),))
    assert codes([one, two, three]) == {one.id: ["two_places"], two.id: ["two_places"]}


def test_touching_or_same_session_is_one_place() -> None:
    one = entry(people=(media("stf_x", CITY, AT, 600),))
    after = AT + timedelta(seconds=600)
    two = entry(at=after, people=(media("stf_x", CITY, after, 600),))
    shared = entry(ActivityKind.LECTURE, subject_id="lec_1", people=(media("stf_y", CITY, AT, 60),))
    twin = replace(shared, id="ent_twin", agreement_id="agr_2")
    assert codes([one, two, shared, twin]) == {}


def test_reading_during_a_lecture_is_not_two_places() -> None:
    lecture = entry(ActivityKind.LECTURE, people=(media("stf_x", CITY, AT, 3600),))
    read = entry(ActivityKind.ECG_READ, people=(media("stf_x", CITY, AT, 300, "reader"),))
    assert codes([lecture, read]) == {}
