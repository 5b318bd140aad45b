"""The activity log over HTTP: who sees it, filters, evidence, proof, tampering, exports."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import delete, event, select, update

from server.app import build_app
from server.errors import Problem
from server.evidence import export, service
from server.evidence.pack import verify_pack
from server.evidence.rules import Activity, EntryRefused, Evidence, Participation
from server.pairing.rules import ActivityKind
from storage.db import SYSTEM
from storage.disk import DiskFailure
from storage.merkle import leaf_hash
from storage.tables.audit import AuditRow
from storage.tables.evidence import ActivityEntryRow, EntryPersonRow, EntryReasonRow
from storage.tables.pairing import Agreement
from tests.api.conftest import House
from tests.api.people import START
from tests.unit.evidence.samples import activity, media

LOG = "/api/entries"


def made(house: House, kind: ActivityKind = ActivityKind.CONSULT, **changes: Any) -> Activity:
    """An activity between the city and the township, with real people of both."""
    world = house.world
    city, township = world.organisations["city"], world.organisations["township"]
    at = changes.pop("at", START - timedelta(days=3))
    seconds = changes.pop("seconds", 1500)
    changes.setdefault("agreement_id", world.agreement)
    changes.setdefault("recipient_id", township)
    people = (
        media(world.staff["specialist"], city, at, seconds, "specialist"),
        media(world.staff["rural_doctor"], township, at, seconds, "requester"),
    )
    changes.setdefault("people", people)
    return activity(kind, at, seconds=seconds, supporting_id=city, **changes)


async def record(house: House, *activities: Activity) -> list[str]:
    """Record and seal; the entries' ids."""
    ids = []
    for item in activities:
        async with house.services.db.write(SYSTEM) as tx:
            ids.append((await service.record(tx, item)).id)
    await service.seal(house.services)
    return ids


async def row_of(house: House, entry_id: str) -> ActivityEntryRow:
    async with house.services.db.read() as session:
        return (
            await session.execute(select(ActivityEntryRow).where(ActivityEntryRow.id == entry_id))
        ).scalar_one()


async def bend(house: House, entry_id: str, **values: Any) -> None:
    """Change a row as somebody with the database's password would."""
    async with house.services.db.write(SYSTEM) as tx:
        change = update(ActivityEntryRow).where(ActivityEntryRow.id == entry_id)
        await tx.session.execute(change.values(**values))
        tx.audit("test:bend", "activity_entry", entry_id)


async def remove(house: House, index: int) -> None:
    """Take an entry's rows out of the database."""
    async with house.services.db.write(SYSTEM) as tx:
        found = select(ActivityEntryRow).where(ActivityEntryRow.ledger_index == index)
        row = (await tx.session.execute(found)).scalar_one()
        for child in (EntryPersonRow, EntryReasonRow):
            await tx.session.execute(delete(child).where(child.entry_id == row.id))
        await tx.session.execute(delete(ActivityEntryRow).where(ActivityEntryRow.id == row.id))
        tx.audit("test:remove", "activity_entry", row.id)


# Recording and sealing.


async def test_an_entry_is_recorded_sealed_and_audited(house: House) -> None:
    [entry_id] = await record(house, made(house))
    row = await row_of(house, entry_id)
    assert row.ledger_index == 0
    assert house.services.ledger.entry(0) == row.canonical.encode()
    assert row.leaf_hash == leaf_hash(row.canonical.encode()).hex()
    async with house.services.db.read() as session:
        audit = select(AuditRow.action).where(AuditRow.object_id == entry_id).order_by(AuditRow.id)
        actions = (await session.execute(audit)).scalars().all()
    assert sorted(actions) == ["evidence:entry:record", "evidence:ledger:seal"]


async def test_nothing_personal_is_logged(house: House) -> None:
    [entry_id] = await record(house, made(house))
    text = (await row_of(house, entry_id)).canonical
    assert text.isascii()
    assert house.world.patient not in text
    for name in ("示例", "township(", "TEST-1"):
        assert name not in text
    with pytest.raises(ValueError, match="subject_id"):
        await record(house, made(house, subject_id=house.world.patient))


