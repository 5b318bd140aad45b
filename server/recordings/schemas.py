"""Request and response models of recordings."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from server.http.routing import Schema
from server.recordings.rules import (
    Basis,
    Failure,
    RecordingAction,
    RecordingState,
    StopReason,
)


class ConsentRequest(Schema):
    """Consent to recording as the patient or guardian gave it, or a lecture's mark that it is recorded."""

    given: Annotated[bool, Field(description="false withdraws; a running recording stops at once")]
    basis: Annotated[Basis | None, Field(description="needed when given")] = None


class ConsentView(Schema):
    given: bool
    basis: Basis | None
    given_at: datetime | None
    withdrawn_at: datetime | None


class SegmentView(Schema):
    """One run of the recorder; more than one when it had to begin anew."""

    started_at: datetime
    seconds: int
    crashed: bool
    tracks: int


class RecordingView(Schema):
    id: str
    session_id: str
    state: RecordingState
    started_at: datetime
    stopped_at: datetime | None
    stop_reason: StopReason | None
    progress: Annotated[int, Field(description="of making the film, per cent")]
    failure: Failure | None
    media_type: str
    size: Annotated[int | None, Field(description="bytes")]
    seconds: int | None
    sha256: Annotated[str | None, Field(description="of the film")]
    manifest_sha256: Annotated[str | None, Field(description="of the list of the recorded files")]
    ledger_index: int | None
    segments: list[SegmentView]
    keep_until: datetime
    playable: Annotated[
        bool, Field(description="ready, and consent was not withdrawn since it began")
    ]
    retryable: bool


class RecordingsView(Schema):
    consent: ConsentView
    actions: list[RecordingAction]
    recordings: list[RecordingView]


class TicketView(Schema):
    """An address that a player can open without a header; good for one person and one recording."""

    url: str
    expires_at: datetime


class TicketQuery(Schema):
    ticket: Annotated[str, Field(min_length=1, max_length=1000)]
