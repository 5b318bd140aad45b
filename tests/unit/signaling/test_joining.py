"""Joining where something goes wrong."""

from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from livekit.protocol import rtc

from signaling.app import build
from signaling.config import Settings
from signaling.room import Room
from tests.media.conftest import KEY, SECRET, token


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
