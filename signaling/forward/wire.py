"""How one subscriber's connection writes media: payload types and header extensions."""

import struct
from typing import NamedTuple

from signaling.sdp.build import (
    ABS_SEND_TIME_ID,
    OPUS_TYPE,
    PLAYOUT_DELAY,
    PLAYOUT_DELAY_ID,
    TRANSPORT_CC,
    VP8_RTX_TYPE,
    VP8_TYPE,
)
from signaling.sdp.parse import Section

ONE_BYTE = 0xBEDE
_PROFILE = struct.Struct("!HH")


class Wire(NamedTuple):
    """How one subscriber's connection writes one kind of media; 0 = absent. Those with equal wires
    share rendered bursts. Header extension ids are 1 to 14 (RFC 8285 section 4.2)."""

    payload_type: int
    repair_type: int = 0
    abs_send_time: int = 0
    transport_cc: int = 0
    red_type: int = 0
    playout_delay: int = 0

    def extension(self, now: float, delay: bytes = b"") -> bytes:
        """The header extension block. The transport-wide number in it is 0: it differs for each
        connection, so whoever sends sets it (it lies `transport_cc_at` bytes into the packet), and
        may set a longer playout delay than `delay` (three bytes, or nothing to tell) at
        `playout_delay_at`."""
        body = b""
        if self.abs_send_time:
            body = bytes((self.abs_send_time << 4 | 2,)) + abs_send_time(now)
        if self.transport_cc:
            body += bytes((self.transport_cc << 4 | 1, 0, 0, 0))
        if self.playout_delay and (delay or self.transport_cc):
            body += bytes((self.playout_delay << 4 | 2,)) + (delay or bytes(3))
        return _PROFILE.pack(ONE_BYTE, len(body) >> 2) + body if body else b""

    @property
    def playout_delay_at(self) -> int:
        """Offset of the playout delay in a packet without CSRC, 0 if there is none."""
        return self.transport_cc_at + 4 if self.playout_delay and self.transport_cc else 0

    @property
    def transport_cc_at(self) -> int:
        """Offset of the transport-wide number in a packet without CSRC, 0 if there is none."""
        if not self.transport_cc:
            return 0
        return 12 + 4 + (4 if self.abs_send_time else 0) + 1


def abs_send_time(now: float) -> bytes:
    """24 bits, 6.18 fixed point seconds."""
    return (int(now * 262144) & 0xFFFFFF).to_bytes(3, "big")


# What subscribers of the two-connection protocol are offered, all alike.
AUDIO = Wire(OPUS_TYPE)
VIDEO = Wire(VP8_TYPE, VP8_RTX_TYPE, ABS_SEND_TIME_ID, playout_delay=PLAYOUT_DELAY_ID)


def guarded(plain: Wire, section: Section) -> Wire | None:
    """How the same media is written with a transport-wide number, if the answer takes that."""
    number = named(section, TRANSPORT_CC)
    if not number:
        return None
    redundant = (c.payload_type for c in section.codecs.values() if c.name == "red")
    red = 0 if plain.repair_type else next(redundant, 0)
    delay = named(section, PLAYOUT_DELAY)
    return plain._replace(transport_cc=number, red_type=red, playout_delay=delay)


def named(section: Section, uri: str) -> int:
    """The id of a header extension, 0 if it is not there or not one byte's."""
    number = next((n for n, name in section.extensions.items() if name == uri), 0)
    return number if 0 < number < 15 else 0
