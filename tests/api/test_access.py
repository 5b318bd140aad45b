"""Log-in, refresh, the directory, and what the front door refuses."""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest
from sqlalchemy import select

from server.access.authentication import AUDIENCE
from storage.tables.access import Staff
from storage.tables.audit import AuditRow
from tests.api.conftest import Answer, Caller, House
from tests.api.people import PASSWORD

COOKIE = "duikou_refresh"


async def _login(caller: Caller, username: str = "specialist", password: str = PASSWORD) -> Answer:
    return await caller.post("/api/auth/login", {"username": username, "password": password})


async def test_log_in_gives_a_token_that_opens_the_door(house: House) -> None:
    answer = await _login(house.nobody())
    assert answer.status == 200
    assert answer.json["person"]["roles"] == ["lecturer", "specialist"]
    me = await house.nobody(answer.json["access_token"]).get("/api/me")
    assert me.status == 200
    assert me.json["name"] == "王示例"
    assert me.json["organisation"]["kind"] == "city_hospital"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/api/auth" in cookie


@pytest.mark.parametrize(
    ("username", "password"), [("specialist", "wrong"), ("nobody-here", PASSWORD)]
)
async def test_wrong_name_and_wrong_password_are_refused_alike(
    house: House, username: str, password: str
) -> None:
    answer = await _login(house.nobody(), username, password)
    assert answer.status == 401
    assert answer.code == "login_failed"
    document = answer.json
    assert document["message"]["zh"]
    assert document["message"]["en"]
    assert username not in answer.body.decode()


async def test_guessing_is_slowed_down(house: House) -> None:
    statuses = [(await _login(house.nobody(), password="wrong")).status for _ in range(11)]
    assert statuses == [401] * 10 + [429]
    assert (await _login(house.nobody(), "learner")).status == 200


async def _refreshed(house: House, token: str, *, after: timedelta = timedelta()) -> Answer:
    """What the holder of a cookie is answered, some time later."""
    house.clock.at += after
    caller = house.nobody()
    caller.client.session.cookie_jar.clear()
    return await caller.post("/api/auth/refresh", headers={"Cookie": f"{COOKIE}={token}"})


def _token(answer: Answer) -> str:
    assert answer.status == 200
    return answer.headers["Set-Cookie"].split(";")[0].split("=", 1)[1]


LATER = timedelta(minutes=1)


async def test_refresh_rotates_and_a_reused_token_ends_the_family(house: House) -> None:
    first = _token(await _login(house.nobody()))
    second = _token(await _refreshed(house, first, after=LATER))
    third = _token(await _refreshed(house, second, after=LATER))
    assert len({first, second, third}) == 3
    stolen = await _refreshed(house, first, after=LATER)
    assert (stolen.status, stolen.code) == (401, "session_expired")
    assert (await _refreshed(house, third)).status == 401


async def test_a_lost_answer_does_not_log_out(house: House) -> None:
    first = _token(await _login(house.nobody()))
    for _ in range(3):  # the line breaks before the new cookie arrives
        _token(await _refreshed(house, first, after=LATER))
    arrived = _token(await _refreshed(house, first, after=LATER))
    following = _token(await _refreshed(house, arrived, after=LATER))
    # Two requests that were under way at the same time.
    _token(await _refreshed(house, first, after=timedelta(seconds=5)))
    _token(await _refreshed(house, following, after=LATER))


async def test_of_two_who_share_a_cookie_the_second_to_come_back_ends_it(house: House) -> None:
    first = _token(await _login(house.nobody()))
    thief = _token(await _refreshed(house, first, after=LATER))
    owner = _token(await _refreshed(house, first, after=LATER))
    assert (await _refreshed(house, thief, after=LATER)).status == 401
    assert (await _refreshed(house, owner)).status == 401
    # Told once, however often an ended token comes.
    assert (await _refreshed(house, thief, after=LATER)).status == 401
    async with house.services.db.read() as session:
        told = select(AuditRow).where(AuditRow.action == "access:session:reuse")
        assert len((await session.execute(told)).all()) == 1


async def test_log_out_ends_the_session(house: House) -> None:
    caller = house.nobody()
    token = (await _login(caller)).headers["Set-Cookie"].split(";")[0]
    assert (await caller.post("/api/auth/logout")).status == 200
    refused = await caller.post("/api/auth/refresh", headers={"Cookie": token})
    assert refused.status == 401


