"""A participant of ours in a room of any LiveKit server: signalling protocol v0 over the
`websockets` package, two connections, resume and rejoin."""

import asyncio
import contextlib
import json
import logging
import time
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

import websockets
from livekit.protocol import models, rtc

from signaling.client import sdp
from signaling.client.channels import LOSSY, RELIABLE
from signaling.client.connection import Connection
from signaling.errors import ProtocolError
from signaling.forward import rtcp
from signaling.transport.dtls import Identity

log = logging.getLogger(__name__)

ANSWER_SECONDS = 10.0
REASON_SECONDS = 1.0
_DELAYS = (0.0, 0.3, 1.2, 2.7, 4.8)
_LAST_DELAY = 7.0
_MAX_MESSAGE = 4 << 20


class Refused(RuntimeError):
    """The server will not have this participant (bad token, room gone, put out)."""


class State(StrEnum):
    """What a listener is told of the connection."""

    CONNECTED = "connected"  # first join, or joined anew under a new sid
    LOST = "lost"
    RESUMED = "resumed"
    ENDED = "ended"


class Listener:
    """Hears of a room. All methods are called in the event loop and must not block."""

    def on_state(self, state: State) -> None: ...
    def on_room(self, room: models.Room) -> None: ...
    def on_participants(self, found: list[models.ParticipantInfo]) -> None: ...
    def on_speakers(self, found: list[models.SpeakerInfo]) -> None: ...
    def on_tracks(self, found: list[sdp.Incoming]) -> None: ...
    def on_rtp(self, packet: bytes) -> None: ...
    def on_rtcp(self, reports: list[rtcp.Report]) -> None: ...
    def on_data(self, packet: models.DataPacket) -> None: ...


