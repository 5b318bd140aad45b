"""What is read out of a bad line, and the redundancy that is sent over it."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.errors import ProtocolError
from signaling.forward import red, twcc
from signaling.forward.estimate import START, Estimate, Result
from signaling.forward.twcc import Arrivals
from signaling.forward.uplink import Uplink


class Line:
    """A bottleneck with a queue, as the estimator meets it."""

    def __init__(self, rate: float, loss: float = 0.0, seed: int = 1) -> None:
        self.rate, self.loss = rate, loss
        self.free_at = 0.0
        self.random = random.Random(seed)

    def carry(self, at: float, size: int) -> float | None:
        if self.random.random() < self.loss:
            return None
        start = max(at, self.free_at)
        if start - at > 0.4:
            return None
        self.free_at = start + size * 8 / self.rate
        return self.free_at + 0.1


def drive(line: Line, seconds: float, *, share: float = 1.0) -> tuple[Estimate, float]:
    """Send what the estimate allows; returns it and the longest queue of the second half."""
    estimate, now, longest = Estimate(0.0), 0.0, 0.0
    batch: list[Result] = []
    told = 0.0
    while now < seconds:
        size = 500
        arrived = line.carry(now, size)
        batch.append(Result(now, size, arrived))
        if now > seconds / 2:
            longest = max(longest, line.free_at - now)
        if now - told > 0.1:
            estimate.feed(batch, now + 0.2, 0.2)
            batch, told = [], now
        now += size * 8 / (estimate.target * share)
    return estimate, longest


def test_a_narrow_line_keeps_a_short_queue() -> None:
    estimate, longest = drive(Line(150_000), 30)
    assert 80_000 < estimate.target < 190_000
    assert longest < 0.25


def test_loss_that_is_always_there_does_not_starve_the_line() -> None:
    estimate, _ = drive(Line(600_000, loss=0.2), 20)
    assert estimate.target > START * 0.9
    assert 0.12 < estimate.loss.usual < 0.28


def test_a_wide_line_lets_it_grow() -> None:
    estimate, _ = drive(Line(5_000_000), 15)
    assert estimate.target > START * 1.5


def test_a_probe_shows_what_passes() -> None:
    wide, narrow = Estimate(0.0), Estimate(0.0)
    for estimate, line in ((wide, Line(2_000_000)), (narrow, Line(250_000))):
        sent = [(index * 0.004, 300) for index in range(15)]
        results = [Result(at, size, line.carry(at, size)) for at, size in sent]
        passed = estimate.judge(results, 1.0)
        assert passed is (estimate is wide)
    assert wide.target > 500_000
    assert 180_000 < narrow.target < 260_000


@pytest.mark.parametrize(("jump", "until"), [(1e6, 21), (-1e6, 200)])
def test_a_jump_of_the_clients_clock_is_soon_forgotten(jump: float, until: int) -> None:
    """One time far ahead, or a clock that wraps: what arrives is counted right again."""
    estimate = Estimate(0.0)
    for index in range(200):
        now = index / 20
        ahead = jump if 20 <= index < until else 0.0
        estimate.feed([Result(now, 1000, now + ahead + 0.02)] * 5, now, 0.05)
    assert estimate.acked == pytest.approx(800_000, rel=0.15)


def test_a_feedback_without_arrivals_changes_nothing() -> None:
    estimate = Estimate(0.0)
    assert estimate.feed([Result(0.0, 100, None)], 0.1, 0.1) is False
    assert estimate.target == START


@given(st.lists(st.tuples(st.integers(1, 960), st.binary(min_size=1, max_size=200)), max_size=4))
def test_redundant_audio_is_read_as_it_was_written(parts: list[tuple[int, bytes]]) -> None:
    blocks = [red.Block(back, payload) for back, payload in parts] + [red.Block(0, b"own")]
    assert red.split(red.join(111, blocks)) == blocks


@given(st.binary(max_size=80))
def test_broken_redundant_audio_is_refused_or_read(data: bytes) -> None:
    try:
        found = red.split(data)
    except ProtocolError:
        return
    assert sum(len(block.payload) for block in found) < len(data)


def test_lost_frames_come_back_out_of_later_packets() -> None:
    sender = red.Redundancy()
    packets = {}
    for number in range(10):
        frame = bytes([number]) * 20
        packets[number] = sender.wrap(number, number * 960, frame, 111, (1, 3))
    assert packets[0] is None
    found = red.split(packets[5] or b"")
    assert [(b.back // 960, b.payload[0]) for b in found] == [(3, 2), (1, 4), (0, 5)]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=60), st.integers(0, 65535))
def test_arrivals_are_read_as_they_were_written(steps: list[int], first: int) -> None:
    arrivals, expected, now, number = Arrivals(), {}, 100.0, first
    for step in steps:
        now += step * 0.001
        arrivals.add(number & 0xFFFF, now)
        expected[number & 0xFFFF] = now
        number += 1 + step % 3
    packet = arrivals.feedback(1, 2)
    assert packet is not None
    body = packet[4 : -packet[-1]] if packet[0] & 0x20 else packet[4:]
    found = twcc.read(body)
    seen = {
        (found.first + index) & 0xFFFF: when
        for index, when in enumerate(found.arrivals)
        if when is not None
    }
    assert seen.keys() == expected.keys()
    shift = seen[first] - expected[first]
    assert all(abs(when - expected[n] - shift) < 0.001 for n, when in seen.items())


@given(st.binary(max_size=60))
def test_broken_feedback_is_refused_or_read(data: bytes) -> None:
    try:
        twcc.read(data)
    except ProtocolError:
        return
    assert len(data) >= 16


@pytest.mark.parametrize("rate", [200_000, 600_000])
def test_a_publisher_is_told_when_a_queue_stands(rate: int) -> None:
    """It sends a fifth more than passes, whatever it is told: the limit must say less."""
    uplink, queue, now, told = Uplink(), 0.0, 0.0, 0
    for _ in range(100):
        now += 0.05
        queue = min(0.4, queue + 0.01)
        told += uplink.update(now, 0.02 + queue, int(rate * 0.05 / 8))
    assert told >= 1
    assert uplink.limit is not None
    assert uplink.limit < rate


def test_a_short_spike_is_nobodys_fault() -> None:
    uplink, now = Uplink(), 0.0
    for step in range(200):
        now += 0.05
        spike = 0.3 if step % 40 < 4 else 0.0
        assert uplink.update(now, 0.02 + spike, 2000) is False
    assert uplink.limit is None


def test_a_limit_is_lifted_when_the_queue_is_gone() -> None:
    uplink, now = Uplink(), 0.0
    for step in range(60):
        now += 0.05
        uplink.update(now, 0.02 + (0.0 if step < 10 else 0.3), 1500)
    assert uplink.limit is not None
    for _ in range(600):
        now += 0.05
        uplink.update(now, 0.02, 1500)
    assert uplink.limit is None
