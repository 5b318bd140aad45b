"""The one UDP port: draining it, telling STUN from DTLS from media (RFC 7983), and sending bursts
with one system call (UDP_SEGMENT)."""

import asyncio
import logging
import socket
import struct
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from signaling.transport import kernel
from signaling.transport.addresses import ANY
from signaling.transport.checks import Checks, Handshakes
from signaling.transport.fanout import Drops, Fanout, too_long, unsegmented
from signaling.transport.intake import Intake
from signaling.transport.srtp import WorkBuffer
from signaling.transport.strays import Strays

if TYPE_CHECKING:
    from signaling.transport.paths import Path
    from signaling.transport.peer import Peer

log = logging.getLogger(__name__)

Address = tuple[Any, ...]

DRAIN_LIMIT = 512
_TELL_SECONDS = 10.0
_SOCKET_BUFFER = 8 << 20
_SOL_UDP, _UDP_SEGMENT = 17, 103
_SO_SNDBUFFORCE, _SO_RCVBUFFORCE = 32, 33


class Counters:
    """What went through the port since the start; read by /metrics and by the bench."""

    __slots__ = (
        "bytes_in",
        "bytes_out",
        "dropped",
        "flooded",
        "handshakes",
        "handshakes_refused",
        "nack_in",
        "nack_out",
        "packets_in",
        "packets_out",
        "pli_in",
        "pli_out",
        "refused",
        "rerouted",
        "retransmitted",
        "tcp_cut",
        "tcp_dropped",
        "tcp_refused",
    )

    def __init__(self) -> None:
        for name in self.__slots__:
            setattr(self, name, 0)

    packets_in: int
    packets_out: int
    bytes_in: int
    bytes_out: int
    dropped: int
    refused: int
    nack_in: int
    nack_out: int
    pli_in: int
    pli_out: int
    rerouted: int
    retransmitted: int
    flooded: int
    handshakes: int
    handshakes_refused: int
    tcp_cut: int
    tcp_dropped: int
    tcp_refused: int


