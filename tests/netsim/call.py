"""One call over one line: two Chromium pages with the stock client, one of them behind the line."""

import asyncio
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, Playwright, Route, async_playwright

from tests.netsim import voice
from tests.netsim.figures import Heard, heard
from tests.netsim.impair import Impairment
from tests.netsim.servers import ROOT, Server, token

CHROMIUM = shutil.which("chromium") or ""
CLIENT = ROOT / "web/node_modules/livekit-client/dist/livekit-client.umd.js"
_ORIGIN = "http://netsim.localhost/"
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]


@dataclass(frozen=True)
class Row:
    """One line of the table. `outage` is (seconds after the bad end's first step, seconds);
    `kill` is when the media process is killed and started again."""

    name: str
    line: Impairment
    seconds: float = 35.0
    outage: tuple[float, float] | None = None
    kill: float | None = None
    width: int = 640
    height: int = 360
    single: bool | None = None  # None: as the stock client is delivered


@dataclass
class Outcome:
    """What one run showed: `down` is what the bad end received, `up` what the good end did."""

    row: str
    server: str
    seed: int
    joined: float | None
    down: Heard
    up: Heard
    line: dict[str, Any]
    events: dict[str, list[Any]]

    def json(self) -> dict[str, Any]:
        return asdict(self)


def is_root() -> bool:
    return os.geteuid() == 0 and Path("/dev/net/tun").exists() and bool(shutil.which("ip"))


