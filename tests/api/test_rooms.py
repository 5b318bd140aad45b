"""The door of a live room: waiting, admission, moderation, co-hosts, and that waiting is never attendance."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from server.sessions.media import Seat
from server.sessions.room_rules import TrackKind
from storage.tables.audit import AuditRow
from storage.tables.sessions import SessionAttendance
from tests.api.conftest import Answer, House
from tests.api.consults import do, live, scheduled, seen
from tests.api.media_events import applied, event, post, report, second
from tests.api.test_lectures import announced, claims
from tests.api.test_lectures import step as lecture_step

COLLEAGUE, DOCTOR, HOST = "rural_doctor_2", "rural_doctor", "specialist"


async def act(house: House, who: str, room: str, name: str, body: Any = None) -> Answer:
    options = {} if body is None else {"body": body}
    return await house.as_(who).post(f"/api/rooms/{room}/{name}", **options)


async def done(house: House, who: str, room: str, name: str, body: Any = None) -> None:
    answer = await act(house, who, room, name, body)
    assert answer.status == 200, answer.body


async def join(house: House, who: str, consult_id: str, query: str = "device=one") -> Answer:
    return await house.as_(who).post(f"/api/consults/{consult_id}/join?{query}")


def calls(house: House, name: str) -> list[Any]:
    return [value for called, value in house.media.calls if called == name]


async def audits(house: House, action: str, object_id: str) -> int:
    query = select(func.count()).where(
        AuditRow.action == f"sessions:room:{action}", AuditRow.object_id == object_id
    )
    async with house.services.db.read() as session:
        return int((await session.execute(query)).scalar_one())


async def waiting_colleague(house: House) -> tuple[str, str]:
    """A live consult at whose door a colleague of the asking doctor waits; both ids."""
    consult_id = await live(house)
    seat = await join(house, COLLEAGUE, consult_id)
    assert (seat.json["waiting"], seat.json["can_publish"]) == (True, False)
    return consult_id, house.world.staff[COLLEAGUE]


async def test_who_does_not_belong_waits_until_admitted(house: House) -> None:
    consult_id, identity = await waiting_colleague(house)
    held = claims((await join(house, COLLEAGUE, consult_id)).json["token"])
    rights = held["video"]
    assert (rights["canSubscribe"], rights["canPublish"], rights["canPublishData"]) == (False,) * 3
    assert rights["canUpdateOwnMetadata"] is False
    since = held["attributes"]["waiting"]
    state = (await house.as_(HOST).get(f"/api/rooms/{consult_id}")).json
    assert (state["rank"], state["waiting"], state["locked"]) == ("host", True, False)
    (member,) = state["members"]
    assert (member["identity"], member["standing"]) == (identity, "waiting")
    house.clock.at += timedelta(seconds=30)
    # A reload keeps the place in the queue.
    again = claims((await join(house, COLLEAGUE, consult_id)).json["token"])
    assert again["attributes"]["waiting"] == since

    for _ in range(2):  # a second press changes nothing
        await done(house, DOCTOR, consult_id, "admit", {"identities": [identity]})
    room, seat = calls(house, "update")[-1]
    assert (room, seat.identity) == (consult_id, identity)
    assert (seat.can_publish, seat.can_subscribe, seat.attributes["waiting"]) == (True, True, "")
    assert await audits(house, "admit", consult_id) == 1
    after = (await join(house, COLLEAGUE, consult_id, "device=two")).json
    assert (after["waiting"], after["can_publish"], after["rank"]) == (False, True, "member")
    assert (await act(house, COLLEAGUE, consult_id, "admit", {"everybody": True})).status == 403


async def test_nobody_writes_what_others_believe_of_him(house: House) -> None:
    """A name, a rank or the place at the door are shown from attributes: who could write them could be anybody."""
    consult_id = await live(house)
    doctor, host = house.world.staff[DOCTOR], house.world.staff[HOST]
    for who in (DOCTOR, HOST):
        rights = claims((await join(house, who, consult_id)).json["token"])["video"]
        assert rights["canUpdateOwnMetadata"] is False
    await done(house, DOCTOR, consult_id, "presence", {"identity": doctor, "hand": True})
    room, identity, shown = calls(house, "show")[-1]
    assert (room, identity, set(shown)) == (consult_id, doctor, {"hand"})
    assert int(shown["hand"]) == int(house.clock.at.timestamp() * 1000)
    both = {"identity": doctor, "hand": False, "away": True}
    await done(house, DOCTOR, consult_id, "presence", both)
    assert calls(house, "show")[-1] == (consult_id, doctor, {"hand": "", "away": "1"})
    for body in ({"identity": doctor}, {"identity": doctor, "host": "1"}):
        assert (await act(house, DOCTOR, consult_id, "presence", body)).status == 422
    for who, other in ((DOCTOR, host), (HOST, doctor), (DOCTOR, doctor + "#9")):
        assert (
            await act(house, who, consult_id, "presence", {"identity": other, "hand": True})
        ).status == 404
    house.media.down = True
    silent = await act(house, DOCTOR, consult_id, "presence", both)
    assert silent.code == "media_unavailable"


async def test_who_waits_shows_nothing(house: House) -> None:
    consult_id, identity = await waiting_colleague(house)
    raised = await act(
        house, COLLEAGUE, consult_id, "presence", {"identity": identity, "hand": True}
    )
    assert (raised.status, calls(house, "show")) == (404, [])


async def test_a_refusal_is_read_and_may_be_asked_again(house: House) -> None:
    consult_id, identity = await waiting_colleague(house)
    body = {"identity": identity, "reason": "今天只讨论病情,请会后再联系(示例)"}
    for _ in range(2):
        await done(house, HOST, consult_id, "refuse", body)
    assert await audits(house, "refuse", consult_id) == 1
    assert (consult_id, identity) in calls(house, "remove")
    refused = await join(house, COLLEAGUE, consult_id)
    assert (refused.status, refused.code) == (403, "admission_refused")
    assert refused.json["reason"] == body["reason"]
    assert (await join(house, COLLEAGUE, consult_id, "device=one&again=true")).json["waiting"]
    await done(house, HOST, consult_id, "admit", {"everybody": True})
    late = await act(house, HOST, consult_id, "refuse", body)
    assert late.code == "wrong_state"


async def test_sent_out_comes_back_only_by_a_new_admission(house: House) -> None:
    consult_id = await live(house)
    identity = house.world.staff[DOCTOR]
    for who in (COLLEAGUE, DOCTOR):  # strangers to the room, and oneself
        assert (
            await act(house, who, consult_id, "remove", {"identity": identity})
        ).status == 403, who
    for _ in range(2):
        await done(house, HOST, consult_id, "remove", {"identity": identity, "reason": ""})
    assert await audits(house, "remove", consult_id) == 1
    assert (consult_id, identity) in calls(house, "remove")
    seat = (await join(house, DOCTOR, consult_id)).json
    assert (seat["waiting"], seat["rank"]) == (True, "member")
    # By an old token: the media server says so, and is told to send the person out.
    before = len(calls(house, "remove"))
    came = event("participant_joined", consult_id, identity, sid="PA_old", at=second(house))
    came["participant"]["permission"] = {"canSubscribe": True, "canPublish": True}
    house.media.down = True
    assert (await post(house, came)).status == 503  # and the media server sends it again
    house.media.down = False
    assert await applied(house, came) == "repeated"
    assert len(calls(house, "remove")) == before + 1
    await done(house, HOST, consult_id, "admit", {"identities": [identity]})
    assert (await join(house, DOCTOR, consult_id)).json["waiting"] is False


async def test_a_locked_room_is_shut_to_new_people_only(house: House) -> None:
    consult_id = await live(house)
    for _ in range(2):
        await done(house, HOST, consult_id, "door", {"locked": True})
    assert await audits(house, "lock", consult_id) == 1
    assert calls(house, "describe")[-1][1]["locked"] is True
    assert (await join(house, COLLEAGUE, consult_id)).code == "room_locked"
    assert (await join(house, DOCTOR, consult_id)).status == 200
    await done(house, DOCTOR, consult_id, "door", {"locked": False, "waiting": False})
    assert (await join(house, COLLEAGUE, consult_id)).json["waiting"] is False
    # Who is in stays known when the room is locked again.
    await done(house, HOST, consult_id, "door", {"locked": True})
    assert (await join(house, COLLEAGUE, consult_id)).status == 200
    assert (await act(house, HOST, consult_id, "door", {})).status == 422


async def test_muting_is_said_and_never_undone_from_afar(house: House) -> None:
    consult_id = await live(house)
    identity = house.world.staff[DOCTOR]
    body = {"identity": identity, "kind": "microphone"}
    await done(house, HOST, consult_id, "mute", body)  # nothing to mute: nothing to tell
    assert (calls(house, "tell"), await audits(house, "mute", consult_id)) == ([], 0)
    house.media.sending.add(identity)
    await done(house, HOST, consult_id, "mute", body)
    assert calls(house, "mute")[-1] == (consult_id, identity, TrackKind.MICROPHONE)
    told = (consult_id, [identity], {"notice": "muted", "by": "王示例"})
    assert calls(house, "tell") == [told]
    assert await audits(house, "mute", consult_id) == 1
    host = {"identity": house.world.staff[HOST], "kind": "camera"}
    assert (await act(house, DOCTOR, consult_id, "mute", host)).code == "not_allowed"
    assert (await act(house, HOST, consult_id, "mute", {**body, "muted": False})).status == 422
    nobody = {"identity": "stf_nobody", "kind": "screen"}
    assert (await act(house, HOST, consult_id, "mute", nobody)).status == 404
    house.media.down = True
    assert (await act(house, HOST, consult_id, "mute", body)).code == "media_unavailable"


async def test_a_co_host_is_made_and_unmade_by_the_host(house: House) -> None:
    lecture_id = await announced(house)
    for who in ("lecturer", "learner", DOCTOR):
        await lecture_step(house, who, lecture_id, "join?device=a")
    learner, doctor = house.world.staff["learner"], house.world.staff[DOCTOR]
    lock = {"locked": True}
    assert (await act(house, "learner", lecture_id, "door", lock)).status == 403
    for _ in range(2):
        await done(house, "lecturer", lecture_id, "co-host", {"identity": learner, "given": True})
    assert await audits(house, "give_co_host", lecture_id) == 1
    seat: Seat = calls(house, "update")[-1][1]
    assert (seat.identity, seat.attributes) == (
        learner,
        {"waiting": "", "cohost": "1", "host": ""},
    )
    assert seat.can_publish is False  # the role is to help, not to speak
    await done(house, "learner", lecture_id, "door", lock)
    # A co-host makes no co-hosts, and does not send out a host.
    for body in ({"identity": doctor, "given": True}, {"identity": learner, "given": False}):
        assert (await act(house, "learner", lecture_id, "co-host", body)).status == 403
    out = {"identity": house.world.staff["lecturer"]}
    assert (await act(house, "learner", lecture_id, "remove", out)).status == 403
    await done(house, "lecturer", lecture_id, "co-host", {"identity": learner, "given": False})
    assert (await act(house, "learner", lecture_id, "door", lock)).status == 403
    assert await audits(house, "take_co_host", lecture_id) == 1


async def test_an_audience_waits_when_the_host_says_so(house: House) -> None:
    lecture_id = await announced(house)
    await lecture_step(house, "lecturer", lecture_id, "join?device=a")
    first = await lecture_step(house, "learner", lecture_id, "join?device=a")
    assert first["waiting"] is False
    await done(house, "lecturer", lecture_id, "door", {"waiting": True})
    late = await lecture_step(house, DOCTOR, lecture_id, "join?device=a")
    back = await lecture_step(house, "learner", lecture_id, "join?device=a")
    assert (late["waiting"], back["waiting"]) == (True, False)
    speak = {"identity": house.world.staff[DOCTOR], "allowed": True}
    refused = await house.as_("lecturer").post(f"/api/lectures/{lecture_id}/speakers", speak)
    assert refused.code == "wrong_state"


async def test_ending_is_for_hosts_and_co_hosts(house: House) -> None:
    consult_id = await live(house)
    for _ in range(2):  # the doctor who asked is a co-host
        await done(house, DOCTOR, consult_id, "end")
    assert (await seen(house, HOST, consult_id))["state"] == "opinion_draft"
    assert consult_id in calls(house, "close_room")
    assert (await act(house, HOST, consult_id, "door", {"locked": True})).code == "wrong_state"
    lecture_id = await announced(house)
    assert (await act(house, "lecturer", lecture_id, "end")).code == "wrong_state"
    # Nothing was reported of the lecturer's media yet: it is over all the same.
    await lecture_step(house, "lecturer", lecture_id, "join?device=a")
    for _ in range(2):
        await done(house, "lecturer", lecture_id, "end")
    assert lecture_id in calls(house, "close_room")
    for unknown in ("rea_0", "lec_" + "0" * 26):
        assert (await act(house, HOST, unknown, "end")).status == 404


@pytest.mark.parametrize("admitted", [True, False])
async def test_waiting_is_never_attendance(house: House, admitted: bool) -> None:
    consult_id = await scheduled(house)
    for who in (COLLEAGUE, HOST):
        assert (await join(house, who, consult_id)).status == 200
    identity, start = house.world.staff[COLLEAGUE], second(house)
    await applied(house, event("participant_joined", consult_id, identity, at=start))
    # Somebody at the door begins nothing.
    assert (await seen(house, HOST, consult_id))["state"] == "scheduled"
    specialist = house.world.staff[HOST]
    await applied(house, event("participant_joined", consult_id, specialist, at=start))
    house.clock.at += timedelta(seconds=60)
    if admitted:
        await done(house, HOST, consult_id, "admit", {"everybody": True})
    house.clock.at += timedelta(seconds=60)
    # As a witness on a cluster might report who only sees that the person was there.
    await applied(house, report(consult_id, identity, start, second(house)))
    await applied(house, event("participant_left", consult_id, identity, at=second(house)))
    async with house.services.db.read() as session:
        row = await session.get(SessionAttendance, (consult_id, identity))
    if admitted:
        assert row is not None
        assert (row.sent, row.received) == ([[start + 60, start + 120]],) * 2
    else:
        assert row is None
        await applied(house, event("room_finished", consult_id, at=second(house)))
        # Both sides never met.
        assert (await seen(house, HOST, consult_id))["state"] == "scheduled"


async def test_rooms_are_nobody_elses(house: House) -> None:
    consult_id = await live(house)
    assert (await house.as_("coordinator").get(f"/api/rooms/{consult_id}")).status == 403
    assert (await house.as_("stranger").get(f"/api/rooms/{consult_id}")).status == 404
    assert (await do(house, HOST, consult_id, "join?device=two"))["rank"] == "host"
