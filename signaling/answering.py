"""One connection for both directions (protocol v1, WHEP): the client makes all offers, and what it
receives goes into sections that it offers to receive in, with its numbers."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from livekit.protocol import rtc

from signaling.forward.wire import Wire, guarded, named
from signaling.sdp import build
from signaling.sdp.parse import MOST, Codec, Description, Section
from signaling.transport.peer import Peer

if TYPE_CHECKING:
    from signaling.subscribing import Subscription

ASK_SECONDS = 5.0
KINDS = ("audio", "video")
_RECEIVING = ("recvonly", "sendrecv")


def wire(section: Section, wanted: Codec) -> Wire | None:
    """The numbers that a client offered for a codec; None if it does not take it."""
    codecs = build.nearest(section, wanted)
    if not codecs:
        return None
    repair = codecs[1].payload_type if len(codecs) > 1 and codecs[1].name == "rtx" else 0
    numbers = Wire(codecs[0].payload_type, repair)
    if section.kind == "audio":
        return numbers
    stamp, delay = named(section, build.ABS_SEND_TIME), named(section, build.PLAYOUT_DELAY)
    return numbers._replace(abs_send_time=stamp, playout_delay=delay)


class Answering:
    """The receiving sections of a client's offers. `ask` tells the client that it should offer anew,
    with so many more audio and video sections; `started` hears of subscriptions that were placed,
    `refused` of those whose codec the client does not take."""

    def __init__(
        self,
        peer: Peer,
        ask: Callable[[rtc.MediaSectionsRequirement], None],
        started: "Callable[[Subscription], None]",
        refused: "Callable[[Subscription], None]",
    ) -> None:
        self.peer = peer
        self._ask, self._started, self._refused = ask, started, refused
        self._loop = asyncio.get_running_loop()
        self._slots: dict[str, build.Slot] = {}
        self._waiting_for: list[Subscription] = []
        self._placed: dict[str, Subscription] = {}
        self._fresh: list[Subscription] = []
        self._carried: set[str] = set()
        self._counted = {"audio": 0, "video": 0}
        self._requested = {"audio": 0, "video": 0}
        self._soon = self._offered = False
        self._timer: asyncio.TimerHandle | None = None

    def add(self, subscription: "Subscription") -> None:
        """Place a subscription at the next offer, and have the client make one if there may be room."""
        self._waiting_for.append(subscription)
        if self._useful():
            self.negotiate()

    def remove(self, subscription: "Subscription") -> None:
        """Free its section: inactive in the next answer, then it may carry another track."""
        for waiting in (self._waiting_for, self._fresh):
            if subscription in waiting:
                waiting.remove(subscription)
        if subscription.slot is not None:
            self._slots.pop(subscription.slot.mid, None)
            self._placed.pop(subscription.slot.mid, None)
            self.negotiate()

    def negotiate(self) -> None:
        """Ask for an offer soon: all changes of one turn of the event loop go into one request."""
        if not self._soon and self._offered:
            self._soon = True
            self._loop.call_soon(self._request)

    def _request(self) -> None:
        self._soon = False
        if self.peer.closed:
            return
        more = self._lacking()
        for kind, count in more.items():
            self._requested[kind] += count
        self._ask(rtc.MediaSectionsRequirement(num_audios=more["audio"], num_videos=more["video"]))
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(ASK_SECONDS, self._again)

    def resumed(self) -> None:
        """What was asked for while the client did not hear us is asked for again, after the offer that
        it makes now."""
        self._requested = {"audio": 0, "video": 0}

    def _again(self) -> None:
        """No offer brought what was asked for: it may be lost."""
        self.resumed()
        if self._useful():
            self._request()

    def _waiting(self, kind: str) -> int:
        return sum(1 for s in self._waiting_for if s.track.video == (kind == "video"))

    def _free(self, kind: str) -> int:
        """Sections that carry nothing; some may still rest."""
        return self._counted[kind] - sum(1 for s in self._slots.values() if s.kind == kind)

    def _lacking(self) -> dict[str, int]:
        """How many more sections of each kind than are offered, or asked for already, are needed."""
        more: dict[str, int] = {}
        for kind in KINDS:
            wanted = self._waiting(kind) - self._free(kind)
            allowed = MOST[kind] - self._counted[kind]
            more[kind] = max(0, min(wanted, allowed) - self._requested[kind])
        return more

    def _useful(self) -> bool:
        """Whether one more offer would give a subscription its section."""
        free = any(self._waiting(kind) and self._free(kind) > 0 for kind in KINDS)
        return free or any(self._lacking().values())

    def fill(self, offer: Description) -> dict[str, build.Slot]:
        """Give waiting subscriptions their sections of an offer; all filled slots by mid."""
        self._offered = True
        sections = {s.mid: s for s in offer.sections}
        for mid in list(self._slots):
            section = sections.get(mid)
            if section is None or not section.port or section.direction not in _RECEIVING:
                self._lost(mid)
        # A client tells a new track by a section that was not in use before this answer.
        cooling = self._carried - set(self._slots)
        free = [
            s
            for s in offer.sections
            if s.direction == "recvonly" and s.port and s.mid not in {*self._slots, *cooling}
        ]
        for subscription in list(self._waiting_for):
            self._place(subscription, free)
        self._count(offer)
        self._carried = set(self._slots)
        return dict(self._slots)

    def _place(self, subscription: "Subscription", free: list[Section]) -> None:
        kind = "video" if subscription.track.video else "audio"
        section = next((s for s in free if s.kind == kind), None)
        if section is None:
            return
        self._waiting_for.remove(subscription)
        numbers = wire(section, subscription.track.format)
        if numbers is None:
            self._refused(subscription)
            return
        free.remove(section)
        slot = self._slots[section.mid] = build.Slot(section.mid, kind)
        subscription.fill(slot)
        down = subscription.down
        down.wire = down.plain_wire = numbers
        down.guarded_wire = guarded(numbers, section)
        self._placed[section.mid] = subscription
        self._fresh.append(subscription)

    def _lost(self, mid: str) -> None:
        """The client receives in this section no longer: its track waits for another one."""
        del self._slots[mid]
        subscription = self._placed.pop(mid)
        subscription.slot, subscription.ready = None, False
        subscription.down.aim(None)
        self._waiting_for.append(subscription)

    def _count(self, offer: Description) -> None:
        """Note how many receiving sections there are; those that were asked for and came are no
        longer awaited."""
        for kind in KINDS:
            usable = [s for s in offer.sections if s.kind == kind and s.port]
            count = sum(1 for s in usable if s.direction == "recvonly" or s.mid in self._slots)
            grown = max(0, count - self._counted[kind])
            self._requested[kind] = max(0, self._requested[kind] - grown)
            self._counted[kind] = count

    def answered(self) -> None:
        """The answer is on its way: placed subscriptions may begin, the others need more room. If that
        was asked for, another offer is under way."""
        if self._timer is not None and not self._waiting_for:
            self._timer.cancel()
        fresh, self._fresh = self._fresh, []
        for subscription in fresh:
            self._started(subscription)
        if self._useful():
            self.negotiate()

    def tracks(self) -> dict[str, str]:
        """Track sid by mid, for clients that name the tracks of one connection themselves."""
        return {mid: slot.track for mid, slot in self._slots.items()}

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._waiting_for.clear()
        self._placed.clear()
        self._slots.clear()
