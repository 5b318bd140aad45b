"""Job 1: a consult from the request to the answer, with two people who really see and hear each other."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.e2e.conftest import People, Person

ADDRESS = re.compile(r"/consults/con_\w+$")


async def _ask(doctor: Person) -> str:
    page = doctor.page
    await doctor.go("/consults")
    await expect(page.get_by_test_id("new-consult").first).to_be_visible()
    await doctor.shot("consult-1-list")
    await page.get_by_test_id("new-consult").first.click()
    await page.get_by_test_id("patient-new").click()
    await page.get_by_test_id("patient-name").fill("钱长江(示例)")
    await page.get_by_test_id("patient-sex-M").check()
    await page.get_by_test_id("patient-birth").fill("1958-03-02")
    await page.get_by_test_id("patient-save").click()
    await expect(page.get_by_test_id("patient-chosen")).to_contain_text("钱长江")
    await doctor.choose("specialist", "王明德")
    await page.get_by_test_id("summary").fill("胸闷 3 天,活动后加重。血压 150/90 mmHg。(示例)")
    await page.get_by_test_id("question").fill("是否需要转诊?(示例)")
    await doctor.shot("consult-2-request")
    await page.get_by_test_id("send").click()
    await page.wait_for_url(ADDRESS)
    await expect(page.get_by_test_id("consult-state")).to_be_visible()
    return page.url.rpartition("/")[2]


async def _join(person: Person, consult_id: str) -> None:
    await person.go(f"/room/consult/{consult_id}")
    await expect(person.page.get_by_test_id("room-preview")).to_be_visible()
    await person.page.get_by_test_id("room-join").click()
    await expect(person.page.get_by_test_id("room")).to_be_visible()


async def test_a_consult_from_request_to_answer(people: People) -> None:
    doctor = await people.enter("rural.doctor")
    specialist = await people.enter("specialist")
    consult_id = await _ask(doctor)

    await specialist.go(f"/consults/{consult_id}")
    await specialist.page.get_by_test_id("action-accept").click()
    await specialist.page.get_by_test_id("starts-now").click()
    await specialist.shot("consult-3-accept")
    await specialist.page.get_by_test_id("time-confirm").click()
    await expect(specialist.page.get_by_test_id("action-join")).to_be_visible()
    # The doctor's open page learns of it by itself.
    await expect(doctor.page.get_by_test_id("action-join")).to_be_visible()
    await doctor.shot("consult-4-scheduled")

    await doctor.go(f"/room/consult/{consult_id}")
    await expect(doctor.page.get_by_test_id("room-preview")).to_be_visible()
    await doctor.shot("consult-5-device-check")
    await _join(doctor, consult_id)
    await _join(specialist, consult_id)
    for person in (doctor, specialist):
        await expect(person.page.get_by_test_id("video-remote").first).to_be_visible()
        arrived = await person.media()
        assert arrived["video"] >= 1
        assert arrived["audio"] >= 1
    await doctor.shot("consult-6-room-doctor")

    await _chat(doctor, specialist)
    # Reloading the page brings the doctor back into the same room without asking again.
    await doctor.page.reload()
    await expect(doctor.page.get_by_test_id("room")).to_be_visible()
    await doctor.media()
    await specialist.media(frames=60)

    await specialist.show_panel("side")
    await specialist.page.get_by_test_id("opinion").fill("考虑劳力性心绞痛,建议完善检查。(示例)")
    await specialist.shot("consult-7-room-specialist")
    await _end_and_answer(doctor, specialist, consult_id)


async def _chat(doctor: Person, specialist: Person) -> None:
    await doctor.show_panel("chat")
    await doctor.page.get_by_test_id("chat-input").fill("能听清楚吗?")
    await doctor.page.get_by_test_id("chat-send").click()
    await specialist.show_panel("chat")
    await expect(specialist.page.get_by_test_id("chat-messages")).to_contain_text("能听清楚吗?")
    # A microphone that is off is silent on the other side, and says so.
    await doctor.page.get_by_test_id("room-mic").click()
    await expect(doctor.page.get_by_test_id("room-mic")).to_have_attribute("data-on", "false")
    await doctor.page.get_by_test_id("room-mic").click()
    await expect(doctor.page.get_by_test_id("room-mic")).to_have_attribute("data-on", "true")


async def _end_and_answer(doctor: Person, specialist: Person, consult_id: str) -> None:
    await doctor.page.get_by_test_id("room-leave").click()
    await doctor.page.wait_for_url(ADDRESS)
    await specialist.page.get_by_test_id("room-leave").click()
    await specialist.page.wait_for_url(ADDRESS)
    page = specialist.page
    await page.get_by_test_id("action-end").click()
    await page.get_by_test_id("opinion").fill("考虑劳力性心绞痛,建议完善检查后转诊。(示例)")
    await page.get_by_test_id("advice").fill("胸痛持续超过 20 分钟,走绿色通道。(示例)")
    # Nothing of it is visible before signing.
    await expect(doctor.page.get_by_text("劳力性心绞痛")).to_have_count(0)
    await page.get_by_test_id("sign").click()
    await expect(page.get_by_test_id("signed-opinion")).to_be_visible()
    await specialist.shot("consult-8-signed")

    await doctor.go(f"/consults/{consult_id}")
    await expect(doctor.page.get_by_test_id("signed-opinion")).to_contain_text("劳力性心绞痛")
    await doctor.page.get_by_test_id("action-adopted").click()
    await expect(doctor.page.get_by_test_id("action-adopted")).to_have_count(0)
    await doctor.shot("consult-9-closed")


async def test_a_room_is_closed_to_others(people: People) -> None:
    """Another unit's doctor finds the consult as little as one that does not exist."""
    doctor = await people.enter("rural.doctor")
    await doctor.go("/consults")
    await doctor.page.get_by_test_id("consult").first.click()
    await doctor.page.wait_for_url(ADDRESS)
    path = re.sub(r"^https?://[^/]+", "", doctor.page.url)
    other = await people.enter("county.doctor")
    texts = []
    for address in (path, "/consults/con_00000000000000000000000000"):
        await other.go(address)
        await expect(other.page.get_by_text("没有找到").first).to_be_visible()
        text = await other.page.locator("main").inner_text()
        texts.append(re.sub(r"req_\w+", "", text))
    assert texts[0] == texts[1]
    await other.shot("consult-refused")
