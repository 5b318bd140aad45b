"""Arithmetic on half-open intervals [start, end) of whole unix seconds. Pure.

Everything that makes a minute creditable goes through here: reports of one person from two devices, over
reconnects, or delivered twice, merge to the same seconds, never counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Interval = tuple[int, int]
Intervals = tuple[Interval, ...]


def merge(*groups: Iterable[Sequence[int]]) -> Intervals:
    """The union: sorted, disjoint, touching ends joined, empty or inverted ones dropped."""
    joined: list[Interval] = []
    for start, end in sorted((pair[0], pair[1]) for group in groups for pair in group):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def clip(intervals: Iterable[Sequence[int]], start: int, end: int) -> Intervals:
    """The part inside [start, end)."""
    return merge((max(pair[0], start), min(pair[1], end)) for pair in intervals)


def intersect(left: Iterable[Sequence[int]], right: Iterable[Sequence[int]]) -> Intervals:
    """The seconds that are in both."""
    first, second = merge(left), merge(right)
    found: list[Interval] = []
    i = j = 0
    while i < len(first) and j < len(second):
        start, end = max(first[i][0], second[j][0]), min(first[i][1], second[j][1])
        if start < end:
            found.append((start, end))
        if first[i][1] <= second[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def subtract(intervals: Iterable[Sequence[int]], taken: Iterable[Sequence[int]]) -> Intervals:
    """The seconds of the first that are not in the second."""
    left: list[Interval] = []
    holes = merge(taken)
    for start, end in merge(intervals):
        for first, last in holes:
            if last <= start or first >= end:
                continue
            left.append((start, first))
            start = last
        left.append((start, end))
    return merge(left)


def seconds(intervals: Iterable[Sequence[int]]) -> int:
    """How many distinct seconds."""
    return sum(end - start for start, end in merge(intervals))
