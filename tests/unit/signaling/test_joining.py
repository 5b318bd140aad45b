"""Joining where something goes wrong, and what is left of it."""

import gc
import weakref
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from livekit.protocol import rtc
from websockets.asyncio.client import connect

from signaling.app import build
from signaling.config import Settings
from signaling.room import Room
from signaling.socket import Link
from tests.media.conftest import KEY, SECRET, eventually, token


async def test_a_join_that_fails_leaves_nobody_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    application, server, _ = build(Settings(KEY, SECRET))
    introduce = Room.introduce

    def fail(room: Room, participant: Any) -> None:
        if participant.identity == "bad":
            raise ValueError
        introduce(room, participant)

    monkeypatch.setattr(Room, "introduce", fail)
    async with TestServer(application) as base, aiohttp.ClientSession() as session:
        address = str(base.make_url("/rtc?access_token="))
        async with session.ws_connect(address + token("bad")) as bad:
            async for _ in bad:
                pass
            assert not server.rooms["room"].participants
        async with session.ws_connect(address + token("good")) as good:
            join = rtc.SignalResponse.FromString(await good.receive_bytes(timeout=10)).join
            assert not join.other_participants


async def test_a_line_that_breaks_leaves_nothing_to_the_collector(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each socket holds a compressor: people who come and go would fill the memory between its rounds."""
    application, *_ = build(Settings(KEY, SECRET))
    sockets: list[weakref.ref[web.WebSocketResponse]] = []
    begin = Link.__init__

    def note(link: Link, socket: web.WebSocketResponse, transport: Any) -> None:
        sockets.append(weakref.ref(socket))
        begin(link, socket, transport)

    monkeypatch.setattr(Link, "__init__", note)
    gc.disable()
    try:
        async with TestServer(application) as base:
            address = f"ws://{base.host}:{base.port}/rtc?access_token={token('someone')}"
            joined = await connect(address)
            await joined.recv()
            assert sockets[0]() is not None
            joined.transport.abort()
            await eventually(lambda: sockets[0]() is None)
    finally:
        gc.enable()
