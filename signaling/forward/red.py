"""Redundant audio (RFC 2198): each packet carries earlier frames again. Bytes in, bytes out."""

import struct
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from signaling.errors import ProtocolError

_MAX_OFFSET, _MAX_BLOCK = (1 << 14) - 1, (1 << 10) - 1
_MAX_BLOCKS = 8


class Block(NamedTuple):
    """One frame: `back` is how many clock units before the packet's own timestamp it lies."""

    back: int
    payload: bytes


def split(payload: bytes) -> list[Block]:
    """All blocks, oldest first; the last one is the packet's own. ProtocolError if broken."""
    heads: list[tuple[int, int]] = []
    at = 0
    while True:
        if at >= len(payload):
            raise ProtocolError("Redundant audio ends within its headers.")
        if not payload[at] & 0x80:
            at += 1
            break
        if at + 4 > len(payload) or len(heads) >= _MAX_BLOCKS:
            raise ProtocolError("Redundant audio ends within its headers.")
        word = int.from_bytes(payload[at : at + 4], "big")
        heads.append((word >> 10 & _MAX_OFFSET, word & _MAX_BLOCK))
        at += 4
    out = []
    for back, size in heads:
        if at + size > len(payload):
            raise ProtocolError("A block of redundant audio is cut short.")
        out.append(Block(back, payload[at : at + size]))
        at += size
    out.append(Block(0, payload[at:]))
    return out


def join(payload_type: int, blocks: Sequence[Block]) -> bytes:
    """The payload of one packet; the last block is its own."""
    heads, bodies = b"", b""
    for back, payload in blocks[:-1]:
        heads += struct.pack("!I", (0x80 | payload_type) << 24 | back << 10 | len(payload))
        bodies += payload
    return heads + bytes((payload_type,)) + bodies + blocks[-1].payload


class Redundancy:
    """The last frames of one outgoing stream, and packets that repeat some of them."""

    __slots__ = ("_frames",)

    def __init__(self) -> None:
        self._frames: deque[tuple[int, int, bytes]] = deque(maxlen=_MAX_BLOCKS)

    def wrap(
        self, sequence: int, timestamp: int, payload: bytes, payload_type: int,
        distances: Sequence[int],
    ) -> bytes | None:  # fmt: skip
        """The payload with the frames of `distances` packets ago; None if there is none to add."""
        blocks: list[Block] = []
        for known, when, frame in self._frames:
            distance = (sequence - known) & 0xFFFF
            back = (timestamp - when) & 0xFFFFFFFF
            if distance in distances and 0 < back <= _MAX_OFFSET and 0 < len(frame) <= _MAX_BLOCK:
                blocks.append(Block(back, frame))
        self._frames.append((sequence, timestamp, payload))
        return join(payload_type, [*blocks, Block(0, payload)]) if blocks else None
