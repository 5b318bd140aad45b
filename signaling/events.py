"""What the outside hears: LiveKit's webhooks, and the media reports."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from google.protobuf.json_format import MessageToDict
from livekit.protocol import models
from livekit.protocol.webhook import WebhookEvent

from signaling import witness
from signaling.clock import Clock
from signaling.journal import Journal
from signaling.messages import identifier
from signaling.webhooks import Webhooks

if TYPE_CHECKING:
    from signaling.participant import Participant
    from signaling.room import Room
    from signaling.tracks import Track

log = logging.getLogger(__name__)

_JOURNAL_EVERY = 1.0
_AT_ONCE = 32  # rows of the journal that are made before others get their turn
_ENDS = {
    models.DisconnectReason.ROOM_CLOSED: models.RoomEndReason.ROOM_END_IDLE_TIMEOUT,
    models.DisconnectReason.ROOM_DELETED: models.RoomEndReason.ROOM_END_API_DELETE,
    models.DisconnectReason.SERVER_SHUTDOWN: models.RoomEndReason.ROOM_END_SERVER_SHUTDOWN,
}


class Events:
    """Builds and posts events. Hidden participants are nobody's business.

    The ids of ends (`participant_left`, `room_finished`, reports) follow from the sid: what was told before a
    crash and is told again after it is the same event."""

    def __init__(
        self, webhooks: Webhooks, journal: Journal, report_seconds: int, clock: Clock
    ) -> None:
        self.webhooks = webhooks
        self.journal = journal
        self.clock = clock
        self._every = report_seconds
        self._rooms: Mapping[str, Room] = {}
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    # --- the journal of open windows -----------------------------------------------------------

    async def start(self, rooms: "Mapping[str, Room]") -> None:
        """Tell what a killed process could not, then keep the journal of these rooms."""
        self._rooms = rooms
        if not self.webhooks.url:
            return
        self._recover(self.journal.read())
        await self.webhooks.spool.flush()
        self.journal.clear()
        self._task = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """All have left: nothing is open any more."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._record()

    async def _keep(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), _JOURNAL_EVERY)
                await asyncio.sleep(_JOURNAL_EVERY / 4)  # many come at once
            self._changed.clear()
            try:
                await self._record()
            except Exception:
                log.exception("the journal of open windows failed")

    async def _record(self) -> None:
        """One pass over everything that is open. What was posted meanwhile is durable before the pass
        that no longer holds it."""
        second = self.clock.second()
        rows = [_room_row(room, second) for room in self._rooms.values()]
        count = 0
        for room in list(self._rooms.values()):
            for participant in list(room.participants.values()):
                if participant.hidden or participant.closed or not participant.reported_until:
                    continue
                with _alone(participant):
                    rows.append(witness.open_row(room, participant, self.clock.second()))
                count += 1
                if count % _AT_ONCE == 0:
                    await asyncio.sleep(0)
        spool = self.webhooks.spool
        await spool.flush()
        if rows:
            await spool.run(lambda: self.journal.write(b"\n".join(rows)))
        else:
            await spool.run(self.journal.clear)

    def _recover(self, body: bytes) -> None:
        """A killed process left these windows open: they end at the last second that was kept."""
        rows = [json.loads(line) for line in body.splitlines()]
        for row in rows:
            if "who" in row:
                self._end_cut(row)
        until = max((row["until"] for row in rows), default=0)
        for row in rows:
            if "who" not in row:
                sid, name = row["room"]
                room = models.Room(sid=sid, name=name, creation_time=row["created"])
                self._room_finished(room, models.DisconnectReason.SERVER_SHUTDOWN, until)
        if rows:
            log.warning("the last process was cut off; told the end of %d open rows", len(rows))

    def _end_cut(self, row: dict[str, Any]) -> None:
        sid, identity, name = row["who"]
        room = {"sid": row["room"][0], "name": row["room"][1]}
        who, second = {"sid": sid, "identity": identity}, self.clock.second()
        for body in row["reports"]:
            last = body is row["reports"][-1]
            cut = {**body, "cut": True} if last else body
            self.webhooks.post(witness.report(room, who, cut, second))
        info = models.ParticipantInfo(
            sid=sid,
            identity=identity,
            name=name,
            state=models.ParticipantInfo.State.DISCONNECTED,
            joined_at=row["joined"],
            disconnect_reason=models.DisconnectReason.SERVER_SHUTDOWN,
        )
        self._left("participant_left", models.Room(**room), info, row["until"])

    # --- events --------------------------------------------------------------------------------

    def _post(self, event: WebhookEvent) -> None:
        event.id = event.id or identifier("EV_")
        event.created_at = event.created_at or self.clock.second()
        body: dict[str, Any] = MessageToDict(event)
        self.webhooks.post(body)

    def room_started(self, room: "Room") -> None:
        self._changed.set()
        self._post(WebhookEvent(event="room_started", room=room.info()))

    def room_finished(self, room: "Room", reason: models.DisconnectReason) -> None:
        self._changed.set()
        self._room_finished(room.info(), reason, 0)

    def _room_finished(self, room: models.Room, reason: models.DisconnectReason, at: int) -> None:
        self._post(
            WebhookEvent(
                event="room_finished",
                id=f"EV_{room.sid.removeprefix('RM_')}_end",
                created_at=at,
                room=room,
                room_end_reason=_ENDS.get(reason, models.RoomEndReason.ROOM_END_UNKNOWN),
            )
        )

    def participant_joined(self, room: "Room", participant: "Participant") -> None:
        """Media connects: from now on the participant's seconds are watched."""
        participant.reported_until = self.clock.second()
        self._changed.set()
        if not participant.hidden:
            self._participant("participant_joined", room, participant.info())

    def leaving(self, room: "Room", participant: "Participant") -> None:
        """The last media report, while the tracks are still there."""
        with _alone(participant):
            self._send(participant, witness.last_reports(room, participant, self.clock.second()))

    def participant_left(self, room: "Room", info: models.ParticipantInfo, *, active: bool) -> None:
        if not info.permission.hidden:
            name = "participant_left" if active else "participant_connection_aborted"
            self._changed.set()
            self._left(name, room.info(), info, 0)

    def _left(self, name: str, room: models.Room, info: models.ParticipantInfo, at: int) -> None:
        event_id = f"EV_{info.sid.removeprefix('PA_')}_left"
        self._post(
            WebhookEvent(event=name, id=event_id, created_at=at, room=room, participant=info)
        )

    def _participant(self, name: str, room: "Room", info: models.ParticipantInfo) -> None:
        self._post(WebhookEvent(event=name, room=room.info(), participant=info))

    def track_published(self, room: "Room", owner: "Participant", track: "Track") -> None:
        self._track("track_published", room, owner, track)

    def track_unpublished(self, room: "Room", owner: "Participant", track: "Track") -> None:
        self._track("track_unpublished", room, owner, track)

    def _track(self, name: str, room: "Room", owner: "Participant", track: "Track") -> None:
        if owner.hidden:
            return
        who = models.ParticipantInfo(sid=owner.sid, identity=owner.identity, name=owner.grants.name)
        short = models.Room(sid=room.sid, name=room.name)
        self._post(WebhookEvent(event=name, room=short, participant=who, track=track.info))

    def report(self, room: "Room") -> None:
        """Called about once a second: send the reports that are due."""
        second = self.clock.second()
        for participant in room.participants.values():
            with _alone(participant):
                self._send(participant, witness.due_reports(room, participant, second, self._every))

    def _send(self, participant: "Participant", reports: list[dict[str, Any]]) -> None:
        for report in reports:
            if not participant.hidden:
                self.webhooks.post(report)


@contextlib.contextmanager
def _alone(participant: "Participant") -> Iterator[None]:
    """What fails of one participant's evidence is logged; nobody else's waits for it, nor its leaving."""
    try:
        yield
    except Exception:
        log.exception("the evidence of %s failed", participant.sid)


def _room_row(room: "Room", second: int) -> bytes:
    """The journal's line of a room."""
    row = {"room": [room.sid, room.name], "created": int(room.created), "until": second}
    return json.dumps(row, ensure_ascii=False).encode()
