"""One publisher connection's media: which SSRC is which layer, and the feedback that it gets."""

import secrets
import time

from signaling.errors import ProtocolError
from signaling.forward import red, rtcp, rtp
from signaling.forward.dispatcher import Dispatcher
from signaling.forward.twcc import Arrivals
from signaling.forward.up import Layer, UpTrack
from signaling.forward.uplink import Uplink
from signaling.sdp import build
from signaling.sdp.parse import Description, Section
from signaling.transport.peer import Peer

_MAX_ROUTES = 256
_NTP_EPOCH = 2208988800
_OUTSIDE = 28 + 16  # UDP, IP and the SRTP tag
_LEAST_VIDEO = 40_000.0
_UNLIMITED = 100_000_000
_UNSAY = 5
_REPORT_GAP = 0.1  # seconds: each report of a publisher costs a packet for each subscriber
_MAX_RTCP, _MAX_BLOCKS = 1200, 31
_TIME_UNIT, _TIME_WRAP = 1 / 262144, 64.0  # of abs-send-time


class Route:
    """Where packets of one SSRC go; `repair` marks an RTX stream. `scan` reads their headers."""

    __slots__ = ("layer", "repair", "scan", "video")

    def __init__(self, layer: Layer, repair: bool, scan: rtp.Scanner) -> None:
        self.layer, self.repair, self.scan = layer, repair, scan
        self.video = layer.track.video


def ntp_now() -> int:
    """The wall clock as a 64-bit NTP timestamp."""
    return int((time.time() + _NTP_EPOCH) * 4294967296)


