"""Request ids, problem documents, security headers and one access-log line per request."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable

import sqlalchemy.exc
import structlog
from aiohttp import web
from prometheus_client import Counter, Histogram

from server.errors import ErrorCode, Problem
from server.http import bodies
from storage.disk import DiskFailure
from storage.ids import new_id

log = structlog.get_logger("http")
REQUEST_ID = web.RequestKey("request_id", str)
# Ours or a UUID: what else a client calls its request might be somebody's number, and it goes into the logs.
_SAFE_ID = re.compile(r"req_[0-9a-z]{26}|[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}")

REQUESTS = Counter("duikou_http_requests_total", "HTTP requests.", ["method", "route", "status"])
SECONDS = Histogram("duikou_http_request_seconds", "HTTP request time.", ["route"])

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self)",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
        "style-src 'self' 'unsafe-inline'; script-src 'self' 'wasm-unsafe-eval'; "
        "worker-src 'self' blob:; connect-src 'self' ws: wss:; frame-ancestors 'none'; "
        "base-uri 'self'; form-action 'self'"
    ),
}

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})

# A client may call its method what it likes; each name would be a time series of its own.
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})

# Database or disk do not answer, or are full: not a fault of the request, and it may be sent again.
DOWN = (
    ConnectionRefusedError,
    DiskFailure,
    sqlalchemy.exc.InterfaceError,
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.TimeoutError,
)

HttpHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def language_of(request: web.Request) -> str:
    """`en` when the client prefers English, else `zh`."""
    first = request.headers.get("Accept-Language", "").split(",")[0].strip().lower()
    return "en" if first.startswith("en") else "zh"


def problem_response(request: web.Request, problem: Problem) -> web.Response:
    """The RFC 9457 answer to a problem."""
    document = problem.document(
        language=language_of(request),
        request_id=request.get(REQUEST_ID, ""),
        instance=route_name(request),
    )
    return web.Response(
        status=problem.status,
        body=json.dumps(document, ensure_ascii=False).encode(),
        content_type="application/problem+json",
        headers={"Cache-Control": "no-store", **problem.headers},
    )


def route_name(request: web.Request) -> str:
    """The route's template, never the concrete path: paths may hold ids, queries worse."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unmatched"


def _as_problem(error: web.HTTPException) -> Problem | None:
    codes = {
        404: ErrorCode.NOT_FOUND,
        405: ErrorCode.METHOD_NOT_ALLOWED,
        413: ErrorCode.BODY_TOO_LARGE,
        415: ErrorCode.UNSUPPORTED_MEDIA_TYPE,
    }
    if error.status in codes:
        headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        return Problem(codes[error.status], headers=headers)
    return Problem(ErrorCode.INVALID_REQUEST) if 400 <= error.status < 500 else None


async def _answer(request: web.Request, handler: HttpHandler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Problem as problem:
        return problem_response(request, problem)
    except web.HTTPException as error:
        known = _as_problem(error)
        if known is None:
            raise
        return problem_response(request, known)
    except web.RequestPayloadError:
        return problem_response(request, bodies.broken_off())
    except (asyncio.CancelledError, ConnectionResetError):
        raise
    except DOWN as error:
        kind = type(error).__name__
        log.error("down", route=route_name(request), error=kind, request_id=request[REQUEST_ID])
        return problem_response(request, Problem(ErrorCode.NOT_READY, headers={"Retry-After": "5"}))
    except Exception:
        log.exception("unhandled", route=route_name(request), request_id=request[REQUEST_ID])
        return problem_response(request, Problem(ErrorCode.INTERNAL))


@web.middleware
async def outermost(request: web.Request, handler: HttpHandler) -> web.StreamResponse:
    """Give the request an id, turn every refusal into a problem document, log one line."""
    given = request.headers.get("X-Request-Id", "")
    request[REQUEST_ID] = given if _SAFE_ID.fullmatch(given) else new_id("req")
    started = time.perf_counter()
    response = await _answer(request, handler)
    spent = time.perf_counter() - started
    name = route_name(request)
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(method, name, response.status).inc()
    SECONDS.labels(name).observe(spent)
    # Probes come every few seconds; they are worth a line only when somebody looks for one.
    (log.debug if name in PROBES else log.info)(
        "request",
        method=method,
        route=name,
        status=response.status,
        ms=round(spent * 1000, 1),
        request_id=request[REQUEST_ID],
    )
    return response


async def on_prepare(request: web.Request, response: web.StreamResponse) -> None:
    """Headers of every answer, files and WebSocket upgrades included."""
    response.headers["X-Request-Id"] = request.get(REQUEST_ID, "")
    response.headers.pop("Server", None)  # which versions run here is nobody's business
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
