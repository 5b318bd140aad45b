"""Two Chromium pages with the stock livekit-client against the media server."""

import shutil
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from .conftest import ROOT, MediaProcess, free_port, token

CHROMIUM = shutil.which("chromium") or ""
CLIENT = ROOT / "web/node_modules/livekit-client/dist/livekit-client.umd.js"
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
    "--autoplay-policy=no-user-gesture-required",
]
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed"),
    pytest.mark.skipif(not CLIENT.exists(), reason="the web client's packages are not installed"),
]


@pytest_asyncio.fixture
async def pages() -> AsyncIterator[str]:
    """The address of the test page."""

    async def page(request: web.Request) -> web.FileResponse:
        return web.FileResponse(Path(__file__).with_name("page.html"))

    async def client(request: web.Request) -> web.FileResponse:
        return web.FileResponse(CLIENT)

    application = web.Application()
    application.router.add_get("/", page)
    application.router.add_get("/livekit-client.umd.js", client)
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


async def join(
    browser: Browser,
    pages: str,
    media: MediaProcess,
    identity: str,
    *,
    context: BrowserContext | None = None,
    **options: str,
) -> Page:
    """A page that has joined and publishes; `options` are `silent`, `adaptive` and `relay`."""
    if context is None:
        context = await browser.new_context(permissions=["camera", "microphone"])
    page = await context.new_page()
    query = urlencode({"url": media.url, "token": token(identity), **options})
    await page.goto(f"{pages}?{query}")
    await page.wait_for_function("state.ready || state.error", timeout=30_000)
    assert await page.evaluate("state.error") is None
    return page


async def flowing(page: Page, frames: int = 30) -> dict[str, float]:
    """Wait until frames are decoded and sound is heard."""
    wanted = f"received().then((r) => r.frames > {frames} && r.energy > 0.0001)"
    await page.wait_for_function(wanted, timeout=30_000, polling=250)
    found: dict[str, float] = await page.evaluate("received()")
    return found


@pytest.mark.timeout(120)
async def test_two_pages_see_and_hear_each_other(
    browser: Browser, pages: str, media: MediaProcess
) -> None:
    first = await join(browser, pages, media, "first")
    second = await join(browser, pages, media, "second")
    for page in (first, second):
        found = await flowing(page)
        assert found["lost"] == 0
    text = "state.room.localParticipant.publishData(new TextEncoder().encode('hello'), {reliable: true})"
    await first.evaluate(text)
    await second.wait_for_function("state.data.includes('hello')")
    await second.wait_for_function("state.speakers.length > 0", timeout=40_000)
    # Simulcast: the page asked for no less, so the top layer must arrive once the sender is up.
    await second.wait_for_function("received().then((r) => r.width >= 1280)", timeout=40_000)


@pytest.mark.timeout(120)
async def test_a_page_comes_back_after_a_reload(
    browser: Browser, pages: str, media: MediaProcess
) -> None:
    first = await join(browser, pages, media, "first")
    second = await join(browser, pages, media, "second")
    await flowing(first)
    await second.reload()
    await second.wait_for_function("state.ready || state.error", timeout=30_000)
    await flowing(second)
    await flowing(first)
    assert await first.evaluate("state.room.remoteParticipants.size") == 1


@pytest.mark.timeout(120)
async def test_a_lost_signal_connection_resumes(
    browser: Browser, pages: str, media: MediaProcess
) -> None:
    first = await join(browser, pages, media, "first")
    second = await join(browser, pages, media, "second")
    await flowing(first)
    before = await flowing(second)
    await second.evaluate("state.room.simulateScenario('signal-reconnect')")
    await second.wait_for_function("state.reconnected === 1", timeout=30_000)
    await flowing(second, int(before["frames"]) + 30)
    await flowing(first, 60)
    assert await first.evaluate("state.events.filter((e) => e.startsWith('disc')).length") == 0


@pytest.mark.timeout(120)
async def test_pages_come_back_after_the_media_process_is_killed(
    browser: Browser, pages: str, start: Callable[..., MediaProcess]
) -> None:
    media = start()
    first = await join(browser, pages, media, "first")
    second = await join(browser, pages, media, "second")
    await flowing(first)
    media.stop(signal.SIGKILL)
    start(port=media.port, udp_port=media.udp_port)
    for page in (first, second):
        await page.wait_for_function("state.reconnected === 1", timeout=40_000)
    for page in (first, second):
        await flowing(page)
        assert await page.evaluate("state.events.filter((e) => e.startsWith('disc')).length") == 0


@pytest.mark.timeout(120)
async def test_a_small_picture_gets_a_small_layer(
    browser: Browser, pages: str, media: MediaProcess
) -> None:
    speaker = await join(browser, pages, media, "speaker")
    audience = await join(browser, pages, media, "audience", silent="1", adaptive="1")
    # The page shows the video 300 pixels wide, and its client says so.
    await audience.wait_for_function("received().then((r) => r.width > 0 && r.width <= 480)")
    # Nobody takes the larger layers: the speaker is told to save its uplink (dynacast).
    await speaker.wait_for_function("layers().join() === 'true,false,false'", timeout=40_000)
    await audience.evaluate(
        "document.querySelector('video').style.cssText = 'width: 1200px; height: 675px'"
    )
    await audience.wait_for_function("received().then((r) => r.width >= 1280)", timeout=40_000)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("codec", ["h264", "vp9"])
async def test_other_codecs_are_seen_over_one_connection_and_two(
    browser: Browser, pages: str, media: MediaProcess, codec: str
) -> None:
    await join(browser, pages, media, "speaker", codec=codec)
    one = await join(browser, pages, media, "one", silent="1")
    two = await join(browser, pages, media, "two", silent="1", two="1")
    for page in (one, two):
        wanted = f"received().then((r) => r.frames > 10 && r.codec === 'video/{codec.upper()}')"
        await page.wait_for_function(wanted, timeout=40_000, polling=250)
