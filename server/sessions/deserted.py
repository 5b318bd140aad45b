"""Sessions that nobody comes back to after the media server went away: they end at the last proven second.

While the media server lives, its own `room_finished` ends a session. When it was killed or restarted, people are
given time to come back; a stay of which nothing is heard any more is ended here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.sessions import attendance, consult_room, lecture_room
from server.sessions.rules import ConsultState, LectureState
from storage.db import SYSTEM, Tx
from storage.tables.sessions import Consult, Lecture, SessionPresence, SessionSeat

if TYPE_CHECKING:
    from server.services import Services

# Longer than a browser's retries and the media server's own wait for an empty room.
COMING_BACK = timedelta(minutes=2)
# A stay is reported every ten seconds; the spool of a media server that was cut off may still hold some.
SILENCE = timedelta(minutes=10)
AUDIT_SILENT = "sessions:room:silent"
_SINCE = "sessions.deserted.since"


async def _live(session: AsyncSession) -> list[str]:
    consults = select(Consult.id).where(Consult.state == ConsultState.LIVE)
    lectures = select(Lecture.id).where(Lecture.state == LectureState.LIVE)
    return [
        *(await session.execute(consults)).scalars(),
        *(await session.execute(lectures)).scalars(),
    ]


def _silent(stay: SessionPresence, limit: datetime) -> bool:
    open_ = stay.joined_at is not None and stay.left_at is None
    return open_ and stay.proven_until is not None and stay.proven_until < limit


async def _last_sign(session: AsyncSession, session_id: str) -> datetime | None:
    """When somebody was last in the room, or on the way to it; None while somebody is there, or nobody ever was."""
    stays = await attendance.stays_of(session, session_id)
    if not stays or any(stay.joined_at and stay.left_at is None for stay in stays):
        return None
    left = max((stay.left_at for stay in stays if stay.left_at is not None), default=None)
    query = select(func.max(SessionSeat.issued_at)).where(SessionSeat.session_id == session_id)
    asked: datetime | None = (await session.execute(query)).scalar_one_or_none()
    return max(left, asked) if left is not None and asked is not None else left


async def _lock(
    tx: Tx, session_id: str
) -> consult_room.ConsultRoom | lecture_room.LectureRoom | None:
    if session_id.startswith("con_"):
        return await consult_room.lock(tx, session_id)
    return await lecture_room.lock(tx, session_id)


async def end_deserted(services: Services) -> int:
    """End live sessions that nobody came back to. Returns how many rooms were found empty."""
    now = services.clock.now()
    since = services.state.setdefault(_SINCE, now)
    assert isinstance(since, datetime)
    # After a start of our own the news of a long time may still be on its way.
    silent_before = now - SILENCE if now - since >= SILENCE else None
    found: list[str] = []
    async with services.db.read() as session:
        for session_id in await _live(session):
            last = await _last_sign(session, session_id)
            stays = await attendance.stays_of(session, session_id)
            lost = silent_before is not None and any(_silent(s, silent_before) for s in stays)
            if lost or (last is not None and now - last > COMING_BACK):
                found.append(session_id)
    return sum([await _end(services, session_id, silent_before) for session_id in found])


async def _end(services: Services, session_id: str, silent_before: datetime | None) -> bool:
    async with services.db.write(SYSTEM) as tx:
        room = await _lock(tx, session_id)
        if room is None:
            return False
        for stay in await attendance.stays_of(tx.session, session_id):
            if silent_before is not None and _silent(stay, silent_before):
                attendance.end_cut(stay)
                tx.audit(AUDIT_SILENT, room.type, session_id, {"identity": stay.identity})
        await tx.session.flush()
        last = await _last_sign(tx.session, session_id)
        if last is None or tx.now - last <= COMING_BACK:
            return False
        # Over since the last of them was there, not since it was noticed.
        left = [s.left_at for s in await attendance.stays_of(tx.session, session_id) if s.left_at]
        await room.finished(max(left))
        return True
