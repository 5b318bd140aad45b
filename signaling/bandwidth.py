"""Steering what each subscriber gets by what its line can take.

A line begins guarded: at the lowest layer, every packet numbered, video paced. Once everything that
is wanted passes without loss or queue, the guard is taken away, and what the subscriber reports in
the ordinary way (REMB, receiver reports) brings it back at the first sign of trouble. In a room of
two the publisher is asked, by REMB, for what its peer can take.
"""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livekit.protocol import models, rtc

from signaling.allocation import Demand, allocate, settle
from signaling.forward.estimate import START

if TYPE_CHECKING:
    from signaling.forward.guard import Guard
    from signaling.participant import Participant
    from signaling.room import Room
    from signaling.subscribing import Subscribing, Subscription

__all__ = ["Capacity", "Demand", "allocate", "begin", "steer_room"]

_FIRST_HOLD, _LONGEST_HOLD, _HOLD_GROWTH = 5.0, 120.0, 1.5
_STALE_REMB = 8.0
_CLIMB_AFTER = 4.0
_CLEAN_SECONDS, _CLEAN_LOSS, _CLEAN_QUEUE = 3.0, 0.02, 0.03
_AUDIO_CLEAN_SECONDS = 6.0
_TROUBLE_LOSS = 0.04
_TROUBLE_DELAY = 0.15
_LEAST_VIDEO = 35_000.0
# What a layer may come to need, whatever it needs now (clients' presets: 180p 160, 360p 450, 720p 1,700 kbit/s).
_BITS_A_PIXEL, _SMALL_VIDEO, _MOST_VIDEO = 2.2, 150_000.0, 3_000_000.0
_TOP = 9
# Read once: a protobuf enum looks its values up in Python at each use.
_SCREEN = models.TrackSource.SCREEN_SHARE


@dataclass
class Capacity:
    """What is known of one subscriber's line beside its guard: the limit in bit/s of video where
    the client reports no arrivals, and how long things have been good."""

    limit: float = math.inf
    good_since: float | None = None
    climb_at: float = 0.0
    told: int = 0
    _hold: float = field(default=_FIRST_HOLD)
    _try_at: float = 0.0
    _tried_at: float = -99.0

    def update(self, now: float, used: float, remb: float, loss: float) -> float:
        """For lines without a guard. `used` is what is sent now; `remb` what the receiver reports
        (inf if nothing)."""
        if (remb < 0.7 * used or loss > 0.1) and used > 0:
            if now - self._tried_at < 3 * _FIRST_HOLD:
                self._hold = min(_LONGEST_HOLD, self._hold * _HOLD_GROWTH)
            self.limit = min(self.limit, remb, used * (1 - loss / 2) if loss > 0.1 else math.inf)
            self._try_at = now + self._hold
        elif self.limit < math.inf and now > self._try_at:
            self._tried_at, self._try_at = now, now + self._hold
            self.limit = max(self.limit, used) * 2
            if self.limit > 10_000_000:
                self.limit, self._hold = math.inf, _FIRST_HOLD
        return self.limit


def begin(room: "Room", participant: "Participant", now: float) -> None:
    """New tracks were answered: they start guarded, unless the line has proven good before."""
    subscribing = participant.subscribing
    sender = subscribing.sender
    if sender.guard is None and any(d.first_sent for d in sender.downs.values()):
        return
    _guard(room, participant, now)


def _guard(room: "Room", participant: "Participant", now: float, known: float = 0.0) -> bool:
    """`known` is what the line is thought to take, bit/s, if it carried something before."""
    subscribing = participant.subscribing
    sender = subscribing.sender
    if not sender.protect(subscribing.peer, subscribing.call_later, now):
        return False
    if known and sender.guard is not None:
        sender.guard.estimate.target = known
    subscribing.capacity.good_since = None
    sender.on_change = lambda: _steer(room, participant, subscribing.now())
    _steer(room, participant, now)
    return True


