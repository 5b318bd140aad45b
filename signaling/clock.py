"""The clock by which everything that was received is stamped: unix seconds that never go back while somebody is there.

Windows of media reports follow each other, and seconds are marked in rising order; the system's clock may step (NTP,
a person, a machine that slept). So time is monotonic here, at a distance to the wall clock that only grows:

- A step forward is followed at once. The window in which it falls has a gap. Waking up is such a step too, as
  monotonic time stands still in a sleeping machine.
- A step back is not followed as long as there is a room: windows go on to close, minutes go on to count, and what
  webhooks say of when (`createdAt`) agrees with them, all ahead of the wall clock by that step. The web server takes
  what is up to two minutes ahead of its own clock (CLOCK_SLACK); what it refuses beyond that is kept in the spool.
  Where its clock stepped too, and it ends a session itself, the seconds after that moment are no part of the session.
- Without a room the clock goes back to the wall clock (`settle`).

What is signed or expires is no business of this clock: tokens are judged by others' wall clocks.
"""

import time
from collections.abc import Callable


class Clock:
    """One for the process. `wall` and `steady` read the system's two clocks, in seconds."""

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall, self._steady = wall, steady
        self.settle()

    def settle(self) -> None:
        """Nobody is watched: agree with the wall clock, even backwards."""
        self._distance = self._wall() - self._steady()

    def second(self) -> int:
        """The present unix second."""
        # In this order: a pause between the two readings must not count as a step forward.
        wall = self._wall()
        steady = self._steady()
        self._distance = max(self._distance, wall - steady)
        return int(steady + self._distance)

    def at(self, now: float) -> int:
        """The unix second of a monotonic moment that was just read."""
        return int(now + self._distance)
