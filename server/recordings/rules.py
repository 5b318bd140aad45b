"""The life of a recording, and when one may be made. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

MAX_HOURS = 12
MAX_TRIES = 3  # how often composing is begun by itself


class RecordingState(StrEnum):
    """Sorted."""

    COMPOSING = "composing"  # the film is being made
    DELETED = "deleted"  # its time of keeping is over
    FAILED = "failed"
    FINISHING = "finishing"  # stopped; the recorder closes its files
    READY = "ready"
    RECORDING = "recording"


class RecordingEvent(StrEnum):
    """Sorted."""

    BREAK = "break"
    COMPOSED = "composed"
    EXPIRE = "expire"
    FINISHED = "finished"
    REOPEN = "reopen"  # as RETRY, while its files are not closed yet
    RETRY = "retry"
    STOP = "stop"


class Basis(StrEnum):
    """Whose word a recording rests on. Sorted."""

    ANNOUNCED = "announced"  # a lecture, marked as recorded
    GUARDIAN = "guardian"
    PATIENT = "patient"


class StopReason(StrEnum):
    """Sorted."""

    CONSENT_WITHDRAWN = "consent_withdrawn"
    DISK_FULL = "disk_full"
    HOST = "host"
    ROOM_OVER = "room_over"
    TOO_LONG = "too_long"


class Failure(StrEnum):
    """Why there is no film. Sorted."""

    COMPOSING_FAILED = "composing_failed"
    NOTHING_RECORDED = "nothing_recorded"


S, E = RecordingState, RecordingEvent

TRANSITIONS: Mapping[tuple[RecordingState, RecordingEvent], RecordingState] = {
    (S.COMPOSING, E.BREAK): S.FAILED,
    (S.COMPOSING, E.COMPOSED): S.READY,
    (S.FAILED, E.EXPIRE): S.DELETED,
    (S.FAILED, E.REOPEN): S.FINISHING,
    (S.FAILED, E.RETRY): S.COMPOSING,
    (S.FINISHING, E.BREAK): S.FAILED,
    (S.FINISHING, E.FINISHED): S.COMPOSING,
    (S.READY, E.EXPIRE): S.DELETED,
    (S.RECORDING, E.STOP): S.FINISHING,
}

ACTIVE = (S.RECORDING, S.FINISHING, S.COMPOSING)
"""States in which the keeper has something to do."""


def next_state(state: RecordingState, event: RecordingEvent) -> RecordingState | None:
    return TRANSITIONS.get((state, event))


class RecordingAction(StrEnum):
    """What a person may do with the recordings of a session. Sorted."""

    CONSENT = "consent"
    START = "start"
    STOP = "stop"
    WITHDRAW = "withdraw"


def actions(
    *, host: bool, consents: bool, live: bool, consent: bool, running: bool
) -> list[RecordingAction]:
    """`host` may moderate the room; `consents` may write down the consent, or take it back."""
    found: set[RecordingAction] = set()
    if consents:
        found.add(RecordingAction.WITHDRAW if consent else RecordingAction.CONSENT)
    if host and running:
        found.add(RecordingAction.STOP)
    if host and live and consent and not running:
        found.add(RecordingAction.START)
    return sorted(found)


def basis_fits(basis: Basis, *, consult: bool) -> bool:
    return (basis is not Basis.ANNOUNCED) == consult


def keep_until(moment: datetime, months: int) -> datetime:
    """The moment so many calendar months later; the last day of a shorter month."""
    number = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(number, 12)
    after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (after - timedelta(days=1)).day
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
