"""Webhooks and media reports: signed, in order, spooled, and true."""

import asyncio
import json
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from livekit import api
from livekit.protocol import rtc

from signaling.bench_client import Client
from signaling.transport.dtls import Identity

from .clients import listener, talker
from .conftest import KEY, SECRET, MediaProcess, Receiver, eventually, token

Start = Callable[..., MediaProcess]


def seconds(ranges: list[list[int]]) -> int:
    return sum(end - start for start, end in ranges)


def check_windows(reports: list[dict[str, Any]]) -> None:
    """Windows of one participant follow each other, and intervals lie inside of them."""
    last: dict[str, int] = {}
    for report in reports:
        body, who = report["mediaReport"], report["participant"]["sid"]
        assert body["from"] < body["to"]
        assert body["from"] == last.get(who, body["from"])
        last[who] = body["to"]
        ranges = list(body["received"]["seconds"])
        for track in body["tracks"]:
            ranges += track["media"] + track["speech"] + track["muted"]
        ranges += body["away"]
        for start, end in ranges:
            assert body["from"] <= start < end <= body["to"]


async def test_a_session_is_told_in_order_and_signed(receiver: Receiver, start: Start) -> None:
    media = start("--webhook-url", receiver.url, "--departure-timeout", "1")
    began = time.time()
    async with (
        listener(media.url, token("listener")) as heard,
        talker(media.url, token("talker")) as spoken,
    ):
        await eventually(lambda: heard.frames > 60)
        spoken.publications["audio"].track.mute()
        await eventually(lambda: len(heard.muted) == 1)
        muted_at = heard.frames
        await eventually(lambda: heard.frames > muted_at + 60)
    await receiver.until(lambda: bool(receiver.named("room_finished")))
    names = [event["event"] for event in receiver.events]
    assert names[0] == "room_started"
    assert names[-1] == "room_finished"
    assert names.count("participant_joined") == names.count("participant_left") == 2
    assert names.count("track_published") == names.count("track_unpublished") == 2
    assert len({event["id"] for event in receiver.events}) == len(receiver.events)
    verifier = api.WebhookReceiver(api.TokenVerifier(KEY, SECRET))
    for body, authorization in receiver.tokens:
        verifier.receive(body, authorization)
    reports = receiver.named("media_report")
    check_windows(reports)
    _check_talker([r for r in reports if r["participant"]["identity"] == "talker"], began)
    _check_listener([r for r in reports if r["participant"]["identity"] == "listener"], began)
    left = names.index("participant_left")
    who = receiver.events[left]["participant"]["sid"]
    assert any(e["event"] == "media_report" and e["participant"]["sid"] == who
               for e in receiver.events[:left])  # fmt: skip


def _check_talker(reports: list[dict[str, Any]], began: float) -> None:
    tracks = [track for report in reports for track in report["mediaReport"]["tracks"]]
    assert all(report["mediaReport"]["source"] == "sfu" for report in reports)
    video = [track for track in tracks if track["kind"] == "video"]
    audio = [track for track in tracks if track["kind"] == "audio"]
    lived = time.time() - began
    assert {track["source"] for track in video} == {"CAMERA"}
    assert {track["source"] for track in audio} == {"MICROPHONE"}
    for kind in (video, audio):
        assert 3 <= sum(seconds(track["media"]) for track in kind) <= lived + 1
        assert sum(track["packets"] for track in kind) > 100
        assert sum(track["bytes"] for track in kind) > 1000
    spoken = sum(seconds(track["speech"]) for track in audio)
    muted = sum(seconds(track["muted"]) for track in audio)
    assert spoken >= 1
    assert muted >= 1
    assert sum(seconds(track["muted"]) for track in video) == 0
    assert all(track["speech"] == [] for track in video)


def _check_listener(reports: list[dict[str, Any]], began: float) -> None:
    received = [report["mediaReport"]["received"] for report in reports]
    assert all(report["mediaReport"]["tracks"] == [] for report in reports)
    assert sum(item["packets"] for item in received) > 50
    assert 2 <= sum(seconds(item["seconds"]) for item in received) <= time.time() - began + 1


