"""The canonical form: the same bytes for the same activity, and nothing personal in them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.evidence.entries import current, read_entry
from server.evidence.rules import (
    Activity,
    EntryRefused,
    Evidence,
    Participation,
    canonical,
    document_of,
    merge,
)
from server.pairing.rules import ActivityKind
from tests.unit.evidence.samples import AT, activity, entry

NOW = datetime(2026, 9, 1, 3, 0, 0, 5, tzinfo=UTC)


def document(made: Activity) -> dict[str, Any]:
    return document_of("ent_1", NOW, made)


def test_canonical_bytes_are_fixed() -> None:
    made = activity(
        subject_id="con_1",
        seconds=60,
        people=(Participation("stf_1", "org_city", "specialist", 60, ((100, 160),)),),
        evidence=(),
        facts={"urgency": "routine", "on_time": True, "turnaround_minutes": 1.5},
    )
    assert canonical(document(made)) == (
        b'{"agreement":"agr_1","correction":null,"creditable":true,"demo":false,'
        b'"ended":"2026-09-01T02:01:00.000000Z","evidence":[],"facts":{"on_time":true,'
        b'"turnaround_minutes":1.5,"urgency":"routine"},"format":1,"id":"ent_1","kind":"consult",'
        b'"people":[{"intervals":[[100,160]],"organisation":"org_city","person":"stf_1",'
        b'"role":"specialist","verified_seconds":60}],"plan_item":null,'
        b'"policy":{"programme":"default","version":"1"},"reasons":[],'
        b'"recipient":"org_township","recorded":"2026-09-01T03:00:00.000005Z",'
        b'"started":"2026-09-01T02:00:00.000000Z","subject":{"id":"con_1","type":"consult"},'
        b'"supporting":"org_city","type":"activity"}'
    )


def test_reading_back_gives_the_activity() -> None:
    made = activity(ActivityKind.LECTURE, reasons=("too_short", "late", "late"))
    read = read_entry(canonical(document(made)))
    assert (read.started_at, read.ended_at, read.recorded_at) == (
        made.started_at,
        made.ended_at,
        NOW,
    )
    assert read.people == made.people
    assert read.evidence == made.evidence
    assert read.reasons == ("late", "too_short")
    assert read.facts == made.facts
    assert read.seconds == int((made.ended_at - made.started_at).total_seconds())
    assert read.verified_seconds == 2 * made.people[0].verified_seconds


BAD: list[tuple[str, dict[str, Any]]] = [
    ("free text in facts", {"facts": {"finding": "胸痛两小时"}}),
    ("a sentence in facts", {"facts": {"note": "patient felt better"}}),
    ("a patient's id in facts", {"facts": {"who": "pat_01jd3x"}}),
    ("a number that is not finite", {"facts": {"minutes": float("nan")}}),
    ("a nested value", {"facts": {"x": {"y": 1}}}),
    ("a key that is text", {"facts": {"患者": 1}}),
    ("a patient as subject", {"subject_id": "pat_01jd3x"}),
    ("a name as subject", {"subject_id": "张三"}),
    ("an identity number as subject", {"subject_id": "110101199003071234"}),
    ("a reason in words", {"reasons": ("too short",)}),
    ("a role in words", {"people": (Participation("stf_1", "org_1", "王医生", 1),)}),
    ("a person by name", {"people": (Participation("王示例", "org_1", "lead", 1),)}),
    ("negative seconds", {"people": (Participation("stf_1", "org_1", "lead", -1),)}),
    ("an empty interval", {"people": (Participation("stf_1", "org_1", "lead", 1, ((5, 5),)),)}),
    ("one person twice in a role", {"people": (Participation("stf_1", "org_1", "lead", 1),) * 2}),
    (
        "a document named after a patient",
        {"evidence": (Evidence("张三.pdf", "0" * 64, 1, "a/b", True),)},
    ),
    ("a path as a name", {"evidence": (Evidence("../x", "0" * 64, 1, "a/b", True),)}),
    ("no digest", {"evidence": (Evidence("x", "abc", 1, "a/b", True),)}),
    ("two documents of a name", {"evidence": (Evidence("x", "0" * 64, 1, "a/b", True),) * 2}),
    ("the end before the start", {"ended_at": AT - timedelta(seconds=1)}),
    ("a time without a zone", {"started_at": datetime(2026, 9, 1)}),
    ("a correction without an author", {"corrects": "ent_0", "correction_reason": "recount"}),
    ("a correction without a reason", {"corrects": "ent_0", "author": "stf_1"}),
    (
        "a correction's reason in words",
        {"corrects": "ent_0", "author": "stf_1", "correction_reason": "算错了"},
    ),
    ("an author without a correction", {"author": "stf_1"}),
    ("an unknown kind", {"kind": "party"}),
]


@pytest.mark.parametrize(("what", "changes"), BAD, ids=[name for name, _ in BAD])
def test_refuses(what: str, changes: dict[str, Any]) -> None:
    with pytest.raises(EntryRefused) as refusal:
        document(replace(activity(), **changes))
    text = str(refusal.value)
    assert not any(ord(letter) > 0x2E80 for letter in text), (
        "a refusal never repeats what it refuses"
    )


@given(st.text(min_size=1, max_size=60))
def test_no_text_reaches_the_bytes(text: str) -> None:
    """Whatever goes into the canonical bytes as a string is a short ASCII code or id."""
    try:
        data = canonical(document(replace(activity(), facts={"said": text})))
    except EntryRefused:
        return
    assert text.isascii()
    assert " " not in text
    assert len(text) <= 43
    assert json.loads(data)["facts"]["said"] == text


spans = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 300)).map(lambda p: (min(p), max(p))), max_size=20
)


@given(spans)
def test_merging_keeps_every_second_once(intervals: list[tuple[int, int]]) -> None:
    merged = merge(intervals)
    seconds = {second for start, end in intervals for second in range(start, end)}
    assert {s for start, end in merged for s in range(start, end)} == seconds
    assert sum(end - start for start, end in merged) == len(seconds)
    assert all(one[1] < two[0] for one, two in pairwise(merged))


@given(st.permutations(range(4)))
def test_facts_order_does_not_matter(order: list[int]) -> None:
    facts = [("a", 1), ("b", True), ("c", "code"), ("d", 2.5)]
    made = activity(subject_id="con_9", seconds=60, people=(), evidence=())
    one = canonical(document(replace(made, facts=dict(facts))))
    two = canonical(document(replace(made, facts=dict(facts[n] for n in order))))
    assert one == two


def test_current_is_the_newest_of_a_chain() -> None:
    first = entry()
    second = replace(first, id="ent_b", corrects=first.id)
    third = replace(first, id="ent_c", corrects="ent_b")
    other = entry()
    assert current([third, first, other, second]) == [third, other]
