"""The rules by which a subscriber's line is shared among videos."""

from hypothesis import given
from hypothesis import strategies as st

from signaling.allocation import PAUSE_BELOW, Demand, allocate, settle

LAYERS = {0: 150_000.0, 1: 450_000.0, 2: 1_700_000.0}


@st.composite
def demands(draw: st.DrawFn) -> list[Demand]:
    found = []
    for _ in range(draw(st.integers(1, 6))):
        steps = draw(st.lists(st.integers(20_000, 900_000), min_size=1, max_size=3))
        rates = {index: float(sum(steps[: index + 1])) for index in range(len(steps))}
        least = draw(st.none() | st.just(35_000.0))
        found.append(Demand(rates, draw(st.integers(1, 3)), least))
    return found


CAPACITY = st.floats(0, 8_000_000)


def level(choice: int | None) -> int:
    return -1 if choice is None else choice


@given(demands(), CAPACITY)
def test_more_than_the_lowest_is_given_only_within_the_capacity(
    wanted: list[Demand], capacity: float
) -> None:
    chosen = allocate(wanted, capacity)
    if any(level(choice) > 0 for choice in chosen):
        used = sum(d.rates[c] for d, c in zip(wanted, chosen, strict=True) if c is not None)
        assert used <= capacity * 1.0001


@given(demands(), CAPACITY)
def test_nobody_gets_more_while_somebody_gets_nothing_that_would_fit(
    wanted: list[Demand], capacity: float
) -> None:
    chosen = allocate(wanted, capacity)
    if None in chosen:
        lowest = sum(min(d.rates.values()) for d in wanted)
        assert lowest * max(PAUSE_BELOW, 1.0) > capacity


@given(demands(), CAPACITY, st.floats(1.0, 4.0))
def test_with_more_capacity_the_most_important_never_gets_less(
    wanted: list[Demand], capacity: float, factor: float
) -> None:
    first = max(range(len(wanted)), key=lambda i: wanted[i].priority)
    if sum(d.priority == wanted[first].priority for d in wanted) == 1:
        small = allocate(wanted[first : first + 1], capacity)[0]
        large = allocate(wanted[first : first + 1], capacity * factor)[0]
        assert level(large) >= level(small)


@given(st.integers(1, 6), CAPACITY, st.floats(1.0, 4.0))
def test_among_equals_more_capacity_never_pauses_more(
    count: int, capacity: float, factor: float
) -> None:
    wanted = [Demand(dict(LAYERS), 1) for _ in range(count)]
    small, large = allocate(wanted, capacity), allocate(wanted, capacity * factor)
    assert large.count(None) <= small.count(None)


def test_a_screen_climbs_before_a_speaker_and_a_speaker_before_the_rest() -> None:
    wanted = [Demand(dict(LAYERS), 1), Demand(dict(LAYERS), 2), Demand(dict(LAYERS), 3)]
    assert allocate(wanted, 450_000) == [0, 0, 0]
    assert allocate(wanted, 800_000) == [0, 0, 1]
    assert allocate(wanted, 2_000_000) == [0, 0, 2]
    assert allocate(wanted, 2_300_000) == [0, 1, 2]


def test_what_does_not_fit_is_paused_least_important_first() -> None:
    wanted = [Demand(dict(LAYERS), 1), Demand(dict(LAYERS), 2)]
    assert allocate(wanted, 160_000) == [None, 0]
    assert allocate(wanted, 10_000) == [None, None]


def test_a_publisher_that_can_send_less_is_not_paused() -> None:
    assert allocate([Demand(dict(LAYERS), 1)], 60_000) == [None]
    assert allocate([Demand(dict(LAYERS), 1, least=35_000)], 60_000) == [0]


@given(demands(), CAPACITY, st.data())
def test_a_choice_falls_at_once_and_climbs_only_when_it_may(
    wanted: list[Demand], capacity: float, data: st.DataObject
) -> None:
    current = [data.draw(st.none() | st.sampled_from(sorted(d.rates))) for d in wanted]
    held = settle(current, wanted, capacity, may_climb=False)
    assert all(level(h) <= level(c) for h, c in zip(held, current, strict=True))
    target = allocate(wanted, capacity)
    if any(level(t) < level(c) for t, c in zip(target, current, strict=True)):
        assert all(level(h) <= level(t) for h, t in zip(held, target, strict=True))
    free = settle(current, wanted, capacity, may_climb=True)
    assert all(
        level(f) <= max(level(c), level(t)) for f, c, t in zip(free, current, target, strict=True)
    )


def test_a_layer_that_is_held_down_is_not_climbed_to_before_half_its_need_fits() -> None:
    demand = Demand({0: 120_000.0, 1: 150_000.0}, 1, full={0: 150_000.0, 1: 500_000.0})
    assert settle([0], [demand], 290_000, may_climb=True) == [0]
    assert settle([0], [demand], 301_000, may_climb=True) == [1]
    assert settle([1], [demand], 200_000, may_climb=True) == [1]  # who is there stays
    assert settle([1], [demand], 140_000, may_climb=True) == [0]
    assert settle([None], [demand], 290_000, may_climb=True) == [0]
