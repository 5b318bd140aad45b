"""The ways between one peer and this server that passed a connectivity check, and which of them is
in use. Clients change networks in the middle of a call (Wi-Fi to 4G): the call must follow at once,
and nobody else may be able to move it."""

import os
import socket
import time
from collections import deque
from typing import TYPE_CHECKING, Protocol

from signaling.transport.srtp import WorkBuffer

if TYPE_CHECKING:
    from signaling.transport.checks import Check
    from signaling.transport.peer import Peer
    from signaling.transport.udp import Address, UdpPort

MAX_PATHS = 16
# A path that no check has confirmed for so long is forgotten (RFC 7675: consent lasts 30 s).
FORGET_SECONDS = 30.0
# The path in use counts as silent, so that a nominated check alone may move the call.
SILENT_SECONDS = 0.3
# … or any check, nominated or not (clients confirm their path every 2.5 s).
DEAD_SECONDS = 5.0
# After a move, packets that were late on the old path do not move the call back.
SETTLE_SECONDS = 0.5
# Between two questions whether a peer is really where an authentic packet came from.
ASK_SECONDS = 0.2
# While there is more than one path: how often a silent one is looked after, after what silence all are
# asked, and how long it may owe its answer before another that answered takes over. Browsers
# themselves take 3 to 4 s to see that a network is gone. Who only listens says nothing between two
# checks (every 2 or 2.5 s), and is suspected only when the next one is late.
WATCH_SECONDS = 0.4
SUSPECT_SECONDS = 1.2
LATE_SECONDS, RHYTHM_SECONDS = 0.3, 3.0
OWED_SECONDS = 0.5
_REMEMBERED = 64  # transactions of the last checks


class Stream(Protocol):
    """A TCP connection that carries one peer's datagrams."""

    def send(self, datagram: bytes) -> None: ...
    def send_burst(self, view: memoryview, sizes: list[int]) -> None: ...
    def close(self) -> None: ...


class Path:
    """One checked way. While it is not in use the port hands its packets here, not to the peer."""

    __slots__ = (
        "address", "asked_at", "checked_at", "nominated", "paths", "proven", "sock", "stream",
        "transaction",
    )  # fmt: skip

    def __init__(
        self, paths: "Paths", sock: socket.socket | None, address: "Address", stream: Stream | None
    ) -> None:
        self.paths = paths
        self.sock, self.address, self.stream = sock, address, stream
        self.checked_at = 0.0
        self.nominated = False
        self.proven = False  # by a check of its own, or by an answer to ours
        self.transaction, self.asked_at = b"", 0.0

    def receive_media(self, inbox: WorkBuffer, size: int, now: float) -> bool:
        """A packet came this way; if it is authentic the call may follow it."""
        peer = self.paths.peer
        if self.paths.used is self:
            return peer.receive_media(inbox, size, now)
        heard = peer.last_heard
        if not peer.receive_media(inbox, size, now):
            return False
        self.paths.authentic(self, heard, now)
        return True

    def receive_dtls(self, datagram: bytes) -> bool:
        peer = self.paths.peer
        if self.paths.used is self:
            return peer.receive_dtls(datagram)
        heard = peer.last_heard
        if not peer.receive_dtls(datagram):
            return False
        self.paths.authentic(self, heard, peer.last_heard)
        return True


