"""What a hidden participant sees and hears of a room, as media reports of everybody in it.

It says "witness" where this server says "sfu": it stands behind the server, like any listener. What a
participant itself received it cannot know, and says so (`received` is null)."""

import time
from collections.abc import Callable
from typing import Any

from livekit.protocol import models, rtc

from signaling.client.connection import Flow
from signaling.client.room import Listener, Participant, State
from signaling.client.sdp import Incoming
from signaling.clock import Clock
from signaling.errors import ProtocolError
from signaling.forward import rtp
from signaling.forward.intervals import Seconds
from signaling.witness import AWAY, report

_GONE = models.ParticipantInfo.State.DISCONNECTED
_ACTIVE = models.ParticipantInfo.State.ACTIVE
MAX_TRACKS = 400


class Watched:
    """One track: what arrived of it since its owner's last window."""

    def __init__(self, info: models.TrackInfo) -> None:
        self.info = info
        self.media, self.muted = Seconds(), Seconds()
        self.muted_since: int | None = None
        self.flow: Flow | None = None
        self.ssrc = 0
        self.packets = self.octets = self.lost = 0
        self.jitter = 0.0
        self._transit: float | None = None

    def see(self, packet: bytes, clock: int, second: int, now: float) -> None:
        """One packet. Padding alone (a probe of the line) is no media."""
        where = rtp.layout(packet)
        size = where.end - where.payload
        if size <= 0:
            return
        ssrc, sequence = int.from_bytes(packet[8:12], "big"), packet[2] << 8 | packet[3]
        if self.flow is None or self.ssrc != ssrc:
            self._settle()
            self.flow, self.ssrc, self._transit = Flow(sequence), ssrc, None
        self.flow.add(sequence)
        self.packets += 1
        self.octets += size
        self.media.mark(second)
        transit = now * clock - int.from_bytes(packet[4:8], "big")
        if self._transit is not None and abs(transit - self._transit) < 10 * clock:
            self.jitter += (abs(transit - self._transit) / clock - self.jitter) / 16
        self._transit = transit

    def _settle(self) -> None:
        if self.flow is not None:
            self.lost += self.flow.lost()
            self.flow.base, self.flow.received = self.flow.extended, 0

    def set_muted(self, muted: bool, second: int) -> None:
        if muted and self.muted_since is None:
            self.muted_since = second
        elif not muted and self.muted_since is not None:
            self.muted.fill(self.muted_since, second)
            self.muted_since = None

    def take(self, start: int, end: int, speech: list[list[int]]) -> dict[str, Any]:
        """What the window [start, end) proves; the counters begin anew."""
        self._settle()
        if self.muted_since is not None:
            self.muted.fill(self.muted_since, end)
            self.muted_since = end
        video = self.info.type == models.TrackType.VIDEO
        packets, octets, lost = self.packets, self.octets, self.lost
        self.packets = self.octets = self.lost = 0
        microphone = self.info.source == models.TrackSource.MICROPHONE
        return {
            "sid": self.info.sid,
            "kind": "video" if video else "audio",
            "source": models.TrackSource.Name(self.info.source),
            "packets": packets,
            "bytes": octets,
            "media": self.media.take(start, end),
            "speech": speech if microphone else [],
            "muted": self.muted.take(start, end),
            "lost": max(0, lost),
            "jitterMs": round(self.jitter * 1000, 2),
            "layer": None,
        }


class Person:
    """One participant of the room, watched from `since` on."""

    def __init__(self, info: models.ParticipantInfo, since: int) -> None:
        self.info, self.since = info, since
        self.tracks: dict[str, Watched] = {}
        self.ended: list[Watched] = []
        self.speech, self.away = Seconds(), Seconds()
        self.speaking_since: int | None = None
        self.away_since: int | None = None

    def window(self, end: int) -> dict[str, Any] | None:
        """The body of a report for [since, end), and the next window begins. None if it is empty."""
        start, self.since = self.since, max(self.since, end)
        if end <= start:
            return None
        if self.speaking_since is not None:
            self.speech.fill(self.speaking_since, end)
            self.speaking_since = end
        if self.away_since is not None:
            self.away.fill(self.away_since, end)
            self.away_since = end
        speech = self.speech.take(start, end)
        tracks = [each.take(start, end, speech) for each in (*self.ended, *self.tracks.values())]
        self.ended.clear()
        return {
            "source": "witness",
            "from": start,
            "to": end,
            "tracks": tracks,
            "away": self.away.take(start, end),
            "received": None,
        }


