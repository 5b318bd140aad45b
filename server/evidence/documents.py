"""Reading the documents behind an entry: what the media reports add up to. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.evidence.rules import merge

MAX_DOCUMENT = 8 * 1024 * 1024
"""Larger documents are offered for download and not summed up."""

SUMMED_TYPES = frozenset({"application/json", "application/x-ndjson"})
"""Media types that may hold media reports."""

SAFE_TYPES = SUMMED_TYPES | {"application/pdf", "text/plain", "text/csv"}
"""Media types under which a document may leave; everything else leaves as octets."""


RECEIVED, AWAY = "received", "away"
# What a person mutes or turns off; a paused screen, or the sound of one, silences nobody.
_OWN = ("CAMERA", "MICROPHONE")


@dataclass(frozen=True, slots=True)
class TrackSummary:
    """What arrived of one person's tracks of one kind. Seconds are merged, never counted twice."""

    identity: str  # staff id; a second device (`id#2`) counts with the first
    # audio | video, sent by the person; received, what reached the person; away, while the page was hidden
    kind: str
    source: str  # sfu | witness: which of the two reported
    reports: int
    packets: int
    bytes: int
    lost: int
    seconds: int
    speech_seconds: int
    muted_seconds: int
    media: tuple[tuple[int, int], ...] = ()  # merged, half-open unix seconds, as the next two
    speech: tuple[tuple[int, int], ...] = ()
    muted: tuple[tuple[int, int], ...] = ()


def _values(data: bytes) -> list[Any]:
    """The JSON value of a document, or those of its lines."""
    values = []
    for text in (data, *data.splitlines()):
        try:
            values.append(json.loads(text))
        except (ValueError, RecursionError):
            continue
        if text is data:
            break
    return values


def _reports(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every `media_report` event in a document: alone, in a list, or under `reports`/`media`."""
    if isinstance(value, list):
        for item in value:
            yield from _reports(item)
    elif isinstance(value, Mapping):
        if isinstance(value.get("mediaReport"), Mapping):
            yield value
        for key in ("reports", "media_reports", "media"):
            if isinstance(value.get(key), list):
                yield from _reports(value[key])


def _number(value: Any) -> int:
    if isinstance(value, str) and value.isdigit() and len(value) < 18:
        return int(value)  # protobuf's JSON writes 64-bit numbers as strings
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _intervals(value: Any) -> list[tuple[int, int]]:
    if not isinstance(value, list):
        return []
    return [
        (int(pair[0]), int(pair[1]))
        for pair in value
        if isinstance(pair, list | tuple)
        and len(pair) == 2
        and all(isinstance(end, int | float) for end in pair)
    ]


@dataclass(slots=True)
class _Sum:
    source: str
    reports: int
    packets: int
    bytes: int
    lost: int
    media: list[tuple[int, int]]
    speech: list[tuple[int, int]]
    muted: list[tuple[int, int]]


def _tracks(report: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Identity, source and each stream of a report; what a listener received counts as one more, and so
    does time away from the page."""
    body = report["mediaReport"]
    participant = report.get("participant")
    identity = participant.get("identity") if isinstance(participant, Mapping) else None
    if not isinstance(identity, str):
        return
    name = identity.partition("#")[0]
    source = body.get("source")
    shown = source if isinstance(source, str) else ""
    tracks = body.get("tracks")
    for track in tracks if isinstance(tracks, list) else []:
        if isinstance(track, Mapping) and track.get("kind") in ("audio", "video"):
            yield name, shown, track
    received = body.get("received")
    if isinstance(received, Mapping) and received.get("seconds"):
        yield name, shown, {**received, "kind": RECEIVED, "media": received["seconds"]}
    if body.get("away"):
        yield name, shown, {"kind": AWAY, "media": body["away"]}


def _length(intervals: Sequence[tuple[int, int]]) -> int:
    return sum(end - start for start, end in merge(intervals))


def summarise(documents: Sequence[bytes]) -> list[TrackSummary]:
    """What all media reports of an entry's documents add up to, by person and kind of track.

    Documents that are no JSON, or hold no media report, add nothing; no input raises.
    """
    sums: dict[tuple[str, str], _Sum] = {}
    for data in documents:
        for report in _reports(_values(data)):
            for identity, source, track in _tracks(report):
                key = (identity, str(track["kind"]))
                total = sums.setdefault(key, _Sum(source, 0, 0, 0, 0, [], [], []))
                total.reports += 1
                total.packets += _number(track.get("packets"))
                total.bytes += _number(track.get("bytes"))
                total.lost += _number(track.get("lost"))
                total.media += _intervals(track.get("media"))
                total.speech += _intervals(track.get("speech"))
                if track.get("source") in _OWN:
                    total.muted += _intervals(track.get("muted"))
    return [_summary(key, total) for key, total in sorted(sums.items())]


def _summary(key: tuple[str, str], total: _Sum) -> TrackSummary:
    return TrackSummary(
        identity=key[0],
        kind=key[1],
        source=total.source,
        reports=total.reports,
        packets=total.packets,
        bytes=total.bytes,
        lost=total.lost,
        seconds=_length(total.media),
        speech_seconds=_length(total.speech),
        muted_seconds=_length(total.muted),
        media=merge(total.media),
        speech=merge(total.speech),
        muted=merge(total.muted),
    )
