"""Signing: draft → canonical document → digest → PDF → an immutable version, all or nothing."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncSession

from server.access.rules import Person
from server.clock import local_date
from server.errors import ErrorCode, Problem, wrong_state
from server.reads import document, metrics
from server.reads.access import Held, access_read
from server.reads.report_pdf import render
from server.reads.rules import ReadEvent, ReadState, age_on, report_faults, turnaround_minutes
from server.reads.service import ReadAction, begin, check_event, move, newest_file, tell
from server.reads.terms import terms
from server.reads.views import criticals_of, reports_of
from storage.blobs import BlobRef
from storage.db import Actor
from storage.ids import new_id
from storage.tables.access import Organisation, Staff
from storage.tables.patients import Patient
from storage.tables.reads import ReadDraft, ReadFile, ReadReport, ReadRequest

if TYPE_CHECKING:
    from server.services import Services


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is about to be signed, read in one go. `seen` is checked again in the signing transaction."""

    document: dict[str, Any]
    version: int
    draft_version: int
    file: ReadFile
    signed_at: datetime


def event_of(state: ReadState) -> ReadEvent:
    """Signing a signed report is amending it."""
    return ReadEvent.SIGN if state is ReadState.DRAFT else ReadEvent.AMEND


def _check_content(content: dict[str, Any]) -> None:
    lists = terms()
    faults = report_faults(content, lists.rhythms.keys(), lists.findings.keys())
    if faults:
        raise Problem(
            ErrorCode.INVALID_REQUEST,
            zh="报告还不能签发:" + " ".join(fault.zh for fault in faults),
            en="The report cannot be signed yet: " + " ".join(fault.en for fault in faults),
            data={"errors": [{"path": fault.path, "message": fault.zh} for fault in faults]},
        )


def _words(content: dict[str, Any]) -> dict[str, Any]:
    """The Chinese words of the codes, signed together with them: lists may change later."""
    lists = terms()
    return {
        "rhythm": lists.rhythms[content["rhythm"]].zh,
        "findings": [lists.findings[code].zh for code in content["findings"]],
    }


async def _draft(session: AsyncSession, read_id: str, version: int) -> ReadDraft:
    draft = await session.get(ReadDraft, read_id)
    if draft is None:
        raise wrong_state(
            "没有可签发的草稿。请先填写报告。", "There is no draft. Write the report first."
        )
    if draft.version != version:
        raise Problem(ErrorCode.VERSION_CONFLICT)
    return draft


async def _signer(session: AsyncSession, person: Person) -> document.Signer:
    staff = await session.get_one(Staff, person.id)
    return document.Signer(
        staff.id,
        staff.name,
        staff.title,
        staff.licence,
        staff.organisation_id,
        staff.organisation.name,
    )


async def _asked(session: AsyncSession, read: ReadRequest, unit: Organisation) -> document.Asked:
    requester = await session.get_one(Staff, read.requester_id)
    assert read.submitted_at is not None
    return document.Asked(
        organisation_id=unit.id,
        organisation=unit.name,
        requester_id=requester.id,
        requester=requester.name,
        urgency=read.urgency,
        question=read.question,
        symptoms=read.symptoms,
        submitted_at=document.local_iso(read.submitted_at, unit.zone),
    )


def _recording(file: ReadFile) -> document.Recording:
    device = file.check["device"]
    return document.Recording(
        original_sha256=file.original_sha256,
        original_size=file.original_size,
        normal_sha256=file.normal_sha256,
        normal_size=file.normal_size,
        recorded_at=file.check["recorded_at"],
        device=" ".join(filter(None, (device["manufacturer"], device["model"]))),
    )


def _subject(patient: Patient, now: datetime, zone: str) -> document.Subject:
    return document.Subject(
        name=patient.name,
        sex=patient.sex,
        age=age_on(patient.birth_date, local_date(now, zone)),
        birth_date=patient.birth_date.isoformat() if patient.birth_date else "",
        local_no=patient.local_no,
    )


async def _criticals(session: AsyncSession, read_id: str, zone: str) -> list[dict[str, str]]:
    return [
        {
            "code": row.code,
            "zh": terms().criticals[row.code].zh,
            "note": row.note,
            "confirmed_at": document.local_iso(row.confirmed_at, zone),
        }
        for row in await criticals_of(session, read_id)
    ]


