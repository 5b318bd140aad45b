"""Thirty people joining and leaving at random: whatever they did, nothing of them stays."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .churn import HELD, Churn, check_reports, read_figures
from .conftest import MediaProcess, Receiver, eventually

Start = Callable[..., MediaProcess]
_GROWTH = 12_000_000  # bytes that a second round may add to what the first one took


def _quiet(media: MediaProcess, before: dict[str, float]) -> bool:
    """Nobody is there, and the process holds on to no more than before anybody came."""
    found = read_figures(media)
    gone = not any(found[name] for name in (*HELD, "rooms"))
    # The connection to the webhook receiver is kept open for a while: one file, one timer.
    few = (
        found["timers"] <= before["timers"] + 1 and found["open_files"] <= before["open_files"] + 1
    )
    return gone and few and found["tasks"] <= before["tasks"]


@pytest.mark.timeout(150)
async def test_everybody_gone_leaves_nothing_behind(
    receiver: Receiver, start: Start, tmp_path: Path
) -> None:
    options = ("--spool", str(tmp_path), "--departure-timeout", "1")
    media = start("--webhook-url", receiver.url, *options)
    await eventually(lambda: not read_figures(media)["webhooks_waiting"])
    before = read_figures(media)
    taken: list[float] = []
    for seed in (1, 2):
        churn = Churn(media, 30, 0.12, seed, step=0.1, silent=0.6)
        await churn.run(9)
        assert churn.done["join"] >= 25
        await churn.everybody_out()
        await eventually(lambda: _quiet(media, before), 40)
        assert not churn.failed
        taken.append(read_figures(media)["resident_bytes"])
    assert taken[1] - taken[0] < _GROWTH
    assert check_reports(receiver) == []
    assert len(receiver.named("room_started")) == len(receiver.named("room_finished"))
    await eventually(lambda: not list(tmp_path.iterdir()))
