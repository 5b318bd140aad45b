"""What access tokens say, and what those that this server makes say."""

from signaling.room import Room
from signaling.tokens import verify

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
