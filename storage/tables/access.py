"""Organisations, departments, staff, roles and log-in state."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.tables.base import ID, Base


class Organisation(Base):
    """A city hospital, county hospital, township centre or health authority."""

    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(24))  # server.access.rules.OrganisationKind
    zone: Mapped[str] = mapped_column(String(40), default="Asia/Shanghai")  # IANA time zone
    region: Mapped[str] = mapped_column(String(80), default="")
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Department(Base):
    __tablename__ = "departments"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))


class Staff(Base):
    """A member of staff with one account."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"))
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    pinyin: Mapped[str] = mapped_column(String(160), default="")  # full and initials, for finding
    title: Mapped[str] = mapped_column(String(60), default="")  # 职称
    licence: Mapped[str] = mapped_column(String(40), default="")  # 执业证书编号
    practising_since: Mapped[date | None]
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    department: Mapped[Department | None] = relationship(lazy="joined")
    roles: Mapped[list[StaffRole]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class StaffRole(Base):
    __tablename__ = "staff_roles"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(24), primary_key=True)


class RefreshToken(Base):
    """One rotating refresh token. A reused one revokes its whole family."""

    __tablename__ = "refresh_tokens"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    family: Mapped[str] = mapped_column(ID, index=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
