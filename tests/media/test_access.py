"""Who gets in, and who does not."""

import asyncio
import base64
import gzip
import json
import time

import aiohttp
import jwt
import pytest
from aiohttp import WSMsgType
from livekit import api
from livekit.protocol import models, rtc

from .clients import listener
from .conftest import KEY, SECRET, MediaProcess, eventually, token


def expired() -> str:
    claims = {
        "iss": KEY, "sub": "late", "nbf": 0, "exp": int(time.time()) - 60,
        "video": {"room": "room", "roomJoin": True},
    }  # fmt: skip
    return jwt.encode(claims, SECRET, algorithm="HS256")


def signed(identity: str, video: dict[str, object]) -> str:
    claims = {"iss": KEY, "sub": identity, "exp": int(time.time()) + 60, "video": video}
    return jwt.encode(claims, SECRET, algorithm="HS256")


def unsigned() -> str:
    claims = {"iss": KEY, "sub": "x", "exp": int(time.time()) + 60, "video": {"roomJoin": True}}
    return jwt.encode(claims, None, algorithm="none")


BAD = {
    "absent": lambda: "",
    "garbage": lambda: "not.a.token",
    "wrong secret": lambda: token("x", secret="another-secret-that-is-long-enough-too"),
    "wrong key": lambda: token("x", key="another"),
    "expired": expired,
    "unsigned": unsigned,
    "no identity": lambda: signed("", {"room": "room", "roomJoin": True}),
    "no room": lambda: signed("x", {"roomJoin": True}),
    "no right to join": lambda: signed("x", {"room": "room"}),
}


@pytest.mark.parametrize("case", BAD)
async def test_a_bad_token_is_refused_alike(standing: MediaProcess, case: str) -> None:
    before = standing.metric("rooms")
    async with aiohttp.ClientSession() as session:
        for path in ("/rtc/validate", "/rtc"):
            query = {"access_token": BAD[case]()}
            async with session.get(standing.http + path, params=query) as answer:
                assert answer.status == 401
        assert standing.metric("rooms") <= before


async def test_a_good_token_is_valid_in_header_and_query(standing: MediaProcess) -> None:
    async with aiohttp.ClientSession() as session:
        good = token("someone")
        header = {"Authorization": f"Bearer {good}"}
        async with session.get(standing.http + "/rtc/validate", headers=header) as answer:
            assert answer.status == 200
        query = {"access_token": good}
        async with session.get(standing.http + "/rtc/validate", params=query) as answer:
            assert answer.status == 200


async def test_an_address_that_ends_in_a_slash_works(standing: MediaProcess) -> None:
    async with aiohttp.ClientSession() as session:
        query = {"access_token": token("someone")}
        async with session.get(standing.http + "//rtc/validate", params=query) as answer:
            assert answer.status == 200
        method = "//twirp/livekit.RoomService/ListRooms"
        header = {"Authorization": f"Bearer {token('someone', room_list=True)}"}
        async with session.post(standing.http + method, json={}, headers=header) as answer:
            assert answer.status == 200
        async with session.ws_connect(standing.http + "//rtc", params=query) as socket:
            assert rtc.SignalResponse.FromString((await socket.receive(5)).data).HasField("join")


async def test_any_origin_may_read_even_a_refusal(standing: MediaProcess) -> None:
    async with aiohttp.ClientSession(headers={"Origin": "https://ward.example"}) as session:
        for path, method in (("/rtc/validate", "GET"), ("/", "POST"), ("/nowhere", "GET")):
            async with session.request(method, standing.http + path) as answer:
                assert answer.status >= 400
                assert answer.headers["Access-Control-Allow-Origin"] == "https://ward.example"
                assert answer.headers["Vary"] == "Origin"


def encoded(attributes: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(attributes).encode()).decode()


@pytest.mark.parametrize(
    ("may_choose", "wish", "expected"),
    [
        (True, encoded({"b": "2", "c": "3"}), {"a": "0", "b": "2", "c": "3"}),
        (True, encoded({"b": ""}), {"a": "0"}),
        (True, encoded({"b": 2}), {"a": "0", "b": "1"}),
        (True, encoded({"b": "\ud800"}), {"a": "0", "b": "1"}),
        (True, encoded({"\ud800": "b"}), {"a": "0", "b": "1"}),
        (True, "%%%", {"a": "0", "b": "1"}),
        (False, encoded({"b": "2"}), {"a": "0", "b": "1"}),
    ],
)
async def test_attributes_asked_for_at_the_join(
    standing: MediaProcess, may_choose: bool, wish: str, expected: dict[str, str]
) -> None:
    video = api.VideoGrants(room_join=True, room="own", can_update_own_metadata=may_choose)
    signer = api.AccessToken(KEY, SECRET).with_identity("chooser").with_grants(video)
    header = {"Authorization": f"Bearer {signer.with_attributes({'a': '0', 'b': '1'}).to_jwt()}"}
    query = {"attributes": wish}
    async with (
        aiohttp.ClientSession(headers=header) as session,
        session.ws_connect(standing.http + "/rtc", params=query) as socket,
    ):
        join = rtc.SignalResponse.FromString((await socket.receive(5)).data).join
        assert dict(join.participant.attributes) == expected


