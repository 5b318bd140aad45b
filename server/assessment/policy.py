"""Programmes: every number of the domain as versioned data, and the version in force on a day.

Programmes are TOML files beside this module (DOMAIN: "Policy is data"). A version is never edited once an entry
names it; a change is a new file with a later `effective_from`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from server.assessment.sheets import ScoreSheet, Text, read_sheets, text_of

FOLDER = Path(__file__).parent / "programmes"
DEFAULT_PROGRAMME = "default"

Value = int | str | tuple[int, ...] | Mapping[str, int]


class UnknownProgramme(LookupError):
    """No programme has this name, version, or effective date."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of a programme, with where it comes from."""

    id: str
    value: Value
    unit: str
    title: Text
    source: str


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a programme. Minutes are whole minutes."""

    programme: str
    version: str
    effective_from: date
    title: Text
    read_due_minutes: Mapping[str, int]  # urgency: emergency, routine (ECG)
    floor_minutes: Mapping[str, int]  # ActivityKind value: shortest creditable length
    join_before_minutes: int
    critical_ack_minutes: int
    pass_mark: int
    parameters: Mapping[str, Parameter]
    sheets: Mapping[str, ScoreSheet]

    def number(self, name: str) -> int:
        """A parameter that is one whole number. Raises `UnknownProgramme`."""
        value = self._parameter(name).value
        assert isinstance(value, int)
        return value

    def table(self, name: str) -> Mapping[str, int]:
        """A parameter that is a table of whole numbers. Raises `UnknownProgramme`."""
        value = self._parameter(name).value
        assert isinstance(value, Mapping)
        return value

    def month_day(self, name: str) -> tuple[int, int]:
        """A parameter that is a yearly date: month and day. Raises `UnknownProgramme`."""
        month, _, day = str(self._parameter(name).value).partition("-")
        return int(month), int(day)

    def _parameter(self, name: str) -> Parameter:
        if name not in self.parameters:
            raise UnknownProgramme(f"{self.programme} v{self.version} has no parameter {name}")
        return self.parameters[name]


def _value(raw: Any) -> Value:
    if isinstance(raw, dict):
        return MappingProxyType({str(key): int(item) for key, item in raw.items()})
    if isinstance(raw, list):
        return tuple(int(item) for item in raw)
    assert isinstance(raw, int | str)
    return raw


def _parameter(name: str, raw: Mapping[str, Any]) -> Parameter:
    return Parameter(name, _value(raw["value"]), raw["unit"], text_of(raw), raw["source"])


def parse_policy(document: Mapping[str, Any]) -> Policy:
    """A policy from the document of its file. Raises `KeyError` or `ValueError` for a wrong file."""
    parameters = {name: _parameter(name, raw) for name, raw in document["parameters"].items()}
    due = parameters["report_due"].value
    floor = parameters["floor"].value
    assert isinstance(due, Mapping)
    assert isinstance(floor, Mapping)
    numbers = {
        name: parameters[name].value for name in ("join_before", "critical_ack", "pass_mark")
    }
    return Policy(
        programme=document["programme"],
        version=document["version"],
        effective_from=document["effective_from"],
        title=text_of(document["title"]),
        read_due_minutes=MappingProxyType(
            {"emergency": due["emergency_ecg"], "routine": due["ecg"]}
        ),
        floor_minutes=floor,
        join_before_minutes=int(numbers["join_before"]),  # type: ignore[arg-type]
        critical_ack_minutes=int(numbers["critical_ack"]),  # type: ignore[arg-type]
        pass_mark=int(numbers["pass_mark"]),  # type: ignore[arg-type]
        parameters=MappingProxyType(parameters),
        sheets=read_sheets(document.get("sheets", {})),
    )


@lru_cache(maxsize=1)
def _all() -> tuple[Policy, ...]:
    found = [
        parse_policy(tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(FOLDER.glob("*.toml"))
    ]
    return tuple(sorted(found, key=lambda policy: (policy.programme, policy.effective_from)))


def programmes() -> tuple[str, ...]:
    """The names of the programmes there are."""
    return tuple(sorted({policy.programme for policy in _all()}))


def policy_for(programme: str, day: date) -> Policy:
    """The version of a programme in force on a day. Raises `UnknownProgramme`."""
    known = [
        policy
        for policy in _all()
        if policy.programme == programme and policy.effective_from <= day
    ]
    if not known:
        raise UnknownProgramme(f"no version of {programme!r} is in force on {day}")
    return known[-1]


def policy_version(programme: str, version: str) -> Policy:
    """A named version of a programme, as entries name it. Raises `UnknownProgramme`."""
    for policy in _all():
        if (policy.programme, policy.version) == (programme, version):
            return policy
    raise UnknownProgramme(f"no version {version!r} of {programme!r}")
