"""A participant's subscriber connection: which tracks it takes, and the offers for them."""

import asyncio
import logging
from typing import TYPE_CHECKING

from livekit.protocol import models, rtc

from signaling.bandwidth import Capacity
from signaling.dynacast import ask
from signaling.forward.down import DownTrack
from signaling.forward.sender import Sender
from signaling.forward.up import Layer, random_ssrc
from signaling.sdp import build, parse
from signaling.tracks import Track
from signaling.transport.peer import Peer

if TYPE_CHECKING:
    from signaling.participant import Participant

log = logging.getLogger(__name__)

_ANSWER_SECONDS = 15
_CHANNEL_MID = "0"


class Subscription:
    """One track for one participant. `wish` is the highest layer that its settings allow, as an
    index; None while disabled."""

    def __init__(self, track: Track, down: DownTrack, slot: build.Slot) -> None:
        self.track, self.down, self.slot = track, down, slot
        self.settings: rtc.UpdateTrackSettings | None = None
        self.ready = False
        self.paused = False
        self.ceiling: int | None = None

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


class Subscribing:
    """Everything that one participant receives."""

    def __init__(self, participant: "Participant") -> None:
        self._participant = participant
        server = self._server = participant.room.server
        self._loop = asyncio.get_running_loop()
        self.peer = Peer(
            server.port, server.identity, self, opens_channels=True,
            call_later=self._loop.call_later, room=participant.room.name,
        )  # fmt: skip
        self.sender = Sender(server.counters)
        self.subscriptions: dict[str, Subscription] = {}
        self._slots: list[build.Slot] = []
        self._used: set[int] = set()
        self._offer_id = 0
        self._waiting = False
        self._dirty = False
        self._timer: asyncio.TimerHandle | None = None
        self.capacity = Capacity()

    # --- MediaSink -----------------------------------------------------------------------------

    def on_rtp(self, packet: bytes, now: float) -> None:
        """Subscribers send no media here."""

    def on_rtcp(self, packet: bytes, now: float) -> None:
        self.sender.on_rtcp(packet, now)

    def on_data(self, label: str, message: bytes) -> None:
        self._participant.room.relay(self._participant, label, message)

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
        slot = self._free_slot("video" if track.video else "audio")
        slot.media_type = "on"
        slot.stream = f"{track.owner.sid}|{track.sid}"
        slot.track = track.sid
        slot.ssrc, slot.repair = ssrc, repair
        self.sender.add(down)
        subscription = self.subscriptions[track.sid] = Subscription(track, down, slot)
        self._ask(subscription)
        self.negotiate()

    def _ask(self, subscription: Subscription) -> None:
        room = self._participant.room
        ask(room, subscription.track, subscription.wish(), self._loop.time())

    def _free_slot(self, kind: str) -> build.Slot:
        for slot in self._slots:
            if slot.kind == kind and not slot.media_type:
                return slot
        slot = build.Slot(str(len(self._slots) + 1), kind)
        self._slots.append(slot)
        return slot

    def unsubscribe(self, sid: str) -> None:
        """Stop taking a track."""
        found = self.subscriptions.pop(sid, None)
        if found is None:
            return
        self.sender.remove(found.down)
        found.down.close()
        found.slot.media_type = ""
        self.negotiate()

    def set(self, settings: rtc.UpdateTrackSettings) -> None:
        for sid in settings.track_sids:
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
        if layer is not None and layer is not down.target:
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

    def steer_all(self) -> None:
        for subscription in self.subscriptions.values():
            self.steer(subscription)

    # --- negotiation ---------------------------------------------------------------------------

    def negotiate(self, *, restart: bool = False) -> None:
        """Send an offer, or remember to once the last one is answered."""
        if restart:
            self.peer.restart()
            self._waiting = False
        if self._waiting:
            self._dirty = True
            return
        self._waiting, self._dirty = True, False
        self._offer_id += 1
        local = self._server.local(self.peer)
        text = build.offer(self._slots, _CHANNEL_MID, local, self._offer_id)
        offer = rtc.SessionDescription(type="offer", sdp=text, id=self._offer_id)
        self._participant.send(rtc.SignalResponse(offer=offer))
        self._arm()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(_ANSWER_SECONDS, self._unanswered)

    def _unanswered(self) -> None:
        if self._waiting and self._participant.attached:
            log.info("no answer from %s", self._participant.sid)
        self._waiting = False
        if self._dirty:
            self.negotiate()

    def answer(self, description: rtc.SessionDescription) -> None:
        """The client's answer. Rust and Python clients always send id 0. ProtocolError if it cannot
        be understood."""
        if description.id and description.id != self._offer_id:
            return
        answer = parse.parse(description.sdp)
        self.peer.expect(answer.fingerprints)
        self._waiting = False
        if self._timer is not None:
            self._timer.cancel()
        accepted = {s.mid for s in answer.sections if s.direction in ("recvonly", "sendrecv")}
        for subscription in self.subscriptions.values():
            if subscription.slot.mid in accepted:
                subscription.ready = True
                self.steer(subscription)
        if self._dirty:
            self.negotiate()

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        for subscription in self.subscriptions.values():
            subscription.down.close()
        self.subscriptions.clear()
        self.peer.close()
