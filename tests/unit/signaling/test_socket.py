"""One signal connection, of which the test says what it reads and what it sends."""

import asyncio
from typing import Any

import pytest
from aiohttp import WSMessage, WSMsgType
from livekit.protocol import models, rtc

from signaling.allowance import Allowance
from signaling.room import Room
from signaling.socket import Link, listen

from .rooms import enter, turn


class Line:
    """A WebSocket and its transport, as far as a Link needs them. It takes nothing before `reading`."""

    def __init__(self) -> None:
        self.reading = asyncio.Event()
        self.written: list[bytes] = []
        self.aborted = self.closed = False

    def get_extra_info(self, name: str) -> None:
        return None

    async def send_bytes(self, raw: bytes) -> None:
        await self.reading.wait()
        if self.aborted:
            raise ConnectionResetError
        self.written.append(raw)

    def abort(self) -> None:
        self.aborted = True
        self.reading.set()

    async def close(self) -> None:
        self.closed = True


def message(size: int) -> rtc.SignalResponse:
    return rtc.SignalResponse(refresh_token="x" * size)


@pytest.mark.parametrize(("size", "count"), [(1 << 20, 16), (10, 2000)])
async def test_who_reads_nothing_is_cut_off(size: int, count: int) -> None:
    line: Any = Line()
    link = Link(line, line)
    writer = asyncio.create_task(link.write())
    await asyncio.sleep(0)
    for _ in range(count):
        link.send(message(size))
    await writer
    assert line.aborted
    assert line.closed
    assert line.written == []


async def test_one_long_message_may_wait_and_what_was_said_before_the_end_is_written() -> None:
    line: Any = Line()
    link = Link(line, line)
    writer = asyncio.create_task(link.write())
    link.send(message(5 << 20))
    link.close()
    link.send(message(1))
    line.reading.set()
    await writer
    assert [len(raw) >> 20 for raw in line.written] == [5]
    assert not line.aborted


class Told:
    """A WebSocket on which everything that a client sends has been read ahead."""

    def __init__(self, *messages: rtc.SignalRequest) -> None:
        self.left = [message.SerializeToString() for message in reversed(messages)]

    async def receive(self, timeout: float) -> WSMessage:
        if not self.left:
            return WSMessage(WSMsgType.CLOSED, None, None)
        return WSMessage(WSMsgType.BINARY, self.left.pop(), None)


def renamed(name: str) -> rtc.SignalRequest:
    return rtc.SignalRequest(update_metadata=rtc.UpdateParticipantMetadata(name=name))


async def test_a_flood_leaves_the_others_their_turn_and_then_waits(room: Room) -> None:
    one, two = enter(room, "one", update_own=True), enter(room, "two")
    socket: Any = Told(*(renamed(f"name {number}") for number in range(5000)))
    task = asyncio.create_task(listen(socket, one.participant, one))
    await turn()
    assert len(socket.left) > 4990
    while len(socket.left) > 4500:
        await turn()
    for _ in range(2000):
        await turn()
    assert len(socket.left) > 4000
    assert len([m for m in two.told if m.HasField("update")]) < 30
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert not one.participant.attached


async def test_who_was_put_out_is_heard_no_more(room: Room) -> None:
    one = enter(room, "one", update_own=True)
    socket: Any = Told(renamed("late"))
    room.remove(one.participant, models.DisconnectReason.PARTICIPANT_REMOVED)
    await listen(socket, one.participant, one)
    assert one.participant.grants.name == ""


async def test_a_fault_of_ours_leaves_no_dead_connection_behind(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = enter(room, "one", update_own=True)
    monkeypatch.setattr(one.participant, "update", lambda *wish: [][0])
    with pytest.raises(IndexError):
        await listen(Told(renamed("x")), one.participant, one)  # type: ignore[arg-type]
    assert not one.participant.attached


def test_an_allowance_grows_back_to_its_burst() -> None:
    allowance = Allowance(10, 2)
    assert allowance.take(10, 100) == 0
    assert allowance.take(1, 100) == 0.5
    assert allowance.take(1, 101) == 0
    assert allowance.take(12, 1000) == 1
