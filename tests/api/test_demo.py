"""The demo: loaded once, through the real services; its present is kept alive."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from server.access import service as access
from server.app import build_services, close_services
from server.clock import SettableClock
from server.config import Config
from server.demo import command, load, refresh
from server.demo.people import MARK, ORGANISATIONS, PEOPLE
from server.demo.stage import case
from server.evidence import export, verifier
from server.reads.rules import ReadState
from server.services import Services
from server.sessions.rules import ConsultState, LectureState
from storage.db import SYSTEM
from storage.tables.evidence import ActivityEntryRow
from storage.tables.patients import Patient
from storage.tables.reads import ReadRequest
from storage.tables.sessions import Consult, Lecture

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return Config(data=tmp_path_factory.mktemp("demo") / "data", demo=True, readers=1)


async def _open(config: Config, at: datetime) -> tuple[Services, SettableClock]:
    clock = SettableClock(at)
    services = await build_services(config, clock)
    services.media = load.EmptyRooms("http://127.0.0.1:1", "k", "s" * 32)
    await services.readers.start()
    return services, clock


async def _states(services: Services) -> dict[str, Counter[str]]:
    found = {}
    async with services.db.read() as session:
        for table in (Consult, ReadRequest, Lecture):
            states = (await session.execute(select(table.state))).scalars()
            found[table.__tablename__] = Counter(states)
    return found


async def test_it_is_loaded_once_and_every_entry_is_proved(config: Config, tmp_path: Path) -> None:
    shown = await command.ensure_loaded(config)
    services, _ = await _open(config, datetime.now(UTC))
    try:
        async with services.db.read() as session:
            entries = list((await session.execute(select(ActivityEntryRow))).scalars())
            people = list((await session.execute(select(Patient.name))).scalars())
        kinds = Counter(row.kind for row in entries)
        assert set(kinds) == {"consult", "ecg_read", "lecture"}
        assert all(row.demo and row.ledger_index is not None for row in entries)
        in_log = sorted(entries, key=lambda row: row.ledger_index or 0)
        assert [row.recorded_at for row in in_log] == sorted(row.recorded_at for row in entries)
        reasons = {code for row in entries for code in row.reasons}
        assert {"no_media", "one_side_only", "too_short", "late"} <= reasons
        assert all(name.endswith(MARK) for name in people)

        account = next(one for one in shown.accounts if one.username == "rural.doctor")
        login = await access.log_in(services, account.username, account.password, SYSTEM)
        assert login.staff.name == account.name
        before = await _states(services)
    finally:
        await close_services(services)

    pack = tmp_path / "pack.zip"
    assert await export.export(config, "all", pack) == len(entries)
    assert verifier.main([str(pack)]) == 0

    # Loading again changes nothing.
    again = await command.ensure_loaded(config)
    assert again == shown
    services, _ = await _open(config, datetime.now(UTC))
    try:
        assert await _states(services) == before
    finally:
        await close_services(services)


async def test_the_present_is_kept_alive(config: Config) -> None:
    await command.ensure_loaded(config)
    services, clock = await _open(config, datetime.now(UTC))
    try:
        await refresh.once(services)
        first = await _states(services)
        await refresh.once(services)
        assert await _states(services) == first
        assert first["consults"][ConsultState.SCHEDULED] == 1
        assert first["consults"][ConsultState.SUBMITTED] == 1
        assert first["read_requests"][ReadState.QUEUED] == 3
        assert first["read_requests"][ReadState.CLAIMED] == 1
        assert first["lectures"][LectureState.OPEN] == 1

        clock.at += timedelta(hours=5)
        await refresh.once(services)
        later = await _states(services)
        for table, state in (
            ("consults", ConsultState.SCHEDULED),
            ("consults", ConsultState.SUBMITTED),
            ("read_requests", ReadState.QUEUED),
            ("lectures", LectureState.OPEN),
        ):
            assert later[table][state] == first[table][state], (table, state)
        assert later["lectures"][LectureState.CANCELLED] == 1
    finally:
        await close_services(services)


async def test_without_the_demos_people_nothing_is_made(tmp_path: Path) -> None:
    config = Config(data=tmp_path / "data", demo=True, readers=1)
    services, _ = await _open(config, datetime.now(UTC))
    try:
        await refresh.once(services)
        assert (await _states(services))["consults"] == Counter()
    finally:
        await close_services(services)


def test_the_accounts_are_a_stable_document(tmp_path: Path) -> None:
    config = Config(data=tmp_path / "data", demo=True)
    shown = command.Shown("http://localhost:8080", command.accounts(config))
    document = json.loads(json.dumps(shown.document()))
    assert document == command.Shown(shown.url, command.accounts(config)).document()
    assert all(set(one) == {"role", "username", "password", "name"} for one in document["accounts"])
    roles = {one["role"] for one in document["accounts"]}
    assert {"rural_doctor", "specialist", "lecturer", "learner", "assessor", "authority"} <= roles


def test_everybody_is_openly_invented() -> None:
    assert all(one.name.endswith(MARK) for one in (*PEOPLE, *ORGANISATIONS))
    cases = [case(number, datetime.now(UTC).date()) for number in range(300)]
    assert all(one.name.endswith(MARK) for one in cases)
    assert len({one.local_no for one in cases}) == len(cases)
