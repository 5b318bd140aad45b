"""What one subscriber's line can take, from the arrival times that its client reports. Pure: no
clock, no socket.

Three signs are read. A queue that stands (the delay above the smallest one seen) means that more is
sent than passes. Packets that were sent at a known pace and arrive at a slower one show the
capacity itself. Loss means congestion only where it rises above what the line always loses.
"""

from collections import deque
from collections.abc import Iterable
from statistics import median
from typing import NamedTuple

START = 200_000.0
FLOOR = 40_000.0
CEILING = 20_000_000.0

_BASE_SECONDS = 20
_QUEUE_HIGH, _QUEUE_LOW = 0.06, 0.03
_ACKED_SPAN, _ARRIVAL_KEPT = 0.5, 2.0
_LOSS_SPAN, _LOSS_WINDOWS = 2.0, 10
_LOSS_PACKETS = 30
_GROWTH = 0.08  # a second
_STRETCH = 1.12


class Result(NamedTuple):
    """One packet that was sent: when, its size on the line in bytes, when it arrived on the
    receiver's clock (None: not), and which probe it belonged to (0: none)."""

    sent: float
    size: int
    arrived: float | None
    probe: int = 0


class Loss:
    """Share of packets lost: lately, and at the best of times."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, int, int]] = deque()
        self._windows: deque[float] = deque(maxlen=_LOSS_WINDOWS)
        self._since: float | None = None
        self._sent = self._lost = 0

    def feed(self, sent: int, lost: int, now: float) -> None:
        self._recent.append((now, sent, lost))
        while self._recent and self._recent[0][0] < now - _LOSS_SPAN:
            self._recent.popleft()
        if self._since is None:
            self._since = now
        self._sent += sent
        self._lost += lost
        if now - self._since >= _LOSS_SPAN and self._sent >= _LOSS_PACKETS:
            self._windows.append(self._lost / self._sent)
            self._since, self._sent, self._lost = now, 0, 0

    @property
    def lately(self) -> float:
        sent = sum(entry[1] for entry in self._recent)
        return sum(entry[2] for entry in self._recent) / sent if sent >= 10 else 0.0

    @property
    def usual(self) -> float:
        """Over the last twenty seconds or so."""
        return sum(self._windows) / len(self._windows) if self._windows else 0.0

    @property
    def always(self) -> float:
        """What the line loses whatever is sent."""
        return median(self._windows) if self._windows else 1.0


class Estimate:
    """`target` is what may be sent in all, bit/s."""

    def __init__(self, now: float) -> None:
        self.target = START
        self.queue = 0.0
        self.acked = 0.0
        self.loss = Loss()
        self._bases: deque[tuple[int, float]] = deque()
        self._delays: deque[tuple[float, float]] = deque()
        # (told, arrived, size); arrival is on the receiver's clock, which may jump, and wraps after 12 days.
        self._arrivals: deque[tuple[float, float, int]] = deque()
        self._cut_at = now - 10.0
        self._grown_at = now

    def feed(self, results: Iterable[Result], now: float, rtt: float) -> bool:
        """Take one feedback's packets; true if the target had to fall."""
        found = list(results)
        came = [r for r in found if r.arrived is not None]
        self.loss.feed(len(found), len(found) - len(came), now)
        if not came:
            return False
        self._measure_delay(came, now)
        self._measure_rate(came, now)
        if self._congested() and now - self._cut_at > max(0.25, rtt + 0.15):
            self._cut(now)
            return True
        self._grow(now)
        return False

    def _measure_delay(self, came: list[Result], now: float) -> None:
        for r in came:
            assert r.arrived is not None
            delay = r.arrived - r.sent
            second = int(now)
            if self._bases and self._bases[-1][0] == second:
                self._bases[-1] = (second, min(delay, self._bases[-1][1]))
            else:
                self._bases.append((second, delay))
            self._delays.append((now, delay))
        while self._bases[0][0] < now - _BASE_SECONDS:
            self._bases.popleft()
        while self._delays[0][0] < now - 0.25:
            self._delays.popleft()
        base = min(entry[1] for entry in self._bases)
        self.queue = min(entry[1] for entry in self._delays) - base

    def _measure_rate(self, came: list[Result], now: float) -> None:
        arrivals = self._arrivals
        for r in came:
            assert r.arrived is not None
            arrivals.append((now, r.arrived, r.size))
        while arrivals[0][0] < now - _ARRIVAL_KEPT:
            arrivals.popleft()
        newest = max(entry[1] for entry in arrivals)
        while arrivals[0][1] < newest - _ACKED_SPAN:
            arrivals.popleft()
        arrived = sum(entry[2] for entry in arrivals) * 8 / _ACKED_SPAN
        self.acked = arrived / self._passing()

    def _passing(self) -> float:
        """The share that arrives whatever is sent: rates are of what was sent, and what the line
        always loses is part of that."""
        return 1 - min(0.6, self.loss.usual)

    def _congested(self) -> bool:
        if self.queue > _QUEUE_HIGH:
            return True
        excess = self.loss.lately - self.loss.always
        return excess > 0.25 or (excess > 0.1 and self.queue > _QUEUE_LOW)

    def _cut(self, now: float) -> None:
        least = 0.6 if self.queue > _QUEUE_LOW else 0.9  # loss alone may be the line's own mood
        wanted = min(max(0.85 * self.acked, least * self.target), 0.95 * self.target)
        self.target = max(FLOOR, wanted)
        self._cut_at = self._grown_at = now

    def _grow(self, now: float) -> None:
        """Slowly, while what is allowed is used and no queue stands."""
        passed = min(1.0, now - self._grown_at)
        self._grown_at = now
        used = self.acked > 0.7 * self.target
        if used and self.queue < _QUEUE_LOW and now - self._cut_at > 2.0:
            self.target = min(CEILING, self.target * (1 + _GROWTH * passed))

    def judge(self, results: list[Result], now: float) -> bool:
        """What all packets that were sent during a probe say; true if it passed. The target becomes
        what was seen to pass."""
        came = [r for r in results if r.arrived is not None]
        if len(came) < 4 or len(came) < 0.4 * len(results):
            return False
        first, last = came[0], came[-1]
        assert first.arrived is not None
        assert last.arrived is not None
        sent, arrived = last.sent - first.sent, last.arrived - first.arrived
        if sent <= 0:
            return False
        middle = results[results.index(first) + 1 : results.index(last) + 1]
        rate = sum(r.size for r in middle) * 8 / sent
        if arrived <= sent * _STRETCH + 0.004:
            self.target = min(CEILING, max(self.target, 0.95 * rate))
            return True
        seen = sum(r.size for r in came[1:]) * 8 / arrived / self._passing()
        if now - self._cut_at > 1.0:
            self.target = max(self.target, min(0.85 * seen, 0.95 * rate))
        return False
