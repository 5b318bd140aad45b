"""The front door: problem documents, bad bodies, health, live updates, the OpenAPI document."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from server.app import ALL_ROUTES
from server.http.openapi import build
from storage.db import LiveEvent
from tests.api.conftest import House


def test_the_openapi_document_is_valid() -> None:
    document = build(ALL_ROUTES)
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"] == "3.1.0"


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        (b"{", "invalid_request", 422),
        (b"", "invalid_request", 422),
        (b"[" * 100_000, "invalid_request", 422),
        (b'{"username": "a", "password": "b", "more": 1}', "invalid_request", 422),
        (b'{"username": "\\u0000", "password": "b"}', "invalid_request", 422),
        (b'{"username": "\\ud800", "password": "b"}', "invalid_request", 422),
        (b'{"username": "' + b"a" * 2_000_000 + b'"}', "body_too_large", 413),
    ],
)
async def test_bad_bodies_are_refused(house: House, body: bytes, code: str, status: int) -> None:
    answer = await house.nobody().post(
        "/api/auth/login", data=BytesIO(body), headers={"Content-Type": "application/json"}
    )
    assert (answer.status, answer.code) == (status, code)


async def test_a_form_is_not_json(house: House) -> None:
    answer = await house.nobody().post("/api/auth/login", data={"username": "a"})
    assert (answer.status, answer.code) == (415, "unsupported_media_type")


async def test_unknown_addresses_and_methods(house: House) -> None:
    absent = await house.nobody().get("/api/nothing-here")
    assert (absent.status, absent.code) == (404, "not_found")
    wrong = await house.nobody().delete("/api/me")
    assert (wrong.status, wrong.code) == (405, "method_not_allowed")


async def test_problems_speak_the_readers_language(house: House) -> None:
    english = await house.nobody().get("/api/me", headers={"Accept-Language": "en-GB"})
    chinese = await house.nobody().get("/api/me", headers={"Accept-Language": "zh-CN"})
    assert english.json["detail"] == english.json["message"]["en"]
    assert chinese.json["detail"] == chinese.json["message"]["zh"]
    assert english.json["request_id"] == english.headers["X-Request-Id"]


async def test_health_and_readiness(house: House) -> None:
    assert (await house.nobody().get("/healthz")).json == {"status": "ok"}
    ready = await house.nobody().get("/readyz")
    assert ready.json["parts"]["database"] == "ok"
    house.media.down = True
    down = await house.nobody().get("/readyz")
    assert down.status == 503
    assert down.json["parts"]["media"] == "MediaUnavailable"
    assert b"duikou_http_requests_total" in (await house.nobody().get("/metrics")).body


async def test_live_updates_reach_those_concerned(house: House) -> None:
    async with house.client.ws_connect("/api/live") as socket:
        await socket.send_json({"token": house.as_("specialist").token})
        assert (await socket.receive_json(timeout=5))["topic"] == "ready"
        city = house.world.organisations["city"]
        house.services.hub.publish(LiveEvent("reads", "ecg_1", frozenset({"org_other"})))
        house.services.hub.publish(LiveEvent("reads", "ecg_2", frozenset({city})))
        assert await socket.receive_json(timeout=5) == {"topic": "reads", "id": "ecg_2"}


@pytest.mark.parametrize("first", ['{"token": "wrong"}', "not json", json.dumps([1])])
async def test_live_updates_need_a_token(house: House, first: str) -> None:
    async with house.client.ws_connect("/api/live") as socket:
        await socket.send_str(first)
        await socket.receive(timeout=5)
        assert socket.close_code == 4401
