"""Files attached to consults: taken, refused, and sent only to who may see the case."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest

from storage.ids import new_id
from tests.api.conftest import Answer, House
from tests.api.consults import asked, do, live, seen

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
DICOM = bytes(128) + b"DICM" + bytes(64)


async def upload(
    house: House,
    who: str,
    consult_id: str,
    data: Any = PNG,
    *,
    media_type: str = "image/png",
    filename: str = "心电图 1.png",
) -> Answer:
    params = {"owner_type": "consult", "owner_id": consult_id}
    return await house.as_(who).request(
        "POST",
        "/api/attachments",
        params=params,
        data=data,
        headers={"Content-Type": media_type, "X-File-Name": quote(filename)},
    )


def blobs(house: House) -> list[str]:
    return [
        path.name
        for folder in ("blobs", "staging")
        for path in (house.data / folder).rglob("*")
        if path.is_file()
    ]


async def test_a_file_goes_up_and_comes_down_to_both_sides(house: House) -> None:
    consult_id = await asked(house)
    answer = await upload(house, "rural_doctor", consult_id)
    assert answer.status == 201
    assert (answer.json["size"], answer.json["media_type"]) == (len(PNG), "image/png")
    path = f"/api/attachments/{answer.json['id']}"
    for who in ("rural_doctor_2", "specialist"):
        down = await house.as_(who).get(path)
        assert down.body == PNG
        assert down.headers["Content-Type"] == "image/png"
        assert down.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert down.headers["Content-Disposition"].startswith("inline;")
        assert "%E5%BF%83%E7%94%B5%E5%9B%BE%201.png" in down.headers["Content-Disposition"]
    part = await house.as_("specialist").get(path, headers={"Range": "bytes=8-15"})
    assert (part.status, part.body) == (206, PNG[8:16])
    beyond = await house.as_("specialist").get(path, headers={"Range": "bytes=999999-"})
    assert beyond.status == 416
    shown = await seen(house, "specialist", consult_id)
    assert [item["filename"] for item in shown["clinical"]["attachments"]] == ["心电图 1.png"]
    listed = await house.as_("specialist").get(
        f"/api/attachments?owner_type=consult&owner_id={consult_id}"
    )
    assert listed.json["attachments"] == shown["clinical"]["attachments"]


@pytest.mark.parametrize("who", ["coordinator", "stranger", "county_doctor", "learner", "assessor"])
async def test_nobody_else_reaches_the_file(house: House, who: str) -> None:
    consult_id = await asked(house)
    there = (await upload(house, "rural_doctor", consult_id)).json["id"]
    for file_id in (there, new_id("att")):
        answer = await house.as_(who).get(f"/api/attachments/{file_id}")
        assert answer.code == "not_found"
    for owner in (consult_id, new_id("con")):
        listed = await house.as_(who).get(f"/api/attachments?owner_type=consult&owner_id={owner}")
        assert listed.code == "not_found"
        assert (await upload(house, who, owner)).code == "not_found"
    assert (await house.nobody().get(f"/api/attachments/{there}")).code == "session_expired"


@pytest.mark.parametrize(
    ("media_type", "data", "code"),
    [
        ("image/png", b"", "file_empty"),
        ("application/octet-stream", b"", "file_empty"),
        ("image/png", b"\xff\xd8\xff\xe0 a photograph", "file_refused"),
        ("application/pdf", PNG, "file_refused"),
        ("application/dicom", b"text that is no DICOM", "file_refused"),
        ("text/plain", b"\x00\x01\x02", "file_refused"),
        ("text/plain", "是".encode("gb18030") * 9, "file_refused"),
        ("application/octet-stream", b"MZ an executable", "file_refused"),
        ("text/html", b"<script>alert(1)</script>", "unsupported_media_type"),
        ("image/svg+xml", b"<svg/>", "unsupported_media_type"),
    ],
)
async def test_a_file_that_is_not_what_it_says_is_refused_and_gone(
    house: House, media_type: str, data: bytes, code: str
) -> None:
    consult_id = await asked(house)
    before = blobs(house)
    answer = await upload(house, "rural_doctor", consult_id, data, media_type=media_type)
    assert answer.code == code
    assert blobs(house) == before


@pytest.mark.parametrize(
    ("declared", "data", "found"),
    [
        ("application/octet-stream", DICOM, "application/dicom"),
        ("application/octet-stream", b"%PDF-1.7 x", "application/pdf"),
        ("application/octet-stream", b"RIFF0000WEBPVP8 ", "image/webp"),
        ("image/jpeg", b"\xff\xd8\xff\xe0 jpeg", "image/jpeg"),
        ("text/plain", ("示例" * 300).encode()[:-1] + "例".encode()[-1:], "text/plain"),
    ],
)
async def test_the_type_is_found_out(house: House, declared: str, data: bytes, found: str) -> None:
    consult_id = await asked(house)
    answer = await upload(house, "rural_doctor", consult_id, data, media_type=declared)
    assert answer.json["media_type"] == found
    down = await house.as_("specialist").get(f"/api/attachments/{answer.json['id']}")
    assert down.body == data
    inline = found in ("application/pdf", "image/webp", "image/jpeg")
    assert down.headers["Content-Disposition"].startswith("inline" if inline else "attachment")


async def test_an_oversize_file_is_refused_with_or_without_a_length(house: House) -> None:
    consult_id = await asked(house)
    house.services.config = house.services.config.model_copy(update={"max_upload_mb": 1})
    before = blobs(house)
    big = PNG + bytes(1024 * 1024)
    declared = await upload(house, "rural_doctor", consult_id, io.BytesIO(big))
    assert declared.code == "body_too_large"
    assert declared.json["limit_bytes"] == 1024 * 1024

    async def pieces() -> AsyncIterator[bytes]:
        for offset in range(0, len(big), 65536):
            yield big[offset : offset + 65536]

    chunked = await upload(house, "rural_doctor", consult_id, pieces())
    assert chunked.code == "body_too_large"
    assert blobs(house) == before


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\ecg.png", "ecg.png"),
        ("a\r\nX-Evil: 1.png", "aX-Evil: 1.png"),
        ("...", "file"),
    ],
)
async def test_a_name_is_only_ever_a_name(house: House, given: str, kept: str) -> None:
    consult_id = await asked(house)
    answer = await upload(house, "rural_doctor", consult_id, filename=given)
    assert answer.json["filename"] == kept
    down = await house.as_("rural_doctor").get(f"/api/attachments/{answer.json['id']}")
    assert "X-Evil" not in down.headers


async def test_files_are_added_by_the_requesting_side_until_the_end(house: House) -> None:
    consult_id = await live(house)
    assert (await upload(house, "specialist", consult_id)).code == "wrong_state"
    assert (await upload(house, "rural_doctor_2", consult_id)).status == 201
    await do(house, "specialist", consult_id, "end")
    assert (await upload(house, "rural_doctor", consult_id)).code == "wrong_state"
    missing = await house.as_("rural_doctor").post("/api/attachments?owner_type=consult")
    assert missing.code == "invalid_request"
    unknown = await house.as_("rural_doctor").get("/api/attachments?owner_type=patient&owner_id=x")
    assert unknown.code == "invalid_request"
