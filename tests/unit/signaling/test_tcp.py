"""Media over TCP: framing, strangers, slow readers, limits."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from signaling.errors import ProtocolError
from signaling.transport import stun, tcp
from signaling.transport.dtls import Identity
from signaling.transport.peer import Peer
from signaling.transport.tcp import MAX_FRAME, Deframer, TcpPort, framed
from signaling.transport.udp import Counters, UdpPort

IDENTITY = Identity()


@given(st.binary(max_size=20_000), st.lists(st.integers(1, 3000), max_size=8))
def test_any_bytes_are_frames_or_a_refusal(data: bytes, cuts: list[int]) -> None:
    deframer, at, total = Deframer(), 0, 0
    try:
        for cut in [*cuts, len(data)]:
            frames = deframer.feed(data[at : at + cut])
            assert all(0 < len(frame) <= MAX_FRAME for frame in frames)
            total += sum(map(len, frames))
            at += cut
    except ProtocolError:
        return
    assert total <= len(data)


@given(st.lists(st.binary(min_size=1, max_size=1500), max_size=8), st.integers(1, 700))
def test_frames_arrive_as_they_were_sent(datagrams: list[bytes], step: int) -> None:
    stream = b"".join(framed(datagram) for datagram in datagrams)
    deframer = Deframer()
    found: list[bytes] = []
    for at in range(0, len(stream), step):
        found += deframer.feed(stream[at : at + step])
    assert found == datagrams


def test_an_empty_frame_is_no_datagram_and_a_long_one_is_refused() -> None:
    assert Deframer().feed(b"\0\0\0\0\0\1x") == [b"x"]
    with pytest.raises(ProtocolError):
        Deframer().feed(b"\xff\xff")


class Sink:
    """Nobody is interested."""

    def on_rtcp(self, packet: bytes, now: float) -> None: ...
    def on_data(self, label: str, message: bytes) -> None: ...
    def on_connected(self) -> None: ...
    def on_failed(self, reason: str) -> None: ...
    def on_closed(self) -> None: ...


class Ports:
    """Both ports, and one peer that waits for its client."""

    def __init__(self) -> None:
        self.counters = Counters()
        self.udp = UdpPort(self.counters)
        self.tcp = TcpPort(self.udp)
        loop = asyncio.get_running_loop()
        self.peer = Peer(
            self.udp, IDENTITY, Sink(), opens_channels=False, call_later=loop.call_later
        )

    def check(self) -> bytes:
        return framed(stun.binding_request(f"{self.peer.ufrag}:x", self.peer.pwd.encode(), True))

    async def connect(
        self, *, receive_buffer: int = 0
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        sock = socket.socket()
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.tcp.port))
        return await asyncio.open_connection(sock=sock)


@pytest_asyncio.fixture
async def ports() -> AsyncIterator[Ports]:
    found = Ports()
    await found.tcp.open(["127.0.0.1"], 0)
    yield found
    found.peer.close()
    found.tcp.close()
    async with asyncio.timeout(5):
        while len(found.tcp):
            await asyncio.sleep(0)


async def answer(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(5):
        return await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))


async def ended(reader: asyncio.StreamReader) -> None:
    """Wait until the server has closed the connection."""
    async with asyncio.timeout(5):
        try:
            while await reader.read(65536):
                pass
        except ConnectionError:
            return


async def test_a_check_makes_the_connection_the_peers_path(ports: Ports) -> None:
    reader, writer = await ports.connect()
    writer.write(ports.check())
    found = stun.parse(await answer(reader))
    assert found.kind == stun.BINDING_SUCCESS
    assert ports.peer.address == writer.get_extra_info("sockname")[:2]
    writer.close()
    async with asyncio.timeout(5):
        while ports.peer.address is not None:
            await asyncio.sleep(0)


@pytest.mark.parametrize("first", [b"GET / HTTP/1.1\r\n\r\n", framed(b"\x80" + bytes(40)), b""])
async def test_a_stranger_is_cut_off(
    ports: Ports, monkeypatch: pytest.MonkeyPatch, first: bytes
) -> None:
    monkeypatch.setattr(tcp, "STRANGER_SECONDS", 0.05)
    reader, writer = await ports.connect()
    writer.write(first)
    await ended(reader)
    assert ports.counters.refused + ports.counters.tcp_cut == 1
    writer.close()


async def test_a_connection_belongs_to_one_peer(ports: Ports) -> None:
    loop = asyncio.get_running_loop()
    other = Peer(ports.udp, IDENTITY, Sink(), opens_channels=False, call_later=loop.call_later)
    reader, writer = await ports.connect()
    writer.write(ports.check())
    await answer(reader)
    writer.write(framed(stun.binding_request(f"{other.ufrag}:x", other.pwd.encode(), True)))
    await ended(reader)
    assert other.address is None
    other.close()
    writer.close()


@pytest.mark.parametrize("receive_buffer", [4096, 0], ids=["small", "usual"])
async def test_a_slow_reader_loses_whole_bursts_and_then_the_line(
    ports: Ports, monkeypatch: pytest.MonkeyPatch, receive_buffer: int
) -> None:
    monkeypatch.setattr(tcp, "STUCK_SECONDS", 0.3)
    reader, writer = await ports.connect(receive_buffer=receive_buffer)
    writer.write(ports.check())
    await answer(reader)
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    stream = ports.peer.paths.used.stream if ports.peer.paths.used else None
    assert isinstance(stream, tcp.TcpConnection)
    burst = memoryview(bytes(6 * 1200))
    for _ in range(400):
        stream.send_burst(burst, [1200] * 6)
    assert ports.counters.tcp_dropped > 0
    assert ports.counters.tcp_dropped % 6 == 0
    # Sound still fits when video does not.
    before = ports.counters.tcp_dropped
    stream.send(bytes(100))
    assert ports.counters.tcp_dropped == before
    # And the memory is bounded whatever comes.
    for _ in range(20_000):
        stream.send(bytes(100))
    assert stream._waiting() <= tcp.ANY_WAITING + 200
    async with asyncio.timeout(5):
        while ports.peer.address is not None:
            writer.write(ports.check())  # who only asks reads no more for that
            await asyncio.sleep(0.01)
    assert ports.counters.tcp_cut == 1
    writer.transport.abort()  # type: ignore[attr-defined]


async def test_others_have_their_turn_while_one_says_a_lot(ports: Ports) -> None:
    reader, writer = await ports.connect()
    writer.write(ports.check())
    await answer(reader)
    count = 4000
    check = ports.check()
    writer.write(check * count)
    most = seen = ports.counters.packets_in
    async with asyncio.timeout(20):
        while seen <= count:
            await asyncio.sleep(0)
            most, seen = max(most, ports.counters.packets_in - seen), ports.counters.packets_in
    assert most <= tcp.READ_SIZE // len(check) + 1
    writer.transport.abort()  # type: ignore[attr-defined]


async def test_one_host_gets_so_many_connections(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tcp, "MAX_PER_HOST", 2)
    held = [await ports.connect() for _ in range(2)]
    for reader, writer in held:
        writer.write(ports.check())
        await answer(reader)
    reader, writer = await ports.connect()
    await ended(reader)
    assert ports.counters.tcp_refused == 1
    for _, one in [*held, (reader, writer)]:
        one.close()


async def test_a_taken_port_costs_only_this_fallback() -> None:
    ports = Ports()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        await ports.tcp.open(["127.0.0.1"], taken.getsockname()[1])
    assert ports.tcp.port == 0
    ports.peer.close()
