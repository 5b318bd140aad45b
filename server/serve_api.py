"""The API process: one event loop, on listening sockets that the supervisor opened and keeps open."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
from datetime import UTC, datetime
from pathlib import Path

import structlog
from aiohttp import web

from server.certificate import ensure_certificate, lan_addresses, server_context
from server.config import Config
from storage.disk import Disk

log = structlog.get_logger("api")

WEB_ROOT = Path(__file__).resolve().parent.parent / "web" / "dist"
DRAIN_SECONDS = 3.0


def listening(fd: int) -> socket.socket:
    """A socket that the parent bound and passed down. A restarted API inherits its backlog: nobody is refused."""
    return socket.socket(fileno=fd)


async def run_api(config: Config, plain: socket.socket, secure: socket.socket | None) -> None:
    """Serve until SIGTERM or SIGINT, then let requests under way finish."""
    from server.app import build_app, build_services, close_services
    from server.demo import load, refresh

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if config.demo:
        await load.ensure(config)
    services = await build_services(config)
    try:
        runner = web.AppRunner(
            build_app(services, WEB_ROOT), access_log=None, shutdown_timeout=DRAIN_SECONDS
        )
        await runner.setup()
        props = None
        try:
            if config.demo:
                await refresh.once(services)
                props = asyncio.create_task(refresh.keep_fresh(services), name="demo")
            await _listen(runner, config, plain, secure)
            # What the start allocated stays; the collector need not look at it again and again.
            gc.freeze()
            log.info("api_serving", port=config.port)
            await stop.wait()
            log.info("api_draining")
        finally:
            if props is not None:
                props.cancel()
                await asyncio.gather(props, return_exceptions=True)
            await runner.cleanup()
    finally:
        await close_services(services)


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
