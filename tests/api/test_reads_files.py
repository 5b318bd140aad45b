"""Bad uploads: refused with a sentence, nothing left behind, never a 5xx; the doctor can try again."""

from __future__ import annotations

import asyncio
import io
import random
from collections.abc import AsyncIterator
from dataclasses import replace

import numpy as np
import pydicom
import pytest

from server.access.authentication import person_of
from server.errors import Problem
from server.reads import intake
from storage.blobs import BlobStore, Quarantined
from storage.db import Actor
from storage.readers import ReaderBusy
from storage.tables.access import Staff
from tests.api.conftest import House
from tests.api.reads import chunks, create, ct, ecg, queued, stored, upload

GOOD = ecg()
BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty_file"),
    "text": ("心电图结果:窦性心律".encode(), "not_dicom"),
    "pdf": (b"%PDF-1.7\n1 0 obj\n", "not_dicom"),
    "zip": (b"PK\x03\x04" + b"\0" * 200, "not_dicom"),
    "one byte": (b"\0", "not_dicom"),
    "preamble only": (b"\0" * 128 + b"DICM", ""),
    "ct": (ct(), "not_an_ecg"),
    "cut in the header": (GOOD[:600], ""),
    "cut in the waveform": (GOOD[: len(GOOD) // 2], "truncated"),
    "cut at the end": (GOOD[:-1000], "truncated"),
}


@pytest.mark.parametrize("name", sorted(BAD))
async def test_refused_with_a_sentence(house: House, name: str) -> None:
    data, reason = BAD[name]
    read_id = await create(house)
    before = stored(house)
    answer = await upload(house, read_id, data)
    assert (answer.status, answer.code) == (422, "file_refused"), answer.body
    assert not reason or answer.json["reason"] == reason
    assert answer.json["message"]["zh"].endswith("。")
    assert answer.json["message"]["en"].endswith(".")
    assert stored(house) == before
    view = (await house.as_("rural_doctor").get(f"/api/reads/{read_id}")).json
    assert (view["state"], view["file"]) == ("uploading", None)
    assert view["actions"] == ["attach", "cancel"]
    assert (await upload(house, read_id, GOOD)).status == 200


async def test_ct_is_called_a_ct(house: House) -> None:
    answer = await upload(house, await create(house), ct())
    assert "CT" in answer.json["message"]["zh"]
    assert "不是心电图" in answer.json["message"]["zh"]


async def test_mutants_are_read_or_refused(house: House) -> None:
    """A few mutants through the whole stack; the readers' own fuzz tests do the hundred thousands."""
    chance = random.Random(20261123)
    for _ in range(25):
        data = bytearray(GOOD)
        for _ in range(chance.randint(1, 30)):
            data[chance.randrange(128, 6000)] = chance.randrange(256)
        read_id = await create(house)
        before = stored(house)
        answer = await upload(house, read_id, bytes(data))
        assert answer.status in (200, 422), answer.body
        if answer.status == 422:
            assert answer.code == "file_refused"
            assert stored(house) == before
        else:
            view = await house.as_("rural_doctor").get(f"/api/reads/{read_id}/ecg")
            assert view.status == 200


def _small_limit(house: House) -> None:
    house.services.config = house.services.config.model_copy(update={"max_upload_mb": 1})


async def test_oversize(house: House) -> None:
    _small_limit(house)
    read_id = await create(house)
    before = stored(house)
    data = GOOD + b"\0" * (1024 * 1024)
    answer = await upload(house, read_id, io.BytesIO(data))
    assert (answer.status, answer.code) == (413, "body_too_large")
    assert answer.json["limit"] == 1024 * 1024

    async def unannounced() -> AsyncIterator[bytes]:
        async for piece in chunks(data):
            yield piece

    house_client = house.as_("rural_doctor")
    answer = await house_client.request(
        "PUT",
        f"/api/reads/{read_id}/file",
        data=unannounced(),
        headers={"Content-Type": "application/dicom"},
    )
    assert (answer.status, answer.code) == (413, "body_too_large")
    assert stored(house) == before


async def test_media_type(house: House) -> None:
    read_id = await create(house)
    for media_type in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
        answer = await upload(house, read_id, GOOD, headers={"Content-Type": media_type})
        assert answer.code == "unsupported_media_type"
    answer = await upload(
        house, read_id, GOOD, headers={"Content-Type": "application/octet-stream"}
    )
    assert answer.status == 200


async def test_only_while_it_is_being_prepared(house: House) -> None:
    read_id = await queued(house)
    before = stored(house)
    answer = await upload(house, read_id, ecg(PatientID="9"))
    assert (answer.status, answer.code) == (409, "wrong_state")
    for who in ("county_doctor", "stranger"):
        assert (await upload(house, read_id, GOOD, who=who)).status == 404
    assert (await upload(house, read_id, GOOD, who="specialist")).code == "not_allowed"
    assert stored(house) == before


async def test_busy_readers(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(_path: object) -> None:
        raise ReaderBusy

    monkeypatch.setattr(house.services.readers, "read_ecg", busy)
    read_id = await create(house)
    before = stored(house)
    answer = await upload(house, read_id, GOOD)
    assert (answer.status, answer.code) == (503, "not_ready")
    assert answer.headers["Retry-After"] == "5"
    assert stored(house) == before


class Watched(BlobStore):
    """Tells when a stream began to arrive, and when its reception ended."""

    def __init__(self, inner: BlobStore) -> None:
        super().__init__(inner.disk, inner.folder)
        self.began, self.ended = asyncio.Event(), asyncio.Event()

    async def quarantine(self, chunks: AsyncIterator[bytes], *, limit: int) -> Quarantined:
        async def noticed() -> AsyncIterator[bytes]:
            async for piece in chunks:
                yield piece
                self.began.set()  # after the piece was written

        try:
            return await super().quarantine(noticed(), limit=limit)
        finally:
            self.ended.set()


async def test_a_dropped_line_leaves_nothing(house: House) -> None:
    read_id = await create(house)
    before = stored(house)
    watched = Watched(house.services.blobs)
    house.services.blobs = watched
    server = house.client.server
    token = house.as_("rural_doctor").token
    _, writer = await asyncio.open_connection(server.host, server.port)
    head = (
        f"PUT /api/reads/{read_id}/file HTTP/1.1\r\nHost: {server.host}\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/dicom\r\n"
        f"Content-Length: {len(GOOD)}\r\n\r\n"
    )
    writer.write(head.encode() + GOOD[:150_000])
    await writer.drain()
    async with asyncio.timeout(20):
        await watched.began.wait()
    assert len(stored(house)) == len(before) + 1
    writer.transport.abort()
    async with asyncio.timeout(20):
        await watched.ended.wait()
    assert stored(house) == before
    view = (await house.as_("rural_doctor").get(f"/api/reads/{read_id}")).json
    assert view["state"] == "uploading"


async def test_cancelled_while_reading_leaves_nothing(house: House) -> None:
    """The read is withdrawn in another tab while its file is being received."""
    read_id = await create(house)
    before = stored(house)
    async with house.services.db.read() as session:
        staff = await session.get_one(Staff, house.world.staff["rural_doctor"])
    person = person_of(staff)
    actor = Actor("staff", person.id, person.organisation_id)
    reading = asyncio.Event()

    async def never(_path: object) -> None:
        reading.set()
        await asyncio.Event().wait()

    house.services.readers.read_ecg = never  # type: ignore[method-assign, assignment]
    task = asyncio.create_task(
        intake.attach_file(house.services, actor, person, read_id, chunks(GOOD))
    )
    async with asyncio.timeout(20):
        await reading.wait()
    assert len(stored(house)) == len(before) + 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert stored(house) == before


async def test_same_file_twice_is_one_object(house: House) -> None:
    first, second = await create(house), await create(house)
    await upload(house, first, GOOD)
    before = stored(house)
    again = await upload(house, second, GOOD)
    assert again.status == 200
    assert stored(house) == before


async def test_hints_for_a_bad_recording(house: House) -> None:
    dataset = pydicom.dcmread(io.BytesIO(GOOD))
    group = dataset.WaveformSequence[0]
    samples = np.frombuffer(group.WaveformData, dtype="<i2").reshape(-1, 12).copy()
    samples[:, 6] = 0
    samples[:, 7] += np.random.default_rng(7).normal(0, 200, len(samples)).astype("<i2")
    group.WaveformData = samples.tobytes()
    dataset.AcquisitionDateTime = "20261123085500"
    out = io.BytesIO()
    dataset.save_as(out)
    answer = await upload(house, await create(house), out.getvalue())
    file = answer.json["file"]
    hints = {item["code"]: item["zh"] for item in file["hints"]}
    assert set(hints) == {"flat", "noisy"}
    assert "V1" in hints["flat"]
    assert "V2" in hints["noisy"]
    problems = {item["lead"]: item["problems"] for item in file["leads"]}
    assert problems["V1"] == ["flat"]
    assert problems["I"] == []


async def test_refusal_is_a_problem_for_callers_in_the_house(house: House) -> None:
    """The demo's loader calls the service itself and gets the same refusal."""
    read_id = await create(house)
    async with house.services.db.read() as session:
        staff = await session.get_one(Staff, house.world.staff["rural_doctor"])
    person = person_of(staff)
    actor = Actor("staff", person.id, person.organisation_id)
    with pytest.raises(Problem) as caught:
        await intake.attach_file(house.services, actor, person, read_id, chunks(b"no"))
    assert caught.value.data == {"reason": "not_dicom"}
    other = replace(person, organisation_id=house.world.organisations["county"])
    with pytest.raises(Problem) as caught:
        await intake.attach_file(house.services, actor, other, read_id, chunks(GOOD))
    assert caught.value.status == 404
