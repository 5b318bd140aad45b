"""What was withdrawn ends at once, in live rooms too (TRUST row 14): a role, an account, an agreement.

HTTP reads roles and agreements afresh with every request. Rooms are told here: whoever may no longer be in one is
put out of it through the media server's public surface, and whoever comes back with an old token is turned away.
Whoever withdraws something calls `review` in the same flow, once it is committed; a round of `keep_closing` does the
same for what ends by itself (an agreement's last day) or was withdrawn by another process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import structlog
from prometheus_client import Counter
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.authentication import person_of
from server.clock import local_date
from server.errors import Problem
from server.sessions.consult_access import find_consult, party_of
from server.sessions.lecture_access import find_lecture
from server.sessions.lecture_access import party_of as lecture_party_of
from server.sessions.media import MediaUnavailable
from server.sessions.people import holds
from server.sessions.rules import ConsultState, LectureState, Party
from storage.db import SYSTEM
from storage.tables.access import Staff
from storage.tables.pairing import Agreement
from storage.tables.sessions import Consult, Lecture, SessionPresence, SessionSeat

if TYPE_CHECKING:
    from server.services import Services

log = structlog.get_logger("sessions")
PUT_OUT = Counter("duikou_sessions_put_out_total", "Devices put out of rooms after a withdrawal.")
_CONSULTS = (
    ConsultState.SCHEDULED.value,
    ConsultState.LIVE.value,
    ConsultState.OPINION_DRAFT.value,
)
_LECTURES = (LectureState.ANNOUNCED.value, LectureState.OPEN.value, LectureState.LIVE.value)


class WithdrawalAudit(StrEnum):
    PUT_OUT = "sessions:room:put_out"


@dataclass(frozen=True, slots=True)
class _Device:
    session_id: str
    identity: str
    staff_id: str


async def _in_rooms(session: AsyncSession, staff_id: str | None) -> Sequence[_Device]:
    """Devices that are in a room now, as far as the media server has told."""
    query = (
        select(SessionPresence.session_id, SessionPresence.identity, SessionPresence.staff_id)
        .outerjoin(Consult, Consult.id == SessionPresence.session_id)
        .outerjoin(Lecture, Lecture.id == SessionPresence.session_id)
        .where(
            SessionPresence.joined_at.is_not(None),
            SessionPresence.left_at.is_(None),
            or_(Consult.state.in_(_CONSULTS), Lecture.state.in_(_LECTURES)),
        )
        .distinct()
    )
    if staff_id is not None:
        query = query.where(SessionPresence.staff_id == staff_id)
    return [_Device(*row) for row in await session.execute(query)]


async def _may_stay(session: AsyncSession, now: datetime, device: _Device) -> bool:
    staff = await session.get(Staff, device.staff_id)
    if staff is None or not staff.active:
        return False
    person = person_of(staff)
    try:
        if device.session_id.startswith("con_"):
            consult, _, in_force = await find_consult(session, now, device.session_id)
            party = party_of(consult, person, in_force)
            return in_force and party in (Party.REQUESTER, Party.SPECIALIST)
        lecture = await find_lecture(session, device.session_id)
    except Problem:
        return False
    if lecture_party_of(lecture, person) is None:
        return False
    for invitation in lecture.invitations:
        if invitation.recipient_id == person.organisation_id:
            agreement = await session.get(Agreement, invitation.agreement_id)
            return agreement is not None and holds(
                agreement, local_date(now, invitation.recipient.zone)
            )
    return True


async def review(services: Services, *, staff_id: str | None = None) -> int:
    """Put everybody (or one person) out of live rooms who may no longer be in them. Returns how many devices.

    A media server that does not answer is asked again by the next round.
    """
    async with services.db.read() as session:
        devices = await _in_rooms(session, staff_id)
        now = services.clock.now()
        out = [device for device in devices if not await _may_stay(session, now, device)]
    for device in out:
        await _put_out(services, device)
    return len(out)


async def turn_away(services: Services, session_id: str, identity: str) -> None:
    """Somebody came into a room: with an old token, perhaps, after what allowed it was withdrawn."""
    async with services.db.read() as session:
        query = select(SessionSeat.staff_id).where(
            SessionSeat.session_id == session_id, SessionSeat.identity == identity
        )
        staff_id = (await session.execute(query)).scalar_one_or_none()
        if staff_id is None:
            return
        device = _Device(session_id, identity, staff_id)
        allowed = await _may_stay(session, services.clock.now(), device)
    if not allowed:
        await _put_out(services, device)


async def _put_out(services: Services, device: _Device) -> None:
    try:
        await services.media.remove(device.session_id, device.identity)
    except MediaUnavailable as error:
        log.warning("not_put_out", session=device.session_id, reason=str(error))
        return
    PUT_OUT.inc()
    kind = "consult" if device.session_id.startswith("con_") else "lecture"
    async with services.db.write(SYSTEM) as tx:
        details = {"identity": device.identity}
        tx.audit(WithdrawalAudit.PUT_OUT, kind, device.session_id, details)
