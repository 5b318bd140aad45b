"""The end of a read: acknowledged by the requester, adopted or not, and its entry in the activity log.

The entry is written when the requester acknowledges the report: only then has the help arrived. A report that
nobody acknowledged for `CLOSE_AFTER` is entered all the same, marked `acknowledged: false`, so that the reader's
work does not depend on the other side's diligence; a later acknowledgement, and an amendment that is acknowledged,
correct the entry (a new one that names the old).
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.rules import Person
from server.clock import local_date
from server.errors import ErrorCode, Problem
from server.evidence import service as evidence
from server.evidence.rules import (
    Activity,
    CorrectionReason,
    Evidence,
    Fact,
    Participation,
    ReasonCode,
)
from server.pairing.rules import ActivityKind
from server.reads import document
from server.reads.access import Held, access_read
from server.reads.rules import ReadEvent, ReadState, on_time, turnaround_minutes
from server.reads.service import (
    ReadAction,
    begin,
    check_event,
    move,
    settle_criticals,
    tell,
)
from server.reads.views import criticals_of, reports_of
from storage.blobs import BlobRef
from storage.db import SYSTEM, Actor, Tx
from storage.tables.access import Organisation
from storage.tables.pairing import AnnualPlan
from storage.tables.reads import ReadReport, ReadRequest

if TYPE_CHECKING:
    from server.services import Services

log = structlog.get_logger("reads")
CLOSE_AFTER = timedelta(hours=72)
LOOK_EVERY = 600.0  # seconds


@dataclass(frozen=True, slots=True)
class Summary:
    """The stored de-identified summary of one signed version."""

    version: int
    ref: BlobRef


async def _store_summary(services: Services, report: ReadReport) -> Summary:
    made = document.summary_document(json.loads(report.document), report.sha256, {})
    return Summary(report.version, await services.blobs.put_bytes(document.canonical(made)))


async def _plan_item(session: AsyncSession, read: ReadRequest) -> str | None:
    """The item of the year's plan that asks for ECG reads, if there is one."""
    unit = await session.get_one(Organisation, read.requesting_id)
    assert read.submitted_at is not None
    year = local_date(read.submitted_at, unit.zone).year
    query = select(AnnualPlan.items).where(
        AnnualPlan.agreement_id == read.agreement_id, AnnualPlan.year == year
    )
    items = (await session.execute(query)).scalar_one_or_none() or []
    return next((item["id"] for item in items if item["kind"] == ActivityKind.ECG_READ), None)


async def _facts(session: AsyncSession, read: ReadRequest, versions: int) -> dict[str, Fact]:
    assert read.submitted_at is not None
    assert read.signed_at is not None
    assert read.due_at is not None
    criticals = await criticals_of(session, read.id)
    facts: dict[str, Fact] = {
        "urgency": read.urgency,
        "turnaround_minutes": turnaround_minutes(read.submitted_at, read.signed_at),
        "due_minutes": read.read_minutes or 0,
        "on_time": on_time(read.due_at, read.signed_at),
        "acknowledged": read.acknowledged_at is not None,
        "versions": versions,
        "critical": bool(criticals),
    }
    if criticals:
        facts["critical_acknowledged"] = all(
            row.acknowledged_at is not None and row.acknowledged_at <= row.due_at
            for row in criticals
        )
    return facts


def _evidence(report: ReadReport, summary: Summary) -> tuple[Evidence, ...]:
    recording = json.loads(report.document)["recording"]
    size = len(report.document.encode())
    dicom, pdf = "application/dicom", "application/pdf"
    ref = summary.ref
    return (
        Evidence("report-summary.json", ref.sha256, ref.size, "application/json", True),
        Evidence("report.json", report.sha256, size, "application/json", False),
        Evidence("report.pdf", report.pdf_sha256, report.pdf_size, pdf, False),
        Evidence(
            "original.dcm", recording["original_sha256"], recording["original_size"], dicom, False
        ),
    )


def _people(read: ReadRequest, signers: list[str]) -> tuple[Participation, ...]:
    """Credit for a read comes from the signed report, not from minutes: verified seconds are 0."""
    readers = [Participation(one, read.supporting_id, "reader", 0) for one in signers]
    return (Participation(read.requester_id, read.requesting_id, "requester", 0), *readers)


