"""A client that is only a WebSocket and protobufs: it sends exactly what a test says and keeps all
that the server answers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import websockets
from livekit.protocol import models, rtc

from .conftest import Room


class Wire:
    """One signal connection. `messages` are the answers so far; `ended` is set when it is closed."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self._socket = socket
        self.messages: list[rtc.SignalResponse] = []
        self._news = asyncio.Condition()
        self.ended = asyncio.Event()
        self._task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            async for data in self._socket:
                assert isinstance(data, bytes), "signalling is binary"
                async with self._news:
                    self.messages.append(rtc.SignalResponse.FromString(data))
                    self._news.notify_all()
        self.ended.set()

    async def send(self, **message: Any) -> None:
        await self._socket.send(rtc.SignalRequest(**message).SerializeToString())

    async def send_raw(self, data: bytes | str) -> None:
        await self._socket.send(data)

    async def until(
        self, test: Callable[[rtc.SignalResponse], object], seconds: float = 10
    ) -> rtc.SignalResponse:
        """The first message, past or to come, for which `test` holds."""
        seen = 0
        async with asyncio.timeout(seconds), self._news:
            while True:
                for message in self.messages[seen:]:
                    if test(message):
                        return message
                seen = len(self.messages)
                await self._news.wait()

    async def first(self, kind: str, seconds: float = 10) -> Any:
        """The first message of a kind, past or to come."""
        found = await self.until(lambda message: message.HasField(kind), seconds)
        return getattr(found, kind)

    async def sees(
        self, identity: str, test: Callable[[models.ParticipantInfo], object], seconds: float = 10
    ) -> models.ParticipantInfo:
        """The first ParticipantInfo of somebody for which `test` holds."""

        def match(message: rtc.SignalResponse) -> list[models.ParticipantInfo]:
            return [p for p in _people(message) if p.identity == identity and test(p)]

        return match(await self.until(match, seconds))[0]

    def kinds(self) -> list[str]:
        return [message.WhichOneof("message") or "" for message in self.messages]

    async def close(self) -> None:
        await self._socket.close()
        await self._task


def _people(message: rtc.SignalResponse) -> list[models.ParticipantInfo]:
    kind = message.WhichOneof("message")
    if kind == "update":
        return list(message.update.participants)
    if kind == "join":
        return [message.join.participant, *message.join.other_participants]
    return []


@contextlib.asynccontextmanager
async def joined(
    room: Room, identity: str, *, query: str = "", **grants: Any
) -> AsyncIterator[Wire]:
    """A signal connection of a room; the first message is awaited."""
    address = f"{room.url}/rtc?protocol=15&sdk=python&auto_subscribe=1&version=1{query}"
    headers = {"Authorization": f"Bearer {room.token(identity, **grants)}"}
    async with websockets.connect(address, additional_headers=headers, max_size=1 << 22) as socket:
        wire = Wire(socket)
        await wire.until(lambda message: True)
        try:
            yield wire
        finally:
            await wire.close()
