"""Score sheets: one agreement's, its workbook, and the subjects of a period."""

from __future__ import annotations

import asyncio

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.permissions import Permission
from server.assessment import service, views, workbook
from server.assessment.schemas import ScoreQuery, ScoreView, SubjectsQuery, SubjectsView
from server.errors import ErrorCode
from server.evidence.queries import access_agreement_log, visible_agreements
from server.evidence.routes import XLSX, attachment
from server.http.routing import Call, Empty, Route
from storage.tables.access import Organisation


async def _names(session: AsyncSession) -> dict[str, str]:
    rows = await session.execute(select(Organisation.id, Organisation.name))
    return {row.id: row.name for row in rows}


async def _score(call: Call[ScoreQuery, Empty]) -> ScoreView:
    services, query = call.services, call.query
    async with services.db.read() as session:
        agreement = await access_agreement_log(session, call.person, query.agreement_id)
        first, last = await service.period_or_present(
            session, services, call.person, query.from_, query.to
        )
        found = await service.score(session, services, call.person, [agreement], first, last)
        names = await _names(session)
    return await asyncio.to_thread(views.score_view, found[0], names)


async def get_score(call: Call[ScoreQuery, Empty]) -> ScoreView:
    return await _score(call)


async def export_score(call: Call[ScoreQuery, Empty]) -> web.StreamResponse:
    view = await _score(call)
    data = await asyncio.to_thread(workbook.score_workbook, view)
    return attachment(data, XLSX, "score-sheet.xlsx")


async def list_subjects(call: Call[SubjectsQuery, Empty]) -> SubjectsView:
    services, query = call.services, call.query
    async with services.db.read() as session:
        agreements = await visible_agreements(session, call.person)
        first, last = await service.period_or_present(
            session, services, call.person, query.from_, query.to
        )
        found = await service.score(session, services, call.person, agreements, first, last)
        names = await _names(session)
    subjects = [views.subject_view(subject, names) for subject in found]
    # EXPERIENCE: the assessor's first screen shows doubts first, then who lacks most.
    subjects.sort(key=lambda item: (-item.doubts, -item.short, item.agreement_number))
    return SubjectsView(first_day=first, last_day=last, subjects=subjects)


_ERRORS = (ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE)

ROUTES = [
    Route(
        "GET",
        "/api/scores",
        get_score,
        "The supporting unit's score sheet of a period, computed from the log",
        Permission.ASSESSMENT_SCORE_READ,
        query=ScoreQuery,
        response=ScoreView,
        errors=_ERRORS,
    ),
    Route(
        "GET",
        "/api/scores.xlsx",
        export_score,
        "The score sheet as a workbook",
        Permission.ASSESSMENT_SCORE_READ,
        query=ScoreQuery,
        produces=XLSX,
        errors=_ERRORS,
    ),
    Route(
        "GET",
        "/api/subjects",
        list_subjects,
        "Supporting units of this period with their scores, doubts first",
        Permission.ASSESSMENT_SCORE_READ,
        query=SubjectsQuery,
        response=SubjectsView,
        errors=_ERRORS,
    ),
]
