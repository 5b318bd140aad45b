"""The media server's events as typed values: guarded, bounded, pure.

The events are LiveKit's webhooks (livekit/protocol, livekit_webhook.proto, as protojson); `media_report` is this
product's extension of them: what media really arrived from, and went to, one participant in some ten seconds.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from server.sessions.intervals import Intervals, clip, merge, subtract

LAST_SECOND = 4_102_444_800  # the year 2100: far enough, and it fits every database's integer
# Reports span some ten seconds, but a machine that was asleep tells of its night in one.
LONGEST_REPORT = 7 * 24 * 3600
MAX_RANGES = 20_000
WITNESS = "witness"  # the source of reports from beside a cluster
_IDENTITY = re.compile(r"(stf_[0-9a-z]{26})(?:#[2-9][0-9]?)?")
# DisconnectReason and RoomEndReason of livekit_models.proto: the server went, not the person.
_CUT = ("SERVER_SHUTDOWN", "ROOM_END_SERVER_SHUTDOWN", "MIGRATION")
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,80}")


class MalformedEvent(ValueError):
    """A signed event that does not look like one; the text names the field, never its value."""


class EventKind(StrEnum):
    """The events that change something here; all others are ignored."""

    ABORTED = "participant_connection_aborted"
    JOINED = "participant_joined"
    LEFT = "participant_left"
    REPORT = "media_report"
    ROOM_FINISHED = "room_finished"


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `identity`, `staff_id` and `participant_sid` are empty for events about a room."""

    id: str
    kind: EventKind
    room: str
    at: datetime | None
    identity: str
    staff_id: str
    participant_sid: str
    room_sid: str
    cut: bool = (
        False  # ended by the media server (killed, restarted), not by the person or its line
    )


Second = Annotated[int, Field(ge=0, le=LAST_SECOND)]
Range = tuple[Second, Second]
Ranges = Annotated[list[Range], Field(max_length=MAX_RANGES)]


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Track(_Lenient):
    source: Annotated[str, Field(max_length=40)] = ""  # TrackSource of livekit_models.proto
    media: Ranges = []
    speech: Ranges = []
    muted: Ranges = []


class _Received(_Lenient):
    seconds: Ranges = []


class _Body(_Lenient):
    source: Annotated[str, Field(pattern=r"^[a-z]{1,16}$")]
    start: Annotated[Second, Field(alias="from")]
    end: Annotated[Second, Field(alias="to")]
    tracks: Annotated[list[_Track], Field(max_length=64)] = []
    # null: the witness beside a cluster cannot know what reached a participant. Nothing is credited from it.
    received: _Received | None = _Received()
    away: Ranges = []


@dataclass(frozen=True, slots=True)
class Report:
    """What one report proves, in whole unix seconds inside [start, end)."""

    source: str
    start: int
    end: int
    sent: Intervals
    received: Intervals
    speech: Intervals
    away: Intervals  # the page was hidden
    muted: Intervals  # a microphone was muted; a camera that is off is not
    document: str  # canonical JSON of the event
    sha256: str

    def without(self, seconds: Intervals) -> Report:
        """The same report, less what was sent or received in some seconds."""
        return replace(
            self,
            sent=subtract(self.sent, seconds),
            received=subtract(self.received, seconds),
            speech=subtract(self.speech, seconds),
        )


def _part(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = document.get(name, {})
    if not isinstance(value, dict):
        raise MalformedEvent(name)
    return value


def _text(document: Mapping[str, Any], name: str, limit: int = 128) -> str:
    value = document.get(name, "")
    if not isinstance(value, str) or len(value) > limit:
        raise MalformedEvent(name)
    return value


def _moment(value: Any) -> datetime | None:
    """`createdAt`: unix seconds, as protojson's string or as a number; or an RFC 3339 text."""
    if isinstance(value, str) and not value.isdigit():
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
        return moment.astimezone(UTC) if moment.tzinfo else None
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    second = int(value) if len(str(value)) < 12 else -1
    return datetime.fromtimestamp(second, UTC) if 0 < second <= LAST_SECOND else None


def read_event(document: Mapping[str, Any]) -> Event | None:
    """The event, or None for one that this product has no use for. Raises `MalformedEvent`."""
    name, event_id = _text(document, "event"), _text(document, "id")
    if not name or not _ID.fullmatch(event_id):
        raise MalformedEvent("id")
    room = _text(_part(document, "room"), "name")
    room_sid = _text(_part(document, "room"), "sid", 48)
    if name not in set(EventKind) or not room:
        return None
    kind = EventKind(name)
    participant = _part(document, "participant")
    identity, sid = _text(participant, "identity"), _text(participant, "sid", 48)
    at = _moment(document.get("createdAt"))
    if kind is EventKind.ROOM_FINISHED:
        cut = document.get("roomEndReason") in _CUT
        return Event(event_id, kind, room, at, "", "", "", room_sid, cut)
    if not identity or not sid:
        raise MalformedEvent("participant")
    match = _IDENTITY.fullmatch(identity)
    if match is None:  # a hidden helper of a cluster, such as a recorder
        return None
    cut = participant.get("disconnectReason") in _CUT
    return Event(event_id, kind, room, at, identity, match.group(1), sid, room_sid, cut)


def canonical(document: Mapping[str, Any]) -> bytes:
    """The bytes that stand for a report in the evidence. Raises `ValueError` for NaN and infinities."""
    return json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def read_report(document: Mapping[str, Any]) -> Report:
    """The report of a `media_report` event. Raises `MalformedEvent`.

    Seconds outside of the report's own range are cut off, so that one report cannot claim another's time.
    """
    try:
        body = _Body.model_validate(document.get("mediaReport"))
        data = canonical(document)
    except (ValidationError, ValueError):
        raise MalformedEvent("mediaReport") from None
    start, end = body.start, body.end
    microphones = [track for track in body.tracks if track.source == "MICROPHONE"]
    if not 0 < end - start <= LONGEST_REPORT:
        raise MalformedEvent("mediaReport.to")
    return Report(
        source=body.source,
        start=start,
        end=end,
        sent=clip(merge(*(track.media for track in body.tracks)), start, end),
        received=clip(body.received.seconds if body.received else [], start, end),
        speech=clip(merge(*(track.speech for track in body.tracks)), start, end),
        away=clip(body.away, start, end),
        muted=clip(merge(*(track.muted for track in microphones)), start, end),
        document=data.decode(),
        sha256=hashlib.sha256(data).hexdigest(),
    )
