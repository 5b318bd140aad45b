"""WHIP ingest (RFC 9725) and WHEP playback (draft-ietf-wish-whep): one HTTP request makes a
participant whose media comes, or goes, without any signal connection."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiohttp import web
from livekit.protocol import models, rtc
from multidict import CIMultiDict

from signaling.errors import ProtocolError
from signaling.participant import Participant
from signaling.playback import Lines, Playback, receiving
from signaling.rooms import MediaServer
from signaling.sdp import build, fragment, parse
from signaling.socket import admitted, bearer
from signaling.tokens import Grants

log = logging.getLogger(__name__)

SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
CONNECT_SECONDS = 30.0
MAX_PUBLISHERS, MAX_VIEWERS = 16, 500  # of one room
_KINDS = {"audio": models.TrackType.AUDIO, "video": models.TrackType.VIDEO}
_SOURCES = {"audio": models.TrackSource.MICROPHONE, "video": models.TrackSource.CAMERA}
_NAMES = {"audio": "microphone", "video": "camera"}
_CODECS = ", ".join(build.NAMES["video"].values())
_TITLES = {
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    412: "Precondition Failed", 413: "Content Too Large", 415: "Unsupported Media Type",
    422: "Unprocessable Content", 428: "Precondition Required", 503: "Service Unavailable",
}  # fmt: skip


class Refusal(Exception):
    """An answer of RFC 9457: a stable code, and a sentence that says what to do."""

    def __init__(self, status: int, code: str, text: str, **headers: str) -> None:
        super().__init__(text)
        self.status, self.code = status, code
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def response(self) -> web.Response:
        body = {
            "type": "about:blank",
            "title": _TITLES[self.status],
            "status": self.status,
            "code": self.code,
            "detail": str(self),
        }
        return web.json_response(
            body, status=self.status, headers=self.headers, content_type="application/problem+json"
        )


class Session:
    """The signal side of a participant that has none: it hears what a client would be told."""

    def __init__(self, offer: parse.Description, mark: str) -> None:
        self.offer, self.remote = offer, offer.ufrag
        # The mark says which worker has it, as later requests carry no token.
        self.name = mark + secrets.token_urlsafe(18)
        self.participant: Participant | None = None
        self.playback: Playback | None = None
        self.refused = ""
        self.timer: asyncio.TimerHandle | None = None
        self._soon: Callable[[], None] | None = None

    @property
    def tag(self) -> str:
        """The entity tag of the ICE session (RFC 9725 section 4.3.1)."""
        assert self.participant is not None
        return f'"{self.participant.subscribing.peer.ufrag}"'

    def send(self, message: rtc.SignalResponse, raw: bytes | None = None) -> None:
        kind = message.WhichOneof("message")
        if kind == "request_response":
            self.refused = message.request_response.message
        elif kind == "update" and self.playback is not None:
            self._later(self.playback.choose)
        elif kind == "track_unpublished":
            self._later(self._bereft)
        elif kind == "mute" and message.mute.muted:
            self._silence(message.mute.sid)

    def _later(self, action: Callable[[], None]) -> None:
        """Once, after what is being done now."""
        if self._soon is None:
            self._soon = action
            asyncio.get_running_loop().call_soon(self._act)

    def _act(self) -> None:
        action, self._soon = self._soon, None
        if action is not None:
            action()

    def _bereft(self) -> None:
        """An encoder whose tracks were all ended (its rights were taken) has nothing left to do."""
        participant = self.participant
        if participant is not None and not participant.publishing.tracks:
            participant.room.remove(participant, models.DisconnectReason.PARTICIPANT_REMOVED)

    def _silence(self, sid: str) -> None:
        """A moderator muted a track. An encoder cannot be asked to obey: its packets are dropped from
        here on, until it begins anew."""
        publishing = self.participant.publishing if self.participant is not None else None
        track = publishing.find(sid) if publishing is not None else None
        if publishing is None or publishing.receiver is None or track is None or track.up is None:
            return
        publishing.receiver.release(track.up)

    def overdue(self) -> None:
        """Whoever has not connected by now will not."""
        participant = self.participant
        if participant is not None and not participant.active:
            participant.room.remove(participant, models.DisconnectReason.CONNECTION_TIMEOUT)

    def close(self) -> None:
        """The participant is gone; the address answers 404 from then on."""
        if self.timer is not None:
            self.timer.cancel()  # it would hold all of this until it is due


class WhipEndpoint:
    """HTTP handlers. A session's address is its own key: 144 random bits that nobody logs."""

    def __init__(self, server: MediaServer) -> None:
        self._server = server
        self._sessions: dict[str, Session] = {}

    def routes(self) -> list[web.RouteDef]:
        """All routes; OPTIONS is answered for every address alike (app.py)."""
        out = []
        for kind, make in (("whip", self._publish), ("whep", self._play)):
            address = "/{slashes:/*}" + kind
            out += [
                web.post(address, self._guarded(make)),
                web.patch(address + "/{session}", self._guarded(self._patch)),
                web.delete(address + "/{session}", self._guarded(self._delete)),
            ]
        return out

    @staticmethod
    def _guarded(
        handler: Callable[[web.Request], Awaitable[web.Response]],
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except Refusal as exc:
                return exc.response()
            except web.HTTPRequestEntityTooLarge:
                return Refusal(413, "too_large", "The body is longer than any SDP.").response()

        return guarded

    # --- POST ----------------------------------------------------------------------------------

    async def _publish(self, request: web.Request) -> web.Response:
        grants, text, offer = await self._asked(request)
        if not grants.publish:
            raise Refusal(403, "may_not_publish", "The token does not allow publishing.")
        sending = [s for s in offer.sections if s.sends and build.accepted(s)]
        kinds = [section.kind for section in sending]
        if not kinds or len(set(kinds)) != len(kinds):
            need = f"Offer one audio section (Opus), one video section ({_CODECS}), or both."
            raise Refusal(422, "nothing_to_take", need)
        session = Session(offer, self._server.settings.mark)
        participant = self._enter(session, grants, MAX_PUBLISHERS)
        for section in sending:
            wish = rtc.AddTrackRequest(
                cid=f"whip-{section.mid}",
                type=_KINDS[section.kind],
                source=_SOURCES[section.kind],
                name=_NAMES[section.kind],
                # The encoder's own order of preference: it has hardware for one of them.
                simulcast_codecs=[rtc.SimulcastCodec(codec=_first(section))],
            )
            participant.publishing.add_track(wish)
        if session.refused:
            self._undo(participant)
            raise Refusal(403, "may_not_publish", "The token does not allow camera or microphone.")
        return self._created(request, session, text)

    async def _play(self, request: web.Request) -> web.Response:
        grants, text, offer = await self._asked(request)
        if not grants.subscribe:
            raise Refusal(403, "may_not_subscribe", "The token does not allow subscribing.")
        if not any(receiving(offer, kind) for kind in _KINDS):
            raise Refusal(
                422, "nothing_to_send", f"Offer to receive Opus audio or video ({_CODECS})."
            )
        session = Session(offer, self._server.settings.mark)
        viewer = replace(grants, publish=False, data=False)
        participant = self._enter(session, viewer, MAX_VIEWERS)
        lines = Lines(participant, offer)
        participant.subscribing.use(lines)
        whom = request.query.get("identity") or grants.attributes.get("whep.identity", "")
        session.playback = Playback(participant, lines, whom)
        session.playback.choose()
        return self._created(request, session, text)

    async def _asked(self, request: web.Request) -> tuple[Grants, str, parse.Description]:
        """Who asks, and their offer."""
        if self._server.draining:
            raise Refusal(503, "draining", "The server is restarting: try again.", Retry_After="2")
        try:
            grants = admitted(bearer(request), self._server)
        except ProtocolError as exc:
            raise Refusal(401, "token", str(exc), WWW_Authenticate="Bearer") from exc
        if request.content_type != SDP:
            raise Refusal(415, "not_sdp", f"Send the offer as {SDP}.", Accept_Post=SDP)
        text = await _text(request)
        try:
            offer = parse.parse(text)
        except ProtocolError as exc:
            raise Refusal(400, "offer", str(exc)) from exc
        if not (offer.sections and offer.ufrag and offer.pwd and offer.fingerprints):
            raise Refusal(400, "offer", "An offer needs media, ICE credentials and a fingerprint.")
        return grants, text, offer

    def _enter(self, session: Session, grants: Grants, limit: int) -> Participant:
        room = self._server.room(grants.room)
        same = [s for s in self._living() if s.participant.room is room]  # type: ignore[union-attr]
        alike = [s for s in same if (s.playback is None) == (limit == MAX_PUBLISHERS)]
        try:
            if len(alike) >= limit:
                raise ProtocolError("The room has as many encoders or players as it takes.")
            participant = room.join(grants, session, single=True)
        except ProtocolError as exc:
            raise Refusal(503, "full", str(exc), Retry_After="10") from exc
        participant.auto_subscribe = False
        if grants.publish:
            participant.kind = models.ParticipantInfo.Kind.INGRESS
        session.participant = participant
        return participant

    def _created(self, request: web.Request, session: Session, text: str) -> web.Response:
        """Answer the offer; only now do the others hear of the newcomer."""
        participant = session.participant
        assert participant is not None
        try:
            offer = rtc.SessionDescription(type="offer", sdp=text)
            # Clients with half of DTLS say hello themselves (RFC 9725 section 4.4).
            answer = participant.publishing.answer(offer, greets=False)
        except ProtocolError as exc:
            self._undo(participant)
            raise Refusal(400, "offer", str(exc)) from exc
        self._sessions = {s.name: s for s in self._living()}
        self._sessions[session.name] = session
        participant.room.changed(participant, to_self=False)
        loop = asyncio.get_running_loop()
        session.timer = loop.call_later(CONNECT_SECONDS, session.overdue)
        headers: CIMultiDict[str] = CIMultiDict(
            {
                "Location": f"{request.path}/{session.name}",
                "ETag": session.tag,
                "Accept-Patch": FRAGMENT,
            }
        )
        for line in links(self._server.ice_servers(participant.identity)):
            headers.add("Link", line)
        return web.Response(status=201, text=answer.sdp, content_type=SDP, headers=headers)

    @staticmethod
    def _undo(participant: Participant) -> None:
        participant.room.remove(participant, models.DisconnectReason.JOIN_FAILURE)

    # --- the session ---------------------------------------------------------------------------

    def _living(self) -> list[Session]:
        return [s for s in self._sessions.values() if s.participant and not s.participant.closed]

    def _found(self, request: web.Request) -> tuple[Session, Participant]:
        session = self._sessions.get(request.match_info["session"])
        participant = session.participant if session is not None else None
        if session is None or participant is None or participant.closed:
            raise Refusal(404, "ended", "This session has ended: begin a new one.")
        return session, participant

    async def _patch(self, request: web.Request) -> web.Response:
        """Trickled candidates (taken and not needed: this side is ICE-lite), or an ICE restart."""
        session, participant = self._found(request)
        if request.content_type != FRAGMENT:
            raise Refusal(415, "not_fragment", f"Send {FRAGMENT}.", Accept_Patch=FRAGMENT)
        try:
            said = fragment.parse(await _text(request))
        except ProtocolError as exc:
            raise Refusal(400, "fragment", str(exc)) from exc
        match = request.headers.get("If-Match")
        if match is None:
            raise Refusal(428, "if_match", 'Name the ICE session: If-Match is its ETag, or "*".')
        renewed = bool(said.ufrag and said.pwd and said.ufrag != session.remote)
        if match.strip() == "*" and renewed:
            return self._restarted(session, participant, said)
        if match.strip() not in ("*", session.tag) or renewed:
            raise Refusal(412, "ice_session", "That ICE session is over.", ETag=session.tag)
        return web.Response(status=204, headers={"ETag": session.tag})

    def _restarted(
        self, session: Session, participant: Participant, said: fragment.Fragment
    ) -> web.Response:
        peer = participant.subscribing.peer
        peer.restart()
        peer.expect(session.offer.fingerprints, said.ufrag, said.pwd)
        session.remote = said.ufrag
        first = session.offer.sections[0]
        text = fragment.build(self._server.local(peer), first.kind, first.mid)
        return web.Response(text=text, content_type=FRAGMENT, headers={"ETag": session.tag})

    async def _delete(self, request: web.Request) -> web.Response:
        session, participant = self._found(request)
        del self._sessions[session.name]
        participant.room.remove(participant, models.DisconnectReason.CLIENT_INITIATED)
        return web.Response()


def links(servers: list[rtc.ICEServer]) -> list[str]:
    """STUN and TURN servers as Link headers (RFC 9725 section 4.5)."""
    found = []
    for server in servers:
        proof = ""
        if server.username:
            proof = f'; username="{server.username}"; credential="{server.credential}"'
            proof += '; credential-type="password"'
        found += [f'<{url}>; rel="ice-server"{proof}' for url in server.urls]
    return found


def _first(section: parse.Section) -> str:
    """The codec that comes first in an offer, of those that are taken."""
    taken = {codec.payload_type for codec in build.accepted(section) if codec.name != "rtx"}
    return next(codec.name for number, codec in section.codecs.items() if number in taken)


async def _text(request: web.Request) -> str:
    try:
        return (await request.read()).decode()
    except UnicodeDecodeError as exc:
        raise Refusal(400, "offer", "The body is not text.") from exc
