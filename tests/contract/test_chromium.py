"""Chromium with the stock `livekit-client`, over two connections (v0) and over one (v1)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright

from tests.media.conftest import free_port
from tests.media.test_browser import CHROMIUM, CLIENT, FLAGS

from .conftest import Room

pytestmark = [
    pytest.mark.media,
    pytest.mark.timeout(120),
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed"),
    pytest.mark.skipif(not CLIENT.exists(), reason="the web client's packages are not installed"),
]
SECONDS = 30_000


@pytest_asyncio.fixture
async def address() -> AsyncIterator[str]:
    """Where the test page is."""
    files = {"/": Path(__file__).with_name("page.html"), "/livekit-client.umd.js": CLIENT}

    async def serve(request: web.Request) -> web.FileResponse:
        return web.FileResponse(files[request.path])

    application = web.Application()
    for path in files:
        application.router.add_get(path, serve)
    runner = web.AppRunner(application)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://localhost:{port}/"
    await runner.cleanup()


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        await found.close()


async def enter(browser: Browser, address: str, room: Room, identity: str, **options: Any) -> Page:
    context = await browser.new_context(permissions=["camera", "microphone"])
    page = await context.new_page()
    await page.goto(address)
    arguments = [room.url, room.token(identity), {"single": False, "silent": False, **options}]
    await page.evaluate("(all) => enter(...all)", arguments)
    return page


async def until(page: Page, expression: str) -> None:
    await page.wait_for_function(expression, timeout=SECONDS, polling=100)


@pytest.mark.parametrize("single", [False, True], ids=["v0", "v1"])
async def test_a_call_of_two_pages(
    browser: Browser, address: str, room: Room, single: bool
) -> None:
    first, second = await asyncio.gather(
        *(enter(browser, address, room, who, single=single) for who in ("first", "second"))
    )
    for page in (first, second):
        await until(page, "received().then((r) => r.frames > 20 && r.energy > 0.0001)")
    await until(first, "state.qualities.some(([who]) => who === 'second')")
    for page in (first, second):
        assert await page.evaluate("connections()") == (1 if single else 2)
    # Data each way and each kind.
    for reliable in ("true", "false"):
        text = f"reliable {reliable}"
        await first.evaluate(
            f"state.room.localParticipant.publishData(new TextEncoder().encode('{text}'), {{reliable: {reliable}}})"
        )
        await until(second, f"state.data.includes('{text}')")
    await second.evaluate(
        "state.room.localParticipant.sendText('字'.repeat(50000), {topic: 'text'})"
    )
    await until(first, "state.streams.text === '字'.repeat(50000)")
    answer = await second.evaluate(
        "state.room.localParticipant.performRpc({destinationIdentity: 'first', method: 'greet', payload: 'x'})"
    )
    assert answer == "hello second: x"
    # Layers: the whole picture, then the smallest, for which the publisher stops the others.
    await until(second, "received().then((r) => r.width >= 1280)")
    await second.evaluate("camera().setVideoQuality(LK.VideoQuality.LOW)")
    await until(second, "received().then((r) => r.width > 0 && r.width <= 480)")
    await until(first, "layers().join() === 'true,false,false'")
    await second.evaluate("camera().setVideoQuality(LK.VideoQuality.HIGH)")
    await until(second, "received().then((r) => r.width >= 1280)")
    # The signal connection is cut and resumed; media goes on.
    frames = (await second.evaluate("received()"))["frames"]
    await second.evaluate("state.room.simulateScenario('signal-reconnect')")
    await until(second, "state.reconnected === 1 && state.resumed === 1")
    await until(second, f"received().then((r) => r.frames > {frames + 20})")
    assert await first.evaluate("state.gone") == 0
    # Muting is seen, and so is leaving.
    await first.evaluate("state.room.localParticipant.setCameraEnabled(false)")
    await until(second, "camera().isMuted")
    await first.evaluate("state.room.disconnect()")
    await until(second, "state.gone === 1 && state.room.remoteParticipants.size === 0")


async def test_old_and_new_clients_share_a_room(browser: Browser, address: str, room: Room) -> None:
    old, new = await asyncio.gather(
        enter(browser, address, room, "old", single=False),
        enter(browser, address, room, "new", single=True),
    )
    for page in (old, new):
        await until(page, "received().then((r) => r.frames > 20 && r.energy > 0.0001)")
