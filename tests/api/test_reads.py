"""The reading flow from request to acknowledgement, and who may not."""

from __future__ import annotations

import asyncio
import io
import json
from datetime import timedelta

import pypdf
import pytest
from sqlalchemy import event, select

from server.reads import closing
from server.reads.rules import ReadState
from storage.readers import EcgRecording
from storage.tables.audit import AuditRow
from storage.tables.evidence import ActivityEntryRow
from storage.tables.reads import ReadReport, ReadRequest
from tests.api import reads
from tests.api.conftest import House
from tests.api.reads import CONTENT, create, drafted, ecg, queued, signed, step, upload

ONE = "/api/reads/{}"
BORN = ("1959-03-01", "19590301")
"""The day of birth in whole: the year alone is met by chance in hashes and times."""


async def test_whole_way(house: House) -> None:
    read_id = await create(house, urgency="emergency", symptoms="出汗")
    doctor, specialist = house.as_("rural_doctor"), house.as_("specialist")
    answer = await upload(house, read_id, ecg())
    assert answer.status == 200, answer.body
    file = answer.json["file"]
    assert answer.json["state"] == "quality_checked"
    assert file["leads_missing"] == []
    assert len(file["leads_present"]) == 12
    assert file["duration_s"] == 10.0
    assert file["sampling_hz"] == 1000.0
    assert file["device_rate_bpm"] == pytest.approx(61.1)
    assert file["own_rate_bpm"] == pytest.approx(61, abs=2)
    assert file["patient"] | {"fields": []} == {
        "result": "match",
        "must_confirm": False,
        "fields": [],
    }
    assert [hint["code"] for hint in file["hints"]] == ["recorded_earlier"]

    sent = await step(house, "rural_doctor", read_id, "submit", {})
    assert sent["state"] == "queued"
    assert sent["seconds_left"] == 600  # emergency ECG: 10 minutes (DOMAIN)
    assert sent["actions"] == ["cancel"]

    house.clock.at += timedelta(minutes=4)
    rows = (await specialist.get("/api/reads")).json
    assert [row["id"] for row in rows["reads"]] == [read_id]
    assert rows["reads"][0]["seconds_left"] == 360
    assert rows["reads"][0]["patient_name"] == ""
    claimed = await step(house, "specialist", read_id, "claim")
    assert claimed["claimed_by_name"] == "王示例"
    assert claimed["actions"] == ["release", "return", "save_draft", "mark_critical"]

    body = {"version": 0, "content": CONTENT}
    draft = await specialist.put(ONE.format(read_id) + "/draft", body)
    assert draft.json["version"] == 1
    signed_view = await step(house, "specialist", read_id, "sign", {"draft_version": 1})
    assert signed_view["state"] == "signed"
    assert signed_view["on_time"] is True

    seen = (await doctor.get(ONE.format(read_id))).json
    assert seen["unread"] is True
    assert seen["report"]["content"] == CONTENT
    assert seen["report"]["signed_by_name"] == "王示例"
    assert seen["report"]["original_sha256"] == file["sha256"]
    done = await step(house, "rural_doctor", read_id, "acknowledge")
    assert done["state"] == "acknowledged"
    assert done["actions"] == ["adopt", "not_adopt"]
    answered = await step(house, "rural_doctor", read_id, "outcome", {"adopted": True})
    assert answered["state"] == "adopted"


async def test_entry_is_written_at_acknowledgement(house: House) -> None:
    read_id = await signed(house)
    async with house.services.db.read() as session:
        assert (await session.execute(select(ActivityEntryRow))).scalars().all() == []
    done = await step(house, "rural_doctor", read_id, "acknowledge")
    async with house.services.db.read() as session:
        entry = (await session.execute(select(ActivityEntryRow))).scalar_one()
        report = (await session.execute(select(ReadReport))).scalar_one()
    assert done["entry_id"] == entry.id
    assert entry.ledger_index is not None
    document = json.loads(entry.canonical)
    assert document["kind"] == "ecg_read"
    assert document["creditable"] is True
    assert document["plan_item"] is not None
    assert document["facts"] == {
        "urgency": "routine",
        "turnaround_minutes": 0.0,
        "due_minutes": 30,
        "on_time": True,
        "acknowledged": True,
        "versions": 1,
        "critical": False,
    }
    assert [(one["role"], one["verified_seconds"]) for one in document["people"]] == [
        ("requester", 0),
        ("reader", 0),
    ]
    included = [one for one in document["evidence"] if one["included"]]
    assert [one["name"] for one in included] == ["report-summary.json"]
    summary = await house.services.blobs.read(included[0]["sha256"])
    assert report.sha256 in summary.decode()
    for planted in ("患者示例", "胸痛", *BORN, "正常心电图", house.world.patient):
        assert planted not in summary.decode()
        assert planted not in entry.canonical


