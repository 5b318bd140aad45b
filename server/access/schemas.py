"""Request and response models of log-in and the directory."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from server.access.rules import OrganisationKind, Role
from server.http.routing import Schema


class LoginRequest(Schema):
    username: Annotated[str, Field(min_length=1, max_length=64)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class OrganisationView(Schema):
    id: str
    name: str
    kind: OrganisationKind
    zone: str
    region: str
    demo: bool


class DepartmentView(Schema):
    id: str
    organisation_id: str
    name: str


class StaffView(Schema):
    """A person as colleagues see them."""

    id: str
    name: str
    title: str
    organisation_id: str
    organisation_name: str
    department_id: str | None
    department_name: str
    roles: list[Role]


class PersonView(Schema):
    """The logged-in person."""

    id: str
    username: str
    name: str
    title: str
    licence: str
    roles: list[Role]
    permissions: list[str]
    organisation: OrganisationView
    department: DepartmentView | None
    demo: bool


class LoginView(Schema):
    access_token: str
    expires_in: Annotated[int, Field(description="seconds")]
    person: PersonView


class DirectoryQuery(Schema):
    organisation_id: str = ""
    role: Role | None = None
    search: Annotated[
        str, Field(max_length=60, description="part of a name, or pinyin initials")
    ] = ""


class DirectoryView(Schema):
    organisations: list[OrganisationView]
    departments: list[DepartmentView]
    staff: list[StaffView]


class Done(Schema):
    done: bool = True


class DemoAccount(Schema):
    username: str
    name: str
    role: Role
    organisation: str


class DemoAccounts(Schema):
    demo: bool
    accounts: list[DemoAccount]


class DemoEnterRequest(Schema):
    username: Annotated[str, Field(min_length=1, max_length=64)]
