"""Score sheets as data: groups, indicators, weights, measures and veto items. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in both languages."""

    zh: str
    en: str


class Formula(StrEnum):
    """How a measure becomes points."""

    PROPORTIONAL = "proportional"  # weight × min(1, actual ÷ target)
    SHARE = "share"  # weight × met ÷ due; nothing due earns the weight, and says so
    YES_NO = "yes_no"  # the weight, or nothing


@dataclass(frozen=True, slots=True)
class Indicator:
    """考核指标: one line of a sheet. `measure` names what is measured; `params` are its parameters."""

    id: str
    group: str
    title: Text
    weight: int
    formula: Formula
    measure: str
    kinds: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    title: Text
    weight: int


@dataclass(frozen=True, slots=True)
class VetoItem:
    id: str
    title: Text
    measure: str


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """One sheet; the weights of its groups, and of each group's indicators, add up."""

    id: str
    title: Text
    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]
    vetoes: tuple[VetoItem, ...]

    @property
    def scale(self) -> int:
        return sum(group.weight for group in self.groups)


def text_of(raw: Mapping[str, Any]) -> Text:
    """The `zh` and `en` of a table."""
    return Text(str(raw["zh"]), str(raw["en"]))


def _indicator(raw: Mapping[str, Any]) -> Indicator:
    return Indicator(
        id=raw["id"],
        group=raw["group"],
        title=text_of(raw),
        weight=int(raw["weight"]),
        formula=Formula(raw["formula"]),
        measure=raw["measure"],
        kinds=tuple(raw.get("kinds", ())),
        params=tuple(raw.get("params", ())),
        source=raw.get("source", ""),
    )


def _sheet(name: str, raw: Mapping[str, Any]) -> ScoreSheet:
    groups = tuple(Group(g["id"], text_of(g), int(g["weight"])) for g in raw["groups"])
    indicators = tuple(_indicator(item) for item in raw["indicators"])
    vetoes = tuple(VetoItem(v["id"], text_of(v), v["measure"]) for v in raw.get("vetoes", ()))
    _check(name, groups, indicators)
    return ScoreSheet(name, text_of(raw["title"]), groups, indicators, vetoes)


def _check(name: str, groups: Sequence[Group], indicators: Sequence[Indicator]) -> None:
    for group in groups:
        weights = [item.weight for item in indicators if item.group == group.id]
        if sum(weights) != group.weight:
            raise ValueError(f"{name}: the indicators of {group.id} do not add up to its weight")
    known = {group.id for group in groups}
    if any(item.group not in known for item in indicators):
        raise ValueError(f"{name}: an indicator names no group of the sheet")
    if len({item.id for item in indicators}) != len(indicators):
        raise ValueError(f"{name}: two indicators have the same id")


def read_sheets(raw: Mapping[str, Any]) -> Mapping[str, ScoreSheet]:
    """The sheets of a programme's document. Raises `KeyError` or `ValueError` for a wrong one."""
    return MappingProxyType({name: _sheet(name, value) for name, value in raw.items()})
