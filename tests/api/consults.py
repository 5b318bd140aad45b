"""Steps that tests about consults share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.api.conftest import House
from tests.api.media_events import applied, event, report, second

TEXT = {"summary": "胸痛两小时(示例)", "question": "是否需要转诊?"}


def request_body(house: House, **more: Any) -> dict[str, Any]:
    return {
        "patient_id": house.world.patient,
        "supporting_id": house.world.organisations["city"],
        **TEXT,
        **more,
    }


async def asked(house: House, **more: Any) -> str:
    """A submitted request of `rural_doctor` to the city hospital; its id."""
    body = request_body(house, **{"submit": True, **more})
    answer = await house.as_("rural_doctor").post("/api/consults", body)
    assert answer.status == 201, answer.body
    return str(answer.json["id"])


async def do(
    house: House, who: str, consult_id: str, step: str, body: Any = None, status: int = 200
) -> Any:
    """One step by one person; the answer's document."""
    options = {} if body is None else {"body": body}
    answer = await house.as_(who).post(f"/api/consults/{consult_id}/{step}", **options)
    assert answer.status == status, answer.body
    return answer.json


async def seen(house: House, who: str, consult_id: str) -> Any:
    answer = await house.as_(who).get(f"/api/consults/{consult_id}")
    assert answer.status == 200, answer.body
    return answer.json


async def scheduled(house: House, *, minutes_ahead: int = 0, **more: Any) -> str:
    consult_id = await asked(house, **more)
    start = house.clock.now() + timedelta(minutes=minutes_ahead)
    body = {"starts_at": start.isoformat(), "minutes": 30}
    await do(house, "specialist", consult_id, "accept", body)
    return consult_id


async def live(house: House, **more: Any) -> str:
    """Both sides in the room, from now on."""
    consult_id = await scheduled(house, **more)
    for who in ("rural_doctor", "specialist"):
        await do(house, who, consult_id, "join?device=one")
        staff = house.world.staff[who]
        await applied(house, event("participant_joined", consult_id, staff, at=second(house)))
    return consult_id


async def talk(house: House, consult_id: str, minutes: int, *people: str) -> None:
    """Some minutes pass in which these people send and receive media."""
    start = second(house)
    house.clock.at += timedelta(minutes=minutes)
    for who in people:
        staff = house.world.staff[who]
        await applied(house, report(consult_id, staff, start, second(house)))


async def signed(house: House, minutes: int = 6) -> str:
    """A consult that really happened and whose opinion is signed."""
    consult_id = await live(house)
    await talk(house, consult_id, minutes, "rural_doctor", "specialist")
    await do(house, "specialist", consult_id, "end")
    opinion = {"opinion": "考虑急性冠脉综合征(示例)", "advice": "尽快上转"}
    await do(house, "specialist", consult_id, "sign", opinion)
    return consult_id
