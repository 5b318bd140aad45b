"""The VP8 payload descriptor (RFC 7741): reading and shifting it, without touching the frame."""

from typing import NamedTuple

from signaling.errors import ProtocolError


class Descriptor(NamedTuple):
    """`picture_at` and `tl0_at` are offsets into the payload, 0 when absent."""

    key: bool
    picture_at: int
    picture_bits: int
    picture: int
    tl0_at: int
    tl0: int


def describe(payload: bytes) -> Descriptor:
    """Read the descriptor. `key` is true for the first packet of a key frame only."""
    size = len(payload)
    if size < 1:
        raise ProtocolError("A VP8 payload is not empty.")
    first, at = payload[0], 1
    picture_at = bits = picture = tl0_at = tl0 = 0
    if first & 0x80:
        if size < 2:
            raise ProtocolError("The VP8 descriptor is cut short.")
        flags, at = payload[1], 2
        need = bool(flags & 0x80) + bool(flags & 0x40) + bool(flags & 0x30)
        if size < at + need + 1:
            raise ProtocolError("The VP8 descriptor is cut short.")
        if flags & 0x80:
            picture_at = at
            if payload[at] & 0x80:
                bits, picture = 15, (payload[at] & 0x7F) << 8 | payload[at + 1]
                at += 2
            else:
                bits, picture = 7, payload[at]
                at += 1
        if flags & 0x40:
            if at >= size:
                raise ProtocolError("The VP8 descriptor is cut short.")
            tl0_at, tl0 = at, payload[at]
            at += 1
        if flags & 0x30:
            at += 1
    if at >= size:
        raise ProtocolError("The VP8 payload holds no frame data.")
    start = first & 0x10 and not first & 0x0F
    key = bool(start) and not payload[at] & 1
    return Descriptor(key, picture_at, bits, picture, tl0_at, tl0)


def shift(payload: bytes, where: Descriptor, picture: int, tl0: int) -> bytes:
    """The payload with picture id and TL0PICIDX moved on by these amounts."""
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
