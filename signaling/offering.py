"""Two connections (protocol v0): this server makes the offers for what a participant receives."""

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from livekit.protocol import rtc

from signaling.forward.wire import AUDIO, VIDEO, guarded
from signaling.sdp import build, parse
from signaling.transport.peer import Peer

if TYPE_CHECKING:
    from signaling.subscribing import Subscription

log = logging.getLogger(__name__)

ANSWER_SECONDS = 15
_CHANNEL_MID = "0"
WIRES = {"opus": AUDIO} | {
    name: VIDEO._replace(payload_type=build.TYPES[name], repair_type=build.SECOND[name])
    for name in ("vp8", "vp9", "h264")
}


class Offering:
    """The subscriber connection's sections, each offered with the server's own numbers. `send`
    carries an offer to the client; `started` and `refused` hear what became of a subscription."""

    def __init__(
        self,
        peer: Peer,
        local: Callable[[Peer], build.Local],
        send: Callable[[rtc.SessionDescription], None],
        started: "Callable[[Subscription], None]",
        refused: "Callable[[Subscription], None]",
    ) -> None:
        self.peer = peer
        self._local, self._send = local, send
        self._started, self._refused = started, refused
        self._loop = asyncio.get_running_loop()
        self._slots: list[build.Slot] = []
        self._waiting_for: list[Subscription] = []
        self._queue: list[Subscription] = []  # for which there is no section
        self._offer_id = 0
        self._waiting = self._dirty = self._soon = False
        self._timer: asyncio.TimerHandle | None = None

    def add(self, subscription: "Subscription") -> None:
        """Offer a subscription's track, once there is a section for it."""
        track = subscription.track
        subscription.down.wire = subscription.down.plain_wire = WIRES[track.codec]
        slot = self._free_slot("video" if track.video else "audio")
        if slot is None:
            self._queue.append(subscription)
        else:
            self._fill(slot, subscription)

    def _fill(self, slot: build.Slot, subscription: "Subscription") -> None:
        subscription.fill(slot)
        self._waiting_for.append(subscription)
        self.negotiate()

    def _free_slot(self, kind: str) -> build.Slot | None:
        same = [slot for slot in self._slots if slot.kind == kind]
        free = next((slot for slot in same if not slot.track), None)
        if free is None and len(same) < parse.MOST[kind]:
            free = build.Slot(str(len(self._slots) + 1), kind)
            self._slots.append(free)
        return free

    def remove(self, subscription: "Subscription") -> None:
        """Offer it no longer; its section may be used again."""
        for waiting in (self._waiting_for, self._queue):
            if subscription in waiting:
                waiting.remove(subscription)
        slot = subscription.slot
        if slot is not None:
            slot.track = ""
            self.negotiate()
            for other in self._queue:
                if other.track.video == subscription.track.video:
                    self._queue.remove(other)
                    self._fill(slot, other)
                    break

    def negotiate(self) -> None:
        """Send an offer soon: all changes of one turn of the event loop go into one."""
        if self._waiting:
            self._dirty = True
        elif not self._soon:
            self._soon = True
            self._loop.call_soon(self._offer)

    def restart(self) -> None:
        """Offer at once, with fresh ICE credentials."""
        self.peer.restart()
        self._waiting = False
        self._offer()

    def _offer(self) -> None:
        self._soon = False
        if self._waiting or self.peer.closed:
            return
        self._waiting, self._dirty = True, False
        self._offer_id += 1
        text = build.offer(self._slots, _CHANNEL_MID, self._local(self.peer), self._offer_id)
        tracks = {slot.mid: slot.track for slot in self._slots if slot.track}
        self._send(
            rtc.SessionDescription(
                type="offer", sdp=text, id=self._offer_id, mid_to_track_id=tracks
            )
        )
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(ANSWER_SECONDS, self._unanswered)

    def _unanswered(self) -> None:
        self._waiting = False
        if self._dirty:
            self.negotiate()

    def answer(self, description: rtc.SessionDescription) -> None:
        """The client's answer. Rust and Python clients always send id 0. ProtocolError if it cannot
        be understood."""
        if description.id and description.id != self._offer_id:
            return
        answer = parse.parse(description.sdp)
        self.peer.begins = answer.setup == "passive"  # it may leave the hello to us
        self.peer.expect(answer.fingerprints, answer.ufrag, answer.pwd)
        self._waiting = False
        if self._timer is not None:
            self._timer.cancel()
        sections = {section.mid: section for section in answer.sections}
        for subscription in list(self._waiting_for):
            slot = subscription.slot
            section = sections.get(slot.mid) if slot is not None else None
            if slot is None or section is None:
                continue  # offered next time
            self._waiting_for.remove(subscription)
            if section.port == 0 or str(build.TYPES[slot.codec]) not in section.formats:
                self._refused(subscription)
            elif section.direction in ("recvonly", "sendrecv"):
                subscription.down.guarded_wire = guarded(subscription.down.plain_wire, section)
                self._started(subscription)
        if self._dirty:
            self.negotiate()

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._waiting_for.clear()
        self._queue.clear()
        self.peer.close()
