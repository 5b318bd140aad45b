"""Kinds of creditable activity and what makes an agreement count on a day. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class ActivityKind(StrEnum):
    """What an activity entry, and an item of a yearly plan, can be."""

    CASE_DISCUSSION = "case_discussion"
    CONSULT = "consult"
    ECG_READ = "ecg_read"
    LECTURE = "lecture"
    WARD_ROUND = "ward_round"


def in_force(starts_on: date, ends_on: date, terminated_on: date | None, day: date) -> bool:
    """True if the day lies in the term, both ends counted, and before any termination."""
    if terminated_on is not None and day >= terminated_on:
        return False
    return starts_on <= day <= ends_on
