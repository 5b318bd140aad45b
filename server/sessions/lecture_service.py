"""Lectures: every write, each with its audit row."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from server.access.authentication import person_of
from server.access.rules import Person, Role
from server.clock import local_date
from server.errors import ErrorCode, Problem, not_found, wrong_state
from server.pairing.service import access_agreement
from server.sessions.consult_service import SCHEDULE_SLACK, clear_room
from server.sessions.lecture_access import apply, changing, tell
from server.sessions.lecture_schemas import LectureChange, LectureRequest
from server.sessions.people import holds
from server.sessions.rules import LectureEvent, LectureParty, LectureState
from storage.db import Actor, Tx
from storage.ids import new_id
from storage.tables.access import Organisation, Staff
from storage.tables.sessions import Lecture, LectureInvitation

if TYPE_CHECKING:
    from server.services import Services


class LectureAudit(StrEnum):
    """Audit actions. Sorted."""

    ANNOUNCED = "sessions:lecture:announce"
    ARCHIVED = "sessions:lecture:archive"
    CANCELLED = "sessions:lecture:cancel"
    CREDITED = "sessions:lecture:credit"
    EDITED = "sessions:lecture:edit"
    ENDED = "sessions:lecture:end"
    JOINED = "sessions:lecture:join"
    OPENED = "sessions:lecture:open"
    PLANNED = "sessions:lecture:plan"
    SPEAKER_SET = "sessions:lecture:set_speaker"
    STARTED = "sessions:lecture:start"


_AUDIT = {
    LectureEvent.ANNOUNCE: LectureAudit.ANNOUNCED,
    LectureEvent.ARCHIVE: LectureAudit.ARCHIVED,
    LectureEvent.CANCEL: LectureAudit.CANCELLED,
    LectureEvent.CREDIT: LectureAudit.CREDITED,
    LectureEvent.END: LectureAudit.ENDED,
    LectureEvent.OPEN: LectureAudit.OPENED,
    LectureEvent.START: LectureAudit.STARTED,
}


def _past(starts_at: datetime, now: datetime) -> None:
    if starts_at < now - SCHEDULE_SLACK:
        raise Problem(
            ErrorCode.INVALID_REQUEST,
            zh="开始时间已经过去。请选择现在或以后的时间。",
            en="The start has passed. Choose now or a later time.",
            data={"errors": [{"path": "starts_at", "message": "in the past"}]},
        )


async def _invitations(
    tx: Tx, person: Person, body: LectureRequest, lecture_id: str
) -> list[LectureInvitation]:
    """The recipients by their agreements, all of them with the person's own unit, in force on the day."""
    found: list[LectureInvitation] = []
    for agreement_id in dict.fromkeys(body.agreement_ids):
        agreement = await access_agreement(tx.session, person, agreement_id)
        if agreement.supporting_id != person.organisation_id:
            raise Problem(
                ErrorCode.NOT_ALLOWED,
                zh="讲座由支援单位安排。请联系支援单位的协调员。",
                en="Lectures are planned by the supporting unit. Ask its coordinator.",
            )
        recipient = await tx.session.get(Organisation, agreement.recipient_id)
        assert recipient is not None
        if not holds(agreement, local_date(body.starts_at, recipient.zone)):
            raise Problem(ErrorCode.AGREEMENT_NOT_IN_FORCE)
        found.append(
            LectureInvitation(
                lecture_id=lecture_id, agreement_id=agreement.id, recipient_id=recipient.id
            )
        )
    if len({row.recipient_id for row in found}) != len(found):
        raise Problem(
            ErrorCode.INVALID_REQUEST,
            zh="同一受援单位只能邀请一次。请去掉重复的协议。",
            en="A recipient unit is invited once. Remove the second agreement with it.",
            data={"errors": [{"path": "agreement_ids", "message": "recipient twice"}]},
        )
    return found


async def _lecturer(tx: Tx, person: Person, lecturer_id: str | None) -> str:
    """The lecturer: a lecturer or specialist of the planning unit. Raises `Problem` (422)."""
    staff = await tx.session.get(Staff, lecturer_id or person.id)
    inside = staff is not None and staff.organisation_id == person.organisation_id
    if staff is None or not inside or not staff.active:
        raise not_found()
    if not person_of(staff).has(Role.LECTURER, Role.SPECIALIST):
        raise Problem(
            ErrorCode.INVALID_REQUEST,
            zh="请选择一位讲者或专家作为主讲人。",
            en="Choose a lecturer or specialist to speak.",
            data={"errors": [{"path": "lecturer_id", "message": "not a lecturer"}]},
        )
    return staff.id


