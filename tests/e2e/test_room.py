"""The door of a live room, moderation and low-data modes, with people who really see and hear each other."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import Page, expect

from tests.e2e.conftest import People, Person

CALL = """async ([method, path, body]) => {
    const login = await (await fetch('/api/auth/refresh', {method: 'POST'})).json();
    const headers = {Authorization: 'Bearer ' + login.access_token, 'Content-Type': 'application/json'};
    const answer = await fetch(path, {method, headers, body: body === null ? undefined : JSON.stringify(body)});
    if (!answer.ok) throw new Error(path + ': ' + await answer.text());
    return answer.json();
}"""
# Bytes of pictures that arrive in, or leave from, this page; null until a whole second of them was watched.
FLOW = """async ([kind, most, least]) => {
    const count = async () => {
        let bytes = 0;
        for (const connection of window.connections) {
            if (connection.connectionState === 'closed') continue;
            for (const report of (await connection.getStats()).values()) {
                if (report.type === kind && report.kind === 'video')
                    bytes += (report.bytesReceived || 0) + (report.bytesSent || 0);
            }
        }
        return bytes;
    };
    const found = [];
    for (const end = Date.now() + 45_000; Date.now() < end; ) {
        const before = await count();
        await new Promise((done) => setTimeout(done, 1000));
        found.push(await count() - before);
        if (found.at(-1) <= most && found.at(-1) >= least) return found.at(-1);
    }
    throw new Error(kind + ': ' + found.join(' '));
}"""
MUCH = 10**9
SLOW = 20_000  # milliseconds that a page may take to load and join on a busy machine


async def call(person: Person, method: str, path: str, body: Any = None) -> Any:
    """One request of this person's own to the API."""
    return await person.page.evaluate(CALL, [method, path, body])


async def enter(person: Person, path: str) -> None:
    await person.go(path)
    await person.page.get_by_test_id("room-join").click()


async def flow(person: Person, kind: str, *, most: int = MUCH, least: int = 0) -> None:
    """Wait for a second in which so many bytes of pictures flowed."""
    await person.page.evaluate(FLOW, [kind, most, least])


async def choose(page: Page, mode: str) -> None:
    await page.get_by_test_id("room-data").click()
    await page.get_by_test_id(f"data-{mode}").check()
    await expect(page.get_by_test_id("room-data")).to_have_attribute("data-mode", mode)
    await page.get_by_test_id("room-data").click()


async def door(page: Page, which: str) -> None:
    """Lock the room, or let newcomers wait."""
    await page.get_by_test_id(which).click()
    await expect(page.get_by_test_id(which)).to_be_checked()
    await expect(page.get_by_test_id(which)).to_be_enabled()


async def manage(host: Person, name: str, act: str) -> None:
    """Open what may be done with somebody, and do it."""
    await host.show_panel("people")
    entry = host.page.get_by_test_id("room-person").filter(has_text=name)
    button = entry.get_by_test_id("manage")
    if await button.get_attribute("aria-expanded") != "true":
        await button.click()
    await entry.get_by_test_id(f"manage-{act}").click()


async def _consult(doctor: Person, specialist: Person) -> str:
    """A consult of both that begins now."""
    for person in (doctor, specialist):
        await person.enter()
    patients = await call(doctor, "GET", "/api/patients")
    agreements = await call(doctor, "GET", "/api/agreements")
    me = await call(specialist, "GET", "/api/me")
    body = {
        "patient_id": patients["patients"][0]["id"],
        "supporting_id": agreements["agreements"][0]["supporting_id"],
        "specialist_id": me["id"],
        "summary": "胸闷(示例)",
        "question": "是否转诊?(示例)",
        "submit": True,
    }
    made = await call(doctor, "POST", "/api/consults", body)
    now = {"starts_at": datetime.now(UTC).isoformat(), "minutes": 30}
    await call(specialist, "POST", f"/api/consults/{made['id']}/accept", now)
    return str(made["id"])


async def test_low_data_and_moderation_in_a_consult(people: People) -> None:
    doctor = await people.newcomer("rural.doctor")
    specialist = await people.newcomer("specialist")
    consult_id = await _consult(doctor, specialist)
    for person in (doctor, specialist):
        await enter(person, f"/room/consult/{consult_id}")
    for person in (doctor, specialist):
        await person.media()
    await _modes(doctor, specialist)
    page, host = doctor.page, specialist.page

    # Muted from afar, said in words, and opened again by nobody but the doctor.
    await manage(specialist, "李青山", "mute")
    await expect(page.get_by_text("已将您静音,您可以随时再打开")).to_be_visible()
    await expect(page.get_by_test_id("room-mic")).to_have_attribute("data-on", "false")
    await page.get_by_test_id("room-mic").click()
    await expect(page.get_by_test_id("room-mic")).to_have_attribute("data-on", "true")
    await specialist.shot("room-1-people")

    # Sent out; the way back leads to the door.
    await manage(specialist, "李青山", "remove")
    await host.get_by_role("dialog").get_by_role("button", name="移出房间").click()
    await page.wait_for_url(re.compile(r"/consults/con_\w+$"))
    await enter(doctor, f"/room/consult/{consult_id}")
    await expect(page.get_by_test_id("room-waiting")).to_be_visible(timeout=SLOW)
    await doctor.shot("room-2-waiting")
    await page.reload()
    await expect(page.get_by_test_id("room-waiting")).to_be_visible(timeout=SLOW)
    await expect(host.get_by_test_id("waiting-person")).to_contain_text("青石镇卫生院")
    await door(host, "door-locked")
    await expect(host.get_by_test_id("sign-locked")).to_be_visible()
    await specialist.shot("room-3-door")
    await host.get_by_test_id("admit").click()
    await doctor.media()
    await expect(page.get_by_test_id("room")).to_be_visible()
    await host.get_by_test_id("door-end").click()
    await host.get_by_role("dialog").get_by_role("button", name="为所有人结束").click()
    for person in (doctor, specialist):
        await person.page.wait_for_url(re.compile(r"/consults/con_\w+$"))


