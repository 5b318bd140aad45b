"""A lecturer sets up an encoder: copies the address and the token from the lecture's page, and they work."""

from __future__ import annotations

import re

import aiohttp
from playwright.async_api import expect

from tests.e2e.conftest import People
from tests.media.test_whip import OFFER, OPUS, SDP


async def test_the_address_and_the_token_open_the_room(people: People) -> None:
    lecturer = await people.enter("lecturer")
    page = lecturer.page
    await lecturer.go("/lectures")
    room = await page.get_by_test_id("join-lecture").first.get_attribute("href")
    assert room is not None
    await lecturer.go(room.replace("/room/lecture/", "/lectures/"))
    await page.get_by_test_id("encoder-open").click()
    address = page.get_by_test_id("encoder-address")
    await expect(address).to_have_value(re.compile(r"^http.*/whip$"))
    await lecturer.shot("lecture-6-encoder")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.get_by_test_id("copy-token").click()
    token = await page.evaluate("navigator.clipboard.readText()")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": SDP}
    async with aiohttp.ClientSession() as session:
        where = await address.input_value()
        async with session.post(where, data=OFFER + OPUS, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            assert "m=audio" in await answer.text()
            mine = answer.headers["Location"]
        async with session.delete(where.removesuffix("/whip") + mine) as answer:
            assert answer.status == 200

    # The audience is offered none.
    learner = await people.enter("learner")
    await learner.go(page.url.removeprefix(lecturer.demo.url))
    await expect(learner.page.get_by_test_id("action-join")).to_be_visible()
    await expect(learner.page.get_by_test_id("encoder-open")).to_have_count(0)
