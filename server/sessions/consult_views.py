"""What a reader sees of consults: whole for the two treating sides, redacted for coordinators."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.rules import Person, Role
from server.attachments import listing
from server.attachments.schemas import AttachmentView, OwnerType
from server.patients.schemas import Sex
from server.sessions import attendance
from server.sessions.consult_access import (
    Found,
    access_consult,
    agreements_in_force,
    day_of,
    party_of,
    visible_to,
)
from server.sessions.people import maybe_ref, person_ref, policy_at
from server.sessions.rules import (
    CONSULT_DONE,
    ConsultState,
    Door,
    Party,
    Urgency,
    consult_actions,
)
from server.sessions.schemas import (
    AttendanceRow,
    ClockKind,
    ClockView,
    ConsultClinical,
    ConsultCounts,
    ConsultRow,
    ConsultsQuery,
    ConsultsView,
    ConsultView,
    NoteView,
    Outcome,
    PatientBrief,
    SignatureView,
)
from storage.tables.access import Staff
from storage.tables.pairing import Agreement
from storage.tables.patients import Patient
from storage.tables.sessions import Consult, ConsultNote

if TYPE_CHECKING:
    from server.services import Services

C = ConsultState
DONE = [state.value for state in CONSULT_DONE]
WAITING_FOR_REQUESTER = (C.NEEDS_INFORMATION, C.SIGNED, C.FILED_BACK)
WAITING_FOR_SPECIALIST = (C.SUBMITTED, C.ACCEPTED, C.OPINION_DRAFT)


def age_on(birth_date: date | None, day: date) -> int | None:
    """Full years on a day."""
    if birth_date is None or birth_date > day:
        return None
    before = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before


def short_name(name: str, *, demo: bool) -> str:
    """The family name only: enough to talk about somebody, too little to look them up."""
    return name[:1] + "××" + ("(示例)" if demo else "")


def patient_brief(patient: Patient, day: date, *, own: bool) -> PatientBrief:
    return PatientBrief(
        id=patient.id,
        name=patient.name if own else short_name(patient.name, demo=patient.demo),
        sex=Sex(patient.sex),
        age=age_on(patient.birth_date, day),
    )


def _clock(consult: Consult) -> ClockView | None:
    if consult.state in DONE:
        return None
    if consult.starts_at is not None:
        return ClockView(kind=ClockKind.SCHEDULED, at=consult.starts_at)
    if consult.wished_at is not None:
        return ClockView(kind=ClockKind.WISHED, at=consult.wished_at)
    return None


def _row_fields(found: Found) -> dict[str, Any]:
    consult, times = found.consult, found.times
    clinical = found.party is not Party.COORDINATOR
    own = found.party is Party.REQUESTER
    joinable = found.door is Door.OPEN and found.in_force
    day = day_of(consult, found.now)
    return {
        "id": consult.id,
        "state": found.state,
        "urgency": Urgency(consult.urgency),
        "party": found.party,
        "actions": consult_actions(found.state, found.party, joinable),
        "agreement_id": consult.agreement_id,
        "requester": person_ref(consult.requester),
        "requester_org_name": consult.requester_org.name,
        "supporting_id": consult.supporting_id,
        "supporting_name": consult.supporting.name,
        "department_name": consult.invited_department.name if consult.invited_department else "",
        "invited": maybe_ref(consult.invited),
        "specialist": maybe_ref(consult.specialist),
        "patient": patient_brief(consult.patient, day, own=own) if clinical else None,
        "question": consult.question if clinical else None,
        "wished_at": consult.wished_at,
        "starts_at": consult.starts_at,
        "minutes": consult.minutes,
        "opens_at": times.opens_at if times else None,
        "closes_at": times.closes_at if times else None,
        "clock": _clock(consult),
        "outcome": Outcome(consult.outcome) if consult.outcome else None,
        "entry_id": consult.entry_id,
        "demo": consult.demo,
        "created_at": consult.created_at,
        "updated_at": consult.updated_at,
    }


def _signature(consult: Consult, signer: Staff | None) -> SignatureView | None:
    if consult.signed_at is None or signer is None or consult.signed_document is None:
        return None
    stood = attendance.read_json(consult.signed_document)["signer"]
    return SignatureView(
        signer_id=signer.id,
        name=stood["name"],
        title=stood["title"],
        licence=stood["licence"],
        signed_at=consult.signed_at,
        sha256=consult.signed_sha256 or "",
    )


async def _clinical(session: AsyncSession, found: Found) -> ConsultClinical | None:
    consult = found.consult
    if found.party is Party.COORDINATOR:
        return None
    notes = select(ConsultNote).where(ConsultNote.consult_id == consult.id)
    rows = (await session.execute(notes.order_by(ConsultNote.at, ConsultNote.id))).scalars()
    files = await listing.files_of(session, OwnerType.CONSULT, consult.id)
    signer = await session.get(Staff, consult.signed_by) if consult.signed_by else None
    # READS and consults alike: nothing is visible to the requester before signing.
    shown = found.party is Party.SPECIALIST or consult.signed_at is not None
    day = day_of(consult, found.now)
    return ConsultClinical(
        patient=patient_brief(consult.patient, day, own=found.party is Party.REQUESTER),
        summary=consult.summary,
        question=consult.question,
        notes=[
            NoteView(kind=note.kind, author=person_ref(note.author), text=note.text, at=note.at)
            for note in rows
        ],
        attachments=[AttachmentView.model_validate(row) for row in files],
        opinion=consult.opinion if shown else "",
        advice=consult.advice if shown else "",
        signature=_signature(consult, signer),
        outcome_reason=consult.outcome_reason,
    )


async def _attendance(session: AsyncSession, found: Found) -> list[AttendanceRow]:
    consult = found.consult
    if consult.live_at is None:
        return []
    span = attendance.span_of(consult.live_at, consult.ended_at or found.now)
    rows = await attendance.rows_of(session, consult.id)
    return [
        attendance.row_view(row, attendance.consult_role(consult, row), span, by_sending=True)
        for row in rows
    ]


async def show(services: Services, person: Person, consult_id: str) -> ConsultView:
    """One consult as the person may see it. Raises `Problem` (404)."""
    async with services.db.read() as session:
        found = await access_consult(session, person, services.clock.now(), consult_id)
        consult = found.consult
        return ConsultView(
            **_row_fields(found),
            submitted_at=consult.submitted_at,
            live_at=consult.live_at,
            ended_at=consult.ended_at,
            signed_at=consult.signed_at,
            closed_at=consult.closed_at,
            clinical=await _clinical(session, found),
            attendance=await _attendance(session, found),
        )


def _filters(person: Person, query: ConsultsQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.state:
        found.append(Consult.state.in_([state.value for state in query.state]))
    if query.urgency is not None:
        found.append(Consult.urgency == query.urgency.value)
    if query.open:
        found.append(Consult.state.not_in(DONE))
    if query.mine:
        found.append(or_(Consult.requester_id == person.id, Consult.specialist_id == person.id))
    return found


def _order() -> list[Any]:
    """Open before done; then emergencies; then by what the clock counts to; done ones newest first."""
    done = case((Consult.state.in_(DONE), 1), else_=0)
    urgency = case((Consult.urgency == Urgency.EMERGENCY.value, 0), else_=1)
    clock = func.coalesce(Consult.starts_at, Consult.wished_at, Consult.created_at)
    return [
        done,
        case((Consult.state.in_(DONE), 0), else_=urgency),
        case((Consult.state.in_(DONE), None), else_=clock),
        Consult.updated_at.desc(),
        Consult.id,
    ]


def waiting_for(person: Person) -> ColumnElement[bool]:
    """The next step is on this person's side."""
    sides: list[ColumnElement[bool]] = []
    if person.has(Role.RURAL_DOCTOR):
        asking = Consult.requester_org_id == person.organisation_id
        sides.append(and_(asking, Consult.state.in_(WAITING_FOR_REQUESTER)))
    if person.has(Role.SPECIALIST):
        answering = Consult.supporting_id == person.organisation_id
        mine = or_(Consult.specialist_id == person.id, Consult.specialist_id.is_(None))
        sides.append(and_(answering, mine, Consult.state.in_(WAITING_FOR_SPECIALIST)))
    return or_(*sides) if sides else Consult.id.is_(None)


