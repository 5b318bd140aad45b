"""Seconds of media where the system's clock steps: they go on, and nobody's minutes are lost."""

from typing import Any

from livekit.protocol import models

from signaling.clock import Clock
from signaling.watching.watcher import Watcher

START = 1_800_000_000


class System:
    """A machine's two clocks. They start with a fraction of a second, as real ones do."""

    def __init__(self) -> None:
        self.wall, self.steady = START + 0.25, 1000.5
        self.clock = Clock(lambda: self.wall, lambda: self.steady)

    def wait(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


def test_seconds_follow_a_step_forward_and_not_one_back() -> None:
    system = System()
    assert system.clock.second() == START
    system.wait(10)
    system.wall -= 60
    assert (system.clock.second(), system.clock.at(system.steady)) == (START + 10, START + 10)
    system.wait(5)
    assert system.clock.second() == START + 15
    system.wall += 60 + 3600  # put right, and then it slept
    assert system.clock.second() == START + 15 + 3600
    assert system.clock.at(system.steady - 2) == START + 13 + 3600


def test_it_agrees_with_the_wall_clock_again_once_nobody_is_watched() -> None:
    system = System()
    system.wait(10)
    system.wall -= 60
    assert system.clock.second() == START + 10
    system.clock.settle()
    assert system.clock.second() == START + 10 - 60
    assert system.clock.at(system.steady) == START + 10 - 60


def test_a_pause_between_the_readings_is_no_step() -> None:
    steady = iter((0.0, 5.0, 5.0))
    clock = Clock(lambda: START + 0.5, lambda: next(steady))
    assert (clock.second(), clock.second()) == (START + 5, START + 5)


async def test_the_witness_beside_a_cluster_goes_on_over_a_step_back() -> None:
    system, posted = System(), []
    watcher = Watcher("room", posted.append, 10, system.clock)
    watcher.member = type("Member", (), {"sid": "PA_witness"})()
    someone = models.ParticipantInfo(
        sid="PA_a", identity="stf_a", state=models.ParticipantInfo.State.ACTIVE
    )
    someone.attributes["away"] = "1"
    watcher.on_participants([someone])
    system.wait(8)
    watcher.tick()
    system.wall -= 60
    system.wait(4)
    watcher.tick()
    system.wait(3)
    watcher.end()
    bodies: list[dict[str, Any]] = [each["mediaReport"] for each in posted]
    spans = [(body["from"] - START, body["to"] - START) for body in bodies]
    assert spans == [(0, 12), (12, 15)]
    assert [body["away"] for body in bodies] == [[[START, START + 12]], [[START + 12, START + 15]]]
    assert [int(each["createdAt"]) - START for each in posted] == [12, 15]
