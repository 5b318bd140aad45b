"""The media server as `server/` sees it: LiveKit's public surface only (tokens, RoomService, webhooks)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import aiohttp
from livekit import api
from livekit.api.room_service import RoomService

from server.errors import ErrorCode, Problem
from server.sessions.room_rules import TrackKind

TIMEOUT = aiohttp.ClientTimeout(total=5)
# Short, since a token cannot be called back: who was sent out must not return by an old one. A connected client
# gets newer ones from the media server (LiveKit: `refresh_token`), and a page that returns asks for a new seat.
TOKEN_LIFETIME = timedelta(minutes=10)
# Longer than any session: a helper of ours must find back after the media server was restarted.
HELPER_LIFETIME = timedelta(hours=14)
NOTICE_TOPIC = "duikou.notice"
_SOURCES = {
    TrackKind.CAMERA: (api.TrackSource.CAMERA,),
    TrackKind.MICROPHONE: (api.TrackSource.MICROPHONE,),
    TrackKind.SCREEN: (api.TrackSource.SCREEN_SHARE, api.TrackSource.SCREEN_SHARE_AUDIO),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """What one person may do in one room."""

    room: str
    identity: str  # staff id, or staff id + "#2" for a second device
    name: str
    can_publish: bool
    can_subscribe: bool = True
    can_publish_data: bool = True
    metadata: Mapping[str, Any] | None = None
    attributes: Mapping[str, str] | None = None


class MediaPort(Protocol):
    """Rooms and seats. Failures of the media server are `MediaUnavailable`."""

    def token(self, seat: Seat, lifetime: timedelta = TOKEN_LIFETIME) -> str: ...

    def helper_token(self, room: str, identity: str, *, recorder: bool) -> str: ...

    async def open_room(
        self, room: str, *, metadata: Mapping[str, Any], empty_timeout: int
    ) -> None: ...

    async def close_room(self, room: str) -> None: ...

    async def remove(self, room: str, identity: str) -> None: ...

    async def update(self, room: str, seat: Seat) -> None: ...

    async def show(self, room: str, identity: str, attributes: Mapping[str, str]) -> None: ...

    async def mute(self, room: str, identity: str, kind: TrackKind) -> bool: ...

    async def tell(
        self, room: str, identities: Sequence[str], notice: Mapping[str, Any]
    ) -> None: ...

    async def describe(self, room: str, metadata: Mapping[str, Any]) -> None: ...

    def read_webhook(self, body: bytes, authorization: str) -> dict[str, Any]: ...

    async def live_rooms(self) -> list[str]: ...

    async def ping(self) -> None: ...

    async def close(self) -> None: ...


class MediaUnavailable(Problem):
    """The media server did not answer, or refused. Who waits for it is told to come back (503)."""

    def __init__(self, why: str) -> None:
        super().__init__(ErrorCode.MEDIA_UNAVAILABLE, headers={"Retry-After": "10"})
        self.args = (why,)  # for the log


class BadWebhook(ValueError):
    """The webhook was not signed by our media server."""


class MalformedWebhook(ValueError):
    """The webhook is signed, but its body is not what LiveKit's webhooks look like."""


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


