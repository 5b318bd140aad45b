"""The client's side of ICE (RFC 8445): checks to every candidate of the server, which may be
ICE-lite or a full agent; one UDP socket for each address family."""

import asyncio
import ipaddress
import os
import socket
import time
from collections.abc import Callable

from signaling.errors import ProtocolError
from signaling.transport import stun
from signaling.transport.peer import credentials

CHECK_SECONDS = 0.2
CONSENT_SECONDS = 2.5
# Without an answer for so long the path is dead (RFC 7675 gives it 30 s; a recording has less patience).
LOST_SECONDS = 12.0
_MAX_CANDIDATES = 24
_DRAIN = 256
_RECEIVE_BUFFER = 4 << 20


def udp_address(candidate: str) -> tuple[str, int] | None:
    """Host and port of a candidate line, None for what is not a plain UDP address (TCP, mDNS)."""
    words = candidate.removeprefix("a=").removeprefix("candidate:").split()
    if len(words) < 8 or words[2].lower() != "udp" or not words[5].isdigit():
        return None
    try:
        host = ipaddress.ip_address(words[4])
    except ValueError:
        return None
    port = int(words[5])
    if not 0 < port < 65536 or (host.version == 6 and host.is_link_local):
        return None
    return str(host), port


class Agent:
    """One ICE session. `on_datagram` gets everything that is not STUN."""

    def __init__(self, on_datagram: Callable[[bytes], None]) -> None:
        self.ufrag, self.pwd = credentials()
        self.selected = asyncio.Event()
        self.lost = asyncio.Event()
        self.controlling = True
        self._lite = False
        self._on_datagram = on_datagram
        self._remote: tuple[str, bytes] = ("", b"")
        self._candidates: list[tuple[str, int]] = []
        self._sockets: dict[int, socket.socket] = {}
        self._socket: socket.socket | None = None
        self._checks: dict[bytes, tuple[socket.socket, tuple[str, int], bool]] = {}
        self._tie = os.urandom(8)
        self._chosen: tuple[socket.socket, tuple[str, int]] | None = None
        self._heard = 0.0
        self._task: asyncio.Task[None] | None = None

    def learn(self, *, lite: bool) -> None:
        """What the server's description says of its agent."""
        self._lite = lite

    @property
    def started(self) -> bool:
        return self._task is not None

    @property
    def remote_ufrag(self) -> str:
        return self._remote[0]

    def start(self, remote: tuple[str, str], candidates: list[str], *, offered: bool) -> None:
        """Begin to check; more candidates may follow. `offered`: we made the offer, and so control
        even a full agent."""
        self._remote = (remote[0], remote[1].encode())
        self.controlling = offered or self._lite
        for candidate in candidates:
            self.add(candidate)
        self._heard = time.monotonic()
        self._task = asyncio.create_task(self._keep())

    def add(self, candidate: str) -> None:
        """One more candidate line of the server."""
        address = udp_address(candidate)
        if address is None or address in self._candidates:
            return
        if len(self._candidates) < _MAX_CANDIDATES:
            self._candidates.append(address)
            if self.started and not self.selected.is_set():
                self._check(address)

    def send(self, datagram: bytes) -> None:
        """Send on the selected path; a full buffer is a lost packet, as on any line."""
        if self._socket is not None:
            try:
                self._socket.send(datagram)
            except OSError:
                return

    async def _keep(self) -> None:
        while not self.selected.is_set():
            for address in self._candidates:
                self._check(address)
            await asyncio.sleep(CHECK_SECONDS)
            self._note_loss()
        while True:
            await asyncio.sleep(CONSENT_SECONDS)
            self._check(self._candidates[0])
            self._note_loss()

    def _note_loss(self) -> None:
        if time.monotonic() - self._heard > LOST_SECONDS:
            self.lost.set()

    def _socket_for(self, host: str) -> socket.socket | None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        found = self._sockets.get(family)
        if found is None:
            try:
                found = socket.socket(family, socket.SOCK_DGRAM)
            except OSError:
                return None
            found.setblocking(False)
            found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
            found.bind(("::" if family == socket.AF_INET6 else "0.0.0.0", 0))  # noqa: S104
            self._sockets[family] = found
            asyncio.get_running_loop().add_reader(found.fileno(), self._read, found)
        return found

    def _check(self, address: tuple[str, int]) -> None:
        """One connectivity check; once a path is chosen, on that path only."""
        sock: socket.socket | None
        if self._chosen is not None:
            sock, address = self._chosen
        else:
            sock = self._socket_for(address[0])
        if sock is None:
            return
        # A lite server tells all its candidates at once; a single one is nominated by the first
        # check. A full agent must never see two nominations: it would take the better pair.
        alone = self._lite and len(self._candidates) == 1
        nominate = self.controlling and (alone or self._chosen is not None)
        transaction = os.urandom(12)
        if len(self._checks) >= 256:
            self._checks.pop(next(iter(self._checks)))
        self._checks[transaction] = (sock, address, nominate)
        name, key = self._remote
        data = stun.binding_request(
            f"{name}:{self.ufrag}",
            key,
            nominate,
            controlling=self.controlling,
            transaction=transaction,
            tie=self._tie,
        )
        self._write(sock, data, address)

    def _write(self, sock: socket.socket, data: bytes, address: tuple[str, int]) -> None:
        try:
            if sock is self._socket:
                sock.send(data)
            else:
                sock.sendto(data, address)
        except OSError:
            return

    def _read(self, sock: socket.socket) -> None:
        for _ in range(_DRAIN):
            try:
                if sock is self._socket:
                    data = sock.recv(2048)
                    address = None
                else:
                    data, address = sock.recvfrom(2048)
            except OSError:
                return
            if data:
                self.take(sock, data, address)

    @property
    def path(self) -> socket.socket | None:
        """The connected socket of the selected path, for somebody who drains it himself."""
        return self._socket

    def take(self, sock: socket.socket, data: bytes, address: tuple[str, int] | None) -> None:
        """One datagram; `address` is None on the selected path."""
        if data[0] < 20:
            self._stun(sock, data, address)
        else:
            self._on_datagram(data)

    def _stun(self, sock: socket.socket, data: bytes, address: tuple[str, int] | None) -> None:
        try:
            message = stun.parse(data)
        except ProtocolError:
            return
        if message.kind == stun.BINDING_REQUEST:
            self._asked(sock, data, message, address)
        elif message.kind == stun.BINDING_SUCCESS:
            found = self._checks.pop(message.transaction, None)
            if found is None or not stun.integrity_ok(data, message, self._remote[1]):
                return
            self._answered(*found)
        elif message.kind == stun.BINDING_ERROR and message.transaction in self._checks:
            # 487, role conflict: the other side insists (RFC 8445 section 7.2.5.1).
            self._checks.clear()
            if self._chosen is None:
                self.controlling = not self.controlling

    def _answered(self, sock: socket.socket, address: tuple[str, int], nominated: bool) -> None:
        self._heard = time.monotonic()
        if not self.controlling or self._socket is not None:
            return
        if nominated:
            self._select(sock, address)
        elif self._chosen is None:
            self._chosen = (sock, address)
            self._check(address)

    def _asked(
        self,
        sock: socket.socket,
        data: bytes,
        message: stun.StunMessage,
        address: tuple[str, int] | None,
    ) -> None:
        """A check of a full agent: answer it; its nomination counts when it controls."""
        if not stun.integrity_ok(data, message, self.pwd.encode()):
            return
        if address is None:
            if self._chosen is None:
                return
            address = self._chosen[1]
        host, port = address[0], address[1]
        answer = stun.binding_success(message.transaction, host, port, self.pwd.encode())
        self._heard = time.monotonic()
        self._write(sock, answer, (host, port))
        if message.use_candidate and not self.controlling and self._socket is None:
            self._select(sock, (host, port))

    def _select(self, sock: socket.socket, address: tuple[str, int]) -> None:
        self._chosen = (sock, address)
        try:
            sock.connect(address)
        except OSError:
            return
        self._socket = sock
        for other in list(self._sockets.values()):
            if other is not sock:
                self._drop(other)
        self.selected.set()

    def _drop(self, sock: socket.socket) -> None:
        self._sockets.pop(sock.family, None)
        asyncio.get_running_loop().remove_reader(sock.fileno())
        sock.close()

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for sock in list(self._sockets.values()):
            self._drop(sock)
        self._socket = None
