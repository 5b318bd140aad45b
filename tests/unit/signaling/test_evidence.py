"""Evidence of one participant that cannot be written costs nobody else anything."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest
from livekit.protocol import models, rtc

from signaling.journal import Journal
from signaling.room import Room

from .rooms import Link, enter, publish


@pytest.fixture
def posted(room: Room, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The events of the room's server from here on."""
    found: list[dict[str, Any]] = []
    monkeypatch.setattr(room.server.events.webhooks, "post", found.append)
    return found


def two(room: Room) -> tuple[Link, Link]:
    """Two that send sound; what the first one sends cannot be reported."""
    bad, good = enter(room, "bad"), enter(room, "good")
    for link in (bad, good):
        (sid,) = publish(link, "audio")
        link.participant.connected()
        link.participant.reported_until -= 60
        if link is bad:
            track = link.participant.publishing.find(sid)
            assert track is not None
            track.info.source = 99  # type: ignore[assignment]
    return bad, good


def told(posted: list[dict[str, Any]], event: str) -> list[str]:
    return [e["participant"]["identity"] for e in posted if e["event"] == event]


async def test_a_source_that_is_unknown_is_no_source(room: Room) -> None:
    link = enter(room, "one")
    wish = rtc.AddTrackRequest(cid="c", source=99)  # type: ignore[arg-type]
    link.ask(add_track=wish)
    assert link.last("track_published").track.source == models.TrackSource.UNKNOWN


async def test_the_reports_of_others_are_sent(room: Room, posted: list[dict[str, Any]]) -> None:
    two(room)
    room.server.events.report(room)
    for participant in room.participants.values():
        for window in participant.windows:
            window.end -= 60
    room.server.events.report(room)
    assert told(posted, "media_report") == ["good"]


async def test_who_cannot_be_reported_can_be_put_out(
    room: Room, posted: list[dict[str, Any]]
) -> None:
    bad, good = two(room)
    for link in (bad, good):
        room.remove(link.participant, models.DisconnectReason.PARTICIPANT_REMOVED)
    assert not room.participants
    assert told(posted, "participant_left") == ["bad", "good"]
    assert told(posted, "media_report") == ["good"]


async def test_the_journal_is_kept_of_others(room: Room, tmp_path: Path) -> None:
    two(room)
    events = room.server.events
    events.journal, events.webhooks.url = Journal(tmp_path), "http://127.0.0.1:9/"
    events.webhooks.spool.start()
    await events.start(room.server.rooms)
    rows: list[dict[str, Any]] = []
    async with asyncio.timeout(10):
        while not rows:
            await asyncio.sleep(0.05)
            rows = [json.loads(line) for line in events.journal.read().splitlines()]
    assert [row["who"][1] for row in rows if "who" in row] == ["good"]
    assert rows[-1]["until"] <= time.time()
    await events.stop()
    await events.webhooks.spool.stop()
