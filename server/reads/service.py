"""Writes of the reading flow: ask, submit, claim, draft, return, critical values.

Each is one transaction with its audit row. Uploads are in `intake`, signing in `signing`, the end in `closing`.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.rules import Person
from server.assessment.policy import Policy, UnknownProgramme, policy_for
from server.errors import ErrorCode, Problem, wrong_state
from server.pairing.service import agreement_between, today_of
from server.patients.service import access_patient
from server.reads import checking, metrics
from server.reads.access import Held, access_read
from server.reads.rules import (
    ReadEvent,
    ReadKind,
    ReadState,
    Side,
    Urgency,
    after,
    due_at,
    may,
)
from server.reads.schemas import ReportContent
from server.reads.terms import terms
from storage.db import Actor, Tx
from storage.ids import new_id
from storage.tables.access import Organisation, Staff
from storage.tables.pairing import Agreement
from storage.tables.patients import Patient
from storage.tables.reads import CriticalValue, ReadDraft, ReadFile, ReadRequest

if TYPE_CHECKING:
    from server.services import Services

TOPIC = "reads"


class ReadAction(StrEnum):
    """Audit actions. Sorted."""

    ACKNOWLEDGED = "reads:read:acknowledge"
    ANSWERED = "reads:read:answer"
    ATTACHED = "reads:read:attach"
    CANCELLED = "reads:read:cancel"
    CLAIMED = "reads:read:claim"
    CLOSED = "reads:read:close"
    CREATED = "reads:read:create"
    CRITICAL_ACKNOWLEDGED = "reads:critical:acknowledge"
    CRITICAL_MARKED = "reads:critical:mark"
    DRAFT_SAVED = "reads:draft:save"
    RELEASED = "reads:read:release"
    RETURNED = "reads:read:return"
    SIGNED = "reads:report:sign"
    SUBMITTED = "reads:read:submit"


# What every write starts and ends with.


async def _taken(session: AsyncSession, held: Held) -> Problem:
    who = await session.get(Staff, held.read.claimed_by) if held.read.claimed_by else None
    name = who.name if who is not None else ""
    return Problem(
        ErrorCode.ALREADY_CLAIMED,
        zh=f"已由{name}领取。请从队列中选择下一份。",
        en=f"{name} has taken this one. Take the next from the queue.",
        data={"claimed_by": held.read.claimed_by},
    )


async def check_event(session: AsyncSession, person: Person, held: Held, event: ReadEvent) -> None:
    """Raise `Problem` (409) unless the person may do this now."""
    if may(held.standing, event, held.side, person.id):
        return
    others = held.read.claimed_by not in (None, person.id)
    waiting = held.standing.state in (ReadState.CLAIMED, ReadState.DRAFT)
    if held.side is Side.READER and others and waiting:
        raise await _taken(session, held)
    raise wrong_state()


async def begin(tx: Tx, services: Services, person: Person, read_id: str, event: ReadEvent) -> Held:
    """Lock the read and check that the person may do this now. Raises `Problem` (404, 409)."""
    held = await access_read(tx.session, services, person, read_id, lock=True)
    await check_event(tx.session, person, held, event)
    return held


def move(tx: Tx, held: Held, event: ReadEvent) -> None:
    """Put the read into the state that follows."""
    target = after(held.standing.state, event)
    assert target is not None
    held.read.state = target
    urgency = Urgency(held.read.urgency)
    tx.after_commit.append(partial(metrics.count, event, urgency))


def tell(tx: Tx, read: ReadRequest, *, requester: bool = True, reader: bool = True) -> None:
    """Tell the open pages of the sides concerned."""
    sides = {read.requesting_id} if requester else set()
    if reader:
        sides.add(read.supporting_id)
    tx.emit(TOPIC, read.id, organisations=sides)


async def newest_file(session: AsyncSession, read_id: str) -> ReadFile | None:
    query = select(ReadFile).where(ReadFile.read_id == read_id)
    query = query.order_by(ReadFile.number.desc()).limit(1)
    return (await session.execute(query)).scalar_one_or_none()


# The requesting side.


async def create_read(
    services: Services,
    actor: Actor,
    person: Person,
    *,
    patient_id: str,
    supporting_id: str,
    question: str,
    symptoms: str = "",
    urgency: Urgency = Urgency.ROUTINE,
    kind: ReadKind = ReadKind.ECG,
) -> ReadRequest:
    """Open a request for a patient of the person's own unit. Raises `Problem` (404, 409)."""
    async with services.db.write(actor) as tx:
        patient = await access_patient(tx.session, person, patient_id)
        own = person.organisation_id
        today = await today_of(tx.session, services, own)
        agreement = await agreement_between(tx.session, supporting_id, own, today)
        unit = await tx.session.get(Organisation, own)
        read = ReadRequest(
            id=new_id("red"),
            kind=kind,
            state=ReadState.UPLOADING,
            urgency=urgency,
            patient_id=patient.id,
            requester_id=person.id,
            requesting_id=own,
            supporting_id=supporting_id,
            agreement_id=agreement.id,
            question=question,
            symptoms=symptoms,
            demo=unit is not None and unit.demo,
            created_at=tx.now,
        )
        tx.session.add(read)
        tx.audit(ReadAction.CREATED, "read", read.id, {"urgency": urgency.value})
        tell(tx, read, reader=False)
    return read


