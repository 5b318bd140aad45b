"""How long pictures should wait for repairs before they are shown (the header extension playout-delay).
Chrome waits 200 ms at most of its own accord: on a long line that is less than one repair takes, and
the picture stands still at every loss. Sound does not wait: it has its own repair."""

import math

_LOSS_LATELY, _LOSS_USUAL = 0.03, 0.02
_STEP, _MOST = 0.1, 0.6
_STAY_SECONDS = 8.0
# What a picture may wait at most, however late its packets are: Chrome's own value.
_LONGEST = 10.0


class Patience:
    """`seconds` in steps, as each change is a small jump of the picture: more at once, less after the
    line was good for a while. `encoded` is the content of the extension; `told` is the same, but empty
    until there was anything to tell."""

    __slots__ = ("_until", "encoded", "seconds", "told")

    def __init__(self) -> None:
        self._until = 0.0
        self._set(0.0)
        self.told = b""

    def _set(self, seconds: float) -> None:
        self.seconds = seconds
        self.encoded = (round(seconds * 100) << 12 | round(_LONGEST * 100)).to_bytes(3, "big")
        self.told = self.encoded

    def update(self, lately: float, usual: float, repair: float, now: float) -> None:
        """`lately`, `usual`: shares of packets lost, as `estimate.Loss` has them; `repair`: seconds
        until a lost one is there."""
        needed = 0.0
        if lately > _LOSS_LATELY or usual > _LOSS_USUAL:
            needed = min(_MOST, math.ceil(repair / _STEP) * _STEP)
        if needed >= self.seconds or now > self._until:
            self._until = now + _STAY_SECONDS
            if needed != self.seconds:
                self._set(needed)
