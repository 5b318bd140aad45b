"""What the events of a room mean for its consult."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from server.sessions import attendance
from server.sessions.attendance import Member
from server.sessions.consult_access import tell
from server.sessions.consult_service import ConsultAudit
from server.sessions.rules import ConsultEvent, ConsultState, next_consult
from storage.db import Tx
from storage.tables.sessions import Consult


@dataclass(slots=True)
class ConsultRoom:
    """A consult, locked for the transaction."""

    tx: Tx
    consult: Consult
    type: str = "consult"

    @property
    def organisations(self) -> frozenset[str]:
        return frozenset({self.consult.requester_org_id, self.consult.supporting_id})

    @property
    def created_at(self) -> datetime:
        return self.consult.created_at

    @property
    def recorded(self) -> bool:
        return self.consult.entry_id is not None

    def _move(self, event: ConsultEvent, action: ConsultAudit) -> bool:
        target = next_consult(ConsultState(self.consult.state), event)
        if target is None:
            return False
        self.consult.state = target
        self.consult.updated_at = self.tx.now
        self.tx.audit(action, "consult", self.consult.id)
        tell(self.tx, self.consult)
        return True

    def begin(self, at: datetime) -> None:
        """The session runs from here, or from earlier when news of earlier comes later."""
        consult = self.consult
        if self._move(ConsultEvent.BEGIN, ConsultAudit.BEGAN):
            consult.live_at = at
            consult.ended_at = None
        elif consult.state == ConsultState.LIVE and consult.live_at is not None:
            consult.live_at = min(consult.live_at, at)

    async def joined(self, staff: Member, at: datetime) -> None:
        consult = self.consult
        if consult.state == ConsultState.OPINION_DRAFT:
            # Back after the room had emptied. Who pressed "end" meant it, and old news reopens nothing.
            by_itself = consult.ended_by is None and consult.ended_at is not None
            if by_itself and consult.ended_at is not None and at > consult.ended_at:
                self._move(ConsultEvent.REOPEN, ConsultAudit.REOPENED)
                consult.ended_at = None
            return
        self.begin(at)

    async def reported(
        self, staff: Member, *, first_sent: datetime | None, until: datetime
    ) -> None:
        if first_sent is not None:
            self.begin(first_sent)

    async def finished(self, at: datetime) -> None:
        """The room is empty: over when both sides had met, else waiting again."""
        consult = self.consult
        if consult.state != ConsultState.LIVE:
            return
        if await attendance.someone_since(self.tx.session, consult.id, at):
            return
        rows = await attendance.rows_of(self.tx.session, consult.id)
        if len({row.organisation_id for row in rows}) > 1:
            self._move(ConsultEvent.ROOM_OVER, ConsultAudit.ENDED)
            consult.ended_at = max(at, consult.live_at or at)
        else:
            self._move(ConsultEvent.EMPTY, ConsultAudit.EMPTIED)
            consult.live_at = None


async def lock(tx: Tx, consult_id: str) -> ConsultRoom | None:
    query = select(Consult).where(Consult.id == consult_id).with_for_update(of=Consult)
    query = query.options(lazyload("*"))  # events need its columns only
    consult = (await tx.session.execute(query)).scalar_one_or_none()
    return None if consult is None else ConsultRoom(tx, consult)
