"""Job 2: an ECG from the doctor's file to the signed report that was acknowledged."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

from playwright.async_api import expect
from pydicom.data import get_testdata_file

from server.demo.stage import Case, ecg_file
from tests.e2e.conftest import People, Person

PATIENT = Case("孔令兰(示例)", "F", date(1961, 5, 17), "E2E00001")
ADDRESS = re.compile(r"/reads/red_\w+$")


async def _new_read(doctor: Person, patient: Case) -> None:
    page = doctor.page
    await doctor.go("/reads")
    await page.get_by_test_id("new-read").first.click()
    await page.get_by_test_id("patient-new").click()
    await page.get_by_test_id("patient-name").fill(patient.name)
    await page.get_by_test_id(f"patient-sex-{patient.sex}").check()
    await page.get_by_test_id("patient-birth").fill(patient.birth_date.isoformat())
    await page.get_by_test_id("patient-save").click()
    await expect(page.get_by_test_id("patient-chosen")).to_contain_text(patient.name)


async def _send(doctor: Person, file: Path) -> str:
    page = doctor.page
    await page.get_by_test_id("upload-input").set_input_files(file)
    await expect(page.get_by_test_id("file-check")).to_be_visible()
    await page.get_by_test_id("urgency-emergency").check()
    await page.get_by_test_id("question").fill("胸痛 2 小时,请判读。(示例)")
    await doctor.shot("read-3-checked")
    await page.get_by_test_id("submit-read").click()
    await page.wait_for_url(ADDRESS)
    return page.url.rpartition("/")[2]


async def test_an_ecg_from_the_file_to_the_acknowledged_report(
    people: People, tmp_path: Path
) -> None:
    doctor = await people.enter("rural.doctor")
    specialist = await people.enter("specialist")
    file = tmp_path / "ecg.dcm"
    file.write_bytes(ecg_file(PATIENT, datetime.now(UTC), "Asia/Shanghai"))
    await doctor.go("/reads")
    await expect(doctor.page.get_by_test_id("read-row").first).to_be_visible()
    await doctor.shot("read-1-requests")
    await _new_read(doctor, PATIENT)
    await doctor.shot("read-2-new")
    read_id = await _send(doctor, file)
    await doctor.shot("read-4-sent")

    await specialist.go("/reads")
    await expect(specialist.page.get_by_test_id("read-row").first).to_be_visible()
    await specialist.shot("read-5-queue")
    await specialist.go(f"/reads/{read_id}/read")
    await expect(specialist.page.get_by_test_id("ecg-paper")).to_be_visible()
    await specialist.page.get_by_test_id("claim").click()
    await _write(specialist)
    # Nothing of it is visible before signing; a critical value is told at once.
    await expect(doctor.page.get_by_text("窦性心律,ST 段抬高")).to_have_count(0)
    await doctor.page.get_by_test_id("acknowledge-critical").click()
    await expect(doctor.page.get_by_test_id("acknowledge-critical")).to_have_count(0)

    await specialist.page.get_by_test_id("sign").click()
    await specialist.page.wait_for_url(lambda url: read_id not in url)
    report = doctor.page.get_by_test_id("signed-report")
    await expect(report).to_contain_text("窦性心律,ST 段抬高")
    await doctor.shot("read-8-signed")
    await _pdf(doctor)
    await doctor.page.get_by_test_id("acknowledge").click()
    await doctor.page.get_by_test_id("adopt").click()
    await expect(doctor.page.get_by_test_id("adopt")).to_have_count(0)
    await doctor.shot("read-9-adopted")


async def _write(specialist: Person) -> None:
    page = specialist.page
    await specialist.choose("template-search", "窦性心律 正常心电图")
    await page.get_by_test_id("conclusion").fill("窦性心律,ST 段抬高,请结合临床。(示例)")
    await page.get_by_test_id("advice").fill("立即复查,联系绿色通道。(示例)")
    await page.get_by_test_id("critical").click()
    await specialist.choose("critical-code", "急性心肌梗死")
    await specialist.shot("read-6-critical")
    await page.locator("#critical-confirm").click()
    await expect(page.locator("#critical-confirm")).to_have_count(0)
    await specialist.shot("read-7-reading")


async def _pdf(doctor: Person) -> None:
    async with doctor.page.context.expect_event("response", _is_pdf) as found:
        await doctor.page.get_by_test_id("report-pdf").first.click()
    response = await found.value
    assert response.status == 200


def _is_pdf(response: object) -> bool:
    headers = getattr(response, "headers", {})
    return "application/pdf" in headers.get("content-type", "")


async def test_what_is_no_ecg_is_refused_with_a_way_on(people: People, tmp_path: Path) -> None:
    doctor = await people.enter("county.doctor")
    await _new_read(doctor, Case("严守信(示例)", "M", date(1950, 1, 2), "E2E00002"))
    text, empty = tmp_path / "notes.txt", tmp_path / "empty.dcm"
    text.write_text("胸痛 2 小时")
    empty.write_bytes(b"")
    ct = get_testdata_file("CT_small.dcm")
    assert isinstance(ct, str)
    said = set()
    for file in (text, empty, Path(ct)):
        await doctor.page.get_by_test_id("upload-input").set_input_files(file)
        refused = doctor.page.get_by_test_id("upload-refused")
        await expect(refused).to_be_visible()
        said.add(await refused.inner_text())
        await expect(doctor.page.get_by_test_id("submit-read")).to_be_disabled()
    assert len(said) == 3
    await doctor.shot("read-refused")


async def test_somebody_elses_ecg_must_be_confirmed(people: People) -> None:
    doctor = await people.enter("county.doctor")
    await _new_read(doctor, Case("华春生(示例)", "M", date(1980, 7, 7), "E2E00003"))
    anonymous = get_testdata_file("waveform_ecg.dcm")
    assert isinstance(anonymous, str)
    page = doctor.page
    await page.get_by_test_id("upload-input").set_input_files(anonymous)
    await expect(page.get_by_test_id("patient-match")).to_be_visible()
    await expect(page.get_by_test_id("submit-read")).to_be_disabled()
    await doctor.shot("read-mismatch")
    await page.get_by_test_id("confirm-mismatch").check()
    await page.get_by_test_id("submit-read").click()
    await page.wait_for_url(ADDRESS)
