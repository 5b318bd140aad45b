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
