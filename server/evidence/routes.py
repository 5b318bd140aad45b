"""The activity log: list, one entry with its evidence and proof, documents, checkpoint, exports."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.permissions import Permission, allows
from server.access.rules import Person
from server.errors import ErrorCode, not_found
from server.evidence import documents, export, proof, queries, stored, views, workbook
from server.evidence.entries import LoggedEntry
from server.evidence.schemas import (
    CheckpointView,
    EntriesFilter,
    EntriesQuery,
    EntriesView,
    EntryAction,
    EntrySummary,
    EntryView,
    EvidenceView,
    FactView,
    KindCount,
)
from server.http.routing import Call, Empty, Route
from server.pairing.rules import ActivityKind
from server.services import Services
from storage.tables.evidence import ActivityEntryRow
from storage.tables.pairing import Agreement

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Scope:
    """What one person's question about the log comes to."""

    agreements: Sequence[Agreement]
    zone: str
    marks: queries.Marks
    where: Sequence[ColumnElement[bool]]


async def _scope(
    session: AsyncSession, services: Services, person: Person, wanted: EntriesFilter
) -> Scope:
    if wanted.agreement_id is not None:
        await queries.access_agreement_log(session, person, wanted.agreement_id)
    agreements = await queries.visible_agreements(session, person)
    zone = await queries.zone_of(session, services, person.organisation_id)
    marks = await queries.marks_for(session, services, agreements, zone)
    visible = ActivityEntryRow.agreement_id.in_([agreement.id for agreement in agreements])
    where = [visible, *queries.conditions(wanted, zone, marks)]
    return Scope(agreements, zone, marks, where)


def _summary(
    services: Services,
    row: ActivityEntryRow,
    entry: LoggedEntry | None,
    scope: Scope,
    names: views.Names,
    newer: Mapping[str, str],
) -> EntrySummary:
    state = proof.quick_state(row, entry, services.ledger)
    marks = scope.marks.get(row.id, ())
    return views.summary(row, entry, state, names, marks, newer.get(row.id))


async def list_entries(call: Call[EntriesQuery, Empty]) -> EntriesView:
    query, services = call.query, call.services
    async with services.db.read() as session:
        scope = await _scope(session, services, call.person, query)
        counts = await queries.count(session, scope.where)
        doubtful = ActivityEntryRow.id.in_(list(scope.marks))
        doubts = await queries.count(session, [*scope.where, doubtful])
        page = queries.ordered(scope.where).limit(query.limit).offset(query.offset)
        rows: Sequence[ActivityEntryRow] = (await session.execute(page)).scalars().all()
        newer = await queries.corrected_by(session, [row.id for row in rows])
        names = await views.names_of(session, scope.agreements)
    creditable = sum(good for _, good in counts.by_kind.values())
    return EntriesView(
        entries=[_summary(services, row, proof.read_row(row), scope, names, newer) for row in rows],
        total=counts.total,
        creditable=creditable,
        not_creditable=counts.total - counts.superseded - creditable,
        superseded=counts.superseded,
        doubtful=doubts.total,
        by_kind=[
            KindCount(kind=ActivityKind(kind), total=every, creditable=good)
            for kind, (every, good) in sorted(counts.by_kind.items())
        ],
        limit=query.limit,
        offset=query.offset,
    )


def _actions(person: Person, evidence: Sequence[EvidenceView]) -> list[EntryAction]:
    actions = []
    if any(item.included and item.available for item in evidence):
        actions.append(EntryAction.DOWNLOAD_EVIDENCE)
    if allows(person.roles, Permission.EVIDENCE_PACK_EXPORT):
        actions.append(EntryAction.EXPORT_PACK)
    return actions


async def get_entry(call: Call[Empty, Empty]) -> EntryView:
    services, person = call.services, call.person
    async with services.db.read() as session:
        row = await queries.access_entry(session, person, call.path["entry_id"])
        scope = await _scope(session, services, person, EntriesFilter())
        newer = await queries.corrected_by(session, [row.id])
        entry = proof.read_row(row)
        people = [item.person_id for item in entry.people] if entry else []
        involved = [*people, row.author] if row.author else people
        names = await views.names_of(session, scope.agreements, involved)
    agreement = next(item for item in scope.agreements if item.id == row.agreement_id)
    proved = await asyncio.to_thread(proof.prove, row, entry, services.ledger)
    kept = await asyncio.to_thread(stored.stored_evidence, services, entry)
    media = await asyncio.to_thread(documents.summarise, list(kept.documents.values()))
    evidence = stored.evidence_views(entry, kept)
    shown = _summary(services, row, entry, scope, names, newer)
    return EntryView(
        **{**shown.model_dump(), "state": proved.state},
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        plan_item=views.plan_item_ref(agreement, row.plan_item_id),
        people=[views.participant(item, names) for item in entry.people] if entry else [],
        media=[views.media_view(item, names) for item in media],
        evidence=evidence,
        facts=[FactView(key=k, value=v) for k, v in sorted(entry.facts.items())] if entry else [],
        policy=views.policy_view(row.policy_programme, row.policy_version, row.kind),
        correction=views.correction_view(row, names),
        proof=views.proof_view(proved),
        canonical=row.canonical,
        actions=_actions(person, evidence),
    )


