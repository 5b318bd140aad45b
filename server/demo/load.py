"""Loads the demo into a data folder, once. Each piece is marked when it is whole, so a cut-off load goes on."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import structlog

from server.access import service as access
from server.app import build_services, close_services
from server.clock import SettableClock, local_date
from server.config import Config
from server.demo.past import stories
from server.demo.people import ORGANISATIONS, PEOPLE, REGION, password_of
from server.demo.stage import Stage
from server.pairing import service as pairing
from server.pairing.rules import ActivityKind
from server.services import Services
from server.sessions.media import LiveKitMedia
from storage.db import SYSTEM

log = structlog.get_logger("demo")

HISTORY = timedelta(weeks=7)
WHOLE = "whole-1"
"""The mark of a completely loaded demo; a new number loads what a new version adds."""
TARGETS = {
    "township": {
        ActivityKind.CONSULT: 14,
        ActivityKind.ECG_READ: 24,
        ActivityKind.LECTURE: 6,
        ActivityKind.WARD_ROUND: 2,
    },
    "county": {
        ActivityKind.CONSULT: 6,
        ActivityKind.ECG_READ: 8,
        ActivityKind.LECTURE: 6,
    },
}


class EmptyRooms(LiveKitMedia):
    """No media server: nobody is in the rooms of the past, so there is nobody to send out."""

    async def close_room(self, room: str) -> None:
        """Nothing to close."""


async def is_loaded(services: Services) -> bool:
    """Whether the whole demo is there."""
    stage = Stage(services, services.clock.now())
    await stage.find()
    return WHOLE in stage.loaded


async def ensure(config: Config) -> None:
    """Load what is missing of the demo. Opens the data folder itself: nobody else may have it open."""
    clock = SettableClock(datetime.now(UTC))
    services = await build_services(config, clock)
    try:
        stage = Stage(services, clock.now(), clock)
        await stage.find()
        if WHOLE in stage.loaded:
            return
        started = time.monotonic()
        log.info("demo_loading")
        await services.media.close()
        services.media = EmptyRooms("http://127.0.0.1:1", "none", "none")
        await services.readers.start()
        await _people(stage)
        await _agreements(stage)
        await stage.play(stories(stage))
        clock.at = stage.began
        await stage.mark(WHOLE)
        log.info("demo_loaded", seconds=round(time.monotonic() - started, 1))
    finally:
        await close_services(services)


def _first_day(stage: Stage) -> date:
    """New Year's Day of the year in which the history begins."""
    return date(local_date(stage.began - HISTORY, stage.zone).year, 1, 1)


async def _people(stage: Stage) -> None:
    assert stage.clock is not None
    stage.clock.at = stage.began - HISTORY - timedelta(days=30)
    for organisation in ORGANISATIONS:
        if organisation.short not in stage.organisations:
            made = await access.create_organisation(
                stage.services,
                SYSTEM,
                name=organisation.name,
                kind=organisation.kind,
                departments=organisation.departments,
                region=REGION,
                demo=True,
            )
            stage.organisations[organisation.short] = made.id
    password = password_of(stage.services.secrets.jwt)
    for number, person in enumerate(PEOPLE, start=1):
        # One second apart: the log-in page shows them in this order.
        stage.clock.at += timedelta(seconds=1)
        if person.username not in stage.staff:
            await access.create_staff(
                stage.services,
                SYSTEM,
                organisation_id=stage.organisations[person.organisation],
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
    await stage.find()


async def _agreements(stage: Stage) -> None:
    first = _first_day(stage)
    this_year = local_date(stage.began, stage.zone).year
    for number, (recipient, targets) in enumerate(TARGETS.items(), start=1):
        if recipient not in stage.agreements:
            await pairing.create_agreement(
                stage.services,
                SYSTEM,
                number=f"示例对口〔{first.year}〕{number:02d}号",
                supporting_id=stage.organisations["city"],
                recipient_id=stage.organisations[recipient],
                authority_id=stage.organisations["authority"],
                programme="default",
                starts_on=first,
                ends_on=date(this_year + 1, 12, 31),
                departments=["心血管内科", "神经内科", "精神科"],
                headcount=2,
                liaison=stage.staff["coordinator"].name,
                filed_on=date(first.year, 2, 20),
            )
            await stage.find()
        await _plans(stage, recipient, targets, range(first.year, this_year + 1))
    await stage.find()


async def _plans(
    stage: Stage, recipient: str, targets: dict[ActivityKind, int], years: range
) -> None:
    agreement = stage.agreements[recipient]
    planned = {plan.year for plan in agreement.plans}
    for year in years:
        if year not in planned:
            await pairing.create_plan(
                stage.services,
                SYSTEM,
                agreement_id=agreement.id,
                year=year,
                targets=targets,
                filed_on=date(year, 3, 5),
                accepted_on=date(year, 2, 26),
            )