async def test_late_report_is_marked_late(house: House) -> None:
    read_id = await drafted(house)
    house.clock.at += timedelta(minutes=31)
    listed = (await house.as_("specialist").get("/api/reads")).json
    assert listed["reads"][0]["late"] is True
    assert listed["counts"]["late"] == 1
    done = await step(house, "specialist", read_id, "sign", {"draft_version": 1})
    assert done["on_time"] is False
    await step(house, "rural_doctor", read_id, "acknowledge")
    async with house.services.db.read() as session:
        entry = (await session.execute(select(ActivityEntryRow))).scalar_one()
    assert entry.reasons == ["late"]
    assert json.loads(entry.canonical)["facts"]["on_time"] is False


async def test_nothing_of_a_draft_is_visible_before_signing(house: House) -> None:
    read_id = await drafted(house)
    doctor = house.as_("rural_doctor")
    for path in (ONE.format(read_id), "/api/reads"):
        answer = await doctor.get(path)
        assert answer.status == 200
        for secret in ("正常心电图", "normal_ecg", '"draft"}', "结合临床", "save_draft"):
            assert secret not in answer.body.decode()
    view = (await doctor.get(ONE.format(read_id))).json
    assert view["state"] == "claimed"
    assert view["draft"] is None
    assert view["report"] is None
    assert view["reports"] == []
    assert (await doctor.get(ONE.format(read_id) + "/report.pdf")).status == 404
    answer = await doctor.put(ONE.format(read_id) + "/draft", {"version": 1, "content": CONTENT})
    assert answer.status == 403


async def test_claim_is_exclusive(house: House) -> None:
    read_id = await queued(house)
    answers = await asyncio.gather(
        *(
            house.as_(who).post(ONE.format(read_id) + "/claim")
            for who in ("specialist", "specialist_2", "radiologist")
        )
    )
    assert sorted(answer.status for answer in answers) == [200, 409, 409]
    winner = next(answer.json for answer in answers if answer.status == 200)
    for answer in answers:
        if answer.status == 409:
            assert answer.code == "already_claimed"
            assert winner["claimed_by_name"] in answer.json["message"]["zh"]
            assert answer.json["claimed_by"] == winner["claimed_by"]


async def test_only_the_claimer_goes_on(house: House) -> None:
    read_id = await drafted(house)
    other = house.as_("specialist_2")
    draft = await other.put(ONE.format(read_id) + "/draft", {"version": 1, "content": CONTENT})
    assert draft.code == "already_claimed"
    for name, body in (
        ("release", None),
        ("return", {"reason": "重做"}),
        ("sign", {"draft_version": 1}),
        ("critical", {"code": "vf"}),
    ):
        answer = await other.post(f"/api/reads/{read_id}/{name}", body)
        assert (answer.status, answer.code) == (409, "already_claimed"), name


async def test_release_keeps_the_draft_for_the_next_reader(house: House) -> None:
    read_id = await drafted(house)
    assert (await step(house, "specialist", read_id, "release"))["state"] == "queued"
    taken = await step(house, "specialist_2", read_id, "claim")
    assert taken["draft"]["content"] == CONTENT
    # A colleague's words are not signed unseen: they must be saved again first.
    answer = await house.as_("specialist_2").post(
        ONE.format(read_id) + "/sign", {"draft_version": 1}
    )
    assert answer.code == "wrong_state"


async def test_return_for_another_recording(house: House) -> None:
    read_id = await drafted(house)
    rest = await step(house, "specialist", read_id, "return", {"reason": "V1 电极脱落"})
    assert rest["reads"] == []
    assert (await house.as_("specialist").get(ONE.format(read_id))).status == 404
    back = (await house.as_("rural_doctor").get(ONE.format(read_id))).json
    assert (back["state"], back["return_reason"]) == ("returned", "V1 电极脱落")
    assert back["seconds_left"] is None
    again = await upload(house, read_id, ecg(PatientID="7"))
    assert again.json["file"]["number"] == 2
    house.clock.at += timedelta(hours=2)
    sent = await step(house, "rural_doctor", read_id, "submit", {"question": "补充:无胸痛"})
    assert sent["seconds_left"] == 1800
    assert sent["question"] == "补充:无胸痛"
    assert (await step(house, "specialist", read_id, "claim"))["draft"] is None


