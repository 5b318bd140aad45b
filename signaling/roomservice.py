"""RoomService over Twirp, protobuf and JSON."""

import logging
from collections.abc import Callable
from typing import Any

from aiohttp import web
from google.protobuf.json_format import MessageToJson, Parse, ParseError
from google.protobuf.message import DecodeError, Message
from livekit.protocol import models, rtc
from livekit.protocol import room as api

from signaling.errors import ProtocolError
from signaling.messages import leave
from signaling.participant import Participant
from signaling.room import Room
from signaling.rooms import MediaServer
from signaling.socket import bearer
from signaling.tokens import Grants, Plan, verify
from signaling.transport.sctp import LOSSY, RELIABLE

log = logging.getLogger(__name__)

_STATUS = {
    "bad_route": 404,
    "failed_precondition": 412,
    "invalid_argument": 400,
    "malformed": 400,
    "not_found": 404,
    "permission_denied": 403,
    "unauthenticated": 401,
    "unimplemented": 501,
}
_MAX_METADATA = 64 * 1024
# Methods of RoomService that this server does not have.
_NOT_HERE = ("ForwardParticipant", "MoveParticipant", "PerformRpc")


class TwirpError(Exception):
    """A refusal with its Twirp code."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def _refusal(code: str, text: str) -> web.Response:
    return web.json_response({"code": code, "msg": text}, status=_STATUS[code])


class RoomService:
    """One handler for all methods; `_METHODS` has them with their request types."""

    def __init__(self, server: MediaServer) -> None:
        self._server = server

    async def handle(self, request: web.Request) -> web.Response:
        try:
            settings = self._server.settings
            grants = verify(bearer(request), settings.key, settings.secret)
            method = request.match_info["method"]
            found = _METHODS.get(method)
            if method in _NOT_HERE:
                raise TwirpError("unimplemented", "This server does not have that method.")
            if found is None:
                raise TwirpError("bad_route", "There is no such method.")
            kind, call = found
            json = request.content_type == "application/json"
            message = _decode(kind(), await request.read(), json=json)
            answer = call(self, message, grants)
        except ProtocolError as exc:
            return _refusal("unauthenticated", str(exc))
        except TwirpError as exc:
            return _refusal(exc.code, str(exc))
        if json:
            text = MessageToJson(answer, preserving_proto_field_name=True, indent=None)
            return web.Response(text=text, content_type="application/json")
        return web.Response(body=answer.SerializeToString(), content_type="application/protobuf")

    # --- checks --------------------------------------------------------------------------------

    def _administered(self, name: str, grants: Grants) -> Room:
        """The room, for somebody whose token administers it; absent and forbidden differ only for
        them."""
        if not grants.admin or grants.room != name:
            raise TwirpError("unauthenticated", "The token does not administer this room.")
        room = self._server.rooms.get(name)
        if room is None:
            raise TwirpError("not_found", "requested room does not exist")
        return room

    def _participant(self, name: str, identity: str, grants: Grants) -> Participant:
        room = self._administered(name, grants)
        found = room.participants.get(identity)
        if found is None:
            raise TwirpError("not_found", "participant does not exist")
        return found

    # --- rooms ---------------------------------------------------------------------------------

    def create_room(self, message: api.CreateRoomRequest, grants: Grants) -> Message:
        if not grants.create:
            raise TwirpError("unauthenticated", "The token does not allow creating rooms.")
        if not message.name or len(message.name) > 256:
            raise TwirpError("invalid_argument", "A room needs a name of at most 256 characters.")
        if len(message.metadata) > _MAX_METADATA:
            raise TwirpError("invalid_argument", "The metadata is too long.")
        room = self._server.room(message.name)
        room.follow(
            Plan(
                message.empty_timeout,
                message.departure_timeout,
                message.max_participants,
                message.metadata,
            )
        )
        return room.info()

    def list_rooms(self, message: api.ListRoomsRequest, grants: Grants) -> Message:
        if not grants.list_rooms:
            raise TwirpError("unauthenticated", "The token does not allow listing rooms.")
        names = set(message.names)
        rooms = [r.info() for r in self._server.rooms.values() if not names or r.name in names]
        return api.ListRoomsResponse(rooms=rooms)

    def delete_room(self, message: api.DeleteRoomRequest, grants: Grants) -> Message:
        if not grants.create and not (grants.admin and grants.room == message.room):
            raise TwirpError("unauthenticated", "The token does not allow deleting this room.")
        room = self._server.rooms.get(message.room)
        if room is None:
            raise TwirpError("not_found", "requested room does not exist")
        self._server.end(room, models.DisconnectReason.ROOM_DELETED)
        return api.DeleteRoomResponse()

    def update_room_metadata(
        self, message: api.UpdateRoomMetadataRequest, grants: Grants
    ) -> Message:
        room = self._administered(message.room, grants)
        if len(message.metadata) > _MAX_METADATA:
            raise TwirpError("invalid_argument", "The metadata is too long.")
        room.set_metadata(message.metadata)
        return room.info()

    # --- participants --------------------------------------------------------------------------

    def list_participants(self, message: api.ListParticipantsRequest, grants: Grants) -> Message:
        try:
            room = self._administered(message.room, grants)
        except TwirpError as exc:
            if exc.code != "not_found":
                raise
            return api.ListParticipantsResponse()  # as LiveKit: nobody is in a room that is not
        everyone = [p.info() for p in room.participants.values()]
        return api.ListParticipantsResponse(participants=everyone)

    def get_participant(self, message: api.RoomParticipantIdentity, grants: Grants) -> Message:
        return self._participant(message.room, message.identity, grants).info()

    def remove_participant(self, message: api.RoomParticipantIdentity, grants: Grants) -> Message:
        self._administered(message.room, grants)
        if message.revoke_token_ts:  # also of somebody who is away just now
            self._server.revocations.note(message.room, message.identity, message.revoke_token_ts)
        participant = self._participant(message.room, message.identity, grants)
        reason = models.DisconnectReason.PARTICIPANT_REMOVED
        participant.send(leave(reason, rtc.LeaveRequest.DISCONNECT))
        participant.room.remove(participant, reason)
        return api.RemoveParticipantResponse()

    def mute_published_track(self, message: api.MuteRoomTrackRequest, grants: Grants) -> Message:
        participant = self._participant(message.room, message.identity, grants)
        if not message.muted:
            # As LiveKit by default: nobody's microphone is opened from afar.
            raise TwirpError("failed_precondition", "remote unmute not enabled")
        track = participant.mute(message.track_sid, message.muted, tell=True)
        if track is None:
            raise TwirpError("not_found", "track is not found")
        return api.MuteRoomTrackResponse(track=track.info)

    def update_participant(self, message: api.UpdateParticipantRequest, grants: Grants) -> Message:
        participant = self._participant(message.room, message.identity, grants)
        if message.metadata or message.name or message.attributes:
            attributes = dict(message.attributes)
            if not participant.update(message.metadata, message.name, attributes):
                raise TwirpError("invalid_argument", "The metadata or attributes are too long.")
        if message.HasField("permission"):
            participant.permit(message.permission)
        return participant.info()

    def update_subscriptions(
        self, message: api.UpdateSubscriptionsRequest, grants: Grants
    ) -> Message:
        participant = self._participant(message.room, message.identity, grants)
        sids = [*message.track_sids]
        sids += [sid for entry in message.participant_tracks for sid in entry.track_sids]
        participant.room.subscribe_to(participant, sids, message.subscribe)
        return api.UpdateSubscriptionsResponse()

    def send_data(self, message: api.SendDataRequest, grants: Grants) -> Message:
        room = self._administered(message.room, grants)
        user = models.UserPacket(
            payload=message.data,
            destination_sids=message.destination_sids,
            destination_identities=message.destination_identities,
            nonce=message.nonce,
        )
        if message.HasField("topic"):
            user.topic = message.topic
        lossy = message.kind == models.DataPacket.LOSSY
        packet = models.DataPacket(user=user, destination_identities=message.destination_identities)
        room.relay.deliver(packet, LOSSY if lossy else RELIABLE)
        return api.SendDataResponse()


def _decode(message: Message, body: bytes, *, json: bool) -> Any:
    try:
        if json:
            return Parse(body.decode() or "{}", message, ignore_unknown_fields=True)
        message.ParseFromString(body)
    except (DecodeError, ParseError, UnicodeDecodeError, RecursionError) as exc:
        raise TwirpError("malformed", "The request body cannot be read.") from exc
    return message


_METHODS: dict[str, tuple[type[Message], Callable[..., Message]]] = {
    "CreateRoom": (api.CreateRoomRequest, RoomService.create_room),
    "ListRooms": (api.ListRoomsRequest, RoomService.list_rooms),
    "DeleteRoom": (api.DeleteRoomRequest, RoomService.delete_room),
    "ListParticipants": (api.ListParticipantsRequest, RoomService.list_participants),
    "GetParticipant": (api.RoomParticipantIdentity, RoomService.get_participant),
    "RemoveParticipant": (api.RoomParticipantIdentity, RoomService.remove_participant),
    "MutePublishedTrack": (api.MuteRoomTrackRequest, RoomService.mute_published_track),
    "UpdateParticipant": (api.UpdateParticipantRequest, RoomService.update_participant),
    "UpdateSubscriptions": (api.UpdateSubscriptionsRequest, RoomService.update_subscriptions),
    "SendData": (api.SendDataRequest, RoomService.send_data),
    "UpdateRoomMetadata": (api.UpdateRoomMetadataRequest, RoomService.update_room_metadata),
}
