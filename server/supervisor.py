"""Keeps child processes running: starts them, restarts those that die, drains them in order on a signal."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger("supervisor")

SPARE_SECONDS = 5.0
"""How long a child runs before its spare is made: the start has the machine to itself."""
MISUSE = 2
"""Exit status of a child that will never start with these settings; it is not tried again."""
PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass(frozen=True, slots=True)
class Child:
    """One process to keep running. `grace`: seconds it gets after SIGTERM before SIGKILL. `spare`: a
    second process stands by, started with `--standby=FD` added, that has loaded everything and goes on
    when a byte comes by that descriptor (or ends when it is closed)."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    pass_fds: tuple[int, ...] = ()
    grace: float = 10.0
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Backoff:
    """Seconds to wait before the n-th restart in a row; after a run of `steady` seconds there is no
    wait, and counting starts afresh."""

    first: float = 0.2
    factor: float = 2.0
    longest: float = 10.0
    steady: float = 20.0

    def delay(self, failures: int) -> float:
        """The wait before a restart, after `failures` (≥ 1) short runs in a row."""
        return min(self.longest, self.first * self.factor ** min(failures - 1, 32))


def _die_with_parent() -> None:
    """In the child, before exec: a parent that is killed takes its children along (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _why(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"


@dataclass(eq=False)
class _Kept:
    child: Child
    process: asyncio.subprocess.Process | None = None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    spare: asyncio.subprocess.Process | None = None
    spare_fd: int = -1


class Supervisor:
    """Runs children until told to stop; stops them one after the other, in the given order.

    The order matters: the media server goes first, so that its last webhooks still find the API running.
    """

    def __init__(
        self,
        children: Sequence[Child],
        backoff: Backoff | None = None,
        *,
        spare_after: float = SPARE_SECONDS,
    ) -> None:
        self._kept = [_Kept(child) for child in children]
        self._backoff = backoff or Backoff()
        self._spare_after = spare_after
        self._stop = asyncio.Event()
        self.status = 0

    def stop(self) -> None:
        """Begin to drain; returns at once."""
        self._stop.set()

    def pid(self, name: str) -> int | None:
        """The process id of a running child."""
        for kept in self._kept:
            running = kept.process is not None and kept.process.returncode is None
            if kept.child.name == name and running and kept.process is not None:
                return kept.process.pid
        return None

    def spare(self, name: str) -> int | None:
        """The process id of what stands by for a child."""
        found = [k.spare.pid for k in self._kept if k.child.name == name and k.spare is not None]
        return found[0] if found else None

    async def run(self) -> int:
        """Run until `stop`, SIGTERM or SIGINT; the exit status: 0, or 2 if a child refuses its settings."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        try:
            for kept in self._kept:
                kept.task = asyncio.create_task(self._keep(kept), name=f"keep-{kept.child.name}")
            await self._stop.wait()
            log.info("draining")
            for kept in self._kept:
                await self._drain(kept)
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)
        return self.status

    async def _spawn(self, child: Child, standby: int = -1) -> asyncio.subprocess.Process:
        extra = () if standby < 0 else (standby,)
        return await asyncio.create_subprocess_exec(
            *child.command,
            *(f"--standby={fd}" for fd in extra),
            env=dict(child.environment),
            stdin=asyncio.subprocess.DEVNULL,
            pass_fds=(*child.pass_fds, *extra),
            # Its own group: Ctrl-C reaches the supervisor alone, which then drains in order.
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    async def _keep(self, kept: _Kept) -> None:
        child, failures = kept.child, 0
        while not kept.stopping.is_set():
            kept.process = self._take_spare(kept) or await self._spawn(child)
            started = time.monotonic()
            log.info("child_started", child=child.name, pid=kept.process.pid)
            preparing = asyncio.create_task(self._prepare_spare(kept))
            status = await kept.process.wait()
            preparing.cancel()
            await asyncio.gather(preparing, return_exceptions=True)
            if kept.stopping.is_set():
                break
            if status == MISUSE:
                log.error("child_refuses_settings", child=child.name)
                self.status = MISUSE
                self._stop.set()
                break
            steady = time.monotonic() - started >= self._backoff.steady
            failures = 0 if steady else failures + 1
            # A live call waits for this: what ran well is started again without a pause.
            delay = 0.0 if steady else self._backoff.delay(failures)
            log.error("child_died", child=child.name, why=_why(status), restart_in_seconds=delay)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(kept.stopping.wait(), delay)

    async def _prepare_spare(self, kept: _Kept) -> None:
        if not kept.child.spare:
            return
        await asyncio.sleep(self._spare_after)
        reading, writing = os.pipe()
        try:
            kept.spare = await self._spawn(kept.child, reading)
            kept.spare_fd, writing = writing, -1
        finally:
            os.close(reading)
            if writing >= 0:
                os.close(writing)

    def _take_spare(self, kept: _Kept) -> asyncio.subprocess.Process | None:
        """Let the spare go on in the place of the one that died, if there is one."""
        spare, fd = kept.spare, kept.spare_fd
        kept.spare, kept.spare_fd = None, -1
        if spare is None:
            return None
        try:
            if spare.returncode is None:
                os.write(fd, b"!")
                return spare
        except OSError:  # it died as well
            pass
        finally:
            os.close(fd)
        return None

    async def _drop_spare(self, kept: _Kept) -> None:
        spare, fd = kept.spare, kept.spare_fd
        kept.spare, kept.spare_fd = None, -1
        if spare is not None:
            os.close(fd)
            with contextlib.suppress(ProcessLookupError):
                spare.kill()
            await spare.wait()

    async def _drain(self, kept: _Kept) -> None:
        kept.stopping.set()
        process = kept.process
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), kept.child.grace)
            except TimeoutError:
                log.error("child_killed", child=kept.child.name, after_seconds=kept.child.grace)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if kept.task is not None:
            await kept.task
        await self._drop_spare(kept)
