"""Sets of whole seconds as half-open ranges, built in order of time."""


class Seconds:
    """Unix seconds in which something was true. They arrive in rising order, repeats allowed: they are of
    `signaling.clock`, which a step of the system's clock does not turn back."""

    __slots__ = ("_ranges", "end")

    def __init__(self) -> None:
        self._ranges: list[list[int]] = []
        self.end = 0

    def mark(self, second: int) -> None:
        """Add [second, second + 1)."""
        if second < self.end:
            return
        if self._ranges and second == self.end:
            self._ranges[-1][1] = second + 1
        else:
            self._ranges.append([second, second + 1])
        self.end = second + 1

    def fill(self, start: int, end: int) -> None:
        """Add [start, end); what lies before the last marked second is left as it is."""
        start = max(start, self.end)
        if start >= end:
            return
        if self._ranges and start == self.end:
            self._ranges[-1][1] = end
        else:
            self._ranges.append([start, end])
        self.end = end

    def peek(self, start: int, end: int) -> list[list[int]]:
        """What lies in [start, end); nothing is removed."""
        return [
            [max(low, start), min(high, end)]
            for low, high in self._ranges
            if low < end and high > start
        ]

    def take(self, start: int, end: int) -> list[list[int]]:
        """Remove and return what lies in [start, end); drops what lies before."""
        taken: list[list[int]] = []
        rest: list[list[int]] = []
        for low, high in self._ranges:
            if low < end and high > start:
                taken.append([max(low, start), min(high, end)])
            if high > end:
                rest.append([max(low, end), high])
        self._ranges = rest
        return taken


class Spell:
    """Seconds in which something is on, told by its going on and off."""

    __slots__ = ("_seconds", "_since")

    def __init__(self) -> None:
        self._seconds = Seconds()
        self._since: int | None = None

    def turn(self, on: bool, second: int) -> None:
        """It is on, or off, from this second."""
        if on and self._since is None:
            self._since = second
        elif not on and self._since is not None:
            self._seconds.fill(self._since, second)
            self._since = None

    def peek(self, start: int, end: int) -> list[list[int]]:
        """What lies in [start, end) as of `end`; nothing is removed."""
        found = self._seconds.peek(start, end)
        if self._since is not None and self._since < end:
            found.append([max(self._since, start), end])
        return found

    def take(self, start: int, end: int) -> list[list[int]]:
        """Remove and return what lies in [start, end)."""
        if self._since is not None:
            self._seconds.fill(self._since, end)
            self._since = max(self._since, end)
        return self._seconds.take(start, end)
