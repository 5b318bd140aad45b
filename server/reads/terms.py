"""The lists that a report form offers, as data beside this module: findings, templates, critical values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from server.reads.schemas import FindingTerm, ReportTemplate, Term, TermsView

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Terms:
    """The lists by code, and all of them as the page gets them."""

    rhythms: Mapping[str, Term]
    findings: Mapping[str, FindingTerm]
    criticals: Mapping[str, Term]
    view: TermsView


def _document(name: str) -> dict[str, Any]:
    document = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


@lru_cache(maxsize=1)
def terms() -> Terms:
    """Read the lists. Raises `ValueError` (pydantic) for a wrong file."""
    ecg, critical = _document("ecg_terms.json"), _document("critical_values.json")
    view = TermsView(
        rhythms=[Term(**item) for item in ecg["rhythms"]],
        findings=[FindingTerm(**item) for item in ecg["findings"]],
        templates=[ReportTemplate(**item) for item in ecg["templates"]],
        advices=[Term(**item) for item in ecg["advices"]],
        return_reasons=[Term(**item) for item in ecg["return_reasons"]],
        criticals=[Term(**item) for item in critical["criticals"]],
    )
    return Terms(
        rhythms={item.code: item for item in view.rhythms},
        findings={item.code: item for item in view.findings},
        criticals={item.code: item for item in view.criticals},
        view=view,
    )