class Participant:
    """One participant. Without a listener its media is counted, not decrypted. `patience`: how many
    seconds to try to come back after a loss; 0 never tries."""

    def __init__(
        self,
        url: str,
        token: str,
        identity: Identity,
        *,
        listener: Listener | None = None,
        auto_subscribe: bool = True,
        data: bool = False,
        patience: float = 0.0,
    ) -> None:
        scheme, _, rest = url.rstrip("/").partition("://")
        self._url = {"http": "ws", "https": "wss"}.get(scheme, scheme) + "://" + rest
        self._token, self._identity, self._listener = token, identity, listener
        self._auto_subscribe, self._data, self._patience = auto_subscribe, data, patience
        self._socket: websockets.ClientConnection | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._announced: asyncio.Queue[models.TrackInfo] = asyncio.Queue()
        self._requested: dict[str, sdp.Outgoing] = {}
        self._closing = False
        self.refused = False
        self.outgoing: list[sdp.Outgoing] = []
        self.published: dict[str, str] = {}
        self.offered: list[str] = []
        self.sid = self.room_sid = ""
        self.ended = asyncio.Event()
        self._connections()

    def _connections(self) -> None:
        listener = self._listener
        take = listener is not None
        self.publisher = Connection(self._identity)
        self.subscriber = Connection(
            self._identity,
            on_rtp=listener.on_rtp if take and listener else None,
            on_rtcp=listener.on_rtcp if take and listener else None,
            on_data=self._on_data,
        )
        if self._data:
            self.subscriber.channels.want(opens=False)

    # --- signalling ----------------------------------------------------------------------------

    async def join(self) -> None:
        """Join; the subscriber connection comes up by itself. Raises `Refused`, OSError."""
        await self._dial(reconnect=False)
        self._keep(self._run())

    def _keep(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._tasks = [each for each in self._tasks if not each.done()]
        self._tasks.append(task)
        return task

    async def _dial(self, *, reconnect: bool) -> None:
        query = {"protocol": "15", "auto_subscribe": "1" if self._auto_subscribe else "0"}
        query |= {"sdk": "python", "version": "1.0.0"}
        if reconnect:
            query |= {"reconnect": "1", "sid": self.sid}
        headers = {"Authorization": f"Bearer {self._token}"}
        address = f"{self._url}/rtc?{urlencode(query)}"
        try:
            self._socket = await websockets.connect(
                address, additional_headers=headers, open_timeout=ANSWER_SECONDS,
                max_size=_MAX_MESSAGE, ping_interval=None, close_timeout=1,
            )  # fmt: skip
            async with asyncio.timeout(ANSWER_SECONDS):
                first = await self._receive()
        except websockets.InvalidStatus as exc:
            if exc.response.status_code in (401, 403, 404):
                raise Refused(f"The server answered {exc.response.status_code}.") from None
            raise ConnectionError("The server is not ready.") from None
        except (websockets.WebSocketException, TimeoutError) as exc:
            raise ConnectionError(type(exc).__name__) from None
        await self._first(first)

    async def _first(self, message: rtc.SignalResponse) -> None:
        kind = message.WhichOneof("message")
        if kind == "join":
            await self._joined(message.join)
        elif kind == "reconnect":
            self._tell(State.RESUMED)
        elif kind == "leave":
            if message.leave.action == rtc.LeaveRequest.DISCONNECT:
                raise Refused("The server put the participant out.")
            raise ConnectionResetError("The server knows this participant no longer.")

    async def _joined(self, join: rtc.JoinResponse) -> None:
        self.sid, self.room_sid = join.participant.sid, join.room.sid
        self._tell(State.CONNECTED)
        if self._listener is not None:
            self._listener.on_room(join.room)
            self._listener.on_participants([*join.other_participants])

    def _tell(self, state: State) -> None:
        if self._listener is not None:
            self._listener.on_state(state)

    async def _receive(self) -> rtc.SignalResponse:
        assert self._socket is not None
        data = await self._socket.recv()
        return rtc.SignalResponse.FromString(data if isinstance(data, bytes) else b"")

    async def request(self, message: rtc.SignalRequest) -> None:
        """Send one message of the signalling; lost if the connection is."""
        if self._socket is not None:
            with contextlib.suppress(websockets.ConnectionClosed):
                await self._socket.send(message.SerializeToString())

    async def _run(self) -> None:
        """Read until the end, coming back after losses as long as there is patience."""
        pinging = asyncio.ensure_future(self._ping())
        watching = asyncio.ensure_future(self._watch())
        try:
            while not self._closing:
                with contextlib.suppress(websockets.ConnectionClosed):
                    while True:
                        await self._handle(await self._receive())
                if self._closing or not await self._come_back():
                    break
        except Refused as exc:
            self.refused = True
            log.info("%s", exc)
        finally:
            pinging.cancel()
            watching.cancel()
            await asyncio.gather(pinging, watching, return_exceptions=True)
            if self._patience or not self._closing:
                self._tell(State.ENDED)
            self.ended.set()

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(5)
            now = int(time.time() * 1000)
            await self.request(rtc.SignalRequest(ping=now))
            await self.request(rtc.SignalRequest(ping_req=rtc.Ping(timestamp=now)))

    async def _watch(self) -> None:
        """A dead media path is a loss too: cut the signalling, so that both come back. A server that
        ended the media on purpose says so a moment later."""
        while self._patience:
            failed = [self.subscriber.failed.wait(), self.publisher.failed.wait()]
            tasks = [asyncio.ensure_future(each) for each in failed]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            self.subscriber.failed.clear()
            self.publisher.failed.clear()
            socket = self._socket
            await asyncio.sleep(REASON_SECONDS)
            if self._socket is socket:  # else it came back already
                await self.cut()

    async def _come_back(self) -> bool:
        """Resume, or join anew when the server has forgotten us. Raises `Refused`."""
        if not self._patience:
            return False
        self._tell(State.LOST)
        until = time.monotonic() + self._patience
        resume, tried = True, 0
        while time.monotonic() < until and not self._closing:
            await asyncio.sleep(_DELAYS[tried] if tried < len(_DELAYS) else _LAST_DELAY)
            tried += 1
            try:
                if not resume:
                    await self._fresh()
                await self._dial(reconnect=resume)
                return True
            except ConnectionResetError:
                resume, tried = False, 0
            except OSError as exc:
                log.info("coming back: %s", exc)
        return False

    async def _fresh(self) -> None:
        await self.publisher.close()
        await self.subscriber.close()
        self._connections()

    async def _handle(self, message: rtc.SignalResponse) -> None:
        kind = message.WhichOneof("message")
        if kind == "offer":
            await self._answer(message.offer)
        elif kind == "answer":
            if self.publisher.prepare(message.answer.sdp):
                await self.publisher.go(offered=True)
        elif kind == "trickle":
            self._trickled(message.trickle)
        elif kind == "track_published":
            self.published[message.track_published.cid] = message.track_published.track.sid
            self._announced.put_nowait(message.track_published.track)
        elif kind == "refresh_token":
            self._token = message.refresh_token
        elif kind == "leave":
            if message.leave.action == rtc.LeaveRequest.DISCONNECT:
                raise Refused("The server put the participant out.")
            await self.cut()
        elif self._listener is not None:
            _hear(self._listener, message)

    def _trickled(self, trickle: rtc.TrickleRequest) -> None:
        target = self.subscriber
        if trickle.target == rtc.SignalTarget.PUBLISHER:
            target = self.publisher
        with contextlib.suppress(ValueError, AttributeError):
            target.candidate(json.loads(trickle.candidateInit).get("candidate", ""))

    async def _answer(self, offer: rtc.SessionDescription) -> None:
        self.offered.append(offer.sdp)
        try:
            starts = self.subscriber.prepare(offer.sdp)
            text = sdp.answer(offer.sdp, self.subscriber.security())
            tracks = sdp.incoming(offer.sdp)
        except ProtocolError as exc:
            log.warning("the server's offer was refused: %s", exc)
            return
        if self._listener is not None:
            self._listener.on_tracks(tracks)
        answer = rtc.SessionDescription(type="answer", sdp=text, id=offer.id)
        await self.request(rtc.SignalRequest(answer=answer))
        if starts:
            await self.subscriber.go(offered=False)

    # --- sending -------------------------------------------------------------------------------

    async def announce(self, track: sdp.Outgoing) -> str:
        """Ask to publish a track; its sid. `negotiate` then makes it flow."""
        video = track.kind == "video"
        request = rtc.AddTrackRequest(
            cid=track.cid,
            type=models.TrackType.VIDEO if video else models.TrackType.AUDIO,
            source=track.source,
            width=track.width,
            height=track.height,
            layers=track.layers,
        )
        await self.request(rtc.SignalRequest(add_track=request))
        async with asyncio.timeout(ANSWER_SECONDS):
            info = await self._announced.get()
        self.outgoing.append(track)
        return info.sid

    async def negotiate(self) -> None:
        """Offer everything announced, and wait for the connection."""
        if self._data:
            self.publisher.channels.want(opens=True)
        text = sdp.offer(self.outgoing, self.publisher.security("actpass"), data=self._data)
        offer = rtc.SessionDescription(type="offer", sdp=text, id=len(self.outgoing) + 1)
        await self.request(rtc.SignalRequest(offer=offer))
        async with asyncio.timeout(2 * ANSWER_SECONDS):
            await self.publisher.connected.wait()

    async def send_data(self, payload: bytes, *, reliable: bool = True, topic: str = "") -> None:
        """A user packet to everyone. Needs `data=True`, and `negotiate` before."""
        async with asyncio.timeout(ANSWER_SECONDS):
            await self.publisher.channels.opened.wait()
        packet = models.DataPacket(user=models.UserPacket(payload=payload, topic=topic))
        packet.kind = models.DataPacket.RELIABLE if reliable else models.DataPacket.LOSSY
        label = RELIABLE if reliable else LOSSY
        self.publisher.channels.send(label, packet.SerializeToString())

    def _on_data(self, _label: str, message: bytes) -> None:
        if self._listener is not None:
            with contextlib.suppress(Exception):  # whatever protobuf makes of it
                self._listener.on_data(models.DataPacket.FromString(message))

    # --- the end -------------------------------------------------------------------------------

    async def cut(self) -> None:
        """Lose the signal connection; media goes on."""
        if self._socket is not None:
            await self._socket.close()

    async def leave(self) -> None:
        """Say goodbye."""
        self._closing = True
        await self.request(rtc.SignalRequest(leave=rtc.LeaveRequest()))

    async def close(self) -> None:
        self._closing = True
        await self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.publisher.close()
        await self.subscriber.close()


def _hear(listener: Listener, message: rtc.SignalResponse) -> None:
    kind = message.WhichOneof("message")
    if kind == "update":
        listener.on_participants([*message.update.participants])
    elif kind == "speakers_changed":
        listener.on_speakers([*message.speakers_changed.speakers])
    elif kind == "room_update":
        listener.on_room(message.room_update.room)
