"""RoomService through PyPI livekit-api, and its JSON face."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from livekit import api
from livekit.protocol import models

from .clients import listener, talker
from .conftest import KEY, SECRET, MediaProcess, eventually, token


@pytest_asyncio.fixture
async def service(media: MediaProcess) -> AsyncIterator[api.LiveKitAPI]:
    found = media.api()
    yield found
    await found.aclose()


async def test_rooms_come_and_go(service: api.LiveKitAPI) -> None:
    made = await service.room.create_room(
        api.CreateRoomRequest(name="ward", metadata="{}", empty_timeout=60, max_participants=2)
    )
    assert made.sid.startswith("RM_")
    assert (made.name, made.metadata, made.empty_timeout) == ("ward", "{}", 60)
    again = await service.room.create_room(api.CreateRoomRequest(name="ward"))
    assert again.sid == made.sid
    listed = await service.room.list_rooms(api.ListRoomsRequest())
    assert [room.name for room in listed.rooms] == ["ward"]
    none = await service.room.list_rooms(api.ListRoomsRequest(names=["other"]))
    assert not none.rooms
    await service.room.delete_room(api.DeleteRoomRequest(room="ward"))
    assert not (await service.room.list_rooms(api.ListRoomsRequest())).rooms


async def test_participants_are_listed_updated_and_removed(
    service: api.LiveKitAPI, media: MediaProcess
) -> None:
    async with listener(media.url, token("doctor")) as doctor:
        found = await service.room.list_participants(api.ListParticipantsRequest(room="room"))
        assert [p.identity for p in found.participants] == ["doctor"]
        await service.room.update_participant(
            api.UpdateParticipantRequest(
                room="room", identity="doctor", metadata="m", attributes={"hand": "raised"}
            )
        )
        one = api.RoomParticipantIdentity(room="room", identity="doctor")
        info = await service.room.get_participant(one)
        assert info.metadata == "m"
        assert dict(info.attributes) == {"hand": "raised"}
        await eventually(lambda: doctor.room.local_participant.attributes == {"hand": "raised"})
        await service.room.remove_participant(one)
        await eventually(lambda: doctor.reason is not None)
        assert doctor.reason == models.DisconnectReason.PARTICIPANT_REMOVED
    with pytest.raises(api.TwirpError) as caught:
        await service.room.get_participant(one)
    assert caught.value.code == "not_found"


async def test_a_full_room_takes_nobody_else(service: api.LiveKitAPI, media: MediaProcess) -> None:
    await service.room.create_room(api.CreateRoomRequest(name="room", max_participants=1))
    async with listener(media.url, token("first")):
        with pytest.raises(Exception, match=r".+"):
            async with listener(media.url, token("second")):
                pass
        assert media.metric("participants") == 1


async def test_a_microphone_can_be_muted_from_afar_but_not_opened(
    service: api.LiveKitAPI, media: MediaProcess
) -> None:
    async with (
        listener(media.url, token("listener")) as heard,
        talker(media.url, token("talker"), video=False) as spoken,
    ):
        await eventually(lambda: heard.sounds > 5)
        sid = spoken.publications["audio"].sid
        wish = api.MuteRoomTrackRequest(room="room", identity="talker", track_sid=sid, muted=True)
        muted = await service.room.mute_published_track(wish)
        assert muted.track.muted
        await eventually(lambda: sid in heard.muted)
        wish.muted = False
        with pytest.raises(api.TwirpError):
            await service.room.mute_published_track(wish)


async def test_rights_can_be_taken_away_live(service: api.LiveKitAPI, media: MediaProcess) -> None:
    async with (
        listener(media.url, token("listener")) as heard,
        talker(media.url, token("talker"), video=False),
    ):
        await eventually(lambda: heard.sounds > 5)
        permission = models.ParticipantPermission(can_subscribe=True, can_publish=False)
        await service.room.update_participant(
            api.UpdateParticipantRequest(room="room", identity="talker", permission=permission)
        )
        talking = heard.room.remote_participants["talker"]
        await eventually(lambda: not talking.track_publications)


async def test_what_is_refused_changes_nothing(
    service: api.LiveKitAPI, media: MediaProcess
) -> None:
    async with listener(media.url, token("doctor")):
        wish = api.UpdateParticipantRequest(
            room="room",
            identity="doctor",
            metadata="m" * 100_000,
            permission=models.ParticipantPermission(can_subscribe=True),
        )
        with pytest.raises(api.TwirpError):
            await service.room.update_participant(wish)
        one = api.RoomParticipantIdentity(room="room", identity="doctor")
        assert (await service.room.get_participant(one)).permission.can_publish


async def test_subscriptions_data_and_metadata(
    service: api.LiveKitAPI, media: MediaProcess
) -> None:
    async with (
        listener(media.url, token("listener")) as heard,
        talker(media.url, token("talker"), video=False) as spoken,
    ):
        await eventually(lambda: heard.loudest > 1000)
        sid = spoken.publications["audio"].sid
        await service.room.update_subscriptions(
            api.UpdateSubscriptionsRequest(
                room="room", identity="listener", track_sids=[sid], subscribe=False
            )
        )
        await eventually(lambda: heard.silent(1.0))
        back = api.UpdateSubscriptionsRequest(
            room="room", identity="listener", track_sids=[sid], subscribe=True
        )
        await service.room.update_subscriptions(back)
        await eventually(lambda: not heard.silent(0.2))
        await service.room.send_data(
            api.SendDataRequest(
                room="room", data=b"notice", destination_identities=["listener"], topic="t"
            )
        )
        await eventually(lambda: heard.data == [b"notice"])
        await service.room.update_room_metadata(
            api.UpdateRoomMetadataRequest(room="room", metadata="recording")
        )
        await eventually(lambda: heard.room.metadata == "recording")


METHODS = [
    ("ListParticipants", {"room": "room"}),
    ("GetParticipant", {"room": "room", "identity": "x"}),
    ("RemoveParticipant", {"room": "room", "identity": "x"}),
    ("MutePublishedTrack", {"room": "room", "identity": "x", "track_sid": "t", "muted": True}),
    ("UpdateParticipant", {"room": "room", "identity": "x"}),
    ("UpdateSubscriptions", {"room": "room", "identity": "x"}),
    ("SendData", {"room": "room", "data": ""}),
    ("UpdateRoomMetadata", {"room": "room"}),
    ("DeleteRoom", {"room": "room"}),
    ("CreateRoom", {"name": "new"}),
    ("ListRooms", {}),
]


@pytest.mark.parametrize(("method", "body"), METHODS)
async def test_without_the_right_grant_nothing_happens(
    standing: MediaProcess, method: str, body: dict[str, object]
) -> None:
    """Someone else's administrator, and an ordinary participant."""
    other = api.AccessToken(KEY, SECRET).with_grants(
        api.VideoGrants(room_admin=True, room="another")
    )
    for bad in ("", token("someone"), other.to_jwt()):
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {bad}"}) as session:
            address = f"{standing.http}/twirp/livekit.RoomService/{method}"
            async with session.post(address, json=body) as answer:
                assert answer.status == 401
                assert (await answer.json())["code"] == "unauthenticated"


async def test_json_and_its_errors(standing: MediaProcess) -> None:
    grant = api.VideoGrants(room_create=True, room_list=True)
    good = api.AccessToken(KEY, SECRET).with_grants(grant).to_jwt()
    base = f"{standing.http}/twirp/livekit.RoomService"
    json = {"Content-Type": "application/json"}
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {good}"}) as session:
        async with session.post(f"{base}/CreateRoom", json={"name": "ward"}) as answer:
            assert (await answer.json())["name"] == "ward"
        async with session.post(f"{base}/ListRooms", data=b"{", headers=json) as answer:
            assert answer.status == 400
        async with session.post(f"{base}/CreateRoom", json={}) as answer:
            assert answer.status == 400
        async with session.post(f"{base}/NoSuchMethod", json={}) as answer:
            assert answer.status == 404
