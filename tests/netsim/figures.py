"""What a page's samples say about one direction of a call. Pure."""

import itertools
from dataclasses import asdict, dataclass
from typing import Any

Sample = dict[str, Any]


@dataclass(frozen=True)
class Heard:
    """One direction. Times in seconds; `first` counts from the bad end's first step.

    share   quarter seconds, from the first sound on, in which samples arrived and less than half
            of them were concealed
    gap     the longest run of the others
    seconds share of whole seconds with sound in at least half of them
    frozen  seconds without a new frame after the first one
    back    after an outage: from its end to the first quarter second with sound
    """

    first: float | None
    share: float
    gap: float
    seconds: float
    fps: float
    frozen: float
    width: int
    delay: float
    back: float | None = None

    def row(self) -> dict[str, Any]:
        return asdict(self)


def _grow(now: list[list[float]], before: list[list[float]], column: int) -> float:
    """How much a counter grew, over all streams; a new stream counts from nought."""
    known = {row[0]: row[column] for row in before}
    return sum(max(0.0, row[column] - known.get(row[0], 0.0)) for row in now)


def _quarters(samples: list[Sample], first: float) -> list[tuple[float, float, bool]]:
    """(from, to, sounded) between neighbouring samples."""
    out = []
    for before, now in itertools.pairwise(samples):
        if now["at"] <= first:
            continue
        total = _grow(now["audio"], before["audio"], 1)
        hidden = _grow(now["audio"], before["audio"], 2)
        out.append((before["at"], now["at"], total > 0 and hidden < total / 2))
    return out


def longest_gap(quarters: list[tuple[float, float, bool]]) -> float:
    """Milliseconds of the longest run without sound."""
    longest, since = 0.0, None
    for start, end, sounded in quarters:
        if sounded:
            since = None
        else:
            since = start if since is None else since
            longest = max(longest, end - since)
    return longest


def _whole_seconds(quarters: list[tuple[float, float, bool]]) -> float:
    seconds: dict[int, list[bool]] = {}
    for start, _, sounded in quarters:
        seconds.setdefault(int(start / 1000), []).append(sounded)
    good = sum(1 for marks in seconds.values() if 2 * sum(marks) >= len(marks))
    return good / len(seconds) if seconds else 0.0


def _picture(samples: list[Sample]) -> tuple[float, float, int]:
    """(frames per second, seconds without one, last width)."""
    frozen = frames = 0.0
    begun: float | None = None
    width = 0
    for before, now in itertools.pairwise(samples):
        new = _grow(now["video"], before["video"], 1)
        if begun is None and not new:
            continue
        begun = before["at"] if begun is None else begun
        frames += new
        frozen += 0.0 if new else (now["at"] - before["at"]) / 1000
        width = max([int(row[2]) for row in now["video"]], default=0) or width
    span = (samples[-1]["at"] - begun) / 1000 if begun is not None else 0.0
    return (frames / span if span else 0.0), frozen, width


def heard(
    samples: list[Sample], begun: float, first: float, outage: tuple[float, float] | None = None
) -> Heard:
    """`begun`, `first` (0: never) and `outage` are unix milliseconds, as `at` in the samples."""
    if not first or len(samples) < 2:
        return Heard(None, 0.0, 99.0, 0.0, 0.0, 0.0, 0, 0.0, None)
    samples = [sample for sample in samples if sample["at"] >= begun]
    quarters = _quarters(samples, max(first, begun))
    counted, back = quarters, None
    if outage is not None:
        # The outage itself is nobody's fault: the line is judged before it and after the sound is back.
        after = next((q[0] for q in quarters if q[0] >= outage[1] and q[2]), None)
        back = (after - outage[1]) / 1000 if after is not None else None
        resumed = after if after is not None else outage[1]
        counted = [q for q in quarters if q[1] <= outage[0] or q[0] >= resumed]
    share = sum(q[2] for q in counted) / len(counted) if counted else 0.0
    fps, frozen, width = _picture(samples)
    delays = [row[5] for sample in samples[-1:] for row in sample["audio"]]
    return Heard(
        first=round((first - begun) / 1000, 2),
        share=round(share, 3),
        gap=round(longest_gap(counted) / 1000, 2),
        seconds=round(_whole_seconds(counted), 3),
        fps=round(fps, 1),
        frozen=round(frozen, 1),
        width=width,
        delay=round(max(delays, default=0.0), 3),
        back=None if back is None else round(back, 2),
    )
