"""What an activity entry is, and the one form in which it is hashed. Pure.

An entry is written once, when an activity closes, and is never edited (DOMAIN: "What becomes creditable").
Its canonical bytes hold opaque ids, digests, numbers and stable codes; free text and patients are refused here,
so that an erasure of personal data never has to touch the ledger (TRUST: "The ledger").
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from server.pairing.rules import ActivityKind

FORMAT = 1
"""Version of the canonical document; raised when a field changes meaning."""

LIVE_KINDS = frozenset(
    {
        ActivityKind.CASE_DISCUSSION,
        ActivityKind.CONSULT,
        ActivityKind.LECTURE,
        ActivityKind.WARD_ROUND,
    }
)
"""Kinds whose minutes come from received media."""

MAX_PEOPLE = 2000
MAX_INTERVALS = 5000
MAX_EVIDENCE = 500
MAX_FACTS = 40

_ID = re.compile(r"[a-z][a-z0-9]{1,9}_[A-Za-z0-9_-]{1,32}")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,60}")
_VERSION = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
_PATIENT = re.compile(r"(?:^|[^a-z])pat_")

Fact = int | float | bool | str


class EntryRefused(ValueError):
    """An activity that may not be written to the log; the text says which field, never its value."""


class ReasonCode(StrEnum):
    """Why an activity earns no credit, or earns it with a remark. Sorted; others may be added by areas."""

    CANCELLED = "cancelled"
    LATE = "late"
    NO_MEDIA = "no_media"
    NOT_IN_TERM = "not_in_term"
    NOT_IN_PLAN = "not_in_plan"
    ONE_SIDE_ONLY = "one_side_only"
    RECEPTION_UNKNOWN = "reception_unknown"
    TOO_SHORT = "too_short"
    WITHDRAWN = "withdrawn"


class CorrectionReason(StrEnum):
    """Why a new entry replaces an old one. Codes, because the reason goes into the ledger."""

    FALSIFIED = "falsified"  # a veto item of the score sheet
    LATE_EVIDENCE = "late_evidence"  # media reports that arrived after the entry
    RECOUNT = "recount"
    WITHDRAWN = "withdrawn"
    WRONG_PERSON = "wrong_person"
    WRONG_PLAN_ITEM = "wrong_plan_item"
    WRONG_TIME = "wrong_time"


@dataclass(frozen=True, slots=True)
class Participation:
    """One person's part. `intervals` are half-open unix seconds, merged over devices and reconnects."""

    person_id: str
    organisation_id: str
    role: str  # a code: requester, specialist, lecturer, learner, lead …
    verified_seconds: int
    intervals: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document behind an entry. `included`: de-identified, kept in the blobs, goes into packs."""

    name: str
    sha256: str
    size: int
    media_type: str
    included: bool


@dataclass(frozen=True, slots=True)
class Activity:
    """A closed activity as its area reports it.

    `facts` are kind-specific numbers and codes. Those that the score sheet reads:
    `on_time` (bool, reads and consults), `turnaround_minutes` (number), `urgency` (code),
    `critical` (bool: a critical value was raised) and `critical_acknowledged` (bool: in time),
    `learners` (int). Anything else is shown as it is.
    """

    kind: ActivityKind
    subject_type: str
    subject_id: str
    agreement_id: str
    plan_item_id: str | None
    supporting_id: str
    recipient_id: str
    started_at: datetime
    ended_at: datetime
    people: tuple[Participation, ...]
    evidence: tuple[Evidence, ...]
    policy_programme: str
    policy_version: str
    creditable: bool
    reasons: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    demo: bool = False
    corrects: str | None = None
    author: str | None = None
    correction_reason: str = ""


def merge(intervals: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Half-open intervals, sorted, with overlaps and touching ends joined; empty ones dropped."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def _require(ok: bool, where: str) -> None:
    if not ok:
        raise EntryRefused(f"{where} is not an opaque id, digest, number or stable code")


def _id(value: object, where: str) -> str:
    _require(isinstance(value, str) and _ID.fullmatch(value) is not None, where)
    text = str(value)
    _require(_PATIENT.search(text) is None, where)
    return text


def _match(pattern: re.Pattern[str], value: object, where: str) -> str:
    _require(isinstance(value, str) and pattern.fullmatch(value) is not None, where)
    text = str(value)
    _require(_PATIENT.search(text) is None, where)
    return text


def _count(value: object, where: str) -> int:
    _require(isinstance(value, int) and not isinstance(value, bool) and value >= 0, where)
    assert isinstance(value, int)
    return value


def _moment(value: datetime, where: str) -> str:
    if value.tzinfo is None:
        raise EntryRefused(f"{where} has no time zone")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_moment(text: str) -> datetime:
    """The moment that a canonical document holds."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def _person(item: Participation, where: str) -> dict[str, Any]:
    _require(len(item.intervals) <= MAX_INTERVALS, f"{where}.intervals")
    for start, end in item.intervals:
        _count(start, f"{where}.intervals")
        _require(_count(end, f"{where}.intervals") > start, f"{where}.intervals")
    return {
        "person": _id(item.person_id, f"{where}.person_id"),
        "organisation": _id(item.organisation_id, f"{where}.organisation_id"),
        "role": _match(_CODE, item.role, f"{where}.role"),
        "verified_seconds": _count(item.verified_seconds, f"{where}.verified_seconds"),
        "intervals": [list(pair) for pair in merge(item.intervals)],
    }


