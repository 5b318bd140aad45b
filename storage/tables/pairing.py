"""Agreements, yearly plans, and the programmes (policy versions) that judge them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.tables.base import ID, Base


class Agreement(Base):
    """对口支援协议: the pairing of a supporting and a recipient unit for a term."""

    __tablename__ = "agreements"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    number: Mapped[str] = mapped_column(String(60), unique=True)
    supporting_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    recipient_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    authority_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    programme: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date]  # first and last day, both counted, in the recipient's zone
    ends_on: Mapped[date]
    departments: Mapped[list[str]]
    headcount: Mapped[int] = mapped_column(default=0)
    liaison: Mapped[str] = mapped_column(String(80), default="")
    filed_on: Mapped[date | None]
    terminated_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    plans: Mapped[list[AnnualPlan]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="AnnualPlan.year"
    )


class AnnualPlan(Base):
    """年度帮扶计划: yearly targets by kind of activity."""

    __tablename__ = "annual_plans"
    __table_args__ = (UniqueConstraint("agreement_id", "year"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreements.id"), index=True)
    year: Mapped[int]
    filed_on: Mapped[date | None]
    accepted_on: Mapped[date | None]  # the recipient's agreement
    items: Mapped[list[dict[str, Any]]]  # [{"id", "kind", "target", "unit", "note"}]
    created_at: Mapped[datetime]
