"""Tokens that were called back: who is put out of a room must not return by what they still hold."""

import time

from signaling.tokens import Grants

MAX_ENTRIES = 4096


class Revocations:
    """When whom was put out of which room, also past the room's end; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._at: dict[tuple[str, str], tuple[int, float]] = {}

    def note(self, room: str, identity: str, stamp: int) -> None:
        """Call back tokens made before `stamp`, in unix seconds of who makes them, and those that this
        server gave out until now."""
        self._at.pop((room, identity), None)
        self._at[room, identity] = (stamp, time.time())
        if len(self._at) > MAX_ENTRIES:
            del self._at[next(iter(self._at))]

    def cover(self, grants: Grants) -> bool:
        """Whether a token was called back. Each kind is judged by its own clock: who was let in anew in
        the second of the removal has a token of that very second."""
        stamp, now = self._at.get((grants.room, grants.identity), (0, 0.0))
        return grants.refreshed < now if grants.refreshed else grants.issued < stamp
