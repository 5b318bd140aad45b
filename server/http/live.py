"""Live updates: one WebSocket per open page, told which objects changed (ids only, never content)."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from server.access.rules import Person
from storage.db import LiveEvent

if TYPE_CHECKING:
    from server.services import Services

QUEUE_LIMIT = 200  # a page that lags further behind is told to reload everything
AUTH_TIMEOUT = 10.0


@dataclass(slots=True, eq=False)
class Subscriber:
    person: Person
    queue: asyncio.Queue[dict[str, str]] = field(default_factory=lambda: asyncio.Queue(QUEUE_LIMIT))
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Hub:
    """Fans committed events out to the pages of the organisations and people concerned."""

    def __init__(self) -> None:
        self._subscribers: set[Subscriber] = set()

    def publish(self, event: LiveEvent) -> None:
        for subscriber in self._subscribers:
            person = subscriber.person
            if person.organisation_id in event.organisations or person.id in event.people:
                self._offer(subscriber, {"topic": event.topic, "id": event.id})

    def disconnect(self, staff_id: str) -> None:
        """Close a person's open pages: their rights changed. A page that may comes back by itself."""
        for subscriber in self._subscribers:
            if subscriber.person.id == staff_id:
                subscriber.over.set()

    @staticmethod
    def _offer(subscriber: Subscriber, message: dict[str, str]) -> None:
        if subscriber.queue.full():
            while not subscriber.queue.empty():
                subscriber.queue.get_nowait()
            message = {"topic": "everything", "id": ""}
        subscriber.queue.put_nowait(message)

    @contextlib.contextmanager
    def subscribed(self, person: Person):  # type: ignore[no-untyped-def]
        subscriber = Subscriber(person)
        self._subscribers.add(subscriber)
        try:
            yield subscriber
        finally:
            self._subscribers.discard(subscriber)


async def _first_token(socket: web.WebSocketResponse) -> str:
    message = await asyncio.wait_for(socket.receive(), AUTH_TIMEOUT)
    if message.type is not WSMsgType.TEXT:
        return ""
    try:
        document = json.loads(message.data)
    except (ValueError, RecursionError):
        return ""
    token = document.get("token") if isinstance(document, dict) else None
    return token if isinstance(token, str) else ""


async def _drain(socket: web.WebSocketResponse) -> None:
    async for _ in socket:  # the page has nothing more to say; this notices when it leaves
        pass


async def live(services: Services, request: web.Request) -> web.StreamResponse:
    """`GET /api/live`: the first message is `{"token": …}`, then `{"topic", "id"}` per change."""
    from server.access.authentication import authenticate
    from server.errors import Problem

    socket = web.WebSocketResponse(heartbeat=20, max_msg_size=8192)
    await socket.prepare(request)
    try:
        person = await authenticate(services, "Bearer " + await _first_token(socket))
    except (TimeoutError, Problem):
        await socket.close(code=4401, message=b"log in again")
        return socket
    with services.hub.subscribed(person) as subscriber:
        await socket.send_json({"topic": "ready", "id": ""})
        reader = asyncio.create_task(_drain(socket))
        over = asyncio.create_task(subscriber.over.wait())
        try:
            while not reader.done():
                getter = asyncio.create_task(subscriber.queue.get())
                await asyncio.wait({getter, reader, over}, return_when=asyncio.FIRST_COMPLETED)
                if over.done() or not getter.done():
                    getter.cancel()
                    break
                await socket.send_json(getter.result())
            if over.done():
                await socket.close(code=4401, message=b"log in again")
        except ConnectionResetError:
            pass
        finally:
            reader.cancel()
            over.cancel()
    return socket
