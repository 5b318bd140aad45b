"""Job 3: a lecture with an audience that receives, and the list of who attended."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.e2e.conftest import People, Person

ADDRESS = re.compile(r"/lectures/lec_\w+$")
AUDIENCE = ("learner", "rural.doctor", "county.doctor")


async def _listen(person: Person, lecture_id: str) -> None:
    await person.go(f"/room/lecture/{lecture_id}")
    await person.page.get_by_test_id("room-join").click()
    await expect(person.page.get_by_test_id("room")).to_be_visible()


async def test_a_lecture_with_an_audience(people: People) -> None:
    lecturer = await people.enter("lecturer")
    page = lecturer.page
    await lecturer.go("/lectures")
    await expect(page.get_by_test_id("lecture").first).to_be_visible()
    await lecturer.shot("lecture-1-list")
    await page.get_by_test_id("join-lecture").first.click()
    await page.get_by_test_id("room-join").click()
    await expect(page.get_by_test_id("room")).to_be_visible()
    lecture_id = page.url.rpartition("/")[2]
    await lecturer.show_panel("side")
    await page.get_by_test_id("action-start").click()
    await expect(page.get_by_test_id("action-end")).to_be_visible()

    audience = [await people.enter(username) for username in AUDIENCE]
    await audience[0].go(f"/lectures/{lecture_id}")
    await expect(audience[0].page.get_by_test_id("action-join")).to_be_visible()
    await audience[0].shot("lecture-2-announced")
    for person in audience:
        await _listen(person, lecture_id)
        # The audience receives only: there is nothing to switch on.
        await expect(person.page.get_by_test_id("room-mic")).to_have_count(0)
        await person.media()
    await page.get_by_test_id("room-screen").click()
    await expect(page.get_by_test_id("room-screen")).to_have_attribute("data-on", "true")
    await audience[0].media(videos=2)
    await _talk(lecturer, audience[0])
    await lecturer.shot("lecture-3-speaker")
    await audience[0].shot("lecture-4-audience")

    # Attending is signing in: the minutes count while sound or picture arrives.
    minutes = audience[0].page.get_by_test_id("my-minutes").first
    await expect(minutes).to_have_attribute("data-seconds", re.compile(r"^[1-9]"), timeout=45_000)
    await lecturer.show_panel("side")
    await page.get_by_test_id("action-end").click()
    for person in (lecturer, *audience):
        await person.page.wait_for_url(ADDRESS)
    # The entry follows once the last media reports are in.
    state = page.get_by_test_id("lecture-state")
    await expect(state).to_have_attribute("data-state", "credited", timeout=60_000)
    await expect(page.get_by_text("孙小禾").first).to_be_visible()
    await lecturer.shot("lecture-5-attendance")


async def _talk(lecturer: Person, learner: Person) -> None:
    await learner.page.get_by_test_id("room-hand").click()
    await expect(learner.page.get_by_test_id("room-hand")).to_have_attribute("data-on", "true")
    await learner.show_panel("chat")
    await learner.page.get_by_test_id("chat-input").fill("老师,危急值多久必须上报?")
    await learner.page.get_by_test_id("chat-send").click()
    await lecturer.show_panel("chat")
    await expect(lecturer.page.get_by_test_id("chat-messages")).to_contain_text("危急值")
    await lecturer.show_panel("people")
    people = lecturer.page.get_by_test_id("room-person")
    await expect(people).to_have_count(1 + len(AUDIENCE))
