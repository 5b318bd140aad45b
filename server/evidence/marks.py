"""Anomaly marks: what an assessor should look at twice. Pure; computed, shown, never verdicts (DOMAIN)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from server.evidence.entries import LoggedEntry, current
from server.evidence.rules import LIVE_KINDS


class MarkCode(StrEnum):
    """Sorted."""

    IDENTICAL_DURATION = "identical_duration"
    NO_MEDIA = "no_media"
    PERIOD_END_BURST = "period_end_burst"
    SAME_CASE = "same_case"
    TWO_PLACES = "two_places"


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on one entry; `others` are the entries that it was compared with."""

    code: MarkCode
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """Parameters `anomalies` of a programme."""

    burst_days: int = 10
    burst_minimum: int = 6
    burst_percent: int = 50
    identical_minimum: int = 3


Found = dict[str, list[Mark]]


def no_media(entries: Sequence[LoggedEntry]) -> Found:
    """Live activities of which nobody's media arrived."""
    return {
        entry.id: [Mark(MarkCode.NO_MEDIA)]
        for entry in entries
        if entry.kind in LIVE_KINDS and entry.verified_seconds == 0
    }


def _together(groups: Iterable[Sequence[str]], code: MarkCode) -> Found:
    found: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        for name in group:
            found[name].update(other for other in group if other != name)
    return {name: [Mark(code, tuple(sorted(others)))] for name, others in found.items()}


def same_case(entries: Sequence[LoggedEntry]) -> Found:
    """One subject logged twice under one agreement, or one document as evidence of two subjects."""
    subjects: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    digests: dict[str, dict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        subject = (entry.subject_type, entry.subject_id)
        subjects[*subject, entry.agreement_id].append(entry.id)
        for digest in {item.sha256 for item in entry.evidence if item.size > 0}:
            digests[digest][subject].append(entry.id)
    groups = [group for group in subjects.values() if len(group) > 1]
    # A lecture for two recipients is two entries of one subject and shares its documents rightly.
    groups += [
        sorted({name for group in by_subject.values() for name in group})
        for by_subject in digests.values()
        if len(by_subject) > 1
    ]
    return _together(groups, MarkCode.SAME_CASE)


def quarter_end(day: date) -> date:
    """The last day of the calendar quarter."""
    month = 3 * ((day.month - 1) // 3) + 3
    following = date(day.year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


def period_end_burst(entries: Sequence[LoggedEntry], limits: Limits, zone: str) -> Found:
    """Most of a quarter's entries of one kind and agreement in the quarter's last days."""
    quarters: dict[tuple[str, str, date], list[tuple[date, str]]] = defaultdict(list)
    local = ZoneInfo(zone)
    for entry in entries:
        day = entry.started_at.astimezone(local).date()
        quarters[entry.agreement_id, entry.kind, quarter_end(day)].append((day, entry.id))
    bursts = []
    for (_, _, last), members in quarters.items():
        late = [name for day, name in members if (last - day).days < limits.burst_days]
        if len(late) < limits.burst_minimum:
            continue
        if len(late) * 100 > limits.burst_percent * len(members):
            bursts.append(late)
    return _together(bursts, MarkCode.PERIOD_END_BURST)


def identical_duration(entries: Sequence[LoggedEntry], limits: Limits) -> Found:
    """Live activities of one kind and agreement that took the same time to the second."""
    groups: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for entry in entries:
        if entry.kind in LIVE_KINDS and entry.seconds > 0:
            groups[entry.agreement_id, entry.kind, entry.seconds].append(entry.id)
    same = [group for group in groups.values() if len(group) >= limits.identical_minimum]
    return _together(same, MarkCode.IDENTICAL_DURATION)


def two_places(entries: Sequence[LoggedEntry]) -> Found:
    """One person's media in two different live activities at one moment."""
    spans: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
    for entry in entries:
        if entry.kind not in LIVE_KINDS:
            continue
        for person in entry.people:
            for start, end in person.intervals:
                spans[person.person_id].append((start, end, entry.id, entry.subject_id))
    pairs: set[tuple[str, str]] = set()
    for mine in spans.values():
        pairs |= _overlaps(sorted(mine))
    return _together(sorted(pairs), MarkCode.TWO_PLACES)


def _overlaps(spans: Sequence[tuple[int, int, str, str]]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    active: list[tuple[int, int, str, str]] = []
    for span in spans:
        active = [other for other in active if other[1] > span[0]]
        for other in active:
            if other[3] != span[3]:
                found.add((min(other[2], span[2]), max(other[2], span[2])))
        active.append(span)
    return found


def marks_of(
    entries: Iterable[LoggedEntry], limits: Limits, zone: str
) -> Mapping[str, tuple[Mark, ...]]:
    """Every mark by entry id, sorted by code; corrected entries are left out of the comparison."""
    newest = current(entries)
    found: dict[str, list[Mark]] = defaultdict(list)
    for part in (
        no_media(newest),
        same_case(newest),
        period_end_burst(newest, limits, zone),
        identical_duration(newest, limits),
        two_places(newest),
    ):
        for name, marks in part.items():
            found[name].extend(marks)
    return {name: tuple(sorted(marks, key=lambda m: m.code)) for name, marks in found.items()}
