"""Patients of an organisation, and files attached to clinical objects."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import ID, Base


class Patient(Base):
    """A patient as one organisation knows it."""

    __tablename__ = "patients"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    sex: Mapped[str] = mapped_column(String(1))  # M, F, O, U: DICOM PS3.3 C.7.1.1 and unknown
    birth_date: Mapped[date | None]
    local_no: Mapped[str] = mapped_column(String(40), default="")  # 门诊号 / 住院号
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Attachment(Base):
    """A stored file that belongs to a clinical object (`owner_type`, `owner_id`)."""

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    owner_type: Mapped[str] = mapped_column(String(24))
    owner_id: Mapped[str] = mapped_column(ID, index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    uploaded_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
