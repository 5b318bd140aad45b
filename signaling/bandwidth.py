"""Small and sound sharing of a subscriber's capacity: audio is never touched, the lowest layer for
everyone comes first, then upward by priority."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livekit.protocol import models, rtc

if TYPE_CHECKING:
    from signaling.participant import Participant
    from signaling.room import Room
    from signaling.subscribing import Subscribing, Subscription

_GRACE = 6.0
_FIRST_HOLD, _LONGEST_HOLD, _HOLD_GROWTH = 5.0, 120.0, 1.5
_STALE_REMB = 8.0
_PAUSE_BELOW = 0.5


@dataclass(slots=True)
class Demand:
    """One video subscription: bit rates of its usable layers by index, lowest first; priority,
    higher first."""

    rates: dict[int, float]
    priority: int


def allocate(demands: list[Demand], capacity: float) -> list[int | None]:
    """The highest layer for each demand within `capacity` bit/s; None pauses it."""
    chosen: list[int | None] = [None] * len(demands)
    left = capacity
    order = sorted(range(len(demands)), key=lambda i: -demands[i].priority)
    for index in order:
        rates = demands[index].rates
        if not rates:
            chosen[index] = 0
            continue
        lowest = min(rates)
        if left >= rates[lowest] * _PAUSE_BELOW:
            chosen[index] = lowest
            left -= rates[lowest]
    for index in order:
        rates, current = demands[index].rates, chosen[index]
        for layer in sorted(rates):
            if current is None or layer <= current:
                continue
            more = rates[layer] - rates[current]
            if more > left:
                break
            left -= more
            chosen[index] = current = layer
    return chosen


class Capacity:
    """What a subscriber's connection can take of video, bit/s (receivers estimate from packets with
    abs-send-time, which audio does not carry, so that audio is outside of it): unlimited until it shows otherwise; then the
    limit is tested upward, more seldom each time that fails."""

    def __init__(self) -> None:
        self.limit = math.inf
        self._hold = _FIRST_HOLD
        self._try_at = 0.0
        self._tried_at = -99.0

    def update(self, now: float, used: float, remb: float, loss: float) -> float:
        """`used` is what is sent now; `remb` what the receiver reports (inf if nothing)."""
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


def steer_room(room: "Room", now: float) -> None:
    """Once in about a second: let every subscriber have what fits."""
    for participant in room.participants.values():
        if participant.subscribing.subscriptions:
            _steer(room, participant, now)


def _steer(room: "Room", participant: "Participant", now: float) -> None:
    subscribing = participant.subscribing
    sender = subscribing.sender
    videos: list[Subscription] = []
    used = 0.0
    for subscription in subscribing.subscriptions.values():
        layer = subscription.down.layer
        if subscription.track.video:
            videos.append(subscription)
            used += layer.bitrate if layer is not None else 0.0
    begun = min((s.down.first_sent for s in videos if s.down.first_sent), default=now)
    if now - begun < _GRACE:
        _apply(subscribing, videos, [None if s.wish() is None else 9 for s in videos])
        return
    remb = sender.remb if sender.remb and now - sender.remb_at < _STALE_REMB else math.inf
    limit = subscribing.capacity.update(now, used, remb, sender.loss())
    demands = [_demand(room, subscription, now) for subscription in videos]
    _apply(subscribing, videos, allocate(demands, limit))


def _demand(room: "Room", subscription: "Subscription", now: float) -> Demand:
    wish, up = subscription.wish(), subscription.track.up
    if wish is None or up is None:
        return Demand({}, 0)
    live = up.live_layers(now)
    rates = {layer.index: layer.bitrate for layer in live if layer.index <= wish}
    if not rates and live:
        rates = {live[0].index: live[0].bitrate}
    return Demand(rates, _priority(room, subscription))


def _priority(room: "Room", subscription: "Subscription") -> int:
    track = subscription.track
    if track.info.source == models.TrackSource.SCREEN_SHARE:
        return 3
    return 2 if track.owner.sid in room.speaking else 1


def _apply(
    subscribing: "Subscribing", videos: "list[Subscription]", chosen: list[int | None]
) -> None:
    states: list[rtc.StreamStateInfo] = []
    for subscription, ceiling in zip(videos, chosen, strict=True):
        paused = ceiling is None and subscription.wish() is not None
        if paused != subscription.paused:
            subscription.paused = paused
            states.append(
                rtc.StreamStateInfo(
                    participant_sid=subscription.track.owner.sid,
                    track_sid=subscription.track.sid,
                    state=rtc.StreamState.PAUSED if paused else rtc.StreamState.ACTIVE,
                )
            )
        subscription.ceiling = ceiling
        subscribing.steer(subscription)
    if states:
        subscribing.tell(rtc.StreamStateUpdate(stream_states=states))
