"""The client's data channels: aiortc's SCTP as the side that sends INIT. It is imported only when
data is wanted, so that light clients of media never pay for it."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from signaling.transport.sctp import LOSSY, RELIABLE, DataChannels, _run

__all__ = ["LOSSY", "RELIABLE", "ClientChannels"]

_MAX_EARLY = 64


class ClientChannels(DataChannels):
    """Nothing happens before `want`: its `opens` creates the two channels, else the server does."""

    def __init__(
        self, send: Callable[[bytes], None], deliver: Callable[[str, bytes], None]
    ) -> None:
        super().__init__(send, deliver, opens=False)
        self.opened = asyncio.Event()
        self._wanted = self._ready = False
        self._early: deque[bytes] = deque(maxlen=_MAX_EARLY)

    def want(self, *, opens: bool) -> None:
        """Take part in data; before or after the connection is up."""
        self._wanted, self._opens = True, opens
        self._associate()

    def begin(self, *, server: bool) -> None:
        """DTLS is up; `server` is this side's role in it."""
        self._ready, self.odd = True, server
        self._associate()

    def _associate(self) -> None:
        if not self._wanted or not self._ready or self._sctp is not None:
            return
        self._start()
        sctp: Any = self._sctp
        _run(sctp._init())
        while self._early:
            super().feed(self._early.popleft())

    def feed(self, data: bytes) -> None:
        if self._sctp is None:
            self._early.append(data)
        else:
            super().feed(data)

    def _watch(self, channel: Any) -> None:
        super()._watch(channel)
        if channel.label != RELIABLE:
            return
        if channel.readyState == "open":
            self.opened.set()
        else:
            channel.on("open", self.opened.set)
