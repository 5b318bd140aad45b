"""Hostile bytes on the wire: never a 5xx, never a hang, nothing left in the data folder."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSMsgType
from aiohttp.test_utils import TestServer
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as DatabaseTimeout

from server.app import build_app
from server.http import bodies, live
from server.http.middleware import REQUESTS
from storage.disk import DiskFull
from tests.api import consults, reads
from tests.api.conftest import House
from tests.api.media_events import post_raw, signature

SQLITE = pytest.mark.parametrize("house", ["sqlite"], indirect=True)
PATIENCE = 20.0
SECRET = "the-secret-of-the-data-folder"


async def wire(
    port: int, data: bytes, *, cut: bool = False, whole: bool = True
) -> tuple[int, bytes]:
    """Send bytes as they are; the status and the answer. `cut` ends our side after them.

    Not `whole`: only what comes first, since the server waits a while for the rest of a body before it closes.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        # The server may answer and close before it has read everything.
        with contextlib.suppress(ConnectionError):
            await writer.drain()
            if cut:
                writer.write_eof()
        answer = b""
        with contextlib.suppress(ConnectionError):
            answer = await asyncio.wait_for(reader.read(-1 if whole else 65536), PATIENCE)
    finally:
        writer.close()
    return (int(answer.split(b" ", 2)[1]) if answer else 0), answer


def head(line: str, *headers: str | bytes, host: str = "localhost") -> bytes:
    parts = [f"{line} HTTP/1.1".encode(), f"Host: {host}".encode(), b"Connection: close"]
    parts += [item if isinstance(item, bytes) else item.encode() for item in headers]
    return b"\r\n".join(parts) + b"\r\n\r\n"


def bearer(house: House, who: str = "rural_doctor") -> str:
    return f"Authorization: Bearer {house.as_(who).token}"


