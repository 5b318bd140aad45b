"""From what the recorder left (manifests and time lines) to one time axis: what was to be heard and seen when. Pure.

All times are milliseconds since the first segment began.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SHOWN_MS = 4000  # how long a picture may stand still before its place is given up
MAX_MS = 12 * 3600 * 1000


class NothingRecorded(ValueError):
    """The recorder received nothing that can be played."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file. `offset`: where the zero of its segment lies. `start` and `end` bound what it holds."""

    path: str  # below the recording's folder
    key: str
    identity: str
    video: bool
    screen: bool
    offset: int
    start: int
    end: int


@dataclass(slots=True)
class Switch:
    """Something that is on or off over time."""

    times: list[int] = field(default_factory=list)
    states: list[bool] = field(default_factory=list)

    def set(self, at: int, on: bool) -> None:
        self.times.append(at)
        self.states.append(on)

    def on(self, at: int) -> bool:
        index = bisect_right(self.times, at)
        return index > 0 and self.states[index - 1]


@dataclass(frozen=True, slots=True)
class Plan:
    sources: tuple[Source, ...]
    length: int
    muted: Mapping[str, Switch]  # by the key of a track
    speaking: Mapping[str, Switch]  # by identity


def key_of(segment: str, sid: str) -> str:
    return f"{segment}/{sid}"


def _listen(
    events: Iterable[Mapping[str, Any]],
    segment: str,
    offset: int,
    muted: dict[str, Switch],
    speaking: dict[str, Switch],
) -> None:
    for event in events:
        at, name = offset + int(event.get("at", 0)), event.get("event")
        if name in ("muted", "unmuted"):
            key = key_of(segment, str(event["sid"]))
            muted.setdefault(key, Switch()).set(at, name == "muted")
        elif name == "segment":  # the recorder before may have died while somebody spoke
            for switch in speaking.values():
                switch.set(at, False)
        elif name in ("speaking", "silent", "left"):
            speaking.setdefault(str(event["identity"]), Switch()).set(at, name == "speaking")


def make(
    manifests: Sequence[Mapping[str, Any]], timelines: Sequence[Sequence[Mapping[str, Any]]]
) -> Plan:
    """The plan of a recording. Raises `NothingRecorded`, and `KeyError` for what is no manifest."""
    usable = [m for m in manifests if m["tracks"]]
    if not usable:
        raise NothingRecorded("no track holds a frame")
    zero = min(int(m["started_ms"]) for m in usable)
    sources: list[Source] = []
    muted: dict[str, Switch] = {}
    speaking: dict[str, Switch] = {}
    for manifest, events in zip(manifests, timelines, strict=True):
        if not manifest["tracks"]:
            continue
        offset = int(manifest["started_ms"]) - zero
        _listen(events, str(manifest["name"]), offset, muted, speaking)
        for track in manifest["tracks"]:
            sources.append(
                Source(
                    path=f"{manifest['name']}/{track['file']}",
                    key=key_of(manifest["name"], track["sid"]),
                    identity=track["identity"],
                    video=track["kind"] == "video",
                    screen=track["source"] == "SCREEN_SHARE",
                    offset=offset,
                    start=offset + int(track["from"]),
                    end=offset + int(track["to"]),
                )
            )
    length = max(source.end for source in sources)
    if length > MAX_MS:
        raise NothingRecorded("the recording is longer than half a day")
    return Plan(tuple(sources), length, muted, speaking)
