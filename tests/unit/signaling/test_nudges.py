"""Pings behind messages, where the line is long."""

import asyncio
import socket
import struct
from typing import Any

import pytest

from signaling.nudges import Nudges


class Far:
    """A WebSocket whose kernel socket measures a round trip; `pinged` after so many pings."""

    closed = False

    def __init__(self, rtt: float, pings: int) -> None:
        self._rtt, self._wanted = rtt, pings
        self.count = 0
        self.gathered: list[int] = []
        self.pinged = asyncio.Event()

    def get_extra_info(self, name: str) -> Any:
        assert name == "socket"
        return self

    def getsockopt(self, level: int, option: int, size: int) -> bytes:
        return bytes(68) + struct.pack("=I", int(self._rtt * 1e6)) + bytes(size - 72)

    def setsockopt(self, level: int, option: int, value: int) -> None:
        assert (level, option) == (socket.IPPROTO_TCP, socket.TCP_CORK)
        self.gathered.append(value)

    async def ping(self) -> None:
        self.count += 1
        if self.count >= self._wanted:
            self.pinged.set()


async def _second(far: Far) -> "tuple[asyncio.Queue[int], asyncio.Task[int]]":
    """Wait for a second message after a first one has gone out."""
    nudges: Any = Nudges(far)  # type: ignore[arg-type]
    queue: asyncio.Queue[int] = asyncio.Queue()
    queue.put_nowait(1)
    assert await nudges.wait(queue) == 1
    return queue, asyncio.create_task(nudges.wait(queue))


async def test_a_far_client_is_pinged_until_the_next_message() -> None:
    far = Far(0.3, 3)
    queue, waiting = await _second(far)
    await asyncio.wait_for(far.pinged.wait(), 10)
    queue.put_nowait(2)
    assert await waiting == 2


async def test_a_near_client_is_left_alone() -> None:
    far = Far(0.001, 1)
    queue, waiting = await _second(far)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(waiting), 0.3)
    assert far.count == 0
    queue.put_nowait(2)
    assert await waiting == 2


async def test_messages_that_are_ready_together_leave_together() -> None:
    far = Far(0.001, 1)
    nudges: Any = Nudges(far)  # type: ignore[arg-type]
    queue: asyncio.Queue[int] = asyncio.Queue()
    for number in (1, 2):
        queue.put_nowait(number)
    assert [await nudges.wait(queue) for _ in (1, 2)] == [1, 2]
    assert far.gathered == []  # as it began, for the head and both
    waiting = asyncio.create_task(nudges.wait(queue))
    await asyncio.sleep(0)
    assert far.gathered == [0]
    queue.put_nowait(3)
    assert await waiting == 3
    for number in (4, 5):
        queue.put_nowait(number)
    assert [await nudges.wait(queue) for _ in (4, 5)] == [4, 5]
    assert far.gathered == [0, 1]