class Line:
    """The line's process."""

    def __init__(self, process: asyncio.subprocess.Process, ready: dict[str, Any]) -> None:
        self._process = process
        self.namespace: str = ready["namespace"]
        self.host: str = ready["host"]
        self.udp: int = ready.get("udp", 0)
        self.totals: dict[str, Any] = {}

    async def _say(self, text: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(text.encode() + b"\n")
        await self._process.stdin.drain()

    async def cut(self, seconds: float) -> None:
        await self._say(f"cut {seconds}")

    async def end(self) -> None:
        await self._say("end")
        assert self._process.stdout is not None
        text = await asyncio.wait_for(self._process.stdout.readline(), 10)
        self.totals = json.loads(text or b"{}")
        await self._process.wait()


@asynccontextmanager
async def line(shape: Impairment, seed: int, *, relay_to: int = 0) -> AsyncIterator[Line]:
    """A line that stands; with `relay_to` a relay before that UDP port."""
    command = [sys.executable, "-m", "tests.netsim.line", "--seed", str(seed)]
    command += ["--kind", "relay" if relay_to else "namespace", "--server", str(relay_to)]
    for name, value in asdict(shape).items():
        command += [f"--{name}", str(value)]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    ready = await asyncio.wait_for(process.stdout.readline(), 20)
    if not ready:
        raise RuntimeError("the line could not be made")
    found = Line(process, json.loads(ready))
    try:
        yield found
    finally:
        if process.returncode is None:
            await found.end()


def _inside(folder: Path, namespace: str) -> str:
    """A program that starts Chromium in the namespace."""
    if not namespace:
        return CHROMIUM
    path = folder / "chromium-inside"
    path.write_text(f'#!/bin/sh\nexec ip netns exec {namespace} {CHROMIUM} "$@"\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


async def _serve(route: Route) -> None:
    """The page and its script come from the disk: only the call itself crosses the line."""
    name = route.request.url.removeprefix(_ORIGIN).partition("?")[0]
    if name == "livekit-client.umd.js":
        await route.fulfill(path=CLIENT, content_type="text/javascript")
    elif name == "":
        await route.fulfill(path=Path(__file__).with_name("page.html"), content_type="text/html")
    else:
        await route.fulfill(status=404)


async def _page(playwright: Playwright, program: str, sound: Path) -> tuple[Browser, Page]:
    flags = [*_FLAGS, f"--use-file-for-fake-audio-capture={sound}"]
    browser = await playwright.chromium.launch(executable_path=program, args=flags)
    context = await browser.new_context(permissions=["camera", "microphone"])
    page = await context.new_page()
    await page.route(_ORIGIN + "**", _serve)
    await page.goto(_ORIGIN)
    return browser, page


async def run(row: Row, seed: int, make: Callable[[str], Server], *, relay: bool) -> Outcome:
    """One call. `make` builds the server for the address that its candidates should name."""
    with tempfile.TemporaryDirectory(prefix="duikou-netsim-") as name:
        folder = Path(name)
        sound = voice.write(folder / "voice.wav", seed)
        if relay:
            server = make("127.0.0.1")
            async with line(row.line, seed, relay_to=server.udp_port) as bad:
                return await _call(row, seed, server, bad, folder, sound)
        async with line(row.line, seed) as bad:
            return await _call(row, seed, make(bad.host), bad, folder, sound)


async def _call(
    row: Row, seed: int, server: Server, bad: Line, folder: Path, sound: Path
) -> Outcome:
    await asyncio.to_thread(server.start)
    try:
        async with async_playwright() as playwright:
            good_browser, good = await _page(playwright, CHROMIUM, sound)
            bad_browser, far = await _page(playwright, _inside(folder, bad.namespace), sound)
            await _begin(good, row, server, "near", 0)
            await good.wait_for_function("state.published", timeout=30_000)
            # Joining over a bad line can take as long as the call: nobody waits for it here.
            started = asyncio.create_task(_begin(far, row, server, "far", bad.udp))
            outage = await _live(row, server, bad)
            pages = [await page.evaluate(_COLLECT) for page in (far, good)]
            await asyncio.gather(far.close(), good.close())
            await asyncio.gather(started, return_exceptions=True)
            await asyncio.gather(good_browser.close(), bad_browser.close())
        await bad.end()
    finally:
        await asyncio.to_thread(server.stop)
    return _outcome(row, seed, server, bad, pages, outage)


_COLLECT = (
    "({samples: state.samples, events: state.events, begun: state.begun, joined: state.joined,"
    " published: state.published, heard: state.heard, steps: state.steps})"
)


async def _begin(page: Page, row: Row, server: Server, identity: str, relay: int) -> None:
    options = {
        "url": f"ws://{server.address}:{server.port}",
        "token": token(identity, "call"),
        "width": row.width,
        "height": row.height,
        "single": row.single,
        "relay": relay,
    }
    begun = "(o) => { begin(o).catch((e) => state.events.push([Date.now(), 'failed ' + e])) }"
    await page.evaluate(begun, options)


async def _live(row: Row, server: Server, bad: Line) -> tuple[float, float] | None:
    """The call's length, with what happens in it; the outage as unix milliseconds."""
    if row.outage is None and row.kill is None:
        await asyncio.sleep(row.seconds)
        return None
    at = row.outage[0] if row.outage is not None else row.kill
    assert at is not None
    if row.kill is not None:
        server.prepare()
    await asyncio.sleep(at)
    begun = time.time() * 1000
    if row.outage is not None:
        await bad.cut(row.outage[1])
        ended = begun + row.outage[1] * 1000
    else:
        await asyncio.to_thread(server.replace)
        ended = begun
    await asyncio.sleep(row.seconds - at)
    return begun, ended


def _outcome(
    row: Row, seed: int, server: Server, bad: Line, pages: list[Any], outage: Any
) -> Outcome:
    far, good = pages
    begun = far["begun"]
    # The good end hears nobody before the bad end has joined.
    first = next(
        (
            s["at"]
            for s in good["samples"]
            if s["at"] > begun and any(a[1] - a[2] > 0 and a[3] > 0 for a in s["audio"])
        ),
        0.0,
    )
    if dump := os.environ.get("NETSIM_DUMP"):
        Path(dump).write_text(json.dumps({"far": far, "near": good, "line": bad.totals}))
    return Outcome(
        row=row.name,
        server=server.name,
        seed=seed,
        joined=round((far["joined"] - begun) / 1000, 2) if far["joined"] else None,
        down=heard(far["samples"], begun, far["heard"], outage),
        up=heard(good["samples"], begun, first, outage),
        line=bad.totals,
        events={
            name: [[round((at - begun) / 1000, 2), text] for at, text in page["events"]]
            for name, page in (("far", far), ("near", good))
        },
    )
