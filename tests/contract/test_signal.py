"""The signal connection, message by message, without any media."""

import time
from typing import Any

import jwt
import pytest
from livekit import api
from livekit.protocol import models, rtc

from tests.media.conftest import KEY, SECRET

from .conftest import Room
from .raw import Wire, joined

pytestmark = pytest.mark.media

State = models.ParticipantInfo.State
CAMERA = rtc.AddTrackRequest(
    cid="camera", type=models.VIDEO, source=models.CAMERA, name="cam", width=1280, height=720
)


async def test_the_join_says_who_is_there_and_how_to_go_on(room: Room) -> None:
    async with joined(room, "first"), joined(room, "second") as second:
        join = await second.first("join")
        assert second.kinds()[0] == "join"
        assert join.room.name == room.name
        assert join.room.sid.startswith("RM_")
        assert join.participant.identity == "second"
        assert join.participant.name == "SECOND"
        assert join.participant.sid.startswith("PA_")
        assert [p.identity for p in join.other_participants] == ["first"]
        assert join.subscriber_primary
        assert (join.ping_interval, join.ping_timeout) == (5, 15)
        assert join.server_info.version
        assert {c.mime.lower() for c in join.enabled_publish_codecs} >= {"audio/opus", "video/vp8"}
        offer = await second.first("offer")
        assert offer.type == "offer"
        assert offer.id > 0
        assert "webrtc-datachannel" in offer.sdp


async def test_coming_and_going_is_told(room: Room) -> None:
    async with joined(room, "stays") as stays, joined(room, "goes") as goes:
        sid = (await goes.first("join")).participant.sid
        seen = await stays.sees("goes", lambda p: p.state in (State.JOINED, State.ACTIVE))
        assert seen.sid == sid
        await goes.send(leave=rtc.LeaveRequest(reason=models.CLIENT_INITIATED))
        left = await stays.sees("goes", lambda p: p.state == State.DISCONNECTED)
        assert left.sid == sid


async def test_the_same_identity_again_ends_the_first(room: Room) -> None:
    async with joined(room, "same") as first, joined(room, "same") as second:
        said = await first.first("leave")
        assert said.reason == models.DUPLICATE_IDENTITY
        assert said.action == rtc.LeaveRequest.DISCONNECT
        await first.ended.wait()
        assert "leave" not in second.kinds()


async def test_hidden_participants_are_not_seen(room: Room) -> None:
    async with joined(room, "seen") as seen, joined(room, "unseen", hidden=True) as unseen:
        assert [p.identity for p in (await unseen.first("join")).other_participants] == ["seen"]
        async with joined(room, "third") as third:
            assert [p.identity for p in (await third.first("join")).other_participants] == ["seen"]
            await seen.sees("third", lambda p: True)
        told = [p.identity for m in seen.messages for p in m.update.participants]
        assert "unseen" not in told


async def test_ping_and_pong(room: Room) -> None:
    async with joined(room, "pinger") as wire:
        now = int(time.time() * 1000)
        await wire.send(ping_req=rtc.Ping(timestamp=now, rtt=7))
        answer = await wire.first("pong_resp")
        assert answer.last_ping_timestamp == now
        assert abs(answer.timestamp - now) < 60_000
        await wire.send(ping=now)
        assert abs(await wire.first("pong") - now) < 60_000


async def test_nonsense_does_no_harm(room: Room) -> None:
    async with joined(room, "rude") as wire:
        await wire.send_raw(rtc.SignalRequest().SerializeToString())
        await wire.send(mute=rtc.MuteTrackRequest(sid="TR_none", muted=True))
        await wire.send(subscription=rtc.UpdateSubscription(track_sids=["TR_none"], subscribe=True))
        await wire.send(track_setting=rtc.UpdateTrackSettings(track_sids=["TR_none"]))
        await wire.send(trickle=rtc.TrickleRequest(candidateInit="{"))
        await wire.send(ping_req=rtc.Ping(timestamp=1))
        assert (await wire.first("pong_resp")).last_ping_timestamp == 1


# --- metadata and attributes -------------------------------------------------------------------


async def test_own_metadata_name_and_attributes(room: Room) -> None:
    async with (
        joined(room, "other") as other,
        joined(room, "chooser", can_update_own_metadata=True) as chooser,
    ):
        wish = rtc.UpdateParticipantMetadata(
            metadata="m", name="新名", attributes={"hand": "up", "gone": ""}, request_id=9
        )
        await chooser.send(update_metadata=wish)
        wanted = ("m", "新名", {"hand": "up"})
        await other.sees("chooser", lambda p: (p.metadata, p.name, dict(p.attributes)) == wanted)
        clear = rtc.UpdateParticipantMetadata(metadata="m", attributes={"hand": ""})
        await chooser.send(update_metadata=clear)
        await other.sees("chooser", lambda p: p.metadata == "m" and not p.attributes)


