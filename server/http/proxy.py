"""One origin for everybody: `/rtc` (WebSocket, validation), `/twirp`, `/whip` and `/whep` are handed to the media
server.

Media itself never passes here: it flows by UDP between browser and media server.
"""

from __future__ import annotations

import asyncio
import socket as sockets
import struct
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from aiohttp import WSMsgType, web

from server.errors import ErrorCode, Problem

if TYPE_CHECKING:
    from server.services import Services

CONNECT_TIMEOUT = 5.0
JOINING, NUDGE_EVERY = 15.0, 0.1  # seconds
LONG_LINE = 0.04
MAX_SIGNAL = 4 * 1024 * 1024
# What WHIP and WHEP say beside their bodies (RFC 9725).
_TOLD = ("Location", "ETag", "Accept-Patch", "Accept-Post", "Retry-After", "WWW-Authenticate")
SESSION: web.AppKey[aiohttp.ClientSession] = web.AppKey("proxy_session")


def _target(services: Services, request: web.Request) -> str:
    """The same address at the media server. Raises `Problem` (404) for one that climbs out of what is handed on."""
    if ".." in request.path.split("/"):
        raise Problem(ErrorCode.NOT_FOUND)
    base = urlsplit(services.config.effective_media_url)
    return urlunsplit((base.scheme, base.netloc, request.path, request.query_string, ""))


def _headers(request: web.Request) -> dict[str, str]:
    kept = {"Authorization", "User-Agent", "Accept-Language", "Content-Type", "If-Match"}
    return {name: value for name, value in request.headers.items() if name.title() in kept}


async def _pump(
    source: web.WebSocketResponse | aiohttp.ClientWebSocketResponse,
    sink: web.WebSocketResponse | aiohttp.ClientWebSocketResponse,
) -> None:
    async for message in source:
        if message.type is WSMsgType.BINARY:
            await sink.send_bytes(message.data)
        elif message.type is WSMsgType.TEXT:
            await sink.send_str(message.data)


def _long(socket: web.WebSocketResponse) -> bool:
    """Whether the client is far away (the kernel's round trip, tcpi_rtt of linux/tcp.h, in microseconds)."""
    raw = socket.get_extra_info("socket")
    try:
        info = raw.getsockopt(sockets.IPPROTO_TCP, sockets.TCP_INFO, 192)
        return bool(struct.unpack_from("=I", info, 68)[0] > LONG_LINE * 1e6)
    except (AttributeError, OSError, struct.error):
        return False


async def nudge(socket: web.WebSocketResponse) -> None:
    """Ping a far client while it joins. TCP sees a lost packet at once when later ones arrive, but waits a second
    and more when none do, and joining is a handful of single packets: pings and their pongs are those later ones."""
    for _ in range(int(JOINING / NUDGE_EVERY)):
        await asyncio.sleep(NUDGE_EVERY)
        if _long(socket):
            await socket.ping()


async def _socket(services: Services, request: web.Request) -> web.StreamResponse:
    session = request.app[SESSION]
    try:
        upstream = await asyncio.wait_for(
            session.ws_connect(
                _target(services, request), headers=_headers(request), max_msg_size=MAX_SIGNAL
            ),
            CONNECT_TIMEOUT,
        )
    except aiohttp.WSServerHandshakeError as error:
        return web.Response(status=error.status if 400 <= error.status < 500 else 503)
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise Problem(ErrorCode.NOT_READY) from None
    socket = web.WebSocketResponse(max_msg_size=MAX_SIGNAL, heartbeat=20)
    await socket.prepare(request)
    pumps = [
        asyncio.create_task(_pump(socket, upstream)),
        asyncio.create_task(_pump(upstream, socket)),
    ]
    nudging = asyncio.create_task(nudge(socket))
    try:
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (*pumps, nudging):
            task.cancel()
        await asyncio.gather(*pumps, nudging, return_exceptions=True)
        await upstream.close()
        await socket.close()
    return socket


async def _plain(services: Services, request: web.Request) -> web.StreamResponse:
    timeout = aiohttp.ClientTimeout(total=CONNECT_TIMEOUT)
    session = request.app[SESSION]
    sent = await request.read() if request.can_read_body else None
    try:
        async with session.request(
            request.method,
            _target(services, request),
            headers=_headers(request),
            data=sent,
            timeout=timeout,
        ) as answer:
            body = await answer.read()
            kept = {name: answer.headers[name] for name in _TOLD if name in answer.headers}
            return web.Response(
                status=answer.status,
                body=body,
                content_type=answer.content_type or "text/plain",
                headers=kept,
            )
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise Problem(ErrorCode.NOT_READY) from None


def mount(app: web.Application, services: Services) -> None:
    async def client(app: web.Application):  # type: ignore[no-untyped-def]
        async with aiohttp.ClientSession(auto_decompress=True) as session:
            app[SESSION] = session
            yield

    async def rtc(request: web.Request) -> web.StreamResponse:
        upgrade = request.headers.get("Upgrade", "").lower() == "websocket"
        return await (_socket if upgrade else _plain)(services, request)

    app.cleanup_ctx.append(client)
    for path in ("/rtc", "/rtc/{rest:.*}"):
        app.router.add_get(path, rtc)

    async def twirp(request: web.Request) -> web.StreamResponse:
        return await _plain(services, request)

    app.router.add_post("/twirp/{rest:.*}", twirp)
    for path in ("/whip", "/whep"):
        app.router.add_post(path, twirp)
        for method in ("PATCH", "DELETE"):
            app.router.add_route(method, path + "/{session}", twirp)
