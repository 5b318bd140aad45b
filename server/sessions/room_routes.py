"""A live room: what people show of themselves, and moderation (admit, refuse, mute, remove, lock, co-host, end)."""

from __future__ import annotations

from typing import Any

from server.access.permissions import Permission
from server.access.schemas import Done
from server.errors import ErrorCode
from server.http.routing import Call, Empty, Route
from server.sessions import moderation, presence
from server.sessions.room_schemas import (
    AdmitRequest,
    CoHostRequest,
    DoorRequest,
    MuteRequest,
    PresenceRequest,
    RemoveRequest,
    RoomStateView,
    TurnAwayRequest,
)


async def get_room(call: Call[Empty, Empty]) -> RoomStateView:
    return await moderation.state(call.services, call.person, call.path["room_id"])


async def set_room_presence(call: Call[Empty, PresenceRequest]) -> Done:
    await presence.show(call.services, call.person, call.path["room_id"], call.body)
    return Done()


async def admit_to_room(call: Call[Empty, AdmitRequest]) -> Done:
    room_id, body = call.path["room_id"], call.body
    await moderation.admit(
        call.services,
        call.person,
        call.actor,
        room_id,
        body.identities,
        everybody=body.everybody,
    )
    return Done()


async def refuse_at_room(call: Call[Empty, TurnAwayRequest]) -> Done:
    room_id, body = call.path["room_id"], call.body
    await moderation.refuse(
        call.services, call.person, call.actor, room_id, body.identity, body.reason
    )
    return Done()


async def remove_from_room(call: Call[Empty, RemoveRequest]) -> Done:
    room_id, body = call.path["room_id"], call.body
    await moderation.remove(
        call.services, call.person, call.actor, room_id, body.identity, body.reason
    )
    return Done()


async def mute_in_room(call: Call[Empty, MuteRequest]) -> Done:
    room_id, body = call.path["room_id"], call.body
    await moderation.mute(call.services, call.person, call.actor, room_id, body.identity, body.kind)
    return Done()


async def set_room_co_host(call: Call[Empty, CoHostRequest]) -> Done:
    room_id, body = call.path["room_id"], call.body
    await moderation.set_co_host(
        call.services, call.person, call.actor, room_id, body.identity, given=body.given
    )
    return Done()


async def set_room_door(call: Call[Empty, DoorRequest]) -> Done:
    room_id = call.path["room_id"]
    await moderation.set_door(call.services, call.person, call.actor, room_id, call.body)
    return Done()


async def end_room(call: Call[Empty, Empty]) -> Done:
    await moderation.end(call.services, call.person, call.actor, call.path["room_id"])
    return Done()


_MODERATE = Permission.SESSIONS_ROOM_MODERATE
_ONE = "/api/rooms/{room_id}"


def _act(name: str, handler: Any, summary: str, body: Any = None) -> Route:
    return Route(
        "POST",
        f"{_ONE}/{name}",
        handler,
        summary,
        _MODERATE,
        body=body,
        response=Done,
        errors=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE, ErrorCode.MEDIA_UNAVAILABLE),
    )


ROUTES = [
    Route(
        "GET",
        _ONE,
        get_room,
        "The live room of a consult or lecture, for its hosts",
        _MODERATE,
        response=RoomStateView,
    ),
    Route(
        "POST",
        f"{_ONE}/presence",
        set_room_presence,
        "Raise or lower one's hand; say whether anybody looks at the page",
        Permission.SESSIONS_ROOM_ATTEND,
        body=PresenceRequest,
        response=Done,
        errors=(ErrorCode.NOT_FOUND, ErrorCode.MEDIA_UNAVAILABLE),
    ),
    _act("admit", admit_to_room, "Let in who waits: some, or everybody", AdmitRequest),
    _act("refuse", refuse_at_room, "Turn away somebody who waits, with a reason", TurnAwayRequest),
    _act("mute", mute_in_room, "Stop a microphone, camera or shared screen", MuteRequest),
    _act("remove", remove_from_room, "Send somebody out of the room", RemoveRequest),
    _act("co-host", set_room_co_host, "Give the co-host role, or take it back", CoHostRequest),
    _act("door", set_room_door, "Lock the room; let newcomers wait", DoorRequest),
    _act("end", end_room, "End the session for everybody"),
]
