"""What the hosts of live rooms decided: locked or not, who waits, who was let in, sent out, or helps to host."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import ID, Base


class SessionRoom(Base):
    """The door of one session's room, once a host has changed it."""

    __tablename__ = "session_rooms"

    session_id: Mapped[str] = mapped_column(ID, primary_key=True)
    locked: Mapped[bool] = mapped_column(default=False)
    waiting: Mapped[bool | None]  # None: as sessions of this kind have it
    updated_at: Mapped[datetime]


class RoomMember(Base):
    """One person of whom a host decided something, or who waits for it."""

    __tablename__ = "room_members"

    session_id: Mapped[str] = mapped_column(ID, primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    standing: Mapped[str] = mapped_column(String(16))  # server.sessions.room_rules.Standing
    co_host: Mapped[bool | None]  # None: as sessions of this kind have it
    waiting_since: Mapped[datetime | None]
    # Half-open unix seconds in which the person was not let in; an end of null lasts. Never attendance.
    outside: Mapped[list[Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
