"""Telling a room what changed of its participants. In a large room most come, listen and go: what
changes of them is told now and then, all in one message, as else everybody's joining would cost a
message to everybody. Publishers are told of at once: their tracks follow. Who changes without end is
told of now and then in any room."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livekit.protocol import models, rtc

if TYPE_CHECKING:
    from signaling.participant import Participant
    from signaling.room import Room

LARGE_ROOM = 20
FLUSH_SECONDS = 0.5


@dataclass(slots=True)
class _Change:
    """What is still to be done of a participant's changes: whether it hears of them too, and what
    follows once they are told."""

    to_self: bool = False
    then: list[Callable[[], None]] = field(default_factory=list)


class Updates:
    """The participant updates of one room. What waits is kept by identity, newest only: clients know
    each other by identity, and would take the late end of an older session for that of a newer."""

    def __init__(self, room: "Room") -> None:
        self._room = room
        self._waiting: dict[str, models.ParticipantInfo] = {}
        self._changed: dict[Participant, _Change] = {}
        self._restless: dict[Participant, _Change] = {}
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None

    def changed(
        self,
        participant: "Participant",
        *,
        to_self: bool = True,
        then: Callable[[], None] | None = None,
    ) -> None:
        """Tell of a participant's new state soon: all changes of one turn of the event loop go into
        one message. `then` is done after that, unless the participant leaves before."""
        change = self._restless.get(participant)
        if change is None:
            if participant not in self._changed:
                self._loop.call_soon(self._tell_changed, participant)
            change = self._changed.setdefault(participant, _Change())
        change.to_self |= to_self
        if then is not None:
            change.then.append(then)

    def _tell_changed(self, participant: "Participant") -> None:
        change = self._changed.pop(participant)
        if participant.tellings.take(1, self._loop.time()):
            self._restless[participant] = change
            self._flush_later()
        else:
            self._tell_of(participant, change)

    def _tell_of(self, participant: "Participant", change: _Change) -> None:
        if participant.closed:
            return  # its end was told
        info = participant.info()
        if change.to_self:
            update = rtc.ParticipantUpdate(participants=[info])
            participant.send(rtc.SignalResponse(update=update))
        if not participant.hidden:
            self.tell(info, but=participant)
        for follow in change.then:
            follow()

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
            self._flush_later()

    def _flush_later(self) -> None:
        if self._timer is None:
            self._timer = self._loop.call_later(FLUSH_SECONDS, self._flush)

    def _flush(self) -> None:
        self._timer = None
        waiting, self._waiting = self._waiting, {}
        restless, self._restless = self._restless, {}
        for participant, change in restless.items():
            self._loop.call_soon(self._tell_of, participant, change)
        if waiting:
            self._send(list(waiting.values()))

    def _send(self, infos: list[models.ParticipantInfo], but: "Participant | None" = None) -> None:
        update = rtc.ParticipantUpdate(participants=infos)
        self._room.broadcast(rtc.SignalResponse(update=update), but=but)
