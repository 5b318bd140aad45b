"""What one subscriber gets of one track: which layer, and the join between layers."""

from collections.abc import Callable
from typing import NamedTuple

from signaling.forward.fan import Fan
from signaling.forward.guard import Guard
from signaling.forward.shift import Burst, Run, Shift
from signaling.forward.temporal import Thinning
from signaling.forward.up import CACHE, Layer, Packet, UpTrack
from signaling.forward.wire import AUDIO, VIDEO, Wire
from signaling.transport.fanout import Direct
from signaling.transport.peer import Peer
from signaling.transport.udp import Counters

_RESEND_GAP = 0.02
_ON_ITS_WAY = 0.7  # of a round trip: so long a repair is not repeated because somebody asks
_FEW = 512


class Stopped(NamedTuple):
    """Where a track's numbers stopped, for a successor on the same SSRCs."""

    shift: Shift | None = None
    repair: int = 0


class DownTrack:
    """A subscription's media. Idle until `aim` names a layer; starts and switches at key frames
    (video) or at once (audio). `ssrc` and `repair` are the track's own unless the same connection
    used those before: a client does not take the same SSRC for a second receiver. `wire` is how the
    connection writes this kind of media, by default as two-connection subscribers are offered."""

    def __init__(
        self, up: UpTrack, peer: Peer, counters: Counters, wire: Wire | None = None,
        *, ssrc: int = 0, repair: int = 0,
    ) -> None:  # fmt: skip
        self.up = up
        self.ssrc, self.repair = ssrc or up.ssrc, repair or up.repair
        self.wire = self.plain_wire = wire or (VIDEO if up.video else AUDIO)
        self.guarded_wire: Wire | None = (
            None  # with a transport-wide number, if the client takes it
        )
        self.guard: Guard | None = None
        self.peer = peer
        self.counters = counters
        self.shift: Shift | None = None
        self.target: Layer | None = None
        self._temporal: int | None = None
        self._history: Shift | None = None
        self._previous: Shift | None = None
        self._repair_number = 0
        self._recent: dict[int, float] = {}
        self.fan: Fan | None = None  # through which it is being sent to without `send`
        self._packets = self._octets = self._counted = 0
        self.first_sent = 0.0
        self._origin = -1
        self.highest_reported = -1
        self.lost = 0
        self.closed = False
        self.on_switch: Callable[[DownTrack], None] = lambda down: None
        up.downs.add(self)

    @property
    def packets(self) -> int:
        """Sent since the start, without retransmissions."""
        return self._packets + (self.fan.packets if self.fan is not None else 0)

    def more_packets(self) -> int:
        """Sent since this was asked last."""
        before, self._counted = self._counted, self.packets
        return self._counted - before

    @property
    def octets(self) -> int:
        return self._octets + (self.fan.octets if self.fan is not None else 0)

    def credit(self, packets: int, octets: int) -> None:
        """So much was sent by the fan."""
        self._packets += packets
        self._octets += octets

    def direct(self) -> Direct | None:
        """Where a fan may send without passing here. A transport-wide number in the packets, which
        is each connection's own, forbids that."""
        return None if self.wire.transport_cc else self.peer.direct

    @property
    def layer(self) -> Layer | None:
        """The layer that is being forwarded now."""
        return self.shift.layer if self.shift is not None else None

    def aim(self, layer: Layer | None) -> None:
        """Take this layer from its next key frame on; None pauses at once."""
        if self.closed:
            return
        if self.target is not None:
            self.target.waiting.remove(self)
            self.target = None
        if layer is None:
            self._leave()
            return
        if self.shift is not None and self.shift.layer is layer:
            return
        self.target = layer
        layer.waiting.append(self)
        if self.up.video:
            layer.pli_wanted = True

    @property
    def temporal(self) -> int | None:
        """The highest temporal layer that is sent; None for all. Who is limited no longer shares
        bursts with the others."""
        return self._temporal

    @temporal.setter
    def temporal(self, limit: int | None) -> None:
        self._temporal = limit
        shift = self.shift
        if shift is None:
            return
        if shift.thinning is not None:
            shift.thinning.limit = limit
        elif limit is not None and limit < shift.layer.temporal_top:
            self._part(shift, limit)

    def _part(self, shift: Shift, limit: int) -> None:
        """Go on with a rewriting of its own, from the next picture on with fewer layers."""
        own = _frozen(shift)
        own.thinning = Thinning(
            limit,
            self.up.codec,
            highest=shift.last_sequence - shift.sequence if shift.last_sequence else -1,
            timestamp=(shift.last_timestamp - shift.timestamp) & 0xFFFFFFFF,
        )
        self._leave()
        shift.layer.groups.append(own)
        own.add(self)
        self.shift, self._previous = own, None

    def _leave(self) -> None:
        shift = self.shift
        if shift is None:
            return
        shift.remove(self)
        if shift.last_sequence:
            self._history = self._previous = _frozen(shift)
        if not shift.fans and shift is not shift.layer.plain:
            shift.layer.groups.remove(shift)
        self.shift = None

    def start(self, first: Packet, now: float) -> Shift:
        """Join the target layer at `first`."""
        layer = self.target
        assert layer is not None
        layer.waiting.remove(self)
        self.target = None
        self._leave()
        limit = self._temporal
        thin = limit is not None and limit < layer.temporal_top
        if self._history is None and self.ssrc == self.up.ssrc and not thin:
            shift = layer.plain
        else:
            shift = _joined(self._history, layer, first, now)
            shift.ssrc, shift.repair_ssrc = self.ssrc, self.repair
            if thin:
                shift.thinning = Thinning(limit, self.up.codec)
            shift = _shared(shift, layer)
        shift.add(self)
        self.shift = shift
        if not self.first_sent:
            self.first_sent = now
            if self._history is None:
                self._origin = (first.extended + shift.sequence) & 0xFFFF
        self.on_switch(self)
        return shift

    def pass_through(self, guard: Guard | None) -> None:
        """Send by way of `guard` from now on, or straight."""
        wire = self.plain_wire if guard is None else self.guarded_wire
        if wire is None:
            return
        self.guard = guard
        stands = self.shift or self._history
        if guard is not None and stands is not None:
            guard.begin(self.ssrc, stands.last_sequence)
        if self.shift is not None:
            self.shift.remove(self)
        self.wire = wire
        if self.shift is not None:
            self.shift.add(self)

    def skip_from(self, number: int) -> None:
        """What was forwarded from this 16-bit number on has not left, and will not: numbers go on
        from there at the next key frame, so that nobody asks for what is gone; even if the track was
        paused meanwhile, or follows the one that it was forwarded of."""
        layer = self.target or self.layer
        self.aim(None)
        history = self._history
        if history is None:
            return
        back = (history.last_sequence - number + 1) & 0xFFFF
        if back < 0x8000:
            history.last_sequence -= back
        if number == self._origin and self.packets < _FEW:
            # Nothing at all has left yet: there is nothing to go on from.
            self._history, self.first_sent = None, 0.0
        self._previous = None
        self.aim(layer)

    def padding(self, size: int, now: float) -> bytes:
        """A repair packet of nothing but `size` bytes of padding (at most 255)."""
        number, self._repair_number = self._repair_number, self._repair_number + 1
        head = bytes((0xB0, self.wire.repair_type)) + (number & 0xFFFF).to_bytes(2, "big")
        head += bytes(4) + self.repair.to_bytes(4, "big") + self.wire.extension(now)
        return head + bytes(size - 1) + bytes((size,))

    def send(self, burst: Burst) -> None:
        if self.peer.sending is None:
            return
        if self.guard is not None:
            self.guard.send(self, burst)
        else:
            for run in burst.runs:
                self.send_run(run)
        self._packets += burst.count
        self._octets += burst.octets

    def send_run(self, run: Run) -> None:
        context = self.peer.sending
        if context is not None:
            tag = context.profile.tag
            self.peer.send_burst(run.blob(tag), run.sizes, run.longest + tag)

    def resend(self, sequences: tuple[int, ...], now: float, most: int = CACHE) -> int:
        """Answer a NACK from the layer's cache by `most` packets at most; how many it were."""
        again = self._repeat if self.wire.repair_type else self._say_again
        count = 0
        for number in sequences:
            if count >= most:
                break
            count += again(number, now)
        self.counters.retransmitted += count
        return count

    def _say_again(self, number: int, now: float) -> bool:
        return self.guard is not None and self.guard.again(self.ssrc, number)

    def _repeat(self, number: int, now: float) -> bool:
        guard, recent = self.guard, self._recent
        gap = _RESEND_GAP if guard is None else max(_RESEND_GAP, _ON_ITS_WAY * guard.rtt)
        if now - recent.get(number, -1.0) < gap:
            return False
        found = self._find(number)
        if found is None:
            return False
        recent.pop(number, None)  # the oldest come first
        recent[number] = now
        if len(recent) > CACHE:
            del recent[next(iter(recent))]
        shift, packet = found
        repair = shift.repair(packet, self.wire, self._repair_number, now)
        self._repair_number += 1
        if guard is not None:
            guard.repair(repair, self.wire, self.ssrc, number)
        else:
            self.peer.send_rtp(repair)
        return True

    def not_arrived(self, packets: list[tuple[int, float]], now: float, most: int = CACHE) -> int:
        """The line lost these: (number, when it was sent), first sendings and repairs alike. What was
        repaired since is on its way already. Answered as by `resend`."""
        if not self.wire.repair_type:
            return 0
        recent = self._recent
        again = tuple(number for number, sent in packets if recent.get(number, 0.0) <= sent)
        for number in again:
            recent.pop(number, None)
        return self.resend(again, now, most)

    def _find(self, number: int) -> tuple[Shift, Packet] | None:
        for shift in (self.shift, self._previous):
            if shift is None:
                continue
            extended = shift.origin(number)
            if extended < shift.start:
                continue
            packet = shift.layer.cache[extended % len(shift.layer.cache)]
            return (shift, packet) if packet and packet.extended == extended else None
        return None

    def close(self) -> None:
        if self.closed:
            return
        self.aim(None)
        self.closed = True
        self.up.downs.discard(self)
        self._previous = None

    def history(self) -> Stopped:
        """For whoever follows; after `close`."""
        return Stopped(self._history, self._repair_number)

    def follow(self, history: Stopped) -> None:
        """Go on where another track's numbers stopped. Before `aim`."""
        self._history, self._repair_number = history


