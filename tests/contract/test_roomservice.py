"""RoomService: every method as protobuf through livekit-api, and the same as JSON."""

import base64
from typing import Any, ClassVar

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from livekit import api
from livekit.protocol import models, rtc

from tests.media.clients import listener, talker
from tests.media.conftest import eventually

from .conftest import Room
from .raw import Wire, joined
from .test_http import call, signed

pytestmark = pytest.mark.media


class Protobuf:
    """livekit-api speaks protobuf."""

    def __init__(self, room: Room, service: api.LiveKitAPI) -> None:
        self._service = service.room

    async def __call__(self, method: str, **fields: Any) -> Any:
        name = "".join("_" + c.lower() if c.isupper() else c for c in method).lstrip("_")
        request = {
            "GetParticipant": "RoomParticipantIdentity",
            "RemoveParticipant": "RoomParticipantIdentity",
            "MutePublishedTrack": "MuteRoomTrackRequest",
        }.get(method, f"{method}Request")
        return await getattr(self._service, name)(getattr(api, request)(**fields))


class Json:
    """The same calls as JSON with the field names of the protobufs."""

    TYPES: ClassVar = {
        "CreateRoom": models.Room,
        "UpdateRoomMetadata": models.Room,
        "ListRooms": api.ListRoomsResponse,
        "ListParticipants": api.ListParticipantsResponse,
        "GetParticipant": models.ParticipantInfo,
        "UpdateParticipant": models.ParticipantInfo,
    }

    def __init__(self, room: Room, service: api.LiveKitAPI) -> None:
        self._room = room

    async def __call__(self, method: str, **fields: Any) -> Any:
        grants = {"roomAdmin": True, "room": self._room.name, "roomCreate": True, "roomList": True}
        fields = {key: _plain(value) for key, value in fields.items()}
        status, said = await call(self._room.target, signed(grants), method, fields)
        if status != 200:
            raise api.TwirpError(said["code"], said["msg"], status=status)
        return ParseDict(said, self.TYPES[method]()) if method in self.TYPES else said


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return MessageToDict(value) if hasattr(value, "DESCRIPTOR") else value


@pytest.fixture(params=[Protobuf, Json], ids=["protobuf", "json"])
def ask(request: pytest.FixtureRequest, room: Room, service: api.LiveKitAPI) -> Any:
    return request.param(room, service)


async def test_rooms_are_made_listed_changed_and_deleted(room: Room, ask: Any) -> None:
    made = await ask(
        "CreateRoom", name=room.name, metadata="{}", empty_timeout=60, max_participants=7
    )
    assert made.sid.startswith("RM_")
    assert (made.name, made.metadata, made.empty_timeout) == (room.name, "{}", 60)
    assert made.max_participants == 7
    assert (await ask("CreateRoom", name=room.name)).sid == made.sid
    listed = await ask("ListRooms")
    assert room.name in [found.name for found in listed.rooms]
    assert not (await ask("ListRooms", names=["another"])).rooms
    async with joined(room, "member") as member:
        changed = await ask("UpdateRoomMetadata", room=room.name, metadata="new")
        assert changed.metadata == "new"
        await member.until(lambda m: m.room_update.room.metadata == "new")
        await ask("DeleteRoom", room=room.name)
        said = await member.first("leave")
        assert said.reason == models.ROOM_DELETED
        assert said.action == rtc.LeaveRequest.DISCONNECT
    assert not (await ask("ListRooms", names=[room.name])).rooms


async def test_participants_are_listed_changed_and_removed(room: Room, ask: Any) -> None:
    async with joined(room, "member") as member, joined(room, "other") as other:
        who = {"room": room.name, "identity": "member"}
        found = await ask("ListParticipants", room=room.name)
        assert {p.identity for p in found.participants} == {"member", "other"}
        assert (await ask("GetParticipant", **who)).name == "MEMBER"
        await ask("UpdateParticipant", **who, metadata="m", name="n", attributes={"a": "1"})
        wanted = ("m", "n", {"a": "1"})
        await other.sees("member", lambda p: (p.metadata, p.name, dict(p.attributes)) == wanted)
        assert (await ask("GetParticipant", **who)).metadata == "m"
        await ask("RemoveParticipant", **who)
        assert (await member.first("leave")).reason == models.PARTICIPANT_REMOVED
        await other.sees("member", lambda p: p.state == models.ParticipantInfo.DISCONNECTED)
        with pytest.raises(api.TwirpError) as caught:
            await ask("GetParticipant", **who)
        assert caught.value.code == "not_found"


async def _announced(wire: Wire) -> str:
    request = rtc.AddTrackRequest(cid="voice", type=models.AUDIO, source=models.MICROPHONE)
    await wire.send(add_track=request)
    sid: str = (await wire.first("track_published")).track.sid
    return sid


async def test_muting_from_afar_is_told_and_opening_is_refused(room: Room, ask: Any) -> None:
    async with joined(room, "member") as member:
        wish = {"room": room.name, "identity": "member", "track_sid": await _announced(member)}
        await ask("MutePublishedTrack", **wish, muted=True)
        told = await member.first("mute")
        assert (told.sid, told.muted) == (wish["track_sid"], True)
        with pytest.raises(api.TwirpError) as caught:
            await ask("MutePublishedTrack", **wish, muted=False)
        assert caught.value.code == "failed_precondition"


@pytest.mark.differs("livekit", "says nothing about a track that is not there; ours answers 404")
async def test_muting_a_track_that_is_not_there(room: Room, ask: Any) -> None:
    async with joined(room, "member"):
        wish = {"room": room.name, "identity": "member", "track_sid": "TR_none"}
        with pytest.raises(api.TwirpError) as caught:
            await ask("MutePublishedTrack", **wish, muted=True)
        assert caught.value.code == "not_found"


@pytest.mark.differs("livekit", "fails the handshake with HTTP 500; ours gives the reason")
async def test_a_full_room_says_so(room: Room, ask: Any) -> None:
    await ask("CreateRoom", name=room.name, max_participants=1)
    async with joined(room, "first") as first, joined(room, "second") as second:
        assert (await second.first("leave")).reason == models.JOIN_FAILURE
        assert "leave" not in first.kinds()


async def test_data_is_sent_to_those_named(room: Room, ask: Any) -> None:
    async with listener(room.url, room.token("a")) as a, listener(room.url, room.token("b")) as b:
        everyone = {"room": room.name, "data": b"all"}
        named = {"room": room.name, "data": b"a only", "destination_identities": ["a"]}
        await ask("SendData", **named, topic="t")
        await ask("SendData", **everyone)
        await eventually(lambda: a.data == [b"a only", b"all"] and b.data == [b"all"])


async def test_subscriptions_are_changed_from_afar(room: Room, ask: Any) -> None:
    async with (
        listener(room.url, room.token("audience")) as heard,
        talker(room.url, room.token("speaker"), video=False) as spoken,
    ):
        await eventually(lambda: heard.loudest > 1000)
        sids = [spoken.publications["audio"].sid]
        who = {"room": room.name, "identity": "audience", "track_sids": sids}
        await ask("UpdateSubscriptions", **who, subscribe=False)
        await eventually(lambda: heard.silent(0.5))
        await ask("UpdateSubscriptions", **who, subscribe=True)
        await eventually(lambda: not heard.silent(0.2))
