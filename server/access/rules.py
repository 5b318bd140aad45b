"""Who people are: roles, kinds of organisation, and the person behind a request. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class OrganisationKind(StrEnum):
    AUTHORITY = "authority"  # 主管部门
    CITY_HOSPITAL = "city_hospital"
    COUNTY_HOSPITAL = "county_hospital"
    TOWNSHIP_CENTRE = "township_centre"


class Role(StrEnum):
    """What a person does here. One person may have several."""

    ADMINISTRATOR = "administrator"
    ASSESSOR = "assessor"  # 考核组
    AUTHORITY = "authority"  # 主管部门工作人员
    COORDINATOR = "coordinator"  # 帮扶协调员
    LEARNER = "learner"
    LECTURER = "lecturer"
    RURAL_DOCTOR = "rural_doctor"
    SPECIALIST = "specialist"


@dataclass(frozen=True, slots=True)
class Person:
    """The logged-in person."""

    id: str
    name: str
    organisation_id: str
    department_id: str | None
    roles: frozenset[Role]

    def has(self, *roles: Role) -> bool:
        """True if the person has any of the roles."""
        return any(role in self.roles for role in roles)
