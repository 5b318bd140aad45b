"""Receiving: as many datagrams as wait by one recvmmsg, or one by one where that is missing."""

import socket
import struct
from collections.abc import Iterator

from signaling.transport.kernel import DONT_WAIT, HEAD, NAME_SIZE, VECTOR, Kernel, Memory
from signaling.transport.srtp import WorkBuffer

Key = tuple[int, tuple[str | int, ...]]
# Longer datagrams arrive cut short, and then fail their authentication.
SLOT = 2048
_SLOTS = 64
_MAX_NAMES = 8192


class Intake:
    """Slots for one socket's datagrams. Iterating gives (slot, size, key) for all that wait, at
    most `limit`; `key` is the descriptor and the sender's address as recvfrom has it."""

    def __init__(self, sock: socket.socket, kernel: Kernel | None) -> None:
        self._sock = sock
        self._descriptor = sock.fileno()
        self._kernel = kernel
        self._slots = [WorkBuffer(SLOT) for _ in range(_SLOTS if kernel is not None else 1)]
        self.failures = 0
        if kernel is None:
            return
        self._names = Memory(_SLOTS * NAME_SIZE)
        self._vectors = Memory(_SLOTS * VECTOR.size)
        self._heads = Memory(_SLOTS * HEAD.size)
        for index, slot in enumerate(self._slots):
            VECTOR.pack_into(self._vectors.view, index * VECTOR.size, slot.address, SLOT)
            HEAD.pack_into(
                self._heads.view, index * HEAD.size,
                self._names.address + index * NAME_SIZE, NAME_SIZE,
                self._vectors.address + index * VECTOR.size, 1, 0, 0, 0, 0,
            )  # fmt: skip
        self._words = self._heads.view.cast("I")
        self._name_size = 8 if sock.family == socket.AF_INET else NAME_SIZE
        self._keys: dict[bytes, Key] = {}
        self._nobody: Key = (self._descriptor, ())

    def waiting(self, limit: int) -> Iterator[tuple[WorkBuffer, int, Key]]:
        """What waits; a slot's content lasts until the next step."""
        if self._kernel is None:
            return self._one_by_one(limit)
        return self._many(self._kernel, limit)

    def _many(self, kernel: Kernel, limit: int) -> Iterator[tuple[WorkBuffer, int, Key]]:
        names, words, slots, size = self._names.view, self._words, self._slots, self._name_size
        name, key = b"", self._nobody
        for _ in range(max(1, limit // _SLOTS)):
            count = kernel.receive_many(
                self._descriptor, self._heads.address, _SLOTS, DONT_WAIT, None
            )
            if count <= 0:
                return
            at = 0
            for index in range(count):
                # A picture's packets come from one sender one after the other.
                if names[at : at + size] != name:
                    name = bytes(names[at : at + size])
                    key = self._keys.get(name) or self._learn(name)
                yield slots[index], words[index * 16 + 14], key
                at += NAME_SIZE
            if count < _SLOTS:
                return

    def _learn(self, name: bytes) -> Key:
        port = name[2] << 8 | name[3]
        address: tuple[str | int, ...]
        if self._sock.family == socket.AF_INET:
            address = (socket.inet_ntop(socket.AF_INET, name[4:8]), port)
        else:
            flow, scope = int.from_bytes(name[4:8], "big"), struct.unpack("=I", name[24:28])[0]
            host = socket.inet_ntop(socket.AF_INET6, name[8:24])
            if scope:  # as recvfrom writes it
                host = socket.getnameinfo(
                    (host, port, 0, scope), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV
                )[0]
            address = (host, port, flow, scope)
        if len(self._keys) >= _MAX_NAMES:
            self._keys.clear()
        key = self._keys[name] = (self._descriptor, address)
        return key

    def _one_by_one(self, limit: int) -> Iterator[tuple[WorkBuffer, int, Key]]:
        slot, receive = self._slots[0], self._sock.recvfrom_into
        for _ in range(limit):
            try:
                size, address = receive(slot.memory)
            except BlockingIOError:
                return
            except OSError:
                self.failures += 1
                continue
            yield slot, size, (self._descriptor, address)
