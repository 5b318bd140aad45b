"""From an aiohttp request to a typed handler: authentication, permission, parsing, answer."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aiohttp import web
from pydantic import BaseModel, ValidationError

from server.access.authentication import authenticate
from server.access.permissions import allows
from server.errors import ErrorCode, Problem
from server.http import bodies
from server.http.middleware import REQUEST_ID
from server.http.repeats import HEADER, Repeats
from server.http.routing import Call, Empty, Route

if TYPE_CHECKING:
    from server.services import Services

SERVICES: web.AppKey[Services] = web.AppKey("services")
MAX_JSON = 1024 * 1024
COMPRESS_FROM = 1024  # bytes
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")


def _field(part: str | int) -> str:
    # The name of an unknown field is the sender's own text, too.
    return str(part) if isinstance(part, int) or _FIELD.fullmatch(part) else "?"


def invalid(error: ValidationError) -> Problem:
    """A problem that lists which fields are wrong, without repeating what was sent."""
    fields = [
        {"path": ".".join(map(_field, item["loc"])), "message": item["msg"]}
        for item in error.errors(include_input=False, include_url=False, include_context=False)[:20]
    ]
    return Problem(ErrorCode.INVALID_REQUEST, data={"errors": fields})


async def _read_json(request: web.Request) -> Any:
    if request.content_type != "application/json":
        raise Problem(ErrorCode.UNSUPPORTED_MEDIA_TYPE)
    raw = await bodies.whole(request, MAX_JSON)
    try:
        # Lone surrogates parse as JSON but cannot be stored or encoded again.
        value = json.loads(raw)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Problem(
            ErrorCode.INVALID_REQUEST,
            zh="请求内容不是有效的 JSON。",
            en="The body is not valid JSON.",
        ) from None
    return value


async def parse(route: Route, request: web.Request) -> tuple[BaseModel, BaseModel]:
    """Query and body as the route's models. Raises `Problem`."""
    grouped: dict[str, Any] = {}
    for key in request.query:
        values = request.query.getall(key)
        grouped[key] = values if len(values) > 1 or _is_list(route.query, key) else values[0]
    try:
        query = route.query.model_validate(grouped)
        body: BaseModel = Empty()
        if route.body is not None:
            body = route.body.model_validate(await _read_json(request))
    except ValidationError as error:
        raise invalid(error) from None
    if _has_nul(query) or _has_nul(body):
        raise Problem(ErrorCode.INVALID_REQUEST)
    return query, body


def _is_list(model: type[BaseModel], key: str) -> bool:
    found = model.model_fields.get(key)
    return found is not None and "list[" in str(found.annotation)


def _has_nul(model: BaseModel) -> bool:
    # PostgreSQL text cannot hold U+0000; refuse it alike on every database.
    return "\\u0000" in model.model_dump_json()


def respond(route: Route, result: BaseModel | web.StreamResponse) -> web.StreamResponse:
    """JSON for a model; compressed where it pays on a thin line."""
    if isinstance(result, web.StreamResponse):
        return result
    body = result.model_dump_json().encode()
    response = web.Response(status=route.status, body=body, content_type="application/json")
    if len(body) > COMPRESS_FROM:
        response.enable_compression()
    return response


async def _handled(route: Route, call: Call[Any, Any]) -> BaseModel | web.StreamResponse:
    chosen = call.http.headers.get(HEADER)
    if chosen is None or not route.repeatable:
        return await route.handler(call)
    repeats = call.services.state.setdefault("repeats", Repeats())
    assert isinstance(repeats, Repeats)

    async def work() -> BaseModel | web.StreamResponse:
        return await route.handler(call)

    key = (call.person.id, route.operation_id, chosen)
    answer: BaseModel | web.StreamResponse = await repeats.once(
        key, call.body, call.services.clock.now(), work
    )
    return answer


def endpoint(route: Route, services: Services) -> Any:
    """The aiohttp handler of a route."""

    async def handle(request: web.Request) -> web.StreamResponse:
        person = None
        if route.permission is not None:
            person = await authenticate(services, request.headers.get("Authorization", ""))
            if not allows(person.roles, route.permission):
                raise Problem(ErrorCode.NOT_ALLOWED)
        if any("\x00" in value or len(value) > 200 for value in request.match_info.values()):
            raise Problem(ErrorCode.NOT_FOUND)
        query, body = await parse(route, request)
        call: Call[Any, Any] = Call(
            http=request,
            services=services,
            path=dict(request.match_info),
            query=query,
            body=body,
            request_id=request[REQUEST_ID],
            maybe_person=person,
        )
        return respond(route, await _handled(route, call))

    return handle


def mount(app: web.Application, routes: Sequence[Route], services: Services) -> None:
    """Register every route."""
    app[SERVICES] = services
    for route in routes:
        app.router.add_route(route.method, route.path, endpoint(route, services))
