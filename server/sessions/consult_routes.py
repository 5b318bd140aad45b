"""Consults: ask, answer, arrange, meet, sign, report back."""

from __future__ import annotations

from typing import Any

from server.access.permissions import Permission
from server.errors import ErrorCode
from server.http.routing import Call, Empty, Route
from server.sessions import consult_closing, consult_opinion, consult_service, consult_views, rooms
from server.sessions.schemas import (
    AcceptRequest,
    ConsultChange,
    ConsultRequest,
    ConsultsQuery,
    ConsultsView,
    ConsultView,
    JoinQuery,
    MessageRequest,
    OpinionRequest,
    OutcomeRequest,
    ReasonRequest,
    RoomView,
    ScheduleRequest,
)


async def _shown(call: Call[Any, Any], consult_id: str) -> ConsultView:
    return await consult_views.show(call.services, call.person, consult_id)


async def list_consults(call: Call[ConsultsQuery, Empty]) -> ConsultsView:
    return await consult_views.listed(call.services, call.person, call.query)


async def create_consult(call: Call[Empty, ConsultRequest]) -> ConsultView:
    consult = await consult_service.create(call.services, call.person, call.actor, call.body)
    return await _shown(call, consult.id)


async def get_consult(call: Call[Empty, Empty]) -> ConsultView:
    return await _shown(call, call.path["consult_id"])


async def update_consult(call: Call[Empty, ConsultChange]) -> ConsultView:
    consult_id = call.path["consult_id"]
    await consult_service.edit(call.services, call.person, call.actor, consult_id, call.body)
    return await _shown(call, consult_id)


async def submit_consult(call: Call[Empty, Empty]) -> ConsultView:
    consult_id = call.path["consult_id"]
    await consult_service.submit(call.services, call.person, call.actor, consult_id)
    return await _shown(call, consult_id)


async def accept_consult(call: Call[Empty, AcceptRequest]) -> ConsultView:
    consult_id, body = call.path["consult_id"], call.body
    await consult_service.accept(
        call.services,
        call.person,
        call.actor,
        consult_id,
        starts_at=body.starts_at,
        minutes=body.minutes,
    )
    return await _shown(call, consult_id)


async def decline_consult(call: Call[Empty, ReasonRequest]) -> ConsultView:
    consult_id = call.path["consult_id"]
    await consult_service.decline(
        call.services, call.person, call.actor, consult_id, call.body.reason
    )
    return await _shown(call, consult_id)


async def ask_about_consult(call: Call[Empty, MessageRequest]) -> ConsultView:
    consult_id = call.path["consult_id"]
    await consult_service.ask(call.services, call.person, call.actor, consult_id, call.body.message)
    return await _shown(call, consult_id)


async def answer_about_consult(call: Call[Empty, MessageRequest]) -> ConsultView:
    consult_id = call.path["consult_id"]
    await consult_service.answer(
        call.services, call.person, call.actor, consult_id, call.body.message
    )
    return await _shown(call, consult_id)


async def schedule_consult(call: Call[Empty, ScheduleRequest]) -> ConsultView:
    consult_id, body = call.path["consult_id"], call.body
    await consult_service.schedule(
        call.services, call.person, call.actor, consult_id, body.starts_at, body.minutes
    )
    return await _shown(call, consult_id)


async def cancel_consult(call: Call[Empty, ReasonRequest]) -> ConsultView:
    consult_id = call.path["consult_id"]
    await consult_service.cancel(
        call.services, call.person, call.actor, consult_id, call.body.reason
    )
    return await _shown(call, consult_id)


async def join_consult(call: Call[JoinQuery, Empty]) -> RoomView:
    return await rooms.join_consult(
        call.services, call.person, call.actor, call.path["consult_id"], call.query
    )


async def end_consult(call: Call[Empty, Empty]) -> ConsultView:
    consult_id = call.path["consult_id"]
    await consult_service.end(call.services, call.person, call.actor, consult_id)
    return await _shown(call, consult_id)


