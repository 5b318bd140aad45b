"""What a publisher sends: one UpTrack for each published track, one Layer for each SSRC of it."""

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from signaling.errors import ProtocolError
from signaling.forward import h264, vp8, vp9
from signaling.forward.intervals import Seconds
from signaling.forward.patience import Patience
from signaling.forward.picture import Descriptor, Reader
from signaling.forward.rtcp import Block, SenderReport
from signaling.forward.shift import Shift
from signaling.transport.srtp import OUTBOUND_WINDOW

if TYPE_CHECKING:
    from signaling.forward.down import DownTrack

CACHE = 1024
# What is kept for retransmissions: nobody waits longer for a picture. Less at the start, when no rate is
# known; a room of two would else hold more in old packets than in everything else.
_KEPT_SECONDS, _LEAST_KEPT, _KEPT_SOUND = 2.5, 256, 64
_MAX_MISSING = 200
_REPAIR_SPREAD = 0.05  # seconds that the packets of one picture are apart
_MAX_SSRCS, _RETIRED = 64, 16
_NACK_RETRY, _SOUND_TRIES, _PICTURE_TRIES = 0.1, 8, 20
PLI_INTERVAL = 0.5
_SPEECH_LEVEL = 45  # -dBov: quieter than this is not taken as a voice
_SPEECH_PACKETS = 5
LIVE_SECONDS = 1.5

# One reader for each layer: H.264's remembers something.
_READERS: dict[str, Callable[[], Reader]] = {
    "vp8": vp8.Reader,
    "vp9": lambda: vp9.describe,
    "h264": h264.Reader,
}


def random_ssrc() -> int:
    """A fresh SSRC, never 0."""
    return secrets.randbits(31) + 1


class Packet(NamedTuple):
    """One received packet, stripped of what is rewritten anyway. `marker` is 0 or 128."""

    extended: int
    timestamp: int
    marker: int
    payload: bytes
    where: Descriptor | None


# Packet's own constructor is a Python function; this does the same without one.
_new: Callable[[type[Packet], tuple[int, int, int, bytes, Descriptor | None]], Packet]
_new = tuple.__new__


class Missing:
    """One packet that has not come yet."""

    __slots__ = ("due", "since", "tries")

    def __init__(self, now: float) -> None:
        self.due = self.since = now
        self.tries = 0


