"""How long pictures wait for repairs, and how that is written."""

from hypothesis import given
from hypothesis import strategies as st

from signaling.forward.patience import Patience


def written(patience: Patience) -> tuple[int, int]:
    """Least and most delay in units of 10 ms, as a client reads them."""
    value = int.from_bytes(patience.encoded, "big")
    return value >> 12, value & 0xFFF


def test_pictures_on_a_good_line_wait_for_nothing() -> None:
    patience = Patience()
    patience.update(0.01, 0.0, 0.3, 1.0)
    assert patience.seconds == 0
    assert written(patience) == (0, 1000)


def test_on_a_lossy_line_they_wait_for_a_repair() -> None:
    patience = Patience()
    patience.update(0.1, 0.0, 0.3, 1.0)
    assert written(patience) == (30, 1000)
    patience.update(0.0, 0.1, 0.45, 1.1)
    assert written(patience) == (50, 1000)
    patience.update(0.2, 0.2, 2.0, 1.2)
    assert written(patience) == (60, 1000)


def test_they_go_on_waiting_for_a_while_after_the_last_loss() -> None:
    patience = Patience()
    patience.update(0.1, 0.1, 0.45, 1.0)
    patience.update(0.0, 0.0, 0.3, 8.9)
    assert written(patience)[0] == 50
    patience.update(0.0, 0.0, 0.3, 9.1)
    assert written(patience)[0] == 0


share = st.floats(0, 1)


@given(st.lists(st.tuples(share, share, st.floats(0, 5), st.floats(0, 3)), max_size=30))
def test_any_line_gives_a_delay_that_can_be_written(steps: list[tuple[float, ...]]) -> None:
    patience, now = Patience(), 0.0
    for lately, usual, rtt, passed in steps:
        now += passed
        patience.update(lately, usual, rtt, now)
        least, most = written(patience)
        assert 0 <= least <= 60 < most == 1000
        assert least == round(patience.seconds * 100)
