"""kill -9 of the media process and of the server in a live consult: one session, every report applied once, in
order, at most a few seconds lost, and those marked (TRUST rows 11 and 12). `CRASH_SEEDS=20` makes the run longer."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select

from server import serve
from server.access.authentication import issue_access_token
from server.app import build_services, close_services
from server.config import Config
from server.secrets import load_secrets
from server.services import Services
from server.sessions import consult_opinion, consult_service
from server.sessions.consult_closing import report_outcome
from server.sessions.intervals import seconds
from server.sessions.people import actor_of
from server.sessions.schemas import Outcome
from signaling.transport.dtls import Identity
from storage.disk import Disk
from storage.tables.evidence import ActivityEntryRow
from storage.tables.sessions import Consult, MediaReport, SessionAttendance, SessionPresence
from tests.contract.test_live_session import Pair, make_people, make_scheduled
from tests.media.churn import Person as Client

pytestmark = [pytest.mark.media, pytest.mark.slow, pytest.mark.timeout(240)]
# The journal is written every second; a kill falls in between, and a whole second may be open.
MAY_LOSE = 3


@dataclass
class House:
    """A running `duikou serve` on a data folder, and who is in its consult."""

    config: Config
    log: Path
    url: str
    pair: Pair
    consult: str
    identity: Identity = field(default_factory=Identity)
    clients: list[Client] = field(default_factory=list)

    def pid(self, child: str) -> int:
        """The process of a child as it last was started."""
        found = re.findall(rf'"child": "{child}", "pid": (\d+)', self.log.read_text())
        return int(found[-1])

    async def kill(self, child: str) -> float:
        pid = self.pid(child)
        os.kill(pid, signal.SIGKILL)
        killed = time.time()
        await until(lambda: self.pid(child) != pid)
        return killed

    async def seat(self, who: int) -> str:
        """A person's token for the room, from the server."""
        person = (self.pair.doctor, self.pair.specialist)[who]
        secret = load_secrets(self.config, Disk(self.config.data)).jwt
        token = issue_access_token(secret, person.id, self.pair.services.clock.now())
        headers = {"Authorization": f"Bearer {token}"}
        address = f"{self.url}/api/consults/{self.consult}/join?device=one"
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(address) as answer,
        ):
            assert answer.status == 200, await answer.text()
            return str((await answer.json())["token"])

    async def enter(self) -> None:
        """Both come in, or come back in, and hear each other."""
        for who in (0, 1):
            self.clients.append(await retried(lambda who=who: self._enter(who)))
        await self.hear()

    async def _enter(self, who: int) -> Client:
        client = Client(self.url, await self.seat(who), self.identity, patience=30)
        try:
            await client.join()
            await client.publish()
        except BaseException:
            await client.close()
            raise
        return client

    async def hear(self) -> None:
        before = [client.subscriber.packets for client in self.clients]
        await until(
            lambda: all(
                client.subscriber.packets > count + 50
                for client, count in zip(self.clients, before, strict=True)
            )
        )

    async def out(self, *, politely: bool) -> None:
        clients, self.clients = self.clients, []
        for client in clients:
            if politely:
                await client.leave()
            await client.close()


async def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.05)


async def retried(work: Callable[[], Awaitable[Client]]) -> Client:
    """Tried again while the house is coming back."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await work()
            except (OSError, AssertionError, aiohttp.ClientError, TimeoutError):
                await asyncio.sleep(0.2)


async def build(data: Path) -> tuple[Config, Pair, str]:
    """A data folder with a consult arranged for now."""
    config = Config(data=data, port=0, media_port=0, media_udp_port=0, readers=1)
    services = await build_services(config)
    try:
        pair = await make_people(services, "")
        return config, pair, await make_scheduled(pair)
    finally:
        await close_services(services)


@contextmanager
def served(config: Config, log: Path) -> Iterator[str]:
    """`duikou serve` on free ports, in processes of its own; its address."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DUIKOU_")}
    environment = {**kept, "DUIKOU_DATA": str(config.data), "DUIKOU_READERS": "1"}
    command = [sys.executable, "-m", "server", "serve", "--port=0", "--media-port=0"]
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, "--media-udp-port=0"], env=environment, stdout=subprocess.PIPE, stderr=out, text=True
        )  # fmt: skip
    try:
        assert process.stdout is not None
        assert any("is ready" in line for line in process.stdout), log.read_text()[-2000:]
        found = serve.running(config.data)
        assert found is not None
        yield found.local_url
    finally:
        process.terminate()
        process.communicate(timeout=60)


