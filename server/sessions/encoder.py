"""A lecturer's encoder (OBS, a hardware box): an address and a token with which it sends into the lecture by WHIP.

To everybody else it is one more device of the lecturer: a seat of its own, the same door, the same audit.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from server.access.permissions import Permission
from server.access.rules import Person
from server.errors import ErrorCode, Problem, wrong_state
from server.http.routing import Call, Empty, Route, Schema
from server.sessions import rooms
from server.sessions.lecture_access import access_lecture
from server.sessions.media import Seat
from server.sessions.rules import LIVE_LIMIT, LectureParty
from server.sessions.schemas import JoinQuery
from storage.db import Actor

if TYPE_CHECKING:
    from server.services import Services

DEVICE = "encoder"
PATH = "/whip"


class EncoderAudit(StrEnum):
    """Audit actions. Sorted."""

    ISSUED = "sessions:encoder:issue"


class EncoderView(Schema):
    """What an encoder is set up with. The token is shown once and kept nowhere."""

    path: Annotated[str, Field(description="of the WHIP address, at this page's own origin")]
    token: Annotated[str, Field(description="the encoder's Bearer token")]
    identity: str
    expires_at: datetime


async def issue(services: Services, person: Person, actor: Actor, lecture_id: str) -> EncoderView:
    """A token for the lecturer's encoder, good until the door closes: an encoder that lost its line comes back with
    the one it has. It sends only.

    Raises `Problem`: 404, 403 for everybody but the lecturer, 409 as for joining or where another media server than
    the embedded one is used, 503.
    """
    async with services.db.read() as session:
        found = await access_lecture(services, session, person, lecture_id)
    if found.party is not LectureParty.LECTURER:
        raise Problem(ErrorCode.NOT_ALLOWED)
    if not services.config.embedded_media:
        raise wrong_state(
            "本系统接入了外部媒体集群,请在集群的 Ingress 中为编码器建立推流地址。",
            "A media cluster of its own is used here: make the encoder's address with the cluster's Ingress.",
        )
    seat = await rooms.join_lecture(services, person, actor, lecture_id, JoinQuery(device=DEVICE))
    now = services.clock.now()
    lifetime = min(max(seat.closes_at - now, timedelta(minutes=10)), LIVE_LIMIT)
    token = services.media.token(
        Seat(
            room=seat.room,
            identity=seat.identity,
            name=person.name,
            can_publish=True,
            can_subscribe=False,
            can_publish_data=False,
            metadata={"role": seat.role.value, "device": DEVICE},
        ),
        lifetime,
    )
    async with services.db.write(actor) as tx:
        tx.audit(EncoderAudit.ISSUED, "lecture", lecture_id, {"identity": seat.identity})
    return EncoderView(path=PATH, token=token, identity=seat.identity, expires_at=now + lifetime)


async def issue_lecture_encoder(call: Call[Empty, Empty]) -> EncoderView:
    return await issue(call.services, call.person, call.actor, call.path["lecture_id"])


ROUTES = [
    Route(
        "POST",
        "/api/lectures/{lecture_id}/encoder",
        issue_lecture_encoder,
        "An address and a token for the lecturer's encoder (WHIP)",
        Permission.SESSIONS_LECTURE_VIEW,
        response=EncoderView,
        errors=(
            ErrorCode.WRONG_STATE,
            ErrorCode.AGREEMENT_NOT_IN_FORCE,
            ErrorCode.JOIN_TOO_EARLY,
            ErrorCode.SESSION_OVER,
            ErrorCode.ROOM_LOCKED,
            ErrorCode.ADMISSION_REFUSED,
            ErrorCode.MEDIA_UNAVAILABLE,
        ),
    )
]
