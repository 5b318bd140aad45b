"""Lectures from plan to entries, the seats of an audience, and everyone who may not."""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import openpyxl
import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import select
from structlog.testing import capture_logs

from server.sessions.lecture_closing import SETTLE, credit, credit_settled, end_forgotten
from server.sessions.witnesses import keep_witnessing
from storage.ids import new_id
from storage.tables.evidence import ActivityEntryRow
from storage.tables.sessions import Lecture
from tests.api.conftest import SECRET, House
from tests.api.media_events import applied, event, report, second


def body_of(house: House, **more: Any) -> dict[str, Any]:
    return {
        "title": "心梗早期识别(示例)",
        "description": "给乡镇医生",
        "starts_at": house.clock.now().isoformat(),
        "minutes": 45,
        "lecturer_id": house.world.staff["lecturer"],
        "agreement_ids": [house.world.agreement, house.world.county_agreement],
        "announce": True,
        **more,
    }


async def announced(house: House, **more: Any) -> str:
    answer = await house.as_("coordinator").post("/api/lectures", body_of(house, **more))
    assert answer.status == 201, answer.body
    return str(answer.json["id"])


async def step(house: House, who: str, lecture_id: str, name: str, body: Any = None) -> Any:
    options = {} if body is None else {"body": body}
    answer = await house.as_(who).post(f"/api/lectures/{lecture_id}/{name}", **options)
    assert answer.status == 200, answer.body
    return answer.json


async def seen(house: House, who: str, lecture_id: str) -> Any:
    answer = await house.as_(who).get(f"/api/lectures/{lecture_id}")
    assert answer.status == 200, answer.body
    return answer.json


