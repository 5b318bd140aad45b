"""One burst to many subscribers: encrypted copy by copy into one arena, and sent by one sendmmsg for
every handful of them, each message cut into packets by the kernel (UDP_SEGMENT). For a packet
nothing runs in Python but `map`, which calls libsrtp."""

import errno
import logging
import socket
import struct
import time
from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

from signaling.transport import srtp
from signaling.transport.kernel import (
    HEAD,
    NAME_SIZE,
    SEGMENT,
    SOL_UDP,
    UDP_SEGMENT,
    VECTOR,
    Kernel,
    Memory,
)

if TYPE_CHECKING:
    from signaling.transport.udp import Counters

log = logging.getLogger(__name__)

# Packets in the arena at once. More would fall out of the processor's cache between encryption and
# system call, and the first subscriber would wait for the last.
_PACKETS, _MESSAGES = 96, 64
_DIVISIONS = 8  # of a crowd that are remembered: pictures have few different numbers of packets
_SLOTS = (256, 640, 1600)
LONGEST = _SLOTS[-1] - srtp.TRAILER
_UNSEGMENTED = (errno.EINVAL, errno.EIO, errno.ENOPROTOOPT, errno.EOPNOTSUPP)
_FITS = 1232  # into the least MTU of IPv6 (RFC 8200 section 5)
FULL = (errno.EAGAIN, errno.ENOBUFS, errno.ENOMEM)
_LOG_SECONDS = 10.0


def too_long(error: int | None, size: int) -> bool:
    """Whether segments of `size` bytes were refused because the way takes no packets so long. Without
    segmentation the kernel fragments them. Older ones say EINVAL, as do those that cannot segment."""
    return error == errno.EMSGSIZE or (error == errno.EINVAL and size > _FITS)


def unsegmented(error: int | None) -> bool:
    """Whether segmentation was refused; says so, once."""
    if error not in _UNSEGMENTED:
        return False
    log.warning("the kernel refuses UDP segmentation; sending packets one by one")
    return True


class Direct(NamedTuple):
    """Where a subscriber is reached with nothing in between: descriptor of the socket, raw address,
    SRTP context."""

    descriptor: int
    name: bytes
    context: srtp.Context


class _Part(NamedTuple):
    """As many of a crowd as fit into the arena: their raw addresses, and for each packet of each the
    SRTP context."""

    names: bytes
    handles: list[Any]
    size: int


class Crowd:
    """All who are reached through one socket under one protection profile. How they are divided is
    worked out once for each number of packets, until one joins; who leaves, leaves a new crowd."""

    __slots__ = ("_divided", "descriptor", "tag", "targets")

    def __init__(self, descriptor: int, tag: int) -> None:
        self.descriptor, self.tag = descriptor, tag
        self.targets: list[Direct] = []
        self._divided: dict[tuple[int, int], list[_Part]] = {}

    def add(self, target: Direct) -> None:
        self.targets.append(target)
        self._divided.clear()

    def parts(self, room: int, count: int) -> list[_Part]:
        """Parts of at most `room`, each of whom gets `count` packets."""
        found = self._divided.get((room, count))
        if found is None:
            if len(self._divided) >= _DIVISIONS:
                self._divided.clear()
            pieces = (self.targets[at : at + room] for at in range(0, len(self.targets), room))
            found = self._divided[room, count] = [
                _Part(
                    b"".join([to.name for to in piece]),
                    [to.context.handle for to in piece for _ in range(count)],
                    len(piece),
                )
                for piece in pieces
            ]
        return found


class Drops:
    """Counts datagrams that the kernel did not take, and says so at most once in ten seconds."""

    def __init__(self, counters: "Counters") -> None:
        self._counters = counters
        self._told_at = -_LOG_SECONDS

    def note(self, count: int, error: int | None) -> None:
        """`count` datagrams were not taken because of `error` (errno)."""
        self._counters.dropped += count
        now = time.monotonic()
        if now - self._told_at >= _LOG_SECONDS:
            self._told_at = now
            reason = "full send buffer" if error in FULL else errno.errorcode.get(error or 0, "?")
            log.warning(
                "%d datagrams dropped (%s); %d since the start",
                count,
                reason,
                self._counters.dropped,
            )


