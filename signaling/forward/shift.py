"""Rewriting packets for subscribers. Subscribers whose stream was never interrupted share one
rewriting (`Layer.plain`) and so one rendered burst; each layer switch or pause makes a Shift."""

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

from signaling.forward import picture as pictures
from signaling.forward.fan import Fan
from signaling.forward.temporal import Thinning
from signaling.forward.wire import Wire

if TYPE_CHECKING:
    from signaling.forward.down import DownTrack
    from signaling.forward.up import Layer, Packet

# Sizes of a burst's packets may differ by so much: RTP padding evens them out for UDP_SEGMENT.
_PAD_LIMIT = 16
_RUN_LIMIT = 40
_HEADER = struct.Struct("!BBHII")


class Shift:
    """A rewriting of one layer: what is added to sequence, timestamp, picture id and TL0PICIDX."""

    __slots__ = (
        "fans", "last_picture", "last_sequence", "last_time", "last_timestamp", "last_tl0", "layer", "picture", "repair_ssrc", "sequence", "ssrc", "start", "thinning", "timestamp", "tl0",
    )  # fmt: skip

    def __init__(
        self, layer: "Layer", *, sequence: int = 0, timestamp: int = 0, picture: int = 0,
        tl0: int = 0, start: int = 0, ssrc: int = 0, repair_ssrc: int = 0,
    ) -> None:  # fmt: skip
        self.layer = layer
        self.ssrc = ssrc or layer.track.ssrc
        self.repair_ssrc = repair_ssrc or layer.track.repair
        self.sequence, self.timestamp, self.picture, self.tl0 = sequence, timestamp, picture, tl0
        self.start = start
        self.thinning: Thinning | None = None
        self.fans: dict[Wire, Fan] = {}
        self.last_sequence = self.last_timestamp = self.last_picture = self.last_tl0 = 0
        self.last_time = 0.0

    @property
    def members(self) -> "Iterator[DownTrack]":
        """All who take this rewriting."""
        return (down for fan in self.fans.values() for down in fan.downs)

    def same(self, other: "Shift") -> bool:
        """Whether both rewrite every packet to the same bytes, from the same packet on."""
        return self.thinning is None and self._numbers() == other._numbers()

    def _numbers(self) -> tuple[int, ...]:
        return (
            self.sequence, self.timestamp, self.picture, self.tl0,
            self.start, self.ssrc, self.repair_ssrc,
        )  # fmt: skip

    def add(self, down: "DownTrack") -> None:
        fan = self.fans.get(down.wire)
        if fan is None:
            fan = self.fans[down.wire] = Fan(down.counters)
        fan.add(down)

    def remove(self, down: "DownTrack") -> None:
        fan = self.fans[down.wire]
        fan.remove(down)
        if not fan.downs:
            del self.fans[down.wire]

    def thinned(self, packets: "list[Packet]") -> "list[Packet]":
        """Those of the packets that are not left out."""
        thinning = self.thinning
        return packets if thinning is None else [p for p in packets if thinning.take(p)]

    def note(self, packet: "Packet", now: float) -> None:
        """Remember where the outgoing stream stands after this packet."""
        number, picture = self._moved(packet)
        if number <= self.last_sequence:
            return
        self.last_sequence = number
        self.last_timestamp = (packet.timestamp + self.timestamp) & 0xFFFFFFFF
        self.last_time = now
        if packet.where is not None:
            self.last_picture = (packet.where.picture + picture) & 0x7FFF
            self.last_tl0 = (packet.where.tl0 + self.tl0) & 0xFF

    def _moved(self, packet: "Packet") -> tuple[int, int]:
        """The sequence number, extended, and what is added to the picture id."""
        if self.thinning is None:
            return packet.extended + self.sequence, self.picture
        numbers, ids = self.thinning.moved(packet.extended)
        return packet.extended + self.sequence - numbers, self.picture - ids

    def origin(self, number: int) -> int:
        """Which extended number of the layer left as `number` (16 bits) most lately."""
        out = self.last_sequence - ((self.last_sequence - number) & 0xFFFF) - self.sequence
        return out if self.thinning is None else self.thinning.origin(out)

    def _body(self, packet: "Packet", picture: int) -> bytes:
        """The payload as this shift's subscribers see it."""
        where = packet.where
        if where is None:
            return packet.payload
        if self.thinning is not None and self.thinning.hollow(packet):
            return b""
        if picture or self.tl0:
            return pictures.shift(packet.payload, where, picture, self.tl0)
        return packet.payload

    def render(self, packet: "Packet", wire: Wire, extension: bytes) -> bytes:
        """The whole plain packet. A packet without payload leaves as one byte of padding."""
        number, picture = self._moved(packet)
        first = 0x90 if extension else 0x80
        payload = self._body(packet, picture)
        if not payload:
            first, payload = first | 0x20, b"\x01"
        header = _HEADER.pack(
            first,
            packet.marker | wire.payload_type,
            number & 0xFFFF,
            (packet.timestamp + self.timestamp) & 0xFFFFFFFF,
            self.ssrc,
        )
        return header + extension + payload

    def repair(self, packet: "Packet", wire: Wire, number: int, now: float) -> bytes:
        """The packet as a retransmission (RFC 4588) with its own sequence `number`."""
        extension = wire.extension(now, self.layer.track.patience.told)
        out, picture = self._moved(packet)
        header = _HEADER.pack(
            0x90 if extension else 0x80,
            packet.marker | wire.repair_type,
            number & 0xFFFF,
            (packet.timestamp + self.timestamp) & 0xFFFFFFFF,
            self.repair_ssrc,
        )
        return header + extension + struct.pack("!H", out & 0xFFFF) + self._body(packet, picture)

    def burst(self, packets: "list[Packet]", wire: Wire, now: float) -> "Burst":
        extension = wire.extension(now, self.layer.track.patience.told)
        if self.sequence or self.timestamp or self.picture or self.tl0 or self.thinning is not None:
            return Burst([self.render(packet, wire, extension) for packet in packets])
        # What is not moved at all, which most subscribers share, takes no call for each packet.
        pack, kind, ssrc = _HEADER.pack, wire.payload_type, self.ssrc
        first = 0x90 if extension else 0x80
        return Burst([
            pack(first, marker | kind, extended & 0xFFFF, timestamp, ssrc) + extension + payload
            if payload
            else self.render(packet, wire, extension)
            for packet in packets
            for extended, timestamp, marker, payload, _ in (packet,)
        ])  # fmt: skip


