"""One room: who is in it, who hears of whom, and data between them."""

import logging
import time
from collections.abc import Callable, Iterable
from itertools import islice
from typing import TYPE_CHECKING

from livekit.protocol import models, rtc

from signaling.datatracks import DataTrack
from signaling.errors import ProtocolError
from signaling.lately import Lately
from signaling.messages import (
    PING_INTERVAL,
    PING_TIMEOUT,
    enabled_codecs,
    identifier,
    leave,
    server_info,
)
from signaling.participant import Participant, SignalLink
from signaling.relay import Relay
from signaling.subscribing import MAX_WISHES
from signaling.tokens import Grants, Plan
from signaling.tracks import Track
from signaling.updates import Updates

if TYPE_CHECKING:
    from signaling.rooms import MediaServer

log = logging.getLogger(__name__)

_MAX_LEFT = 256
_COUNT_SECONDS = 5.0


class Room:
    """Participants by identity. The first join makes the room, or CreateRoom does."""

    def __init__(self, server: "MediaServer", name: str) -> None:
        self.server = server
        self.name = name
        self.sid = identifier("RM_")
        self.created = time.time()
        self.metadata = ""
        self.empty_timeout = server.settings.empty_timeout
        self.departure_timeout = server.settings.departure_timeout
        self.max_participants = 0
        self.version = 0
        self.participants: dict[str, Participant] = {}
        self.empty_since = time.monotonic()
        self.ever_joined = False
        self.closed = False
        self.speaking: dict[str, float] = {}
        self.relay = Relay(self)
        self._updates = Updates(self)
        self._counted = (0, 0)  # as everyone was told last
        self._count_at = 0.0
        self._left: Lately[models.ParticipantInfo] = Lately(_MAX_LEFT)  # by identity

    def _counts(self) -> tuple[int, int]:
        """How many are seen here, and how many of them publish."""
        visible = [p for p in self.participants.values() if not p.grants.hidden]
        return len(visible), sum(1 for p in visible if p.publishing.tracks)

    def info(self) -> models.Room:
        seen, publishers = self._counts()
        return models.Room(
            sid=self.sid,
            name=self.name,
            empty_timeout=self.empty_timeout,
            departure_timeout=self.departure_timeout,
            max_participants=self.max_participants,
            creation_time=int(self.created),
            creation_time_ms=int(self.created * 1000),
            enabled_codecs=enabled_codecs(),
            metadata=self.metadata,
            num_participants=seen,
            num_publishers=publishers,
            active_recording=any(p.grants.recorder for p in self.participants.values()),
        )

    def follow(self, plan: Plan) -> None:
        """Settings that whoever makes the room asks for."""
        self.empty_timeout = plan.empty_timeout or self.empty_timeout
        self.departure_timeout = plan.departure_timeout or self.departure_timeout
        self.max_participants = plan.max_participants or self.max_participants
        if plan.metadata and plan.metadata != self.metadata:
            self.set_metadata(plan.metadata)

    @property
    def deserted(self) -> bool:
        """Nobody is there, but perhaps recorders: they do not keep a room open for themselves."""
        return all(p.grants.recorder for p in self.participants.values())

    def _recording_changed(self, participant: Participant) -> None:
        """A recorder came or went: everyone's page shows the sign."""
        if participant.grants.recorder:
            self._tell_room()

    def _tell_room(self) -> None:
        self._counted = self._counts()
        self.broadcast(rtc.SignalResponse(room_update=rtc.RoomUpdate(room=self.info())))

    def count(self, now: float) -> None:
        """Called about once a second: everyone hears how many are here, at most every 5 s."""
        if now >= self._count_at and self._counts() != self._counted:
            self._count_at = now + _COUNT_SECONDS
            self._tell_room()

    # --- coming and going ----------------------------------------------------------------------

    def join(self, grants: Grants, link: SignalLink | None, *, single: bool = False) -> Participant:
        """A fresh join; the same identity's older one is evicted. ProtocolError if full."""
        before = self.participants.get(grants.identity)
        full = self.max_participants and len(self.participants) >= self.max_participants
        if full and before is None:
            raise ProtocolError("The room is full.")
        if before is not None:
            reason = models.DisconnectReason.DUPLICATE_IDENTITY
            before.send(leave(reason, rtc.LeaveRequest.DISCONNECT))
            self.remove(before, reason)
        participant = Participant(self, grants, link, single=single)
        participant.state = models.ParticipantInfo.State.JOINED
        self.participants[grants.identity] = participant
        self.ever_joined = True
        return participant

    def join_response(self, participant: Participant) -> rtc.SignalResponse:
        others = [p.info() for p in self.participants.values() if self._visible(p, participant)]
        return rtc.SignalResponse(
            join=rtc.JoinResponse(
                room=self.info(),
                participant=participant.info(),
                other_participants=others,
                ice_servers=self.server.ice_servers(participant.identity),
                server_version=server_info().version,
                server_info=server_info(),
                subscriber_primary=participant.grants.subscribe and not participant.single,
                ping_interval=PING_INTERVAL,
                ping_timeout=PING_TIMEOUT,
                enabled_publish_codecs=enabled_codecs(participant.unfit),
                fast_publish=participant.grants.publish,
            )
        )

    @staticmethod
    def _visible(seen: Participant, by: Participant) -> bool:
        return seen is not by and not seen.hidden

    def introduce(self, participant: Participant) -> None:
        """After the join answer: tell the others, and start the subscriber connection."""
        self.changed(participant, to_self=False)
        self._recording_changed(participant)
        self.subscribe_all(participant)
        participant.subscribing.begin()
        if self.speaking:
            self.send_speakers(participant)

    def resume(self, participant: Participant) -> None:
        """After a resume: all state again, as any of it may have been told while nobody heard it, and
        ICE restarted. Mutes go before the update: clients answer it by what they think."""
        participant.publishing.retell()
        everyone = [p.info() for p in self.participants.values() if not p.hidden]
        own = [] if not participant.hidden else [participant.info()]
        update = rtc.ParticipantUpdate(participants=self._gone() + everyone + own)
        participant.send(rtc.SignalResponse(update=update))
        participant.send(rtc.SignalResponse(room_update=rtc.RoomUpdate(room=self.info())))
        participant.subscribing.restart()
        participant.subscribing.retell()
        participant.data_tracks.retell()
        self.send_speakers(participant)
        participant.quality = None
        participant.refresh(time.monotonic(), force=True)

    def _gone(self) -> list[models.ParticipantInfo]:
        """Who left lately and is not here again: clients know each other by identity."""
        here = {p.identity for p in self.participants.values() if not p.hidden}
        return [info for who, info in self._left.by_key().items() if who not in here]

    def subscribe_all(self, participant: Participant) -> None:
        """Let a participant have every track that flows and that it wants."""
        for other in self.participants.values():
            for track in other.publishing.live_tracks():
                self.consider(participant, track)
            if participant.auto_subscribe_data:
                for data_track in other.data_tracks.published.values():
                    participant.data_tracks.take(data_track)

    def consider(self, participant: Participant, track: Track) -> None:
        """Let a participant have a track if it wants it and its publisher allows it."""
        subscribing, owner = participant.subscribing, track.owner
        wanted = subscribing.wanted.get(track.sid, participant.auto_subscribe)
        if not wanted or owner is participant:
            return
        allowed = owner.allows(participant, track.sid)
        subscribing.note_permission(track, allowed)
        if allowed:
            subscribing.subscribe(track)

    def activated(self, participant: Participant) -> None:
        """Media connects for the first time."""
        self.server.events.participant_joined(self, participant)
        self.changed(participant)

    def remove(self, participant: Participant, reason: models.DisconnectReason) -> None:
        """Take a participant out, whatever the cause."""
        if participant.closed or self.participants.get(participant.identity) is not participant:
            return
        was_active, published = participant.active, participant.info().is_publisher
        self.server.events.leaving(self, participant)
        del self.participants[participant.identity]
        participant.close(reason)
        info = participant.describe()
        info.disconnect_reason = reason
        if not participant.hidden:
            self._left.note(info.identity, info)
            self._updates.tell(info, at_once=published)
        self.server.events.participant_left(self, info, active=was_active)
        self._recording_changed(participant)
        if self.deserted:
            self.empty_since = time.monotonic()

    def close(self, reason: models.DisconnectReason) -> None:
        """End the room: everybody leaves."""
        self.closed = True
        for participant in list(self.participants.values()):
            participant.send(leave(reason, rtc.LeaveRequest.DISCONNECT))
            self.remove(participant, reason)

    # --- what others see -----------------------------------------------------------------------

    def broadcast(self, message: rtc.SignalResponse, *, but: Participant | None = None) -> None:
        """Send one message to all."""
        raw = message.SerializeToString()
        for participant in self.participants.values():
            if participant is not but:
                participant.send(message, raw)

    def changed(
        self,
        participant: Participant,
        *,
        to_self: bool = True,
        then: Callable[[], None] | None = None,
    ) -> None:
        """Something visible of a participant changed: it is told, then `then` is done."""
        participant.version += 1
        self._updates.changed(participant, to_self=to_self, then=then)

    def hid(self, participant: Participant) -> None:
        """Who was visible is so no longer: to the others it left."""
        info = participant.describe()
        info.state = models.ParticipantInfo.State.DISCONNECTED
        self._left.note(info.identity, info)
        self._updates.tell(info, but=participant)

    def set_metadata(self, metadata: str) -> None:
        self.metadata = metadata
        self._tell_room()

    def published(self, track: Track) -> None:
        """A track was negotiated: everyone hears of it, then gets it."""
        self.changed(track.owner, then=lambda: self._give(track))
        self.server.events.track_published(self, track.owner, track)

    def _give(self, track: Track) -> None:
        for other in self.participants.values():
            if track.live:
                self.consider(other, track)

    def data_published(self, track: DataTrack) -> None:
        """A data track was announced: everyone hears of it, then gets it who takes all."""
        self.changed(track.owner, then=lambda: self._give_data(track))

    def _give_data(self, track: DataTrack) -> None:
        for other in self.participants.values():
            if other.auto_subscribe_data and self.data_track(track.sid) is not None:
                other.data_tracks.take(track)

    def layers_changed(self, track: Track) -> None:
        """A layer began: subscribers may move to it."""
        for other in self.participants.values():
            subscription = other.subscribing.subscriptions.get(track.sid)
            if subscription is not None:
                other.subscribing.steer(subscription)

    def unpublished(self, track: Track) -> None:
        track.live = False
        self.changed(track.owner)
        for other in self.participants.values():
            other.subscribing.ended(track.sid)
        self.server.events.track_unpublished(self, track.owner, track)

    def track(self, sid: str) -> Track | None:
        """A flowing track of anyone."""
        for participant in self.participants.values():
            track = participant.publishing.tracks.get(sid)
            if track is not None and track.live:
                return track
        return None

    def data_track(self, sid: str) -> DataTrack | None:
        """Anyone's data track."""
        for participant in self.participants.values():
            for track in participant.data_tracks.published.values():
                if track.sid == sid:
                    return track
        return None

    def subscribe_to(self, participant: Participant, sids: Iterable[str], wanted: bool) -> None:
        """A participant's own choice of tracks."""
        for sid in islice(dict.fromkeys(sids), MAX_WISHES):
            participant.subscribing.want(sid, wanted)
            if not wanted:
                participant.subscribing.unsubscribe(sid)
            elif (track := self.track(sid)) is not None:
                self.consider(participant, track)
            else:
                participant.subscribing.fail(sid, models.SubscriptionError.SE_TRACK_NOTFOUND)

    def permissions_changed(self, publisher: Participant) -> None:
        """A publisher chose anew who may take its tracks."""
        for other in self.participants.values():
            if other is publisher:
                continue
            for track in publisher.publishing.live_tracks():
                if not publisher.allows(other, track.sid):
                    other.subscribing.revoke(track)
                self.consider(other, track)
            for data_track in publisher.data_tracks.published.values():
                if not publisher.allows(other, data_track.sid):
                    other.data_tracks.leave(data_track)
                elif other.auto_subscribe_data:
                    other.data_tracks.take(data_track)

    # --- speakers ------------------------------------------------------------------------------

    def update_speakers(self, levels: dict[str, float]) -> None:
        """Tell everyone whose speaking began, changed much or ended. `levels`: sid → 0 to 1."""
        changes: list[models.SpeakerInfo] = []
        for sid, level in levels.items():
            if abs(self.speaking.get(sid, 0.0) - level) > 0.05:
                changes.append(models.SpeakerInfo(sid=sid, level=level, active=True))
        for sid in self.speaking:
            if sid not in levels:
                changes.append(models.SpeakerInfo(sid=sid, level=0.0, active=False))
        self.speaking = levels
        if changes:
            message = rtc.SpeakersChanged(speakers=changes)
            self.broadcast(rtc.SignalResponse(speakers_changed=message))

    def send_speakers(self, participant: Participant) -> None:
        speakers = [
            models.SpeakerInfo(sid=sid, level=level, active=True)
            for sid, level in self.speaking.items()
        ]
        message = rtc.SpeakersChanged(speakers=speakers)
        participant.send(rtc.SignalResponse(speakers_changed=message))
