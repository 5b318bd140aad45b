"""Write transactions: audited or rolled back, events only after the commit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from storage.db import SYSTEM, Database, LiveEvent, UnauditedWrite
from storage.migrate import upgrade
from storage.tables.access import Organisation
from storage.tables.audit import AuditRow

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[tuple[Database, list[LiveEvent]]]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    await upgrade(url)
    events: list[LiveEvent] = []
    database = Database(url, lambda: NOW, events.append)
    yield database, events
    await database.close()


def _organisation(name: str) -> Organisation:
    return Organisation(id=f"org_{name}", name=name, kind="authority", zone="UTC", created_at=NOW)


async def _count(database: Database, table: type[Organisation] | type[AuditRow]) -> int:
    async with database.read() as session:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()


async def test_a_write_leaves_its_audit_row_and_then_tells(
    database: tuple[Database, list[LiveEvent]],
) -> None:
    db, events = database
    async with db.write(SYSTEM) as tx:
        tx.session.add(_organisation("a"))
        tx.audit("access:organisation:create", "organisation", "org_a")
        tx.emit("organisations", "org_a", organisations={"org_a"})
        assert events == []
    assert [event.id for event in events] == ["org_a"]
    assert (await _count(db, Organisation), await _count(db, AuditRow)) == (1, 1)


async def test_an_unaudited_insert_is_rolled_back(
    database: tuple[Database, list[LiveEvent]],
) -> None:
    db, _ = database
    with pytest.raises(UnauditedWrite):
        async with db.write(SYSTEM) as tx:
            tx.session.add(_organisation("a"))
    assert await _count(db, Organisation) == 0


async def test_an_unaudited_statement_is_rolled_back(
    database: tuple[Database, list[LiveEvent]],
) -> None:
    db, _ = database
    with pytest.raises(UnauditedWrite):
        async with db.write(SYSTEM) as tx:
            await tx.session.execute(update(Organisation).values(name="b"))


async def test_a_failing_block_keeps_nothing_and_tells_nobody(
    database: tuple[Database, list[LiveEvent]],
) -> None:
    db, events = database
    with pytest.raises(ZeroDivisionError):
        async with db.write(SYSTEM) as tx:
            tx.session.add(_organisation("a"))
            tx.audit("access:organisation:create", "organisation", "org_a")
            tx.emit("organisations", "org_a")
            raise ZeroDivisionError
    assert (await _count(db, Organisation), await _count(db, AuditRow), events) == (0, 0, [])


async def test_a_naive_time_cannot_be_stored(database: tuple[Database, list[LiveEvent]]) -> None:
    db, _ = database
    with pytest.raises(Exception, match="naive"):
        async with db.write(SYSTEM) as tx:
            row = _organisation("a")
            row.created_at = datetime(2026, 1, 1)
            tx.session.add(row)
            tx.audit("access:organisation:create", "organisation", "org_a")
