"""An entry read back from its canonical bytes. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.evidence.rules import Evidence, Fact, Participation, parse_moment
from server.pairing.rules import ActivityKind


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """What the log says of one activity. Moments are UTC."""

    id: str
    kind: ActivityKind
    subject_type: str
    subject_id: str
    agreement_id: str
    plan_item_id: str | None
    supporting_id: str
    recipient_id: str
    started_at: datetime
    ended_at: datetime
    recorded_at: datetime
    people: tuple[Participation, ...]
    evidence: tuple[Evidence, ...]
    programme: str
    version: str
    creditable: bool
    reasons: tuple[str, ...]
    facts: Mapping[str, Fact]
    demo: bool
    corrects: str | None = None
    author: str | None = None
    correction_reason: str = ""

    @property
    def verified_seconds(self) -> int:
        """Verified seconds of everybody together."""
        return sum(item.verified_seconds for item in self.people)

    @property
    def seconds(self) -> int:
        """Length by the clock, whole seconds."""
        return int((self.ended_at - self.started_at).total_seconds())


def _person(raw: Mapping[str, Any]) -> Participation:
    return Participation(
        person_id=raw["person"],
        organisation_id=raw["organisation"],
        role=raw["role"],
        verified_seconds=raw["verified_seconds"],
        intervals=tuple((start, end) for start, end in raw["intervals"]),
    )


def _evidence(raw: Mapping[str, Any]) -> Evidence:
    return Evidence(raw["name"], raw["sha256"], raw["size"], raw["media_type"], raw["included"])


def read_entry(canonical: str | bytes) -> LoggedEntry:
    """The entry that canonical bytes hold. Raises `ValueError` or `KeyError` for anything else."""
    raw = json.loads(canonical)
    correction = raw["correction"] or {}
    return LoggedEntry(
        id=raw["id"],
        kind=ActivityKind(raw["kind"]),
        subject_type=raw["subject"]["type"],
        subject_id=raw["subject"]["id"],
        agreement_id=raw["agreement"],
        plan_item_id=raw["plan_item"],
        supporting_id=raw["supporting"],
        recipient_id=raw["recipient"],
        started_at=parse_moment(raw["started"]),
        ended_at=parse_moment(raw["ended"]),
        recorded_at=parse_moment(raw["recorded"]),
        people=tuple(_person(item) for item in raw["people"]),
        evidence=tuple(_evidence(item) for item in raw["evidence"]),
        programme=raw["policy"]["programme"],
        version=raw["policy"]["version"],
        creditable=raw["creditable"],
        reasons=tuple(raw["reasons"]),
        facts=raw["facts"],
        demo=raw["demo"],
        corrects=correction.get("entry"),
        author=correction.get("author"),
        correction_reason=correction.get("reason", ""),
    )


def current(entries: Iterable[LoggedEntry]) -> list[LoggedEntry]:
    """The newest of each chain of corrections, in the given order."""
    known = list(entries)
    replaced = {entry.corrects for entry in known if entry.corrects is not None}
    return [entry for entry in known if entry.id not in replaced]