@pytest.mark.parametrize("path", ["/api/auth/login", "/api/auth/refresh", "/api/auth/logout"])
async def test_another_site_cannot_use_the_cookie(house: House, path: str) -> None:
    body = {"username": "specialist", "password": PASSWORD} if path.endswith("login") else None
    answer = await house.nobody().post(path, body, headers={"Origin": "https://evil.example"})
    assert answer.status == 403
    assert answer.code == "origin_refused"


async def test_expired_forged_and_missing_tokens_are_refused_alike(house: House) -> None:
    caller = house.as_("specialist")
    staff_id = house.world.staff["specialist"]
    claims = {"sub": staff_id, "aud": AUDIENCE, "exp": house.clock.now() + timedelta(minutes=5)}
    forged = jwt.encode(claims, "x" * 64, algorithm="HS256")
    unsigned = jwt.encode(claims, None, algorithm="none")
    house.clock.at += timedelta(minutes=11)
    for token in (caller.token, forged, unsigned, "", "garbage", None):
        answer = await house.nobody(token).get("/api/me")
        assert answer.status == 401
        assert answer.code == "session_expired"


async def test_a_deactivated_person_is_out_with_the_next_request(house: House) -> None:
    caller = house.as_("specialist")
    assert (await caller.get("/api/me")).status == 200
    async with house.services.db._write_sessions() as session:
        staff = await session.get(Staff, house.world.staff["specialist"])
        assert staff is not None
        staff.active = False
        await session.commit()
    assert (await caller.get("/api/me")).status == 401


async def test_directory_finds_by_pinyin_initials(house: House) -> None:
    answer = await house.as_("rural_doctor").get("/api/directory?search=wsl&role=specialist")
    assert answer.status == 200
    assert {person["name"] for person in answer.json["staff"]} == {"王示例", "吴示例"}
    assert (await house.nobody().get("/api/directory")).status == 401


async def test_demo_entry_is_one_click_and_only_for_demo_people(house: House) -> None:
    accounts = await house.nobody().get("/api/demo/accounts")
    assert accounts.json["demo"] is True
    assert "specialist" in {account["username"] for account in accounts.json["accounts"]}
    entered = await house.nobody().post("/api/demo/enter", {"username": "specialist"})
    assert entered.status == 200
    unknown = await house.nobody().post("/api/demo/enter", {"username": "nobody-here"})
    assert unknown.status == 404
    assert unknown.code == "demo_off"


async def test_each_log_in_leaves_an_audit_row(house: House) -> None:
    await _login(house.nobody())
    await _login(house.nobody(), password="wrong")
    async with house.services.db.read() as session:
        actions = (await session.execute(select(AuditRow.action))).scalars().all()
    assert "access:staff:login" in actions
    assert "access:staff:login_refused" in actions


async def test_patients_belong_to_their_organisation(house: House) -> None:
    doctor = house.as_("rural_doctor")
    made = await doctor.post("/api/patients", {"name": "新患者示例", "sex": "F"})
    assert made.status == 201
    path = f"/api/patients/{made.json['id']}"
    assert (await doctor.get(path)).json["name"] == "新患者示例"
    listed = await doctor.get("/api/patients?search=新患者")
    assert [row["id"] for row in listed.json["patients"]] == [made.json["id"]]
    foreign = await house.as_("county_doctor").get(path)
    absent = await house.as_("county_doctor").get("/api/patients/pat_00000000000000000000000000")
    assert foreign.status == absent.status == 404
    assert foreign.json | {"request_id": ""} == absent.json | {"request_id": ""}
    assert (await house.as_("assessor").get("/api/patients")).status == 403
    assert (await house.as_("assessor").post("/api/patients", {})).status == 403


async def test_agreements_concern_their_parties(house: House) -> None:
    path = f"/api/agreements/{house.world.agreement}"
    for username in ("coordinator", "rural_doctor", "assessor"):
        answer = await house.as_(username).get(path)
        assert answer.json["in_force"] is True
    assert (await house.as_("stranger").get(path)).status == 404
    assert (await house.as_("stranger").get("/api/agreements")).json["agreements"] == []
    assert len((await house.as_("assessor").get("/api/agreements")).json["agreements"]) == 2
    assert (await house.nobody().get("/api/agreements")).status == 401