async def test_mismatch_must_be_confirmed(house: House) -> None:
    read_id = await create(house)
    file = await upload(house, read_id, ecg(PatientName="王^某", PatientSex="F"))
    match = file.json["file"]["patient"]
    assert match["result"] == "differs"
    assert match["must_confirm"] is True
    by_field = {item["field"]: item for item in match["fields"]}
    assert by_field["name"]["in_file"] == "王^某"
    assert by_field["sex"]["result"] == "differs"
    answer = await house.as_("rural_doctor").post(ONE.format(read_id) + "/submit", {})
    assert answer.code == "patient_mismatch"
    assert sorted(answer.json["fields"]) == ["name", "sex"]
    assert "王" not in answer.body.decode()
    sent = await step(house, "rural_doctor", read_id, "submit", {"confirm_mismatch": True})
    assert sent["file"]["patient"]["must_confirm"] is False
    # The reading side learns that it differs and where, not whose name the file holds.
    seen = (await house.as_("specialist").get(ONE.format(read_id))).body.decode()
    assert "王^某" not in seen
    samples = await house.as_("specialist").get(ONE.format(read_id) + "/ecg/samples")
    assert "王^某".encode() not in samples.body


async def test_text_and_urgency_may_be_finished_while_the_file_travels(house: House) -> None:
    read_id = await create(house)
    assert (await upload(house, read_id, ecg())).status == 200
    more = {"question": "心律?", "symptoms": "胸痛", "urgency": "emergency"}
    sent = await step(house, "rural_doctor", read_id, "submit", more)
    assert {key: sent[key] for key in more} == more
    assert sent["read_minutes"] == 10  # judged by the urgency that it was sent with


async def test_cancel(house: House) -> None:
    read_id = await queued(house)
    done = await step(house, "rural_doctor", read_id, "cancel", {"reason": "已转诊"})
    assert (done["state"], done["cancel_reason"], done["actions"]) == ("cancelled", "已转诊", [])
    other = await drafted(house)
    answer = await house.as_("rural_doctor").post(ONE.format(other) + "/cancel", {"reason": "x"})
    assert answer.code == "wrong_state"


async def test_draft_versions(house: House) -> None:
    read_id = await drafted(house)
    specialist = house.as_("specialist")
    stale = await specialist.put(ONE.format(read_id) + "/draft", {"version": 0, "content": CONTENT})
    assert stale.code == "version_conflict"
    next_one = await specialist.put(
        ONE.format(read_id) + "/draft", {"version": 1, "content": {"rhythm": "sinus"}}
    )
    assert next_one.json["version"] == 2
    old = await specialist.post(ONE.format(read_id) + "/sign", {"draft_version": 1})
    assert old.code == "version_conflict"
    unfinished = await specialist.post(ONE.format(read_id) + "/sign", {"draft_version": 2})
    assert unfinished.code == "invalid_request"
    assert [item["path"] for item in unfinished.json["errors"]] == ["conclusion"]


async def test_signed_once_however_often_the_button_is_pressed(house: House) -> None:
    read_id = await drafted(house)
    specialist = house.as_("specialist")
    answers = await asyncio.gather(
        *(specialist.post(ONE.format(read_id) + "/sign", {"draft_version": 1}) for _ in range(3))
    )
    assert sorted(answer.status for answer in answers) == [200, 409, 409]
    async with house.services.db.read() as session:
        assert len((await session.execute(select(ReadReport))).scalars().all()) == 1


