"""The worker processes: started, started again when they die, each alone."""

import asyncio
import contextlib
import logging
import socket
import sys
import time
from collections.abc import Callable, Sequence

from signaling.workers import channel

log = logging.getLogger(__name__)

_STEADY_SECONDS = 20.0
_FIRST_DELAY, _LONGEST_DELAY = 0.1, 10.0
_GRACE_SECONDS = 8.0


def delay(failures: int) -> float:
    """Seconds before the next start after `failures` short runs in a row; the first is at once."""
    if failures <= 1:
        return 0.0
    return min(_LONGEST_DELAY, _FIRST_DELAY * 2.0 ** min(failures - 2, 16))


class Child:
    """One worker. Its channel is there before the process is, so that connections can wait for it."""

    def __init__(
        self,
        index: int,
        arguments: Sequence[str],
        news: Callable[[int, dict[str, int]], None],
        down: Callable[[int], None],
    ) -> None:
        self.index = index
        self._arguments = list(arguments)
        self._news, self._down = news, down
        self.channel: socket.socket | None = None
        self.process: asyncio.subprocess.Process | None = None
        self.stopping = asyncio.Event()

    async def keep(self) -> None:
        """Run it until `stop`."""
        failures = 0
        while not self.stopping.is_set():
            began = time.monotonic()
            status = await self._run()
            if self.stopping.is_set():
                return
            failures = 1 if time.monotonic() - began > _STEADY_SECONDS else failures + 1
            log.error("worker %d died (%s)", self.index, status)
            if failures > 1:
                self._down(self.index)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), delay(failures))

    async def _run(self) -> int:
        loop = asyncio.get_running_loop()
        mine, theirs = channel.pair()
        self.channel = mine
        loop.add_reader(mine.fileno(), self._read, mine)
        try:
            command = [sys.executable, "-m", "signaling", *self._arguments]
            self.process = await asyncio.create_subprocess_exec(
                *command, f"--worker={self.index}:{theirs.fileno()}", pass_fds=(theirs.fileno(),)
            )
            theirs.close()
            return await self.process.wait()
        finally:
            theirs.close()
            if self.channel is mine:
                self.channel = None
            loop.remove_reader(mine.fileno())
            mine.close()

    def _read(self, mine: socket.socket) -> None:
        try:
            rooms = channel.heard(mine)
        except EOFError:
            asyncio.get_running_loop().remove_reader(mine.fileno())
            return
        if rooms is not None:
            self._news(self.index, rooms)

    def give(self, kind: bytes, connection: socket.socket) -> bool:
        """Hand a connection over. False, and it is closed, if nobody is there to take it."""
        if self.channel is None:
            connection.close()
            return False
        return channel.hand_over(self.channel, kind, connection)

    async def stop(self) -> None:
        """End it politely, then not."""
        self.stopping.set()
        process = self.process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _GRACE_SECONDS)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
