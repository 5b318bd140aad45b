"""The small world that API tests live in, made once per run through the real services."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

from server.access import service as access
from server.access.rules import OrganisationKind, Role
from server.pairing import service as pairing
from server.pairing.rules import ActivityKind
from server.patients import service as patients
from server.services import Services
from storage.db import SYSTEM

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday, 09:00 in Asia/Shanghai
PASSWORD = "duikou-test-2026"

# username → (organisation, role, department, name)
STAFF: dict[str, tuple[str, tuple[Role, ...], str | None, str]] = {
    "rural_doctor": ("township", (Role.RURAL_DOCTOR, Role.LEARNER), None, "李示例"),
    "rural_doctor_2": ("township", (Role.RURAL_DOCTOR, Role.LEARNER), None, "赵示例"),
    "county_doctor": ("county", (Role.RURAL_DOCTOR, Role.LEARNER), None, "孙示例"),
    "specialist": ("city", (Role.SPECIALIST, Role.LECTURER), "心内科", "王示例"),
    "specialist_2": ("city", (Role.SPECIALIST,), "心内科", "周示例"),
    "radiologist": ("city", (Role.SPECIALIST,), "影像科", "吴示例"),
    "coordinator": ("city", (Role.COORDINATOR,), None, "郑示例"),
    "township_coordinator": ("township", (Role.COORDINATOR,), None, "冯示例"),
    "lecturer": ("city", (Role.LECTURER,), "心内科", "陈示例"),
    "learner": ("township", (Role.LEARNER,), None, "褚示例"),
    "assessor": ("authority", (Role.ASSESSOR,), None, "卫示例"),
    "authority": ("authority", (Role.AUTHORITY,), None, "蒋示例"),
    "administrator": ("city", (Role.ADMINISTRATOR,), None, "沈示例"),
    "stranger": ("other", (Role.SPECIALIST, Role.RURAL_DOCTOR, Role.LECTURER), None, "韩示例"),
    "other_assessor": ("other_authority", (Role.ASSESSOR,), None, "杨示例"),
}
ORGANISATIONS = {
    "city": (OrganisationKind.CITY_HOSPITAL, ("心内科", "影像科")),
    "county": (OrganisationKind.COUNTY_HOSPITAL, ()),
    "township": (OrganisationKind.TOWNSHIP_CENTRE, ()),
    "authority": (OrganisationKind.AUTHORITY, ()),
    "other": (OrganisationKind.CITY_HOSPITAL, ()),
    "other_authority": (OrganisationKind.AUTHORITY, ()),
}


@dataclass(frozen=True)
class World:
    """Ids by the short names above. `agreement`: city supports township; `county_agreement`: city, county."""

    organisations: dict[str, str]
    departments: dict[str, str]
    staff: dict[str, str]
    patient: str  # of the township
    county_patient: str
    agreement: str
    county_agreement: str

    def dump(self) -> str:
        return json.dumps(asdict(self))


async def make_world(services: Services) -> World:
    """Fill an empty database."""
    organisations: dict[str, str] = {}
    for short, (kind, departments) in ORGANISATIONS.items():
        made = await access.create_organisation(
            services, SYSTEM, name=f"{short}(示例)", kind=kind, departments=departments, demo=True
        )
        organisations[short] = made.id
    staff: dict[str, str] = {}
    departments_by_name: dict[str, str] = {}
    for username, (organisation, roles, department, name) in STAFF.items():
        person = await access.create_staff(
            services,
            SYSTEM,
            organisation_id=organisations[organisation],
            username=username,
            password=PASSWORD,
            name=name,
            roles=roles,
            department=department,
            title="主任医师",
            licence="示例000000",
            practising_since=date(2010, 7, 1),
            demo=True,
        )
        staff[username] = person.id
        if department and person.department_id:
            departments_by_name[department] = person.department_id
    agreements = [
        await _agreement(services, organisations, recipient, number)
        for number, recipient in (("TEST-1", "township"), ("TEST-2", "county"))
    ]
    patient_ids = [
        (
            await patients.create_patient(
                services,
                SYSTEM,
                organisation_id=organisations[unit],
                name="患者示例",
                sex="M",
                birth_date=date(1959, 3, 1),
                demo=True,
            )
        ).id
        for unit in ("township", "county")
    ]
    return World(organisations, departments_by_name, staff, *patient_ids, *agreements)


async def _agreement(
    services: Services, organisations: dict[str, str], recipient: str, number: str
) -> str:
    agreement = await pairing.create_agreement(
        services,
        SYSTEM,
        number=number,
        supporting_id=organisations["city"],
        recipient_id=organisations[recipient],
        authority_id=organisations["authority"],
        programme="default",
        starts_on=date(2026, 1, 1),
        ends_on=date(2027, 12, 31),
        departments=["心内科"],
        headcount=2,
        liaison="联络示例",
        filed_on=date(2026, 1, 10),
    )
    await pairing.create_plan(
        services,
        SYSTEM,
        agreement_id=agreement.id,
        year=2026,
        targets={ActivityKind.CONSULT: 24, ActivityKind.ECG_READ: 120, ActivityKind.LECTURE: 12},
        filed_on=date(2026, 2, 1),
        accepted_on=date(2026, 2, 5),
    )
    return agreement.id
