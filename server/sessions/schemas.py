"""Request and response models of consults, rooms and the agenda (lectures: `lecture_schemas`)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from server.attachments.schemas import AttachmentView
from server.http.routing import Schema
from server.patients.schemas import Sex
from server.sessions.room_rules import Rank
from server.sessions.rules import ConsultAction, ConsultState, Party, Urgency


def _near(moment: datetime) -> datetime:
    """Refuse moments so far away that arithmetic on them, or a database, overflows."""
    if not 2000 <= moment.year < 2100:
        raise ValueError("the year is not between 2000 and 2099")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_near)]
Text = Annotated[str, Field(min_length=1, max_length=4000)]
LongText = Annotated[str, Field(max_length=20000)]
Reason = Annotated[str, Field(min_length=2, max_length=1000)]
Minutes = Annotated[int, Field(ge=5, le=480)]
Id = Annotated[str, Field(min_length=1, max_length=40)]


class SessionKind(StrEnum):
    CONSULT = "consult"
    LECTURE = "lecture"


class ConsultRequest(Schema):
    """A request for a consult. Invite a person, a department, or the whole supporting unit."""

    patient_id: Id
    supporting_id: Id
    department_id: Id | None = None
    specialist_id: Id | None = None
    summary: Text
    question: Text
    urgency: Urgency = Urgency.ROUTINE
    wished_at: Moment | None = None
    submit: Annotated[bool, Field(description="send at once instead of keeping a draft")] = False


class ConsultChange(Schema):
    """New text of a draft, or of a request that was sent back; absent fields stay."""

    summary: Text | None = None
    question: Text | None = None
    urgency: Urgency | None = None
    wished_at: Moment | None = None


class AcceptRequest(Schema):
    """Accept; with a time, the consult is scheduled at once."""

    starts_at: Moment | None = None
    minutes: Minutes = 30


class ScheduleRequest(Schema):
    starts_at: Moment
    minutes: Minutes = 30


class ReasonRequest(Schema):
    reason: Reason


class MessageRequest(Schema):
    message: Text


class OpinionRequest(Schema):
    opinion: Annotated[LongText, Field(description="what the specialist finds and thinks")]
    advice: Annotated[LongText, Field(description="what to do next")] = ""


class Outcome(StrEnum):
    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"


class OutcomeRequest(Schema):
    outcome: Outcome
    reason: Annotated[str, Field(max_length=1000, description="needed when not adopted")] = ""

    @model_validator(mode="after")
    def _reason_for_no(self) -> OutcomeRequest:
        if self.outcome is Outcome.NOT_ADOPTED and len(self.reason) < 2:
            raise ValueError("say why the opinion was not adopted")
        return self


class PersonRef(Schema):
    id: str
    name: str
    title: str
    organisation_id: str


class PatientBrief(Schema):
    """The patient as far as this reader needs it; the name is shortened outside the own organisation."""

    id: str
    name: str
    sex: Sex
    age: Annotated[int | None, Field(description="full years on the day of asking")]


class NoteView(Schema):
    kind: Annotated[str, Field(description="ask, answer, decline or cancel")]
    author: PersonRef
    text: str
    at: datetime


class SignatureView(Schema):
    """Who signed the opinion, as it stood then."""

    signer_id: str
    name: str
    title: str
    licence: str
    signed_at: datetime
    sha256: Annotated[str, Field(description="of the canonical opinion")]


class ConsultClinical(Schema):
    """What only the two treating sides see."""

    patient: PatientBrief
    summary: str
    question: str
    notes: list[NoteView]
    attachments: list[AttachmentView]
    opinion: Annotated[str, Field(description="empty for the requester until signed")]
    advice: str
    signature: SignatureView | None
    outcome_reason: str


class AttendanceRow(Schema):
    """One person's verified part; intervals are half-open unix seconds."""

    person: PersonRef
    role: str
    verified_seconds: int
    intervals: list[tuple[int, int]]
    speech_seconds: int
    first_joined_at: datetime | None
    last_left_at: datetime | None


