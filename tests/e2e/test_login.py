"""The way in."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.e2e.conftest import Demo, People


async def test_a_newcomer_enters_by_one_click(people: People) -> None:
    person = await people.newcomer("rural.doctor")
    await person.go("/")
    await expect(person.page.get_by_test_id("demo-rural.doctor")).to_be_visible()
    await person.shot("login")
    await person.enter()
    await expect(person.page.get_by_text("李青山").first).to_be_visible()
    await person.shot("home-doctor")
    # A reload keeps the person: the refresh cookie is there.
    await person.page.reload()
    await expect(person.page.get_by_text("李青山").first).to_be_visible()


async def test_a_password_opens_the_door_and_a_wrong_one_does_not(
    people: People, demo: Demo
) -> None:
    person = await people.newcomer("specialist")
    account = demo.accounts["specialist"]
    await person.go("/login")
    await person.page.locator("#username").fill(account["username"])
    await person.page.locator("#password").fill("not it")
    await person.page.get_by_test_id("login").click()
    await expect(person.page.get_by_text("用户名或密码不正确")).to_be_visible()
    await person.page.locator("#password").fill(account["password"])
    await person.page.get_by_test_id("login").click()
    await person.page.wait_for_url(re.compile(r"(?<!/login)$"))
    await expect(person.page.get_by_text("王明德").first).to_be_visible()


async def test_every_persons_home_is_accessible(people: People) -> None:
    for username in ("specialist", "lecturer", "learner", "coordinator", "assessor", "authority"):
        person = await people.enter(username)
        await expect(person.page.locator("main, [role=main]").first).to_be_visible()
        await person.shot(f"home-{username}")
