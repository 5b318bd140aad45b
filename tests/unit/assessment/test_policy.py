"""Programmes as data: every parameter has a source, sheets add up, versions go by date."""

from __future__ import annotations

import copy
import tomllib
from datetime import date
from typing import Any

import pytest

from server.assessment import policy as policies
from server.assessment.measures import MEASURES, REGISTER
from server.assessment.policy import (
    FOLDER,
    UnknownProgramme,
    parse_policy,
    policy_for,
    policy_version,
    programmes,
)
from server.evidence.marks import Limits
from server.evidence.queries import limits_of
from server.pairing.rules import ActivityKind

TODAY = date(2026, 11, 23)


def document() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "default-v1.toml").read_text(encoding="utf-8"))


def test_the_default_programme_holds_the_domains_values() -> None:
    policy = policy_for("default", TODAY)
    assert (policy.pass_mark, policy.critical_ack_minutes, policy.join_before_minutes) == (
        80,
        10,
        15,
    )
    assert dict(policy.read_due_minutes) == {"emergency": 10, "routine": 30}
    assert set(policy.floor_minutes) == {kind.value for kind in ActivityKind}
    assert (policy.floor_minutes["consult"], policy.floor_minutes["lecture"]) == (5, 10)
    assert policy.month_day("agreement_filed_by") == (8, 31)
    assert policy.number("posting_days") == 200
    assert limits_of(policy) == Limits()


def test_every_parameter_says_where_it_comes_from() -> None:
    for parameter in policy_for("default", TODAY).parameters.values():
        assert parameter.source, parameter.id
        assert parameter.title.zh, parameter.id
        assert parameter.title.en, parameter.id
        assert parameter.unit, parameter.id


def test_every_indicator_can_be_computed_or_is_a_register() -> None:
    policy = policy_for("default", TODAY)
    for sheet in policy.sheets.values():
        assert sheet.scale == 100
        for indicator in sheet.indicators:
            known = indicator.measure in MEASURES or indicator.measure.startswith(REGISTER)
            assert known, indicator.id
            assert set(indicator.params) <= set(policy.parameters)
            assert set(indicator.kinds) <= set(ActivityKind)


def test_versions_go_by_their_effective_date(monkeypatch: pytest.MonkeyPatch) -> None:
    second = copy.deepcopy(document())
    second.update(version="2", effective_from=date(2027, 1, 1))
    second["parameters"]["pass_mark"]["value"] = 85
    both = (parse_policy(document()), parse_policy(second))
    monkeypatch.setattr(policies, "_all", lambda: both)
    assert policy_for("default", date(2026, 12, 31)).pass_mark == 80
    assert policy_for("default", date(2027, 1, 1)).pass_mark == 85
    assert policy_version("default", "1").pass_mark == 80
    with pytest.raises(UnknownProgramme):
        policy_for("default", date(2019, 12, 31))


@pytest.mark.parametrize("name", ["", "other"])
def test_an_unknown_programme_is_refused(name: str) -> None:
    with pytest.raises(UnknownProgramme):
        policy_for(name, TODAY)
    with pytest.raises(UnknownProgramme):
        policy_version("default", "99")
    assert programmes() == ("default",)


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(UnknownProgramme, match="no_such"):
        policy_for("default", TODAY).number("no_such")


@pytest.mark.parametrize("fault", ["weight", "group", "twice"])
def test_a_sheet_that_does_not_add_up_is_refused(fault: str) -> None:
    bad = document()
    first = bad["sheets"]["supporting_unit"]["indicators"][0]
    if fault == "weight":
        first["weight"] += 1
    elif fault == "group":
        first["group"] = "elsewhere"
    else:
        first["id"] = "liaison"
    with pytest.raises(ValueError, match="supporting_unit"):
        parse_policy(bad)
