"""The stage: the services on a clock that the loader sets, and who plays on it."""

from __future__ import annotations

import heapq
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from io import BytesIO
from typing import Protocol
from zoneinfo import ZoneInfo

from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.uid import generate_uid
from sqlalchemy import select

from server.access.authentication import person_of
from server.access.rules import Person
from server.clock import SettableClock
from server.demo.people import MARK, ORGANISATIONS, PEOPLE
from server.patients import service as patients
from server.services import Services
from storage.db import SYSTEM, Actor
from storage.tables.access import Organisation, Staff
from storage.tables.audit import AuditRow
from storage.tables.pairing import Agreement
from storage.tables.patients import Patient

Steps = AsyncIterator[datetime]
"""A story: does a step, yields when the next one happens, and is resumed then."""


class DemoAction(StrEnum):
    """Audit actions of the loader."""

    PIECE_LOADED = "demo:piece:load"


class Story(Protocol):
    """A named piece of the past."""

    @property
    def name(self) -> str: ...

    @property
    def begins(self) -> datetime: ...

    def play(self, stage: Stage) -> Steps: ...


@dataclass(frozen=True, slots=True)
class Case:
    """An invented patient. `number` makes name, age and case text."""

    name: str
    sex: str
    birth_date: date
    local_no: str


SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = [
    "建国",
    "桂英",
    "志强",
    "秀兰",
    "国平",
    "玉梅",
    "德胜",
    "翠花",
    "永福",
    "春燕",
    "大勇",
    "月娥",
    "长根",
    "素芬",
    "水生",
    "凤霞",
]


def case(number: int, today: date) -> Case:
    """The `number`-th invented patient: always the same, openly fictional."""
    name = SURNAMES[number * 7 % len(SURNAMES)] + GIVEN[number * 5 % len(GIVEN)] + MARK
    sex = "MF"[number * 5 % len(GIVEN) % 2]
    age = 34 + number * 11 % 46
    born = date(today.year - age, 1 + number * 5 % 12, 1 + number * 13 % 28)
    return Case(name, sex, born, f"示例{number:05d}")


def ecg_file(subject: Case, recorded: datetime, zone: str) -> bytes:
    """pydicom's own 12-lead ECG with the invented patient's name in it, as the doctor's device would write it."""
    source = get_testdata_file("waveform_ecg.dcm")
    assert isinstance(source, str)
    dataset = dcmread(source)
    local = recorded.astimezone(ZoneInfo(zone))
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = subject.name
    dataset.PatientID = subject.local_no
    dataset.PatientSex = subject.sex
    dataset.PatientBirthDate = subject.birth_date.strftime("%Y%m%d")
    dataset.AcquisitionDateTime = local.strftime("%Y%m%d%H%M%S")
    dataset.StudyDate = dataset.ContentDate = local.strftime("%Y%m%d")
    dataset.StudyTime = dataset.ContentTime = local.strftime("%H%M%S")
    for name in ("PatientAge", "InstitutionName", "ReferringPhysicianName"):
        if name in dataset:
            delattr(dataset, name)
    unique = [subject.local_no, local.isoformat()]
    dataset.SOPInstanceUID = generate_uid(entropy_srcs=[*unique, "instance"])
    dataset.SeriesInstanceUID = generate_uid(entropy_srcs=[*unique, "series"])
    dataset.StudyInstanceUID = generate_uid(entropy_srcs=[*unique, "study"])
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    out = BytesIO()
    dataset.save_as(out)
    return out.getvalue()


async def pieces(data: bytes) -> AsyncIterator[bytes]:
    """Bytes as an upload brings them."""
    for start in range(0, len(data), 64 * 1024):
        yield data[start : start + 64 * 1024]


@dataclass(slots=True)
class Stage:
    """Services, and ids by the loader's short names. `began` is the demo's present."""

    services: Services
    began: datetime
    clock: SettableClock | None = None  # None: the present, on the real clock
    organisations: dict[str, str] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)  # by recipient's short name
    loaded: set[str] = field(default_factory=set)

    @property
    def now(self) -> datetime:
        return self.services.clock.now()

    @property
    def zone(self) -> str:
        return self.services.config.zone

    def person(self, username: str) -> Person:
        return person_of(self.staff[username])

    def actor(self, username: str) -> Actor:
        staff = self.staff[username]
        return Actor("staff", staff.id, staff.organisation_id)

    def at(self, days_ago: int, hour: int, minute: int) -> datetime:
        """A local time of day, some days before the present."""
        local = self.began.astimezone(ZoneInfo(self.zone)) - timedelta(days=days_ago)
        return local.replace(hour=hour, minute=minute, second=0, microsecond=0).astimezone(UTC)

    async def find(self) -> None:
        """Look up everybody and everything that is there."""
        async with self.services.db.read() as session:
            rows = (await session.execute(select(Organisation))).scalars()
            names = {one.name: one.short for one in ORGANISATIONS}
            self.organisations = {names[row.name]: row.id for row in rows if row.name in names}
            known = {one.username for one in PEOPLE}
            people = (await session.execute(select(Staff))).scalars()
            self.staff = {row.username: row for row in people if row.username in known}
            shorts = {value: key for key, value in self.organisations.items()}
            agreements = (await session.execute(select(Agreement))).scalars()
            self.agreements = {
                shorts[row.recipient_id]: row for row in agreements if row.recipient_id in shorts
            }
            marks = select(AuditRow.object_id).where(AuditRow.action == DemoAction.PIECE_LOADED)
            self.loaded = set((await session.execute(marks)).scalars())

    async def mark(self, name: str) -> None:
        """Note that a piece is whole, so that no later run makes it again."""
        async with self.services.db.write(SYSTEM) as tx:
            tx.audit(DemoAction.PIECE_LOADED, "demo", name)
        self.loaded.add(name)

    async def admit(self, doctor: str, subject: Case) -> Patient:
        """Register an invented patient with the doctor's unit."""
        return await patients.create_patient(
            self.services,
            self.actor(doctor),
            organisation_id=self.staff[doctor].organisation_id,
            name=subject.name,
            sex=subject.sex,
            birth_date=subject.birth_date,
            local_no=subject.local_no,
            demo=True,
        )

    async def play(self, stories: Iterable[Story]) -> None:
        """Play all stories at once, each step at its time: the log comes out in order."""
        assert self.clock is not None
        waiting: list[tuple[datetime, int, str, Steps]] = []
        for number, story in enumerate(stories):
            if story.name not in self.loaded:
                heapq.heappush(waiting, (story.begins, number, story.name, story.play(self)))
        while waiting:
            moment, number, name, steps = heapq.heappop(waiting)
            self.clock.at = moment
            try:
                following = await anext(steps)
            except StopAsyncIteration:
                await self.mark(name)
                continue
            heapq.heappush(waiting, (max(following, moment), number, name, steps))