class Watcher(Listener):
    """Turns what it hears into reports, handed to `post`. `member` is set once made with this listener."""

    member: Participant

    def __init__(
        self, room: str, post: Callable[[dict[str, Any]], None], every: int, clock: Clock
    ) -> None:
        self._room = {"sid": "", "name": room}
        self._post, self._every, self._clock = post, every, clock
        self._people: dict[str, Person] = {}
        self._owners: dict[int, tuple[str, str, int]] = {}
        self._asked: set[str] = set()
        self._speaking: set[str] = set()
        self.wishes: list[rtc.SignalRequest] = []
        self.seen = False
        self.alone_since = time.monotonic()

    @property
    def people(self) -> int:
        return len(self._people)

    def on_room(self, room: models.Room) -> None:
        self._room = {"sid": room.sid, "name": room.name}

    def on_state(self, state: State) -> None:
        if state in (State.CONNECTED, State.LOST):
            # What nobody watched is nobody's: windows end here, and begin when it is back.
            self._part_all()

    def on_participants(self, found: list[models.ParticipantInfo]) -> None:
        second = self._clock.second()
        for info in found:
            if info.sid == self.member.sid or info.permission.hidden:
                continue
            if info.state == _GONE:
                self._part(info.sid, second)
            elif info.state == _ACTIVE:
                self._note(info, second)
        if not self._people:
            self.alone_since = time.monotonic()

    def _note(self, info: models.ParticipantInfo, second: int) -> None:
        person = self._people.get(info.sid)
        if person is None:
            person = self._people[info.sid] = Person(info, second)
            self.seen = True
            if info.sid in self._speaking:  # news of the voice came before news of the person
                person.speaking_since = second
        person.info = info
        away = bool(info.attributes.get(AWAY))
        if away and person.away_since is None:
            person.away_since = second
        elif not away and person.away_since is not None:
            person.away.fill(person.away_since, second)
            person.away_since = None
        there = {track.sid for track in info.tracks}
        for sid in [each for each in person.tracks if each not in there]:
            person.ended.append(person.tracks.pop(sid))
        for track in info.tracks:
            watched = person.tracks.get(track.sid)
            if watched is None:
                watched = person.tracks[track.sid] = Watched(track)
                self._ask_little(track)
            watched.info = track
            watched.set_muted(track.muted, second)

    def _ask_little(self, track: models.TrackInfo) -> None:
        """The smallest layer proves as much as the largest."""
        if track.type == models.TrackType.VIDEO and track.sid not in self._asked:
            self._asked.add(track.sid)
            setting = rtc.UpdateTrackSettings(
                track_sids=[track.sid], quality=models.VideoQuality.LOW, width=160, height=90
            )
            self.wishes.append(rtc.SignalRequest(track_setting=setting))

    def on_speakers(self, found: list[models.SpeakerInfo]) -> None:
        second = self._clock.second()
        for speaker in found:
            (self._speaking.add if speaker.active else self._speaking.discard)(speaker.sid)
            person = self._people.get(speaker.sid)
            if person is None:
                continue
            if speaker.active and person.speaking_since is None:
                person.speaking_since = second
            elif not speaker.active and person.speaking_since is not None:
                person.speech.fill(person.speaking_since, second + 1)
                person.speaking_since = None

    def on_tracks(self, found: list[Incoming]) -> None:
        self._owners = {
            ssrc: (track.participant, track.track, 90000 if track.kind == "video" else 48000)
            for track in found[:MAX_TRACKS]
            for ssrc in track.ssrcs
        }

    def on_rtp(self, packet: bytes) -> None:
        owner = self._owners.get(int.from_bytes(packet[8:12], "big"))
        person = self._people.get(owner[0]) if owner is not None else None
        track = person.tracks.get(owner[1]) if person is not None and owner is not None else None
        if track is not None and owner is not None:
            try:
                now = time.monotonic()
                track.see(packet, owner[2], self._clock.at(now), now)
            except ProtocolError:
                return

    # --- reports -------------------------------------------------------------------------------

    def tick(self) -> None:
        """Called about once a second: report what is due."""
        second = self._clock.second()
        for person in self._people.values():
            if second - person.since >= self._every:
                self._tell(person, second)

    def _tell(self, person: Person, end: int) -> None:
        body = person.window(end)
        if body is not None:
            who = {"sid": person.info.sid, "identity": person.info.identity}
            self._post(report(self._room, who, body, self._clock.second()))

    def _part(self, sid: str, second: int) -> None:
        self._speaking.discard(sid)
        person = self._people.pop(sid, None)
        if person is not None:
            self._tell(person, second)

    def _part_all(self) -> None:
        second = self._clock.second()
        for sid in list(self._people):
            self._part(sid, second)

    def end(self) -> None:
        """The last reports of everybody."""
        self._part_all()
