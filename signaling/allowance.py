"""How much of something one client may cause."""


class Allowance:
    """So much at once (`burst`), and so much a second (`rate`). Times are in seconds of one clock."""

    def __init__(self, burst: float, rate: float) -> None:
        self._burst, self._rate = burst, rate
        self._left, self._at = burst, 0.0

    def take(self, amount: float, now: float) -> float:
        """Take it; the seconds until that is covered, 0 if it is already."""
        grown = self._left + (now - self._at) * self._rate
        self._left, self._at = min(self._burst, grown) - amount, now
        return max(0.0, -self._left / self._rate)
