"""The cluster witness tells of a room what this server's own witness tells: on our server and on LiveKit."""

import asyncio
import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from signaling.client.room import Participant
from signaling.transport.dtls import Identity

from .conftest import KEY, ROOT, SECRET, MediaProcess, Receiver, token
from .livekit import installed, launch_livekit
from .sources import Speaker

pytestmark = pytest.mark.media


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


def witness(server: MediaProcess, receiver: Receiver, spool: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "signaling.watching", "--url", server.url, "--room", "room"]
    command += ["--webhook-url", receiver.url, "--spool", str(spool), "--every", "3"]
    environment = {**os.environ, "DUIKOU_MEDIA_KEY": KEY, "DUIKOU_MEDIA_SECRET": SECRET}
    return subprocess.Popen(command, cwd=ROOT, env=environment)


async def test_it_reports_who_was_heard_and_seen_and_leaves_with_the_last(
    server: MediaProcess, receiver: Receiver, tmp_path: Path
) -> None:
    member = Participant(server.url, token("stf_caller"), Identity())
    await member.join()
    speaker = Speaker(member, hertz=450, shade=60)
    await speaker.start()
    process = witness(server, receiver, tmp_path)
    try:
        await receiver.until(lambda: len(receiver.named("media_report")) >= 2, 40)
        await speaker.stop()
        await member.leave()
        await member.close()
        assert await asyncio.to_thread(process.wait, 30) == 0
    finally:
        process.kill()
        await asyncio.to_thread(process.wait)
    reports = receiver.named("media_report")
    assert len({report["id"] for report in reports}) == len(reports)
    assert {report["participant"]["identity"] for report in reports} == {"stf_caller"}
    assert {report["room"]["name"] for report in reports} == {"room"}
    bodies = [report["mediaReport"] for report in reports]
    assert {body["source"] for body in bodies} == {"witness"}
    assert all(body["received"] is None for body in bodies)
    for before, after in itertools.pairwise(bodies):
        assert before["to"] <= after["from"]
    full = bodies[1]
    tracks = {track["source"]: track for track in full["tracks"]}
    assert set(tracks) == {"CAMERA", "MICROPHONE"}
    for track in tracks.values():
        seconds = sum(end - start for start, end in track["media"])
        assert seconds >= full["to"] - full["from"] - 1
        assert track["packets"] > 10 * seconds
    assert tracks["MICROPHONE"]["bytes"] > 1000
    assert sum(len(track["speech"]) for body in bodies for track in body["tracks"]) > 0
    assert list(tmp_path.glob("*.json")) == []


@pytest.mark.parametrize("server", ["ours"], indirect=True)
async def test_reports_wait_on_disk_for_a_receiver_that_is_away(
    server: MediaProcess, receiver: Receiver, tmp_path: Path
) -> None:
    receiver.failing = True
    member = Participant(server.url, token("stf_caller"), Identity())
    await member.join()
    await member.subscriber.connected.wait()
    process = witness(server, receiver, tmp_path)
    try:
        await receiver.until(lambda: receiver.refused > 0, 40)
        process.kill()
    finally:
        process.kill()
        await asyncio.to_thread(process.wait)
        await member.close()
    assert list(tmp_path.glob("*.json"))
    receiver.failing = False
    command = [sys.executable, "-m", "signaling.watching", "--url", server.url, "--room", "room"]
    command += ["--webhook-url", receiver.url, "--spool", str(tmp_path), "--drain"]
    environment = {**os.environ, "DUIKOU_MEDIA_KEY": KEY, "DUIKOU_MEDIA_SECRET": SECRET}
    done = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment)
    assert await done.wait() == 0
    assert receiver.named("media_report")
    assert list(tmp_path.glob("*.json")) == []
