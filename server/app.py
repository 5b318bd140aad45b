"""The composition root: Config in, aiohttp Application out. The only place that builds things."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

from aiohttp import web

from server.access import routes as access_routes
from server.assessment import routes as assessment_routes
from server.attachments import routes as attachments_routes
from server.clock import Clock, SystemClock
from server.config import Config
from server.evidence import routes as evidence_routes
from server.evidence.service import keep_sealing
from server.http import health, pages, proxy
from server.http.dispatch import SERVICES, mount
from server.http.live import Hub, live
from server.http.middleware import on_prepare, outermost
from server.http.openapi import encoded
from server.http.routing import Route
from server.pairing import routes as pairing_routes
from server.patients import routes as patients_routes
from server.reads import routes as reads_routes
from server.reads.closing import keep_entering
from server.recordings import routes as recordings_routes
from server.recordings.keeper import keep_expiring, keeper_of
from server.recordings.studio import ProcessStudio
from server.secrets import load_secrets
from server.services import Services
from server.sessions import routes as sessions_routes
from server.sessions.lecture_closing import keep_closing
from server.sessions.witnesses import keep_witnessing
from storage.blobs import BlobStore
from storage.db import Database
from storage.disk import Disk
from storage.ledger import Ledger
from storage.migrate import upgrade
from storage.readers import ReaderPool

ALL_ROUTES: tuple[Route, ...] = (
    *access_routes.ROUTES,
    *assessment_routes.ROUTES,
    *attachments_routes.ROUTES,
    *evidence_routes.ROUTES,
    *pairing_routes.ROUTES,
    *patients_routes.ROUTES,
    *reads_routes.ROUTES,
    *recordings_routes.ROUTES,
    *sessions_routes.ROUTES,
)


@cache
def openapi_document() -> bytes:
    """The OpenAPI document, made once: it takes a third of a second."""
    return encoded(ALL_ROUTES)


async def build_services(config: Config, clock: Clock | None = None) -> Services:
    """Open every port: folders, secrets, database (migrated), ledger, readers, media server."""
    from server.sessions.media import LiveKitMedia

    clock = clock or SystemClock()
    disk = Disk(config.data)
    await asyncio.to_thread(disk.clean)  # what processes that died were writing
    secrets = load_secrets(config, disk)
    hub = Hub()
    await upgrade(config.effective_database_url)
    return Services(
        config=config,
        clock=clock,
        db=Database(config.effective_database_url, clock.now, hub.publish),
        hub=hub,
        secrets=secrets,
        disk=disk,
        blobs=BlobStore(disk),
        ledger=await Ledger.open(disk, origin=config.ledger_origin, clock=clock.now),
        readers=ReaderPool(config.readers),
        media=LiveKitMedia(config.effective_media_url, secrets.media_key, secrets.media_secret),
        studio=ProcessStudio(config.effective_media_url),
    )


async def close_services(services: Services) -> None:
    await services.readers.close()
    await services.media.close()
    await services.ledger.close()
    await services.db.close()
    services.disk.close()


def build_app(services: Services, web_root: Path | None = None) -> web.Application:
    """The application on given services; tests hand in their own."""
    app = web.Application(
        middlewares=[outermost],
        client_max_size=2 * 1024 * 1024,
        handler_args={"max_line_size": 64 * 1024, "max_field_size": 64 * 1024},
    )
    app.on_response_prepare.append(on_prepare)
    mount(app, ALL_ROUTES, services)
    document = openapi_document()

    async def openapi(_request: web.Request) -> web.Response:
        return web.Response(body=document, content_type="application/json")

    async def live_updates(request: web.Request) -> web.StreamResponse:
        return await live(services, request)

    app.router.add_get("/api/openapi.json", openapi)
    app.router.add_get("/api/live", live_updates)
    health.mount(app, services)
    proxy.mount(app, services)
    pages.mount(app, web_root)
    app.cleanup_ctx.append(_running)
    return app


async def _running(app: web.Application) -> AsyncIterator[None]:
    """Start the reader pool and the background work with the application, stop them with it."""
    services = app[SERVICES]
    await services.readers.start()
    background = [
        asyncio.create_task(keep_closing(services), name="keep-closing"),
        asyncio.create_task(keep_sealing(services), name="keep-sealing"),
        asyncio.create_task(keep_entering(services), name="keep-entering-reads"),
        asyncio.create_task(keeper_of(services).run(), name="keep-recording"),
        asyncio.create_task(keep_witnessing(services), name="keep-witnessing"),
        asyncio.create_task(keep_expiring(services), name="keep-expiring-recordings"),
    ]
    yield
    for task in background:
        task.cancel()
    await asyncio.gather(*background, return_exceptions=True)
