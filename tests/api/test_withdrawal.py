"""What is withdrawn ends at once: in HTTP, in open pages, and in live rooms (TRUST row 14)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from aiohttp import WSMsgType
from sqlalchemy import select

from server.access.rules import Role
from server.access.withdrawing import deactivate, set_roles
from server.errors import Problem
from server.pairing.ending import terminate_agreement
from server.sessions import withdrawal
from storage.db import SYSTEM
from storage.tables.audit import AuditRow
from tests.api.conftest import House
from tests.api.consults import live
from tests.api.media_events import applied, event, second


async def _lecture(house: House, *learners: str) -> str:
    body = {
        "title": "讲座(示例)",
        "starts_at": house.clock.now().isoformat(),
        "lecturer_id": house.world.staff["lecturer"],
        "agreement_ids": [house.world.agreement],
        "announce": True,
    }
    answer = await house.as_("coordinator").post("/api/lectures", body)
    assert answer.status == 201, answer.body
    lecture_id = str(answer.json["id"])
    for who in learners:
        assert (await house.as_(who).post(f"/api/lectures/{lecture_id}/join")).status == 200
        staff = house.world.staff[who]
        await applied(house, event("participant_joined", lecture_id, staff, at=second(house)))
    return lecture_id


def _removed(house: House) -> set[tuple[str, str]]:
    return {value for name, value in house.media.calls if name == "remove"}


async def _audited(house: House, action: str) -> int:
    async with house.services.db.read() as session:
        query = select(AuditRow.id).where(AuditRow.action == action)
        return len((await session.execute(query)).all())


async def _page(house: House, who: str) -> Any:
    """An open page of somebody."""
    socket = await house.client.ws_connect("/api/live")
    token = house.as_(who).token
    await socket.send_json({"token": token})
    assert (await socket.receive_json())["topic"] == "ready"
    return socket


async def test_a_closed_account_is_out_of_everything(house: House) -> None:
    consult_id = await live(house)
    lecture_id = await _lecture(house, "specialist", "learner")
    page, other = await _page(house, "specialist"), await _page(house, "rural_doctor")
    staff = house.world.staff["specialist"]
    await deactivate(house.services, SYSTEM, staff)
    assert _removed(house) == {(consult_id, staff), (lecture_id, staff)}
    assert (await house.as_("specialist").get("/api/me")).status == 401
    while (message := await page.receive()).type is WSMsgType.TEXT:
        pass
    assert message.type is WSMsgType.CLOSE
    assert message.data == 4401
    assert not other.closed
    assert await _audited(house, "sessions:room:put_out") == 2
    await other.close()


async def test_a_withdrawn_role_is_out_of_the_room_it_opened(house: House) -> None:
    consult_id = await live(house)
    lecture_id = await _lecture(house, "rural_doctor")
    staff = house.world.staff["rural_doctor"]
    await set_roles(house.services, SYSTEM, staff, [Role.LEARNER])
    # A doctor no longer, a learner still.
    assert _removed(house) == {(consult_id, staff)}
    assert (await house.as_("rural_doctor").get(f"/api/consults/{consult_id}")).status == 403
    assert (await house.as_("rural_doctor").get(f"/api/lectures/{lecture_id}")).status == 200
    await set_roles(house.services, SYSTEM, staff, [Role.LEARNER, Role.RURAL_DOCTOR])
    assert (await house.as_("rural_doctor").get(f"/api/consults/{consult_id}")).status == 200


async def test_an_old_token_opens_no_room_again(house: House) -> None:
    consult_id = await live(house)
    staff = house.world.staff["specialist"]
    await set_roles(house.services, SYSTEM, staff, [Role.LECTURER])
    house.media.calls.clear()
    await applied(house, event("participant_left", consult_id, staff, at=second(house)))
    again = event("participant_joined", consult_id, staff, sid="PA_again", at=second(house))
    await applied(house, again)
    assert _removed(house) == {(consult_id, staff)}


@pytest.mark.parametrize("how", ["terminated", "ran out"])
async def test_without_an_agreement_nobody_stays(house: House, how: str) -> None:
    consult_id = await live(house)
    lecture_id = await _lecture(house, "learner", "lecturer")
    if how == "terminated":
        await terminate_agreement(house.services, SYSTEM, house.world.agreement)
    else:
        house.clock.at += timedelta(days=3650)
        await withdrawal.review(house.services)
    staff = house.world.staff
    assert _removed(house) == {
        (consult_id, staff["rural_doctor"]),
        (consult_id, staff["specialist"]),
        (lecture_id, staff["learner"]),  # the lecturer's own unit goes on
    }


async def test_a_media_server_that_does_not_answer_is_asked_again(house: House) -> None:
    consult_id = await live(house)
    staff = house.world.staff["specialist"]
    house.media.down = True
    await deactivate(house.services, SYSTEM, staff)
    assert _removed(house) == set()
    house.media.down = False
    await withdrawal.review(house.services)
    assert _removed(house) == {(consult_id, staff)}
    await applied(house, event("participant_left", consult_id, staff, at=second(house)))
    house.media.calls.clear()
    await withdrawal.review(house.services)
    assert _removed(house) == set()


async def test_nothing_is_withdrawn_from_nobody(house: House) -> None:
    for attempt in (
        deactivate(house.services, SYSTEM, "stf_00000000000000000000000000"),
        set_roles(house.services, SYSTEM, "stf_00000000000000000000000000", []),
        terminate_agreement(house.services, SYSTEM, "agr_00000000000000000000000000"),
    ):
        with pytest.raises(Problem):
            await attempt
