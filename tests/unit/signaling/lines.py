"""A publisher's packets, and a subscriber whose line notes what it is sent."""

import struct

from signaling.forward import rtp, vp8
from signaling.forward.down import DownTrack
from signaling.forward.picture import Descriptor
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
