"""What media really arrived: the reports that make a minute creditable."""

import time
from typing import TYPE_CHECKING, Any

from livekit.protocol import models

from signaling.messages import identifier
from signaling.tracks import QUALITIES, Track

if TYPE_CHECKING:
    from signaling.participant import Participant
    from signaling.room import Room


# Receiver reports of a listener that gets audio only come every 5 s: a window waits so long for the
# proof of its last seconds before it is sent.
PROOF_SECONDS = 6


class Window:
    """A finished window of one participant: tracks are final, proof of reception may still come."""

    __slots__ = ("end", "start", "tracks")

    def __init__(self, start: int, end: int, tracks: list[dict[str, Any]]) -> None:
        self.start, self.end, self.tracks = start, end, tracks


def close_window(participant: "Participant", end: int) -> None:
    """Finish [reported_until, end) and begin the next one there. Nothing if it would be empty."""
    start = participant.reported_until
    if start <= 0 or end <= start:
        return
    tracks = [*participant.ended, *participant.publishing.live_tracks()]
    found = [_track(track, start, end) for track in tracks]
    participant.ended.clear()
    participant.windows.append(Window(start, end, found))
    participant.reported_until = end


def due_reports(
    room: "Room", participant: "Participant", second: int, every: int
) -> list[dict[str, Any]]:
    """Reports to send now, oldest first. Called about once a second."""
    if second - participant.reported_until >= every:
        close_window(participant, second)
    out: list[dict[str, Any]] = []
    while participant.windows and second >= participant.windows[0].end + PROOF_SECONDS:
        out.append(_report(room, participant, participant.windows.pop(0)))
    return out


def last_reports(room: "Room", participant: "Participant", second: int) -> list[dict[str, Any]]:
    """All that is left when a participant leaves."""
    close_window(participant, second)
    windows, participant.windows = participant.windows, []
    return [_report(room, participant, window) for window in windows]


def _report(room: "Room", participant: "Participant", window: Window) -> dict[str, Any]:
    """One report; its intervals are half-open ranges of unix seconds."""
    return {
        "event": "media_report",
        "id": identifier("MR_"),
        "createdAt": str(int(time.time())),
        "room": {"sid": room.sid, "name": room.name},
        "participant": {"sid": participant.sid, "identity": participant.identity},
        "mediaReport": {
            "source": "sfu",
            "from": window.start,
            "to": window.end,
            "tracks": window.tracks,
            "received": _received(participant, window.start, window.end),
        },
    }


def _track(track: Track, start: int, end: int) -> dict[str, Any]:
    up = track.up
    assert up is not None
    totals = up.totals()
    packets, octets, lost = (a - b for a, b in zip(totals, track.reported, strict=True))
    track.reported = totals
    if track.muted_since is not None:
        track.muted.fill(track.muted_since, end)
        track.muted_since = max(track.muted_since, end)
    live = up.live_layers(time.monotonic())
    layer = QUALITIES[min(live[-1].index, 2)] if live and len(up.rids) > 1 else None
    jitter = max((item.jitter / item.clock for item in live), default=0.0)
    return {
        "sid": track.sid,
        "kind": "video" if track.video else "audio",
        "source": models.TrackSource.Name(track.info.source),
        "packets": packets,
        "bytes": octets,
        "media": up.media.take(start, end),
        "speech": up.speech.take(start, end),
        "muted": track.muted.take(start, end),
        "lost": max(0, lost),
        "jitterMs": round(jitter * 1000, 2),
        "layer": layer,
    }


def _received(participant: "Participant", start: int, end: int) -> dict[str, Any]:
    """What the participant's own receiver reports prove. The counters are those reported since the
    last window was sent."""
    sender = participant.subscribing.sender
    packets, octets, lost = sender.take_counts()
    return {
        "packets": packets,
        "bytes": octets,
        "seconds": sender.received.take(start, end),
        "lost": lost,
        "rttMs": round(sender.rtt * 1000, 2),
    }
