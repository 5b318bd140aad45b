"""Composition root of the media process: settings in, a running server out."""

import asyncio
import contextlib
import gc
import logging
import os
import signal

from aiohttp import web
from aiohttp.typedefs import Handler

from signaling import metrics
from signaling.clock import Clock
from signaling.config import Settings
from signaling.events import Events
from signaling.gathering import GatheringSelector
from signaling.journal import Journal
from signaling.rooms import MediaServer
from signaling.roomservice import RoomService
from signaling.socket import SignalEndpoint
from signaling.spool import Spool
from signaling.transport.addresses import every_host
from signaling.webhooks import Webhooks
from signaling.whip import WhipEndpoint
from signaling.workers import leftover
from signaling.workers.answers import close_after
from signaling.workers.worker import Worker

try:
    import resource
except ImportError:  # pragma: no cover - not on this platform
    resource = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

# A JWT with attributes travels in the query string of browsers.
_MAX_LINE = 64 * 1024
_SERVER: web.AppKey[MediaServer] = web.AppKey("server", MediaServer)


def build(settings: Settings) -> tuple[web.Application, MediaServer, Webhooks]:
    """Everything, wired but not started."""
    spool = leftover.folder(settings.spool, settings.worker and settings.worker[0])
    webhooks = Webhooks(settings.webhook_url, settings.key, settings.secret, Spool(spool))
    events = Events(webhooks, Journal(spool), settings.report_seconds, Clock())
    server = MediaServer(settings, events)
    endpoint, service = SignalEndpoint(server), RoomService(server)
    application = web.Application(client_max_size=1 << 20, middlewares=[_preflight])
    application[_SERVER] = server
    router = application.router
    router.add_get("/", _alive)
    router.add_get("/healthz", _alive)
    router.add_get("/metrics", _metrics)
    # A client whose configured address ends in a slash asks for //rtc and //twirp/…
    router.add_get("/{slashes:/*}rtc", endpoint.connect)
    router.add_get("/{slashes:/*}rtc/validate", endpoint.validate)
    router.add_get("/{slashes:/*}rtc/v1", endpoint.connect_single)
    router.add_get("/{slashes:/*}rtc/v1/validate", endpoint.validate_single)
    router.add_post("/{slashes:/*}twirp/livekit.RoomService/{method}", service.handle)
    router.add_routes(WhipEndpoint(server).routes())
    application.on_response_prepare.append(_allow_origin)
    if settings.worker is not None:
        application.on_response_prepare.append(close_after)
    return application, server, webhooks


async def _alive(request: web.Request) -> web.Response:
    return web.Response(text="OK")


async def _metrics(request: web.Request) -> web.Response:
    text = metrics.render(request.app[_SERVER])
    return web.Response(text=text, content_type="text/plain")


@web.middleware
async def _preflight(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what browsers ask before a request with a token in its header (Fetch standard, 3.2).
    No route of its own: that would make 405 of every address that is not there."""
    if request.method != "OPTIONS":
        return await handler(request)
    asked = request.headers.get("Access-Control-Request-Headers", "Authorization, Content-Type")
    headers = {
        "Access-Control-Allow-Methods": "GET, POST, PATCH, DELETE, OPTIONS",
        "Access-Control-Allow-Headers": asked[:1024],
        "Access-Control-Max-Age": "86400",
        "Accept-Post": "application/sdp",
        "Accept-Patch": "application/trickle-ice-sdpfrag",
    }
    return web.Response(status=204, headers=headers)


async def _allow_origin(request: web.Request, response: web.StreamResponse) -> None:
    """Browsers come from other origins; the token is what protects, not the origin."""
    response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "*")
    response.headers["Access-Control-Expose-Headers"] = "Location, ETag, Link"
    response.headers["Vary"] = "Origin"


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT, then drain."""
    application, server, webhooks = build(settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    webhooks.start()
    await server.events.start(server.rooms)
    await server.start()
    runner = web.AppRunner(
        application, access_log=None, max_line_size=_MAX_LINE, max_field_size=_MAX_LINE,
        shutdown_timeout=1.0,
    )  # fmt: skip
    await runner.setup()
    worker = None
    if settings.worker is not None and runner.server is not None:
        worker = Worker(settings.worker[1], server, runner.server, stop.set)
        worker.start()
        where = f"worker {settings.index}"
    else:
        where = await _listen(runner, settings)
    # What was made so far stays: collections need not look at it, which keeps them short and lets them
    # come often enough that those who left are not held for minutes.
    gc.collect()
    gc.freeze()
    udp, tcp = server.port.port, server.tcp.port
    log.info("listening on %s, media on udp %d, tcp %d", where, udp, tcp)
    statistics = asyncio.create_task(_statistics(server)) if settings.stats else None
    await stop.wait()
    log.info("draining")
    if statistics is not None:
        statistics.cancel()
    await server.stop()
    if worker is not None:
        await worker.stop()
    await runner.cleanup()
    await server.events.stop()
    await webhooks.stop()


async def _listen(runner: web.AppRunner, settings: Settings) -> str:
    """Listen on every family that the setting means. OSError if the port is taken."""
    hosts = every_host(settings.bind)
    site = web.TCPSite(runner, hosts[0], settings.port, backlog=1024)
    await site.start()
    for host in hosts[1:] if settings.port else ():
        with contextlib.suppress(OSError):  # no IPv6 on this machine
            await web.TCPSite(runner, host, settings.port, backlog=1024).start()
    return site.name


async def _statistics(server: MediaServer) -> None:
    while True:
        await asyncio.sleep(server.settings.stats)
        found = server.counters
        log.info(
            "packets in %d out %d dropped %d refused %d",
            found.packets_in, found.packets_out, found.dropped, found.refused,
        )  # fmt: skip


async def front(settings: Settings) -> None:
    """Run the process that accepts for several workers."""
    from signaling.workers.front import serve as accept

    await accept(settings)


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.SelectorEventLoop(GatheringSelector())


def _open_files() -> None:
    """Take as many open files as the system allows: unless asked it gives 1024, and strangers alone may
    have more connections than that (transport/tcp.py)."""
    if resource is not None:
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def run(settings: Settings) -> int:
    """The process's main. 1 if a port is taken."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    if settings.standby >= 0 and not os.read(settings.standby, 1):
        return 0  # nobody needs a spare any more
    _open_files()
    alone = settings.workers == 1
    if settings.worker is None:
        moved = leftover.adopt(settings.spool, settings.workers)
        if moved:
            log.info("%d messages of former workers wait", moved)
    try:
        if alone or settings.worker is not None:
            with asyncio.Runner(loop_factory=_loop) as runner:
                runner.run(serve(settings))
        else:
            asyncio.run(front(settings))
    except OSError as exc:
        log.error("cannot start: %s", exc)
        return 1
    return 0
