"""SCTP packets are looked at before aiortc takes them: it follows lengths and ranges that the peer names
(RFC 9260 section 3), and some of them would keep it busy for ever."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from signaling.errors import ProtocolError

_HEADER = 12
_DATA, _INIT, _INIT_ACK, _SACK, _RECONFIG, _FORWARD_TSN = 0, 1, 2, 3, 130, 192
# Where the parameters of a chunk begin, behind its own header (section 3.3).
_PARAMETERS = {_INIT: 16, _INIT_ACK: 16, 4: 0, 5: 0, 6: 0, 9: 0, _RECONFIG: 0}
_OPEN = 50  # payload protocol of DCEP (RFC 8831 section 8)
# Packets that a SACK names as arrived beyond a gap, more than are under way: some that were given up.
_GIVEN_UP = 512
_MAX_SKIPPED = 64  # streams that a FORWARD TSN names
MAX_CHANNELS = 32


class Chunk(NamedTuple):
    """One chunk; `body` is what follows its header."""

    kind: int
    body: bytes


def chunks(packet: bytes) -> Iterator[Chunk]:
    """The chunks of a packet. ProtocolError if a length is wrong."""
    at, end = _HEADER, len(packet)
    while at <= end - 4:
        size = packet[at + 2] << 8 | packet[at + 3]
        if size < 4 or at + size > end:
            raise ProtocolError("An SCTP chunk has a wrong length.")
        yield Chunk(packet[at], packet[at + 4 : at + size])
        at += size + (-size % 4)


def check(packet: bytes, association: Any) -> None:
    """ProtocolError for a packet that no honest client sends, or that is too much for us."""
    if len(packet) < _HEADER + 4:
        raise ProtocolError("An SCTP packet is at least 16 bytes long.")
    kinds: set[int] = set()
    for kind, body in chunks(packet):
        if kind in kinds and kind != _DATA:
            raise ProtocolError("Of chunks other than DATA a packet has one of each kind.")
        kinds.add(kind)
        if kind in _PARAMETERS:
            _check_parameters(body[_PARAMETERS[kind] :])
        elif kind == _SACK:
            _check_gaps(body, len(association._sent_queue) + _GIVEN_UP)
        elif kind == _FORWARD_TSN and len(body) > 4 + 4 * _MAX_SKIPPED:
            raise ProtocolError("A FORWARD TSN names too many streams.")
        elif kind == _DATA and len(body) >= 12:
            opens = int.from_bytes(body[8:12], "big") == _OPEN
            stream = body[4] << 8 | body[5]
            known = association._data_channels
            if opens and stream not in known and len(known) >= MAX_CHANNELS:
                raise ProtocolError("The peer opens too many data channels.")


def _check_parameters(body: bytes) -> None:
    at = 0
    while at <= len(body) - 4:
        size = body[at + 2] << 8 | body[at + 3]
        if size < 4:
            raise ProtocolError("An SCTP parameter is at least 4 bytes long.")
        at += size + (-size % 4)


def _check_gaps(body: bytes, most: int) -> None:
    count = body[8] << 8 | body[9] if len(body) >= 12 else 0
    sacked, at = 0, 12
    for _ in range(min(count, (len(body) - 12) // 4)):
        first, last = body[at] << 8 | body[at + 1], body[at + 2] << 8 | body[at + 3]
        if first > last:
            raise ProtocolError("A SACK has an inverted gap.")
        sacked += last - first + 1
        at += 4
    if sacked > most:
        raise ProtocolError("A SACK names more packets than were sent.")
