"""What subscribers are sent: order, numbers, layers, retransmissions; without sockets."""

import struct
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.forward import rtp, twcc
from signaling.forward.down import forward
from signaling.forward.guard import Guard
from signaling.forward.shift import Burst, split
from signaling.forward.twcc import Feedback
from signaling.forward.up import Layer, UpTrack
from signaling.forward.wire import Wire

from .lines import arrive, described, frame, numbers, subscriber


def test_nothing_is_sent_before_a_key_frame(up: UpTrack) -> None:
    layer = up.layer("q", 1)
    down, wire = subscriber(up)
    down.aim(layer)
    arrive(layer, 10, frame(1), 0, 0.0)
    forward(layer, 0.0)
    assert wire.packets == []
    assert layer.pli_wanted
    arrive(layer, 11, frame(2), 3000, 0.1)
    arrive(layer, 12, frame(3, key=True), 6000, 0.1)
    arrive(layer, 13, frame(4), 9000, 0.1)
    forward(layer, 0.1)
    assert numbers(wire.packets) == [12, 13]
    assert described(wire.packets[0]).key
    assert not layer.pli_wanted


def test_subscribers_of_one_layer_share_one_burst(up: UpTrack) -> None:
    layer = up.layer("q", 1)
    pairs = [subscriber(up) for _ in range(3)]
    for down, _ in pairs:
        down.aim(layer)
    arrive(layer, 1, frame(1, key=True), 0, 0.0)
    forward(layer, 0.0)
    arrive(layer, 2, frame(2), 3000, 0.0)
    forward(layer, 0.0)
    assert layer.groups == [layer.plain]
    assert pairs[0][1].packets == pairs[1][1].packets == pairs[2][1].packets
    assert pairs[0][0].packets == 2


def test_each_connection_gets_the_numbers_that_it_negotiated(up: UpTrack) -> None:
    layer = up.layer("q", 1)
    wire = Wire(100, 101, abs_send_time=5, transport_cc=4)
    plain, (own, line), (_, same) = subscriber(up)[0], subscriber(up, wire), subscriber(up, wire)
    for down in (plain, *layer.track.downs):
        down.aim(layer)
    arrive(layer, 1, frame(1, key=True), 0, 2.0)
    arrive(layer, 2, frame(2), 0, 2.0)
    forward(layer, 2.0)
    assert line.packets == same.packets
    assert len(line.packets) == 2
    packet = line.packets[0]
    where = rtp.layout(packet)
    assert packet[1] & 127 == 100
    found = {number: packet[at : at + size] for number, at, size in rtp.elements(packet, where)}
    assert found == {5: (2 * 262144 & 0xFFFFFF).to_bytes(3, "big"), 4: b"\0\0"}
    assert wire.transport_cc_at == rtp.elements(packet, where)[1][1]
    own.resend((1,), 2.5)
    assert line.repairs[0][1] & 127 == 101


def test_a_layer_switch_is_not_noticed_by_the_decoder(up: UpTrack) -> None:
    low, high = up.layer("q", 1), up.layer("f", 2)
    down, wire = subscriber(up)
    down.aim(low)
    arrive(low, 100, frame(7, key=True), 1000, 0.0)
    forward(low, 0.0)
    down.aim(high)
    arrive(low, 101, frame(8), 4000, 0.033)
    forward(low, 0.033)
    arrive(high, 9000, frame(400), 77777, 0.04)
    forward(high, 0.04)
    arrive(high, 9001, frame(401, key=True), 80777, 0.066)
    forward(high, 0.066)
    arrive(low, 102, frame(9), 7000, 0.066)
    forward(low, 0.066)
    arrive(high, 9002, frame(402), 83777, 0.1)
    forward(high, 0.1)
    assert numbers(wire.packets) == [100, 101, 102, 103]
    seen = [described(packet) for packet in wire.packets]
    assert [item.picture for item in seen] == [7, 8, 9, 10]
    assert not any(item.tl0_at for item in seen)
    stamps = [int.from_bytes(packet[4:8], "big") for packet in wire.packets]
    assert stamps == sorted(stamps)
    assert stamps[3] - stamps[2] == 3000
    assert {packet[8:12] for packet in wire.packets} == {up.ssrc.to_bytes(4, "big")}


