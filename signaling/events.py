"""What the outside hears: LiveKit's webhooks, and the media reports."""

import time
from typing import TYPE_CHECKING, Any

from google.protobuf.json_format import MessageToDict
from livekit.protocol import models
from livekit.protocol.webhook import WebhookEvent

from signaling import witness
from signaling.messages import identifier
from signaling.webhooks import Webhooks

if TYPE_CHECKING:
    from signaling.participant import Participant
    from signaling.room import Room
    from signaling.tracks import Track


class Events:
    """Builds and posts events. Hidden participants are nobody's business."""

    def __init__(self, webhooks: Webhooks, report_seconds: int) -> None:
        self.webhooks = webhooks
        self._every = report_seconds

    def _post(self, event: WebhookEvent) -> None:
        event.id = identifier("EV_")
        event.created_at = int(time.time())
        body: dict[str, Any] = MessageToDict(event)
        self.webhooks.post(body)

    def room_started(self, room: "Room") -> None:
        self._post(WebhookEvent(event="room_started", room=room.info()))

    def room_finished(self, room: "Room") -> None:
        self._post(WebhookEvent(event="room_finished", room=room.info()))

    def participant_joined(self, room: "Room", participant: "Participant") -> None:
        """Media connects: from now on the participant's seconds are watched."""
        participant.reported_until = int(time.time())
        if not participant.hidden:
            self._participant("participant_joined", room, participant.info())

    def leaving(self, room: "Room", participant: "Participant") -> None:
        """The last media report, while the tracks are still there."""
        self._send(participant, witness.last_reports(room, participant, int(time.time())))

    def participant_left(self, room: "Room", info: models.ParticipantInfo, *, active: bool) -> None:
        if not info.permission.hidden:
            name = "participant_left" if active else "participant_connection_aborted"
            self._participant(name, room, info)

    def _participant(self, name: str, room: "Room", info: models.ParticipantInfo) -> None:
        self._post(WebhookEvent(event=name, room=room.info(), participant=info))

    def track_published(self, room: "Room", owner: "Participant", track: "Track") -> None:
        self._track("track_published", room, owner, track)

    def track_unpublished(self, room: "Room", owner: "Participant", track: "Track") -> None:
        self._track("track_unpublished", room, owner, track)

    def _track(self, name: str, room: "Room", owner: "Participant", track: "Track") -> None:
        if owner.hidden:
            return
        who = models.ParticipantInfo(sid=owner.sid, identity=owner.identity, name=owner.name)
        short = models.Room(sid=room.sid, name=room.name)
        self._post(WebhookEvent(event=name, room=short, participant=who, track=track.info))

    def report(self, room: "Room") -> None:
        """Called about once a second: send the reports that are due."""
        second = int(time.time())
        for participant in room.participants.values():
            self._send(participant, witness.due_reports(room, participant, second, self._every))

    def _send(self, participant: "Participant", reports: list[dict[str, Any]]) -> None:
        for report in reports:
            if not participant.hidden:
                self.webhooks.post(report)
