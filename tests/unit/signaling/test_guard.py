"""What leaves through a guard, when, and how it looks."""

from collections.abc import Callable
from typing import Any

import pytest

from signaling.forward import red
from signaling.forward.estimate import START
from signaling.forward.guard import Guard
from signaling.forward.shift import Burst
from signaling.forward.twcc import Feedback
from signaling.forward.wire import Wire

AUDIO = Wire(111, transport_cc=5, red_type=63)
VIDEO = Wire(96, 97, 3, 5)


class Peer:
    """Takes what leaves, unprotected."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def send_rtp(self, packet: bytes) -> bytes:
        self.sent.append(packet)
        return packet

    def send_raw(self, data: bytes) -> None:
        self.sent.append(data)

    def payload_types(self) -> list[int]:
        return [packet[1] & 127 for packet in self.sent]


class Down:
    """As much of a down-track as a guard looks at."""

    class Up:
        def __init__(self, video: bool) -> None:
            self.video = video

    def __init__(self, wire: Wire, ssrc: int, *, video: bool) -> None:
        self.up, self.wire, self.ssrc, self.closed = Down.Up(video), wire, ssrc, False
        self._number = 0

    def packet(self, size: int) -> bytes:
        self._number += 1
        head = bytes((0x90, self.wire.payload_type)) + self._number.to_bytes(2, "big")
        head += (self._number * 960).to_bytes(4, "big") + self.ssrc.to_bytes(4, "big")
        return head + self.wire.extension(0.0) + bytes([self._number & 255]) * size

    def padding(self, size: int, now: float) -> bytes:
        head = bytes((0xB0, self.wire.repair_type)) + bytes(2 + 4) + bytes(4)
        return head + self.wire.extension(now) + bytes(size - 1) + bytes((size,))


class Rig:
    """A guard whose timers fire by hand."""

    def __init__(self) -> None:
        self.peer = Peer()
        self.later: list[tuple[Callable[..., Any], tuple[Any, ...]]] = []
        self.guard = Guard(self.peer, self._later, 0.0)  # type: ignore[arg-type]
        self.sound = Down(AUDIO, 11, video=False)
        self.picture = Down(VIDEO, 22, video=True)

    def _later(self, delay: float, call: Callable[..., Any], *arguments: Any) -> None:
        self.later.append((call, arguments))

    def say(self, count: int = 1) -> None:
        for _ in range(count):
            self.guard.send(self.sound, Burst([self.sound.packet(80)]))  # type: ignore[arg-type]

    def show(self, count: int) -> None:
        burst = Burst([self.picture.packet(1000) for _ in range(count)])
        self.guard.send(self.picture, burst)  # type: ignore[arg-type]

    def report(self, lost_every: int, now: float) -> None:
        """Everything so far is reported, one packet of so many as lost (0: none)."""
        count = len(self.peer.sent)
        arrivals = [
            None if lost_every and index % lost_every == 0 else now + index * 0.02
            for index in range(count)
        ]
        self.guard.on_feedback(Feedback(0, tuple(arrivals)), now)


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_sound_leaves_at_once_and_pictures_take_turns(rig: Rig) -> None:
    rig.show(12)
    before = len(rig.peer.sent)
    assert before < 12
    rig.say()
    assert rig.peer.payload_types()[before:] == [111]
    assert rig.guard.backlog() > 0


def test_a_line_that_takes_all_that_is_wanted_is_paced_less(rig: Rig) -> None:
    narrow = rig.guard.pace()
    rig.guard.wanted = 2 * START
    assert rig.guard.pace() == narrow
    rig.guard.wanted = 0.9 * START
    assert rig.guard.pace() > 1.5 * narrow
    rig.guard.estimate.queue = 0.05
    assert rig.guard.pace() == narrow


def test_pictures_wait_for_the_first_answer_of_who_can_be_asked(rig: Rig) -> None:
    rig.guard.carrier = lambda: rig.picture  # type: ignore[assignment,return-value]
    rig.show(2)
    rig.say()
    assert rig.peer.payload_types() == [111]
    rig.report(0, 0.05)
    assert 96 in rig.peer.payload_types()


def test_every_packet_has_the_next_number(rig: Rig) -> None:
    rig.say(3)
    rig.show(1)
    at = [AUDIO.transport_cc_at] * 3 + [VIDEO.transport_cc_at]
    numbers = [
        int.from_bytes(packet[where : where + 2], "big")
        for packet, where in zip(rig.peer.sent, at, strict=True)
    ]
    assert numbers == [0, 1, 2, 3]


def test_pictures_on_a_lossy_line_are_told_to_wait_for_repairs(rig: Rig) -> None:
    wire = rig.picture.wire = VIDEO._replace(playout_delay=6)
    at = wire.playout_delay_at
    rig.show(1)
    rig.say(40)
    rig.report(4, 1.0)
    rig.show(1)
    rig.guard.flush()
    shown = [packet for packet in rig.peer.sent if packet[1] & 127 == 96]
    assert len(shown) == 2
    assert [packet[at - 1] for packet in shown] == [6 << 4 | 2] * 2
    least = [int.from_bytes(packet[at : at + 3], "big") >> 12 for packet in shown]
    assert least == [0, 40]  # a round trip of 200 ms, until another is known
    assert all(packet[at + 3 :] == packet[-1:] * 1000 for packet in shown)


def test_lost_pictures_are_told_of_and_nothing_else(rig: Rig) -> None:
    told: list[tuple[int, list[int]]] = []
    rig.guard.on_lost = lambda ssrc, lost: told.append((ssrc, [number for number, _ in lost]))
    rig.show(3)
    rig.say(3)
    rig.guard.flush()
    rig.guard.repair(rig.picture.packet(50), VIDEO, 22, 77)
    rig.guard.flush()
    rig.guard.on_feedback(Feedback(0, (None,) * 6 + (0.5,)), 0.5)
    assert told == [(22, [1, 2, 3])]
    rig.guard.repair(rig.picture.packet(50), VIDEO, 22, 1)
    rig.guard.flush()
    rig.guard.on_feedback(Feedback(7, (None,)), 0.6)
    assert told[1:] == [(22, [1])]


def test_reports_are_read_in_proportion_to_what_was_sent(rig: Rig) -> None:
    assert rig.guard.reportable() == 4096
    rig.guard.on_feedback(Feedback(0, (None,) * 4000), 1.0)
    assert rig.guard.reportable() == 96
    rig.say(10)
    assert 96 + 10 < rig.guard.reportable() < 1000
    rig.say(4096)
    assert rig.guard.reportable() == 4096


def test_what_a_dead_line_swallowed_is_not_repeated_packet_by_packet(rig: Rig) -> None:
    told: list[int] = []
    rig.guard.on_lost = lambda ssrc, lost: told.append(ssrc)
    rig.show(3)
    rig.guard.flush()
    rig.report(1, 30.0)
    assert told == []


def test_a_lossy_line_gets_earlier_frames_with_each_packet(rig: Rig) -> None:
    rig.say(40)
    assert set(rig.peer.payload_types()) == {111}
    rig.report(4, 1.0)
    before = len(rig.peer.sent)
    rig.say(2)
    packet = rig.peer.sent[before]
    assert packet[1] & 127 == 63
    blocks = red.split(packet[20:])
    assert [block.back // 960 for block in blocks] == [3, 1, 0]
    assert blocks[-1].payload == bytes([41]) * 80


def test_a_client_without_red_gets_the_same_packet_again(rig: Rig) -> None:
    rig.sound.wire = AUDIO._replace(red_type=0)
    rig.say(40)
    rig.report(4, 1.0)
    rig.later.clear()
    rig.say()
    first = rig.peer.sent[-1]
    for call, arguments in rig.later:
        call(*arguments)
    assert rig.peer.sent[-1] == first
    assert len(rig.peer.sent) == 42


def test_a_clean_line_gets_plain_packets(rig: Rig) -> None:
    rig.say(40)
    rig.report(0, 1.0)
    rig.say(5)
    assert set(rig.peer.payload_types()) == {111}


def test_pictures_that_waited_too_long_are_skipped_as_one_run(rig: Rig) -> None:
    skipped: list[tuple[int, int]] = []
    rig.guard.on_skip = lambda ssrc, first: skipped.append((ssrc, first))
    rig.show(60)
    left = len(rig.peer.sent)
    for call, arguments in list(rig.later):
        call(*arguments)
    assert skipped == [(22, left + 1)]
    assert rig.guard.backlog() == 0


def test_a_proven_line_gets_all_that_waits(rig: Rig) -> None:
    rig.show(12)
    rig.guard.flush()
    assert len(rig.peer.sent) == 12


def test_a_silence_of_the_client_is_no_congestion(rig: Rig) -> None:
    rig.say(40)
    rig.report(0, 1.0)
    rig.say(200)
    rig.guard.on_feedback(Feedback(40, (None,) * 190 + (1.0,) * 10), 15.0)
    assert rig.guard.estimate.target >= START * 0.9
    assert rig.guard.estimate.loss.lately < 0.1
