"""Who may do what with which object: the one table. Whoever a row does not name is denied.

`allow` succeeds with an object that is there and hears "not found" of one that is not. `sees` knows the object from
elsewhere, but may not do this with it. Everybody else gets one answer, whether or not the object exists.
DOMAIN, "Who may see what".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.api.people import STAFF
from tests.api.reads import CONTENT, ecg

EVERYBODY = frozenset(STAFF)
OWN_DOCTORS = frozenset({"rural_doctor", "rural_doctor_2"})
ANY_DOCTOR = OWN_DOCTORS | {"county_doctor", "stranger"}
INVITED = frozenset({"specialist"})
READERS = frozenset({"specialist", "specialist_2", "radiologist"})
ANY_SPECIALIST = READERS | {"stranger"}
COORDINATOR = frozenset({"coordinator"})
COORDINATORS = COORDINATOR | {"township_coordinator"}
AUTHORITY = frozenset({"assessor", "authority"})
ANY_AUTHORITY = AUTHORITY | {"other_assessor"}
PARTIES = frozenset(
    who for who, (unit, *_) in STAFF.items() if unit in ("city", "township", "authority")
)
TREATING = OWN_DOCTORS | INVITED
CASE = TREATING | COORDINATOR
"""Who sees a consult at all; the coordinator without its clinical part."""
READING = OWN_DOCTORS | READERS
RUNS = frozenset({"lecturer", "coordinator"})
MANAGES = RUNS | {"specialist", "township_coordinator", "stranger"}
"""Whose roles may manage some lecture."""
AUDIENCE = frozenset(
    who for who, (unit, *_) in STAFF.items() if unit in ("city", "township") and who not in RUNS
)
RECORDS = AUDIENCE - {"administrator", "learner"}
"""Of the audience, those whose roles may record some session."""
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """One question to one operation. `{id}` in query and body stands for the object named by `object`."""

    allow: frozenset[str]
    object: str | None = None
    sees: frozenset[str] = NOBODY
    query: str = ""
    body: Any = None
    data: bytes | None = None
    kept: bool = False  # the write is committed, since the answer reads it back
    rest: str = ""  # a second path value


SOON = "2026-11-24T01:00:00Z"
REASON = {"reason": "患者已转院(示例)"}
MESSAGE = {"message": "已补充(示例)"}
OPINION = {"opinion": "考虑心绞痛(示例)", "advice": "复查"}
ADOPTED = {"outcome": "adopted"}
PERIOD = "&from=2026-07-01&to=2026-12-31"
OF_CONSULT = "owner_type=consult&owner_id={id}"

PUBLIC = {
    "login",
    "refresh",
    "logout",
    "demo_accounts",
    "demo_enter",
    "receive_livekit_webhook",
    "play_recording",
}
"""Operations for people who are not logged in, and of the media server: see tests/api/test_access, test_webhooks, test_recordings."""


def _consult(state: str, allow: frozenset[str], body: Any = None) -> list[Row]:
    return [Row(allow, f"consult.{state}", sees=CASE - allow, body=body)]


def _read(state: str, allow: frozenset[str], body: Any = None) -> list[Row]:
    """A step of one side with a read that both see."""
    return [Row(allow, f"read.{state}", sees=READING - allow, body=body)]


def _lecture(state: str, allow: frozenset[str], body: Any = None) -> list[Row]:
    sees = AUDIENCE & MANAGES if state != "planned" else NOBODY
    return [Row(allow, f"lecture.{state}", sees=(sees | RUNS) - allow, body=body)]


def _room(kind: str, body: Any = None, *, consult: bool = False) -> Row:
    """What hosts and co-hosts do with the live room of a session."""
    consult = consult or kind.startswith("consult")
    allow = INVITED | {"rural_doctor"} if consult else RUNS
    return Row(allow, kind, sees=(CASE if consult else RUNS | AUDIENCE) - allow, body=body)


TABLE: dict[str, list[Row]] = {
    # access
    "me": [Row(EVERYBODY)],
    "directory": [Row(EVERYBODY)],
    # pairing
    "list_agreements": [Row(EVERYBODY)],
    "get_agreement": [Row(PARTIES, "agreement")],
    # patients: the own organisation's, and nobody else's
    "list_patients": [Row(ANY_DOCTOR)],
    "create_patient": [Row(ANY_DOCTOR, body={"name": "新患者示例", "sex": "F"}, kept=True)],
    "get_patient": [Row(OWN_DOCTORS, "patient")],
    # the log: assessors and authority of the agreement, coordinators of its parties
    "list_entries": [
        Row(ANY_AUTHORITY | COORDINATORS),
        Row(AUTHORITY | COORDINATORS, "agreement", query="agreement_id={id}"),
    ],
    "export_entries": [Row(AUTHORITY | COORDINATORS, "agreement", query="agreement_id={id}")],
    "get_entry": [Row(AUTHORITY | COORDINATORS, "entry")],
    "get_entry_evidence": [Row(AUTHORITY | COORDINATORS, "entry", rest="attendance.json")],
    "get_checkpoint": [Row(ANY_AUTHORITY | COORDINATORS)],
    "export_agreement_pack": [Row(AUTHORITY, "agreement")],
    "get_score": [Row(AUTHORITY | COORDINATORS, "agreement", query="agreement_id={id}" + PERIOD)],
    "export_score": [Row(AUTHORITY | COORDINATORS, "agreement", query="agreement_id={id}" + PERIOD)],
    "list_subjects": [Row(ANY_AUTHORITY | COORDINATORS)],
    # attachments: the treating sides of the owner
    "upload_attachment": [
        Row(OWN_DOCTORS, "consult.scheduled", sees=INVITED, query=OF_CONSULT,
            data=b"abc", kept=True)
    ],
    "list_attachments": [
        Row(TREATING, "consult.scheduled", query=OF_CONSULT),
        Row(OWN_DOCTORS, "consult.draft", query=OF_CONSULT),
    ],
    "download_attachment": [Row(TREATING, "attachment")],
    # reads: doctors of the unit that asks, specialists of the unit that reads once it was sent
    "list_reads": [Row(ANY_DOCTOR | ANY_SPECIALIST)],
    "count_reads": [Row(ANY_DOCTOR | ANY_SPECIALIST | COORDINATORS)],
    "get_read_terms": [Row(ANY_DOCTOR | ANY_SPECIALIST)],
    "create_read": [
        Row(OWN_DOCTORS, "patient", kept=True,
            body={"patient_id": "{id}", "supporting_id": "{city}", "question": "胸痛(示例)"})
    ],
    "get_read": [
        Row(OWN_DOCTORS, "read.uploading"),
        Row(OWN_DOCTORS, "read.checked"),
        Row(READING, "read.queued"),
        Row(READING, "read.draft"),
        Row(READING, "read.signed"),
    ],
    "upload_read_file": [Row(OWN_DOCTORS, "read.uploading", data=ecg())],
    "submit_read": [Row(OWN_DOCTORS, "read.checked", body={})],
    "cancel_read": [Row(OWN_DOCTORS, "read.queued", body=REASON)],
    "claim_read": [Row(READERS, "read.queued")],
    "release_read": [Row(INVITED, "read.draft", sees=READERS - INVITED)],
    "return_read": [Row(INVITED, "read.draft", sees=READERS - INVITED, body=REASON)],
    "save_read_draft": [
        Row(INVITED, "read.draft", sees=READERS - INVITED, body={"version": 1, "content": CONTENT})
    ],
    "sign_read": [
        Row(INVITED, "read.draft", sees=READERS - INVITED, body={"draft_version": 1})
    ],
    "mark_read_critical": [
        Row(INVITED, "read.draft", sees=READERS - INVITED, body={"code": "mi_new"})
    ],
    "acknowledge_read_critical": [Row(OWN_DOCTORS, "read.critical")],
    "acknowledge_read": [Row(OWN_DOCTORS, "read.signed")],
    "answer_read": [Row(OWN_DOCTORS, "read.acknowledged", body={"adopted": True})],
    "get_read_ecg": [Row(OWN_DOCTORS, "read.checked"), Row(READING, "read.queued")],
    "get_read_samples": [Row(OWN_DOCTORS, "read.checked"), Row(READING, "read.queued")],
    "get_read_original": [Row(OWN_DOCTORS, "read.checked"), Row(READING, "read.queued")],
    "get_read_report_pdf": [Row(READING, "read.signed")],
    # consults
    "list_consults": [Row(ANY_DOCTOR | ANY_SPECIALIST | COORDINATORS)],
    "create_consult": [
        Row(OWN_DOCTORS, "patient", kept=True,
            body={"patient_id": "{id}", "supporting_id": "{city}", "summary": "示例", "question": "示例"})
    ],
    "get_consult": [
        Row(OWN_DOCTORS, "consult.draft"),
        Row(CASE, "consult.submitted"),
        Row(CASE, "consult.scheduled"),
        Row(CASE, "consult.closed"),
    ],
    "update_consult": [Row(OWN_DOCTORS, "consult.draft", body={"question": "示例"})],
    "submit_consult": [Row(OWN_DOCTORS, "consult.draft")],
    "accept_consult": [Row(INVITED, "consult.submitted", body={})],
    "decline_consult": [Row(INVITED, "consult.submitted", body=REASON)],
    "ask_about_consult": [Row(INVITED, "consult.submitted", body=MESSAGE)],
    "answer_about_consult": [Row(OWN_DOCTORS, "consult.asked", body=MESSAGE)],
    "schedule_consult": _consult("accepted", INVITED | COORDINATOR, {"starts_at": SOON}),
    "cancel_consult": _consult("scheduled", TREATING, REASON),
    "join_consult": _consult("scheduled", TREATING),
    "end_consult": [Row(INVITED, "consult.live")],
    "save_consult_opinion": [Row(INVITED, "consult.live", body=OPINION)],
    "sign_consult_opinion": [Row(INVITED, "consult.over", body=OPINION)],
    "file_back_consult": [Row(OWN_DOCTORS, "consult.signed")],
    "report_consult_outcome": [Row(OWN_DOCTORS, "consult.signed", body=ADOPTED)],
    # lectures
    "list_lectures": [Row(EVERYBODY)],
    "create_lecture": [
        Row(COORDINATOR | {"lecturer", "specialist"}, "agreement",
            sees=frozenset({"township_coordinator"}), kept=True,
            body={"title": "示例", "starts_at": SOON, "agreement_ids": ["{id}"], "lecturer_id": "{lecturer}"})
    ],
    "get_lecture": [Row(RUNS, "lecture.planned"), Row(RUNS | AUDIENCE, "lecture.announced")],
    "update_lecture": _lecture("announced", RUNS, {"title": "示例二"}),
    "announce_lecture": _lecture("planned", RUNS),
    "open_lecture": _lecture("announced", RUNS),
    "start_lecture": _lecture("open", RUNS),
    "end_lecture": _lecture("live", RUNS),
    "archive_lecture": [Row(NOBODY, "lecture.live", sees=RUNS | (AUDIENCE & MANAGES))],
    "cancel_lecture": _lecture("announced", RUNS, REASON),
    "join_lecture": [Row(RUNS | AUDIENCE, "lecture.announced"), Row(RUNS | AUDIENCE, "lecture.live")],
    "issue_lecture_encoder": [
        Row(frozenset({"lecturer"}), "lecture.announced", sees=AUDIENCE | RUNS - {"lecturer"})
    ],
    "set_lecture_speaker": [
        Row(NOBODY, "lecture.live", sees=RUNS | (AUDIENCE & MANAGES),
            body={"identity": "stf_nobody", "allowed": True})
    ],
    "get_lecture_attendance": [
        Row(RUNS | {"township_coordinator"}, "lecture.live", sees=frozenset({"specialist"}))
    ],
    "export_lecture_attendance": [
        Row(RUNS | {"township_coordinator"}, "lecture.live", sees=frozenset({"specialist"}))
    ],
    # rooms: hosts, and co-hosts, of which the doctor who asked is one
    "get_room": [_room("consult.live"), _room("lecture.live")],
    "set_room_presence": [
        Row(frozenset({"rural_doctor"}), "consult.live", body={"identity": "{doctor}", "hand": True})
    ],
    "admit_to_room": [
        _room("consult.live", body={"everybody": True}), _room("lecture.live", body={"everybody": True})
    ],
    "refuse_at_room": [
        Row(NOBODY, "consult.live", sees=CASE, body={"identity": "{doctor}", **REASON})
    ],
    "mute_in_room": [
        Row(INVITED, "consult.live", sees=CASE - INVITED, body={"identity": "{doctor}", "kind": "microphone"})
    ],
    "remove_from_room": [
        Row(INVITED, "consult.live", sees=CASE - INVITED, body={"identity": "{doctor}"})
    ],
    "set_room_co_host": [
        Row(INVITED, "consult.live", sees=CASE - INVITED, body={"identity": "{doctor}", "given": False})
    ],
    "set_room_door": [
        _room("consult.live", body={"locked": True}), _room("lecture.live", body={"locked": True})
    ],
    "end_room": [_room("consult.live"), _room("lecture.live")],
    "get_agenda": [Row(EVERYBODY)],
    # recordings: the case's own people; a lecture's audience may see them
    "list_recordings": [
        Row(TREATING, "consult.live", sees=COORDINATOR), Row(RUNS | AUDIENCE, "lecture.live"),
    ],
    "set_recording_consent": [
        Row(OWN_DOCTORS, "consult.live", sees=INVITED | COORDINATOR,
            body={"given": True, "basis": "guardian"}),
        Row(RUNS, "lecture.live", sees=RECORDS, body={"given": True, "basis": "announced"}),
    ],
    "start_recording": [_room("consult.live"), Row(NOBODY, "lecture.live", sees=RUNS | RECORDS)],
    "get_recording": [Row(TREATING, "recording", sees=COORDINATOR)],
    "stop_recording": [_room("recording", consult=True)],
    "retry_recording": [Row(NOBODY, "recording", sees=CASE)],
    "issue_replay_ticket": [
        Row(TREATING, "recording.ready", sees=COORDINATOR), Row(NOBODY, "recording", sees=CASE),
    ],
}  # fmt: skip

LISTS: dict[str, tuple[str, dict[str, frozenset[str]]]] = {
    "/api/agreements": ("get_agreement", {"agreement": PARTIES}),
    "/api/patients": ("get_patient", {"patient": OWN_DOCTORS}),
    "/api/reads?group=all": ("get_read", {
        "read.uploading": OWN_DOCTORS, "read.checked": OWN_DOCTORS, "read.queued": READING,
        "read.draft": READING, "read.signed": READING,
    }),
    "/api/consults?limit=200": ("get_consult", {
        "consult.draft": OWN_DOCTORS, "consult.submitted": CASE, "consult.scheduled": CASE,
        "consult.closed": CASE,
    }),
    "/api/lectures?limit=200": ("get_lecture", {
        "lecture.planned": RUNS, "lecture.announced": RUNS | AUDIENCE, "lecture.live": RUNS | AUDIENCE,
    }),
    "/api/entries": ("get_entry", {"entry": AUTHORITY | COORDINATORS}),
    "/api/subjects": ("get_score", {"agreement": AUTHORITY | COORDINATORS}),
    "/api/agenda": ("join_consult", {
        "consult.scheduled": TREATING, "consult.draft": NOBODY, "lecture.live": RUNS | AUDIENCE,
    }),
}  # fmt: skip
"""Lists, and which objects stand in them for whom; nobody else's list may hold the id anywhere."""
