"""Consults from draft to the end of the live session: every write, each with its audit row."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import structlog

from server.access.authentication import person_of
from server.access.rules import Person, Role
from server.errors import ErrorCode, Problem, wrong_state
from server.pairing.service import agreement_between, today_of
from server.patients.service import access_patient
from server.sessions.consult_access import Found, apply, changing, tell, wrong_state_for
from server.sessions.media import MediaUnavailable
from server.sessions.rules import EDITABLE, ConsultEvent, ConsultState, Party, next_consult
from server.sessions.schemas import ConsultChange, ConsultRequest
from storage.db import Actor, Tx
from storage.ids import new_id
from storage.tables.access import Department, Staff
from storage.tables.sessions import Consult, ConsultNote

if TYPE_CHECKING:
    from server.services import Services

log = structlog.get_logger("sessions")
SCHEDULE_SLACK = timedelta(minutes=5)  # "now" on a doctor's clock may be a little past


class ConsultAudit(StrEnum):
    """Audit actions. Sorted."""

    ACCEPTED = "sessions:consult:accept"
    ANSWERED = "sessions:consult:answer"
    ASKED = "sessions:consult:ask"
    BEGAN = "sessions:consult:begin"
    CANCELLED = "sessions:consult:cancel"
    CLOSED = "sessions:consult:close"
    CREATED = "sessions:consult:create"
    DECLINED = "sessions:consult:decline"
    EDITED = "sessions:consult:edit"
    EMPTIED = "sessions:consult:empty"
    ENDED = "sessions:consult:end"
    FILED_BACK = "sessions:consult:file_back"
    JOINED = "sessions:consult:join"
    OPINION_SAVED = "sessions:consult:save_opinion"
    OUTCOME_REPORTED = "sessions:consult:report_outcome"
    REOPENED = "sessions:consult:reopen"
    SCHEDULED = "sessions:consult:schedule"
    SIGNED = "sessions:consult:sign"
    SUBMITTED = "sessions:consult:submit"


def _invalid(path: str, zh: str, en: str) -> Problem:
    data = {"errors": [{"path": path, "message": en}]}
    return Problem(ErrorCode.INVALID_REQUEST, zh=zh, en=en, data=data)


async def _check_invitation(tx: Tx, body: ConsultRequest) -> None:
    """The invited department and person must be of the supporting unit. Raises `Problem` (422)."""
    if body.department_id is not None:
        department = await tx.session.get(Department, body.department_id)
        if department is None or department.organisation_id != body.supporting_id:
            raise _invalid(
                "department_id",
                "所选科室不属于该支援单位。请重新选择。",
                "The department is not of that supporting unit. Choose again.",
            )
    if body.specialist_id is not None:
        staff = await tx.session.get(Staff, body.specialist_id)
        fits = staff is not None and staff.active and staff.organisation_id == body.supporting_id
        if staff is None or not fits or not person_of(staff).has(Role.SPECIALIST):
            raise _invalid(
                "specialist_id",
                "所选专家不在该支援单位,或不是会诊专家。请重新选择。",
                "That person is not a specialist of the supporting unit. Choose again.",
            )


async def create(
    services: Services, person: Person, actor: Actor, body: ConsultRequest, *, demo: bool = False
) -> Consult:
    """A draft, or with `submit` a request that is already sent.

    The patient must be of the person's own organisation (else 404), and an agreement with the supporting unit
    in force (else 409).
    """
    async with services.db.write(actor) as tx:
        patient = await access_patient(tx.session, person, body.patient_id)
        day = await today_of(tx.session, services, person.organisation_id)
        agreement = await agreement_between(
            tx.session, body.supporting_id, person.organisation_id, day
        )
        await _check_invitation(tx, body)
        consult = Consult(
            id=new_id("con"),
            state=ConsultState.SUBMITTED if body.submit else ConsultState.DRAFT,
            agreement_id=agreement.id,
            requester_org_id=person.organisation_id,
            requester_id=person.id,
            supporting_id=body.supporting_id,
            invited_department_id=body.department_id,
            invited_id=body.specialist_id,
            patient_id=patient.id,
            summary=body.summary,
            question=body.question,
            urgency=body.urgency,
            wished_at=body.wished_at,
            submitted_at=tx.now if body.submit else None,
            demo=demo or patient.demo,
            created_at=tx.now,
            updated_at=tx.now,
        )
        tx.session.add(consult)
        tx.audit(ConsultAudit.CREATED, "consult", consult.id)
        if body.submit:
            tx.audit(ConsultAudit.SUBMITTED, "consult", consult.id)
        tell(tx, consult)
    return consult


async def edit(
    services: Services, person: Person, actor: Actor, consult_id: str, body: ConsultChange
) -> None:
    """Change the text of a request that the specialists have not accepted yet."""
    async with changing(services, person, actor, consult_id) as (tx, found):
        if found.party is not Party.REQUESTER:
            raise Problem(ErrorCode.NOT_ALLOWED)
        if found.state not in EDITABLE:
            raise wrong_state(
                "申请已发出,不能修改。如需补充,请等专家退回补充资料,或取消后重新申请。",
                "The request was sent and cannot be changed. Wait to be asked, or cancel and ask anew.",
            )
        consult = found.consult
        given = body.model_fields_set
        if body.summary is not None:
            consult.summary = body.summary
        if body.question is not None:
            consult.question = body.question
        if body.urgency is not None:
            consult.urgency = body.urgency
        if "wished_at" in given:
            consult.wished_at = body.wished_at
        consult.updated_at = tx.now
        tx.audit(ConsultAudit.EDITED, "consult", consult.id)


def _in_force(found: Found) -> None:
    if not found.in_force:
        raise Problem(ErrorCode.AGREEMENT_NOT_IN_FORCE)


async def submit(services: Services, person: Person, actor: Actor, consult_id: str) -> None:
    """Send a draft. Raises `Problem` (409) when the agreement has run out since."""
    async with changing(services, person, actor, consult_id) as (tx, found):
        apply(found, ConsultEvent.SUBMIT, tx.now)
        _in_force(found)
        found.consult.submitted_at = tx.now
        tx.audit(ConsultAudit.SUBMITTED, "consult", consult_id)


def _note(tx: Tx, consult_id: str, event: ConsultEvent, person: Person, text: str) -> None:
    tx.session.add(
        ConsultNote(
            id=new_id("cno"),
            consult_id=consult_id,
            kind=event.value,
            author_id=person.id,
            text=text,
            at=tx.now,
        )
    )


def _set_time(tx: Tx, found: Found, starts_at: datetime, minutes: int) -> None:
    if starts_at < tx.now - SCHEDULE_SLACK:
        raise _invalid(
            "starts_at",
            "开始时间已经过去。请选择现在或以后的时间。",
            "The start has passed. Choose now or a later time.",
        )
    apply(found, ConsultEvent.SCHEDULE, tx.now)
    found.consult.starts_at = starts_at
    found.consult.minutes = minutes
    details = {"minutes": minutes}
    tx.audit(ConsultAudit.SCHEDULED, "consult", found.consult.id, details)


async def accept(
    services: Services,
    person: Person,
    actor: Actor,
    consult_id: str,
    *,
    starts_at: datetime | None = None,
    minutes: int = 30,
) -> None:
    """Take the case; with a time, schedule it at once. From here on only this specialist sees the case."""
    async with changing(services, person, actor, consult_id) as (tx, found):
        apply(found, ConsultEvent.ACCEPT, tx.now)
        found.consult.specialist_id = person.id
        tx.audit(ConsultAudit.ACCEPTED, "consult", consult_id)
        if starts_at is not None:
            _set_time(tx, found, starts_at, minutes)


async def decline(
    services: Services, person: Person, actor: Actor, consult_id: str, reason: str
) -> None:
    async with changing(services, person, actor, consult_id) as (tx, found):
        apply(found, ConsultEvent.DECLINE, tx.now)
        # The decliner keeps sight of the answer given; for all others the invitation is over.
        found.consult.specialist_id = person.id
        _note(tx, consult_id, ConsultEvent.DECLINE, person, reason)
        tx.audit(ConsultAudit.DECLINED, "consult", consult_id)


async def ask(
    services: Services, person: Person, actor: Actor, consult_id: str, message: str
) -> None:
    """Send the request back for more information."""
    async with changing(services, person, actor, consult_id) as (tx, found):
        apply(found, ConsultEvent.ASK, tx.now)
        _note(tx, consult_id, ConsultEvent.ASK, person, message)
        tx.audit(ConsultAudit.ASKED, "consult", consult_id)


async def answer(
    services: Services, person: Person, actor: Actor, consult_id: str, message: str
) -> None:
    """Give what was asked for; the request is submitted again."""
    async with changing(services, person, actor, consult_id) as (tx, found):
        apply(found, ConsultEvent.ANSWER, tx.now)
        _in_force(found)
        _note(tx, consult_id, ConsultEvent.ANSWER, person, message)
        tx.audit(ConsultAudit.ANSWERED, "consult", consult_id)


async def schedule(
    services: Services,
    person: Person,
    actor: Actor,
    consult_id: str,
    starts_at: datetime,
    minutes: int,
) -> None:
    """Set the time, or move it. The specialist does, or the supporting unit's coordinator."""
    async with changing(services, person, actor, consult_id) as (tx, found):
        _set_time(tx, found, starts_at, minutes)