async def plan(
    services: Services, person: Person, actor: Actor, body: LectureRequest, *, demo: bool = False
) -> Lecture:
    """Plan a lecture of the person's own (supporting) unit; with `announce`, show it at once."""
    async with services.db.write(actor) as tx:
        _past(body.starts_at, tx.now)
        lecture_id = new_id("lec")
        invitations = await _invitations(tx, person, body, lecture_id)
        lecture = Lecture(
            id=lecture_id,
            state=LectureState.ANNOUNCED if body.announce else LectureState.PLANNED,
            supporting_id=person.organisation_id,
            lecturer_id=await _lecturer(tx, person, body.lecturer_id),
            created_by=person.id,
            title=body.title,
            description=body.description,
            starts_at=body.starts_at,
            minutes=body.minutes,
            announced_at=tx.now if body.announce else None,
            demo=demo,
            created_at=tx.now,
            updated_at=tx.now,
            invitations=invitations,
        )
        tx.session.add(lecture)
        tx.audit(LectureAudit.PLANNED, "lecture", lecture.id)
        if body.announce:
            tx.audit(LectureAudit.ANNOUNCED, "lecture", lecture.id)
        tell(tx, lecture)
    return lecture


async def edit(
    services: Services, person: Person, actor: Actor, lecture_id: str, body: LectureChange
) -> None:
    """Change what is planned, before the door opens."""
    async with changing(services, person, actor, lecture_id) as (tx, found):
        lecture = found.lecture
        if found.party is LectureParty.AUDIENCE:
            raise Problem(ErrorCode.NOT_ALLOWED)
        if found.state not in (LectureState.PLANNED, LectureState.ANNOUNCED):
            raise wrong_state(
                "讲座已开放或结束,不能再修改安排。",
                "The lecture has opened or ended; its plan cannot be changed any more.",
            )
        if body.starts_at is not None:
            _past(body.starts_at, tx.now)
            lecture.starts_at = body.starts_at
        lecture.title = body.title or lecture.title
        lecture.minutes = body.minutes or lecture.minutes
        if body.description is not None:
            lecture.description = body.description
        lecture.updated_at = tx.now
        tx.audit(LectureAudit.EDITED, "lecture", lecture.id)


def moved(tx: Tx, lecture: Lecture, event: LectureEvent, party: LectureParty) -> None:
    """Apply an event inside a transaction, with its times and audit row."""
    apply(lecture, event, party, tx.now)
    if event is LectureEvent.ANNOUNCE:
        lecture.announced_at = tx.now
    elif event is LectureEvent.OPEN:
        lecture.opened_at = tx.now
    elif event is LectureEvent.START:
        lecture.live_at = tx.now
    elif event is LectureEvent.END:
        lecture.ended_at = tx.now
    elif event is LectureEvent.CREDIT:
        lecture.credited_at = tx.now
    tx.audit(_AUDIT[event], "lecture", lecture.id)


async def move(
    services: Services, person: Person, actor: Actor, lecture_id: str, event: LectureEvent
) -> None:
    """Announce, open, start, end or archive. Starting before opening opens it as well.

    After `END` everybody is sent out; the entries follow once the last media reports are in (`crediting` loop).
    """
    async with changing(services, person, actor, lecture_id) as (tx, found):
        if event is LectureEvent.START and found.state is LectureState.ANNOUNCED:
            moved(tx, found.lecture, LectureEvent.OPEN, found.party)
        moved(tx, found.lecture, event, found.party)
    if event is LectureEvent.END:
        await clear_room(services, lecture_id)


def ended(tx: Tx, lecture: Lecture) -> None:
    """The lecture ends, whoever of its hosts ended it; one whose media are not reported yet begins
    with that. Raises `Problem` (409) when nobody came yet, or it is over."""
    if lecture.state == LectureState.OPEN:
        moved(tx, lecture, LectureEvent.START, LectureParty.SYSTEM)
    moved(tx, lecture, LectureEvent.END, LectureParty.SYSTEM)
    tell(tx, lecture)


async def cancel(
    services: Services, person: Person, actor: Actor, lecture_id: str, reason: str
) -> None:
    """Cancel before it begins; whoever waits in the room is sent out."""
    async with changing(services, person, actor, lecture_id) as (tx, found):
        moved(tx, found.lecture, LectureEvent.CANCEL, found.party)
        found.lecture.cancel_reason = reason
    await clear_room(services, lecture_id)