LOGIN = "POST /api/auth/login"
JSON = "Content-Type: application/json"
HEADS: dict[str, bytes] = {
    "token that is not UTF-8": head("GET /api/me", b"Authorization: Bearer \xff\xfe"),
    "token in Chinese": head("GET /api/me", "Authorization: Bearer 令牌"),
    "token of 60 KB": head("GET /api/me", "Authorization: Bearer " + "a" * 60_000),
    "two tokens": head("GET /api/me", "Authorization: Bearer a", "Authorization: Bearer b"),
    "cookie that is not UTF-8": head(
        "POST /api/auth/refresh", b'Cookie: duikou_refresh="\xff\xfe"', "Content-Length: 0"
    ),
    "cookie at log-out": head(
        "POST /api/auth/logout", b'Cookie: duikou_refresh="\xff"', "Content-Length: 0"
    ),
    "origin that is no address": head(
        "POST /api/auth/logout", "Origin: http://[", "Content-Length: 0"
    ),
    "header of 200 KB": head("GET /api/me", "X-Long: " + "a" * 200_000),
    "5,000 headers": head("GET /api/me", *(f"X-{number}: a" for number in range(5000))),
    "address of 200 KB": head("GET /" + "a" * 200_000),
    "address of 5 KB": head("GET /" + "a" * 5000),
    "asset's name of 5 KB": head("GET /assets/" + "a" * 5000),
    "folders 2,000 deep": head("GET " + "/a" * 2000),
    "half an escape": head("GET /api/patients/%"),
    "escaped bytes that are not UTF-8": head("GET /api/patients/%ff%fe"),
    "an escaped surrogate": head("GET /api/patients/%ed%a0%80"),
    "NUL in an address": head("GET /%00"),
    "NUL in an id": head("GET /api/patients/%00"),
    "line feeds in an address": head("GET /rtc/%0d%0aX-Evil:%201"),
    "raw bytes in an address": b"GET /\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n",
    "no host": b"GET /api/me HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /api/me HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "a whole address": head("GET http://evil.example/api/me"),
    "another server's tunnel": head("CONNECT evil.example:443"),
    "options of everything": head("OPTIONS *"),
    "a TLS hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "Content-Length in words": head(LOGIN, JSON, "Content-Length: many"),
    "Content-Length below zero": head(LOGIN, JSON, "Content-Length: -1"),
    "two Content-Lengths": head(LOGIN, JSON, "Content-Length: 2", "Content-Length: 3") + b"{}",
    "Content-Length past every integer": head(LOGIN, JSON, "Content-Length: " + "9" * 30),
    "Content-Length and chunks": head(
        LOGIN, JSON, "Content-Length: 2", "Transfer-Encoding: chunked"
    )
    + b"0\r\n\r\n",
    "chunks of nonsense": head(LOGIN, JSON, "Transfer-Encoding: chunked") + b"ZZ\r\n{}\r\n",
    "a chunk longer than the world": head(LOGIN, JSON, "Transfer-Encoding: chunked")
    + b"FFFFFFFFFFFFFFFFF\r\n{}\r\n",
    "gzip that is none": head(LOGIN, JSON, "Content-Encoding: gzip", "Content-Length: 5")
    + b"abcde",
    "an unknown encoding": head(LOGIN, JSON, "Content-Encoding: zip", "Content-Length: 2") + b"{}",
    "a content type of nonsense": head(LOGIN, b"Content-Type: ;;\xff", "Content-Length: 2")
    + b"{}",
    "an unknown character set": head(
        LOGIN, "Content-Type: application/json; charset=x", "Content-Length: 2"
    )
    + b"{}",
    "an expectation": head(LOGIN, JSON, "Expect: miracles", "Content-Length: 2") + b"{}",
    "a form": head(
        LOGIN, "Content-Type: multipart/form-data; boundary=a", "Content-Length: 4"
    )
    + b"--a-",
    "half a handshake": head("GET /api/live", "Upgrade: websocket", "Connection: Upgrade"),
    "a handshake of no version": head(
        "GET /api/live",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 99",
        "Sec-WebSocket-Key: x",
    ),
    "no webhook": head("POST /hooks/livekit", b"Authorization: \xff", "Content-Length: 2") + b"{}",
    "RoomService with 5 MB": head("POST /twirp/livekit.RoomService/X", "Content-Length: 5000000")
    + b"a" * 5_000_000,
}  # fmt: skip


@pytest.fixture
async def pages(house: House, tmp_path: Path) -> AsyncIterator[int]:
    """The port of the same house with pages built, beside a secret that is none of theirs."""
    root = tmp_path / "dist"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<title>Duikou</title>")
    (root / "assets" / "app-1.js").write_text("1")
    for folder in (tmp_path, root.parent / "data"):
        (folder / "secrets.json").write_text(SECRET)
    (root / "assets" / "out").symlink_to(tmp_path)
    async with TestServer(build_app(house.services, root)) as server:
        yield server.port


@SQLITE
async def test_odd_requests_are_refused(house: House, pages: int) -> None:
    statuses = {}
    for name, data in HEADS.items():
        statuses[name], _ = await wire(pages, data)
    # 0: the connection was closed without an answer, as RFC 9112 allows for what is no HTTP.
    bad = {name: status for name, status in statuses.items() if status >= 500 or 0 < status < 200}
    assert bad == {}
    served = [name for name, status in statuses.items() if status == 200]
    # Unknown addresses get the one page; logging out with a garbled cookie is logging out.
    assert set(served) <= {
        "cookie at log-out", "address of 5 KB", "folders 2,000 deep", "NUL in an address",
    }  # fmt: skip
    assert (await wire(pages, head("GET /healthz")))[0] == 200


