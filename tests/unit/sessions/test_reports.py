"""The guarded entry for the media server's events."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sessions.reports import (
    LONGEST_REPORT,
    MAX_RANGES,
    Event,
    EventKind,
    MalformedEvent,
    read_event,
    read_report,
)

STAFF = "stf_" + "0" * 26
REPORT: dict[str, Any] = {
    "event": "media_report",
    "id": "MR_1",
    "createdAt": "1795395610",
    "room": {"sid": "RM_1", "name": "con_x"},
    "participant": {"sid": "PA_1", "identity": STAFF},
    "mediaReport": {
        "source": "sfu",
        "from": 100,
        "to": 110,
        "tracks": [
            {"sid": "TR_1", "kind": "audio", "media": [[100, 105]], "speech": [[101, 103]]},
            {"sid": "TR_2", "kind": "video", "media": [[104, 108]]},
        ],
        "received": {"seconds": [[90, 104], [106, 200]]},
    },
}


def _with(path: str, value: Any) -> dict[str, Any]:
    document = copy.deepcopy(REPORT)
    target: Any = document
    *folders, last = path.split(".")
    for folder in folders:
        target = target[int(folder)] if isinstance(target, list) else target[folder]
    target[last] = value
    return document


def test_tracks_are_merged_and_what_lies_outside_is_cut_off() -> None:
    report = read_report(REPORT)
    assert report.sent == ((100, 108),)
    assert report.speech == ((101, 103),)
    assert report.received == ((100, 104), (106, 110))
    assert json.loads(report.document) == REPORT


def test_the_digest_is_of_the_meaning_not_of_the_spelling() -> None:
    shuffled = json.loads(json.dumps(dict(reversed(list(REPORT.items()))), indent=2))
    assert read_report(shuffled).sha256 == read_report(REPORT).sha256
    assert read_report(_with("mediaReport.to", 111)).sha256 != read_report(REPORT).sha256


def test_the_second_device_is_the_same_person() -> None:
    event = read_event(_with("participant.identity", STAFF + "#2"))
    assert isinstance(event, Event)
    assert (event.staff_id, event.identity) == (STAFF, STAFF + "#2")
    assert event.kind is EventKind.REPORT


@pytest.mark.parametrize(
    "identity", ["EG_recorder", "stf_short", STAFF + "#1", STAFF + "#100", STAFF + "x"]
)
def test_helpers_of_a_cluster_are_none_of_our_people(identity: str) -> None:
    assert read_event(_with("participant.identity", identity)) is None


@pytest.mark.parametrize("kind", ["track_published", "egress_started", "room_started"])
def test_events_without_use_are_ignored(kind: str) -> None:
    assert read_event(_with("event", kind)) is None


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"event": "media_report"},
        _with("id", ""),
        _with("id", 7),
        _with("id", "x" * 81),
        _with("event", ["media_report"]),
        _with("room", "con_x"),
        _with("room.name", 5),
        _with("participant", []),
        _with("participant.sid", ""),
        _with("participant.identity", None),
    ],
)
def test_malformed_events_are_refused(document: dict[str, Any]) -> None:
    with pytest.raises(MalformedEvent):
        read_event(document)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("mediaReport", None),
        ("mediaReport", []),
        ("mediaReport.source", "SFU!"),
        ("mediaReport.from", "later"),
        ("mediaReport.from", 110),
        ("mediaReport.from", -1),
        ("mediaReport.to", 10**13),
        ("mediaReport.to", 100 + LONGEST_REPORT + 1),
        ("mediaReport.to", float("nan")),
        ("mediaReport.tracks", {"0": {}}),
        ("mediaReport.tracks", [{}] * 65),
        ("mediaReport.tracks.0.media", [[1, 2, 3]]),
        ("mediaReport.tracks.0.media", [["a", "b"]]),
        ("mediaReport.received.seconds", [[0.5, 2]]),
        ("mediaReport.received.seconds", [[0, 1]] * (MAX_RANGES + 1)),
        ("mediaReport.extra", float("inf")),
    ],
)
def test_malformed_reports_are_refused(path: str, value: Any) -> None:
    with pytest.raises(MalformedEvent):
        read_report(_with(path, value))


@pytest.mark.parametrize(
    ("given_at", "second"),
    [("1795395610", 1795395610), (1795395610, 1795395610), ("2026-11-23T01:00:10Z", 1795395610)],
)
def test_the_time_of_an_event_comes_in_three_spellings(given_at: object, second: int) -> None:
    event = read_event(_with("createdAt", given_at))
    assert event is not None
    assert event.at is not None
    assert event.at.timestamp() == second


@pytest.mark.parametrize(
    "given_at", ["", "0", -5, True, "9" * 30, "soon", {}, "2026-11-23T01:00:10"]
)
def test_an_absurd_time_is_no_time(given_at: object) -> None:
    event = read_event(_with("createdAt", given_at))
    assert event is not None
    assert event.at is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
PATHS = [
    *REPORT,
    "room.name",
    "participant.sid",
    "participant.identity",
    *(f"mediaReport.{name}" for name in REPORT["mediaReport"]),
    "mediaReport.tracks.0.media",
    "mediaReport.received.seconds",
]


@given(st.sampled_from(PATHS), JSON)
def test_whatever_comes_is_read_or_refused(path: str, value: Any) -> None:
    document = _with(path, value)
    try:
        if read_event(document) is not None:
            report = read_report(document)
            assert all(report.start <= s < e <= report.end for s, e in report.sent)
    except MalformedEvent:
        pass