class _Layout:
    """Heads, vectors and pointers of messages of `count` packets in slots of `slot` bytes: all but
    lengths and names is written once."""

    def __init__(self, arena: Memory, names: Memory, count: int, slot: int) -> None:
        self.messages = messages = max(1, min(_MESSAGES, _PACKETS // count))
        total = messages * count
        self.pointers = [arena.base + index * slot for index in range(total)]
        self._numbers = Memory(4 * total)
        first = srtp.ffi.cast("int *", self._numbers.base)
        self.lengths = [first + index for index in range(total)]
        self.plain_lengths = self._numbers.view.cast("i")
        self.plain_template = memoryview(array("i", [0] * total))
        self.vectors = Memory(VECTOR.size * total)
        for index in range(total):
            at = index * VECTOR.size
            VECTOR.pack_into(self.vectors.view, at, arena.address + index * slot, 0)
        self._words = self.vectors.view.cast("Q")
        self._control = Memory(SEGMENT.size)
        control = (self._control.address, SEGMENT.size) if count > 1 else (0, 0)
        self.heads = Memory(HEAD.size * messages)
        for index in range(messages):
            HEAD.pack_into(
                self.heads.view, index * HEAD.size,
                names.address + index * NAME_SIZE, NAME_SIZE,
                self.vectors.address + index * count * VECTOR.size, count, *control, 0, 0,
            )  # fmt: skip
        self._sizes: list[int] = []
        self.octets = self.longest = 0

    def prepare(self, sizes: list[int], tag: int) -> None:
        """Set the lengths for packets of these plain sizes."""
        wire = [size + tag for size in sizes]
        if wire == self._sizes:
            return
        self._sizes, self.octets, self.longest = wire, sum(wire), wire[0]
        self.plain_template = memoryview(array("i", sizes * self.messages))
        words, at = self._words, 1
        for size in wire * self.messages:
            words[at] = size
            at += 2
        SEGMENT.pack_into(self._control.view, 0, SEGMENT.size - 6, SOL_UDP, UDP_SEGMENT, wire[0])


class Fanout:
    """The way to all who can be reached directly."""

    def __init__(self, kernel: Kernel, counters: "Counters", drops: Drops) -> None:
        self._kernel = kernel
        self._counters = counters
        self._drops = drops
        self._arena = Memory(_PACKETS * _SLOTS[-1])
        self._names = Memory(_MESSAGES * NAME_SIZE)
        self._layouts: dict[tuple[int, int], _Layout] = {}
        self.segments = True

    def send(self, crowd: Crowd, packets: list[bytes]) -> None:
        """Plain `packets` to all of the crowd. At most 40, as long as the first of them but for the
        last, which may be shorter; none longer than LONGEST."""
        count = len(packets)
        if count > 1 and not self.segments:
            for packet in packets:
                self.send(crowd, [packet])
            return
        layout, message = self._lay_out(packets, crowd.tag)
        room, size = layout.messages, len(message)
        full = message * min(room, len(crowd.targets))
        for part in crowd.parts(room, count):
            self._arena.view[: part.size * size] = full[: part.size * size]
            self._names.view[: len(part.names)] = part.names
            refused = self._protect(layout, part, count)
            if not refused:
                self._flush(crowd.descriptor, layout, 0, part.size, count)
            else:  # who could not encrypt is left out
                for index in range(part.size):
                    if index not in refused:
                        self._flush(crowd.descriptor, layout, index, index + 1, count)

    def _lay_out(self, packets: list[bytes], tag: int) -> tuple[_Layout, bytes]:
        """Where these packets go, and one message as it lies in the arena."""
        sizes = [len(packet) for packet in packets]
        slot = next(room for room in _SLOTS if sizes[0] <= room - srtp.TRAILER)
        key = (len(packets), slot)
        layout = self._layouts.get(key)
        if layout is None:
            layout = self._layouts[key] = _Layout(self._arena, self._names, *key)
        layout.prepare(sizes, tag)
        return layout, b"".join([packet.ljust(slot, b"\0") for packet in packets])

    def _protect(self, layout: _Layout, part: _Part, count: int) -> set[int]:
        """Encrypt the copies in the arena; the indices of those whose context refused."""
        total = len(part.handles)
        layout.plain_lengths[:total] = layout.plain_template[:total]
        results = list(map(srtp.protect, part.handles, layout.pointers, layout.lengths))
        if not any(results):
            return set()
        refused = {index // count for index, result in enumerate(results) if result != srtp.OK}
        self._drops.note(len(refused) * count, errno.EPROTO)
        return refused

    def _flush(self, descriptor: int, layout: _Layout, at: int, end: int, count: int) -> None:
        """Send messages `at` to `end`; what the kernel does not take is dropped and counted."""
        kernel, counters, heads = self._kernel, self._counters, layout.heads.address
        while at < end:
            went = kernel.send_many(descriptor, heads + at * HEAD.size, end - at, 0)
            if went > 0:
                at += went
                counters.packets_out += went * count
                counters.bytes_out += went * layout.octets
                continue
            error = kernel.error()
            if error == errno.EINTR:
                continue
            if count > 1 and too_long(error, layout.longest):
                self._singly(descriptor, layout, at, at + 1, count)
                at += 1
                continue
            if count > 1 and unsegmented(error):
                self.segments = False
                self._singly(descriptor, layout, at, end, count)
                return
            if error in FULL:
                self._drops.note((end - at) * count, error)
                return
            self._drops.note(count, error)
            at += 1

    def _singly(self, descriptor: int, layout: _Layout, at: int, end: int, count: int) -> None:
        """Messages that were laid out for segmentation, packet by packet."""
        head = Memory(HEAD.size)
        for message in range(at, end):
            name = self._names.address + message * NAME_SIZE
            for index in range(message * count, (message + 1) * count):
                vector = layout.vectors.address + index * VECTOR.size
                HEAD.pack_into(head.view, 0, name, NAME_SIZE, vector, 1, 0, 0, 0, 0)
                if self._kernel.send_many(descriptor, head.address, 1, 0) == 1:
                    self._counters.packets_out += 1
                    self._counters.bytes_out += layout.octets // count
                else:
                    self._drops.note(1, self._kernel.error())


def raw_address(sock: socket.socket, address: tuple[str | int, ...]) -> bytes:
    """An address as the kernel takes it: sockaddr_in or sockaddr_in6, padded to the latter."""
    host, port = str(address[0]).partition("%")[0], int(address[1])
    packed = socket.inet_pton(sock.family, host)
    head = struct.pack("=H", sock.family) + port.to_bytes(2, "big")
    if sock.family == socket.AF_INET:
        return head + packed + bytes(NAME_SIZE - 8)
    scope = int(address[3]) if len(address) > 3 else 0
    return head + bytes(4) + packed + struct.pack("=I", scope)
