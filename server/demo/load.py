"""Loads the demo into a data folder, once; each piece is marked when it is whole, so a cut-off load goes on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import structlog
from sqlalchemy import select

from server.access import service as access
from server.app import build_services, close_services
from server.clock import SettableClock, local_date
from server.config import Config
from server.demo.people import ORGANISATIONS, PEOPLE, password_of
from server.pairing import service as pairing
from server.pairing.rules import ActivityKind
from server.services import Services
from storage.db import SYSTEM
from storage.tables.access import Organisation, Staff
from storage.tables.audit import AuditRow
from storage.tables.pairing import Agreement

log = structlog.get_logger("demo")

HISTORY = timedelta(weeks=6)
VERSION = 1
TARGETS = {
    "township": {
        ActivityKind.CONSULT: 60,
        ActivityKind.ECG_READ: 260,
        ActivityKind.LECTURE: 24,
        ActivityKind.WARD_ROUND: 12,
    },
    "county": {
        ActivityKind.CONSULT: 40,
        ActivityKind.ECG_READ: 120,
        ActivityKind.LECTURE: 24,
    },
}


class DemoAction(StrEnum):
    """Audit actions of the loader."""

    PIECE_LOADED = "demo:piece:load"


@dataclass(slots=True)
class Demo:
    """The world being filled: services on a clock that the loader sets, ids by the loader's short names."""

    services: Services
    clock: SettableClock
    began: datetime  # when the loading began: the demo's present
    organisations: dict[str, str] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)  # by recipient's short name
    loaded: set[str] = field(default_factory=set)

    async def piece(self, name: str, make: Callable[[], Awaitable[None]]) -> None:
        """Make a piece unless an earlier run finished it; mark it afterwards."""
        if name in self.loaded:
            return
        await make()
        async with self.services.db.write(SYSTEM) as tx:
            tx.audit(DemoAction.PIECE_LOADED, "demo", name)
        self.loaded.add(name)


def whole() -> str:
    """The mark of a completely loaded demo of this version."""
    return f"whole-{VERSION}"


async def marks(services: Services) -> set[str]:
    """The pieces that are loaded."""
    query = select(AuditRow.object_id).where(AuditRow.action == DemoAction.PIECE_LOADED)
    async with services.db.read() as session:
        return set((await session.execute(query)).scalars())


async def ensure(config: Config, stop: asyncio.Event) -> None:
    """Load what is missing of the demo. Opens the data folder itself: nobody else may have it open.

    `stop` ends the loading between two pieces.
    """
    clock = SettableClock(datetime.now(UTC))
    services = await build_services(config, clock)
    try:
        demo = Demo(services, clock, clock.now(), loaded=await marks(services))
        if whole() in demo.loaded:
            return
        started = time.monotonic()
        log.info("demo_loading")
        await services.readers.start()
        for make in (_people, _agreements, _past):
            if stop.is_set():
                return
            await make(demo)
        await demo.piece(whole(), _nothing)
        log.info("demo_loaded", seconds=round(time.monotonic() - started, 1))
    finally:
        await close_services(services)


async def _nothing() -> None:
    """A mark without work of its own."""


async def _find(demo: Demo) -> None:
    async with demo.services.db.read() as session:
        rows = (await session.execute(select(Organisation))).scalars()
        names = {one.name: one.short for one in ORGANISATIONS}
        demo.organisations = {names[row.name]: row.id for row in rows if row.name in names}
        known = {one.username for one in PEOPLE}
        people = (await session.execute(select(Staff))).scalars()
        demo.staff = {row.username: row for row in people if row.username in known}
        shorts = {value: key for key, value in demo.organisations.items()}
        agreements = (await session.execute(select(Agreement))).scalars()
        demo.agreements = {
            shorts[row.recipient_id]: row for row in agreements if row.recipient_id in shorts
        }


def _first_day(demo: Demo) -> date:
    """New Year's Day of the year in which the history begins."""
    begins = local_date(demo.began - HISTORY, demo.services.config.zone)
    return date(begins.year, 1, 1)


async def _people(demo: Demo) -> None:
    await _find(demo)
    demo.clock.at = demo.began - HISTORY - timedelta(days=30)
    for organisation in ORGANISATIONS:
        if organisation.short not in demo.organisations:
            made = await access.create_organisation(
                demo.services,
                SYSTEM,
                name=organisation.name,
                kind=organisation.kind,
                departments=organisation.departments,
                region="示例市",
                demo=True,
            )
            demo.organisations[organisation.short] = made.id
    password = password_of(demo.services.secrets.jwt)
    for number, person in enumerate(PEOPLE):
        # One second apart: the log-in page shows them in this order.
        demo.clock.at += timedelta(seconds=1)
        if person.username not in demo.staff:
            await access.create_staff(
                demo.services,
                SYSTEM,
                organisation_id=demo.organisations[person.organisation],
                username=person.username,
                password=password,
                name=person.name,
                roles=person.roles,
                department=person.department,
                title=person.title,
                licence=f"示例{number:06d}",
                practising_since=person.practising_since,
                demo=person.entrance,
            )
    await _find(demo)


async def _agreements(demo: Demo) -> None:
    first = _first_day(demo)
    this_year = local_date(demo.began, demo.services.config.zone).year
    for number, (recipient, targets) in enumerate(TARGETS.items(), start=1):
        if recipient not in demo.agreements:
            await pairing.create_agreement(
                demo.services,
                SYSTEM,
                number=f"示例对口〔{first.year}〕{number:02d}号",
                supporting_id=demo.organisations["city"],
                recipient_id=demo.organisations[recipient],
                authority_id=demo.organisations["authority"],
                programme="default",
                starts_on=first,
                ends_on=date(this_year + 1, 12, 31),
                departments=["心血管内科", "神经内科", "精神科"],
                headcount=2,
                liaison=demo.staff["coordinator"].name,
                filed_on=date(first.year, 2, 20),
            )
            await _find(demo)
        await _plans(demo, recipient, targets, range(first.year, this_year + 1))


async def _plans(
    demo: Demo, recipient: str, targets: dict[ActivityKind, int], years: range
) -> None:
    agreement = demo.agreements[recipient]
    planned = {plan.year for plan in agreement.plans}
    for year in years:
        if year not in planned:
            await pairing.create_plan(
                demo.services,
                SYSTEM,
                agreement_id=agreement.id,
                year=year,
                targets=targets,
                filed_on=date(year, 3, 5),
                accepted_on=date(year, 2, 26),
            )


async def _past(demo: Demo) -> None:
    """The weeks before today."""
    await _find(demo)
