"""ECG reads of the demo: a real file, really read, really signed, through the real services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.clock import local_date
from server.demo.stage import Stage, Steps, case, ecg_file, pieces
from server.reads import closing, intake, service, signing
from server.reads.rules import ReadEvent, Urgency
from server.reads.schemas import ReportContent

QUESTIONS = (
    ("胸闷 2 小时,请判读心电图。", "胸闷、出汗"),
    ("体检发现心律不齐,请判读。", "无明显不适"),
    ("心悸 1 周,请判读心电图。", "阵发心悸"),
    ("高血压随访,请判读。", "偶有头晕"),
    ("术前检查,请判读。", ""),
)

REPORTS = (
    ReportContent(
        rhythm="sinus",
        rate_bpm=64,
        pr_ms=158,
        qrs_ms=92,
        qt_ms=402,
        qtc_ms=415,
        findings=["normal_ecg"],
        conclusion="窦性心律,心电图大致正常。(示例)",
        advice="结合临床,随诊。",
    ),
    ReportContent(
        rhythm="sinus",
        rate_bpm=66,
        pr_ms=162,
        qrs_ms=94,
        qt_ms=398,
        qtc_ms=417,
        findings=["borderline_ecg"],
        conclusion="窦性心律,大致正常心电图。(示例)",
        advice="如症状反复,建议复查并做动态心电图。",
    ),
)
CRITICAL_REPORT = ReportContent(
    rhythm="sinus",
    rate_bpm=66,
    findings=["st_elevation"],
    conclusion="(示例)演示危急值流程:按 ST 段抬高处理,请结合临床立即评估。",
    advice="立即复查心电图与肌钙蛋白,联系上级医院绿色通道。",
)


@dataclass(frozen=True, slots=True)
class ReadStory:
    """One ECG of the past. `answered`: the requester acknowledged it; else it is still unread."""

    number: int
    begins: datetime
    doctor: str
    reader: str
    urgency: Urgency = Urgency.ROUTINE
    turnaround: int = 12  # minutes from sending to the signature
    critical: str = ""  # code of a critical value
    critical_minutes: int = 3  # until it was acknowledged
    sent_back: bool = False
    answered: bool = True
    adopted: bool = True
    again: tuple[int, datetime] | None = (
        None  # another story's number and time: its file, sent again
    )

    @property
    def name(self) -> str:
        return f"read-{self.number}"

    async def play(self, stage: Stage) -> Steps:
        services, asking = stage.services, stage.person(self.doctor)
        by_asking = stage.actor(self.doctor)
        number, recorded = self.again or (self.number, self.begins)
        number += 100
        read_id = await ask(stage, self.doctor, number, self.urgency, recorded)
        if self.sent_back:
            yield stage.now + timedelta(minutes=5)
            reader, by_reader = stage.person(self.reader), stage.actor(self.reader)
            await service.claim(services, by_reader, reader, read_id)
            reason = "基线漂移明显,请让患者放松后重新采集。"
            await service.send_back(services, by_reader, reader, read_id, reason)
            yield stage.now + timedelta(minutes=9)
            await upload(stage, self.doctor, number, read_id, stage.now)
        async for moment in self._sign(stage, read_id):
            yield moment
        if not self.answered:
            return
        yield stage.now + timedelta(minutes=20 + self.number % 7 * 25)
        await closing.acknowledge(services, by_asking, asking, read_id)
        yield stage.now + timedelta(minutes=2)
        event = ReadEvent.ADOPT if self.adopted else ReadEvent.NOT_ADOPT
        reason = "" if self.adopted else "患者自行前往上级医院就诊。"
        await closing.answer(services, by_asking, asking, read_id, event, reason)

    async def _sign(self, stage: Stage, read_id: str) -> Steps:
        services = stage.services
        reader, by_reader = stage.person(self.reader), stage.actor(self.reader)
        sent = stage.now
        yield sent + timedelta(minutes=min(3, self.turnaround - 1))
        await service.claim(services, by_reader, reader, read_id)
        content = CRITICAL_REPORT if self.critical else REPORTS[self.number % len(REPORTS)]
        draft = await service.save_draft(
            services, by_reader, reader, read_id, version=0, content=content
        )
        if self.critical:
            await service.mark_critical(
                services, by_reader, reader, read_id, code=self.critical, note="(示例)"
            )
            yield stage.now + timedelta(minutes=self.critical_minutes)
            asking = stage.person(self.doctor)
            by_asking = stage.actor(self.doctor)
            await service.acknowledge_critical(services, by_asking, asking, read_id)
        yield sent + timedelta(minutes=self.turnaround, seconds=self.number * 13 % 55)
        await signing.sign(services, by_reader, reader, read_id, draft_version=draft.version)


async def ask(
    stage: Stage, doctor: str, number: int, urgency: Urgency, recorded: datetime | None = None
) -> str:
    """A new request with its file, recorded a little before that moment, sent; the id of the read."""
    subject = case(number, local_date(stage.began, stage.zone))
    patient = await stage.admit(doctor, subject)
    question, symptoms = QUESTIONS[number % len(QUESTIONS)]
    read = await service.create_read(
        stage.services,
        stage.actor(doctor),
        stage.person(doctor),
        patient_id=patient.id,
        supporting_id=stage.organisations["city"],
        question=question,
        symptoms=symptoms,
        urgency=urgency,
    )
    await upload(stage, doctor, number, read.id, recorded or stage.now)
    return read.id


async def upload(stage: Stage, doctor: str, number: int, read_id: str, recorded: datetime) -> None:
    """Attach the recording and send it; the chosen patient is the one that the file names."""
    subject = case(number, local_date(stage.began, stage.zone))
    data = ecg_file(subject, recorded - timedelta(minutes=4), stage.zone)
    actor, person = stage.actor(doctor), stage.person(doctor)
    await intake.attach_file(stage.services, actor, person, read_id, pieces(data))
    await service.submit(stage.services, actor, person, read_id)
