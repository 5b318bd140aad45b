"""What a person in front of a room is told when something does not work, and how the page comes back."""

from __future__ import annotations

import re

from playwright.async_api import Page, Route, expect

from tests.e2e.conftest import People, Person
from tests.e2e.test_room import SLOW, _consult, _lecture, call

# Devices that fail as they do when a telephone call holds them, or when they are not allowed.
DEVICES = """
(() => {
  const devices = navigator.mediaDevices;
  const real = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (wanted) => {
    for (const kind of ['audio', 'video']) {
      const name = sessionStorage.getItem('trouble.' + kind);
      if (name && wanted[kind]) throw new DOMException('', name);
    }
    return real(wanted);
  };
})();
"""
# What the system does to a page when the telephone rings.
RING = """() => {
  sessionStorage.setItem('trouble.audio', 'NotReadableError');
  const source = window.__duikouRoom.localParticipant.getTrackPublication('microphone').track.mediaStreamTrack;
  source.stop();
  source.dispatchEvent(new Event('ended'));
}"""
HANG_UP = "() => sessionStorage.removeItem('trouble.audio')"
JOIN = re.compile(r"/api/(consults|lectures)/\w+/join")


async def _microphone_is(page: Page, on: bool) -> None:
    button = page.get_by_test_id("room-mic")
    await expect(button).to_have_attribute("data-on", str(on).lower(), timeout=SLOW)


async def _telephone(doctor: Person) -> None:
    """A telephone call takes the microphone, then the tab; the doctor is heard again by himself."""
    page = doctor.page
    banner = page.get_by_test_id("room-interruption")
    await _microphone_is(page, True)
    await page.evaluate(RING)
    await expect(banner).to_contain_text("麦克风被来电或其他程序占用")
    await _microphone_is(page, False)
    await page.get_by_test_id("room-mic").click()
    told = page.get_by_test_id("room-device-failed")
    await expect(told).to_contain_text("正被来电或其他程序占用")
    await doctor.shot("trouble-1-microphone")
    await page.reload()
    await expect(banner).to_contain_text("对方暂时听不到您", timeout=SLOW)
    await page.evaluate(HANG_UP)
    await expect(banner).to_contain_text("对方又能听到您了", timeout=SLOW)
    await _microphone_is(page, True)


async def _camera(doctor: Person) -> None:
    """A camera that is not allowed, and then is."""
    page = doctor.page
    told = page.get_by_test_id("room-device-failed")
    await page.evaluate("() => sessionStorage.setItem('trouble.video', 'NotAllowedError')")
    await page.get_by_test_id("room-camera").click()
    await expect(told).to_contain_text("没有得到允许")
    await page.evaluate("() => sessionStorage.removeItem('trouble.video')")
    await page.get_by_test_id("room-camera").click()
    await expect(told).to_have_count(0)


async def test_devices_that_are_taken_away_or_refused(people: People) -> None:
    doctor = await people.newcomer("rural.doctor")
    await doctor.page.add_init_script(DEVICES)
    consult_id = await _consult(doctor, await people.newcomer("specialist"))
    await doctor.go(f"/room/consult/{consult_id}")
    await doctor.page.get_by_test_id("room-join-without-camera").click()
    await expect(doctor.page.get_by_test_id("room")).to_be_visible(timeout=SLOW)
    await _telephone(doctor)
    await _camera(doctor)


async def test_a_room_that_cannot_be_joined_is_no_dead_end(people: People) -> None:
    doctor = await people.newcomer("rural.doctor")
    consult_id = await _consult(doctor, await people.newcomer("specialist"))
    page, path = doctor.page, f"/room/consult/{consult_id}"

    # No answer: something to read and a way back.
    waiting: list[Route] = []
    await page.route(JOIN, lambda route: waiting.append(route))
    await doctor.go(path)
    await page.get_by_test_id("room-join-without-camera").click()
    await expect(page.get_by_test_id("room-joining-long")).to_be_visible(timeout=SLOW)
    await doctor.shot("trouble-2-joining")
    await page.get_by_test_id("room-give-up").click()
    await page.wait_for_url(re.compile(rf"/consults/{consult_id}$"))
    await page.unroute(JOIN)

    # Refused for good: the way back, and home.
    async def forbidden(route: Route) -> None:
        message = {"zh": "您没有这项权限。", "en": "You may not do this."}
        await route.fulfill(status=403, json={"code": "not_allowed", "message": message})

    await page.route(JOIN, forbidden)
    await doctor.go(path)
    await page.get_by_test_id("room-join-without-camera").click()
    await expect(page.get_by_role("heading", name="您没有这项权限")).to_be_visible()
    await doctor.shot("trouble-3-refused")
    await expect(page.get_by_test_id("room-turn-back")).to_be_visible()
    await page.get_by_test_id("way-home").click()
    await page.wait_for_url(re.compile(r"/$"))
    await page.unroute(JOIN)
    await doctor.go("/room/consult/con_nothing")
    await expect(page.get_by_test_id("way-home")).to_be_visible()
    await doctor.shot("trouble-4-absent")

    # A reload while the media server restarts: back in without a click.
    await doctor.go(path)
    await page.get_by_test_id("room-join-without-camera").click()
    await expect(page.get_by_test_id("room")).to_be_visible(timeout=SLOW)

    async def restarting(route: Route) -> None:
        await route.fulfill(status=503, json={"code": "media_unavailable"})

    await page.route(JOIN, restarting)
    async with page.expect_response(JOIN) as answer:
        await page.reload()
    assert (await answer.value).status == 503
    await expect(page.get_by_test_id("room-joining")).to_be_visible()
    await page.unroute(JOIN)
    await expect(page.get_by_test_id("room")).to_be_visible(timeout=SLOW)


async def test_a_listener_is_told_that_he_may_speak(people: People) -> None:
    lecturer = await people.enter("lecturer")
    lecture_id = await _lecture(lecturer)
    learner = await people.enter("learner")
    page = learner.page
    await learner.go(f"/room/lecture/{lecture_id}")
    await page.get_by_test_id("room-join").click()
    await expect(page.get_by_test_id("room")).to_be_visible(timeout=SLOW)
    await expect(page.get_by_test_id("room-mic")).to_have_count(0)
    identity = await page.evaluate("() => window.__duikouRoom.localParticipant.identity")
    speakers = f"/api/lectures/{lecture_id}/speakers"
    await call(lecturer, "POST", speakers, {"identity": identity, "allowed": True})
    await expect(page.get_by_text("已允许您发言,请点“开麦”说话")).to_be_visible()
    await expect(page.get_by_test_id("room-mic")).to_be_visible()
    await learner.shot("trouble-5-may-speak")
    await call(lecturer, "POST", speakers, {"identity": identity, "allowed": False})
    await expect(page.get_by_text("您的发言已结束")).to_be_visible()
    await expect(page.get_by_test_id("room-mic")).to_have_count(0)


async def test_a_recording_is_shown_before_going_in(people: People) -> None:
    doctor = await people.newcomer("rural.doctor")
    consult_id = await _consult(doctor, await people.newcomer("specialist"))
    page = doctor.page

    async def recorded(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(json={**await answer.json(), "recordings": [{"state": "recording"}]})

    await page.route(re.compile(rf"/api/sessions/{consult_id}/recordings"), recorded)
    await doctor.go(f"/room/consult/{consult_id}")
    await expect(page.get_by_test_id("room-join")).to_be_visible()
    await expect(page.get_by_test_id("recording-sign")).to_have_text("正在录制")
    await doctor.shot("trouble-6-recorded")
