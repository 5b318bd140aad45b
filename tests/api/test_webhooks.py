"""Webhooks and rooms: signatures, exactly once, any order, who gets a seat under which identity."""

from __future__ import annotations

import asyncio
import io
import json
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from sqlalchemy import func, select

from server.sessions import deserted, webhooks
from server.sessions.rooms import MAX_DEVICES
from storage.ids import new_id
from storage.tables.audit import AuditRow
from storage.tables.evidence import ActivityEntryRow
from storage.tables.sessions import AppliedEvent, MediaReport, SessionAttendance
from tests.api.conftest import SECRET, House
from tests.api.consults import do, live, scheduled, seen, talk
from tests.api.media_events import applied, event, post, post_raw, report, second, signature


async def rows(house: House, table: Any) -> int:
    async with house.services.db.read() as session:
        return int((await session.execute(select(func.count()).select_from(table))).scalar_one())


async def seconds_of(house: House, consult_id: str, who: str) -> int:
    shown = await seen(house, "specialist", consult_id)
    staff = house.world.staff[who]
    return sum(
        row["verified_seconds"] for row in shown["attendance"] if row["person"]["id"] == staff
    )


async def test_a_forged_webhook_is_refused_and_leaves_nothing(house: House) -> None:
    consult_id = await live(house)
    before = await rows(house, AppliedEvent)
    document = report(consult_id, house.world.staff["specialist"], second(house), second(house) + 9)
    body = json.dumps(document).encode()
    good = signature(body)
    user_token = (await do(house, "specialist", consult_id, "join"))["token"]
    for authorization in (
        "",
        "nonsense",
        signature(body, secret="another-secret-of-more-than-thirty-two-bytes"),
        signature(body, key="DKother"),
        signature(body, minutes=-10),
        signature(body + b" "),
        user_token,  # signed with the same secret, for another purpose
        jwt.encode({"iss": "DKtest", "sha256": ""}, SECRET, algorithm="HS256"),
        jwt.encode({"iss": "DKtest", "exp": 9999999999, "sha256": 5}, SECRET, algorithm="HS256"),
        jwt.encode({"iss": "DKtest", "exp": 9999999999}, "", algorithm="none"),
    ):
        answer = await post_raw(house, body, authorization)
        assert answer.code == "webhook_refused", authorization
    tampered = await post_raw(house, body.replace(b"sfu", b"SFU"), good)
    assert tampered.code == "webhook_refused"
    assert await rows(house, AppliedEvent) == before
    assert (await post_raw(house, body, good)).json == {"result": "applied"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"event": "media_report", "id": "MR_1", "room": {"name": "x"}, "a": NaN}',
        b'{"event": "media_report", "id": "\\ud800"}',
        b'{"event": "media_report", "id": "a\\u0000"}',
        b'{"event": 7}',
        b'{"event": "participant_joined", "id": "EV_1", "room": []}',
        b'{"event": "participant_joined", "id": "EV_1", "room": {"name": "con_1"}}',
    ],
)
async def test_a_signed_but_malformed_webhook_is_a_clear_no(house: House, body: bytes) -> None:
    answer = await post(house, body)
    assert (answer.status, answer.code) == (400, "webhook_malformed")


async def test_an_oversize_webhook_is_refused(house: House) -> None:
    body = b" " * (1024 * 1024 + 1)
    headers = {"Authorization": signature(body)}
    answer = await house.nobody().request(
        "POST", "/hooks/livekit", data=io.BytesIO(body), headers=headers
    )
    assert answer.code == "body_too_large"


async def test_unknown_rooms_and_people_are_answered_and_ignored(house: House) -> None:
    consult_id = await live(house)
    staff = house.world.staff
    at = second(house)
    before = await rows(house, AppliedEvent)
    for document in (
        event("participant_joined", new_id("con"), staff["specialist"], at=at),
        event("participant_joined", new_id("lec"), staff["specialist"], at=at),
        event("participant_joined", "playground", staff["specialist"], at=at),
        event("participant_joined", consult_id, "EG_recorder", at=at),
        event("participant_joined", consult_id, new_id("stf"), at=at),
        event("participant_joined", consult_id, staff["stranger"], at=at),
        event("track_published", consult_id, staff["specialist"], at=at),
        event("room_started", consult_id, at=at),
        report(consult_id, staff["stranger"], at, at + 10),
    ):
        assert await applied(house, document) == "ignored"
    assert await rows(house, AppliedEvent) == before


