"""Beside a LiveKit cluster: a hidden participant in every live room tells what media really arrived.

The embedded media server is its own witness; there this does nothing. Each witness is a process of its own, started
when somebody is in a room and gone with the last; what it could not deliver lies in its spool and is delivered later.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from prometheus_client import Gauge

from server.evidence.rules import ReasonCode
from server.sessions.media import MediaUnavailable
from server.sessions.room_access import CONSULT, LECTURE

if TYPE_CHECKING:
    from server.services import Services

log = structlog.get_logger("witnesses")
WATCHING = Gauge("duikou_witnesses", "Rooms of the cluster that a witness watches.")
LOOK_EVERY = 2.0
STOP_SECONDS = 10.0
SPOOL = "spool"
_PREFIX = "witness-"
_PR_SET_PDEATHSIG = 1  # prctl(2)


def _die_with_parent() -> None:
    """In the child, before exec: no witness outlives the API process; it delivers, then ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Witnesses:
    """Starts and stops witnesses as rooms come and go."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def _folder(self, room: str) -> Path:
        return self._services.disk.path(f"{SPOOL}/{_PREFIX}{room}")

    def _command(self, room: str, *, drain: bool) -> list[str]:
        config = self._services.config
        command = [sys.executable, "-m", "signaling.watching", "--url", config.effective_media_url]
        command += ["--room", room, "--spool", str(self._folder(room))]
        command += ["--webhook-url", f"http://127.0.0.1:{config.port}/hooks/livekit"]
        return [*command, "--drain"] if drain else command

    async def _watch(self, room: str, *, drain: bool = False) -> None:
        secrets = self._services.secrets
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DUIKOU_")}
        process = await asyncio.create_subprocess_exec(
            *self._command(room, drain=drain),
            stdin=asyncio.subprocess.DEVNULL,
            env={
                **kept,
                "DUIKOU_MEDIA_KEY": secrets.media_key,
                "DUIKOU_MEDIA_SECRET": secrets.media_secret,
            },
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        try:
            status = await process.wait()
            if status:
                log.warning("witness_ended", room=room, status=status)
        finally:
            if process.returncode is None:
                await asyncio.shield(self._end(process))

    @staticmethod
    async def _end(process: asyncio.subprocess.Process) -> None:
        process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    def _keep(self, room: str, *, drain: bool = False) -> None:
        """A witness that died is started again at the next look, as long as somebody is there."""
        if room not in self._tasks:
            self._tasks[room] = asyncio.create_task(
                self._watch(room, drain=drain), name=f"witness-{room}"
            )

    def _left_behind(self) -> list[str]:
        """Rooms whose last reports an earlier process could not deliver."""
        root = self._services.disk.path(SPOOL)
        return [
            path.name.removeprefix(_PREFIX)
            for path in root.glob(f"{_PREFIX}*")
            if any(path.glob("*.json"))
        ]

    async def look(self) -> None:
        """One round: a witness for each live room of ours. Raises `MediaUnavailable`."""
        self._tasks = {room: task for room, task in self._tasks.items() if not task.done()}
        for room in await self._services.media.live_rooms():
            if room.startswith((CONSULT, LECTURE)):
                self._keep(room)
        WATCHING.set(len(self._tasks))

    async def run(self) -> None:
        """Until cancelled; then witnesses deliver what they have, and end."""
        # A witness hears what is sent, never what reaches an audience: no minute of a learner is verified.
        log.warning("lectures_earn_no_credit", reason=ReasonCode.RECEPTION_UNKNOWN.value)
        for room in await asyncio.to_thread(self._left_behind):
            self._keep(room, drain=True)
        try:
            while True:
                try:
                    await self.look()
                except MediaUnavailable as error:
                    log.warning("cluster_not_listed", reason=str(error))
                await asyncio.sleep(LOOK_EVERY)
        finally:
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)


async def keep_witnessing(services: Services) -> None:
    """Background work beside a cluster; returns at once with the embedded media server."""
    if not services.config.embedded_media:
        await Witnesses(services).run()