async def test_metadata_without_the_right_is_refused(room: Room) -> None:
    async with joined(room, "fixed") as wire:
        wish = rtc.UpdateParticipantMetadata(metadata="m", request_id=3)
        await wire.send(update_metadata=wish)
        answer = await wire.first("request_response")
        assert (answer.request_id, answer.reason) == (3, rtc.RequestResponse.NOT_ALLOWED)


# --- tracks that are only announced ------------------------------------------------------------


async def test_a_track_is_acknowledged(room: Room) -> None:
    async with joined(room, "sender") as wire:
        await wire.send(add_track=CAMERA)
        said = await wire.first("track_published")
        assert said.cid == "camera"
        track = said.track
        assert track.sid.startswith("TR_")
        assert (track.type, track.source) == (models.VIDEO, models.CAMERA)
        assert (track.name, track.width, track.height) == ("cam", 1280, 720)


REFUSED: dict[str, tuple[dict[str, Any], rtc.AddTrackRequest]] = {
    "no right to publish": ({"can_publish": False}, CAMERA),
    "another source": ({"can_publish_sources": ["microphone"]}, CAMERA),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_a_track_that_is_not_allowed_is_refused(room: Room, case: str) -> None:
    grants, request = REFUSED[case]
    async with joined(room, "listener", **grants) as wire:
        await wire.send(add_track=request)
        answer = await wire.first("request_response")
        assert answer.reason == rtc.RequestResponse.NOT_ALLOWED
        assert answer.add_track.cid == "camera"
        assert "track_published" not in wire.kinds()


# --- rights and tokens -------------------------------------------------------------------------


def _claims(text: str) -> dict[str, Any]:
    if not text:
        return {}
    return jwt.decode(text, SECRET, algorithms=["HS256"], issuer=KEY, leeway=10)


async def test_rights_change_live_and_the_token_follows(
    room: Room, service: api.LiveKitAPI
) -> None:
    async with joined(room, "doctor", can_publish=False) as wire, joined(room, "other") as other:
        permission = models.ParticipantPermission(
            can_subscribe=True, can_publish=True, can_publish_data=True
        )
        await service.room.update_participant(
            api.UpdateParticipantRequest(room=room.name, identity="doctor", permission=permission)
        )
        own = await wire.sees("doctor", lambda p: p.permission.can_publish)
        assert own.permission.can_subscribe
        await other.sees("doctor", lambda p: p.permission.can_publish)

        def promoted(message: rtc.SignalResponse) -> bool:
            video = _claims(message.refresh_token).get("video", {})
            return bool(video) and video.get("canPublish", True)

        claims = _claims((await wire.until(promoted)).refresh_token)
        assert claims["sub"] == "doctor"
        assert claims["video"]["room"] == room.name
        assert claims["video"]["roomJoin"]
        await wire.send(add_track=CAMERA)
        assert (await wire.first("track_published")).cid == "camera"


# --- losing and resuming -----------------------------------------------------------------------


async def _cut(wire: Wire) -> str:
    sid: str = (await wire.first("join")).participant.sid
    await wire.close()
    return sid


@pytest.mark.differs(
    "livekit", "forgets at once who loses signalling before media connects; ours waits 15 s"
)
async def test_a_signal_connection_that_is_cut_early_resumes(room: Room) -> None:
    async with joined(room, "other") as other:
        async with joined(room, "lost") as lost:
            sid = await _cut(lost)
        async with joined(room, "lost", query=f"&reconnect=1&sid={sid}") as back:
            assert back.kinds()[0] == "reconnect"
            again = await back.sees("lost", lambda p: True)
            assert again.sid == sid
            await back.sees("other", lambda p: True)
            await back.first("offer")
        told = [p for m in other.messages for p in m.update.participants]
        assert not [p for p in told if p.identity == "lost" and p.state == State.DISCONNECTED]


async def test_resuming_what_is_not_there_asks_for_a_fresh_join(room: Room) -> None:
    async with (
        joined(room, "other"),
        joined(room, "ghost", query="&reconnect=1&sid=PA_unknown") as ghost,
    ):
        said = await ghost.first("leave")
        assert said.reason == models.STATE_MISMATCH
        assert said.action == rtc.LeaveRequest.RECONNECT