async def test_nobody_is_credited_for_only_being_connected(
    receiver: Receiver, start: Start
) -> None:
    media = start("--webhook-url", receiver.url)
    async with listener(media.url, token("idle")), listener(media.url, token("idler")):
        await receiver.until(lambda: len(receiver.named("participant_joined")) == 2)
        second = int(time.time())
        await eventually(lambda: time.time() > second + 2)
    await receiver.until(lambda: len(receiver.named("participant_left")) == 2)
    reports = receiver.named("media_report")
    assert reports
    for report in reports:
        assert report["mediaReport"]["tracks"] == []
        assert report["mediaReport"]["received"]["seconds"] == []


async def test_who_never_connects_is_aborted_not_joined(receiver: Receiver, start: Start) -> None:
    media = start("--webhook-url", receiver.url)
    address = f"{media.http}/rtc?access_token={token('half')}"
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        await socket.receive(5)
        leave = rtc.SignalRequest(leave=rtc.LeaveRequest())
        await socket.send_bytes(leave.SerializeToString())
        await receiver.until(lambda: bool(receiver.named("participant_connection_aborted")))
    assert not receiver.named("participant_joined")
    assert not receiver.named("media_report")


async def test_a_failing_receiver_loses_nothing(
    receiver: Receiver, start: Start, tmp_path: Path
) -> None:
    receiver.failing = True
    media = start("--webhook-url", receiver.url, "--spool", str(tmp_path))
    async with listener(media.url, token("someone")):
        await receiver.until(lambda: receiver.refused >= 2)
    await eventually(lambda: media.metric("webhooks_waiting") >= 3)
    receiver.failing = False
    await receiver.until(lambda: bool(receiver.named("participant_left")))
    names = [event["event"] for event in receiver.events]
    assert names[:2] == ["room_started", "participant_joined"]
    assert len({event["id"] for event in receiver.events}) == len(names)
    await eventually(lambda: not list(tmp_path.glob("*.json")))


async def test_a_message_that_cannot_be_taken_does_not_hold_up_the_rest(
    receiver: Receiver, start: Start, tmp_path: Path
) -> None:
    receiver.never = "room_started"
    media = start("--webhook-url", receiver.url, "--spool", str(tmp_path))
    async with listener(media.url, token("someone")):
        await receiver.until(lambda: bool(receiver.named("participant_joined")))
    kept = list((tmp_path / "refused").glob("*.json"))
    assert [json.loads(path.read_bytes())["event"] for path in kept] == ["room_started"]


async def test_the_spool_survives_a_killed_process(
    receiver: Receiver, start: Start, tmp_path: Path
) -> None:
    receiver.failing = True
    media = start("--webhook-url", receiver.url, "--spool", str(tmp_path))
    async with listener(media.url, token("someone")) as someone:
        await receiver.until(lambda: receiver.refused >= 1)
        await eventually(lambda: len(list(tmp_path.glob("*.json"))) >= 2)
        await asyncio.to_thread(media.stop, signal.SIGKILL)
        del someone
    kept = len(list(tmp_path.glob("*.json")))
    receiver.failing = False
    start("--webhook-url", receiver.url, "--spool", str(tmp_path))
    await receiver.until(lambda: len(receiver.events) >= kept)
    names = [event["event"] for event in receiver.events]
    assert names[:2] == ["room_started", "participant_joined"]
    assert len({event["id"] for event in receiver.events}) == len(names)


async def test_a_killed_process_still_tells_what_was_open(
    receiver: Receiver, start: Start, tmp_path: Path
) -> None:
    """Windows that were open are told by the next process, up to a second or two before the kill."""
    media = start("--webhook-url", receiver.url, "--spool", str(tmp_path))
    identity, talking = Identity(), {}
    for name in ("one", "two"):
        talking[name] = Client(media.url, token(name), identity)
        await talking[name].join()
        await talking[name].publish()
    began = time.time()
    await eventually(lambda: time.time() > began + 5)
    await asyncio.to_thread(media.stop, signal.SIGKILL)
    killed = time.time()
    for client in talking.values():
        await client.close()
    start("--webhook-url", receiver.url, "--spool", str(tmp_path))
    await receiver.until(lambda: bool(receiver.named("room_finished")))
    names = [event["event"] for event in receiver.events]
    assert names[-5:] == ["media_report", "participant_left"] * 2 + ["room_finished"]
    assert len({event["id"] for event in receiver.events}) == len(names)
    assert receiver.events[-1]["roomEndReason"] == "ROOM_END_SERVER_SHUTDOWN"
    check_windows(receiver.named("media_report"))
    for report in receiver.named("media_report"):
        body = report["mediaReport"]
        assert body["cut"] is True
        assert killed - 2.5 <= body["to"] <= killed
        for track in body["tracks"]:
            assert seconds(track["media"]) >= 4
    for left in receiver.named("participant_left"):
        assert left["participant"]["disconnectReason"] == "SERVER_SHUTDOWN"
        assert killed - 2.5 <= int(left["createdAt"]) <= killed
    await eventually(lambda: not list(tmp_path.glob("*.json*")))
    assert not (tmp_path / "windows.journal").exists()


