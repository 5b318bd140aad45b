"""How one core counts the packets of hundreds of subscribers: bursts that the kernel delivers whole
(UDP_GRO), all sockets behind one entry of the event loop, and nothing read but the RTP headers."""

import asyncio
import select
import socket
from contextlib import suppress

from signaling.client.connection import Connection

_SOL_UDP, _UDP_GRO = 17, 104
_ROUNDS = 64
_buffer = bytearray(1 << 16)
_view = memoryview(_buffer)


class Drain:
    """Takes over the sockets of connections that stand."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._connections: dict[int, tuple[socket.socket, Connection]] = {}
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._epoll.fileno(), self._ready)

    def add(self, connection: Connection) -> None:
        """Count what arrives here from now on."""
        sock = connection.agent.path
        if sock is None:
            return
        with suppress(OSError):  # older kernels deliver packet by packet
            sock.setsockopt(_SOL_UDP, _UDP_GRO, 1)
        self._loop.remove_reader(sock.fileno())
        self._connections[sock.fileno()] = (sock, connection)
        self._epoll.register(sock.fileno(), select.EPOLLIN)

    def _ready(self) -> None:
        for number, _ in self._epoll.poll(0):
            sock, connection = self._connections[number]
            _drain(sock, connection)

    def close(self) -> None:
        """Before the connections are closed."""
        self._loop.remove_reader(self._epoll.fileno())
        self._epoll.close()


def _drain(sock: socket.socket, connection: Connection) -> None:
    for _ in range(_ROUNDS):
        try:
            size, ancillary, _, _ = sock.recvmsg_into([_buffer], 64)
        except OSError:
            return
        if not size:
            continue
        segment = size
        for level, kind, data in ancillary:
            if level == _SOL_UDP and kind == _UDP_GRO:
                segment = int.from_bytes(data[:2], "little")
        _take(sock, connection, size, segment)


def _take(sock: socket.socket, connection: Connection, size: int, segment: int) -> None:
    """A run of datagrams of `segment` bytes, the last one perhaps shorter."""
    last = (size - 1) // segment * segment
    if _media(0) and _media(last) and _view[8:12] == _view[last + 8 : last + 12]:
        ssrc = int.from_bytes(_view[8:12], "big")
        first, final = _sequence(0), _sequence(last)
        connection.counted(last // segment + 1, size, ssrc, first, final)
        return
    for at in range(0, size, segment):
        end = min(at + segment, size)
        if _media(at):
            number, ssrc = _sequence(at), int.from_bytes(_view[at + 8 : at + 12], "big")
            connection.counted(1, end - at, ssrc, number, number)
        else:
            connection.agent.take(sock, bytes(_view[at:end]), None)


def _media(at: int) -> bool:
    return 128 <= _buffer[at] <= 191 and not 192 <= _buffer[at + 1] <= 223


def _sequence(at: int) -> int:
    return _buffer[at + 2] << 8 | _buffer[at + 3]
