"""One subscriber connection's media: its down-tracks by SSRC, and what it reports back."""

import time
from collections import deque
from collections.abc import Callable

from signaling.allowance import Allowance
from signaling.clock import Clock
from signaling.errors import ProtocolError
from signaling.forward import rtcp
from signaling.forward.down import DownTrack
from signaling.forward.guard import Guard
from signaling.forward.intervals import Seconds
from signaling.forward.receiver import ntp_now
from signaling.forward.twcc import Feedback
from signaling.forward.up import CACHE
from signaling.transport.peer import Peer
from signaling.transport.udp import Counters

_REPORT_SPAN = 12
# What is read of the reported loss: of so many packets, in so many reports (sound's come every 5 to 7 s).
_LOSS_SECONDS, _LOSS_REPORTS, _LEAST_PACKETS, _ENOUGH_PACKETS = 8.0, 64, 20, 200
# Repairs for each packet that was sent, and in advance: a line that loses half of everything asks for fewer.
_REPAIRS, _MOST_REPAIRS = 2, CACHE


class Sender:
    """Takes a subscriber's RTCP. `received` are the seconds in which its own reports prove that
    media reached it."""

    def __init__(self, counters: Counters, clock: Clock) -> None:
        self._counters = counters
        self._clock = clock
        self.downs: dict[int, DownTrack] = {}
        self.received = Seconds()
        self.received_packets = self.received_octets = self.lost = 0
        self.rtt = 0.0
        self.remb = 0
        self.remb_at = 0.0
        self._reported_at: dict[int, int] = {}
        # (when it was reported, packets, how many of them were lost), of all tracks
        self._losses: deque[tuple[float, int, int]] = deque(maxlen=_LOSS_REPORTS)
        self.least_rtt = 0.0
        self.guard: Guard | None = None
        self._number = 0
        self._sent = 0  # packets, as far as they were counted for the repairs
        self._repairs = Allowance(_MOST_REPAIRS, _REPAIRS)
        self.on_change: Callable[[], None] = lambda: None

    def add(self, down: DownTrack) -> None:
        self.downs[down.ssrc] = down

    # --- the guard -----------------------------------------------------------------------------

    def protect(self, peer: Peer, call_later: Callable[..., object], now: float) -> bool:
        """Send by way of a guard from now on; false if the client does not report arrivals."""
        able = [down for down in self.downs.values() if down.guarded_wire is not None]
        if self.guard is None:
            if not able:
                return False
            self.guard = Guard(peer, call_later, now, self._number)
            self.guard.on_change = lambda: self.on_change()
            self.guard.carrier = self._carrier
            self.guard.on_skip = self._skip
            self.guard.on_lost = self._lost
        for down in able:
            if down.guard is None:
                down.pass_through(self.guard)
        return True

    def release(self) -> None:
        """The line has proven good: the tracks send straight, and share their bursts."""
        guard, self.guard = self.guard, None
        if guard is None:
            return
        guard.flush()
        guard.close()
        self._number = guard.number
        for down in self.downs.values():
            down.pass_through(None)

    def give_up(self) -> None:
        """The client never says what arrives: a guard would hold its media back for ever."""
        self.release()
        for down in self.downs.values():
            down.guarded_wire = None

    def _skip(self, ssrc: int, first: int) -> None:
        down = self.downs.get(ssrc)
        if down is not None:
            down.skip_from(first)

    def _lost(self, ssrc: int, packets: list[tuple[int, float]]) -> None:
        down = self.downs.get(ssrc)
        if down is not None:
            count = down.not_arrived(packets, time.monotonic(), self._earned(down))
            self._repairs.take(count, self._sent)

    def _earned(self, down: DownTrack) -> int:
        """How many repairs the client may cause now, by what it was sent."""
        self._sent += down.more_packets()
        return int(self._repairs.left(self._sent))

    def _carrier(self) -> DownTrack | None:
        """A track that can carry padding: its client reports, and it has a repair stream."""
        for down in self.downs.values():
            if down.guard is not None and down.wire.repair_type and not down.closed:
                return down
        return None

    def close(self) -> None:
        if self.guard is not None:
            self.guard.close()

    # --- what is reported ----------------------------------------------------------------------

    def remove(self, down: DownTrack) -> None:
        self.downs.pop(down.ssrc, None)
        self._reported_at.pop(down.ssrc, None)
        if self.guard is not None:
            self.guard.forget(down.ssrc)

    def on_rtcp(self, packet: bytes, now: float) -> None:
        try:
            reports = rtcp.parse(packet, self.guard.reportable() if self.guard is not None else 0)
        except ProtocolError:
            self._counters.refused += 1
            return
        for report in reports:
            if isinstance(report, rtcp.Nack):
                down = self.downs.get(report.media)
                self._counters.nack_in += len(report.sequences)
                if down is not None:
                    count = down.resend(report.sequences, now, self._earned(down))
                    self._repairs.take(count, self._sent)
            elif isinstance(report, Feedback):
                if self.guard is not None:
                    self.guard.on_feedback(report, now)
            elif isinstance(report, rtcp.PictureLoss):
                self._picture_loss(report)
            elif isinstance(report, rtcp.Remb):
                self.remb, self.remb_at = report.bitrate, now
            elif isinstance(report, rtcp.ReceiverReport | rtcp.SenderReport):
                for block in report.blocks:
                    self._block(block, now)

    def _picture_loss(self, report: rtcp.PictureLoss) -> None:
        for ssrc in report.media:
            down = self.downs.get(ssrc)
            if down is not None and down.layer is not None:
                down.layer.pli_wanted = True
                self._counters.pli_in += 1

    def _block(self, block: rtcp.Block, now: float) -> None:
        down = self.downs.get(block.ssrc)
        if down is None:
            return
        if block.last_sr:
            rtt = ((ntp_now() >> 16) - block.last_sr - block.delay) & 0xFFFFFFFF
            if rtt < 0x100000:  # 16 s; more is a clock that stepped
                self.rtt = rtt / 65536
                self.least_rtt = min(self.least_rtt or self.rtt, self.rtt)
                if self.guard is not None:
                    self.guard.rtt = self.rtt
        second = self._clock.at(now)
        before = down.highest_reported
        if before >= 0:
            advance = (block.highest - before) & 0xFFFFFFFF
            if 0 < advance < 1 << 24:
                lost = max(0, min(block.lost - down.lost, advance))
                self._losses.append((now, advance, lost))
                self._credit(down, advance, lost, second)
        elif down.packets:
            self.received.fill(second - 1, second)
        down.highest_reported = block.highest
        down.lost = block.lost
        self._reported_at[block.ssrc] = second

    def _credit(self, down: DownTrack, advance: int, lost: int, second: int) -> None:
        """The highest number moved: media arrived between the last report and this one."""
        self.received_packets += advance - lost
        self.lost += lost
        if down.packets:
            self.received_octets += (advance - lost) * down.octets // down.packets
        since = self._reported_at.get(down.ssrc, second - 1)
        self.received.fill(max(since, second - _REPORT_SPAN), second)

    def take_counts(self) -> tuple[int, int, int]:
        """(packets, octets, lost) that were reported since the last call."""
        counts = (self.received_packets, self.received_octets, self.lost)
        self.received_packets = self.received_octets = self.lost = 0
        return counts

    def loss(self, now: float) -> float:
        """The share lost lately: as the arrivals say, else as reported of all tracks together, since one
        packet of a silent microphone may be a third of what it sent."""
        if self.guard is not None:
            return self.guard.estimate.loss.lately
        packets = gone = 0
        for at, more, lost in reversed(self._losses):
            if packets >= _ENOUGH_PACKETS or at < now - _LOSS_SECONDS:
                break
            packets += more
            gone += lost
        return gone / packets if packets >= _LEAST_PACKETS else 0.0
