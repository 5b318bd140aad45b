"""After a lecture: one activity entry for each agreement, with the verified minutes of each learner."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server.assessment.policy import Policy
from server.clock import local_date
from server.evidence import service as evidence_service
from server.evidence.rules import Activity, Participation, ReasonCode
from server.pairing.rules import ActivityKind
from server.recordings.access import evidence_of
from server.sessions import (
    attendance,
    consult_closing,
    deserted,
    evidence_documents,
    withdrawal,
)
from server.sessions.consult_service import clear_room
from server.sessions.crediting import Attendee, Judgement, judge_lecture
from server.sessions.evidence_documents import Documents
from server.sessions.intervals import clip, seconds
from server.sessions.lecture_access import find_lecture, tell
from server.sessions.lecture_service import moved
from server.sessions.people import holds, plan_item, policy_at
from server.sessions.rules import (
    LIVE_LIMIT,
    LectureEvent,
    LectureParty,
    LectureState,
    window,
)
from storage.db import SYSTEM, Tx
from storage.tables.pairing import Agreement
from storage.tables.sessions import Lecture, LectureInvitation, SessionAttendance

if TYPE_CHECKING:
    from server.services import Services

log = structlog.get_logger("sessions")
# The media server sends its last reports when the room closes; the entry waits for them.
SETTLE = timedelta(seconds=20)
EVERY = 5.0  # seconds between two looks for lectures to credit


@dataclass(frozen=True, slots=True)
class _Share:
    """What one recipient unit gets: the judgement and documents under its agreement."""

    invitation: LectureInvitation
    agreement: Agreement
    policy: Policy
    judgement: Judgement
    documents: Documents
    day_item: str | None
    interrupted: int  # seconds in which the media server was away


def lecture_role(lecture: Lecture, row: SessionAttendance) -> str:
    if row.staff_id == lecture.lecturer_id:
        return "lecturer"
    return "observer" if row.organisation_id == lecture.supporting_id else "learner"


def times_of(lecture: Lecture, now: datetime) -> tuple[datetime, datetime]:
    """From live to the end, or to now while it runs. Nothing counts before it is live."""
    start = lecture.live_at or now
    return start, max(start, lecture.ended_at or now)


def _concerned(
    lecture: Lecture, rows: Sequence[SessionAttendance], recipient_id: str
) -> list[SessionAttendance]:
    """The lecturer and that unit's own people: no unit's entry names another unit's."""
    return [
        row
        for row in rows
        if row.staff_id == lecture.lecturer_id or row.organisation_id == recipient_id
    ]


async def _share(
    session: AsyncSession,
    lecture: Lecture,
    invitation: LectureInvitation,
    rows: Sequence[SessionAttendance],
    now: datetime,
) -> _Share:
    agreement = await session.get(Agreement, invitation.agreement_id)
    assert agreement is not None
    started, ended = times_of(lecture, now)
    zone = invitation.recipient.zone
    policy = policy_at(agreement, started, zone)
    own = _concerned(lecture, rows, invitation.recipient_id)
    witnessed = await attendance.witnessed(session, lecture.id)
    attendees: list[Attendee] = [
        attendance.attendee(row, lecture_role(lecture, row), witnessed) for row in own
    ]
    span = attendance.span_of(started, ended)
    day = local_date(started, zone)
    judgement = judge_lecture(
        attendees,
        span=span,
        recipient_id=invitation.recipient_id,
        floor_seconds=policy.floor_minutes[ActivityKind.LECTURE] * 60,
        in_term=holds(agreement, day),
    )
    lines = await evidence_documents.report_lines(
        session, lecture.id, {row.staff_id for row in own}
    )
    concerned = {row.staff_id for row in own}
    stays = await attendance.stays_of(session, lecture.id)
    gaps = attendance.interruptions((s for s in stays if s.staff_id in concerned), ended)
    document = evidence_documents.attendance_document(
        lecture.id, span, attendees, own, judgement, gaps
    )
    documents = await evidence_documents.build(document, lines)
    item = plan_item(agreement, ActivityKind.LECTURE, day)
    return _Share(
        invitation, agreement, policy, judgement, documents, item, seconds(clip(gaps, *span))
    )


def _facts(lecture: Lecture, share: _Share) -> dict[str, int | bool | str]:
    floor = share.policy.floor_minutes[ActivityKind.LECTURE] * 60
    learners = [item.seconds for item in share.judgement.people if item.role == "learner"]
    started, _ = times_of(lecture, lecture.starts_at)
    slack = timedelta(minutes=share.policy.join_before_minutes)
    gap = {"interrupted_seconds": share.interrupted} if share.interrupted else {}
    counted = {
        "learners": sum(1 for spent in learners if spent >= floor),
        "signed_in": sum(1 for spent in learners if spent > 0),
        "learner_seconds": sum(learners),
        "longest_seconds": share.judgement.shared_seconds,
    }
    if ReasonCode.RECEPTION_UNKNOWN in share.judgement.reasons:
        counted = {}  # not known is not none
    return {
        **gap,
        **counted,
        "planned_minutes": lecture.minutes,
        "on_time": started <= lecture.starts_at + slack,
    }