async def test_recording_the_same_twice_is_one_entry(house: House) -> None:
    same = made(house, subject_id="con_same")
    first, second = await record(house, same, same)
    assert first == second
    assert house.services.ledger.size == 1


async def test_the_units_must_be_those_of_the_agreement(house: House) -> None:
    with pytest.raises(ValueError, match="agreement"):
        await record(house, made(house, recipient_id=house.world.organisations["county"]))


async def test_a_rolled_back_activity_leaves_no_entry(house: House) -> None:
    with pytest.raises(RuntimeError, match="closing failed"):
        async with house.services.db.write(SYSTEM) as tx:
            await service.record(tx, made(house))
            raise RuntimeError("closing failed")
    assert await service.seal(house.services) == 0
    assert house.services.ledger.size == 0


async def test_seal_heals_a_crash_between_ledger_and_database(house: House) -> None:
    async with house.services.db.write(SYSTEM) as tx:
        first = (await service.record(tx, made(house))).id
        second = (await service.record(tx, made(house))).id
    # The crash: the first one reached the ledger, and nobody noted its index.
    row = await row_of(house, first)
    assert await house.services.ledger.append(row.canonical.encode()) == 0
    assert await service.seal(house.services) == 2
    assert [(await row_of(house, name)).ledger_index for name in (first, second)] == [0, 1]
    assert house.services.ledger.size == 2
    assert await service.seal(house.services) == 0


async def test_a_refusing_disk_leaves_entries_pending(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_entry: bytes) -> int:
        raise DiskFailure("ENOSPC")

    with monkeypatch.context() as patch:
        patch.setattr(house.services.ledger, "append", refuse)
        [entry_id] = await record(house, made(house))
    assert (await row_of(house, entry_id)).ledger_index is None
    shown = (await house.as_("assessor").get(f"{LOG}/{entry_id}")).json
    assert (shown["state"], shown["proof"]["state"]) == ("pending", "pending")
    assert await service.seal(house.services) == 1
    assert (await house.as_("assessor").get(f"{LOG}/{entry_id}")).json["state"] == "verified"


async def test_a_start_seals_what_a_crash_left(house: House) -> None:
    async with house.services.db.write(SYSTEM) as tx:
        entry_id = (await service.record(tx, made(house))).id
    sealed = asyncio.Event()
    house.services.db.publish = lambda event: sealed.set() if event.topic == "entries" else None
    async with TestServer(build_app(house.services)):
        await asyncio.wait_for(sealed.wait(), 20)
    assert (await row_of(house, entry_id)).ledger_index == 0


