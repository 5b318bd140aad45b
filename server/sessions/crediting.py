"""What makes a live session creditable: pure judgement over merged seconds (DOMAIN: "What becomes creditable")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.evidence.rules import ReasonCode
from server.sessions.intervals import Intervals, clip, intersect, merge, seconds


@dataclass(frozen=True, slots=True)
class Attendee:
    """One person's merged seconds as the media server reported them."""

    person_id: str
    organisation_id: str
    role: str
    sent: Intervals
    received: Intervals | None  # None: not known, as a witness beside a cluster told of it


@dataclass(frozen=True, slots=True)
class Verified:
    """One person's seconds inside the session."""

    person_id: str
    organisation_id: str
    role: str
    intervals: Intervals

    @property
    def seconds(self) -> int:
        return seconds(self.intervals)


@dataclass(frozen=True, slots=True)
class Judgement:
    """`shared_seconds`: both sides at once (consult), or the longest learner's (lecture)."""

    people: tuple[Verified, ...]
    creditable: bool
    reasons: tuple[str, ...]
    shared_seconds: int


def _verified(attendee: Attendee, span: tuple[int, int], *, by_sending: bool) -> Verified:
    source = attendee.sent if by_sending else attendee.received
    return Verified(
        attendee.person_id, attendee.organisation_id, attendee.role, clip(source or (), *span)
    )


def _judgement(people: tuple[Verified, ...], reasons: list[str], shared: int) -> Judgement:
    return Judgement(people, not reasons, tuple(sorted(reasons)), shared)


def _in_term(reasons: list[str], in_term: bool) -> list[str]:
    return reasons if in_term else [*reasons, ReasonCode.NOT_IN_TERM.value]


def judge_consult(
    attendees: Sequence[Attendee],
    *,
    span: tuple[int, int],
    requester_org: str,
    floor_seconds: int,
    in_term: bool,
) -> Judgement:
    """Both sides must have sent media at the same time for at least the floor."""
    people = tuple(_verified(item, span, by_sending=True) for item in attendees)
    asking = merge(*(item.intervals for item in people if item.organisation_id == requester_org))
    answering = merge(*(item.intervals for item in people if item.organisation_id != requester_org))
    shared = seconds(intersect(asking, answering))
    reasons: list[str] = []
    if not asking and not answering:
        reasons.append(ReasonCode.NO_MEDIA.value)
    elif not asking or not answering:
        reasons.append(ReasonCode.ONE_SIDE_ONLY.value)
    elif shared < floor_seconds:
        reasons.append(ReasonCode.TOO_SHORT.value)
    return _judgement(people, _in_term(reasons, in_term), shared)


def judge_lecture(
    attendees: Sequence[Attendee],
    *,
    span: tuple[int, int],
    recipient_id: str,
    floor_seconds: int,
    in_term: bool,
) -> Judgement:
    """The lecturer must have sent media, and one learner of the recipient have received the floor of it.

    Learners count by media that reached them, the lecturer by media that arrived from there. Where it cannot be
    known what reached a learner that is the reason, not that nobody was there.
    """
    people = tuple(_verified(item, span, by_sending=item.role == "lecturer") for item in attendees)
    spoken = any(item.seconds > 0 for item in people if item.role == "lecturer")
    learners = [
        item.seconds
        for item in people
        if item.role != "lecturer" and item.organisation_id == recipient_id and item.seconds > 0
    ]
    longest = max(learners, default=0)
    unknown = any(
        item.received is None and item.organisation_id == recipient_id
        for item in attendees
        if item.role != "lecturer"
    )
    reasons: list[str] = []
    if not spoken and not learners:
        reasons.append(ReasonCode.NO_MEDIA.value)
    elif spoken and unknown and longest < floor_seconds:
        reasons.append(ReasonCode.RECEPTION_UNKNOWN.value)
    elif not spoken or not learners:
        reasons.append(ReasonCode.ONE_SIDE_ONLY.value)
    elif longest < floor_seconds:
        reasons.append(ReasonCode.TOO_SHORT.value)
    return _judgement(people, _in_term(reasons, in_term), longest)
