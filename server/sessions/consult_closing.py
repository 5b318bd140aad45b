"""The last steps of a consult: adopted or not, and the one activity entry that is written when it closes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.rules import Person
from server.attachments.listing import files_of
from server.attachments.schemas import OwnerType
from server.evidence import service as evidence_service
from server.evidence.rules import Activity, Evidence, Participation
from server.pairing.rules import ActivityKind
from server.recordings.access import evidence_of
from server.sessions import attendance, evidence_documents
from server.sessions.consult_access import Found, access_consult, apply, day_of, find_consult, tell
from server.sessions.consult_service import ConsultAudit
from server.sessions.crediting import Judgement, judge_consult
from server.sessions.evidence_documents import Documents
from server.sessions.intervals import clip, seconds
from server.sessions.people import holds, plan_item, policy_at
from server.sessions.rules import ConsultEvent, ConsultState, Party
from server.sessions.schemas import Outcome
from storage.db import SYSTEM, Actor, Tx
from storage.tables.sessions import Consult

if TYPE_CHECKING:
    from server.services import Services

# A signed opinion that the requester never answers closes by itself, so that the work done counts.
OUTCOME_WAIT = timedelta(days=14)
UNANSWERED = (ConsultState.SIGNED.value, ConsultState.FILED_BACK.value)


class _Prepared:
    """The judgement of a consult and its documents, valid while no further report has come."""

    def __init__(
        self, judgement: Judgement, documents: Documents, reports: int, interrupted: int
    ) -> None:
        self.interrupted = interrupted  # seconds
        self.judgement = judgement
        self.documents = documents
        self.reports = reports


def _times(consult: Consult) -> tuple[datetime, datetime]:
    """From live to the end; a consult that is closed has been through both."""
    start = consult.live_at or consult.signed_at or consult.created_at
    return start, max(start, consult.ended_at or consult.signed_at or start)


async def _prepare(services: Services, session: AsyncSession, found: Found) -> _Prepared:
    consult = found.consult
    started, ended = _times(consult)
    policy = policy_at(found.agreement, started, consult.requester_org.zone)
    rows = await attendance.rows_of(session, consult.id)
    witnessed = await attendance.witnessed(session, consult.id)
    attendees = [
        attendance.attendee(row, attendance.consult_role(consult, row), witnessed) for row in rows
    ]
    span = attendance.span_of(started, ended)
    judgement = judge_consult(
        attendees,
        span=span,
        requester_org=consult.requester_org_id,
        floor_seconds=policy.floor_minutes[ActivityKind.CONSULT] * 60,
        in_term=holds(found.agreement, day_of(consult, started)),
    )
    lines = await evidence_documents.report_lines(
        session, consult.id, {row.staff_id for row in rows}
    )
    gaps = attendance.interruptions(await attendance.stays_of(session, consult.id), ended)
    document = evidence_documents.attendance_document(
        consult.id, span, attendees, rows, judgement, gaps
    )
    documents = await evidence_documents.build(document, lines)
    return _Prepared(
        judgement,
        documents,
        await evidence_documents.report_count(session, consult.id),
        seconds(clip(gaps, *span)),
    )


def _facts(found: Found, prepared: _Prepared) -> dict[str, int | bool | str]:
    consult, judgement = found.consult, prepared.judgement
    started, _ = _times(consult)
    facts: dict[str, int | bool | str] = {
        "urgency": consult.urgency,
        "outcome": consult.outcome or "unanswered",
        "shared_seconds": judgement.shared_seconds,
        "planned_minutes": consult.minutes or 0,
    }
    if prepared.interrupted:
        facts["interrupted_seconds"] = prepared.interrupted
    if consult.starts_at is not None:
        # On time: it began no later after the arranged start than one may come before it.
        slack = timedelta(minutes=found.policy.join_before_minutes)
        facts["on_time"] = started <= consult.starts_at + slack
    if consult.submitted_at is not None and consult.signed_at is not None:
        spent = consult.signed_at - consult.submitted_at
        facts["turnaround_minutes"] = int(spent.total_seconds() // 60)
    return facts


async def _clinical_evidence(session: AsyncSession, consult: Consult) -> list[Evidence]:
    """Digests of what stays inside: the signed opinion and the files shown with the case."""
    found: list[Evidence] = []
    if consult.signed_sha256 is not None and consult.signed_document is not None:
        size = len(consult.signed_document.encode())
        found.append(
            Evidence("opinion.json", consult.signed_sha256, size, "application/json", False)
        )
    files = await files_of(session, OwnerType.CONSULT, consult.id)
    for number, file in enumerate(files, start=1):
        name = f"attachment-{number}"
        found.append(Evidence(name, file.sha256, file.size, file.media_type, included=False))
    return [*found, *await evidence_of(session, consult.id)]


async def _record(tx: Tx, found: Found, prepared: _Prepared) -> None:
    """Close the consult and write its entry, in the caller's transaction."""
    consult, agreement = found.consult, found.agreement
    started, ended = _times(consult)
    policy = policy_at(agreement, started, consult.requester_org.zone)
    people = tuple(
        Participation(item.person_id, item.organisation_id, item.role, item.seconds, item.intervals)
        for item in prepared.judgement.people
    )
    entry = await evidence_service.record(
        tx,
        Activity(
            kind=ActivityKind.CONSULT,
            subject_type="consult",
            subject_id=consult.id,
            agreement_id=agreement.id,
            plan_item_id=plan_item(agreement, ActivityKind.CONSULT, day_of(consult, started)),
            supporting_id=consult.supporting_id,
            recipient_id=consult.requester_org_id,
            started_at=started,
            ended_at=ended,
            people=people,
            evidence=(
                *prepared.documents.evidence,
                *await _clinical_evidence(tx.session, consult),
            ),
            policy_programme=policy.programme,
            policy_version=policy.version,
            creditable=prepared.judgement.creditable,
            reasons=prepared.judgement.reasons,
            facts=_facts(found, prepared),
            demo=consult.demo,
        ),
    )
    consult.entry_id = entry.id
    consult.closed_at = tx.now
    tx.audit(ConsultAudit.CLOSED, "consult", consult.id, {"entry": entry.id})


