"""Consent to recording, start and stop, and what the keeper's work did to a recording: every write, with its audit row."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from server.access.rules import Person
from server.errors import ErrorCode, Problem, wrong_state
from server.evidence.rules import canonical
from server.recordings import rules
from server.recordings.access import (
    Held,
    access_recording,
    access_recordings,
    consented,
    running,
    tell,
)
from server.recordings.rules import (
    Basis,
    Failure,
    RecordingEvent,
    RecordingState,
    StopReason,
    next_state,
)
from server.sessions.room_access import CONSULT
from storage.db import SYSTEM, Actor, Tx
from storage.ids import new_id
from storage.tables.recordings import Recording, RecordingConsent
from storage.tables.sessions import Consult, Lecture

if TYPE_CHECKING:
    from server.services import Services


class RecordingAudit(StrEnum):
    """Audit actions. Sorted."""

    COMPOSED = "recordings:recording:compose"
    CONSENT_GIVEN = "recordings:consent:give"
    CONSENT_WITHDRAWN = "recordings:consent:withdraw"
    DELETED = "recordings:recording:delete"
    FAILED = "recordings:recording:fail"
    FINISHED = "recordings:recording:finish"
    LOGGED = "recordings:recording:log"
    PLAYED = "recordings:recording:play"
    RESTARTED = "recordings:recording:restart"
    RETRIED = "recordings:recording:retry"
    STARTED = "recordings:recording:start"
    STOPPED = "recordings:recording:stop"


def _move(tx: Tx, recording: Recording, event: RecordingEvent) -> bool:
    target = next_state(RecordingState(recording.state), event)
    if target is None:
        return False
    recording.state = target
    recording.updated_at = tx.now
    return True


def _stop(tx: Tx, recording: Recording, reason: StopReason, by: str | None) -> None:
    if _move(tx, recording, RecordingEvent.STOP):
        recording.stopped_at, recording.stopped_by = tx.now, by
        recording.stop_reason = reason
        tx.audit(RecordingAudit.STOPPED, "recording", recording.id, {"reason": reason.value})


# Consent.


async def set_consent(
    services: Services,
    person: Person,
    actor: Actor,
    session_id: str,
    *,
    given: bool,
    basis: Basis | None,
) -> None:
    """Write down that a session may be recorded, or that it may no longer be: then a running recording stops at once.

    Doing the same again changes nothing. Raises `Problem`: 404, 403 for all but the side that may say so, 422.
    """
    async with services.db.write(actor) as tx:
        held = await access_recordings(services, tx.session, person, session_id, tx.now, lock=True)
        if not held.consents:
            raise Problem(ErrorCode.NOT_ALLOWED)
        consent = await tx.session.get(RecordingConsent, session_id)
        if given:
            _give(tx, held, person, consent, basis)
        else:
            await _withdraw(tx, held, person, consent)
        tell(tx, held.session)


def _give(
    tx: Tx, held: Held, person: Person, consent: RecordingConsent | None, basis: Basis | None
) -> None:
    if basis is None or not rules.basis_fits(basis, consult=held.consult):
        raise Problem(
            ErrorCode.INVALID_REQUEST,
            zh="请选择由谁同意录制:患者本人或监护人(会诊),或标明本讲座将录制(讲座)。",
            en="Say who agreed: the patient or a guardian (consult), or that the lecture is announced as recorded.",
            data={"errors": [{"path": "basis", "message": "does not fit the session"}]},
        )
    if consent is None:
        consent = RecordingConsent(session_id=held.session.id)
        tx.session.add(consent)
    elif consented(consent) and consent.basis == basis:
        tx.audit(RecordingAudit.CONSENT_GIVEN, held.type, held.session.id, {"again": True})
        return
    consent.basis, consent.given_at, consent.given_by = basis.value, tx.now, person.id
    consent.withdrawn_at = consent.withdrawn_by = None
    tx.audit(RecordingAudit.CONSENT_GIVEN, held.type, held.session.id, {"basis": basis.value})


async def _withdraw(tx: Tx, held: Held, person: Person, consent: RecordingConsent | None) -> None:
    if consent is not None and consent.withdrawn_at is None:
        consent.withdrawn_at, consent.withdrawn_by = tx.now, person.id
    recording = await running(tx.session, held.session.id)
    if recording is not None:
        _stop(tx, recording, StopReason.CONSENT_WITHDRAWN, person.id)
    tx.audit(RecordingAudit.CONSENT_WITHDRAWN, held.type, held.session.id)


# Start and stop.


def _check_start(held: Held, consent: RecordingConsent | None) -> None:
    if not held.host:
        raise Problem(ErrorCode.NOT_ALLOWED)
    if not consented(consent):
        raise Problem(ErrorCode.RECORDING_NO_CONSENT)
    if not held.live:
        raise wrong_state(
            "只有进行中的会诊或已开放的讲座才能录制。请进入房间、双方到齐后再开始。",
            "Only a session that is live can be recorded. Enter the room first.",
        )


async def start(services: Services, person: Person, actor: Actor, session_id: str) -> str:
    """Begin to record; while one is being made, that one is the answer. Its id.

    Raises `Problem`: 404, 403 for all but hosts and co-hosts, 409 without consent or when the session is not live,
    503 when the disk is full.
    """
    async with services.db.write(actor) as tx:
        held = await access_recordings(services, tx.session, person, session_id, tx.now, lock=True)
        _check_start(held, await tx.session.get(RecordingConsent, session_id))
        known = await running(tx.session, session_id)
        if known is not None:
            tx.audit(RecordingAudit.STARTED, "recording", known.id, {"again": True})
            return known.id
        if not await services.studio.has_space(services.disk.root):
            raise Problem(ErrorCode.RECORDING_DISK_FULL)
        recording = Recording(
            id=new_id("rec"),
            session_id=session_id,
            state=RecordingState.RECORDING,
            started_at=tx.now,
            started_by=person.id,
            keep_until=rules.keep_until(tx.now, held.policy.table("retention")["media_months"]),
            demo=held.session.demo,
            updated_at=tx.now,
        )
        tx.session.add(recording)
        tx.audit(RecordingAudit.STARTED, "recording", recording.id, {"session": session_id})
        tell(tx, held.session)
    return recording.id


async def stop(services: Services, person: Person, actor: Actor, recording_id: str) -> None:
    """End a recording; one that has ended stays as it is. Raises `Problem`: 404, 403."""
    async with services.db.write(actor) as tx:
        recording, held = await access_recording(
            services, tx.session, person, recording_id, tx.now, lock=True
        )
        if not held.host:
            raise Problem(ErrorCode.NOT_ALLOWED)
        _stop(tx, recording, StopReason.HOST, person.id)
        if not tx.audited:
            tx.audit(RecordingAudit.STOPPED, "recording", recording_id, {"again": True})
        tell(tx, held.session)


async def retry(services: Services, person: Person, actor: Actor, recording_id: str) -> None:
    """Go on where it failed: with closing the files, or with the film. Raises `Problem`: 404, 403, 409 when there is nothing to be tried."""
    async with services.db.write(actor) as tx:
        recording, held = await access_recording(
            services, tx.session, person, recording_id, tx.now, lock=True
        )
        if not held.host:
            raise Problem(ErrorCode.NOT_ALLOWED)
        event = RecordingEvent.REOPEN if recording.manifest is None else RecordingEvent.RETRY
        if recording.failure != Failure.COMPOSING_FAILED or not _move(tx, recording, event):
            raise wrong_state(
                "这段录制不需要重新合成。请刷新页面查看最新状态。",
                "There is nothing to make again. Reload to see what changed.",
            )
        recording.tries = recording.progress = 0
        recording.failure = ""
        tx.audit(RecordingAudit.RETRIED, "recording", recording_id)
        tell(tx, held.session)


# What the keeper tells.


async def _locked(tx: Tx, recording_id: str) -> Recording:
    found = await tx.session.get(Recording, recording_id, with_for_update=True)
    assert found is not None
    return found


async def _tell_all(tx: Tx, recording: Recording) -> None:
    name = recording.session_id
    row: Consult | Lecture | None
    if name.startswith(CONSULT):
        row = await tx.session.get(Consult, name)
    else:
        row = await tx.session.get(Lecture, name)
    if row is not None:
        tell(tx, row)


async def stopped(services: Services, recording_id: str, reason: StopReason) -> None:
    """The recording ended by itself."""
    async with services.db.write(SYSTEM) as tx:
        recording = await _locked(tx, recording_id)
        _stop(tx, recording, reason, None)
        if not tx.audited:
            tx.audit(RecordingAudit.STOPPED, "recording", recording_id, {"again": True})
        await _tell_all(tx, recording)


async def restarted(services: Services, recording_id: str) -> None:
    """The recorder died and begins a further segment."""
    async with services.db.write(SYSTEM) as tx:
        recording = await _locked(tx, recording_id)
        recording.restarts += 1
        tx.audit(RecordingAudit.RESTARTED, "recording", recording_id)


async def finished(services: Services, recording_id: str, manifests: list[dict[str, Any]]) -> None:
    """The files are closed: keep what they are, with their digests, and go on to the film."""
    document = canonical(
        {"format": 1, "type": "recording_files", "recording": recording_id, "segments": manifests}
    )
    ref = await services.blobs.put_bytes(document)
    async with services.db.write(SYSTEM) as tx:
        recording = await _locked(tx, recording_id)
        if not _move(tx, recording, RecordingEvent.FINISHED):
            tx.audit(RecordingAudit.FINISHED, "recording", recording_id, {"again": True})
            return
        recording.manifest, recording.manifest_sha256 = document.decode(), ref.sha256
        tx.audit(RecordingAudit.FINISHED, "recording", recording_id, {"manifest": ref.sha256})
        await _tell_all(tx, recording)


async def logged(services: Services, recording_id: str, index: int) -> None:
    """The ledger holds the digests of the files."""
    async with services.db.write(SYSTEM) as tx:
        recording = await _locked(tx, recording_id)
        recording.ledger_index = index
        tx.audit(RecordingAudit.LOGGED, "recording", recording_id, {"index": index})


async def trying(services: Services, recording_id: str) -> int:
    """One more attempt at the film begins; the how-manieth."""
    async with services.db.write(SYSTEM) as tx:
        recording = await _locked(tx, recording_id)
        recording.tries += 1
        recording.progress = 0
        tx.audit(RecordingAudit.COMPOSED, "recording", recording_id, {"try": recording.tries})
        return recording.tries


async def progressed(services: Services, recording_id: str, percent: int) -> None:
    """How far the film is; told to the pages."""
    async with services.db.write(SYSTEM) as tx:
        recording = await _locked(tx, recording_id)
        recording.progress = max(recording.progress, min(percent, 99))
        tx.audit(RecordingAudit.COMPOSED, "recording", recording_id, {"percent": percent})
        await _tell_all(tx, recording)


async def composed(services: Services, recording_id: str, made: dict[str, Any]) -> None:
    """The film is there."""
    async with services.db.write(SYSTEM) as tx:
        recording = await _locked(tx, recording_id)
        _move(tx, recording, RecordingEvent.COMPOSED)
        recording.progress = 100
        recording.media_type = str(made["media_type"])
        recording.media_sha256, recording.media_size = str(made["sha256"]), int(made["size"])
        recording.seconds = int(made["seconds"])
        tx.audit(RecordingAudit.COMPOSED, "recording", recording_id, {"sha256": made["sha256"]})
        await _tell_all(tx, recording)


async def failed(services: Services, recording_id: str, why: Failure) -> None:
    """There is no film."""
    async with services.db.write(SYSTEM) as tx:
        recording = await _locked(tx, recording_id)
        _move(tx, recording, RecordingEvent.BREAK)
        recording.failure = why.value
        tx.audit(RecordingAudit.FAILED, "recording", recording_id, {"why": why.value})
        await _tell_all(tx, recording)


async def expired(services: Services, recording_id: str) -> None:
    """The time of keeping is over: the row stays, with its digests, and says so."""
    async with services.db.write(SYSTEM) as tx:
        recording = await _locked(tx, recording_id)
        if not _move(tx, recording, RecordingEvent.EXPIRE):
            tx.audit(RecordingAudit.DELETED, "recording", recording_id, {"again": True})
            return
        recording.deleted_at = tx.now
        tx.audit(RecordingAudit.DELETED, "recording", recording_id)
        await _tell_all(tx, recording)


def segments_of(recording: Recording) -> list[dict[str, Any]]:
    """The manifests of a finished recording's segments."""
    if recording.manifest is None:
        return []
    found: list[dict[str, Any]] = json.loads(recording.manifest)["segments"]
    return found
