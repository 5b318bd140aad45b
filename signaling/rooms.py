"""All rooms of the process, and the slow clock that they share."""

import asyncio
import logging
import time

from livekit.protocol import models, rtc

from signaling.bandwidth import steer_room
from signaling.config import Settings
from signaling.dynacast import review_room
from signaling.events import Events
from signaling.forward.dispatcher import Dispatcher
from signaling.messages import leave
from signaling.quality import rate, speakers
from signaling.revocations import Revocations
from signaling.room import Room
from signaling.sdp.build import Local
from signaling.tokens import Plan
from signaling.transport.addresses import Interfaces, candidate_lines, every_host
from signaling.transport.dtls import Identity
from signaling.transport.peer import Peer
from signaling.transport.tcp import TcpPort
from signaling.transport.udp import Counters, UdpPort

log = logging.getLogger(__name__)

_BEAT = 0.4
_SLOW = 0.8


class MediaServer:
    """What everything in the process hangs on. Built by app.py."""

    def __init__(self, settings: Settings, events: Events) -> None:
        self.settings = settings
        self.events = events
        self.counters = Counters()
        self.port = UdpPort(self.counters)
        self.tcp = TcpPort(self.port)
        self.identity = Identity()
        self.clock = events.clock
        self.dispatcher = Dispatcher(self.counters, self.clock)
        self.port.after_drain = self.dispatcher.after_drain
        self.rooms: dict[str, Room] = {}
        self.revocations = Revocations()
        self.draining = False
        self.interfaces = Interfaces(settings.bind, settings.advertise)
        self._timers: list[asyncio.Task[None]] = []
        self._slow_at = 0.0

    async def start(self) -> None:
        """Open the media ports. OSError if the one of UDP is taken."""
        settings = self.settings
        self.port.mark = settings.mark
        self.port.open(settings.bind, settings.own_udp_port)
        if settings.worker is not None:
            self.tcp.port = settings.tcp_port or 0  # the front listens there
        elif settings.tcp_port is not None:
            await self.tcp.open(every_host(settings.bind), settings.tcp_port)
        self.interfaces.start()
        self.dispatcher.start()
        self._timers = [asyncio.create_task(self._beat())]

    def local(self, peer: Peer) -> Local:
        """This side of a connection, for its SDP."""
        found, shift = self.interfaces.found, self.settings.index
        candidates = candidate_lines(found, self.port.port, self.tcp.port, shift)
        setup = "active" if peer.begins else "passive"
        return Local(peer.ufrag, peer.pwd, self.identity.fingerprint, candidates, setup)

    def ice_servers(self, identity: str) -> list[rtc.ICEServer]:
        """The TURN servers for one participant, with credentials of its own."""
        return self.settings.turn.ice_servers(identity, time.time())

    # --- rooms ---------------------------------------------------------------------------------

    def room(self, name: str, plan: Plan | None = None) -> Room:
        """The room of this name, made if need be, then as the plan says."""
        found = self.rooms.get(name)
        if found is None:
            found = self.rooms[name] = Room(self, name)
            if plan is not None:
                found.follow(plan)
            self.events.room_started(found)
        return found

    def end(self, room: Room, reason: models.DisconnectReason) -> None:
        """Close a room and forget it."""
        if self.rooms.get(room.name) is room:
            del self.rooms[room.name]
            room.close(reason)
            self.events.room_finished(room, reason)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(_BEAT)
            now = time.monotonic()
            slow = now - self._slow_at >= _SLOW
            if slow:
                self._slow_at = now
            if not self.rooms:
                self.clock.settle()
                self.dispatcher.second = self.clock.second()
            for room in list(self.rooms.values()):
                try:
                    self._serve(room, now, slow=slow)
                except Exception:
                    log.exception("room %s: the periodic work failed", room.sid)

    def _serve(self, room: Room, now: float, *, slow: bool) -> None:
        room.update_speakers(speakers(room))
        if not slow:
            return
        for participant in list(room.participants.values()):
            reason = participant.overdue(now)
            if reason is not None:
                room.remove(participant, reason)
            else:
                participant.refresh(now)
        steer_room(room, now)
        review_room(room, now)
        rate(room, now)
        room.count(now)
        self.events.report(room)
        if room.deserted:
            limit = room.departure_timeout if room.ever_joined else room.empty_timeout
            if now - room.empty_since > limit:
                self.end(room, models.DisconnectReason.ROOM_CLOSED)

    async def stop(self) -> None:
        """Tell everyone to go elsewhere, then let go of the port."""
        self.draining = True
        for timer in self._timers:
            timer.cancel()
        await asyncio.gather(*self._timers, return_exceptions=True)
        reason = models.DisconnectReason.SERVER_SHUTDOWN
        for room in list(self.rooms.values()):
            for participant in list(room.participants.values()):
                # Somebody restarts the server: clients should try again, not give up.
                participant.send(leave(reason, rtc.LeaveRequest.RECONNECT))
                room.remove(participant, reason)
            self.end(room, reason)
        await asyncio.sleep(0.25)  # the goodbyes are on their way
        self.dispatcher.stop()
        self.interfaces.stop()
        self.tcp.close()
        self.port.close()
