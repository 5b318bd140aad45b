"""Looking at what a new connection says first, while it stays in the kernel's buffer for whoever will
serve it."""

import asyncio
import contextlib
import errno
import logging
import socket
from collections import Counter
from collections.abc import Callable
from typing import Generic, TypeVar

from signaling.errors import ProtocolError

log = logging.getLogger(__name__)

PEEK_SECONDS = 10.0
MAX_WAITING = 2048
MAX_WAITING_PER_HOST = 256
_BUFFER = 512 << 10  # also the largest head that can be looked at whole
_ACCEPT_AT_ONCE = 64
# What waits keeps the port readable: without a descriptor to take it nothing else would be done.
_SHORT = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
REST_SECONDS = 1.0

Found = TypeVar("Found")


class Listener(Generic[Found]):
    """Accepts on one port. `read` turns first bytes into a value (None: more is needed); `settle`
    gets the value, or None for what it could not read, and the connection."""

    def __init__(
        self,
        read: Callable[[bytes], Found | None],
        settle: Callable[[Found | None, socket.socket], None],
    ) -> None:
        self._read, self._settle = read, settle
        self._sockets: list[socket.socket] = []
        self._waiting: dict[socket.socket, tuple[str, asyncio.TimerHandle]] = {}
        self._hosts: Counter[str] = Counter()
        self.port = 0
        self.refused = 0

    def open(self, hosts: list[str], port: int) -> None:
        """Listen on all `hosts` with the same port. OSError if it is taken."""
        for host in hosts:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            try:
                sock = socket.create_server((host, port), family=family, backlog=1024)
            except OSError:
                if self._sockets:  # no IPv6 here
                    continue
                raise
            # Connections inherit it: what is peeked at must fit whole.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
            sock.setblocking(False)
            port = self.port = sock.getsockname()[1]
            self._sockets.append(sock)
            self._listen(sock)

    def _listen(self, sock: socket.socket) -> None:
        if sock in self._sockets:
            asyncio.get_running_loop().add_reader(sock.fileno(), self._accept, sock)

    def _accept(self, sock: socket.socket) -> None:
        for _ in range(_ACCEPT_AT_ONCE):
            try:
                connection, address = sock.accept()
            except OSError as exc:
                if exc.errno in _SHORT:
                    log.warning("no connection can be taken now: %s", exc.strerror)
                    loop = asyncio.get_running_loop()
                    loop.remove_reader(sock.fileno())
                    loop.call_later(REST_SECONDS, self._listen, sock)
                return
            connection.setblocking(False)
            host = str(address[0])
            if len(self._waiting) >= MAX_WAITING or self._hosts[host] >= MAX_WAITING_PER_HOST:
                self.refused += 1
                connection.close()
                continue
            loop = asyncio.get_running_loop()
            self._hosts[host] += 1
            timer = loop.call_later(PEEK_SECONDS, self._give_up, connection)
            self._waiting[connection] = (host, timer)
            loop.add_reader(connection.fileno(), self._look, connection)

    def _look(self, connection: socket.socket) -> None:
        try:
            data = connection.recv(_BUFFER, socket.MSG_PEEK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._give_up(connection)
            return
        try:
            found = self._read(data)
        except ProtocolError:
            self._forget(connection)
            self._settle(None, connection)
            return
        if found is None:
            if len(data) < connection.getsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT):
                self._give_up(connection)  # the other side has ended, or no more has room
                return
            # Wake up again only when there is more than was seen (socket(7), SO_RCVLOWAT).
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, len(data) + 1)
            return
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
        self._forget(connection)
        self._settle(found, connection)

    def _forget(self, connection: socket.socket) -> None:
        asyncio.get_running_loop().remove_reader(connection.fileno())
        host, timer = self._waiting.pop(connection)
        timer.cancel()
        self._hosts[host] -= 1
        if self._hosts[host] <= 0:
            del self._hosts[host]

    def _give_up(self, connection: socket.socket) -> None:
        self._forget(connection)
        connection.close()

    def close(self) -> None:
        loop = asyncio.get_running_loop()
        for sock in self._sockets:
            loop.remove_reader(sock.fileno())
            sock.close()
        self._sockets.clear()
        for connection in list(self._waiting):
            self._give_up(connection)
