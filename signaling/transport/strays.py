"""Media from an address that no check came from: a NAT on the way has taken another port, and the
client, which cannot know, confirms its path only every 2.5 s. If such a packet proves to be one
peer's own it is taken at once, and the peer is asked back (a check of ours): its answer proves that
it is really there, and moves the call."""

import socket
from typing import TYPE_CHECKING

from signaling.transport.srtp import WorkBuffer

if TYPE_CHECKING:
    from signaling.transport.peer import Peer
    from signaling.transport.udp import Address, UdpPort

# Each try costs up to CANDIDATES times 3 µs: together at most a hundredth of a core.
TRIES_A_SECOND = 50
CANDIDATES = 64
# Whoever was heard on its own address this moment has not moved; whoever was not for long is gone.
_JUST, _LONG = 0.01, 5.0
_MAX_SIZE = 2000


class Strays:
    """One for each port."""

    def __init__(self, port: "UdpPort") -> None:
        self._port = port
        self._work = WorkBuffer(_MAX_SIZE + 200)
        self._second = self._tried = 0

    def take(
        self, sock: socket.socket, inbox: WorkBuffer, size: int, address: "Address", now: float
    ) -> bool:
        """Whether the packet in `inbox` was some peer's."""
        if not 12 <= size <= _MAX_SIZE or not self._admitted(now):
            return False
        data = bytes(inbox.memory[:size])
        counters, work = self._port.counters, self._work
        refused = counters.refused
        try:
            for peer in self._likely(address, now):
                work.memory[:size] = data  # a failed try has changed it
                heard = peer.last_heard
                if peer.receive_media(work, size, now):
                    peer.last_heard = heard
                    peer.paths.stray(sock, address, now)
                    return True
        finally:
            counters.refused = refused
        return False

    def _admitted(self, now: float) -> bool:
        second = int(now)
        if second != self._second:
            self._second, self._tried = second, 0
        self._tried += 1
        return self._tried <= TRIES_A_SECOND

    def _likely(self, address: "Address", now: float) -> "list[Peer]":
        """Peers that were there by UDP from the same host until a moment ago, the latest first."""
        found = [
            peer
            for peer in set(self._port.by_name.values())
            if peer.receiving is not None
            and peer.address is not None
            and peer.address[0] == address[0]
            and _JUST < now - peer.last_heard < _LONG
        ]
        return sorted(found, key=lambda peer: peer.last_heard, reverse=True)[:CANDIDATES]
