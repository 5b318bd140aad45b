"""Who comes into a room at once, who waits, who is turned away, and who may moderate. Pure.

DOMAIN ("Who may see what") says who belongs: the doctor who asked and the specialist who took the case; the lecturer
and who runs the lecture. They never wait. In a consult everybody else does (a patient's matters are discussed); in a
lecture the audience comes straight in, unless the host has switched the waiting room on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

LAST = 4_102_444_800  # the year 2100, as for reports


class Standing(StrEnum):
    """What stands of a person of whom something had to be decided."""

    ADMITTED = "admitted"
    REFUSED = "refused"
    REMOVED = "removed"
    WAITING = "waiting"


class Rank(StrEnum):
    """What a person may do to others in the room."""

    CO_HOST = "co_host"
    HOST = "host"
    MEMBER = "member"


class Entry(StrEnum):
    """What somebody finds who comes to an open room."""

    IN = "in"
    LOCKED = "locked"
    REFUSED = "refused"
    WAIT = "wait"


class TrackKind(StrEnum):
    """What a host may stop of somebody else's. Nothing of it is ever opened from afar."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SCREEN = "screen"


def entry(
    *,
    entitled: bool,
    known: bool,
    standing: Standing | None,
    locked: bool,
    waiting: bool,
    again: bool = False,
) -> Entry:
    """How a person comes in.

    `entitled`: belongs to this session. `known`: had a seat in it before. `again`: asks anew after a refusal.
    Who was sent out comes back only by a new admission, and not at all while the room is locked.
    """
    if standing in (Standing.REMOVED, Standing.REFUSED):
        if locked:
            return Entry.LOCKED
        asks = standing is Standing.REMOVED or again
        return Entry.WAIT if asks else Entry.REFUSED
    if standing is Standing.WAITING:
        return Entry.WAIT
    if entitled or known or standing is Standing.ADMITTED:
        return Entry.IN
    if locked:
        return Entry.LOCKED
    return Entry.WAIT if waiting else Entry.IN


def rank(*, host: bool, co_host: bool, standing: Standing | None) -> Rank:
    """A host stays one; a co-host only while let in."""
    if host:
        return Rank.HOST
    inside = standing is None or standing is Standing.ADMITTED
    return Rank.CO_HOST if co_host and inside else Rank.MEMBER


def may_act_on(actor: Rank, target: Rank) -> bool:
    """Hosts act on everybody below, co-hosts on members; nobody acts on a host."""
    if actor is Rank.HOST:
        return target is not Rank.HOST
    return actor is Rank.CO_HOST and target is Rank.MEMBER


Outside = Sequence[Sequence[int | None]]


def went_out(outside: Outside, at: datetime) -> list[list[int | None]]:
    """The spans with one that begins now, unless one is open already."""
    spans = [list(span) for span in outside]
    if not spans or spans[-1][1] is not None:
        spans.append([math.floor(at.timestamp()), None])
    return spans


def came_in(outside: Outside, at: datetime) -> list[list[int | None]]:
    """The spans with the open one closed; the second of coming in still counts as outside."""
    spans = [list(span) for span in outside]
    if spans and spans[-1][1] is None:
        spans[-1][1] = math.ceil(at.timestamp())
    return spans


def closed(outside: Outside) -> list[tuple[int, int]]:
    """The spans as intervals; one that lasts goes to the end of time."""
    return [
        (start, LAST if end is None else end)
        for start, end in ((span[0], span[1]) for span in outside)
        if start is not None
    ]
