"""Seeded mutants of real messages: bytes, lengths, chunks, and the structure of each protocol."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Sequence

from google_crc32c import value as crc32c
from livekit.protocol import rtc

from signaling.transport import stun

_BYTES = (0, 1, 2, 4, 0x0F, 0x10, 0x3F, 0x40, 0x7F, 0x80, 0xBE, 0xC0, 0xDE, 0xF0, 0xFE, 0xFF)
_WORDS = (0, 1, 3, 4, 5, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xBEDE, 0xFFFE, 0xFFFF)
_TEXTS = (
    "", " ", "0", "-1", "1", "127", "255", "65535", "65536", "4294967296", "9" * 40, "\u0661", "a" * 300,
    "\x00", "\U0001f600", "*", "~", ":", ";", "/", "BUNDLE", "rtx/90000", "VP8/90000", "opus/48000/2",
    "red/48000/2", "H264/90000", "apt=96", "apt=97", "nack pli", "send q;h;f", "FID 1 2", "1/sendonly",
    "urn:ietf:params:rtp-hdrext:sdes:mid", "sha-256", "sendrecv", "recvonly", "inactive", "actpass",
)  # fmt: skip


def bytes_of(samples: Sequence[bytes], chance: random.Random) -> bytes:
    """One mutant of one of the samples: one to six changes."""
    data = bytearray(chance.choice(samples))
    for _ in range(chance.randint(1, 6)):
        _BYTE_CHANGES[chance.randrange(len(_BYTE_CHANGES))](data, samples, chance)
    return bytes(data)


def _at(data: bytearray, chance: random.Random) -> int:
    # Headers are where the structure is: half of all changes go there.
    reach = min(len(data), 32) if chance.random() < 0.5 else len(data)
    return chance.randrange(reach) if reach else 0


def _flip(data: bytearray, _: Sequence[bytes], chance: random.Random) -> None:
    if data:
        data[_at(data, chance)] ^= 1 << chance.randrange(8)


def _byte(data: bytearray, _: Sequence[bytes], chance: random.Random) -> None:
    if data:
        data[_at(data, chance)] = chance.choice(_BYTES)


def _word(data: bytearray, _: Sequence[bytes], chance: random.Random) -> None:
    if len(data) >= 2:
        at = min(_at(data, chance), len(data) - 2)
        data[at : at + 2] = struct.pack("!H", chance.choice((*_WORDS, len(data), len(data) // 4)))


def _cut(data: bytearray, _: Sequence[bytes], chance: random.Random) -> None:
    del data[_at(data, chance) :]


def _drop(data: bytearray, _: Sequence[bytes], chance: random.Random) -> None:
    at = _at(data, chance)
    del data[at : at + chance.randint(1, 8)]


def _repeat(data: bytearray, _: Sequence[bytes], chance: random.Random) -> None:
    at = _at(data, chance)
    part = data[at : at + chance.randint(1, 64)]
    if len(data) < 4000:
        data[at:at] = part * chance.randint(1, 8)


def _splice(data: bytearray, samples: Sequence[bytes], chance: random.Random) -> None:
    other = chance.choice(samples)
    at = _at(data, chance)
    start = chance.randrange(len(other) + 1)
    data[at : at + chance.randint(0, 64)] = other[start : start + 256]


def _append(data: bytearray, _: Sequence[bytes], chance: random.Random) -> None:
    data += chance.randbytes(chance.randint(1, 40))


_BYTE_CHANGES: tuple[Callable[[bytearray, Sequence[bytes], random.Random], None], ...] = (
    _flip, _byte, _word, _cut, _drop, _repeat, _splice, _append,
)  # fmt: skip


def text_of(samples: Sequence[str], chance: random.Random) -> str:
    """A mutant of a description: lines dropped, doubled, moved, mixed; words and numbers replaced."""
    lines = chance.choice(samples).split("\r\n")
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(lines)) if lines else 0
        what = chance.randrange(8)
        if what == 0:
            del lines[at : at + chance.randint(1, 3)]
        elif what == 1:
            lines[at:at] = lines[at : at + chance.randint(1, 4)] * chance.randint(1, 3)
        elif what == 2:
            other = chance.choice(samples).split("\r\n")
            lines.insert(at, chance.choice(other))
        elif what == 3:
            chance.shuffle(lines)
        elif lines:
            lines[at] = _line(lines[at], chance)
    text = ("\n" if chance.random() < 0.05 else "\r\n").join(lines)
    if chance.random() < 0.05:
        text = bytes_of([text.encode()], chance).decode("utf-8", "replace")
    return text


def _line(line: str, chance: random.Random) -> str:
    for mark in chance.sample((" ", ":", "=", ";", "/"), 5):
        if mark in line:
            words = line.split(mark)
            words[chance.randrange(len(words))] = chance.choice(_TEXTS)
            return mark.join(words)
    return line + chance.choice(_TEXTS)


def stun_of(samples: Sequence[bytes], chance: random.Random, key: bytes) -> bytes:
    """Half of them are signed again after the change, as a client with good credentials could."""
    data = bytes_of(samples, chance)
    if chance.random() < 0.5 and len(data) > 20:
        kind = int.from_bytes(data[:2], "big") if chance.random() < 0.3 else stun.BINDING_REQUEST
        body = data[20 : 20 + (len(data) - 20) // 4 * 4][:1200]
        return stun._finish(kind & 0x3FFF, data[8:20], body, key)
    return data


def sctp_of(samples: Sequence[bytes], chance: random.Random) -> bytes:
    """The mutant keeps its association's tag, and has a good checksum: it gets as far as it can."""
    original = chance.choice(samples)
    data = bytearray(bytes_of([original, *chance.sample(samples, min(2, len(samples)))], chance))
    if len(data) < 12:
        return bytes(data)
    if chance.random() < 0.9:
        data[:8] = original[:8]
        if chance.random() < 0.5:
            _chunk_length(data, chance)
        data[8:12] = bytes(4)
        data[8:12] = struct.pack("<I", crc32c(bytes(data)))
    return bytes(data)


