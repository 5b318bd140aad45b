"""Data tracks with the PyPI `livekit` package, over two connections and over one."""

import asyncio

import pytest
from livekit import rtc

from .conftest import MediaProcess, eventually, token

pytestmark = pytest.mark.media


@pytest.mark.parametrize("single", [False, True], ids=["two-connections", "one-connection"])
async def test_a_data_track_arrives_and_ends(standing: MediaProcess, single: bool) -> None:
    speaker, audience = rtc.Room(), rtc.Room()
    seen: list[rtc.RemoteDataTrack] = []
    ended: list[str] = []
    audience.on("data_track_published", seen.append)
    audience.on("data_track_unpublished", ended.append)
    name = f"data-{single}"
    for room, who in ((audience, "audience"), (speaker, "speaker")):
        options = rtc.RoomOptions(single_peer_connection=single)
        await room.connect(standing.url, token(who, room=name), options)
    try:
        track = await speaker.local_participant.publish_data_track(name="vitals")
        await eventually(lambda: len(seen) == 1)
        assert seen[0].info.name == "vitals"
        assert seen[0].publisher_identity == "speaker"
        got: list[bytes] = []

        async def take() -> None:
            async for frame in seen[0].subscribe():
                got.append(frame.payload)

        taking = asyncio.create_task(take())
        async with asyncio.timeout(20):
            while b"y" * 3000 not in got:  # the first go nowhere: nobody has subscribed yet
                track.try_push(rtc.DataTrackFrame(b"x"))
                track.try_push(rtc.DataTrackFrame(b"y" * 3000))
                await asyncio.sleep(0.05)
        await track.unpublish()
        await eventually(lambda: ended == [track.info.sid])
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)
    finally:
        await asyncio.gather(speaker.disconnect(), audience.disconnect())
