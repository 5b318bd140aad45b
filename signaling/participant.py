"""One participant of one room."""

import asyncio
import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from livekit.protocol import models, rtc

from signaling import devices
from signaling.allowance import Allowance
from signaling.audience import Audience
from signaling.datatracks import DataTracks
from signaling.forward.intervals import Spell
from signaling.messages import identifier, leave
from signaling.publishing import Publishing
from signaling.subscribing import Subscribing
from signaling.tokens import Grants, refreshed
from signaling.tracks import Track
from signaling.witness import AWAY, Window

if TYPE_CHECKING:
    from signaling.room import Room

log = logging.getLogger(__name__)

_MAX_METADATA = 64 * 1024
RESUME_SECONDS = 15.0
CLOSED_SECONDS = 1.0
SILENT_SECONDS = 30.0
JOIN_SECONDS = 60.0
_REFRESH_EVERY = 300.0
# How often everybody is told at once of what changes of one participant.
_CHANGES, _CHANGES_A_SECOND = 10, 4
# Read once: a protobuf enum looks its values up in Python at each use.
_ACTIVE = models.ParticipantInfo.State.ACTIVE


def attributes_fit(attributes: dict[str, str]) -> bool:
    """Whether the attributes of one participant are within bounds."""
    return sum(len(k) + len(v) for k, v in attributes.items()) <= _MAX_METADATA


def metadata_fits(metadata: str) -> bool:
    """Whether the metadata of one participant is within bounds."""
    return len(metadata) <= _MAX_METADATA


class SignalLink(Protocol):
    """The WebSocket side of a participant."""

    def send(self, message: rtc.SignalResponse, raw: bytes | None = None) -> None:
        """`raw` is the message serialised, where that was done for many."""

    def close(self) -> None: ...


