"""What somebody may not have heard of: it was told while the line was down, and is told again at a resume."""

import time
from typing import Generic, TypeVar

# A dead connection is silent for 30 s before it is seen, and 15 s are left to come back.
UNHEARD_SECONDS = 60.0

Thing = TypeVar("Thing")


class Lately(Generic[Thing]):
    """What happened in the last UNHEARD_SECONDS, by key, the newest of each; at most `most`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: dict[str, tuple[float, Thing]] = {}

    def note(self, key: str, thing: Thing) -> None:
        self._things.pop(key, None)
        self._things[key] = (time.monotonic(), thing)
        if len(self._things) > self._most:
            del self._things[next(iter(self._things))]

    def by_key(self) -> dict[str, Thing]:
        """Oldest first."""
        since = time.monotonic() - UNHEARD_SECONDS
        return {key: thing for key, (at, thing) in self._things.items() if at > since}
