"""How much of something one client may cause."""


class Allowance:
    """So much at once (`burst`), and `rate` more for each step of what it goes by: seconds of one clock,
    or packets that the client was sent."""

    def __init__(self, burst: float, rate: float) -> None:
        self._burst, self._rate = burst, rate
        self._left, self._at = burst, 0.0

    def left(self, now: float) -> float:
        """How much there is at `now`."""
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        return self._left

    def take(self, amount: float, now: float) -> float:
        """Take it; the steps until that is covered, 0 if it is already."""
        self._left = self.left(now) - amount
        return max(0.0, -self._left / self._rate)