async def _record(
    tx: Tx, read: ReadRequest, summary: Summary, author: str | None, reason: CorrectionReason
) -> None:
    """Write the entry of this read, or a correction of the one there is."""
    reports = await reports_of(tx.session, read.id)
    if reports[0].version != summary.version:
        raise Problem(ErrorCode.VERSION_CONFLICT)
    facts = await _facts(tx.session, read, len(reports))
    plan_item = await _plan_item(tx.session, read)
    remarks = [] if facts["on_time"] else [ReasonCode.LATE]
    remarks += [] if plan_item else [ReasonCode.NOT_IN_PLAN]
    assert read.submitted_at is not None
    correcting = read.entry_id is not None
    entry = await evidence.record(
        tx,
        Activity(
            kind=ActivityKind.ECG_READ,
            subject_type="read",
            subject_id=read.id,
            agreement_id=read.agreement_id,
            plan_item_id=plan_item,
            supporting_id=read.supporting_id,
            recipient_id=read.requesting_id,
            started_at=read.submitted_at,
            ended_at=reports[0].signed_at,
            people=_people(read, list(dict.fromkeys(row.signed_by for row in reversed(reports)))),
            evidence=_evidence(reports[0], summary),
            policy_programme=read.programme,
            policy_version=read.policy_version,
            creditable=True,
            reasons=tuple(remarks),
            facts=facts,
            demo=read.demo,
            corrects=read.entry_id,
            author=author if correcting else None,
            correction_reason=reason.value if correcting else "",
        ),
    )
    read.entry_id = entry.id


async def _newest(session: AsyncSession, read_id: str) -> ReadReport | None:
    return next(iter(await reports_of(session, read_id)), None)


async def acknowledge(
    services: Services, actor: Actor, person: Person, read_id: str
) -> ReadRequest:
    """The requester has read the report: critical values count as seen, the entry is written and sealed.

    Raises `Problem` (404, 409).
    """
    async with services.db.read() as session:
        before = await access_read(session, services, person, read_id)
        await check_event(session, person, before, ReadEvent.ACKNOWLEDGE)
        report = await _newest(session, read_id)
    assert report is not None
    summary = await _store_summary(services, report)
    async with services.db.write(actor) as tx:
        held = await begin(tx, services, person, read_id, ReadEvent.ACKNOWLEDGE)
        held.read.acknowledged_at = tx.now
        held.read.acknowledged_by = person.id
        count = await settle_criticals(tx, read_id, person.id)
        move(tx, held, ReadEvent.ACKNOWLEDGE)
        await _record(tx, held.read, summary, person.id, CorrectionReason.LATE_EVIDENCE)
        tx.audit(ReadAction.ACKNOWLEDGED, "read", read_id, {"criticals": count})
        tell(tx, held.read)
    await evidence.seal(services)
    return held.read


async def answer(
    services: Services, actor: Actor, person: Person, read_id: str, event: ReadEvent, reason: str
) -> ReadRequest:
    """Adopted or not adopted; not adopting needs a reason. Raises `Problem` (404, 409, 422)."""
    if event is ReadEvent.NOT_ADOPT and not reason:
        raise Problem(
            ErrorCode.INVALID_REQUEST,
            zh="请填写未采纳的原因。",
            en="Say why the report was not adopted.",
            data={"errors": [{"path": "reason", "message": "请填写未采纳的原因。"}]},
        )
    async with services.db.write(actor) as tx:
        held: Held = await begin(tx, services, person, read_id, event)
        held.read.outcome_at = tx.now
        held.read.outcome_reason = reason
        move(tx, held, event)
        tx.audit(ReadAction.ANSWERED, "read", read_id, {"adopted": event is ReadEvent.ADOPT})
        tell(tx, held.read)
    return held.read


# Signed, but never acknowledged.


async def _stale(services: Services) -> list[str]:
    before = services.clock.now() - CLOSE_AFTER
    query = select(ReadRequest.id).where(
        ReadRequest.state == ReadState.SIGNED,
        ReadRequest.entry_id.is_(None),
        ReadRequest.signed_at < before,
    )
    async with services.db.read() as session:
        return list((await session.execute(query.limit(200))).scalars())


async def close_unacknowledged(services: Services) -> int:
    """Enter signed reads that nobody acknowledged for `CLOSE_AFTER`; how many. Idempotent."""
    closed = 0
    for read_id in await _stale(services):
        async with services.db.read() as session:
            report = await _newest(session, read_id)
        if report is None:
            continue
        summary = await _store_summary(services, report)
        async with services.db.write(SYSTEM) as tx:
            read = await tx.session.get(ReadRequest, read_id, with_for_update=True)
            if read is None or read.state != ReadState.SIGNED or read.entry_id is not None:
                continue
            await _record(tx, read, summary, None, CorrectionReason.LATE_EVIDENCE)
            tx.audit(ReadAction.CLOSED, "read", read_id)
            tell(tx, read)
        closed += 1
    if closed:
        await evidence.seal(services)
    return closed


async def keep_entering(services: Services) -> None:
    """Background work: `close_unacknowledged` now and again."""
    while True:
        try:
            await close_unacknowledged(services)
        except Exception as error:  # the next round tries again
            log.error("close_failed", error=type(error).__name__)
        await asyncio.sleep(LOOK_EVERY)
