"""ICE over TCP (RFC 6544, passive candidates) for networks that drop UDP: one listening port, each
datagram behind a length of two bytes (RFC 4571). What waits for a slow reader is bounded: whole
bursts are left out, video long before sound."""

import asyncio
import contextlib
import logging
import socket
import struct
import time
from collections import Counter

from signaling.errors import ProtocolError
from signaling.transport.paths import Path
from signaling.transport.srtp import WorkBuffer
from signaling.transport.udp import UdpPort

try:
    import fcntl
except ImportError:  # pragma: no cover - not on this platform
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

MAX_FRAME = 4000
READ_SIZE = 16 << 10  # then the others have their turn: so many bytes of checks are 10 ms
MAX_PER_HOST = 512
MAX_CONNECTIONS = 4096
# Until its first valid check a connection is a stranger's.
STRANGER_SECONDS = 8.0
# Bytes not sent yet, above which a burst is left out: one second at 1 Mbit/s for video.
VIDEO_WAITING = 128 << 10
ANY_WAITING = 512 << 10
STUCK_SECONDS = 15.0
_SEND_BUFFER = 256 << 10
_SIOCOUTQNSD = 0x894B  # bytes that were not sent yet (linux/sockios.h)
_SMALL = 400  # a burst no longer than this is sound, feedback or repair
_LENGTH = struct.Struct("!H")


class Deframer:
    """Cuts a byte stream into frames."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes | memoryview) -> list[bytes]:
        """The frames that `data` completes; empty ones are left out (RFC 4571 section 2 calls them
        null packets). ProtocolError if a frame is longer than any datagram of ours."""
        held = self._held
        held += data
        frames: list[bytes] = []
        at = 0
        while len(held) - at >= 2:
            size = held[at] << 8 | held[at + 1]
            if size > MAX_FRAME:
                raise ProtocolError(f"A frame is at most {MAX_FRAME} bytes long.")
            if len(held) - at - 2 < size:
                break
            if size:
                frames.append(bytes(held[at + 2 : at + 2 + size]))
            at += 2 + size
        del held[:at]
        return frames


def framed(datagram: bytes) -> bytes:
    """A datagram as it goes into the stream."""
    return _LENGTH.pack(len(datagram)) + datagram


class TcpConnection(asyncio.BufferedProtocol):
    """One client's connection. It belongs to the peer that its first check names."""

    def __init__(self, port: "TcpPort") -> None:
        self._port = port
        self._udp = port.udp
        self._transport: asyncio.Transport | None = None
        self._descriptor = -1
        self._deframer = Deframer()
        self._host, self._remote_port = "", 0
        self._path: Path | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._written = 0

    # --- asyncio.BufferedProtocol --------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        name = transport.get_extra_info("peername") or ("", 0)
        self._host, self._remote_port = name[0], name[1]
        if not self._port.admit(self, self._host):
            transport.abort()
            return
        sock = transport.get_extra_info("socket")
        self._descriptor = sock.fileno()
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self._timer = asyncio.get_running_loop().call_later(STRANGER_SECONDS, self._cut)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._port.room

    def buffer_updated(self, nbytes: int) -> None:
        now = time.monotonic()
        try:
            for frame in self._deframer.feed(self._port.room[:nbytes]):
                self._take(frame, now)
        except ProtocolError:
            self._udp.counters.refused += 1
            self.close()
        self._udp.after_drain(now)

    def connection_lost(self, exc: Exception | None) -> None:
        self._still()
        self._port.gone(self, self._host)
        path, self._path, self._transport = self._path, None, None
        if path is not None:
            path.paths.lost(path, time.monotonic())

    # --- receiving -----------------------------------------------------------------------------

    def _take(self, frame: bytes, now: float) -> None:
        counters, first = self._udp.counters, frame[0]
        counters.packets_in += 1
        counters.bytes_in += len(frame)
        path = self._path
        if first < 4:
            self._check(frame, now)
        elif path is None:
            raise ProtocolError("The first frame of a connection is a connectivity check.")
        elif 128 <= first <= 191:
            inbox = self._port.inbox
            inbox.memory[0 : len(frame)] = frame
            path.receive_media(inbox, len(frame), now)
        elif 20 <= first <= 63:
            path.receive_dtls(frame)
        else:
            counters.refused += 1

    def _check(self, frame: bytes, now: float) -> None:
        path = self._path
        found = self._udp.checks.examine(frame, self._host, self._remote_port, now, held=path)
        if found is None:
            if path is None:
                raise ProtocolError("A connection begins with a check of a known peer.")
            return
        if path is not None and path.paths.peer is not found.peer:
            raise ProtocolError("A connection belongs to one peer.")
        if path is None:  # later the timer is that of a reader who is stuck, whatever it sends
            self._still()
        self.send(found.answer)
        address = (self._host, self._remote_port)
        self._path = found.peer.checked(found, None, address, now, self)

    # --- sending (paths.Stream) ----------------------------------------------------------------

    def _waiting(self) -> int:
        """Bytes that the network has not taken yet."""
        transport = self._transport
        if transport is None:
            return 0
        unsent = 0
        with contextlib.suppress(OSError, AttributeError):
            answer = fcntl.ioctl(self._descriptor, _SIOCOUTQNSD, bytes(4))
            unsent = int.from_bytes(answer, "little")
        return transport.get_write_buffer_size() + unsent

    def send(self, datagram: bytes) -> None:
        self._write(framed(datagram), 1, len(datagram))

    def send_burst(self, view: memoryview, sizes: list[int]) -> None:
        parts: list[bytes | memoryview] = []
        at = 0
        for size in sizes:
            parts += (_LENGTH.pack(size), view[at : at + size])
            at += size
        self._write(b"".join(parts), len(sizes), at)

    def _write(self, data: bytes, count: int, octets: int) -> None:
        transport, counters = self._transport, self._udp.counters
        if transport is None or transport.is_closing():
            counters.dropped += count
            return
        waiting = self._waiting()
        if waiting > (ANY_WAITING if octets <= _SMALL else VIDEO_WAITING):
            counters.tcp_dropped += count
            if self._timer is None:
                loop = asyncio.get_running_loop()
                taken = self._written - waiting
                self._timer = loop.call_later(STUCK_SECONDS, self._look, taken)
            return
        transport.write(data)
        self._written += len(data)
        counters.packets_out += count
        counters.bytes_out += octets

    # --- ending --------------------------------------------------------------------------------

    def _still(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self, taken: int) -> None:
        """Something was left out a while ago, when the reader had taken so many bytes."""
        self._timer = None
        if self._written - self._waiting() <= taken:
            self._cut()

    def _cut(self) -> None:
        """A stranger never proved itself, or a reader took nothing for too long."""
        self._udp.counters.tcp_cut += 1
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        """Send what waits, for a moment, then end."""
        transport = self._transport
        if transport is not None and not transport.is_closing():
            transport.close()
            if transport.get_write_buffer_size():
                asyncio.get_running_loop().call_later(1.0, transport.abort)


