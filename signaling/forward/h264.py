"""H.264 in RTP (RFC 6184): finding key frames. Nothing in the payload is rewritten, so both
packetization modes are forwarded alike."""

from signaling.errors import ProtocolError
from signaling.forward.picture import Descriptor

_IDR, _SPS, _STAP_A, _FU_A, _FU_B = 5, 7, 24, 28, 29
_MAX_UNITS = 64

PLAIN = Descriptor(key=False)
KEY = Descriptor(key=True)


class Reader:
    """One layer's packets. A key frame begins with its parameter sets: who starts at the picture
    behind them could not decode it. Only a stream that never carries them (they are in its SDP)
    begins at the picture itself."""

    def __init__(self) -> None:
        self._sets = False

    def __call__(self, payload: bytes) -> Descriptor:
        """ProtocolError if an aggregate or a fragment is cut short."""
        if not payload:
            raise ProtocolError("An H.264 payload is not empty.")
        kind = payload[0] & 31
        if kind == _STAP_A:
            kinds = _aggregate(payload)
        elif kind in (_FU_A, _FU_B):
            if len(payload) < 2:
                raise ProtocolError("An H.264 fragment is cut short.")
            kinds = [payload[1] & 31] if payload[1] & 0x80 else []
        else:
            kinds = [kind]
        if _SPS in kinds:
            self._sets = True
            return KEY
        return KEY if _IDR in kinds and not self._sets else PLAIN


def _aggregate(payload: bytes) -> list[int]:
    """The types of the units in a STAP-A."""
    kinds: list[int] = []
    at, end = 1, len(payload)
    while at < end:
        if at + 3 > end:
            raise ProtocolError("An H.264 aggregate is cut short.")
        size = payload[at] << 8 | payload[at + 1]
        if not size or at + 2 + size > end or len(kinds) >= _MAX_UNITS:
            raise ProtocolError("An H.264 aggregate holds units of a size that cannot be.")
        kinds.append(payload[at + 2] & 31)
        at += 2 + size
    return kinds
