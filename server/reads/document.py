"""The signed report as one canonical document, and the de-identified summary that goes into evidence packs. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Signer:
    id: str
    name: str
    title: str
    licence: str
    organisation_id: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Subject:
    """The patient, as printed."""

    name: str
    sex: str
    age: int | None
    birth_date: str
    local_no: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked what, when."""

    organisation_id: str
    organisation: str
    requester_id: str
    requester: str
    urgency: str
    question: str
    symptoms: str
    submitted_at: str


@dataclass(frozen=True, slots=True)
class Recording:
    """The tracing that was read: the report is bound to these bytes."""

    original_sha256: str
    original_size: int
    normal_sha256: str
    normal_size: int
    recorded_at: str
    device: str


def local_iso(moment: datetime, zone: str) -> str:
    """ISO 8601 to the second, with the offset of the zone."""
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def report_document(
    *,
    read_id: str,
    version: int,
    subject: Subject,
    asked: Asked,
    recording: Recording,
    content: Mapping[str, Any],
    words: Mapping[str, Any],
    criticals: list[dict[str, str]],
    signer: Signer,
    signed_at: str,
    previous_sha256: str,
    amendment_reason: str,
    demo: bool,
) -> dict[str, Any]:
    """Everything that the report prints. `words` are the sentences of the codes at the time of signing."""
    return {
        "format": FORMAT,
        "type": "ecg_report",
        "read": read_id,
        "version": version,
        "patient": asdict(subject),
        "asked": asdict(asked),
        "recording": asdict(recording),
        "content": dict(content),
        "words": dict(words),
        "criticals": criticals,
        "signed": {**asdict(signer), "at": signed_at},
        "amends": {"sha256": previous_sha256, "reason": amendment_reason} if version > 1 else None,
        "demo": demo,
    }


def canonical(document: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, without white space, UTF-8: the bytes that the digest is of."""
    return json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest(data: bytes) -> str:
    """SHA-256 in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


# Structured items only: free text may hold a name.
_SUMMARY_ITEMS = (
    "rhythm",
    "rate_bpm",
    "axis_degrees",
    "pr_ms",
    "qrs_ms",
    "qt_ms",
    "qtc_ms",
    "findings",
)


def summary_document(
    report: Mapping[str, Any], report_sha256: str, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """What an evidence pack holds of a report: codes, digests and times; no patient, no free text."""
    return {
        "format": FORMAT,
        "type": "ecg_report_summary",
        "read": report["read"],
        "version": report["version"],
        "report_sha256": report_sha256,
        "original_sha256": report["recording"]["original_sha256"],
        "normal_sha256": report["recording"]["normal_sha256"],
        "signed_by": report["signed"]["id"],
        "signed_at": report["signed"]["at"],
        "submitted_at": report["asked"]["submitted_at"],
        "content": {name: report["content"].get(name) for name in _SUMMARY_ITEMS},
        "criticals": [item["code"] for item in report["criticals"]],
        "facts": dict(facts),
        "demo": report["demo"],
    }
