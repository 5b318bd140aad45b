"""Request and response models of patients."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from server.http.routing import Schema


class Sex(StrEnum):
    """DICOM PS3.3 C.7.1.1 (0010,0040), and U for unknown."""

    FEMALE = "F"
    MALE = "M"
    OTHER = "O"
    UNKNOWN = "U"


class PatientRequest(Schema):
    name: Annotated[str, Field(min_length=1, max_length=80)]
    sex: Sex
    birth_date: date | None = None
    local_no: Annotated[str, Field(max_length=40)] = ""


class PatientView(Schema):
    id: str
    name: str
    sex: Sex
    birth_date: date | None
    local_no: str
    demo: bool
    created_at: datetime


class PatientsQuery(Schema):
    search: Annotated[
        str, Field(max_length=60, description="part of the name or of the local number")
    ] = ""


class PatientsView(Schema):
    patients: list[PatientView]