async def test_an_entry_too_large_for_the_log_is_refused(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MAX_ENTRY", 300)
    with pytest.raises(EntryRefused, match="larger"):
        await record(house, made(house))


async def test_many_pending_entries_keep_their_order(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SEAL_BATCH", 4)
    ids = []
    for number in range(10):
        house.clock.at = START + timedelta(minutes=number)
        async with house.services.db.write(SYSTEM) as tx:
            ids.append((await service.record(tx, made(house))).id)
    assert await service.seal(house.services) == 10
    assert [(await row_of(house, name)).ledger_index for name in ids] == list(range(10))


# Corrections.


def correction(old: Activity, entry_id: str, house: House, **changes: Any) -> Activity:
    changes.setdefault("correction_reason", "recount")
    return replace(old, corrects=entry_id, author=house.world.staff["coordinator"], **changes)


async def test_a_correction_is_a_new_entry_that_names_the_old(house: House) -> None:
    old = made(house)
    [first] = await record(house, old)
    [second] = await record(
        house, correction(old, first, house, creditable=False, reasons=("too_short",))
    )
    assessor = house.as_("assessor")
    shown = (await assessor.get(f"{LOG}/{second}")).json
    assert shown["correction"]["entry_id"] == first
    assert shown["correction"]["author_name"] == "郑示例"
    assert shown["correction"]["reason"]["code"] == "recount"
    assert shown["state"] == "verified"
    before = (await assessor.get(f"{LOG}/{first}")).json
    assert (before["corrected_by"], before["creditable"], before["state"]) == (
        second,
        True,
        "verified",
    )
    counts = (await assessor.get(LOG)).json
    assert (counts["total"], counts["creditable"], counts["superseded"]) == (2, 0, 1)


async def test_corrections_that_are_refused(house: House) -> None:
    old = made(house)
    [first] = await record(house, old)
    await record(house, correction(old, first, house))
    refused = [
        correction(old, first, house, correction_reason="wrong_time"),  # corrected already
        correction(made(house), first, house),  # of another activity
        correction(old, "ent_absent", house),
    ]
    for item in refused:
        with pytest.raises(Problem, match=r"wrong_state|not_found"):
            await record(house, item)
    assert house.services.ledger.size == 2


# Who sees what.


SEES = ("assessor", "authority", "coordinator", "township_coordinator")
SEES_NOT = ("rural_doctor", "specialist", "lecturer", "learner", "administrator", "stranger")


async def test_roles(house: House) -> None:
    data = b'{"reports": []}'
    ref = await house.services.blobs.put_bytes(data)
    attendance = Evidence("attendance.json", ref.sha256, ref.size, "application/json", True)
    [entry_id] = await record(house, made(house, evidence=(attendance,)))
    for path in ("", "/{id}", "/{id}/evidence/attendance.json", ".xlsx"):
        url = LOG + path.format(id=entry_id)
        for username in SEES:
            assert (await house.as_(username).get(url)).status == 200, (url, username)
        for username in SEES_NOT:
            assert (await house.as_(username).get(url)).status == 403, (url, username)
        assert (await house.nobody().get(url)).status == 401


async def test_another_authority_sees_nothing_and_cannot_tell(house: House) -> None:
    [entry_id] = await record(house, made(house))
    stranger = house.as_("other_assessor")
    assert (await stranger.get(LOG)).json["total"] == 0
    paths = ["/{}", "/{}/evidence/attendance.json"]
    for path in paths:
        forbidden = await stranger.get(LOG + path.format(entry_id))
        absent = await stranger.get(LOG + path.format("ent_absent"))
        assert (forbidden.status, absent.status) == (404, 404)
        drop = ("request_id",)
        assert {k: v for k, v in forbidden.json.items() if k not in drop} == {
            k: v for k, v in absent.json.items() if k not in drop
        }
    for url in (LOG, LOG + ".xlsx"):
        for agreement in (house.world.agreement, "agr_absent"):
            answer = await stranger.get(url, params={"agreement_id": agreement})
            assert answer.status == 404


async def test_a_coordinator_sees_its_own_agreements_only(house: House) -> None:
    county = made(
        house,
        agreement_id=house.world.county_agreement,
        recipient_id=house.world.organisations["county"],
    )
    mine, other = await record(house, made(house), county)
    township = house.as_("township_coordinator")
    assert [item["id"] for item in (await township.get(LOG)).json["entries"]] == [mine]
    assert (await township.get(f"{LOG}/{other}")).status == 404
    assert (await house.as_("coordinator").get(LOG)).json["total"] == 2


# The list.


async def fill(house: House) -> dict[str, str]:
    """Entries that differ in everything one can filter by."""
    day = timedelta(days=1)
    world = house.world
    county = {
        "agreement_id": world.county_agreement,
        "recipient_id": world.organisations["county"],
    }
    silent = (Participation(world.staff["specialist_2"], world.organisations["city"], "lead", 0),)
    items = {
        "consult": made(house, at=START - 9 * day),
        "short": made(
            house, at=START - 8 * day, seconds=60, creditable=False, reasons=("too_short",)
        ),
        "county": made(house, at=START - 7 * day, seconds=1300, **county),
        "read": made(house, ActivityKind.ECG_READ, at=START - 6 * day, seconds=900),
        "silent": made(house, ActivityKind.LECTURE, at=START - 5 * day, people=silent),
    }
    return dict(zip(items, await record(house, *items.values()), strict=True))


FILTERS: list[tuple[dict[str, str], set[str]]] = [
    ({}, {"consult", "short", "county", "read", "silent"}),
    ({"agreement_id": "{agreement}"}, {"consult", "short", "read", "silent"}),
    ({"unit": "{county}"}, {"county"}),
    ({"unit": "{city}"}, {"consult", "short", "county", "read", "silent"}),
    ({"kind": "consult"}, {"consult", "short", "county"}),
    ({"person": "{specialist_2}"}, {"silent"}),
    ({"creditable": "false"}, {"short"}),
    ({"creditable": "true", "kind": "ecg_read"}, {"read"}),
    ({"reason": "too_short"}, {"short"}),
    ({"reason": "no_media"}, {"silent"}),
    ({"doubtful": "true"}, {"silent"}),
    ({"doubtful": "false", "kind": "lecture"}, set()),
    ({"from": "2026-11-15", "to": "2026-11-16"}, {"short", "county"}),
    ({"from": "2026-11-18"}, {"silent"}),
]


async def test_filters(house: House) -> None:
    ids = await fill(house)
    known = {
        "agreement": house.world.agreement,
        "county": house.world.organisations["county"],
        "city": house.world.organisations["city"],
        "specialist_2": house.world.staff["specialist_2"],
    }
    assessor = house.as_("assessor")
    for wanted, expected in FILTERS:
        params = {key: value.format(**known) for key, value in wanted.items()}
        answer = (await assessor.get(LOG, params=params)).json
        found = {item["id"] for item in answer["entries"]}
        assert found == {ids[name] for name in expected}, wanted
        assert answer["total"] == len(expected)
        assert sum(item["total"] for item in answer["by_kind"]) == len(expected)


async def test_counts_paging_and_order(house: House) -> None:
    ids = await fill(house)
    assessor = house.as_("assessor")
    answer = (await assessor.get(LOG, params={"limit": 2, "offset": 1})).json
    assert [item["id"] for item in answer["entries"]] == [ids["read"], ids["county"]]
    assert (answer["total"], answer["creditable"], answer["not_creditable"]) == (5, 4, 1)
    assert answer["doubtful"] == 1
    assert {"kind": "consult", "total": 3, "creditable": 2} in answer["by_kind"]
    first = answer["entries"][0]
    assert first["supporting_name"] == "city(示例)"
    assert first["state"] == "verified"
    assert first["people_count"] == 2


async def test_a_day_is_a_day_of_the_readers_zone(house: House) -> None:
    # 16:30 UTC on the 19th is half past midnight on the 20th in Shanghai.
    at = START.replace(day=19, hour=16, minute=30)
    await record(house, made(house, at=at))
    assessor = house.as_("assessor")
    for day, total in (("2026-11-19", 0), ("2026-11-20", 1)):
        assert (await assessor.get(LOG, params={"from": day, "to": day})).json["total"] == total


BAD_QUERIES: tuple[dict[str, str], ...] = (
    {"limit": "0"},
    {"limit": "201"},
    {"offset": "-1"},
    {"kind": "party"},
    {"from": "yesterday"},
    {"from": "0001-01-01"},
    {"to": "9999-12-31"},
    {"reason": "太短"},
    {"nonsense": "1"},
)


async def test_bad_queries_are_refused(house: House) -> None:
    for params in BAD_QUERIES:
        answer = await house.as_("assessor").get(LOG, params=params)
        assert (answer.status, answer.code) == (422, "invalid_request"), params


async def test_the_list_asks_the_database_a_fixed_number_of_times(house: House) -> None:
    counts = []
    for _ in range(2):
        await fill(house)
        statements: list[str] = []

        def note(
            _c: Any, _u: Any, statement: str, *_rest: Any, into: list[str] = statements
        ) -> None:
            into.append(statement)

        engine = house.services.db.engine.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        await house.as_("assessor").get(LOG)
        event.remove(engine, "before_cursor_execute", note)
        counts.append(sum(text.startswith("SELECT") for text in statements))
    assert counts[0] == counts[1] <= 14


# One entry.


def media_document(house: House) -> bytes:
    start = int((START - timedelta(days=3)).timestamp())
    return json.dumps(
        {
            "reports": [
                {
                    "event": "media_report",
                    "participant": {"identity": house.world.staff["specialist"]},
                    "mediaReport": {
                        "source": "sfu",
                        "from": start,
                        "to": start + 60,
                        "tracks": [
                            {
                                "kind": "audio",
                                "packets": 3000,
                                "bytes": 240_000,
                                "media": [[start, start + 60]],
                                "speech": [[start, start + 20]],
                            }
                        ],
                    },
                }
            ]
        }
    ).encode()


async def test_the_evidence_view(house: House) -> None:
    document = media_document(house)
    ref = await house.services.blobs.put_bytes(document)
    async with house.services.db.read() as session:
        agreement = await session.get(Agreement, house.world.agreement)
        assert agreement is not None
        item = next(i for p in agreement.plans for i in p.items if i["kind"] == "consult")
    evidence = (
        Evidence("media.json", ref.sha256, ref.size, "application/json", True),
        Evidence("opinion.pdf", "ab" * 32, 999, "application/pdf", False),
    )
    [entry_id] = await record(
        house, made(house, evidence=evidence, plan_item_id=item["id"], facts={"on_time": True})
    )
    shown = (await house.as_("assessor").get(f"{LOG}/{entry_id}")).json
    assert [(p["name"], p["role"]["code"], p["verified_seconds"]) for p in shown["people"]] == [
        ("王示例", "specialist", 1500),
        ("李示例", "requester", 1500),
    ]
    start = int((START - timedelta(days=3)).timestamp())
    assert shown["people"][0]["intervals"] == [{"start": start, "end": start + 1500}]
    [heard] = shown["media"]
    assert (heard["name"], heard["packets"], heard["seconds"], heard["speech_seconds"]) == (
        "王示例",
        3000,
        60,
        20,
    )
    assert [(e["name"], e["included"], e["available"]) for e in shown["evidence"]] == [
        ("media.json", True, True),
        ("opinion.pdf", False, False),
    ]
    assert shown["plan_item"]["target"] == 24
    assert shown["policy"]["known"]
    assert shown["policy"]["rules"]
    assert shown["facts"] == [{"key": "on_time", "value": True}]
    assert shown["proof"]["state"] == "verified"
    assert all(check["ok"] for check in shown["proof"]["checks"])
    assert shown["actions"] == ["download_evidence", "export_pack"]
    assert leaf_hash(shown["canonical"].encode()).hex() == shown["proof"]["leaf_hash"]


async def test_a_person_who_is_gone_stays_an_id(house: House) -> None:
    gone = (Participation("stf_gone", house.world.organisations["city"], "lead", 60),)
    [entry_id] = await record(house, made(house, people=gone))
    [person] = (await house.as_("assessor").get(f"{LOG}/{entry_id}")).json["people"]
    assert (person["name"], person["person_id"]) == (None, "stf_gone")


async def test_documents_leave_as_they_were_recorded(house: House) -> None:
    data = media_document(house)
    ref = await house.services.blobs.put_bytes(data)
    html = await house.services.blobs.put_bytes(b"<script>")
    evidence = (
        Evidence("media.json", ref.sha256, ref.size, "application/json", True),
        Evidence("page.html", html.sha256, html.size, "text/html", True),
        Evidence("kept-back.json", ref.sha256, ref.size, "application/json", False),
        Evidence("never-stored.json", "0" * 64, 1, "application/json", True),
    )
    [entry_id] = await record(house, made(house, evidence=evidence))
    assessor = house.as_("assessor")
    answer = await assessor.get(f"{LOG}/{entry_id}/evidence/media.json")
    assert (answer.body, answer.headers["Content-Type"]) == (data, "application/json")
    assert "attachment" in answer.headers["Content-Disposition"]
    page = await assessor.get(f"{LOG}/{entry_id}/evidence/page.html")
    assert page.headers["Content-Type"] == "application/octet-stream"
    for name in ("kept-back.json", "never-stored.json", "other.json"):
        assert (await assessor.get(f"{LOG}/{entry_id}/evidence/{name}")).status == 404
    house.services.blobs.path_for(ref.sha256).write_bytes(data[:-1] + b" ")
    bad = await assessor.get(f"{LOG}/{entry_id}/evidence/media.json")
    assert (bad.status, bad.code) == (409, "evidence_damaged")
    assert (await assessor.get(f"{LOG}/{entry_id}")).status == 200


# Tampering.


async def test_changing_a_column_is_seen(house: House) -> None:
    entry_id, other = await record(
        house, made(house, creditable=False, reasons=("too_short",)), made(house)
    )
    await bend(house, entry_id, creditable=True)
    assessor = house.as_("assessor")
    shown = (await assessor.get(f"{LOG}/{entry_id}")).json
    assert shown["state"] == shown["proof"]["state"] == "damaged"
    failed = [check["code"] for check in shown["proof"]["checks"] if not check["ok"]]
    assert failed == ["columns"]
    states = {e["id"]: e["state"] for e in (await assessor.get(LOG)).json["entries"]}
    assert states == {entry_id: "damaged", other: "verified"}


async def test_changing_the_record_consistently_is_seen(house: House) -> None:
    [entry_id] = await record(house, made(house, creditable=False, reasons=("too_short",)))
    row = await row_of(house, entry_id)
    forged = row.canonical.replace('"creditable":false', '"creditable":true')
    await bend(
        house,
        entry_id,
        canonical=forged,
        creditable=True,
        leaf_hash=leaf_hash(forged.encode()).hex(),
    )
    shown = (await house.as_("assessor").get(f"{LOG}/{entry_id}")).json
    failed = [check["code"] for check in shown["proof"]["checks"] if not check["ok"]]
    assert (shown["state"], failed) == ("damaged", ["log", "inclusion"])


async def test_a_row_that_is_no_entry_any_more_is_shown_as_damaged(house: House) -> None:
    [entry_id] = await record(house, made(house))
    assessor = house.as_("assessor")
    for canonical in ("", "{}", "null", "not json", '{"correction": 3}'):
        await bend(house, entry_id, canonical=canonical)
        assert (await assessor.get(f"{LOG}/{entry_id}")).json["state"] == "damaged"
        assert (await assessor.get(f"{LOG}/{entry_id}/evidence/x.json")).status == 404
        assert (await assessor.get(LOG)).json["entries"][0]["state"] == "damaged"
        assert (await assessor.get(LOG + ".xlsx")).status == 200


async def test_a_bent_row_hands_out_no_other_file(house: House) -> None:
    secret = await house.services.blobs.put_bytes(b"somebody's tracing")
    evidence = (Evidence("media.json", "0" * 64, 1, "application/json", True),)
    [entry_id] = await record(house, made(house, evidence=evidence))
    row = await row_of(house, entry_id)
    await bend(house, entry_id, canonical=row.canonical.replace("0" * 64, secret.sha256))
    answer = await house.as_("assessor").get(f"{LOG}/{entry_id}/evidence/media.json")
    assert answer.status == 404


async def test_pointing_at_another_place_in_the_log_is_seen(house: House) -> None:
    first, _ = await record(house, made(house), made(house))
    await bend(house, first, ledger_index=999)
    shown = (await house.as_("assessor").get(f"{LOG}/{first}")).json
    assert shown["state"] == "damaged"


async def test_the_checkpoint_says_when_a_row_is_gone(house: House) -> None:
    await record(house, made(house), made(house))
    assessor = house.as_("assessor")
    head = (await assessor.get("/api/log/checkpoint")).json
    assert (head["size"], head["sealed"], head["pending"], head["consistent"]) == (2, 2, 0, True)
    opened = house.services.ledger.verifier.open(head["note"])
    assert opened.splitlines()[:2] == [head["origin"], "2"]
    await remove(house, 1)
    assert not (await assessor.get("/api/log/checkpoint")).json["consistent"]
    assert (await house.as_("learner").get("/api/log/checkpoint")).status == 403


# Exports.


async def test_the_workbook(house: House) -> None:
    ids = await fill(house)
    answer = await house.as_("assessor").get(LOG + ".xlsx", params={"kind": "consult"})
    book = openpyxl.load_workbook(io.BytesIO(answer.body))
    sheet = book["工作记录"]
    rows = list(sheet.iter_rows(values_only=True))
    head = list(rows[0])
    assert head[:3] == ["日志序号", "记录编号", "活动类型"]
    assert {row[1] for row in rows[1:]} == {ids[name] for name in ("consult", "short", "county")}
    line = next(dict(zip(head, row, strict=True)) for row in rows if row[1] == ids["short"])
    assert (line["活动类型"], line["是否计分"]) == ("远程会诊", "否")
    assert line["不计分原因或说明"] == "核实时长低于下限"
    assert line["核验状态"] == "已核验"
    assert str(line["开始时间"]) == "2026-11-15 09:00:00"
    assert "王示例(专家)" in str(line["参加人员"])


async def test_too_many_rows_for_a_workbook(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.evidence.workbook.MAX_ROWS", 2)
    await fill(house)
    answer = await house.as_("assessor").get(LOG + ".xlsx")
    assert (answer.status, answer.code) == (422, "invalid_request")


async def test_the_pack_verifies_and_holds_its_agreement_only(house: House, tmp_path: Any) -> None:
    ref = await house.services.blobs.put_bytes(b'{"reports": []}')
    evidence = (Evidence("attendance.json", ref.sha256, ref.size, "application/json", True),)
    await record(house, made(house, evidence=evidence))
    ids = await fill(house)
    url = f"/api/agreements/{house.world.county_agreement}/pack"
    answer = await house.as_("assessor").get(url)
    assert answer.headers["Content-Type"] == "application/zip"
    held = zipfile.ZipFile(io.BytesIO(answer.body))
    entries = [json.loads(held.read(n)) for n in held.namelist() if n.startswith("entries/")]
    assert [entry["id"] for entry in entries] == [ids["county"]]

    packed = await house.as_("authority").get(f"/api/agreements/{house.world.agreement}/pack")
    path = tmp_path / "pack.zip"
    path.write_bytes(packed.body)
    assert verify_pack(path).ok
    assert f"attachments/{ref.sha256}" in zipfile.ZipFile(path).namelist()
    for username in ("coordinator", "rural_doctor"):
        assert (await house.as_(username).get(url)).status == 403
    assert (await house.as_("other_assessor").get(url)).status == 404
    assert (await house.as_("assessor").get("/api/agreements/agr_absent/pack")).status == 404


async def test_a_pack_of_nothing_is_not_found(house: House) -> None:
    url = f"/api/agreements/{house.world.agreement}/pack"
    assert (await house.as_("assessor").get(url)).status == 404


async def test_export_beside_a_running_server(house: House, tmp_path: Any) -> None:
    ids = await fill(house)
    config = house.services.config
    assert await export.export(config, "all", tmp_path / "all.zip") == len(ids)
    assert verify_pack(tmp_path / "all.zip").ok
    assert await export.export(config, house.world.county_agreement, tmp_path / "one.zip") == 1
    with pytest.raises(export.NothingToExport):
        await export.export(config, "agr_absent", tmp_path / "none.zip")
    assert not (tmp_path / "none.zip").exists()


async def test_open_pages_are_told(house: House) -> None:
    from server.access.rules import Person, Role

    authority = house.world.organisations["authority"]
    watcher = Person("stf_w", "W", authority, None, frozenset({Role.ASSESSOR}))
    with house.services.hub.subscribed(watcher) as subscriber:
        [entry_id] = await record(house, made(house))
        assert subscriber.queue.get_nowait() == {"topic": "entries", "id": entry_id}
