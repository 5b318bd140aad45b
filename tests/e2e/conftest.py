"""The whole house as a person runs it, and Chromium in front of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "tests" / "artifacts" / "e2e"
CHROMIUM = shutil.which("chromium") or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--auto-accept-this-tab-capture",
    "--lang=zh-CN",
    "--autoplay-policy=no-user-gesture-required",
]
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
# Every connection that a page opens is kept, so that a test can ask what really arrived.
WATCH = """
(() => {
  const Real = window.RTCPeerConnection;
  window.connections = [];
  window.RTCPeerConnection = class extends Real {
    constructor(...options) { super(...options); window.connections.push(this); }
  };
  window.arrived = async () => {
    const found = {frames: 0, energy: 0, video: 0, audio: 0};
    for (const connection of window.connections) {
      if (connection.connectionState === 'closed') continue;
      for (const report of (await connection.getStats()).values()) {
        if (report.type !== 'inbound-rtp') continue;
        if (report.kind === 'video') {
          found.video += 1; found.frames = Math.max(found.frames, report.framesDecoded || 0);
        } else {
          found.audio += 1; found.energy = Math.max(found.energy, report.totalAudioEnergy || 0);
        }
      }
    }
    return found;
  };
})();
"""

BUILT = (ROOT / "web" / "dist" / "index.html").is_file()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here; skip what cannot run."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(240))
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))
            if not BUILT:
                item.add_marker(pytest.mark.skip(reason="the web client is not built"))


@dataclass(frozen=True)
class Demo:
    """A running `duikou serve --demo`."""

    url: str
    accounts: dict[str, dict[str, str]]
    environment: dict[str, str]

    def duikou(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line on the same data folder."""
        return subprocess.run(
            [sys.executable, "-m", "server", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def _environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DUIKOU_")}
    return {**kept, "DUIKOU_DATA": str(data), "DUIKOU_LOG_LEVEL": "warning"}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, served on free ports for all tests here."""
    data = tmp_path_factory.mktemp("e2e") / "data"
    environment = _environment(data)
    command = [sys.executable, "-m", "server", "serve", "--demo"]
    command += ["--port=0", "--media-port=0", "--media-udp-port=0"]
    SHOTS.mkdir(parents=True, exist_ok=True)
    with (SHOTS.parent / "e2e-server.log").open("w") as log:
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if "is ready" in line:
                    break
            shown = Demo("", {}, environment).duikou("demo", "--json")
            assert shown.returncode == 0, shown.stderr
            document = json.loads(shown.stdout)
            accounts = {one["username"]: one for one in document["accounts"]}
            yield Demo(document["url"], accounts, environment)
        finally:
            process.terminate()
            process.communicate(timeout=60)


_AT_REST = """() => Promise.allSettled(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
    .map((one) => one.finished))"""


class Person:
    """One person of the demo in a browser of their own."""

    def __init__(self, page: Page, demo: Demo, username: str) -> None:
        self.page = page
        self.demo = demo
        self.username = username
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        page.on("console", self._heard)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    async def go(self, path: str) -> None:
        """Open a page of the site."""
        await self.page.goto(self.demo.url + path)

    async def enter(self) -> None:
        """Log in by one click."""
        await self.go("/login")
        await self.page.get_by_test_id(f"demo-{self.username}").click()
        await self.page.wait_for_url(lambda url: "/login" not in url)

    async def choose(self, testid: str, text: str) -> None:
        """Pick the first option with a text from a list of the kit; typing brings it into view."""
        await self.page.get_by_test_id(testid).click()
        await self.page.keyboard.type(text.partition(" ")[0])
        options = self.page.locator(".ant-select-item-option", has_text=text)
        await options.first.click()

    async def show_panel(self, name: str) -> None:
        """Open a panel of the room: chat, people or side."""
        button = self.page.get_by_test_id(f"room-{name}")
        if await button.get_attribute("aria-pressed") != "true":
            await button.click()

    async def shot(self, name: str, *, axe: bool = True) -> None:
        """Keep a picture of the page at both widths; axe must find nothing wrong with it at either."""
        for label, size in (("360", PHONE), ("1280", DESK)):
            await self.page.set_viewport_size(size)  # type: ignore[arg-type]
            await expect(self.page.locator(".ant-skeleton")).to_have_count(0, timeout=20_000)
            # Two frames, so that the page has been laid out and drawn at the new size.
            await self.page.evaluate(
                "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
            )
            await self.page.screenshot(path=SHOTS / f"{name}-{label}.png")
            await self._fits(f"{name} at {label}")
            if axe:
                await self.accessible(f"{name} at {label}")

    async def _fits(self, name: str) -> None:
        """Nothing is wider than the window, once what still moves has come to rest."""
        frame = "() => new Promise(done => requestAnimationFrame(done))"
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        for _ in range(600):
            found = await self.page.evaluate(wide)
            if found <= 0:
                return
            await self.page.evaluate(frame)
        raise AssertionError(f"{name}: {found} px wider than the window")

    async def accessible(self, name: str) -> None:
        """Axe finds no violation (WCAG 2.1 A and AA) on the page as it is. What it finds is looked at
        again once nothing fades in or out: half a colour has half a contrast."""
        if await self._violations():
            await self.page.evaluate(_AT_REST)
            told = await self._violations()
            assert not told, name + "\n" + "\n".join(told)

    async def _violations(self) -> list[str]:
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
        options = {"runOnly": {"type": "tag", "values": tags}}
        found = await Axe().run(self.page, options=options)
        violations: list[dict[str, Any]] = found.response["violations"]
        return [
            f"{one['id']} ({one['impact']}): {node['html'][:160]} — {node['failureSummary'][:200]}"
            for one in violations
            for node in one["nodes"][:3]
        ]

    async def media(
        self, *, frames: int = 30, energy: float = 0.0001, videos: int = 1
    ) -> dict[str, float]:
        """Wait until pictures have been decoded and sound has been heard here."""
        # `wait_for_function` takes a promise for an answer, so the page itself waits until it is so.
        found: dict[str, float] = await self.page.evaluate(
            """async ([frames, energy, videos]) => {
                for (const end = Date.now() + 45_000; ; ) {
                    const found = await arrived();
                    const heard = found.energy > energy && found.video >= videos;
                    if (heard && found.frames > frames) return found;
                    if (Date.now() > end) throw new Error('no media: ' + JSON.stringify(found));
                    await new Promise((again) => setTimeout(again, 250));
                }
            }""",
            [frames, energy, videos],
        )
        return found


class People:
    """Opens browsers; every person has a context of their own."""

    def __init__(self, browser: Browser, demo: Demo, stack: AsyncExitStack) -> None:
        self._browser = browser
        self._demo = demo
        self._stack = stack
        self.opened: list[Person] = []

    async def enter(self, username: str, **options: Any) -> Person:
        """A person who has entered."""
        person = await self.newcomer(username, **options)
        await person.enter()
        return person

    async def newcomer(self, username: str = "", **options: Any) -> Person:
        """Somebody in front of the log-in page."""
        given = {"viewport": DESK, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options}
        context = await self._browser.new_context(permissions=["camera", "microphone"], **given)
        self._stack.push_async_callback(context.close)
        await context.add_init_script(WATCH)
        person = Person(await context.new_page(), self._demo, username)
        self.opened.append(person)
        return person


@pytest_asyncio.fixture
async def people(demo: Demo) -> AsyncIterator[People]:
    """People in front of the demo; nobody's page may have thrown at the end."""
    async with async_playwright() as playwright, AsyncExitStack() as stack:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        stack.push_async_callback(browser.close)
        opened = People(browser, demo, stack)
        yield opened
        thrown = [
            f"{person.username}: {complaint}"
            for person in opened.opened
            for complaint in person.complaints
            if complaint.startswith("page error")
        ]
        assert not thrown, "\n".join(thrown)
