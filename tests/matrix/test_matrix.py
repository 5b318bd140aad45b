"""Every operation, for every person of the world, with objects that exist and with ids that do not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import jwt
import pytest

from server.access.authentication import AUDIENCE
from server.app import ALL_ROUTES
from server.http.routing import Route
from storage.db import Actor, Tx, _watch_changes
from tests.api.conftest import Answer, Caller, House
from tests.matrix.objects import make
from tests.matrix.table import EVERYBODY, LISTS, PUBLIC, TABLE, Row

ROUTES = {route.operation_id: route for route in ALL_ROUTES}
OUTSIDE = {
    "/api/openapi.json", "/api/live", "/healthz", "/readyz", "/metrics",
    "/rtc", "/rtc/{rest}", "/twirp/{rest}", "/{path}",
    "/whip", "/whip/{session}", "/whep", "/whep/{session}",
}  # fmt: skip
"""Everything that is served and is no operation of the document: no object of anybody's."""


def test_every_operation_is_in_the_table() -> None:
    assert set(TABLE) == set(ROUTES) - PUBLIC
    assert {name for name, route in ROUTES.items() if route.permission is None} == PUBLIC


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
async def test_nothing_is_served_beside_the_table(house: House) -> None:
    served = {resource.canonical for resource in house.client.app.router.resources()}
    assert served == {route.path for route in ALL_ROUTES} | OUTSIDE


def absent_of(identifier: str) -> str:
    """An id of the same kind that no object has."""
    return identifier[:4] + "0" * (len(identifier) - 4)


def _filled(house: House, value: Any, identifier: str) -> Any:
    text = json.dumps(value, ensure_ascii=False)
    for name, real in (
        ("{id}", identifier),
        ("{city}", house.world.organisations["city"]),
        ("{lecturer}", house.world.staff["lecturer"]),
        ("{doctor}", house.world.staff["rural_doctor"]),
    ):
        text = text.replace(name, real)
    return json.loads(text)


async def ask(house: House, caller: Caller, route: Route, row: Row, identifier: str) -> Answer:
    path = route.path
    for name in (part[1:-1] for part in route.path.split("/") if part.startswith("{")):
        path = path.replace("{" + name + "}", row.rest if name == "name" else identifier)
    if row.query:
        path += "?" + row.query.replace("{id}", identifier)
    options: dict[str, Any] = {}
    if row.body is not None:
        options["json"] = _filled(house, row.body, identifier)
    if row.data is not None:
        kind = "text/plain" if row.data == b"abc" else "application/dicom"
        options |= {"data": row.data, "headers": {"Content-Type": kind}}
    return await caller.request(route.method, path, **options)


def same(one: Answer, other: Answer) -> bool:
    """Alike to the byte but for the request's id."""

    def bare(answer: Answer) -> tuple[Any, ...]:
        request_id = answer.headers["X-Request-Id"]
        headers = {
            name: value
            for name, value in answer.headers.items()
            if name.lower() not in ("x-request-id", "date")
        }
        return answer.status, headers, answer.body.replace(request_id.encode(), b"")

    return bare(one) == bare(other)


@asynccontextmanager
async def _undone(house: House) -> AsyncIterator[None]:
    """Writes are flushed and undone, so that one set of objects serves every question."""
    database = house.services.db

    @asynccontextmanager
    async def write(actor: Actor) -> AsyncIterator[Tx]:
        async with database._write_sessions() as session:
            tx = Tx(session, actor, house.clock.now())
            changed = _watch_changes(session)
            try:
                yield tx
                await session.flush()
                assert tx.audited or not changed, "a write names its audit action"
            finally:
                session.expunge_all()
                await session.rollback()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "write", write)
        yield