class Receiver:
    """Takes decrypted RTP and RTCP of one publisher connection."""

    def __init__(self, peer: Peer, dispatcher: Dispatcher) -> None:
        self._peer = peer
        self._dispatcher = dispatcher
        self._counters = dispatcher.counters
        self._ssrc = secrets.randbits(31) + 1
        self._routes: dict[bytes, Route] = {}  # by the SSRC as it lies in packets
        self._tracks: dict[str, UpTrack] = {}
        self._mids: dict[int, str] = {}
        self._repairs: dict[int, int] = {}
        self._repair_types: set[int] = set()
        self._kinds: dict[int, str] = {}
        self._ids = {"mid": 0, "rid": 0, "repaired": 0, "twcc": 0, "level": 0, "time": 0}
        self._scan = rtp.Scanner(0, 0, 0)
        # (transport-wide number or -1, abs-send-time or -1, arrival) since the last tick.
        self._came: list[tuple[int, int, float]] = []
        self._arrivals = Arrivals()
        self._uplink = Uplink()
        self._wanted: float | None = None
        self._unsay = 0
        self._trim = 1.0
        self._delay_origin: float | None = None
        self._octets = self._audio_octets = 0
        self._audio_rate = 0.0
        self._red_types: set[int] = set()
        dispatcher.receivers.add(self)

    def configure(self, offer: Description) -> None:
        """Learn payload types, extension numbers and SSRCs from an offer."""
        names = {
            build.MID: "mid",
            build.RID: "rid",
            build.REPAIRED_RID: "repaired",
            build.TRANSPORT_CC: "twcc",
            build.AUDIO_LEVEL: "level",
            build.ABS_SEND_TIME: "time",
        }
        self._mids.clear()
        self._repairs.clear()
        for section in offer.sections:
            self._learn(section)
            for number, uri in section.extensions.items():
                if uri in names:
                    self._ids[names[uri]] = number
        self._scan = self._scanner()
        for route in self._routes.values():
            route.scan = self._scanner()

    def _scanner(self) -> rtp.Scanner:
        return rtp.Scanner(self._ids["twcc"], self._ids["level"], self._ids["time"])

    def _learn(self, section: Section) -> None:
        for codec in build.accepted(section):
            self._kinds[codec.payload_type] = section.kind
            if codec.name == "rtx":
                self._repair_types.add(codec.payload_type)
            elif codec.name == "red":
                self._red_types.add(codec.payload_type)
        for ssrc in section.ssrcs:
            self._mids[ssrc] = section.mid
        self._repairs.update(section.repairs)

    def assign(self, mid: str, track: UpTrack) -> None:
        """Media of this section belongs to `track`."""
        self._tracks[mid] = track

    def release(self, track: UpTrack) -> None:
        """Forget a track and its SSRCs."""
        self._tracks = {mid: t for mid, t in self._tracks.items() if t is not track}
        self._routes = {s: r for s, r in self._routes.items() if r.layer.track is not track}

    def close(self) -> None:
        self._dispatcher.receivers.discard(self)
        self._routes.clear()
        self._tracks.clear()

    def on_rtp(self, packet: bytes, now: float) -> None:
        """One decrypted packet."""
        route = self._routes.get(packet[8:12])
        try:
            scan = self._scan if route is None else route.scan
            payload, end, number, level, sent = scan(packet)
            self._octets += len(packet) + _OUTSIDE
            if number >= 0 or sent >= 0:
                self._came.append((number, sent, now))
            if route is None:
                route = self._bind(packet, rtp.elements(packet, rtp.layout(packet)))
                if route is None:
                    return
            layer, body, sequence = route.layer, packet[payload:end], packet[2] << 8 | packet[3]
            if route.repair:
                if len(body) < 3:
                    return  # padding: a probe of the publisher's
                sequence, body = body[0] << 8 | body[1], body[2:]
                layer.repair_packets += 1
            elif not route.video:
                body = self._heard(layer, packet, body, sequence, now)
            if not layer.receive(packet, body, sequence, now):
                return
        except ProtocolError:
            self._counters.refused += 1
            return
        dispatcher = self._dispatcher
        if len(layer.batch) == 1:
            dispatcher.touched.append(layer)
        if layer.missing or layer.pli_wanted:
            dispatcher.urgent.add(self)
        if level != 127 and not route.video:
            layer.track.hear(level, dispatcher.second)

    def _heard(self, layer: Layer, packet: bytes, body: bytes, sequence: int, now: float) -> bytes:
        """The packet's own frame of sound."""
        self._audio_octets += len(packet) + _OUTSIDE
        if packet[1] & 127 in self._red_types:
            return self._recover(layer, packet, body, sequence, now)
        return body

    def _recover(
        self, layer: Layer, packet: bytes, payload: bytes, sequence: int, now: float
    ) -> bytes:
        """Redundant audio: earlier frames that were lost are taken first; returns the packet's own."""
        blocks = red.split(payload)
        gap = layer.highest >= 0 and (sequence - layer.highest - 1) & 0xFFFF < 0x8000
        if layer.missing or (gap and (sequence - layer.highest) & 0xFFFF != 1):
            timestamp = int.from_bytes(packet[4:8], "big")
            for index, block in enumerate(blocks[:-1]):
                earlier = (sequence - (len(blocks) - 1 - index)) & 0xFFFF
                when = (timestamp - block.back) & 0xFFFFFFFF
                if block.payload and layer.lacks(earlier):
                    head = (
                        packet[:1]
                        + bytes((packet[1] & 0x7F,))
                        + packet[2:4]
                        + when.to_bytes(4, "big")
                    )
                    if layer.receive(head, block.payload, earlier, now) and len(layer.batch) == 1:
                        self._dispatcher.touched.append(layer)
        return blocks[-1].payload

    def _bind(self, packet: bytes, found: list[tuple[int, int, int]]) -> Route | None:
        """Find out whose a new SSRC is (RFC 8843 section 9.2, RFC 8852)."""
        ssrc = int.from_bytes(packet[8:12], "big")
        kind = self._kinds.get(packet[1] & 127)
        if kind is None or len(self._routes) >= _MAX_ROUTES:
            return None
        repair = packet[1] & 127 in self._repair_types
        mid = self._text(packet, found, "mid") or self._mids.get(ssrc, "")
        rid = self._text(packet, found, "repaired" if repair else "rid")
        track = self._tracks.get(mid)
        if track is None and not mid:
            same = [t for t in self._tracks.values() if t.video == (kind == "video")]
            track = same[0] if len(same) == 1 else None
        if track is None:
            return None
        layer: Layer | None
        if repair:
            layer = self._repaired(track, ssrc, rid)
        elif len(track.rids) > 1 and rid not in track.rids:
            return None
        else:
            layer = track.layer(rid, ssrc)
        if layer is None:
            return None
        route = self._routes[packet[8:12]] = Route(layer, repair, self._scanner())
        return route

    def _repaired(self, track: UpTrack, ssrc: int, rid: str) -> Layer | None:
        media = self._repairs.get(ssrc)
        for layer in track.layers.values():
            if (rid and layer.rid == rid) or layer.ssrc == media:
                return layer
        return next(iter(track.layers.values())) if len(track.rids) == 1 and track.layers else None

    def _text(self, packet: bytes, found: list[tuple[int, int, int]], name: str) -> str:
        wanted = self._ids[name]
        for identifier, at, size in found:
            if identifier == wanted:
                return packet[at : at + size].decode("ascii", "replace")
        return ""

    def on_rtcp(self, packet: bytes, now: float) -> None:
        """Sender reports go on to the subscribers, rewritten."""
        try:
            reports = rtcp.parse(packet, 0)
        except ProtocolError:
            self._counters.refused += 1
            return
        for report in reports:
            if isinstance(report, rtcp.SenderReport):
                route = self._routes.get(report.ssrc.to_bytes(4, "big"))
                if route is None or route.repair or now - route.layer.report_at < _REPORT_GAP:
                    continue
                self._forward_report(route.layer, report, now)

    def _forward_report(self, layer: Layer, report: rtcp.SenderReport, now: float) -> None:
        layer.report, layer.report_at = report, now
        ntp = ntp_now()
        for shift in layer.groups:
            timestamp, ssrc = report.timestamp + shift.timestamp, shift.ssrc
            for down in shift.members:
                if down.peer.sending is not None:
                    out = rtcp.sender_report(ssrc, ntp, timestamp, down.packets, down.octets)
                    down.peer.send_rtcp(out + rtcp.source_description(ssrc, layer.track.sid))

    # --- how much the publisher should send ------------------------------------------------------

    def ask_for(self, video: float | None) -> None:
        """Bit/s of video that somebody can take at most; None lifts that."""
        self._wanted = video

    def _adjust(self, video: float) -> None:
        """A limit counts the sender's other costs too, each browser's in its own way: watch what
        comes of it, and say more or less."""
        if self._wanted is None:
            self._trim = 1.0
        elif video > self._wanted:
            self._trim = max(0.7, self._trim * 0.9)
        elif video < 0.8 * self._wanted:
            self._trim = min(1.8, self._trim * 1.08)

    def _limit(self) -> int:
        """What to say by REMB: the least of what the line and the only subscriber can take; 0 for
        nothing. A limit that is lifted is taken back a few times, as reports get lost."""
        found = None if self._wanted is None else self._wanted * self._trim
        if self._uplink.limit is not None:
            rest = max(_LEAST_VIDEO, self._uplink.limit - self._audio_rate)
            found = rest if found is None else min(found, rest)
        if found is not None:
            self._unsay = _UNSAY
            return int(found)
        if self._unsay:
            self._unsay -= 1
            return _UNLIMITED
        return 0

    def _remb(self, layers: list[Layer]) -> bytes:
        limit = self._limit()
        video = [layer.ssrc for layer in layers if layer.track.video]
        return rtcp.remb(self._ssrc, limit, video) if limit and video else b""

    def _watch_line(self, now: float) -> bool:
        """Read the line's queue from what came since the last tick; true if less must be sent."""
        came, self._came = self._came, []
        least: float | None = None
        for number, sent, at in came:
            if number >= 0:
                self._arrivals.add(number, at)
            if sent >= 0:
                delay = self._delay(sent, at)
                if least is None or delay < least:
                    least = delay
        octets, self._octets = self._octets, 0
        return self._uplink.update(now, least, octets)

    def _delay(self, sent: int, now: float) -> float:
        """abs-send-time against our clock, modulo its 64 s; only differences matter."""
        delay = (now - sent * _TIME_UNIT) % _TIME_WRAP
        if self._delay_origin is None:
            self._delay_origin = (delay - _TIME_WRAP / 2) % _TIME_WRAP
        return (delay - self._delay_origin) % _TIME_WRAP

    def layers(self) -> list[Layer]:
        return [layer for track in self._tracks.values() for layer in track.layers.values()]

    def ask(self, now: float) -> None:
        """NACK what is missing and ask for key frames that somebody waits for."""
        out: list[bytes] = []
        for layer in self.layers():
            if layer.missing:
                wanted = layer.due_nacks(now)
                if wanted:
                    out.append(rtcp.nack(self._ssrc, layer.ssrc, wanted))
                    self._counters.nack_out += len(wanted)
            if layer.pli_wanted and layer.wants_picture(now):
                out.append(rtcp.picture_loss(self._ssrc, layer.ssrc))
                self._counters.pli_out += 1
        if out:
            self._send(out)

    def _send(self, packets: list[bytes]) -> None:
        """Feedback, as much in one datagram as every line carries whole."""
        out = packets[0]
        for packet in packets[1:]:
            if len(out) + len(packet) > _MAX_RTCP:
                self._peer.send_rtcp(out)
                out = packet
            else:
                out += packet
        self._peer.send_rtcp(out)

    def tick(self, now: float, *, report: bool) -> None:
        """Every 50 ms: transport feedback and requests; every second: receiver reports."""
        if self._peer.sending is None:
            return
        self.ask(now)
        layers = self.layers()
        if self._watch_line(now):
            out = self._remb(layers)
            if out:
                self._peer.send_rtcp(out)
        feedback = self._arrivals.feedback(self._ssrc, layers[0].ssrc if layers else 0)
        if feedback is not None:
            self._peer.send_rtcp(feedback)
        if report and layers:
            blocks = []
            for layer in layers:
                layer.measure(now)
                if layer.highest >= 0:
                    blocks.append(layer.block(now))
            parts = range(0, max(1, len(blocks)), _MAX_BLOCKS)
            reports = [
                rtcp.receiver_report(self._ssrc, blocks[at : at + _MAX_BLOCKS]) for at in parts
            ]
            self._audio_rate, self._audio_octets = self._audio_octets * 8.0, 0
            self._adjust(sum(layer.bitrate for layer in layers if layer.track.video))
            self._send([*reports, self._remb(layers)])
