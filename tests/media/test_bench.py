"""The bench prints figures that mean something."""

import json
import subprocess
import sys
from typing import Any

import pytest

from .conftest import KEY, ROOT, SECRET, MediaProcess

pytestmark = pytest.mark.media


def bench(*arguments: str) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "signaling.bench", "--json", "--warm", "1", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=90, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_lecture_beside_another_server(standing: MediaProcess) -> None:
    """Any LiveKit server can be the other one, this one included."""
    there = ("--against", standing.http, "--key", KEY, "--secret", SECRET)
    process = ("--pid", str(standing.process.pid))
    shape = ("--subscribers", "6", "--processes", "2", "--seconds", "2")
    mine, other, ratio = bench(*shape, *there, *process)
    for found in (mine, other):
        assert (found["publishers"], found["subscribers"]) == (1, 6)
        assert found["starved"] == found["failed_joins"] == 0
        assert found["packets_out_per_s"] > 5 * found["packets_in_per_s"]
        assert found["cores"] > 0
        assert found["mb_per_participant"] < found["resident_mb"]
        assert 0 < found["delay_ms_p50"] <= found["delay_ms_p99"]
        assert len(found["load_cores"]) == 3
    expected = mine["packets_out_per_core"] / other["packets_out_per_core"]
    assert ratio["packets_out_per_core"] == pytest.approx(expected, abs=0.01)


def test_each_subscriber_gets_one_layer() -> None:
    (found,) = bench("--subscribers", "2", "--layers", "3", "--seconds", "2")
    assert found["starved"] == 0
    assert found["packets_expected_per_s"] is None
    assert found["packets_out_per_s"] < 2 * found["packets_in_per_s"]


def test_the_bench_refuses_what_is_out_of_bounds() -> None:
    for wrong in (("--seconds", "100000"), ("--row", "moon"), ("--subscribers", "0")):
        command = [sys.executable, "-m", "signaling.bench", *wrong]
        assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 2