class UdpPort:
    """All sockets of the media port (one for IPv4, one for IPv6 where bound to all)."""

    def __init__(self, counters: Counters) -> None:
        self.counters = counters
        self.port = 0
        self.by_name: dict[str, Peer] = {}
        # A peer by the address that it uses, a path by other addresses that passed a check.
        self.by_address: dict[tuple[int, Address], Peer | Path] = {}
        self.checks = Checks(self.by_name, counters)
        self.handshakes = Handshakes(counters)
        self.strays = Strays(self)
        self.mark = ""  # what every ufrag begins with
        self.work = WorkBuffer(1 << 17)
        self.after_drain: Callable[[float], None] = lambda now: None
        self._sockets: list[socket.socket] = []
        self.drops = Drops(counters)
        self._kernel = kernel.load()
        # How bursts reach many subscribers; None where the system cannot.
        self.fanout = Fanout(self._kernel, counters, self.drops) if self._kernel else None
        self.segment_offload = True
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told_at = -_TELL_SECONDS

    def open(self, bind: str, port: int) -> None:
        """Bind and start reading. OSError if the port is taken."""
        self._loop = asyncio.get_running_loop()
        if ":" in bind and bind != "::":
            self._add(socket.AF_INET6, bind, port)
            return
        everywhere = bind in ANY
        self._add(socket.AF_INET, ANY[0] if everywhere else bind, port)
        if everywhere and socket.has_ipv6:
            try:
                self._add(socket.AF_INET6, "::", self.port)
            except OSError as exc:
                log.info("no IPv6 for media: %s", exc.strerror)

    def _add(self, family: int, bind: str, port: int) -> None:
        sock = socket.socket(family, socket.SOCK_DGRAM)
        try:
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            sock.setblocking(False)
            sock.bind((bind, port))
        except OSError:
            sock.close()
            raise
        _enlarge(sock, _SO_RCVBUFFORCE, socket.SO_RCVBUF)
        _enlarge(sock, _SO_SNDBUFFORCE, socket.SO_SNDBUF)
        self.port = sock.getsockname()[1]
        self._sockets.append(sock)
        assert self._loop is not None
        self._loop.add_reader(sock.fileno(), self._drain, sock, Intake(sock, self._kernel))

    def close(self) -> None:
        for sock in self._sockets:
            if self._loop is not None:
                self._loop.remove_reader(sock.fileno())
            sock.close()
        self._sockets.clear()

    def _drain(self, sock: socket.socket, intake: Intake) -> None:
        """Read all that waits, then let the tracks forward what they gathered."""
        now = time.monotonic()
        counters, addresses = self.counters, self.by_address
        last: object = None
        peer: Peer | Path | None = None
        count = octets = 0
        for slot, size, key in intake.waiting(DRAIN_LIMIT):
            count += 1
            octets += size
            try:
                first = slot.view[0] if size else 255
                if 128 <= first <= 191:
                    if key is not last:
                        last, peer = key, addresses.get(key)
                    if peer is not None:
                        peer.receive_media(slot, size, now)
                        continue
                    if not self.strays.take(sock, slot, size, key[1], now):
                        counters.refused += 1
                elif first < 4:
                    self._receive_stun(sock, bytes(slot.memory[:size]), key[1], now)
                elif 20 <= first <= 63:
                    held = addresses.get(key)
                    if held is not None:
                        held.receive_dtls(bytes(slot.memory[:size]))
                    else:
                        counters.refused += 1
                else:
                    counters.refused += 1
            except Exception:  # one datagram's trouble must not cost the others that wait
                counters.refused += 1
                self._tell(now)
            last = None  # whose address it is may be another's now
        counters.packets_in += count
        counters.bytes_in += octets
        if intake.failures:
            counters.refused += intake.failures
            intake.failures = 0
        self.after_drain(now)

    def _tell(self, now: float) -> None:
        """Say what was not foreseen, but not for each of a flood."""
        if now - self._told_at >= _TELL_SECONDS:
            self._told_at = now
            log.exception("a datagram was lost")

    def _receive_stun(self, sock: socket.socket, data: bytes, address: Address, now: float) -> None:
        held = self.by_address.get((sock.fileno(), address))
        found = self.checks.examine(data, address[0], address[1], now, held=held)
        if found is not None:
            self.send_to(sock, found.answer, address)
            found.peer.checked(found, sock, address, now)

    def send_to(self, sock: socket.socket, data: bytes | memoryview, address: Address) -> None:
        """One datagram; a full buffer is a counted drop."""
        try:
            sock.sendto(data, address)
        except OSError as exc:
            self.drops.note(1, exc.errno)
            return
        self.counters.packets_out += 1
        self.counters.bytes_out += len(data)

    def send_burst(
        self, sock: socket.socket, view: memoryview, sizes: list[int], address: Address
    ) -> None:
        """Datagrams that lie one behind the other in `view`; all as long as the first, only the
        last may be shorter (that is what the kernel's segmentation takes)."""
        count, counters = len(sizes), self.counters
        total = len(view)
        if count > 1 and self.segment_offload:
            ancillary = [(_SOL_UDP, _UDP_SEGMENT, struct.pack("=H", sizes[0]))]
            try:
                sock.sendmsg([view], ancillary, 0, address)
            except OSError as exc:
                if not too_long(exc.errno, sizes[0]):
                    if not unsegmented(exc.errno):
                        self.drops.note(count, exc.errno)
                        return
                    self.segment_offload = False
            else:
                counters.packets_out += count
                counters.bytes_out += total
                return
        at = 0
        for size in sizes:
            try:
                sock.sendto(view[at : at + size], address)
                counters.packets_out += 1
                counters.bytes_out += size
            except OSError as exc:
                self.drops.note(1, exc.errno)
            at += size


def _enlarge(sock: socket.socket, force: int, plain: int) -> None:
    """Ask for a large kernel buffer; beyond the system's cap only root may go."""
    try:
        sock.setsockopt(socket.SOL_SOCKET, force, _SOCKET_BUFFER)
    except OSError:
        sock.setsockopt(socket.SOL_SOCKET, plain, _SOCKET_BUFFER)
    got = sock.getsockopt(socket.SOL_SOCKET, plain)
    if got < _SOCKET_BUFFER:
        log.warning("socket buffer capped at %d bytes; raise net.core.[rw]mem_max", got)
