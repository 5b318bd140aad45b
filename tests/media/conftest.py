"""The media server as its own process, and what the media tests need around it."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from livekit import api

ROOT = Path(__file__).resolve().parents[2]
KEY, SECRET = "test-key", "test-secret-that-is-long-enough-for-hs256"


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    """A port that is free now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def token(
    identity: str, room: str = "room", key: str = KEY, secret: str = SECRET, **grants: Any
) -> str:
    """An access token; `grants` as in livekit-api's VideoGrants."""
    video = api.VideoGrants(room_join=True, room=room, **grants)
    signer = api.AccessToken(key, secret).with_identity(identity).with_name(identity.upper())
    return signer.with_grants(video).to_jwt()


@dataclass
class MediaProcess:
    """One running `python -m signaling`."""

    port: int
    udp_port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def api(self) -> api.LiveKitAPI:
        return api.LiveKitAPI(self.http, KEY, SECRET)

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(15)

    def metric(self, name: str) -> float:
        """One figure of /metrics."""
        with urllib.request.urlopen(f"{self.http}/metrics", timeout=5) as answer:
            text = answer.read().decode()
        for line in text.splitlines():
            if line.startswith(f"duikou_media_{name} "):
                return float(line.split()[1])
        raise KeyError(name)


def launch(
    *arguments: str, port: int = 0, udp_port: int = 0, log: Path | None = None
) -> MediaProcess:
    """Start a server on free ports and wait until it answers. `log`: a file for what it says."""
    port = port or free_port()
    udp_port = udp_port or free_port(socket.SOCK_DGRAM)
    environment = {**os.environ, "DUIKOU_MEDIA_KEY": KEY, "DUIKOU_MEDIA_SECRET": SECRET}
    command = [sys.executable, "-m", "signaling", "--bind", "127.0.0.1", "--port", str(port)]
    command += ["--udp-port", str(udp_port), "--tcp-port", "0"]
    said = log.open("w") if log is not None else None
    process = subprocess.Popen([*command, *arguments], cwd=ROOT, env=environment, stderr=said)
    if said is not None:
        said.close()
    media = MediaProcess(port, udp_port, process)
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{media.http}/healthz", timeout=1):
                return media
        except OSError:
            time.sleep(0.05)
    media.stop(signal.SIGKILL)
    raise AssertionError("the media server did not start")


@pytest.fixture
def start() -> Iterator[Callable[..., MediaProcess]]:
    """Starts servers that end with the test."""
    running: list[MediaProcess] = []

    def begin(*arguments: str, **ports: int) -> MediaProcess:
        media = launch(*arguments, **ports)
        running.append(media)
        return media

    yield begin
    for media in running:
        media.stop()


@pytest.fixture(scope="session")
def standing() -> Iterator[MediaProcess]:
    """One server for all tests that leave nothing behind and look at no totals."""
    found = launch()
    yield found
    found.stop()


@pytest.fixture
def media(start: Callable[..., MediaProcess]) -> MediaProcess:
    return start()


@dataclass
class Receiver:
    """A webhook receiver that can be told to fail. `events` are the accepted bodies, in order."""

    port: int
    events: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[tuple[str, str]] = field(default_factory=list)
    failing: bool = False
    never: str = ""  # an event that is answered 400
    refused: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def named(self, event: str) -> list[dict[str, Any]]:
        return [found for found in self.events if found["event"] == event]

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.text()
        assert request.content_type == "application/webhook+json"
        if self.failing:
            self.refused += 1
            self.arrived.set()
            return web.Response(status=503)
        if self.never and json.loads(body)["event"] == self.never:
            return web.Response(status=400)
        self.tokens.append((body, request.headers["Authorization"]))
        self.events.append(json.loads(body))
        self.arrived.set()
        return web.Response()

    async def until(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        """Wait for something to become true as events arrive."""
        async with asyncio.timeout(seconds):
            while not condition():
                self.arrived.clear()
                await self.arrived.wait()


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    found = Receiver(free_port())
    application = web.Application()
    application.router.add_post("/hook", found.handle)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", found.port).start()
    yield found
    await runner.cleanup()


async def eventually(condition: Callable[[], bool], seconds: float = 15) -> None:
    """Wait until something outside of our events becomes true."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.05)
