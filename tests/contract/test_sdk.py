"""Participants with the PyPI `livekit` package (libwebrtc): media, rights and data as its users do."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from livekit import api, rtc
from livekit.protocol import models

from tests.media.clients import Listener, Talker, listener, talker
from tests.media.conftest import eventually

from .conftest import Room

pytestmark = pytest.mark.media


@contextlib.asynccontextmanager
async def member(room: Room, identity: str, **options: Any) -> AsyncIterator[Listener]:
    """Like `listener`, with options of the room."""
    found = Listener(rtc.Room())
    await found.room.connect(room.url, room.token(identity), rtc.RoomOptions(**options))
    try:
        yield found
    finally:
        await found.close()


async def whole_picture(heard: Listener) -> None:
    """Simulcast: where nobody asks for less, the whole picture comes; not at once, as the publisher's
    encoder makes it smaller by itself while it lacks processor or bandwidth."""
    try:
        await eventually(lambda: heard.size == (1280, 720), 90)
    except TimeoutError:
        before = heard.frames
        with contextlib.suppress(TimeoutError):
            await eventually(lambda: heard.frames > before, 2)
        state = "goes on" if heard.frames > before else "stands still"
        pytest.fail(f"the picture {state} at {heard.size}, after {heard.frames} frames")


@pytest.mark.parametrize("single", [False, True], ids=["two-connections", "one-connection"])
async def test_a_camera_a_microphone_and_data(room: Room, single: bool) -> None:
    qualities: list[str] = []
    async with (
        member(room, "audience", single_peer_connection=single) as heard,
        member(room, "speaker", single_peer_connection=single) as speaker,
    ):
        heard.room.on(
            "connection_quality_changed", lambda who, quality: qualities.append(who.identity)
        )
        spoken = Talker(speaker.room)
        await spoken.publish()
        await eventually(lambda: heard.frames > 20 and heard.loudest > 4000)
        await whole_picture(heard)
        await eventually(lambda: "speaker" in heard.speakers)
        for reliable in (True, False):
            text = b"reliable" if reliable else b"lossy"
            await speaker.room.local_participant.publish_data(text, reliable=reliable, topic="t")
            await eventually(lambda text=text: text in heard.data)
        await heard.room.local_participant.publish_data(b"back")
        await eventually(lambda: b"back" in speaker.data)
        await spoken.close()


async def test_mute_unmute_and_unpublish_are_seen(room: Room) -> None:
    async with (
        listener(room.url, room.token("audience")) as heard,
        talker(room.url, room.token("speaker"), video=False) as spoken,
    ):
        await eventually(lambda: heard.loudest > 4000)
        remote = heard.room.remote_participants["speaker"]
        publication = spoken.publications["audio"]
        publication.track.mute()
        await eventually(lambda: heard.muted == [publication.sid])
        publication.track.unmute()
        await eventually(lambda: not remote.track_publications[publication.sid].muted)
        await spoken.room.local_participant.unpublish_track(publication.sid)
        await eventually(lambda: not remote.track_publications)
        # The same connection publishes again.
        again = await spoken.room.local_participant.publish_track(
            rtc.LocalAudioTrack.create_audio_track("again", spoken.audio),
            rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE),
        )
        await eventually(lambda: list(remote.track_publications) == [again.sid])


async def test_only_what_is_asked_for_comes_without_auto_subscribe(room: Room) -> None:
    async with (
        member(room, "audience", auto_subscribe=False) as heard,
        talker(room.url, room.token("speaker"), video=False) as spoken,
    ):
        sid = spoken.publications["audio"].sid
        others = heard.room.remote_participants
        await eventually(lambda: "speaker" in others)
        await eventually(lambda: sid in others["speaker"].track_publications)
        publication = others["speaker"].track_publications[sid]
        assert publication.track is None
        publication.set_subscribed(True)
        await eventually(lambda: heard.loudest > 4000)
        publication.set_subscribed(False)
        await eventually(lambda: heard.silent(0.5))
        publication.set_subscribed(True)
        await eventually(lambda: not heard.silent(0.2))


async def test_a_low_quality_is_a_smaller_layer(room: Room) -> None:
    async with (
        listener(room.url, room.token("audience")) as heard,
        talker(room.url, room.token("speaker"), audio=False) as spoken,
    ):
        await whole_picture(heard)
        sid = spoken.publications["video"].sid
        publication = heard.room.remote_participants["speaker"].track_publications[sid]
        publication.set_video_quality(rtc.VideoQuality.VIDEO_QUALITY_LOW)
        await eventually(lambda: 0 < heard.size[0] <= 320)
        publication.set_video_quality(rtc.VideoQuality.VIDEO_QUALITY_HIGH)
        await whole_picture(heard)


async def test_a_publisher_chooses_who_may_take_its_tracks(room: Room) -> None:
    async with (
        listener(room.url, room.token("friend")) as friend,
        listener(room.url, room.token("stranger")) as stranger,
        talker(room.url, room.token("speaker"), video=False) as spoken,
    ):
        await eventually(lambda: friend.loudest > 4000 and stranger.loudest > 4000)
        allowed = rtc.ParticipantTrackPermission(participant_identity="friend", allow_all=True)
        local = spoken.room.local_participant
        local.set_track_subscription_permissions(
            allow_all_participants=False, participant_permissions=[allowed]
        )
        await eventually(lambda: stranger.silent(0.5))
        assert not friend.silent(0.3)
        local.set_track_subscription_permissions(allow_all_participants=True)
        await eventually(lambda: not stranger.silent(0.2))


async def test_rights_taken_away_end_the_tracks(room: Room, service: api.LiveKitAPI) -> None:
    async with (
        listener(room.url, room.token("audience")) as heard,
        talker(room.url, room.token("speaker"), video=False),
    ):
        await eventually(lambda: heard.loudest > 4000)
        none = models.ParticipantPermission(can_subscribe=True, can_publish=False)
        await service.room.update_participant(
            api.UpdateParticipantRequest(room=room.name, identity="speaker", permission=none)
        )
        remote = heard.room.remote_participants["speaker"]
        await eventually(lambda: not remote.track_publications)


async def test_a_cut_signal_connection_is_resumed_with_media_going_on(room: Room) -> None:
    async with (
        listener(room.url, room.token("audience")) as heard,
        talker(room.url, room.token("speaker"), video=False) as spoken,
    ):
        await eventually(lambda: heard.loudest > 4000)
        gone: list[str] = []
        heard.room.on("participant_disconnected", lambda who: gone.append(who.identity))
        sid = spoken.room.local_participant.sid
        back = asyncio.Event()
        spoken.room.on("reconnected", back.set)
        await spoken.room.simulate_scenario(rtc.SimulateScenarioKind.SIMULATE_SIGNAL_RECONNECT)
        async with asyncio.timeout(20):
            await back.wait()
        assert spoken.room.local_participant.sid == sid
        await eventually(lambda: not heard.silent(0.2))
        assert not gone
        await spoken.room.local_participant.publish_data(b"after")
        await eventually(lambda: heard.data == [b"after"])


# --- data ---------------------------------------------------------------------------------------


async def test_text_and_byte_streams(room: Room) -> None:
    got: dict[str, Any] = {}
    tasks: list[asyncio.Task[None]] = []

    async def read(name: str, reader: Any) -> None:
        if name == "text":
            got[name] = await reader.read_all()
        else:
            got[name] = b"".join([chunk async for chunk in reader])

    async with (
        listener(room.url, room.token("one")) as one,
        listener(room.url, room.token("two")) as two,
    ):
        two.room.register_text_stream_handler(
            "text", lambda reader, who: tasks.append(asyncio.create_task(read("text", reader)))
        )
        two.room.register_byte_stream_handler(
            "bytes", lambda reader, who: tasks.append(asyncio.create_task(read("bytes", reader)))
        )
        long = "对口支援" * 20_000
        await one.room.local_participant.send_text(long, topic="text")
        writer = await one.room.local_participant.stream_bytes("file", topic="bytes")
        for step in range(10):
            await writer.write(bytes([step]) * 20_000)
        await writer.aclose()
        await eventually(lambda: set(got) == {"text", "bytes"})
        assert got["text"] == long
        assert got["bytes"] == b"".join(bytes([step]) * 20_000 for step in range(10))
        await asyncio.gather(*tasks)


async def test_remote_procedure_calls(room: Room) -> None:
    async with (
        listener(room.url, room.token("caller")) as caller,
        listener(room.url, room.token("callee")) as callee,
    ):

        async def greet(call: Any) -> str:
            if call.payload == "bad":
                raise rtc.RpcError(1234, "refused", "why")
            return f"hello {call.caller_identity}: {call.payload}"

        callee.room.local_participant.register_rpc_method("greet", greet)
        local = caller.room.local_participant
        wish = {"destination_identity": "callee", "method": "greet"}
        assert await local.perform_rpc(**wish, payload="x") == "hello caller: x"
        with pytest.raises(rtc.RpcError) as caught:
            await local.perform_rpc(**wish, payload="bad")
        assert (caught.value.code, caught.value.data) == (1234, "why")


async def test_data_goes_only_to_those_named_and_from_those_allowed(room: Room) -> None:
    async with (
        listener(room.url, room.token("one")) as one,
        listener(room.url, room.token("two")) as two,
        listener(room.url, room.token("silenced", can_publish_data=False)) as silenced,
        listener(room.url, room.token("three")) as three,
    ):
        await silenced.room.local_participant.publish_data(b"forbidden")
        local = three.room.local_participant
        await local.publish_data(b"for two", destination_identities=["two"])
        await local.publish_data(b"for all")
        await eventually(lambda: b"for all" in one.data and b"for all" in two.data)
        assert one.data == [b"for all"]
        assert sorted(two.data) == [b"for all", b"for two"]


async def test_attributes_and_metadata_reach_the_others(room: Room) -> None:
    async with (
        listener(room.url, room.token("one")) as one,
        listener(room.url, room.token("two", can_update_own_metadata=True)) as two,
    ):
        await two.room.local_participant.set_attributes({"hand": "up"})
        await two.room.local_participant.set_metadata("m")
        await two.room.local_participant.set_name("二")
        remote = one.room.remote_participants["two"]
        await eventually(
            lambda: (remote.attributes, remote.metadata, remote.name) == ({"hand": "up"}, "m", "二")
        )
