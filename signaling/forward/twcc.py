"""Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01):
what arrived, and when. Written for publishers, read from subscribers."""

import struct
from itertools import compress
from typing import NamedTuple

from signaling.errors import ProtocolError

_TICK = 0.00025
_MAX_SPAN = 500  # so that one feedback fits a datagram, whatever the times are
_MAX_COUNT = 4096
_RTPFB = 205
FORM = 15  # of an RTPFB packet


class Arrivals:
    """Arrival times of one connection's packets since the last feedback."""

    __slots__ = ("_base", "_count", "_highest", "_times")

    def __init__(self) -> None:
        self._times: dict[int, float] = {}
        self._highest = -1
        self._base = -1
        self._count = 0

    def add(self, sequence: int, now: float) -> None:
        """`sequence` is the 16-bit number of the header extension."""
        if self._highest < 0:
            extended = sequence
        else:
            step = (sequence - self._highest) & 0xFFFF
            extended = self._highest + (step if step < 0x8000 else step - 0x10000)
        if extended > self._highest:
            self._highest = extended
        if extended >= self._base:
            self._times.setdefault(extended, now)

    def feedback(self, sender: int, media: int) -> bytes | None:
        """One RTCP packet for what is pending, or None."""
        if not self._times:
            return None
        times, self._times = self._times, {}
        first, last = min(times), max(times)
        if self._base >= 0 and first - self._base < _MAX_SPAN:
            first = self._base  # report what was lost between two feedbacks as well
        if last - first >= _MAX_SPAN:
            first = last - _MAX_SPAN + 1
        self._base = last + 1
        reference = int(min(times.values()) / 0.064) & 0x7FFFFF
        return _pack(sender, media, times, (first, last), reference, self._next())

    def _next(self) -> int:
        count = self._count
        self._count = (count + 1) & 0xFF
        return count


def _pack(
    sender: int, media: int, times: dict[int, float], span: tuple[int, int], reference: int,
    count: int,
) -> bytes:  # fmt: skip
    first, last = span
    start = int(min(times.values()) / 0.064) * 0.064
    symbols: list[int] = []
    deltas = bytearray()
    previous = round(start / _TICK)
    for sequence in range(first, last + 1):
        when = times.get(sequence)
        if when is None:
            symbols.append(0)
            continue
        tick = round(when / _TICK)
        delta = tick - previous
        previous = tick
        if 0 <= delta <= 255:
            symbols.append(1)
            deltas.append(delta)
        else:
            symbols.append(2)
            deltas += struct.pack("!h", max(-32768, min(32767, delta)))
    body = struct.pack("!IIHH", sender, media, first & 0xFFFF, len(symbols))
    body += reference.to_bytes(3, "big") + bytes((count,)) + _chunks(symbols) + deltas
    pad = -len(body) & 3
    if pad:
        body += b"\0" * (pad - 1) + bytes((pad,))
    head = 0x80 | (0x20 if pad else 0) | FORM
    return struct.pack("!BBH", head, _RTPFB, len(body) // 4) + body


def _chunks(symbols: list[int]) -> bytes:
    """Run-length chunks where one symbol repeats 7 times or more, else vectors of 7 two-bit
    symbols."""
    out = bytearray()
    at = 0
    while at < len(symbols):
        run = 1
        while at + run < len(symbols) and symbols[at + run] == symbols[at] and run < 8191:
            run += 1
        if run >= 7 or at + run == len(symbols):
            out += struct.pack("!H", symbols[at] << 13 | run)
            at += run
            continue
        vector = 0xC000
        for index, symbol in enumerate(symbols[at : at + 7]):
            vector |= symbol << (12 - 2 * index)
        out += struct.pack("!H", vector)
        at += 7
    return bytes(out)


class Feedback(NamedTuple):
    """What a receiver says of packets from `first` on: arrival in seconds on its own clock, or
    None."""

    first: int
    arrivals: tuple[float | None, ...]


def read(body: bytes) -> Feedback:
    """The body of one feedback packet (after the common RTCP header). ProtocolError if broken."""
    if len(body) < 16:
        raise ProtocolError("Transport feedback is cut short.")
    first, count = struct.unpack_from("!HH", body, 8)
    reference = int.from_bytes(body[12:15], "big")
    if not 0 < count <= _MAX_COUNT:
        raise ProtocolError("Transport feedback covers no packet or too many.")
    symbols: list[int] = []
    at = 16
    while len(symbols) < count:
        if at + 2 > len(body):
            raise ProtocolError("Transport feedback ends within its chunks.")
        symbols += _symbols(body[at] << 8 | body[at + 1], count - len(symbols))
        at += 2
    return Feedback(first, _arrivals(body, at, symbols, reference * 0.064))


def _symbols(chunk: int, most: int) -> list[int]:
    if not chunk & 0x8000:
        return [chunk >> 13 & 3] * min(chunk & 0x1FFF, most)
    if chunk & 0x4000:
        return [chunk >> shift & 3 for shift in range(12, -1, -2)][:most]
    return [chunk >> shift & 1 for shift in range(13, -1, -1)][:most]


def _arrivals(body: bytes, at: int, symbols: list[int], when: float) -> tuple[float | None, ...]:
    out: list[float | None] = [None] * len(symbols)
    for index in compress(range(len(symbols)), symbols):
        size = symbols[index]
        if size == 3:  # reserved
            continue
        if at + size > len(body):
            raise ProtocolError("Transport feedback ends within its deltas.")
        delta = body[at] if size == 1 else struct.unpack_from("!h", body, at)[0]
        when += delta * _TICK
        out[index] = when
        at += size
    return tuple(out)
