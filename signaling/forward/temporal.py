"""Leaving out the upper temporal layers of a stream for one subscriber, without a gap in sequence
numbers or, for VP8, picture ids."""

from bisect import bisect_right
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from signaling.forward.up import Packet

_MEMORY, _PICTURES = 2048, 256


class Thinning:
    """Decides for each packet, in about the order of arrival, and knows by how much what is left
    moves up. `limit` is the highest temporal id that is wanted, None for all. VP8 picture ids move
    up too; VP9 references count in them, so there they stay. `highest` and `timestamp` are of the
    last packet that was sent before: its picture is finished in any case."""

    __slots__ = (
        "_before", "_before_pictures", "_current", "_highest", "_left", "_left_order", "_numbers",
        "_pictures", "_taken", "_timestamp", "_vp8", "limit",
    )  # fmt: skip

    def __init__(
        self, limit: int | None, codec: str, *, highest: int = -1, timestamp: int = -1
    ) -> None:
        self.limit = limit
        self._vp8 = codec == "vp8"
        self._current = 7  # the highest layer that the decoder can take now
        self._highest = highest
        self._timestamp, self._taken = timestamp, True
        # What was left out: extended numbers, and how many pictures up to each of them.
        self._numbers: list[int] = []
        self._pictures: list[int] = []
        self._before = self._before_pictures = 0
        # Timestamps of the pictures that were left out lately.
        self._left: set[int] = set()
        self._left_order: deque[int] = deque()

    def take(self, packet: "Packet") -> bool:
        """Whether to send this packet. One that came late keeps its number: if it is not wanted, an
        empty packet goes in its place (`hollow`)."""
        where = packet.where
        if where is None or packet.extended <= self._highest:
            return True
        self._highest = packet.extended
        fresh = packet.timestamp != self._timestamp
        if fresh:
            self._timestamp = packet.timestamp
            self._taken = self._wants(where.temporal, where.key, where.sync)
        if not self._taken:
            self._leave_out(packet.extended, packet.timestamp, fresh)
        return self._taken

    def hollow(self, packet: "Packet") -> bool:
        """Whether a late packet belongs to what is left out. Of VP8 that is a picture whose id was
        closed up; one of which nothing had come by then has kept its id, and a decoder waits for it."""
        if self._vp8:
            return packet.timestamp in self._left
        return packet.where is not None and packet.where.temporal > self._current

    def _wants(self, temporal: int, key: bool, sync: bool) -> bool:
        limit = 7 if self.limit is None else self.limit
        if limit < self._current or key:
            self._current = limit
        elif sync and self._vp8 and temporal == self._current + 1 <= limit:
            self._current = temporal  # RFC 7741: this picture refers to the lowest layer only
        wanted = temporal <= self._current
        if sync and wanted and not self._vp8:
            self._current = limit  # RFC 9628: later ones refer to no upper picture before this one
        return wanted

    def _leave_out(self, extended: int, timestamp: int, fresh: bool) -> None:
        if fresh:
            self._left.add(timestamp)
            self._left_order.append(timestamp)
            if len(self._left_order) > _PICTURES:
                self._left.discard(self._left_order.popleft())
        pictures = self._pictures[-1] if self._pictures else self._before_pictures
        self._numbers.append(extended)
        self._pictures.append(pictures + fresh)
        if len(self._numbers) > 2 * _MEMORY:
            self._before += _MEMORY
            self._before_pictures = self._pictures[_MEMORY - 1]
            del self._numbers[:_MEMORY], self._pictures[:_MEMORY]

    def moved(self, extended: int) -> tuple[int, int]:
        """By how much the sequence number and the picture id of this packet move up."""
        index = bisect_right(self._numbers, extended)
        pictures = self._pictures[index - 1] if index else self._before_pictures
        return self._before + index, pictures if self._vp8 else 0

    def origin(self, number: int) -> int:
        """Which extended number moved to `number`."""
        number += self._before
        low, high = 0, len(self._numbers)
        while low < high:
            middle = (low + high) // 2
            if self._numbers[middle] - middle <= number:
                low = middle + 1
            else:
                high = middle
        return number + low