async def save_consult_opinion(call: Call[Empty, OpinionRequest]) -> ConsultView:
    consult_id, body = call.path["consult_id"], call.body
    await consult_opinion.save(
        call.services, call.person, call.actor, consult_id, body.opinion, body.advice
    )
    return await _shown(call, consult_id)


async def sign_consult_opinion(call: Call[Empty, OpinionRequest]) -> ConsultView:
    consult_id, body = call.path["consult_id"], call.body
    await consult_opinion.sign(
        call.services, call.person, call.actor, consult_id, body.opinion, body.advice
    )
    return await _shown(call, consult_id)


async def file_back_consult(call: Call[Empty, Empty]) -> ConsultView:
    consult_id = call.path["consult_id"]
    await consult_opinion.file_back(call.services, call.person, call.actor, consult_id)
    return await _shown(call, consult_id)


async def report_consult_outcome(call: Call[Empty, OutcomeRequest]) -> ConsultView:
    consult_id, body = call.path["consult_id"], call.body
    await consult_closing.report_outcome(
        call.services, call.person, call.actor, consult_id, body.outcome, body.reason
    )
    return await _shown(call, consult_id)


_REQUEST = Permission.SESSIONS_CONSULT_REQUEST
_ANSWER = Permission.SESSIONS_CONSULT_ANSWER
_VIEW = Permission.SESSIONS_CONSULT_VIEW
_STATE = (ErrorCode.WRONG_STATE, ErrorCode.AGREEMENT_NOT_IN_FORCE)
_ONE = "/api/consults/{consult_id}"


def _step(name: str, handler: Any, summary: str, permission: Permission, body: Any = None) -> Route:
    return Route(
        "POST",
        f"{_ONE}/{name}",
        handler,
        summary,
        permission,
        body=body,
        response=ConsultView,
        errors=_STATE,
    )


ROUTES = [
    Route(
        "GET",
        "/api/consults",
        list_consults,
        "Consults that I may see, open and urgent first",
        _VIEW,
        query=ConsultsQuery,
        response=ConsultsView,
    ),
    Route(
        "POST",
        "/api/consults",
        create_consult,
        "Ask for a consult",
        _REQUEST,
        body=ConsultRequest,
        response=ConsultView,
        status=201,
        errors=(ErrorCode.NOT_FOUND, *_STATE),
    ),
    Route("GET", _ONE, get_consult, "One consult", _VIEW, response=ConsultView),
    Route(
        "PATCH",
        _ONE,
        update_consult,
        "Change a request before it is accepted",
        _REQUEST,
        body=ConsultChange,
        response=ConsultView,
        errors=_STATE,
    ),
    _step("submit", submit_consult, "Send a draft to the supporting unit", _REQUEST),
    _step("accept", accept_consult, "Accept, with or without a time", _ANSWER, AcceptRequest),
    _step("decline", decline_consult, "Decline, with a reason", _ANSWER, ReasonRequest),
    _step("ask", ask_about_consult, "Ask the requester for more", _ANSWER, MessageRequest),
    _step("answer", answer_about_consult, "Answer and send again", _REQUEST, MessageRequest),
    _step("schedule", schedule_consult, "Set or change the time", _VIEW, ScheduleRequest),
    _step(
        "cancel", cancel_consult, "Cancel before it is live, with a reason", _VIEW, ReasonRequest
    ),
    Route(
        "POST",
        f"{_ONE}/join",
        join_consult,
        "A seat in the consult's room",
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
    _step("end", end_consult, "End the live session for both sides", _ANSWER),
    Route(
        "PUT",
        f"{_ONE}/opinion",
        save_consult_opinion,
        "Keep the draft of the opinion",
        _ANSWER,
        body=OpinionRequest,
        response=ConsultView,
        errors=_STATE,
    ),
    _step("sign", sign_consult_opinion, "Sign the opinion and send it", _ANSWER, OpinionRequest),
    _step("file-back", file_back_consult, "Filed in the recipient's record", _REQUEST),
    _step(
        "outcome",
        report_consult_outcome,
        "Adopted or not; closes the consult",
        _REQUEST,
        OutcomeRequest,
    ),
]
