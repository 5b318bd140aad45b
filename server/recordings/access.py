"""Who may record a session, who may consent, who may see what was recorded. Everything goes through here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.rules import Person
from server.assessment.policy import Policy
from server.errors import ErrorCode, Problem, not_found
from server.evidence.rules import Evidence
from server.recordings.rules import ACTIVE, RecordingAction, RecordingState, actions
from server.sessions.consult_access import access_consult
from server.sessions.consult_access import tell as tell_consult
from server.sessions.lecture_access import access_lecture
from server.sessions.lecture_access import tell as tell_lecture
from server.sessions.room_access import CONSULT, LECTURE, about
from server.sessions.room_rules import Rank
from server.sessions.rules import ConsultState, LectureParty, LectureState, Party
from storage.db import Tx
from storage.tables.recordings import Recording, RecordingConsent
from storage.tables.sessions import Consult, Lecture

if TYPE_CHECKING:
    from server.services import Services


@dataclass(frozen=True, slots=True)
class Held:
    """A session whose recordings the person may see."""

    session: Consult | Lecture
    policy: Policy
    host: bool  # may start and stop
    consents: bool  # may write down the consent, or take it back
    live: bool

    @property
    def consult(self) -> bool:
        return isinstance(self.session, Consult)

    @property
    def type(self) -> str:
        """As audit rows name it."""
        return "consult" if self.consult else "lecture"


async def access_recordings(
    services: Services,
    session: AsyncSession,
    person: Person,
    session_id: str,
    now: datetime,
    *,
    lock: bool = False,
) -> Held:
    """A session that the person may see with its recordings.

    Raises `Problem`: 404 (absent and forbidden alike), 403 for those who see a consult without its clinical part.
    """
    if session_id.startswith(CONSULT):
        found = await access_consult(session, person, now, session_id, lock=lock)
        if not found.clinical:
            raise Problem(ErrorCode.NOT_ALLOWED)
        room = await about(session, found, person)
        return Held(
            found.consult,
            found.policy,
            host=room.rank is not Rank.MEMBER,
            consents=found.party is Party.REQUESTER,
            live=found.state is ConsultState.LIVE,
        )
    if session_id.startswith(LECTURE):
        lecture = await access_lecture(services, session, person, session_id, lock=lock)
        room = await about(session, lecture, person)
        return Held(
            lecture.lecture,
            lecture.policy,
            host=room.rank is not Rank.MEMBER,
            consents=lecture.party in (LectureParty.LECTURER, LectureParty.MANAGER),
            live=lecture.state in (LectureState.OPEN, LectureState.LIVE),
        )
    raise not_found()


async def access_recording(
    services: Services,
    session: AsyncSession,
    person: Person,
    recording_id: str,
    now: datetime,
    *,
    lock: bool = False,
) -> tuple[Recording, Held]:
    """A recording of a session that the person may see. Raises `Problem` (404, 403)."""
    recording = await session.get(Recording, recording_id)
    if recording is None:
        raise not_found()
    held = await access_recordings(services, session, person, recording.session_id, now, lock=lock)
    if lock:
        await session.refresh(recording)
    return recording, held


def consented(consent: RecordingConsent | None) -> bool:
    return consent is not None and consent.withdrawn_at is None


async def running(session: AsyncSession, session_id: str) -> Recording | None:
    """The recording that is being made of a session."""
    query = select(Recording).where(
        Recording.session_id == session_id, Recording.state == RecordingState.RECORDING
    )
    return (await session.execute(query)).scalars().first()


def actions_of(
    held: Held, consent: RecordingConsent | None, *, is_running: bool
) -> list[RecordingAction]:
    """What the person may do now."""
    return actions(
        host=held.host,
        consents=held.consents,
        live=held.live,
        consent=consented(consent),
        running=is_running,
    )


def tell(tx: Tx, row: Consult | Lecture) -> None:
    """Live event to the pages of everybody who may see the session."""
    if isinstance(row, Consult):
        tell_consult(tx, row)
    else:
        tell_lecture(tx, row)


async def evidence_of(session: AsyncSession, session_id: str) -> list[Evidence]:
    """How an activity's entry names the recordings made of it: by digest, kept back."""
    query = select(Recording).where(
        Recording.session_id == session_id, Recording.manifest_sha256.is_not(None)
    )
    rows = (await session.execute(query.order_by(Recording.started_at))).scalars().all()
    return [
        Evidence(
            f"recording-{number}.json",
            row.manifest_sha256 or "",
            len((row.manifest or "").encode()),
            "application/json",
            included=False,
        )
        for number, row in enumerate(rows, start=1)
    ]


async def active_ids(session: AsyncSession) -> dict[str, str]:
    """Every recording in which something is to be done, with its state."""
    query = select(Recording.id, Recording.state).where(Recording.state.in_(ACTIVE))
    return {row.id: row.state for row in await session.execute(query)}