async def get_entry_evidence(call: Call[Empty, Empty]) -> web.StreamResponse:
    async with call.services.db.read() as session:
        row = await queries.access_entry(session, call.person, call.path["entry_id"])
    item, data = await stored.included_document(call.services, row, call.path["name"])
    safe = item.media_type in documents.SAFE_TYPES
    return web.Response(
        body=data,
        content_type=item.media_type if safe else "application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{item.name}"'},
    )


async def get_checkpoint(call: Call[Empty, Empty]) -> CheckpointView:
    ledger = call.services.ledger
    head, note = ledger.head(), ledger.checkpoint()
    async with call.services.db.read() as session:
        sealed, pending = await queries.sealed_counts(session)
    return CheckpointView(
        origin=ledger.origin,
        size=head.size,
        root=head.root.hex(),
        at=head.at,
        note=note,
        vkey=ledger.vkey,
        sealed=sealed,
        pending=pending,
        consistent=sealed + pending >= head.size,
    )


async def export_entries(call: Call[EntriesFilter, Empty]) -> web.StreamResponse:
    services = call.services
    async with services.db.read() as session:
        scope = await _scope(session, services, call.person, call.query)
        found = queries.ordered(scope.where).limit(workbook.MAX_ROWS + 1)
        rows: Sequence[ActivityEntryRow] = (await session.execute(found)).scalars().all()
        workbook.check_size(len(rows))
        newer = await queries.corrected_by(session, [row.id for row in rows])
        people = await queries.people_of(session, scope.where)
        names = await views.names_of(session, scope.agreements, people)

    def build() -> bytes:
        lines: list[tuple[EntrySummary, LoggedEntry | None]] = []
        for row in rows:
            entry = proof.read_row(row)
            lines.append((_summary(services, row, entry, scope, names, newer), entry))
        return workbook.entries_workbook(lines, names, scope.zone)

    return attachment(await asyncio.to_thread(build), XLSX, "activity-log.xlsx")


async def export_agreement_pack(call: Call[Empty, Empty]) -> web.StreamResponse:
    agreement_id = call.path["agreement_id"]
    async with call.services.db.read() as session:
        agreement = await queries.access_agreement_log(session, call.person, agreement_id)
    try:
        data, _ = await export.build_pack(call.services, agreement.id, call.actor)
    except export.NothingToExport:
        raise not_found() from None
    return attachment(data, "application/zip", f"evidence-{agreement.id}.zip")


def attachment(data: bytes, media_type: str, filename: str) -> web.Response:
    """A file for saving."""
    disposition = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return web.Response(body=data, content_type=media_type, headers=disposition)


_READ: dict[str, Any] = {"permission": Permission.EVIDENCE_ENTRY_READ}

ROUTES = [
    Route(
        "GET",
        "/api/entries",
        list_entries,
        "The activity log, filtered, with counts",
        query=EntriesQuery,
        response=EntriesView,
        errors=(ErrorCode.NOT_FOUND,),
        **_READ,
    ),
    Route(
        "GET",
        "/api/entries.xlsx",
        export_entries,
        "The activity log as a workbook",
        query=EntriesFilter,
        produces=XLSX,
        errors=(ErrorCode.NOT_FOUND,),
        **_READ,
    ),
    Route(
        "GET",
        "/api/entries/{entry_id}",
        get_entry,
        "One entry: people, intervals, media, evidence, policy, proof",
        response=EntryView,
        **_READ,
    ),
    Route(
        "GET",
        "/api/entries/{entry_id}/evidence/{name}",
        get_entry_evidence,
        "A de-identified document behind an entry",
        produces="*/*",
        errors=(ErrorCode.EVIDENCE_DAMAGED,),
        **_READ,
    ),
    Route(
        "GET",
        "/api/log/checkpoint",
        get_checkpoint,
        "The newest signed checkpoint of the log",
        response=CheckpointView,
        **_READ,
    ),
    Route(
        "GET",
        "/api/agreements/{agreement_id}/pack",
        export_agreement_pack,
        "The evidence pack of an agreement, to be verified offline",
        Permission.EVIDENCE_PACK_EXPORT,
        produces="application/zip",
    ),
]
