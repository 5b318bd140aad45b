"""Telling publishers which simulcast layers anybody takes, so that the others cost no uplink. The
lowest layer always stays on: it is what a newcomer sees first, and what proves the presence."""

from typing import TYPE_CHECKING

from livekit.protocol import models, rtc

from signaling.tracks import QUALITIES, Track

if TYPE_CHECKING:
    from signaling.room import Room

_QUALITY = {
    "q": models.VideoQuality.LOW,
    "h": models.VideoQuality.MEDIUM,
    "f": models.VideoQuality.HIGH,
}


def wanted_layer(room: "Room", track: Track) -> int:
    """The highest layer that a subscriber's settings ask for; 0 if nobody does."""
    found = 0
    for participant in room.participants.values():
        subscription = participant.subscribing.subscriptions.get(track.sid)
        wish = subscription.wish() if subscription is not None else None
        found = max(found, wish or 0)
    return found


def ask(room: "Room", track: Track, wish: int | None, now: float) -> None:
    """A subscriber came or changed its mind: more is asked for at once, less by `review_room`."""
    top = track.demand.top
    if wish is not None and (top is None or wish > top):
        review(room, track, now)


def review(room: "Room", track: Track, now: float) -> None:
    """Tell the publisher if its layers should change."""
    up = track.up
    if up is None or len(up.rids) < 2 or not track.live:
        return
    demand = track.demand
    if not demand.settle(wanted_layer(room, track), now):
        return
    top = demand.top or 0
    names = [rid if rid in _QUALITY else QUALITIES[min(i, 2)] for i, rid in enumerate(up.rids)]
    qualities = [
        rtc.SubscribedQuality(quality=_QUALITY[name], enabled=index <= top)
        for index, name in enumerate(names)
    ]
    update = rtc.SubscribedQualityUpdate(
        track_sid=track.sid,
        subscribed_qualities=qualities,
        subscribed_codecs=[rtc.SubscribedCodec(codec=track.codec, qualities=qualities)],
    )
    track.owner.send(rtc.SignalResponse(subscribed_quality_update=update))


def review_room(room: "Room", now: float) -> None:
    """Called about once a second."""
    for participant in room.participants.values():
        for track in participant.publishing.live_tracks():
            if track.video:
                review(room, track, now)
