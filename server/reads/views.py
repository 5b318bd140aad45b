"""One read as one person may see it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.rules import Person
from server.clock import local_date
from server.patients.schemas import Sex
from server.reads import checking
from server.reads.access import Held
from server.reads.rules import (
    WAITING,
    ReadKind,
    ReadState,
    Side,
    Urgency,
    actions,
    age_on,
    on_time,
    seconds_left,
    shown_state,
)
from server.reads.schemas import (
    CriticalView,
    DraftView,
    FileCheckView,
    PatientOfRead,
    ReadView,
    ReportContent,
    ReportView,
)
from server.reads.service import newest_file
from server.reads.terms import terms
from storage.tables.access import Organisation, Staff
from storage.tables.patients import Patient
from storage.tables.reads import CriticalValue, ReadDraft, ReadReport, ReadRequest

if TYPE_CHECKING:
    from server.services import Services


def draft_view(draft: ReadDraft, saved_by_name: str) -> DraftView:
    return DraftView(
        version=draft.version,
        content=ReportContent.model_validate(draft.content),
        saved_at=draft.saved_at,
        saved_by=draft.saved_by,
        saved_by_name=saved_by_name,
    )


def report_view(row: ReadReport) -> ReportView:
    """From the signed document itself, so that what is shown is what was signed."""
    document = json.loads(row.document)
    signer = document["signed"]
    return ReportView(
        version=row.version,
        content=ReportContent.model_validate(document["content"]),
        signed_at=row.signed_at,
        signed_by=row.signed_by,
        signed_by_name=signer["name"],
        signed_by_title=signer["title"],
        signed_by_licence=signer["licence"],
        amendment_reason=row.amendment_reason,
        sha256=row.sha256,
        original_sha256=document["recording"]["original_sha256"],
        normal_sha256=document["recording"]["normal_sha256"],
        pdf_sha256=row.pdf_sha256,
        pdf_size=row.pdf_size,
    )


def critical_view(row: CriticalValue, names: Mapping[str, str], now: datetime) -> CriticalView:
    term = terms().criticals[row.code]
    left = seconds_left(row.due_at, row.acknowledged_at, now)
    assert left is not None
    return CriticalView(
        id=row.id,
        code=row.code,
        zh=term.zh,
        en=term.en,
        note=row.note,
        confirmed_at=row.confirmed_at,
        confirmed_by_name=names.get(row.confirmed_by, ""),
        due_at=row.due_at,
        seconds_left=left,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by_name=names.get(row.acknowledged_by or "", ""),
    )


async def staff_names(session: AsyncSession, ids: Iterable[str | None]) -> dict[str, str]:
    wanted = {item for item in ids if item}
    rows = await session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def clock_of(read: ReadRequest, now: datetime) -> tuple[int | None, bool]:
    """(seconds left, late) of the reading clock."""
    left = seconds_left(read.due_at, read.signed_at, now)
    running = ReadState(read.state) in WAITING or read.signed_at is not None
    return (left, left < 0) if left is not None and running else (None, False)


def _on_time(read: ReadRequest) -> bool | None:
    if read.due_at is None or read.signed_at is None:
        return None
    return on_time(read.due_at, read.signed_at)


async def reports_of(session: AsyncSession, read_id: str) -> list[ReadReport]:
    """Signed versions, newest first."""
    query = select(ReadReport).where(ReadReport.read_id == read_id)
    query = query.order_by(ReadReport.version.desc())
    return list((await session.execute(query)).scalars())


async def criticals_of(session: AsyncSession, read_id: str) -> list[CriticalValue]:
    query = select(CriticalValue).where(CriticalValue.read_id == read_id)
    query = query.order_by(CriticalValue.confirmed_at)
    return list((await session.execute(query)).scalars())


async def _draft(session: AsyncSession, held: Held) -> ReadDraft | None:
    if held.side is not Side.READER:
        return None
    return await session.get(ReadDraft, held.read.id)


async def _file_view(
    session: AsyncSession, held: Held, patient: Patient, zone: str
) -> FileCheckView | None:
    file = await newest_file(session, held.read.id)
    if file is None:
        return None
    return checking.file_view(file, patient, held.side, local_date(file.uploaded_at, zone))


def patient_view(patient: Patient, side: Side, today: date) -> PatientOfRead:
    own = side is Side.REQUESTER
    return PatientOfRead(
        id=patient.id if own else "",
        name=patient.name,
        sex=Sex(patient.sex),
        age=age_on(patient.birth_date, today),
        local_no=patient.local_no,
    )


# Shown as they are kept.
_COPIED = (
    "id",
    "requesting_id",
    "supporting_id",
    "claimed_by",
    "claimed_at",
    "created_at",
    "submitted_at",
    "due_at",
    "signed_at",
    "demo",
    "agreement_id",
    "question",
    "symptoms",
    "return_reason",
    "returned_at",
    "acknowledged_at",
    "outcome_at",
    "outcome_reason",
    "cancelled_at",
    "cancel_reason",
    "read_minutes",
    "policy_version",
    "entry_id",
)


def _plain(read: ReadRequest, side: Side, now: datetime) -> dict[str, Any]:
    """The fields that follow from the request's own row."""
    left, late = clock_of(read, now)
    return {
        **{name: getattr(read, name) for name in _COPIED},
        "kind": ReadKind(read.kind),
        "state": shown_state(ReadState(read.state), side),
        "urgency": Urgency(read.urgency),
        "side": side,
        "seconds_left": left,
        "late": late,
        "unread": read.state == ReadState.SIGNED,
        "on_time": _on_time(read),
    }


async def _names(
    session: AsyncSession,
    read: ReadRequest,
    draft: ReadDraft | None,
    criticals: Iterable[CriticalValue],
) -> dict[str, str]:
    people = [read.requester_id, read.claimed_by, read.acknowledged_by]
    people += [draft.saved_by] if draft else []
    people += [key for row in criticals for key in (row.confirmed_by, row.acknowledged_by)]
    return await staff_names(session, people)


async def read_view(
    session: AsyncSession, services: Services, person: Person, held: Held
) -> ReadView:
    """Everything of a read that this person may see now."""
    read, side, now = held.read, held.side, services.clock.now()
    patient = await session.get_one(Patient, read.patient_id)
    requesting = await session.get_one(Organisation, read.requesting_id)
    supporting = await session.get_one(Organisation, read.supporting_id)
    draft = await _draft(session, held)
    reports = [report_view(row) for row in await reports_of(session, read.id)]
    criticals = await criticals_of(session, read.id)
    names = await _names(session, read, draft, criticals)
    seen = patient_view(patient, side, local_date(now, requesting.zone))
    return ReadView(
        **_plain(read, side, now),
        patient_name=seen.name,
        patient_sex=seen.sex,
        patient_age=seen.age,
        patient=seen,
        requesting_name=requesting.name,
        supporting_name=supporting.name,
        requester_name=names.get(read.requester_id, ""),
        claimed_by_name=names.get(read.claimed_by or "", ""),
        acknowledged_by_name=names.get(read.acknowledged_by or "", ""),
        mine=person.id in (read.requester_id, read.claimed_by),
        critical=bool(criticals),
        critical_open=held.standing.critical_open,
        criticals=[critical_view(row, names, now) for row in criticals],
        file=await _file_view(session, held, patient, requesting.zone),
        draft=draft_view(draft, names.get(draft.saved_by, "")) if draft else None,
        versions=len(reports),
        report=reports[0] if reports else None,
        reports=reports,
        actions=actions(held.standing, side, person.id),
    )
