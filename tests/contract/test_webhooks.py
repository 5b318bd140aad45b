"""Webhooks: which, in which order, verified by livekit-api's receiver (see `Hooks`)."""

import pytest
from livekit import api
from livekit.protocol import models

from tests.media.clients import listener, talker
from tests.media.conftest import eventually

from .conftest import Room
from .raw import joined

pytestmark = pytest.mark.media


async def test_the_life_of_a_room_is_told_in_order(room: Room, service: api.LiveKitAPI) -> None:
    async with listener(room.url, room.token("audience")):
        await eventually(lambda: room.hooked()[:2] == ["room_started", "participant_joined"])
        async with talker(room.url, room.token("speaker"), video=False) as speaker:
            await eventually(lambda: room.hooked()[2:] == ["participant_joined", "track_published"])
            sid = speaker.publications["audio"].sid
            await speaker.room.local_participant.unpublish_track(sid)
            await eventually(lambda: room.hooked()[4:] == ["track_unpublished"])
        await eventually(lambda: room.hooked()[5:] == ["participant_left"])
    await eventually(lambda: room.hooked()[6:] == ["participant_left", "room_finished"])
    events = room.target.hooks.of(room.name)
    assert len({event.id for event in events}) == len(events)
    assert {event.room.sid for event in events} == {events[0].room.sid}
    assert all(event.created_at for event in events)
    who = [event.participant.identity for event in events]
    assert who[1:7] == ["audience", "speaker", "speaker", "speaker", "speaker", "audience"]
    track = events[3].track
    assert (track.sid, track.type, track.source) == (sid, models.AUDIO, models.MICROPHONE)
    assert not room.target.hooks.refused


async def test_who_never_connects_media_has_not_joined(room: Room, service: api.LiveKitAPI) -> None:
    async with joined(room, "early"):
        await service.room.remove_participant(
            api.RoomParticipantIdentity(room=room.name, identity="early")
        )
        await eventually(lambda: "participant_connection_aborted" in room.hooked())
    assert "participant_joined" not in room.hooked()
    assert "participant_left" not in room.hooked()
