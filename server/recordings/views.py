"""What people see of recordings, and the tickets of their players."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import jwt
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.authentication import person_of
from server.access.rules import Person
from server.errors import ErrorCode, Problem, wrong_state
from server.recordings.access import (
    access_recording,
    access_recordings,
    actions_of,
    consented,
)
from server.recordings.rules import Basis, Failure, RecordingState, StopReason
from server.recordings.schemas import (
    ConsentView,
    RecordingsView,
    RecordingView,
    SegmentView,
    TicketView,
)
from server.recordings.service import RecordingAudit, segments_of
from server.recordings.studio import FILM
from storage import recordings as files
from storage.db import Actor
from storage.tables.access import Staff
from storage.tables.audit import AuditRow
from storage.tables.recordings import Recording, RecordingConsent

if TYPE_CHECKING:
    from server.services import Services

TICKET_LIFETIME = timedelta(hours=6)  # a player asks for pieces as long as it is open
AUDIENCE = "duikou-replay"


def _consent(consent: RecordingConsent | None) -> ConsentView:
    if consent is None:
        return ConsentView(given=False, basis=None, given_at=None, withdrawn_at=None)
    return ConsentView(
        given=consented(consent),
        basis=Basis(consent.basis),
        given_at=consent.given_at,
        withdrawn_at=consent.withdrawn_at,
    )


def _segments(recording: Recording) -> list[SegmentView]:
    return [
        SegmentView(
            started_at=datetime.fromtimestamp(each["started_ms"] / 1000, UTC),
            seconds=each["length_ms"] // 1000,
            crashed=each["crashed"],
            tracks=len(each["tracks"]),
        )
        for each in segments_of(recording)
    ]


async def _withdrawn_at(session: AsyncSession, session_id: str) -> datetime | None:
    """When consent was last withdrawn. It may have been given again since, so only the audit log knows."""
    query = select(func.max(AuditRow.at)).where(
        AuditRow.object_id == session_id, AuditRow.action == RecordingAudit.CONSENT_WITHDRAWN
    )
    return (await session.execute(query)).scalar()


def _withheld(
    recording: Recording, consent: RecordingConsent | None, withdrawn_at: datetime | None
) -> bool:
    """What a withdrawal has met is never played again, for consent given later is to what is recorded from then on;
    the files wait for the end of their time."""
    met = withdrawn_at is not None and recording.started_at <= withdrawn_at
    return met or not consented(consent)


def view(
    recording: Recording,
    consent: RecordingConsent | None,
    withdrawn_at: datetime | None,
    *,
    host: bool,
) -> RecordingView:
    state = RecordingState(recording.state)
    failure = Failure(recording.failure) if recording.failure else None
    return RecordingView(
        id=recording.id,
        session_id=recording.session_id,
        state=state,
        started_at=recording.started_at,
        stopped_at=recording.stopped_at,
        stop_reason=StopReason(recording.stop_reason) if recording.stop_reason else None,
        progress=recording.progress,
        failure=failure,
        media_type=recording.media_type,
        size=recording.media_size,
        seconds=recording.seconds,
        sha256=recording.media_sha256,
        manifest_sha256=recording.manifest_sha256,
        ledger_index=recording.ledger_index,
        segments=_segments(recording),
        keep_until=recording.keep_until,
        playable=state is RecordingState.READY and not _withheld(recording, consent, withdrawn_at),
        retryable=host and failure is Failure.COMPOSING_FAILED,
    )


async def show(services: Services, person: Person, session_id: str) -> RecordingsView:
    """The recordings of a session, newest first, and what the person may do. Raises `Problem` (404, 403)."""
    async with services.db.read() as session:
        now = services.clock.now()
        held = await access_recordings(services, session, person, session_id, now)
        consent = await session.get(RecordingConsent, session_id)
        withdrawn_at = await _withdrawn_at(session, session_id)
        query = select(Recording).where(Recording.session_id == session_id)
        rows = (await session.execute(query.order_by(Recording.started_at.desc()))).scalars().all()
        is_running = any(row.state == RecordingState.RECORDING for row in rows)
        return RecordingsView(
            consent=_consent(consent),
            actions=actions_of(held, consent, is_running=is_running),
            recordings=[view(row, consent, withdrawn_at, host=held.host) for row in rows],
        )


async def show_one(services: Services, person: Person, recording_id: str) -> RecordingView:
    """One recording. Raises `Problem` (404, 403)."""
    async with services.db.read() as session:
        now = services.clock.now()
        recording, held = await access_recording(services, session, person, recording_id, now)
        consent = await session.get(RecordingConsent, recording.session_id)
        withdrawn_at = await _withdrawn_at(session, recording.session_id)
        return view(recording, consent, withdrawn_at, host=held.host)


async def _check_playable(session: AsyncSession, recording: Recording) -> None:
    consent = await session.get(RecordingConsent, recording.session_id)
    withdrawn_at = await _withdrawn_at(session, recording.session_id)
    if _withheld(recording, consent, withdrawn_at):
        raise Problem(ErrorCode.RECORDING_WITHHELD)
    if recording.state != RecordingState.READY:
        raise wrong_state(
            "录制文件还没有准备好,或已过保存期限。请稍后刷新查看进度。",
            "The film is not ready yet, or was deleted when its time was over. Look again later.",
        )


async def ticket(services: Services, person: Person, actor: Actor, recording_id: str) -> TicketView:
    """An address for the person's player; each one given is in the audit log.

    Raises `Problem`: 404, 403, 409 when there is nothing to play.
    """
    async with services.db.write(actor) as tx:
        recording, _ = await access_recording(services, tx.session, person, recording_id, tx.now)
        await _check_playable(tx.session, recording)
        until = tx.now + TICKET_LIFETIME
        tx.audit(RecordingAudit.PLAYED, "recording", recording_id)
    claims = {"sub": person.id, "rec": recording_id, "aud": AUDIENCE, "exp": until}
    token = jwt.encode(claims, services.secrets.jwt, algorithm="HS256")
    return TicketView(url=f"/api/recordings/{recording_id}/film?ticket={token}", expires_at=until)


def _holder(services: Services, token: str, recording_id: str) -> str:
    """The person a ticket was given to. Raises `Problem` (401)."""
    refused = Problem(ErrorCode.SESSION_EXPIRED)
    try:
        claims = jwt.decode(
            token,
            services.secrets.jwt,
            algorithms=["HS256"],
            audience=AUDIENCE,
            options={"require": ["exp", "sub", "aud", "rec"], "verify_exp": False},
        )
    except (jwt.PyJWTError, UnicodeError):
        raise refused from None
    until, subject = claims["exp"], claims["sub"]
    if claims["rec"] != recording_id or not isinstance(subject, str):
        raise refused
    if not isinstance(until, int | float) or services.clock.now().timestamp() >= until:
        raise refused
    return subject


async def film(services: Services, token: str, recording_id: str) -> tuple[Recording, Path]:
    """The film for the holder of a ticket, whose rights are looked at again each time.

    Raises `Problem`: 401 for a bad ticket, 404, 403, 409.
    """
    holder = _holder(services, token, recording_id)
    async with services.db.read() as session:
        staff = (
            await session.execute(select(Staff).where(Staff.id == holder))
        ).scalar_one_or_none()
        if staff is None or not staff.active:
            raise Problem(ErrorCode.SESSION_EXPIRED)
        now = services.clock.now()
        recording, _ = await access_recording(
            services, session, person_of(staff), recording_id, now
        )
        await _check_playable(session, recording)
    return recording, files.folder(services.disk, recording_id) / FILM
