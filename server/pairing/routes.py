"""Agreements that concern the logged-in person's organisation."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.permissions import Permission
from server.http.routing import Call, Empty, Route
from server.pairing import service
from server.pairing.rules import in_force
from server.pairing.schemas import AgreementsView, AgreementView, PlanView
from storage.tables.access import Organisation
from storage.tables.pairing import Agreement


async def _names(session: AsyncSession) -> dict[str, str]:
    rows = await session.execute(select(Organisation.id, Organisation.name))
    return {row.id: row.name for row in rows}


def _view(agreement: Agreement, names: dict[str, str], today: date) -> AgreementView:
    ended = agreement.terminated_at.date() if agreement.terminated_at else None
    return AgreementView(
        id=agreement.id,
        number=agreement.number,
        supporting_id=agreement.supporting_id,
        supporting_name=names.get(agreement.supporting_id, ""),
        recipient_id=agreement.recipient_id,
        recipient_name=names.get(agreement.recipient_id, ""),
        authority_id=agreement.authority_id,
        programme=agreement.programme,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        departments=agreement.departments,
        headcount=agreement.headcount,
        liaison=agreement.liaison,
        filed_on=agreement.filed_on,
        in_force=in_force(agreement.starts_on, agreement.ends_on, ended, today),
        plans=[PlanView.model_validate(plan) for plan in agreement.plans],
    )


async def list_agreements(call: Call[Empty, Empty]) -> AgreementsView:
    async with call.services.db.read() as session:
        names = await _names(session)
        today = await service.today_of(session, call.services, call.person.organisation_id)
        found = await service.agreements_of(session, call.person)
        return AgreementsView(agreements=[_view(row, names, today) for row in found])


async def get_agreement(call: Call[Empty, Empty]) -> AgreementView:
    async with call.services.db.read() as session:
        agreement = await service.access_agreement(session, call.person, call.path["agreement_id"])
        today = await service.today_of(session, call.services, call.person.organisation_id)
        return _view(agreement, await _names(session), today)


ROUTES = [
    Route(
        "GET",
        "/api/agreements",
        list_agreements,
        "Agreements of my organisation",
        Permission.PAIRING_AGREEMENT_READ,
        response=AgreementsView,
    ),
    Route(
        "GET",
        "/api/agreements/{agreement_id}",
        get_agreement,
        "One agreement with its yearly plans",
        Permission.PAIRING_AGREEMENT_READ,
        response=AgreementView,
    ),
]
