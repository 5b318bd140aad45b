"""One look at the sockets for what several would find.

A process that forwards for many small rooms wakes for every picture of every one of them, and waking
costs more than the forwarding: caches are cold, the kernel has to schedule, the loop has to turn. Once
it wakes often, it looks at its sockets at most every few milliseconds, as network cards do with their
interrupts (interrupt moderation). An idle process looks at once, and a busy one never waits.
"""

import selectors
import time
from collections.abc import Callable

GAP = 0.007
_WINDOW = 0.1
_OFTEN, _SELDOM = 25, 12  # looks in a window: from here on it waits, below it no longer does


class GatheringSelector(selectors.EpollSelector):
    """A selector that waits, counted from its last answer, before it asks the kernel again. What is
    due by then (timers, calls that are ready) is never late: such looks are not held back."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__()
        self._clock, self._sleep = clock, sleep
        self._answered = self._window = clock()
        self._looks = 0
        self.gathering = False

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self.gathering and (timeout is None or timeout > 0):
            timeout = self._wait(timeout)
        found = super().select(timeout)
        now = self._answered = self._clock()
        self._looks += 1
        if now - self._window >= _WINDOW:
            self._judge(now)
        return found

    def _wait(self, timeout: float | None) -> float | None:
        """Sleep for the rest of the gap; returns what is left of `timeout`."""
        left = self._answered + GAP - self._clock()
        if timeout is not None:
            left = min(left, timeout)
        if left <= 0:
            return timeout
        self._sleep(left)
        return None if timeout is None else timeout - left

    def _judge(self, now: float) -> None:
        rate = self._looks * _WINDOW / (now - self._window)
        self.gathering = rate >= (_SELDOM if self.gathering else _OFTEN)
        self._window, self._looks = now, 0