async def test_amendment_is_a_new_version(house: House) -> None:
    read_id = await signed(house)
    await step(house, "rural_doctor", read_id, "acknowledge")
    first = (await house.as_("rural_doctor").get(ONE.format(read_id) + "/report.pdf")).body
    changed = {**CONTENT, "conclusion": "1. 窦性心律\n2. 大致正常心电图"}
    specialist = house.as_("specialist_2")
    await specialist.put(ONE.format(read_id) + "/draft", {"version": 0, "content": changed})
    seen = (await house.as_("rural_doctor").get(ONE.format(read_id))).body.decode()
    assert "大致正常" not in seen
    bare = await specialist.post(ONE.format(read_id) + "/sign", {"draft_version": 1})
    assert [item["path"] for item in bare.json["errors"]] == ["amendment_reason"]
    house.clock.at += timedelta(hours=1)
    body = {"draft_version": 1, "amendment_reason": "复核后修改"}
    view = await step(house, "specialist_2", read_id, "sign", body)
    assert view["state"] == "signed"
    assert [item["version"] for item in view["reports"]] == [2, 1]
    assert view["reports"][1]["content"] == CONTENT
    assert view["on_time"] is True  # the clock stopped with the first version
    doctor = house.as_("rural_doctor")
    assert (await doctor.get(ONE.format(read_id) + "/report.pdf?version=1")).body == first
    assert (await doctor.get(ONE.format(read_id) + "/report.pdf")).body != first
    assert (await doctor.get(ONE.format(read_id) + "/report.pdf?version=3")).status == 404
    await step(house, "rural_doctor", read_id, "acknowledge")
    async with house.services.db.read() as session:
        entries = (await session.execute(select(ActivityEntryRow))).scalars().all()
    assert sorted(row.corrects is not None for row in entries) == [False, True]
    newest = next(row for row in entries if row.corrects)
    assert newest.author == house.world.staff["rural_doctor"]
    assert json.loads(newest.canonical)["facts"]["versions"] == 2


async def test_report_is_bound_to_what_was_read(house: House) -> None:
    import hashlib

    read_id = await signed(house)
    async with house.services.db.read() as session:
        row = (await session.execute(select(ReadReport))).scalar_one()
    assert hashlib.sha256(row.document.encode()).hexdigest() == row.sha256
    document = json.loads(row.document)
    original = await house.as_("specialist").get(ONE.format(read_id) + "/original")
    samples = await house.as_("specialist").get(ONE.format(read_id) + "/ecg/samples")
    assert document["recording"]["original_sha256"] == hashlib.sha256(original.body).hexdigest()
    assert document["recording"]["normal_sha256"] == hashlib.sha256(samples.body).hexdigest()
    assert document["signed"] | {"id": "", "organisation_id": ""} == {
        "id": "",
        "organisation_id": "",
        "name": "王示例",
        "title": "主任医师",
        "licence": "示例000000",
        "organisation": "city(示例)",
        "at": "2026-11-23T09:00:00+08:00",
    }


