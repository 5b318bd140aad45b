"""What a participant receives: which tracks it takes, and which layer of each."""

import asyncio
import logging
from typing import TYPE_CHECKING, Protocol

from livekit.protocol import models, rtc

from signaling import bandwidth
from signaling.answering import Answering
from signaling.bandwidth import Capacity
from signaling.dynacast import ask
from signaling.forward.down import DownTrack
from signaling.forward.sender import Sender
from signaling.forward.up import Layer, random_ssrc
from signaling.offering import Offering
from signaling.sdp import build
from signaling.tracks import Track
from signaling.transport.peer import Peer

if TYPE_CHECKING:
    from signaling.participant import Participant

log = logging.getLogger(__name__)

MAX_WISHES = 1024


class Subscription:
    """One track for one participant. `wish` is the highest layer that its settings allow, as an
    index; None while disabled."""

    def __init__(self, track: Track, down: DownTrack) -> None:
        self.track, self.down = track, down
        self.slot: build.Slot | None = None
        self.settings: rtc.UpdateTrackSettings | None = None
        self.ready = False
        self.paused = False
        self.ceiling: int | None = None
        self.steered = False  # whether the allocator has chosen for it
        self.temporal: int | None = None  # the highest temporal layer that the allocator allows

    def fill(self, slot: build.Slot) -> None:
        """Take a free section."""
        self.slot = slot
        slot.codec = self.track.codec
        slot.stream = f"{self.track.owner.sid}|{self.track.sid}"
        slot.track = self.track.sid
        slot.ssrc, slot.repair = self.down.ssrc, self.down.repair

    def wish(self) -> int | None:
        """Which layer the subscriber wants at most: disabled wins, then size, then quality."""
        up, settings = self.track.up, self.settings
        count = len(up.rids) if up is not None else 1
        if settings is None:
            return count - 1
        if settings.disabled:
            return None
        if settings.width or settings.height:
            for index in range(count):
                width, height = self.track.size_of(index, count)
                if width >= settings.width and height >= settings.height:
                    return index
            return count - 1
        if settings.quality == models.VideoQuality.OFF:
            return None
        return min(int(settings.quality), count - 1)

    def state(self) -> rtc.StreamStateInfo:
        """What the client is told of the flow."""
        return rtc.StreamStateInfo(
            participant_sid=self.track.owner.sid,
            track_sid=self.track.sid,
            state=rtc.StreamState.PAUSED if self.paused else rtc.StreamState.ACTIVE,
        )

    def temporal_limit(self, layer: Layer) -> int | None:
        """The highest temporal layer to send, for the pictures a second that the settings ask for;
        None for all."""
        fps = self.settings.fps if self.settings is not None else 0
        limits = (layer.temporal_for(fps), self.temporal)
        return min((limit for limit in limits if limit is not None), default=None)


class Sections(Protocol):
    """Where the media of subscriptions goes in session descriptions."""

    peer: Peer

    def add(self, subscription: Subscription) -> None: ...
    def remove(self, subscription: Subscription) -> None: ...
    def negotiate(self) -> None: ...
    def close(self) -> None: ...


