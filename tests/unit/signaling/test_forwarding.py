"""What subscribers are sent: order, numbers, layers, retransmissions; without sockets."""

import struct
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.clock import Clock
from signaling.forward import rtcp, rtp, twcc, vp8
from signaling.forward.down import DownTrack, forward
from signaling.forward.guard import Guard
from signaling.forward.picture import Descriptor
from signaling.forward.sender import Sender
from signaling.forward.shift import Burst, split
from signaling.forward.twcc import Feedback
from signaling.forward.up import Layer, UpTrack
from signaling.forward.wire import Wire
from signaling.transport.srtp import GCM_128
from signaling.transport.udp import Counters


class Line:
    """Stands for a subscriber's connection; keeps the plain packets."""

    def __init__(self) -> None:
        self.packets: list[bytes] = []
        self.repairs: list[bytes] = []
        self.again: list[bytes] = []
        self.sending = type("Context", (), {"profile": GCM_128})()
        self.direct = self.fanout = None

    def send_burst(self, blob: bytes, sizes: list[int], stride: int) -> None:
        for index, size in enumerate(sizes):
            self.packets.append(blob[index * stride : index * stride + size])

    def send_rtp(self, packet: bytes) -> bytes:
        self.repairs.append(packet)
        return packet

    def send_raw(self, data: bytes) -> None:
        self.again.append(data)


def subscriber(up: UpTrack, wire: Wire | None = None) -> tuple[DownTrack, Line]:
    line = Line()
    return DownTrack(up, line, Counters(), wire), line  # type: ignore[arg-type]


def frame(picture: int, *, key: bool = False) -> bytes:
    """A VP8 payload with picture id and TL0PICIDX."""
    head = struct.pack("!BBHB", 0x90, 0xC0, 0x8000 | picture & 0x7FFF, picture & 0xFF)
    return head + (b"\x10" if key else b"\x11") + b"frame"


def arrive(layer: Layer, sequence: int, payload: bytes, timestamp: int, now: float) -> bool:
    header = struct.pack("!BBHII", 0x80, 96, sequence & 0xFFFF, timestamp, layer.ssrc)
    return layer.receive(header + payload, payload, sequence & 0xFFFF, now)


def numbers(packets: list[bytes]) -> list[int]:
    return [packet[2] << 8 | packet[3] for packet in packets]


def described(packet: bytes) -> Descriptor:
    where = rtp.layout(packet)
    return vp8.describe(packet[where.payload : where.end])


@pytest.fixture
def up() -> UpTrack:
    return UpTrack("TR_x", video=True, rids=["q", "h", "f"])


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
