"""HTTP between the front and a worker: what a request is about, and what became of it."""

import asyncio
import json
from typing import Any

from aiohttp import web
from google.protobuf.message import DecodeError
from livekit.protocol.room import DeleteRoomRequest

MAX_ANSWER = 16 << 20


async def rest(reader: asyncio.StreamReader) -> bytes:
    """What follows, to the end. ValueError if it is too long."""
    out = b""
    while chunk := await reader.read(65536):
        out += chunk
        if len(out) > MAX_ANSWER:
            raise ValueError("the answer is too long")
    return out


def busy() -> web.Response:
    """What a client gets while a worker starts."""
    body = {"code": "unavailable", "msg": "This part of the server is starting; try again."}
    return web.json_response(body, status=503, headers={"Retry-After": "1"})


def parsed(data: bytes) -> web.Response:
    """A whole answer of a worker. ValueError if it broke off."""
    head, gap, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if not gap or len(words) < 2:
        raise ValueError("no answer")
    headers = {k: v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
    size = int(headers.pop("Content-Length", "0"))
    if len(body) < size:
        raise ValueError("the answer broke off")
    for name in ("Connection", "Date", "Server", "Transfer-Encoding"):
        headers.pop(name, None)
    return web.Response(status=int(words[1]), body=body[:size] or None, headers=headers)


def named_room(method: str, body: bytes, *, json_wanted: bool) -> str:
    """The room that a RoomService request is about; "" if it names none or cannot be read (any
    worker then says what is wrong with it)."""
    try:
        if json_wanted:
            found = json.loads(body or b"{}")
            room = found.get("name" if method == "CreateRoom" else "room")
            return room if isinstance(room, str) else ""
        # Field 1 is the room's name in all requests, and the only one of this message.
        return DeleteRoomRequest.FromString(body).room
    except (DecodeError, ValueError, AttributeError, RecursionError):
        return ""


def merged(bodies: list[bytes]) -> bytes:
    """The rooms of several JSON answers to ListRooms in one."""
    rooms: list[Any] = []
    for body in bodies:
        rooms += json.loads(body).get("rooms", [])
    return json.dumps({"rooms": rooms}).encode()


async def close_after(request: web.Request, response: web.StreamResponse) -> None:
    """One connection, one request: the next one may be about another worker's room."""
    if not isinstance(response, web.WebSocketResponse):
        response.force_close()
        response.headers["Connection"] = "close"
