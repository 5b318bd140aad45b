"""A bad line as a model: what one direction does to each packet. No clock and no socket in here, so
the same seed and the same packets give the same losses."""

import heapq
import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Impairment:
    """One direction of a line.

    rate   bit/s; 0 is unlimited
    delay  one way, milliseconds
    loss   mean share that is lost, 0 to 1
    burst  mean length of a run of lost packets
    queue  milliseconds of waiting before the bottleneck drops what comes
    jitter milliseconds, two standard deviations; order is kept
    """

    rate: float = 0.0
    delay: float = 0.0
    loss: float = 0.0
    burst: float = 1.0
    queue: float = 400.0
    jitter: float = 0.0


class Way:
    """One direction: bursty loss (Gilbert-Elliott), then a queue before a rate, then delay."""

    def __init__(self, line: Impairment, seed: int) -> None:
        self._line = line
        self._random = random.Random(seed)
        self._bad = False
        self._free_at = self._last = 0.0
        self._heap: list[tuple[float, int, bytes]] = []
        self.packets = self.octets = self.lost = self.overflowed = self.out_dropped = 0
        self.longest_queue = 0.0
        self._out_until = 0.0

    def cut(self, until: float) -> None:
        """Nothing passes until this time."""
        self._out_until = until

    def _lose(self) -> bool:
        line = self._line
        if line.loss <= 0:
            return False
        leave = 1 / max(1.0, line.burst)
        enter = leave * line.loss / (1 - line.loss)
        draw = self._random.random()
        self._bad = draw >= leave if self._bad else draw < enter
        return self._bad

    def put(self, packet: bytes, now: float) -> bool:
        """A packet enters at `now` seconds. Whether it will come out."""
        line = self._line
        self.packets += 1
        self.octets += len(packet)
        if now < self._out_until:
            self.out_dropped += 1
            return False
        if self._lose():
            self.lost += 1
            return False
        start = max(now, self._free_at)
        if (start - now) * 1000 > line.queue:
            self.overflowed += 1
            return False
        self.longest_queue = max(self.longest_queue, start - now)
        self._free_at = start + (len(packet) * 8 / line.rate if line.rate else 0.0)
        wait = max(0.0, self._random.gauss(line.delay, line.jitter / 2)) / 1000
        self._last = max(self._last, self._free_at + wait)
        heapq.heappush(self._heap, (self._last, self.packets, packet))
        return True

    def next_at(self) -> float | None:
        """When the next packet comes out."""
        return self._heap[0][0] if self._heap else None

    def take(self, now: float) -> list[bytes]:
        """What has come out by now, in order."""
        out = []
        while self._heap and self._heap[0][0] <= now:
            out.append(heapq.heappop(self._heap)[2])
        return out

    def summary(self) -> dict[str, float]:
        return {
            "packets": self.packets,
            "octets": self.octets,
            "lost": self.lost,
            "overflowed": self.overflowed,
            "cut": self.out_dropped,
            "longest_queue_ms": round(self.longest_queue * 1000),
        }
