"""Lectures of the demo, through the real services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.demo.consults import reports
from server.demo.stage import Stage, Steps
from server.sessions import lecture_closing, lecture_service
from server.sessions.lecture_schemas import LectureRequest
from server.sessions.rules import LectureEvent
from server.sessions.webhooks import apply_webhook_event

Seconds = list[tuple[int, int]]

TOPICS = (
    ("急性心肌梗死的早期识别", "胸痛患者的首份心电图:看什么,何时转诊。(示例)"),
    ("基层高血压用药", "起始、联合与随访。(示例)"),
    ("脑卒中的院前识别", "FAST 口诀与绿色通道。(示例)"),
    ("抑郁障碍的基层筛查", "量表的使用与转诊时机。(示例)"),
    ("心电图危急值处理流程", "从识别到报告的十分钟。(示例)"),
    ("慢性心力衰竭的随访", "体重、症状与用药。(示例)"),
)


@dataclass(frozen=True, slots=True)
class LectureStory:
    """One lecture of the past. `learners`: username and the part of the lecture that reached them, in percent."""

    number: int
    begins: datetime  # when it was planned
    starts: datetime
    learners: tuple[tuple[str, int], ...]
    minutes: int = 45
    seconds: int = 0  # beyond the minutes

    @property
    def name(self) -> str:
        return f"lecture-{self.number}"

    async def play(self, stage: Stage) -> Steps:
        services, lecturer = stage.services, stage.person("lecturer")
        by_lecturer = stage.actor("lecturer")
        title, description = TOPICS[self.number % len(TOPICS)]
        request = LectureRequest(
            title=f"{title}(示例)",
            description=description,
            starts_at=self.starts,
            minutes=self.minutes,
            lecturer_id=lecturer.id,
            agreement_ids=[agreement.id for agreement in stage.agreements.values()],
            announce=True,
        )
        coordinator = stage.person("coordinator")
        lecture = await lecture_service.plan(
            services, coordinator, stage.actor("coordinator"), request, demo=True
        )
        yield self.starts - timedelta(minutes=10)
        await lecture_service.move(services, lecturer, by_lecturer, lecture.id, LectureEvent.OPEN)
        yield self.starts
        await lecture_service.move(services, lecturer, by_lecturer, lecture.id, LectureEvent.START)
        yield self.starts + timedelta(minutes=self.minutes, seconds=self.seconds)
        await self._media(stage, lecture.id)
        await lecture_service.move(services, lecturer, by_lecturer, lecture.id, LectureEvent.END)
        yield stage.now + lecture_closing.SETTLE
        await lecture_closing.credit(services, lecture.id)

    async def _media(self, stage: Stage, room: str) -> None:
        start, end = int(self.starts.timestamp()), int(stage.now.timestamp())
        sends = [(start + 3, end - 2)]
        audience: list[tuple[str, Seconds, Seconds]] = [("lecturer", sends, [])]
        for number, (username, percent) in enumerate(self.learners):
            first = start + 20 + number * 9
            last = first + (end - first) * percent // 100
            audience.append((username, [], [(first, min(last, end))]))
        for username, sent, received in audience:
            span = (start, end) if sent else received[0]
            for report in reports(stage, room, username, span, sent, received, 1500):
                await apply_webhook_event(stage.services, report)