def packed(request: rtc.JoinRequest) -> str:
    """A `join_request` as it stands in the query."""
    wrapped = rtc.WrappedJoinRequest(
        compression=rtc.WrappedJoinRequest.GZIP,
        join_request=gzip.compress(request.SerializeToString()),
    )
    return base64.urlsafe_b64encode(wrapped.SerializeToString()).decode()


async def test_one_connection_needs_a_join_request(standing: MediaProcess) -> None:
    url = f"{standing.http}/rtc/v1/validate"
    good = {"access_token": token("x"), "join_request": packed(rtc.JoinRequest())}
    async with aiohttp.ClientSession() as session:
        for change, status in (
            ({}, 200),
            ({"join_request": ""}, 400),
            ({"join_request": "A" * 40}, 400),
            ({"access_token": expired()}, 401),
        ):
            async with session.get(url, params={**good, **change}) as answer:
                assert answer.status == status


@pytest.mark.parametrize("path", ["/rtc", "/rtc/v1"])
async def test_a_join_request_brings_its_own_names_and_tracks(
    standing: MediaProcess, path: str
) -> None:
    request = rtc.JoinRequest(
        metadata="mine",
        participant_attributes={"role": "guest"},
        add_track_requests=[rtc.AddTrackRequest(cid="c", type=models.TrackType.AUDIO)],
    )
    access = token("single", room=path, can_update_own_metadata=True)
    query = {"access_token": access, "join_request": packed(request)}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(standing.url + path, params=query) as socket,
    ):
        first = rtc.SignalResponse.FromString(await socket.receive_bytes(timeout=5))
        second = rtc.SignalResponse.FromString(await socket.receive_bytes(timeout=5))
    assert not first.join.subscriber_primary
    assert first.join.participant.metadata == "mine"
    assert dict(first.join.participant.attributes) == {"role": "guest"}
    assert second.track_published.cid == "c"


async def test_nobody_hears_another_room(standing: MediaProcess) -> None:
    async with (
        listener(standing.url, token("one", room="mine")) as mine,
        listener(standing.url, token("two", room="theirs")) as theirs,
        listener(standing.url, token("three", room="mine")) as third,
    ):
        await third.room.local_participant.publish_data(b"secret")
        await eventually(lambda: mine.data == [b"secret"])
        assert not theirs.data
        assert not theirs.room.remote_participants


async def test_the_same_identity_evicts_the_older(media: MediaProcess) -> None:
    async with (
        listener(media.url, token("same")) as first,
        listener(media.url, token("same")) as second,
    ):
        await eventually(lambda: first.reason is not None)
        assert first.reason == models.DisconnectReason.DUPLICATE_IDENTITY
        assert second.reason is None
        assert media.metric("participants") == 1


async def test_resuming_an_unknown_session_sends_to_a_fresh_join(standing: MediaProcess) -> None:
    address = f"{standing.http}/rtc?reconnect=1&sid=PA_unknown&access_token={token('ghost')}"
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        message = rtc.SignalResponse.FromString((await socket.receive(5)).data)
        assert message.leave.action == rtc.LeaveRequest.RECONNECT
        assert message.leave.reason == models.DisconnectReason.STATE_MISMATCH


async def test_garbage_on_the_signal_connection_does_no_harm(standing: MediaProcess) -> None:
    address = f"{standing.http}/rtc?access_token={token('rude')}"
    offer = rtc.SignalRequest(offer=rtc.SessionDescription(type="offer", sdp="v=0\r\nm=nonsense"))
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        await socket.send_bytes(b"\xff\xfe garbage")
        await socket.send_bytes(offer.SerializeToString())
        await socket.send_bytes(rtc.SignalRequest(ping=1).SerializeToString())
        async with asyncio.timeout(5):
            while True:
                message = await socket.receive()
                assert message.type is WSMsgType.BINARY
                if rtc.SignalResponse.FromString(message.data).pong:
                    break


