"""A decoder never notices what forwarding does: real streams in two sizes are encoded, packetised,
switched, paused, lost, reordered and thinned on their way, and what is decoded is looked at."""

import random
import struct
from dataclasses import dataclass, field
from fractions import Fraction

import av
import numpy as np
import pytest
from aiortc.codecs.h264 import H264Encoder, h264_depayload
from aiortc.codecs.vpx import VpxPayloadDescriptor

from signaling.forward import rtp
from signaling.forward.down import DownTrack, forward
from signaling.forward.up import Layer, UpTrack
from signaling.transport.srtp import GCM_128
from signaling.transport.udp import Counters

FRAMES = 60
MTU = 200
ENCODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9", "h264": "libx264"}
OPTIONS = {
    "vp8": {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "auto-alt-ref": "0"},
    "vp9": {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "auto-alt-ref": "0"},
    "h264": {
        "tune": "zerolatency",
        "preset": "ultrafast",
        "forced-idr": "1",
        "x264-params": "repeat-headers=1",
    },
}


class Line:
    """Stands for a subscriber's connection; keeps the plain packets."""

    def __init__(self) -> None:
        self.packets: list[bytes] = []
        self.sending = type("Context", (), {"profile": GCM_128})()
        self.direct = self.fanout = None

    def send_burst(self, blob: bytes, sizes: list[int], stride: int) -> None:
        for index, size in enumerate(sizes):
            self.packets.append(blob[index * stride : index * stride + size])


def brightness(number: int) -> int:
    """By which a decoded picture tells which one it is."""
    return 30 + number % FRAMES * 3


