"""The API process: one event loop, on listening sockets that the supervisor opened and keeps open."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import structlog
from aiohttp import web

from server.certificate import ensure_certificate, lan_addresses, server_context
from server.config import Config
from server.services import Services
from storage.disk import Disk

log = structlog.get_logger("api")

WEB_ROOT = Path(__file__).resolve().parent.parent / "web" / "dist"
DRAIN_SECONDS = 3.0


def listening(fd: int) -> socket.socket:
    """A socket that the parent bound and passed down. A restarted API inherits its backlog: nobody is refused."""
    return socket.socket(fileno=fd)


async def _open(config: Config) -> Services:
    """The services; a demo server loads its demo first, on a clock of its own."""
    from server.app import build_services, close_services
    from server.demo import load

    services = await build_services(config)
    if not config.demo or await load.is_loaded(services):
        return services
    await close_services(services)
    await load.ensure(config)
    return await build_services(config)


async def run_api(config: Config, plain: socket.socket, secure: socket.socket | None) -> None:
    """Serve until SIGTERM or SIGINT, then let requests under way finish."""
    from server.app import build_app, close_services

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    services = await _open(config)
    runner = web.AppRunner(
        build_app(services, WEB_ROOT), access_log=None, shutdown_timeout=DRAIN_SECONDS
    )
    try:
        await runner.setup()
        async with _props(services):
            await _listen(runner, config, plain, secure)
            # What the start allocated stays; the collector need not look at it again and again.
            gc.freeze()
            log.info("api_serving", port=config.port)
            await stop.wait()
            log.info("api_draining")
    finally:
        await runner.cleanup()
        await close_services(services)


@asynccontextmanager
async def _props(services: Services) -> AsyncIterator[None]:
    """In demo mode: what a visitor can join and read now, from before the first request on."""
    if not services.config.demo:
        yield
        return
    from server.demo import refresh

    await refresh.once(services)
    keeping = asyncio.create_task(refresh.keep_fresh(services), name="demo")
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def _listen(
    runner: web.AppRunner, config: Config, plain: socket.socket, secure: socket.socket | None
) -> None:
    await web.SockSite(runner, plain).start()
    if secure is None:
        return
    disk = Disk(config.data)
    path = await asyncio.to_thread(ensure_certificate, disk, lan_addresses(), datetime.now(UTC))
    disk.close()
    await web.SockSite(runner, secure, ssl_context=server_context(path)).start()


def main(config: Config, fd: int, https_fd: int | None) -> None:
    """Run the API process on inherited sockets."""
    os.umask(0o077)
    plain = listening(fd)
    secure = listening(https_fd) if https_fd is not None else None
    try:
        asyncio.run(run_api(config, plain, secure))
    except Exception:
        # Not Python's own report: the text of an exception may quote what is stored.
        log.exception("api_failed")
        raise SystemExit(1) from None
