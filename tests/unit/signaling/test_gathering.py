"""The selector that looks less often when it would look too often. Time here is what the test says."""

import os
import selectors

from signaling.gathering import GAP, GatheringSelector


class Clock:
    def __init__(self) -> None:
        self.now, self.slept = 100.0, 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


def looking(every: float, seconds: float, clock: Clock, selector: GatheringSelector) -> int:
    """Let something be ready every so often; how many looks that took."""
    looks, until, due = 0, clock.now + seconds, clock.now
    while clock.now < until:
        assert selector.select(1.0)
        looks += 1
        due += every
        clock.now = max(clock.now, due)
    return looks


def made() -> tuple[Clock, GatheringSelector]:
    clock = Clock()
    selector = GatheringSelector(lambda: clock.now, clock.sleep)
    out, into = os.pipe()
    os.write(into, b"x")
    selector.register(out, selectors.EVENT_READ)
    return clock, selector


def test_an_idle_process_looks_at_once() -> None:
    clock, selector = made()
    looking(0.01, 1.0, clock, selector)
    assert clock.slept == 0
    assert not selector.gathering


def test_a_process_that_wakes_often_waits_and_later_no_more() -> None:
    clock, selector = made()
    looking(0.0005, 0.2, clock, selector)
    assert selector.gathering
    assert looking(0.0005, 1.0, clock, selector) <= 1.0 / GAP + 2
    looking(0.02, 0.5, clock, selector)
    assert not selector.gathering


def test_work_counts_as_waiting() -> None:
    clock, selector = made()
    looking(0.0005, 0.2, clock, selector)
    before = clock.slept
    for _ in range(20):
        clock.now += GAP  # what it found took as long as it would have waited
        assert selector.select(1.0)
    assert clock.slept == before


def test_timers_are_never_late() -> None:
    clock, selector = made()
    looking(0.0005, 0.2, clock, selector)
    start = clock.now
    assert selector.select(0)  # calls that are ready: no wait at all
    assert clock.now == start
    selector.select(0.001)
    assert clock.now - start <= 0.001 + 1e-9
