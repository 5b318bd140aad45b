"""The lecturer's encoder: its token, and what it is not."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from server.sessions.encoder import EncoderAudit
from storage.tables.audit import AuditRow
from tests.api.conftest import House
from tests.api.test_lectures import announced, claims


async def test_the_encoder_is_one_more_device_of_the_lecturer(house: House) -> None:
    lecture = await announced(house)
    lecturer = house.as_("lecturer")
    seat = (await lecturer.post(f"/api/lectures/{lecture}/join?device=page")).json
    answer = await lecturer.post(f"/api/lectures/{lecture}/encoder")
    assert answer.status == 200, answer.body
    found = answer.json
    assert found["path"] == "/whip"
    assert found["identity"] == seat["identity"] + "#2"
    held = claims(found["token"])
    assert held["sub"] == found["identity"]
    video = held["video"]
    assert (video["room"], video["roomJoin"], video["canPublish"]) == (lecture, True, True)
    assert not (video["canSubscribe"])
    assert not (video["canPublishData"])
    assert not (video["canUpdateOwnMetadata"])
    # It comes back with the same token as long as the door is open, and asking again takes no other seat.
    assert held["exp"] - held["nbf"] >= timedelta(minutes=45).total_seconds()
    again = (await lecturer.post(f"/api/lectures/{lecture}/encoder")).json
    assert again["identity"] == found["identity"]
    async with house.services.db.read() as session:
        query = select(AuditRow).where(AuditRow.action == EncoderAudit.ISSUED)
        assert len((await session.execute(query)).scalars().all()) == 2


async def test_nobody_else_gets_one(house: House) -> None:
    lecture = await announced(house)
    for who in ("coordinator", "rural_doctor"):
        answer = await house.as_(who).post(f"/api/lectures/{lecture}/encoder")
        assert (answer.status, answer.code) == (403, "not_allowed")


async def test_a_cluster_has_encoders_of_its_own(house: House) -> None:
    lecture = await announced(house)
    services = house.services
    services.config = services.config.model_copy(update={"media_url": "https://media.example"})
    answer = await house.as_("lecturer").post(f"/api/lectures/{lecture}/encoder")
    assert (answer.status, answer.code) == (409, "wrong_state")
