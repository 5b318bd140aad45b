"""Writing entries and sealing them into the ledger.

An entry is committed with the activity that it is about, in one transaction, and appended to the ledger right
after. Between the two it is *pending*; `seal` heals a crash in between, because the ledger answers the same bytes
with the index they already have.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select

from server.errors import ErrorCode, Problem, wrong_state
from server.evidence.rules import FORMAT, Activity, EntryRefused, canonical, document_of
from storage.db import SYSTEM, Tx
from storage.ids import new_id
from storage.ledger import MAX_ENTRY
from storage.merkle import leaf_hash
from storage.tables.evidence import ActivityEntryRow, EntryPersonRow, EntryReasonRow
from storage.tables.pairing import Agreement

if TYPE_CHECKING:
    from server.services import Services

log = structlog.get_logger("evidence")
SEAL_BATCH = 256
SEAL_EVERY = 30.0  # seconds between looks for entries that a failed seal left pending


class EvidenceAction(StrEnum):
    ENTRY_CORRECTED = "evidence:entry:correct"
    ENTRY_RECORDED = "evidence:entry:record"
    LEDGER_SEALED = "evidence:ledger:seal"
    PACK_EXPORTED = "evidence:pack:export"


async def record(tx: Tx, activity: Activity) -> ActivityEntryRow:
    """Write the entry of a closed activity, inside the transaction that closes it.

    One entry for each subject and agreement: recording the same again returns the entry there is. The caller
    awaits `seal` after its commit. Raises `EntryRefused` for anything but ids, digests, numbers and codes, and
    `Problem` (409) for a correction of an entry that is absent, other, or already corrected.
    """
    if activity.corrects is None:
        existing = await _recorded(tx, activity)
        if existing is not None:
            return existing
    else:
        await _check_correction(tx, activity)
    agreement = await tx.session.get(Agreement, activity.agreement_id)
    if agreement is None or (agreement.supporting_id, agreement.recipient_id) != (
        activity.supporting_id,
        activity.recipient_id,
    ):
        raise EntryRefused("the two units are not those of the agreement")
    row = _row(new_id("ent"), tx, activity)
    tx.session.add(row)
    await tx.session.flush()
    _add_details(tx, row.id, activity)
    action = EvidenceAction.ENTRY_CORRECTED if activity.corrects else EvidenceAction.ENTRY_RECORDED
    tx.audit(action, "activity_entry", row.id, {"leaf": row.leaf_hash, "corrects": row.corrects})
    concerned = {row.supporting_id, row.recipient_id, agreement.authority_id}
    tx.emit("entries", row.id, organisations=concerned)
    return row


async def _recorded(tx: Tx, activity: Activity) -> ActivityEntryRow | None:
    query = select(ActivityEntryRow).where(
        ActivityEntryRow.subject_type == activity.subject_type,
        ActivityEntryRow.subject_id == activity.subject_id,
        ActivityEntryRow.agreement_id == activity.agreement_id,
        ActivityEntryRow.corrects.is_(None),
    )
    return (await tx.session.execute(query.limit(1))).scalar_one_or_none()


async def _check_correction(tx: Tx, activity: Activity) -> None:
    old = await tx.session.get(ActivityEntryRow, activity.corrects)
    if old is None or old.agreement_id != activity.agreement_id:
        raise Problem(ErrorCode.NOT_FOUND)
    if (old.subject_type, old.subject_id) != (activity.subject_type, activity.subject_id):
        raise wrong_state(
            "更正必须针对同一项活动。请从该记录页面发起更正。",
            "A correction is about the same activity. Start it from that entry's page.",
        )
    newer = select(ActivityEntryRow.id).where(ActivityEntryRow.corrects == old.id)
    if (await tx.session.execute(newer)).scalar_one_or_none() is not None:
        raise wrong_state(
            "该记录已被更正。请对最新的一条提出更正。",
            "This entry has been corrected already. Correct the newest one.",
        )


def _row(entry_id: str, tx: Tx, activity: Activity) -> ActivityEntryRow:
    document = document_of(entry_id, tx.now, activity)
    data = canonical(document)
    if len(data) > MAX_ENTRY:
        raise EntryRefused("the entry is larger than the log takes")
    return ActivityEntryRow(
        id=entry_id,
        agreement_id=activity.agreement_id,
        kind=document["kind"],
        subject_type=activity.subject_type,
        subject_id=activity.subject_id,
        plan_item_id=activity.plan_item_id,
        supporting_id=activity.supporting_id,
        recipient_id=activity.recipient_id,
        started_at=activity.started_at,
        ended_at=activity.ended_at,
        recorded_at=tx.now,
        policy_programme=activity.policy_programme,
        policy_version=activity.policy_version,
        creditable=document["creditable"],
        reasons=document["reasons"],
        demo=document["demo"],
        corrects=activity.corrects,
        author=activity.author,
        correction_reason=activity.correction_reason,
        canonical=data.decode(),
        leaf_hash=leaf_hash(data).hex(),
        ledger_index=None,
        sealed_at=None,
    )


def _add_details(tx: Tx, entry_id: str, activity: Activity) -> None:
    for item in activity.people:
        tx.session.add(
            EntryPersonRow(
                entry_id=entry_id,
                person_id=item.person_id,
                role=item.role,
                organisation_id=item.organisation_id,
                verified_seconds=item.verified_seconds,
            )
        )
    for code in sorted(set(activity.reasons)):
        tx.session.add(EntryReasonRow(entry_id=entry_id, reason=code))


async def log_recording(
    services: Services, recording_id: str, session_id: str, manifest: str, *, demo: bool
) -> int:
    """Put the digests of a closed recording's files into the ledger; the index. Doing it again gives the same one.

    `manifest` is canonical JSON; the log holds its digest and those of the files, no name of anybody. Raises
    `storage.disk.DiskFailure`.
    """
    data = manifest.encode()
    segments = json.loads(data)["segments"]
    document = {
        "format": FORMAT,
        "type": "recording",
        "id": recording_id,
        "subject": session_id,
        "manifest": {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)},
        "files": [
            {"sha256": track["sha256"], "size": track["size"]}
            for segment in segments
            for track in (*segment["tracks"], segment["timeline"])
        ],
        "demo": demo,
    }
    return await services.ledger.append(canonical(document))


def _sealing_lock(services: Services) -> asyncio.Lock:
    lock = services.state.setdefault("evidence_seal", asyncio.Lock())
    assert isinstance(lock, asyncio.Lock)
    return lock


async def seal(services: Services) -> int:
    """Append every pending entry to the ledger, oldest first, and mark its index. Returns how many.

    Idempotent. What fails leaves the entries pending for `keep_sealing`; it is logged, not raised, because the
    activity itself is committed and must not look failed to the doctor.
    """
    sealed = 0
    async with _sealing_lock(services):
        try:
            while rows := await _pending(services):
                indices = await asyncio.gather(
                    *(services.ledger.append(row.canonical.encode()) for row in rows)
                )
                await _mark(services, rows, indices)
                sealed += len(rows)
        except Exception as error:  # disk full, database away: the next round tries again
            log.error("seal_failed", error=type(error).__name__, sealed=sealed)
    return sealed


async def _pending(services: Services) -> Sequence[ActivityEntryRow]:
    query = (
        select(ActivityEntryRow)
        .where(ActivityEntryRow.ledger_index.is_(None))
        .order_by(ActivityEntryRow.recorded_at, ActivityEntryRow.id)
        .limit(SEAL_BATCH)
    )
    async with services.db.read() as session:
        return (await session.execute(query)).scalars().all()


async def _mark(
    services: Services, rows: Sequence[ActivityEntryRow], indices: Sequence[int]
) -> None:
    organisations = {row.supporting_id for row in rows} | {row.recipient_id for row in rows}
    async with services.db.write(SYSTEM) as tx:
        agreements = select(Agreement.authority_id).where(
            Agreement.id.in_({row.agreement_id for row in rows})
        )
        organisations |= set((await tx.session.execute(agreements)).scalars())
        for row, index in zip(rows, indices, strict=True):
            fresh = await tx.session.get(ActivityEntryRow, row.id)
            assert fresh is not None
            fresh.ledger_index = index
            fresh.sealed_at = tx.now
            tx.audit(EvidenceAction.LEDGER_SEALED, "activity_entry", row.id, {"index": index})
        tx.emit("entries", rows[-1].id, organisations=organisations)


async def keep_sealing(services: Services) -> None:
    """Background work: seal what a crash or a failed seal left pending, at start and then now and again."""
    while True:
        await seal(services)
        await asyncio.sleep(SEAL_EVERY)
