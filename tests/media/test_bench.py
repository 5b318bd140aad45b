"""The bench prints figures that mean something."""

import json
import subprocess
import sys

import pytest

from .conftest import ROOT

pytestmark = pytest.mark.media


def test_the_bench_measures_a_call_and_a_lecture() -> None:
    command = [sys.executable, "-m", "signaling.bench", "--seconds", "2", "--listeners", "5"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=90, check=True)
    call, lecture = (json.loads(line) for line in done.stdout.splitlines())
    assert (call["bench"], call["participants"]) == ("call", 2)
    assert (lecture["bench"], lecture["participants"]) == ("lecture", 6)
    for found, copies in ((call, 1), (lecture, 5)):
        assert found["lost"] == found["dropped"] == found["starved"] == 0
        expected = found["packets_in_per_s"] * copies
        assert 0.8 * expected < found["packets_out_per_s"] < 1.2 * expected
        assert 0 < found["cores"] < 1


def test_the_bench_refuses_what_is_out_of_bounds() -> None:
    command = [sys.executable, "-m", "signaling.bench", "--seconds", "100000"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 2