def steer_room(room: "Room", now: float) -> None:
    """Once in about a second: let every subscriber have what fits."""
    for participant in room.participants.values():
        if participant.subscribing.subscriptions:
            _steer(room, participant, now)
    _tell_publishers(room)


def _videos(subscribing: "Subscribing") -> "list[Subscription]":
    return [s for s in subscribing.subscriptions.values() if s.track.video]


def _used(videos: "list[Subscription]") -> float:
    layers = (s.down.layer for s in videos)
    return sum(layer.bitrate for layer in layers if layer is not None)


def _steer(room: "Room", participant: "Participant", now: float) -> None:
    subscribing = participant.subscribing
    if participant.closed:
        return
    videos = _videos(subscribing)
    demands = [_demand(room, participant, subscription, now) for subscription in videos]
    guard = subscribing.sender.guard
    if guard is not None and guard.ignored(subscribing.peer.last_heard):
        subscribing.sender.give_up()
        guard = None
    if guard is not None:
        guard.knock(now)
        _steer_guarded(subscribing, guard, videos, demands, now)
    elif _troubled(subscribing, _used(videos), now) and _guard(
        room, participant, now, _known(subscribing, _used(videos), now)
    ):
        return
    else:
        _steer_open(subscribing, videos, demands, now)


def _steer_open(
    subscribing: "Subscribing", videos: "list[Subscription]", demands: list[Demand], now: float
) -> None:
    sender = subscribing.sender
    if any(down.guarded_wire is not None for down in sender.downs.values()):
        limit = math.inf  # it is guarded again when trouble shows
    else:
        remb = sender.remb if sender.remb and now - sender.remb_at < _STALE_REMB else math.inf
        limit = subscribing.capacity.update(now, _used(videos), remb, sender.loss(now))
    _apply(subscribing, videos, allocate(demands, limit))


def _troubled(subscribing: "Subscribing", used: float, now: float) -> bool:
    """Whether the ordinary reports say that the line no longer takes what is sent."""
    sender = subscribing.sender
    fresh = sender.remb and now - sender.remb_at < 2.0
    slow = bool(fresh) and used > 0 and sender.remb < 0.8 * used
    late = sender.least_rtt > 0 and sender.rtt > sender.least_rtt + _TROUBLE_DELAY
    return slow or late or sender.loss(now) > _TROUBLE_LOSS


def _known(subscribing: "Subscribing", used: float, now: float) -> float:
    """Where a line that carried `used` bit/s of video starts behind its guard: a little loss is no
    reason to begin anew, a REMB that fell is."""
    sender = subscribing.sender
    fresh = sender.remb > 0 and now - sender.remb_at < 2.0
    rate = min(used, sender.remb) if fresh else used
    return max(START, 1.1 * rate + _SMALL_VIDEO)


def _steer_guarded(
    subscribing: "Subscribing", guard: "Guard", videos: "list[Subscription]",
    demands: list[Demand], now: float,
) -> None:  # fmt: skip
    state = subscribing.capacity
    limit = guard.video_share()
    top = sum(demand.most() for demand in demands)
    guard.wanted = top * 1.2 + guard.audio_rate if top else 0.0
    current = [s.ceiling if not s.paused else None for s in videos]
    current = [
        _clamped(c, d) if s.steered else min(d.rates, default=0)
        for c, d, s in zip(current, demands, videos, strict=True)
    ]
    chosen = settle(current, demands, limit, may_climb=now >= state.climb_at)
    if any(_less(a, b) for a, b in zip(chosen, current, strict=True)):
        state.climb_at = now + _CLIMB_AFTER
    _apply(subscribing, videos, chosen)
    if _clean(guard, videos, demands, chosen):
        if state.good_since is None:
            state.good_since = now
        needed = _CLEAN_SECONDS if videos else _AUDIO_CLEAN_SECONDS
        if now - state.good_since > needed:
            sender = subscribing.sender
            sender.release()
            sender.least_rtt, sender.remb = sender.rtt, 0
    else:
        state.good_since = None


def _less(a: int | None, b: int | None) -> bool:
    return (-1 if a is None else a) < (-1 if b is None else b)


