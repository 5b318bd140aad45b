"""The two servers of the contract suite: ours and, where it can be had, a real `livekit-server`.

LiveKit's is found as LIVEKIT_SERVER, `livekit-server` on the path, or where `go install` puts it.
`make contract` builds it first (100 s, Go 1.26, network): too much for every run of all tests, which
skip its half and say why."""

import os
import shutil
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from livekit import api
from livekit.protocol.webhook import WebhookEvent

from tests.media.conftest import KEY, SECRET, free_port, launch, token

INSTALL = "go install github.com/livekit/livekit-server/cmd/server@v1.13.5"
ROOT = Path(__file__).resolve().parents[2]


class Hooks(ThreadingHTTPServer):
    """Receives webhooks of all rooms and verifies each with livekit-api's own receiver."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.events: list[WebhookEvent] = []
        self.refused: list[str] = []
        self.verifier = api.WebhookReceiver(api.TokenVerifier(KEY, SECRET))
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"

    def of(self, room: str) -> list[WebhookEvent]:
        """What was told of a room so far, in order; extensions of ours left out."""
        return [e for e in self.events if e.room.name == room and e.event != "media_report"]

    def names(self, room: str) -> list[str]:
        return [event.event for event in self.of(room)]


class _Hook(BaseHTTPRequestHandler):
    server: Hooks

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        kind = self.headers["Content-Type"]
        try:
            event = self.server.verifier.receive(body, self.headers["Authorization"])
        except Exception as exc:
            self.server.refused.append(repr(exc))
        else:
            if kind == "application/webhook+json":
                self.server.events.append(event)
            else:
                self.server.refused.append(kind)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing on the terminal."""


@dataclass
class Target:
    """One server under the contract."""

    name: str
    port: int
    hooks: Hooks
    stop: Callable[[], object]

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def ours(self) -> bool:
        return self.name == "duikou"


@dataclass
class Room:
    """A room of its own for each test, on one of the servers."""

    target: Target
    name: str = field(default_factory=lambda: f"room-{uuid.uuid4().hex[:10]}")

    @property
    def url(self) -> str:
        return self.target.url

    def token(self, identity: str, **grants: Any) -> str:
        return token(identity, self.name, **grants)

    def hooked(self) -> list[str]:
        return self.target.hooks.names(self.name)


def found_livekit() -> str | None:
    """The path of a livekit-server program, if there is one."""
    folders = [os.environ.get("GOBIN", ""), str(ROOT / ".run/go")]
    folders += [f"{p}/bin" for p in os.environ.get("GOPATH", "").split(":") if p]
    folders.append(str(Path.home() / "go/bin"))
    candidates = [os.environ.get("LIVEKIT_SERVER", ""), shutil.which("livekit-server") or ""]
    candidates += [
        f"{folder}/{name}" for folder in folders if folder for name in ("livekit-server", "server")
    ]
    for path in filter(None, candidates):
        if os.access(path, os.X_OK):
            done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
            if done.stdout.startswith("livekit-server"):
                return path
    return None


def _livekit(hooks: Hooks) -> Target:
    program = found_livekit()
    if program is None:
        build = f"`make contract`, or {INSTALL}" if shutil.which("go") else "Go 1.26 builds it"
        pytest.skip(f"no livekit-server here (LIVEKIT_SERVER, path, GOBIN): {build}")
    port = free_port()
    config = f"""
port: {port}
bind_addresses: [127.0.0.1]
keys: {{{KEY}: {SECRET}}}
rtc: {{udp_port: {free_port()}, tcp_port: 0, use_external_ip: false, node_ip: 127.0.0.1,
  interfaces: {{includes: [lo]}}, enable_loopback_candidate: true, use_ice_lite: true}}
webhook: {{api_key: {KEY}, urls: ["{hooks.url}"]}}
logging: {{level: error}}
room: {{departure_timeout: 1}}
"""
    process = subprocess.Popen(
        [program, "--config-body", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )

    def stop() -> None:
        process.send_signal(signal.SIGKILL)
        process.wait(10)

    target = Target("livekit", port, hooks, stop)
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(target.http, timeout=1):
                return target
        except OSError:
            time.sleep(0.05)
    stop()
    raise AssertionError("livekit-server did not start")


def _duikou(hooks: Hooks) -> Target:
    media = launch("--webhook-url", hooks.url, "--departure-timeout", "1")
    return Target("duikou", media.port, hooks, media.stop)


@pytest.fixture(scope="session", params=["duikou", "livekit"])
def target(request: pytest.FixtureRequest) -> Iterator[Target]:
    hooks = Hooks()
    found = _duikou(hooks) if request.param == "duikou" else _livekit(hooks)
    yield found
    found.stop()
    hooks.shutdown()
    hooks.server_close()


@pytest.fixture
def room(target: Target, request: pytest.FixtureRequest) -> Room:
    """A fresh room. A test marked `differs` says where one server is meant to differ, and why."""
    marker = request.node.get_closest_marker("differs")
    if marker is not None and target.name == marker.args[0]:
        request.node.add_marker(pytest.mark.xfail(reason=marker.args[1], strict=True))
    return Room(target)


@pytest_asyncio.fixture
async def service(target: Target) -> AsyncIterator[api.LiveKitAPI]:
    found = api.LiveKitAPI(target.http, KEY, SECRET)
    yield found
    await found.aclose()