class Subscribing:
    """Everything that one participant receives. `shared` is the connection that it also publishes
    on, where there is but one."""

    def __init__(self, participant: "Participant", shared: Peer | None = None) -> None:
        self._participant = participant
        server = self._server = participant.room.server
        self._loop = asyncio.get_running_loop()
        self.sender = Sender(server.counters, server.clock)
        self.subscriptions: dict[str, Subscription] = {}
        self.wanted: dict[str, bool] = {}
        self._forbidden: set[str] = set()
        self._used: set[int] = set()
        self.capacity = Capacity()
        self.call_later, self.now = self._loop.call_later, self._loop.time
        self.offering: Offering | None = None
        self.answering: Answering | None = None
        self.sections: Sections
        if shared is not None:
            self.answering = Answering(shared, self._require, self._start, self._unsupported)
            self.sections = self.answering
        else:
            peer = Peer(
                server.port, server.identity, self, opens_channels=True,
                call_later=self._loop.call_later, room=participant.room.name,
            )  # fmt: skip
            self.offering = Offering(
                peer, server.local, self._offer, self._start, self._unsupported
            )
            self.sections = self.offering

    def use(self, answering: Answering) -> None:
        """Other sections for the one connection (WHEP). Before there are subscriptions."""
        self.sections = self.answering = answering

    @property
    def peer(self) -> Peer:
        return self.sections.peer

    # --- MediaSink (of a connection of its own) --------------------------------------------------

    def on_rtcp(self, packet: bytes, now: float) -> None:
        self.sender.on_rtcp(packet, now)

    def on_data(self, label: str, message: bytes) -> None:
        self._participant.room.relay.receive(self._participant, label, message)

    def on_connected(self) -> None:
        self._participant.connected()

    def on_failed(self, reason: str) -> None:
        log.info("subscriber connection of %s: %s", self._participant.sid, reason)
        self._participant.media_failed()

    def on_closed(self) -> None:
        self._participant.media_closed()

    # --- subscriptions -------------------------------------------------------------------------

    def subscribe(self, track: Track) -> None:
        """Take a track, if it flows and this participant may see it."""
        up = track.up
        if up is None or track.sid in self.subscriptions or not self._participant.grants.subscribe:
            return
        again = up.ssrc in self._used
        ssrc, repair = (random_ssrc(), random_ssrc()) if again else (up.ssrc, up.repair)
        self._used |= {ssrc, repair}
        down = DownTrack(up, self.peer, self._server.counters, ssrc=ssrc, repair=repair)
        self.sender.add(down)
        subscription = self.subscriptions[track.sid] = Subscription(track, down)
        self._ask(subscription)
        self.sections.add(subscription)

    def _ask(self, subscription: Subscription) -> None:
        room = self._participant.room
        ask(room, subscription.track, subscription.wish(), self._loop.time())

    def unsubscribe(self, sid: str) -> None:
        """Stop taking a track."""
        found = self.subscriptions.pop(sid, None)
        if found is None:
            return
        self.sender.remove(found.down)
        found.down.close()
        self.sections.remove(found)

    def _start(self, subscription: Subscription) -> None:
        """The client knows where the track comes."""
        subscription.ready = True
        bandwidth.begin(self._participant.room, self._participant, self._loop.time())
        self.steer(subscription)
        subscription.track.taken()

    def want(self, sid: str, wanted: bool) -> None:
        """The client's own choice; it goes before its choice to have all or none."""
        self.wanted.pop(sid, None)
        self.wanted[sid] = wanted
        if len(self.wanted) > MAX_WISHES:
            del self.wanted[next(iter(self.wanted))]

    def note_permission(self, track: Track, allowed: bool) -> None:
        """Tell the client when a publisher forbids a track, or allows it after all."""
        if allowed is (track.sid not in self._forbidden):
            return
        (self._forbidden.discard if allowed else self._forbidden.add)(track.sid)
        self._tell_permission(track, allowed)

    def _tell_permission(self, track: Track, allowed: bool) -> None:
        update = rtc.SubscriptionPermissionUpdate(
            participant_sid=track.owner.sid, track_sid=track.sid, allowed=allowed
        )
        self._participant.send(rtc.SignalResponse(subscription_permission_update=update))

    def revoke(self, track: Track) -> None:
        """The publisher forbids a track that may be taken now."""
        if track.sid in self.subscriptions:
            self.note_permission(track, False)
            self.unsubscribe(track.sid)

    def ended(self, sid: str) -> None:
        """A track is no more."""
        self.unsubscribe(sid)
        self.wanted.pop(sid, None)
        self._forbidden.discard(sid)

    def _unsupported(self, subscription: Subscription) -> None:
        """The client takes no codec that this track is sent with."""
        self.unsubscribe(subscription.track.sid)
        self.fail(subscription.track.sid, models.SubscriptionError.SE_CODEC_UNSUPPORTED)

    def fail(self, sid: str, error: models.SubscriptionError) -> None:
        """Tell the client why it does not get a track."""
        response = rtc.SubscriptionResponse(track_sid=sid, err=error)
        self._participant.send(rtc.SignalResponse(subscription_response=response))

    def set(self, settings: rtc.UpdateTrackSettings) -> None:
        for sid in dict.fromkeys(settings.track_sids):
            subscription = self.subscriptions.get(sid)
            if subscription is not None:
                subscription.settings = settings
                self.steer(subscription)
                self._ask(subscription)

    def steer(self, subscription: Subscription) -> None:
        """Aim the down-track at the best living layer that the subscriber wishes and the allocator
        (`subscription.ceiling`) allows."""
        down, up = subscription.down, subscription.track.up
        if not subscription.ready or up is None or not self.peer.connected:
            return
        wish = subscription.wish()
        if wish is None or subscription.paused:
            down.aim(None)
            return
        if subscription.ceiling is not None:
            wish = min(wish, subscription.ceiling)
        layer = self._best(up.layers, wish)
        if layer is not None:
            down.temporal = subscription.temporal_limit(layer)
            if layer is not down.target:
                down.aim(layer)

    def _best(self, layers: dict[int, Layer], wish: int) -> Layer | None:
        now = self._loop.time()
        live = [i for i, layer in layers.items() if layer.live(now)] or list(layers)
        below = [i for i in live if i <= wish]
        if below:
            return layers[max(below)]
        return layers[min(live)] if live else None

    def tell(self, states: rtc.StreamStateUpdate) -> None:
        self._participant.send(rtc.SignalResponse(stream_state_update=states))

    def retell(self) -> None:
        """After a resume: what is paused for want of bandwidth, and what publishers forbid."""
        states = [s.state() for s in self.subscriptions.values() if s.track.video]
        if states:
            self.tell(rtc.StreamStateUpdate(stream_states=states))
        for other in self._participant.room.participants.values():
            if other.audience is not None:
                for track in other.publishing.live_tracks():
                    self._tell_permission(track, track.sid not in self._forbidden)

    def steer_all(self) -> None:
        for subscription in self.subscriptions.values():
            self.steer(subscription)

    # --- negotiation ---------------------------------------------------------------------------

    def begin(self) -> None:
        """Connect, whether or not there is a track to take."""
        if self.offering is not None:
            self.offering.negotiate()

    def restart(self) -> None:
        """After a resume: where this side makes the offers, it restarts ICE; else the client does."""
        if self.offering is not None:
            self.offering.restart()
        elif self.answering is not None:
            self.answering.resumed()

    def answer(self, description: rtc.SessionDescription) -> None:
        """The client's answer to an offer. ProtocolError if it cannot be understood."""
        if self.offering is not None:
            self.offering.answer(description)

    def _offer(self, description: rtc.SessionDescription) -> None:
        self._participant.send(rtc.SignalResponse(offer=description))

    def _require(self, requirement: rtc.MediaSectionsRequirement) -> None:
        self._participant.send(rtc.SignalResponse(media_sections_requirement=requirement))

    def close(self) -> None:
        self.sender.close()
        for subscription in self.subscriptions.values():
            subscription.down.close()
        self.subscriptions.clear()
        self.sections.close()
