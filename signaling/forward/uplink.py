"""What one publisher's line can take upward, seen from here. Pure: no clock, no socket.

Browsers steer themselves by transport feedback, but a queue that grows slowly escapes them, and
sound is not in their sum. What stands in the line shows in the delay of packets against the
smallest one seen; then the publisher is told, by REMB, to send less.
"""

from collections import deque

_BASE_SECONDS = 20
_WINDOW = 0.5
_HIGH, _LOW = 0.1, 0.05
_CUT, _GROWTH = 0.85, 0.2
_CUT_GAP = 1.2
_LEAST = 100_000.0
_FORGET = 1_500_000.0  # wider lines steer themselves well enough


class Uplink:
    """`limit` is what the publisher may send in all, bit/s; None while nothing says otherwise."""

    __slots__ = (
        "_bases", "_bytes", "_cut_at", "_cut_queue", "_delays", "_seen_at", "limit", "queue", "rate",
    )  # fmt: skip

    def __init__(self) -> None:
        self.limit: float | None = None
        self.queue = 0.0
        self.rate = 0.0
        self._bases: deque[tuple[int, float]] = deque()
        self._delays: deque[tuple[float, float]] = deque()
        self._bytes: deque[tuple[float, int]] = deque()
        self._cut_at = self._seen_at = self._cut_queue = 0.0

    def update(self, now: float, delay: float | None, octets: int) -> bool:
        """One interval: the smallest delay in it (seconds, any origin; None without packets) and
        what arrived. True if the limit fell."""
        passed = min(0.5, now - self._seen_at)
        self._seen_at = now
        self._bytes.append((now, octets))
        while self._bytes[0][0] < now - 1.0:
            self._bytes.popleft()
        span = max(0.25, now - self._bytes[0][0] + 0.05)
        self.rate = sum(entry[1] for entry in self._bytes) * 8.0 / span
        if delay is None:
            return False
        self._measure(now, delay)
        if self.queue <= _HIGH:
            self._cut_queue = 0.0
        elif (
            self.rate < _FORGET
            and now - self._cut_at > _CUT_GAP
            and self._delays[-1][0] - self._delays[0][0] > 0.3
        ):
            # A queue that drains already needs no second cut.
            draining = self.queue < 0.8 * self._cut_queue
            self._cut_at, self._cut_queue = now, self.queue
            if not draining:
                self.limit = max(_LEAST, _CUT * min(self.rate, self.limit or self.rate))
                return True
        if self.limit is not None and self.queue < _LOW:
            self.limit *= 1 + _GROWTH * passed
            if self.limit > _FORGET:
                self.limit = None
        return False

    def _measure(self, now: float, delay: float) -> None:
        second = int(now)
        if self._bases and self._bases[-1][0] == second:
            self._bases[-1] = (second, min(delay, self._bases[-1][1]))
        else:
            self._bases.append((second, delay))
        while self._bases[0][0] < now - _BASE_SECONDS:
            self._bases.popleft()
        self._delays.append((now, delay))
        while self._delays[0][0] < now - _WINDOW:
            self._delays.popleft()
        base = min(entry[1] for entry in self._bases)
        self.queue = min(entry[1] for entry in self._delays) - base
