"""Lectures: plan, announce, open, speak, listen, and the list of who attended."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from server.access.permissions import Permission
from server.access.schemas import Done
from server.errors import ErrorCode
from server.http.routing import Call, Empty, Route
from server.sessions import lecture_service, lecture_views, rooms
from server.sessions.lecture_schemas import (
    LectureAttendanceView,
    LectureChange,
    LectureRequest,
    LecturesQuery,
    LecturesView,
    LectureView,
    SpeakerRequest,
)
from server.sessions.rules import LectureEvent
from server.sessions.schemas import JoinQuery, ReasonRequest, RoomView

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def _shown(call: Call[Any, Any], lecture_id: str) -> LectureView:
    return await lecture_views.show(call.services, call.person, lecture_id)


async def list_lectures(call: Call[LecturesQuery, Empty]) -> LecturesView:
    return await lecture_views.listed(call.services, call.person, call.query)


async def create_lecture(call: Call[Empty, LectureRequest]) -> LectureView:
    lecture = await lecture_service.plan(call.services, call.person, call.actor, call.body)
    return await _shown(call, lecture.id)


async def get_lecture(call: Call[Empty, Empty]) -> LectureView:
    return await _shown(call, call.path["lecture_id"])


async def update_lecture(call: Call[Empty, LectureChange]) -> LectureView:
    lecture_id = call.path["lecture_id"]
    await lecture_service.edit(call.services, call.person, call.actor, lecture_id, call.body)
    return await _shown(call, lecture_id)


async def _moved(call: Call[Any, Any], event: LectureEvent) -> LectureView:
    lecture_id = call.path["lecture_id"]
    await lecture_service.move(call.services, call.person, call.actor, lecture_id, event)
    return await _shown(call, lecture_id)


async def announce_lecture(call: Call[Empty, Empty]) -> LectureView:
    return await _moved(call, LectureEvent.ANNOUNCE)


async def open_lecture(call: Call[Empty, Empty]) -> LectureView:
    return await _moved(call, LectureEvent.OPEN)


async def start_lecture(call: Call[Empty, Empty]) -> LectureView:
    return await _moved(call, LectureEvent.START)


async def end_lecture(call: Call[Empty, Empty]) -> LectureView:
    return await _moved(call, LectureEvent.END)


async def archive_lecture(call: Call[Empty, Empty]) -> LectureView:
    return await _moved(call, LectureEvent.ARCHIVE)


async def cancel_lecture(call: Call[Empty, ReasonRequest]) -> LectureView:
    lecture_id = call.path["lecture_id"]
    await lecture_service.cancel(
        call.services, call.person, call.actor, lecture_id, call.body.reason
    )
    return await _shown(call, lecture_id)


async def join_lecture(call: Call[JoinQuery, Empty]) -> RoomView:
    return await rooms.join_lecture(
        call.services, call.person, call.actor, call.path["lecture_id"], call.query
    )


async def set_lecture_speaker(call: Call[Empty, SpeakerRequest]) -> Done:
    await rooms.allow_speaking(
        call.services,
        call.person,
        call.actor,
        call.path["lecture_id"],
        call.body.identity,
        allowed=call.body.allowed,
    )
    return Done()


async def get_lecture_attendance(call: Call[Empty, Empty]) -> LectureAttendanceView:
    return await lecture_views.attendance_of(call.services, call.person, call.path["lecture_id"])


async def export_lecture_attendance(call: Call[Empty, Empty]) -> web.StreamResponse:
    lecture_id = call.path["lecture_id"]
    data = await lecture_views.attendance_xlsx(call.services, call.person, lecture_id)
    disposition = f'attachment; filename="attendance-{lecture_id}.xlsx"'
    return web.Response(body=data, content_type=XLSX, headers={"Content-Disposition": disposition})


_VIEW = Permission.SESSIONS_LECTURE_VIEW
_MANAGE = Permission.SESSIONS_LECTURE_MANAGE
_STATE = (ErrorCode.WRONG_STATE, ErrorCode.AGREEMENT_NOT_IN_FORCE)
_ONE = "/api/lectures/{lecture_id}"


def _step(name: str, handler: Any, summary: str, body: Any = None) -> Route:
    return Route(
        "POST",
        f"{_ONE}/{name}",
        handler,
        summary,
        _MANAGE,
        body=body,
        response=LectureView,
        errors=_STATE,
    )


ROUTES = [
    Route(
        "GET",
        "/api/lectures",
        list_lectures,
        "Lectures for my organisation",
        _VIEW,
        query=LecturesQuery,
        response=LecturesView,
    ),
    Route(
        "POST",
        "/api/lectures",
        create_lecture,
        "Plan a lecture",
        _MANAGE,
        body=LectureRequest,
        response=LectureView,
        status=201,
        errors=(ErrorCode.NOT_FOUND, *_STATE),
    ),
    Route("GET", _ONE, get_lecture, "One lecture", _VIEW, response=LectureView),
    Route(
        "PATCH",
        _ONE,
        update_lecture,
        "Change a lecture before it opens",
        _MANAGE,
        body=LectureChange,
        response=LectureView,
        errors=_STATE,
    ),
    _step("announce", announce_lecture, "Show it to the invited units"),
    _step("open", open_lecture, "Open the door for signing in"),
    _step("start", start_lecture, "Begin"),
    _step("end", end_lecture, "End it for everybody"),
    _step("archive", archive_lecture, "Put it away"),
    _step("cancel", cancel_lecture, "Cancel before it begins, with a reason", ReasonRequest),
    Route(
        "POST",
        f"{_ONE}/join",
        join_lecture,
        "A seat in the lecture's room",
        _VIEW,
        query=JoinQuery,
        response=RoomView,
        errors=(
            *_STATE,
            ErrorCode.JOIN_TOO_EARLY,
            ErrorCode.SESSION_OVER,
            ErrorCode.ROOM_LOCKED,
            ErrorCode.ADMISSION_REFUSED,
            ErrorCode.MEDIA_UNAVAILABLE,
        ),
    ),
    Route(
        "POST",
        f"{_ONE}/speakers",
        set_lecture_speaker,
        "Let somebody in the audience speak, or stop it",
        _MANAGE,
        body=SpeakerRequest,
        response=Done,
        errors=(ErrorCode.WRONG_STATE, ErrorCode.MEDIA_UNAVAILABLE),
    ),
    Route(
        "GET",
        f"{_ONE}/attendance",
        get_lecture_attendance,
        "Who attended, with verified minutes",
        _MANAGE,
        response=LectureAttendanceView,
    ),
    Route(
        "GET",
        f"{_ONE}/attendance.xlsx",
        export_lecture_attendance,
        "The list of attendance as a spreadsheet",
        _MANAGE,
        produces=XLSX,
    ),
]
