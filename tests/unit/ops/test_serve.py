"""`duikou serve` as a person runs it: real processes on free ports."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from server import serve
from server.config import Config
from server.secrets import Secrets

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
DUIKOU = [sys.executable, "-m", "server"]
FREE = ["--port=0", "--media-port=0", "--media-udp-port=0", "--https-port=0"]


def _environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DUIKOU_")}
    return {**kept, "DUIKOU_DATA": str(data), "DUIKOU_READERS": "1"}


class Served:
    """A running `duikou serve`; its log, line by line."""

    def __init__(self, process: asyncio.subprocess.Process, data: Path) -> None:
        self.process = process
        self.data = data
        self.seen: list[dict[str, Any]] = []

    async def event(self, name: str, **values: object) -> dict[str, Any]:
        """The next log line with this event and these values."""
        assert self.process.stderr is not None
        async with asyncio.timeout(60):
            while line := await self.process.stderr.readline():
                if not line.startswith(b"{"):
                    continue
                found: dict[str, Any] = json.loads(line)
                self.seen.append(found)
                if found["event"] == name and values.items() <= found.items():
                    return found
        raise AssertionError(f"no {name} {values} in the log")

    async def ready(self) -> str:
        """Wait for the banner on standard output; the address for programs."""
        assert self.process.stdout is not None
        async with asyncio.timeout(90):
            while b"is ready" not in (line := await self.process.stdout.readline()):
                assert line, "the server ended before it was ready"
        found = serve.running(self.data)
        assert found is not None
        return found.local_url


@asynccontextmanager
async def served(data: Path, *options: str) -> AsyncIterator[Served]:
    process = await asyncio.create_subprocess_exec(
        *DUIKOU,
        "serve",
        *FREE,
        *options,
        env=_environment(data),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=1 << 20,
    )
    try:
        yield Served(process, data)
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.communicate(), 60)


async def _run(data: Path, *arguments: str) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        *DUIKOU,
        *arguments,
        env=_environment(data),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, out.decode(), err.decode()


async def test_it_serves_heals_and_drains(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with served(data) as server, aiohttp.ClientSession() as http:
        media = (await server.event("child_started", child="media"))["pid"]
        api = (await server.event("child_started", child="api"))["pid"]
        url = await server.ready()
        async with http.get(url + "/healthz") as answer:
            assert answer.status == 200

        # A second server on the same folder is refused; the first does not notice.
        status, _, said = await _run(data, "serve", *FREE)
        assert status == 1
        assert "another" in said
        # Nor is there a demo to show.
        status, _, said = await _run(data, "demo", "--json")
        assert status == 1
        assert "--demo" in said

        os.kill(media, signal.SIGKILL)
        assert (await server.event("child_died", child="media"))["why"] == "signal SIGKILL"
        await server.event("child_started", child="media")
        os.kill(api, signal.SIGKILL)
        await server.event("child_died", child="api")
        # The port stays open meanwhile: the request waits for the new process.
        async with http.get(url + "/healthz") as answer:
            assert answer.status == 200
        await serve.wait_ready(url)

        server.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(server.process.wait(), 30) == 0
    assert serve.running(data) is None


async def test_lan_speaks_https_with_a_certificate_of_its_own(tmp_path: Path) -> None:
    async with served(tmp_path / "data", "--lan") as server:
        await server.ready()
        found = serve.running(tmp_path / "data")
        assert found is not None
        for url in found.lan_urls:
            assert url.startswith("https://")
        pem = tmp_path / "data" / "tls" / "self-signed.pem"
        port = (found.lan_urls or ("https://127.0.0.1:0",))[0].rpartition(":")[2]
        if port == "0":
            pytest.skip("this machine has no address but loopback")
        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=_trusting(pem))) as http,
            http.get(f"https://127.0.0.1:{port}/healthz") as answer,
        ):
            assert answer.status == 200


def _trusting(pem: Path) -> Any:
    import ssl

    context = ssl.create_default_context()
    context.load_verify_locations(cadata=pem.read_text().partition("-----END PRIVATE KEY-----")[2])
    return context


async def test_a_taken_port_is_named(tmp_path: Path) -> None:
    async with served(tmp_path / "one") as server:
        port = (await server.ready()).rpartition(":")[2]
        status, _, said = await _run(tmp_path / "two", "serve", f"--port={port}")
    assert status == 1
    assert port in said
    assert "DUIKOU_PORT" in said


def test_the_media_secret_is_never_an_argument(tmp_path: Path) -> None:
    secrets = Secrets(jwt="j", media_key="K", media_secret="very-secret")
    child = serve._media_child(Config(data=tmp_path), secrets)
    assert "very-secret" not in " ".join(child.command)
    assert child.environment["DUIKOU_MEDIA_SECRET"] == "very-secret"
    assert "--bind=127.0.0.1" in child.command
    assert "--advertise=127.0.0.1" in child.command


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("x.cn", False)],
)
def test_what_is_loopback(host: str, loopback: bool) -> None:
    assert serve.is_loopback(host) is loopback
