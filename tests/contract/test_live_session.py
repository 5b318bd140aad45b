"""Both planes together: the server's tokens, the media server's reports, real media between two clients."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from server.access import service as access
from server.access.authentication import person_of
from server.access.rules import OrganisationKind, Person, Role
from server.app import build_app, build_services, close_services
from server.config import Config
from server.pairing import service as pairing
from server.patients import service as patients
from server.services import Services
from server.sessions import consult_opinion, consult_service, consult_views, rooms
from server.sessions.consult_closing import report_outcome
from server.sessions.media import LiveKitMedia
from server.sessions.people import actor_of
from server.sessions.rules import ConsultState
from server.sessions.schemas import ConsultRequest, ConsultView, JoinQuery, Outcome
from storage.db import SYSTEM
from storage.tables.access import Staff
from storage.tables.evidence import ActivityEntryRow
from tests.media.clients import talker
from tests.media.conftest import KEY, SECRET, launch

pytestmark = [pytest.mark.media, pytest.mark.slow]


@dataclass
class Pair:
    """A house on the real clock beside a real media server, and the two sides of a consult."""

    services: Services
    media_url: str
    doctor: Person
    specialist: Person
    patient: str
    supporting: str


async def _staff(services: Services, organisation: str, role: Role) -> Person:
    made = await access.create_staff(
        services,
        SYSTEM,
        organisation_id=organisation,
        username=role.value,
        password="duikou-test-2026",
        name="示例",
        roles=[role],
    )
    async with services.db.read() as session:
        staff = await session.get(Staff, made.id)
        assert staff is not None
        return person_of(staff)


async def make_people(services: Services, media_url: str) -> Pair:
    kinds = {
        "city": OrganisationKind.CITY_HOSPITAL,
        "township": OrganisationKind.TOWNSHIP_CENTRE,
        "authority": OrganisationKind.AUTHORITY,
    }
    units = {
        name: (await access.create_organisation(services, SYSTEM, name=name, kind=kind)).id
        for name, kind in kinds.items()
    }
    today = services.clock.now().date()
    await pairing.create_agreement(
        services,
        SYSTEM,
        number="T-1",
        supporting_id=units["city"],
        recipient_id=units["township"],
        authority_id=units["authority"],
        programme="default",
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=30),
    )
    patient = await patients.create_patient(
        services,
        SYSTEM,
        organisation_id=units["township"],
        name="患者示例",
        sex="F",
        birth_date=None,
    )
    return Pair(
        services,
        media_url,
        await _staff(services, units["township"], Role.RURAL_DOCTOR),
        await _staff(services, units["city"], Role.SPECIALIST),
        patient.id,
        units["city"],
    )


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    config = Config(data=tmp_path / "data", media_key=KEY, media_secret=SECRET, port=0, readers=1)
    services = await build_services(config)
    async with TestClient(TestServer(build_app(services))) as client:
        hook = str(client.make_url("/hooks/livekit"))
        media = await asyncio.to_thread(
            launch, "--webhook-url", hook, "--spool", str(tmp_path / "spool")
        )
        await services.media.close()
        services.media = LiveKitMedia(media.http, KEY, SECRET)
        try:
            yield await make_people(services, media.url)
        finally:
            await asyncio.to_thread(media.stop)
    await close_services(services)


async def _until(look: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not await look():
            await asyncio.sleep(0.2)


async def make_scheduled(pair: Pair) -> str:
    services, doctor, specialist = pair.services, pair.doctor, pair.specialist
    body = ConsultRequest(
        patient_id=pair.patient,
        supporting_id=pair.supporting,
        summary="胸痛(示例)",
        question="是否转诊?",
        submit=True,
    )
    consult = await consult_service.create(services, doctor, actor_of(doctor), body)
    await consult_service.accept(
        services,
        specialist,
        actor_of(specialist),
        consult.id,
        starts_at=services.clock.now(),
        minutes=30,
    )
    return consult.id


async def _shown(pair: Pair, consult_id: str) -> ConsultView:
    return await consult_views.show(pair.services, pair.specialist, consult_id)


async def test_seconds_of_real_media_become_verified_seconds(pair: Pair) -> None:
    services = pair.services
    consult_id = await make_scheduled(pair)
    seats = [
        await rooms.join_consult(
            services, person, actor_of(person), consult_id, JoinQuery(device="device")
        )
        for person in (pair.doctor, pair.specialist)
    ]

    async def both_verified() -> bool:
        shown = await _shown(pair, consult_id)
        return len(shown.attendance) == 2 and all(
            row.verified_seconds >= 5 for row in shown.attendance
        )

    began = services.clock.now()
    async with (
        talker(pair.media_url, seats[0].token, video=False),
        talker(pair.media_url, seats[1].token, video=False),
    ):
        await _until(both_verified)
        specialist = actor_of(pair.specialist)
        await consult_service.end(services, pair.specialist, specialist, consult_id)

    async def all_told() -> bool:
        return all(row.last_left_at for row in (await _shown(pair, consult_id)).attendance)

    await _until(all_told)
    lived = (services.clock.now() - began).total_seconds() + 2
    shown = await _shown(pair, consult_id)
    assert shown.state is ConsultState.OPINION_DRAFT
    assert {row.role for row in shown.attendance} == {"requester", "specialist"}
    assert all(5 <= row.verified_seconds <= lived for row in shown.attendance)
    await consult_opinion.sign(services, pair.specialist, specialist, consult_id, "意见(示例)", "")
    await report_outcome(services, pair.doctor, actor_of(pair.doctor), consult_id, Outcome.ADOPTED)
    async with services.db.read() as session:
        query = select(ActivityEntryRow).where(ActivityEntryRow.subject_id == consult_id)
        entry = json.loads((await session.execute(query)).scalar_one().canonical)
    # It happened, and it was too short to count: both are in the entry.
    assert entry["reasons"] == ["too_short"]
    assert entry["facts"]["shared_seconds"] >= 5
    names = {item["name"] for item in entry["evidence"]}
    assert names == {"attendance.json", "media-reports.ndjson", "opinion.json"}