class ClockKind(StrEnum):
    SCHEDULED = "scheduled"
    WISHED = "wished"


class ClockView(Schema):
    """The moment that the row counts down to."""

    kind: ClockKind
    at: datetime


class ConsultRow(Schema):
    """A consult in a list. `patient` and `question` are null for coordinators."""

    id: str
    state: ConsultState
    urgency: Urgency
    party: Annotated[Party, Field(description="how the reader relates to the consult")]
    actions: list[ConsultAction]
    agreement_id: str
    requester: PersonRef
    requester_org_name: str
    supporting_id: str
    supporting_name: str
    department_name: str
    invited: PersonRef | None
    specialist: PersonRef | None
    patient: PatientBrief | None
    question: str | None
    wished_at: datetime | None
    starts_at: datetime | None
    minutes: int | None
    opens_at: Annotated[datetime | None, Field(description="when the room lets people in")]
    closes_at: datetime | None
    clock: ClockView | None
    outcome: Outcome | None
    entry_id: Annotated[str | None, Field(description="activity entry, once closed")]
    demo: bool
    created_at: datetime
    updated_at: datetime


class ConsultView(ConsultRow):
    """One consult. `clinical` is null for coordinators."""

    submitted_at: datetime | None
    live_at: datetime | None
    ended_at: datetime | None
    signed_at: datetime | None
    closed_at: datetime | None
    clinical: ConsultClinical | None
    attendance: list[AttendanceRow]


class ConsultsQuery(Schema):
    state: Annotated[list[ConsultState], Field(default_factory=list, max_length=13)]
    urgency: Urgency | None = None
    mine: Annotated[bool, Field(description="only those I asked for or took")] = False
    open: Annotated[bool, Field(description="only those not closed, declined or cancelled")] = False
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class ConsultCounts(Schema):
    by_state: dict[ConsultState, int]
    waiting_for_me: Annotated[int, Field(description="where the next step is on my side")]


class ConsultsView(Schema):
    consults: list[ConsultRow]
    total: int
    counts: ConsultCounts


class SeatRole(StrEnum):
    AUDIENCE = "audience"
    LECTURER = "lecturer"
    REQUESTER = "requester"
    SPECIALIST = "specialist"


class JoinQuery(Schema):
    device: Annotated[
        str,
        Field(
            max_length=64,
            pattern=r"^[A-Za-z0-9_-]*$",
            description="random id of this device, kept over reloads (sessionStorage)",
        ),
    ] = ""
    again: Annotated[bool, Field(description="ask anew after the host refused")] = False


class RoomView(Schema):
    """A seat in a room. `url` empty: connect to this page's own origin (ws or wss)."""

    url: str
    token: str
    room: str
    identity: str
    kind: SessionKind
    title: str
    role: SeatRole
    can_publish: bool
    waiting: Annotated[bool, Field(description="at the door, until a host lets the person in")]
    rank: Rank
    opens_at: datetime
    closes_at: datetime


class AgendaItem(Schema):
    """A session of today that the person can, or could, join."""

    kind: SessionKind
    id: str
    title: Annotated[str, Field(description="never names the patient")]
    state: str
    starts_at: datetime
    minutes: int
    opens_at: datetime
    closes_at: datetime
    can_join: bool
    role: SeatRole
    with_name: Annotated[str, Field(description="the other side: unit or lecturer")]


class AgendaCounts(Schema):
    consults_to_answer: int
    consults_to_complete: int
    opinions_to_sign: int
    outcomes_to_report: int


class AgendaView(Schema):
    now: datetime
    sessions: list[AgendaItem]
    counts: AgendaCounts


class WebhookResult(Schema):
    result: Annotated[str, Field(description="applied, repeated, late or ignored")]