PATHS = (
    "/../secrets.json", "/..%2fsecrets.json", "/..%2f..%2fsecrets.json", "/%2e%2e/secrets.json",
    "/assets/../../secrets.json", "/assets/..%2f..%2fsecrets.json", "/assets/%2e%2e/%2e%2e/secrets.json",
    "/assets/..%5c..%5csecrets.json", "/assets/out/secrets.json", "/assets/out/data/secrets.json",
    "//secrets.json", "/./../secrets.json", "/assets/..;/..;/secrets.json", "/%252e%252e/secrets.json",
    "{data}/secrets.json", "/%2f{data}/secrets.json", "/assets/{data}/secrets.json",
)  # fmt: skip


@SQLITE
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_pages_never_lead_out_of_their_folder(
    house: House, pages: int, tmp_path: Path, method: str
) -> None:
    for path in PATHS:
        where = path.replace("{data}", str(tmp_path / "data"))
        status, answer = await wire(pages, head(f"{method} {where}"))
        assert status in (200, 400, 404), path
        assert SECRET.encode() not in answer, path
        # HEAD would tell of a file by its length.
        assert f"Content-Length: {len(SECRET)}".encode() not in answer, path
    assert (await wire(pages, head("GET /assets/app-1.js")))[0] == 200


def nested(depth: int) -> Any:
    value: Any = "a"
    for _ in range(depth):
        value = {"question": value}
    return value


@SQLITE
async def test_bodies_out_of_proportion(house: House) -> None:
    doctor, lecturer = house.as_("rural_doctor"), house.as_("lecturer")
    lecture = {"title": "示例", "starts_at": "2026-12-01T00:00:00Z"}
    many = [house.world.agreement] * 10_000
    refused = [
        await lecturer.post("/api/lectures", {**lecture, "agreement_ids": many}),
        await lecturer.post("/api/lectures", {**lecture, "agreement_ids": nested(200)}),
        await doctor.post("/api/consults", consults.request_body(house, summary="长" * 100_000)),
        await doctor.post("/api/consults", nested(400)),
        await doctor.post("/api/patients", {str(number): 1 for number in range(10_000)}),
        await doctor.post("/api/patients", {"name": "a" * 81, "sex": "F"}),
        await doctor.request(
            "POST", "/api/patients", data=b'{"name":' + b"9" * 100_000 + b"}", headers=_json()
        ),
        await doctor.get("/api/consults?" + "&".join(["state=live"] * 3000)),
        await doctor.get("/api/patients?" + "&".join(f"a{number}=1" for number in range(4000))),
        await doctor.get("/api/patients?search=" + "a" * 50_000),
    ]
    assert {answer.status for answer in refused} == {422}
    assert all(len(answer.body) < 20_000 for answer in refused)


def _json() -> dict[str, str]:
    return {"Content-Type": "application/json"}


def _upload(house: House, read_id: str, *headers: str) -> bytes:
    line = f"PUT /api/reads/{read_id}/file"
    return head(line, bearer(house), "Content-Type: application/dicom", *headers)


def _attach(house: House, consult_id: str, *headers: str) -> bytes:
    line = f"POST /api/attachments?owner_type=consult&owner_id={consult_id}"
    return head(line, bearer(house), "Content-Type: application/dicom", *headers)


@SQLITE
async def test_uploads_that_break_off_leave_nothing(house: House) -> None:
    data, port = reads.ecg(), house.client.server.port
    read_id, consult_id = await reads.create(house), await consults.asked(house)
    before = reads.stored(house)
    whole = f"Content-Length: {len(data)}"
    chunked, chunk = "Transfer-Encoding: chunked", f"{len(data) - 1000:x}\r\n".encode()
    for start in (_upload(house, read_id, whole), _attach(house, consult_id, whole)):
        status, _ = await wire(port, start + data[:-1000], cut=True)
        assert status in (0, 400, 422)
    for start in (_upload(house, read_id, chunked), _attach(house, consult_id, chunked)):
        for cut in (chunk + data[:-1000], chunk + data[:-1000] + b"\r\nnonsense\r\n", b"5\r\nab"):
            status, _ = await wire(port, start + cut, cut=True)
            assert status in (0, 400, 422)
    # Longer than it said: the rest is another request, and none that makes sense.
    lying = _upload(house, read_id, "Content-Length: 100")
    assert (await wire(port, lying + data))[0] in (400, 422)
    assert (await house.as_("rural_doctor").get(f"/api/reads/{read_id}")).json[
        "state"
    ] == "uploading"
    assert (await reads.upload(house, read_id, b"", headers={"X": "y"})).status == 422
    assert reads.stored(house) == before


