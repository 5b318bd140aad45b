"""How a signal connection uses TCP: messages that are ready together leave together, and small ones
follow the important ones while somebody joins over a long line.

TCP notices a lost packet at once when later ones arrive, but waits a second and more when none do;
signalling is a handful of single packets, each waiting for the last. So every message is followed by
a few WebSocket pings: they, and the pongs that browsers answer by themselves, show each side what it
lost within a round trip. And the fewer packets carry the answer to a join, the fewer can be lost.
"""

import asyncio
import contextlib
import socket as sockets
import struct
import time
from typing import TypeVar

from aiohttp import web

T = TypeVar("T")

_EVERY = 0.08
_AFTER_A_MESSAGE = 20
_JOINING_SECONDS = 30.0
_LONG_LINE = 0.04
_RTT_AT = 68  # of tcpi_rtt in struct tcp_info (linux/tcp.h)


def gather(raw: object, on: bool) -> None:
    """Let the kernel hold back packets that are not full, 200 ms at most; off sends what is there."""
    with contextlib.suppress(AttributeError, OSError):
        raw.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_CORK, int(on))  # type: ignore[attr-defined]


class Nudges:
    """Waits for the next message of a queue, and pings meanwhile where that helps."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._until = time.monotonic() + _JOINING_SECONDS
        self._left = 0
        self._gathering = True  # as whoever took the connection in began it

    def _gather(self, on: bool) -> None:
        if on is not self._gathering:
            self._gathering = on
            gather(self._socket.get_extra_info("socket"), on)

    async def wait(self, queue: "asyncio.Queue[T]") -> T:
        """The next message; ConnectionError if the socket breaks meanwhile."""
        if queue.qsize() != 1:  # the last of several goes with those before it
            self._gather(not queue.empty())
        while self._left and time.monotonic() < self._until and queue.empty():
            try:
                found = await asyncio.wait_for(queue.get(), _EVERY)
            except TimeoutError:
                self._left -= 1
                if not self._long():
                    self._left = 0
                elif not self._socket.closed:
                    await self._socket.ping()
                continue
            self._left = _AFTER_A_MESSAGE
            return found
        self._left = _AFTER_A_MESSAGE
        return await queue.get()

    def _long(self) -> bool:
        """Whether the round trip is worth the trouble (microseconds, as the kernel measures it)."""
        raw = self._socket.get_extra_info("socket")
        try:
            info = raw.getsockopt(sockets.IPPROTO_TCP, sockets.TCP_INFO, 192)
            return bool(struct.unpack_from("=I", info, _RTT_AT)[0] > _LONG_LINE * 1e6)
        except (AttributeError, OSError, struct.error):
            return False
