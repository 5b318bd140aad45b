"""What forwarding needs to know of a video packet, whatever the codec: whether a key frame begins,
which picture it belongs to, which temporal layer."""

from collections.abc import Callable
from typing import NamedTuple


class Descriptor(NamedTuple):
    """`key`: the first packet of a key frame. `picture_at` and `tl0_at` are offsets into the
    payload, 0 when absent. `temporal`: the layer's id. `sync`: a subscriber who took only lower
    layers may take this one from here on."""

    key: bool
    picture_at: int = 0
    picture_bits: int = 0
    picture: int = 0
    tl0_at: int = 0
    tl0: int = 0
    temporal: int = 0
    sync: bool = False


# Reads the descriptor of one payload, which is not empty; ProtocolError if it is broken.
Reader = Callable[[bytes], Descriptor]


def shift(payload: bytes, where: Descriptor, picture: int, tl0: int) -> bytes:
    """The payload with picture id and TL0PICIDX moved on by these amounts. VP8 (RFC 7741) and VP9
    (RFC 9628) write both alike."""
    if not where.picture_bits and not where.tl0_at:
        return payload
    changed = bytearray(payload)
    at = where.picture_at
    if where.picture_bits == 15:
        value = (where.picture + picture) & 0x7FFF
        changed[at] = 0x80 | value >> 8
        changed[at + 1] = value & 0xFF
    elif where.picture_bits == 7:
        changed[at] = (where.picture + picture) & 0x7F
    if where.tl0_at:
        changed[where.tl0_at] = (where.tl0 + tl0) & 0xFF
    return bytes(changed)
