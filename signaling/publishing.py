"""A participant's publisher connection: offers, tracks that are announced and tracks that flow."""

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from livekit.protocol import models, rtc

from signaling.dynacast import review
from signaling.forward.receiver import Receiver
from signaling.forward.up import Layer, UpTrack
from signaling.lately import Lately
from signaling.sdp import build, parse
from signaling.tracks import Track
from signaling.transport.peer import Peer

if TYPE_CHECKING:
    from signaling.participant import Participant

log = logging.getLogger(__name__)

MAX_TRACKS = 32
_MAX_DESCRIPTION = 2048  # of one track: everybody is told of its name, stream and layers
_MAX_FEATURES = 16
_SOURCES = frozenset(models.TrackSource.values())


class Publishing:
    """Everything that one participant sends."""

    def __init__(self, participant: "Participant") -> None:
        self._participant = participant
        self._server = participant.room.server
        self.peer: Peer | None = None
        self.receiver: Receiver | None = None
        self.pending: list[Track] = []
        self.tracks: dict[str, Track] = {}
        self._offer: parse.Description | None = None
        self.ended: Lately[None] = Lately(2 * MAX_TRACKS)  # which the client may think are there

    # --- MediaSink -----------------------------------------------------------------------------

    def on_rtcp(self, packet: bytes, now: float) -> None:
        if self.receiver is not None:
            self.receiver.on_rtcp(packet, now)
        if self._participant.single:
            self._participant.subscribing.sender.on_rtcp(packet, now)

    def on_data(self, label: str, message: bytes) -> None:
        self._participant.room.relay.receive(self._participant, label, message)

    def on_connected(self) -> None:
        self._participant.connected()

    def on_failed(self, reason: str) -> None:
        log.info("publisher connection of %s: %s", self._participant.sid, reason)
        self._participant.media_failed()

    def on_closed(self) -> None:
        self._participant.media_closed()

    # --- negotiation ---------------------------------------------------------------------------

    def connection(self) -> tuple[Peer, Receiver]:
        """The connection that the client's offers are for, made when first needed."""
        if self.peer is None or self.receiver is None:
            self.peer = Peer(
                self._server.port, self._server.identity, self, opens_channels=False,
                call_later=asyncio.get_running_loop().call_later,
                room=self._participant.room.name,
            )  # fmt: skip
            self.receiver = Receiver(self.peer, self._server.dispatcher)
            self.peer.on_rtp = self.receiver.on_rtp
        return self.peer, self.receiver

    def answer(
        self, description: rtc.SessionDescription, *, greets: bool = True
    ) -> rtc.SessionDescription:
        """The answer to the client's offer. ProtocolError if it cannot be understood. `greets`: where
        the first one leaves the choice, this side says hello in DTLS."""
        offer = parse.parse(description.sdp)
        peer, receiver = self.connection()
        if self._offer is None:
            peer.begins = offer.setup == "passive" or (greets and offer.setup == "actpass")
        elif offer.ufrag != self._offer.ufrag:
            peer.restart()
        receiver.configure(offer)
        self._offer = offer
        self._drop_removed(offer)
        self._match(offer)
        parts = self._parts(offer)
        answering = self._participant.subscribing.answering
        tracks: dict[str, str] = {}
        if answering is not None:
            for mid, slot in answering.fill(offer).items():
                parts.setdefault(mid, build.Part()).slot = slot
            tracks = answering.tracks()
        text = build.answer(offer, self._server.local(peer), parts)
        peer.expect(offer.fingerprints, offer.ufrag, offer.pwd)
        return rtc.SessionDescription(
            type="answer", sdp=text, id=description.id, mid_to_track_id=tracks
        )

    def _parts(self, offer: parse.Description) -> dict[str, build.Part]:
        """What is taken of each section: its track's codec first, which is what clients send; then the
        others, as some offer in later sections only what they found in an earlier answer."""
        codecs = {track.mid: track.codec for track in self.tracks.values()}
        plain = {track.mid for track in self.tracks.values() if track.info.disable_red}
        steady = {t.mid for t in self.tracks.values() if t.info.disable_dtx}
        rich = {t.mid for t in self.tracks.values() if not t.voice}
        parts: dict[str, build.Part] = {}
        for section in offer.sections:
            if section.sends and section.kind != "application":
                name = codecs.get(section.mid, "")
                taken = build.family(section, name)
                taken += [c for c in self._fit(section) if c not in taken]
                if section.mid in plain:
                    taken = [codec for codec in taken if codec.name != "red"]
                voice = section.kind == "audio" and section.mid not in rich
                parts[section.mid] = build.Part(
                    taken, voice=voice, pauses=section.mid not in steady
                )
        return parts

    def _fit(self, section: parse.Section) -> list[parse.Codec]:
        """What may be taken of a section at all."""
        unfit = self._participant.unfit
        return [c for name in build.NAMES[section.kind] if name not in unfit
                for c in build.family(section, name)]  # fmt: skip

    def _drop_removed(self, offer: parse.Description) -> None:
        """A section that no longer sends, or now sends another track, ends the old one."""
        sections = {section.mid: section for section in offer.sections}
        for track in list(self.tracks.values()):
            if not track.mid:
                continue
            section = sections.get(track.mid)
            tokens = section.msid.split() if section is not None else []
            other = any(set(tokens) & set(p.cids) for p in self.pending)
            if section is None or not section.sends or other:
                self.unpublish(track.sid)

    def _match(self, offer: parse.Description) -> None:
        """Give each sending section its announced track (by msid, else the first of its kind)."""
        bound = {track.mid for track in self.tracks.values()}
        for section in offer.sections:
            if section.kind == "application" or not section.sends or section.mid in bound:
                continue
            track = self._announced(section)
            if track is not None:
                self.pending.remove(track)
                self._bind(track, section)

    def _announced(self, section: parse.Section) -> Track | None:
        tokens = set(section.msid.split())
        same = [t for t in self.pending if t.video == (section.kind == "video")]
        return next((t for t in same if tokens & set(t.cids)), same[0] if same else None)

    def _bind(self, track: Track, section: parse.Section) -> None:
        assert self.receiver is not None
        track.bind(section)
        up = UpTrack(track.sid, video=track.video, rids=section.rids, codec=track.codec)
        up.on_layer = lambda layer: self._layer_started(track, layer)
        track.up = up
        self.tracks[track.sid] = track
        self.receiver.assign(section.mid, up)
        track.live = True
        self._participant.room.published(track)

    # --- tracks --------------------------------------------------------------------------------

    def add_track(self, request: rtc.AddTrackRequest) -> None:
        """Announce a track; the offer with its media may already be here, or comes later."""
        participant = self._participant
        if request.source not in _SOURCES:  # protobuf lets any number through
            request.source = models.TrackSource.UNKNOWN
        if not participant.grants.may_publish(request.source):
            self._refuse(request, rtc.RequestResponse.NOT_ALLOWED, "not allowed to publish this")
            return
        if request.type not in (models.TrackType.AUDIO, models.TrackType.VIDEO):
            self._refuse(request, rtc.RequestResponse.UNSUPPORTED_TYPE, "audio and video only")
            return
        if request.ByteSize() > _MAX_DESCRIPTION:
            self._refuse(
                request, rtc.RequestResponse.LIMIT_EXCEEDED, "described at too great length"
            )
            return
        if len(self.tracks) + len(self.pending) >= MAX_TRACKS:
            self._refuse(request, rtc.RequestResponse.LIMIT_EXCEEDED, "too many tracks")
            return
        track = self._existing(request)
        if track is None:
            track = Track(participant, request)
            track.set_muted(request.muted, participant.room.server.clock.second())
            self.pending.append(track)
        published = rtc.TrackPublishedResponse(cid=request.cid, track=track.info)
        participant.send(rtc.SignalResponse(track_published=published))
        if self._offer is not None:
            self._match(self._offer)

    def _existing(self, request: rtc.AddTrackRequest) -> Track | None:
        known = [*self.pending, *self.tracks.values()]
        return next((t for t in known if request.cid and request.cid in t.cids), None)

    def _refuse(
        self, request: rtc.AddTrackRequest, reason: rtc.RequestResponse.Reason, text: str
    ) -> None:
        response = rtc.RequestResponse(reason=reason, message=text, add_track=request)
        self._participant.send(rtc.SignalResponse(request_response=response))

    def _layer_started(self, track: Track, layer: Layer) -> None:
        """A layer's first media: it may be switched to."""
        self._participant.room.layers_changed(track)

    def unpublish(self, sid: str) -> None:
        """End a track."""
        track = self.tracks.pop(sid, None)
        if track is None:
            self.pending = [t for t in self.pending if t.sid != sid]
            return
        if track.up is not None and self.receiver is not None:
            self.receiver.release(track.up)
        if track.live:
            self._participant.ended.append(track)
            self._participant.room.unpublished(track)
        if track.up is not None:
            track.up.close()
        self.ended.note(sid, None)
        self._tell_ended(sid)

    def _tell_ended(self, sid: str) -> None:
        gone = rtc.TrackUnpublishedResponse(track_sid=sid)
        self._participant.send(rtc.SignalResponse(track_unpublished=gone))

    def retell(self) -> None:
        """After a resume: which tracks were ended, muted or asked for less meanwhile."""
        for sid in self.ended.by_key():
            self._tell_ended(sid)
        for track in self.tracks.values():
            if track.silenced:
                mute = rtc.MuteTrackRequest(sid=track.sid, muted=True)
                self._participant.send(rtc.SignalResponse(mute=mute))
            track.demand.top = None
            review(self._participant.room, track, time.monotonic())

    def describe_audio(self, update: rtc.UpdateLocalAudioTrack) -> bool:
        """The client says what it does to a sound (noise suppression and so on). False if there is no
        such track."""
        track = self.find(update.track_sid)
        if track is None:
            return False
        del track.info.audio_features[:]
        track.info.audio_features.extend(update.features[:_MAX_FEATURES])
        self._participant.room.changed(self._participant)
        return True

    def describe_video(self, update: rtc.UpdateLocalVideoTrack) -> bool:
        """The client's picture has another size. False if there is no such track."""
        track = self.find(update.track_sid)
        if track is None:
            return False
        track.info.width, track.info.height = update.width, update.height
        self._participant.room.changed(self._participant)
        return True

    def find(self, sid: str) -> Track | None:
        known = [*self.tracks.values(), *self.pending]
        return next((track for track in known if track.sid == sid), None)

    def live_tracks(self) -> list[Track]:
        return [track for track in self.tracks.values() if track.live]

    def loss(self) -> float:
        """The worst share of packets missing at the last receiver report, 0 to 1."""
        layers = self.receiver.layers() if self.receiver is not None else []
        return max((layer.fraction / 256 for layer in layers), default=0.0)

    def enforce(self) -> None:
        """End tracks that the permissions no longer allow."""
        for track in [*self.tracks.values(), *self.pending]:
            if not self._participant.grants.may_publish(track.info.source):
                self.unpublish(track.sid)

    def close(self) -> None:
        for sid in list(self.tracks):
            self.unpublish(sid)
        self.pending.clear()
        if self.receiver is not None:
            self.receiver.close()
        if self.peer is not None:
            self.peer.close()
