"""What the recorder writes: real sound and pictures, decoded again; cut short and taken up again."""

import asyncio
import hashlib
import itertools
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import pytest_asyncio
from livekit import api

from signaling.client.room import Participant
from signaling.recording.__main__ import FULL
from signaling.transport.dtls import Identity

from .conftest import ROOT, MediaProcess, eventually, token
from .livekit import installed, launch_livekit
from .sources import LOOP, STEP, Speaker

pytestmark = pytest.mark.media
IDENTITY = Identity()
HERTZ, SHADE = 450, 60


@pytest.fixture(params=["ours", "livekit"])
def server(
    request: pytest.FixtureRequest, start: Callable[..., MediaProcess]
) -> Iterator[MediaProcess]:
    if request.param == "ours":
        yield start()
    elif not installed():
        pytest.skip("no LiveKit server is installed (LIVEKIT_SERVER)")
    else:
        found = launch_livekit()
        yield found
        found.stop(signal.SIGKILL)


@pytest_asyncio.fixture
async def speaker(server: MediaProcess) -> AsyncIterator[Speaker]:
    member = Participant(server.url, token("stf_caller"), IDENTITY)
    await member.join()
    found = Speaker(member, hertz=HERTZ, shade=SHADE)
    await found.start()
    yield found
    await found.stop()
    await member.close()


def recorder(
    server: MediaProcess, folder: Path, most: int = resource.RLIM_INFINITY
) -> subprocess.Popen[str]:
    """The recorder's process; the disk takes no more than `most` bytes a file."""
    who = token("recorder", hidden=True, recorder=True, can_publish=False)
    command = [sys.executable, "-m", "signaling.recording", "record", "--url", server.url]
    return subprocess.Popen(
        [*command, "--room", "room", "--folder", str(folder)],
        cwd=ROOT,
        env={**os.environ, "DUIKOU_MEDIA_TOKEN": who},
        stdout=subprocess.DEVNULL,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )


def finished(folder: Path) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "signaling.recording", "finish", "--folder", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.webm"))