def _frozen(shift: Shift) -> Shift:
    """Where a rewriting, which others may share and move on, stands now."""
    copy = Shift(
        shift.layer, sequence=shift.sequence, timestamp=shift.timestamp, picture=shift.picture,
        tl0=shift.tl0, start=shift.start, ssrc=shift.ssrc, repair_ssrc=shift.repair_ssrc,
    )  # fmt: skip
    copy.thinning = shift.thinning
    copy.last_sequence, copy.last_timestamp = shift.last_sequence, shift.last_timestamp
    copy.last_picture, copy.last_tl0 = shift.last_picture, shift.last_tl0
    copy.last_time = shift.last_time
    return copy


def _joined(history: Shift | None, layer: Layer, first: Packet, now: float) -> Shift:
    """A shift that continues `history` with `first`: numbers go on without a gap, the timestamp by
    the time that passed."""
    if history is None:
        return Shift(layer, start=first.extended)
    if history.layer is layer:
        timestamp = history.timestamp
    else:
        passed = max(1, int((now - history.last_time) * layer.clock))
        timestamp = (history.last_timestamp + passed - first.timestamp) & 0xFFFFFFFF
    picture = tl0 = 0
    if first.where is not None:
        picture = (history.last_picture + 1 - first.where.picture) & 0x7FFF
        tl0 = (history.last_tl0 + 1 - first.where.tl0) & 0xFF
    return Shift(
        layer,
        sequence=history.last_sequence + 1 - first.extended,
        timestamp=timestamp,
        picture=picture,
        tl0=tl0,
        start=first.extended,
    )


