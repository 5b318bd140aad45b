"""Small pure rules: permissions, agreements in force, problem documents."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.access.permissions import ROLE_PERMISSIONS, Permission, allows
from server.access.rules import Role
from server.access.service import pinyin_of
from server.errors import MEANINGS, ErrorCode, Problem
from server.pairing.rules import in_force

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def test_every_role_is_in_the_table_and_nobody_has_nothing() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert not allows([], Permission.ACCESS_SELF_READ)


def test_every_permission_is_granted_to_somebody() -> None:
    granted = {permission for row in ROLE_PERMISSIONS.values() for permission in row}
    assert granted == set(Permission)


@pytest.mark.parametrize("names", [ErrorCode, Permission])
def test_names_are_sorted(names: type[ErrorCode] | type[Permission]) -> None:
    values = [item.name for item in names]
    assert values == sorted(values)


def test_every_code_has_both_sentences_and_no_code_of_ours_is_a_5xx_but_two() -> None:
    assert set(MEANINGS) == set(ErrorCode)
    assert all(meaning.zh and meaning.en for meaning in MEANINGS.values())


@given(DAYS, DAYS, DAYS)
def test_both_end_days_of_a_term_count(start: date, end: date, day: date) -> None:
    assert in_force(start, end, None, day) == (start <= day <= end)


@given(DAYS, DAYS)
def test_a_terminated_agreement_ends_on_its_day(start: date, ended: date) -> None:
    assert not in_force(start, date.max, ended, ended)
    day_before = ended - timedelta(days=1)
    assert in_force(start, date.max, ended, day_before) == (start <= day_before)


def test_a_problem_cannot_overwrite_its_own_members() -> None:
    problem = Problem(ErrorCode.NOT_FOUND, data={"status": 200, "code": "fine", "limit": 3})
    document = problem.document(language="zh", request_id="req", instance="/api/x")
    assert (document["status"], document["code"], document["limit"]) == (404, "not_found", 3)


def test_pinyin_holds_full_and_initials() -> None:
    assert pinyin_of("张伟") == "zhangwei zw"
