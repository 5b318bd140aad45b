"""Consults, lectures, seats in rooms, and what the media server reported about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.tables.access import Department, Organisation, Staff
from storage.tables.base import ID, Base
from storage.tables.patients import Patient


class Consult(Base):
    """远程会诊: one case, the doctor who asks, the specialist who answers."""

    __tablename__ = "consults"
    __table_args__ = (
        Index(None, "requester_org_id", "state"),
        Index(None, "supporting_id", "state"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    state: Mapped[str] = mapped_column(String(24))  # server.sessions.rules.ConsultState
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreements.id"), index=True)
    requester_org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    requester_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    supporting_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    invited_department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"))
    invited_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    specialist_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))  # who took it
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))
    summary: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    urgency: Mapped[str] = mapped_column(String(16))
    wished_at: Mapped[datetime | None]
    starts_at: Mapped[datetime | None]
    minutes: Mapped[int | None]
    submitted_at: Mapped[datetime | None]
    live_at: Mapped[datetime | None]  # first presence, or both sides asked for a seat
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))  # None: the room emptied
    opinion: Mapped[str] = mapped_column(Text, default="")
    advice: Mapped[str] = mapped_column(Text, default="")
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    signed_document: Mapped[str | None] = mapped_column(Text)  # canonical JSON, hashed below
    signed_sha256: Mapped[str | None] = mapped_column(String(64))
    filed_back_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    outcome_reason: Mapped[str] = mapped_column(Text, default="")
    outcome_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    outcome_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    entry_id: Mapped[str | None] = mapped_column(ID)  # activity entry, once recorded
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)

    patient: Mapped[Patient] = relationship(lazy="joined", innerjoin=True)
    requester_org: Mapped[Organisation] = relationship(
        lazy="joined", innerjoin=True, foreign_keys=[requester_org_id]
    )
    supporting: Mapped[Organisation] = relationship(
        lazy="joined", innerjoin=True, foreign_keys=[supporting_id]
    )
    invited_department: Mapped[Department | None] = relationship(lazy="joined")
    requester: Mapped[Staff] = relationship(
        lazy="joined", innerjoin=True, foreign_keys=[requester_id]
    )
    invited: Mapped[Staff | None] = relationship(lazy="joined", foreign_keys=[invited_id])
    specialist: Mapped[Staff | None] = relationship(lazy="joined", foreign_keys=[specialist_id])


class ConsultNote(Base):
    """What the two sides told each other about a request: asked for more, answered, declined, cancelled."""

    __tablename__ = "consult_notes"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    consult_id: Mapped[str] = mapped_column(ForeignKey("consults.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))  # the event that it came with
    author_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    author: Mapped[Staff] = relationship(lazy="joined", innerjoin=True)


class Lecture(Base):
    """远程讲座: one lecturer of a supporting unit, an audience in the recipient units."""

    __tablename__ = "lectures"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    state: Mapped[str] = mapped_column(String(16))  # server.sessions.rules.LectureState
    supporting_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    lecturer_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    created_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime] = mapped_column(index=True)
    minutes: Mapped[int]
    announced_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    live_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    credited_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(Text, default="")
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    supporting: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    lecturer: Mapped[Staff] = relationship(
        lazy="joined", innerjoin=True, foreign_keys=[lecturer_id]
    )
    invitations: Mapped[list[LectureInvitation]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="LectureInvitation.recipient_id"
    )


class LectureInvitation(Base):
    """A recipient unit invited to a lecture, and the entry that the lecture earned under its agreement."""

    __tablename__ = "lecture_invitations"

    lecture_id: Mapped[str] = mapped_column(ForeignKey("lectures.id"), primary_key=True)
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreements.id"), primary_key=True)
    recipient_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    entry_id: Mapped[str | None] = mapped_column(ID)

    recipient: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)


class SessionSeat(Base):
    """One device of one person in one session: fixes the identity under which it joins the room."""

    __tablename__ = "session_seats"
    __table_args__ = (
        UniqueConstraint("session_id", "staff_id", "device"),
        UniqueConstraint("session_id", "identity"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    session_id: Mapped[str] = mapped_column(ID)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    device: Mapped[str] = mapped_column(String(64))
    identity: Mapped[str] = mapped_column(String(48))
    issued_at: Mapped[datetime]  # when it last asked for a token
    speaker: Mapped[bool] = mapped_column(default=False)  # audience that may speak


class SessionAttendance(Base):
    """What one person verifiably did in one session: merged, half-open [start, end) unix seconds."""

    __tablename__ = "session_attendance"

    session_id: Mapped[str] = mapped_column(ID, primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    sent: Mapped[list[Any]] = mapped_column(JSON)  # seconds in which media arrived from the person
    received: Mapped[list[Any]] = mapped_column(JSON)  # seconds in which media reached the person
    speech: Mapped[list[Any]] = mapped_column(JSON)
    away: Mapped[list[Any]] = mapped_column(JSON)  # page hidden: a mark only
    muted: Mapped[list[Any]] = mapped_column(JSON)  # a microphone of the person's was muted
    first_joined_at: Mapped[datetime | None]
    last_left_at: Mapped[datetime | None]
    signed_in_at: Mapped[datetime | None]  # first media: attending is signing in
    reports: Mapped[int] = mapped_column(default=0)

    staff: Mapped[Staff] = relationship(lazy="joined", innerjoin=True)


class MediaReport(Base):
    """One signed media report as received: the evidence behind attendance."""

    __tablename__ = "media_reports"
    __table_args__ = (Index(None, "session_id", "from_second"),)

    id: Mapped[str] = mapped_column(String(80), primary_key=True)  # the event's id
    session_id: Mapped[str] = mapped_column(ID)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    identity: Mapped[str] = mapped_column(String(48))
    participant_sid: Mapped[str] = mapped_column(String(48))
    source: Mapped[str] = mapped_column(String(16))  # sfu, or witness on a cluster
    from_second: Mapped[int] = mapped_column(BigInteger)
    to_second: Mapped[int] = mapped_column(BigInteger)
    document: Mapped[str] = mapped_column(Text)  # canonical JSON
    sha256: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]


class SessionPresence(Base):
    """One stay of one device in a room, from the media server's joined and left events."""

    __tablename__ = "session_presences"

    session_id: Mapped[str] = mapped_column(ID, primary_key=True)
    participant_sid: Mapped[str] = mapped_column(String(48), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    identity: Mapped[str] = mapped_column(String(48))
    room_sid: Mapped[str] = mapped_column(String(48), default="")
    joined_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    proven_until: Mapped[datetime | None]  # end of the last media report
    cut: Mapped[bool] = mapped_column(default=False)  # ended by the media server, not by the person


class AppliedEvent(Base):
    """A webhook event that was applied: the same id is never applied again."""

    __tablename__ = "applied_events"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    session_id: Mapped[str] = mapped_column(ID)
    kind: Mapped[str] = mapped_column(String(40))
    applied: Mapped[bool]  # False: came after the entry was recorded
    at: Mapped[datetime] = mapped_column(index=True)
