"""What media really arrived: the reports that make a minute creditable."""

import json
import time
from typing import TYPE_CHECKING, Any

from livekit.protocol import models

from signaling.forward.intervals import Seconds
from signaling.tracks import QUALITIES, Track

if TYPE_CHECKING:
    from signaling.participant import Participant
    from signaling.room import Room


# Receiver reports of a listener that gets audio only come every 5 s: a window waits so long for the
# proof of its last seconds before it is sent.
PROOF_SECONDS = 6
# The participant's attribute by which its page says that it is hidden.
AWAY = "away"

Body = dict[str, Any]


class Window:
    """A finished window of one participant: tracks are final, proof of reception may still come."""

    __slots__ = ("away", "end", "start", "tracks")

    def __init__(self, start: int, end: int, tracks: list[Body], away: list[list[int]]) -> None:
        self.start, self.end, self.tracks, self.away = start, end, tracks, away


def close_window(participant: "Participant", end: int) -> None:
    """Finish [reported_until, end) and begin the next one there. Nothing if it would be empty."""
    start = participant.reported_until
    if start <= 0 or end <= start:
        return
    tracks = [*participant.ended, *participant.publishing.live_tracks()]
    found = [_track(track, start, end, final=True) for track in tracks]
    participant.ended.clear()
    participant.windows.append(Window(start, end, found, participant.away.take(start, end)))
    participant.reported_until = end


def due_reports(room: "Room", participant: "Participant", second: int, every: int) -> list[Body]:
    """Reports to send now, oldest first. Called about once a second."""
    if second - participant.reported_until >= every:
        close_window(participant, second)
    out: list[Body] = []
    while participant.windows and second >= participant.windows[0].end + PROOF_SECONDS:
        out.append(_report(room, participant, participant.windows.pop(0), second))
    return out


def last_reports(room: "Room", participant: "Participant", second: int) -> list[Body]:
    """All that is left when a participant leaves."""
    close_window(participant, second)
    windows, participant.windows = participant.windows, []
    return [_report(room, participant, window, second) for window in windows]


def open_row(room: "Room", participant: "Participant", second: int) -> bytes:
    """One line of the journal: all that was not sent yet, as it is now. Changes nothing."""
    bodies = [_body(participant, window, final=False) for window in participant.windows]
    start = participant.reported_until
    if second > start:
        tracks = [*participant.ended, *participant.publishing.live_tracks()]
        found = [_track(track, start, second, final=False) for track in tracks]
        window = Window(start, second, found, participant.away.peek(start, second))
        bodies.append(_body(participant, window, final=False))
    row = {
        "room": [room.sid, room.name],
        "who": [participant.sid, participant.identity, participant.grants.name],
        "joined": int(participant.joined),
        "until": max(start, second),
        "reports": bodies,
    }
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()


def _report(room: "Room", participant: "Participant", window: Window, second: int) -> Body:
    body = _body(participant, window, final=True)
    who = {"sid": participant.sid, "identity": participant.identity}
    return report({"sid": room.sid, "name": room.name}, who, body, second)


def report(room: Body, who: Body, body: Body, second: int) -> Body:
    """One report as an event of this second. Its id follows from whose window it is: the same window told
    twice, before and after a crash, is one report."""
    return {
        "event": "media_report",
        "id": f"MR_{who['sid'].removeprefix('PA_')}_{body['from']}",
        "createdAt": str(second),
        "room": room,
        "participant": who,
        "mediaReport": body,
    }


def _body(participant: "Participant", window: Window, *, final: bool) -> Body:
    """What one window proves; its intervals are half-open ranges of unix seconds."""
    return {
        "source": "sfu",
        "from": window.start,
        "to": window.end,
        "tracks": window.tracks,
        "away": window.away,
        "received": _received(participant, window.start, window.end, final=final),
    }


def _track(track: Track, start: int, end: int, *, final: bool) -> Body:
    up = track.up
    assert up is not None
    look = Seconds.take if final else Seconds.peek
    totals = up.totals()
    packets, octets, lost = (a - b for a, b in zip(totals, track.reported, strict=True))
    if final:
        track.reported = totals
    live = up.live_layers(time.monotonic())
    layer = QUALITIES[min(live[-1].index, 2)] if live and len(up.rids) > 1 else None
    jitter = max((item.jitter / item.clock for item in live), default=0.0)
    return {
        "sid": track.sid,
        "kind": "video" if track.video else "audio",
        "source": models.TrackSource.Name(track.info.source),
        "packets": packets,
        "bytes": octets,
        "media": look(up.media, start, end),
        "speech": look(up.speech, start, end),
        "muted": _muted(track, start, end, final=final),
        "lost": max(0, lost),
        "jitterMs": round(jitter * 1000, 2),
        "layer": layer,
    }


def _muted(track: Track, start: int, end: int, *, final: bool) -> list[list[int]]:
    since = track.muted_since
    if final:
        if since is not None:
            track.muted.fill(since, end)
            track.muted_since = max(since, end)
        return track.muted.take(start, end)
    found = track.muted.peek(start, end)
    if since is not None and since < end:
        found.append([max(since, start), end])
    return found


def _received(participant: "Participant", start: int, end: int, *, final: bool) -> Body:
    """What the participant's own receiver reports prove. The counters are those reported since the
    last window was sent."""
    sender = participant.subscribing.sender
    look = Seconds.take if final else Seconds.peek
    counts = (sender.received_packets, sender.received_octets, sender.lost)
    packets, octets, lost = sender.take_counts() if final else counts
    return {
        "packets": packets,
        "bytes": octets,
        "seconds": look(sender.received, start, end),
        "lost": lost,
        "rttMs": round(sender.rtt * 1000, 2),
    }
