"""Activities and entries for the tests of the log and of scoring."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from server.evidence.entries import LoggedEntry, read_entry
from server.evidence.rules import Activity, Evidence, Participation, canonical, document_of
from server.pairing.rules import ActivityKind

AGREEMENT, CITY, TOWNSHIP = "agr_1", "org_city", "org_township"
AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)  # 10:00 in Asia/Shanghai
_serial = count(1)


def media(person: str, organisation: str, start: datetime, seconds: int, role: str = "lead") -> Any:
    """One person's part with media from the start."""
    first = int(start.timestamp())
    spans = ((first, first + seconds),) if seconds else ()
    return Participation(person, organisation, role, seconds, spans)


def activity(
    kind: ActivityKind = ActivityKind.CONSULT, at: datetime = AT, **changes: Any
) -> Activity:
    """A creditable activity of half an hour with a person of each side and a subject of its own."""
    number = next(_serial)
    seconds = changes.pop("seconds", 1800 + number)
    supporting = changes.get("supporting_id", CITY)
    recipient = changes.get("recipient_id", TOWNSHIP)
    base = Activity(
        kind=kind,
        subject_type=kind.value,
        subject_id=f"sub_{number}",
        agreement_id=AGREEMENT,
        plan_item_id=None,
        supporting_id=supporting,
        recipient_id=recipient,
        started_at=at,
        ended_at=at + timedelta(seconds=seconds),
        people=(
            media(f"stf_lead{number}", supporting, at, seconds, "specialist"),
            media(f"stf_doctor{number}", recipient, at, seconds, "requester"),
        ),
        evidence=(
            Evidence("attendance.json", f"{number:064x}", 100 + number, "application/json", True),
        ),
        policy_programme="default",
        policy_version="1",
        creditable=True,
        facts={"on_time": True},
    )
    return replace(base, **changes)


def logged(made: Activity, entry_id: str | None = None) -> LoggedEntry:
    """The entry that an activity becomes."""
    name = entry_id or f"ent_{next(_serial)}"
    return read_entry(canonical(document_of(name, made.ended_at, made)))


def entry(
    kind: ActivityKind = ActivityKind.CONSULT, at: datetime = AT, **changes: Any
) -> LoggedEntry:
    return logged(activity(kind, at, **changes))