async def test_a_drain_tells_the_clients_and_ends_well(media: MediaProcess) -> None:
    address = f"{media.http}/rtc?access_token={token('someone')}"
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        await socket.receive(5)
        media.process.terminate()
        async with asyncio.timeout(10):
            while True:
                message = await socket.receive()
                assert message.type is WSMsgType.BINARY
                leave = rtc.SignalResponse.FromString(message.data).leave
                if leave.reason == models.DisconnectReason.SERVER_SHUTDOWN:
                    break
        assert leave.action == rtc.LeaveRequest.RECONNECT
    assert await asyncio.to_thread(media.process.wait, 10) == 0


@pytest.mark.parametrize("path", ["/rtc/validate", "/twirp/livekit.RoomService/ListRooms", "/whip"])
async def test_browsers_may_ask_from_any_origin(standing: MediaProcess, path: str) -> None:
    headers = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    async with aiohttp.ClientSession() as session:
        async with session.options(standing.http + path, headers=headers) as answer:
            assert answer.status == 204
            assert answer.headers["Access-Control-Allow-Origin"] == "https://elsewhere.example"
            assert answer.headers["Access-Control-Allow-Headers"] == "authorization,content-type"
            assert "POST" in answer.headers["Access-Control-Allow-Methods"]
        async with session.get(standing.http + "/nothing-here") as answer:
            assert answer.status == 404


async def test_the_first_token_shapes_the_room(standing: MediaProcess) -> None:
    plan = api.RoomConfiguration(max_participants=1, metadata="planned", departure_timeout=7)
    claims = api.VideoGrants(room_join=True, room="shaped")
    signer = api.AccessToken(KEY, SECRET).with_identity("first").with_grants(claims)
    query = {"access_token": signer.with_room_config(plan).to_jwt()}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(standing.url + "/rtc", params=query) as socket,
    ):
        join = rtc.SignalResponse.FromString(await socket.receive_bytes(timeout=5)).join
        assert (join.room.metadata, join.room.departure_timeout) == ("planned", 7)
        query = {"access_token": token("second", room="shaped")}
        async with session.ws_connect(standing.url + "/rtc", params=query) as other:
            refusal = rtc.SignalResponse.FromString(await other.receive_bytes(timeout=5))
    assert refusal.leave.reason == models.DisconnectReason.JOIN_FAILURE


async def test_who_was_put_out_needs_a_newer_token(standing: MediaProcess) -> None:
    now = int(time.time())

    def made(at: int) -> str:
        video = {"room": "revoked", "roomJoin": True}
        claims = {"iss": KEY, "sub": "out", "nbf": at, "exp": now + 60, "video": video}
        return jwt.encode(claims, SECRET, algorithm="HS256")

    async def held(socket: aiohttp.ClientWebSocketResponse) -> str:
        """The newer token that somebody connected gets when rights change."""
        allowed = api.ParticipantPermission(can_subscribe=True)
        await service.room.update_participant(
            api.UpdateParticipantRequest(room="revoked", identity="out", permission=allowed)
        )
        while not (message := rtc.SignalResponse.FromString(await socket.receive_bytes())).HasField(
            "refresh_token"
        ):
            continue
        return message.refresh_token

    async def answers(token: str) -> set[int]:
        header, found = {"Authorization": f"Bearer {token}"}, set()
        for path in ("/rtc/validate", "/rtc?reconnect=1", "/rtc"):
            async with session.get(standing.http + path, headers=header) as answer:
                found.add(answer.status)
        async with session.post(standing.http + "/whip", headers=header) as answer:
            found.add(answer.status)
        return found

    me = api.RoomParticipantIdentity(room="revoked", identity="out", revoke_token_ts=now)
    async with standing.api() as service, aiohttp.ClientSession() as session:
        async with session.ws_connect(f"{standing.url}/rtc?access_token={made(now - 5)}") as socket:
            older = await held(socket)
            await service.room.remove_participant(me)
        assert await answers(made(now - 5)) == await answers(older) == {401}
        # Let in anew, in the second of the removal.
        async with session.ws_connect(f"{standing.url}/rtc?access_token={made(now)}") as socket:
            newer = await held(socket)
            assert 401 not in await answers(newer)
        assert await answers(older) == {401}
        await service.room.delete_room(api.DeleteRoomRequest(room="revoked"))
        assert await answers(made(now - 5)) == {401}
        # Whoever is away as it is put out.
        await service.room.create_room(api.CreateRoomRequest(name="revoked"))
        me.revoke_token_ts = now + 1
        with pytest.raises(api.TwirpError):
            await service.room.remove_participant(me)
        assert await answers(made(now)) == await answers(newer) == {401}
        assert 401 not in await answers(made(now + 1))
