"""Rooms over two processes behind one port."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator

import aiohttp
import psutil
import pytest
from livekit import api

from .conftest import KEY, SECRET, MediaProcess, launch, token
from .raw import Participant, entered
from .test_whip import Tone, connected, request


def workers(media: MediaProcess) -> list[psutil.Process]:
    """The worker processes, by index."""
    found = psutil.Process(media.process.pid).children()
    marked = {a: p for p in found for a in p.cmdline() if a.startswith("--worker=")}
    return [marked[key] for key in sorted(marked)]


def ready(media: MediaProcess) -> MediaProcess:
    """The server, once both workers answer."""
    until = time.monotonic() + 60
    while media.metric("workers") < 2:
        assert time.monotonic() < until
        time.sleep(0.05)
    return media


ARGUMENTS = ("--workers", "2", "--udp-port", "0")


@pytest.fixture(scope="module")
def standing_two() -> Iterator[MediaProcess]:
    """For tests that leave nothing behind."""
    found = ready(launch(*ARGUMENTS))
    yield found
    found.stop()


@pytest.fixture
def two(start: Callable[..., MediaProcess]) -> MediaProcess:
    return ready(start(*ARGUMENTS))


async def speaking(
    media: MediaProcess, room: str, transport: str
) -> tuple[Participant, Participant]:
    """A speaker and a listener in a room; the caller closes them."""
    pair = Participant(transport), Participant(transport)
    for one, name in zip(pair, ("speaker", "listener"), strict=True):
        await one.enter(media.url, token(name, room))
    await pair[0].publish()
    await pair[1].subscriber.connected.wait()
    return pair


async def heard(speaker: Participant, listener: Participant, first: int, count: int) -> None:
    """Speak until the listener has heard so much more."""
    wanted, number = len(listener.subscriber.heard) + count, first
    async with asyncio.timeout(10):
        while len(listener.subscriber.heard) < wanted:
            speaker.publisher.speak(number)
            number += 1
            await asyncio.sleep(0.01)


async def test_a_worker_dies_and_the_others_rooms_do_not_notice(two: MediaProcess) -> None:
    # Two new rooms, two idle workers: each gets one.
    lost = await speaking(two, "north", "udp")
    kept = await speaking(two, "south", "tcp")
    calls = [lost, kept]
    try:
        for call in calls:
            await heard(*call, 0, 5)
        assert {room.name for room in await _rooms(two)} == {"north", "south"}
        victim, survivor = _owner(two, lost[0]), _owner(two, kept[0])
        assert victim.pid != survivor.pid
        victim.send_signal(signal.SIGKILL)
        await heard(*kept, 1000, 50)
        # The room that was lost can be joined again, and goes on.
        await asyncio.to_thread(ready, two)
        calls.append(await speaking(two, "north", "tcp"))
        await heard(*calls[-1], 0, 5)
        assert {room.name for room in await _rooms(two)} == {"north", "south"}
        assert survivor.pid in {process.pid for process in workers(two)}
        assert two.metric("tcp_connections") == 6
    finally:
        for call in calls:
            for one in call:
                await one.close()
    found = workers(two)
    os.kill(two.process.pid, signal.SIGKILL)
    _, alive = await asyncio.to_thread(psutil.wait_procs, found, timeout=15)
    assert not alive, "workers end with their front"


def _owner(media: MediaProcess, who: Participant) -> psutil.Process:
    """The worker that a participant's ufrag names (its first letter)."""
    mark = who.publisher.remote[0][0]
    return workers(media)["ab".index(mark)]


async def _rooms(media: MediaProcess) -> list[api.Room]:
    async with media.api() as service:
        return list((await service.room.list_rooms(api.ListRoomsRequest())).rooms)


async def test_rooms_are_administered_wherever_they_are(standing_two: MediaProcess) -> None:
    async with standing_two.api() as service:
        names = [f"room-{number}" for number in range(6)]
        for name in names:
            made = await service.room.create_room(api.CreateRoomRequest(name=name, metadata=name))
            assert made.name == name
        listed = {room.name: room.metadata for room in await _rooms(standing_two)}
        assert listed == {name: name for name in names}
        async with entered(standing_two.url, token("someone", names[3])) as someone:
            assert someone.joined.room.metadata == names[3]
            about = api.RoomParticipantIdentity(room=names[3], identity="someone")
            assert (await service.room.get_participant(about)).identity == "someone"
            await service.room.remove_participant(about)
            await someone.wait("leave")
        for name in names:
            await service.room.delete_room(api.DeleteRoomRequest(room=name))
        assert not await _rooms(standing_two)
        with pytest.raises(api.TwirpError) as missing:
            await service.room.delete_room(api.DeleteRoomRequest(room=names[0]))
        assert missing.value.code == "not_found"


async def test_the_front_answers_what_the_server_would(standing_two: MediaProcess) -> None:
    listing = f"{standing_two.http}/twirp/livekit.RoomService/ListRooms"
    signer = api.AccessToken(KEY, SECRET).with_grants(api.VideoGrants(room_list=True))
    allowed = {"Authorization": f"Bearer {signer.to_jwt()}"}
    async with aiohttp.ClientSession() as http:
        async with http.get(standing_two.http + "/") as answer:
            assert (answer.status, await answer.text()) == (200, "OK")
        async with http.post(listing, json={}) as answer:
            assert answer.status == 401
        async with http.post(listing, json={}, headers=allowed) as answer:
            assert (answer.status, await answer.json()) == (200, {"rooms": []})
        for path in ("/rtc/validate?access_token=nonsense", "/rtc/validate"):
            async with http.get(standing_two.http + path) as answer:
                assert answer.status == 401
        query = {"access_token": token("someone", "somewhere")}
        async with http.get(standing_two.http + "/rtc/validate", params=query) as answer:
            assert (answer.status, await answer.text()) == (200, "success")
        async with http.options(
            standing_two.http + "/whip", headers={"Origin": "https://x.cn"}
        ) as answer:
            assert answer.status == 204
            assert answer.headers["Access-Control-Allow-Origin"] == "https://x.cn"
        async with http.get(standing_two.http + "/nothing-here") as answer:
            assert answer.status == 404
        # A token that fills several segments of TCP.
        query = {"access_token": token("someone", "somewhere"), "attributes": "x" * 50_000}
        async with http.get(standing_two.http + "/rtc/validate", params=query) as answer:
            assert answer.status == 400


async def test_a_drain_ends_all(two: MediaProcess) -> None:
    found = workers(two)
    async with entered(two.url, token("someone")) as someone:
        two.process.terminate()
        await someone.wait("leave")
        assert await asyncio.to_thread(two.process.wait, 15) == 0
    assert not any(process.is_running() for process in found)


async def test_an_encoders_session_is_found_without_a_token(standing_two: MediaProcess) -> None:
    for room in ("north", "south"):
        async with connected(standing_two, "/whip", token("encoder", room), Tone()) as session:
            assert (await request("DELETE", session.address))[0] == 200
            assert (await request("DELETE", session.address))[0] == 404
