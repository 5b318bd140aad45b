"""The VP8 payload descriptor (RFC 7741 section 4.2), without touching the frame."""

from signaling.errors import ProtocolError
from signaling.forward.picture import Descriptor


def describe(payload: bytes, *, bared: bool = False) -> Descriptor:
    """Read the descriptor; with `bared` the offsets are those after `bare`. ProtocolError if it is cut
    short."""
    try:
        return _describe(payload, bared=bared)
    except IndexError:
        raise ProtocolError("The VP8 descriptor is cut short.") from None


def _describe(payload: bytes, *, bared: bool) -> Descriptor:
    first, at = payload[0], 1
    picture_at = bits = picture = tl0_at = tl0 = temporal = 0
    sync = False
    if first & 0x80:  # X
        flags, at = payload[1], 2
        if flags & 0x80:  # I
            picture_at, picture = 2, payload[2]
            if picture & 0x80:
                bits, picture, at = 15, (picture & 0x7F) << 8 | payload[3], 4
            else:
                bits, at = 7, 3
        if flags & 0x40:  # L
            tl0_at, tl0 = at, payload[at]
            at += 1
        if flags & 0x30:  # T, K
            if flags & 0x20:
                temporal = payload[at] >> 6
                sync = payload[at] & 0x20 != 0
            at += 1
    if bared and bits == 15:
        tl0_at = tl0 = 0
    # S and partition 0: a frame begins, and the P bit of its header says whether it is a key frame.
    key = not payload[at] & 1 and first & 0x1F == 0x10
    return Descriptor(key, picture_at, bits, picture, tl0_at, tl0, temporal, sync)


def bare(payload: bytes) -> bytes:
    """The payload with nothing but the picture id (15 bits) in its descriptor; unchanged where it has
    no such id. Without layers named, every picture refers to the one before, which is so for all that
    are forwarded: leaving out layers closes the ids' gaps. A decoder that knows of layers skips a
    picture of an upper one whose repair is late, though it would have come: at 10 % loss four of ten."""
    if payload[0] & 0x80 and payload[1] & 0x80 and payload[2] & 0x80:
        flags = payload[1]
        size = 4 + (flags & 0x40 != 0) + (flags & 0x30 != 0)
        if size > 4:
            return payload[:1] + b"\x80" + payload[2:4] + payload[size:]
    return payload


class Reader:
    """`describe` for one stream whose payloads are then made `bare`: packets of a picture but its
    first all begin alike, and what was found in one holds for the next."""

    __slots__ = ("_found", "_head")

    def __init__(self) -> None:
        self._head = b""
        self._found: Descriptor | None = None

    def __call__(self, payload: bytes) -> Descriptor:
        """ProtocolError if the descriptor is cut short."""
        found = self._found
        if found is not None and payload.startswith(self._head):
            return found
        found = describe(payload, bared=True)
        # I, L, T and K as they are here; the first packet of a partition may be of a key frame.
        if found.picture_bits == 15 and payload[0] & 0x90 == 0x80:
            size = 4 + (payload[1] & 0x40 != 0) + (payload[1] & 0x30 != 0)
            self._head, self._found = payload[:size], found
        return found
