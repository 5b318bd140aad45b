"""Entries as the pages show them: names looked up live, codes with their texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server.assessment.policy import Parameter, UnknownProgramme, policy_version
from server.evidence import texts
from server.evidence.documents import TrackSummary
from server.evidence.entries import LoggedEntry
from server.evidence.marks import Mark
from server.evidence.proof import EntryState, Proof
from server.evidence.rules import Participation
from server.evidence.schemas import (
    CheckView,
    CodeView,
    CorrectionView,
    EntrySummary,
    IntervalView,
    MarkView,
    MediaSummaryView,
    ParameterView,
    ParticipantView,
    PlanItemRef,
    PolicyView,
    ProofView,
    TextView,
)
from server.pairing.rules import ActivityKind
from storage.tables.access import Organisation, Staff
from storage.tables.evidence import ActivityEntryRow
from storage.tables.pairing import Agreement


@dataclass(frozen=True, slots=True)
class Names:
    """Names as they are now, by id; people who were erased are absent."""

    organisations: Mapping[str, str]
    people: Mapping[str, tuple[str, str]]  # name, title
    agreements: Mapping[str, str]  # number

    def person(self, person_id: str) -> str | None:
        found = self.people.get(person_id)
        return found[0] if found else None


async def names_of(
    session: AsyncSession, agreements: Sequence[Agreement], people: Sequence[str] = ()
) -> Names:
    """Names of all organisations, and of the given people."""
    units = await session.execute(select(Organisation.id, Organisation.name))
    staff = select(Staff.id, Staff.name, Staff.title).where(Staff.id.in_(people))
    known = await session.execute(staff) if people else ()
    return Names(
        organisations={row.id: row.name for row in units},
        people={name: (text, title) for name, text, title in known},
        agreements={row.id: row.number for row in agreements},
    )


def code_view(table: Mapping[str, texts.Pair], code: str) -> CodeView:
    zh, en = texts.text(table, code)
    return CodeView(code=code, zh=zh, en=en)


def mark_views(marks: Sequence[Mark]) -> list[MarkView]:
    views = []
    for mark in marks:
        zh, en = texts.text(texts.MARKS, mark.code)
        views.append(MarkView(code=mark.code, zh=zh, en=en, others=list(mark.others)))
    return views


def summary(
    row: ActivityEntryRow,
    entry: LoggedEntry | None,
    state: EntryState,
    names: Names,
    marks: Sequence[Mark],
    newer: str | None,
) -> EntrySummary:
    """One line of the log. A damaged row is shown as the database has it, and says that it is damaged."""
    return EntrySummary(
        id=row.id,
        kind=ActivityKind(row.kind),
        agreement_id=row.agreement_id,
        agreement_number=names.agreements.get(row.agreement_id, ""),
        supporting_id=row.supporting_id,
        supporting_name=names.organisations.get(row.supporting_id, ""),
        recipient_id=row.recipient_id,
        recipient_name=names.organisations.get(row.recipient_id, ""),
        started_at=row.started_at,
        ended_at=row.ended_at,
        recorded_at=row.recorded_at,
        people_count=len({p.person_id for p in entry.people}) if entry else 0,
        verified_seconds=entry.verified_seconds if entry else 0,
        creditable=row.creditable,
        reasons=[code_view(texts.REASONS, code) for code in row.reasons],
        marks=mark_views(marks),
        state=state,
        ledger_index=row.ledger_index,
        corrects=row.corrects,
        corrected_by=newer,
        demo=row.demo,
    )


def _intervals(spans: Sequence[tuple[int, int]]) -> list[IntervalView]:
    return [IntervalView(start=start, end=end) for start, end in spans]


def participant(item: Participation, names: Names) -> ParticipantView:
    name, title = names.people.get(item.person_id, (None, ""))
    return ParticipantView(
        person_id=item.person_id,
        name=name,
        title=title,
        organisation_id=item.organisation_id,
        organisation_name=names.organisations.get(item.organisation_id, ""),
        role=code_view(texts.ROLES, item.role),
        verified_seconds=item.verified_seconds,
        intervals=_intervals(item.intervals),
    )


def media_view(item: TrackSummary, names: Names) -> MediaSummaryView:
    return MediaSummaryView(
        person_id=item.identity,
        name=names.person(item.identity),
        kind=item.kind,
        source=item.source,
        reports=item.reports,
        packets=item.packets,
        bytes=item.bytes,
        lost=item.lost,
        seconds=item.seconds,
        speech_seconds=item.speech_seconds,
        muted_seconds=item.muted_seconds,
        media=_intervals(item.media),
        speech=_intervals(item.speech),
        muted=_intervals(item.muted),
    )


# The parameters that judge each kind, shown beside its entries.
_RULES: Mapping[str, tuple[str, ...]] = {
    ActivityKind.ECG_READ: ("report_due", "critical_ack", "floor"),
    ActivityKind.CONSULT: ("floor", "join_before", "invited_doctor_years"),
}
_LIVE_RULES = ("floor", "join_before")


# The keys of a table that concern a kind, with what they are called.
_PARTS: Mapping[tuple[str, str], Mapping[str, texts.Pair]] = {
    ("report_due", ActivityKind.ECG_READ): {
        "emergency_ecg": ("急诊心电", "emergency ECG"),
        "ecg": ("常规心电", "ECG"),
    },
    **{("floor", kind): {kind: texts.KINDS[kind]} for kind in ActivityKind},
}


def _shown(parameter: Parameter, kind: str) -> tuple[str, texts.Pair]:
    """A parameter's value as text, and which parts of a table it shows."""
    value = parameter.value
    if isinstance(value, Mapping):
        parts = _PARTS.get((parameter.id, kind)) or {key: (key, key) for key in value}
        zh = " / ".join(name[0] for name in parts.values())
        en = " / ".join(name[1] for name in parts.values())
        return " / ".join(str(value[key]) for key in parts), (f"({zh})", f" ({en})")
    if isinstance(value, tuple):
        return "–".join(str(item) for item in value), ("", "")
    return str(value), ("", "")