async def _modes(doctor: Person, specialist: Person) -> None:
    """Each mode takes what it says, by the browser's own count, and is remembered."""
    page = doctor.page
    await flow(doctor, "inbound-rtp", least=10_000)
    await choose(page, "voice_first")
    await flow(doctor, "outbound-rtp", least=1, most=30_000)
    await choose(page, "send_only")
    await flow(doctor, "inbound-rtp", most=0)
    await flow(doctor, "outbound-rtp", least=1)
    await choose(page, "voice_only")
    await flow(doctor, "outbound-rtp", most=0)
    await flow(doctor, "inbound-rtp", most=0)
    await page.reload()
    data = page.get_by_test_id("room-data")
    await expect(data).to_have_attribute("data-mode", "voice_only", timeout=SLOW)
    await page.get_by_test_id("room-data").click()
    await expect(page.get_by_test_id("cost-voice_only")).to_contain_text("KB/分")
    await doctor.shot("room-0-data")
    await page.get_by_test_id("data-auto").check()
    await page.get_by_test_id("room-data").click()
    await flow(doctor, "inbound-rtp", least=1)
    # A camera that was off over a reload is opened by its owner only.
    await page.get_by_test_id("room-camera").click()
    await specialist.media()


async def _lecture(lecturer: Person) -> str:
    """A lecture of one's own that is open now."""
    agreements = await call(lecturer, "GET", "/api/agreements")
    township = next(one for one in agreements["agreements"] if "青石镇" in one["recipient_name"])
    body = {
        "title": "门口等候(示例)",
        "starts_at": datetime.now(UTC).isoformat(),
        "minutes": 30,
        "agreement_ids": [township["id"]],
        "announce": True,
    }
    return str((await call(lecturer, "POST", "/api/lectures", body))["id"])


async def test_waiting_for_a_lecture_and_helping_its_host(people: People) -> None:
    lecturer = await people.enter("lecturer")
    lecture_id = await _lecture(lecturer)
    path = f"/room/lecture/{lecture_id}"
    await enter(lecturer, path)
    await lecturer.show_panel("people")
    page = lecturer.page
    await door(page, "door-waiting")
    learner, late = await people.enter("learner"), await people.enter("rural.doctor")
    for person in (learner, late):
        await enter(person, path)
        await expect(person.page.get_by_test_id("room-waiting")).to_be_visible(timeout=SLOW)
    await expect(page.get_by_test_id("waiting-person")).to_have_count(2)
    await lecturer.shot("room-4-waiting-list")

    refused = page.get_by_test_id("waiting-person").filter(has_text="李青山")
    await refused.get_by_test_id("refuse").click()
    await page.get_by_test_id("reason").fill("请先联系医务科(示例)")
    await page.get_by_role("dialog").get_by_role("button", name="拒绝").click()
    await expect(late.page.get_by_test_id("refused-reason")).to_contain_text("请先联系医务科")
    await late.shot("room-5-refused")
    await late.page.get_by_test_id("refused-again").click()
    await expect(late.page.get_by_test_id("room-waiting")).to_be_visible(timeout=SLOW)
    await expect(page.get_by_test_id("waiting-person")).to_have_count(2)
    await page.get_by_test_id("admit-all").click()
    for person in (learner, late):
        await person.media()

    # A co-host sees the door and may lock it; then the host takes the role back.
    await manage(lecturer, "孙小禾", "giveCoHost")
    await expect(learner.page.get_by_text("请您担任联席主持人")).to_be_visible()
    await learner.show_panel("people")
    await door(learner.page, "door-locked")
    await expect(late.page.get_by_test_id("sign-locked")).to_be_visible()
    await learner.shot("room-6-co-host")
    await manage(lecturer, "孙小禾", "takeCoHost")
    await expect(learner.page.get_by_test_id("door-locked")).to_have_count(0)
    await page.get_by_test_id("door-end").click()
    await page.get_by_role("dialog").get_by_role("button", name="为所有人结束").click()
    for person in (lecturer, learner, late):
        await person.page.wait_for_url(re.compile(r"/lectures/lec_\w+$"))