# Runs in the server before anything else: its wall clock is a minute back once the file is there.
STEPPED = """
import os, time
wall, step = time.time, os.environ["STEP_FILE"]
time.time = lambda: wall() - 60 * os.path.exists(step)
"""


async def test_a_clock_that_steps_back_takes_no_minutes(
    receiver: Receiver, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(STEPPED)
    step = tmp_path / "step"
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("STEP_FILE", str(step))
    media = start("--webhook-url", receiver.url, "--departure-timeout", "1")
    async with (
        listener(media.url, token("listener")) as heard,
        talker(media.url, token("talker")),
    ):
        await eventually(lambda: heard.frames > 30)
        began = time.time()
        await eventually(lambda: time.time() > began + 2)
        step.touch()
        await eventually(lambda: time.time() > began + 8)
        ended = time.time()
    await receiver.until(lambda: len(receiver.named("participant_left")) == 2)
    reports = receiver.named("media_report")
    check_windows(reports)
    told = {"talker": 0, "listener": 0}
    for report in reports:
        body = report["mediaReport"]
        voices = [track["media"] for track in body["tracks"] if track["kind"] == "audio"]
        told["talker"] += sum(map(seconds, voices))
        told["listener"] += seconds(body["received"]["seconds"])
        assert body["to"] <= int(report["createdAt"])
    assert told["talker"] >= ended - began - 1
    assert told["listener"] >= ended - began - 3
    for left in receiver.named("participant_left"):
        assert abs(int(left["createdAt"]) - ended) <= 5
    # Without a room there is nothing to go on with: what comes next agrees with the wall clock.
    await receiver.until(lambda: bool(receiver.named("room_finished")))
    await asyncio.sleep(1)
    async with listener(media.url, token("later")):
        await receiver.until(lambda: len(receiver.named("participant_joined")) == 3)
    joined = receiver.named("participant_joined")[-1]
    assert abs(int(joined["createdAt"]) - (time.time() - 60)) <= 5


async def test_a_page_that_says_it_is_away_is_marked(receiver: Receiver, start: Start) -> None:
    media = start("--webhook-url", receiver.url)
    access = token("someone", can_update_own_metadata=True)
    async with listener(media.url, access) as someone:
        local = someone.room.local_participant
        await local.set_attributes({"away": "1"})
        second = int(time.time())
        await eventually(lambda: time.time() > second + 3)
        await local.set_attributes({"away": ""})
        back = time.time()
        await eventually(lambda: time.time() > back + 2)
    await receiver.until(lambda: bool(receiver.named("participant_left")))
    away = [
        span for found in receiver.named("media_report") for span in found["mediaReport"]["away"]
    ]
    assert 2 <= seconds(away) <= back - second + 1
    check_windows(receiver.named("media_report"))


@pytest.mark.timeout(60)
async def test_a_long_session_is_reported_as_it_goes(receiver: Receiver, start: Start) -> None:
    """The first window is sent while everybody is still there."""
    media = start("--webhook-url", receiver.url)
    async with (
        listener(media.url, token("listener")) as heard,
        talker(media.url, token("talker"), video=False),
    ):
        await receiver.until(lambda: len(receiver.named("media_report")) >= 2, 30)
        assert heard.sounds > 500
        reports = list(receiver.named("media_report"))
    for report in reports:
        body = report["mediaReport"]
        assert 10 <= body["to"] - body["from"] <= 12
        heard_or_sent = body["received"]["seconds"] if not body["tracks"] else [
            item for track in body["tracks"] for item in track["media"]
        ]  # fmt: skip
        assert seconds(heard_or_sent) >= 6
