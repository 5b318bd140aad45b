"""Consults from asking to the activity entry, and everyone who may not."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import select

from server.pairing import service as pairing
from server.sessions.consult_closing import OUTCOME_WAIT, close_unanswered
from storage.db import SYSTEM
from storage.ids import new_id
from storage.tables.evidence import ActivityEntryRow
from storage.tables.pairing import Agreement
from storage.tables.sessions import Consult
from tests.api.conftest import House
from tests.api.consults import (
    TEXT,
    asked,
    do,
    live,
    request_body,
    scheduled,
    seen,
    signed,
    talk,
)
from tests.api.media_events import applied, event, report, second

OUTSIDERS = ["county_doctor", "stranger", "radiologist", "learner", "assessor", "authority"]


async def entry_of(house: House, consult_id: str) -> dict[str, Any]:
    async with house.services.db.read() as session:
        query = select(ActivityEntryRow).where(ActivityEntryRow.subject_id == consult_id)
        row = (await session.execute(query)).scalar_one()
    assert row.ledger_index is not None, "the entry must be sealed into the ledger"
    return dict(json.loads(row.canonical))


async def test_a_consult_from_request_to_entry(house: House) -> None:
    consult_id = await scheduled(house)
    for who in ("rural_doctor", "specialist"):
        room = await do(house, who, consult_id, "join?device=one")
        assert room["room"] == consult_id
        assert room["can_publish"] is True
        assert room["url"] == ""
        staff = house.world.staff[who]
        await applied(house, event("participant_joined", consult_id, staff, at=second(house)))
    assert (await seen(house, "rural_doctor", consult_id))["state"] == "live"
    start = second(house)
    await talk(house, consult_id, 6, "rural_doctor", "specialist")
    ended = await do(house, "specialist", consult_id, "end")
    assert ended["state"] == "opinion_draft"
    assert ("close_room", consult_id) in house.media.calls
    saved = await house.as_("specialist").put(
        f"/api/consults/{consult_id}/opinion", {"opinion": "初步意见", "advice": ""}
    )
    assert saved.json["clinical"]["opinion"] == "初步意见"
    hidden = await seen(house, "rural_doctor", consult_id)
    assert hidden["clinical"]["opinion"] == ""
    body = {"opinion": "考虑急性冠脉综合征(示例)", "advice": "尽快上转"}
    await do(house, "specialist", consult_id, "sign", body)
    shown = await seen(house, "rural_doctor", consult_id)
    assert shown["state"] == "signed"
    assert shown["clinical"]["opinion"] == body["opinion"]
    assert shown["clinical"]["signature"]["name"] == "王示例"
    assert shown["actions"] == ["file_back", "report_outcome"]
    closed = await do(house, "rural_doctor", consult_id, "outcome", {"outcome": "adopted"})
    assert closed["state"] == "closed"
    entry = await entry_of(house, consult_id)
    assert closed["entry_id"] == entry["id"]
    assert entry["creditable"] is True
    assert entry["facts"]["shared_seconds"] == 360
    assert entry["facts"]["outcome"] == "adopted"
    assert {(p["role"], p["verified_seconds"]) for p in entry["people"]} == {
        ("requester", 360),
        ("specialist", 360),
    }
    assert entry["people"][0]["intervals"] == [[start, start + 360]]
    assert entry["plan_item"] is not None
    assert "胸痛" not in json.dumps(entry, ensure_ascii=False)
    included = [item for item in entry["evidence"] if item["included"]]
    assert {item["name"] for item in included} == {"attendance.json", "media-reports.ndjson"}
    for item in included:
        data = await house.services.blobs.read(item["sha256"])
        assert hashlib.sha256(data).hexdigest() == item["sha256"]
        assert b"pat_" not in data


async def test_the_signature_covers_what_was_on_screen(house: House) -> None:
    consult_id = await signed(house)
    async with house.services.db.read() as session:
        consult = await session.get(Consult, consult_id)
    assert consult is not None
    assert consult.signed_document is not None
    digest = hashlib.sha256(consult.signed_document.encode()).hexdigest()
    shown = await seen(house, "specialist", consult_id)
    assert shown["clinical"]["signature"]["sha256"] == digest
    document = json.loads(consult.signed_document)
    assert document["opinion"] == shown["clinical"]["opinion"]
    assert document["signer"]["licence"] == "示例000000"
    again = await house.as_("specialist").post(
        f"/api/consults/{consult_id}/sign", {"opinion": "别的", "advice": ""}
    )
    assert again.code == "wrong_state"


async def test_an_empty_opinion_is_not_signed(house: House) -> None:
    consult_id = await live(house)
    await do(house, "specialist", consult_id, "end")
    answer = await house.as_("specialist").post(
        f"/api/consults/{consult_id}/sign", {"opinion": "  ", "advice": "x"}
    )
    assert answer.code == "invalid_request"
    assert (await seen(house, "specialist", consult_id))["state"] == "opinion_draft"


async def test_a_draft_is_seen_by_its_own_side_only(house: House) -> None:
    answer = await house.as_("rural_doctor").post("/api/consults", request_body(house))
    consult_id = answer.json["id"]
    assert answer.json["state"] == "draft"
    assert answer.json["actions"] == ["attach", "cancel", "edit", "submit"]
    for who in ("specialist", "coordinator", *OUTSIDERS[:3]):
        assert (await house.as_(who).get(f"/api/consults/{consult_id}")).status == 404
    changed = await house.as_("rural_doctor_2").patch(
        f"/api/consults/{consult_id}", {"question": "换个问题", "urgency": "emergency"}
    )
    assert changed.json["clinical"]["question"] == "换个问题"
    assert changed.json["clinical"]["summary"] == TEXT["summary"]
    sent = await do(house, "rural_doctor", consult_id, "submit")
    assert sent["state"] == "submitted"
    refused = await house.as_("rural_doctor").patch(
        f"/api/consults/{consult_id}", {"question": "太晚了"}
    )
    assert refused.code == "wrong_state"


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_outsiders_get_the_same_answer_as_for_nothing(house: House, who: str) -> None:
    department = house.world.departments["心内科"]
    consult_id = await asked(house, department_id=department)
    for step in ("", "/accept", "/join"):
        method = "GET" if not step else "POST"
        body = {"json": {}} if step == "/accept" else {}
        there = await house.as_(who).request(method, f"/api/consults/{consult_id}{step}", **body)
        absent = await house.as_(who).request(
            method, f"/api/consults/{new_id('con')}{step}", **body
        )
        assert there.status == absent.status
        assert there.status in (403, 404)
        strip = ("request_id", "instance")
        assert {k: v for k, v in there.json.items() if k not in strip} == {
            k: v for k, v in absent.json.items() if k not in strip
        }


async def test_the_invitation_names_who_sees_the_case(house: House) -> None:
    department = await asked(house, department_id=house.world.departments["影像科"])
    person = await asked(house, specialist_id=house.world.staff["specialist"])
    anyone = await asked(house)

    async def sees(who: str) -> set[str]:
        answer = await house.as_(who).get("/api/consults")
        return {row["id"] for row in answer.json["consults"]}

    assert await sees("radiologist") == {department, anyone}
    assert await sees("specialist") == {person, anyone}
    assert await sees("specialist_2") == {anyone}
    assert await sees("stranger") == set()
    await do(house, "specialist", anyone, "accept", {})
    # From acceptance on, only who took the case sees it.
    assert await sees("specialist_2") == set()
    assert await sees("radiologist") == {department}
    assert await sees("specialist") == {person, anyone}
    assert await sees("rural_doctor_2") == {department, person, anyone}


async def test_the_patients_name_is_shortened_outside_of_the_own_unit(house: House) -> None:
    consult_id = await asked(house)
    own = await seen(house, "rural_doctor", consult_id)
    assert own["clinical"]["patient"]["name"] == "患者示例"
    other = await seen(house, "specialist", consult_id)
    assert other["clinical"]["patient"]["name"] == "患××(示例)"
    assert other["clinical"]["patient"]["age"] == 67


async def test_the_coordinator_sees_schedule_and_no_clinical_text(house: House) -> None:
    consult_id = await scheduled(house, minutes_ahead=120)
    answer = await house.as_("coordinator").get(f"/api/consults/{consult_id}")
    assert answer.status == 200
    text = answer.body.decode()
    assert answer.json["clinical"] is None
    assert answer.json["patient"] is None
    assert answer.json["starts_at"] is not None
    for secret in ("胸痛", "转诊", "患者示例", "患××", house.world.patient):
        assert secret not in text
    listed = await house.as_("coordinator").get("/api/consults")
    assert "胸痛" not in listed.body.decode()
    assert listed.json["counts"]["by_state"] == {"scheduled": 1}
    later = (house.clock.now() + timedelta(minutes=200)).isoformat()
    moved = await do(house, "coordinator", consult_id, "schedule", {"starts_at": later})
    assert moved["actions"] == ["schedule"]
    refused = await house.as_("coordinator").post(
        f"/api/consults/{consult_id}/cancel", {"reason": "不该由我取消"}
    )
    assert refused.code == "not_allowed"
    joined = await house.as_("coordinator").post(f"/api/consults/{consult_id}/join")
    assert joined.code == "not_allowed"
    assert (
        await house.as_("township_coordinator").get(f"/api/consults/{consult_id}")
    ).status == 404


async def test_asked_for_more_answered_declined(house: House) -> None:
    consult_id = await asked(house)
    await do(house, "specialist", consult_id, "ask", {"message": "请补充心电图"})
    shown = await seen(house, "rural_doctor", consult_id)
    assert shown["state"] == "needs_information"
    assert shown["actions"] == ["answer", "attach", "cancel", "edit"]
    counts = (await house.as_("rural_doctor").get("/api/consults")).json["counts"]
    assert counts["waiting_for_me"] == 1
    await do(house, "rural_doctor", consult_id, "answer", {"message": "已补充"})
    declined = await do(house, "specialist", consult_id, "decline", {"reason": "超出本科范围"})
    assert declined["state"] == "declined"
    assert [note["kind"] for note in declined["clinical"]["notes"]] == ["ask", "answer", "decline"]
    assert (await house.as_("specialist_2").get(f"/api/consults/{consult_id}")).status == 404


async def test_cancelled_before_live_with_a_reason_by_either_side(house: House) -> None:
    first, second_id = await scheduled(house), await scheduled(house)
    short = await house.as_("rural_doctor").post(f"/api/consults/{first}/cancel", {"reason": ""})
    assert short.code == "invalid_request"
    await do(house, "rural_doctor", first, "cancel", {"reason": "患者已转院"})
    await do(house, "specialist", second_id, "cancel", {"reason": "急诊手术"})
    for consult_id in (first, second_id):
        assert (await seen(house, "rural_doctor", consult_id))["state"] == "cancelled"
        answer = await house.as_("rural_doctor").post(f"/api/consults/{consult_id}/join")
        assert answer.code == "wrong_state"


async def test_the_wrong_side_and_the_wrong_state_are_told_apart(house: House) -> None:
    consult_id = await scheduled(house)
    assert (await house.as_("rural_doctor").post(f"/api/consults/{consult_id}/end")).status == 403
    wrong = await house.as_("specialist").post(f"/api/consults/{consult_id}/end")
    assert wrong.code == "wrong_state"
    assert wrong.json["state"] == "scheduled"
    early = await house.as_("rural_doctor").post(
        f"/api/consults/{consult_id}/outcome", {"outcome": "adopted"}
    )
    assert early.code == "wrong_state"
    filed = await house.as_("rural_doctor").post(f"/api/consults/{consult_id}/file-back")
    assert filed.code == "wrong_state"
    opinion = await house.as_("specialist").put(
        f"/api/consults/{consult_id}/opinion", {"opinion": "早了"}
    )
    assert opinion.code == "wrong_state"
    for who, step, body in (
        ("specialist", "submit", None),
        ("specialist", "answer", {"message": "x"}),
        ("rural_doctor", "ask", {"message": "x"}),
        ("rural_doctor", "decline", {"reason": "xx"}),
        ("rural_doctor", "sign", {"opinion": "x"}),
        ("specialist", "outcome", {"outcome": "adopted"}),
        ("specialist", "file-back", None),
        ("learner", "cancel", {"reason": "xx"}),
        ("learner", "schedule", {"starts_at": house.clock.now().isoformat()}),
    ):
        options = {} if body is None else {"json": body}
        answer = await house.as_(who).request(
            "POST", f"/api/consults/{consult_id}/{step}", **options
        )
        assert answer.code == "not_allowed", (who, step)


async def test_requests_that_make_no_sense_are_refused(house: House) -> None:
    doctor = house.as_("rural_doctor")
    foreign = await doctor.post(
        "/api/consults", request_body(house, patient_id=house.world.county_patient)
    )
    absent = await doctor.post("/api/consults", request_body(house, patient_id=new_id("pat")))
    assert foreign.status == absent.status == 404
    assert foreign.json["message"] == absent.json["message"]
    unpaired = request_body(house, supporting_id=house.world.organisations["other"])
    assert (await doctor.post("/api/consults", unpaired)).code == "agreement_not_in_force"
    for wrong in (
        {"specialist_id": house.world.staff["stranger"]},
        {"specialist_id": house.world.staff["coordinator"]},
        {"specialist_id": new_id("stf")},
        {"department_id": new_id("dep")},
        {"summary": ""},
        {"urgency": "soon"},
        {"wished_at": "2026-11-23T10:00:00"},
        {"wished_at": "9999-12-31T23:59:59-12:00"},
        {"wished_at": "0001-01-01T00:00:00+14:00"},
        {"unknown": 1},
        {"summary": "a\x00b"},
    ):
        answer = await doctor.post("/api/consults", request_body(house, **wrong))
        assert answer.code == "invalid_request", wrong
    assert (await house.as_("specialist").post("/api/consults", request_body(house))).status == 403
    consult_id = await asked(house)
    past = (house.clock.now() - timedelta(hours=1)).isoformat()
    answer = await house.as_("specialist").post(
        f"/api/consults/{consult_id}/accept", {"starts_at": past}
    )
    assert answer.code == "invalid_request"
    assert (await seen(house, "specialist", consult_id))["state"] == "submitted"
    reasonless = await house.as_("rural_doctor").post(
        f"/api/consults/{consult_id}/outcome", {"outcome": "not_adopted"}
    )
    assert reasonless.code == "invalid_request"


async def test_an_agreement_that_ends_takes_the_case_away(house: House) -> None:
    consult_id = await scheduled(house)
    async with house.services.db.write(SYSTEM) as tx:
        agreement = await tx.session.get(Agreement, house.world.agreement)
        assert agreement is not None
        agreement.terminated_at = house.clock.now()
        tx.audit(pairing.PairingAction.AGREEMENT_CREATED, "agreement", agreement.id)
    for who in ("specialist", "coordinator"):
        assert (await house.as_(who).get(f"/api/consults/{consult_id}")).status == 404
        listed = await house.as_(who).get("/api/consults")
        assert listed.json["consults"] == []
    own = await house.as_("rural_doctor").get(f"/api/consults/{consult_id}")
    assert own.status == 200
    assert "join" not in own.json["actions"]
    joined = await house.as_("rural_doctor").post(f"/api/consults/{consult_id}/join")
    assert joined.code == "agreement_not_in_force"
    asked_again = await house.as_("rural_doctor").post("/api/consults", request_body(house))
    assert asked_again.code == "agreement_not_in_force"


async def test_an_expired_or_wrong_token_is_refused(house: House) -> None:
    consult_id = await asked(house)
    caller = house.as_("rural_doctor")
    house.clock.at += timedelta(hours=1)
    assert (await caller.get(f"/api/consults/{consult_id}")).code == "session_expired"
    for token in ("", "nonsense", house.as_("rural_doctor").token + "x"):  # type: ignore[operator]
        answer = await house.nobody(token).get(f"/api/consults/{consult_id}")
        assert answer.code == "session_expired"


@pytest.mark.parametrize(
    ("people", "minutes", "reason"),
    [
        ((), 6, "no_media"),
        (("specialist",), 6, "one_side_only"),
        (("rural_doctor",), 6, "one_side_only"),
        (("rural_doctor", "specialist"), 4, "too_short"),
    ],
)
async def test_what_did_not_really_happen_is_kept_without_credit(
    house: House, people: tuple[str, ...], minutes: int, reason: str
) -> None:
    consult_id = await live(house)
    await talk(house, consult_id, minutes, *people)
    await do(house, "specialist", consult_id, "end")
    await do(house, "specialist", consult_id, "sign", {"opinion": "意见(示例)"})
    body = {"outcome": "not_adopted", "reason": "家属另有安排"}
    await do(house, "rural_doctor", consult_id, "outcome", body)
    entry = await entry_of(house, consult_id)
    assert entry["creditable"] is False
    assert entry["reasons"] == [reason]
    assert "家属" not in json.dumps(entry, ensure_ascii=False)


async def test_filed_back_by_hand_and_reported_later(house: House) -> None:
    consult_id = await signed(house)
    filed = await do(house, "rural_doctor_2", consult_id, "file-back")
    assert filed["state"] == "filed_back"
    assert filed["actions"] == ["report_outcome"]
    closed = await do(house, "rural_doctor", consult_id, "outcome", {"outcome": "adopted"})
    assert closed["state"] == "closed"
    again = await house.as_("rural_doctor").post(
        f"/api/consults/{consult_id}/outcome", {"outcome": "adopted"}
    )
    assert again.code == "wrong_state"


async def test_a_consult_that_nobody_answers_closes_by_itself(house: House) -> None:
    consult_id = await signed(house)
    assert await close_unanswered(house.services) == 0
    house.clock.at += OUTCOME_WAIT
    await close_unanswered(house.services)
    shown = await seen(house, "rural_doctor", consult_id)
    assert shown["state"] == "closed"
    entry = await entry_of(house, consult_id)
    assert entry["facts"]["outcome"] == "unanswered"
    assert entry["creditable"] is True
    assert await close_unanswered(house.services) == 0


async def test_reports_after_the_entry_change_nothing(house: House) -> None:
    consult_id = await signed(house)
    staff = house.world.staff["specialist"]
    start = second(house)
    assert await applied(house, report(consult_id, staff, start, start + 10)) == "applied"
    await do(house, "rural_doctor", consult_id, "outcome", {"outcome": "adopted"})
    before = await seen(house, "specialist", consult_id)
    assert await applied(house, report(consult_id, staff, start + 10, start + 20)) == "late"
    assert (await seen(house, "specialist", consult_id))["attendance"] == before["attendance"]


async def test_the_list_filters_orders_and_pages(house: House) -> None:
    routine = await asked(house)
    emergency = await asked(house, urgency="emergency")
    wished = (house.clock.now() - timedelta(days=1)).isoformat()
    earlier = await asked(house, wished_at=wished)
    done = await asked(house)
    await do(house, "specialist", done, "decline", {"reason": "重复申请"})
    caller = house.as_("rural_doctor")

    async def ids(query: str) -> list[str]:
        answer = await caller.get(f"/api/consults?{query}")
        assert answer.status == 200, answer.body
        return [row["id"] for row in answer.json["consults"]]

    assert await ids("") == [emergency, earlier, routine, done]
    assert await ids("urgency=emergency") == [emergency]
    assert await ids("state=declined") == [done]
    assert await ids("state=declined&state=submitted&limit=1") == [emergency]
    assert await ids("open=true&offset=1") == [earlier, routine]
    assert await ids("mine=true&open=true") == [emergency, earlier, routine]
    page = await caller.get("/api/consults?limit=2")
    assert page.json["total"] == 4
    assert page.json["counts"]["by_state"] == {"submitted": 3, "declined": 1}
    answer = await house.as_("rural_doctor_2").get("/api/consults?mine=true")
    assert answer.json["consults"] == []
    waiting = await house.as_("specialist").get("/api/consults?limit=1")
    assert waiting.json["counts"]["waiting_for_me"] == 3
    for query in ("limit=0", "limit=201", "offset=-1", "state=none", "unknown=1"):
        assert (await caller.get(f"/api/consults?{query}")).code == "invalid_request"
    assert (await house.as_("learner").get("/api/consults")).code == "not_allowed"


async def test_the_list_takes_as_many_queries_for_many_rows_as_for_one(house: House) -> None:
    counted: list[str] = []
    engine = house.services.db.engine.sync_engine

    def count(*args: Any) -> None:
        if str(args[2]).lstrip().startswith("SELECT"):
            counted.append(str(args[2]))

    async def queries() -> int:
        counted.clear()
        assert (await house.as_("rural_doctor").get("/api/consults")).status == 200
        return len(counted)

    async def fewest() -> int:
        # Background work reads now and again; it does not do so three times in a row.
        return min([await queries() for _ in range(3)])

    await asked(house)
    sql_event.listen(engine, "before_cursor_execute", count)
    try:
        few = await fewest()
        for _ in range(6):
            await asked(house)
        assert await fewest() == few
    finally:
        sql_event.remove(engine, "before_cursor_execute", count)


async def test_changes_reach_the_open_pages_of_both_sides(house: House) -> None:
    seen_events: list[Any] = []
    house.services.db.publish = seen_events.append
    consult_id = await asked(house)
    ours = [live for live in seen_events if live.topic == "consults"]
    assert [live.id for live in ours] == [consult_id]
    expected = {house.world.organisations["city"], house.world.organisations["township"]}
    assert ours[0].organisations == expected
