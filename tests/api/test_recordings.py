"""Recording a session: consent first, then by its hosts; kept going, played, kept for its time, and no longer."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import jwt
from sqlalchemy import select

from server.recordings.keeper import expire, keeper_of
from server.recordings.studio import FILM, Ended
from storage.tables.audit import AuditRow
from tests.api import consults
from tests.api.conftest import SECRET, House
from tests.api.studio import FILM_BYTES, manifest
from tests.api.test_lectures import announced, step


async def consent(house: House, session_id: str, who: str = "rural_doctor") -> Any:
    body = {"given": True, "basis": "patient"}
    answer = await house.as_(who).put(f"/api/sessions/{session_id}/recording-consent", body)
    assert answer.status == 200, answer.body
    return answer.json


async def started(house: House, session_id: str, who: str = "specialist") -> str:
    answer = await house.as_(who).post(f"/api/sessions/{session_id}/recordings")
    assert answer.status == 201, answer.body
    await house.studio.until(lambda: session_id in house.studio.running)
    return str(answer.json["id"])


async def running(house: House) -> tuple[str, str]:
    """A live consult that is being recorded."""
    session_id = await consults.live(house)
    await consent(house, session_id)
    return session_id, await started(house, session_id)


async def seen(house: House, recording_id: str, who: str = "specialist") -> Any:
    answer = await house.as_(who).get(f"/api/recordings/{recording_id}")
    assert answer.status == 200, answer.body
    return answer.json


async def reached(house: House, recording_id: str, state: str) -> Any:
    """Wait for the keeper to bring a recording there."""
    async with asyncio.timeout(10):
        while (found := await seen(house, recording_id))["state"] != state:
            await asyncio.sleep(0.02)
    return found


async def ready(house: House) -> tuple[str, str]:
    session_id, recording_id = await running(house)
    answer = await house.as_("specialist").post(f"/api/recordings/{recording_id}/stop")
    assert answer.status == 200, answer.body
    await reached(house, recording_id, "ready")
    return session_id, recording_id


async def ticket(house: House, recording_id: str, who: str) -> str:
    answer = await house.as_(who).post(f"/api/recordings/{recording_id}/ticket")
    assert answer.status == 200, answer.body
    return str(answer.json["url"])


async def audited(house: House, recording_id: str) -> list[str]:
    async with house.services.db.read() as session:
        query = select(AuditRow.action).where(AuditRow.object_id == recording_id)
        return list((await session.execute(query)).scalars())


async def test_nothing_is_recorded_without_consent(house: House) -> None:
    session_id = await consults.live(house)
    path = f"/api/sessions/{session_id}/recordings"
    refused = await house.as_("specialist").post(path)
    assert (refused.status, refused.code) == (409, "recording_no_consent")
    # The specialist does not speak for the patient, and a consult is not announced.
    body = {"given": True, "basis": "patient"}
    put = f"/api/sessions/{session_id}/recording-consent"
    assert (await house.as_("specialist").put(put, body)).status == 403
    body = {"given": True, "basis": "announced"}
    assert (await house.as_("rural_doctor").put(put, body)).status == 422
    assert (await house.as_("rural_doctor").put(put, {"given": True})).status == 422
    assert house.studio.running == {}
    found = await consent(house, session_id)
    assert found["consent"]["given"]
    assert found["actions"] == ["start", "withdraw"]
    # Not before it is live.
    waiting = await consults.scheduled(house)
    await consent(house, waiting)
    early = await house.as_("specialist").post(f"/api/sessions/{waiting}/recordings")
    assert (early.status, early.code) == (409, "wrong_state")


async def test_a_recording_is_started_once_stopped_and_made_a_film(house: House) -> None:
    session_id, recording_id = await running(house)
    again = await house.as_("rural_doctor").post(f"/api/sessions/{session_id}/recordings")
    assert (again.status, again.json["id"]) == (201, recording_id)
    grants = jwt.decode(house.studio.tokens[0], SECRET, algorithms=["HS256"])["video"]
    assert grants["hidden"]
    assert grants["recorder"]
    assert not grants["canPublish"]
    assert grants["room"] == session_id
    stop = f"/api/recordings/{recording_id}/stop"
    assert (await house.as_("specialist").post(stop)).status == 200
    assert (await house.as_("specialist").post(stop)).status == 200
    found = await reached(house, recording_id, "ready")
    assert house.studio.running == {}
    assert (found["stop_reason"], found["progress"], found["seconds"]) == ("host", 100, 60)
    assert found["playable"]
    assert found["segments"][0]["seconds"] == 60
    # Its digests stand in the log.
    entry = json.loads(house.services.ledger.entry(found["ledger_index"]))
    assert (entry["type"], entry["id"], entry["subject"]) == ("recording", recording_id, session_id)
    assert entry["manifest"]["sha256"] == found["manifest_sha256"]
    kept = await house.services.blobs.read(found["manifest_sha256"])
    assert json.loads(kept)["segments"] == house.studio.manifests
    listed = await house.as_("rural_doctor").get(f"/api/sessions/{session_id}/recordings")
    assert [row["id"] for row in listed.json["recordings"]] == [recording_id]
    actions = await audited(house, recording_id)
    # All at one instant of the test's clock, so that their order says nothing.
    wanted = {"start", "stop", "finish"}
    assert {f"recordings:recording:{act}" for act in wanted} <= set(actions)


async def test_a_recorder_that_dies_is_started_again(house: House) -> None:
    session_id, recording_id = await running(house)
    house.studio.ends[session_id].set_result(Ended.BROKEN)
    await house.studio.until(lambda: len(house.studio.tokens) == 2)
    assert session_id in house.studio.running
    house.studio.manifests = [manifest(crashed=True), manifest("segment-0002")]
    # The room is over: so is the recording, by itself.
    house.studio.ends[session_id].set_result(Ended.OVER)
    found = await reached(house, recording_id, "ready")
    assert found["stop_reason"] == "room_over"
    assert [each["crashed"] for each in found["segments"]] == [True, False]


async def test_a_full_disk_ends_a_recording_and_lets_none_begin(house: House) -> None:
    session_id, recording_id = await running(house)
    house.studio.space = False
    path = f"/api/sessions/{session_id}/recordings"
    assert (await house.as_("specialist").post(path)).status == 201  # the one that runs
    house.studio.ends[session_id].set_result(Ended.DISK_FULL)
    found = await reached(house, recording_id, "ready")
    assert (found["stop_reason"], found["seconds"]) == ("disk_full", 60)
    assert len(house.studio.tokens) == 1
    refused = await house.as_("specialist").post(path)
    assert (refused.status, refused.code) == (503, "recording_disk_full")
    house.studio.space = True
    await started(house, session_id)


async def test_withdrawal_stops_at_once_and_nothing_is_played(house: House) -> None:
    session_id, recording_id = await running(house)
    put = f"/api/sessions/{session_id}/recording-consent"
    answer = await house.as_("rural_doctor").put(put, {"given": False})
    assert answer.status == 200
    assert not answer.json["consent"]["given"]
    await house.studio.until(lambda: not house.studio.running)
    found = await reached(house, recording_id, "ready")
    assert (found["stop_reason"], found["playable"]) == ("consent_withdrawn", False)
    refused = await house.as_("specialist").post(f"/api/recordings/{recording_id}/ticket")
    assert (refused.status, refused.code) == (409, "recording_withheld")
    # Consent given again is for what is recorded from then on.
    house.clock.at += timedelta(minutes=1)
    await consent(house, session_id)
    assert not (await seen(house, recording_id))["playable"]
    refused = await house.as_("specialist").post(f"/api/recordings/{recording_id}/ticket")
    assert (refused.status, refused.code) == (409, "recording_withheld")
    later = await started(house, session_id)
    await house.as_("specialist").post(f"/api/recordings/{later}/stop")
    await reached(house, later, "ready")
    listed = await house.as_("specialist").get(f"/api/sessions/{session_id}/recordings")
    assert {row["id"]: row["playable"] for row in listed.json["recordings"]} == {
        recording_id: False, later: True,
    }  # fmt: skip
    # A ticket given before is worth nothing either.
    url = await ticket(house, later, "specialist")
    assert (await house.nobody().get(url)).status == 200
    await house.as_("rural_doctor").put(put, {"given": False})
    assert (await house.nobody().get(url)).code == "recording_withheld"


async def test_the_film_is_played_in_pieces_by_those_who_may(house: House) -> None:
    _session_id, recording_id = await ready(house)
    url = await ticket(house, recording_id, "rural_doctor")
    assert "recordings:recording:play" in await audited(house, recording_id)
    whole = await house.nobody().get(url)
    assert (whole.status, whole.body) == (200, FILM_BYTES)
    assert whole.headers["Content-Type"] == "video/mp4"
    assert "no-store" in whole.headers["Cache-Control"]
    part = await house.nobody().get(url, headers={"Range": "bytes=1000-1999"})
    assert (part.status, part.body) == (206, FILM_BYTES[1000:2000])
    assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(FILM_BYTES)}"
    beyond = await house.nobody().get(url, headers={"Range": "bytes=999999-"})
    assert beyond.status == 416
    # Others see nothing of it, and a ticket is for one recording, one person, and some hours.
    for who in ("stranger", "county_doctor", "assessor"):
        assert (await house.as_(who).get(f"/api/recordings/{recording_id}")).status == 404
        assert (await house.as_(who).post(f"/api/recordings/{recording_id}/ticket")).status in (
            403,
            404,
        )
    assert (await house.as_("coordinator").get(f"/api/recordings/{recording_id}")).status == 403
    absent = "rec_" + "0" * 26
    assert (await house.nobody().get(url.replace(recording_id, absent))).status == 401
    assert (await house.nobody().get(url[:-3] + "abc")).status == 401
    house.clock.at += timedelta(hours=7)
    assert (await house.nobody().get(url)).status == 401


async def test_composing_is_tried_again_and_then_by_hand(house: House) -> None:
    house.studio.failures = 3
    _session_id, recording_id = await running(house)
    await house.as_("specialist").post(f"/api/recordings/{recording_id}/stop")
    keeper = keeper_of(house.services)
    async with asyncio.timeout(10):
        while (found := await seen(house, recording_id))["state"] != "failed":
            keeper.wake()
            await asyncio.sleep(0.02)
    assert (found["failure"], found["retryable"]) == ("composing_failed", True)
    again = await house.as_("specialist").post(f"/api/recordings/{recording_id}/retry")
    assert again.status == 200
    await reached(house, recording_id, "ready")
    twice = await house.as_("specialist").post(f"/api/recordings/{recording_id}/retry")
    assert (twice.status, twice.code) == (409, "wrong_state")


async def test_files_that_could_not_be_closed_are_closed_by_hand(house: House) -> None:
    house.studio.unreadable = 1
    _session_id, recording_id = await running(house)
    await house.as_("specialist").post(f"/api/recordings/{recording_id}/stop")
    found = await reached(house, recording_id, "failed")
    assert (found["failure"], found["retryable"]) == ("composing_failed", True)
    again = await house.as_("specialist").post(f"/api/recordings/{recording_id}/retry")
    assert again.status == 200
    found = await reached(house, recording_id, "ready")
    entry = json.loads(house.services.ledger.entry(found["ledger_index"]))
    assert entry["manifest"]["sha256"] == found["manifest_sha256"]


async def test_what_holds_nothing_is_said_to_hold_nothing(house: House) -> None:
    house.studio.manifests = []
    _session_id, recording_id = await running(house)
    await house.as_("specialist").post(f"/api/recordings/{recording_id}/stop")
    found = await reached(house, recording_id, "failed")
    assert (found["failure"], found["retryable"], found["playable"]) == (
        "nothing_recorded", False, False,
    )  # fmt: skip


async def test_it_is_kept_for_three_years_and_then_removed(house: House) -> None:
    _session_id, recording_id = await ready(house)
    folder = house.data / "recordings" / recording_id
    assert (folder / FILM).is_file()
    assert await expire(house.services) == 0
    house.clock.at += timedelta(days=3 * 366)
    assert await expire(house.services) == 1
    assert not folder.exists()
    found = await seen(house, recording_id, "rural_doctor")
    assert (found["state"], found["playable"]) == ("deleted", False)
    assert found["manifest_sha256"]
    assert await expire(house.services) == 0


async def test_a_lecture_is_recorded_when_it_is_marked_as_recorded(house: House) -> None:
    lecture_id = await announced(house, agreement_ids=[house.world.agreement])
    await step(house, "lecturer", lecture_id, "open")
    body = {"given": True, "basis": "announced"}
    put = f"/api/sessions/{lecture_id}/recording-consent"
    assert (await house.as_("specialist").put(put, body)).status == 403
    assert (await house.as_("lecturer").put(put, body)).status == 200
    audience = await house.as_("rural_doctor").get(f"/api/sessions/{lecture_id}/recordings")
    assert (audience.json["consent"]["given"], audience.json["actions"]) == (True, [])
    refused = await house.as_("rural_doctor").post(f"/api/sessions/{lecture_id}/recordings")
    assert refused.status == 403
    recording_id = await started(house, lecture_id, "lecturer")
    await house.as_("lecturer").post(f"/api/recordings/{recording_id}/stop")
    await reached_by(house, recording_id, "rural_doctor")
    url = await ticket(house, recording_id, "rural_doctor")
    assert (await house.nobody().get(url)).status == 200


async def reached_by(house: House, recording_id: str, who: str) -> None:
    async with asyncio.timeout(10):
        while (await seen(house, recording_id, who))["state"] != "ready":
            await asyncio.sleep(0.02)
