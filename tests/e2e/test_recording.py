"""A consult that is recorded: consent, the sign, stop, and the replay at both widths and by keyboard."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.e2e.conftest import People, Person
from tests.e2e.test_consult import ADDRESS, _ask

SIGN = re.compile("正在录制")
# How many pictures of the other side are decoded before the recording may end: some seconds of it.
ENOUGH = 90


async def _join(person: Person, consult_id: str) -> None:
    await person.go(f"/room/consult/{consult_id}")
    await person.page.get_by_test_id("room-join").click()
    await expect(person.page.get_by_test_id("room")).to_be_visible(timeout=30_000)


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


async def test_a_consult_is_recorded_and_watched_again(people: People) -> None:
    doctor = await people.enter("rural.doctor")
    specialist = await people.enter("specialist")
    consult_id = await _ask(doctor)
    await specialist.go(f"/consults/{consult_id}")
    await specialist.page.get_by_test_id("action-accept").click()
    await specialist.page.get_by_test_id("starts-now").click()
    await specialist.page.get_by_test_id("time-confirm").click()
    await expect(specialist.page.get_by_test_id("action-join")).to_be_visible(timeout=15_000)
    await _join(doctor, consult_id)
    await _join(specialist, consult_id)
    await doctor.media()
    await specialist.show_panel("side")
    # Without consent there is no button, only the reason.
    await expect(specialist.page.get_by_test_id("recording-consent")).to_have_count(0)
    await expect(specialist.page.get_by_test_id("recording-start")).to_have_count(0)
    await _agree(doctor)
    await specialist.page.get_by_test_id("recording-start").click()
    for person in (doctor, specialist):
        await _is_shown(person, True)
    await doctor.media(frames=ENOUGH)
    await doctor.shot("recording-1-room")
    await specialist.page.get_by_test_id("recording-stop").click()
    for person in (doctor, specialist):
        await _is_shown(person, False)

    for person in (doctor, specialist):
        await person.page.get_by_test_id("room-leave").click()
        await person.page.wait_for_url(ADDRESS)
    row = doctor.page.get_by_test_id("recording")
    await expect(row).to_have_attribute("data-state", "ready", timeout=90_000)
    await doctor.shot("recording-2-consult")
    await doctor.page.get_by_test_id("replay").click()
    await _watch(doctor)
    await doctor.shot("recording-3-replay")

    # Withdrawn: nobody watches it any more.
    await doctor.go(f"/consults/{consult_id}")
    await doctor.page.get_by_test_id("recording-withdraw").click()
    await doctor.page.get_by_role("button", name="撤回录制同意").last.click()
    await expect(doctor.page.get_by_test_id("replay")).to_have_count(0)
    await specialist.page.reload()
    await expect(specialist.page.get_by_test_id("recording")).to_be_visible()
    await expect(specialist.page.get_by_test_id("replay")).to_have_count(0)
