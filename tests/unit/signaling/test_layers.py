"""Temporal layers, H.264 and VP9: what is found in packets, and what is left out of a stream."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signaling.errors import ProtocolError
from signaling.forward import h264, rtp, vp8, vp9
from signaling.forward.down import DownTrack, forward
from signaling.forward.up import Layer, UpTrack
from signaling.transport.srtp import GCM_128
from signaling.transport.udp import Counters

SPS, PPS, IDR, SLICE = b"\x67sps", b"\x68pps", b"\x65idr", b"\x41slice"


def stap(*units: bytes) -> bytes:
    return b"\x78" + b"".join(struct.pack("!H", len(unit)) + unit for unit in units)


@pytest.mark.parametrize(
    ("payloads", "keys"),
    [
        ([SPS, PPS, IDR, SLICE], [True, False, False, False]),
        ([stap(SPS, PPS), b"\x7c\x85idr", b"\x7c\x05idr", b"\x7c\x45idr"], [True, False, False, False]),
        ([stap(SPS, PPS, IDR), SLICE], [True, False]),
        ([b"\x7c\x87sps", b"\x7c\x47sps", IDR], [True, False, False]),
        ([IDR, SLICE, b"\x7c\x85idr", b"\x7c\x05idr"], [True, False, True, False]),
        ([stap(SLICE, SLICE), b"\x7c\x81p", b"\x06sei"], [False, False, False]),
    ],
)  # fmt: skip
def test_key_frames_of_h264_begin_with_their_parameter_sets(
    payloads: list[bytes], keys: list[bool]
) -> None:
    read = h264.Reader()
    assert [read(payload).key for payload in payloads] == keys


@pytest.mark.parametrize(
    ("payload", "key", "picture", "temporal", "sync"),
    [
        ("88 05 82", True, 5, 0, False),
        ("8c 9234 82", True, 0x1234, 0, False),
        ("c8 05 82", False, 5, 0, False),
        ("84 05 82", False, 5, 0, False),
        ("a8 9234 50 07 82", True, 0x1234, 2, True),
        ("a8 9234 02 07 82", False, 0x1234, 0, False),
        ("f8 05 20 03 02 82", False, 5, 1, False),
    ],
)
def test_what_a_vp9_descriptor_says(
    payload: str, key: bool, picture: int, temporal: int, sync: bool
) -> None:
    found = vp9.describe(bytes.fromhex(payload))
    assert (found.key, found.picture, found.temporal, found.sync) == (key, picture, temporal, sync)
    assert found.tl0 == (7 if " 07 " in payload else 0)


class Line:
    """Stands for a subscriber's connection; keeps the plain packets."""

    def __init__(self) -> None:
        self.packets: list[bytes] = []
        self.repairs: list[bytes] = []
        self.sending = type("Context", (), {"profile": GCM_128})()
        self.direct = self.fanout = None

    def send_burst(self, blob: bytes, sizes: list[int], stride: int) -> None:
        for index, size in enumerate(sizes):
            self.packets.append(blob[index * stride : index * stride + size])

    def send_rtp(self, packet: bytes) -> None:
        self.repairs.append(packet)


def payload(picture: int, temporal: int, sync: bool, tl0: int, part: int, key: bool) -> bytes:
    head = bytes((0x90 if part == 0 else 0x80, 0xE0))
    head += struct.pack("!HBB", 0x8000 | picture & 0x7FFF, tl0 & 0xFF, temporal << 6 | sync << 5)
    return head + bytes((0x10 if key and part == 0 else 0x11, part)) + picture.to_bytes(4, "big")


def stream(sizes: list[int]) -> list[list[bytes]]:
    """Pictures of so many packets in three temporal layers (0 2 1 2); numbers about to wrap."""
    out: list[list[bytes]] = []
    sequence, tl0 = 65530, 254
    for number, size in enumerate(sizes):
        temporal = (0, 2, 1, 2)[number % 4]
        tl0 += temporal == 0
        packets = []
        for part in range(size):
            body = payload(
                32760 + number, temporal, number % 8 in (1, 2, 3), tl0, part, number == 0
            )
            stamp = (number * 3000 - 9000) & 0xFFFFFFFF
            marker = 128 if part == size - 1 else 0
            head = struct.pack("!BBHII", 0x80, marker | 96, sequence & 0xFFFF, stamp, 1)
            packets.append(head + body)
            sequence += 1
        out.append(packets)
    return out


def arrive(layer: Layer, packet: bytes, now: float) -> None:
    layer.receive(packet, packet[12:], packet[2] << 8 | packet[3], now)


limits = st.sampled_from([None, 0, 1, 2, "pause", "go"])


