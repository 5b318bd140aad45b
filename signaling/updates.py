"""Telling a room what changed of its participants. In a large room most come, listen and go: what
changes of them is told now and then, all in one message, as else everybody's joining would cost a
message to everybody. Publishers are told of at once: their tracks follow."""

import asyncio
from typing import TYPE_CHECKING

from livekit.protocol import models, rtc

if TYPE_CHECKING:
    from signaling.participant import Participant
    from signaling.room import Room

LARGE_ROOM = 20
FLUSH_SECONDS = 0.5


class Updates:
    """The participant updates of one room. What waits is kept by identity, newest only: clients know
    each other by identity, and would take the late end of an older session for that of a newer."""

    def __init__(self, room: "Room") -> None:
        self._room = room
        self._waiting: dict[str, models.ParticipantInfo] = {}
        self._timer: asyncio.TimerHandle | None = None

    def tell(
        self,
        info: models.ParticipantInfo,
        *,
        but: "Participant | None" = None,
        at_once: bool = False,
    ) -> None:
        """Tell everybody else of a participant's new state, or that it left."""
        before = self._waiting.pop(info.identity, None)
        if before is not None and before.sid != info.sid:
            self._send([before, info], but)  # the older session's end
        elif len(self._room.participants) <= LARGE_ROOM or info.is_publisher or at_once:
            self._send([info], but)
        else:
            self._waiting[info.identity] = info
            if self._timer is None:
                loop = asyncio.get_running_loop()
                self._timer = loop.call_later(FLUSH_SECONDS, self._flush)

    def _flush(self) -> None:
        self._timer = None
        waiting, self._waiting = self._waiting, {}
        if waiting:
            self._send(list(waiting.values()))

    def _send(self, infos: list[models.ParticipantInfo], but: "Participant | None" = None) -> None:
        update = rtc.ParticipantUpdate(participants=infos)
        self._room.broadcast(rtc.SignalResponse(update=update), but=but)