def _chunk_length(data: bytearray, chance: random.Random) -> None:
    """The length of the first chunk is true again, or nearly."""
    if len(data) >= 16:
        size = len(data) - 12 + chance.choice((0, 0, 0, 0, -4, 4, 1))
        data[14:16] = struct.pack("!H", size & 0xFFFF)


def signal_of(
    samples: Sequence[bytes], descriptions: Sequence[str], chance: random.Random
) -> bytes:
    """A signal message: of bytes, or a good one with a field replaced."""
    if chance.random() < 0.5:
        return bytes_of(samples, chance)
    message = rtc.SignalRequest.FromString(chance.choice(samples))
    field = chance.choice(rtc.SignalRequest.DESCRIPTOR.fields)
    if field.message_type is None:
        setattr(message, field.name, chance.choice((0, 1, -1, 1 << 62)))
        return message.SerializeToString()
    inner = getattr(message, field.name)
    inner.SetInParent()
    for part in chance.sample(list(inner.DESCRIPTOR.fields), min(3, len(inner.DESCRIPTOR.fields))):
        if part.type == part.TYPE_STRING and not part.is_repeated:
            text = chance.choice((*_TEXTS, text_of(descriptions, chance), "TR_1", "offer"))
            setattr(inner, part.name, text)
        elif part.cpp_type in (part.CPPTYPE_INT32, part.CPPTYPE_INT64, part.CPPTYPE_ENUM):
            if not part.is_repeated:
                setattr(inner, part.name, chance.choice((0, 1, 2, -1, 99, 0x7FFFFFFF)))
        elif part.cpp_type in (part.CPPTYPE_UINT32, part.CPPTYPE_UINT64) and not part.is_repeated:
            setattr(inner, part.name, chance.choice((0, 1, 2, 99, 0xFFFFFFFF)))
    return message.SerializeToString()
