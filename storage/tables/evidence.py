"""Activity entries: the canonical bytes, and columns of the same facts for finding them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import ID, Base


class ActivityEntryRow(Base):
    """One entry. Only `ledger_index` and `sealed_at` are ever set after the insert.

    `canonical` is what the ledger holds; every other column repeats it and is compared with it when shown.
    """

    __tablename__ = "activity_entries"
    __table_args__ = (
        Index(None, "agreement_id", "started_at"),
        Index(None, "subject_type", "subject_id"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreements.id"))
    kind: Mapped[str] = mapped_column(String(24))  # server.pairing.rules.ActivityKind
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(ID)
    plan_item_id: Mapped[str | None] = mapped_column(ID)
    supporting_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    recipient_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    policy_programme: Mapped[str] = mapped_column(String(60))
    policy_version: Mapped[str] = mapped_column(String(60))
    creditable: Mapped[bool]
    reasons: Mapped[list[str]]
    demo: Mapped[bool] = mapped_column(default=False)
    # Unique: an entry is corrected once; a further correction names the newest.
    corrects: Mapped[str | None] = mapped_column(ForeignKey("activity_entries.id"), unique=True)
    author: Mapped[str | None] = mapped_column(ID)
    correction_reason: Mapped[str] = mapped_column(String(40), default="")
    canonical: Mapped[str] = mapped_column(Text)  # UTF-8 of the hashed bytes
    leaf_hash: Mapped[str] = mapped_column(String(64), unique=True)  # hex, RFC 6962 leaf
    ledger_index: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    sealed_at: Mapped[datetime | None]


class EntryPersonRow(Base):
    """A person of an entry, for finding entries by person."""

    __tablename__ = "activity_entry_people"

    entry_id: Mapped[str] = mapped_column(ForeignKey("activity_entries.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ID, primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ID)
    verified_seconds: Mapped[int]


class EntryReasonRow(Base):
    """A reason code of an entry, for finding entries by reason."""

    __tablename__ = "activity_entry_reasons"

    entry_id: Mapped[str] = mapped_column(ForeignKey("activity_entries.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)
