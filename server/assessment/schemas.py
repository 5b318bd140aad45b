"""Request and response models of score sheets."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from server.assessment.measures import Status
from server.assessment.scoring import Verdict, VetoState
from server.assessment.sheets import Formula
from server.evidence.schemas import CodeView, Day, Id, TextView
from server.http.routing import Schema
from server.pairing.rules import ActivityKind

MAX_DAYS = 3 * 366


class Period(Schema):
    """First and last day, both counted, in the recipient's zone."""

    model_config = ConfigDict(populate_by_name=True)

    from_: Annotated[Day | None, Field(alias="from", description="first day")] = None
    to: Annotated[Day | None, Field(description="last day, counted")] = None

    @model_validator(mode="after")
    def _ordered(self) -> Period:
        if (self.from_ is None) != (self.to is None):
            raise ValueError("give both days of the period, or neither for the present half-year")
        if self.from_ is not None and self.to is not None:
            days = (self.to - self.from_).days + 1
            if not 1 <= days <= MAX_DAYS:
                raise ValueError(f"a period has 1 to {MAX_DAYS} days")
        return self


class ScoreQuery(Period):
    agreement_id: Id


class SubjectsQuery(Period):
    pass


class GroupView(Schema):
    id: str
    title: TextView
    points: float
    weight: int
    known_weight: int


class IndicatorView(Schema):
    """One line. `points` is null while its data is unknown; `missing` says what to supply."""

    id: str
    group: str
    title: TextView
    weight: int
    points: float | None
    status: Status
    formula: Formula
    formula_text: TextView
    actual: float
    target: float
    unit: TextView
    basis: TextView
    missing: list[TextView]
    entries: list[str] = Field(description="ids of the entries behind the points")
    rules: list[TextView] = Field(description="the parameters of this version that apply")
    source: str


class VetoView(Schema):
    id: str
    title: TextView
    state: VetoState
    basis: TextView
    entries: list[str]


class DoubtView(CodeView):
    """An anomaly mark, or entries that could not be verified, with the entries concerned."""

    count: int
    entries: list[str]


class StepView(Schema):
    indicator: str
    text: TextView
    count: int
    points: float
    certain: bool = Field(description="the points follow from doing it, not from data not kept yet")
    after: float = Field(description="the score when this and every step before it is done")


class TrendView(Schema):
    month: str
    kind: ActivityKind
    done: int
    not_creditable: int
    planned: float


class ScoreLogView(Schema):
    """The state of the log that the score was computed from."""

    size: int
    root: str
    at: str
    entries: int = Field(description="entries of the period, corrected ones left out")
    creditable: int
    superseded: int
    unverified: list[str] = Field(description="left out: not in the log yet, or not as logged")
    complete: bool = Field(description="the database has a row for each entry of the log")
    verified: bool = Field(
        description="complete, and every entry of the period is as it was logged"
    )


class ScoreView(Schema):
    agreement_id: str
    agreement_number: str
    supporting_id: str
    supporting_name: str
    recipient_id: str
    recipient_name: str
    first_day: date
    last_day: date
    zone: str
    programme: str
    version: str
    policy_title: TextView
    sheet: str
    sheet_title: TextView
    points: float = Field(description="of what is known")
    scale: int
    known_weight: int
    unknown_weight: int
    highest: float = Field(description="if everything unknown were in full")
    percent_of_known: float | None
    pass_mark: int
    short: float = Field(description="what the known points lack to the pass mark")
    verdict: Verdict
    closed: bool = Field(description="the period is over")
    groups: list[GroupView]
    indicators: list[IndicatorView]
    vetoes: list[VetoView]
    doubts: list[DoubtView]
    steps: list[StepView]
    trend: list[TrendView]
    log: ScoreLogView


class SubjectView(Schema):
    """One supporting unit of this period, under one agreement."""

    agreement_id: str
    agreement_number: str
    supporting_id: str
    supporting_name: str
    recipient_id: str
    recipient_name: str
    points: float
    scale: int
    known_weight: int
    unknown_weight: int
    highest: float
    pass_mark: int
    short: float
    verdict: Verdict
    closed: bool = Field(description="the period is over")
    entries: int
    creditable: int
    doubts: int = Field(description="entries with an anomaly mark or not verified")


class SubjectsView(Schema):
    first_day: date
    last_day: date
    subjects: list[SubjectView]