class Participant:
    """Identity, permissions, and the two connections, or (`single`) the one for both directions.
    Without a link nothing is told to it."""

    def __init__(
        self, room: "Room", grants: Grants, link: SignalLink | None, *, single: bool = False
    ) -> None:
        self.room = room
        self.grants = grants
        self.single = single
        self.sid = identifier("PA_")
        self.state = models.ParticipantInfo.State.JOINING
        self.joined = time.time()
        self.auto_subscribe = True
        self.auto_subscribe_data = False
        self.last_sequence = 0
        self.kind = models.ParticipantInfo.Kind.STANDARD
        self.client = models.ClientInfo()
        self.version = 0
        self.tellings = Allowance(_CHANGES, _CHANGES_A_SECOND)
        self._info: models.ParticipantInfo | None = None
        self.closed = self.closing = False
        self.quality: models.ConnectionQuality | None = None  # as the room was told
        self.active_at = 0.0
        self.audience: Audience | None = None  # as it chose; None for everyone
        self._link = link
        self._detached_at = 0.0
        self._refreshed = time.monotonic()
        self.born = time.monotonic()
        self.publishing = Publishing(self)
        self.subscribing = Subscribing(self, self.publishing.connection()[0] if single else None)
        self.data_tracks = DataTracks(self)
        self.reported_until = 0
        self.ended: list[Track] = []
        self.blobs: dict[bytes, bytes] = {}
        self.windows: list[Window] = []
        self.away = Spell()
        self._note_away()

    @property
    def unfit(self) -> frozenset[str]:
        """Codecs that this client sends badly."""
        return devices.unfit(self.client)

    @property
    def identity(self) -> str:
        return self.grants.identity

    @property
    def hidden(self) -> bool:
        return self.grants.hidden

    @property
    def attached(self) -> bool:
        """Whether a signal connection is there."""
        return self._link is not None

    @property
    def active(self) -> bool:
        return self.state == _ACTIVE

    def info(self) -> models.ParticipantInfo:
        """What others see as of this version; not to be changed, as it is kept."""
        if self._info is None or self._info.version != self.version:
            self._info = self.describe()
        return self._info

    def describe(self) -> models.ParticipantInfo:
        """The same made anew."""
        return models.ParticipantInfo(
            sid=self.sid,
            identity=self.identity,
            name=self.grants.name,
            state=self.state,
            tracks=[track.info for track in self.publishing.live_tracks()],
            metadata=self.grants.metadata,
            attributes=self.grants.attributes,
            joined_at=int(self.joined),
            joined_at_ms=int(self.joined * 1000),
            version=self.version,
            permission=self.grants.permission(),
            is_publisher=bool(self.publishing.live_tracks() or self.data_tracks.published),
            kind=self.kind,
            data_tracks=self.data_tracks.info(),
            client_protocol=self.client.client_protocol,
            capabilities=self.client.capabilities,
        )

    # --- signalling ----------------------------------------------------------------------------

    def send(self, message: rtc.SignalResponse, raw: bytes | None = None) -> None:
        """Queue a message; without a connection it is dropped, as `Room.resume` tells all again."""
        if self._link is not None:
            self._link.send(message, raw)

    def attach(self, link: SignalLink) -> None:
        """A resumed signal connection takes over."""
        old, self._link = self._link, link
        if old is not None:
            old.close()

    def detach(self, link: SignalLink) -> None:
        """The signal connection is lost; media may go on for a while."""
        if self._link is link:
            self._link = None
            self._detached_at = time.monotonic()

    def offer(self, description: rtc.SessionDescription) -> None:
        """Answer the client's offer. ProtocolError if it cannot be understood."""
        answer = self.publishing.answer(description)
        self.send(rtc.SignalResponse(answer=answer))
        if self.subscribing.answering is not None:
            self.subscribing.answering.answered()

    def connected(self) -> None:
        """A media connection stands: the participant is really there."""
        if not self.active and not self.closed:
            self.state = _ACTIVE
            self.active_at = time.monotonic()
            self.room.activated(self)
        self.subscribing.steer_all()

    def media_failed(self) -> None:
        """A media connection broke. A client with signalling is told to come back afresh."""
        self.start_over(models.DisconnectReason.MEDIA_FAILURE)

    def start_over(self, reason: models.DisconnectReason) -> None:
        """Put the client out so that it joins afresh."""
        self.send(leave(reason, rtc.LeaveRequest.RECONNECT))
        self.room.remove(self, reason)

    def media_closed(self) -> None:
        """The client ended a media connection. Its `leave` usually comes a moment later; without
        one the page is gone, or a client that stays must connect afresh."""
        if not self.closing:
            self.closing = True
            asyncio.get_running_loop().call_later(CLOSED_SECONDS, self._gone)

    def _gone(self) -> None:
        if self.attached:
            self.media_failed()
        else:
            self.room.remove(self, models.DisconnectReason.CLIENT_INITIATED)

    def overdue(self, now: float) -> models.DisconnectReason | None:
        """Why this participant must go now, or None."""
        peers = [p for p in (self.publishing.peer, self.subscribing.peer) if p is not None]
        heard = max((p.last_heard for p in peers if p.connected), default=self.born)
        if not self.active:
            late = now - self.born > JOIN_SECONDS
            gone = self._link is None and now - self._detached_at > RESUME_SECONDS
            return models.DisconnectReason.CONNECTION_TIMEOUT if late or gone else None
        if self._link is None and now - self._detached_at > RESUME_SECONDS:
            return models.DisconnectReason.SIGNAL_CLOSE
        if now - heard > SILENT_SECONDS:
            return models.DisconnectReason.CONNECTION_TIMEOUT
        return None

    def refresh(self, now: float, *, force: bool = False) -> None:
        """Send a new token now and then, and when rights or metadata changed."""
        if force or now - self._refreshed > _REFRESH_EVERY:
            self._refreshed = now
            server = self.room.server.settings
            self.send(
                rtc.SignalResponse(refresh_token=refreshed(self.grants, server.key, server.secret))
            )

    # --- changes -------------------------------------------------------------------------------

    def update(self, metadata: str | None, name: str | None, attributes: dict[str, str]) -> bool:
        """Change what others see, and the next token says. An attribute of "" is removed. False if
        too long."""
        held = self.grants
        merged = {k: v for k, v in {**held.attributes, **attributes}.items() if v}
        if not metadata_fits(metadata or "") or len(name or "") > 512:
            return False
        if not attributes_fit(merged):
            return False
        self.grants = replace(
            held, metadata=metadata or held.metadata, name=name or held.name, attributes=merged
        )
        self._note_away()
        self.room.changed(self)
        self.refresh(time.monotonic(), force=True)
        return True

    def _note_away(self) -> None:
        self.away.turn(bool(self.grants.attributes.get(AWAY)), self.room.server.clock.second())

    def permit(self, permission: models.ParticipantPermission) -> None:
        """Replace the permissions, live."""
        was_hidden = self.hidden
        self.grants = self.grants.permitted(permission)
        self.publishing.enforce()
        self.data_tracks.enforce()
        if not self.grants.subscribe:
            for sid in list(self.subscribing.subscriptions):
                self.subscribing.unsubscribe(sid)
            self.data_tracks.leave_all()
        else:
            self.room.subscribe_all(self)
        if self.hidden and not was_hidden:
            self.room.hid(self)
        self.room.changed(self)
        self.refresh(time.monotonic(), force=True)

    def allows(self, other: "Participant", sid: str) -> bool:
        """Whether this publisher lets `other` take a track. Recorders take what there is."""
        if self.audience is None or other.grants.recorder:
            return True
        return self.audience.allows(other.sid, other.identity, sid)

    def mute(self, sid: str, muted: bool, *, tell: bool) -> Track | None:
        """Mute or unmute a track; `tell` when it was not the client itself that asked."""
        track = self.publishing.find(sid)
        if track is None:
            return None
        track.silenced = tell and muted
        if tell:
            self.send(rtc.SignalResponse(mute=rtc.MuteTrackRequest(sid=sid, muted=muted)))
        if track.set_muted(muted, self.room.server.clock.second()) and track.live:
            self.room.changed(self)
        return track

    def close(self, reason: models.DisconnectReason) -> None:
        """End both connections; the room has taken the participant off its list."""
        if self.closed:
            return
        self.closed = True
        self.state = models.ParticipantInfo.State.DISCONNECTED
        self.publishing.close()
        self.subscribing.close()
        self.data_tracks.close()
        link, self._link = self._link, None
        if link is not None:
            # Leave time for the last message (leave, with its reason) to go out.
            asyncio.get_running_loop().call_later(0.2, link.close)
        log.info("%s left: %s", self.sid, models.DisconnectReason.Name(reason))
