"""What is lost on the way in or out: asked for, sent again, waited for."""

import struct

import pytest

from signaling.clock import Clock
from signaling.forward import rtcp, rtp, vp8
from signaling.forward.down import DownTrack, forward
from signaling.forward.sender import Sender
from signaling.forward.up import Layer, UpTrack
from signaling.forward.wire import Wire
from signaling.transport.udp import Counters

from .lines import Line, arrive, frame, numbers, subscriber


@pytest.mark.parametrize("begun", [False, True])
def test_repairs_of_a_successor_go_on_with_their_numbers(up: UpTrack, *, begun: bool) -> None:
    """Under one key no number of an SSRC is used twice, be the first track's only use padding."""
    first, second = UpTrack("TR_a", video=True, rids=["q"]), up.layer("q", 1)
    down, wire = subscriber(first)
    before = first.layer("q", 2)
    if begun:
        down.aim(before)
        arrive(before, 70, frame(1, key=True), 0, 0.0)
        forward(before, 0.0)
        down.resend((70,), 0.5)
    else:
        wire.send_rtp(down.padding(200, 0.5))
    down.close()
    successor = DownTrack(up, wire, Counters(), ssrc=down.ssrc, repair=down.repair)  # type: ignore[arg-type]
    successor.follow(down.history())
    successor.aim(second)
    arrive(second, 500, frame(1, key=True), 0, 1.0)
    forward(second, 1.0)
    successor.resend(tuple(numbers(wire.packets[-1:])), 2.0)
    assert numbers(wire.repairs) == [0, 1]
    assert len({packet[8:12] for packet in wire.repairs}) == 1
    successor.skip_from(numbers(wire.packets)[-1])  # it has not left after all
    arrive(second, 501, frame(2, key=True), 3000, 3.0)
    forward(second, 3.0)
    assert numbers(wire.packets)[-1] == (71 if begun else 501)


@pytest.mark.parametrize("paused", [False, True])
def test_a_repair_is_of_the_packet_that_was_asked_for_or_none(up: UpTrack, *, paused: bool) -> None:
    """One leaves a rewriting that another moves on, for the next layer or a while; what the publisher's
    line lost since cannot be repaired."""
    low = up.layer("q", 1)
    high = low if paused else up.layer("h", 2)
    stayed, _ = subscriber(up)
    down, wire = subscriber(up)
    stayed.aim(low)
    down.aim(low)

    def show(layer: Layer, sequence: int) -> None:
        body = frame(sequence, key=sequence in (100, 200)) + str(sequence).encode()
        arrive(layer, sequence, body, sequence * 3000, sequence / 50)
        forward(layer, sequence / 50)

    for sequence in range(100, 110):
        show(low, sequence)
    down.aim(None if paused else high)
    if not paused:
        show(high, 200)
    for sequence in range(110, 200):
        show(low, sequence)
    if paused:
        down.aim(high)
        show(high, 200)
    for sequence in range(202, 220):
        show(high, sequence)
    assert numbers(wire.packets) == [*range(100, 111), *range(112, 130)]
    down.resend((111, 130), 20.0)
    assert wire.repairs == []
    down.resend((109, 110, 112), 21.0)
    assert [packet[-3:] for packet in wire.repairs] == [b"109", b"200", b"202"]


def test_losses_are_asked_for_and_late_packets_still_go_out(up: UpTrack) -> None:
    layer = up.layer("q", 1)
    down, wire = subscriber(up)
    down.aim(layer)
    arrive(layer, 65534, frame(1, key=True), 0, 0.0)
    arrive(layer, 2, frame(4), 0, 0.0)
    forward(layer, 0.0)
    assert layer.due_nacks(0.0) == [65535, 0, 1]
    assert layer.due_nacks(0.01) == []
    assert arrive(layer, 65535, frame(2), 0, 0.02)
    forward(layer, 0.02)
    assert layer.due_nacks(1.0) == [0, 1]
    assert numbers(wire.packets) == [65534, 2, 65535]
    assert not arrive(layer, 65535, frame(2), 0, 0.03)
    assert layer.lost() == 2


def test_only_a_newer_key_frame_ends_the_asking_for_one(up: UpTrack) -> None:
    layer = up.layer("q", 1)
    assert arrive(layer, 1, frame(1, key=True), 0, 0.0)
    assert arrive(layer, 3, frame(3), 6000, 0.1)
    layer.pli_wanted = True
    assert not arrive(layer, 1, frame(1, key=True), 0, 0.2)
    assert layer.pli_wanted
    assert arrive(layer, 4, frame(4, key=True), 9000, 0.3)
    assert not layer.pli_wanted
    layer.pli_wanted = True
    assert arrive(layer, 2, frame(2, key=True), 3000, 0.4)
    assert layer.pli_wanted
    assert arrive(layer, 500, frame(500, key=True), 90000, 0.5)
    assert not layer.pli_wanted, "what is missing lies before it"


