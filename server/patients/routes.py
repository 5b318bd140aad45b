"""Patients of the logged-in person's organisation."""

from __future__ import annotations

from server.access.permissions import Permission
from server.http.routing import Call, Empty, Route
from server.patients import service
from server.patients.schemas import PatientRequest, PatientsQuery, PatientsView, PatientView


async def list_patients(call: Call[PatientsQuery, Empty]) -> PatientsView:
    async with call.services.db.read() as session:
        found = await service.find_patients(session, call.person, call.query.search)
        return PatientsView(patients=[PatientView.model_validate(row) for row in found])


async def create_patient(call: Call[Empty, PatientRequest]) -> PatientView:
    body = call.body
    patient = await service.create_patient(
        call.services,
        call.actor,
        organisation_id=call.person.organisation_id,
        name=body.name,
        sex=body.sex,
        birth_date=body.birth_date,
        local_no=body.local_no,
    )
    return PatientView.model_validate(patient)


async def get_patient(call: Call[Empty, Empty]) -> PatientView:
    async with call.services.db.read() as session:
        patient = await service.access_patient(session, call.person, call.path["patient_id"])
        return PatientView.model_validate(patient)


ROUTES = [
    Route(
        "GET",
        "/api/patients",
        list_patients,
        "Patients of my organisation",
        Permission.PATIENTS_PATIENT_READ,
        query=PatientsQuery,
        response=PatientsView,
    ),
    Route(
        "POST",
        "/api/patients",
        create_patient,
        "Register a patient",
        Permission.PATIENTS_PATIENT_WRITE,
        body=PatientRequest,
        response=PatientView,
        status=201,
    ),
    Route(
        "GET",
        "/api/patients/{patient_id}",
        get_patient,
        "One patient of my organisation",
        Permission.PATIENTS_PATIENT_READ,
        response=PatientView,
    ),
]