class Layer:
    """One SSRC of a publisher: order, cache, loss, jitter, and who takes it."""

    __slots__ = (
        "_described", "_hides", "_metered", "_reader", "_stamp", "batch", "before_key", "bitrate", "cache", "clock", "due",
        "first", "fraction", "frame_rate", "frames", "gaps", "groups", "highest", "index", "jitter", "last_packet", "loss",
        "meter_at", "missing", "octets", "packets", "plain", "pli_at", "pli_wanted",
        "repair_packets", "repair_time", "report", "report_at", "reported", "rid", "ssrc", "temporal_top", "track",
        "transit", "waiting",
    )  # fmt: skip

    def __init__(self, track: "UpTrack", index: int, rid: str, ssrc: int) -> None:
        self.track, self.index, self.rid, self.ssrc = track, index, rid, ssrc
        self.clock = 90000 if track.video else 48000
        self._reader = _READERS[track.codec]() if track.video else None
        self._hides = track.codec == "vp8"
        self._described: Descriptor | None = None
        self.temporal_top = 0
        self.frames, self.frame_rate = 0, 0.0
        self.highest = self.first = -1
        self.packets = self.octets = self.repair_packets = 0
        self.reported = (0, 0)
        self.jitter = 0.0
        self.fraction = 0
        self.transit: float | None = None
        self._stamp = -1
        self.cache: list[Packet | None] = [None] * (_LEAST_KEPT if track.video else _KEPT_SOUND)
        self.batch: list[Packet] = []
        self.missing: dict[int, Missing] = {}
        self.due = 0.0  # when the first of them is to be asked for
        self.before_key = -1  # the number before the newest key frame's first
        self.gaps, self.loss = 0, 0.0
        self.repair_time = 0.2, 0.05
        self.plain = Shift(self)
        self.groups: list[Shift] = [self.plain]
        self.waiting: list[DownTrack] = []
        self.last_packet = 0.0
        self.meter_at, self.bitrate = 0.0, 0.0
        self._metered = (0, 0)  # packets and octets by then
        self.pli_at, self.pli_wanted = -9.0, False
        self.report: SenderReport | None = None
        self.report_at = -9.0

    def retire(self) -> None:
        """Nothing more comes of it, or another SSRC took its place: keep nothing but the counts."""
        self.cache = [None] * _RETIRED
        self.missing.clear()
        self.pli_wanted = False

    def live(self, now: float) -> bool:
        """Whether packets have come lately."""
        return self.highest >= 0 and now - self.last_packet < LIVE_SECONDS

    def place(self, sequence: int, now: float) -> int:
        """The extended sequence number, or -1 for a duplicate or a packet too old to matter."""
        highest = self.highest
        if highest < 0:
            self.first = self.highest = sequence + 0x10000
            return self.highest
        step = (sequence - highest) & 0xFFFF
        if 0 < step < 0x8000:
            extended = highest + step
            if step > 1:
                self._note_missing(highest + 1, extended, now)
            self.highest = extended
            return extended
        extended = highest - (-step & 0xFFFF)
        if step == 0 or highest - extended >= len(self.cache):
            return -1
        missing = self.missing.pop(extended, None)
        if missing is not None:
            if missing.tries:
                self._repaired(now - missing.since)
            return extended
        held = self.cache[extended % len(self.cache)]
        return -1 if held is not None and held.extended == extended else extended

    def lacks(self, sequence: int) -> bool:
        """Whether this packet is missing, or comes next before those that are ahead of it."""
        extended = self.highest + ((sequence - self.highest + 0x8000) & 0xFFFF) - 0x8000
        return extended > self.highest or extended in self.missing

    def _note_missing(self, start: int, end: int, now: float) -> None:
        if end - start > _MAX_MISSING or len(self.missing) > _MAX_MISSING:
            self.missing.clear()
            self.pli_wanted = self.track.video
            return
        self.gaps += end - start
        self.due = now
        for extended in range(start, end):
            self.missing[extended] = Missing(now)

    def _repaired(self, after: float) -> None:
        """One that was asked for came so many seconds after it was missed (mean and deviation as in
        RFC 6298)."""
        mean, deviation = self.repair_time
        step = after - mean
        self.repair_time = mean + step / 8, deviation + (abs(step) - deviation) / 4

    def receive(self, packet: bytes, payload: bytes, sequence: int, now: float) -> bool:
        """Take one packet (header fields are read from `packet`); false if it is not wanted.
        ProtocolError if the payload descriptor is broken."""
        where, key, late = None, False, False
        if self._reader is not None and payload:
            where = self._reader(payload)
            if where is not self._described:
                self._described = where
                key = where.key
                if where.temporal > self.temporal_top:
                    self.temporal_top = where.temporal
            if self._hides:
                payload = vp8.bare(payload)
        extended = self.highest + 1
        if extended > 0 and extended & 0xFFFF == sequence:
            self.highest = extended
        else:
            extended = self.place(sequence, now)
            if extended < 0:
                return False
            late = self.highest - extended >= OUTBOUND_WINDOW
        if key and extended - 1 > self.before_key:
            self.before_key = extended - 1
            self.pli_wanted = False
        timestamp, marker = int.from_bytes(packet[4:8], "big"), packet[1] & 0x80
        self.packets += 1
        self.octets += len(payload)
        self.last_packet = now
        if extended == self.highest:
            if timestamp != self._stamp:
                self._stamp = timestamp
                self._vary(now * self.clock - timestamp)
            if marker:
                self.frames += 1
        item = _new(Packet, (extended, timestamp, marker, payload, where))
        cache = self.cache
        cache[extended % len(cache)] = item
        if late:  # as SRTP would refuse it: who lacks it may ask for it
            return False
        self.batch.append(item)
        return True

    def _vary(self, transit: float) -> None:
        """One more frame's transit time, in clock units (RFC 3550 appendix A.8). Only the first packet
        of a frame counts: the others were held back by their sender's pacing, not by the line."""
        before, self.transit = self.transit, transit
        if before is not None:
            step = abs(transit - before)
            if step < self.clock * 10:
                self.jitter += (step - self.jitter) / 16

    def due_nacks(self, now: float) -> list[int]:
        """16-bit numbers to ask for again now; gives up after some tries. Pictures do not go on
        without what they refer to, so that then a key frame is due, if none came since."""
        wanted: list[int] = []
        if now < self.due:
            return wanted
        self.due = now + _NACK_RETRY
        tries = _PICTURE_TRIES if self.track.video else _SOUND_TRIES
        for extended, missing in list(self.missing.items()):
            if self.highest - extended >= len(self.cache) or missing.tries >= tries:
                del self.missing[extended]
                if self.track.video and extended > self.before_key:
                    self.pli_wanted = True
            elif missing.due <= now:
                missing.tries += 1
                missing.due = now + _NACK_RETRY
                wanted.append(extended & 0xFFFF)
            elif missing.due < self.due:
                self.due = missing.due
        return wanted[:120]

    def wants_picture(self, now: float) -> bool:
        """Whether a PLI should leave now; marks it as sent."""
        if not self.pli_wanted or now - self.pli_at < PLI_INTERVAL:
            return False
        self.pli_wanted = False
        self.pli_at = now
        return True

    def block(self, now: float) -> Block:
        """The report block of a receiver report, for the time since the last one."""
        expected = self.highest - self.first + 1
        before_expected, before_received = self.reported
        gone, got = expected - before_expected, self.packets - before_received
        self.reported = (expected, self.packets)
        fraction = min(255, max(0, (gone - got) * 256 // gone)) if gone > 0 else 0
        self.fraction = fraction
        last_sr = delay = 0
        if self.report is not None:
            last_sr = self.report.ntp >> 16 & 0xFFFFFFFF
            delay = int((now - self.report_at) * 65536)
        lost = max(-0x800000, min(0x7FFFFF, expected - self.packets))
        high = self.highest & 0xFFFFFFFF
        return Block(self.ssrc, fraction, lost, high, int(self.jitter), last_sr, delay)

    def lost(self) -> int:
        """Packets that never came, since the start."""
        return max(0, self.highest - self.first + 1 - self.packets) if self.first >= 0 else 0

    def measure(self, now: float) -> None:
        """Called about once a second: the bit rate of this layer, and what that asks for."""
        span = now - self.meter_at
        if span >= 0.9:
            packets, octets = self._metered
            packets, octets = self.packets - packets, self.octets - octets
            self.bitrate = (octets + 12 * packets) * 8 / span
            self.frame_rate = self.frames / span
            if self.track.video:
                self._fit(packets / span)
                self._be_patient(packets, now)
            self.meter_at, self.frames = now, 0
            self._metered = (self.packets, self.octets)

    def _be_patient(self, packets: int, now: float) -> None:
        """Let viewers wait for what the publisher's line loses and brings later."""
        share = min(1.0, self.gaps / packets) if packets else 0.0
        self.gaps = 0
        self.loss += (share - self.loss) / 5
        mean, deviation = self.repair_time
        repair = mean + 2 * deviation + _REPAIR_SPREAD
        self.track.patience.update(0.0, self.loss, repair, now)

    def _fit(self, rate: float) -> None:
        """Keep as many packets as `rate` (a second) asks for."""
        wanted = min(CACHE, max(_LEAST_KEPT, int(rate * _KEPT_SECONDS)))
        before = self.cache
        if len(before) // 2 <= wanted <= len(before):
            return
        self.cache = [None] * wanted
        for packet in before:
            if packet is not None and packet.extended > self.highest - wanted:
                self.cache[packet.extended % wanted] = packet

    def temporal_for(self, fps: int) -> int | None:
        """The lowest temporal layer that brings so many pictures a second; None for all."""
        rate, top = self.frame_rate, self.temporal_top
        for layer in range(top if fps > 0 and rate > 0 else 0):
            if rate / (1 << (top - layer)) >= 0.9 * fps:
                return layer
        return None


class UpTrack:
    """A published track's media. `rids` are lowest first; `[""]` without simulcast. `codec`: vp8,
    h264 or vp9, opus; by default the first that fits the kind."""

    def __init__(self, sid: str, *, video: bool, rids: list[str], codec: str = "") -> None:
        self.sid = sid
        self.video = video
        self.codec = codec or ("vp8" if video else "opus")
        self.rids = rids or [""]
        self.layers: dict[int, Layer] = {}
        self.used: list[Layer] = []
        self.ssrc, self.repair = random_ssrc(), random_ssrc()
        self.downs: set[DownTrack] = set()
        self.patience = Patience()
        self.level = 127
        self.level_sum, self.level_count = 0.0, 0
        self.media, self.speech = Seconds(), Seconds()
        self._loud, self._loud_second = 0, 0
        self.on_layer: Callable[[Layer], None] = lambda layer: None

    def layer(self, rid: str, ssrc: int) -> Layer:
        """The layer of `rid` by its position, made at its first packet. ProtocolError if the track
        had too many SSRCs."""
        index = self.rids.index(rid) if rid in self.rids else 0
        old = self.layers.get(index)
        if old is not None and old.ssrc == ssrc:
            return old
        if len(self.used) >= _MAX_SSRCS:
            raise ProtocolError("A track has a few SSRCs, not hundreds.")
        layer = Layer(self, index, rid, ssrc)
        self.layers[index] = layer
        self.used.append(layer)
        if old is not None:  # the publisher took a new SSRC: everybody moves at its key frame
            for down in [*old.waiting, *(d for g in old.groups for d in g.members)]:
                down.aim(layer)
            old.retire()
        self.on_layer(layer)
        return layer

    def hear(self, level: int, second: int) -> None:
        """The audio level of one packet, in -dBov (RFC 6464)."""
        self.level_sum += 127 - level
        self.level_count += 1
        if level < self.level:
            self.level = level
        if level <= _SPEECH_LEVEL:
            if second != self._loud_second:
                self._loud_second, self._loud = second, 0
            self._loud += 1
            if self._loud == _SPEECH_PACKETS:
                self.speech.mark(second)

    def live_layers(self, now: float) -> list[Layer]:
        """Layers with packets lately, lowest first."""
        return [layer for _, layer in sorted(self.layers.items()) if layer.live(now)]

    def close(self) -> None:
        """Let go of all down-tracks, and keep nothing but the counts."""
        for down in list(self.downs):
            down.close()
        for layer in self.used:
            layer.retire()

    def totals(self) -> tuple[int, int, int]:
        """(packets, octets, lost) of all SSRCs since the start."""
        used = self.used
        return (
            sum(layer.packets for layer in used),
            sum(layer.octets for layer in used),
            sum(layer.lost() for layer in used),
        )
