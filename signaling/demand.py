"""What was asked of a publisher for one simulcast track."""

LOWER_AFTER = 5.0


class Demand:
    """What was asked of a publisher for one track. `top` is a layer's index."""

    __slots__ = ("lower_at", "top")

    def __init__(self) -> None:
        self.top: int | None = None
        self.lower_at: float | None = None

    def settle(self, wanted: int, now: float) -> bool:
        """Whether the publisher must be told now: upward at once, downward after a while."""
        if self.top is None or wanted > self.top:
            self.top, self.lower_at = wanted, None
            return True
        if wanted == self.top:
            self.lower_at = None
            return False
        if self.lower_at is None:
            self.lower_at = now + LOWER_AFTER
        if now < self.lower_at:
            return False
        self.top, self.lower_at = wanted, None
        return True
