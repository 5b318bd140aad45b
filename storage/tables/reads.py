"""Read requests, their files, drafts, signed reports and critical values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import ID, Base


class ReadRequest(Base):
    """A stored-and-forwarded read that one unit asks of another. Times are null until they happen."""

    __tablename__ = "read_requests"
    __table_args__ = (
        Index("ix_read_requests_queue", "supporting_id", "state", "due_at"),
        Index("ix_read_requests_own", "requesting_id", "state", "created_at"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))  # server.reads.rules.ReadKind
    state: Mapped[str] = mapped_column(String(24))  # server.reads.rules.ReadState
    urgency: Mapped[str] = mapped_column(String(16))  # server.reads.rules.Urgency
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    requester_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    requesting_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    supporting_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreements.id"), index=True)
    question: Mapped[str] = mapped_column(Text)
    symptoms: Mapped[str] = mapped_column(Text, default="")
    programme: Mapped[str] = mapped_column(
        String(60), default=""
    )  # of the agreement, at submission
    policy_version: Mapped[str] = mapped_column(String(40), default="")  # that set the clock
    read_minutes: Mapped[int | None]  # allowed by that policy
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    claimed_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    return_reason: Mapped[str] = mapped_column(Text, default="")
    signed_at: Mapped[datetime | None]  # of the first version
    acknowledged_at: Mapped[datetime | None]  # of the newest version
    acknowledged_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    outcome_at: Mapped[datetime | None]
    outcome_reason: Mapped[str] = mapped_column(Text, default="")
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(Text, default="")
    entry_id: Mapped[str | None] = mapped_column(ID)  # newest activity entry about this read


class ReadFile(Base):
    """One uploaded recording: the original byte for byte, its normal form, what was found in it."""

    __tablename__ = "read_files"
    __table_args__ = (UniqueConstraint("read_id", "number"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    read_id: Mapped[str] = mapped_column(ForeignKey("read_requests.id"), index=True)
    number: Mapped[int]  # 1, 2, …; the newest counts
    uploaded_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    uploaded_at: Mapped[datetime]
    media_type: Mapped[str] = mapped_column(String(80))
    original_sha256: Mapped[str] = mapped_column(String(64))
    original_size: Mapped[int] = mapped_column(BigInteger)
    normal_sha256: Mapped[str] = mapped_column(String(64))
    normal_size: Mapped[int] = mapped_column(BigInteger)
    check: Mapped[dict[str, Any]]  # server.reads.checking.Check as a document
    mismatch_confirmed_at: Mapped[datetime | None]


class ReadDraft(Base):
    """The report being written, of a first version or of an amendment. One for each read."""

    __tablename__ = "read_drafts"

    read_id: Mapped[str] = mapped_column(ForeignKey("read_requests.id"), primary_key=True)
    version: Mapped[int]  # counts the saves; a save names the version that it replaces
    content: Mapped[dict[str, Any]]  # server.reads.schemas.ReportContent
    saved_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    saved_at: Mapped[datetime]


class ReadReport(Base):
    """A signed report. Never changed; an amendment is a row with the next version."""

    __tablename__ = "read_reports"
    __table_args__ = (UniqueConstraint("read_id", "version"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    read_id: Mapped[str] = mapped_column(ForeignKey("read_requests.id"), index=True)
    version: Mapped[int]
    document: Mapped[str] = mapped_column(Text)  # canonical JSON; `sha256` is of its UTF-8 bytes
    sha256: Mapped[str] = mapped_column(String(64))
    signed_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    signed_at: Mapped[datetime]
    amendment_reason: Mapped[str] = mapped_column(Text, default="")
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    pdf_size: Mapped[int] = mapped_column(BigInteger)


class CriticalValue(Base):
    """危急值: confirmed by the specialist, to be acknowledged by the requesting unit within minutes."""

    __tablename__ = "critical_values"
    __table_args__ = (UniqueConstraint("read_id", "code"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    read_id: Mapped[str] = mapped_column(ForeignKey("read_requests.id"), index=True)
    code: Mapped[str] = mapped_column(String(60))  # of server/reads/critical_values.json
    note: Mapped[str] = mapped_column(Text, default="")
    confirmed_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    acknowledged_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    acknowledged_at: Mapped[datetime | None]