async def _unchanged(tx: Tx, consult_id: str, prepared: _Prepared) -> bool:
    return await evidence_documents.report_count(tx.session, consult_id) == prepared.reports


async def report_outcome(
    services: Services,
    person: Person,
    actor: Actor,
    consult_id: str,
    outcome: Outcome,
    reason: str = "",
) -> None:
    """The requester adopts the opinion or not; this files it back, closes the consult and writes its entry."""
    closed = False
    while not closed:
        async with services.db.read() as session:
            found = await access_consult(session, person, services.clock.now(), consult_id)
            if found.state in (ConsultState.SIGNED, ConsultState.FILED_BACK):
                prepared = await _prepare(services, session, found)
            else:
                apply(found, ConsultEvent.REPORT_OUTCOME, found.now)
        await evidence_documents.keep(services, prepared.documents)
        async with services.db.write(actor) as tx:
            found = await access_consult(tx.session, person, tx.now, consult_id, lock=True)
            if not await _unchanged(tx, consult_id, prepared):
                continue  # a media report came in between: judge again with it
            _set_outcome(tx, found, person, outcome, reason)
            await _record(tx, found, prepared)
            tell(tx, found.consult)
            closed = True
    await evidence_service.seal(services)


def _set_outcome(tx: Tx, found: Found, person: Person, outcome: Outcome, reason: str) -> None:
    consult = found.consult
    if found.state is ConsultState.SIGNED:
        apply(found, ConsultEvent.FILE_BACK, tx.now)
        consult.filed_back_at = tx.now
        tx.audit(ConsultAudit.FILED_BACK, "consult", consult.id)
    apply(found, ConsultEvent.REPORT_OUTCOME, tx.now)
    consult.outcome = outcome.value
    consult.outcome_reason = reason
    consult.outcome_by = person.id
    consult.outcome_at = tx.now
    tx.audit(ConsultAudit.OUTCOME_REPORTED, "consult", consult.id, {"outcome": outcome.value})
    apply(_as_system(found), ConsultEvent.CLOSE, tx.now)


def _as_system(found: Found) -> Found:
    return Found(
        found.consult, Party.SYSTEM, found.agreement, found.policy, found.in_force, found.now
    )


async def _system_found(
    services: Services, session: AsyncSession, consult_id: str, *, lock: bool
) -> Found:
    now = services.clock.now()
    consult, agreement, in_force = await find_consult(session, now, consult_id, lock=lock)
    policy = policy_at(agreement, consult.starts_at or now, consult.requester_org.zone)
    return Found(consult, Party.SYSTEM, agreement, policy, in_force, now)


async def close_unanswered(services: Services) -> int:
    """Close consults whose opinion was signed long ago and never answered. Returns how many."""
    limit = services.clock.now() - OUTCOME_WAIT
    query = select(Consult.id).where(Consult.state.in_(UNANSWERED), Consult.signed_at <= limit)
    async with services.db.read() as session:
        waiting = list((await session.execute(query.limit(100))).scalars())
    closed = 0
    for consult_id in waiting:
        async with services.db.read() as session:
            found = await _system_found(services, session, consult_id, lock=False)
            prepared = await _prepare(services, session, found)
        await evidence_documents.keep(services, prepared.documents)
        async with services.db.write(SYSTEM) as tx:
            found = await _system_found(services, tx.session, consult_id, lock=True)
            unanswered = found.state.value in UNANSWERED
            if not unanswered or not await _unchanged(tx, consult_id, prepared):
                continue  # the next round looks again
            apply(found, ConsultEvent.CLOSE, tx.now)
            await _record(tx, found, prepared)
            tell(tx, found.consult)
            closed += 1
    if closed:
        await evidence_service.seal(services)
    return closed
