"""People coming and going at random, by light clients: the churn test, and an hour of it by `make soak`."""

import argparse
import asyncio
import os
import random
import struct
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from livekit.protocol import models, rtc

from signaling.client.room import Participant
from signaling.client.sdp import Outgoing
from signaling.sdp import build
from signaling.transport.dtls import Identity

from .conftest import MediaProcess, Receiver, free_port, launch, token

_VOICE = Outgoing(
    "voice", "audio", 1, build.OPUS_TYPE, "opus/48000/2", models.TrackSource.MICROPHONE
)
_CAMERA = Outgoing(
    "camera", "video", 2, build.VP8_TYPE, "VP8/90000", models.TrackSource.CAMERA, 320, 180
)
_KEY = bytes((0x90, 0x80, 0, 0, 0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xB4, 0x00))
HELD = ("participants", "connections", "receivers", "tracks", "down_tracks", "open_windows",
        "addresses", "handshakes_open", "webhooks_waiting")  # fmt: skip
FIGURES = ("resident_bytes", "tasks", "timers", "open_files", *HELD)


class Person(Participant):
    """A voice and a small, slow picture; `step` seconds lie between two packets of the voice."""

    step = 0.02

    async def publish(self) -> None:
        for track in (_VOICE, _CAMERA):
            await self.announce(track)
        await self.negotiate()
        self._keep(self._send())

    async def _send(self) -> None:
        number, loop = 0, asyncio.get_running_loop()
        due = loop.time()
        while True:
            head = struct.pack("!BBHII", 0x80, build.OPUS_TYPE, number & 0xFFFF, number * 960, 1)
            self.publisher.send(head + b"\x78" + os.urandom(60))
            if number % 5 == 0:
                self._picture(number // 5)
            number += 1
            due += self.step
            await asyncio.sleep(due - loop.time())

    def _picture(self, number: int) -> None:
        marked = 0x80 | build.VP8_TYPE
        head = struct.pack("!BBHII", 0x80, marked, number & 0xFFFF, number * 9000, 2)
        name = struct.pack("!H", 0x8000 | number & 0x7FFF)
        self.publisher.send(head + _KEY[:2] + name + _KEY[4:] + os.urandom(800))


def read_figures(media: MediaProcess) -> dict[str, float]:
    """Everything in /metrics."""
    with urllib.request.urlopen(f"{media.http}/metrics", timeout=60) as answer:
        lines = [line for line in answer.read().decode().splitlines() if not line.startswith("#")]
    pairs = (line.split() for line in lines)
    return {name.removeprefix("duikou_media_"): float(value) for name, value in pairs}


@dataclass
class Churn:
    """About `people` in one room; every `pace` seconds somebody does something."""

    media: MediaProcess
    people: int
    pace: float
    seed: int
    room: str = "churn"
    step: float = 0.02
    silent: float = 0.0  # the share of people who only listen
    inside: dict[str, Person] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.identity = Identity()
        self._joining: set[asyncio.Task[None]] = set()
        self._coming: set[str] = set()

    async def run(self, seconds: float) -> None:
        """Coming and going for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            await asyncio.sleep(self.pace * self.chance.uniform(0.5, 1.5))
            self._keep(self._step())
        await asyncio.gather(*self._joining)

    def _keep(self, work: "asyncio.Future[None] | object") -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)  # type: ignore[arg-type]
        self._joining.add(task)
        task.add_done_callback(self._joining.discard)

    async def _step(self) -> None:
        chance = self.chance
        room_left = self.people - len(self.inside)
        if chance.random() < room_left / self.people + 0.05:
            name = f"p{chance.randrange(self.people * 2)}"
            if name not in self._coming:
                self._coming.add(name)
                await self._act("join", self._join, name)
                self._coming.discard(name)
            return
        if not self.inside:
            return
        name = chance.choice(sorted(self.inside))
        acts: list[tuple[str, Callable[[str], object]]] = [
            ("leave", self._leave), ("vanish", self._vanish), ("cut", self._cut), ("mute", self._mute),
            ("mute", self._mute), ("subscribe", self._subscribe), ("subscribe", self._subscribe),
            ("setting", self._setting), ("attribute", self._attribute),
        ]  # fmt: skip
        what, act = chance.choice(acts)
        await self._act(what, act, name)

    async def _act(self, what: str, act: Callable[[str], object], name: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1
        try:
            async with asyncio.timeout(30):
                await act(name)  # type: ignore[misc]
        except Exception as error:  # a client that was put out meanwhile; counted, and looked at
            self.failed.append(f"{what}: {type(error).__name__} {error}")

    async def _join(self, name: str) -> None:
        access = token(name, self.room, can_update_own_metadata=True)
        before = self.inside.pop(name, None)  # the second of an identity puts the first out
        person = Person(self.media.url, access, self.identity, patience=20)
        await person.join()
        if before is not None:
            await before.close()
        person.step = self.step
        if self.chance.random() >= self.silent:
            await person.publish()
        self.inside[name] = person

    async def _leave(self, name: str) -> None:
        person = self.inside.pop(name)
        await person.leave()
        await person.close()

    async def _vanish(self, name: str) -> None:
        await self.inside.pop(name).close()

    async def _cut(self, name: str) -> None:
        await self.inside[name].cut()

    async def _mute(self, name: str) -> None:
        person = self.inside[name]
        sid = person.published.get("voice", "")
        muted = self.chance.random() < 0.5
        await person.request(rtc.SignalRequest(mute=rtc.MuteTrackRequest(sid=sid, muted=muted)))

    async def _subscribe(self, name: str) -> None:
        sids = [sid for other in self.inside.values() for sid in other.published.values()]
        if sids:
            chosen = self.chance.sample(sids, self.chance.randint(1, len(sids)))
            take = self.chance.random() < 0.6
            update = rtc.UpdateSubscription(track_sids=chosen, subscribe=take)
            await self.inside[name].request(rtc.SignalRequest(subscription=update))

    async def _setting(self, name: str) -> None:
        other = self.inside[self.chance.choice(sorted(self.inside))]
        setting = rtc.UpdateTrackSettings(
            track_sids=[*other.published.values()], disabled=self.chance.random() < 0.3
        )
        await self.inside[name].request(rtc.SignalRequest(track_setting=setting))

    async def _attribute(self, name: str) -> None:
        away = self.chance.choice(("1", ""))
        update = rtc.UpdateParticipantMetadata(attributes={"away": away})
        await self.inside[name].request(rtc.SignalRequest(update_metadata=update))

    async def everybody_out(self) -> None:
        people, self.inside = list(self.inside.values()), {}
        for person in people:
            await person.leave()
        await asyncio.gather(*(person.close() for person in people))


def check_reports(receiver: Receiver) -> list[str]:
    """What is wrong with what was told; nothing should be."""
    wrong: list[str] = []
    ids = [event["id"] for event in receiver.events]
    if len(set(ids)) != len(ids):
        wrong.append("an event was told twice")
    until: dict[str, int] = {}
    for event in receiver.events:
        who = event.get("participant", {}).get("sid", "")
        if event["event"] == "media_report":
            body = event["mediaReport"]
            if body["from"] != until.get(who, body["from"]):
                wrong.append(f"a window of {who} does not follow the one before")
            until[who] = body["to"]
    joined = {e["participant"]["sid"] for e in receiver.named("participant_joined")}
    left = {e["participant"]["sid"] for e in receiver.named("participant_left")}
    if joined != left:
        wrong.append(f"{len(joined ^ left)} came or left without the other")
    return wrong


async def _soak(minutes: float, people: int, seed: int) -> int:
    receiver = Receiver(free_port())
    application = web.Application()
    application.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", receiver.port).start()
    with tempfile.TemporaryDirectory(prefix="duikou-soak-") as folder:
        spool = Path(folder) / "spool"
        arguments = (
            "--webhook-url",
            receiver.url,
            "--spool",
            str(spool),
            "--departure-timeout",
            "2",
        )
        media = await asyncio.to_thread(launch, *arguments)
        try:
            return await _watch(Churn(media, people, 1.0, seed), receiver, spool, minutes * 60)
        finally:
            media.stop()
            await runner.cleanup()


async def _watch(churn: Churn, receiver: Receiver, spool: Path, seconds: float) -> int:
    print("seconds  resident  tasks timers files | " + " ".join(HELD) + " packets/s", flush=True)
    running = asyncio.create_task(churn.run(seconds))
    began, before, before_at = time.monotonic(), 0.0, time.monotonic()
    while not running.done():
        await asyncio.wait({running}, timeout=30)
        found = await asyncio.to_thread(read_figures, churn.media)
        now = time.monotonic()
        rate = (found["packets_out_total"] - before) / (now - before_at)
        before, before_at = found["packets_out_total"], now
        held = " ".join(f"{found[name]:.0f}" for name in HELD)
        print(
            f"{now - began:7.0f} {found['resident_bytes'] / 1e6:6.1f} MB {found['tasks']:6.0f}"
            f" {found['timers']:6.0f} {found['open_files']:5.0f} | {held} {rate:.0f}",
            flush=True,
        )
    await running
    await churn.everybody_out()
    left: dict[str, float] = {}
    for _ in range(600):
        await asyncio.sleep(0.1)
        found = await asyncio.to_thread(read_figures, churn.media)
        left = {name: found[name] for name in HELD if found[name]}
        if not left and not found["rooms"]:
            break
    print("done:", churn.done, "failed:", len(churn.failed), *churn.failed[:10])
    print(f"left behind: {left}; tasks {found['tasks']:.0f}, timers {found['timers']:.0f},"
          f" files {found['open_files']:.0f}, spool {sorted(p.name for p in spool.iterdir())}")  # fmt: skip
    wrong = check_reports(receiver)
    print("reports:", len(receiver.named("media_report")), "wrong:", wrong)
    return 1 if left or wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(description="People coming and going in one room, on loopback")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    found = parser.parse_args()
    return asyncio.run(_soak(found.minutes, found.people, found.seed))


if __name__ == "__main__":
    sys.exit(main())