def encoded(codec: str, size: int, keys: set[int], **more: str) -> tuple[list[bytes], set[int]]:
    """The frames of a clip that grows brighter step by step, and which are key frames: those asked
    for and others that the encoder sees fit to make."""
    context = av.CodecContext.create(ENCODERS[codec], "w")
    context.width = context.height = size
    context.pix_fmt, context.time_base = "yuv420p", Fraction(1, 30)
    context.bit_rate = 300_000
    context.options = {**OPTIONS[codec], **more}
    noise = np.random.default_rng(size).integers(0, 8, (size * 3 // 2, size), dtype=np.uint8)
    out: list[bytes] = []
    made: set[int] = set()
    for number in range(FRAMES):
        picture = np.full((size * 3 // 2, size), 128, np.uint8)
        picture[:size] = brightness(number) + noise[:size]
        frame = av.VideoFrame.from_ndarray(picture, "yuv420p")
        frame.pts = number
        if number in keys:
            frame.pict_type = av.video.frame.PictureType.I
        for packet in context.encode(frame):
            if packet.is_keyframe:
                made.add(len(out))
            out.append(bytes(packet))
    assert len(out) == FRAMES
    return out, made


@dataclass
class Source:
    """One simulcast layer as a publisher sends it."""

    codec: str
    frames: list[bytes]
    keys: set[int]
    layer: Layer
    sequence: int
    timestamp: int
    picture: int
    temporal: list[int] = field(default_factory=list)
    tl0: int = 250

    def payloads(self, number: int) -> list[bytes]:
        frame = self.frames[number]
        if self.codec == "h264":
            return list(H264Encoder._packetize(H264Encoder._split_bitstream(frame)))
        chunks = [frame[at : at + MTU] for at in range(0, len(frame), MTU)]
        tid = self.temporal[number] if self.temporal else 0
        self.tl0 = (self.tl0 + (tid == 0)) & 0xFF
        self.picture = (self.picture + 1) & 0x7FFF
        if self.codec == "vp8":
            head = struct.pack("!BHBB", 0xE0, 0x8000 | self.picture, self.tl0, tid << 6)
            return [bytes((0x90 if not i else 0x80,)) + head + c for i, c in enumerate(chunks)]
        first = 0xA0 | (0 if number in self.keys else 0x40)
        head = struct.pack("!HBB", 0x8000 | self.picture, 0, self.tl0)
        ends = len(chunks) - 1
        return [
            bytes((first | (0 if i else 8) | (4 if i == ends else 0),)) + head + c
            for i, c in enumerate(chunks)
        ]

    def packets(self, number: int) -> list[bytes]:
        out: list[bytes] = []
        payloads = self.payloads(number)
        for index, payload in enumerate(payloads):
            marker = 128 if index == len(payloads) - 1 else 0
            stamp = (self.timestamp + 3000 * number) & 0xFFFFFFFF
            out.append(struct.pack("!BBHII", 0x80, marker | 96, self.sequence, stamp, 1) + payload)
            self.sequence = (self.sequence + 1) & 0xFFFF
        return out

    def arrive(self, packet: bytes, now: float) -> None:
        self.layer.receive(packet, packet[12:], packet[2] << 8 | packet[3], now)


KEYS = {0, 12, 24, 36, 48}


def sources(codec: str, up: UpTrack, seed: int) -> list[Source]:
    """Two layers, all of whose numbers are about to wrap around."""
    chance = random.Random(seed)
    return [
        Source(
            codec, *encoded(codec, size, KEYS), up.layer(rid, index + 1),
            65536 - chance.randrange(1, 60), (1 << 32) - chance.randrange(1, 90000),
            32768 - chance.randrange(1, 20),
        )
        for index, (rid, size) in enumerate((("q", 64), ("f", 128)))
    ]  # fmt: skip


def frames_of(packets: list[bytes], codec: str) -> list[bytes]:
    """What a receiver puts together: checks numbers and stamps on the way."""
    start = packets[0][2] << 8 | packets[0][3]
    ordered = sorted(packets, key=lambda p: ((p[2] << 8 | p[3]) - start + 1000) & 0xFFFF)
    numbers = [((p[2] << 8 | p[3]) - start) & 0xFFFF for p in ordered]
    assert numbers == list(range(len(ordered))), "no gap, nothing twice"
    frames: list[bytes] = []
    last_stamp = last_picture = None
    for packet in ordered:
        where = rtp.layout(packet)
        payload = packet[where.payload : where.end]
        stamp = int.from_bytes(packet[4:8], "big")
        fresh = stamp != last_stamp
        if last_stamp is not None and fresh:
            assert 0 < (stamp - last_stamp) & 0xFFFFFFFF < 90000 * 3
        last_stamp = stamp
        if codec == "h264":
            data = h264_depayload(payload)
        elif codec == "vp8":
            descriptor, data = VpxPayloadDescriptor.parse(payload)
            if fresh and last_picture is not None:
                assert descriptor.picture_id == (last_picture + 1) & 0x7FFF
            last_picture = descriptor.picture_id
        else:
            data = payload[5:]
        if fresh:
            frames.append(b"")
        frames[-1] += data
    return frames


def seen(frames: list[bytes], codec: str) -> list[int]:
    """The brightness of each decoded picture. A damaged stream makes the decoder raise."""
    context = av.CodecContext.create("libvpx" if codec == "vp8" else codec, "r")
    context.options = {"err_detect": "explode"}
    decoded = [picture for frame in frames for picture in context.decode(av.Packet(frame))]
    decoded += context.decode(None)
    luma = [one.to_ndarray(format="yuv420p")[: one.height, : one.width] for one in decoded]
    return [round(float(plane.mean()) - 3.5) for plane in luma]


@pytest.mark.parametrize("codec", ["vp8", "vp9", "h264"])
def test_switches_pauses_and_reordering_are_not_seen(codec: str) -> None:
    up = UpTrack("TR_x", video=True, rids=["q", "f"], codec=codec)
    low, high = sources(codec, up, 7)
    line = Line()
    down = DownTrack(up, line, Counters())  # type: ignore[arg-type]
    chance = random.Random(3)
    plan = {0: low, 10: high, 20: low, 27: None, 30: high, 40: low}
    moments = low.keys | high.keys | set(plan)
    shown: list[int] = []
    current, target = None, None
    late: list[tuple[Source, bytes]] = []
    for number in range(FRAMES):
        if number in plan:
            target = plan[number]
            current = current if target is not None else None
            down.aim(target.layer if target is not None else None)
        for source, packet in late:
            source.arrive(packet, number / 30)
        late.clear()
        for source in (low, high):
            packets = source.packets(number)
            if number not in source.keys:
                chance.shuffle(packets)
            if len(packets) > 1 and number + 1 < FRAMES and not {number, number + 1} & moments:
                late.append((source, packets.pop()))
            for packet in packets:
                source.arrive(packet, number / 30)
            forward(source.layer, number / 30)
            current = target if target is source and number in source.keys else current
            if current is source:  # where layers change both may show the same moment
                shown.append(brightness(number))
    pictures = seen(frames_of(line.packets, codec), codec)
    assert len(pictures) == len(shown) >= 40
    assert max(abs(a - b) for a, b in zip(pictures, shown, strict=True)) <= 3


def test_half_the_pictures_decode_like_all_of_them() -> None:
    layering = {
        "ts-parameters": "ts_number_layers=2:ts_target_bitrate=200,300:ts_rate_decimator=2,1:"
        "ts_periodicity=2:ts_layer_id=0,1:ts_layering_mode=2"
    }
    up = UpTrack("TR_x", video=True, rids=[""])
    source = Source(
        "vp8", *encoded("vp8", 64, {0}, **layering), up.layer("", 1), 65500, 0, 32760,
        [0, 1] * (FRAMES // 2),
    )  # fmt: skip
    line, whole = Line(), Line()
    down = DownTrack(up, line, Counters())  # type: ignore[arg-type]
    other = DownTrack(up, whole, Counters())  # type: ignore[arg-type]
    down.aim(source.layer)
    other.aim(source.layer)
    for number in range(FRAMES):
        if number == 10:
            down.temporal = 0
        for packet in source.packets(number):
            source.arrive(packet, number / 30)
        forward(source.layer, number / 30)
    pictures = seen(frames_of(line.packets, "vp8"), "vp8")
    expected = [brightness(n) for n in [*range(10), *range(10, FRAMES, 2)]]
    assert len(pictures) == len(expected)
    assert max(abs(a - b) for a, b in zip(pictures, expected, strict=True)) <= 3
    assert len(seen(frames_of(whole.packets, "vp8"), "vp8")) == FRAMES