async def test_an_event_is_applied_exactly_once(house: House) -> None:
    consult_id = await live(house)
    start = second(house)
    house.clock.at += timedelta(seconds=30)
    document = report(consult_id, house.world.staff["specialist"], start, start + 10)
    assert await applied(house, document) == "applied"
    assert await applied(house, document) == "repeated"
    # The same id with another claim is a repetition as well.
    other = report(consult_id, house.world.staff["specialist"], start + 10, start + 20)
    assert await applied(house, {**other, "id": document["id"]}) == "repeated"
    assert await rows(house, MediaReport) == 1
    assert await seconds_of(house, consult_id, "specialist") == 10


async def test_the_same_event_delivered_at_the_same_moment(house: House) -> None:
    consult_id = await live(house)
    start = second(house)
    house.clock.at += timedelta(seconds=30)
    document = report(consult_id, house.world.staff["specialist"], start, start + 10)
    results = await asyncio.gather(*(applied(house, document) for _ in range(6)))
    assert sorted(results) == ["applied", *["repeated"] * 5]
    assert await rows(house, MediaReport) == 1


async def test_reports_in_any_order_and_overlapping_give_the_same_minutes(house: House) -> None:
    consult_id = await live(house)
    staff, start = house.world.staff["specialist"], second(house)
    house.clock.at += timedelta(seconds=60)
    # Five stays of one person, told in any order.
    for a, b in ((40, 50), (0, 10), (45, 55), (10, 20), (5, 15)):
        told = report(consult_id, staff, start + a, start + b, sid=f"PA_{a}")
        await applied(house, told)
    # A second device at the same time adds nothing that was counted.
    await applied(house, report(consult_id, f"{staff}#2", start + 15, start + 25))
    assert await seconds_of(house, consult_id, "specialist") == 40


async def test_concurrent_reports_of_one_person_lose_nothing(house: House) -> None:
    consult_id = await live(house)
    staff, start = house.world.staff["specialist"], second(house)
    house.clock.at += timedelta(seconds=200)
    await asyncio.gather(
        *(
            applied(house, report(consult_id, staff, at, at + 10, sid=f"PA_{at}"))
            for at in range(start, start + 120, 10)
        )
    )
    assert await seconds_of(house, consult_id, "specialist") == 120


def _refusals(reason: str) -> float:
    return webhooks.REFUSALS.labels(reason)._value.get()


async def test_reports_that_cannot_be_true_are_refused_and_counted(house: House) -> None:
    consult_id, other = await live(house), await live(house, question="另一例(示例)")
    staff, doctor = house.world.staff["specialist"], house.world.staff["rural_doctor"]
    start = second(house)
    house.clock.at += timedelta(seconds=60)
    mine = f"PA_{staff[-6:]}"
    await applied(
        house, event("participant_joined", consult_id, staff, sid="PA_late", at=start + 40)
    )
    await applied(house, report(consult_id, staff, start + 10, start + 20))
    good = report(consult_id, staff, start + 20, start + 30)
    for reason, document in (
        ("order", report(consult_id, staff, start, start + 10)),  # an older window, held back
        ("order", report(consult_id, staff, start + 15, start + 25)),  # claims seconds again
        ("future", report(consult_id, staff, start + 30, start + 60 + 200)),
        ("stale", report(consult_id, staff, start - 9000, start - 8990, sid="PA_fresh")),
        ("stale", report(consult_id, staff, start + 20, start + 30, sid="PA_late")),
        ("other_person", report(consult_id, doctor, start + 20, start + 30, sid=mine)),
        ("other_room", report(other, staff, start + 20, start + 30, sid="PA_late")),
        ("other_room", {**good, "id": new_id("MR"), "room": {"sid": "RM_y", "name": consult_id}}),
    ):
        before = _refusals(reason)
        answer = await post(house, document)
        assert (answer.status, answer.code, answer.json["reason"]) == (
            422,
            "report_refused",
            reason,
        )
        assert _refusals(reason) == before + 1
    assert await seconds_of(house, consult_id, "specialist") == 10
    assert await applied(house, good) == "applied"
    assert await seconds_of(house, consult_id, "specialist") == 20
    async with house.services.db.read() as session:
        query = select(AuditRow.details).where(AuditRow.action == "sessions:room:refuse")
        told = list((await session.execute(query)).scalars())
    assert sorted(row["reason"] for row in told) == sorted(
        ["order", "order", "future", "stale", "stale", "other_person", "other_room", "other_room"]
    )
    forged, expired = _refusals("forged"), _refusals("expired")
    body = json.dumps(good).encode()
    await post_raw(house, body + b" ", signature(body))
    await post_raw(house, body, signature(body, minutes=-10))
    assert (_refusals("forged"), _refusals("expired")) == (forged + 1, expired + 1)