async def cancel(
    services: Services, person: Person, actor: Actor, consult_id: str, reason: str
) -> None:
    """Cancel before it is live; whoever waits in the room is sent out."""
    async with changing(services, person, actor, consult_id) as (tx, found):
        apply(found, ConsultEvent.CANCEL, tx.now)
        _note(tx, consult_id, ConsultEvent.CANCEL, person, reason)
        tx.audit(ConsultAudit.CANCELLED, "consult", consult_id)
    await clear_room(services, consult_id)


async def end(services: Services, person: Person, actor: Actor, consult_id: str) -> None:
    """The specialist ends the session; the room closes for both sides."""
    async with changing(services, person, actor, consult_id) as (tx, found):
        apply(found, ConsultEvent.END, tx.now)
        found.consult.ended_at = tx.now
        found.consult.ended_by = person.id
        tx.audit(ConsultAudit.ENDED, "consult", consult_id)
    await clear_room(services, consult_id)


def ended(tx: Tx, consult: Consult, by: str) -> None:
    """The live session ends, whoever of its hosts ended it. Raises `Problem` (409) when it is not live."""
    target = next_consult(ConsultState(consult.state), ConsultEvent.END)
    if target is None:
        raise wrong_state_for(consult.state, ConsultEvent.END)
    consult.state = target
    consult.updated_at = consult.ended_at = tx.now
    consult.ended_by = by
    tx.audit(ConsultAudit.ENDED, "consult", consult.id)
    tell(tx, consult)


async def clear_room(services: Services, session_id: str) -> None:
    """Send everyone out. What was decided stands even when the media server does not answer."""
    try:
        await services.media.close_room(session_id)
    except MediaUnavailable as error:
        log.warning("room_not_closed", session=session_id, reason=str(error))