class LiveKitMedia:
    """The embedded media server or a LiveKit cluster: the same three settings, the same calls."""

    def __init__(self, url: str, key: str, secret: str) -> None:
        self._url = url
        self._key = key
        self._secret = secret
        self._session: aiohttp.ClientSession | None = None
        self._verifier = api.TokenVerifier(key, secret)

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        return self._session

    def _rooms(self) -> RoomService:
        return RoomService(self._http(), self._url, self._key, self._secret)

    def token(self, seat: Seat, lifetime: timedelta = TOKEN_LIFETIME) -> str:
        grants = api.VideoGrants(
            room_join=True,
            room=seat.room,
            can_publish=seat.can_publish,
            can_subscribe=seat.can_subscribe,
            can_publish_data=seat.can_publish_data,
            # Names, units and ranks are shown from these: nobody writes his own.
            can_update_own_metadata=False,
        )
        token = (
            api.AccessToken(self._key, self._secret)
            .with_identity(seat.identity)
            .with_name(seat.name)
            .with_ttl(lifetime)
            .with_metadata(json.dumps(dict(seat.metadata or {}), ensure_ascii=False))
            .with_grants(grants)
        )
        if seat.attributes:
            token = token.with_attributes(dict(seat.attributes))
        return token.to_jwt()

    def helper_token(self, room: str, identity: str, *, recorder: bool) -> str:
        """For a hidden participant of ours that only listens. A recorder is shown to everyone as recording."""
        grants = api.VideoGrants(
            room_join=True,
            room=room,
            can_publish=False,
            can_publish_data=False,
            can_subscribe=True,
            hidden=True,
            recorder=recorder,
        )
        token = api.AccessToken(self._key, self._secret).with_identity(identity)
        return str(token.with_ttl(HELPER_LIFETIME).with_grants(grants).to_jwt())

    async def open_room(
        self, room: str, *, metadata: Mapping[str, Any], empty_timeout: int
    ) -> None:
        request = api.CreateRoomRequest(
            name=room, empty_timeout=empty_timeout, metadata=json.dumps(dict(metadata))
        )
        await self._call(self._rooms().create_room(request))

    async def close_room(self, room: str) -> None:
        await self._call(
            self._rooms().delete_room(api.DeleteRoomRequest(room=room)), absent_ok=True
        )

    async def remove(self, room: str, identity: str) -> None:
        """Send somebody out. Servers that know how call the tokens back that were issued before."""
        request = api.RoomParticipantIdentity(
            room=room, identity=identity, revoke_token_ts=int(time.time())
        )
        await self._call(self._rooms().remove_participant(request), absent_ok=True)

    async def update(self, room: str, seat: Seat) -> None:
        request = api.UpdateParticipantRequest(
            room=room,
            identity=seat.identity,
            permission=api.ParticipantPermission(
                can_publish=seat.can_publish,
                can_subscribe=seat.can_subscribe,
                can_publish_data=seat.can_publish_data,
                can_update_metadata=False,
            ),
            attributes=dict(seat.attributes or {}),
        )
        await self._call(self._rooms().update_participant(request), absent_ok=True)

    async def show(self, room: str, identity: str, attributes: Mapping[str, str]) -> None:
        """Change some attributes of somebody; an empty one goes away."""
        request = api.UpdateParticipantRequest(
            room=room, identity=identity, attributes=dict(attributes)
        )
        await self._call(self._rooms().update_participant(request), absent_ok=True)

    async def mute(self, room: str, identity: str, kind: TrackKind) -> bool:
        """Silence what somebody sends of one kind; True if there was something to silence."""
        who = api.RoomParticipantIdentity(room=room, identity=identity)
        found = await self._call(self._rooms().get_participant(who), absent_ok=True)
        tracks = [] if found is None else found.tracks
        sids = [each.sid for each in tracks if each.source in _SOURCES[kind] and not each.muted]
        for sid in sids:
            request = api.MuteRoomTrackRequest(
                room=room, identity=identity, track_sid=sid, muted=True
            )
            await self._call(self._rooms().mute_published_track(request), absent_ok=True)
        return bool(sids)

    async def tell(self, room: str, identities: Sequence[str], notice: Mapping[str, Any]) -> None:
        """A notice to some people's pages. It names no sender, which only a server can do."""
        request = api.SendDataRequest(
            room=room,
            data=json.dumps(dict(notice), ensure_ascii=False).encode(),
            kind=api.DataPacket.Kind.RELIABLE,
            destination_identities=list(identities),
            topic=NOTICE_TOPIC,
        )
        await self._call(self._rooms().send_data(request), absent_ok=True)

    async def describe(self, room: str, metadata: Mapping[str, Any]) -> None:
        """Replace what everybody is told of the room."""
        request = api.UpdateRoomMetadataRequest(
            room=room, metadata=json.dumps(dict(metadata), ensure_ascii=False)
        )
        await self._call(self._rooms().update_room_metadata(request), absent_ok=True)

    async def _call(self, request: Any, *, absent_ok: bool = False) -> Any:
        try:
            return await request
        except api.TwirpError as error:
            if absent_ok and error.code == "not_found":
                return None
            raise MediaUnavailable(error.code) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise MediaUnavailable(type(error).__name__) from None

    def read_webhook(self, body: bytes, authorization: str) -> dict[str, Any]:
        """The event as a document, after its signature and body digest were checked.

        The raw JSON is returned instead of LiveKit's message, since media reports are an extension of it.
        Raises `BadWebhook` and `MalformedWebhook`.
        """
        try:
            claims = self._verifier.verify(authorization)
            claimed = base64.b64decode(claims.sha256 or "", validate=True)
        except Exception as error:  # the verifier raises whatever its parsers do
            raise BadWebhook(type(error).__name__) from None
        if not hmac.compare_digest(hashlib.sha256(body).digest(), claimed):
            raise BadWebhook("digest")
        try:
            document = json.loads(body, parse_constant=_no_constant)
            json.dumps(document, ensure_ascii=False).encode()  # lone surrogates cannot be stored
        except (ValueError, RecursionError):
            raise MalformedWebhook("not JSON") from None
        if not isinstance(document, dict) or b"\\u0000" in body:
            raise MalformedWebhook("not an object of text")
        return document

    async def live_rooms(self) -> list[str]:
        """Names of the rooms in which somebody is."""
        found = await self._call(self._rooms().list_rooms(api.ListRoomsRequest()))
        return [room.name for room in found.rooms if room.num_participants]

    async def ping(self) -> None:
        """Ask for a room that is not there: an answer proves that it is our server, with our key."""
        await self._call(self._rooms().list_rooms(api.ListRoomsRequest(names=["-"])))

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
