"""Keeps recordings going: what the database says is to be done is done, whoever asked and whatever died meanwhile.

One process keeps: the API process. A recorder that dies is started again and appends a segment; an API process that
dies takes its recorders along, which close their files, and goes on where it was when it is back.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from prometheus_client import Counter
from sqlalchemy import select

from server.evidence import service as evidence
from server.recordings import service
from server.recordings.access import active_ids
from server.recordings.rules import MAX_HOURS, MAX_TRIES, Failure, RecordingState, StopReason
from server.recordings.studio import ComposeFailed, Ended, NothingToCompose
from storage import recordings as files
from storage.disk import DiskFailure
from storage.tables.recordings import Recording

if TYPE_CHECKING:
    from server.services import Services

log = structlog.get_logger("recordings")
RESTARTS = Counter(
    "duikou_recordings_restarts_total", "Recorders that died and were started again."
)
LOOK_EVERY = 5.0
EXPIRE_EVERY = 3600.0
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 15.0
_TELL_EVERY = 3.0
IDENTITY = "recorder"
_REASONS = {Ended.OVER: StopReason.ROOM_OVER, Ended.DISK_FULL: StopReason.DISK_FULL}


class Keeper:
    """One per application. `wake` after every commit that changes what is to be done."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._wake = asyncio.Event()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stops: dict[str, asyncio.Event] = {}
        self._composing = asyncio.Semaphore(1)  # it takes a whole core

    def wake(self) -> None:
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled; then recorders close their files."""
        await asyncio.to_thread(files.prepare, self._services.disk)
        try:
            while True:
                self._wake.clear()
                await self._look()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), LOOK_EVERY)
        finally:
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _look(self) -> None:
        try:
            async with self._services.db.read() as session:
                found = await active_ids(session)
        except Exception as error:  # the database is away: the next round looks again
            log.error("recordings_not_read", error=type(error).__name__)
            return
        self._tasks = {name: task for name, task in self._tasks.items() if not task.done()}
        for name, state in found.items():
            if name not in self._tasks:
                self._stops[name] = asyncio.Event()
                self._tasks[name] = asyncio.create_task(self._work(name), name=f"keep-{name}")
            if state != RecordingState.RECORDING:
                self._stops[name].set()
        self._stops = {name: self._stops[name] for name in self._tasks}

    async def _row(self, recording_id: str) -> Recording | None:
        async with self._services.db.read() as session:
            return await session.get(Recording, recording_id)

    async def _work(self, recording_id: str) -> None:
        try:
            while (row := await self._row(recording_id)) is not None:
                if row.state == RecordingState.RECORDING:
                    await self._record(row)
                elif row.state == RecordingState.FINISHING:
                    await self._finish(row)
                elif row.state == RecordingState.COMPOSING:
                    await self._compose(row)
                else:
                    return
        except Exception as error:  # the next look tries again
            log.error("recording_work_failed", recording=recording_id, error=type(error).__name__)

    async def _record(self, row: Recording) -> None:
        """Record until somebody stops it, the room is over, the disk is full, or it has lasted too long."""
        services, stop = self._services, self._stops[row.id]
        folder = files.folder(services.disk, row.id)
        wait = _FIRST_WAIT
        until = row.started_at + timedelta(hours=MAX_HOURS)
        while not stop.is_set():
            left = (until - services.clock.now()).total_seconds()
            token = services.media.helper_token(row.session_id, IDENTITY, recorder=True)
            recorder = asyncio.create_task(services.studio.record(row.session_id, folder, token))
            stopping = asyncio.create_task(stop.wait())
            try:
                await asyncio.wait(
                    {recorder, stopping},
                    timeout=max(0.0, left),
                    return_when=asyncio.FIRST_COMPLETED,
                )
            finally:
                ended = recorder.done() and not recorder.cancelled()
                recorder.cancel()
                stopping.cancel()
                await asyncio.gather(recorder, stopping, return_exceptions=True)
            if stop.is_set():
                return
            if not ended:
                await service.stopped(services, row.id, StopReason.TOO_LONG)
                return
            if recorder.exception() is None and (reason := _REASONS.get(recorder.result())):
                await service.stopped(services, row.id, reason)
                return
            log.error("recorder_died", recording=row.id, restart_in_seconds=wait)
            RESTARTS.inc()
            await service.restarted(services, row.id)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)
            wait = min(_LONGEST_WAIT, wait * 2)

    async def _finish(self, row: Recording) -> None:
        services = self._services
        try:
            manifests = await services.studio.finish(files.folder(services.disk, row.id))
        except ComposeFailed:
            await service.failed(services, row.id, Failure.COMPOSING_FAILED)
            return
        if not any(manifest["tracks"] for manifest in manifests):
            await service.failed(services, row.id, Failure.NOTHING_RECORDED)
            return
        await service.finished(services, row.id, manifests)

    async def _compose(self, row: Recording) -> None:
        services = self._services
        if row.ledger_index is None and row.manifest is not None:
            index = await evidence.log_recording(
                services, row.id, row.session_id, row.manifest, demo=row.demo
            )
            await service.logged(services, row.id, index)
        async with self._composing:
            tries = await service.trying(services, row.id)
            told: list[int] = []
            telling = asyncio.create_task(self._tell(row.id, told))
            try:
                folder = files.folder(services.disk, row.id)
                made = await services.studio.compose(folder, told.append)
            except NothingToCompose:
                await service.failed(services, row.id, Failure.NOTHING_RECORDED)
                return
            except ComposeFailed as error:
                log.error("composing_failed", recording=row.id, why=str(error), tries=tries)
                if tries >= MAX_TRIES:
                    await service.failed(services, row.id, Failure.COMPOSING_FAILED)
                return
            finally:
                telling.cancel()
                await asyncio.gather(telling, return_exceptions=True)
            await service.composed(services, row.id, made)

    async def _tell(self, recording_id: str, told: list[int]) -> None:
        """Progress to the pages, not more often than anybody can read."""
        shown = 0
        while True:
            await asyncio.sleep(_TELL_EVERY)
            if told and told[-1] > shown:
                shown = told[-1]
                await service.progressed(self._services, recording_id, shown)


def keeper_of(services: Services) -> Keeper:
    """The application's keeper, made on first use."""
    keeper = services.state.setdefault("recordings_keeper", Keeper(services))
    assert isinstance(keeper, Keeper)
    return keeper


async def expire(services: Services) -> int:
    """Remove recordings whose time of keeping is over (DOMAIN: retention). Returns how many."""
    query = select(Recording.id).where(
        Recording.keep_until <= services.clock.now(),
        Recording.state.in_((RecordingState.READY, RecordingState.FAILED)),
    )
    async with services.db.read() as session:
        due = list((await session.execute(query.limit(200))).scalars())
    for recording_id in due:
        try:
            await asyncio.to_thread(files.remove, services.disk, recording_id)
        except DiskFailure as error:
            log.error("recording_not_removed", recording=recording_id, error=type(error).__name__)
            continue
        await service.expired(services, recording_id)
    return len(due)


async def keep_expiring(services: Services) -> None:
    """Background work: look for what has been kept long enough."""
    while True:
        try:
            await expire(services)
        except Exception as error:  # the database is away: the next round looks again
            log.error("recordings_not_expired", error=type(error).__name__)
        await asyncio.sleep(EXPIRE_EVERY)
