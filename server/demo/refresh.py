"""Keeps the demo's present alive: a consult to join now, ECGs that wait, a lecture about to start.

What has passed is cancelled and made anew; what people of the demo are using is left alone.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import func, select

from server.demo import consults, lectures, reads
from server.demo.stage import Stage
from server.reads import service as read_service
from server.reads.rules import ReadState, Urgency
from server.sessions import consult_service, lecture_service
from server.sessions.lecture_schemas import LectureRequest
from server.sessions.rules import ConsultState, LectureEvent, LectureState
from storage.tables.patients import Patient
from storage.tables.reads import ReadRequest
from storage.tables.sessions import Consult, Lecture

if TYPE_CHECKING:
    from server.services import Services

log = structlog.get_logger("demo")

EVERY = 60.0  # seconds
LEFT = timedelta(minutes=10)  # a session with less time left than this is no longer "now"
STALE = timedelta(hours=2)  # a read that nobody took for so long is replaced
WAITING = ((Urgency.EMERGENCY, 1), (Urgency.ROUTINE, 2))
DOCTOR, SPECIALIST, COLLEAGUE = "rural.doctor", "specialist", "specialist2"


async def keep_fresh(services: Services) -> None:
    """Background work of a demo server."""
    while True:
        await asyncio.sleep(EVERY)
        try:
            await once(services)
        except Exception as error:  # the demo's props must never stop the server
            log.error("demo_not_refreshed", error=type(error).__name__)


async def once(services: Services) -> None:
    """One look at the present; makes what is missing. Does nothing where the demo is not loaded."""
    stage = Stage(services, services.clock.now())
    await stage.find()
    if DOCTOR not in stage.staff or "township" not in stage.agreements:
        return
    await _consults(stage)
    await _reads(stage)
    await _lecture(stage)


async def _next_number(stage: Stage) -> int:
    async with stage.services.db.read() as session:
        return 200 + (await session.execute(select(func.count(Patient.id)))).scalar_one()


def _soon(now: datetime, minutes: int) -> datetime:
    """A moment some minutes from now, on a multiple of five minutes."""
    seconds = (now + timedelta(minutes=minutes)).timestamp() // 300 * 300
    return max(datetime.fromtimestamp(seconds, UTC), now)


# Consults.


async def _consults(stage: Stage) -> None:
    open_states = (ConsultState.SUBMITTED, ConsultState.SCHEDULED, ConsultState.LIVE)
    query = select(Consult).where(
        Consult.demo.is_(True),
        Consult.requester_id == stage.staff[DOCTOR].id,
        Consult.state.in_(open_states),
    )
    async with stage.services.db.read() as session:
        rows = list((await session.execute(query)).scalars())
    joinable = False
    for row in rows:
        if row.state == ConsultState.SUBMITTED or row.starts_at is None:
            continue
        ends = row.starts_at + timedelta(minutes=row.minutes or 0)
        if row.state == ConsultState.LIVE or ends - stage.now > LEFT:
            joinable = True
        elif stage.now > ends + timedelta(hours=1):
            await consult_service.cancel(
                stage.services,
                stage.person(DOCTOR),
                stage.actor(DOCTOR),
                row.id,
                "演示会诊已过时间,自动取消。",
            )
    if not joinable:
        number = await _next_number(stage)
        consult_id = await consults.ask(stage, DOCTOR, SPECIALIST, number)
        await consult_service.accept(
            stage.services,
            stage.person(SPECIALIST),
            stage.actor(SPECIALIST),
            consult_id,
            starts_at=_soon(stage.now, 5),
            minutes=60,
        )
    if not any(row.state == ConsultState.SUBMITTED for row in rows):
        await consults.ask(stage, DOCTOR, SPECIALIST, await _next_number(stage))


# Reads.


async def _reads(stage: Stage) -> None:
    states = (ReadState.QUEUED, ReadState.CLAIMED, ReadState.DRAFT)
    query = select(ReadRequest).where(
        ReadRequest.demo.is_(True),
        ReadRequest.requester_id == stage.staff[DOCTOR].id,
        ReadRequest.state.in_(states),
    )
    async with stage.services.db.read() as session:
        rows = list((await session.execute(query)).scalars())
    colleague = stage.staff[COLLEAGUE].id
    if not any(row.claimed_by == colleague for row in rows):
        read_id = await reads.ask(stage, DOCTOR, await _next_number(stage), Urgency.ROUTINE)
        person, actor = stage.person(COLLEAGUE), stage.actor(COLLEAGUE)
        await read_service.claim(stage.services, actor, person, read_id)
    queued = [row for row in rows if row.state == ReadState.QUEUED]
    for row in queued:
        if row.due_at is not None and stage.now > row.due_at + STALE:
            await read_service.cancel(
                stage.services,
                stage.actor(DOCTOR),
                stage.person(DOCTOR),
                row.id,
                "演示申请已过时间,自动撤回。",
            )
    for urgency, wanted in WAITING:
        there = [
            row
            for row in queued
            if row.urgency == urgency and row.due_at and stage.now <= row.due_at + STALE
        ]
        for _ in range(wanted - len(there)):
            await reads.ask(stage, DOCTOR, await _next_number(stage), urgency)


# Lectures.


async def _lecture(stage: Stage) -> None:
    states = (LectureState.ANNOUNCED, LectureState.OPEN, LectureState.LIVE)
    query = select(Lecture).where(Lecture.demo.is_(True), Lecture.state.in_(states))
    async with stage.services.db.read() as session:
        rows = list((await session.execute(query)).scalars())
    lecturer, by_lecturer = stage.person("lecturer"), stage.actor("lecturer")
    for row in rows:
        left = row.starts_at + timedelta(minutes=row.minutes) - stage.now
        if row.state == LectureState.LIVE or left > LEFT:
            return
        await lecture_service.cancel(
            stage.services, lecturer, by_lecturer, row.id, "演示讲座已过时间,自动取消。"
        )
    title, description = lectures.TOPICS[len(rows) % len(lectures.TOPICS)]
    request = LectureRequest(
        title=f"{title}(示例)",
        description=description,
        starts_at=_soon(stage.now, 10),
        minutes=60,
        lecturer_id=lecturer.id,
        agreement_ids=[agreement.id for agreement in stage.agreements.values()],
        announce=True,
    )
    coordinator = stage.person("coordinator")
    lecture = await lecture_service.plan(
        stage.services, coordinator, stage.actor("coordinator"), request, demo=True
    )
    await lecture_service.move(stage.services, lecturer, by_lecturer, lecture.id, LectureEvent.OPEN)
