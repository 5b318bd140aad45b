"""One object of each kind in each state that some operation wants, made through the API as people make them."""

from __future__ import annotations

from tests.api import consults, reads
from tests.api import test_recordings as recordings
from tests.api.conftest import House
from tests.api.consults import do
from tests.api.reads import step
from tests.api.test_lectures import announced


async def _consults(house: House) -> dict[str, str]:
    """All for the specialist alone, of the township to the city."""
    own = {"specialist_id": house.world.staff["specialist"]}
    asked = await consults.asked(house, **own)
    await do(house, "specialist", asked, "ask", {"message": "请补充化验(示例)"})
    taken = await consults.asked(house, **own)
    await do(house, "specialist", taken, "accept", {})
    found = {
        "consult.draft": await consults.asked(house, submit=False, **own),
        "consult.submitted": await consults.asked(house, **own),
        "consult.asked": asked,
        "consult.accepted": taken,
        "consult.live": await consults.live(house),
        "consult.signed": await consults.signed(house),
        "consult.closed": await consults.signed(house),
    }
    await do(house, "rural_doctor", found["consult.closed"], "outcome", {"outcome": "adopted"})
    over = await consults.live(house)
    await do(house, "specialist", over, "end")
    # Last, since its door is open for some minutes only.
    scheduled = await consults.scheduled(house, **own)
    return {**found, "consult.over": over, "consult.scheduled": scheduled}


async def _reads(house: House) -> dict[str, str]:
    """Of the township to the city; what is claimed is claimed by the specialist."""
    checked = await reads.create(house)
    assert (await reads.upload(house, checked, reads.ecg())).status == 200
    critical = await reads.drafted(house)
    await step(house, "specialist", critical, "critical", {"code": "mi_new"})
    acknowledged = await reads.signed(house)
    await step(house, "rural_doctor", acknowledged, "acknowledge")
    return {
        "read.uploading": await reads.create(house),
        "read.checked": checked,
        "read.queued": await reads.queued(house),
        "read.draft": await reads.drafted(house),
        "read.critical": critical,
        "read.signed": await reads.signed(house),
        "read.acknowledged": acknowledged,
    }


async def _lectures(house: House) -> dict[str, str]:
    """Of the city for the township, by the lecturer, planned by the coordinator."""
    own = {"agreement_ids": [house.world.agreement]}
    opened = await announced(house, **own)
    live = await announced(house, **own)
    for lecture_id, steps in ((opened, ("open",)), (live, ("open", "start"))):
        for name in steps:
            answer = await house.as_("lecturer").post(f"/api/lectures/{lecture_id}/{name}")
            assert answer.status == 200, answer.body
    return {
        "lecture.planned": await announced(house, announce=False, **own),
        "lecture.announced": await announced(house, **own),
        "lecture.open": opened,
        "lecture.live": live,
    }


async def _attachment(house: House, consult_id: str) -> str:
    answer = await house.as_("rural_doctor").request(
        "POST",
        f"/api/attachments?owner_type=consult&owner_id={consult_id}",
        data="化验单(示例)".encode(),
        headers={"Content-Type": "text/plain"},
    )
    assert answer.status == 201, answer.body
    return str(answer.json["id"])


async def _recordings(house: House, live: str) -> dict[str, str]:
    """One that is being made, in the consult that is live; one that can be played."""
    await recordings.consent(house, live)
    _, ready = await recordings.ready(house)
    return {"recording": await recordings.started(house, live), "recording.ready": ready}


async def make(house: House) -> dict[str, str]:
    """Ids by `kind.state`, or by kind alone."""
    found = {**await _consults(house), **await _reads(house), **await _lectures(house)}
    log = await house.as_("assessor").get("/api/entries")
    entry = next(row for row in log.json["entries"] if row["kind"] == "consult")
    return {
        **found,
        **await _recordings(house, found["consult.live"]),
        "attachment": await _attachment(house, found["consult.scheduled"]),
        "agreement": house.world.agreement,
        "entry": entry["id"],
        "patient": house.world.patient,
    }