def parameter_view(parameter: Parameter, kind: str = "") -> ParameterView:
    text, (zh, en) = _shown(parameter, kind)
    return ParameterView(
        id=parameter.id,
        zh=parameter.title.zh + zh,
        en=parameter.title.en + en,
        value=text,
        unit=parameter.unit,
        source=parameter.source,
    )


def policy_view(programme: str, version: str, kind: str) -> PolicyView:
    """The version that judged an entry, with the texts of the rules that apply to its kind."""
    try:
        policy = policy_version(programme, version)
    except UnknownProgramme:
        unknown = TextView(zh="本系统没有这个规则版本", en="This house does not hold that version")
        return PolicyView(
            programme=programme,
            version=version,
            known=False,
            title=unknown,
            effective_from=None,
            rules=[],
        )
    wanted = _RULES.get(kind, _LIVE_RULES)
    return PolicyView(
        programme=programme,
        version=version,
        known=True,
        title=TextView(zh=policy.title.zh, en=policy.title.en),
        effective_from=policy.effective_from,
        rules=[parameter_view(policy.parameters[name], kind) for name in wanted],
    )


def proof_view(proof: Proof) -> ProofView:
    checks = []
    for code, ok in proof.checks:
        zh, en = texts.text(texts.CHECKS, code)
        checks.append(CheckView(code=code, zh=zh, en=en, ok=ok))
    return ProofView(
        state=proof.state,
        checks=checks,
        ledger_index=proof.ledger_index,
        leaf_hash=proof.leaf_hash,
        tree_size=proof.tree_size,
        root=proof.root,
        path=list(proof.path),
        checkpoint=proof.checkpoint,
        vkey=proof.vkey,
    )


def correction_view(row: ActivityEntryRow, names: Names) -> CorrectionView | None:
    if row.corrects is None:
        return None
    author = row.author or ""
    return CorrectionView(
        entry_id=row.corrects,
        author_id=author,
        author_name=names.person(author),
        reason=code_view(texts.CORRECTIONS, row.correction_reason),
    )


def plan_item_ref(agreement: Agreement, plan_item_id: str | None) -> PlanItemRef | None:
    for plan in agreement.plans:
        for item in plan.items:
            if item["id"] == plan_item_id:
                return PlanItemRef(
                    id=item["id"],
                    year=plan.year,
                    kind=ActivityKind(item["kind"]),
                    target=item["target"],
                )
    return None