def claims(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_exp": False}))


async def entries(house: House, lecture_id: str) -> dict[str, Any]:
    """The canonical entries of a lecture by recipient."""
    async with house.services.db.read() as session:
        query = select(ActivityEntryRow).where(ActivityEntryRow.subject_id == lecture_id)
        rows = (await session.execute(query)).scalars().all()
    return {row.recipient_id: json.loads(row.canonical) for row in rows}


async def attended(house: House, lecture_id: str, minutes: dict[str, int]) -> None:
    """People receive for so many minutes from now; the lecturer sends all the time."""
    start, longest = second(house), max(minutes.values())
    house.clock.at += timedelta(minutes=longest)
    lecturer = house.world.staff["lecturer"]
    await applied(house, report(lecture_id, lecturer, start, second(house), received=[]))
    for who, spent in minutes.items():
        staff, end = house.world.staff[who], start + spent * 60
        await applied(house, report(lecture_id, staff, start, end, sent=[]))


async def test_a_lecture_from_plan_to_entries(house: House) -> None:
    lecture_id = await announced(house)
    lecturer = await step(house, "lecturer", lecture_id, "join?device=a")
    assert lecturer["role"] == "lecturer"
    assert claims(lecturer["token"])["video"]["canPublish"] is True
    learner = await step(house, "learner", lecture_id, "join?device=a")
    assert (learner["role"], learner["can_publish"]) == ("audience", False)
    grants = claims(learner["token"])["video"]
    assert (grants["canPublish"], grants["canPublishData"], grants["canSubscribe"]) == (
        False,
        True,
        True,
    )
    assert (await seen(house, "learner", lecture_id))["state"] == "open"
    await attended(house, lecture_id, {"learner": 12, "rural_doctor": 4})
    shown = await seen(house, "learner", lecture_id)
    assert shown["state"] == "live"
    assert (shown["my_seconds"], shown["floor_seconds"]) == (720, 600)
    assert shown["signed_in"] == 3
    ended = await step(house, "lecturer", lecture_id, "end")
    assert ended["state"] == "ended"
    assert ("close_room", lecture_id) in house.media.calls
    # The last media reports arrive after the end, and are counted.
    staff = house.world.staff["rural_doctor_2"]
    start = second(house) - 60
    assert await applied(house, report(lecture_id, staff, start, start + 60)) == "applied"
    house.clock.at += SETTLE
    await credit_settled(house.services)
    assert (await seen(house, "learner", lecture_id))["state"] == "credited"
    found = await entries(house, lecture_id)
    township = found[house.world.organisations["township"]]
    assert township["creditable"] is True
    verified = {item["person"]: item["verified_seconds"] for item in township["people"]}
    assert verified == {
        house.world.staff["lecturer"]: 720,
        house.world.staff["learner"]: 720,
        house.world.staff["rural_doctor"]: 240,
        house.world.staff["rural_doctor_2"]: 60,
    }
    assert township["facts"]["learners"] == 1
    assert township["facts"]["signed_in"] == 3
    county = found[house.world.organisations["county"]]
    assert (county["creditable"], county["reasons"]) == (False, ["one_side_only"])
    assert [item["role"] for item in county["people"]] == ["lecturer"]
    late = report(lecture_id, staff, start - 60, start)
    assert await applied(house, late) == "late"
    assert await credit(house.services, lecture_id) is False
    assert (await step(house, "coordinator", lecture_id, "archive"))["state"] == "archived"


async def test_a_lecture_over_a_cluster_lists_its_learners_and_claims_no_minutes(
    house: House,
) -> None:
    lecture_id = await announced(house)
    await step(house, "lecturer", lecture_id, "start")
    start = second(house)
    house.clock.at += timedelta(minutes=12)
    lecturer, learner = house.world.staff["lecturer"], house.world.staff["learner"]
    for who, sent in ((lecturer, None), (learner, [])):
        told = report(lecture_id, who, start, second(house), sent=sent)
        told["mediaReport"] |= {"source": "witness", "received": None}
        await applied(house, told)
    await step(house, "lecturer", lecture_id, "end")
    house.clock.at += SETTLE
    await credit_settled(house.services)
    entry = (await entries(house, lecture_id))[house.world.organisations["township"]]
    assert (entry["creditable"], entry["reasons"]) == (False, ["reception_unknown"])
    verified = {item["person"]: item["verified_seconds"] for item in entry["people"]}
    assert verified == {lecturer: 720, learner: 0}
    assert not entry["facts"].keys() & {"learners", "signed_in", "learner_seconds"}
    digest = next(i["sha256"] for i in entry["evidence"] if i["name"] == "attendance.json")
    document = json.loads(await house.services.blobs.read(digest))
    received = {item["person"]: item["received"] for item in document["people"]}
    assert received == {lecturer: None, learner: None}


async def test_a_start_beside_a_cluster_warns_of_what_it_cannot_prove(house: House) -> None:
    services = replace(house.services)
    services.config = house.services.config.model_copy(update={"media_url": "http://cluster"})
    with capture_logs() as said:
        task = asyncio.create_task(keep_witnessing(services))
        try:
            async with asyncio.timeout(5):
                while not said:
                    await asyncio.sleep(0.01)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    assert said[0]["event"] == "lectures_earn_no_credit"
    assert (said[0]["log_level"], said[0]["reason"]) == ("warning", "reception_unknown")


async def test_the_list_of_attendance_and_who_sees_it(house: House) -> None:
    lecture_id = await announced(house)
    await step(house, "lecturer", lecture_id, "start")
    await attended(house, lecture_id, {"learner": 12, "county_doctor": 4})
    path = f"/api/lectures/{lecture_id}/attendance"
    view = (await house.as_("lecturer").get(path)).json
    rows = {row["person"]["id"]: row for row in view["people"]}
    assert rows[house.world.staff["learner"]]["verified_seconds"] == 720
    assert rows[house.world.staff["learner"]]["counts"] is True
    assert rows[house.world.staff["county_doctor"]]["counts"] is False
    assert rows[house.world.staff["lecturer"]]["role"] == "lecturer"
    assert view["ends_second"] - view["starts_second"] == 720
    # A recipient's coordinator sees the own people; everybody else nobody's.
    own = (await house.as_("township_coordinator").get(path)).json
    assert [row["person"]["id"] for row in own["people"]] == [house.world.staff["learner"]]
    assert (await house.as_("learner").get(path)).code == "not_allowed"
    assert (await house.as_("specialist").get(path)).code == "not_allowed"
    assert (await house.as_("stranger").get(path)).code == "not_found"
    sheet = await house.as_("coordinator").get(f"{path}.xlsx")
    assert sheet.headers["Content-Disposition"].startswith("attachment")
    book = openpyxl.load_workbook(io.BytesIO(sheet.body))
    values = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=4)]
    assert ["褚示例", "township(示例)", "学员", 12, "是"] in [
        [row[0], row[2], row[3], row[6], row[7]] for row in values
    ]
    assert (await house.as_("learner").get(f"{path}.xlsx")).code == "not_allowed"