@SQLITE
async def test_a_line_that_falls_silent_is_given_up(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "IDLE_SECONDS", 0.05)
    monkeypatch.setattr(bodies, "WHOLE_SECONDS", 0.05)
    port = house.client.server.port
    read_id, consult_id = await reads.create(house), await consults.asked(house)
    before = reads.stored(house)
    long = "Content-Length: 1000"
    for start in (
        head(LOGIN, JSON, long),
        head("POST /hooks/livekit", "Authorization: a", long),
        _upload(house, read_id, long),
        _attach(house, consult_id, long),
    ):
        status, answer = await wire(port, start + b"{", whole=False)
        assert status == 422, answer[:200]
    assert reads.stored(house) == before


@SQLITE
async def test_a_trickle_ends_as_well(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "WHOLE_SECONDS", 0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", house.client.server.port)
    writer.write(head(LOGIN, JSON, "Content-Length: 100000"))
    answer = asyncio.create_task(reader.read(12))
    # Never silent for as long as the idle limit; the answer comes all the same.
    while not answer.done():
        writer.write(b" ")
        await asyncio.wait({answer}, timeout=0.02)
    assert (await answer) == b"HTTP/1.1 422"
    writer.close()


@SQLITE
@pytest.mark.parametrize(
    "first",
    ['{"token": "\\ud800"}', '{"token": "' + "a" * 7000 + '"}', "[" * 8000, "9" * 8000, "", "null"],
)
async def test_a_wrong_first_message_closes_the_live_socket(house: House, first: str) -> None:
    async with house.client.ws_connect("/api/live") as socket:
        await socket.send_str(first)
        message = await socket.receive(timeout=PATIENCE)
        assert (message.type, socket.close_code) == (WSMsgType.CLOSE, 4401)


@SQLITE
async def test_the_live_socket_is_not_for_talking(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house.client.ws_connect("/api/live") as socket:
        await socket.send_bytes(b"\x00" * 100)
        await socket.receive(timeout=PATIENCE)
        assert socket.close_code == 4401
    async with house.client.ws_connect("/api/live") as socket:
        await socket.send_str("a" * 100_000)
        await socket.receive(timeout=PATIENCE)
        assert socket.close_code == 1009
    async with house.client.ws_connect("/api/live") as socket:
        await socket.send_json({"token": house.as_("specialist").token})
        assert (await socket.receive_json(timeout=PATIENCE))["topic"] == "ready"
        for _ in range(1000):
            await socket.send_str("a" * 100)
        await socket.send_str("a" * 100_000)
        await socket.receive(timeout=PATIENCE)
        assert socket.close_code == 1009
    monkeypatch.setattr(live, "AUTH_TIMEOUT", 0.05)
    async with house.client.ws_connect("/api/live") as socket:
        await socket.receive(timeout=PATIENCE)
        assert socket.close_code == 4401
    assert not house.services.hub._subscribers


@SQLITE
async def test_forged_and_garbled_webhooks(house: House) -> None:
    real = json.dumps({"event": "room_finished", "id": "EV_1", "room": {"name": "con_x"}}).encode()
    good = signature(real)
    forged = [
        (real, ""),
        (real, "Bearer " + good),
        (real, "garbage"),
        (real + b" ", good),
        (real, signature(real, secret="another-secret-of-more-than-32-bytes!")),
        (real, signature(real, key="OTHER")),
        (real, signature(real, minutes=-5)),
        (real, good[:-3]),
        (b"", good),
    ]
    for body, authorization in forged:
        assert (await post_raw(house, body, authorization)).code == "webhook_refused", body
    garbled = (
        b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 50_000, b"{}", b'{"id": 5}', b'{"event": NaN}',
        b'{"event": "media_report", "id": "a", "room": {"name": "con_a"}}',
        b'{"event": "participant_joined", "id": "a", "room": []}',
        b'{"event": "participant_joined", "id": "\\ud800", "room": {"name": "x"}}',
        b'{"event": "participant_joined", "id": "a", "room": {"name": "' + b"a" * 500 + b'"}}',
    )  # fmt: skip
    for body in garbled:
        assert (await post_raw(house, body, signature(body))).code == "webhook_malformed", body
    large = b'{"a": "' + b"a" * 2_000_000 + b'"}'
    headers = {"Authorization": signature(large)}
    refused = await house.nobody().request(
        "POST", "/hooks/livekit", data=io.BytesIO(large), headers=headers
    )
    assert (refused.status, refused.code) == (413, "body_too_large")
    assert (await post_raw(house, real, good)).json == {"result": "ignored"}


@SQLITE
async def test_a_false_host_is_no_way_past_the_origin(house: House) -> None:
    port = house.client.server.port
    for host, origin in (
        ("localhost", "http://evil.example"),
        ("localhost", "null"),
        ("localhost", "http://localhost.evil.example"),
        ("localhost", "http://localhost@evil.example"),
        ("localhost", "http://evil.example#localhost"),
        ("localhost", "localhost"),
        ("localhost:80", "http://localhost:81"),
        ("evil.example", "http://localhost"),
    ):
        forwarded = ("X-Forwarded-Host: evil.example", "Forwarded: host=evil.example")
        start = head(
            "POST /api/auth/logout", f"Origin: {origin}", "Content-Length: 0", *forwarded, host=host
        )
        status, answer = await wire(port, start)
        assert (status, b"origin_refused" in answer) == (403, True), (host, origin)
    for site in ("cross-site", "same-site", "nonsense"):
        start = head("POST /api/auth/logout", f"Sec-Fetch-Site: {site}", "Content-Length: 0")
        assert (await wire(port, start))[0] == 403, site


@SQLITE
async def test_made_up_methods_are_counted_together(house: House) -> None:
    for name in ("PURGE", "BREW", "PROPFIND"):
        status, _ = await wire(house.client.server.port, head(f"{name} /api/me"))
        assert status in (400, 405)
    labels = {
        sample.labels.get("method") for family in REQUESTS.collect() for sample in family.samples
    }
    assert not labels & {"PURGE", "BREW", "PROPFIND"}


@SQLITE
@pytest.mark.parametrize(
    "fault",
    [
        OperationalError("SELECT 1", {}, ValueError("locked")),
        DatabaseTimeout("QueuePool limit"),
        ConnectionRefusedError(111, "refused"),
    ],
)
async def test_a_database_that_is_down_is_said_so(
    house: House, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    @contextlib.asynccontextmanager
    async def down() -> AsyncIterator[None]:
        raise fault
        yield

    monkeypatch.setattr(house.services.db, "read", down)
    answer = await house.as_("rural_doctor").get("/api/me")
    assert (answer.status, answer.code) == (503, "not_ready")
    assert answer.headers["Retry-After"] == "5"


@SQLITE
async def test_a_full_disk_is_said_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: Any, **__: Any) -> None:
        raise DiskFull(28, "No space left on device")

    read_id, consult_id = await reads.create(house), await consults.asked(house)
    monkeypatch.setattr(house.services.blobs, "quarantine", full)
    path = f"/api/attachments?owner_type=consult&owner_id={consult_id}"
    for answer in (
        await reads.upload(house, read_id, reads.ecg()),
        await house.as_("rural_doctor").request("POST", path, data=b"a"),
    ):
        assert (answer.status, answer.code) == (503, "not_ready")