def _document(item: Evidence, where: str) -> dict[str, Any]:
    return {
        "name": _match(_NAME, item.name, f"{where}.name"),
        "sha256": _match(_DIGEST, item.sha256, f"{where}.sha256"),
        "size": _count(item.size, f"{where}.size"),
        "media_type": _match(_MEDIA_TYPE, item.media_type, f"{where}.media_type"),
        "included": bool(item.included),
    }


def _fact(value: Fact, where: str) -> Fact:
    if isinstance(value, str):
        # A code, or the opaque id of another object; never text that somebody typed.
        ok = _CODE.fullmatch(value) is not None or _ID.fullmatch(value) is not None
        _require(ok and _PATIENT.search(value) is None, where)
    else:
        _require(isinstance(value, int | float) and math.isfinite(value), where)
    return value


def _facts(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    _require(len(facts) <= MAX_FACTS, "facts")
    return {
        _match(_CODE, key, "facts"): _fact(value, f"facts.{key}") for key, value in facts.items()
    }


def _correction(activity: Activity) -> dict[str, Any] | None:
    if activity.corrects is None:
        _require(activity.author is None and activity.correction_reason == "", "corrects")
        return None
    # DOMAIN: a correction names the old entry and gives a reason and an author.
    return {
        "entry": _id(activity.corrects, "corrects"),
        "author": _id(activity.author, "author"),
        "reason": _match(_CODE, activity.correction_reason, "correction_reason"),
    }


def _unique(names: Sequence[str], where: str) -> None:
    _require(len(set(names)) == len(names), where)


def _check_shape(activity: Activity) -> None:
    _require(activity.kind in set(ActivityKind), "kind")
    for moment, where in ((activity.started_at, "started_at"), (activity.ended_at, "ended_at")):
        _moment(moment, where)
    if activity.ended_at < activity.started_at:
        raise EntryRefused("ended_at is before started_at")
    _require(len(activity.people) <= MAX_PEOPLE, "people")
    _require(len(activity.evidence) <= MAX_EVIDENCE, "evidence")
    _unique([f"{item.person_id}/{item.role}" for item in activity.people], "people")
    _unique([item.name for item in activity.evidence], "evidence")


def document_of(entry_id: str, recorded_at: datetime, activity: Activity) -> dict[str, Any]:
    """The entry as a document of ids, digests, numbers and codes. Raises `EntryRefused`."""
    _check_shape(activity)
    plan_item = activity.plan_item_id
    return {
        "format": FORMAT,
        "type": "activity",
        "id": _id(entry_id, "id"),
        "kind": ActivityKind(activity.kind).value,
        "subject": {
            "type": _match(_CODE, activity.subject_type, "subject_type"),
            "id": _id(activity.subject_id, "subject_id"),
        },
        "agreement": _id(activity.agreement_id, "agreement_id"),
        "plan_item": None if plan_item is None else _id(plan_item, "plan_item_id"),
        "supporting": _id(activity.supporting_id, "supporting_id"),
        "recipient": _id(activity.recipient_id, "recipient_id"),
        "started": _moment(activity.started_at, "started_at"),
        "ended": _moment(activity.ended_at, "ended_at"),
        "recorded": _moment(recorded_at, "recorded_at"),
        "people": [_person(item, f"people[{n}]") for n, item in enumerate(activity.people)],
        "evidence": [_document(item, f"evidence[{n}]") for n, item in enumerate(activity.evidence)],
        "policy": {
            "programme": _match(_VERSION, activity.policy_programme, "policy_programme"),
            "version": _match(_VERSION, activity.policy_version, "policy_version"),
        },
        "creditable": bool(activity.creditable),
        "reasons": sorted({_match(_CODE, code, "reasons") for code in activity.reasons}),
        "facts": _facts(activity.facts),
        "demo": bool(activity.demo),
        "correction": _correction(activity),
    }


def canonical(document: Mapping[str, Any]) -> bytes:
    """The bytes that are hashed: JSON, keys sorted, UTF-8, no white space, no NaN."""
    return json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()
