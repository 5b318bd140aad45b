"""Losing, resuming, coming and going, with light clients that do exactly what the test says."""

import asyncio
import random
from collections.abc import AsyncIterator

import aiohttp
import pytest_asyncio
from aiohttp import ClientWebSocketResponse
from livekit.protocol import rtc

from signaling.bench_client import Client
from signaling.transport.dtls import Identity

from .conftest import MediaProcess, eventually, token

IDENTITY = Identity()


@pytest_asyncio.fixture
async def caller(media: MediaProcess) -> AsyncIterator[Client]:
    """A light client that has joined and publishes."""
    found = Client(media.url, token("caller"), IDENTITY)
    await found.join()
    await found.publish()
    await found.subscriber.connected.wait()
    yield found
    await found.close()


async def next_message(socket: ClientWebSocketResponse) -> rtc.SignalResponse:
    return rtc.SignalResponse.FromString((await socket.receive(5)).data)


async def test_a_cut_signal_connection_can_be_resumed(caller: Client, media: MediaProcess) -> None:
    await eventually(lambda: media.metric("tracks") == 2)
    await caller.cut()
    address = f"{media.http}/rtc?reconnect=1&access_token={token('caller')}"
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        assert (await next_message(socket)).HasField("reconnect")
        update = (await next_message(socket)).update
        assert [p.identity for p in update.participants] == ["caller"]
        assert len(update.participants[0].tracks) == 2
        kinds = [(await next_message(socket)).WhichOneof("message") for _ in range(2)]
        assert kinds == ["room_update", "offer"]
        # Media went on all the while: nothing was published anew.
        assert media.metric("tracks") == 2
        assert media.metric("participants") == 1


async def test_an_offer_after_the_resume_has_new_ice_credentials(
    caller: Client, media: MediaProcess
) -> None:
    before = caller.offered[-1]
    await caller.cut()
    address = f"{media.http}/rtc?reconnect=1&access_token={token('caller')}"
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        while not (message := await next_message(socket)).HasField("offer"):
            continue
        ufrags = [
            next(line for line in text.splitlines() if line.startswith("a=ice-ufrag:"))
            for text in (before, message.offer.sdp)
        ]
        assert ufrags[0] != ufrags[1]


async def test_many_come_and_go_and_nothing_is_left_behind(media: MediaProcess) -> None:
    """Thirty light clients, some publishing, join and leave at random (seeded)."""
    chance = random.Random(7)

    async def visit(index: int) -> None:
        publish = index % 5 == 0
        who = token(f"guest-{index}", can_publish=publish)
        client = Client(media.url, who, IDENTITY)
        await asyncio.sleep(chance.random() * 2)
        await client.join()
        if publish:
            await client.publish()
        await client.subscriber.connected.wait()
        await asyncio.sleep(chance.random() * 2)
        await client.leave()
        await client.close()

    async with asyncio.timeout(60):
        await asyncio.gather(*(visit(index) for index in range(30)))
    for name in ("participants", "tracks", "connections", "addresses"):
        await eventually(lambda name=name: media.metric(name) == 0)
    assert media.metric("dropped_total") == 0


async def test_a_late_subscriber_gets_what_flows(caller: Client, media: MediaProcess) -> None:
    await eventually(lambda: media.metric("tracks") == 2)
    late = Client(media.url, token("late"), IDENTITY)
    await late.join()
    await eventually(lambda: len(late.subscriber.flows) == 2 and late.subscriber.packets > 100)
    assert all(flow.lost() == 0 for flow in late.subscriber.flows.values())
    await late.close()