@settings(max_examples=60)
@given(
    st.lists(st.integers(1, 3), min_size=12, max_size=40),
    st.dictionaries(st.integers(1, 39), limits, max_size=6),
    st.sets(st.integers(0, 70), max_size=6),
    st.sets(st.integers(0, 70), max_size=6),
)
def test_numbers_have_no_gap_whatever_is_left_out(
    sizes: list[int], changes: dict[int, object], lost: set[int], swapped: set[int]
) -> None:
    """Sequence numbers that a subscriber gets have no gap but for real losses, and nothing comes
    twice; all packets of a picture bear one id; and ids count up by one where nothing was late."""
    up = UpTrack("TR_x", video=True, rids=[""])
    layer, line = up.layer("", 1), Line()
    down = DownTrack(up, line, Counters())  # type: ignore[arg-type]
    down.aim(layer)
    count = sum(sizes)
    lost = {number for number in lost if sizes[0] <= number < count - 1}
    index = 0
    held: list[bytes] = []
    for number, packets in enumerate(stream(sizes)):
        change = changes.get(number)
        if change == "pause":
            down.aim(None)
        elif change == "go":
            down.aim(layer)
        elif number in changes:
            down.temporal = change  # type: ignore[assignment]
        for packet in packets:
            if index not in lost:
                if index in swapped and index >= sizes[0] and index < count - 1:
                    held.append(packet)
                else:
                    arrive(layer, packet, number / 30)
                    for late in held:
                        arrive(layer, late, number / 30)
                    held.clear()
            index += 1
        if layer.batch:
            forward(layer, number / 30)
    assert line.packets[0][2:4] == (65530).to_bytes(2, "big")
    seen: dict[int, tuple[int, int, int]] = {}
    for packet in line.packets:
        step = ((packet[2] << 8 | packet[3]) - 65530) & 0xFFFF
        assert step not in seen
        where = rtp.layout(packet)
        data = packet[where.payload : where.end]
        if data:
            found = vp8.describe(data)
            origin = int.from_bytes(data[-4:], "big") - 32760
            seen[step] = (origin, found.picture, data[-5])
        else:
            seen[step] = (-1, -1, 0)
    missing = set(range(max(seen) + 1)) - set(seen)
    if not lost:
        assert not missing
    kept = [seen[step] for step in sorted(seen) if seen[step][0] >= 0]
    assert kept == sorted(kept, key=lambda item: (item[0], item[2]))
    ids: dict[int, set[int]] = {}
    for origin, picture, _ in kept:
        ids.setdefault(origin, set()).add(picture)
    assert all(len(found) == 1 for found in ids.values()), "one picture, one id"
    if not lost and not swapped:  # of a picture that is not there yet nobody knows its layer
        order = [ids[origin].pop() for origin in sorted(ids)]
        assert order == [(order[0] + index) & 0x7FFF for index in range(len(order))]


def test_a_picture_that_comes_whole_but_late_keeps_the_id_that_was_counted() -> None:
    """A decoder that knows of no layers waits for every id."""
    up = UpTrack("TR_x", video=True, rids=[""])
    layer, line = up.layer("", 1), Line()
    down = DownTrack(up, line, Counters())  # type: ignore[arg-type]
    down.aim(layer)
    pictures = stream([2] * 16)
    order = [*pictures[:5], *pictures[6:9], pictures[5], *pictures[9:]]
    order[7:8] = [[order[7][0]], [order[7][1]]]  # a picture that is left out may come in parts
    for packets in order:
        for packet in packets:
            arrive(layer, packet, 1.0)
        forward(layer, 1.0)
        if packets is pictures[3]:
            down.temporal = 0
    found = {}
    for packet in line.packets:
        where = rtp.layout(packet)
        data = packet[where.payload : where.end]
        if data:
            found[vp8.describe(data).picture] = int.from_bytes(data[-4:], "big") - 32760
    assert sorted(found.values()) == [0, 1, 2, 3, 4, 5, 8, 12]
    first = next(iter(found))
    assert sorted((picture - first) & 0x7FFF for picture in found) == list(range(8))


@given(st.binary(min_size=1, max_size=24))
def test_a_bare_payload_is_the_same_picture_without_layers(data: bytes) -> None:
    try:
        before = vp8.describe(data)
    except ProtocolError:
        return
    short = vp8.bare(data)
    after = vp8.describe(short)
    assert (after.key, after.picture) == (before.key, before.picture)
    assert vp8.bare(short) == short
    if before.picture_bits == 15:
        assert (after.tl0_at, after.temporal, after.sync) == (0, 0, False)
        assert short[2:4] == data[2:4]
        assert data.endswith(short[4:])
    else:
        assert short == data


def test_a_limited_subscriber_shares_nothing_and_costs_the_others_nothing() -> None:
    up = UpTrack("TR_x", video=True, rids=[""])
    layer = up.layer("", 1)
    pairs = []
    for _ in range(3):
        line = Line()
        pairs.append((DownTrack(up, line, Counters()), line))  # type: ignore[arg-type]
    for down, _ in pairs:
        down.aim(layer)
    for number, packets in enumerate(stream([1] * 16)):
        for packet in packets:
            arrive(layer, packet, number / 30)
        forward(layer, number / 30)
        if number == 3:
            pairs[0][0].temporal = 0
            assert len(layer.groups) == 2
    assert pairs[1][1].packets == pairs[2][1].packets
    assert len(pairs[1][1].packets) == 16
    assert len(pairs[0][1].packets) == 4 + 3
    down, line = pairs[0]
    numbers = [packet[2] << 8 | packet[3] for packet in line.packets]
    down.resend((numbers[5],), 9.0)
    assert line.repairs[0][16 + 4 :][-4:] == line.packets[5][-4:]
    down.temporal = None
    for number, packets in list(enumerate(stream([1] * 32)))[16:]:
        for packet in packets:
            arrive(layer, packet, number / 30)
        forward(layer, number / 30)
    # Picture 18 lets layer 1 in, 19 layer 2; 17 came too early for layer 2.
    assert len(line.packets) == 7 + 15


@pytest.mark.parametrize(
    ("fps", "layer"), [(0, None), (30, None), (15, 1), (10, 1), (7, 0), (1, 0)]
)
def test_a_wished_frame_rate_is_a_temporal_layer(fps: int, layer: int | None) -> None:
    up = UpTrack("TR_x", video=True, rids=[""])
    found = up.layer("", 1)
    found.measure(0.0)
    for number, packets in enumerate(stream([2] * 30)):
        for packet in packets:
            arrive(found, packet, number / 30)
    found.measure(1.0)
    assert found.temporal_for(fps) == layer
