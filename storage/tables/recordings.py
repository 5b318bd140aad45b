"""Recordings of live sessions, and the consent that they need."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import ID, Base


class RecordingConsent(Base):
    """Whether one session may be recorded: said by the patient or guardian, or announced for a lecture."""

    __tablename__ = "recording_consents"

    session_id: Mapped[str] = mapped_column(ID, primary_key=True)
    basis: Mapped[str] = mapped_column(String(16))  # server.recordings.rules.Basis
    given_at: Mapped[datetime]
    given_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))  # who wrote it down
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))


class Recording(Base):
    """One recording, from start to stop; its files lie in a folder of its id."""

    __tablename__ = "recordings"
    __table_args__ = (Index(None, "session_id", "started_at"), Index(None, "state"))

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    session_id: Mapped[str] = mapped_column(ID)
    state: Mapped[str] = mapped_column(String(16))  # server.recordings.rules.RecordingState
    started_at: Mapped[datetime]
    started_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    stopped_at: Mapped[datetime | None]
    stopped_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    stop_reason: Mapped[str] = mapped_column(String(24), default="")
    restarts: Mapped[int] = mapped_column(default=0)  # how often its recorder had to begin anew
    tries: Mapped[int] = mapped_column(default=0)  # how often composing was begun
    progress: Mapped[int] = mapped_column(default=0)  # of composing, per cent
    failure: Mapped[str] = mapped_column(String(24), default="")
    manifest: Mapped[str | None] = mapped_column(
        Text
    )  # canonical JSON: the files and their digests
    manifest_sha256: Mapped[str | None] = mapped_column(String(64))
    ledger_index: Mapped[int | None] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(40), default="")
    media_sha256: Mapped[str | None] = mapped_column(String(64))
    media_size: Mapped[int | None] = mapped_column(BigInteger)  # bytes
    seconds: Mapped[int | None]
    keep_until: Mapped[datetime] = mapped_column(index=True)
    deleted_at: Mapped[datetime | None]
    demo: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]