def _shared(shift: Shift, layer: Layer) -> Shift:
    """The group that rewrites just like `shift`, which becomes one if there is none: a crowd that
    climbs at one key frame stays a crowd."""
    if shift.thinning is None:
        for other in layer.groups:
            if other is not layer.plain and other.same(shift):
                return other
    layer.groups.append(shift)
    return shift


def forward(layer: Layer, now: float) -> None:
    """Send a layer's gathered packets to all who take it. Called once for each drained burst."""
    batch, layer.batch = layer.batch, []
    starters: list[DownTrack] = []
    begin = 0
    if layer.waiting:
        begin = _starting_point(layer, batch)
        if begin >= 0:
            starters = list(layer.waiting)
    for shift in list(layer.groups):
        if not shift.fans:
            continue
        wanted = batch
        if shift.start or shift.thinning is not None:
            wanted = shift.thinned(_since(batch, shift.start))
            if not wanted:
                continue
        newest = wanted[-1] if len(wanted) == 1 else max(wanted)
        shift.note(newest, now)
        for wire, fan in list(shift.fans.items()):
            fan.send(shift.burst(wanted, wire, now))
    if starters:
        _start(starters, batch[begin], batch, now)


def _since(batch: list[Packet], start: int) -> list[Packet]:
    if batch[0].extended - start > CACHE:  # none that is older would have been taken
        return batch
    return [packet for packet in batch if packet.extended >= start]


def _starting_point(layer: Layer, batch: list[Packet]) -> int:
    """Where those who wait can come in: the first key frame, or at once for audio; -1 if not."""
    if not layer.track.video:
        return 0
    for index, packet in enumerate(batch):
        if packet.where is not None and packet.where.key:
            return index
    layer.pli_wanted = True
    return -1


def _start(starters: list[DownTrack], first: Packet, batch: list[Packet], now: float) -> None:
    """Those who come in plainly share a burst for each wire; those with a history get their own."""
    rest = [packet for packet in batch if packet.extended >= first.extended]
    shared: dict[Wire, Burst] = {}
    for down in starters:
        shift = down.start(first, now)
        wanted = shift.thinned(rest)
        shift.note(max(wanted), now)
        if shift is not shift.layer.plain:
            down.send(shift.burst(wanted, down.wire, now))
            continue
        if down.wire not in shared:
            shared[down.wire] = shift.burst(rest, down.wire, now)
        down.send(shared[down.wire])