async def test_a_killed_media_server_leaves_one_session_with_its_gap(house: House) -> None:
    """Both sides are cut off, come back under new sids in a new room, and go on: one session."""
    consult_id = await live(house)
    people = [house.world.staff[who] for who in ("rural_doctor", "specialist")]
    start = second(house)
    house.clock.at += timedelta(minutes=4)
    cut = second(house)
    for staff in people:
        await applied(house, report(consult_id, staff, start, cut))
    # The next process tells what was open, then people come back.
    house.clock.at += timedelta(seconds=3)
    for staff in people:
        left = event("participant_left", consult_id, staff, at=cut)
        left["participant"]["disconnectReason"] = "SERVER_SHUTDOWN"
        await applied(house, left)
    ended = event("room_finished", consult_id, at=cut, roomEndReason="ROOM_END_SERVER_SHUTDOWN")
    await applied(house, ended)
    shown = await seen(house, "specialist", consult_id)
    assert (shown["state"], shown["ended_at"]) == ("live", None)
    await deserted.end_deserted(house.services)
    house.clock.at += timedelta(seconds=2)
    back = second(house)
    for staff in people:
        sid = f"PA_again_{staff[-6:]}"
        joined = event("participant_joined", consult_id, staff, sid=sid, at=back)
        joined["room"]["sid"] = "RM_again"
        await applied(house, joined)
    house.clock.at += timedelta(minutes=4)
    for staff in people:
        sid = f"PA_again_{staff[-6:]}"
        again = report(consult_id, staff, back, second(house), sid=sid)
        again["room"]["sid"] = "RM_again"
        await applied(house, again)
    await deserted.end_deserted(house.services)
    await do(house, "specialist", consult_id, "end")
    opinion = {"opinion": "意见(示例)", "advice": ""}
    await do(house, "specialist", consult_id, "sign", opinion)
    await do(house, "rural_doctor", consult_id, "outcome", {"outcome": "adopted"})
    async with house.services.db.read() as session:
        query = select(ActivityEntryRow).where(ActivityEntryRow.subject_id == consult_id)
        entries = (await session.execute(query)).scalars().all()
    assert len(entries) == 1
    entry = json.loads(entries[0].canonical)
    assert entry["facts"]["shared_seconds"] == 480
    assert entry["facts"]["interrupted_seconds"] == back - cut == 5
    digest = next(i["sha256"] for i in entry["evidence"] if i["name"] == "attendance.json")
    document = json.loads(await house.services.blobs.read(digest))
    assert document["interruptions"] == [[cut, back]]


@pytest.mark.parametrize("told", [True, False])
async def test_a_session_nobody_comes_back_to_ends_at_its_last_second(
    house: House, told: bool
) -> None:
    """Whether the media server came back and told of the cut, or never came back at all."""
    consult_id = await live(house)
    people = [house.world.staff[who] for who in ("rural_doctor", "specialist")]
    await deserted.end_deserted(house.services)
    start = second(house)
    house.clock.at += timedelta(minutes=5)
    cut = second(house)
    for staff in people:
        await applied(house, report(consult_id, staff, start, cut))
        if told:
            left = event("participant_left", consult_id, staff, at=cut)
            left["participant"]["disconnectReason"] = "SERVER_SHUTDOWN"
            await applied(house, left)
    house.clock.at += timedelta(seconds=100)
    await deserted.end_deserted(house.services)
    assert (await seen(house, "specialist", consult_id))["state"] == "live"
    house.clock.at += timedelta(minutes=1 if told else 10)
    await deserted.end_deserted(house.services)
    shown = await seen(house, "specialist", consult_id)
    assert shown["state"] == "opinion_draft"
    assert second_of(shown["ended_at"]) == cut
    # Coming back late opens it again.
    await applied(
        house,
        event("participant_joined", consult_id, people[1], sid="PA_late", at=second(house)),
    )
    assert (await seen(house, "specialist", consult_id))["state"] == "live"


