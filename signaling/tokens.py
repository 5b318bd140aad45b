"""LiveKit access tokens: what the holder may do."""

import time
from dataclasses import dataclass, field, replace
from typing import Any

import jwt
from livekit.protocol import models

from signaling.errors import ProtocolError
from signaling.messages import check_texts

MAX_TOKEN = 16 * 1024
_LEEWAY = 10
_REFRESH_SECONDS = 600
_UNKNOWN = models.TrackSource.UNKNOWN
# A name that is none of these is kept as unknown: it allows nothing, but is a limit all the same.
_SOURCES = {
    "camera": models.TrackSource.CAMERA,
    "microphone": models.TrackSource.MICROPHONE,
    "screen_share": models.TrackSource.SCREEN_SHARE,
    "screen_share_audio": models.TrackSource.SCREEN_SHARE_AUDIO,
}
_SOURCE_NAMES = {number: name for name, number in _SOURCES.items()}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a room is to be made if this token's holder is the first to come (`roomConfig`); 0 and ""
    leave it as it is by default. Timeouts are seconds."""

    empty_timeout: int = 0
    departure_timeout: int = 0
    max_participants: int = 0
    metadata: str = ""


@dataclass(frozen=True, slots=True)
class Grants:
    """The claims of a verified token. Absent publish and subscribe rights mean yes."""

    identity: str = ""
    name: str = ""
    metadata: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    room: str = ""
    join: bool = False
    admin: bool = False
    create: bool = False
    list_rooms: bool = False
    publish: bool = True
    subscribe: bool = True
    data: bool = True
    sources: tuple[models.TrackSource, ...] = ()
    update_own: bool = False
    hidden: bool = False
    recorder: bool = False
    plan: "Plan | None" = None
    issued: float = 0.0  # unix seconds, as its maker says
    refreshed: float = 0.0  # when this server made it for somebody connected; 0 if another did

    def may_publish(self, source: models.TrackSource) -> bool:
        """Whether a track of this source may be published: any, if none are named."""
        if not self.sources:
            return self.publish
        return self.publish and source in self.sources and source != _UNKNOWN

    def permission(self) -> models.ParticipantPermission:
        return models.ParticipantPermission(
            can_subscribe=self.subscribe,
            can_publish=self.publish,
            can_publish_data=self.data,
            can_publish_sources=list(self.sources),
            hidden=self.hidden,
            recorder=self.recorder,
            can_update_metadata=self.update_own,
        )

    def permitted(self, new: models.ParticipantPermission) -> "Grants":
        """These grants with the permissions replaced."""
        return replace(
            self,
            subscribe=new.can_subscribe,
            publish=new.can_publish,
            data=new.can_publish_data,
            sources=tuple(new.can_publish_sources),
            update_own=new.can_update_metadata,
            hidden=new.hidden,
            recorder=new.recorder,
        )


def verify(token: str, key: str, secret: str) -> Grants:
    """The grants of a token that `key` signed and that is valid now, else ProtocolError."""
    if not token or len(token) > MAX_TOKEN:
        raise ProtocolError("An access token is needed.")
    try:
        claims = jwt.decode(
            token, secret, algorithms=["HS256"], issuer=key, leeway=_LEEWAY,
            options={"require": ["exp", "iss"], "verify_aud": False},
        )  # fmt: skip
    except (jwt.PyJWTError, ValueError, RecursionError) as exc:
        raise ProtocolError("The access token is not valid here, or no longer.") from exc
    return grants(claims)


def grants(claims: dict[str, Any]) -> Grants:
    """Read verified claims; a claim of the wrong type is a ProtocolError."""
    video = claims.get("video") or {}
    attributes = claims.get("attributes") or {}
    sources = video.get("canPublishSources") if isinstance(video, dict) else None
    if not isinstance(video, dict) or not isinstance(attributes, dict):
        raise ProtocolError("The access token's grants are malformed.")
    if sources is not None and not isinstance(sources, list):
        raise ProtocolError("canPublishSources is a list.")
    attributes = {str(k): str(v) for k, v in attributes.items()}
    check_texts(*attributes, *attributes.values())
    return Grants(
        identity=_text(claims, "sub"),
        name=_text(claims, "name"),
        metadata=_text(claims, "metadata"),
        attributes=attributes,
        room=_text(video, "room"),
        join=video.get("roomJoin") is True,
        admin=video.get("roomAdmin") is True,
        create=video.get("roomCreate") is True,
        list_rooms=video.get("roomList") is True,
        publish=video.get("canPublish", True) is not False,
        subscribe=video.get("canSubscribe", True) is not False,
        data=video.get("canPublishData", video.get("canPublish", True)) is not False,
        sources=tuple(_SOURCES.get(n, _UNKNOWN) for n in map(_lower, sources or ())),
        update_own=video.get("canUpdateOwnMetadata") is True,
        hidden=video.get("hidden") is True,
        recorder=video.get("recorder") is True,
        plan=_plan(claims.get("roomConfig")),
        issued=_number(claims, "iat") or _number(claims, "nbf"),
        refreshed=_number(claims, "refreshed"),
    )


def _plan(claim: object) -> Plan | None:
    if claim is None:
        return None
    if not isinstance(claim, dict):
        raise ProtocolError("The token's roomConfig is not an object.")
    numbers = [claim.get(n, 0) for n in ("emptyTimeout", "departureTimeout", "maxParticipants")]
    if not all(isinstance(n, int) and 0 <= n < 1 << 31 for n in numbers):
        raise ProtocolError("The numbers of the token's roomConfig are out of range.")
    return Plan(numbers[0], numbers[1], numbers[2], _text(claim, "metadata"))


def _lower(value: object) -> str:
    return str(value).lower()


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name) or ""
    if not isinstance(value, str):
        raise ProtocolError(f"The token's {name} is not a text.")
    check_texts(value)
    return value


def _number(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name) or 0
    if not isinstance(value, int | float) or not 0 <= value < 1 << 53:
        raise ProtocolError(f"The token's {name} is not a number.")
    return value


def refreshed(held: Grants, key: str, secret: str) -> str:
    """A new token for somebody connected, so that a reconnect outlives the first one's expiry."""
    now = time.time()
    video: dict[str, Any] = {
        "room": held.room,
        "roomJoin": True,
        "roomAdmin": held.admin,
        "canPublish": held.publish,
        "canSubscribe": held.subscribe,
        "canPublishData": held.data,
        "canUpdateOwnMetadata": held.update_own,
        "hidden": held.hidden,
        "recorder": held.recorder,
    }
    if held.sources:
        video["canPublishSources"] = [_SOURCE_NAMES.get(s, "unknown") for s in held.sources]
    claims = {
        "iss": key,
        "sub": held.identity,
        "name": held.name,
        "metadata": held.metadata,
        "attributes": held.attributes,
        "nbf": int(now) - _LEEWAY,
        "exp": int(now) + _REFRESH_SECONDS,
        "refreshed": now,
        "video": video,
    }
    token = jwt.encode(claims, secret, algorithm="HS256")
    if len(token) > MAX_TOKEN and (held.metadata or held.attributes):  # nobody would take it
        return refreshed(replace(held, metadata="", attributes={}), key, secret)
    return token