async def _counts(
    session: AsyncSession, person: Person, visible: ColumnElement[bool]
) -> ConsultCounts:
    mine = case((waiting_for(person), 1), else_=0)
    query = (
        select(Consult.state, func.count(), func.sum(mine)).where(visible).group_by(Consult.state)
    )
    rows = (await session.execute(query)).all()
    return ConsultCounts(
        by_state={ConsultState(state): int(number) for state, number, _ in rows},
        waiting_for_me=sum(int(waiting) for _, _, waiting in rows),
    )


def found_in_list(
    consult: Consult,
    person: Person,
    agreement: Agreement,
    now: datetime,
    *,
    in_force: bool,
) -> Found | None:
    """The same answer as `access_consult`, for a row that a list has already loaded."""
    party = party_of(consult, person, in_force)
    if party is None:
        return None
    policy = policy_at(agreement, consult.starts_at or now, consult.requester_org.zone)
    return Found(consult, party, agreement, policy, in_force, now)


async def find(
    session: AsyncSession, person: Person, now: datetime, *conditions: Any, **page: Any
) -> tuple[list[Found], ColumnElement[bool]]:
    """Visible consults under further conditions, and the condition of visibility itself."""
    holding = await agreements_in_force(session, person.organisation_id, now)
    visible = visible_to(person, list(holding))
    query = select(Consult).where(visible, *conditions).order_by(*page.get("order", _order()))
    query = query.limit(page.get("limit", 200)).offset(page.get("offset", 0))
    rows = (await session.execute(query)).scalars().all()
    ids = {row.agreement_id for row in rows}
    agreements = {
        row.id: row
        for row in (await session.execute(select(Agreement).where(Agreement.id.in_(ids)))).scalars()
    }
    found = [
        found_in_list(
            row, person, agreements[row.agreement_id], now, in_force=row.agreement_id in holding
        )
        for row in rows
    ]
    return [item for item in found if item is not None], visible


async def listed(services: Services, person: Person, query: ConsultsQuery) -> ConsultsView:
    """The consults that the person may see, filtered, with counts over all of them."""
    async with services.db.read() as session:
        conditions = _filters(person, query)
        found, visible = await find(
            session,
            person,
            services.clock.now(),
            *conditions,
            limit=query.limit,
            offset=query.offset,
        )
        total = select(func.count()).select_from(Consult).where(visible, *conditions)
        return ConsultsView(
            consults=[ConsultRow(**_row_fields(item)) for item in found],
            total=int((await session.execute(total)).scalar_one()),
            counts=await _counts(session, person, visible),
        )
