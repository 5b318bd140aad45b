"""The VP9 payload descriptor (RFC 9628 section 4.2), without touching the frame. Spatial layers of
an SVC stream are forwarded whole."""

from signaling.errors import ProtocolError
from signaling.forward.picture import Descriptor

_MAX_REFERENCES = 3


def describe(payload: bytes) -> Descriptor:
    """Read the descriptor. ProtocolError if it is cut short. `key` is true for the first packet of
    a picture that refers to no other, in its lowest spatial layer."""
    try:
        return _describe(payload)
    except IndexError:
        raise ProtocolError("The VP9 descriptor is cut short.") from None


def _describe(payload: bytes) -> Descriptor:
    first, at = payload[0], 1
    picture_at = bits = picture = tl0_at = tl0 = temporal = spatial = 0
    sync = False
    if first & 0x80:  # I
        picture_at, picture = 1, payload[1]
        if picture & 0x80:
            bits, picture, at = 15, (picture & 0x7F) << 8 | payload[2], 3
        else:
            bits, at = 7, 2
    if first & 0x20:  # L
        layers = payload[at]
        temporal, sync, spatial = layers >> 5, layers & 0x10 != 0, layers >> 1 & 7
        at += 1
        if not first & 0x10:  # not flexible: TL0PICIDX
            tl0_at, tl0 = at, payload[at]
            at += 1
    if first & 0x50 == 0x50:  # flexible, and predicted: references
        for _ in range(_MAX_REFERENCES):
            at += 1
            if not payload[at - 1] & 1:
                break
        else:
            raise ProtocolError("A VP9 picture has at most three references.")
    if at >= len(payload):
        raise ProtocolError("The VP9 payload holds no frame data.")
    key = first & 0x48 == 0x08 and spatial == 0  # not P, but B
    return Descriptor(key, picture_at, bits, picture, tl0_at, tl0, temporal, sync)