def test_a_crowd_that_climbs_at_one_key_frame_stays_together(up: UpTrack) -> None:
    low, high = up.layer("q", 1), up.layer("f", 2)
    crowd = [subscriber(up) for _ in range(5)]
    for down, _ in crowd:
        down.aim(low)
    arrive(low, 1, frame(1, key=True), 0, 0.0)
    forward(low, 0.0)
    for down, _ in crowd:
        down.aim(high)
    arrive(high, 700, frame(90, key=True), 5000, 0.1)
    forward(high, 0.1)
    assert len({id(down.shift) for down, _ in crowd}) == 1
    # Who waited elsewhere meanwhile goes on from other numbers, and so by itself.
    late, line = subscriber(up)
    late.aim(low)
    arrive(low, 2, frame(2, key=True), 3000, 0.15)
    forward(low, 0.15)
    late.aim(high)
    arrive(high, 701, frame(91, key=True), 8000, 0.2)
    forward(high, 0.2)
    assert late.shift is not crowd[0][0].shift
    assert {tuple(numbers(wire.packets)) for _, wire in crowd} == {(1, 2, 3)}
    assert numbers(line.packets) == [2, 3]


def test_who_was_sent_nothing_yet_begins_like_everybody(up: UpTrack) -> None:
    layer = up.layer("q", 1)
    first, other = subscriber(up)[0], subscriber(up)[0]
    for down in (first, other):
        down.aim(layer)
    arrive(layer, 1, frame(1, key=True), 0, 0.0)
    forward(layer, 0.0)
    first.skip_from(1)
    arrive(layer, 2, frame(2, key=True), 3000, 0.1)
    forward(layer, 0.1)
    assert first.shift is other.shift is layer.plain


def test_a_pause_leaves_no_gap_in_the_numbers(up: UpTrack) -> None:
    layer = up.layer("q", 1)
    down, wire = subscriber(up)
    down.aim(layer)
    arrive(layer, 1, frame(1, key=True), 0, 0.0)
    forward(layer, 0.0)
    down.aim(None)
    for sequence in range(2, 50):
        arrive(layer, sequence, frame(sequence), sequence * 3000, sequence / 30)
    forward(layer, 2.0)
    down.aim(layer)
    arrive(layer, 50, frame(50, key=True), 150000, 2.0)
    forward(layer, 2.0)
    assert numbers(wire.packets) == [1, 2]
    assert int.from_bytes(wire.packets[1][4:8], "big") == 150000


@pytest.mark.parametrize("successor", [False, True])
def test_what_was_dropped_before_leaving_makes_no_gap_after_a_pause(
    up: UpTrack, successor: bool
) -> None:
    """A queue was given up when the track was paused already, or its successor had taken over."""
    layer = up.layer("q", 1)
    down, wire = subscriber(up)
    down.aim(layer)
    for sequence in range(1, 5):
        arrive(layer, sequence, frame(sequence, key=sequence == 1), sequence * 3000, 0.0)
    forward(layer, 0.0)
    down.aim(None)
    if successor:
        down.close()
        history = down.history()
        down, wire = subscriber(up)
        down.follow(history)
        down.aim(layer)
    down.skip_from(3)  # 3 and 4 never left
    assert down.target is (layer if successor else None)
    down.aim(layer)
    arrive(layer, 5, frame(5, key=True), 15000, 1.0)
    forward(layer, 1.0)
    assert numbers(wire.packets)[-1] == 3


def test_a_closed_subscription_gets_nothing(up: UpTrack) -> None:
    layer = up.layer("q", 1)
    down, wire = subscriber(up)
    down.aim(layer)
    down.close()
    arrive(layer, 1, frame(1, key=True), 0, 0.0)
    forward(layer, 0.0)
    assert wire.packets == []
    assert not up.downs


def test_a_publisher_with_a_new_ssrc_goes_on(up: UpTrack) -> None:
    first = up.layer("q", 1)
    down, wire = subscriber(up)
    down.aim(first)
    arrive(first, 1, frame(1, key=True), 0, 0.0)
    forward(first, 0.0)
    second = up.layer("q", 99)
    arrive(second, 5000, frame(1, key=True), 0, 0.1)
    forward(second, 0.1)
    assert numbers(wire.packets) == [1, 2]
    assert up.totals()[0] == 2


@given(st.lists(st.integers(20, 1200), min_size=1, max_size=120))
def test_a_burst_may_leave_by_segmentation(sizes: list[int]) -> None:
    """In each run all encrypted sizes are equal but for the last, which is not longer; and what a
    receiver takes out of the padding is what was put in."""
    packets = [struct.pack("!BBHII", 0x80, 96, 0, 0, 1) + bytes((1,)) * (s - 12) for s in sizes]
    assert [len(p) for run in split(packets) for p in run] == sizes
    out: list[bytes] = []
    for run in Burst(packets).runs:
        blob, lengths, stride = run.blob(16), run.sizes, run.longest + 16
        assert all(length + 16 == stride for length in lengths[:-1])
        assert lengths[-1] + 16 <= stride
        for index, length in enumerate(lengths):
            out.append(blob[index * stride : index * stride + length])
    for sent, original in zip(out, packets, strict=True):
        where = rtp.layout(sent)
        assert sent[where.payload : where.end] == original[12:]