async def _record(tx: Tx, lecture: Lecture, share: _Share) -> None:
    started, ended = times_of(lecture, tx.now)
    entry = await evidence_service.record(
        tx,
        Activity(
            kind=ActivityKind.LECTURE,
            subject_type="lecture",
            subject_id=lecture.id,
            agreement_id=share.agreement.id,
            plan_item_id=share.day_item,
            supporting_id=lecture.supporting_id,
            recipient_id=share.invitation.recipient_id,
            started_at=started,
            ended_at=ended,
            people=tuple(
                Participation(
                    item.person_id, item.organisation_id, item.role, item.seconds, item.intervals
                )
                for item in share.judgement.people
            ),
            evidence=(
                *share.documents.evidence,
                *await evidence_of(tx.session, lecture.id),
            ),
            policy_programme=share.policy.programme,
            policy_version=share.policy.version,
            creditable=share.judgement.creditable,
            reasons=share.judgement.reasons,
            facts=_facts(lecture, share),
            demo=lecture.demo,
        ),
    )
    key = (lecture.id, share.agreement.id)
    invitation = await tx.session.get(LectureInvitation, key)
    assert invitation is not None
    invitation.entry_id = entry.id


async def credit(services: Services, lecture_id: str) -> bool:
    """Write the entries of an ended lecture. False when there is nothing to write, or not yet.

    Idempotent; the loop below calls it once the last media reports had time to arrive.
    """
    async with services.db.read() as session:
        lecture = await find_lecture(session, lecture_id)
        if lecture.state != LectureState.ENDED:
            return False
        rows = await attendance.rows_of(session, lecture_id)
        now = services.clock.now()
        shares = [
            await _share(session, lecture, invitation, rows, now)
            for invitation in lecture.invitations
        ]
        reports = await evidence_documents.report_count(session, lecture_id)
    for share in shares:
        await evidence_documents.keep(services, share.documents)
    async with services.db.write(SYSTEM) as tx:
        lecture = await find_lecture(tx.session, lecture_id, lock=True)
        same = await evidence_documents.report_count(tx.session, lecture_id) == reports
        if lecture.state != LectureState.ENDED or not same:
            return False
        for share in shares:
            await _record(tx, lecture, share)
        moved(tx, lecture, LectureEvent.CREDIT, LectureParty.SYSTEM)
        tell(tx, lecture)
    await evidence_service.seal(services)
    return True


NOT_HELD = "到时未开讲,已自动取消。"
WAITING = (LectureState.ANNOUNCED.value, LectureState.OPEN.value)


def _overdue(lecture: Lecture, now: datetime) -> bool:
    closes_at = window(lecture.starts_at, lecture.minutes, 0).closes_at
    if lecture.live_at is not None:
        closes_at = max(closes_at, lecture.live_at + LIVE_LIMIT)
    return now >= closes_at


async def end_forgotten(services: Services) -> None:
    """End lectures that nobody ended, and cancel those that nobody held, once the door has long closed."""
    now = services.clock.now()
    query = select(Lecture).where(Lecture.state.in_([*WAITING, LectureState.LIVE.value]))
    async with services.db.read() as session:
        rows = (await session.execute(query.where(Lecture.starts_at < now))).scalars()
        overdue = [lecture.id for lecture in rows if _overdue(lecture, now)]
    for lecture_id in overdue:
        async with services.db.write(SYSTEM) as tx:
            lecture = await find_lecture(tx.session, lecture_id, lock=True)
            if lecture.state == LectureState.LIVE:
                moved(tx, lecture, LectureEvent.END, LectureParty.SYSTEM)
            elif lecture.state in WAITING:
                moved(tx, lecture, LectureEvent.CANCEL, LectureParty.SYSTEM)
                lecture.cancel_reason = NOT_HELD
            else:
                continue
            tell(tx, lecture)
        await clear_room(services, lecture_id)


async def credit_settled(services: Services) -> int:
    """Write the entries of all lectures that ended long enough ago. Returns how many lectures."""
    limit = services.clock.now() - SETTLE
    query = select(Lecture.id).where(Lecture.state == LectureState.ENDED, Lecture.ended_at <= limit)
    async with services.db.read() as session:
        waiting = list((await session.execute(query.limit(50))).scalars())
    return sum([await credit(services, lecture_id) for lecture_id in waiting])


async def keep_closing(services: Services) -> None:
    """Background work: entries of ended lectures, forgotten lectures, unanswered consults, deserted rooms."""
    while True:
        try:
            await credit_settled(services)
            await end_forgotten(services)
            await consult_closing.close_unanswered(services)
            await deserted.end_deserted(services)
            await withdrawal.review(services)
        except Exception as error:  # the database may be away; the next round tries again
            log.error("closing_failed", error=type(error).__name__)
        await asyncio.sleep(EVERY)
