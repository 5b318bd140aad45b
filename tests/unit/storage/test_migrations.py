"""The migrations build exactly the tables that the code declares, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from storage.ids import new_id
from storage.migrate import upgrade
from storage.tables import Base
from tests import postgres


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Base.metadata))


async def _check(url: str) -> None:
    await upgrade(url)
    await upgrade(url)  # every start does it again
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
    await engine.dispose()


async def test_on_sqlite(tmp_path: Path) -> None:
    await _check(f"sqlite+aiosqlite:///{tmp_path / 'a folder' / 'new.db'}")


async def test_on_postgresql(request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue("postgres_server")
    name = new_id("mig")
    await postgres.execute(server, f"CREATE DATABASE {name}")
    await _check(f"{server}/{name}")
