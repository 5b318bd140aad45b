"""The recorder's ears: which tracks there are, who speaks, who is muted; each track into its file."""

import asyncio
import json
import logging
import time
from typing import Any

from livekit.protocol import models

from signaling.client.room import Listener, Participant, State
from signaling.client.sdp import Incoming
from signaling.errors import ProtocolError
from signaling.forward import rtcp
from signaling.recording.clock import People, TrackClock
from signaling.recording.frames import KINDS
from signaling.recording.inflow import Inflow, own_ssrc
from signaling.recording.segment import TIMELINE, Segment
from signaling.recording.track import TrackFile, details

log = logging.getLogger(__name__)

MAX_TRACKS = 64
TICK = 0.1
_REPORT_EVERY = 1.0
_PICTURE_EVERY = 0.7
_GONE = models.ParticipantInfo.State.DISCONNECTED


class Recorder(Listener):
    """Writes one segment. `member` is set once it has been made with this listener."""

    member: Participant

    def __init__(self, segment: Segment, room: str) -> None:
        self._segment = segment
        self._origin = time.monotonic()
        self._people = People()
        self._infos: dict[str, models.ParticipantInfo] = {}
        self._incoming: dict[str, Incoming] = {}
        self._files: dict[str, TrackFile] = {}
        self._flows: dict[int, tuple[Inflow, str]] = {}
        self._repairs: dict[int, int] = {}
        self._muted: dict[str, bool] = {}
        self._speaking: set[str] = set()
        self._ssrc = own_ssrc()
        self._report_at = 0.0
        self._picture_at: dict[int, float] = {}
        self._count = 0
        self.connected = False
        self._line("segment", room=room, started_ms=int(time.time() * 1000), version=1)

    # --- the time line -------------------------------------------------------------------------

    def now_ms(self) -> int:
        return int((time.monotonic() - self._origin) * 1000)

    def _line(self, event: str, **more: Any) -> None:
        line = {"at": self.now_ms(), "event": event, **more}
        self._segment.append(TIMELINE, json.dumps(line, separators=(",", ":")).encode() + b"\n")

    def on_state(self, state: State) -> None:
        self.connected = state in (State.CONNECTED, State.RESUMED)
        self._line(state.value)
        if self.connected:
            # Who fell silent meanwhile was not heard; whoever still speaks is told next.
            for sid in list(self._speaking):
                self._silent(sid)
        if state is State.CONNECTED:
            # Another connection: its SSRCs are new, the files go on. Who is there is told next.
            self._flows.clear()
            self._infos.clear()
            for file in self._files.values():
                file.clock.fresh()
                file.gap(0)

    def on_participants(self, found: list[models.ParticipantInfo]) -> None:
        for info in found:
            known = self._infos.get(info.sid)
            if info.state == _GONE:
                if known is not None:
                    self._silent(info.sid)
                    self._line("left", identity=info.identity)
                    del self._infos[info.sid]
                continue
            if known is None:
                self._line("joined", identity=info.identity)
            self._infos[info.sid] = info
            for track in info.tracks:
                if self._muted.get(track.sid) != track.muted:
                    self._muted[track.sid] = track.muted
                    event = "muted" if track.muted else "unmuted"
                    self._line(event, identity=info.identity, sid=track.sid)
        self._end_gone()

    def on_speakers(self, found: list[models.SpeakerInfo]) -> None:
        for speaker in found:
            info = self._infos.get(speaker.sid)
            if not speaker.active:
                self._silent(speaker.sid)
            elif info is not None and speaker.sid not in self._speaking:
                self._speaking.add(speaker.sid)
                self._line("speaking", identity=info.identity, level=round(speaker.level, 3))

    def _silent(self, sid: str) -> None:
        if sid in self._speaking:
            self._speaking.remove(sid)
            self._line("silent", identity=self._infos[sid].identity)

    def _end_gone(self) -> None:
        there = {track.sid for info in self._infos.values() for track in info.tracks}
        for sid in [each for each in self._files if each not in there]:
            self._end(sid)

    def _end(self, sid: str) -> None:
        for ssrc in [ssrc for ssrc, (_, owner) in self._flows.items() if owner == sid]:
            self._flows.pop(ssrc)[0].flush()
        file = self._files.pop(sid)
        file.flush()
        self._line("track_ended", sid=sid, **details(file))

    # --- media ---------------------------------------------------------------------------------

    def on_tracks(self, found: list[Incoming]) -> None:
        """The server's offer: which SSRC carries what. A file begins with the first packet."""
        self._incoming = {track.track: track for track in found}
        self._repairs = {rtx: media for track in found for rtx, media in track.repairs.items()}

    def on_rtp(self, packet: bytes) -> None:
        now = time.monotonic()
        ssrc, number = int.from_bytes(packet[8:12], "big"), packet[1] & 0x7F
        try:
            media = self._repairs.get(ssrc)
            if media is not None:
                self._repaired(packet, media, now)
                return
            flow = self._flows.get(ssrc) or self._begin(ssrc, number)
            if flow is not None:
                self._arriving(flow[1], now)
                flow[0].push(packet, now)
        except (ProtocolError, IndexError):
            return

    def _repaired(self, packet: bytes, media: int, now: float) -> None:
        """RTX (RFC 4588): the original sequence number stands before the payload."""
        flow = self._flows.get(media)
        header = 12 + 4 * (packet[0] & 15)
        if packet[0] & 0x10:
            header += 4 + 4 * int.from_bytes(packet[header + 2 : header + 4], "big")
        if flow is None or len(packet) < header + 3:
            return
        sequence = int.from_bytes(packet[header : header + 2], "big")
        self._arriving(flow[1], now)
        flow[0].push(packet, now, sequence)

    def _arriving(self, sid: str, now: float) -> None:
        file = self._files.get(sid)
        if file is not None:
            file.arrival = now

    def _begin(self, ssrc: int, number: int) -> tuple[Inflow, str] | None:
        """The first packet of an SSRC: find its track, and its file or a new one."""
        track = next((each for each in self._incoming.values() if ssrc in each.ssrcs), None)
        if track is None:
            return None
        codec = track.codecs.get(number)
        if codec is None or codec.name not in KINDS:
            return None
        file = self._files.get(track.track)
        if file is not None and file.codec != codec.name:
            self._end(track.track)
            file = None
        if file is None:
            if len(self._files) >= MAX_TRACKS:
                return None
            file = self._new_file(track, codec.name, codec.clock, ssrc)
        flow = Inflow(
            ssrc, codec.clock, file.deliver, file.gap, repairable="nack" in codec.feedback
        )
        self._flows[ssrc] = (flow, track.track)
        return self._flows[ssrc]

    def _new_file(self, track: Incoming, codec: str, rate: int, ssrc: int) -> TrackFile:
        info = self._infos.get(track.participant)
        source = 0
        for each in info.tracks if info is not None else ():
            if each.sid == track.track:
                source = each.source
        self._count += 1
        name = f"track-{self._count:03d}.{'mkv' if codec == 'h264' else 'webm'}"
        sid = track.track

        def note(event: str, **more: Any) -> None:
            self._line(event, sid=sid, file=name, **more)

        file = TrackFile(
            name, codec, TrackClock(self._people, track.participant, rate, self._origin),
            note=note, append=self._segment.append, want_picture=lambda: self._want_picture(sid),
        )  # fmt: skip
        self._files[sid] = file
        self._line(
            "track_started", sid=sid, file=name, kind=track.kind, codec=codec,
            source=models.TrackSource.Name(source), identity=info.identity if info else "",
        )  # fmt: skip
        return file

    def _want_picture(self, sid: str) -> None:
        for ssrc, (_, owner) in self._flows.items():
            if owner == sid:
                self._ask_picture(ssrc)

    def _ask_picture(self, ssrc: int) -> None:
        now = time.monotonic()
        if now - self._picture_at.get(ssrc, -9.0) > _PICTURE_EVERY:
            self._picture_at[ssrc] = now
            self._send(rtcp.picture_loss(self._ssrc, ssrc))

    def _send(self, packet: bytes) -> None:
        head = rtcp.receiver_report(self._ssrc, [])
        self.member.subscriber.send_rtcp(head + packet)

    def on_rtcp(self, reports: list[rtcp.Report]) -> None:
        now = time.monotonic()
        for report in reports:
            if isinstance(report, rtcp.SenderReport) and report.ssrc in self._flows:
                flow, sid = self._flows[report.ssrc]
                flow.report, flow.report_at = report, now
                if sid in self._files:
                    self._files[sid].clock.report(report, now)

    # --- time ----------------------------------------------------------------------------------

    async def keep(self) -> None:
        """Ask again for what is lost, report, and bring what is old to the disk; until cancelled."""
        while self._segment.failure is None:
            await asyncio.sleep(TICK)
            self.tick()
        raise self._segment.failure

    def tick(self) -> None:
        now, at = time.monotonic(), self.now_ms()
        for flow, sid in list(self._flows.values()):
            self._arriving(sid, now)
            wanted = flow.tick(now)
            if wanted:
                self._send(rtcp.nack(self._ssrc, flow.ssrc, wanted))
        due = [file for file in self._files.values() if file.due(at)]
        for file in due:
            file.flush()
        if now - self._report_at >= _REPORT_EVERY:
            self._report_at = now
            blocks = [flow.block(now) for flow, _ in self._flows.values()]
            found = [block for block in blocks if block is not None]
            for start in range(0, len(found), 31):
                report = rtcp.receiver_report(self._ssrc, found[start : start + 31])
                name = rtcp.source_description(self._ssrc, "recorder")
                self.member.subscriber.send_rtcp(report + name)
            self._segment.sync()
        elif due:
            self._segment.sync()

    def end(self) -> None:
        """Close every file."""
        for flow, _ in self._flows.values():
            flow.flush()
        for sid in list(self._files):
            self._end(sid)
        self._line("end")
