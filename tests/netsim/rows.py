"""The lines that calls are tried on, and what must hold on them."""

from dataclasses import dataclass

from tests.netsim.call import Row
from tests.netsim.impair import Impairment


@dataclass(frozen=True)
class Aim:
    """What a row must show: audio share at least, gap at most, first audio at most (seconds)."""

    share: float
    gap: float
    first: float
    back: float | None = None


def _line(rate: float, rtt: float, loss: float = 0.0, burst: float = 1.0) -> Impairment:
    return Impairment(rate=rate * 1000, delay=rtt / 2, loss=loss, burst=burst)


# design/MEDIA.md, "Anchors on bad lines": both ways alike, 400 ms of queue.
TABLE: list[tuple[Row, Aim]] = [
    (Row("1M 50ms", _line(1000, 50)), Aim(0.99, 0.5, 2.0)),
    (Row("256k 300ms", _line(256, 300)), Aim(0.99, 0.5, 2.0)),
    (Row("1M 150ms 10%", _line(1000, 150, 0.1)), Aim(0.99, 0.5, 2.0)),
    (Row("256k 300ms 20%", _line(256, 300, 0.2)), Aim(0.97, 0.5, 4.0)),
    (Row("256k 300ms 30%x3", _line(256, 300, 0.3, 3)), Aim(0.90, 1.0, 6.0)),
    (
        Row("256k 300ms 5% out10", _line(256, 300, 0.05), seconds=40, outage=(15, 10)),
        Aim(0.97, 0.5, 6.0, back=1.0),
    ),
]


def _grid() -> list[tuple[Row, Aim]]:
    """design/TRUST.md row 10."""
    rows = []
    for rate in (256, 1000):
        for rtt in (50, 150, 300):
            for loss, burst in (
                (0.0, 1),
                (0.1, 1),
                (0.1, 3),
                (0.2, 1),
                (0.2, 3),
                (0.3, 1),
                (0.3, 3),
            ):
                name = f"grid {rate}k {rtt}ms {loss:.0%}" + (f"x{burst}" if burst > 1 else "")
                rows.append(
                    (Row(name, _line(rate, rtt, loss, burst), seconds=25), Aim(0.95, 0.5, 6.0))
                )
    return rows


GRID = _grid()
# Row 11: a blackout on a line that is good otherwise, and the media process killed.
BREAKS: list[tuple[Row, Aim]] = [
    (Row("blackout", _line(2000, 60), seconds=40, outage=(12, 10)), Aim(0.97, 0.5, 2.0, back=3.0)),
    (Row("media killed", _line(2000, 60), seconds=30, kill=12), Aim(0.97, 0.5, 2.0, back=5.0)),
]