def arrivals(report: bytes) -> dict[int, bool]:
    """Decode transport feedback: sequence → received."""
    base, count = struct.unpack_from("!HH", report, 12)
    at, out = 20, []
    while len(out) < count:
        chunk = struct.unpack_from("!H", report, at)[0]
        at += 2
        if chunk & 0x8000:
            out += [chunk >> (12 - 2 * i) & 3 for i in range(7)]
        else:
            out += [chunk >> 13] * (chunk & 0x1FFF)
    return {(base + i) & 0xFFFF: symbol != 0 for i, symbol in enumerate(out[:count])}


@given(st.lists(st.booleans(), min_size=2, max_size=300), st.integers(0, 65535))
def test_transport_feedback_says_what_arrived(pattern: list[bool], start: int) -> None:
    pattern = [True, *pattern, True]
    log = twcc.Arrivals()
    for index, came in enumerate(pattern):
        if came:
            log.add((start + index) & 0xFFFF, 100 + index * 0.005)
    report = log.feedback(1, 2)
    assert report is not None
    assert len(report) % 4 == 0
    assert arrivals(report) == {(start + i) & 0xFFFF: came for i, came in enumerate(pattern)}
    assert log.feedback(1, 2) is None


@pytest.mark.parametrize("rids", [["q", "h", "f"], ["q"], [""]])
def test_the_layer_of_a_rid_is_its_position(rids: list[str]) -> None:
    up = UpTrack("TR_x", video=True, rids=rids)
    made: list[int] = []
    note: Callable[[Layer], None] = lambda layer: made.append(layer.index)  # noqa: E731
    up.on_layer = note
    for ssrc, rid in enumerate(rids):
        assert up.layer(rid, ssrc + 1).index == ssrc
        assert up.layer(rid, ssrc + 1) is up.layers[ssrc]
    assert made == list(range(len(rids)))


def test_a_client_that_could_not_be_asked_yet_is_not_given_up(up: UpTrack) -> None:
    """Its first check came long after its answer: until then nothing that it could report leaves."""
    down, line = subscriber(up, Wire(96, 97, abs_send_time=3, transport_cc=5))
    guard = Guard(line, lambda *_: None, 0.0)  # type: ignore[arg-type]
    guard.carrier = lambda: down
    take, line.send_rtp = line.send_rtp, lambda _packet: b""  # type: ignore[method-assign]
    guard.knock(0.0)
    guard.knock(0.8)
    assert not guard.ignored(5.0)
    line.send_rtp = take  # type: ignore[method-assign]
    guard.knock(5.0)
    guard.knock(5.8)
    assert not guard.ignored(7.9)
    assert guard.ignored(8.1)


def test_a_client_that_answers_nothing_is_found_out(up: UpTrack) -> None:
    """While all video is held back padding asks; who lives and never reports is not guarded."""
    wire = Wire(96, 97, abs_send_time=3, transport_cc=5)
    down, line = subscriber(up, wire)
    guard = Guard(line, lambda *_: None, 0.0)  # type: ignore[arg-type]
    guard.carrier = lambda: down
    for now in (1.0, 2.0):
        assert not guard.ignored(now)
        guard.knock(now)
    assert len(line.repairs) >= 10
    assert {packet[1] & 127 for packet in line.repairs} == {97}
    assert not guard.ignored(4.0)
    assert guard.ignored(5.5)
    asked = len(line.repairs)
    guard.on_feedback(Feedback(first=0, arrivals=(1.1,) * 10), 5.6)
    assert not guard.ignored(9.0)
    guard.knock(6.0)
    assert len(line.repairs) == asked


@pytest.mark.parametrize("straight", [False, True])
def test_numbers_go_on_behind_what_has_left_when_a_queue_is_given_up(
    up: UpTrack, *, straight: bool
) -> None:
    """The first that waits came late from the publisher: those that follow it left long ago, by way of
    the guard or straight."""
    layer = up.layer("q", 1)
    down, line = subscriber(up)
    down.guarded_wire = down.wire._replace(transport_cc=5)
    later: list[Callable[[], None]] = []
    skipped: list[tuple[int, int]] = []
    guard = Guard(line, lambda _delay, call: later.append(call), 0.0)  # type: ignore[arg-type]
    guard.carrier = lambda: down
    guard.on_skip = lambda ssrc, first: skipped.append((ssrc, first))
    down.aim(layer)
    if not straight:
        down.pass_through(guard)
    for sequence in (*range(1, 4), *range(5, 21)):
        arrive(layer, sequence, frame(sequence, key=sequence == 1), 3000 * sequence, 0.0)
        forward(layer, 0.0)
    guard.flush()
    if straight:
        down.pass_through(guard)
    for sequence in (4, *range(21, 91)):
        arrive(layer, sequence, frame(sequence) + bytes(1000), 3000 * sequence, 0.0)
        forward(layer, 0.0)
    for call in later:
        call()
    assert skipped == [(down.ssrc, 21)]
