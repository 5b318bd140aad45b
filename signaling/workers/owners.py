"""Which worker serves which room."""

from zlib import crc32

# A room that its worker does not speak of: joins on their way count as it being there.
FORGET_SECONDS = 30.0


class Owners:
    """A room stays where it is for as long as it lives; a new one goes to the worker with the fewest
    participants. `now` is monotonic seconds."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._table: dict[str, tuple[int, float]] = {}
        self._load = [0] * count
        self._expected = [0] * count
        self._down: set[int] = set()

    def owner(self, room: str, now: float) -> int:
        """The worker of a room, which is remembered from now on."""
        known = self._table.get(room)
        index = known[0] if known is not None else self._choose(room)
        if known is None:
            self._expected[index] += 1
        self._table[room] = (index, now)
        return index

    def find(self, room: str) -> int | None:
        """The worker of a room that is there, if any."""
        known = self._table.get(room)
        return known[0] if known is not None else None

    def any(self) -> int:
        """A worker for what concerns no room."""
        return self._choose("")

    def _choose(self, room: str) -> int:
        # A tie is broken by the name, so that a restarted front sends a room where it was.
        first = crc32(room.encode("utf-8", "surrogatepass")) % self._count

        def rank(index: int) -> tuple[int, int]:
            return self._load[index] + 2 * self._expected[index], (index - first) % self._count

        up = [index for index in range(self._count) if index not in self._down]
        return min(up or range(self._count), key=rank)

    def down(self, index: int) -> None:
        """A worker does not start: its rooms go elsewhere until it has news."""
        self._down.add(index)
        self._table = {room: held for room, held in self._table.items() if held[0] != index}

    def news(self, index: int, rooms: dict[str, int], now: float) -> None:
        """A worker says which rooms it has."""
        self._down.discard(index)
        self._load[index] = sum(rooms.values())
        self._expected[index] = 0
        for room in rooms:
            self._table[room] = (index, now)
        for room, (owner, seen) in list(self._table.items()):
            if owner == index and room not in rooms:
                if now - seen > FORGET_SECONDS:
                    del self._table[room]
                else:
                    self._expected[index] += 1
