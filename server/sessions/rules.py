"""Lifecycles of consults and lectures as transition tables, and who may cause which event. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Urgency(StrEnum):
    EMERGENCY = "emergency"
    ROUTINE = "routine"


class ConsultState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEEDS_INFORMATION = "needs_information"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SCHEDULED = "scheduled"
    LIVE = "live"
    OPINION_DRAFT = "opinion_draft"
    SIGNED = "signed"
    FILED_BACK = "filed_back"
    OUTCOME_REPORTED = "outcome_reported"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class ConsultEvent(StrEnum):
    ACCEPT = "accept"
    ANSWER = "answer"
    ASK = "ask"
    BEGIN = "begin"  # the first person is in the room, or both sides asked for a seat
    CANCEL = "cancel"
    CLOSE = "close"
    DECLINE = "decline"
    EMPTY = "empty"  # the room emptied before both sides had been in it
    END = "end"
    FILE_BACK = "file_back"
    REOPEN = "reopen"  # somebody came back after the room had emptied
    REPORT_OUTCOME = "report_outcome"
    ROOM_OVER = "room_over"  # the room emptied after both sides had been in it
    SCHEDULE = "schedule"
    SIGN = "sign"
    SUBMIT = "submit"


C, E = ConsultState, ConsultEvent

CONSULT_TRANSITIONS: Mapping[tuple[ConsultState, ConsultEvent], ConsultState] = {
    (C.DRAFT, E.SUBMIT): C.SUBMITTED,
    (C.SUBMITTED, E.ACCEPT): C.ACCEPTED,
    (C.SUBMITTED, E.DECLINE): C.DECLINED,
    (C.SUBMITTED, E.ASK): C.NEEDS_INFORMATION,
    (C.NEEDS_INFORMATION, E.ANSWER): C.SUBMITTED,
    (C.NEEDS_INFORMATION, E.DECLINE): C.DECLINED,
    (C.ACCEPTED, E.SCHEDULE): C.SCHEDULED,
    (C.SCHEDULED, E.SCHEDULE): C.SCHEDULED,
    (C.SCHEDULED, E.BEGIN): C.LIVE,
    (C.LIVE, E.EMPTY): C.SCHEDULED,
    (C.LIVE, E.ROOM_OVER): C.OPINION_DRAFT,
    (C.LIVE, E.END): C.OPINION_DRAFT,
    (C.OPINION_DRAFT, E.REOPEN): C.LIVE,
    (C.OPINION_DRAFT, E.SIGN): C.SIGNED,
    (C.SIGNED, E.FILE_BACK): C.FILED_BACK,
    (C.FILED_BACK, E.REPORT_OUTCOME): C.OUTCOME_REPORTED,
    (C.SIGNED, E.CLOSE): C.CLOSED,  # the requester never answered
    (C.FILED_BACK, E.CLOSE): C.CLOSED,  # nor here
    (C.OUTCOME_REPORTED, E.CLOSE): C.CLOSED,
    # DOMAIN: cancelled from any state before live, with reason.
    (C.DRAFT, E.CANCEL): C.CANCELLED,
    (C.SUBMITTED, E.CANCEL): C.CANCELLED,
    (C.NEEDS_INFORMATION, E.CANCEL): C.CANCELLED,
    (C.ACCEPTED, E.CANCEL): C.CANCELLED,
    (C.SCHEDULED, E.CANCEL): C.CANCELLED,
}

CONSULT_DONE = frozenset({C.CLOSED, C.CANCELLED, C.DECLINED})
CONSULT_BEFORE_LIVE = frozenset(
    {C.DRAFT, C.SUBMITTED, C.NEEDS_INFORMATION, C.ACCEPTED, C.SCHEDULED}
)


class Party(StrEnum):
    """How a person relates to a consult."""

    COORDINATOR = "coordinator"  # of the supporting unit: schedule and counts, no clinical text
    REQUESTER = "requester"  # a doctor of the requesting organisation
    SPECIALIST = "specialist"  # invited, or the one who took it
    SYSTEM = "system"


CONSULT_WHO: Mapping[ConsultEvent, frozenset[Party]] = {
    E.ACCEPT: frozenset({Party.SPECIALIST}),
    E.ANSWER: frozenset({Party.REQUESTER}),
    E.ASK: frozenset({Party.SPECIALIST}),
    E.BEGIN: frozenset({Party.SYSTEM}),
    E.CANCEL: frozenset({Party.REQUESTER, Party.SPECIALIST}),
    E.CLOSE: frozenset({Party.SYSTEM}),
    E.DECLINE: frozenset({Party.SPECIALIST}),
    E.EMPTY: frozenset({Party.SYSTEM}),
    E.END: frozenset({Party.SPECIALIST}),
    E.FILE_BACK: frozenset({Party.REQUESTER}),
    E.REOPEN: frozenset({Party.SYSTEM}),
    E.REPORT_OUTCOME: frozenset({Party.REQUESTER}),
    E.ROOM_OVER: frozenset({Party.SYSTEM}),
    E.SCHEDULE: frozenset({Party.SPECIALIST, Party.COORDINATOR}),
    E.SIGN: frozenset({Party.SPECIALIST}),
    E.SUBMIT: frozenset({Party.REQUESTER}),
}


class ConsultAction(StrEnum):
    """What a person may do with a consult now: events of people, and work that changes no state."""

    ACCEPT = "accept"
    ANSWER = "answer"
    ASK = "ask"
    ATTACH = "attach"
    CANCEL = "cancel"
    DECLINE = "decline"
    EDIT = "edit"
    END = "end"
    FILE_BACK = "file_back"
    JOIN = "join"
    REPORT_OUTCOME = "report_outcome"
    SAVE_OPINION = "save_opinion"
    SCHEDULE = "schedule"
    SIGN = "sign"
    SUBMIT = "submit"


def next_consult(state: ConsultState, event: ConsultEvent) -> ConsultState | None:
    """The state after an event, or None when the event has no place in this state."""
    return CONSULT_TRANSITIONS.get((state, event))


EDITABLE = frozenset({C.DRAFT, C.NEEDS_INFORMATION})
ATTACHABLE = frozenset({C.DRAFT, C.SUBMITTED, C.NEEDS_INFORMATION, C.ACCEPTED, C.SCHEDULED, C.LIVE})
OPINION_OPEN = frozenset({C.LIVE, C.OPINION_DRAFT})


def may(state: ConsultState, event: ConsultEvent, party: Party) -> bool:
    """True if this party may cause this event now."""
    # A specialist who has not taken the case declines it; cancelling is for who takes part in it.
    if event is E.CANCEL and party is Party.SPECIALIST and state not in (C.ACCEPTED, C.SCHEDULED):
        return False
    # Reporting the outcome files the opinion back as well, so one press is enough.
    if event is E.REPORT_OUTCOME and state is C.SIGNED:
        return party in CONSULT_WHO[event]
    return party in CONSULT_WHO[event] and next_consult(state, event) is not None


def consult_actions(state: ConsultState, party: Party, joinable: bool) -> list[ConsultAction]:
    """What the party may do now; `joinable` says whether the room is open to it."""
    found = {ConsultAction(event.value) for event in _BY_PEOPLE if may(state, event, party)}
    if party is Party.REQUESTER and state in EDITABLE:
        found.add(ConsultAction.EDIT)
    if party is Party.REQUESTER and state in ATTACHABLE:
        found.add(ConsultAction.ATTACH)
    if party is Party.SPECIALIST and state in OPINION_OPEN:
        found.add(ConsultAction.SAVE_OPINION)
    if joinable and party in (Party.REQUESTER, Party.SPECIALIST):
        found.add(ConsultAction.JOIN)
    return sorted(found)


_BY_PEOPLE = [event for event, who in CONSULT_WHO.items() if who != frozenset({Party.SYSTEM})]


class LectureState(StrEnum):
    PLANNED = "planned"
    ANNOUNCED = "announced"
    OPEN = "open"  # sign-in
    LIVE = "live"
    ENDED = "ended"
    CREDITED = "credited"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class LectureEvent(StrEnum):
    ANNOUNCE = "announce"
    ARCHIVE = "archive"
    CANCEL = "cancel"
    CREDIT = "credit"  # the entries were recorded
    END = "end"
    OPEN = "open"
    START = "start"


L, V = LectureState, LectureEvent

LECTURE_TRANSITIONS: Mapping[tuple[LectureState, LectureEvent], LectureState] = {
    (L.PLANNED, V.ANNOUNCE): L.ANNOUNCED,
    (L.ANNOUNCED, V.OPEN): L.OPEN,
    (L.OPEN, V.START): L.LIVE,
    (L.LIVE, V.END): L.ENDED,
    (L.ENDED, V.CREDIT): L.CREDITED,
    (L.CREDITED, V.ARCHIVE): L.ARCHIVED,
    (L.PLANNED, V.CANCEL): L.CANCELLED,
    (L.ANNOUNCED, V.CANCEL): L.CANCELLED,
    (L.OPEN, V.CANCEL): L.CANCELLED,
}

LECTURE_DONE = frozenset({L.ENDED, L.CREDITED, L.ARCHIVED, L.CANCELLED})


class LectureParty(StrEnum):
    AUDIENCE = "audience"
    LECTURER = "lecturer"
    MANAGER = "manager"  # a coordinator of the supporting unit, or who planned it
    SYSTEM = "system"


_RUN = frozenset({LectureParty.LECTURER, LectureParty.MANAGER, LectureParty.SYSTEM})
_PLAN = frozenset({LectureParty.LECTURER, LectureParty.MANAGER})

LECTURE_WHO: Mapping[LectureEvent, frozenset[LectureParty]] = {
    V.ANNOUNCE: _PLAN,
    V.ARCHIVE: frozenset({LectureParty.MANAGER}),
    V.CANCEL: _RUN,  # by the system when nobody held it
    V.CREDIT: frozenset({LectureParty.SYSTEM}),
    V.END: _RUN,
    V.OPEN: _RUN,
    V.START: _RUN,
}


class LectureAction(StrEnum):
    ANNOUNCE = "announce"
    ARCHIVE = "archive"
    ATTENDANCE = "attendance"  # see everyone's minutes
    CANCEL = "cancel"
    EDIT = "edit"
    END = "end"
    JOIN = "join"
    OPEN = "open"
    SPEAKERS = "speakers"  # let somebody of the audience speak
    START = "start"


def next_lecture(state: LectureState, event: LectureEvent) -> LectureState | None:
    """The state after an event, or None when the event has no place in this state."""
    return LECTURE_TRANSITIONS.get((state, event))


def lecture_may(state: LectureState, event: LectureEvent, party: LectureParty) -> bool:
    return party in LECTURE_WHO[event] and next_lecture(state, event) is not None


def lecture_actions(
    state: LectureState, party: LectureParty, joinable: bool
) -> list[LectureAction]:
    """What the party may do with a lecture now."""
    events = [event for event in LectureEvent if event is not V.CREDIT]
    found = {LectureAction(event.value) for event in events if lecture_may(state, event, party)}
    if party is not LectureParty.AUDIENCE:
        found.add(LectureAction.ATTENDANCE)
        if state in (L.PLANNED, L.ANNOUNCED):
            found.add(LectureAction.EDIT)
        if state in (L.OPEN, L.LIVE):
            found.add(LectureAction.SPEAKERS)
    if joinable:
        found.add(LectureAction.JOIN)
    return sorted(found)


# How long a room stays open past its planned end; sessions overrun. Not a number of any programme.
JOIN_GRACE = timedelta(minutes=60)
# A room that is live is never closed to somebody who reloads, up to the life of a token.
LIVE_LIMIT = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Window:
    """When a room lets people in."""

    opens_at: datetime
    closes_at: datetime

    def holds(self, now: datetime) -> bool:
        return self.opens_at <= now < self.closes_at


def window(starts_at: datetime, minutes: int, before_minutes: int) -> Window:
    """From some minutes before the start to an hour past the planned end."""
    planned_end = starts_at + timedelta(minutes=minutes)
    return Window(starts_at - timedelta(minutes=before_minutes), planned_end + JOIN_GRACE)


class Door(StrEnum):
    """What somebody finds who wants to join."""

    OPEN = "open"
    OVER = "over"
    TOO_EARLY = "too_early"
    WRONG_STATE = "wrong_state"


def consult_door(
    state: ConsultState, times: Window | None, live_at: datetime | None, ended: bool, now: datetime
) -> Door:
    """Whether a consult's room is open; `ended` means that somebody pressed "end"."""
    if state in (C.SIGNED, C.FILED_BACK, C.OUTCOME_REPORTED, C.CLOSED):
        return Door.OVER
    if times is None or state not in (C.SCHEDULED, C.LIVE, C.OPINION_DRAFT):
        return Door.WRONG_STATE
    if state is C.LIVE and live_at is not None:
        return Door.OPEN if now < max(times.closes_at, live_at + LIVE_LIMIT) else Door.OVER
    if now >= times.closes_at or (state is C.OPINION_DRAFT and ended):
        return Door.OVER
    return Door.OPEN if now >= times.opens_at else Door.TOO_EARLY


def lecture_door(
    state: LectureState, times: Window, live_at: datetime | None, now: datetime
) -> Door:
    """Whether a lecture's room is open. Opening it by hand opens the door before its time."""
    if state in (L.PLANNED, L.CANCELLED):
        return Door.WRONG_STATE
    if state in LECTURE_DONE:
        return Door.OVER
    if state is L.LIVE and live_at is not None:
        return Door.OPEN if now < max(times.closes_at, live_at + LIVE_LIMIT) else Door.OVER
    if now >= times.closes_at:
        return Door.OVER
    if state is L.OPEN or now >= times.opens_at:
        return Door.OPEN
    return Door.TOO_EARLY
