"""Interval arithmetic against sets of seconds, and the judgement built on it."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from server.sessions.crediting import Attendee, judge_consult, judge_lecture
from server.sessions.intervals import Intervals, clip, intersect, merge, seconds, subtract

ranges = st.lists(
    st.tuples(st.integers(0, 120), st.integers(-5, 40)).map(lambda p: (p[0], p[0] + p[1])),
    max_size=12,
)


def as_set(intervals: list[tuple[int, int]] | Intervals) -> set[int]:
    """The oracle: every second by itself."""
    return {second for start, end in intervals for second in range(start, end)}


@given(ranges, ranges)
def test_merging_is_the_union_in_normal_form(
    left: list[tuple[int, int]], right: list[tuple[int, int]]
) -> None:
    joined = merge(left, right)
    assert as_set(joined) == as_set(left) | as_set(right)
    assert all(start < end for start, end in joined)
    assert all(a[1] < b[0] for a, b in itertools.pairwise(joined))


@given(ranges, ranges, ranges)
def test_the_order_of_reports_is_no_matter(
    a: list[tuple[int, int]], b: list[tuple[int, int]], c: list[tuple[int, int]]
) -> None:
    at_once = merge(a, b, c)
    assert merge(merge(merge(a), b), c) == at_once
    assert merge(merge(merge(c), a), b) == at_once
    # A report delivered twice, or two devices of one person, count once.
    assert merge(at_once, b, b) == at_once


@given(ranges, st.integers(0, 120), st.integers(0, 120))
def test_clipping_keeps_what_is_inside(found: list[tuple[int, int]], start: int, end: int) -> None:
    assert as_set(clip(found, start, end)) == {s for s in as_set(found) if start <= s < end}


@given(ranges, ranges)
def test_intersecting_is_what_both_have(
    left: list[tuple[int, int]], right: list[tuple[int, int]]
) -> None:
    both = intersect(left, right)
    assert as_set(both) == as_set(left) & as_set(right)
    assert both == merge(both)
    assert seconds(both) == len(as_set(both))


@given(ranges, ranges)
def test_subtracting_leaves_what_only_the_first_has(
    left: list[tuple[int, int]], right: list[tuple[int, int]]
) -> None:
    rest = subtract(left, right)
    assert as_set(rest) == as_set(left) - as_set(right)
    assert rest == merge(rest)


def _attendee(who: str, org: str, role: str, found: list[tuple[int, int]]) -> Attendee:
    return Attendee(who, org, role, merge(found), merge(found))


@given(ranges, ranges, st.integers(1, 60))
def test_a_consult_counts_when_both_sides_meet_for_the_floor(
    asking: list[tuple[int, int]], answering: list[tuple[int, int]], floor: int
) -> None:
    people = [
        _attendee("a", "township", "requester", asking),
        _attendee("b", "city", "specialist", answering),
    ]
    judged = judge_consult(
        people, span=(10, 100), requester_org="township", floor_seconds=floor, in_term=True
    )
    inside = set(range(10, 100))
    left, right = as_set(asking) & inside, as_set(answering) & inside
    assert [item.seconds for item in judged.people] == [len(left), len(right)]
    assert judged.shared_seconds == len(left & right)
    assert judged.creditable is (len(left & right) >= floor)
    expected = (
        ("no_media",)
        if not left and not right
        else ("one_side_only",)
        if not left or not right
        else ("too_short",)
        if len(left & right) < floor
        else ()
    )
    assert judged.reasons == expected


def test_two_devices_and_two_colleagues_of_one_side_are_not_added_up() -> None:
    people = [
        _attendee("a", "township", "requester", [(0, 200), (100, 300)]),
        _attendee("c", "township", "requester", [(0, 300)]),
        _attendee("b", "city", "specialist", [(0, 300)]),
    ]
    judged = judge_consult(
        people, span=(0, 300), requester_org="township", floor_seconds=301, in_term=True
    )
    assert judged.shared_seconds == 300
    assert judged.reasons == ("too_short",)


def test_outside_of_the_agreement_nothing_counts() -> None:
    people = [
        _attendee("a", "township", "requester", [(0, 600)]),
        _attendee("b", "city", "specialist", [(0, 600)]),
    ]
    judged = judge_consult(
        people, span=(0, 600), requester_org="township", floor_seconds=300, in_term=False
    )
    assert (judged.creditable, judged.reasons) == (False, ("not_in_term",))


def test_a_lecture_counts_by_one_learner_of_the_unit_who_received_the_floor() -> None:
    lecturer = Attendee("l", "city", "lecturer", ((0, 1000),), ())
    learner = Attendee("a", "township", "learner", (), ((100, 800),))
    observer = Attendee("o", "city", "observer", (), ((0, 1000),))
    # A learner who sends without receiving has not listened.
    loud = Attendee("x", "township", "learner", ((0, 1000),), ())

    def judged(*people: Attendee, floor: int = 600) -> tuple[bool, tuple[str, ...], int]:
        found = judge_lecture(
            people, span=(0, 1000), recipient_id="township", floor_seconds=floor, in_term=True
        )
        return found.creditable, found.reasons, found.shared_seconds

    assert judged(lecturer, learner) == (True, (), 700)
    assert judged(lecturer, learner, floor=701) == (False, ("too_short",), 700)
    assert judged(lecturer, observer, loud) == (False, ("one_side_only",), 0)
    assert judged(learner) == (False, ("one_side_only",), 700)
    assert judged(Attendee("l", "city", "lecturer", (), ())) == (False, ("no_media",), 0)


def test_a_lecture_of_which_nobody_can_know_the_reception_says_so() -> None:
    lecturer = Attendee("l", "city", "lecturer", ((0, 1000),), None)
    learner = Attendee("a", "township", "learner", (), None)
    observer = Attendee("o", "city", "observer", (), None)
    proven = Attendee("p", "township", "learner", (), ((0, 600),))

    def judged(*people: Attendee) -> tuple[str, ...]:
        return judge_lecture(
            people, span=(0, 1000), recipient_id="township", floor_seconds=600, in_term=True
        ).reasons

    assert judged(lecturer, learner) == ("reception_unknown",)
    assert judged(lecturer, learner, proven) == ()
    # What is known all the same: nobody of the unit came, or the lecturer sent nothing.
    assert judged(lecturer, observer) == ("one_side_only",)
    assert judged(Attendee("l", "city", "lecturer", (), None), learner) == ("no_media",)
