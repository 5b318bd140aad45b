"""Response models of agreements and plans."""

from __future__ import annotations

from datetime import date

from server.http.routing import Schema
from server.pairing.rules import ActivityKind


class PlanItemView(Schema):
    id: str
    kind: ActivityKind
    target: int
    unit: str
    note: str


class PlanView(Schema):
    id: str
    year: int
    filed_on: date | None
    accepted_on: date | None
    items: list[PlanItemView]


class AgreementView(Schema):
    id: str
    number: str
    supporting_id: str
    supporting_name: str
    recipient_id: str
    recipient_name: str
    authority_id: str
    programme: str
    starts_on: date
    ends_on: date
    departments: list[str]
    headcount: int
    liaison: str
    filed_on: date | None
    in_force: bool
    plans: list[PlanView]


class AgreementsView(Schema):
    agreements: list[AgreementView]
