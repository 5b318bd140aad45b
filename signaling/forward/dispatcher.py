"""The heart beat of forwarding: what was drained from the socket goes out in bursts; feedback to
publishers leaves on a timer."""

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from signaling.clock import Clock
from signaling.forward.down import forward
from signaling.forward.up import Layer
from signaling.transport.udp import Counters

if TYPE_CHECKING:
    from signaling.forward.receiver import Receiver

log = logging.getLogger(__name__)

TICK = 0.05
_REPORT_EVERY = 20


class Dispatcher:
    """One for the process. `second` is the current unix second, as of the last tick."""

    def __init__(self, counters: Counters, clock: Clock) -> None:
        self.counters = counters
        self._clock = clock
        self.touched: list[Layer] = []
        self.urgent: set[Receiver] = set()
        self.receivers: set[Receiver] = set()
        self.second = self._clock.second()
        self._tick = 0
        self._timer: asyncio.TimerHandle | None = None

    def after_drain(self, now: float) -> None:
        if self.touched:
            touched, self.touched = self.touched, []
            second = self.second
            for layer in touched:
                media = layer.track.media
                if second >= media.end:
                    media.mark(second)
                try:
                    forward(layer, now)
                except Exception:  # one track's trouble must not silence the others
                    log.exception("a burst of %s was lost", layer.track.sid)
        if self.urgent:
            urgent, self.urgent = self.urgent, set()
            for receiver in urgent:
                try:
                    receiver.ask(now)
                except Exception:
                    log.exception("a publisher was not asked for what is missing")

    def start(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(TICK, self._beat)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _beat(self) -> None:
        self.start()
        now = time.monotonic()
        self.second = self._clock.second()
        self._tick += 1
        report = self._tick % _REPORT_EVERY == 0
        for receiver in list(self.receivers):
            try:
                receiver.tick(now, report=report)
            except Exception:  # nor one publisher's trouble
                log.exception("a publisher got no feedback")
