"""Recordings of live sessions: consent, start, stop, list, replay."""

from __future__ import annotations

from aiohttp import web

from server.access.permissions import Permission
from server.errors import ErrorCode
from server.http.routing import Call, Empty, Route
from server.recordings import service, views
from server.recordings.keeper import keeper_of
from server.recordings.schemas import (
    ConsentRequest,
    RecordingsView,
    RecordingView,
    TicketQuery,
    TicketView,
)


async def list_recordings(call: Call[Empty, Empty]) -> RecordingsView:
    return await views.show(call.services, call.person, call.path["session_id"])


async def set_recording_consent(call: Call[Empty, ConsentRequest]) -> RecordingsView:
    session_id = call.path["session_id"]
    await service.set_consent(
        call.services,
        call.person,
        call.actor,
        session_id,
        given=call.body.given,
        basis=call.body.basis,
    )
    keeper_of(call.services).wake()
    return await views.show(call.services, call.person, session_id)


async def start_recording(call: Call[Empty, Empty]) -> RecordingView:
    session_id = call.path["session_id"]
    recording_id = await service.start(call.services, call.person, call.actor, session_id)
    keeper_of(call.services).wake()
    return await views.show_one(call.services, call.person, recording_id)


async def stop_recording(call: Call[Empty, Empty]) -> RecordingView:
    recording_id = call.path["recording_id"]
    await service.stop(call.services, call.person, call.actor, recording_id)
    keeper_of(call.services).wake()
    return await views.show_one(call.services, call.person, recording_id)


async def retry_recording(call: Call[Empty, Empty]) -> RecordingView:
    recording_id = call.path["recording_id"]
    await service.retry(call.services, call.person, call.actor, recording_id)
    keeper_of(call.services).wake()
    return await views.show_one(call.services, call.person, recording_id)


async def get_recording(call: Call[Empty, Empty]) -> RecordingView:
    return await views.show_one(call.services, call.person, call.path["recording_id"])


async def issue_replay_ticket(call: Call[Empty, Empty]) -> TicketView:
    return await views.ticket(call.services, call.person, call.actor, call.path["recording_id"])


async def play_recording(call: Call[TicketQuery, Empty]) -> web.StreamResponse:
    recording, path = await views.film(call.services, call.query.ticket, call.path["recording_id"])
    headers = {
        "Content-Type": recording.media_type,
        "Content-Disposition": "inline",
        "Content-Security-Policy": "default-src 'none'; media-src 'self'; sandbox",
        "Cache-Control": "private, no-store",
        "Referrer-Policy": "no-referrer",
    }
    return web.FileResponse(path, headers=headers)


# Seeing recordings is decided by their session; the doors are open to everyone with an account. So is writing
# down a consent: who may is a matter of the side one is on.
_VIEW, _CONTROL = Permission.ACCESS_SELF_READ, Permission.SESSIONS_RECORDING_CONTROL

ROUTES = [
    Route(
        "GET",
        "/api/sessions/{session_id}/recordings",
        list_recordings,
        "Recordings of a session, its consent, and what one may do",
        _VIEW,
        response=RecordingsView,
    ),
    Route(
        "PUT",
        "/api/sessions/{session_id}/recording-consent",
        set_recording_consent,
        "Write down consent to recording, or withdraw it",
        _CONTROL,
        body=ConsentRequest,
        response=RecordingsView,
    ),
    Route(
        "POST",
        "/api/sessions/{session_id}/recordings",
        start_recording,
        "Begin to record; while one is being made, the answer is that one",
        _CONTROL,
        response=RecordingView,
        status=201,
        errors=(
            ErrorCode.RECORDING_DISK_FULL,
            ErrorCode.RECORDING_NO_CONSENT,
            ErrorCode.WRONG_STATE,
        ),
    ),
    Route(
        "GET",
        "/api/recordings/{recording_id}",
        get_recording,
        "One recording",
        _VIEW,
        response=RecordingView,
    ),
    Route(
        "POST",
        "/api/recordings/{recording_id}/stop",
        stop_recording,
        "End a recording",
        _CONTROL,
        response=RecordingView,
    ),
    Route(
        "POST",
        "/api/recordings/{recording_id}/retry",
        retry_recording,
        "Make the film again after it failed",
        _CONTROL,
        response=RecordingView,
        errors=(ErrorCode.WRONG_STATE,),
    ),
    Route(
        "POST",
        "/api/recordings/{recording_id}/ticket",
        issue_replay_ticket,
        "An address for a player; noted in the audit log",
        _VIEW,
        response=TicketView,
        errors=(ErrorCode.RECORDING_WITHHELD, ErrorCode.WRONG_STATE),
    ),
    Route(
        "GET",
        "/api/recordings/{recording_id}/film",
        play_recording,
        "The film itself; takes Range",
        None,
        public="a player cannot send a header: the ticket names the person, whose rights are looked at each time",
        query=TicketQuery,
        produces="*/*",
        errors=(
            ErrorCode.SESSION_EXPIRED,
            ErrorCode.NOT_ALLOWED,
            ErrorCode.RECORDING_WITHHELD,
            ErrorCode.WRONG_STATE,
        ),
    ),
]
