"""What access tokens say, and what those that this server makes say."""

import pytest
from livekit.protocol import models

from signaling.room import Room
from signaling.tokens import Grants, grants, refreshed, verify

from .rooms import enter


async def test_the_next_token_says_all_as_it_is(room: Room) -> None:
    one = enter(room, "one", name="old", attributes={"waiting": "1", "bed": "7"})
    one.participant.update("m", "new", {"waiting": "", "hand": "up"})
    held = verify(one.last("refresh_token"), "key", "s" * 32)
    assert (held.name, held.metadata) == ("new", "m")
    assert held.attributes == {"bed": "7", "hand": "up"}
    # What would be too long to come back with is left out.
    assert one.participant.update("m" * 60_000, None, {})
    held = verify(one.last("refresh_token"), "key", "s" * 32)
    assert (held.name, held.metadata, held.attributes) == ("new", "", {})


CAMERA, UNKNOWN = models.TrackSource.CAMERA, models.TrackSource.UNKNOWN


@pytest.mark.parametrize(
    ("named", "allowed"),
    [
        (None, {CAMERA, UNKNOWN}),
        ([], {CAMERA, UNKNOWN}),
        (["Camera"], {CAMERA}),
        (["microphone"], set()),
        (["screenshare"], set()),  # no known name
        (["unknown"], set()),
        (["camera", "screenshare"], {CAMERA}),
    ],
)
def test_sources_that_are_named_are_all_that_is_allowed(
    named: list[str] | None, allowed: set[models.TrackSource]
) -> None:
    held = grants({"video": {"canPublishSources": named}})
    again = verify(refreshed(held, "key", "s" * 32), "key", "s" * 32)
    permitted = Grants().permitted(again.permission())
    for each in (held, again, permitted):
        assert {source for source in (CAMERA, UNKNOWN) if each.may_publish(source)} == allowed
    assert not grants({"video": {"canPublishSources": named, "canPublish": False}}).may_publish(
        CAMERA
    )
