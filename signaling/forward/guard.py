"""What stands between the tracks and a line that has not shown that it can take them.

Every packet gets a transport-wide number, so that the client reports its arrival. Audio leaves at
once, with earlier frames in it (or once more a little later) where the line loses packets. Video and
repairs wait their turn, so that audio never finds a queue of video before it. While something is
held back, short runs of padding find out whether more would pass.
"""

import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from signaling.allowance import Allowance
from signaling.forward.estimate import Estimate, Result
from signaling.forward.patience import Patience
from signaling.forward.red import Redundancy
from signaling.forward.twcc import Feedback
from signaling.forward.wire import Wire, abs_send_time

if TYPE_CHECKING:
    from signaling.forward.down import DownTrack
    from signaling.forward.shift import Burst
    from signaling.transport.peer import Peer

# UDP, IP and the SRTP tag: what a packet costs beside itself.
OVERHEAD = 28 + 16
_HISTORY = 4096
# How often each packet may be reported: clients say again what they said where packets overtake one another.
_REPORTS = 16
_KEPT = 64
_LEAST_PACE = 60_000.0
_PACE_SHARE, _PROVEN_SHARE = 1.15, 2.0
_NO_QUEUE = 0.025  # seconds
_LATE_REPAIR = 0.5  # seconds of repairs that may wait
_REPAIR_PACED = 0.15  # seconds after a round trip by which a repair has left and arrived
_TOO_LONG = 1.5  # seconds of queued video after which it is worth nothing
_REPEAT_AFTER = 0.04
_NO_WORD = 1.2  # seconds without feedback after which the line counts as dead
_ANSWER_SECONDS, _ANSWER_PACKETS = 3.0, 10
_KNOCK_PACKETS = 5
_DEPTHS: tuple[tuple[int, ...], ...] = ((), (2,), (1, 3))
_SOME_LOSS, _MUCH_LOSS = 0.015, 0.24
_DEPTH_SECONDS = 8.0
_PADDING = 255
_PROBE_SECONDS, _PROBE_PACKETS = 0.06, 8
_FIRST_HOLD, _LONGEST_HOLD, _HOLD_GROWTH = 4.0, 120.0, 1.5


class Waiting(NamedTuple):
    """A packet of video whose turn is to come. `ssrc` and `number`: as whose it is shown and asked for."""

    packet: bytes
    wire: Wire
    ssrc: int
    number: int


class Sent(NamedTuple):
    """What is known of a packet until the client reports on it; `of` is None if it is not of video."""

    at: float
    size: int
    probe: int
    of: Waiting | None


def _ahead(number: int, other: int) -> bool:
    """Whether a 16-bit number comes after another."""
    return 0 < (number - other) & 0xFFFF < 0x8000