def pitch(path: Path, until: float = 1e9) -> tuple[float, float]:
    """(hertz, seconds) of what a file sounds like, up to some second."""
    with av.open(str(path)) as file:
        parts = [frame.to_ndarray() for frame in file.decode(audio=0) if frame.time < until]
    planes = [part if part.shape[0] > 1 else part.reshape(-1, 2).T for part in parts]
    wave = np.concatenate([plane[0] for plane in planes]).astype(float)
    middle = wave[len(wave) // 4 : 3 * len(wave) // 4]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    return float(np.argmax(spectrum)) * 48000 / len(middle), len(wave) / 48000


def looks(path: Path) -> int:
    """How many frames there are; each has the right colour, and its bar the next place."""
    places = []
    with av.open(str(path)) as file:
        for frame in file.decode(video=0):
            luma = frame.to_ndarray(format="gray")
            bar = luma.mean(axis=0) > 150
            rest = luma[:, ~bar]
            assert abs(float(rest.mean()) - (SHADE - 16) * 255 / 219) < 12
            places.append(int(np.argmax(bar)))
    steps = [(b - a) // STEP % LOOP for a, b in itertools.pairwise(places)]
    assert set(steps) == {1}
    return len(places)


def track(segment: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(each for each in segment["tracks"] if each["kind"] == kind)


async def recording_is_shown(server: MediaProcess) -> bool:
    """What every client's page can see of a recorder that is hidden."""
    async with server.api() as admin:
        (room,) = (await admin.room.list_rooms(api.ListRoomsRequest(names=["room"]))).rooms
        return room.active_recording and room.num_participants == 1


async def test_what_is_recorded_is_what_was_said(
    server: MediaProcess, speaker: Speaker, tmp_path: Path
) -> None:
    process = recorder(server, tmp_path)
    await eventually(lambda: size(tmp_path) > 80_000)
    assert await recording_is_shown(server)
    process.terminate()
    assert await asyncio.to_thread(process.wait, 15) == 0
    (segment,) = finished(tmp_path)
    assert not segment["crashed"]
    folder = tmp_path / segment["name"]
    sound, film = track(segment, "audio"), track(segment, "video")
    assert sound["identity"] == film["identity"] == "stf_caller"
    assert (sound["source"], film["source"]) == ("MICROPHONE", "CAMERA")
    hertz, seconds = pitch(folder / sound["file"])
    assert abs(hertz - HERTZ) < 2
    # Every packet is there: the length by samples is the length by the clock.
    assert abs(seconds - (sound["to"] - sound["from"]) / 1000) < 0.15
    assert looks(folder / film["file"]) == film["frames"]
    lines = [json.loads(line) for line in (folder / "timeline.ndjson").read_text().splitlines()]
    events = [line["event"] for line in lines]
    assert events[0] == "segment"
    assert events[-1] == "end"
    assert {"connected", "joined", "track_started", "layer", "track_ended"} <= set(events)
    assert "gap" not in events
    # Sound and picture were begun together; their clocks began apart.
    assert abs(sound["to"] - film["to"]) < 250


@pytest.mark.parametrize("server", ["ours"], indirect=True)
async def test_a_killed_recorder_loses_the_last_seconds_only(
    server: MediaProcess, speaker: Speaker, tmp_path: Path
) -> None:
    process = recorder(server, tmp_path)
    await eventually(lambda: size(tmp_path) > 100_000)
    said = speaker.sounds
    process.kill()
    await asyncio.to_thread(process.wait, 15)
    before = size(tmp_path)
    # The machine may have died in the middle of a write as well.
    for path in tmp_path.rglob("*.webm"):
        with path.open("ab") as file:
            file.write(b"\x1f\x43\xb6\x75\x48\x00half a cluster")
    again = recorder(server, tmp_path)
    await eventually(lambda: size(tmp_path) > before + 50_000)
    again.terminate()
    assert await asyncio.to_thread(again.wait, 15) == 0
    first, second = finished(tmp_path)
    assert first["crashed"]
    assert not second["crashed"]
    assert finished(tmp_path) == [first, second]
    sound = track(first, "audio")
    hertz, seconds = pitch(tmp_path / first["name"] / sound["file"])
    assert abs(hertz - HERTZ) < 2
    assert said * 0.02 - seconds < 4
    looks(tmp_path / first["name"] / track(first, "video")["file"])
    assert second["started_ms"] > first["started_ms"] + first["length_ms"]
    await film_of(tmp_path, [first, second])


@pytest.mark.parametrize("server", ["ours"], indirect=True)
async def test_a_recorder_whose_disk_is_full_says_so_and_keeps_what_it_has(
    server: MediaProcess, speaker: Speaker, tmp_path: Path
) -> None:
    process = recorder(server, tmp_path, most=200_000)
    assert await asyncio.to_thread(process.wait, 60) == FULL
    (segment,) = finished(tmp_path)
    film = track(segment, "video")
    assert looks(tmp_path / segment["name"] / film["file"]) == film["frames"]


async def film_of(folder: Path, segments: list[dict[str, Any]]) -> None:
    """One film of both segments, with the time between them, heard and seen as it was said."""
    out = folder / "film.mp4"
    command = [sys.executable, "-m", "server.recordings.compose", str(folder), str(out)]
    done = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    told, _ = await asyncio.wait_for(done.communicate(), 60)
    assert done.returncode == 0
    made = json.loads(told.splitlines()[-1])
    assert made["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert made["size"] == out.stat().st_size
    first, second = segments
    length = second["started_ms"] - first["started_ms"] + max(t["to"] for t in second["tracks"])
    assert abs(made["seconds"] - length / 1000) < 1.5
    assert list(folder.glob("*.part")) == []
    with av.open(str(out)) as film:
        assert [stream.codec_context.name for stream in film.streams.video] == ["h264"]
        assert [stream.codec_context.name for stream in film.streams.audio] == ["aac"]
        pictures = list(film.decode(video=0))
    assert len(pictures) > 30
    middle = pictures[len(pictures) // 4].to_ndarray(format="gray")
    assert middle.max() > 200  # the bar
    hertz, _ = pitch(out, until=first["length_ms"] / 1000)
    assert abs(hertz - HERTZ) < 3


async def test_a_film_needs_something_to_show(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "server.recordings.compose", str(tmp_path)]
    done = await asyncio.create_subprocess_exec(*command, str(tmp_path / "film.mp4"), cwd=ROOT)
    assert await done.wait() == 3
    assert list(tmp_path.iterdir()) == []
