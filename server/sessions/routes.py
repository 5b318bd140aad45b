"""All operations of live sessions: consults, lectures, today's agenda, and the media server's webhooks."""

from __future__ import annotations

from server.access.permissions import Permission
from server.errors import ErrorCode, Problem
from server.http import bodies
from server.http.routing import Call, Empty, Route
from server.sessions import agenda, consult_routes, encoder, lecture_routes, room_routes, webhooks
from server.sessions.media import BadWebhook, MalformedWebhook
from server.sessions.schemas import AgendaView, WebhookResult

MAX_WEBHOOK = 1024 * 1024


async def get_agenda(call: Call[Empty, Empty]) -> AgendaView:
    return await agenda.today(call.services, call.person)


async def receive_livekit_webhook(call: Call[Empty, Empty]) -> WebhookResult:
    """One event of the media server. 200 only after the event is durable, so that its spool may drop it."""
    authorization = call.http.headers.get("Authorization", "")
    body = await bodies.whole(call.http, MAX_WEBHOOK)
    try:
        document = call.services.media.read_webhook(body, authorization)
    except MalformedWebhook:
        raise Problem(ErrorCode.WEBHOOK_MALFORMED) from None
    except BadWebhook as error:
        webhooks.count_unsigned(str(error))
        raise Problem(ErrorCode.WEBHOOK_REFUSED) from None
    return WebhookResult(result=await webhooks.apply_webhook_event(call.services, document))


ROUTES = [
    *consult_routes.ROUTES,
    *lecture_routes.ROUTES,
    *room_routes.ROUTES,
    *encoder.ROUTES,
    Route(
        "GET",
        "/api/agenda",
        get_agenda,
        "What I can join today, and what waits for me",
        Permission.ACCESS_SELF_READ,
        response=AgendaView,
    ),
    Route(
        "POST",
        "/hooks/livekit",
        receive_livekit_webhook,
        "Events and media reports of the media server",
        None,
        response=WebhookResult,
        public="Signed by the media server with the shared API secret (LiveKit webhooks).",
        consumes="application/webhook+json",
        errors=(
            ErrorCode.WEBHOOK_REFUSED,
            ErrorCode.WEBHOOK_MALFORMED,
            ErrorCode.REPORT_REFUSED,
            ErrorCode.BODY_TOO_LARGE,
        ),
    ),
]
