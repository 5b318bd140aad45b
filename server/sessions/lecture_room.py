"""What the events of a room mean for its lecture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import lazyload, selectinload

from server.sessions import attendance
from server.sessions.attendance import Member
from server.sessions.lecture_access import tell
from server.sessions.lecture_service import moved
from server.sessions.rules import LectureEvent, LectureParty, LectureState
from storage.db import Tx
from storage.tables.sessions import Lecture, LectureInvitation


@dataclass(slots=True)
class LectureRoom:
    """A lecture, locked for the transaction."""

    tx: Tx
    lecture: Lecture
    type: str = "lecture"

    @property
    def organisations(self) -> frozenset[str]:
        invited = {row.recipient_id for row in self.lecture.invitations}
        return frozenset({self.lecture.supporting_id} | invited)

    @property
    def created_at(self) -> datetime:
        return self.lecture.created_at

    @property
    def recorded(self) -> bool:
        return self.lecture.credited_at is not None

    async def joined(self, staff: Member, at: datetime) -> None:
        """Being in the room is not yet attending: media is."""

    async def reported(
        self, staff: Member, *, first_sent: datetime | None, until: datetime
    ) -> None:
        """The lecture begins by itself when the lecturer is heard or seen at its time or later."""
        lecture = self.lecture
        if staff.id != lecture.lecturer_id or first_sent is None:
            return
        if lecture.state == LectureState.OPEN and until > lecture.starts_at:
            moved(self.tx, lecture, LectureEvent.START, LectureParty.SYSTEM)
            lecture.live_at = max(first_sent, lecture.starts_at)
            tell(self.tx, lecture)

    async def finished(self, at: datetime) -> None:
        """An empty room ends a lecture only when its planned end has passed."""
        lecture = self.lecture
        planned_end = lecture.starts_at + timedelta(minutes=lecture.minutes)
        if lecture.state != LectureState.LIVE or at < planned_end:
            return
        if await attendance.someone_since(self.tx.session, lecture.id, at):
            return
        moved(self.tx, lecture, LectureEvent.END, LectureParty.SYSTEM)
        lecture.ended_at = max(at, lecture.live_at or at)
        tell(self.tx, lecture)


async def lock(tx: Tx, lecture_id: str) -> LectureRoom | None:
    query = select(Lecture).where(Lecture.id == lecture_id).with_for_update(of=Lecture)
    # Events need its columns and whom it invites, not everybody's names.
    invited = selectinload(Lecture.invitations).lazyload(LectureInvitation.recipient)
    query = query.options(lazyload("*"), invited)
    lecture = (await tx.session.execute(query)).scalar_one_or_none()
    return None if lecture is None else LectureRoom(tx, lecture)