async def _spool_empty(config: Config) -> None:
    spool = config.data / "spool"
    await until(lambda: not list(spool.rglob("*.json")))


async def _close(services: Services, pair: Pair, consult_id: str) -> None:
    specialist, doctor = actor_of(pair.specialist), actor_of(pair.doctor)
    await consult_service.end(services, pair.specialist, specialist, consult_id)
    await consult_opinion.sign(services, pair.specialist, specialist, consult_id, "意见(示例)", "")
    await report_outcome(services, pair.doctor, doctor, consult_id, Outcome.ADOPTED)


async def _check(
    services: Services, consult_id: str, media_kills: list[float], lived: float
) -> None:
    async with services.db.read() as session:
        reports = (await session.execute(select(MediaReport))).scalars().all()
        stays = (await session.execute(select(SessionPresence))).scalars().all()
        rows = (await session.execute(select(SessionAttendance))).scalars().all()
        entries = (await session.execute(select(ActivityEntryRow))).scalars().all()
    assert {report.session_id for report in reports} == {consult_id}
    assert len(stays) == 2 * (len(media_kills) + 1)
    assert all(stay.joined_at and stay.left_at for stay in stays)
    cut = [stay.left_at.timestamp() for stay in stays if stay.cut and stay.left_at]
    for killed in media_kills:
        assert sum(killed - MAY_LOSE <= left <= killed for left in cut) == 2
    told = 0
    for stay in stays:
        # As they were applied: the windows of one stay follow each other, without a hole and without overlap.
        windows = [r for r in reports if r.participant_sid == stay.participant_sid]
        windows.sort(key=lambda r: r.received_at)
        assert stay.joined_at is not None
        assert stay.left_at is not None
        at = int(stay.joined_at.timestamp())
        for window in windows:
            assert window.from_second == at
            at = window.to_second
            told += window.to_second - window.from_second
        assert at == int(stay.left_at.timestamp())
    assert len(rows) == 2
    for row in rows:
        # Media flowed nearly all the time that was told of; no second counts twice.
        assert seconds(row.sent) <= lived + 1
    assert sum(seconds(row.sent) for row in rows) >= told - 3 * len(stays)
    assert len(entries) == 1
    facts = json.loads(entries[0].canonical)["facts"]
    assert 0 < facts["interrupted_seconds"] < lived


@pytest.mark.parametrize("seed", range(1, 1 + int(os.environ.get("CRASH_SEEDS", "1"))))
async def test_killed_processes_lose_no_report_and_double_no_second(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    config, pair, consult_id = await build(tmp_path / "data")
    log = tmp_path / "serve.log"
    media_kills: list[float] = []
    with served(config, log) as url:
        house = House(config, log, url, pair, consult_id)
        began = time.time()
        await house.enter()
        order = ["media", "api", "media"]
        chance.shuffle(order)
        for child in order:
            began_round, pause = time.monotonic(), chance.uniform(1.5, 4)
            await until(lambda: time.monotonic() > began_round + pause)  # noqa: B023
            killed = await house.kill(child)
            if child == "media":
                media_kills.append(killed)
                await house.out(politely=False)
                await house.enter()
            await house.hear()  # over the killed server, the media go on uninterrupted
        await _spool_empty(config)
        await house.out(politely=True)
        lived = time.time() - began
        await _spool_empty(config)
    services = await build_services(config)
    try:
        async with services.db.read() as session:
            consult = await session.get(Consult, consult_id)
            assert consult is not None
            assert consult.state == "live"  # nobody pressed "end", and no crash did
        await _close(services, pair, consult_id)
        await _check(services, consult_id, media_kills, lived)
    finally:
        await close_services(services)
