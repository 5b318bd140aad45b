"""Request and response models of the activity log."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field

from server.evidence.proof import EntryState
from server.http.routing import Schema
from server.pairing.rules import ActivityKind

Id = Annotated[str, Field(min_length=1, max_length=40)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
# Far enough from the ends of the calendar that adding a day in any zone is a date.
Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2200, 12, 31))]


# A signed note ends in a line feed, and without it no signature holds (c2sp.org/signed-note); the canonical
# text is shown byte for byte.
NOTE = ConfigDict(str_strip_whitespace=False)


class EntryAction(StrEnum):
    """What this person may do with an entry now."""

    DOWNLOAD_EVIDENCE = "download_evidence"
    EXPORT_PACK = "export_pack"


class TextView(Schema):
    zh: str
    en: str


class CodeView(Schema):
    """A stable code with what it means."""

    code: str
    zh: str
    en: str


class MarkView(CodeView):
    """An anomaly mark; `others` are the entries it was compared with, as far as they may be seen."""

    others: list[str]


class EntriesFilter(Schema):
    """What the list and its export can be narrowed to. Days are those of the reader's organisation."""

    model_config = ConfigDict(populate_by_name=True)

    agreement_id: Id | None = None
    kind: ActivityKind | None = None
    unit: Annotated[Id | None, Field(description="supporting or recipient unit")] = None
    person: Annotated[Id | None, Field(description="somebody who took part")] = None
    from_: Annotated[Day | None, Field(alias="from", description="first day of start")] = None
    to: Annotated[Day | None, Field(description="last day of start, counted")] = None
    creditable: bool | None = None
    reason: Annotated[Code | None, Field(description="code of a reason or of a mark")] = None
    doubtful: Annotated[bool | None, Field(description="with or without anomaly marks")] = None


class EntriesQuery(EntriesFilter):
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class EntrySummary(Schema):
    id: str
    kind: ActivityKind
    agreement_id: str
    agreement_number: str
    supporting_id: str
    supporting_name: str
    recipient_id: str
    recipient_name: str
    started_at: datetime
    ended_at: datetime
    recorded_at: datetime
    people_count: int
    verified_seconds: int = Field(description="of everybody together")
    creditable: bool
    reasons: list[CodeView]
    marks: list[MarkView]
    state: EntryState
    ledger_index: int | None
    corrects: str | None
    corrected_by: str | None
    demo: bool


class KindCount(Schema):
    """Entries that match, without those that were corrected."""

    kind: ActivityKind
    total: int
    creditable: int


class EntriesView(Schema):
    entries: list[EntrySummary]
    total: int
    creditable: int = Field(description="matching entries that count, corrected ones left out")
    not_creditable: int
    superseded: int = Field(description="matching entries that a correction replaced")
    doubtful: int
    by_kind: list[KindCount]
    limit: int
    offset: int


class IntervalView(Schema):
    """Half-open, unix seconds."""

    start: int
    end: int


class ParticipantView(Schema):
    """`name` is looked up now; it is null when the person is no longer known here."""

    person_id: str
    name: str | None
    title: str
    organisation_id: str
    organisation_name: str
    role: CodeView
    verified_seconds: int
    intervals: list[IntervalView]


class MediaSummaryView(Schema):
    """What arrived of one person's audio or video, over all reports that the entry names."""

    person_id: str
    name: str | None
    kind: str
    source: str
    reports: int
    packets: int
    bytes: int
    lost: int
    seconds: int
    speech_seconds: int
    muted_seconds: int
    media: list[IntervalView]
    speech: list[IntervalView]
    muted: list[IntervalView]


class EvidenceView(Schema):
    name: str
    sha256: str
    size: int
    media_type: str
    included: bool = Field(description="a de-identified document that can be downloaded")
    available: bool = Field(description="its bytes are stored here")


class FactView(Schema):
    key: str
    value: bool | int | float | str


class ParameterView(Schema):
    """One number of the programme version that judged the entry."""

    id: str
    zh: str
    en: str
    value: str
    unit: str
    source: str


class PolicyView(Schema):
    programme: str
    version: str
    known: bool = Field(description="this house holds that version")
    title: TextView
    effective_from: date | None
    rules: list[ParameterView]


class CheckView(CodeView):
    ok: bool


class ProofView(Schema):
    """The live check, and what anyone needs to repeat it (RFC 6962). Hashes in hex, root in base64."""

    model_config = NOTE

    state: EntryState
    checks: list[CheckView]
    ledger_index: int | None
    leaf_hash: str
    tree_size: int
    root: str
    path: list[str]
    checkpoint: str
    vkey: str


class CorrectionView(Schema):
    entry_id: str
    author_id: str
    author_name: str | None
    reason: CodeView


class PlanItemRef(Schema):
    id: str
    year: int
    kind: ActivityKind
    target: int


class EntryView(EntrySummary):
    model_config = NOTE

    subject_type: str
    subject_id: str
    plan_item: PlanItemRef | None
    people: list[ParticipantView]
    media: list[MediaSummaryView]
    evidence: list[EvidenceView]
    facts: list[FactView]
    policy: PolicyView
    correction: CorrectionView | None
    proof: ProofView
    canonical: str = Field(description="the very text that was hashed")
    actions: list[EntryAction]


class CheckpointView(Schema):
    """The newest signed checkpoint (C2SP tlog-checkpoint) and how the database stands to it."""

    model_config = NOTE

    origin: str
    size: int
    root: str
    at: str
    note: str
    vkey: str
    sealed: int = Field(description="entries of the database that name a place in the log")
    pending: int = Field(description="entries committed and not yet in the log")
    consistent: bool = Field(description="the database has a row for each entry of the log")
