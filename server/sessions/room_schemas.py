"""Request and response models of moderating a live room."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, model_validator

from server.http.routing import Schema
from server.sessions.room_rules import Rank, Standing, TrackKind
from server.sessions.schemas import PersonRef, Reason

Identity = Annotated[
    str,
    Field(min_length=1, max_length=48, description="of a device in the room, as LiveKit has it"),
]


class AdmitRequest(Schema):
    """Let in the people behind some devices, or with `everybody` all who wait."""

    identities: Annotated[list[Identity], Field(default_factory=list, max_length=200)]
    everybody: bool = False


class TurnAwayRequest(Schema):
    """Refuse somebody who waits, or send somebody out; the reason is shown to the person."""

    identity: Identity
    reason: Reason


class RemoveRequest(Schema):
    identity: Identity
    reason: Annotated[str, Field(max_length=1000)] = ""


class MuteRequest(Schema):
    """Stop what one device sends. Nothing is ever opened from afar."""

    identity: Identity
    kind: TrackKind


class PresenceRequest(Schema):
    """What one device of one's own shows of the person; absent fields stay."""

    identity: Identity
    hand: Annotated[bool | None, Field(description="raised")] = None
    away: Annotated[bool | None, Field(description="nobody looks at the page")] = None

    @model_validator(mode="after")
    def _something(self) -> PresenceRequest:
        if self.hand is None and self.away is None:
            raise ValueError("say what to change")
        return self


class CoHostRequest(Schema):
    identity: Identity
    given: bool


class DoorRequest(Schema):
    """The door of the room; absent fields stay."""

    locked: bool | None = None
    waiting: Annotated[
        bool | None, Field(description="people who do not belong to the session wait")
    ] = None

    @model_validator(mode="after")
    def _something(self) -> DoorRequest:
        if self.locked is None and self.waiting is None:
            raise ValueError("say what to change")
        return self


class RoomMemberView(Schema):
    """A person of whom a host decided something, or who waits."""

    identity: str
    person: PersonRef
    organisation: str
    standing: Standing
    co_host: bool
    waiting_since: datetime | None
    reason: str


class RoomStateView(Schema):
    rank: Rank
    locked: bool
    waiting: bool
    members: list[RoomMemberView]
