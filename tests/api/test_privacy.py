"""Planted identifiers go through every job; none may turn up in logs, errors, metrics, audit rows, the log or its packs.

Logs are captured as production writes them, from debug on, exceptions included.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest
import structlog
from sqlalchemy import select

from server import logs
from server.patients import service as patients_service
from storage.db import LiveEvent
from storage.tables.audit import AuditRow
from tests.api import reads
from tests.api.conftest import Answer, House
from tests.api.consults import do, live, scheduled, talk
from tests.api.people import PASSWORD
from tests.api.reads import CONTENT
from tests.api.test_lectures import announced

PLANTED = {
    "name": "欧阳甄隐",
    "local number": "LN-77421903",
    "name in a file": "OUYANGZHENYIN",
    "number in a file": "DCM-55610047",
    "summary": "摘要密文甲",
    "question": "问句密文乙",
    "symptoms": "症状密文丙",
    "message": "补充密文丁",
    "opinion": "意见密文戊",
    "advice": "建议密文己",
    "conclusion": "结论密文庚",
    "note": "危急密文辛",
    "reason": "理由密文壬",
    "file name": "身份证密文癸",
    "content": "化验密文子",
    "password": "Sesame-密文丑",
    "search": "查询密文寅",
}
P = PLANTED


@dataclass
class Watch:
    """Everything that leaves the house by another way than an answer to who may see it."""

    log: io.StringIO
    errors: list[str] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)

    def note(self, answer: Answer) -> Answer:
        if answer.status >= 400:
            self.errors.append(f"{dict(answer.headers)} {answer.body.decode()}")
        return answer


@pytest.fixture
def watch() -> Iterator[Watch]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    disabled = logging.getLogger("aiohttp.access").disabled
    written = io.StringIO()
    logs.configure("debug", "json", "api")
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(written), cache_logger_on_first_use=False
    )
    yield Watch(written)
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("aiohttp.access").disabled = disabled
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def leaks(where: str, text: str, planted: dict[str, str]) -> list[str]:
    """Which planted strings a text holds, plainly or in an escaped form."""
    found = []
    for name, value in planted.items():
        forms = {value, quote(value), json.dumps(value)[1:-1], repr(value.encode())[2:-1]}
        if any(form in text for form in forms):
            found.append(f"{name} in {where}")
    return found


@pytest.fixture
async def patient(house: House) -> str:
    body = {
        "name": P["name"],
        "sex": "M",
        "birth_date": "1959-03-01",
        "local_no": P["local number"],
    }
    answer = await house.as_("rural_doctor").post("/api/patients", body)
    return str(answer.json["id"])


async def _enter(house: House, watch: Watch) -> None:
    """Right and wrong log-ins, tokens that are refreshed, used up and garbled."""
    caller = house.nobody()
    for username, password in (
        ("specialist", P["password"]),
        (P["name"], P["password"]),
        ("specialist", PASSWORD),
    ):
        body = {"username": username, "password": password}
        entered = watch.note(await caller.post("/api/auth/login", body))
    again = await caller.post("/api/auth/refresh")
    watch.secrets |= {
        "access token": entered.json["access_token"],
        "refresh cookie": entered.headers["Set-Cookie"].split("=", 1)[1].split(";")[0],
        "second refresh cookie": again.headers["Set-Cookie"].split("=", 1)[1].split(";")[0],
        "test password": PASSWORD,
    }
    await caller.post("/api/auth/logout")
    bad = house.nobody(watch.secrets["access token"] + "x")
    watch.note(await bad.get("/api/me"))


async def _mistakes(house: House, watch: Watch) -> None:
    """Requests that quote planted text where it does not belong."""
    doctor, name = house.as_("rural_doctor"), P["name"]
    for body in (
        {name: P["local number"], "name": name, "sex": P["question"]},
        {"name": name * 40, "sex": "M", "birth_date": P["local number"]},
        {"name": name, "sex": "M", "birth_date": "1959-03-01", "local_no": [P["local number"]]},
        [name],
    ):
        watch.note(await doctor.post("/api/patients", body))
    broken = f'{{"name": "{name}"'.encode()
    headers = {"Content-Type": "application/json", "X-Request-Id": P["local number"]}
    watch.note(await doctor.request("POST", "/api/patients", data=broken, headers=headers))
    for path in (
        f"/api/patients/{name}",
        f"/api/{name}",
        f"/assets/{name}",
        f"/api/reads?{name}=1",
    ):
        watch.note(await doctor.get(path))
    watch.note(await doctor.request("DELETE", f"/api/patients/{name}"))
    await doctor.get("/api/patients", params={"search": P["search"]})


async def _consult(house: House, watch: Watch, patient: str) -> None:
    text = {"patient_id": patient, "summary": P["summary"], "question": P["question"]}
    doctor = house.as_("rural_doctor")
    asked = await scheduled(house, **text)
    for kind, data in (("text/plain", P["content"].encode()), ("image/png", b"no picture")):
        watch.note(
            await doctor.request(
                "POST",
                f"/api/attachments?owner_type=consult&owner_id={asked}",
                data=data,
                headers={"Content-Type": kind, "X-File-Name": quote(P["file name"] + ".txt")},
            )
        )
    await do(house, "rural_doctor", asked, "cancel", {"reason": P["reason"]})
    watch.note(await doctor.post(f"/api/consults/{asked}/cancel", {"reason": P["reason"]}))
    consult_id = await live(house, **text)
    joined = await do(house, "rural_doctor", consult_id, "join?device=one")
    watch.secrets["room token"] = joined["token"]
    await talk(house, consult_id, 6, "rural_doctor", "specialist")
    await do(house, "specialist", consult_id, "end")
    opinion = {"opinion": P["opinion"], "advice": P["advice"]}
    await do(house, "specialist", consult_id, "sign", opinion)
    outcome = {"outcome": "not_adopted", "reason": P["reason"]}
    await do(house, "rural_doctor", consult_id, "outcome", outcome)


async def _read(house: House, watch: Watch, patient: str) -> None:
    given = {"patient_id": patient, "question": P["question"], "symptoms": P["symptoms"]}
    read_id = await reads.create(house, **given)
    for refused in (b"x" * 500 + P["content"].encode(), b"", reads.ct(), reads.ecg()[:9000]):
        watch.note(await reads.upload(house, read_id, refused))
    other = reads.ecg(PatientName=P["name in a file"], PatientID=P["number in a file"])
    assert (await reads.upload(house, read_id, other)).status == 200
    path = f"/api/reads/{read_id}"
    watch.note(await house.as_("rural_doctor").post(f"{path}/submit", {}))
    await reads.step(house, "rural_doctor", read_id, "submit", {"confirm_mismatch": True})
    await reads.step(house, "specialist", read_id, "claim")
    taken = await house.as_("specialist_2").post(f"{path}/claim")
    assert watch.note(taken).status == 409
    content = {**CONTENT, "conclusion": P["conclusion"], "advice": P["advice"]}
    draft = {"version": 0, "content": content}
    assert (await house.as_("specialist").put(f"{path}/draft", draft)).status == 200
    watch.note(await house.as_("specialist").put(f"{path}/draft", draft))
    mark = {"code": "mi_new", "note": P["note"]}
    await reads.step(house, "specialist", read_id, "critical", mark)
    await reads.step(house, "specialist", read_id, "sign", {"draft_version": 1})
    for step, body in (
        ("critical/acknowledge", None),
        ("acknowledge", None),
        ("outcome", {"adopted": False, "reason": P["reason"]}),
    ):
        await reads.step(house, "rural_doctor", read_id, step, body)


async def _failures(house: House, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Faults of our own while planted text is in variables, exceptions and statements; the answers' bodies."""
    headers = {"Authorization": f"Bearer {house.as_('rural_doctor').token}"}
    bodies = []

    async def broken(session: Any, person: Any, search: str) -> Any:
        raise ValueError(f"cannot look for {search}, {P['name']}")

    with monkeypatch.context() as patch:
        patch.setattr(patients_service, "find_patients", broken)
        path = "/api/patients?search=" + quote(P["search"])
        async with house.client.get(path, headers=headers) as answer:
            assert answer.status == 500
            bodies.append(await answer.text())
    with monkeypatch.context() as patch:
        patch.setattr(patients_service, "new_id", lambda kind: house.world.patient)
        body = {"name": P["name"], "sex": "M", "local_no": P["local number"]}
        async with house.client.post("/api/patients", json=body, headers=headers) as answer:
            assert answer.status == 500
            bodies.append(await answer.text())
    loop = asyncio.get_running_loop()
    lost: asyncio.Future[None] = loop.create_future()
    lost.set_exception(ValueError(P["name"]))
    context = {"message": "Task exception was never retrieved", "future": lost}
    loop.call_exception_handler({**context, "exception": lost.exception()})
    return bodies