def test_loss_is_of_all_that_was_sent_and_is_forgotten() -> None:
    sender = Sender(Counters(), Clock())
    tracks = [UpTrack("TR_v", video=True, rids=[""]), UpTrack("TR_a", video=False, rids=[""])]
    video, sound = (subscriber(track)[0] for track in tracks)
    sender.add(video)
    sender.add(sound)

    def report(now: float, *figures: tuple[DownTrack, int, int]) -> None:
        """Of each track: the highest number, and how many were lost since the start."""
        blocks = [rtcp.Block(down.ssrc, 255, lost, high, 0, 0, 0) for down, high, lost in figures]
        sender.on_rtcp(rtcp.receiver_report(1, blocks), now)

    report(1.0, (video, 1000, 0), (sound, 100, 0))
    report(5.0, (sound, 112, 1))
    assert sender.loss(5.0) == 0, "a silent microphone's packets are too few to tell"
    report(6.0, (video, 1150, 2), (sound, 115, 2))
    assert sender.loss(6.0) < 0.04
    report(7.0, (video, 1300, 32))
    assert sender.loss(7.0) > 0.1
    report(8.0, (video, 1450, 32))
    report(9.0, (video, 1600, 32))
    assert sender.loss(9.0) == 0
    report(10.0, (video, 1750, 182))
    assert sender.loss(12.0) > 0.4
    assert sender.loss(19.0) == 0, "nothing was reported since"


def test_what_is_missing_is_looked_at_when_it_is_due(up: UpTrack) -> None:
    layer = up.layer("q", 1)
    for sequence in (1, 3):
        arrive(layer, sequence, frame(sequence), 0, 0.0)
    assert layer.due_nacks(0.0) == [2]
    assert layer.due == pytest.approx(0.1)
    arrive(layer, 5, frame(5), 0, 0.06)
    assert layer.due == pytest.approx(0.06)
    found = {at: layer.due_nacks(at / 100) for at in range(6, 30)}
    asked = [numbers for numbers in found.values() if numbers]
    assert asked == [[4], [2], [4], [2], [4]]


@pytest.mark.parametrize("key_since", [False, True])
def test_a_picture_that_never_comes_asks_for_a_key_frame_if_none_came(
    up: UpTrack, *, key_since: bool
) -> None:
    layer = up.layer("q", 1)
    arrive(layer, 1, frame(1, key=True), 0, 0.0)
    arrive(layer, 3, frame(3), 6000, 0.1)
    arrive(layer, 4, frame(4, key=key_since), 9000, 0.2)
    asked = [layer.due_nacks(at / 10) for at in range(3, 40)]
    assert [2] in asked
    assert asked[-1] == []
    assert layer.pli_wanted is not key_since


def test_a_key_frame_that_came_late_does_not_stand_for_what_comes_after_it(up: UpTrack) -> None:
    layer = up.layer("q", 1)
    arrive(layer, 1, frame(1, key=True), 0, 0.0)
    arrive(layer, 3, frame(3), 6000, 0.1)
    arrive(layer, 5, frame(5), 12000, 0.1)
    arrive(layer, 2, frame(2, key=True), 3000, 0.2)  # 4 is still missing
    for at in range(3, 40):
        layer.due_nacks(at / 10)
    assert layer.pli_wanted


def show_five(layer: Layer) -> None:
    """Pictures 1 to 5, one packet each, at once."""
    for sequence in range(1, 6):
        arrive(layer, sequence, frame(sequence, key=sequence == 1), sequence * 3000, 0.0)
    forward(layer, 0.0)


def test_a_nack_is_answered_from_the_cache(up: UpTrack) -> None:
    layer = up.layer("q", 1)
    down, wire = subscriber(up)
    down.aim(layer)
    show_five(layer)
    down.resend((3, 4, 999), 1.0)
    down.resend((3,), 1.001)
    assert len(wire.repairs) == 2
    for packet, sequence in zip(wire.repairs, (3, 4), strict=True):
        where = rtp.layout(packet)
        body = packet[where.payload : where.end]
        assert int.from_bytes(body[:2], "big") == sequence
        assert body[2:] == vp8.bare(frame(sequence))
        assert packet[8:12] == up.repair.to_bytes(4, "big")
    assert numbers(wire.repairs) == [0, 1]


