"""The built web client: hashed assets cached for ever, every other address answers the one page."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from server.errors import ErrorCode, Problem

NOT_BUILT = b"<!doctype html><meta charset=utf-8><title>Duikou</title><p>The pages are not built. Run `make run`.</p>"
NOT_PAGES = ("/api/", "/rtc", "/twirp/", "/hooks/", "/assets/")


def _wants_gzip(request: web.Request) -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "")


def _file_in(folder: Path, path: Path) -> Path | None:
    """The file behind a path that a browser asked for, if it lies in the folder."""
    try:
        target = path.resolve()
        return target if target.is_relative_to(folder) and target.is_file() else None
    except (OSError, ValueError):  # a name too long for the file system, or with a NUL in it
        return None


def mount(app: web.Application, web_root: Path | None) -> None:
    """Serve `web_root` (web/dist). Without it, say how to build it."""
    root = web_root.resolve() if web_root is not None else None

    async def page(request: web.Request) -> web.StreamResponse:
        if request.path.startswith(NOT_PAGES):
            return await asset(request)
        if root is None or not (root / "index.html").is_file():
            return web.Response(status=503, body=NOT_BUILT, content_type="text/html")
        target = _file_in(root, root / request.path.lstrip("/"))
        if target is not None and target.name != "index.html":
            return web.FileResponse(target, headers={"Cache-Control": "no-cache"})
        return web.FileResponse(root / "index.html", headers={"Cache-Control": "no-cache"})

    async def asset(request: web.Request) -> web.StreamResponse:
        if root is None or not request.path.startswith("/assets/"):
            raise Problem(ErrorCode.NOT_FOUND)
        target = _file_in(root / "assets", root / request.path.lstrip("/"))
        if target is None:
            raise Problem(ErrorCode.NOT_FOUND)
        return web.FileResponse(
            target, headers={"Cache-Control": "public, max-age=31536000, immutable"}
        )

    app.router.add_get("/{path:.*}", page)
