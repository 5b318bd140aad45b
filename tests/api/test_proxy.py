"""One origin: `/rtc` and `/twirp` reach the media server through the API's address."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer
from yarl import URL

from tests.api.conftest import House


async def _echo(request: web.Request) -> web.StreamResponse:
    if request.query.get("access_token") != "good":
        return web.Response(status=401)
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        if message.type is WSMsgType.BINARY:
            await socket.send_bytes(message.data[::-1])
    return socket


async def _twirp(request: web.Request) -> web.StreamResponse:
    return web.json_response(
        {"method": request.match_info["method"], "token": request.headers["Authorization"]}
    )


async def _whip(request: web.Request) -> web.StreamResponse:
    told = {"Location": "/whip/one", "ETag": '"ice"', "Accept-Patch": "x/y", "Server": "hidden"}
    match = request.headers.get("If-Match", "none")
    text = f"{request.method} {match} {await request.text()}"
    return web.Response(status=201, text=text, content_type="application/sdp", headers=told)


async def _secret(_request: web.Request) -> web.StreamResponse:
    return web.Response(text="secret")


@pytest.fixture
async def upstream(house: House) -> AsyncIterator[House]:
    """The house with a stand-in media server behind its proxy."""
    app = web.Application()
    app.router.add_get("/rtc", _echo)
    app.router.add_get("/secret", _secret)
    app.router.add_post("/whip", _whip)
    app.router.add_patch("/whip/{session}", _whip)
    app.router.add_post("/twirp/livekit.RoomService/{method}", _twirp)
    async with TestServer(app) as server:
        config = house.services.config.model_copy(
            update={"media_url": f"http://127.0.0.1:{server.port}"}
        )
        house.services.config = config
        yield house


async def test_signal_messages_pass_both_ways(upstream: House) -> None:
    async with upstream.client.ws_connect("/rtc?access_token=good") as socket:
        await socket.send_bytes(b"abc")
        assert await socket.receive_bytes(timeout=5) == b"cba"


async def test_a_refusal_keeps_its_status(upstream: House) -> None:
    response = await upstream.client.get(
        "/rtc?access_token=bad", headers={"Upgrade": "websocket", "Connection": "Upgrade"}
    )
    assert response.status == 401


async def test_a_v1_probe_is_answered_by_the_media_server(upstream: House) -> None:
    assert (await upstream.client.get("/rtc/v1/validate")).status == 404


async def test_room_service_is_reached_with_its_token(upstream: House) -> None:
    response = await upstream.client.post(
        "/twirp/livekit.RoomService/ListRooms", json={}, headers={"Authorization": "Bearer t"}
    )
    assert await response.json() == {"method": "ListRooms", "token": "Bearer t"}


@pytest.mark.parametrize(
    "path", ["/rtc/..%2fsecret", "/rtc/%2e%2e/secret", "/rtc/a/..%2f..%2fsecret"]
)
async def test_nothing_beside_it_is_reached(upstream: House, path: str) -> None:
    response = await upstream.client.get(URL(path, encoded=True))
    assert response.status == 404
    assert await response.text() != "secret"


async def test_a_silent_media_server_is_said_so(house: House) -> None:
    house.services.config = house.services.config.model_copy(
        update={"media_url": "http://127.0.0.1:1"}
    )
    answer = await house.nobody().get("/rtc/validate")
    assert (answer.status, answer.code) == (503, "not_ready")


async def test_an_encoder_reaches_its_session(upstream: House) -> None:
    headers = {"Authorization": "Bearer t", "Content-Type": "application/sdp"}
    response = await upstream.client.post("/whip", data="v=0", headers=headers)
    assert (response.status, response.content_type) == (201, "application/sdp")
    assert await response.text() == "POST none v=0"
    assert response.headers["Location"] == "/whip/one"
    assert (response.headers["ETag"], response.headers["Accept-Patch"]) == ('"ice"', "x/y")
    headers["If-Match"] = '"ice"'
    response = await upstream.client.patch("/whip/one", data="a=x", headers=headers)
    assert await response.text() == 'PATCH "ice" a=x'
