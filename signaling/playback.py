"""WHEP's sections: a client that never offers again keeps one section of each kind, and the track of
whoever presents now is written into it."""

from typing import TYPE_CHECKING

from livekit.protocol import models

from signaling.answering import Answering, wire
from signaling.forward.down import Stopped
from signaling.forward.up import random_ssrc
from signaling.sdp.build import Slot, accepted
from signaling.sdp.parse import Description, Section

if TYPE_CHECKING:
    from signaling.participant import Participant
    from signaling.subscribing import Subscription
    from signaling.tracks import Track

_VIDEO = (models.TrackSource.SCREEN_SHARE, models.TrackSource.CAMERA)
_AUDIO = (models.TrackSource.MICROPHONE, models.TrackSource.SCREEN_SHARE_AUDIO)


def receiving(offer: Description, kind: str) -> Section | None:
    """The first section in which media of a kind can be sent to the client."""
    for section in offer.sections:
        asked = section.direction in ("recvonly", "sendrecv") and section.port
        if section.kind == kind and asked and accepted(section):
            return section
    return None


class _Line:
    """One section: its SSRCs never change, so the numbers of one track go on in the next."""

    def __init__(self, section: Section) -> None:
        self.section = section
        self.slot = Slot(section.mid, section.kind, stream="whep", track=section.kind)
        self.slot.ssrc, self.slot.repair = random_ssrc(), random_ssrc()
        self.history = Stopped()


class Lines(Answering):
    """The two sections of a WHEP client, in place of those that are negotiated again and again."""

    def __init__(self, participant: "Participant", offer: Description) -> None:
        peer = participant.subscribing.peer
        super().__init__(peer, lambda more: None, self._begin, lambda subscription: None)
        self._participant = participant
        found = (receiving(offer, kind) for kind in ("audio", "video"))
        self._lines = {section.kind: _Line(section) for section in found if section is not None}

    def fill(self, offer: Description) -> dict[str, Slot]:
        return {line.slot.mid: line.slot for line in self._lines.values()}

    def takes(self, track: "Track") -> bool:
        """Whether the client has a section for a track, with its codec."""
        line = self._lines.get("video" if track.video else "audio")
        return line is not None and wire(line.section, track.format) is not None

    def add(self, subscription: "Subscription") -> None:
        line = self._lines["video" if subscription.track.video else "audio"]
        numbers = wire(line.section, subscription.track.format)
        assert numbers is not None
        sender, down = self._participant.subscribing.sender, subscription.down
        sender.remove(down)
        down.ssrc, down.repair, down.wire = line.slot.ssrc, line.slot.repair, numbers
        down.follow(line.history)
        sender.add(down)
        subscription.slot = line.slot
        self._begin(subscription)

    def _begin(self, subscription: "Subscription") -> None:
        subscription.ready = True
        self._participant.subscribing.steer(subscription)

    def remove(self, subscription: "Subscription") -> None:
        line = self._lines["video" if subscription.track.video else "audio"]
        line.history = subscription.down.history()

    def negotiate(self) -> None:
        """Nothing is negotiated twice."""

    def answered(self) -> None:
        """Every subscription starts as it is added."""


class Playback:
    """Keeps a WHEP participant on the tracks of the presenter: the one that was asked for (`identity`),
    else a shared screen, else the camera that has been there longest; and that person's voice."""

    def __init__(self, participant: "Participant", lines: Lines, identity: str) -> None:
        self._participant, self._lines, self._identity = participant, lines, identity

    def choose(self) -> None:
        """Look again who presents; called whenever a participant changes."""
        if self._participant.closed:
            return
        video = self._best(_VIDEO, "")
        owner = video.owner.identity if video is not None else ""
        wanted = [t for t in (video, self._best(_AUDIO, owner)) if t is not None]
        subscribing = self._participant.subscribing
        for sid in set(subscribing.subscriptions) - {track.sid for track in wanted}:
            subscribing.unsubscribe(sid)
        for track in wanted:
            subscribing.subscribe(track)

    def _best(self, sources: tuple[models.TrackSource, ...], owner: str) -> "Track | None":
        """Of what flows: unmuted first, then by source, then the preferred owner, then what is taken
        already, then who came first."""
        taken = self._participant.subscribing.subscriptions

        def rank(track: "Track") -> tuple[bool, int, bool, bool, float]:
            return (
                track.info.muted,
                sources.index(track.info.source),
                track.owner.identity != owner,
                track.sid not in taken,
                track.owner.joined,
            )

        found = [
            track
            for other in self._participant.room.participants.values()
            if other is not self._participant and not other.hidden
            if not self._identity or other.identity == self._identity
            for track in other.publishing.live_tracks()
            if track.info.source in sources and other.allows(self._participant, track.sid)
            if self._lines.takes(track)
        ]
        return min(found, key=rank, default=None)