async def test_pdf_says_what_was_signed(house: House) -> None:
    read_id = await signed(house)
    answer = await house.as_("rural_doctor").get(ONE.format(read_id) + "/report.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    view = (await house.as_("rural_doctor").get(ONE.format(read_id))).json
    pages = pypdf.PdfReader(io.BytesIO(answer.body)).pages
    text = "\n".join(page.extract_text() for page in pages)
    for expected in (
        "远程心电诊断报告",
        "窦性心律",
        "正常心电图",
        "患者示例",
        "王示例",
        "示例000000",
        "25 mm/s",
        "示例 · 虚构数据",
        view["report"]["sha256"],
        view["report"]["original_sha256"],
    ):
        assert expected in text
    assert len(pages) == 2
    width, height = (float(value) for value in pages[1].mediabox[2:])
    assert width > height


async def test_critical_value_has_its_own_clock(house: House) -> None:
    read_id = await queued(house)
    await step(house, "specialist", read_id, "claim")
    marked = await step(house, "specialist", read_id, "critical", {"code": "mi_new", "note": "速"})
    assert marked["criticals"][0]["seconds_left"] == 600
    again = await house.as_("specialist").post(
        ONE.format(read_id) + "/critical", {"code": "mi_new"}
    )
    assert again.code == "wrong_state"
    unknown = await house.as_("specialist").post(ONE.format(read_id) + "/critical", {"code": "x"})
    assert unknown.code == "invalid_request"
    # Told at once, before any report is signed, and on top of the list.
    later = await queued(house, urgency="emergency")
    rows = (await house.as_("rural_doctor").get("/api/reads")).json["reads"]
    assert [row["id"] for row in rows] == [read_id, later]
    assert rows[0]["critical_open"] is True
    house.clock.at += timedelta(minutes=3)
    seen = await step(house, "rural_doctor", read_id, "critical/acknowledge")
    assert seen["critical_open"] is False
    assert seen["criticals"][0]["seconds_left"] == 420
    assert seen["criticals"][0]["acknowledged_by_name"] == "李示例"
    twice = await house.as_("rural_doctor").post(ONE.format(read_id) + "/critical/acknowledge")
    assert twice.code == "wrong_state"


async def test_acknowledging_late_misses_the_critical_clock(house: House) -> None:
    read_id = await drafted(house)
    await step(house, "specialist", read_id, "critical", {"code": "vf"})
    await step(house, "specialist", read_id, "sign", {"draft_version": 1})
    house.clock.at += timedelta(minutes=11)
    done = await step(house, "rural_doctor", read_id, "acknowledge")
    assert done["critical_open"] is False
    async with house.services.db.read() as session:
        entry = (await session.execute(select(ActivityEntryRow))).scalar_one()
    facts = json.loads(entry.canonical)["facts"]
    assert (facts["critical"], facts["critical_acknowledged"]) == (True, False)


async def test_unacknowledged_report_is_closed_after_three_days(house: House) -> None:
    read_id = await signed(house)
    assert await closing.close_unacknowledged(house.services) == 0
    house.clock.at += timedelta(hours=73)
    assert await closing.close_unacknowledged(house.services) == 1
    assert await closing.close_unacknowledged(house.services) == 0
    view = (await house.as_("rural_doctor").get(ONE.format(read_id))).json
    assert view["state"] == "signed"
    await step(house, "rural_doctor", read_id, "acknowledge")
    async with house.services.db.read() as session:
        rows = (await session.execute(select(ActivityEntryRow))).scalars().all()
    facts = {bool(row.corrects): json.loads(row.canonical)["facts"] for row in rows}
    assert facts[False]["acknowledged"] is False
    assert facts[True]["acknowledged"] is True


async def test_not_adopting_needs_a_reason(house: House) -> None:
    read_id = await signed(house)
    early = await house.as_("rural_doctor").post(
        ONE.format(read_id) + "/outcome", {"adopted": True}
    )
    assert early.code == "wrong_state"
    await step(house, "rural_doctor", read_id, "acknowledge")
    bare = await house.as_("rural_doctor").post(
        ONE.format(read_id) + "/outcome", {"adopted": False}
    )
    assert bare.code == "invalid_request"
    done = await step(
        house, "rural_doctor", read_id, "outcome", {"adopted": False, "reason": "与临床不符"}
    )
    assert (done["state"], done["outcome_reason"]) == ("not_adopted", "与临床不符")


async def test_tracing(house: House) -> None:
    read_id = await queued(house)
    for who in ("rural_doctor", "rural_doctor_2", "specialist"):
        view = (await house.as_(who).get(ONE.format(read_id) + "/ecg")).json
        assert view["leads"][:3] == ["I", "II", "III"]
        assert view["device"]["pr_ms"] == 161.0
        assert view["own"]["confirmed"] is False
    path = ONE.format(read_id) + "/ecg/samples"
    plain = await house.as_("specialist").get(path, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    packed = await house.as_("specialist").get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.body == plain.body  # the test client unpacks
    recording = EcgRecording.from_blob(plain.body)
    assert recording.samples.shape == (12, 10000)
    assert recording.patient.name == ""
    for tag in (plain.headers["ETag"], packed.headers["ETag"]):
        same = await house.as_("specialist").get(path, headers={"If-None-Match": tag})
        assert (same.status, same.body) == (304, b"")
    original = await house.as_("specialist").get(ONE.format(read_id) + "/original")
    assert original.body == ecg()
    assert original.headers["Content-Disposition"].startswith("attachment")


# Who may not.

ROUTES: list[tuple[str, str, object]] = [
    ("GET", "", None),
    ("POST", "/submit", {}),
    ("POST", "/cancel", {"reason": "x"}),
    ("POST", "/claim", None),
    ("POST", "/release", None),
    ("POST", "/return", {"reason": "x"}),
    ("PUT", "/draft", {"version": 0, "content": {}}),
    ("POST", "/sign", {"draft_version": 1}),
    ("POST", "/acknowledge", None),
    ("POST", "/outcome", {"adopted": True}),
    ("POST", "/critical", {"code": "vf"}),
    ("POST", "/critical/acknowledge", None),
    ("GET", "/ecg", None),
    ("GET", "/ecg/samples", None),
    ("GET", "/original", None),
    ("GET", "/report.pdf", None),
]


async def test_strangers_find_nothing(house: House) -> None:
    read_id = await signed(house)
    for who in ("stranger", "county_doctor"):
        for method, path, body in ROUTES:
            options = {"json": body} if body is not None else {}
            answers = [
                await house.as_(who).request(method, f"/api/reads/{one}{path}", **options)
                for one in (read_id, "red_absent")
            ]
            assert {answer.status for answer in answers} <= {403, 404}, (who, path)
            # Forbidden and absent alike, but for the request's own number.
            first, second = (dict(answer.json, request_id="") for answer in answers)
            assert first == second
    answer = await upload(house, read_id, ecg(), who="stranger")
    assert answer.status == 404
    assert (await house.as_("stranger").get("/api/reads?side=reader")).json["total"] == 0
    assert (await house.as_("stranger").get("/api/reads?side=requester")).json["total"] == 0


async def test_other_roles_may_not(house: House) -> None:
    read_id = await signed(house)
    for who in ("coordinator", "assessor", "authority", "administrator", "learner", "lecturer"):
        for method, path, body in [("GET", "", None), *ROUTES]:
            options = {"json": body} if body is not None else {}
            answer = await house.as_(who).request(method, f"/api/reads/{read_id}{path}", **options)
            assert (answer.status, answer.code) == (403, "not_allowed"), (who, path)
        assert (await house.as_(who).get("/api/reads")).status == 403
        assert (await house.as_(who).get("/api/reads/terms")).status == 403
    for who in ("assessor", "learner"):
        assert (await house.as_(who).get("/api/reads/counts")).status == 403


async def test_coordinator_sees_numbers_only(house: House) -> None:
    await signed(house)
    await queued(house, urgency="emergency")
    city = (await house.as_("coordinator").get("/api/reads/counts")).json
    town = (await house.as_("township_coordinator").get("/api/reads/counts")).json
    assert city["reader"] == town["requester"]
    assert city["reader"] == {
        "queued": 1,
        "in_progress": 0,
        "returned": 0,
        "late": 0,
        "signed": 1,
        "done": 0,
        "critical_open": 0,
        "emergency_waiting": 1,
    }
    assert set(city["requester"].values()) == {0}


async def test_not_before_submission_and_not_after_the_agreement(house: House) -> None:
    read_id = await create(house)
    await upload(house, read_id, ecg())
    assert (await house.as_("specialist").get(ONE.format(read_id))).status == 404
    assert (await house.as_("specialist").get("/api/reads")).json["total"] == 0
    await step(house, "rural_doctor", read_id, "submit", {})
    assert (await house.as_("specialist").get(ONE.format(read_id))).status == 200
    house.clock.at += timedelta(days=500)
    assert (await house.as_("specialist").get(ONE.format(read_id))).status == 404
    assert (await house.as_("specialist").get("/api/reads")).json["total"] == 0
    answer = await house.as_("specialist").post(ONE.format(read_id) + "/claim")
    assert answer.status == 404
    assert (await house.as_("rural_doctor").get(ONE.format(read_id))).status == 200


async def test_create_is_for_own_patients_and_paired_units(house: House) -> None:
    body = {
        "patient_id": house.world.county_patient,
        "supporting_id": house.world.organisations["city"],
        "question": "?",
    }
    doctor = house.as_("rural_doctor")
    assert (await doctor.post("/api/reads", body)).status == 404
    body["patient_id"] = house.world.patient
    body["supporting_id"] = house.world.organisations["other"]
    assert (await doctor.post("/api/reads", body)).code == "agreement_not_in_force"
    assert (await house.as_("specialist").post("/api/reads", body)).code == "not_allowed"
    assert (await doctor.post("/api/reads", {**body, "question": ""})).code == "invalid_request"


async def test_terms(house: House) -> None:
    terms = (await house.as_("specialist").get("/api/reads/terms")).json
    names = {item["zh"] for item in [*terms["rhythms"], *terms["findings"]]}
    assert {"窦性心律", "心房颤动", "一度房室传导阻滞", "完全性右束支传导阻滞", "ST段抬高"} <= names
    assert len(terms["criticals"]) == 12


# The list.


async def test_order_and_filters(house: House) -> None:
    slow = await queued(house)
    house.clock.at += timedelta(minutes=1)
    fast = await queued(house, urgency="emergency")
    house.clock.at += timedelta(minutes=1)
    next_slow = await queued(house)
    done = await signed(house)
    specialist = house.as_("specialist")

    async def ids(query: str) -> list[str]:
        answer = await specialist.get(f"/api/reads?{query}")
        assert answer.status == 200, answer.body
        return [row["id"] for row in answer.json["reads"]]

    assert await ids("") == [fast, slow, next_slow, done]
    assert await ids("state=queued&urgency=routine") == [slow, next_slow]
    assert await ids("state=queued&state=signed") == [fast, slow, next_slow, done]
    assert await ids("mine=true") == [done]
    assert await ids("group=done") == []
    assert await ids("limit=1&offset=1") == [slow]
    assert await ids(f"organisation_id={house.world.organisations['county']}") == []
    assert len(await ids("search=township")) == 4
    assert await ids("search=%25") == []
    wrong = await specialist.get("/api/reads?state=nonsense")
    assert wrong.code == "invalid_request"


async def test_list_takes_the_same_queries_for_many_as_for_one(house: House) -> None:
    counted: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            counted.append(statement)

    numbers = []
    for wanted in (1, 4):
        while (await house.as_("specialist").get("/api/reads")).json["total"] < wanted:
            await signed(house)
        engine = house.services.db.engine.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        counted.clear()
        await house.as_("specialist").get("/api/reads")
        event.remove(engine, "before_cursor_execute", note)
        numbers.append(len(counted))
    assert numbers[0] == numbers[1]
    assert numbers[0] <= 9  # five for the person's log-in


async def test_nothing_of_the_patient_in_the_audit_log(house: House) -> None:
    read_id = await signed(house, symptoms="SYMPTOMS-PLANTED")
    await step(house, "rural_doctor", read_id, "acknowledge")
    async with house.services.db.read() as session:
        rows = (await session.execute(select(AuditRow).where(AuditRow.object_id == read_id))).all()
        read = await session.get_one(ReadRequest, read_id)
    details = json.dumps([row.AuditRow.details for row in rows], ensure_ascii=False)
    actions = {row.AuditRow.action for row in rows}
    assert {"reads:read:create", "reads:read:submit", "reads:report:sign"} <= actions
    assert read.state == ReadState.ACKNOWLEDGED
    for planted in ("患者示例", "SYMPTOMS", "胸痛", "正常心电图", house.world.patient):
        assert planted not in details


async def test_pages_of_both_sides_are_told(house: House) -> None:
    told: list[tuple[str, frozenset[str]]] = []
    house.services.db.publish = lambda one: told.append((one.topic, one.organisations))
    city, town = (house.world.organisations[key] for key in ("city", "township"))
    read_id = await drafted(house)
    both, own = frozenset({city, town}), frozenset({town})
    kept = [organisations for topic, organisations in told if topic == "reads"]
    # create and upload concern the doctor's side; submit and claim both; the draft only the reader's.
    assert kept == [own, own, both, both, frozenset({city})]
    assert reads.FILES.is_dir()
    await step(house, "specialist", read_id, "release")
    assert told[-1] == ("reads", both)


async def test_nothing_of_the_patient_in_logs_metrics_and_addresses(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    read_id = await signed(house, question="QUESTION-PLANTED", symptoms="SYMPTOMS-PLANTED")
    await step(house, "rural_doctor", read_id, "acknowledge")
    await upload(house, await create(house), b"FILE-PLANTED")
    metrics = (await house.nobody().get("/metrics")).body.decode()
    for expected in (
        'duikou_read_events_total{event="sign",urgency="routine"}',
        'duikou_read_files_refused_total{reason="not_dicom"}',
        "duikou_read_turnaround_minutes_count",
    ):
        assert expected in metrics
    said = capsys.readouterr()
    assert "/api/reads/{read_id}/sign" in said.out + said.err
    for planted in ("患者示例", "PLANTED", *BORN, "正常心电图", house.world.patient):
        for text in (metrics, said.out, said.err):
            assert planted not in text


async def test_the_request_may_be_finished_at_submission(house: House) -> None:
    read_id = await create(house)
    await upload(house, read_id, ecg())
    body = {"question": "晕厥一次", "symptoms": "黑矇", "urgency": "emergency"}
    sent = await step(house, "rural_doctor", read_id, "submit", body)
    assert {name: sent[name] for name in body} == body
    assert sent["read_minutes"] == 10
