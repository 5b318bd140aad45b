"""Two at once, and the same click twice: one effect, and for the other a clear answer. On both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from server.http.repeats import KEPT_FOR
from storage.tables.audit import AuditRow
from storage.tables.evidence import ActivityEntryRow
from storage.tables.reads import CriticalValue, ReadFile, ReadReport
from storage.tables.sessions import SessionSeat
from tests.api import consults, reads
from tests.api.conftest import Answer, House
from tests.api.consults import talk
from tests.api.media_events import event, post, report, second
from tests.api.people import PASSWORD
from tests.api.reads import CONTENT, step
from tests.api.test_lectures import announced

OPINION = {"opinion": "考虑心绞痛(示例)", "advice": "复查"}
REASON = {"reason": "患者已转院(示例)"}


async def both(house: House, people: str, method: str, path: str, body: Any = None) -> list[Answer]:
    """The same request by two people, or twice by one, at once; the one that succeeded first."""
    names = people.split()
    options = {} if body is None else {"json": body}
    callers = [house.as_(names[0]), house.as_(names[-1])]
    answers = await asyncio.gather(*(caller.request(method, path, **options) for caller in callers))
    return sorted(answers, key=lambda answer: answer.status)


async def audited(house: House, action: str, object_id: str) -> int:
    query = select(func.count()).where(AuditRow.action == action, AuditRow.object_id == object_id)
    async with house.services.db.read() as session:
        return int((await session.execute(query)).scalar_one())


async def counted(house: House, table: Any, **where: str) -> int:
    query = select(func.count()).select_from(table).filter_by(**where)
    async with house.services.db.read() as session:
        return int((await session.execute(query)).scalar_one())


async def once(
    house: House,
    people: str,
    path: str,
    action: str,
    body: Any = None,
    *,
    code: str = "wrong_state",
) -> None:
    """Of two posts one counts; the other is told why not."""
    good, late = await both(house, people, "POST", path, body)
    assert (good.status, late.status) == (200, 409), (path, good.body, late.body)
    assert late.code == code, late.body
    assert await audited(house, action, path.split("/")[3]) == 1, path


async def test_consults(house: House) -> None:
    one, say = "/api/consults/{}/{}", "sessions:consult:{}"
    draft = await consults.asked(house, submit=False)
    text = {"question": "改后的问题(示例)"}
    edited = await both(
        house, "rural_doctor rural_doctor_2", "PATCH", f"/api/consults/{draft}", text
    )
    assert [answer.status for answer in edited] == [200, 200]
    await once(house, "rural_doctor", one.format(draft, "submit"), say.format("submit"))
    message = {"message": "请补充(示例)"}
    await once(
        house, "specialist specialist_2", one.format(draft, "ask"), say.format("ask"), message
    )
    await once(
        house,
        "rural_doctor rural_doctor_2",
        one.format(draft, "answer"),
        say.format("answer"),
        message,
    )
    # Who takes a case takes it out of the other's sight.
    taken = await both(house, "specialist specialist_2", "POST", one.format(draft, "accept"), {})
    assert [answer.status for answer in taken] == [200, 404]
    assert await audited(house, say.format("accept"), draft) == 1
    for name in ("accept", "decline"):
        other = await consults.asked(house)
        body = REASON if name == "decline" else {}
        await once(house, "specialist", one.format(other, name), say.format(name), body)
    await once(
        house,
        "rural_doctor rural_doctor_2",
        one.format(draft, "cancel"),
        say.format("cancel"),
        REASON,
    )


async def test_a_consult_that_takes_place(house: House) -> None:
    one, say = "/api/consults/{}/{}", "sessions:consult:{}"
    consult_id = await consults.scheduled(house)
    join = one.format(consult_id, "join")
    reloaded = await both(house, "specialist", "POST", join + "?device=a")
    assert [answer.status for answer in reloaded] == [200, 200]
    assert reloaded[0].json["identity"] == reloaded[1].json["identity"]
    sides = await both(house, "specialist rural_doctor", "POST", join + "?device=b")
    assert [answer.status for answer in sides] == [200, 200]
    assert await counted(house, SessionSeat, session_id=consult_id) == 3
    assert await audited(house, say.format("begin"), consult_id) == 1
    staff = house.world.staff["specialist"]
    arrived = event("participant_joined", consult_id, staff, at=second(house))
    news = await asyncio.gather(post(house, arrived), post(house, arrived))
    assert sorted(answer.json["result"] for answer in news) == ["applied", "repeated"]
    await talk(house, consult_id, 6, "rural_doctor", "specialist")
    told = report(consult_id, staff, second(house), second(house) + 10)
    news = await asyncio.gather(post(house, told), post(house, told))
    assert sorted(answer.json["result"] for answer in news) == ["applied", "repeated"]
    await once(house, "specialist", one.format(consult_id, "end"), say.format("end"))
    saved = await both(house, "specialist", "PUT", one.format(consult_id, "opinion"), OPINION)
    assert [answer.status for answer in saved] == [200, 200]
    await once(house, "specialist", one.format(consult_id, "sign"), say.format("sign"), OPINION)
    await once(
        house,
        "rural_doctor rural_doctor_2",
        one.format(consult_id, "file-back"),
        say.format("file_back"),
    )
    await once(
        house,
        "rural_doctor rural_doctor_2",
        one.format(consult_id, "outcome"),
        say.format("report_outcome"),
        {"outcome": "adopted"},
    )
    assert await counted(house, ActivityEntryRow, subject_id=consult_id) == 1


async def test_reads(house: House) -> None:
    one = "/api/reads/{}/{}"
    read_id = await reads.create(house)
    data = reads.ecg()
    sent = await asyncio.gather(*(reads.upload(house, read_id, data) for _ in range(2)))
    assert [answer.status for answer in sent] == [200, 200]
    assert await counted(house, ReadFile, read_id=read_id) == 2
    await once(
        house, "rural_doctor rural_doctor_2", one.format(read_id, "submit"), "reads:read:submit", {}
    )
    claim = one.format(read_id, "claim")
    await once(house, "specialist specialist_2", claim, "reads:read:claim", code="already_claimed")
    whose = (await house.as_("specialist").get(f"/api/reads/{read_id}")).json["claimed_by_name"]
    reader = "specialist" if whose == "王示例" else "specialist_2"
    await once(house, reader, one.format(read_id, "release"), "reads:read:release")
    await step(house, reader, read_id, "claim")
    draft = {"version": 0, "content": CONTENT}
    good, late = await both(house, reader, "PUT", one.format(read_id, "draft"), draft)
    assert (good.status, late.status, late.code) == (200, 409, "version_conflict")
    mark = {"code": "mi_new"}
    await once(house, reader, one.format(read_id, "critical"), "reads:critical:mark", mark)
    assert await counted(house, CriticalValue, read_id=read_id) == 1
    settle = one.format(read_id, "critical/acknowledge")
    await once(house, "rural_doctor rural_doctor_2", settle, "reads:critical:acknowledge")
    signed = await both(house, reader, "POST", one.format(read_id, "sign"), {"draft_version": 1})
    assert (signed[0].status, signed[1].status) == (200, 409)
    assert await counted(house, ReadReport, read_id=read_id) == 1
    await once(
        house,
        "rural_doctor rural_doctor_2",
        one.format(read_id, "acknowledge"),
        "reads:read:acknowledge",
    )
    adopted = {"adopted": True}
    await once(
        house,
        "rural_doctor rural_doctor_2",
        one.format(read_id, "outcome"),
        "reads:read:answer",
        adopted,
    )
    await house.services.db.ping()


async def test_reads_taken_and_taken_back(house: House) -> None:
    read_id = await reads.queued(house)
    doctor, specialist = house.as_("rural_doctor"), house.as_("specialist")
    path = f"/api/reads/{read_id}"
    answers = await asyncio.gather(
        doctor.post(f"{path}/cancel", REASON), specialist.post(f"{path}/claim")
    )
    assert sorted(answer.status for answer in answers) == [200, 409]
    gone = await reads.queued(house)
    await once(
        house,
        "rural_doctor rural_doctor_2",
        f"/api/reads/{gone}/cancel",
        "reads:read:cancel",
        REASON,
    )
    back = await reads.queued(house)
    await step(house, "specialist", back, "claim")
    returned = await both(house, "specialist", "POST", f"/api/reads/{back}/return", REASON)
    # A returned read is out of the specialist's sight.
    assert [answer.status for answer in returned] == [200, 404]
    assert await audited(house, "reads:read:return", back) == 1


async def test_lectures(house: House) -> None:
    planned = await announced(house, announce=False)
    one, say = "/api/lectures/{}/{}", "sessions:lecture:{}"
    for name in ("announce", "open", "start", "end"):
        await once(house, "lecturer coordinator", one.format(planned, name), say.format(name))
    dropped = await announced(house)
    await once(
        house, "lecturer coordinator", one.format(dropped, "cancel"), say.format("cancel"), REASON
    )
    lecture_id = await announced(house)
    joined = await both(house, "learner rural_doctor", "POST", one.format(lecture_id, "join"))
    assert [answer.status for answer in joined] == [200, 200]
    again = await both(house, "learner", "POST", one.format(lecture_id, "join"))
    assert again[0].json["identity"] == again[1].json["identity"]
    assert await counted(house, SessionSeat, session_id=lecture_id) == 2
    assert await audited(house, say.format("open"), lecture_id) == 1
    speaker = {"identity": again[0].json["identity"], "allowed": True}
    allowed = await both(
        house, "lecturer coordinator", "POST", one.format(lecture_id, "speakers"), speaker
    )
    assert [answer.status for answer in allowed] == [200, 200]


async def test_log_in_and_out(house: House) -> None:
    caller = house.nobody()
    body = {"username": "specialist", "password": PASSWORD}
    entered = await asyncio.gather(*(caller.post("/api/auth/login", body) for _ in range(2)))
    assert [answer.status for answer in entered] == [200, 200]
    # Two tabs refresh with the same cookie at once; that is not theft.
    cookie = {"Cookie": entered[0].headers["Set-Cookie"].split(";")[0]}
    caller.client.session.cookie_jar.clear()
    renewed = await asyncio.gather(
        *(caller.post("/api/auth/refresh", headers=cookie) for _ in range(2))
    )
    assert [answer.status for answer in renewed] == [200, 200]
    caller.client.session.cookie_jar.clear()
    left = await asyncio.gather(
        *(caller.post("/api/auth/logout", headers=cookie) for _ in range(2))
    )
    assert [answer.status for answer in left] == [200, 200]
    assert (await caller.post("/api/auth/refresh", headers=cookie)).status == 401


def _creations(house: House) -> dict[str, tuple[str, Any, Any]]:
    """Who creates what where: a body, and another one."""
    lecture = {
        "title": "示例讲座",
        "starts_at": (house.clock.now() + timedelta(days=1)).isoformat(),
        "lecturer_id": house.world.staff["lecturer"],
        "agreement_ids": [house.world.agreement],
    }
    patient = {"name": "患者示例", "sex": "F"}
    consult = consults.request_body(house)
    read = {key: consult[key] for key in ("patient_id", "supporting_id", "question")}
    return {
        "/api/patients": ("rural_doctor", patient, patient | {"sex": "M"}),
        "/api/consults": ("rural_doctor", consult, consult | {"question": "另一问(示例)"}),
        "/api/reads": ("rural_doctor", read, read | {"question": "另一问(示例)"}),
        "/api/lectures": ("coordinator", lecture, lecture | {"title": "另一讲(示例)"}),
    }


async def test_what_was_created_is_not_created_again(house: House) -> None:
    key = {"Idempotency-Key": "a-click-of-mine"}
    for path, (who, body, other) in _creations(house).items():
        caller = house.as_(who)
        first, second_ = await asyncio.gather(
            *(caller.post(path, body, headers=key) for _ in range(2))
        )
        later = await caller.post(path, body, headers=key)
        assert (first.status, second_.status, later.status) == (201, 201, 201)
        made = first.json["id"]
        assert made == second_.json["id"] == later.json["id"]
        assert await audited_creations(house, made) == 1
        assert (await caller.post(path, other, headers=key)).code == "invalid_request"
        assert (await caller.post(path, body, headers={"Idempotency-Key": "#"})).status == 422
        assert (await caller.post(path, body)).json["id"] != made
        house.clock.at += KEPT_FOR
        assert (await house.as_(who).post(path, body, headers=key)).json["id"] != made


async def audited_creations(house: House, object_id: str) -> int:
    query = select(func.count()).where(AuditRow.object_id == object_id)
    created = AuditRow.action.like("%:create") | AuditRow.action.like("%:plan")
    async with house.services.db.read() as session:
        return int((await session.execute(query.where(created))).scalar_one())


async def test_a_key_is_its_owners_and_a_failure_may_be_repeated(house: House) -> None:
    key = {"Idempotency-Key": "a-click-of-mine"}
    body = consults.request_body(house)
    mine = await house.as_("rural_doctor").post("/api/consults", body, headers=key)
    theirs = await house.as_("rural_doctor_2").post("/api/consults", body, headers=key)
    assert mine.json["id"] != theirs.json["id"]
    again = {"Idempotency-Key": "a-second-click"}
    nowhere = {**body, "supporting_id": house.world.organisations["other"]}
    for _ in range(2):
        refused = await house.as_("rural_doctor").post("/api/consults", nowhere, headers=again)
        assert refused.code == "agreement_not_in_force"
    made = await house.as_("rural_doctor").post("/api/consults", body, headers=again)
    assert made.status == 201
