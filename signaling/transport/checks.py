"""Who may speak to us at all: connectivity checks (STUN, RFC 8489) and how many of them, and of the
DTLS handshakes behind them, are worth the work."""

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from signaling.errors import ProtocolError
from signaling.transport import stun
from signaling.transport.paths import Path

if TYPE_CHECKING:
    from signaling.transport.peer import Peer
    from signaling.transport.udp import Counters

# Checks a second from addresses that have not passed one. A hundred people behind one NAT who join
# in the same second make about 2000; a known address is never limited.
CHECKS_PER_HOST = 2000
CHECKS_IN_ALL = 8000
# DTLS handshakes under way. Each holds about 60 kB and costs a millisecond or two.
HANDSHAKES_IN_ALL = 2048
HANDSHAKES_PER_HOST = 512
HANDSHAKES_PER_ROOM = 1024


class Check(NamedTuple):
    """A request whose integrity was verified, and the answer to it."""

    peer: "Peer"
    name: str
    nominated: bool
    transaction: bytes
    answer: bytes


class Checks:
    """Verifies binding requests. `by_name` is the table of ufrags."""

    def __init__(self, by_name: "dict[str, Peer]", counters: "Counters") -> None:
        self._by_name, self._counters = by_name, counters
        self._second = 0
        self._hosts: Counter[str] = Counter()

    def _admitted(self, host: str, now: float) -> bool:
        """Whether a check of a stranger is looked at."""
        second = int(now)
        if second != self._second:
            self._second = second
            self._hosts.clear()
        hosts = self._hosts
        if hosts[""] >= CHECKS_IN_ALL or hosts[host] >= CHECKS_PER_HOST:
            return False
        hosts[""] += 1
        hosts[host] += 1
        return True

    def examine(
        self, data: bytes, host: str, port: int, now: float, *, held: "Peer | Path | None"
    ) -> Check | None:
        """The check in a datagram from (host, port); None if it is none of ours or not genuine.
        `held`: who is known to be at this address."""
        counters = self._counters
        if held is None and not self._admitted(host, now):
            counters.flooded += 1
            return None
        try:
            message = stun.parse(data)
        except ProtocolError:
            counters.refused += 1
            return None
        if message.kind != stun.BINDING_REQUEST:
            # A peer that was asked whether it is there.
            path = held if held is None or isinstance(held, Path) else held.paths.used
            if message.kind == stun.BINDING_SUCCESS and path is not None:
                path.paths.peer.answered(path, data, message, now)
            return None
        name = message.username.partition(":")[0]
        peer = self._by_name.get(name)
        if peer is None or not stun.integrity_ok(data, message, peer.password(name)):
            counters.refused += 1
            return None
        answer = stun.binding_success(message.transaction, host, port, peer.password(name))
        return Check(peer, name, message.use_candidate, message.transaction, answer)


class Handshakes:
    """Counts the DTLS handshakes under way; one for the process."""

    def __init__(self, counters: "Counters") -> None:
        self._counters = counters
        self._hosts: Counter[str] = Counter()
        self._rooms: Counter[str] = Counter()
        self.open = 0

    def begin(self, host: str, room: str) -> bool:
        """Whether one more may begin. A client that is refused repeats its ClientHello."""
        if (
            self.open >= HANDSHAKES_IN_ALL
            or self._hosts[host] >= HANDSHAKES_PER_HOST
            or self._rooms[room] >= HANDSHAKES_PER_ROOM
        ):
            self._counters.handshakes_refused += 1
            return False
        self.open += 1
        self._hosts[host] += 1
        self._rooms[room] += 1
        self._counters.handshakes += 1
        return True

    def end(self, host: str, room: str) -> None:
        """It stands, failed, or its peer is gone."""
        self.open -= 1
        for table, name in ((self._hosts, host), (self._rooms, room)):
            table[name] -= 1
            if table[name] <= 0:
                del table[name]
