"""Consults of the demo, through the real services; media reports are invented and say so (`source: demo`)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from server.clock import local_date
from server.demo.stage import Stage, Steps, case
from server.sessions import (
    consult_closing,
    consult_opinion,
    consult_service,
)
from server.sessions.rules import Urgency
from server.sessions.schemas import ConsultRequest, Outcome
from server.sessions.webhooks import apply_webhook_event

REPORT_SECONDS = 600
Ranges = Sequence[tuple[int, int]]

TEXTS = (
    (
        "反复胸闷 3 天,活动后加重,休息可缓解。血压 152/92 mmHg,既往高血压 8 年。",
        "是否需要转诊行冠脉检查?目前用药是否需要调整?",
        "考虑劳力性心绞痛可能。建议完善肌钙蛋白与运动负荷评估,加用抗血小板与他汀治疗。",
        "如胸痛持续超过 20 分钟,立即走绿色通道转诊。",
    ),
    (
        "阵发性心悸 2 周,心电图示房性早搏。甲状腺功能未查。",
        "早搏是否需要处理?",
        "偶发房性早搏,暂不需抗心律失常药物。建议查甲状腺功能与电解质,减少浓茶咖啡。",
        "两周后复查动态心电图。",
    ),
    (
        "头晕伴行走不稳 1 天,无肢体无力,血压 168/100 mmHg。",
        "是否为后循环缺血?能否在本地处理?",
        "后循环缺血不能除外。建议尽快转县医院行头颅影像检查,转运途中监测血压。",
        "按双向转诊流程联系,我科可继续远程随诊。",
    ),
    (
        "情绪低落、睡眠差 2 月,PHQ-9 评分 15 分,无自杀观念。",
        "是否启动药物治疗,如何随访?",
        "中度抑郁发作可能。建议小剂量起始抗抑郁治疗,每两周评估一次,并纳入随访管理。",
        "如出现自杀观念,立即联系我科并由家属陪护。",
    ),
    (
        "慢性心力衰竭随访,双下肢轻度水肿,体重一周增加 2 kg。",
        "利尿剂如何调整?",
        "容量负荷增加。利尿剂加量三天后复查电解质与肾功能,限盐限水,每日称体重。",
        "体重再增或夜间不能平卧时及时转诊。",
    ),
)


class Course(StrEnum):
    """How a consult went."""

    CANCELLED = "cancelled"
    DECLINED = "declined"
    NO_MEDIA = "no_media"
    ONE_SIDE = "one_side"
    SHORT = "short"
    WELL = "well"


def event_id(*parts: object) -> str:
    """A webhook's id: the same for the same event of the same story."""
    return "EV_demo_" + hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:24]


def room_event(stage: Stage, kind: str, room: str, username: str, at: datetime) -> dict[str, Any]:
    """A LiveKit webhook about one person, or about the room when `username` is empty."""
    document: dict[str, Any] = {
        "event": kind,
        "id": event_id(kind, room, username, at.isoformat()),
        "createdAt": str(int(at.timestamp())),
        "room": {"sid": f"RM_{room}", "name": room},
    }
    if username:
        identity = stage.staff[username].id
        # A media server never gives one sid in two rooms.
        sid = hashlib.sha256(f"{room}|{identity}".encode()).hexdigest()[:24]
        document["participant"] = {"sid": f"PA_{sid}", "identity": identity}
    return document


def _within(ranges: Ranges, start: int, end: int) -> list[list[int]]:
    return [[max(a, start), min(b, end)] for a, b in ranges if a < end and b > start]


def _track(username: str, kind: str, source: str, rate: int, size: int, sent: Any) -> Any:
    seconds = sum(b - a for a, b in sent)
    return {
        "sid": f"TR_{kind}_{username}",
        "kind": kind,
        "source": source,
        "packets": seconds * rate,
        "bytes": seconds * rate * size,
        "media": sent,
        "speech": sent if kind == "audio" else [],
        "muted": [],
        "lost": seconds // 40,
        "jitterMs": 6,
        "layer": 0,
    }


def reports(
    stage: Stage,
    room: str,
    username: str,
    span: tuple[int, int],
    sends: Ranges,
    receives: Ranges,
    every: int = REPORT_SECONDS,
) -> Iterator[dict[str, Any]]:
    """Media reports of one person over [start, end) in unix seconds, one for `every` seconds."""
    for start in range(span[0], span[1], every):
        end = min(start + every, span[1])
        sent, got = _within(sends, start, end), _within(receives, start, end)
        heard = sum(b - a for a, b in got)
        tracks = [
            _track(username, "audio", "microphone", 50, 90, sent),
            _track(username, "video", "camera", 60, 1000, sent),
        ]
        at = datetime.fromtimestamp(end, stage.began.tzinfo)
        document = room_event(stage, "media_report", room, username, at)
        document["mediaReport"] = {
            "source": "demo",
            "from": start,
            "to": end,
            "tracks": tracks if sent else [],
            "received": {
                "packets": heard * 110,
                "bytes": heard * 64_500,
                "seconds": got,
                "lost": 3,
                "rttMs": 48,
            },
        }
        yield document


