"""Two participants with the PyPI `livekit` package (libwebrtc)."""

import asyncio

import pytest

from .clients import listener, talker
from .conftest import MediaProcess, eventually, token

pytestmark = pytest.mark.media


async def test_a_camera_a_microphone_and_data_arrive(media: MediaProcess) -> None:
    async with (
        listener(media.url, token("listener")) as heard,
        talker(media.url, token("talker")) as spoken,
    ):
        await spoken.room.local_participant.publish_data(b"reliable", reliable=True)
        await spoken.room.local_participant.publish_data(b"lossy", reliable=False)
        async with asyncio.timeout(8):
            while not (heard.frames > 100 and heard.sounds > 200 and heard.data):
                heard.changed.clear()
                await heard.changed.wait()
        assert heard.loudest > 4000
        await eventually(lambda: heard.size == (1280, 720))
        await eventually(lambda: {b"reliable", b"lossy"} <= set(heard.data))
        await eventually(lambda: "talker" in heard.speakers)


async def test_data_goes_only_to_those_named(media: MediaProcess) -> None:
    async with (
        listener(media.url, token("one")) as one,
        listener(media.url, token("two")) as two,
        listener(media.url, token("three")) as three,
    ):
        local = three.room.local_participant
        await local.publish_data(b"for two", destination_identities=["two"])
        await local.publish_data(b"for all")
        await eventually(lambda: b"for all" in one.data and b"for all" in two.data)
        assert one.data == [b"for all"]
        assert sorted(two.data) == [b"for all", b"for two"]


async def test_who_may_not_send_data_is_not_heard(media: MediaProcess) -> None:
    async with (
        listener(media.url, token("one")) as one,
        listener(media.url, token("mute", can_publish_data=False)) as mute,
        listener(media.url, token("free")) as free,
    ):
        await mute.room.local_participant.publish_data(b"forbidden")
        await free.room.local_participant.publish_data(b"allowed")
        await eventually(lambda: b"allowed" in one.data)
        assert b"forbidden" not in one.data


async def test_who_may_not_publish_gets_no_track(media: MediaProcess) -> None:
    async with listener(media.url, token("one")) as one:
        with pytest.raises(Exception, match=r".+"):
            async with asyncio.timeout(15):
                async with talker(media.url, token("audience", can_publish=False), video=False):
                    pass
        assert one.sounds == 0
        assert media.metric("tracks") == 0


async def test_mute_is_seen_by_the_others(media: MediaProcess) -> None:
    async with (
        listener(media.url, token("listener")) as heard,
        talker(media.url, token("talker"), video=False) as spoken,
    ):
        await eventually(lambda: heard.sounds > 10)
        publication = spoken.publications["audio"]
        publication.track.mute()
        await eventually(lambda: heard.muted == [publication.sid])


async def test_an_unpublished_track_is_gone(media: MediaProcess) -> None:
    async with (
        listener(media.url, token("listener")) as heard,
        talker(media.url, token("talker"), video=False) as spoken,
    ):
        await eventually(lambda: heard.sounds > 10)
        sid = spoken.publications["audio"].sid
        await spoken.room.local_participant.unpublish_track(sid)
        talking = heard.room.remote_participants["talker"]
        await eventually(lambda: sid not in talking.track_publications)
        await eventually(lambda: media.metric("tracks") == 0)
