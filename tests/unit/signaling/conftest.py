"""A room of a media server that is not started (no port is open, and nobody hears of its events), and a track."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from livekit.protocol import models

from signaling.clock import Clock
from signaling.config import Settings
from signaling.events import Events
from signaling.forward.up import UpTrack
from signaling.journal import Journal
from signaling.room import Room
from signaling.rooms import MediaServer
from signaling.spool import Spool
from signaling.webhooks import Webhooks


@pytest_asyncio.fixture
async def room() -> AsyncIterator[Room]:
    webhooks = Webhooks("", "key", "s" * 32, Spool(None))
    events = Events(webhooks, Journal(None), 10, Clock())
    server = MediaServer(Settings("key", "s" * 32), events)
    found = server.room("room")
    yield found
    server.end(found, models.DisconnectReason.ROOM_DELETED)


@pytest.fixture
def up() -> UpTrack:
    return UpTrack("TR_x", video=True, rids=["q", "h", "f"])
