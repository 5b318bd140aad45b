"""Score sheets over HTTP: who sees them, what they hold, the workbook, the assessor's home."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import event, update

from server.evidence.rules import Participation
from server.pairing.rules import ActivityKind
from storage.db import SYSTEM
from storage.tables.pairing import Agreement
from tests.api.conftest import House
from tests.api.people import START
from tests.api.test_entries import bend, made, record, remove

SCORES = "/api/scores"
YEAR = {"from": "2026-01-01", "to": "2026-12-31"}


def asked(house: House, **changes: str) -> dict[str, str]:
    return {"agreement_id": house.world.agreement, **YEAR, **changes}


def line(score: dict[str, Any], name: str) -> dict[str, Any]:
    found = next(item for item in score["indicators"] if item["id"] == name)
    assert isinstance(found, dict)
    return found


async def fill(house: House) -> list[str]:
    """Six creditable consults, one too short, one on paper only."""
    day = timedelta(days=1)
    silent = (
        Participation(
            house.world.staff["specialist"], house.world.organisations["city"], "lead", 0
        ),
    )
    good = [made(house, at=START - n * 7 * day, seconds=1200 + n) for n in range(1, 7)]
    short = made(house, at=START - 3 * day, seconds=60, creditable=False, reasons=("too_short",))
    paper = made(house, at=START - 2 * day, people=silent, creditable=False, reasons=("no_media",))
    return await record(house, *good, short, paper)


async def test_the_sheet(house: House) -> None:
    ids = await fill(house)
    score = (await house.as_("assessor").get(SCORES, params=asked(house))).json
    assert (score["scale"], score["pass_mark"], score["programme"]) == (100, 80, "default")
    assert (score["supporting_name"], score["recipient_name"]) == ("city(示例)", "township(示例)")
    consults = line(score, "consults")
    # 6 of the 24 planned: 7 × 6 ÷ 24.
    assert (consults["points"], consults["actual"], consults["target"]) == (1.75, 6, 24)
    assert set(consults["entries"]) == set(ids[:6])
    assert "2026 年计划 24 × 365/365 天" in consults["basis"]["zh"]
    headcount = line(score, "headcount")
    assert (headcount["points"], headcount["status"]) == (None, "unknown")
    assert headcount["missing"]
    assert headcount["rules"][0]["zh"] == "每家受援单位派驻人数不少于:2人"
    ward_rounds = line(score, "ward_rounds")
    assert "没有远程查房的目标" in ward_rounds["missing"][0]["zh"]
    assert score["points"] == pytest.approx(sum(g["points"] for g in score["groups"]))
    assert score["known_weight"] + score["unknown_weight"] == 100
    assert score["highest"] == pytest.approx(score["points"] + score["unknown_weight"])
    assert {v["id"]: v["state"] for v in score["vetoes"]} == {
        "no_agreement": "clear",
        "nobody_dispatched": "unknown",
        "falsified_entry": "clear",
    }


async def test_doubts_steps_trend_and_log(house: House) -> None:
    ids = await fill(house)
    score = (await house.as_("assessor").get(SCORES, params=asked(house))).json
    assert [(d["code"], d["entries"]) for d in score["doubts"]] == [("no_media", [ids[7]])]
    consults = next(s for s in score["steps"] if s["indicator"] == "consults")
    assert (consults["count"], consults["points"]) == (18, 5.25)
    november = next(t for t in score["trend"] if (t["month"], t["kind"]) == ("2026-11", "consult"))
    assert (november["done"], november["not_creditable"]) == (3, 2)
    assert november["planned"] == 1.97  # 24 × 30 ÷ 365
    log = score["log"]
    assert (log["entries"], log["creditable"], log["size"], log["verified"]) == (8, 6, 8, True)
    assert log["root"] == house.services.ledger.head().root.hex()


async def test_the_same_log_gives_the_same_sheet(house: House) -> None:
    await fill(house)
    first = (await house.as_("assessor").get(SCORES, params=asked(house))).json
    assert (first["verdict"], first["closed"]) == ("open", False)
    house.clock.at += timedelta(minutes=5)
    second = (await house.as_("authority").get(SCORES, params=asked(house))).json
    assert first == second
    house.clock.at += timedelta(days=60)
    later = (await house.as_("assessor").get(SCORES, params=asked(house))).json
    assert (later["verdict"], later["closed"]) == ("fail", True)
    assert (later["points"], later["indicators"]) == (first["points"], first["indicators"])


async def test_a_tampered_entry_earns_nothing_and_is_named(house: House) -> None:
    ids = await fill(house)
    await bend(house, ids[6], creditable=True, reasons=[])
    score = (await house.as_("assessor").get(SCORES, params=asked(house))).json
    assert line(score, "consults")["actual"] == 6
    assert score["log"]["unverified"] == [ids[6]]
    assert not score["log"]["verified"]
    assert score["doubts"][0]["code"] in ("no_media", "unverified")
    assert {d["code"] for d in score["doubts"]} == {"no_media", "unverified"}


async def test_an_entry_taken_out_of_the_database_is_noticed(house: House) -> None:
    await fill(house)
    log = (await house.as_("assessor").get(SCORES, params=asked(house))).json["log"]
    assert (log["complete"], log["verified"]) == (True, True)
    await remove(house, 6)
    log = (await house.as_("assessor").get(SCORES, params=asked(house))).json["log"]
    assert (log["complete"], log["verified"]) == (False, False)


async def test_a_correction_changes_the_score(house: House) -> None:
    old = made(house)
    [first] = await record(house, old)
    author = house.world.staff["coordinator"]
    await record(house, replace(old, corrects=first, author=author, correction_reason="falsified"))
    score = (await house.as_("assessor").get(SCORES, params=asked(house))).json
    assert score["verdict"] == "vetoed"
    assert line(score, "consults")["points"] == 0
    assert score["log"]["superseded"] == 1


async def test_without_days_the_present_half_year(house: House) -> None:
    params = {"agreement_id": house.world.agreement}
    score = (await house.as_("assessor").get(SCORES, params=params)).json
    assert (score["first_day"], score["last_day"]) == ("2026-07-01", "2026-12-31")
    assert line(score, "consults")["target"] == 12.1  # 24 × 184 ÷ 365


BAD_PERIODS: tuple[dict[str, str], ...] = (
    {"from": "2026-12-31", "to": "2026-01-01"},
    {"from": "2020-01-01", "to": "2026-01-01"},
    {"to": ""},
    {"agreement_id": ""},
    {"from": "1900-01-01"},
)


async def test_bad_periods_are_refused(house: House) -> None:
    assessor = house.as_("assessor")
    for params in BAD_PERIODS:
        answer = await assessor.get(SCORES, params=asked(house, **params))
        assert (answer.status, answer.code) == (422, "invalid_request"), params
    alone = await assessor.get("/api/subjects", params={"from": "2026-01-01"})
    assert alone.status == 422


async def test_an_agreement_of_an_unknown_programme(house: House) -> None:
    async with house.services.db.write(SYSTEM) as tx:
        change = update(Agreement).where(Agreement.id == house.world.agreement)
        await tx.session.execute(change.values(programme="other"))
        tx.audit("test:bend", "agreement", house.world.agreement)
    answer = await house.as_("assessor").get(SCORES, params=asked(house))
    assert (answer.status, answer.code) == (409, "wrong_state")


async def test_roles(house: House) -> None:
    for path in (SCORES, SCORES + ".xlsx", "/api/subjects"):
        params = YEAR if path == "/api/subjects" else asked(house)
        for username in ("assessor", "authority", "coordinator", "township_coordinator"):
            assert (await house.as_(username).get(path, params=params)).status == 200, username
        for username in ("rural_doctor", "specialist", "learner", "administrator", "stranger"):
            assert (await house.as_(username).get(path, params=params)).status == 403, username
        assert (await house.nobody().get(path, params=params)).status == 401


async def test_others_cannot_tell_whether_it_exists(house: House) -> None:
    county = house.world.county_agreement
    for path in (SCORES, SCORES + ".xlsx"):
        for username, agreement in (
            ("other_assessor", house.world.agreement),
            ("township_coordinator", county),
            ("assessor", "agr_absent"),
        ):
            params = asked(house, agreement_id=agreement)
            answer = await house.as_(username).get(path, params=params)
            assert (answer.status, answer.code) == (404, "not_found")


async def test_subjects_come_doubts_first(house: House) -> None:
    await fill(house)
    subjects = (await house.as_("assessor").get("/api/subjects", params=YEAR)).json["subjects"]
    assert [item["recipient_name"] for item in subjects] == ["township(示例)", "county(示例)"]
    first = subjects[0]
    assert (first["doubts"], first["entries"], first["creditable"]) == (1, 8, 6)
    score = (await house.as_("assessor").get(SCORES, params=asked(house))).json
    assert (first["points"], first["short"]) == (score["points"], score["short"])
    own = (await house.as_("township_coordinator").get("/api/subjects")).json
    assert len(own["subjects"]) == 1
    assert (own["first_day"], own["last_day"]) == ("2026-07-01", "2026-12-31")
    none = (await house.as_("other_assessor").get("/api/subjects")).json
    assert none["subjects"] == []


async def test_subjects_ask_the_database_a_fixed_number_of_times(house: House) -> None:
    counts = []
    for _ in range(2):
        await fill(house)
        statements: list[str] = []

        def note(_c: Any, _u: Any, text: str, *_rest: Any, into: list[str] = statements) -> None:
            into.append(text)

        engine = house.services.db.engine.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        await house.as_("assessor").get("/api/subjects")
        event.remove(engine, "before_cursor_execute", note)
        counts.append(sum(text.startswith("SELECT") for text in statements))
    assert counts[0] == counts[1] <= 14


async def test_the_workbook(house: House) -> None:
    ids = await fill(house)
    answer = await house.as_("assessor").get(SCORES + ".xlsx", params=asked(house))
    book = openpyxl.load_workbook(io.BytesIO(answer.body))
    assert book.sheetnames == ["汇总", "评分表", "得分依据", "还能提高"]
    head = dict(book["汇总"].iter_rows(min_row=2, max_col=2, values_only=True))
    assert head["支援单位"] == "city(示例)"
    score = (await house.as_("assessor").get(SCORES, params=asked(house))).json
    assert head["得分(已知部分)"] == score["points"]
    lines = {row[1]: row for row in book["评分表"].iter_rows(min_row=2, values_only=True)}
    assert lines["远程会诊完成年度计划"][3] == 1.75
    assert lines["派驻人数"][3:5] == (None, "未知(缺数据)")
    behind = {row[1] for row in book["得分依据"].iter_rows(min_row=2, values_only=True)}
    assert behind == set(ids[:6])


async def test_learner_hours_come_from_the_log(house: House) -> None:
    city, township = house.world.organisations["city"], house.world.organisations["township"]
    people = (
        Participation(house.world.staff["lecturer"], city, "lecturer", 3600),
        Participation(house.world.staff["learner"], township, "learner", 5400),
        Participation(house.world.staff["rural_doctor"], township, "learner", 1800),
    )
    await record(house, made(house, ActivityKind.LECTURE, people=people))
    score = (await house.as_("assessor").get(SCORES, params=asked(house))).json
    hours = line(score, "learner_hours")
    assert (hours["actual"], hours["target"], hours["points"]) == (2, 40, 0.3)
    assert line(score, "trainings")["points"] == 0.67  # 1 of the 12 planned
