"""A media server's side of the webhooks: events in LiveKit's form, signed as LiveKit signs them."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

from livekit import api

from storage.ids import new_id
from tests.api.conftest import KEY, SECRET, Answer, House


def signature(body: bytes, *, key: str = KEY, secret: str = SECRET, minutes: int = 5) -> str:
    """The Authorization header of a webhook."""
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    token = api.AccessToken(key, secret).with_ttl(timedelta(minutes=minutes))
    return str(token.with_sha256(digest).to_jwt())


def event(
    kind: str, room: str, identity: str = "", *, sid: str = "", at: int = 0, **more: Any
) -> dict[str, Any]:
    """One webhook document; `at` is unix seconds."""
    document: dict[str, Any] = {
        "event": kind,
        "id": new_id("EV"),
        "createdAt": str(at),
        "room": {"sid": "RM_x", "name": room},
        **more,
    }
    if identity:
        document["participant"] = {"sid": sid or f"PA_{identity[-6:]}", "identity": identity}
    return document


def report(
    room: str,
    identity: str,
    start: int,
    end: int,
    *,
    sent: list[list[int]] | None = None,
    received: list[list[int]] | None = None,
    sid: str = "",
) -> dict[str, Any]:
    """A media report in which the person sent and received all the time, unless told otherwise."""
    whole = [[start, end]]
    track = {
        "sid": "TR_1",
        "kind": "audio",
        "source": "MICROPHONE",
        "packets": 500,
        "bytes": 40000,
        "media": whole if sent is None else sent,
        "speech": [],
        "muted": [],
        "lost": 0,
        "jitterMs": 3,
        "layer": "",
    }
    body = {
        "source": "sfu",
        "from": start,
        "to": end,
        "tracks": [track],
        "received": {
            "packets": 500,
            "bytes": 40000,
            "seconds": whole if received is None else received,
            "lost": 0,
            "rttMs": 40,
        },
    }
    return event("media_report", room, identity, sid=sid, at=end, mediaReport=body)


async def post(house: House, document: Any, **how: Any) -> Answer:
    """Send an event to the server, signed."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return await post_raw(house, body, signature(body, **how))


async def post_raw(house: House, body: bytes, authorization: str) -> Answer:
    headers = {"Authorization": authorization, "Content-Type": "application/webhook+json"}
    return await house.nobody().request("POST", "/hooks/livekit", data=body, headers=headers)


async def applied(house: House, document: dict[str, Any]) -> str:
    """Send an event that must be taken; how it was."""
    answer = await post(house, document)
    assert answer.status == 200, answer.body
    return str(answer.json["result"])


def second(house: House) -> int:
    """The present, in unix seconds."""
    return int(house.clock.now().timestamp())
