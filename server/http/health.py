"""`/healthz` (alive), `/readyz` (says what is not ready), `/metrics` (Prometheus)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from storage.readers import ReaderUnavailable

if TYPE_CHECKING:
    from server.services import Services

CHECK_TIMEOUT = 3.0


async def _reason(check: asyncio.Future[None] | asyncio.Task[None]) -> str:
    """`ok`, or the kind of failure; never its text, which may hold addresses or data."""
    try:
        await asyncio.wait_for(check, CHECK_TIMEOUT)
    except TimeoutError:
        return "no answer in time"
    except Exception as error:
        return type(error).__name__
    return "ok"


async def _disk_writable(services: Services) -> None:
    await asyncio.to_thread(services.disk.write, "ready.probe", b"ok")


async def _readers_ready(services: Services) -> None:
    if not services.readers.health().ready:
        raise ReaderUnavailable


async def readiness(services: Services) -> dict[str, str]:
    """Each part and `ok` or why it is not."""
    checks = {
        "database": services.db.ping(),
        "disk": _disk_writable(services),
        "media": services.media.ping(),
        "readers": _readers_ready(services),
    }
    tasks = {name: asyncio.ensure_future(check) for name, check in checks.items()}
    return {name: await _reason(task) for name, task in tasks.items()}


def mount(app: web.Application, services: Services) -> None:
    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_request: web.Request) -> web.Response:
        parts = await readiness(services)
        ready = all(state == "ok" for state in parts.values())
        return web.json_response({"ready": ready, "parts": parts}, status=200 if ready else 503)

    async def metrics(_request: web.Request) -> web.Response:
        text = generate_latest()
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
