"""RTP packets (RFC 3550, RFC 8285): where things lie in them. Bytes in, offsets out."""

from typing import NamedTuple

from signaling.errors import ProtocolError

ONE_BYTE, TWO_BYTE = 0xBEDE, 0x1000


class Layout(NamedTuple):
    """Offsets into one packet; `extensions_end` is 0 when there are none."""

    payload: int
    end: int
    profile: int
    extensions: int
    extensions_end: int


def layout(packet: bytes) -> Layout:
    """Find payload and header extensions."""
    size = len(packet)
    if size < 12 or packet[0] >> 6 != 2:
        raise ProtocolError("An RTP packet has version 2 and at least 12 bytes.")
    first = packet[0]
    at = 12 + 4 * (first & 15)
    profile = extensions = extensions_end = 0
    if first & 16:
        if at + 4 > size:
            raise ProtocolError("The RTP header extension is cut short.")
        profile = packet[at] << 8 | packet[at + 1]
        extensions = at + 4
        at = extensions_end = extensions + 4 * (packet[at + 2] << 8 | packet[at + 3])
    if at > size:
        raise ProtocolError("The RTP header is longer than the packet.")
    end = size
    if first & 32:
        padding = packet[-1]
        if not 0 < padding <= size - at:
            raise ProtocolError("The RTP padding is longer than the payload.")
        end -= padding
    return Layout(at, end, profile, extensions, extensions_end)


def elements(packet: bytes, where: Layout) -> list[tuple[int, int, int]]:
    """(identifier, offset, length) of each header extension element."""
    found: list[tuple[int, int, int]] = []
    at, end = where.extensions, where.extensions_end
    if where.profile == ONE_BYTE:
        while at < end:
            head = packet[at]
            if head == 0:
                at += 1
                continue
            identifier, size = head >> 4, (head & 15) + 1
            if identifier == 15:
                break
            if at + 1 + size > end:
                raise ProtocolError("An RTP header extension element is cut short.")
            found.append((identifier, at + 1, size))
            at += 1 + size
    elif where.profile & 0xFFF0 == TWO_BYTE:
        while at < end:
            if packet[at] == 0:
                at += 1
                continue
            if at + 2 > end or at + 2 + packet[at + 1] > end:
                raise ProtocolError("An RTP header extension element is cut short.")
            found.append((packet[at], at + 2, packet[at + 1]))
            at += 2 + packet[at + 1]
    return found


def scan(packet: bytes, twcc: int, level: int, sent: int) -> tuple[int, int, int, int, int]:
    """`layout` and `elements` in one go, for the hot path: (payload, end, transport-wide number or
    -1, audio level in -dBov or 127, abs-send-time or -1). The arguments are the extensions' ids, 0
    where there is none. ProtocolError as from the two."""
    first = packet[0] if packet else 0
    if first & 0xEF != 0x80 or len(packet) < 16:  # CSRC, padding or worse
        where = layout(packet)
        at, end = where.extensions, where.extensions_end
        payload, stop, profile = where.payload, where.end, where.profile
    else:
        at = end = 0
        payload, stop, profile = 12, len(packet), 0
        if first & 16:
            profile = packet[12] << 8 | packet[13]
            at, end = 16, 16 + 4 * (packet[14] << 8 | packet[15])
            payload = end
            if end > stop:
                raise ProtocolError("The RTP header is longer than the packet.")
    number, loudness, stamp = -1, 127, -1
    if profile != ONE_BYTE:
        if end:
            return _scan_slowly(packet, twcc, level, sent)
        return payload, stop, number, loudness, stamp
    while at < end:
        head = packet[at]
        at += 1
        if head == 0:
            continue
        identifier, size = head >> 4, (head & 15) + 1
        if identifier == 15:
            break
        if at + size > end:
            raise ProtocolError("An RTP header extension element is cut short.")
        if identifier == twcc:
            if size >= 2:
                number = packet[at] << 8 | packet[at + 1]
        elif identifier == level:
            loudness = packet[at] & 127
        elif identifier == sent and size == 3:
            stamp = int.from_bytes(packet[at : at + 3], "big")
        at += size
    return payload, stop, number, loudness, stamp


Scanned = tuple[int, int, int, int, int]


class Scanner:
    """`scan` for one stream, whose packets mostly begin alike: where the heads of all elements are as
    they were last time, what they hold is read at the places found then."""

    __slots__ = (
        "_end", "_first", "_heads", "_ids", "_level_at", "_number_at", "_payload", "_places", "_rest",
        "_sent_at", "_words",
    )  # fmt: skip

    def __init__(self, twcc: int, level: int, sent: int) -> None:
        self._ids = (twcc, level, sent)
        self._first, self._words, self._rest = -1, b"", b""
        self._end = self._payload = 0
        self._places = self._heads = (0, 0, 0)
        self._number_at = self._level_at = self._sent_at = 0

    def __call__(self, packet: bytes) -> Scanned:
        """As `scan`; ProtocolError as from it."""
        size, payload = len(packet), self._payload
        if size >= payload > 0 and packet[0] == self._first and packet[12:16] == self._words:
            one, two, three = self._places
            heads = (packet[one], packet[two], packet[three])
            if heads == self._heads and packet[self._end : payload] == self._rest:
                number = loudness = sent = -1
                if at := self._number_at:
                    number = packet[at] << 8 | packet[at + 1]
                if at := self._sent_at:
                    sent = packet[at] << 16 | packet[at + 1] << 8 | packet[at + 2]
                loudness = packet[self._level_at] & 127 if self._level_at else 127
                return payload, size, number, loudness, sent
        found = scan(packet, *self._ids)
        self._learn(packet)
        return found

    def _learn(self, packet: bytes) -> None:
        """Remember how this packet, which `scan` took, is laid out: one to three elements without a
        gap, zeros behind them, and neither CSRC nor RTP padding."""
        self._payload = 0
        if packet[0] != 0x90 or packet[12:14] != b"\xbe\xde":
            return
        where = layout(packet)
        found = elements(packet, where)
        end = where.extensions + sum(1 + size for _, _, size in found)
        gapless = found and found[-1][1] + found[-1][2] == end
        places_of = {identifier: (at, size) for identifier, at, size in found}
        few = len(places_of) == len(found) <= 3  # and each once
        if not gapless or not few or any(packet[end : where.payload]):
            return
        places = [at - 1 for _, at, _ in found]
        self._places = (places[0], places[-1], places[len(places) // 2])
        one, two, three = self._places
        self._heads = (packet[one], packet[two], packet[three])
        self._first, self._words = packet[0], packet[12:16]
        self._end, self._rest = end, bytes(where.payload - end)
        twcc, level, sent = (places_of.get(number, (0, 0)) for number in self._ids)
        self._number_at = twcc[0] if twcc[1] >= 2 else 0
        self._level_at = level[0]
        self._sent_at = sent[0] if sent[1] == 3 else 0
        self._payload = where.payload


def _scan_slowly(packet: bytes, twcc: int, level: int, sent: int) -> tuple[int, int, int, int, int]:
    where = layout(packet)
    number, loudness, stamp = -1, 127, -1
    for identifier, at, size in elements(packet, where):
        if identifier == twcc and size >= 2:
            number = packet[at] << 8 | packet[at + 1]
        elif identifier == level and size:
            loudness = packet[at] & 127
        elif identifier == sent and size == 3:
            stamp = int.from_bytes(packet[at : at + 3], "big")
    return where.payload, where.end, number, loudness, stamp
