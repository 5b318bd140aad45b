"""From RTP payloads to frames as a file holds them: VP8 (RFC 7741), VP9 (RFC 9628), H.264 (RFC 6184),
Opus (RFC 7587). Packets come in order; a gap spoils the frame that it is in."""

from dataclasses import dataclass
from typing import Protocol

from signaling.errors import ProtocolError
from signaling.recording.matroska import Track, opus_header

MAX_FRAME = 8 << 20


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame. `track` is set on key frames of video (whose size it knows) and on all audio."""

    timestamp: int
    key: bool
    data: bytes
    track: Track | None


class Depacketizer(Protocol):
    """`push` takes one packet's payload; `broken` forgets what was begun."""

    def push(self, timestamp: int, marker: bool, payload: bytes) -> Frame | None: ...
    def broken(self) -> None: ...


class Opus:
    """Each packet is a frame."""

    def push(self, timestamp: int, marker: bool, payload: bytes) -> Frame | None:
        if not payload:
            return None
        return Frame(timestamp, True, payload, Track("A_OPUS", channels=2, private=opus_header(2)))

    def broken(self) -> None:
        """Nothing spans packets."""


class _Pieces:
    """Payloads of one frame; not yet begun, or spoilt, while `timestamp` is None."""

    def __init__(self) -> None:
        self.timestamp: int | None = None
        self.parts: list[bytes] = []
        self.size = 0

    def begin(self, timestamp: int) -> None:
        self.timestamp, self.parts, self.size = timestamp, [], 0

    def add(self, part: bytes) -> None:
        self.size += len(part)
        if self.size > MAX_FRAME:
            self.timestamp = None
        else:
            self.parts.append(part)

    def take(self) -> bytes:
        data = b"".join(self.parts)
        self.timestamp, self.parts = None, []
        return data


class Vp8:
    def __init__(self) -> None:
        self._pieces = _Pieces()

    def push(self, timestamp: int, marker: bool, payload: bytes) -> Frame | None:
        pieces = self._pieces
        at = _vp8_descriptor(payload)
        if payload[0] & 0x10 and not payload[0] & 0x07:
            pieces.begin(timestamp)
        if pieces.timestamp != timestamp:
            pieces.timestamp = None
            return None
        pieces.add(payload[at:])
        if not marker or pieces.timestamp is None:
            return None
        data = pieces.take()
        if len(data) >= 10 and not data[0] & 1 and data[3:6] == b"\x9d\x01\x2a":
            width = int.from_bytes(data[6:8], "little") & 0x3FFF
            height = int.from_bytes(data[8:10], "little") & 0x3FFF
            return Frame(timestamp, True, data, Track("V_VP8", width, height))
        return Frame(timestamp, False, data, None)

    def broken(self) -> None:
        self._pieces.timestamp = None


def _vp8_descriptor(payload: bytes) -> int:
    """Where the frame's data begins (RFC 7741 section 4.2)."""
    at = 1
    if payload[0] & 0x80:
        flags = payload[1] if len(payload) > 1 else 0
        at = 2
        if flags & 0x80:
            at += 2 if len(payload) > at and payload[at] & 0x80 else 1
        at += bool(flags & 0x40) + bool(flags & 0x30)
    if at >= len(payload):
        raise ProtocolError("The VP8 payload holds no frame data.")
    return at


class H264:
    """Units in RTP to length-prefixed ones. Parameter sets go into the file's header, and before each
    key frame too: an encoder that changes its picture's size in the middle changes them."""

    def __init__(self) -> None:
        self._pieces = _Pieces()
        self._sps = self._pps = b""
        self._key = False
        self._fragment = b""

    def push(self, timestamp: int, marker: bool, payload: bytes) -> Frame | None:
        pieces = self._pieces
        if pieces.timestamp != timestamp:
            pieces.begin(timestamp)
            self._key, self._fragment = False, b""
        for unit in self._units(payload):
            self._unit(unit)
        if not marker or pieces.timestamp is None or not pieces.parts:
            return None
        data = pieces.take()
        if not self._key or not self._sps or not self._pps:
            return Frame(timestamp, False, data, None)
        width, height = sps_size(self._sps)
        private = (
            b"\x01" + self._sps[1:4] + b"\xff\xe1" + len(self._sps).to_bytes(2, "big") + self._sps
        )
        private += b"\x01" + len(self._pps).to_bytes(2, "big") + self._pps
        track = Track("V_MPEG4/ISO/AVC", width, height, private=private)
        return Frame(timestamp, True, _sized(self._sps) + _sized(self._pps) + data, track)

    def _units(self, payload: bytes) -> list[bytes]:
        kind = payload[0] & 31
        if kind == 24:  # STAP-A
            found, at = [], 1
            while at + 2 < len(payload):
                size = int.from_bytes(payload[at : at + 2], "big")
                found.append(payload[at + 2 : at + 2 + size])
                at += 2 + size
            return found
        if kind == 28 and len(payload) > 2:  # FU-A
            head = payload[1]
            if head & 0x80:
                self._fragment = bytes((payload[0] & 0xE0 | head & 31,))
            if not self._fragment:
                return []
            self._fragment += payload[2:]
            if len(self._fragment) > MAX_FRAME:
                self._fragment = b""
            if head & 0x40:
                unit, self._fragment = self._fragment, b""
                return [unit]
            return []
        return [payload] if 0 < kind < 24 else []

    def _unit(self, unit: bytes) -> None:
        if not unit:
            return
        kind = unit[0] & 31
        if kind == 7 and len(unit) >= 4:
            self._sps = unit
        elif kind == 8:
            self._pps = unit
        elif kind not in (6, 9):
            self._key = self._key or kind == 5
            self._pieces.add(_sized(unit))

    def broken(self) -> None:
        self._pieces.timestamp, self._fragment = None, b""