def second_of(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


async def test_time_away_and_muted_is_marked_and_nothing_is_taken_off(house: House) -> None:
    consult_id = await live(house)
    staff, start = house.world.staff["specialist"], second(house)
    house.clock.at += timedelta(seconds=30)
    told = report(consult_id, staff, start, start + 30)
    told["mediaReport"]["away"] = [[start + 5, start + 12], [start + 29, start + 99]]
    voice = told["mediaReport"]["tracks"][0]
    voice["muted"] = [[start + 1, start + 4]]
    # Voice only: the camera is off all the time, and so is a shared screen's sound.
    off: dict[str, Any] = {"media": [], "muted": [[start, start + 30]]}
    told["mediaReport"]["tracks"] += [
        {**voice, **off, "kind": "video", "source": "CAMERA"},
        {**voice, **off, "source": "SCREEN_SHARE_AUDIO"},
    ]
    await applied(house, told)
    assert await seconds_of(house, consult_id, "specialist") == 30
    async with house.services.db.read() as session:
        row = await session.get(SessionAttendance, (consult_id, staff))
        assert row is not None
        assert row.away == [[start + 5, start + 12], [start + 29, start + 30]]
        assert row.muted == [[start + 1, start + 4]]


async def test_the_first_in_the_room_begins_it_and_earlier_news_moves_the_start(
    house: House,
) -> None:
    consult_id = await scheduled(house)
    staff, start = house.world.staff["specialist"], second(house)
    house.clock.at += timedelta(seconds=60)
    # The report overtook the news of joining.
    await applied(house, report(consult_id, staff, start + 20, start + 30))
    shown = await seen(house, "specialist", consult_id)
    assert shown["state"] == "live"
    await applied(house, event("participant_joined", consult_id, staff, at=start + 15))
    assert await seconds_of(house, consult_id, "specialist") == 10
    await applied(house, report(consult_id, staff, start + 10, start + 20, sid="PA_other"))
    assert await seconds_of(house, consult_id, "specialist") == 20


async def test_an_absurd_time_of_an_event_is_replaced_by_ours(house: House) -> None:
    consult_id = await scheduled(house)
    staff = house.world.staff["specialist"]
    late = second(house) + 10**6
    await applied(house, event("participant_joined", consult_id, staff, at=late))
    shown = await seen(house, "specialist", consult_id)
    assert shown["live_at"] == house.clock.now().isoformat().replace("+00:00", "Z")


async def test_a_room_that_empties_before_both_met_waits_again(house: House) -> None:
    consult_id = await scheduled(house)
    staff, at = house.world.staff["specialist"], second(house)
    await applied(house, event("participant_joined", consult_id, staff, at=at))
    await applied(house, event("participant_left", consult_id, staff, at=at + 5))
    await applied(house, event("room_finished", consult_id, at=at + 6))
    shown = await seen(house, "specialist", consult_id)
    assert (shown["state"], shown["live_at"]) == ("scheduled", None)
    assert "cancel" in shown["actions"]


async def test_a_room_that_empties_after_both_met_is_over_until_somebody_returns(
    house: House,
) -> None:
    consult_id = await live(house)
    await talk(house, consult_id, 2, "rural_doctor", "specialist")
    at = second(house)
    for who in ("rural_doctor", "specialist"):
        await applied(house, event("participant_left", consult_id, house.world.staff[who], at=at))
    await applied(house, event("room_finished", consult_id, at=at))
    shown = await seen(house, "specialist", consult_id)
    assert shown["state"] == "opinion_draft"
    assert {"join", "sign", "save_opinion"} <= set(shown["actions"])
    # Old news opens nothing again; coming back does.
    staff = house.world.staff["specialist"]
    await applied(house, event("participant_joined", consult_id, staff, at=at - 30, sid="PA_old"))
    assert (await seen(house, "specialist", consult_id))["state"] == "opinion_draft"
    house.clock.at += timedelta(minutes=1)
    await do(house, "specialist", consult_id, "join?device=one")
    back = second(house)
    await applied(house, event("participant_joined", consult_id, staff, at=back, sid="PA_new"))
    shown = await seen(house, "specialist", consult_id)
    assert (shown["state"], shown["ended_at"]) == ("live", None)
    # News of the first room's end that comes only now does not end the second.
    await applied(house, event("room_finished", consult_id, at=at))
    assert (await seen(house, "specialist", consult_id))["state"] == "live"
    await do(house, "specialist", consult_id, "end")
    assert (await house.as_("specialist").post(f"/api/consults/{consult_id}/join")).code == (
        "session_over"
    )
    await applied(
        house, event("participant_joined", consult_id, staff, at=back + 5, sid="PA_ghost")
    )
    assert (await seen(house, "specialist", consult_id))["state"] == "opinion_draft"


async def test_news_of_joining_after_news_of_leaving_begins_nothing(house: House) -> None:
    consult_id = await scheduled(house)
    staff, at = house.world.staff["specialist"], second(house)
    await applied(house, event("participant_connection_aborted", consult_id, staff, at=at + 3))
    await applied(house, event("participant_joined", consult_id, staff, at=at))
    assert (await seen(house, "specialist", consult_id))["state"] == "scheduled"


async def test_media_after_the_end_does_not_count(house: House) -> None:
    consult_id = await live(house)
    staff, start = house.world.staff["specialist"], second(house)
    house.clock.at += timedelta(seconds=30)
    await do(house, "specialist", consult_id, "end")
    await applied(house, report(consult_id, staff, start + 20, start + 90))
    assert await seconds_of(house, consult_id, "specialist") == 10


async def test_join_before_time_in_time_and_after(house: House) -> None:
    consult_id = await scheduled(house, minutes_ahead=60)
    path = f"/api/consults/{consult_id}/join"
    early = await house.as_("rural_doctor").post(path)
    assert early.code == "join_too_early"
    opens = house.clock.now() + timedelta(minutes=45)
    assert early.json["opens_at"] == opens.isoformat()
    assert (await seen(house, "rural_doctor", consult_id))["actions"] == ["attach", "cancel"]
    assert house.media.calls == []
    house.clock.at = opens
    room = await do(house, "rural_doctor", consult_id, "join")
    assert room["opens_at"] == opens.isoformat().replace("+00:00", "Z")
    assert "join" in (await seen(house, "rural_doctor", consult_id))["actions"]
    house.clock.at = opens + timedelta(minutes=15 + 30 + 60)
    assert (await house.as_("rural_doctor").post(path)).code == "session_over"


async def test_both_sides_pressing_join_begins_it(house: House) -> None:
    consult_id = await scheduled(house)
    await do(house, "rural_doctor", consult_id, "join?device=a")
    await do(house, "rural_doctor", consult_id, "join?device=b")
    assert (await seen(house, "rural_doctor", consult_id))["state"] == "scheduled"
    await do(house, "specialist", consult_id, "join?device=a")
    assert (await seen(house, "rural_doctor", consult_id))["state"] == "live"


async def test_the_token_is_for_this_room_and_this_person_only(house: House) -> None:
    consult_id = await scheduled(house)
    room = await do(house, "rural_doctor", consult_id, "join?device=one")
    claims = jwt.decode(room["token"], SECRET, algorithms=["HS256"])
    assert claims["sub"] == room["identity"] == house.world.staff["rural_doctor"]
    assert claims["video"]["room"] == consult_id
    assert claims["video"]["roomJoin"] is True
    assert not claims["video"].get("roomAdmin")
    assert not claims["video"].get("roomCreate")
    assert "患者" not in json.dumps(claims, ensure_ascii=False)
    opened = dict(value for name, value in house.media.calls if name == "open_room")
    assert opened[consult_id]["kind"] == "consult"
    assert "患者" not in json.dumps(opened, ensure_ascii=False)


async def test_a_second_device_gets_a_second_identity_and_a_reload_keeps_its_own(
    house: House,
) -> None:
    consult_id = await scheduled(house)
    staff = house.world.staff["rural_doctor"]

    async def identity(device: str) -> str:
        room = await do(house, "rural_doctor", consult_id, f"join?device={device}")
        return str(room["identity"])

    assert await identity("phone") == staff
    assert await identity("desk") == f"{staff}#2"
    assert await identity("phone") == staff
    assert await identity("desk") == f"{staff}#2"
    assert await identity("") == f"{staff}#3"
    for number in range(4, MAX_DEVICES + 1):
        house.clock.at += timedelta(seconds=1)
        assert await identity(f"d{number}") == f"{staff}#{number}"
    # One more takes over the seat that has been idle longest.
    house.clock.at += timedelta(seconds=1)
    await identity("phone")
    assert await identity("one-more") == f"{staff}#2"
    bad = await house.as_("rural_doctor").post(f"/api/consults/{consult_id}/join?device=a%20b")
    assert bad.code == "invalid_request"


async def test_devices_joining_at_the_same_moment_never_share_an_identity(house: House) -> None:
    consult_id = await scheduled(house)
    rooms = await asyncio.gather(
        *(do(house, "rural_doctor", consult_id, f"join?device=d{n}") for n in range(5))
    )
    assert len({room["identity"] for room in rooms}) == 5


async def test_without_the_media_server_nothing_changes(house: House) -> None:
    consult_id = await scheduled(house)
    house.media.down = True
    before = await seen(house, "specialist", consult_id)
    answer = await house.as_("specialist").post(f"/api/consults/{consult_id}/join?device=a")
    assert (answer.status, answer.code) == (503, "media_unavailable")
    assert answer.headers["Retry-After"] == "10"
    assert await seen(house, "specialist", consult_id) == before
    # Ending does not depend on it: what was decided stands.
    house.media.down = False
    other = await live(house)
    house.media.down = True
    assert (await do(house, "specialist", other, "end"))["state"] == "opinion_draft"


async def test_somebody_elses_room_and_no_room_are_answered_alike(house: House) -> None:
    consult_id = await scheduled(house)
    for who in ("county_doctor", "stranger", "radiologist"):
        theirs = await house.as_(who).post(f"/api/consults/{consult_id}/join")
        none = await house.as_(who).post(f"/api/consults/{new_id('con')}/join")
        assert theirs.status == none.status == 404
        assert theirs.json["message"] == none.json["message"]
    assert house.media.calls == []


async def test_the_agenda_of_today(house: House) -> None:
    now_id = await scheduled(house)
    later_id = await scheduled(house, minutes_ahead=120)
    tomorrow = await scheduled(house, minutes_ahead=24 * 60)
    body = {
        "title": "讲座(示例)",
        "starts_at": (house.clock.now() + timedelta(minutes=60)).isoformat(),
        "lecturer_id": house.world.staff["lecturer"],
        "agreement_ids": [house.world.agreement],
        "announce": True,
    }
    lecture = (await house.as_("coordinator").post("/api/lectures", body)).json["id"]
    for who, role in (("rural_doctor", "requester"), ("specialist", "specialist")):
        agenda = (await house.as_(who).get("/api/agenda")).json
        assert [item["id"] for item in agenda["sessions"]] == [now_id, lecture, later_id]
        assert [item["can_join"] for item in agenda["sessions"]] == [True, False, False]
        assert agenda["sessions"][0]["role"] == role
        assert tomorrow not in json.dumps(agenda)
        assert "患" not in json.dumps(agenda, ensure_ascii=False)
    learner = (await house.as_("learner").get("/api/agenda")).json
    assert [item["id"] for item in learner["sessions"]] == [lecture]
    # A coordinator has no seat in a consult, so it is nothing that could be joined.
    coordinator = (await house.as_("coordinator").get("/api/agenda")).json
    assert [item["id"] for item in coordinator["sessions"]] == [lecture]
    stranger = (await house.as_("stranger").get("/api/agenda")).json
    assert stranger["sessions"] == []
    assert (await house.nobody().get("/api/agenda")).code == "session_expired"


async def test_the_agenda_counts_what_waits(house: House) -> None:
    async def counts(who: str) -> Any:
        return (await house.as_(who).get("/api/agenda")).json["counts"]

    consult_id = await live(house)
    assert set((await counts("specialist")).values()) == {0}
    await do(house, "specialist", consult_id, "end")
    assert (await counts("specialist"))["opinions_to_sign"] == 1
    await do(house, "specialist", consult_id, "sign", {"opinion": "意见(示例)"})
    assert (await counts("rural_doctor"))["outcomes_to_report"] == 1
    assert (await counts("rural_doctor"))["opinions_to_sign"] == 0
