"""Request and response models of reads."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from server.http.routing import Schema
from server.patients.schemas import Sex
from server.reads.rules import (
    MatchField,
    MatchResult,
    ReadEvent,
    ReadKind,
    ReadState,
    Side,
    Urgency,
)


class Term(Schema):
    """A code with its words."""

    code: str
    zh: str
    en: str


# Asking for a read.


class CreateReadRequest(Schema):
    kind: ReadKind = ReadKind.ECG
    patient_id: Annotated[str, Field(max_length=40)]
    supporting_id: Annotated[
        str, Field(max_length=40, description="organisation asked; an agreement must be in force")
    ]
    urgency: Urgency = Urgency.ROUTINE
    question: Annotated[str, Field(min_length=1, max_length=1000)]
    symptoms: Annotated[str, Field(max_length=1000)] = ""


class SubmitReadRequest(Schema):
    """`question`, `symptoms` and `urgency` replace what the request said, where given."""

    confirm_mismatch: Annotated[
        bool, Field(description="the file names another person; the doctor says it is the patient")
    ] = False
    question: Annotated[str | None, Field(min_length=1, max_length=1000)] = None
    symptoms: Annotated[str | None, Field(max_length=1000)] = None
    urgency: Urgency | None = None


class ReasonRequest(Schema):
    reason: Annotated[str, Field(min_length=1, max_length=500)]


# The recording.


class FieldMatchView(Schema):
    """`in_file` and `chosen` are empty for the reading side."""

    field: MatchField
    in_file: str
    chosen: str
    result: MatchResult


class PatientMatchView(Schema):
    result: MatchResult
    fields: list[FieldMatchView]
    must_confirm: Annotated[bool, Field(description="submit needs confirm_mismatch")]


class LeadProblem(StrEnum):
    """What is wrong with the signal of a lead (storage.readers)."""

    CLIPPED = "clipped"
    FLAT = "flat"
    GAPS = "gaps"
    NOISY = "noisy"
    OFF_ELECTRODE = "off_electrode"


class LeadCheckView(Schema):
    lead: str
    problems: Annotated[list[LeadProblem], Field(description="empty is good")]


class FileCheckView(Schema):
    """What the server found in the file, at once, while the patient is still there."""

    number: Annotated[int, Field(description="counts the uploads")]
    uploaded_at: datetime
    size: Annotated[int, Field(description="bytes of the original")]
    sha256: Annotated[str, Field(description="of the original")]
    quality: Literal["good", "fair", "poor"]
    leads_present: list[str]
    leads_missing: list[str]
    leads_derived: Annotated[list[str], Field(description="computed from I and II")]
    duration_s: float
    sampling_hz: float
    recorded_at: Annotated[
        str, Field(description="local date and time as the device wrote it, ISO 8601, or empty")
    ]
    device_rate_bpm: float | None
    own_rate_bpm: Annotated[float | None, Field(description="our own estimate, unconfirmed")]
    leads: list[LeadCheckView]
    hints: Annotated[list[Term], Field(description="what to look at or to repeat")]
    patient: PatientMatchView


# Reports.


class ReportContent(Schema):
    """A structured ECG report. A draft may be partial; signing needs rhythm and conclusion."""

    rhythm: Annotated[str, Field(max_length=60, description="code of a rhythm")] = ""
    rate_bpm: Annotated[int | None, Field(ge=0, le=1000)] = None
    axis_degrees: Annotated[int | None, Field(ge=-360, le=360)] = None
    pr_ms: Annotated[int | None, Field(ge=0, le=2000)] = None
    qrs_ms: Annotated[int | None, Field(ge=0, le=2000)] = None
    qt_ms: Annotated[int | None, Field(ge=0, le=2000)] = None
    qtc_ms: Annotated[int | None, Field(ge=0, le=2000)] = None
    findings: list[Annotated[str, Field(max_length=60)]] = Field(
        default_factory=list, max_length=20, description="codes of findings"
    )
    conclusion: Annotated[str, Field(max_length=2000)] = ""
    advice: Annotated[str, Field(max_length=1000)] = ""


class DraftRequest(Schema):
    version: Annotated[int, Field(ge=0, description="the version this replaces; 0 for the first")]
    content: ReportContent


class DraftView(Schema):
    version: int
    content: ReportContent
    saved_at: datetime
    saved_by: str
    saved_by_name: str


class SignRequest(Schema):
    draft_version: Annotated[int, Field(ge=1, description="the draft that is on the screen")]
    amendment_reason: Annotated[
        str, Field(max_length=500, description="required from the second version on")
    ] = ""


class ReportView(Schema):
    """A signed version."""

    version: int
    content: ReportContent
    signed_at: datetime
    signed_by: str
    signed_by_name: str
    signed_by_title: str
    signed_by_licence: str
    amendment_reason: str
    sha256: Annotated[str, Field(description="of the canonical report")]
    original_sha256: str
    normal_sha256: str
    pdf_sha256: str
    pdf_size: int


class OutcomeRequest(Schema):
    adopted: bool
    reason: Annotated[str, Field(max_length=500, description="required when not adopted")] = ""


# Critical values.


class CriticalRequest(Schema):
    code: Annotated[str, Field(max_length=60)]
    note: Annotated[str, Field(max_length=500)] = ""


class CriticalView(Schema):
    id: str
    code: str
    zh: str
    en: str
    note: str
    confirmed_at: datetime
    confirmed_by_name: str
    due_at: datetime
    seconds_left: Annotated[int, Field(description="to acknowledge; negative once late")]
    acknowledged_at: datetime | None
    acknowledged_by_name: str


# Reads.


class ReadRowView(Schema):
    """One line of a list. The patient's name is empty in the supporting unit's queue."""

    id: str
    kind: ReadKind
    state: ReadState
    urgency: Urgency
    side: Side
    patient_name: str
    patient_sex: Sex
    patient_age: int | None
    requesting_id: str
    requesting_name: str
    supporting_id: str
    supporting_name: str
    requester_name: str
    claimed_by: str | None
    claimed_by_name: str
    mine: Annotated[bool, Field(description="I asked for it, or I claimed it")]
    created_at: datetime
    submitted_at: datetime | None
    due_at: datetime | None
    signed_at: datetime | None
    seconds_left: Annotated[int | None, Field(description="to the deadline; negative once late")]
    late: bool
    critical: Annotated[bool, Field(description="has a confirmed critical value")]
    critical_open: Annotated[bool, Field(description="… which nobody acknowledged yet")]
    unread: Annotated[bool, Field(description="signed, not yet acknowledged")]
    versions: Annotated[int, Field(description="signed versions of the report")]
    demo: bool


class PatientOfRead(Schema):
    id: Annotated[str, Field(description="empty for the reading side")]
    name: str
    sex: Sex
    age: int | None
    local_no: str


class ReadView(ReadRowView):
    """One read with everything that this person may see."""

    patient: PatientOfRead
    agreement_id: str
    question: str
    symptoms: str
    return_reason: str
    returned_at: datetime | None
    claimed_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by_name: str
    outcome_at: datetime | None
    outcome_reason: str
    cancelled_at: datetime | None
    cancel_reason: str
    read_minutes: int | None
    policy_version: str
    on_time: bool | None
    entry_id: str | None
    file: FileCheckView | None
    draft: Annotated[DraftView | None, Field(description="reading side only")]
    report: Annotated[ReportView | None, Field(description="the newest signed version")]
    reports: Annotated[list[ReportView], Field(description="all signed versions, newest first")]
    criticals: list[CriticalView]
    actions: Annotated[list[ReadEvent], Field(description="what this person may do now")]


class ReadsQuery(Schema):
    side: Annotated[Side | None, Field(description="empty: by role")] = None
    state: list[ReadState] = Field(default_factory=list)
    group: Annotated[
        Literal["open", "done", "all"],
        Field(description="open: not yet acknowledged, cancelled or answered"),
    ] = "all"
    urgency: Urgency | None = None
    mine: bool = False
    organisation_id: Annotated[
        str, Field(max_length=40, description="the organisation on the other side")
    ] = ""
    search: Annotated[
        str, Field(max_length=60, description="part of the other organisation's name")
    ] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0, le=100_000)] = 0


class ReadCountsView(Schema):
    """Numbers only; also for coordinators."""

    queued: int
    in_progress: int
    returned: int
    late: int
    signed: Annotated[int, Field(description="signed, waiting to be acknowledged")]
    done: int
    critical_open: int
    emergency_waiting: int


class ReadCountsBySide(Schema):
    """Of my organisation, as the unit that reads and as the unit that asks."""

    reader: ReadCountsView
    requester: ReadCountsView


class ReadsView(Schema):
    reads: list[ReadRowView]
    total: int
    counts: ReadCountsView
    now: datetime


# The tracing.


class DeviceMeasurements(Schema):
    """As the device supplied them; null where it did not."""

    rate_bpm: float | None
    rr_ms: float | None
    pr_ms: float | None
    qrs_ms: float | None
    qt_ms: float | None
    qtc_ms: float | None
    p_axis_degrees: float | None
    qrs_axis_degrees: float | None
    t_axis_degrees: float | None
    statements: Annotated[list[str], Field(description="interpretation texts of the device")]


class OwnMeasurements(Schema):
    """Ours; unconfirmed until a specialist says otherwise."""

    rate_bpm: float | None
    beats: int | None
    rr_min_ms: float | None
    rr_max_ms: float | None
    confirmed: Literal[False] = False


class EcgView(Schema):
    """Describes the recording whose bytes come from `/ecg/samples` (`DKECG01`, storage/readers/ecg.py)."""

    number: Annotated[int, Field(description="which upload this is")]
    leads: list[str]
    derived: list[str]
    missing: list[str]
    sampling_hz: float
    samples: Annotated[int, Field(description="for each lead")]
    duration_s: float
    microvolts_per_unit: float
    filters: Annotated[dict[str, float], Field(description="of the device, Hz: low, high, notch")]
    quality: Literal["good", "fair", "poor"]
    recorded_at: str
    sha256: Annotated[str, Field(description="of the samples document; also its ETag")]
    size: int
    original_sha256: str
    original_size: int
    device: DeviceMeasurements
    own: OwnMeasurements
    signal: list[LeadCheckView]
    hints: list[Term]


class ReportPdfQuery(Schema):
    version: Annotated[int | None, Field(ge=1, le=1000, description="empty: the newest")] = None


# Lists to choose from.


class FindingTerm(Term):
    group: str
    abnormal: bool


class ReportTemplate(Schema):
    code: str
    zh: str
    en: str
    group: str
    content: ReportContent


class TermsView(Schema):
    """Everything a report form offers."""

    rhythms: list[Term]
    findings: list[FindingTerm]
    templates: list[ReportTemplate]
    advices: list[Term]
    return_reasons: list[Term]
    criticals: list[Term]
