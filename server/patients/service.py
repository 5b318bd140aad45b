"""Patients of an organisation: who may see one, and the writes."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.rules import Person
from server.errors import not_found
from storage.db import Actor
from storage.ids import new_id
from storage.tables.patients import Patient

if TYPE_CHECKING:
    from server.services import Services


class PatientAction(StrEnum):
    CREATED = "patients:patient:create"


async def access_patient(session: AsyncSession, person: Person, patient_id: str) -> Patient:
    """A patient of the person's own organisation (DOMAIN: recipient's doctors). Raises `Problem` (404)."""
    patient = await session.get(Patient, patient_id)
    if patient is None or patient.organisation_id != person.organisation_id:
        raise not_found()
    return patient


async def find_patients(session: AsyncSession, person: Person, search: str) -> list[Patient]:
    """The newest 100 patients of the person's organisation that match."""
    query = select(Patient).where(Patient.organisation_id == person.organisation_id)
    if search:
        query = query.where(
            or_(
                Patient.name.contains(search, autoescape=True),
                Patient.local_no.contains(search, autoescape=True),
            )
        )
    rows = await session.execute(query.order_by(Patient.created_at.desc()).limit(100))
    return list(rows.scalars())


async def create_patient(
    services: Services,
    actor: Actor,
    *,
    organisation_id: str,
    name: str,
    sex: str,
    birth_date: date | None,
    local_no: str = "",
    demo: bool = False,
) -> Patient:
    """Register a patient with an organisation."""
    async with services.db.write(actor) as tx:
        patient = Patient(
            id=new_id("pat"),
            organisation_id=organisation_id,
            name=name,
            sex=sex,
            birth_date=birth_date,
            local_no=local_no,
            demo=demo,
            created_at=tx.now,
        )
        tx.session.add(patient)
        tx.audit(PatientAction.CREATED, "patient", patient.id)
    return patient
