"""What the recorder's time line says of who speaks, and what it does on a full disk."""

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from livekit.protocol import models

from signaling.client.room import State
from signaling.recording.__main__ import FULL, record
from signaling.recording.recorder import Recorder
from signaling.recording.segment import TIMELINE, Segment, read_timeline

THERE = models.ParticipantInfo.State.ACTIVE
GONE = models.ParticipantInfo.State.DISCONNECTED


class Room:
    """A recorder, and what the server tells it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "segment-0001"
        self._segment = Segment(self._folder)
        self.recorder = Recorder(self._segment, "room")
        self.recorder.on_state(State.CONNECTED)

    def is_(self, sid: str, state: Any = THERE) -> None:
        info = models.ParticipantInfo(sid=sid, identity="stf_a", state=state)
        self.recorder.on_participants([info])

    def speaks(self, sid: str, *, active: bool = True) -> None:
        self.recorder.on_speakers([models.SpeakerInfo(sid=sid, active=active, level=0.5)])

    def told(self) -> list[str]:
        """The events of the whole recording."""
        self.recorder.end()
        self._segment.close()
        return [str(event["event"]) for event in read_timeline(self._folder / TIMELINE)]


def test_who_leaves_in_the_middle_of_a_sentence_is_silent(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.is_("PA_1")
    room.speaks("PA_1")
    room.is_("PA_1", GONE)
    room.speaks("PA_1", active=False)  # the server tells this later
    room.is_("PA_2")
    told = room.told()
    assert told == ["segment", "connected", "joined", "speaking", "silent", "left", "joined", "end"]


def test_who_spoke_when_the_line_was_lost_speaks_when_told_anew(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.is_("PA_1")
    room.speaks("PA_1")
    for back in (State.RESUMED, State.CONNECTED):
        room.recorder.on_state(State.LOST)
        room.recorder.on_state(back)
        room.is_("PA_1")
        room.speaks("PA_1")
    assert [event for event in room.told() if event in ("speaking", "silent")] == [
        "speaking", "silent", "speaking", "silent", "speaking",
    ]  # fmt: skip


async def test_on_a_full_disk_the_room_is_not_even_entered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1 << 20))
    assert await record("ws://127.0.0.1:9", "room", tmp_path, "token") == FULL
    assert list(tmp_path.iterdir()) == []