async def _prepare(
    session: AsyncSession, held: Held, person: Person, now: datetime, draft: ReadDraft, reason: str
) -> Prepared:
    read = held.read
    file = await newest_file(session, read.id)
    assert file is not None
    earlier = await reports_of(session, read.id)
    if earlier and not reason:
        raise Problem(
            ErrorCode.INVALID_REQUEST,
            zh="请填写修改原因。",
            en="Give the reason for the amendment.",
            data={"errors": [{"path": "amendment_reason", "message": "请填写修改原因。"}]},
        )
    content = dict(draft.content)
    _check_content(content)
    unit = await session.get_one(Organisation, read.requesting_id)
    signer = await _signer(session, person)
    zone = (await session.get_one(Organisation, signer.organisation_id)).zone
    version = len(earlier) + 1
    made = document.report_document(
        read_id=read.id,
        version=version,
        subject=_subject(await session.get_one(Patient, read.patient_id), now, unit.zone),
        asked=await _asked(session, read, unit),
        recording=_recording(file),
        content=content,
        words=_words(content),
        criticals=await _criticals(session, read.id, zone),
        signer=signer,
        signed_at=document.local_iso(now, zone),
        previous_sha256=earlier[0].sha256 if earlier else "",
        amendment_reason=reason,
        demo=read.demo,
    )
    return Prepared(made, version, draft.version, file, now)


async def _draw(services: Services, made: dict[str, Any], sha256: str, normal: str) -> BlobRef:
    samples = await services.blobs.read(normal)
    started = time.perf_counter()
    pdf = await asyncio.to_thread(render, made, sha256, samples)
    metrics.PDF_SECONDS.observe(time.perf_counter() - started)
    return await services.blobs.put_bytes(pdf)


async def sign(
    services: Services,
    actor: Actor,
    person: Person,
    read_id: str,
    *,
    draft_version: int,
    amendment_reason: str = "",
) -> ReadReport:
    """Sign the draft that is on the screen. The PDF exists before the signature counts.

    Raises `Problem`: 404, 409 (not mine, wrong state, another draft version), 422 (what is still missing).
    """
    now = services.clock.now()
    async with services.db.read() as session:
        held = await access_read(session, services, person, read_id)
        await check_event(session, person, held, event_of(held.standing.state))
        draft = await _draft(session, read_id, draft_version)
        made = await _prepare(session, held, person, now, draft, amendment_reason)
    data = document.canonical(made.document)
    sha256 = document.digest(data)
    pdf = await _draw(services, made.document, sha256, made.file.normal_sha256)
    return await _commit(services, actor, person, read_id, made, data, pdf)


async def _commit(
    services: Services,
    actor: Actor,
    person: Person,
    read_id: str,
    made: Prepared,
    data: bytes,
    pdf: BlobRef,
) -> ReadReport:
    async with services.db.write(actor) as tx:
        before = await access_read(tx.session, services, person, read_id, lock=True)
        event = event_of(before.standing.state)
        held = await begin(tx, services, person, read_id, event)
        draft = await _draft(tx.session, read_id, made.draft_version)
        file = await newest_file(tx.session, read_id)
        versions = len(await reports_of(tx.session, read_id))
        if file is None or file.id != made.file.id or versions + 1 != made.version:
            raise Problem(ErrorCode.VERSION_CONFLICT)
        report = ReadReport(
            id=new_id("rpt"),
            read_id=read_id,
            version=made.version,
            document=data.decode(),
            sha256=document.digest(data),
            signed_by=person.id,
            signed_at=made.signed_at,
            amendment_reason=made.document["amends"]["reason"] if made.version > 1 else "",
            pdf_sha256=pdf.sha256,
            pdf_size=pdf.size,
        )
        tx.session.add(report)
        await tx.session.delete(draft)
        _note_signed(held.read, made.signed_at)
        move(tx, held, event)
        tx.audit(
            ReadAction.SIGNED, "read", read_id, {"version": made.version, "sha256": report.sha256}
        )
        tell(tx, held.read)
    return report


def _note_signed(read: ReadRequest, now: datetime) -> None:
    """The clock stops with the first version; an amendment must be acknowledged anew."""
    if read.signed_at is None:
        read.signed_at = now
        assert read.submitted_at is not None
        minutes = turnaround_minutes(read.submitted_at, now)
        metrics.TURNAROUND.labels(read.urgency).observe(minutes)
    read.acknowledged_at = None
    read.acknowledged_by = None
    read.outcome_at = None
    read.outcome_reason = ""