def _clamped(choice: int | None, demand: Demand) -> int | None:
    if choice is None or not demand.rates:
        return choice
    return min(choice, max(demand.rates))


def _clean(
    guard: "Guard", videos: "list[Subscription]", demands: list[Demand], chosen: list[int | None]
) -> bool:
    """Whether all that is wanted passes, with room to spare and no loss, and pictures were told that
    they need not wait for repairs: what is sent straight says nothing of that."""
    if guard.patience.seconds:
        return False
    if guard.estimate.loss.lately > _CLEAN_LOSS or guard.estimate.queue > _CLEAN_QUEUE:
        return False
    for subscription, demand, choice in zip(videos, demands, chosen, strict=True):
        wish = subscription.wish()
        if wish is not None and (choice is None or choice < max(demand.rates, default=0)):
            return False
        if wish is not None and subscription.down.layer is None:
            return False
    return guard.estimate.target >= guard.wanted


def _demand(
    room: "Room", participant: "Participant", subscription: "Subscription", now: float
) -> Demand:
    wish, up = subscription.wish(), subscription.track.up
    if wish is None or up is None:
        return Demand({}, 0)
    live = up.live_layers(now)
    rates = {layer.index: layer.bitrate for layer in live if layer.index <= wish}
    if not rates and live:
        rates = {live[0].index: live[0].bitrate}
    least = _LEAST_VIDEO if _alone(room, subscription.track.owner, participant) else None
    layers = {*rates, min(wish, len(up.rids) - 1)}
    full = {index: _need(*subscription.track.size_of(index, len(up.rids))) for index in layers}
    return Demand(rates, _priority(room, subscription), least, full)


def _need(width: int, height: int) -> float:
    """Bit/s that a picture of this size may come to need."""
    return min(_MOST_VIDEO, max(_SMALL_VIDEO, width * height * _BITS_A_PIXEL))


def _alone(room: "Room", publisher: "Participant", subscriber: "Participant") -> bool:
    """Whether nobody else takes this publisher's video, so that it can be asked for less."""
    for other in room.participants.values():
        if other in (publisher, subscriber):
            continue
        for track in publisher.publishing.live_tracks():
            if track.video and track.sid in other.subscribing.subscriptions:
                return False
    return True


def _priority(room: "Room", subscription: "Subscription") -> int:
    track = subscription.track
    if track.info.source == _SCREEN:
        return 3
    return 2 if track.owner.sid in room.speaking else 1


def _tell_publishers(room: "Room") -> None:
    """A publisher whose video one subscriber alone takes learns what that one's line can take."""
    for publisher in room.participants.values():
        receiver = publisher.publishing.receiver
        if receiver is None:  # of those with one connection everybody has one
            continue
        taker = _only_taker(room, publisher)
        guard = taker.subscribing.sender.guard if taker is not None else None
        if guard is not None and guard.estimate.target < guard.wanted:
            receiver.ask_for(guard.video_share() * 0.95)
        else:
            receiver.ask_for(None)


def _only_taker(room: "Room", publisher: "Participant") -> "Participant | None":
    """Who takes this publisher's video, if nobody else does."""
    videos = [track.sid for track in publisher.publishing.live_tracks() if track.video]
    if not videos:
        return None
    found: Participant | None = None
    for other in room.participants.values():
        if any(sid in other.subscribing.subscriptions for sid in videos):
            if found is not None:
                return None
            found = other
    return found


def _apply(
    subscribing: "Subscribing", videos: "list[Subscription]", chosen: list[int | None]
) -> None:
    states: list[rtc.StreamStateInfo] = []
    for subscription, ceiling in zip(videos, chosen, strict=True):
        paused = ceiling is None and subscription.wish() is not None
        if paused != subscription.paused:
            subscription.paused = paused
            states.append(subscription.state())
        subscription.ceiling, subscription.steered = ceiling, True
        subscribing.steer(subscription)
    if states:
        subscribing.tell(rtc.StreamStateUpdate(stream_states=states))
