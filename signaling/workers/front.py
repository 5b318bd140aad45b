"""The front: accepts on the one HTTP port and the one media TCP port, and hands each connection to
the worker that owns its room. What concerns several workers (RoomService, metrics) it answers itself,
by asking them."""

import asyncio
import logging
import signal
import socket
import time
from typing import Any

from aiohttp import web

from signaling.config import MARKS, Settings
from signaling.errors import ProtocolError
from signaling.tokens import verify
from signaling.transport.addresses import every_host
from signaling.workers import channel, figures
from signaling.workers.answers import (
    MAX_ANSWER,
    busy,
    close_after,
    merged,
    named_room,
    parsed,
    rest,
)
from signaling.workers.children import Child
from signaling.workers.heads import Route, http_route, media_mark
from signaling.workers.owners import Owners
from signaling.workers.peek import Listener

log = logging.getLogger(__name__)

_ASK_SECONDS = 5.0
_FIGURES_SECONDS = 1.0  # a worker that is starting has none
_FORWARDED = ("Authorization", "Content-Type")


class Front:
    """Everything of the front process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._owners = Owners(settings.workers)
        self._children: list[Child] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._http = Listener(http_route, self._route_http)
        self._media = Listener(media_mark, self._route_media)
        application = web.Application(client_max_size=1 << 20)
        application.router.add_get("/", self._alive)
        application.router.add_get("/healthz", self._alive)
        application.router.add_get("/metrics", self._metrics)
        application.router.add_post("/{slashes:/*}twirp/{service}/{method}", self._twirp)
        application.router.add_route("*", "/{path:.*}", self._elsewhere)
        application.on_response_prepare.append(close_after)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)

    async def start(self) -> None:
        """Open the ports, start the workers. OSError if the HTTP port is taken."""
        settings = self._settings
        await self._runner.setup()
        self._http.open(every_host(settings.bind), settings.port)
        if settings.tcp_port is not None:
            try:
                self._media.open(every_host(settings.bind), settings.tcp_port)
            except OSError as exc:
                log.error("no media over TCP: port %d: %s", settings.tcp_port, exc.strerror)
        # The last of equal arguments counts.
        arguments = [*settings.arguments, f"--tcp-port={self._media.port or -1}"]
        for index in range(settings.workers):
            child = Child(index, arguments, self._news, self._owners.down)
            self._children.append(child)
            self._run(child.keep())
        log.info(
            "listening on port %d for %d workers, media on tcp %d",
            self._http.port, settings.workers, self._media.port,
        )  # fmt: skip

    def _run(self, work: Any) -> None:
        task: asyncio.Task[Any] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _news(self, index: int, rooms: dict[str, int]) -> None:
        self._owners.news(index, rooms, time.monotonic())

    # --- connections ---------------------------------------------------------------------------

    def _route_http(self, route: Route | None, connection: socket.socket) -> None:
        if route is None or route.own:
            server = self._runner.server
            assert server is not None
            loop = asyncio.get_running_loop()
            self._run(loop.connect_accepted_socket(server, connection))
            return
        child = self._marked(route.mark) or self._joining(route.token)
        child.give(channel.HTTP, connection)

    def _joining(self, token: str) -> Child:
        """The worker of the room that a token lets in to; from now on that room is there. Any
        worker will do to refuse a bad token."""
        try:
            room = verify(token, self._settings.key, self._settings.secret).room
        except ProtocolError:
            room = ""
        owners = self._owners
        return self._children[owners.owner(room, time.monotonic()) if room else owners.any()]

    def _serving(self, room: str) -> Child:
        """The worker of a room that is there, else any: it will say that there is none."""
        index = self._owners.find(room)
        return self._children[self._owners.any() if index is None else index]

    def _route_media(self, mark: str | None, connection: socket.socket) -> None:
        child = self._marked(mark or "")
        if child is None:
            connection.close()
        else:
            child.give(channel.MEDIA, connection)

    def _marked(self, mark: str) -> Child | None:
        index = MARKS.find(mark) if mark else -1
        return self._children[index] if 0 <= index < len(self._children) else None

    # --- what the front answers ----------------------------------------------------------------

    async def _alive(self, request: web.Request) -> web.Response:
        return web.Response(text="OK")

    async def _elsewhere(self, request: web.Request) -> web.Response:
        """What no worker is needed for: preflights, heads that could not be read."""
        return await self._ask(self._serving(""), request.method, request.path_qs, request, b"")

    async def _metrics(self, request: web.Request) -> web.Response:
        asked = (
            self._ask(c, "GET", "/metrics", request, b"", _FIGURES_SECONDS) for c in self._children
        )
        found = await asyncio.gather(*asked)
        texts = [answer.text or "" for answer in found if answer.status == 200]
        text = figures.summed(texts)
        text += "# HELP duikou_media_workers workers that answer\n"
        text += f"# TYPE duikou_media_workers gauge\nduikou_media_workers {len(texts)}\n"
        return web.Response(text=text, content_type="text/plain")

    async def _twirp(self, request: web.Request) -> web.Response:
        """RoomService: to the worker of the room that the request names, or to all of them."""
        method = request.match_info["method"]
        body = await request.read()
        json_wanted = request.content_type == "application/json"
        if method != "ListRooms":
            room = named_room(method, body, json_wanted=json_wanted)
            worker = self._creating(room, request) if method == "CreateRoom" else None
            worker = worker or self._serving(room)
            return await self._ask(worker, "POST", request.path_qs, request, body)
        found = await asyncio.gather(
            *(self._ask(c, "POST", request.path_qs, request, body) for c in self._children)
        )
        refused = [answer for answer in found if answer.status != 200]
        if refused:
            return refused[0]
        bodies = [answer.body for answer in found if isinstance(answer.body, bytes)]
        return web.Response(
            body=merged(bodies) if json_wanted else b"".join(bodies),  # protobufs concatenate
            content_type=found[0].content_type,
        )

    def _creating(self, room: str, request: web.Request) -> Child | None:
        """The worker where a room will be, if the token may make one."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            may = verify(token, self._settings.key, self._settings.secret).create
        except ProtocolError:
            return None
        if not may or not room:
            return None
        return self._children[self._owners.owner(room, time.monotonic())]

    async def _ask(
        self,
        child: Child,
        method: str,
        path: str,
        request: web.Request,
        body: bytes,
        seconds: float = _ASK_SECONDS,
    ) -> web.Response:
        """One request to one worker, over a socket pair handed to it like any connection."""
        lines = [f"{method} {path} HTTP/1.1", "Host: worker", f"Content-Length: {len(body)}"]
        lines += [f"{k}: {v}" for k, v in request.headers.items() if k.title() in _FORWARDED]
        lines += [
            f"{k}: {v}"
            for k, v in request.headers.items()
            if k == "Origin" or k.startswith("Access-Control-")
        ]
        head = "\r\n".join([*lines, "Connection: close", "", ""]).encode("utf-8", "surrogateescape")
        mine, theirs = socket.socketpair()
        if not child.give(channel.HTTP, theirs):
            mine.close()
            return busy()
        try:
            async with asyncio.timeout(seconds):
                mine.setblocking(False)
                reader, writer = await asyncio.open_connection(sock=mine)
                try:
                    writer.write(head + body)
                    return parsed(await reader.read(MAX_ANSWER) + await rest(reader))
                finally:
                    writer.close()
        except (TimeoutError, OSError, ValueError):
            return busy()

    async def stop(self) -> None:
        """Accept no more, drain the workers."""
        self._http.close()
        self._media.close()
        await asyncio.gather(*(child.stop() for child in self._children))
        await self._runner.cleanup()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    front = Front(settings)
    await front.start()
    await stop.wait()
    log.info("draining %d workers", settings.workers)
    await front.stop()