async def _pack(house: House) -> str:
    path = f"/api/agreements/{house.world.agreement}/pack"
    pack = zipfile.ZipFile(io.BytesIO((await house.as_("assessor").get(path)).body))
    return "\n".join(pack.read(name).decode(errors="replace") for name in pack.namelist())


async def _log_entries(house: House) -> str:
    ledger = house.services.ledger
    entries = await ledger.entries(range(ledger.head().size))
    assert len(entries) == 2  # the consult's and the read's
    return "\n".join(entry.decode() for entry in entries)


async def _audit(house: House) -> str:
    async with house.services.db.read() as session:
        rows = (await session.execute(select(AuditRow))).scalars().all()
    shown = [
        [row.action, row.object_type, row.object_id, row.actor_id, row.request_id, row.details]
        for row in rows
    ]
    assert len(shown) > 40
    return json.dumps(shown, ensure_ascii=False)


@pytest.fixture
def listening(house: House, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Notes every live event on its way to the pages."""
    publish = house.services.db.publish

    def note(event: LiveEvent) -> None:
        watch.events.append(f"{event.topic} {event.id}")
        publish(event)

    monkeypatch.setattr(house.services.db, "publish", note)


async def test_planted_identifiers_stay_inside(
    house: House,
    watch: Watch,
    listening: None,
    patient: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    await _enter(house, watch)
    await _mistakes(house, watch)
    await _consult(house, watch, patient)
    await _read(house, watch, patient)
    await announced(house)
    errors = [*watch.errors, *await _failures(house, monkeypatch)]
    planted = PLANTED | watch.secrets
    log = watch.log.getvalue()
    assert log.count('"unhandled"') == 2
    assert "Task exception was never retrieved" in log
    assert all(json.loads(line) for line in log.splitlines())
    out, err = capfd.readouterr()
    media = [call for call in house.media.calls if call[0] != "ping"]
    # Whoever asks for a read's or consult's own file hears its digests; the sinks below never know whose it is.
    sinks = {
        "logs": log,
        "output": out + err,
        "errors": "\n".join(errors),
        "metrics": (await house.nobody().get("/metrics")).body.decode(),
        "audit rows": await _audit(house),
        "the log": await _log_entries(house),
        "the evidence pack": await _pack(house),
        "live events": "\n".join(watch.events),
        "the media server": repr(media),
    }
    assert media
    assert watch.events
    found = [leak for where, text in sinks.items() for leak in leaks(where, text, planted)]
    assert found == []