async def _verdict(
    house: House, who: str, route: Route, row: Row, present: str, absent: str
) -> str:
    """What is wrong, or nothing."""
    there = await ask(house, house.as_(who), route, row, present)
    gone = await ask(house, house.as_(who), route, row, absent) if absent else there
    if who in row.allow:
        if there.status >= 300:
            return f"is refused: {there.status} {there.body[:200]!r}"
        return "" if not absent or gone.status == 404 else f"absent: {gone.status}"
    if who in row.sees:
        good = there.status in (403, 404, 409) and gone.status == 404
        return "" if good else f"sees, but: {there.status}, absent: {gone.status}"
    if there.status not in (403, 404):
        return f"is let in: {there.status} {there.body[:200]!r}"
    return "" if same(there, gone) else f"can tell: {there.status}, absent: {gone.status}"


async def _row(house: House, route: Route, row: Row, objects: dict[str, str]) -> list[str]:
    present = objects[row.object] if row.object else ""
    absent = absent_of(present)
    wrong = []
    for who in sorted(EVERYBODY):
        fault = await _verdict(house, who, route, row, present, absent)
        if fault:
            wrong.append(f"{route.operation_id} {row.object or ''}: {who} {fault}")
    return wrong


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
async def test_everybody_and_everything(house: House) -> None:
    objects = await make(house)
    wrong: list[str] = []
    async with _undone(house):
        for name, rows in TABLE.items():
            for row in rows:
                if not row.kept:
                    wrong += await _row(house, ROUTES[name], row, objects)
        for path, (_, held) in LISTS.items():
            wrong += await _list(house, path, held, objects)
    for name, rows in TABLE.items():
        for row in rows:
            if row.kept:
                wrong += await _row(house, ROUTES[name], row, objects)
    assert wrong == [], "\n".join(wrong)


async def _list(
    house: House, path: str, held: dict[str, frozenset[str]], objects: dict[str, str]
) -> list[str]:
    wrong = []
    for who in sorted(EVERYBODY):
        text = (await house.as_(who).get(path)).body.decode()
        for kind, allowed in held.items():
            if (objects[kind] in text) != (who in allowed):
                wrong.append(f"{path}: {who} and {kind}")
    return wrong


def _bad_tokens(house: House) -> list[str | None]:
    staff_id = house.world.staff["rural_doctor"]
    claims = {"sub": staff_id, "aud": AUDIENCE, "exp": house.clock.now() + timedelta(minutes=5)}
    secret = house.services.secrets.jwt
    return [
        None,
        "",
        "garbage",
        "a.b.c",
        jwt.encode(claims, None, algorithm="none"),
        jwt.encode(claims, "x" * 64, algorithm="HS256"),
        jwt.encode({**claims, "aud": "other"}, secret, algorithm="HS256"),
        jwt.encode({**claims, "sub": absent_of(staff_id)}, secret, algorithm="HS256"),
        jwt.encode({"sub": staff_id, "aud": AUDIENCE}, secret, algorithm="HS256"),
        jwt.encode({**claims, "exp": house.clock.now()}, secret, algorithm="HS256"),
    ]


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
async def test_without_a_good_token_every_door_is_shut_alike(house: House) -> None:
    patient = house.world.patient
    tokens = _bad_tokens(house)
    for name, rows in TABLE.items():
        first = await ask(house, house.nobody(), ROUTES[name], rows[0], patient)
        assert (first.status, first.code) == (401, "session_expired"), name
        for number, token in enumerate(tokens):
            answer = await ask(house, house.nobody(token), ROUTES[name], rows[0], patient)
            assert same(first, answer), (name, number)
        absent = await ask(house, house.nobody(), ROUTES[name], rows[0], absent_of(patient))
        assert same(first, absent), name


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
async def test_the_coordinator_sees_no_clinical_text(house: House) -> None:
    objects = await make(house)
    for kind, identifier in objects.items():
        if not kind.startswith("consult.") or kind == "consult.draft":
            continue
        answer = await house.as_("coordinator").get(f"/api/consults/{identifier}")
        assert answer.json["clinical"] is None
    listed = (await house.as_("coordinator").get("/api/consults?limit=200")).body.decode()
    for text in ("患者示例", "胸痛两小时", "急性冠脉", house.world.patient):
        assert text not in listed
