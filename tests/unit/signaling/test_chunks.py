"""SCTP packets that would keep aiortc busy for ever, or fill the memory, end at the door."""

import struct

import pytest
from google_crc32c import value as crc32c

from signaling.errors import ProtocolError
from signaling.transport import chunks
from signaling.transport.association import MAX_STREAMS, MAX_WAITING, MAX_WINDOW
from signaling.transport.sctp import RELIABLE, DataChannels
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


def _data(
    pair: Association, after: int, *, stream: int = 1, number: int = 0, flags: int = 0,
    said: bytes = b"x",
) -> bytes:  # fmt: skip
    """A packet of DATA, `after` those that came without a gap."""
    tsn = (pair.server._sctp._last_received_tsn + after) & 0xFFFFFFFF
    body = struct.pack("!LHHL", tsn, stream, number & 0xFFFF, 53) + said
    return _packet(pair.said[-1], 0, body, flags)


def _held(pair: Association) -> int:
    return sum(len(one.reassembly) for one in pair.server._sctp._inbound_streams.values())


@pytest.mark.parametrize("flags", [2, 4, 7], ids=["begun", "unordered", "whole"])
async def test_what_is_beyond_a_gap_is_held_to_a_limit(flags: int) -> None:
    pair = await Association.made()
    for number in range(2, 3 * MAX_WAITING):
        pair.server.feed(_data(pair, number, number=9, flags=flags))
    assert len(pair.server._sctp._sack_misordered) == MAX_WAITING
    assert _held(pair) <= MAX_WAITING
    pair.close()


async def test_messages_that_never_end_are_held_to_a_limit() -> None:
    pair = await Association.made()
    for _ in range(3 * MAX_WAITING):
        pair.server.feed(_data(pair, 1, flags=4))
    assert _held(pair) == 2 * MAX_WAITING
    pair.close()


async def test_streams_are_held_to_a_limit() -> None:
    pair = await Association.made()
    for stream in range(1000):
        pair.server.feed(_data(pair, 1, stream=stream, flags=3))
    assert len(pair.server._sctp._inbound_streams) == MAX_STREAMS
    pair.close()


async def test_what_was_too_much_beyond_a_gap_comes_again_once_it_is_closed() -> None:
    pair = await Association.made()
    sctp, count = pair.server._sctp, MAX_WAITING + 100
    (stream,) = [one for one, channel in sctp._data_channels.items() if channel.label == RELIABLE]
    first = sctp._inbound_streams[stream].sequence_number
    heard = len(pair.heard)
    whole = [b"%d" % number for number in range(count)]
    packets = [
        _data(pair, 1 + at, stream=stream, number=first + at, flags=3, said=said)
        for at, said in enumerate(whole)
    ]
    for packet in [*packets[1:], packets[0], *packets[-100:]]:
        pair.server.feed(packet)
    assert pair.heard[heard:] == whole
    assert (_held(pair), len(sctp._sack_misordered)) == (0, 0)
    pair.close()


async def test_only_data_comes_more_than_once_in_a_packet() -> None:
    pair = await Association.made()
    like = pair.said[-1]
    for kind, body in ((192, struct.pack("!L", 1)), (4, b""), (77, b"")):
        once = _packet(like, kind, body)
        assert not _refused(pair, once)
        assert _refused(pair, once + once[12:])
    data = _data(pair, 1)
    assert not _refused(pair, data + data[12:])
    assert _refused(pair, _packet(like, 192, struct.pack("!L", 1) + bytes(4 * 65)))
    pair.close()


async def test_what_waits_for_a_channel_is_held_to_a_limit() -> None:
    said: list[bytes] = []
    channels = DataChannels(said.append, lambda _, data: None, opens=False)
    for number in range(100):
        channels.send(RELIABLE, b"%03d" % number + bytes(100_000))
    assert channels.dropped == 90
    channels.close()


async def test_what_is_under_way_is_held_to_a_limit() -> None:
    """However fast a peer says that everything came."""
    pair = await Association.made()
    sctp = pair.server._sctp
    sctp._cwnd = 10 * MAX_WINDOW
    await pair.send(b"one more")  # is acknowledged
    pair.server.send(RELIABLE, b"and back")
    await pair.send(b"another")
    assert sctp._cwnd == MAX_WINDOW
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