class Guard:
    """One subscriber connection's way out while its line is not proven. `wanted` is the rate, in
    bit/s in all, beyond which there is nothing to send."""

    def __init__(
        self, peer: "Peer", call_later: Callable[..., object], now: float, number: int = 0
    ) -> None:
        self._peer = peer
        self._call_later = call_later
        self.since = now
        self.estimate = Estimate(now)
        self.patience = Patience()
        self.rtt = 0.2
        self.wanted = 0.0
        self.audio_rate = 0.0
        self.closed = False
        self.on_change: Callable[[], None] = lambda: None
        self.on_skip: Callable[[int, int], None] = lambda ssrc, first: None
        self.carrier: Callable[[], DownTrack | None] = lambda: None
        self.number = number  # continues over guards: the client counts on
        self.on_lost: Callable[[int, list[tuple[int, float]]], None] = lambda ssrc, lost: None
        self._sent: dict[int, Sent] = {}
        self._reported = False
        self._reportable = Allowance(_HISTORY, _REPORTS)
        self._told_at = now
        self._queue: deque[Waiting] = deque()
        self._queued = 0
        self._skipped: dict[int, int] = {}
        self._left: dict[int, int] = {}  # the highest number of each SSRC of pictures that has left
        self._repairs: deque[Waiting] = deque()
        self._repairing = 0  # bytes in it
        self._free_at = now
        self._pumping = False
        self._frames: dict[int, Redundancy] = {}
        self._kept: dict[int, dict[int, bytes]] = {}
        # The first words come before anything is known of the line.
        self._depth, self._depth_until = 1, now + _DEPTH_SECONDS
        self._audio_octets, self._audio_at = 0, now
        self._probe = 0
        self._probes: dict[int, tuple[float, list[Result]]] = {}
        self._probe_left = 0
        self._hold, self._probe_at = _FIRST_HOLD, 0.0

    # --- out -----------------------------------------------------------------------------------

    def send(self, down: "DownTrack", burst: "Burst") -> None:
        """Take what the track forwards now."""
        now = time.monotonic()
        if not down.up.video:
            for packet in burst.packets:
                self._voice(packet, down.wire, now)
            return
        if down.ssrc in self._skipped:
            return
        for packet in burst.packets:
            number = packet[2] << 8 | packet[3]
            self._queue.append(Waiting(packet, down.wire, down.ssrc, number))
            self._queued += len(packet) + OVERHEAD
        if self.backlog() > _TOO_LONG:
            self._overflow()
        if not self._unheard():
            self._pump()

    def _unheard(self) -> bool:
        """Whether the client has yet to report anything, and padding asks it to: pictures wait for
        that, so that who never reports is later served from a key frame on like everybody."""
        return not self._reported and self.carrier() is not None

    def repair(self, packet: bytes, wire: Wire, ssrc: int, number: int) -> None:
        """A retransmission of `number` goes before new pictures, while it can come in time."""
        if self._repairing * 8 < _LATE_REPAIR * self.pace():
            self._repairs.append(Waiting(packet, wire, ssrc, number))
            size = len(packet) + OVERHEAD
            self._repairing += size
            self._queued += size
            self._pump()

    def again(self, ssrc: int, number: int) -> bool:
        """Send one audio packet once more as it was; whoever has it drops it as a replay."""
        data = self._kept.get(ssrc, {}).get(number & 0xFFFF)
        if data is not None:
            self._peer.send_raw(data)
        return data is not None

    def backlog(self) -> float:
        """Seconds that the queued video needs."""
        return self._queued * 8 / self.pace()

    def pace(self) -> float:
        """Bit/s at which video leaves. Where all that is wanted was seen to pass, a key frame need not
        stretch over half a second."""
        proven = 0 < self.wanted <= self.estimate.target and self.estimate.queue < _NO_QUEUE
        share = _PROVEN_SHARE if proven else _PACE_SHARE
        return max(_LEAST_PACE, share * self.video_limit())

    def video_limit(self) -> float:
        """Bit/s that audio leaves for video."""
        return max(0.0, self.estimate.target - self.audio_rate)

    def video_share(self) -> float:
        """Bit/s of new video: without what repairs will take."""
        return self.video_limit() * (1 - min(0.5, self.estimate.loss.usual))

    def begin(self, ssrc: int, number: int) -> None:
        """Numbers up to this one left before they came this way."""
        self._left.setdefault(ssrc, number & 0xFFFF)

    def forget(self, ssrc: int) -> None:
        """A track ended. Another may follow with its numbers."""
        self._frames.pop(ssrc, None)
        self._kept.pop(ssrc, None)
        self._skipped.pop(ssrc, None)

    def ignored(self, heard: float) -> bool:
        """Whether the client, last heard of at `heard`, lives but reports no arrivals at all: it
        took the header extension and never answers it."""
        if self._reported or len(self._sent) < _ANSWER_PACKETS:
            return False
        return heard - next(iter(self._sent.values())).at > _ANSWER_SECONDS

    def knock(self, now: float) -> None:
        """Some padding for a client that has not reported yet: while all its video is held back
        nothing else may be on the way that it could report."""
        down = None if self._reported else self.carrier()
        if down is not None:
            for _ in range(_KNOCK_PACKETS):
                self._stamp(down.padding(_PADDING, now), down.wire, now)

    def flush(self) -> None:
        """Let everything go at once: the line has proven good."""
        now = time.monotonic()
        for queue in (self._repairs, self._queue):
            while queue:
                one = queue.popleft()
                self._stamp(one.packet, one.wire, now, one)
        self._queued = self._repairing = 0

    def _overflow(self) -> None:
        """Old pictures are worth nothing: go on with the next key frame."""
        for one in self._queue:
            left = self._left.get(one.ssrc, one.number - 1)
            if _ahead(one.number, left):  # else one that the publisher repaired late
                self._skipped.setdefault(one.ssrc, (left + 1) & 0xFFFF)
        self._queue.clear()
        self._repairs.clear()
        self._queued = self._repairing = 0
        self._call_later(0, self._skip)

    def _skip(self) -> None:
        skipped, self._skipped = self._skipped, {}
        for ssrc, first in skipped.items():
            self.on_skip(ssrc, first)
        self.on_change()

    def _tell(self) -> None:
        """Let the allocator look again, but not from within a burst."""
        self._call_later(0, self.on_change)

    def _stamp(self, packet: bytes, wire: Wire, now: float, of: Waiting | None = None) -> bytes:
        """Give a packet its number and time of sending, and send it; returns what left."""
        out = bytearray(packet)
        number = self.number
        self.number = number + 1
        at = wire.transport_cc_at
        out[at] = number >> 8 & 0xFF
        out[at + 1] = number & 0xFF
        if wire.abs_send_time:
            out[17:20] = abs_send_time(now)
        delay_at, delay = wire.playout_delay_at, self.patience.encoded
        # The publisher's line may ask for more.
        if delay_at and out[delay_at : delay_at + 3] < delay:
            out[delay_at : delay_at + 3] = delay
        self._sent.pop(number - _HISTORY, None)
        left = self._peer.send_rtp(bytes(out))
        if not left:  # nobody can report it: there may be no keys yet
            return left
        if of is not None and _ahead(of.number, self._left.get(of.ssrc, of.number - 1)):
            self._left[of.ssrc] = of.number
        probe = self._probe if self._probe_left else 0
        self._sent[number] = Sent(now, len(out) + OVERHEAD, probe, of)
        return left

    # --- audio ---------------------------------------------------------------------------------

    def _voice(self, packet: bytes, wire: Wire, now: float) -> None:
        ssrc = int.from_bytes(packet[8:12], "big")
        sequence = packet[2] << 8 | packet[3]
        if wire.red_type:
            packet = self._wrapped(packet, wire, ssrc, sequence, now)
        data = self._stamp(packet, wire, now)
        kept = self._kept.setdefault(ssrc, {})
        kept[sequence] = data
        kept.pop((sequence - _KEPT) & 0xFFFF, None)
        self._audio_octets += len(packet) + OVERHEAD
        if not wire.red_type and self.depth(now):
            self._audio_octets += len(packet) + OVERHEAD
            self._call_later(_REPEAT_AFTER, self.again, ssrc, sequence)
        if now - self._audio_at >= 1.0:
            self.audio_rate = self._audio_octets * 8 / (now - self._audio_at)
            self._audio_octets, self._audio_at = 0, now

    def _wrapped(self, packet: bytes, wire: Wire, ssrc: int, sequence: int, now: float) -> bytes:
        """The packet with earlier frames in it, if the line asks for that."""
        body = 16 + 4 * (packet[14] << 8 | packet[15])
        frames = self._frames.setdefault(ssrc, Redundancy())
        timestamp = int.from_bytes(packet[4:8], "big")
        distances = _DEPTHS[self.depth(now)]
        payload = b"" if packet[0] & 0x20 else packet[body:]
        if not payload:
            return packet
        joined = frames.wrap(sequence, timestamp, payload, wire.payload_type, distances)
        if joined is None:
            return packet
        kind = packet[1] & 0x80 | wire.red_type
        return packet[:1] + bytes((kind,)) + packet[2:body] + joined

    def depth(self, now: float) -> int:
        """How many earlier frames each packet carries."""
        lately, usual = self.estimate.loss.lately, self.estimate.loss.usual
        needed = 2 if (usual or lately) > _MUCH_LOSS else 1 if lately > _SOME_LOSS else 0
        if needed >= self._depth:
            self._depth, self._depth_until = needed, now + _DEPTH_SECONDS
        elif now > self._depth_until:
            self._depth, self._depth_until = self._depth - 1, now + _DEPTH_SECONDS
        return self._depth

    # --- pacing --------------------------------------------------------------------------------

    def _pump(self) -> None:
        if not self._pumping:
            self._beat()

    def _beat(self) -> None:
        """Send what is due, and come back for the rest."""
        self._pumping = False
        if self.closed:
            return
        now = time.monotonic()
        pace = self.pace()
        # A slot that was slept through is not made up for: that would be a burst.
        self._free_at = max(self._free_at, now - 0.02)
        while self._free_at <= now and (self._repairs or self._queue):
            repair = bool(self._repairs)
            one = (self._repairs or self._queue).popleft()
            size = len(one.packet) + OVERHEAD
            self._repairing -= size * repair
            self._queued = max(0, self._queued - size)
            self._stamp(one.packet, one.wire, now, one)
            self._free_at += size * 8 / pace
        if self._repairs or self._queue:
            self._pumping = True
            self._call_later(max(0.002, self._free_at - now), self._beat)

    # --- what the client reports ---------------------------------------------------------------

    def reportable(self) -> int:
        """Of how many packets the client may report now, by what it was sent."""
        return int(self._reportable.left(self.number))

    def on_feedback(self, feedback: Feedback, now: float) -> None:
        """Arrival times of packets."""
        self._reportable.take(len(feedback.arrivals), self.number)
        silent, self._told_at, self._reported = now - self._told_at, now, True
        results: list[Result] = []
        lost: dict[int, list[tuple[int, float]]] = {}
        numbers = self._extended(feedback)
        for number, arrived in zip(numbers, feedback.arrivals, strict=True):
            known = self._sent.pop(number, None)
            if known is not None:
                result = Result(known.at, known.size, arrived, known.probe)
                results.append(result)
                if arrived is None and known.of is not None:
                    lost.setdefault(known.of.ssrc, []).append((known.of.number, known.at))
                if result.probe in self._probes:
                    self._probes[result.probe][1].append(result)
        if not results:
            return
        if silent > _NO_WORD:
            # The line was dead for a while: that says nothing of what it can take.
            results = [r for r in results if r.arrived is not None]
        else:  # requests get lost as well, and who asks again waits a round trip
            for ssrc, packets in lost.items():
                self.on_lost(ssrc, packets)
        if self.estimate.feed(results, now, self.rtt):
            self._probe_at = max(self._probe_at, now + self._hold)
            self._tell()
        loss = self.estimate.loss
        self.patience.update(loss.lately, loss.usual, self.rtt + _REPAIR_PACED, now)
        self._judge(now)
        self._maybe_probe(now)
        self._pump()

    def _extended(self, feedback: Feedback) -> range:
        """The reported numbers in our own count: those nearest behind what was sent last."""
        back = (self.number - feedback.first) & 0xFFFF
        first = self.number - back
        return range(first, first + len(feedback.arrivals))

    # --- probing -------------------------------------------------------------------------------

    def _maybe_probe(self, now: float) -> None:
        held = self.wanted > self.estimate.target
        quiet = self.estimate.queue < _NO_QUEUE and not self._queue and not self._probe_left
        if not held or not quiet or self._probes or now < self._probe_at:
            return
        down = self.carrier()
        if down is None:
            return
        rate = min(2.2 * self.estimate.target, 1.2 * self.wanted)
        size = _PADDING + 12 + 12 + OVERHEAD
        count = max(_PROBE_PACKETS, min(60, int(rate * _PROBE_SECONDS / 8 / size)))
        self._probe += 1
        self._probes = {self._probe: (now, [])}
        self._probe_left = count
        self._pad(down, rate, size, now)

    def _pad(self, down: "DownTrack", rate: float, size: int, start: float) -> None:
        """One packet of padding at its time, until the run is complete."""
        if self.closed or down.closed:
            self._probe_left, self._probes = 0, {}
            return
        now = time.monotonic()
        due = start
        while self._probe_left and due <= now:
            self._stamp(down.padding(_PADDING, now), down.wire, now)
            self._probe_left -= 1
            due += size * 8 / rate
        if self._probe_left:
            self._call_later(max(0.001, due - now), self._pad, down, rate, size, due)
        else:
            self._call_later(self.rtt + 0.35, self._late, self._probe)

    def _late(self, number: int) -> None:
        self._judge(time.monotonic(), final=number)

    def _judge(self, now: float, *, final: int = 0) -> None:
        """Once most of a probe is reported, let it count."""
        for number, (begun, results) in list(self._probes.items()):
            if self._probe_left or (number != final and now - begun < self.rtt + 0.15):
                continue
            del self._probes[number]
            if self.estimate.judge(results, now):
                self._hold, self._probe_at = _FIRST_HOLD, now
                self._tell()
            else:
                self._probe_at = now + self._hold
                self._hold = min(_LONGEST_HOLD, self._hold * _HOLD_GROWTH)

    def close(self) -> None:
        self.closed = True
        self._queue.clear()
        self._repairs.clear()
