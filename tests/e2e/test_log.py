"""Job 4: the assessor's log, an entry's evidence and proof, and a pack that is checked offline."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from playwright.async_api import expect

from tests.e2e.conftest import Demo, People


async def test_an_assessor_follows_an_entry_to_its_proof(people: People) -> None:
    assessor = await people.enter("assessor")
    page = assessor.page
    await assessor.go("/assess/entries")
    await expect(page.get_by_test_id("entry-row").first).to_be_visible()
    await assessor.shot("log-1-entries")
    await page.get_by_test_id("entry-row").first.click()
    await page.wait_for_url(re.compile(r"/assess/entries/ent_\w+"))
    await expect(page.get_by_test_id("verified").first).to_have_attribute("data-state", "verified")
    await expect(page.get_by_test_id("timeline")).to_be_visible()
    await assessor.shot("log-2-entry")


async def test_every_point_leads_to_its_entries(people: People, demo: Demo, tmp_path: Path) -> None:
    assessor = await people.enter("assessor")
    page = assessor.page
    await assessor.go("/assess/score")
    await expect(page.get_by_test_id("subject").first).to_be_visible()
    await assessor.shot("log-3-subjects")
    await page.get_by_test_id("subject").first.click()
    await expect(page.get_by_test_id("score")).to_have_text(re.compile(r"^\d"))
    await expect(page.get_by_test_id("score-verified")).to_have_attribute("data-state", "verified")
    await assessor.shot("log-4-score")
    await page.get_by_test_id("group-remote").click()
    await assessor.shot("log-5-group")
    await page.locator("[data-testid^=indicator-]:visible").first.click()
    await expect(page.get_by_test_id("formula")).to_be_visible()
    await page.get_by_test_id("entry-row").first.click()
    await expect(page.get_by_test_id("verified").first).to_have_attribute("data-state", "verified")

    # What the page hands out is checked offline by the command line.
    await page.go_back()
    await page.go_back()
    async with page.expect_download() as sheet:
        await page.get_by_test_id("score-xlsx").click()
    await (await sheet.value).save_as(tmp_path / "score.xlsx")
    assert (tmp_path / "score.xlsx").read_bytes()[:2] == b"PK"
    async with page.expect_download() as found:
        await page.get_by_test_id("pack-download").click()
    pack = tmp_path / "from-page.zip"
    await (await found.value).save_as(pack)
    assert demo.duikou("verify", str(pack)).returncode == 0


async def test_a_pack_verifies_and_a_changed_one_does_not(demo: Demo, tmp_path: Path) -> None:
    pack = tmp_path / "pack.zip"
    exported = demo.duikou("export", "--agreement", "all", "--out", str(pack))
    assert exported.returncode == 0, exported.stderr
    assert demo.duikou("verify", str(pack)).returncode == 0

    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(pack) as source, zipfile.ZipFile(changed, "w") as target:
        name = next(one for one in source.namelist() if one.startswith("entries/"))
        for one in source.namelist():
            data = source.read(one)
            if one == name:
                data = data.replace(b'"', b"'", 1)
            target.writestr(one, data)
    refused = demo.duikou("verify", str(changed))
    assert refused.returncode == 1
    assert name.removeprefix("entries/").removesuffix(".json").lstrip("0") in (
        refused.stdout + refused.stderr
    ) or name in (refused.stdout + refused.stderr)