def test_asking_for_everything_again_and_again_has_an_end(up: UpTrack) -> None:
    layer, sender = up.layer("q", 1), Sender(Counters(), Clock())
    down, line = subscriber(up)
    sender.add(down)
    down.aim(layer)
    for sequence in range(1, 901):
        if sequence == 301:
            layer.measure(1.0)  # 300 packets a second: so many more are kept
        arrive(layer, sequence, frame(sequence, key=sequence == 1), 3000 * sequence, 1.0)
        forward(layer, 1.0)

    def ask(now: float) -> int:
        before = len(line.repairs)
        for first in range(301, 901, 150):
            sender.on_rtcp(rtcp.nack(1, down.ssrc, list(range(first, first + 150))), now)
        return len(line.repairs) - before

    assert ask(3.0) == 600
    assert ask(3.01) == 0, "what was just sent is on its way"
    assert ask(3.1) == 424
    assert ask(9.0) == 0, "nothing was sent meanwhile"
    for sequence in range(901, 1001):
        arrive(layer, sequence, frame(sequence), 3000 * sequence, 10.0)
        forward(layer, 10.0)
    assert ask(12.0) == 200


def test_sound_is_not_said_again_without_end() -> None:
    up, line = UpTrack("TR_s", video=False, rids=[""]), Line()
    layer, sender = up.layer("", 1), Sender(Counters(), Clock())
    down = DownTrack(up, line, Counters())  # type: ignore[arg-type]
    down.guarded_wire = down.wire._replace(transport_cc=5)
    sender.add(down)
    sender.protect(line, lambda *_: None, 0.0)  # type: ignore[arg-type]
    down.aim(layer)
    for sequence in range(1, 11):
        arrive(layer, sequence, b"sound", 960 * sequence, 1.0)
        forward(layer, 1.0)
    nack = struct.pack("!BBHII", 0x81, 205, 102, 1, down.ssrc) + struct.pack("!HH", 7, 0) * 100
    for _ in range(100):
        sender.on_rtcp(nack, 2.0)
    assert 1024 <= len(line.again) <= 1024 + 2 * 10


def test_what_comes_too_late_for_srtp_is_kept_for_who_asks(up: UpTrack) -> None:
    layer = up.layer("q", 1)
    down, line = subscriber(up)
    down.aim(layer)
    for sequence in range(1, 900):
        if sequence in (310, 400):
            continue
        if sequence == 301:
            layer.measure(1.0)  # 300 packets a second: more of them are kept
        arrive(layer, sequence, frame(sequence, key=sequence == 1), 3000 * sequence, 1.0)
        forward(layer, 1.0)
    assert not arrive(layer, 310, frame(310), 930000, 2.0)
    assert arrive(layer, 400, frame(400), 1200000, 2.0)
    forward(layer, 2.0)
    assert numbers(line.packets)[-1] == 400
    down.resend((310,), 2.1)
    assert len(line.repairs) == 1
    assert not arrive(layer, 310, frame(310), 930000, 2.2)


def test_viewers_wait_for_what_a_lossy_publisher_repairs(up: UpTrack) -> None:
    layer = up.layer("q", 1)
    wire = Wire(96, 97, playout_delay=6)
    down, line = subscriber(up, wire)
    down.aim(layer)
    now = 0.0
    for number in range(1, 201):  # every tenth packet comes 300 ms late
        now = number / 20
        if number % 10:
            arrive(layer, number, frame(number, key=number == 1), number * 4500, now)
        if number % 10 == 6 and number > 10:
            arrive(layer, number - 6, frame(number - 6), (number - 6) * 4500, now)
        layer.due_nacks(now)
        if layer.batch:
            forward(layer, now)
        layer.measure(now)
    assert 0.3 <= up.patience.seconds <= 0.6
    packet = line.packets[-1]
    found = rtp.elements(packet, rtp.layout(packet))
    assert [(number, packet[at : at + size]) for number, at, size in found] == [
        (6, up.patience.encoded)
    ]
    assert not rtp.elements(line.packets[0], rtp.layout(line.packets[0]))


def test_a_publisher_without_losses_keeps_nobody_waiting(up: UpTrack) -> None:
    layer = up.layer("q", 1)
    down, line = subscriber(up, Wire(96, 97, playout_delay=6))
    down.aim(layer)
    for number in range(1, 101):
        arrive(layer, number, frame(number, key=number == 1), number * 4500, number / 20)
        forward(layer, number / 20)
        layer.measure(number / 20)
    assert up.patience.told == b""
    assert not any(rtp.elements(packet, rtp.layout(packet)) for packet in line.packets)


def test_what_the_line_lost_is_sent_again_unless_its_repair_is_on_the_way(up: UpTrack) -> None:
    layer = up.layer("q", 1)
    down, line = subscriber(up)
    down.aim(layer)
    show_five(layer)
    down.not_arrived([(2, 1.0), (3, 1.0)], 1.1)  # sent at 1.0, and lost
    assert len(line.repairs) == 2
    down.not_arrived([(2, 1.0)], 1.2)  # the first sending once more: its repair left at 1.1
    assert len(line.repairs) == 2
    down.not_arrived([(2, 1.11)], 1.2)  # that repair itself
    assert len(line.repairs) == 3
