"""SCTP packets that would keep aiortc busy for ever, or fill the memory, end at the door."""

import struct
import time

import pytest
from google_crc32c import value as crc32c

from signaling.errors import ProtocolError
from signaling.transport import chunks
from tests.fuzz.media import Association


def _packet(like: bytes, kind: int, body: bytes, flags: int = 0) -> bytes:
    """A packet of one chunk with the tag of another, and a good checksum."""
    chunk = struct.pack("!BBH", kind, flags, 4 + len(body)) + body
    plain = like[:8] + bytes(4) + chunk + bytes(-len(chunk) % 4)
    return plain[:8] + struct.pack("<I", crc32c(plain)) + plain[12:]


def _refused(pair: Association, packet: bytes) -> bool:
    try:
        chunks.check(packet, pair.server._sctp)
    except ProtocolError:
        return True
    return False


@pytest.mark.parametrize("kind", [1, 2, 4, 5, 6, 9, 130])
async def test_a_parameter_without_a_length_is_refused(kind: int) -> None:
    pair = await Association.made()
    body = bytes(chunks._PARAMETERS[kind]) + struct.pack("!HH", 0xC000, 0)
    packet = _packet(pair.said[-1], kind, body)
    assert _refused(pair, packet)
    pair.server.feed(packet)  # comes back at all
    pair.close()


async def test_a_sack_of_everything_is_refused() -> None:
    pair = await Association.made()
    body = struct.pack("!LLHH", 0, 1 << 20, 200, 0) + struct.pack("!HH", 1, 65535) * 200
    assert _refused(pair, _packet(pair.said[-1], 3, body))
    body = struct.pack("!LLHH", 0, 1 << 20, 1, 0) + struct.pack("!HH", 2, 5)
    assert not _refused(pair, _packet(pair.said[-1], 3, body))
    pair.close()


async def test_what_honest_clients_say_is_taken() -> None:
    pair = await Association.made()
    assert len(pair.said) > 4
    assert not any(_refused(pair, packet) for packet in pair.said)
    count = len(pair.heard)
    await pair.send(b"one more")
    assert pair.heard[count:] == [b"one more"]
    pair.close()


async def test_unfinished_messages_are_held_to_a_limit() -> None:
    """Fragments that begin a message and never end it."""
    pair = await Association.made()
    like = pair.said[-1]
    first = pair.server._sctp._last_received_tsn + 2  # one is missing before it
    began, taken = time.monotonic(), 0
    for number in range(2 * chunks.MAX_MISORDERED):
        tsn = (first + number) & 0xFFFFFFFF
        body = struct.pack("!LHHL", tsn, 1, 9, 53) + bytes(1100)
        packet = _packet(like, 0, body, flags=2 if number == 0 else 0)
        if _refused(pair, packet):
            break
        taken += 1
        pair.server.feed(packet)
        assert time.monotonic() - began < 60
    assert taken < 2 * chunks.MAX_MISORDERED
    pair.close()


async def test_data_channels_are_held_to_a_limit() -> None:
    pair = await Association.made()
    like = pair.said[-1]
    tsn = pair.server._sctp._last_received_tsn + 1
    opened = 0
    for stream in range(10, 200, 2):
        dcep = struct.pack("!BBHLHH", 3, 0, 0, 0, 4, 0) + b"name"
        body = struct.pack("!LHHL", tsn & 0xFFFFFFFF, stream, 0, 50) + dcep
        packet = _packet(like, 0, body, flags=3)
        if _refused(pair, packet):
            break
        pair.server.feed(packet)
        tsn += 1
        opened += 1
    assert len(pair.server._sctp._data_channels) <= chunks.MAX_CHANNELS
    assert opened < 40
    pair.close()