@dataclass(frozen=True, slots=True)
class ConsultStory:
    """One consult of the past, from the request to its entry in the log."""

    number: int
    begins: datetime
    doctor: str
    specialist: str
    course: Course = Course.WELL
    minutes: int = 20
    seconds: int = 0  # beyond the minutes
    begins_late: int = 0  # minutes after the arranged time
    adopted: bool = True

    @property
    def name(self) -> str:
        return f"consult-{self.number}"

    async def play(self, stage: Stage) -> Steps:
        services, doctor, specialist = stage.services, self.doctor, self.specialist
        asking, answering = stage.person(doctor), stage.person(specialist)
        by_asking, by_answering = stage.actor(doctor), stage.actor(specialist)
        number = self.number
        urgency = Urgency.ROUTINE if self.number % 6 else Urgency.EMERGENCY
        consult_id = await ask(stage, doctor, specialist, number, urgency)
        yield stage.now + timedelta(minutes=6 + self.number % 17)
        if self.course is Course.DECLINED:
            reason = "该病例需要面诊,请按双向转诊流程联系我院急诊。"
            await consult_service.decline(services, answering, by_answering, consult_id, reason)
            return
        starts = stage.now + timedelta(minutes=25 + self.number % 4 * 10)
        await consult_service.accept(
            services, answering, by_answering, consult_id, starts_at=starts, minutes=30
        )
        if self.course is Course.CANCELLED:
            yield stage.now + timedelta(minutes=10)
            reason = "患者已转诊,取消本次会诊。"
            await consult_service.cancel(services, asking, by_asking, consult_id, reason)
            return
        yield starts + timedelta(minutes=self.begins_late, seconds=self.number * 7 % 50)
        async for moment in self._live(stage, consult_id):
            yield moment
        await consult_service.end(services, answering, by_answering, consult_id)
        yield stage.now + timedelta(minutes=4 + self.number % 9)
        _, _, opinion, advice = TEXTS[number % len(TEXTS)]
        await consult_opinion.sign(services, answering, by_answering, consult_id, opinion, advice)
        yield stage.now + timedelta(minutes=30 + self.number % 5 * 40)
        outcome = Outcome.ADOPTED if self.adopted else Outcome.NOT_ADOPTED
        reason = "" if self.adopted else "患者家属要求转上级医院,未按意见执行。"
        await consult_closing.report_outcome(
            services, asking, by_asking, consult_id, outcome, reason
        )

    async def _live(self, stage: Stage, room: str) -> Steps:
        start = int(stage.now.timestamp())
        end = start + self.minutes * 60 + self.seconds
        for username in (self.doctor, self.specialist):
            event = room_event(stage, "participant_joined", room, username, stage.now)
            await apply_webhook_event(stage.services, event)
        yield stage.now + timedelta(seconds=end - start)
        everything = [] if self.course is Course.NO_MEDIA else [(start + 4, end - 3)]
        nothing: list[tuple[int, int]] = []
        from_doctor = nothing if self.course is Course.ONE_SIDE else everything
        for username, sends, receives in (
            (self.doctor, from_doctor, everything),
            (self.specialist, everything, from_doctor),
        ):
            for report in reports(stage, room, username, (start, end), sends, receives):
                await apply_webhook_event(stage.services, report)
            event = room_event(stage, "participant_left", room, username, stage.now)
            await apply_webhook_event(stage.services, event)


async def ask(
    stage: Stage, doctor: str, specialist: str, number: int, urgency: Urgency = Urgency.ROUTINE
) -> str:
    """A new request of a doctor for the `number`-th patient, sent to a specialist; its id."""
    patient = await stage.admit(doctor, case(number, local_date(stage.began, stage.zone)))
    summary, question, _, _ = TEXTS[number % len(TEXTS)]
    request = ConsultRequest(
        patient_id=patient.id,
        supporting_id=stage.organisations["city"],
        specialist_id=stage.staff[specialist].id,
        summary=summary,
        question=question,
        urgency=urgency,
        submit=True,
    )
    person, actor = stage.person(doctor), stage.actor(doctor)
    consult = await consult_service.create(stage.services, person, actor, request, demo=True)
    return consult.id
