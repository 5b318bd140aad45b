"""The six weeks before the demo's present, with ups and downs: a quiet week, a busy one, and a few doubts."""

from __future__ import annotations

from collections.abc import Iterator

from server.demo.consults import ConsultStory, Course
from server.demo.lectures import LectureStory
from server.demo.reads import ReadStory
from server.demo.stage import Stage, Story
from server.reads.rules import Urgency

# Days before the present, hour, minute, doctor, minutes and seconds of the session, what was special.
CONSULTS: tuple[tuple[int, int, int, str, int, int, dict[str, object]], ...] = (
    (41, 9, 20, "rural.doctor", 22, 14, {}),
    (40, 14, 10, "county.doctor", 18, 41, {}),
    (38, 10, 5, "rural.doctor", 16, 3, {"begins_late": 35}),
    (37, 15, 30, "rural.doctor", 3, 20, {"course": Course.SHORT}),
    (34, 9, 40, "rural.doctor", 25, 52, {}),
    (33, 16, 0, "county.doctor", 14, 9, {"adopted": False}),
    (31, 10, 30, "rural.doctor", 19, 37, {}),
    (30, 14, 45, "rural.doctor", 0, 0, {"course": Course.DECLINED}),
    (20, 11, 0, "rural.doctor", 12, 25, {}),
    (17, 9, 15, "rural.doctor", 21, 6, {}),
    (16, 15, 5, "county.doctor", 17, 48, {}),
    (13, 10, 20, "rural.doctor", 15, 0, {}),
    (12, 10, 20, "rural.doctor", 15, 0, {}),
    (11, 10, 20, "rural.doctor", 15, 0, {"course": Course.NO_MEDIA}),
    (9, 14, 0, "county.doctor", 20, 33, {}),
    (6, 9, 50, "rural.doctor", 24, 19, {}),
    (5, 16, 10, "rural.doctor", 11, 58, {"course": Course.ONE_SIDE}),
    (4, 10, 0, "county.doctor", 0, 0, {"course": Course.CANCELLED}),
    (3, 9, 30, "rural.doctor", 18, 27, {}),
    (2, 15, 20, "rural.doctor", 23, 45, {}),
)

# Days before the present, hour, minute, doctor, minutes to the signature, what was special.
READS: tuple[tuple[int, int, int, str, int, dict[str, object]], ...] = (
    (41, 10, 2, "rural.doctor", 14, {}),
    (40, 9, 11, "rural.doctor", 9, {"urgency": Urgency.EMERGENCY}),
    (39, 15, 40, "county.doctor", 22, {}),
    (38, 8, 50, "rural.doctor", 17, {}),
    (36, 11, 25, "rural.doctor", 44, {}),
    (34, 10, 15, "rural.doctor", 12, {}),
    (33, 9, 5, "rural.doctor", 8, {"urgency": Urgency.EMERGENCY, "critical": "mi_new"}),
    (32, 14, 20, "county.doctor", 19, {}),
    (30, 16, 30, "rural.doctor", 26, {}),
    (25, 9, 45, "rural.doctor", 38, {}),
    (20, 10, 10, "rural.doctor", 15, {}),
    (19, 8, 40, "rural.doctor", 13, {"urgency": Urgency.EMERGENCY}),
    (18, 15, 15, "rural.doctor", 18, {"sent_back": True}),
    (17, 10, 35, "county.doctor", 11, {}),
    (13, 9, 25, "rural.doctor", 10, {}),
    (12, 14, 50, "rural.doctor", 16, {}),
    (
        11,
        9,
        30,
        "rural.doctor",
        7,
        {"urgency": Urgency.EMERGENCY, "critical": "mi_new", "critical_minutes": 16},
    ),
    (10, 16, 5, "county.doctor", 21, {}),
    (9, 10, 45, "rural.doctor", 12, {}),
    (8, 9, 10, "rural.doctor", 10, {"again": 18}),
    (6, 11, 10, "rural.doctor", 9, {}),
    (5, 9, 20, "rural.doctor", 6, {"urgency": Urgency.EMERGENCY}),
    (4, 15, 55, "rural.doctor", 14, {"adopted": False}),
    (3, 10, 25, "county.doctor", 13, {}),
    (2, 9, 0, "rural.doctor", 11, {}),
    (1, 15, 10, "rural.doctor", 12, {"answered": False}),
)

EVERYBODY = (
    ("rural.doctor", 97),
    ("learner", 100),
    ("learner2", 92),
    ("learner3", 71),
    ("learner4", 100),
    ("county.doctor", 88),
    ("learner5", 100),
    ("learner6", 64),
    ("learner7", 100),
    ("learner8", 35),
)
# Days before the present, hour, minutes and seconds, how many of everybody came.
LECTURES = (
    (40, 15, 45, 12, 10),
    (33, 15, 44, 3, 8),
    (19, 15, 46, 40, 5),
    (12, 15, 45, 51, 9),
    (5, 15, 43, 27, 10),
)


def stories(stage: Stage) -> Iterator[Story]:
    """Everything that happened."""
    for number, (days, hour, minute, doctor, minutes, seconds, more) in enumerate(CONSULTS):
        yield ConsultStory(
            number=number,
            begins=stage.at(days, hour, minute),
            doctor=doctor,
            specialist="specialist" if number % 3 else "specialist2",
            minutes=minutes,
            seconds=seconds,
            **more,  # type: ignore[arg-type]  # a literal table above
        )
    for number, (days, hour, minute, doctor, turnaround, more) in enumerate(READS):
        again = more.get("again")
        if isinstance(again, int):
            more = {**more, "again": (again, stage.at(*READS[again][:3]))}
        yield ReadStory(
            number=number,
            begins=stage.at(days, hour, minute),
            doctor=doctor,
            reader="specialist" if number % 4 else "specialist2",
            turnaround=turnaround,
            **more,  # type: ignore[arg-type]
        )
    for number, (days, hour, minutes, seconds, came) in enumerate(LECTURES):
        yield LectureStory(
            number=number,
            begins=stage.at(days + 3, 10, 5 + number),
            starts=stage.at(days, hour, 0),
            minutes=minutes,
            seconds=seconds,
            learners=EVERYBODY[:came],
        )
