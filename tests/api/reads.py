"""Recordings and steps that the tests of reads share."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pydicom

from tests.api.conftest import Answer, House

FILES = Path(pydicom.__file__).parent / "data" / "test_files"
CONTENT = {
    "rhythm": "sinus",
    "rate_bpm": 61,
    "axis_degrees": 52,
    "pr_ms": 161,
    "qrs_ms": 75,
    "qt_ms": 368,
    "qtc_ms": 370,
    "findings": ["normal_ecg"],
    "conclusion": "1. 窦性心律\n2. 正常心电图",
    "advice": "结合临床。",
}


def ecg(**patient: str) -> bytes:
    """pydicom's own 12-lead ECG, of the test patient unless told otherwise (DICOM keywords)."""
    dataset = pydicom.dcmread(FILES / "waveform_ecg.dcm")
    given = {
        "PatientName": "患者示例",
        "PatientSex": "M",
        "PatientBirthDate": "19590301",
        "PatientID": "",
        **patient,
    }
    dataset.SpecificCharacterSet = "ISO_IR 192"
    for keyword, value in given.items():
        setattr(dataset, keyword, value)
    out = io.BytesIO()
    dataset.save_as(out)
    return out.getvalue()


def ct() -> bytes:
    return (FILES / "CT_small.dcm").read_bytes()


async def chunks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 65536):
        yield data[start : start + 65536]


async def create(house: House, who: str = "rural_doctor", **more: Any) -> str:
    """A new request of the township to the city; its id."""
    body = {
        "patient_id": house.world.patient,
        "supporting_id": house.world.organisations["city"],
        "urgency": "routine",
        "question": "胸痛两小时",
        **more,
    }
    answer = await house.as_(who).post("/api/reads", body)
    assert answer.status == 201, answer.body
    return str(answer.json["id"])


async def upload(
    house: House, read_id: str, data: bytes | io.BytesIO, who: str = "rural_doctor", **options: Any
) -> Answer:
    headers = {"Content-Type": "application/dicom", **options.pop("headers", {})}
    return await house.as_(who).request(
        "PUT", f"/api/reads/{read_id}/file", data=data, headers=headers, **options
    )


async def queued(house: House, **more: Any) -> str:
    """A read that waits in the queue."""
    read_id = await create(house, **more)
    assert (await upload(house, read_id, ecg())).status == 200
    await step(house, "rural_doctor", read_id, "submit", {})
    return read_id


async def step(house: House, who: str, read_id: str, name: str, body: Any = None) -> Any:
    """One step that must succeed; the answer's document."""
    answer = await house.as_(who).post(f"/api/reads/{read_id}/{name}", body)
    assert answer.status == 200, answer.body
    return answer.json


async def drafted(house: House, **more: Any) -> str:
    """A read that the specialist has claimed and drafted."""
    read_id = await queued(house, **more)
    await step(house, "specialist", read_id, "claim")
    body = {"version": 0, "content": CONTENT}
    answer = await house.as_("specialist").put(f"/api/reads/{read_id}/draft", body)
    assert answer.status == 200, answer.body
    return read_id


async def signed(house: House, **more: Any) -> str:
    read_id = await drafted(house, **more)
    await step(house, "specialist", read_id, "sign", {"draft_version": 1})
    return read_id


def stored(house: House) -> list[str]:
    """Every file of the blobs and of quarantine, locks aside."""
    found = [*house.data.glob("blobs/**/*"), *house.data.glob("staging/**/*")]
    return sorted(str(path) for path in found if path.is_file() and path.suffix != ".lock")
