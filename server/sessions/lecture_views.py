"""What a reader sees of lectures, and the list of attendance."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import xlsxwriter
from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.rules import Person, Role
from server.errors import ErrorCode, Problem
from server.pairing.rules import ActivityKind
from server.sessions import attendance
from server.sessions.intervals import seconds
from server.sessions.lecture_access import (
    FoundLecture,
    access_lecture,
    party_of,
    policies_of,
    visible_to,
)
from server.sessions.lecture_closing import lecture_role, times_of
from server.sessions.lecture_schemas import (
    LectureAttendanceRow,
    LectureAttendanceView,
    LectureRow,
    LecturesQuery,
    LecturesView,
    LectureView,
    LectureWhen,
    RecipientRef,
)
from server.sessions.people import person_ref
from server.sessions.rules import (
    LECTURE_DONE,
    Door,
    LectureParty,
    lecture_actions,
)
from storage.tables.sessions import Lecture, SessionAttendance

if TYPE_CHECKING:
    from server.services import Services

DONE = [state.value for state in LECTURE_DONE]


def _floor_seconds(found: FoundLecture) -> int:
    return found.policy.floor_minutes[ActivityKind.LECTURE] * 60


def _my_seconds(found: FoundLecture, mine: SessionAttendance | None) -> int:
    lecture = found.lecture
    if mine is None or lecture.live_at is None:
        return 0
    span = attendance.span_of(*times_of(lecture, found.now))
    speaking = mine.staff_id == lecture.lecturer_id
    return seconds(attendance.verified(mine, span, by_sending=speaking))


def _row_fields(
    found: FoundLecture, mine: SessionAttendance | None, signed_in: int
) -> dict[str, Any]:
    lecture, times = found.lecture, found.times
    return {
        "id": lecture.id,
        "title": lecture.title,
        "state": found.state,
        "party": found.party,
        "actions": lecture_actions(found.state, found.party, found.door is Door.OPEN),
        "supporting_id": lecture.supporting_id,
        "supporting_name": lecture.supporting.name,
        "lecturer": person_ref(lecture.lecturer),
        "recipients": [
            RecipientRef(
                agreement_id=row.agreement_id,
                organisation_id=row.recipient_id,
                name=row.recipient.name,
                entry_id=row.entry_id,
            )
            for row in lecture.invitations
        ],
        "starts_at": lecture.starts_at,
        "minutes": lecture.minutes,
        "opens_at": times.opens_at,
        "closes_at": times.closes_at,
        "live_at": lecture.live_at,
        "ended_at": lecture.ended_at,
        "my_seconds": _my_seconds(found, mine),
        "floor_seconds": _floor_seconds(found),
        "signed_in": signed_in,
        "demo": lecture.demo,
        "created_at": lecture.created_at,
    }


async def show(services: Services, person: Person, lecture_id: str) -> LectureView:
    """One lecture as the person may see it. Raises `Problem` (404)."""
    async with services.db.read() as session:
        found = await access_lecture(services, session, person, lecture_id)
        mine = await attendance.mine_of(session, [lecture_id], person.id)
        counts = await attendance.signed_in_counts(session, [lecture_id])
        lecture = found.lecture
        return LectureView(
            **_row_fields(found, mine.get(lecture_id), counts.get(lecture_id, 0)),
            description=lecture.description,
            cancel_reason=lecture.cancel_reason,
            room_title=lecture.title,
        )


def _filters(query: LecturesQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.state:
        found.append(Lecture.state.in_([state.value for state in query.state]))
    if query.when is LectureWhen.PAST:
        found.append(Lecture.state.in_(DONE))
    elif query.when is LectureWhen.UPCOMING:
        found.append(Lecture.state.not_in(DONE))
    return found


def _order() -> list[Any]:
    done = Lecture.state.in_(DONE)
    return [
        case((done, 1), else_=0),
        case((done, None), else_=Lecture.starts_at),
        Lecture.starts_at.desc(),
        Lecture.id,
    ]


async def find(
    services: Services, session: AsyncSession, person: Person, *conditions: Any, **page: Any
) -> list[FoundLecture]:
    """Visible lectures under further conditions: those to come by their start, then the newest past."""
    query = select(Lecture).where(visible_to(person), *conditions).order_by(*_order())
    query = query.limit(page.get("limit", 200)).offset(page.get("offset", 0))
    lectures = (await session.execute(query)).scalars().all()
    policies = await policies_of(session, lectures, services.config.zone)
    now = services.clock.now()
    found: list[FoundLecture] = []
    for lecture in lectures:
        party = party_of(lecture, person)
        if party is not None:
            found.append(FoundLecture(lecture, party, policies[lecture.id], now))
    return found


async def listed(services: Services, person: Person, query: LecturesQuery) -> LecturesView:
    """The lectures that the person may see."""
    async with services.db.read() as session:
        conditions = _filters(query)
        found = await find(
            services, session, person, *conditions, limit=query.limit, offset=query.offset
        )
        ids = [item.lecture.id for item in found]
        mine = await attendance.mine_of(session, ids, person.id)
        counts = await attendance.signed_in_counts(session, ids)
        total = select(func.count()).select_from(Lecture).where(visible_to(person), *conditions)
        return LecturesView(
            lectures=[
                LectureRow(
                    **_row_fields(item, mine.get(item.lecture.id), counts.get(item.lecture.id, 0))
                )
                for item in found
            ],
            total=int((await session.execute(total)).scalar_one()),
        )


async def _attendance_rows(
    session: AsyncSession, person: Person, found: FoundLecture
) -> list[SessionAttendance]:
    """Everyone for who runs it; a recipient's coordinator sees the own unit's people. Raises `Problem` (403)."""
    rows = await attendance.rows_of(session, found.lecture.id)
    if found.party is not LectureParty.AUDIENCE:
        return list(rows)
    if not person.has(Role.COORDINATOR):
        raise Problem(ErrorCode.NOT_ALLOWED)
    return [row for row in rows if row.organisation_id == person.organisation_id]


async def attendance_of(
    services: Services, person: Person, lecture_id: str
) -> LectureAttendanceView:
    """Verified minutes of everybody the person may see. Raises `Problem` (404, 403)."""
    async with services.db.read() as session:
        found = await access_lecture(services, session, person, lecture_id)
        rows = await _attendance_rows(session, person, found)
        lecture, floor = found.lecture, _floor_seconds(found)
        span = attendance.span_of(*times_of(lecture, found.now))
        people = []
        for row in rows:
            role = lecture_role(lecture, row)
            fields = attendance.row_fields(row, role, span, by_sending=role == "lecturer")
            people.append(
                LectureAttendanceRow(
                    **fields,
                    organisation_name=row.staff.organisation.name,
                    signed_in_at=row.signed_in_at,
                    counts=fields["verified_seconds"] >= floor,
                )
            )
        return LectureAttendanceView(
            lecture_id=lecture.id,
            state=found.state,
            starts_second=span[0],
            ends_second=span[1],
            floor_seconds=floor,
            people=people,
        )


HEADINGS = ("姓名", "职称", "单位", "身份", "签到时间", "最后离开", "认定分钟", "是否计入")
ROLES = {"lecturer": "主讲", "learner": "学员", "observer": "旁听"}


def _sheet(title: str, zone: str, view: LectureAttendanceView) -> bytes:
    """The list of attendance as a workbook (blocking). Text is never taken for a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("签到表")
        bold = book.add_format({"bold": True})
        sheet.write_string(0, 0, title, bold)
        sheet.write_row(2, 0, HEADINGS, bold)
        sheet.set_column(0, 7, 18)
        for number, person in enumerate(view.people, start=3):
            times = [
                moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S") if moment else ""
                for moment in (person.signed_in_at, person.last_left_at)
            ]
            sheet.write_row(
                number,
                0,
                (
                    person.person.name,
                    person.person.title,
                    person.organisation_name,
                    ROLES[person.role],
                    *times,
                    round(person.verified_seconds / 60, 1),
                    "是" if person.counts else "否",
                ),
            )
    return out.getvalue()


async def attendance_xlsx(services: Services, person: Person, lecture_id: str) -> bytes:
    """The list of attendance for filing on paper. Raises `Problem` (404, 403)."""
    view = await attendance_of(services, person, lecture_id)
    async with services.db.read() as session:
        found = await access_lecture(services, session, person, lecture_id)
        title, zone = found.lecture.title, found.lecture.supporting.zone
    return await asyncio.to_thread(_sheet, title, zone, view)