async def test_it_is_seen_by_the_invited_once_it_is_announced(house: House) -> None:
    lecture_id = await announced(house, announce=False, agreement_ids=[house.world.agreement])
    path = f"/api/lectures/{lecture_id}"

    async def who_sees() -> set[str]:
        found = set()
        for who in house.world.staff:
            one = await house.as_(who).get(path)
            listed = (await house.as_(who).get("/api/lectures")).json
            assert (one.status == 200) == (listed["total"] == 1) == bool(listed["lectures"])
            if one.status == 200:
                found.add(who)
        return found

    assert await who_sees() == {"coordinator", "lecturer"}
    await step(house, "coordinator", lecture_id, "announce")
    inside = {"specialist", "specialist_2", "radiologist", "administrator"}
    township = {"rural_doctor", "rural_doctor_2", "township_coordinator", "learner"}
    assert await who_sees() == {"coordinator", "lecturer"} | inside | township
    absent = await house.as_("county_doctor").get(f"/api/lectures/{new_id('lec')}")
    hidden = await house.as_("county_doctor").get(path)
    assert hidden.json["message"] == absent.json["message"]
    assert hidden.status == absent.status == 404


async def test_planning_and_changing(house: House) -> None:
    coordinator = house.as_("coordinator")
    answer = await house.as_("lecturer").post(
        "/api/lectures", body_of(house, lecturer_id=None, announce=False)
    )
    assert answer.json["lecturer"]["id"] == house.world.staff["lecturer"]
    lecture_id = answer.json["id"]
    later = (house.clock.now() + timedelta(days=2)).isoformat()
    changed = await coordinator.patch(
        f"/api/lectures/{lecture_id}", {"title": "新题目", "starts_at": later, "minutes": 60}
    )
    assert (changed.json["title"], changed.json["minutes"]) == ("新题目", 60)
    assert changed.json["description"] == "给乡镇医生"
    foreign = body_of(house, agreement_ids=[house.world.county_agreement])
    assert (await house.as_("township_coordinator").post("/api/lectures", foreign)).status == 404
    own = body_of(house, agreement_ids=[house.world.agreement])
    assert (
        await house.as_("township_coordinator").post("/api/lectures", own)
    ).code == "not_allowed"
    assert (await house.as_("learner").post("/api/lectures", own)).code == "not_allowed"
    for wrong in (
        {"starts_at": (house.clock.now() - timedelta(hours=1)).isoformat()},
        {"starts_at": "9999-12-31T23:59:59Z"},
        {"title": ""},
        {"minutes": 1},
        {"agreement_ids": []},
        {"lecturer_id": house.world.staff["administrator"]},
    ):
        answer = await coordinator.post("/api/lectures", body_of(house, **wrong))
        assert answer.code == "invalid_request", wrong
    for absent in (
        {"lecturer_id": house.world.staff["stranger"]},
        {"agreement_ids": [new_id("agr")]},
    ):
        assert (await coordinator.post("/api/lectures", body_of(house, **absent))).status == 404
    beyond = body_of(house, starts_at="2029-01-01T00:00:00Z")
    assert (await coordinator.post("/api/lectures", beyond)).code == "agreement_not_in_force"


async def test_steps_in_the_wrong_order_or_by_the_wrong_person(house: House) -> None:
    lecture_id = await announced(house)
    path = f"/api/lectures/{lecture_id}"
    for name in ("announce", "end", "archive"):
        answer = await house.as_("coordinator").post(f"{path}/{name}")
        assert answer.code == "wrong_state", name
    # A lecturer of the same unit who is not the one of this lecture is part of the audience.
    for name in ("announce", "open", "start", "end"):
        assert (await house.as_("specialist").post(f"{path}/{name}")).code == "not_allowed"
    for name in ("open", "start", "end", "archive"):
        assert (await house.as_("learner").post(f"{path}/{name}")).code == "not_allowed"
        assert (await house.as_("stranger").post(f"{path}/{name}")).code == "not_found"
    edited = await house.as_("specialist").patch(path, {"title": "改题目"})
    assert edited.code == "not_allowed"
    cancelled = await house.as_("specialist").post(f"{path}/cancel", {"reason": "不想听"})
    assert cancelled.code == "not_allowed"
    assert (await step(house, "coordinator", lecture_id, "open"))["state"] == "open"
    assert (await house.as_("lecturer").patch(path, {"title": "太晚了"})).code == "wrong_state"
    assert (await step(house, "lecturer", lecture_id, "start"))["state"] == "live"
    answer = await house.as_("lecturer").post(f"{path}/cancel", {"reason": "来不及"})
    assert answer.code == "wrong_state"


