"""One participant's signal connection: `/rtc` and `/rtc/v1`, each with `/validate`."""

import asyncio
import contextlib
import logging
import time

from aiohttp import WSMsgType, web
from livekit.protocol import models, rtc

from signaling import blobs, joining
from signaling.allowance import Allowance
from signaling.audience import Audience
from signaling.errors import ProtocolError
from signaling.joining import Joining
from signaling.messages import (
    MAX_SIGNAL,
    leave,
    parse_candidate,
    parse_signal,
    server_info,
)
from signaling.nudges import Nudges, gather
from signaling.participant import Participant
from signaling.room import Room
from signaling.rooms import MediaServer
from signaling.tokens import Grants, verify

log = logging.getLogger(__name__)

_QUEUE, _QUEUE_BYTES = 1024, 4 << 20
# What one client may send at once, and in each second after that; a long message counts for several.
# Settings for a grid of hundreds of tracks come at once.
_MESSAGES, _MESSAGES_A_SECOND, _MESSAGE_BYTES = 500, 100, 4096
_SILENCE = 30.0
_MAX_IDENTITY = 256
_MAX_ROOM = 256


class Link:
    """The outgoing half of a WebSocket: messages are queued and written by one task. Who does not
    read them is cut off, and must come back."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self._socket, self._transport = socket, transport
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._size = 0
        self._closed = False

    def send(self, message: rtc.SignalResponse, raw: bytes | None = None) -> None:
        if self._closed:
            return
        if self._queue.qsize() >= _QUEUE or self._size > _QUEUE_BYTES:
            self._cut()
            return
        raw = raw or message.SerializeToString()
        self._size += len(raw)
        self._queue.put_nowait(raw)

    def _cut(self) -> None:
        while not self._queue.empty():
            self._queue.get_nowait()
        self.close()
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        """Nothing more is queued; what waits is written yet."""
        if not self._closed:
            self._closed = True
            self._queue.put_nowait(None)

    async def write(self) -> None:
        """Write until closed."""
        nudges = Nudges(self._socket)
        try:
            while (raw := await nudges.wait(self._queue)) is not None:
                self._size -= len(raw)
                await self._socket.send_bytes(raw)
        except (ConnectionError, RuntimeError):
            return
        finally:
            with contextlib.suppress(ConnectionError):  # the client went first
                await self._socket.close()


def bearer(request: web.Request) -> str:
    """The token of a request: header (native clients) or query (browsers)."""
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return header[7:]
    return request.query.get("access_token", "")


def admitted(token: str, server: MediaServer) -> Grants:
    """The grants of somebody who may join, else ProtocolError."""
    settings = server.settings
    grants = verify(token, settings.key, settings.secret)
    if not grants.join or not grants.room:
        raise ProtocolError("The access token does not allow joining a room.")
    if not grants.identity or len(grants.identity) > _MAX_IDENTITY:
        raise ProtocolError("The access token names no identity.")
    if len(grants.room) > _MAX_ROOM:
        raise ProtocolError("The room's name is too long.")
    if server.revocations.cover(grants):
        raise ProtocolError("The access token was called back: its holder was put out.")
    return grants


class SignalEndpoint:
    """HTTP handlers of the client protocol."""

    def __init__(self, server: MediaServer) -> None:
        self._server = server

    def _joining(self, request: web.Request) -> Grants:
        return admitted(bearer(request), self._server)

    async def validate(self, request: web.Request) -> web.Response:
        """Whether the token would let its holder in."""
        return self._validate(request, single=False)

    async def validate_single(self, request: web.Request) -> web.Response:
        """The same for `/rtc/v1`, where there must be a join request too."""
        return self._validate(request, single=True)

    def _validate(self, request: web.Request, *, single: bool) -> web.Response:
        try:
            self._joining(request)
        except ProtocolError as exc:
            return web.Response(status=401, text=str(exc))
        try:
            joining.read(request.query, single=single, strict=True)
        except ProtocolError as exc:
            return web.Response(status=400, text=str(exc))
        return web.Response(text="success")

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """The WebSocket of `/rtc`: two connections, or one if there is a join request."""
        return await self._connect(request, single=False)

    async def connect_single(self, request: web.Request) -> web.StreamResponse:
        """The WebSocket of `/rtc/v1`: one connection for both directions."""
        return await self._connect(request, single=True)

    async def _connect(self, request: web.Request, *, single: bool) -> web.StreamResponse:
        try:
            grants = self._joining(request)
        except ProtocolError as exc:
            return web.Response(status=401, text=str(exc))
        try:
            wish = joining.read(request.query, single=single)
        except ProtocolError as exc:
            return web.Response(status=400, text=str(exc))
        if self._server.draining:
            return web.Response(status=503, text="The server is shutting down.")
        socket = web.WebSocketResponse(max_msg_size=MAX_SIGNAL, autoping=True)
        if not socket.can_prepare(request):
            return web.Response(status=400, text="This address is for WebSockets.")
        if request.transport is not None:
            # The head goes with the first messages; the writer lets go.
            gather(request.transport.get_extra_info("socket"), True)
        await socket.prepare(request)
        link = Link(socket, request.transport)
        writer = asyncio.create_task(link.write())
        try:
            participant = self._enter(wish, grants, link)
            if participant is not None:
                await listen(socket, participant, link)
        finally:
            link.close()
            await writer
            # What ended the socket holds the frames that hold the socket: a ring, in which its
            # compressor, a quarter of a megabyte, would wait for the collector.
            ended = socket.exception()
            if ended is not None:
                ended.__traceback__ = ended.__context__ = None
        return socket

    def _enter(self, wish: Joining, grants: Grants, link: Link) -> Participant | None:
        """Join or resume; None if refused (the refusal is queued)."""
        if wish.reconnect:
            return self._resume(wish, grants, link)
        room = self._server.room(grants.room, grants.plan)
        try:
            participant = room.join(joining.with_own(grants, wish), link, single=wish.single)
        except ProtocolError:
            action = rtc.LeaveRequest.DISCONNECT
            link.send(leave(models.DisconnectReason.JOIN_FAILURE, action))
            return None
        try:
            self._begin(room, participant, wish)
        except Exception:  # nobody is left whom others can neither see nor replace
            room.remove(participant, models.DisconnectReason.JOIN_FAILURE)
            raise
        return participant

    @staticmethod
    def _begin(room: Room, participant: Participant, wish: Joining) -> None:
        participant.auto_subscribe = wish.auto_subscribe
        participant.auto_subscribe_data = wish.auto_subscribe_data
        participant.client = wish.client
        participant.send(room.join_response(participant))
        for request in wish.tracks:
            participant.publishing.add_track(request)
        room.introduce(participant)
        if wish.offer is not None:
            try:
                participant.offer(wish.offer)
            except ProtocolError as exc:
                log.info("first offer of %s refused: %s", participant.sid, exc)

    def _resume(self, wish: Joining, grants: Grants, link: Link) -> Participant | None:
        room = self._server.rooms.get(grants.room)
        participant = room.participants.get(grants.identity) if room is not None else None
        known = participant is not None and wish.sid in ("", participant.sid)
        if room is None or participant is None or not known or participant.single != wish.single:
            action = rtc.LeaveRequest.RECONNECT
            link.send(leave(models.DisconnectReason.STATE_MISMATCH, action))
            return None
        participant.attach(link)
        response = rtc.ReconnectResponse(
            server_info=server_info(),
            ice_servers=self._server.ice_servers(grants.identity),
            last_message_seq=participant.last_sequence,
        )
        participant.send(rtc.SignalResponse(reconnect=response))
        room.resume(participant)
        if wish.sync is not None:
            synchronise(participant, wish.sync)
        return participant


async def listen(socket: web.WebSocketResponse, participant: Participant, link: Link) -> None:
    """Handle messages until the socket ends or falls silent. Who sends too many waits."""
    allowance, clock = Allowance(_MESSAGES, _MESSAGES_A_SECOND), asyncio.get_running_loop().time
    try:
        while not participant.closed:
            try:
                message = await socket.receive(_SILENCE)
            except TimeoutError:
                break
            if message.type not in (WSMsgType.BINARY, WSMsgType.TEXT) or participant.closed:
                break
            if message.type is WSMsgType.BINARY:  # all current clients have dropped JSON
                _hear(participant, message.data)
            # Even without a wait it is the turn of others: what was read ahead comes at once.
            amount = 1 + len(message.data) / _MESSAGE_BYTES
            await asyncio.sleep(allowance.take(amount, clock()))
    finally:
        participant.detach(link)


def _hear(participant: Participant, data: bytes) -> None:
    try:
        handle(participant, parse_signal(data))
    except ProtocolError as exc:
        log.info("message of %s refused: %s", participant.sid, exc)


def handle(participant: Participant, message: rtc.SignalRequest) -> None:
    """Act on one message; ProtocolError if it makes no sense. Unknown kinds are ignored."""
    kind = message.WhichOneof("message")
    handler = _HANDLERS.get(kind or "")
    if handler is not None:
        handler(participant, message)


def _offer(participant: Participant, message: rtc.SignalRequest) -> None:
    participant.offer(message.offer)


def _answer(participant: Participant, message: rtc.SignalRequest) -> None:
    participant.subscribing.answer(message.answer)


def _trickle(participant: Participant, message: rtc.SignalRequest) -> None:
    parse_candidate(message.trickle.candidateInit)


def _add_track(participant: Participant, message: rtc.SignalRequest) -> None:
    participant.publishing.add_track(message.add_track)


def _mute(participant: Participant, message: rtc.SignalRequest) -> None:
    participant.mute(message.mute.sid, message.mute.muted, tell=False)


def _subscription(participant: Participant, message: rtc.SignalRequest) -> None:
    update = message.subscription
    sids = [*update.track_sids, *(s for p in update.participant_tracks for s in p.track_sids)]
    participant.room.subscribe_to(participant, sids, update.subscribe)


def _track_setting(participant: Participant, message: rtc.SignalRequest) -> None:
    participant.subscribing.set(message.track_setting)


def _leave(participant: Participant, message: rtc.SignalRequest) -> None:
    participant.room.remove(participant, models.DisconnectReason.CLIENT_INITIATED)


def _sync_state(participant: Participant, message: rtc.SignalRequest) -> None:
    synchronise(participant, message.sync_state)


def synchronise(participant: Participant, state: rtc.SyncState) -> None:
    """After a resume the client says what it knows. If it publishes what is not known here, it must
    join afresh."""
    media = {item.track.sid for item in state.publish_tracks}
    media -= participant.publishing.ended.by_key().keys()
    data = {item.info.sid for item in state.publish_data_tracks}
    data -= participant.data_tracks.ended.by_key().keys()
    data -= {track.sid for track in participant.data_tracks.published.values()}
    if data or any(participant.publishing.find(sid) is None for sid in media):
        participant.start_over(models.DisconnectReason.STATE_MISMATCH)
        return
    if state.track_sids_disabled:
        off = rtc.UpdateTrackSettings(track_sids=state.track_sids_disabled, disabled=True)
        participant.subscribing.set(off)
    update = state.subscription
    sids = [*update.track_sids, *(s for p in update.participant_tracks for s in p.track_sids)]
    participant.room.subscribe_to(participant, sids, update.subscribe)
    participant.room.relay.replay(participant, list(state.datachannel_receive_states))


def _ping(participant: Participant, message: rtc.SignalRequest) -> None:
    participant.send(rtc.SignalResponse(pong=int(time.time() * 1000)))


def _ping_req(participant: Participant, message: rtc.SignalRequest) -> None:
    pong = rtc.Pong(
        last_ping_timestamp=message.ping_req.timestamp, timestamp=int(time.time() * 1000)
    )
    participant.send(rtc.SignalResponse(pong_resp=pong))


def _update_metadata(participant: Participant, message: rtc.SignalRequest) -> None:
    wish = message.update_metadata
    reason = rtc.RequestResponse.OK
    if not participant.grants.update_own:
        reason = rtc.RequestResponse.NOT_ALLOWED
    elif not participant.update(wish.metadata, wish.name, dict(wish.attributes)):
        reason = rtc.RequestResponse.LIMIT_EXCEEDED
    if wish.request_id:
        response = rtc.RequestResponse(request_id=wish.request_id, reason=reason)
        participant.send(rtc.SignalResponse(request_response=response))


def _subscription_permission(participant: Participant, message: rtc.SignalRequest) -> None:
    participant.audience = Audience(message.subscription_permission)
    participant.room.permissions_changed(participant)


def _publish_data(participant: Participant, message: rtc.SignalRequest) -> None:
    participant.data_tracks.publish(message.publish_data_track_request)


def _unpublish_data(participant: Participant, message: rtc.SignalRequest) -> None:
    participant.data_tracks.unpublish(message.unpublish_data_track_request)


def _data_subscription(participant: Participant, message: rtc.SignalRequest) -> None:
    for update in message.update_data_subscription.updates:
        track = participant.room.data_track(update.track_sid)
        if track is not None and update.subscribe:
            participant.data_tracks.take(track)
        elif track is not None:
            participant.data_tracks.leave(track)


def _update_audio(participant: Participant, message: rtc.SignalRequest) -> None:
    update = message.update_audio_track
    if not participant.publishing.describe_audio(update):
        reason = rtc.RequestResponse.NOT_FOUND
        response = rtc.RequestResponse(reason=reason, update_audio_track=update)
        participant.send(rtc.SignalResponse(request_response=response))


def _update_video(participant: Participant, message: rtc.SignalRequest) -> None:
    update = message.update_video_track
    if not participant.publishing.describe_video(update):
        reason = rtc.RequestResponse.NOT_FOUND
        response = rtc.RequestResponse(reason=reason, update_video_track=update)
        participant.send(rtc.SignalResponse(request_response=response))


def _simulate(participant: Participant, message: rtc.SignalRequest) -> None:
    """What a client asks to suffer, so that it can test how it recovers; others notice nothing."""
    wish = message.simulate
    if wish.server_leave or wish.leave_request_full_reconnect:
        participant.start_over(models.DisconnectReason.SERVER_SHUTDOWN)


def _store_blob(participant: Participant, message: rtc.SignalRequest) -> None:
    blobs.store(participant, message.store_data_blob_request)


def _get_blob(participant: Participant, message: rtc.SignalRequest) -> None:
    blobs.get(participant, message.get_data_blob_request)


_HANDLERS = {
    "offer": _offer,
    "answer": _answer,
    "trickle": _trickle,
    "add_track": _add_track,
    "mute": _mute,
    "subscription": _subscription,
    "track_setting": _track_setting,
    "leave": _leave,
    "sync_state": _sync_state,
    "ping": _ping,
    "ping_req": _ping_req,
    "update_metadata": _update_metadata,
    "subscription_permission": _subscription_permission,
    "publish_data_track_request": _publish_data,
    "unpublish_data_track_request": _unpublish_data,
    "update_data_subscription": _data_subscription,
    "update_audio_track": _update_audio,
    "update_video_track": _update_video,
    "simulate": _simulate,
    "store_data_blob_request": _store_blob,
    "get_data_blob_request": _get_blob,
}
