"""Database access: one engine (two on SQLite), read sessions, and audited write transactions.

A write transaction carries its audit rows and the live events that follow its commit. A transaction that
changes rows without an audit row is a programming error and is rolled back (`UnauditedWrite`).
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import ORMExecuteState

from storage.ids import new_id
from storage.tables.audit import AuditRow

Now = Callable[[], datetime]


class UnauditedWrite(RuntimeError):
    """A transaction changed rows and named no audit action."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes: a person, the media server, or the system itself."""

    kind: str  # "staff" | "media" | "system"
    id: str | None = None
    organisation_id: str | None = None
    request_id: str | None = None


SYSTEM = Actor(kind="system")


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """Something changed; told to the open pages of the organisations or people concerned."""

    topic: str
    id: str
    organisations: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()


@dataclass(slots=True)
class Tx:
    """One write transaction. `session` is the ORM session; `audit` must be called at least once."""

    session: AsyncSession
    actor: Actor
    now: datetime
    audited: int = 0
    events: list[LiveEvent] = field(default_factory=list)
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    def audit(
        self,
        action: str,
        object_type: str,
        object_id: str,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Add the audit row. `details` holds ids and codes only, never patient data."""
        self.audited += 1
        self.session.add(
            AuditRow(
                id=new_id("aud"),
                at=self.now,
                actor_kind=self.actor.kind,
                actor_id=self.actor.id,
                organisation_id=self.actor.organisation_id,
                action=str(action),
                object_type=object_type,
                object_id=object_id,
                request_id=self.actor.request_id,
                details=dict(details or {}),
            )
        )

    def emit(
        self,
        topic: str,
        id: str,
        *,
        organisations: Iterable[str] = (),
        people: Iterable[str] = (),
    ) -> None:
        """Queue a live event for after the commit."""
        self.events.append(LiveEvent(topic, id, frozenset(organisations), frozenset(people)))


Publish = Callable[[LiveEvent], None]


def _watch_changes(session: AsyncSession) -> list[str]:
    """A list that becomes non-empty once the session writes, by flush or by statement."""
    changed: list[str] = []

    def after_flush(_session: object, context: object) -> None:
        changed.append("flush")

    def on_execute(state: ORMExecuteState) -> None:
        if state.is_insert or state.is_update or state.is_delete:
            changed.append("statement")

    event.listen(session.sync_session, "after_flush", after_flush)
    event.listen(session.sync_session, "do_orm_execute", on_execute)
    return changed


class Database:
    """The database behind a URL. SQLite gets WAL, full sync and a single queued writer."""

    def __init__(self, url: str, now: Now, publish: Publish = lambda event: None) -> None:
        self.url = url
        self._now = now
        self.publish = publish
        self._sqlite = make_url(url).get_backend_name() == "sqlite"
        self._reader = self._engine(immediate=False)
        self._writer = self._engine(immediate=True) if self._sqlite else self._reader
        self._read_sessions = async_sessionmaker(self._reader, expire_on_commit=False)
        self._write_sessions = async_sessionmaker(self._writer, expire_on_commit=False)

    @property
    def engine(self) -> AsyncEngine:
        """The engine for reading; tests count its statements."""
        return self._reader

    def _engine(self, *, immediate: bool) -> AsyncEngine:
        if not self._sqlite:
            return create_async_engine(
                self.url, pool_size=8, max_overflow=4, pool_pre_ping=True, hide_parameters=True
            )
        engine = create_async_engine(
            self.url,
            pool_size=1 if immediate else 4,
            max_overflow=0,
            pool_timeout=30,
            connect_args={"timeout": 15},
            hide_parameters=True,  # an error's text must not quote patients
        )

        def connect(connection: DBAPIConnection, _record: object) -> None:
            # SQLAlchemy's own BEGIN below replaces pysqlite's deferred, surprising one.
            connection.isolation_level = None
            cursor = connection.cursor()
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        def begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

        event.listen(engine.sync_engine, "connect", connect)
        event.listen(engine.sync_engine, "begin", begin)
        return engine

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for reading; nothing it changes is kept."""
        async with self._read_sessions() as session:
            try:
                yield session
            finally:
                session.expunge_all()  # what was read stays readable; a rollback would expire it
                await session.rollback()

    @contextlib.asynccontextmanager
    async def write(self, actor: Actor) -> AsyncIterator[Tx]:
        """A transaction that commits when the block ends well, and then publishes its events.

        Raises `UnauditedWrite` if rows changed and nobody called `tx.audit`.
        """
        async with self._write_sessions() as session:
            tx = Tx(session=session, actor=actor, now=self._now())
            changed = _watch_changes(session)
            try:
                yield tx
                await session.flush()
                if tx.audited == 0 and changed:
                    raise UnauditedWrite("a write transaction must name its audit action")
                await session.commit()
            except BaseException:
                await session.rollback()
                raise
        for callback in tx.after_commit:
            callback()
        for live in tx.events:
            self.publish(live)

    async def ping(self) -> None:
        """Raise if the database does not answer."""
        async with self.read() as session:
            await session.connection()
            await (await session.connection()).exec_driver_sql("SELECT 1")

    async def close(self) -> None:
        await self._reader.dispose()
        if self._writer is not self._reader:
            await self._writer.dispose()
