"""A consult that is recorded: consent, the sign, stop, and the replay at both widths and by keyboard."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
from playwright.async_api import expect

from signaling.client.room import Participant
from signaling.transport.dtls import Identity
from tests.e2e.conftest import Demo, People, Person
from tests.e2e.test_consult import ADDRESS
from tests.media.sources import Speaker

SIGN = re.compile("正在录制")
# How many pictures of the other side are decoded before the recording may end: some seconds of it.
ENOUGH = 90


class Colleague:
    """The person at the other end: the API, and a light client instead of a browser."""

    def __init__(self, session: aiohttp.ClientSession, token: str) -> None:
        self._session = session
        self._headers = {"Authorization": f"Bearer {token}"}

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self._session.request(method, path, json=body, headers=self._headers)
        async with answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()


@asynccontextmanager
async def colleague(demo: Demo, username: str) -> AsyncIterator[Colleague]:
    async with aiohttp.ClientSession(demo.url) as session:
        answer = await session.post("/api/demo/enter", json={"username": username})
        async with answer:
            assert answer.status == 200, await answer.text()
            token = (await answer.json())["access_token"]
        yield Colleague(session, token)


async def _arranged(doctor: Colleague, specialist: Colleague) -> str:
    """A consult whose room is open now."""
    agreements = (await doctor.call("GET", "/api/agreements"))["agreements"]
    patients = (await doctor.call("GET", "/api/patients"))["patients"]
    body = {
        "patient_id": patients[0]["id"], "supporting_id": agreements[0]["supporting_id"],
        "summary": "胸闷 3 天(示例)", "question": "是否需要转诊?(示例)", "submit": True,
    }  # fmt: skip
    consult = (await doctor.call("POST", "/api/consults", body))["id"]
    times = {"starts_at": datetime.now(UTC).isoformat(), "minutes": 30}
    await specialist.call("POST", f"/api/consults/{consult}/accept", times)
    return str(consult)


@asynccontextmanager
async def _speaking(demo: Demo, seat: dict[str, Any]) -> AsyncIterator[None]:
    """Somebody is heard and seen in the room."""
    member = Participant(seat["url"] or demo.url, seat["token"], Identity())
    await member.join()
    speaker = Speaker(member, hertz=450, shade=90)
    await speaker.start()
    try:
        yield
    finally:
        await speaker.stop()
        await member.leave()
        await member.close()


async def _is_shown(person: Person, on: bool) -> None:
    sign = person.page.get_by_test_id("recording-sign")
    await expect(sign).to_have_attribute("data-on", str(on).lower(), timeout=30_000)
    if on:
        await expect(sign).to_have_text(SIGN)


async def _agree(doctor: Person) -> None:
    page = doctor.page
    await doctor.show_panel("side")
    await expect(page.get_by_test_id("recording-agree")).to_be_disabled(timeout=15_000)
    await page.get_by_test_id("basis-patient").check()
    await page.get_by_test_id("recording-agree").click()
    await expect(page.get_by_test_id("recording-consent")).to_have_attribute(
        "data-given", "true", timeout=15_000
    )


async def _watch(person: Person) -> None:
    """The film plays, is long enough, and obeys the keyboard."""
    page = person.page
    player = page.get_by_test_id("player")
    await expect(player).to_be_visible()
    await page.wait_for_function(
        "() => { const v = document.querySelector('video'); return v.readyState >= 1 && v.duration > 2 }"
    )
    assert await player.evaluate("video => [video.videoWidth, video.videoHeight]") == [1280, 720]
    await player.focus()
    await page.keyboard.press("k")
    await page.wait_for_function("() => document.querySelector('video').currentTime > 0.5")
    await page.keyboard.press("k")
    assert await player.evaluate("video => video.paused")
    await page.keyboard.press("j")
    assert await player.evaluate("video => video.currentTime") == 0
    # A place in the middle is fetched by its range, and shows a picture that is not black.
    light = await player.evaluate(
        """video => new Promise(done => {
            video.onseeked = () => {
                const canvas = document.createElement('canvas');
                canvas.width = 64; canvas.height = 36;
                const context = canvas.getContext('2d');
                context.drawImage(video, 0, 0, 64, 36);
                const data = context.getImageData(0, 0, 64, 36).data;
                done(Math.max(...data.filter((_, index) => index % 4 !== 3)));
            };
            video.currentTime = video.duration / 2;
        })"""
    )
    assert light > 100


async def test_a_consult_is_recorded_and_watched_again(people: People, demo: Demo) -> None:
    async with (
        colleague(demo, "specialist") as specialist,
        colleague(demo, "rural.doctor") as asking,
    ):
        consult_id = await _arranged(asking, specialist)
        doctor = await people.enter("rural.doctor")
        page = doctor.page
        await doctor.go(f"/room/consult/{consult_id}")
        await page.get_by_test_id("room-join").click()
        seat = await specialist.call("POST", f"/api/consults/{consult_id}/join?device=light")
        async with _speaking(demo, seat):
            await expect(page.get_by_test_id("room")).to_be_visible(timeout=60_000)
            await doctor.media(energy=0)
            # Without consent there is no button to start; the doctor asks the patient, then notes it.
            await _agree(doctor)
            await expect(page.get_by_test_id("recording-start")).to_be_visible()
            await page.get_by_test_id("recording-start").click()
            await _is_shown(doctor, True)
            await doctor.media(frames=ENOUGH, energy=0)
            await doctor.shot("recording-1-room")
            await page.get_by_test_id("recording-stop").click()
            await _is_shown(doctor, False)
        await page.get_by_test_id("room-leave").click()
        await page.wait_for_url(ADDRESS)
        row = page.get_by_test_id("recording")
        await expect(row).to_have_attribute("data-state", "ready", timeout=90_000)
        await doctor.shot("recording-2-consult")
        await page.get_by_test_id("replay").click()
        await _watch(doctor)
        await doctor.shot("recording-3-replay")
        # Withdrawn: nobody watches it any more.
        await doctor.go(f"/consults/{consult_id}")
        await page.get_by_test_id("recording-withdraw").click()
        sure = page.get_by_role("dialog").get_by_role("button", name="撤回录制同意")
        await sure.click(timeout=15_000)
        await expect(page.get_by_test_id("replay")).to_have_count(0)
        left = await specialist.call("GET", f"/api/sessions/{consult_id}/recordings")
        assert [row["playable"] for row in left["recordings"]] == [False]
