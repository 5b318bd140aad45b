"""The life of a recording over every state and event; layouts; the one time axis."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from server.recordings.layout import HEIGHT, WIDTH, Box, Tile, arrange, fit
from server.recordings.plan import NothingRecorded, make
from server.recordings.rules import (
    ACTIVE,
    TRANSITIONS,
    RecordingAction,
    RecordingEvent,
    RecordingState,
    actions,
    keep_until,
    next_state,
)


@pytest.mark.parametrize("state", RecordingState)
@pytest.mark.parametrize("event", RecordingEvent)
def test_every_state_and_event(state: RecordingState, event: RecordingEvent) -> None:
    assert next_state(state, event) is TRANSITIONS.get((state, event))


def test_what_is_deleted_stays_deleted_and_what_is_active_can_end() -> None:
    assert not [pair for pair in TRANSITIONS if pair[0] is RecordingState.DELETED]
    for state in ACTIVE:
        assert [target for (source, _), target in TRANSITIONS.items() if source is state]


def test_nobody_starts_without_consent_or_stops_without_being_host() -> None:
    everything = {"host": True, "consents": True, "live": True, "consent": True, "running": False}
    assert RecordingAction.START in actions(**everything)
    for name in ("host", "live", "consent"):
        assert RecordingAction.START not in actions(**{**everything, name: False})
    running = {**everything, "running": True}
    assert RecordingAction.STOP in actions(**running)
    assert RecordingAction.STOP not in actions(**{**running, "host": False})
    assert actions(host=False, consents=False, live=True, consent=True, running=True) == []


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ((2026, 11, 25), 36, (2029, 11, 25)),
        ((2024, 2, 29), 36, (2027, 2, 28)),
        ((2026, 12, 31), 2, (2027, 2, 28)),
        ((2026, 1, 31), 11, (2026, 12, 31)),
    ],
)
def test_the_time_of_keeping_is_counted_in_calendar_months(
    start: tuple[int, int, int], months: int, end: tuple[int, int, int]
) -> None:
    moment = datetime(*start, 8, 30, tzinfo=UTC)
    assert keep_until(moment, months) == datetime(*end, 8, 30, tzinfo=UTC)


def _inside(box: Box) -> bool:
    even = not (box.x | box.y | box.width | box.height) & 1
    fits = box.x + box.width <= WIDTH and box.y + box.height <= HEIGHT
    return even and fits and box.width > 0 and box.height > 0


@pytest.mark.parametrize("count", range(12))
@pytest.mark.parametrize("screen", [False, True])
@pytest.mark.parametrize("speaking", [False, True])
def test_tiles_lie_on_the_canvas_and_never_on_each_other(
    count: int, screen: bool, speaking: bool
) -> None:
    tiles = [Tile(str(n), f"stf_{n}", screen and n == 3, speaking and n == 1) for n in range(count)]
    boxes = list(arrange(tiles).values())
    assert len(boxes) == min(count, 9)
    assert all(_inside(box) for box in boxes)
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            apart = (
                one.x + one.width <= other.x
                or other.x + other.width <= one.x
                or one.y + one.height <= other.y
                or other.y + other.height <= one.y
            )
            assert apart


def test_a_screen_is_large_before_whoever_speaks() -> None:
    tiles = [Tile("a", "a", False, True), Tile("b", "b", False, False), Tile("s", "a", True, False)]
    assert max(arrange(tiles).items(), key=lambda item: item[1].width)[0] == "s"
    assert max(arrange([*tiles[:2], Tile("c", "c", False, False)]).items(),
               key=lambda item: item[1].width)[0] == "a"  # fmt: skip


def test_a_picture_keeps_its_proportions() -> None:
    assert fit(Box(0, 0, 640, 360), 320, 240) == Box(80, 0, 480, 360)
    assert fit(Box(0, 0, 640, 360), 1, 5000).width == 2


def manifest(name: str, start: int, **more: Any) -> dict[str, Any]:
    track = {
        "file": "t.webm", "sid": "TR_1", "identity": "stf_a", "kind": "video",
        "source": "CAMERA", "from": 100, "to": 5000,
    }  # fmt: skip
    return {"name": name, "started_ms": start, "tracks": [{**track, **more}]}


def test_segments_are_put_on_one_axis_with_the_time_between_them() -> None:
    events = [
        {"at": 1000, "event": "speaking", "identity": "stf_a"},
        {"at": 2000, "event": "silent", "identity": "stf_a"},
        {"at": 3000, "event": "muted", "sid": "TR_1"},
    ]
    found = make(
        [manifest("s1", 10_000), manifest("s2", 20_000, source="SCREEN_SHARE")], [events, []]
    )
    first, second = found.sources
    assert (first.start, first.end, second.start, second.end) == (100, 5000, 10_100, 15_000)
    assert (first.screen, second.screen, found.length) == (False, True, 15_000)
    speaking = found.speaking["stf_a"]
    assert [speaking.on(at) for at in (999, 1000, 1999, 2000)] == [False, True, True, False]
    assert found.muted["s1/TR_1"].on(4000)
    assert "s2/TR_1" not in found.muted


def test_who_leaves_or_whose_segment_ends_speaks_no_more() -> None:
    first = [
        {"at": 0, "event": "segment"},
        {"at": 1000, "event": "speaking", "identity": "stf_a"},
        {"at": 2000, "event": "left", "identity": "stf_a"},
        {"at": 3000, "event": "speaking", "identity": "stf_b"},
    ]
    found = make(
        [manifest("s1", 10_000), manifest("s2", 20_000)], [first, [{"at": 0, "event": "segment"}]]
    )
    a, b = found.speaking["stf_a"], found.speaking["stf_b"]
    assert [a.on(at) for at in (1000, 1999, 2000)] == [True, True, False]
    assert [b.on(at) for at in (3000, 9999, 10_000)] == [True, True, False]


def test_what_holds_no_track_is_no_film() -> None:
    with pytest.raises(NothingRecorded):
        make([{"name": "s1", "started_ms": 0, "tracks": []}], [[]])