def policy_of(agreement: Agreement, today: date) -> Policy:
    """The policy that judges a read submitted today. Raises `Problem` (409)."""
    try:
        return policy_for(agreement.programme, today)
    except UnknownProgramme:
        raise wrong_state(
            "协议所属的考核项目今天没有生效的规则。请联系主管部门管理员。",
            "The agreement's programme has no rules in force today. Tell the authority's administrator.",
        ) from None


async def _check_identity(tx: Tx, held: Held, *, confirmed: bool) -> None:
    file = await newest_file(tx.session, held.read.id)
    if file is None:
        raise wrong_state("请先上传心电图文件。", "Upload the ECG file first.")
    patient = await tx.session.get_one(Patient, held.read.patient_id)
    match = checking.match_view(file, patient, Side.REQUESTER)
    if match.must_confirm and not confirmed:
        differs = [item.field for item in match.fields if item.result == "differs"]
        raise Problem(ErrorCode.PATIENT_MISMATCH, data={"fields": differs})
    if match.must_confirm:
        file.mismatch_confirmed_at = tx.now


async def submit(
    services: Services,
    actor: Actor,
    person: Person,
    read_id: str,
    *,
    confirm_mismatch: bool = False,
    question: str | None = None,
    symptoms: str | None = None,
    urgency: Urgency | None = None,
) -> ReadRequest:
    """Send it to the specialists: the clock starts. Raises `Problem` (404, 409).

    Question, symptoms and urgency may be finished while the file travels, so they may come once more. After a
    return the clock starts anew, since the reader could not have answered before.
    """
    async with services.db.write(actor) as tx:
        held = await begin(tx, services, person, read_id, ReadEvent.SUBMIT)
        read = held.read
        await _check_identity(tx, held, confirmed=confirm_mismatch)
        today = await today_of(tx.session, services, read.requesting_id)
        agreement = await agreement_between(
            tx.session, read.supporting_id, read.requesting_id, today
        )
        policy = policy_of(agreement, today)
        read.urgency = urgency or Urgency(read.urgency)
        read.agreement_id = agreement.id
        read.programme, read.policy_version = policy.programme, policy.version
        read.read_minutes = policy.read_due_minutes[read.urgency]
        read.question = question or read.question
        read.symptoms = read.symptoms if symptoms is None else symptoms
        read.submitted_at = tx.now
        read.due_at = due_at(tx.now, read.read_minutes)
        move(tx, held, ReadEvent.SUBMIT)
        tx.audit(ReadAction.SUBMITTED, "read", read.id, {"minutes": read.read_minutes})
        tell(tx, read)
    return read


async def cancel(
    services: Services, actor: Actor, person: Person, read_id: str, reason: str
) -> ReadRequest:
    """Withdraw a request that nobody has claimed. Raises `Problem` (404, 409)."""
    async with services.db.write(actor) as tx:
        held = await begin(tx, services, person, read_id, ReadEvent.CANCEL)
        held.read.cancelled_at = tx.now
        held.read.cancel_reason = reason
        move(tx, held, ReadEvent.CANCEL)
        tx.audit(ReadAction.CANCELLED, "read", read_id)
        tell(tx, held.read)
    return held.read


# The reading side.


async def claim(services: Services, actor: Actor, person: Person, read_id: str) -> ReadRequest:
    """Take a read out of the queue. Raises `Problem` (404, 409 naming who was first)."""
    async with services.db.write(actor) as tx:
        held = await begin(tx, services, person, read_id, ReadEvent.CLAIM)
        held.read.claimed_by = person.id
        held.read.claimed_at = tx.now
        move(tx, held, ReadEvent.CLAIM)
        tx.audit(ReadAction.CLAIMED, "read", read_id)
        tell(tx, held.read)
    return held.read


def _unclaim(read: ReadRequest) -> None:
    read.claimed_by = None
    read.claimed_at = None


async def release(services: Services, actor: Actor, person: Person, read_id: str) -> ReadRequest:
    """Put a claimed read back into the queue; its draft is kept for the next reader."""
    async with services.db.write(actor) as tx:
        held = await begin(tx, services, person, read_id, ReadEvent.RELEASE)
        _unclaim(held.read)
        move(tx, held, ReadEvent.RELEASE)
        tx.audit(ReadAction.RELEASED, "read", read_id)
        tell(tx, held.read)
    return held.read


