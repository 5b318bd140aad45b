"""The bad line's model and what is read out of a page's samples."""

from hypothesis import given
from hypothesis import strategies as st

from tests.netsim.figures import heard, longest_gap
from tests.netsim.impair import Impairment, Way


def _losses(way: Way, count: int) -> list[bool]:
    lost = []
    for index in range(count):
        before = way.lost
        way.put(b"x" * 100, index * 0.02)
        way.take(index * 0.02 + 1e9)
        lost.append(way.lost > before)
    return lost


def test_the_same_seed_loses_the_same_packets() -> None:
    line = Impairment(loss=0.2, burst=3)
    assert _losses(Way(line, 5), 500) == _losses(Way(line, 5), 500)
    assert _losses(Way(line, 5), 500) != _losses(Way(line, 6), 500)


def test_loss_has_the_asked_mean_and_length() -> None:
    lost = _losses(Way(Impairment(loss=0.3, burst=3), 1), 40_000)
    assert 0.28 < sum(lost) / len(lost) < 0.32
    runs = sum(1 for a, b in zip([False, *lost], lost, strict=False) if b and not a)
    assert 2.7 < sum(lost) / runs < 3.3


def test_a_full_queue_drops_and_a_rate_delays() -> None:
    way = Way(Impairment(rate=80_000, delay=100, queue=50), 1)
    for _ in range(10):
        way.put(b"x" * 100, 0.0)  # 10 ms each
    assert way.overflowed == 4
    assert way.take(0.109) == []
    assert len(way.take(0.111)) == 1
    assert len(way.take(1.0)) == 5


def test_nothing_passes_a_cut() -> None:
    way = Way(Impairment(), 1)
    way.cut(2.0)
    way.put(b"x", 1.0)
    way.put(b"y", 2.0)
    assert way.take(3.0) == [b"y"]


@given(st.lists(st.integers(40, 1400), max_size=60), st.integers(1, 2**31))
def test_order_is_kept(sizes: list[int], seed: int) -> None:
    way = Way(Impairment(rate=1_000_000, delay=20, jitter=30, queue=1e9), seed)
    for index, size in enumerate(sizes):
        way.put(index.to_bytes(2, "big") + bytes(size - 2), index * 0.001)
    out = [int.from_bytes(packet[:2], "big") for packet in way.take(1e9)]
    assert out == sorted(out)


def _sample(at: float, total: int, hidden: int, frames: int) -> dict[str, object]:
    return {"at": at, "audio": [[1, total, hidden, 5, 0, 0.1]], "video": [[2, frames, 320]]}


def test_a_gap_and_a_frozen_picture_are_seen() -> None:
    samples, total, hidden, frames = [], 0, 0, 0
    for quarter in range(41):
        samples.append(_sample(1000.0 + quarter * 250, total, hidden, frames))
        silent = 20 <= quarter < 24
        total, hidden = total + 12_000, hidden + (9_000 if silent else 1_000)
        frames += 0 if silent else 5
    found = heard(samples, 500.0, 1250.0)
    assert found.first == 0.75
    assert found.gap == 1.0
    assert found.share == round(35 / 39, 3)
    assert found.frozen == 1.0
    assert found.width == 320


def test_an_outage_is_counted_by_its_end() -> None:
    samples, total, hidden = [], 0, 0
    for quarter in range(81):
        at = quarter * 250.0
        samples.append(_sample(at, total, hidden, quarter))
        out = 5000 <= at < 15_750
        total, hidden = total + 12_000, hidden + (12_000 if out else 0)
    found = heard(samples, 0.0, 250.0, (5000.0, 15_000.0))
    assert found.back == 0.75
    assert found.share == 1.0


def test_gaps_do_not_add_up_over_sound() -> None:
    quarters = [(0.0, 250.0, False), (250.0, 500.0, True), (500.0, 750.0, False)]
    assert longest_gap(quarters) == 250.0