async def test_cancelled_with_a_reason(house: House) -> None:
    lecture_id = await announced(house)
    shown = await step(house, "lecturer", lecture_id, "cancel", {"reason": "讲者急诊"})
    assert (shown["state"], shown["cancel_reason"]) == ("cancelled", "讲者急诊")
    joined = await house.as_("learner").post(f"/api/lectures/{lecture_id}/join")
    assert joined.code == "wrong_state"
    assert (await seen(house, "learner", lecture_id))["actions"] == []


async def test_the_door_before_in_time_and_after(house: House) -> None:
    start = house.clock.now() + timedelta(minutes=30)
    lecture_id = await announced(house, starts_at=start.isoformat())
    path = f"/api/lectures/{lecture_id}/join"
    early = await house.as_("learner").post(path)
    assert early.code == "join_too_early"
    assert early.json["opens_at"] == (start - timedelta(minutes=15)).isoformat()
    assert not any(name == "open_room" for name, _ in house.media.calls)
    house.clock.at = start - timedelta(minutes=15)
    assert (await house.as_("learner").post(path)).status == 200
    assert (await house.as_("stranger").post(path)).code == "not_found"
    assert (await house.as_("assessor").post(path)).code == "not_found"
    await step(house, "lecturer", lecture_id, "start")
    await step(house, "lecturer", lecture_id, "end")
    assert (await house.as_("learner").post(path)).code == "session_over"


async def test_it_starts_by_itself_only_at_its_time_and_by_its_lecturer(house: House) -> None:
    start = house.clock.now() + timedelta(minutes=10)
    lecture_id = await announced(house, starts_at=start.isoformat())
    await step(house, "lecturer", lecture_id, "join")
    lecturer, learner = house.world.staff["lecturer"], house.world.staff["learner"]
    at = second(house)
    await applied(house, report(lecture_id, lecturer, at, at + 10))
    assert (await seen(house, "learner", lecture_id))["state"] == "open"
    due = int(start.timestamp())
    house.clock.at = start + timedelta(seconds=10)
    await applied(house, report(lecture_id, learner, due, due + 10))
    assert (await seen(house, "learner", lecture_id))["state"] == "open"
    await applied(house, report(lecture_id, lecturer, due - 5, due + 5))
    shown = await seen(house, "learner", lecture_id)
    assert shown["state"] == "live"
    assert shown["live_at"] == start.isoformat().replace("+00:00", "Z")
    # What came before it was live is kept and does not count.
    assert (await seen(house, "lecturer", lecture_id))["my_seconds"] == 5
    assert shown["my_seconds"] == 10


async def test_an_empty_room_ends_it_after_its_planned_end_only(house: House) -> None:
    lecture_id = await announced(house)
    await step(house, "lecturer", lecture_id, "start")
    await applied(house, event("room_finished", lecture_id, at=second(house)))
    assert (await seen(house, "lecturer", lecture_id))["state"] == "live"
    house.clock.at += timedelta(minutes=46)
    await applied(house, event("room_finished", lecture_id, at=second(house)))
    shown = await seen(house, "lecturer", lecture_id)
    assert shown["state"] in ("ended", "credited")


async def test_a_lecture_that_nobody_ended_is_ended(house: House) -> None:
    lecture_id = await announced(house)
    await step(house, "lecturer", lecture_id, "start")
    await end_forgotten(house.services)
    assert (await seen(house, "lecturer", lecture_id))["state"] == "live"
    house.clock.at += timedelta(hours=7)
    await end_forgotten(house.services)
    async with house.services.db.read() as session:
        lecture = await session.get(Lecture, lecture_id)
    assert lecture is not None
    assert lecture.ended_at == house.clock.now()


async def test_a_lecture_that_nobody_held_is_cancelled(house: House) -> None:
    lecture_id = await announced(house)
    await step(house, "learner", lecture_id, "join")
    await end_forgotten(house.services)
    assert (await seen(house, "learner", lecture_id))["state"] == "open"
    house.clock.at += timedelta(minutes=45 + 60)
    await end_forgotten(house.services)
    shown = await seen(house, "learner", lecture_id)
    assert shown["state"] == "cancelled"
    assert shown["cancel_reason"] != ""
    assert await entries(house, lecture_id) == {}


