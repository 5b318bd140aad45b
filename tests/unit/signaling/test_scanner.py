"""A stream's scanner finds in every packet what `rtp.scan` finds, whatever came before."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from signaling.errors import ProtocolError
from signaling.forward import rtp

TWCC, LEVEL, SENT = 3, 1, 2
ELEMENT = st.tuples(st.integers(0, 15), st.binary(min_size=1, max_size=16)).map(
    lambda found: bytes((found[0] << 4 | len(found[1]) - 1,)) + found[1]
)
PARTS = st.lists(st.one_of(ELEMENT, ELEMENT, ELEMENT, st.just(b"\0")), max_size=4)


def packet(first: int, parts: list[bytes], body: bytes) -> bytes:
    extension = b"".join(parts)
    extension += bytes(-len(extension) % 4)
    words = (len(extension) // 4).to_bytes(2, "big")
    return bytes((first, 96, 0, 1)) + bytes(8) + b"\xbe\xde" + words + extension + body


PACKETS = st.builds(packet, st.sampled_from([0x90, 0x90, 0x80, 0xB0]), PARTS, st.binary(max_size=6))
CHANGES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 255)), max_size=3)


def outcome(scan: Callable[[], rtp.Scanned]) -> rtp.Scanned | str:
    try:
        return scan()
    except ProtocolError as exc:
        return str(exc)


@given(st.lists(PACKETS, min_size=1, max_size=6), CHANGES)
def test_the_same_as_without_memory(packets: list[bytes], changes: list[tuple[int, int]]) -> None:
    scanner = rtp.Scanner(TWCC, LEVEL, SENT)
    for plain in packets:
        stream = [plain, plain]
        for at, value in changes:
            changed = bytearray(plain)
            changed[at % len(changed)] = value
            stream.append(bytes(changed))
        for data in stream:
            expected = outcome(lambda data=data: rtp.scan(data, TWCC, LEVEL, SENT))  # type: ignore[misc]
            assert outcome(lambda data=data: scanner(data)) == expected  # type: ignore[misc]


def test_what_browsers_send_is_read_at_once() -> None:
    scanner = rtp.Scanner(TWCC, LEVEL, SENT)
    for number in (258, 259):
        parts = [b"\x22\x01\x02\x03", b"\x31" + number.to_bytes(2, "big"), b"\x10\x9f"]
        data = packet(0x90, parts, b"sound")
        assert scanner(data) == (len(data) - 5, len(data), number, 31, 0x010203)
