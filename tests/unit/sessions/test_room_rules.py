"""Who comes in, who waits, who moderates whom."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

from server.sessions.room_rules import (
    LAST,
    Entry,
    Rank,
    Standing,
    came_in,
    closed,
    entry,
    may_act_on,
    rank,
    went_out,
)

BOTH = (False, True)


def test_who_was_sent_out_never_comes_straight_in() -> None:
    for entitled, known, locked, waiting, again in itertools.product(BOTH, repeat=5):
        for standing in (Standing.REMOVED, Standing.REFUSED):
            found = entry(
                entitled=entitled, known=known, standing=standing,
                locked=locked, waiting=waiting, again=again,
            )  # fmt: skip
            assert found is not Entry.IN
            assert (found is Entry.LOCKED) == locked
            assert (found is Entry.REFUSED) == (
                standing is Standing.REFUSED and not locked and not again
            )


def test_a_lock_keeps_out_new_people_only() -> None:
    for entitled, known, locked, waiting in itertools.product(BOTH, repeat=4):
        found = entry(entitled=entitled, known=known, standing=None, locked=locked, waiting=waiting)
        if entitled or known:
            assert found is Entry.IN
        else:
            assert found is (Entry.LOCKED if locked else Entry.WAIT if waiting else Entry.IN)
        kept = entry(
            entitled=False, known=known, standing=Standing.WAITING, locked=locked, waiting=waiting
        )
        assert kept is Entry.WAIT


def test_nobody_acts_on_a_host_and_members_on_nobody() -> None:
    for actor, target in itertools.product(Rank, repeat=2):
        if target is Rank.HOST or actor is Rank.MEMBER:
            assert not may_act_on(actor, target)
    assert may_act_on(Rank.HOST, Rank.CO_HOST)
    assert not may_act_on(Rank.CO_HOST, Rank.CO_HOST)


def test_a_co_host_outside_is_none() -> None:
    assert rank(host=False, co_host=True, standing=None) is Rank.CO_HOST
    for standing in Standing:
        inside = standing is Standing.ADMITTED
        found = rank(host=False, co_host=True, standing=standing)
        assert found is (Rank.CO_HOST if inside else Rank.MEMBER)
        assert rank(host=True, co_host=False, standing=standing) is Rank.HOST


def test_the_time_outside_opens_and_closes_once() -> None:
    at = [datetime.fromtimestamp(1000 + second + 0.5, UTC) for second in (0, 10, 20, 30)]
    spans = went_out([], at[0])
    assert went_out(spans, at[1]) == spans == [[1000, None]]
    assert closed(spans) == [(1000, LAST)]
    spans = came_in(spans, at[1])
    assert came_in(spans, at[2]) == spans == [[1000, 1011]]
    assert closed(went_out(spans, at[3])) == [(1000, 1011), (1030, LAST)]
