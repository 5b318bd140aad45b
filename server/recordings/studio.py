"""The processes that recordings need: the recorder, the repair of its files, the composer. The media plane is met by
its command line and its public protocol only."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path
from typing import Any, Protocol

FILM = "film"
"""Name of the composed file in a recording's folder."""
STOP_SECONDS = 30.0
FINISH_SECONDS = 600.0
COMPOSE_SECONDS = 12 * 3600.0
LEAST_FREE = 512 << 20
"""Bytes that must be free for a recording to begin: twice what its recorder stops at."""
_LINE = 64 << 20
_TOKEN = "DUIKOU_MEDIA_TOKEN"  # noqa: S105 - the name of a variable
_PR_SET_PDEATHSIG = 1  # prctl(2)


class Ended(Enum):
    """How a recorder's process ended."""

    OVER = auto()  # the room is over, or it was told to stop
    DISK_FULL = auto()
    BROKEN = auto()  # to be started again


# 3: the server will not have it in that room, now or later (it is over, or closed meanwhile).
_ENDED = {0: Ended.OVER, 3: Ended.OVER, 4: Ended.DISK_FULL}


class ComposeFailed(RuntimeError):
    """The composer ended without a film; it may be tried again."""


class NothingToCompose(RuntimeError):
    """There is nothing to make a film of, however often it is tried."""


class Studio(Protocol):
    """Long work on recordings, outside of the event loop."""

    async def has_space(self, folder: Path) -> bool:
        """Whether the disk of a folder has space for one more recording."""

    async def record(self, room: str, folder: Path, token: str) -> Ended:
        """Record until the room is over. Cancelled: the recorder closes its files first."""

    async def finish(self, folder: Path) -> list[dict[str, Any]]:
        """Repair what a killed recorder left; the manifests of all segments. Raises `ComposeFailed`."""

    async def compose(self, folder: Path, tell: Callable[[int], None]) -> dict[str, Any]:
        """Make the film. Raises `ComposeFailed`, `NothingToCompose`."""


def _die_with_parent() -> None:
    """In the child, before exec: an API process that is killed takes its recorders along; they close their files."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _environment(**more: str) -> dict[str, str]:
    """What children need; no settings, since those hold secrets."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DUIKOU_")}
    return {**kept, "OPENBLAS_NUM_THREADS": "1", **more}


class ProcessStudio:
    """The real one."""

    def __init__(self, media_url: str) -> None:
        self._media_url = media_url

    async def _start(
        self, *arguments: str, environment: dict[str, str]
    ) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            env=environment,
            limit=_LINE,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    async def has_space(self, folder: Path) -> bool:
        return (await asyncio.to_thread(shutil.disk_usage, folder)).free >= LEAST_FREE

    async def record(self, room: str, folder: Path, token: str) -> Ended:
        process = await self._start(
            "signaling.recording", "record", "--url", self._media_url, "--room", room,
            "--folder", str(folder), environment=_environment(**{_TOKEN: token}),
        )  # fmt: skip
        try:
            assert process.stdout is not None
            while await process.stdout.readline():
                pass  # its progress; nobody waits for that here
            status = await process.wait()
        finally:
            await _stop(process, STOP_SECONDS)
        return _ENDED.get(status, Ended.BROKEN)

    async def finish(self, folder: Path) -> list[dict[str, Any]]:
        process = await self._start(
            "signaling.recording", "finish", "--folder", str(folder), environment=_environment()
        )
        try:
            async with asyncio.timeout(FINISH_SECONDS):
                out, _ = await process.communicate()
            found = json.loads(out) if process.returncode == 0 else None
        except (TimeoutError, ValueError):
            found = None
        finally:
            await _stop(process, 0)
        if not isinstance(found, list):
            raise ComposeFailed("the recorded files cannot be read")
        return found

    async def compose(self, folder: Path, tell: Callable[[int], None]) -> dict[str, Any]:
        process = await self._start(
            "server.recordings.compose", str(folder), str(folder / FILM), environment=_environment()
        )
        made: dict[str, Any] | None = None
        try:
            assert process.stdout is not None
            async with asyncio.timeout(COMPOSE_SECONDS):
                while line := await process.stdout.readline():
                    document = json.loads(line)
                    if "progress" in document:
                        tell(int(document["progress"]))
                    else:
                        made = document
                status = await process.wait()
        except (TimeoutError, ValueError):
            raise ComposeFailed("the composer took too long, or said nonsense") from None
        finally:
            await _stop(process, 0)
        if status == 3:
            raise NothingToCompose
        if status != 0 or made is None:
            raise ComposeFailed(f"the composer ended with {status}")
        return made


async def _stop(process: asyncio.subprocess.Process, grace: float) -> None:
    """End a process that still runs: politely first, if there is time for that."""
    if process.returncode is not None:
        return

    async def end() -> None:
        with contextlib.suppress(ProcessLookupError):
            if grace:
                process.terminate()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(grace):
                        await process.wait()
            if process.returncode is None:
                process.kill()
        await process.wait()

    await asyncio.shield(end())