async def test_somebody_in_the_audience_may_speak_and_keeps_it_over_a_reload(house: House) -> None:
    lecture_id = await announced(house)
    seat = await step(house, "learner", lecture_id, "join?device=a")
    await step(house, "lecturer", lecture_id, "join?device=a")
    path = f"/api/lectures/{lecture_id}/speakers"
    allow = {"identity": seat["identity"], "allowed": True}
    assert (await house.as_("learner").post(path, allow)).code == "not_allowed"
    assert (await house.as_("specialist").post(path, allow)).code == "not_allowed"
    house.media.down = True
    assert (await house.as_("lecturer").post(path, allow)).code == "media_unavailable"
    house.media.down = False
    assert (await step(house, "learner", lecture_id, "join?device=a"))["can_publish"] is False
    assert (await house.as_("lecturer").post(path, allow)).status == 200
    name, (room, updated) = house.media.calls[-1]
    assert (name, room, updated.can_publish) == ("update", lecture_id, True)
    again = await step(house, "learner", lecture_id, "join?device=a")
    assert claims(again["token"])["video"]["canPublish"] is True
    stop = {"identity": seat["identity"], "allowed": False}
    assert (await house.as_("coordinator").post(path, stop)).status == 200
    assert (await step(house, "learner", lecture_id, "join?device=a"))["can_publish"] is False
    for unknown in ("nobody", house.world.staff["lecturer"]):
        answer = await house.as_("lecturer").post(path, {"identity": unknown, "allowed": True})
        assert answer.code == "not_found"
    await step(house, "lecturer", lecture_id, "start")
    await step(house, "lecturer", lecture_id, "end")
    assert (await house.as_("lecturer").post(path, allow)).code == "wrong_state"


async def test_the_list_shows_what_comes_first(house: House) -> None:
    tomorrow = (house.clock.now() + timedelta(days=1)).isoformat()
    later = await announced(house, starts_at=tomorrow)
    now = await announced(house)
    gone = await announced(house)
    await step(house, "coordinator", gone, "cancel", {"reason": "改期"})
    caller = house.as_("learner")

    async def ids(query: str) -> list[str]:
        return [row["id"] for row in (await caller.get(f"/api/lectures?{query}")).json["lectures"]]

    assert await ids("") == [now, later, gone]
    assert await ids("when=upcoming") == [now, later]
    assert await ids("when=past") == [gone]
    assert await ids("state=announced&limit=1&offset=1") == [later]
    assert (await caller.get("/api/lectures?when=never")).code == "invalid_request"
    assert (await house.nobody().get("/api/lectures")).code == "session_expired"


async def test_an_audience_that_comes_all_at_once_is_news_only_once(house: House) -> None:
    lecture_id = await announced(house)
    told: list[Any] = []
    house.services.db.publish = told.append
    people = ["learner", "rural_doctor", "rural_doctor_2", "county_doctor", "specialist"]
    rooms = await asyncio.gather(*(step(house, who, lecture_id, "join") for who in people))
    assert {room["role"] for room in rooms} == {"audience"}
    assert len({room["identity"] for room in rooms}) == len(people)
    assert [live.topic for live in told] == ["lectures"]


async def test_the_list_takes_as_many_queries_for_many_rows_as_for_one(house: House) -> None:
    counted: list[str] = []
    engine = house.services.db.engine.sync_engine

    def count(*args: Any) -> None:
        if str(args[2]).lstrip().startswith("SELECT"):
            counted.append(str(args[2]))

    async def queries() -> int:
        caller = house.as_("learner")
        counted.clear()
        sql_event.listen(engine, "before_cursor_execute", count)
        try:
            assert (await caller.get("/api/lectures")).status == 200
        finally:
            sql_event.remove(engine, "before_cursor_execute", count)
        return len(counted)

    async def fewest() -> int:
        # Background work reads now and again; it does not do so three times in a row.
        return min([await queries() for _ in range(3)])

    await announced(house)
    few = await fewest()
    for _ in range(5):
        await announced(house)
    assert await fewest() == few


@pytest.mark.parametrize("devices", [1, 2])
async def test_two_devices_of_one_learner_are_one_learner(house: House, devices: int) -> None:
    lecture_id = await announced(house)
    await step(house, "lecturer", lecture_id, "start")
    identities = [
        (await step(house, "learner", lecture_id, f"join?device=d{n}"))["identity"]
        for n in range(devices)
    ]
    assert len(set(identities)) == devices
    start = second(house)
    house.clock.at += timedelta(minutes=12)
    for identity in identities:
        await applied(house, report(lecture_id, identity, start, start + 700, sent=[]))
    shown = await seen(house, "learner", lecture_id)
    assert (shown["my_seconds"], shown["signed_in"]) == (700, 1)
