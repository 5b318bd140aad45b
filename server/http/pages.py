"""The built web client: hashed assets cached for ever, every other address answers the one page."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from server.errors import ErrorCode, Problem

NOT_BUILT = b"<!doctype html><meta charset=utf-8><title>Duikou</title><p>The pages are not built. Run `make run`.</p>"
NOT_PAGES = ("/api/", "/rtc", "/twirp/", "/hooks/", "/assets/")


def _wants_gzip(request: web.Request) -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "")


def mount(app: web.Application, web_root: Path | None) -> None:
    """Serve `web_root` (web/dist). Without it, say how to build it."""
    root = web_root.resolve() if web_root is not None else None

    async def page(request: web.Request) -> web.StreamResponse:
        if request.path.startswith(NOT_PAGES):
            return await asset(request)
        if root is None or not (root / "index.html").is_file():
            return web.Response(status=503, body=NOT_BUILT, content_type="text/html")
        target = (root / request.path.lstrip("/")).resolve()
        if target.is_file() and target.is_relative_to(root) and target.name != "index.html":
            return web.FileResponse(target, headers={"Cache-Control": "no-cache"})
        return web.FileResponse(root / "index.html", headers={"Cache-Control": "no-cache"})

    async def asset(request: web.Request) -> web.StreamResponse:
        if root is None or not request.path.startswith("/assets/"):
            raise Problem(ErrorCode.NOT_FOUND)
        target = (root / request.path.lstrip("/")).resolve()
        if not target.is_relative_to(root / "assets") or not target.is_file():
            raise Problem(ErrorCode.NOT_FOUND)
        return web.FileResponse(
            target, headers={"Cache-Control": "public, max-age=31536000, immutable"}
        )

    app.router.add_get("/{path:.*}", page)
