"""What hosts do in a room, through the server's own port to either media server: the same acts, the same effects."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from server.sessions.media import NOTICE_TOPIC, LiveKitMedia, Seat
from server.sessions.room_rules import TrackKind
from tests.media.clients import listener, talker
from tests.media.conftest import KEY, SECRET, eventually

from .conftest import Room

pytestmark = pytest.mark.media


@pytest_asyncio.fixture
async def media(room: Room) -> AsyncIterator[LiveKitMedia]:
    found = LiveKitMedia(room.target.http, KEY, SECRET)
    yield found
    await found.close()


def at_the_door(room: Room) -> Seat:
    """As the server seats somebody who waits."""
    return Seat(
        room=room.name,
        identity="late",
        name="Late",
        can_publish=False,
        can_subscribe=False,
        can_publish_data=False,
        attributes={"waiting": "2026-11-25T01:00:00+00:00", "cohost": ""},
    )


async def test_who_waits_hears_nothing_until_admitted(room: Room, media: LiveKitMedia) -> None:
    door = at_the_door(room)
    async with (
        talker(room.url, room.token("host"), video=False) as host,
        listener(room.url, media.token(door)) as late,
    ):
        seen = host.room.remote_participants
        await eventually(lambda: "late" in seen and bool(seen["late"].attributes.get("waiting")))
        await eventually(lambda: "host" in late.room.remote_participants)
        assert late.silent(0.5)
        inside = replace(
            door,
            can_publish=True,
            can_subscribe=True,
            can_publish_data=True,
            attributes={"waiting": "", "cohost": "1"},
        )
        await media.update(room.name, inside)
        await eventually(lambda: late.loudest > 4000)
        await eventually(lambda: not seen["late"].attributes.get("waiting"))
        assert seen["late"].attributes["cohost"] == "1"
        await media.update(room.name, inside)  # a second press
        assert not late.silent(0.3)
        await media.remove(room.name, "late")
        await eventually(lambda: "late" not in seen)
        await media.remove(room.name, "late")


async def test_a_notice_names_no_sender_and_reaches_the_named_alone(
    room: Room, media: LiveKitMedia
) -> None:
    async with (
        listener(room.url, room.token("one")) as one,
        listener(room.url, room.token("other")) as other,
    ):
        senders: list[object] = []
        one.room.on(
            "data_received",
            lambda packet: senders.append((packet.participant, packet.topic)),
        )
        await eventually(lambda: "other" in one.room.remote_participants)
        await media.tell(room.name, ["one"], {"notice": "muted", "by": "王"})
        await eventually(lambda: bool(senders))
        assert senders == [(None, NOTICE_TOPIC)]
        assert other.data == []
        await media.describe(room.name, {"locked": True})
        await eventually(lambda: '"locked": true' in other.room.metadata)


async def test_a_microphone_is_muted_once(room: Room, media: LiveKitMedia) -> None:
    async with (
        listener(room.url, room.token("audience")) as heard,
        talker(room.url, room.token("speaker"), video=False),
    ):
        await eventually(lambda: heard.loudest > 4000)
        assert not await media.mute(room.name, "speaker", TrackKind.CAMERA)
        assert await media.mute(room.name, "speaker", TrackKind.MICROPHONE)
        await eventually(lambda: heard.silent(0.5))
        assert not await media.mute(room.name, "speaker", TrackKind.MICROPHONE)
        assert not await media.mute(room.name, "nobody", TrackKind.MICROPHONE)
