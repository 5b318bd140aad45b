"""Every state × event of both lifecycles, and who may cause it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from server.sessions.rules import (
    CONSULT_BEFORE_LIVE,
    CONSULT_DONE,
    CONSULT_TRANSITIONS,
    CONSULT_WHO,
    JOIN_GRACE,
    LECTURE_TRANSITIONS,
    LECTURE_WHO,
    LIVE_LIMIT,
    ConsultAction,
    ConsultEvent,
    ConsultState,
    Door,
    LectureAction,
    LectureEvent,
    LectureParty,
    LectureState,
    Party,
    consult_actions,
    consult_door,
    lecture_actions,
    lecture_door,
    lecture_may,
    may,
    next_consult,
    next_lecture,
    window,
)

START = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
TIMES = window(START, 30, 15)

# The lifecycle written out a second time, as DOMAIN tells it: one line for each state.
CONSULT = {
    "draft": {"submit": "submitted", "cancel": "cancelled"},
    "submitted": {
        "accept": "accepted",
        "decline": "declined",
        "ask": "needs_information",
        "cancel": "cancelled",
    },
    "needs_information": {"answer": "submitted", "decline": "declined", "cancel": "cancelled"},
    "accepted": {"schedule": "scheduled", "cancel": "cancelled"},
    "declined": {},
    "scheduled": {"schedule": "scheduled", "begin": "live", "cancel": "cancelled"},
    "live": {"end": "opinion_draft", "room_over": "opinion_draft", "empty": "scheduled"},
    "opinion_draft": {"sign": "signed", "reopen": "live"},
    "signed": {"file_back": "filed_back", "close": "closed"},
    "filed_back": {"report_outcome": "outcome_reported", "close": "closed"},
    "outcome_reported": {"close": "closed"},
    "closed": {},
    "cancelled": {},
}
LECTURE = {
    "planned": {"announce": "announced", "cancel": "cancelled"},
    "announced": {"open": "open", "cancel": "cancelled"},
    "open": {"start": "live", "cancel": "cancelled"},
    "live": {"end": "ended"},
    "ended": {"credit": "credited"},
    "credited": {"archive": "archived"},
    "archived": {},
    "cancelled": {},
}


@pytest.mark.parametrize(("state", "event"), list(product(ConsultState, ConsultEvent)))
def test_every_state_and_event_of_a_consult(state: ConsultState, event: ConsultEvent) -> None:
    assert next_consult(state, event) == CONSULT[state].get(event)


@pytest.mark.parametrize(("state", "event"), list(product(LectureState, LectureEvent)))
def test_every_state_and_event_of_a_lecture(state: LectureState, event: LectureEvent) -> None:
    assert next_lecture(state, event) == LECTURE[state].get(event)


def test_every_event_has_somebody_who_may_cause_it() -> None:
    assert set(CONSULT_WHO) == set(ConsultEvent)
    assert set(LECTURE_WHO) == set(LectureEvent)
    assert all(CONSULT_WHO.values())
    assert all(LECTURE_WHO.values())


def test_every_state_is_reached_and_left_or_final() -> None:
    assert set(CONSULT_TRANSITIONS.values()) == set(ConsultState) - {ConsultState.DRAFT}
    assert {state for state, _ in CONSULT_TRANSITIONS} == set(ConsultState) - CONSULT_DONE
    assert set(LECTURE_TRANSITIONS.values()) == set(LectureState) - {LectureState.PLANNED}


def test_cancelling_is_possible_before_live_and_never_after() -> None:
    for state in ConsultState:
        expected = state in CONSULT_BEFORE_LIVE
        assert (next_consult(state, ConsultEvent.CANCEL) is not None) is expected


@pytest.mark.parametrize(
    ("state", "event", "party"), list(product(ConsultState, ConsultEvent, Party))
)
def test_who_may_do_what_to_a_consult(
    state: ConsultState, event: ConsultEvent, party: Party
) -> None:
    if may(state, event, party):
        assert party in CONSULT_WHO[event]
        filed_on_the_way = (state, event) == (ConsultState.SIGNED, ConsultEvent.REPORT_OUTCOME)
        assert filed_on_the_way or next_consult(state, event) is not None


def test_a_specialist_declines_what_it_has_not_taken_and_cancels_what_it_has() -> None:
    assert may(ConsultState.SUBMITTED, ConsultEvent.DECLINE, Party.SPECIALIST)
    assert not may(ConsultState.SUBMITTED, ConsultEvent.CANCEL, Party.SPECIALIST)
    assert may(ConsultState.SCHEDULED, ConsultEvent.CANCEL, Party.SPECIALIST)
    assert may(ConsultState.SUBMITTED, ConsultEvent.CANCEL, Party.REQUESTER)


def test_the_system_presses_no_buttons_and_coordinators_only_schedule() -> None:
    for state, joinable in product(ConsultState, (True, False)):
        assert consult_actions(state, Party.SYSTEM, joinable) == []
        allowed = consult_actions(state, Party.COORDINATOR, joinable)
        assert set(allowed) <= {ConsultAction.SCHEDULE}


@pytest.mark.parametrize(("state", "party"), list(product(ConsultState, Party)))
def test_buttons_of_a_consult_are_what_the_table_allows(state: ConsultState, party: Party) -> None:
    shown = set(consult_actions(state, party, joinable=False))
    extra = {ConsultAction.EDIT, ConsultAction.ATTACH, ConsultAction.SAVE_OPINION}
    events = {ConsultAction(e.value) for e in ConsultEvent if e.value in set(ConsultAction)}
    if party is Party.SYSTEM:
        return
    assert shown - extra == {a for a in events if may(state, ConsultEvent(a.value), party)}
    assert ConsultAction.JOIN not in shown


def test_the_audience_presses_join_and_nothing_else() -> None:
    for state in LectureState:
        assert lecture_actions(state, LectureParty.AUDIENCE, joinable=False) == []
        shown = lecture_actions(state, LectureParty.AUDIENCE, joinable=True)
        assert shown == [LectureAction.JOIN]
        assert not any(lecture_may(state, event, LectureParty.AUDIENCE) for event in LectureEvent)


def test_nobody_credits_a_lecture_by_hand() -> None:
    for state, party in product(LectureState, LectureParty):
        if party is not LectureParty.SYSTEM:
            assert not lecture_may(state, LectureEvent.CREDIT, party)


def _door(state: ConsultState, minutes: float, *, live: bool = False, ended: bool = False) -> Door:
    now = START + timedelta(minutes=minutes)
    return consult_door(state, TIMES, START if live else None, ended, now)


def test_the_door_of_a_consult_over_time() -> None:
    assert _door(ConsultState.SCHEDULED, -15.01) is Door.TOO_EARLY
    assert _door(ConsultState.SCHEDULED, -15) is Door.OPEN
    assert _door(ConsultState.SCHEDULED, 89.9) is Door.OPEN
    assert _door(ConsultState.SCHEDULED, 90) is Door.OVER
    assert TIMES.closes_at == START + timedelta(minutes=30) + JOIN_GRACE
    # Nobody is locked out of a session that runs over.
    assert _door(ConsultState.LIVE, 200, live=True) is Door.OPEN
    assert _door(ConsultState.LIVE, LIVE_LIMIT.total_seconds() / 60, live=True) is Door.OVER
    # The room emptied by itself: back in; somebody pressed "end": over.
    assert _door(ConsultState.OPINION_DRAFT, 20) is Door.OPEN
    assert _door(ConsultState.OPINION_DRAFT, 20, ended=True) is Door.OVER


@pytest.mark.parametrize("state", list(ConsultState))
def test_the_door_of_a_consult_in_every_state(state: ConsultState) -> None:
    expected = {
        ConsultState.SCHEDULED: Door.OPEN,
        ConsultState.LIVE: Door.OPEN,
        ConsultState.OPINION_DRAFT: Door.OPEN,
        ConsultState.SIGNED: Door.OVER,
        ConsultState.FILED_BACK: Door.OVER,
        ConsultState.OUTCOME_REPORTED: Door.OVER,
        ConsultState.CLOSED: Door.OVER,
    }.get(state, Door.WRONG_STATE)
    assert _door(state, 5, live=state is ConsultState.LIVE) is expected
    assert consult_door(state, None, None, False, START) in (Door.WRONG_STATE, Door.OVER)


def test_the_door_of_a_lecture() -> None:
    def door(state: LectureState, minutes: float, live_at: datetime | None = None) -> Door:
        return lecture_door(state, TIMES, live_at, START + timedelta(minutes=minutes))

    assert door(LectureState.PLANNED, 0) is Door.WRONG_STATE
    assert door(LectureState.ANNOUNCED, -16) is Door.TOO_EARLY
    assert door(LectureState.ANNOUNCED, -15) is Door.OPEN
    assert door(LectureState.ANNOUNCED, 90) is Door.OVER
    assert door(LectureState.OPEN, -300) is Door.OPEN  # opened by hand
    assert door(LectureState.LIVE, 200, START) is Door.OPEN
    for state in (LectureState.ENDED, LectureState.CREDITED, LectureState.ARCHIVED):
        assert door(state, 5) is Door.OVER
    assert door(LectureState.CANCELLED, 5) is Door.WRONG_STATE
