"""One received SSRC: order, loss, what to ask for again, and what to report (RFC 3550, RFC 4585)."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from signaling.errors import ProtocolError
from signaling.forward import rtcp, rtp

HOLD_SECONDS = 0.8  # how long a missing packet may hold back those behind it
_NACK_EVERY, _NACK_TRIES, _MAX_NACKS = 0.1, 6, 200
_MAX_HELD = 2048
_MAX_JUMP = 1000


@dataclass(slots=True)
class _Held:
    timestamp: int
    marker: bool
    payload: bytes


class Inflow:
    """`deliver(timestamp, marker, payload)` in order of sequence; `gap(count)` before what follows a
    loss that nothing could fill. Times are monotonic seconds."""

    def __init__(
        self,
        ssrc: int,
        clock: int,
        deliver: Callable[[int, bool, bytes], None],
        gap: Callable[[int], None],
        *,
        repairable: bool,
    ) -> None:
        self.ssrc, self.clock = ssrc, clock
        self._deliver, self._gap = deliver, gap
        self._repairable = repairable
        self._next = -1  # the extended sequence number that is due
        self._highest = -1
        self._held: dict[int, _Held] = {}
        self._missing: dict[int, tuple[float, int]] = {}
        self._since = 0.0
        self._base = 0
        self.received = self.octets = self.lost = 0
        self.jitter = 0.0
        self._transit: float | None = None
        self._told = (0, 0)
        self.report: rtcp.SenderReport | None = None
        self.report_at = 0.0
        self.last_at = 0.0

    def push(self, packet: bytes, now: float, sequence: int | None = None) -> None:
        """One decrypted packet; `sequence` if it came as a retransmission. ProtocolError if broken."""
        where = rtp.layout(packet)
        start = where.payload if sequence is None else where.payload + 2
        repaired = sequence is not None
        if sequence is None:
            sequence = packet[2] << 8 | packet[3]
        timestamp = int.from_bytes(packet[4:8], "big")
        self.last_at = now
        if self._next < 0:
            self._begin(sequence + 0x10000)
        extended = self._highest + ((sequence - self._highest + 0x8000) & 0xFFFF) - 0x8000
        if abs(extended - self._highest) > _MAX_JUMP:
            self._restart(extended)
        if extended < self._next or extended in self._held:
            return
        self.received += 1
        self.octets += where.end - start
        if extended > self._highest:
            for number in range(self._highest + 1, extended):
                self._missing[number] = (now, 0)
            self._highest = extended
            if not repaired:
                self._measure(timestamp, now)
        self._missing.pop(extended, None)
        marker = bool(packet[1] & 0x80)
        self._held[extended] = _Held(timestamp, marker, packet[start : where.end])
        self._release(now)

    def _begin(self, extended: int) -> None:
        self._next = self._base = extended
        self._highest = extended - 1

    def _restart(self, extended: int) -> None:
        self._held.clear()
        self._missing.clear()
        self._gap(1)
        self._begin(extended)
        self.received = 0

    def _measure(self, timestamp: int, now: float) -> None:
        transit = now * self.clock - timestamp
        if self._transit is not None:
            difference = abs(transit - self._transit)
            if difference < 10 * self.clock:
                self.jitter += (difference - self.jitter) / 16
        self._transit = transit

    def _release(self, now: float) -> None:
        while True:
            held = self._held.pop(self._next, None)
            if held is None:
                break
            self._next += 1
            self._since = now
            if held.payload:
                self._hand(held)
        if self._held and (now - self._since > HOLD_SECONDS or len(self._held) > _MAX_HELD):
            first = min(self._held)
            count = first - self._next
            for number in range(self._next, first):
                self._missing.pop(number, None)
            self.lost += count
            self._next = first
            self._since = now
            self._gap(count)
            self._release(now)

    def _hand(self, held: _Held) -> None:
        try:
            self._deliver(held.timestamp, held.marker, held.payload)
        except (ProtocolError, IndexError):
            self._gap(0)

    def tick(self, now: float) -> list[int]:
        """Called about ten times a second: gives up on what is too old; sequence numbers to ask for."""
        self._release(now)
        wanted: list[int] = []
        for number, (due, tries) in list(self._missing.items()):
            if number < self._next or tries >= _NACK_TRIES:
                del self._missing[number]
            elif due <= now and len(wanted) < _MAX_NACKS:
                self._missing[number] = (now + _NACK_EVERY * (1 + tries / 2), tries + 1)
                wanted.append(number & 0xFFFF)
        return wanted if self._repairable else []

    def flush(self) -> None:
        """The end: hand over what is held, gaps and all."""
        while self._held:
            self._since = float("-inf")
            self._release(0.0)

    def block(self, now: float) -> rtcp.Block | None:
        """What a receiver report says; None before the first packet."""
        if self._next < 0:
            return None
        expected = self._highest - self._base + 1
        lost = max(0, expected - self.received)
        span, missed = expected - self._told[0], lost - self._told[1]
        self._told = (expected, lost)
        fraction = min(255, max(0, missed) * 256 // span) if span > 0 else 0
        middle = delay = 0
        if self.report is not None:
            middle = self.report.ntp >> 16 & 0xFFFFFFFF
            delay = int((now - self.report_at) * 65536)
        return rtcp.Block(
            self.ssrc, fraction, min(lost, 0x7FFFFF), self._highest, int(self.jitter), middle, delay
        )


def own_ssrc() -> int:
    """The sender of our reports."""
    return random.getrandbits(31) + 1