class Paths:
    """All paths of a peer. Rules of moving:

    - The first check makes the first path. Later only a nominated one (RFC 8445 section 8.1.1)
      proposes another, and the call moves when an authentic packet comes that way or the old path
      has fallen silent. Whoever copies a check and sends it from elsewhere moves nothing: its
      transaction was seen before, and copied SRTP packets are replays.
    - Authentic packets from a checked address move the call without nomination, too: the client
      plainly sends there now. From an unchecked one they are taken, but move nothing before the peer
      has answered a check of ours from there.
    - Where several paths are known and the one in use is silent, all are asked in this way; one that
      answers while the other does not takes over.
    """

    def __init__(self, peer: "Peer", port: "UdpPort") -> None:
        self.peer = peer
        self._port = port
        self._known: dict[object, Path] = {}
        self.used: Path | None = None
        self.moved_at = 0.0
        self.moves = 0
        self._swept_at = 0.0
        self._watching = False
        self._suspected_at = 0.0
        self._rhythm = 0.0  # the silence that checks usually end, seconds
        self._answered_at = 0.0
        self._transactions: deque[bytes] = deque(maxlen=_REMEMBERED)

    def __len__(self) -> int:
        return len(self._known)

    def checked(
        self,
        check: "Check",
        sock: socket.socket | None,
        address: "Address",
        stream: Stream | None,
        now: float,
    ) -> Path | None:
        """A valid check came this way. None if the address is another peer's."""
        key: object = stream if sock is None else (sock.fileno(), address)
        path = self._known.get(key)
        if sock is not None and self._taken(sock, address, now):
            return None
        if path is None:
            path = self._known[key] = Path(self, sock, address, stream)
        self._register(path, self.peer if path is self.used else path)
        path.checked_at, path.proven = now, True
        self._arm()
        fresh = check.transaction not in self._transactions
        self._transactions.append(check.transaction)
        used, heard = self.used, self.peer.last_heard
        if used is None:
            self._use(path, now)
        elif path is used:
            silence = now - heard
            self._rhythm = max(silence if silence < RHYTHM_SECONDS else 0.0, 0.8 * self._rhythm)
            self.peer.last_heard = now
        elif fresh and self._may_move(check.nominated, now - heard):
            self._use(path, now)
        elif fresh and check.nominated:
            path.nominated = True
        if now - self._swept_at > 1.0 or len(self._known) > MAX_PATHS:
            self._sweep(now)
        return path

    def _taken(self, sock: socket.socket, address: "Address", now: float) -> bool:
        """Whether a living peer uses this address: nobody can push it out by checks of his own that
        bear its address."""
        held = self._port.by_address.get((sock.fileno(), address))
        peer = held.paths.peer if held is not None else self.peer
        return peer is not self.peer and peer is held and now - peer.last_heard < DEAD_SECONDS

    def _may_move(self, nominated: bool, silence: float) -> bool:
        """Whether a check alone moves the call. Before DTLS stands there is nothing to steal."""
        if nominated and (silence >= SILENT_SECONDS or not self.peer.connected):
            return True
        return silence >= DEAD_SECONDS

    def authentic(self, path: Path, heard: float, now: float) -> None:
        """A packet that only the peer can have made came by a path that is not in use. `heard`:
        when the one in use was heard last."""
        if not path.proven:
            self.peer.last_heard = heard
            self._ask(path, now)
        elif path.nominated or now - self.moved_at >= SETTLE_SECONDS:
            self._use(path, now)
        else:
            self.peer.last_heard = heard

    def stray(self, sock: socket.socket, address: "Address", now: float) -> None:
        """An authentic packet came from an address that was never checked."""
        if len(self._known) > MAX_PATHS:
            return
        path = self._known[sock.fileno(), address] = Path(self, sock, address, None)
        path.checked_at = now
        self._register(path, path)
        self._ask(path, now)

    def _ask(self, path: Path, now: float) -> None:
        """Send a check of ours: only who knows both passwords and is there can answer."""
        if now - path.asked_at < ASK_SECONDS:
            return
        path.asked_at = now
        path.transaction = os.urandom(12)
        request = self.peer.request(path.transaction)
        if request and path.sock is not None:
            self._port.send_to(path.sock, request, path.address)
        elif request and path.stream is not None:
            path.stream.send(request)

    def answered(self, path: Path, transaction: bytes, now: float) -> None:
        """The peer's verified answer to such a check came by this path."""
        if not path.transaction or transaction != path.transaction:
            return
        path.transaction = b""
        stray, path.proven, path.checked_at = not path.proven, True, now
        owed = self._suspected_at and now - self._suspected_at >= OWED_SECONDS
        if path is self.used:
            self._answered_at, self._suspected_at = now, 0.0
        elif stray or owed:
            self._use(path, now)

    @property
    def suspect_at(self) -> float:
        """When the path in use is silent for longer than is usual for this peer."""
        heard = max(self.peer.last_heard, self._answered_at)
        return heard + max(SUSPECT_SECONDS, self._rhythm + LATE_SECONDS)

    def _arm(self, wait: float = WATCH_SECONDS) -> None:
        if not self._watching and len(self._known) > 1:
            self._watching = True
            self.peer.later(wait, self._watch)

    def _watch(self) -> None:
        self._watching = False
        if not self.peer.closed:
            now = time.monotonic()
            self.watch(now)
            self._arm(max(WATCH_SECONDS, self.suspect_at - now))

    def watch(self, now: float) -> None:
        """Ask along all paths whether the peer is there, if the one in use is silent."""
        if self.used is None or now < self.suspect_at:
            self._suspected_at = 0.0
            return
        self._suspected_at = self._suspected_at or now
        for path in self._known.values():
            self._ask(path, now)

    def _use(self, path: Path, now: float) -> None:
        before, self.used = self.used, path
        if before is not None:
            before.nominated = False
            self._register(before, before)
            self.moves += 1
            self.moved_at = now
        path.nominated, self._suspected_at = False, 0.0
        self._register(path, self.peer)
        self.peer.last_heard = now
        self.peer.route(path)

    def _register(self, path: Path, taker: "Peer | Path") -> None:
        if path.sock is not None:
            self._port.by_address[path.sock.fileno(), path.address] = taker

    def _sweep(self, now: float) -> None:
        self._swept_at = now
        others = sorted(
            (path for path in self._known.values() if path is not self.used),
            key=lambda path: path.checked_at,
        )
        surplus = len(self._known) - MAX_PATHS
        for index, path in enumerate(others):
            if index < surplus or now - path.checked_at > FORGET_SECONDS:
                self._forget(path)

    def lost(self, path: Path, now: float) -> None:
        """A TCP connection ended. Another path takes over if one was confirmed lately."""
        if self._known.pop(path.stream, None) is None or self.used is not path:
            return
        self.used = None
        fresh = [one for one in self._known.values() if now - one.checked_at < DEAD_SECONDS]
        if fresh:
            self._use(max(fresh, key=lambda one: one.checked_at), now)
        else:
            self.peer.route(None)

    def _forget(self, path: Path) -> None:
        if path.sock is None:
            self._known.pop(path.stream, None)
            if path.stream is not None:
                path.stream.close()
            return
        key = (path.sock.fileno(), path.address)
        self._known.pop(key, None)
        held = self._port.by_address.get(key)
        if held is path or held is self.peer:
            del self._port.by_address[key]

    def close(self) -> None:
        for path in list(self._known.values()):
            self._forget(path)
        self.used = None