def _sized(unit: bytes) -> bytes:
    return len(unit).to_bytes(4, "big") + unit


class _Bits:
    """Exponential-Golomb reader over a unit without emulation bytes."""

    def __init__(self, data: bytes) -> None:
        clean = data.replace(b"\x00\x00\x03", b"\x00\x00")
        self._value, self._left = int.from_bytes(clean, "big"), 8 * len(clean)

    def take(self, count: int) -> int:
        self._left -= count
        if self._left < 0:
            raise ProtocolError("The H.264 parameter set is cut short.")
        return self._value >> self._left & (1 << count) - 1

    def golomb(self) -> int:
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > 31:
                raise ProtocolError("A number in the H.264 parameter set is too long.")
        return (1 << zeros) - 1 + self.take(zeros)


def sps_size(sps: bytes) -> tuple[int, int]:
    """Width and height in pixels of a sequence parameter set (ITU-T H.264 section 7.3.2.1.1)."""
    bits = _Bits(sps[1:])
    profile = bits.take(8)
    bits.take(16)
    bits.golomb()
    chroma = 1
    if profile in (100, 110, 122, 244, 44, 83, 86, 118, 128):
        chroma = bits.golomb()
        bits.golomb()
        bits.golomb()
        bits.take(1)
        if bits.take(1):
            raise ProtocolError("Scaling matrices are not read.")
    bits.golomb()
    order = bits.golomb()
    if order == 0:
        bits.golomb()
    elif order == 1:
        raise ProtocolError("This order of pictures is not read.")
    bits.golomb()
    bits.take(1)
    width, height = (bits.golomb() + 1) * 16, bits.golomb() + 1
    frame_only = bits.take(1)
    height *= 16 * (2 - frame_only)
    if not frame_only:
        bits.take(1)
    bits.take(1)
    if bits.take(1):
        left, right, top, bottom = (bits.golomb() for _ in range(4))
        unit = 2 if chroma in (1, 2) else 1
        width -= (left + right) * unit
        height -= (top + bottom) * (2 if chroma == 1 else 1) * (2 - frame_only)
    return width, height


def vp9_size(frame: bytes) -> tuple[int, int]:
    """Width and height in pixels that a key frame of profile 0 tells (VP9 bitstream specification,
    section 6.2); (0, 0) of any other."""
    # frame_marker 2, profile 0, show_existing_frame 0, frame_type 0, show_frame and error_resilient_mode;
    # frame_sync_code; color_space in three bits and color_range, then twice 16 bits.
    if len(frame) < 9 or frame[0] & 0xFC != 0x80 or frame[1:4] != b"\x49\x83\x42":
        return 0, 0
    if frame[4] >> 5 == 7:  # sRGB, which profile 0 does not have
        return 0, 0
    sizes = int.from_bytes(frame[4:9], "big") >> 4 & 0xFFFFFFFF
    return (sizes >> 16) + 1, (sizes & 0xFFFF) + 1


class Vp9:
    """Single-layer VP9 (what a forwarder leaves after choosing a layer is decodable as it is)."""

    def __init__(self) -> None:
        self._pieces = _Pieces()
        self._key = False
        self._size = (0, 0)

    def push(self, timestamp: int, marker: bool, payload: bytes) -> Frame | None:
        pieces = self._pieces
        at = self._descriptor(payload)
        if payload[0] & 0x08 and pieces.timestamp != timestamp:
            pieces.begin(timestamp)
            self._key = not payload[0] & 0x40
        if pieces.timestamp != timestamp:
            pieces.timestamp = None
            return None
        pieces.add(payload[at:])
        if not marker or pieces.timestamp is None:
            return None
        data = pieces.take()
        # Not every encoder tells the size in a scalability structure; the frame itself does.
        size = (self._size if all(self._size) else vp9_size(data)) if self._key else (0, 0)
        if all(size):
            return Frame(timestamp, True, data, Track("V_VP9", *size))
        return Frame(timestamp, False, data, None)

    def _descriptor(self, payload: bytes) -> int:
        """Offset of the data; remembers the size that a scalability structure tells (RFC 9628 4.2)."""
        first, at = payload[0], 1
        try:
            if first & 0x80:
                at += 2 if payload[at] & 0x80 else 1
            if first & 0x20:
                at += 1 if first & 0x10 else 2
            if first & 0x40 and first & 0x10:
                while payload[at] & 1:
                    at += 1
                at += 1
            if first & 0x02:
                at = self._structure(payload, at)
        except IndexError:
            raise ProtocolError("The VP9 descriptor is cut short.") from None
        if at >= len(payload):
            raise ProtocolError("The VP9 payload holds no frame data.")
        return at

    def _structure(self, payload: bytes, at: int) -> int:
        head = payload[at]
        at += 1
        layers = (head >> 5) + 1
        if head & 0x10:
            for _ in range(layers):
                width = payload[at] << 8 | payload[at + 1]
                height = payload[at + 2] << 8 | payload[at + 3]
                self._size = (width, height)
                at += 4
        if head & 0x08:
            count = payload[at]
            at += 1
            for _ in range(count):
                at += 1 + (payload[at] >> 2 & 3)
        return at

    def broken(self) -> None:
        self._pieces.timestamp = None


KINDS: dict[str, type[Opus] | type[Vp8] | type[Vp9] | type[H264]] = {
    "opus": Opus,
    "vp8": Vp8,
    "vp9": Vp9,
    "h264": H264,
}