async def send_back(
    services: Services, actor: Actor, person: Person, read_id: str, reason: str
) -> ReadRequest:
    """退回重做: the requester must repeat or complete something. The draft is dropped with the recording."""
    async with services.db.write(actor) as tx:
        held = await begin(tx, services, person, read_id, ReadEvent.RETURN)
        _unclaim(held.read)
        held.read.returned_at = tx.now
        held.read.return_reason = reason
        held.read.due_at = None
        await tx.session.execute(delete(ReadDraft).where(ReadDraft.read_id == read_id))
        move(tx, held, ReadEvent.RETURN)
        tx.audit(ReadAction.RETURNED, "read", read_id)
        tell(tx, held.read)
    return held.read


async def save_draft(
    services: Services,
    actor: Actor,
    person: Person,
    read_id: str,
    *,
    version: int,
    content: ReportContent,
) -> ReadDraft:
    """Keep the draft; `version` is the one it replaces, 0 for none. Raises `Problem` (404, 409).

    The requesting side is told nothing: nothing of a draft is visible before signing.
    """
    async with services.db.write(actor) as tx:
        held = await begin(tx, services, person, read_id, ReadEvent.SAVE_DRAFT)
        draft = await tx.session.get(ReadDraft, read_id)
        if (draft.version if draft is not None else 0) != version:
            raise Problem(ErrorCode.VERSION_CONFLICT)
        if draft is None:
            draft = ReadDraft(read_id=read_id, version=0)
            tx.session.add(draft)
        draft.version += 1
        draft.content = content.model_dump(mode="json")
        draft.saved_by = person.id
        draft.saved_at = tx.now
        move(tx, held, ReadEvent.SAVE_DRAFT)
        tx.audit(ReadAction.DRAFT_SAVED, "read", read_id, {"version": draft.version})
        tell(tx, held.read, requester=False)
    return draft


# Critical values.


async def mark_critical(
    services: Services, actor: Actor, person: Person, read_id: str, *, code: str, note: str = ""
) -> CriticalValue:
    """Confirm a critical value: told to the requesting side at once, with its own clock.

    It does not wait for the signature: 危急值 are called through, the report follows. Only the entry of the list and
    the note are shown, nothing of the draft. Raises `Problem` (404, 409, 422).
    """
    if code not in terms().criticals:
        raise Problem(
            ErrorCode.INVALID_REQUEST,
            data={"errors": [{"path": "code", "message": "请从危急值列表选择。"}]},
        )
    async with services.db.write(actor) as tx:
        held = await begin(tx, services, person, read_id, ReadEvent.MARK_CRITICAL)
        same = select(func.count()).where(
            CriticalValue.read_id == read_id, CriticalValue.code == code
        )
        if (await tx.session.execute(same)).scalar_one():
            raise wrong_state("该危急值已经标记。", "This critical value is marked already.")
        agreement = await tx.session.get(Agreement, held.read.agreement_id)
        assert agreement is not None
        today = await today_of(tx.session, services, held.read.requesting_id)
        minutes = policy_of(agreement, today).critical_ack_minutes
        critical = CriticalValue(
            id=new_id("crv"),
            read_id=read_id,
            code=code,
            note=note,
            confirmed_by=person.id,
            confirmed_at=tx.now,
            due_at=tx.now + timedelta(minutes=minutes),
        )
        tx.session.add(critical)
        move(tx, held, ReadEvent.MARK_CRITICAL)
        tx.audit(ReadAction.CRITICAL_MARKED, "read", read_id, {"code": code})
        tell(tx, held.read)
    return critical


async def settle_criticals(tx: Tx, read_id: str, person_id: str) -> int:
    """Mark every open critical value of a read as acknowledged now; how many there were."""
    query = select(CriticalValue).where(
        CriticalValue.read_id == read_id, CriticalValue.acknowledged_at.is_(None)
    )
    rows = (await tx.session.execute(query)).scalars().all()
    for row in rows:
        row.acknowledged_by = person_id
        row.acknowledged_at = tx.now
        in_time = tx.now <= row.due_at
        tx.after_commit.append(partial(metrics.critical_acknowledged, in_time=in_time))
    return len(rows)


async def acknowledge_critical(
    services: Services, actor: Actor, person: Person, read_id: str
) -> ReadRequest:
    """The requesting side has seen every critical value of the read. Raises `Problem` (404, 409)."""
    async with services.db.write(actor) as tx:
        held = await begin(tx, services, person, read_id, ReadEvent.ACKNOWLEDGE_CRITICAL)
        count = await settle_criticals(tx, read_id, person.id)
        move(tx, held, ReadEvent.ACKNOWLEDGE_CRITICAL)
        tx.audit(ReadAction.CRITICAL_ACKNOWLEDGED, "read", read_id, {"count": count})
        tell(tx, held.read)
    return held.read