class TcpPort:
    """The listening side, and the connections."""

    def __init__(self, udp: UdpPort) -> None:
        self.udp = udp
        self.port = 0
        self.inbox = WorkBuffer(MAX_FRAME + 200)
        self.room = memoryview(bytearray(READ_SIZE))  # of all connections: one is read at a time
        self._server: asyncio.Server | None = None
        self._connections: set[TcpConnection] = set()
        self._hosts: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._connections)

    async def open(self, hosts: list[str], port: int) -> None:
        """Listen. A port that is taken costs this fallback, not the server."""
        loop = asyncio.get_running_loop()
        try:
            if port == 0 and len(hosts) > 1:
                first = await loop.create_server(self.connection, hosts[0], 0)
                port = first.sockets[0].getsockname()[1]
                first.close()
            self._server = await loop.create_server(self.connection, hosts, port, backlog=512)
        except OSError as exc:
            log.error("no media over TCP: port %d: %s", port, exc.strerror)
            return
        self.port = self._server.sockets[0].getsockname()[1]

    def connection(self) -> TcpConnection:
        """What takes a connection that was accepted here or elsewhere."""
        return TcpConnection(self)

    def admit(self, connection: TcpConnection, host: str) -> bool:
        """Count a connection; False if there are too many."""
        if len(self._connections) >= MAX_CONNECTIONS or self._hosts[host] >= MAX_PER_HOST:
            self.udp.counters.tcp_refused += 1
            return False
        self._connections.add(connection)
        self._hosts[host] += 1
        return True

    def gone(self, connection: TcpConnection, host: str) -> None:
        if connection in self._connections:
            self._connections.discard(connection)
            self._hosts[host] -= 1
            if self._hosts[host] <= 0:
                del self._hosts[host]

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for connection in list(self._connections):
            connection.close()
