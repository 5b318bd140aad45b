"""A small streaming Matroska (WebM) writer, RFC 9559: one track a file, clusters of known size, so
that a file cut anywhere is whole up to its last cluster; and the repair of such a file."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

APP = "Duikou recorder"
_UNKNOWN = b"\x01\xff\xff\xff\xff\xff\xff\xff"
_EBML, _SEGMENT, _INFO, _TRACKS, _CLUSTER = (
    b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67", b"\x15\x49\xa9\x66", b"\x16\x54\xae\x6b", b"\x1f\x43\xb6\x75",
)  # fmt: skip
_TOP = (_INFO, _TRACKS, _CLUSTER)
_BLOCK, _TIMESTAMP = b"\xa3", b"\xe7"
_WEBM = frozenset({"V_VP8", "V_VP9", "A_OPUS"})


@dataclass(frozen=True, slots=True)
class Track:
    """What a file holds. `private` is the codec's own header; sizes are in pixels, 0 for audio."""

    codec: str  # Matroska codec id
    width: int = 0
    height: int = 0
    channels: int = 0
    private: bytes = b""

    @property
    def video(self) -> bool:
        return self.codec.startswith("V_")


def opus_header(channels: int) -> bytes:
    """OpusHead (RFC 7845 section 5.1) without pre-skip: the stream begins in the middle of a call."""
    return b"OpusHead" + struct.pack("<BBHIhB", 1, channels, 0, 48000, 0, 0)


def _size(length: int) -> bytes:
    for count in range(1, 9):
        if length < (1 << 7 * count) - 1:
            return (length | 1 << 7 * count).to_bytes(count, "big")
    raise ValueError("an element is too long")


def _element(name: bytes, body: bytes) -> bytes:
    return name + _size(len(body)) + body


def _number(name: bytes, value: int) -> bytes:
    return _element(name, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def _text(name: bytes, value: str) -> bytes:
    return _element(name, value.encode())


def header(track: Track) -> bytes:
    """Everything before the first cluster. The segment is of unknown length: it is still growing."""
    kind = "webm" if track.codec in _WEBM else "matroska"
    ebml = _element(
        _EBML,
        _number(b"\x42\x86", 1) + _number(b"\x42\xf7", 1) + _number(b"\x42\xf2", 4)
        + _number(b"\x42\xf3", 8) + _text(b"\x42\x82", kind)
        + _number(b"\x42\x87", 4) + _number(b"\x42\x85", 2),
    )  # fmt: skip
    info = _element(
        _INFO,
        _number(b"\x2a\xd7\xb1", 1_000_000) + _text(b"\x4d\x80", APP) + _text(b"\x57\x41", APP),
    )
    entry = _number(b"\xd7", 1) + _number(b"\x73\xc5", 1) + _number(b"\x9c", 0)
    entry += _number(b"\x83", 1 if track.video else 2) + _text(b"\x86", track.codec)
    if track.private:
        entry += _element(b"\x63\xa2", track.private)
    if track.video:
        entry += _element(b"\xe0", _number(b"\xb0", track.width) + _number(b"\xba", track.height))
    else:
        rate = _element(b"\xb5", struct.pack(">d", 48000.0))
        entry += _element(b"\xe1", rate + _number(b"\x9f", track.channels))
        # RFC 9559 section 27.4.3: 80 ms let an Opus decoder settle after a seek.
        entry += _number(b"\x56\xbb", 80_000_000)
    return ebml + _SEGMENT + _UNKNOWN + info + _element(_TRACKS, _element(b"\xae", entry))


def cluster(start: int, frames: list[tuple[int, bool, bytes]]) -> bytes:
    """(milliseconds, key frame, data) in order of time, all within 32 s of `start`."""
    body = _number(_TIMESTAMP, start)
    for at, key, data in frames:
        block = b"\x81" + struct.pack(">hB", at - start, 0x80 if key else 0) + data
        body += _element(_BLOCK, block)
    return _element(_CLUSTER, body)


# --- repair ------------------------------------------------------------------------------------


def _read_size(file: BinaryIO) -> tuple[int, int] | None:
    """(value, its own length); value -1 for "unknown"; None at the end."""
    first = file.read(1)
    if not first or not first[0]:
        return None
    count = 9 - first[0].bit_length()
    rest = file.read(count - 1)
    if len(rest) != count - 1:
        return None
    value = int.from_bytes(first + rest, "big") & (1 << 7 * count) - 1
    return (-1 if value == (1 << 7 * count) - 1 else value), count


def _elements(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int, int]]:
    """(name, body offset, end) of the top elements that are whole. Enters the segment."""
    at = 0
    while at < size:
        file.seek(at)
        name = file.read(4)
        found = _read_size(file) if len(name) == 4 else None
        if found is None:
            return
        length, count = found
        body = at + 4 + count
        if name == _SEGMENT:
            at = body
            continue
        if length < 0 or body + length > size or name not in (_EBML, *_TOP):
            return
        yield name, body, body + length
        at = body + length


@dataclass(frozen=True, slots=True)
class Extent:
    """What is whole in a file: its length in bytes, its frames, and the last one's milliseconds."""

    size: int
    frames: int
    last: int


def extent(file: BinaryIO) -> Extent:
    """Measure a file that may have been cut."""
    size = file.seek(0, 2)
    end = frames = last = 0
    for name, body, stop in _elements(file, size):
        end = stop
        if name == _CLUSTER:
            file.seek(body)
            count, newest = _blocks(file.read(stop - body))
            frames += count
            last = max(last, newest)
    return Extent(end, frames, last)


def _blocks(data: bytes) -> tuple[int, int]:
    at = start = count = newest = 0
    while at < len(data):
        name, first = data[at : at + 1], data[at + 1]
        length = 9 - first.bit_length()
        value = int.from_bytes(data[at + 1 : at + 1 + length], "big") & (1 << 7 * length) - 1
        body = at + 1 + length
        if name == _TIMESTAMP:
            start = int.from_bytes(data[body : body + value], "big")
        elif name == _BLOCK:
            count += 1
            newest = max(
                newest, start + int.from_bytes(data[body + 1 : body + 3], "big", signed=True)
            )
        at = body + value
    return count, newest
