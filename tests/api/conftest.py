"""Fixtures of the API tests: a whole house on a real database, people to log in as, recorded calls.

`house` comes on SQLite always and on PostgreSQL where it is installed. Each test gets its own copy of a
database that was filled once through the real services (`tests.api.people`).
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from server.access.authentication import issue_access_token
from server.app import build_app, build_services, close_services
from server.clock import SettableClock
from server.config import Config
from server.services import Services
from server.sessions.media import LiveKitMedia, MediaUnavailable, Seat
from server.sessions.room_rules import TrackKind
from storage.ids import new_id
from storage.readers import PoolHealth, ReaderPool
from tests import postgres
from tests.api.people import START, World, make_world
from tests.api.studio import FakeStudio
from tests.coverage_of_routes import record

KEY, SECRET = "DKtest", "a-test-secret-of-more-than-thirty-two-bytes"


class FakeMedia(LiveKitMedia):
    """Real tokens and real webhook checks; RoomService calls are noted instead of sent."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:1", KEY, SECRET)
        self.calls: list[tuple[str, Any]] = []
        self.down = False
        self.sending: set[str] = set()  # identities that have something to mute

    def _note(self, name: str, value: Any) -> None:
        if self.down:
            raise MediaUnavailable("down")
        self.calls.append((name, value))

    async def open_room(
        self, room: str, *, metadata: Mapping[str, Any], empty_timeout: int
    ) -> None:
        self._note("open_room", (room, dict(metadata)))

    async def close_room(self, room: str) -> None:
        self._note("close_room", room)

    async def remove(self, room: str, identity: str) -> None:
        self._note("remove", (room, identity))

    async def update(self, room: str, seat: Seat) -> None:
        self._note("update", (room, seat))

    async def show(self, room: str, identity: str, attributes: Mapping[str, str]) -> None:
        self._note("show", (room, identity, dict(attributes)))

    async def mute(self, room: str, identity: str, kind: TrackKind) -> bool:
        self._note("mute", (room, identity, kind))
        return identity in self.sending

    async def tell(self, room: str, identities: Sequence[str], notice: Mapping[str, Any]) -> None:
        self._note("tell", (room, list(identities), dict(notice)))

    async def describe(self, room: str, metadata: Mapping[str, Any]) -> None:
        self._note("describe", (room, dict(metadata)))

    async def ping(self) -> None:
        self._note("ping", None)


class WaitingReaders(ReaderPool):
    """The real pool, whose processes start with the first file: most tests bring none."""

    async def start(self) -> None:
        """Nothing yet."""

    def health(self) -> PoolHealth:
        return replace(super().health(), ready=True)

    async def _ask(self, kind: str, path: Path, *, fresh: bool = False) -> bytes:
        await super().start()
        return await super()._ask(kind, path, fresh=fresh)


@dataclass
class Answer:
    """One HTTP answer, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The stable code of a problem document."""
        assert self.headers["Content-Type"].startswith("application/problem+json"), self.body[:200]
        return str(self.json["code"])


@dataclass
class Caller:
    """One person's HTTP client: `await caller.get("/api/…")`."""

    client: TestClient[Any, Any]
    token: str | None

    async def request(self, method: str, path: str, **options: Any) -> Answer:
        headers = dict(options.pop("headers", {}))
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        response: ClientResponse = await self.client.request(
            method, path, headers=headers, **options
        )
        body = await response.read()
        record(method, path.split("?")[0], response.status)
        assert response.status < 500 or response.status == 503, body[:500]
        return Answer(response.status, response.headers, body)

    async def get(self, path: str, **options: Any) -> Answer:
        return await self.request("GET", path, **options)

    async def post(self, path: str, body: Any = None, **options: Any) -> Answer:
        if body is not None:
            options["json"] = body
        return await self.request("POST", path, **options)

    async def put(self, path: str, body: Any = None, **options: Any) -> Answer:
        if body is not None:
            options["json"] = body
        return await self.request("PUT", path, **options)

    async def patch(self, path: str, body: Any = None, **options: Any) -> Answer:
        if body is not None:
            options["json"] = body
        return await self.request("PATCH", path, **options)

    async def delete(self, path: str, **options: Any) -> Answer:
        return await self.request("DELETE", path, **options)


@dataclass
class House:
    """A running application with its parts in reach."""

    services: Services
    clock: SettableClock
    media: FakeMedia
    world: World
    data: Path
    client: TestClient[Any, Any]
    studio: FakeStudio
    extra: dict[str, Any] = field(default_factory=dict)

    def as_(self, username: str) -> Caller:
        """A caller logged in as a person of `tests.api.people.STAFF`; the token is good now."""
        staff_id = self.world.staff[username]
        token = issue_access_token(self.services.secrets.jwt, staff_id, self.clock.now())
        return Caller(self.client, token)

    def nobody(self, token: str | None = None) -> Caller:
        return Caller(self.client, token)


def _config(data: Path, url: str) -> Config:
    return Config(
        data=data,
        database_url=url,
        media_key=KEY,
        media_secret=SECRET,
        demo=True,
        readers=1,
        port=0,
    )


async def _fill(data: Path, url: str) -> World:
    services = await build_services(_config(data, url), SettableClock(START))
    try:
        return await make_world(services)
    finally:
        await close_services(services)


def _run(coroutine: Coroutine[Any, Any, World]) -> World:
    """Run in a thread with a loop of its own: session fixtures may be asked for inside a test's loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result(timeout=120)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """A filled data folder to copy."""
    folder = tmp_path_factory.mktemp("template") / "data"
    world = _run(_fill(folder, ""))
    return folder, world


@pytest.fixture(scope="session")
def postgres_template(
    postgres_server: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, str, Path, World]:
    """A filled database, put back before each test, and the data folder that belongs to it."""
    folder = tmp_path_factory.mktemp("template-pg") / "data"

    name = new_id("house")

    async def fill() -> World:
        await postgres.execute(postgres_server, f"CREATE DATABASE {name}")
        world = await _fill(folder, f"{postgres_server}/{name}")
        await postgres.keep_contents(postgres_server, name)
        return world

    return postgres_server, name, folder, _run(fill())


@pytest.fixture(params=["sqlite", "postgresql"])
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """The application on its own database copy, at `START`, with the media server faked."""
    data, url = tmp_path / "data", ""
    if request.param == "sqlite":
        template, world = request.getfixturevalue("sqlite_template")
    else:
        server, name, template, world = request.getfixturevalue("postgres_template")
        await postgres.put_contents_back(server, name)
        url = f"{server}/{name}"
    shutil.copytree(template, data)
    clock = SettableClock(START)
    services = await build_services(_config(data, url), clock)
    await services.media.close()
    media = FakeMedia()
    services.media = media
    studio = FakeStudio()
    services.studio = studio
    services.readers = WaitingReaders(1)
    async with TestClient(TestServer(build_app(services))) as client:
        yield House(services, clock, media, world, data, client, studio)
    await close_services(services)
