"""Request and response models of lectures."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from server.http.routing import Schema
from server.sessions.rules import LectureAction, LectureParty, LectureState
from server.sessions.schemas import AttendanceRow, Id, Minutes, Moment, PersonRef

Title = Annotated[str, Field(min_length=2, max_length=120)]
Description = Annotated[str, Field(max_length=4000)]


class LectureRequest(Schema):
    """A planned lecture. Agreements name the recipient units that are invited."""

    title: Title
    description: Description = ""
    starts_at: Moment
    minutes: Minutes = 45
    lecturer_id: Annotated[Id | None, Field(description="absent: the person who plans")] = None
    agreement_ids: Annotated[list[Id], Field(min_length=1, max_length=50)]
    announce: Annotated[bool, Field(description="announce at once")] = False


class LectureChange(Schema):
    """Changes before it opens; absent fields stay."""

    title: Title | None = None
    description: Description | None = None
    starts_at: Moment | None = None
    minutes: Minutes | None = None


class RecipientRef(Schema):
    agreement_id: str
    organisation_id: str
    name: str
    entry_id: Annotated[str | None, Field(description="activity entry, once recorded")]


class LectureRow(Schema):
    id: str
    title: str
    state: LectureState
    party: LectureParty
    actions: list[LectureAction]
    supporting_id: str
    supporting_name: str
    lecturer: PersonRef
    recipients: list[RecipientRef]
    starts_at: datetime
    minutes: int
    opens_at: datetime
    closes_at: datetime
    live_at: datetime | None
    ended_at: datetime | None
    my_seconds: Annotated[int, Field(description="my verified seconds so far")]
    floor_seconds: Annotated[int, Field(description="fewest seconds that count")]
    signed_in: Annotated[int, Field(description="people whose media was verified")]
    demo: bool
    created_at: datetime


class LectureView(LectureRow):
    description: str
    cancel_reason: str
    room_title: str


class LectureWhen(StrEnum):
    ALL = "all"
    PAST = "past"
    UPCOMING = "upcoming"


class LecturesQuery(Schema):
    when: LectureWhen = LectureWhen.ALL
    state: Annotated[list[LectureState], Field(default_factory=list, max_length=8)]
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class LecturesView(Schema):
    lectures: list[LectureRow]
    total: int


class LectureAttendanceRow(AttendanceRow):
    organisation_name: str
    signed_in_at: datetime | None
    counts: Annotated[bool, Field(description="reaches the floor of the programme")]


class LectureAttendanceView(Schema):
    lecture_id: str
    state: LectureState
    starts_second: Annotated[int, Field(description="left end of the time line, unix seconds")]
    ends_second: int
    floor_seconds: int
    people: list[LectureAttendanceRow]


class SpeakerRequest(Schema):
    """Let somebody in the audience speak, or stop it."""

    identity: Annotated[str, Field(min_length=1, max_length=48)]
    allowed: bool