class Burst:
    """Rendered packets, and the runs of them that one system call each can take."""

    __slots__ = ("_runs", "count", "octets", "packets", "sizes")

    def __init__(self, packets: list[bytes]) -> None:
        self.packets = packets
        self.sizes = list(map(len, packets))
        self.count, self.octets = len(packets), sum(self.sizes)
        self._runs: list[Run] | None = None

    @property
    def runs(self) -> "list[Run]":
        """Made once for all subscribers."""
        if self._runs is None:
            if _alike(self.sizes):
                self._runs = [_even(self.packets, self.sizes)]
            else:
                self._runs = [_even(run, list(map(len, run))) for run in split(self.packets)]
        return self._runs


class Run:
    """Packets as long as the first, only the last may be shorter. `longest` bytes each."""

    __slots__ = ("_blobs", "longest", "packets", "sizes")

    def __init__(self, packets: list[bytes], sizes: list[int]) -> None:
        self.packets, self.sizes = packets, sizes
        self.longest = sizes[0]
        self._blobs: dict[int, bytes] = {}

    def blob(self, tag: int) -> bytes:
        """The packets `longest + tag` bytes apart, for encryption in place."""
        found = self._blobs.get(tag)
        if found is None:
            gap = bytes(tag)
            found = self._blobs[tag] = gap.join(self.packets) + gap
        return found


def _alike(sizes: list[int]) -> bool:
    """Whether packets of these sizes make one run."""
    return len(sizes) == 1 or (
        len(sizes) <= _RUN_LIMIT and max(sizes) - min(sizes[:-1]) <= _PAD_LIMIT
    )


def split(packets: list[bytes]) -> list[list[bytes]]:
    """Runs that one UDP_SEGMENT call can take: sizes within the padding limit of one another, the
    last packet possibly shorter."""
    runs: list[list[bytes]] = []
    low = high = 0
    closed = True
    for packet in packets:
        size = len(packet)
        if closed or len(runs[-1]) >= _RUN_LIMIT:
            runs.append([packet])
            low = high = size
            closed = False
        elif max(high, size) - min(low, size) <= _PAD_LIMIT:
            runs[-1].append(packet)
            low, high = min(low, size), max(high, size)
        elif size < low:
            runs[-1].append(packet)
            closed = True
        else:
            runs.append([packet])
            low = high = size
    return runs


def _even(packets: list[bytes], sizes: list[int]) -> Run:
    """A run of these: RTP padding makes all but the last equally long."""
    size, last = max(sizes), len(packets) - 1
    if not last or min(sizes[:-1]) == size:
        return Run(packets, sizes)
    out: list[bytes] = []
    for index, packet in enumerate(packets):
        lack = size - len(packet)
        if lack and index != last:
            if packet[0] & 0x20:  # padded already: its padding count grows with it
                packet = packet[:-1] + bytes(lack) + bytes((packet[-1] + lack,))
            else:
                packet = bytes((packet[0] | 0x20,)) + packet[1:] + bytes(lack - 1) + bytes((lack,))
        out.append(packet)
    return Run(out, list(map(len, out)))
