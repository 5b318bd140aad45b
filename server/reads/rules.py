"""The life of a read request: states, events, who may do what, clocks, what a report must hold. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class ReadKind(StrEnum):
    ECG = "ecg"


class Urgency(StrEnum):
    EMERGENCY = "emergency"
    ROUTINE = "routine"


class ReadState(StrEnum):
    """DOMAIN, lifecycle of a ReadRequest."""

    UPLOADING = "uploading"  # no readable file yet
    QUALITY_CHECKED = "quality_checked"  # file read and shown to the doctor, not sent yet
    RETURNED = "returned"  # the specialist sent it back with what to fix
    QUEUED = "queued"
    CLAIMED = "claimed"
    DRAFT = "draft"
    SIGNED = "signed"
    ACKNOWLEDGED = "acknowledged"
    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    CANCELLED = "cancelled"


class ReadEvent(StrEnum):
    """What people do to a read; also the names of the buttons (`actions`)."""

    ATTACH = "attach"  # a file was uploaded and read
    SUBMIT = "submit"
    CANCEL = "cancel"
    CLAIM = "claim"
    RELEASE = "release"
    RETURN = "return"  # 退回重做
    SAVE_DRAFT = "save_draft"
    SIGN = "sign"
    AMEND = "amend"  # sign a new version of a signed report
    MARK_CRITICAL = "mark_critical"
    ACKNOWLEDGE_CRITICAL = "acknowledge_critical"
    ACKNOWLEDGE = "acknowledge"
    ADOPT = "adopt"
    NOT_ADOPT = "not_adopt"


S, E = ReadState, ReadEvent

TRANSITIONS: Mapping[tuple[ReadState, ReadEvent], ReadState] = {
    (S.UPLOADING, E.ATTACH): S.QUALITY_CHECKED,
    (S.UPLOADING, E.CANCEL): S.CANCELLED,
    (S.QUALITY_CHECKED, E.ATTACH): S.QUALITY_CHECKED,  # a better recording replaces a bad one
    (S.QUALITY_CHECKED, E.SUBMIT): S.QUEUED,
    (S.QUALITY_CHECKED, E.CANCEL): S.CANCELLED,
    (S.RETURNED, E.ATTACH): S.QUALITY_CHECKED,
    (
        S.RETURNED,
        E.SUBMIT,
    ): S.QUEUED,  # nothing wrong with the file after all; the question was amended
    (S.RETURNED, E.CANCEL): S.CANCELLED,
    (S.QUEUED, E.CLAIM): S.CLAIMED,
    (S.QUEUED, E.CANCEL): S.CANCELLED,
    (S.CLAIMED, E.RELEASE): S.QUEUED,
    (S.CLAIMED, E.RETURN): S.RETURNED,
    (S.CLAIMED, E.SAVE_DRAFT): S.DRAFT,
    (S.CLAIMED, E.MARK_CRITICAL): S.CLAIMED,
    (S.CLAIMED, E.ACKNOWLEDGE_CRITICAL): S.CLAIMED,
    (S.DRAFT, E.RELEASE): S.QUEUED,
    (S.DRAFT, E.RETURN): S.RETURNED,
    (S.DRAFT, E.SAVE_DRAFT): S.DRAFT,
    (S.DRAFT, E.SIGN): S.SIGNED,
    (S.DRAFT, E.MARK_CRITICAL): S.DRAFT,
    (S.DRAFT, E.ACKNOWLEDGE_CRITICAL): S.DRAFT,
    (S.SIGNED, E.MARK_CRITICAL): S.SIGNED,
    (S.SIGNED, E.ACKNOWLEDGE): S.ACKNOWLEDGED,
    (S.ACKNOWLEDGED, E.ADOPT): S.ADOPTED,
    (S.ACKNOWLEDGED, E.NOT_ADOPT): S.NOT_ADOPTED,
    # A confirmed critical value must reach somebody whatever became of the read since.
    (S.QUEUED, E.ACKNOWLEDGE_CRITICAL): S.QUEUED,
    (S.RETURNED, E.ACKNOWLEDGE_CRITICAL): S.RETURNED,
    (S.QUALITY_CHECKED, E.ACKNOWLEDGE_CRITICAL): S.QUALITY_CHECKED,
    (S.CANCELLED, E.ACKNOWLEDGE_CRITICAL): S.CANCELLED,
}
AFTER_SIGNING = (S.SIGNED, S.ACKNOWLEDGED, S.ADOPTED, S.NOT_ADOPTED)
TRANSITIONS = {
    **TRANSITIONS,
    **{
        (state, event): target
        for state in AFTER_SIGNING
        for event, target in (
            (E.SAVE_DRAFT, state),  # of an amendment
            (E.AMEND, S.SIGNED),  # the new version must be acknowledged anew
            (E.ACKNOWLEDGE_CRITICAL, state),
        )
    },
}

IN_PREPARATION = (S.UPLOADING, S.QUALITY_CHECKED, S.RETURNED)
"""Only the requesting side sees a read in these states."""
WAITING = (S.QUEUED, S.CLAIMED, S.DRAFT)
"""The clock runs."""


class Side(StrEnum):
    """From which side a person looks at a read."""

    REQUESTER = "requester"  # a doctor of the requesting unit
    READER = "reader"  # a specialist of the supporting unit


EVENTS_OF: Mapping[Side, frozenset[ReadEvent]] = {
    Side.REQUESTER: frozenset(
        {
            E.ATTACH,
            E.SUBMIT,
            E.CANCEL,
            E.ACKNOWLEDGE_CRITICAL,
            E.ACKNOWLEDGE,
            E.ADOPT,
            E.NOT_ADOPT,
        }
    ),
    Side.READER: frozenset(
        {E.CLAIM, E.RELEASE, E.RETURN, E.SAVE_DRAFT, E.SIGN, E.AMEND, E.MARK_CRITICAL}
    ),
}
OF_THE_CLAIMER = frozenset({E.RELEASE, E.RETURN, E.SAVE_DRAFT, E.SIGN, E.MARK_CRITICAL})
"""Before signing, only the specialist who claimed the read does these."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a read stands, as far as the rules need to know."""

    state: ReadState
    claimed_by: str | None
    critical_open: bool  # a confirmed critical value that nobody acknowledged yet


def after(state: ReadState, event: ReadEvent) -> ReadState | None:
    """The state that follows, None when the event does not fit the state."""
    return TRANSITIONS.get((state, event))


def may(standing: Standing, event: ReadEvent, side: Side, person_id: str) -> bool:
    """True if a person on that side may do this now."""
    if event not in EVENTS_OF[side] or after(standing.state, event) is None:
        return False
    if event is E.ACKNOWLEDGE_CRITICAL:
        return standing.critical_open
    if event in OF_THE_CLAIMER and standing.state in WAITING:
        return standing.claimed_by == person_id
    return True


def actions(standing: Standing, side: Side, person_id: str) -> list[ReadEvent]:
    """Everything that a person on that side may do now, in the order of the enum."""
    return [event for event in ReadEvent if may(standing, event, side, person_id)]


def shown_state(state: ReadState, side: Side) -> ReadState:
    """The requester is not told that a draft exists: nothing of it is visible before signing."""
    if side is Side.REQUESTER and state is S.DRAFT:
        return S.CLAIMED
    return state


# Clocks.


def due_at(submitted_at: datetime, minutes: int) -> datetime:
    """When the report must be signed."""
    return submitted_at + timedelta(minutes=minutes)


def seconds_left(due: datetime | None, done: datetime | None, now: datetime) -> int | None:
    """Whole seconds to the deadline, negative once late; measured at `done` when it is over."""
    if due is None:
        return None
    return int(((due) - (done or now)).total_seconds())


def on_time(due: datetime, done: datetime) -> bool:
    """A report signed in the very second that it is due is on time."""
    return done <= due


def turnaround_minutes(submitted_at: datetime, signed_at: datetime) -> float:
    """Minutes from submission to signature, to a tenth."""
    return round((signed_at - submitted_at).total_seconds() / 60, 1)


def age_on(birth: date | None, day: date) -> int | None:
    """Completed years, None when unknown or not yet born."""
    if birth is None or birth > day:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


# Whose recording is it?


class MatchResult(StrEnum):
    MATCH = "match"
    DIFFERS = "differs"
    ABSENT = "absent"


class MatchField(StrEnum):
    NAME = "name"
    SEX = "sex"
    BIRTH_DATE = "birth_date"
    LOCAL_NO = "local_no"


@dataclass(frozen=True, slots=True)
class FieldMatch:
    """One item of identity as the file has it and as the chosen patient has it; empty when absent."""

    field: MatchField
    in_file: str
    chosen: str
    result: MatchResult


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def same_name(in_file: str, chosen: str, spellings: Iterable[str] = ()) -> bool:
    """True if any component group of a DICOM person name (PS3.5 6.2.1) is the chosen name.

    `spellings` are further ways to write the chosen name, e.g. its pinyin.
    """
    accepted = {_letters(chosen), *(_letters(text) for text in spellings)} - {""}
    groups = [group for group in in_file.split("=") if _letters(group)]
    for group in groups:
        words = [word for word in group.replace("^", " ").split() if word]
        # Family and given name come in either order from ECG devices.
        if {_letters("".join(words)), _letters("".join(reversed(words)))} & accepted:
            return True
    return False


PLACEHOLDERS = frozenset(
    {"anonymous", "anonymized", "anonymised", "unknown", "noname", "匿名", "无名"}
)
"""What devices and exports write when nobody entered a name."""


def _compare(field: MatchField, in_file: str, chosen: str, same: bool) -> FieldMatch:
    absent = not _letters(in_file) or not _letters(chosen)
    result = MatchResult.ABSENT if absent else MatchResult.MATCH if same else MatchResult.DIFFERS
    return FieldMatch(field, in_file, chosen, result)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a recording, or a patient's record, says it belongs to. Empty strings when unknown."""

    name: str = ""
    sex: str = ""  # M, F, O; U and empty are unknown
    birth_date: str = ""  # ISO 8601
    local_no: str = ""


def match_identity(
    in_file: Identity, chosen: Identity, spellings: Iterable[str] = ()
) -> list[FieldMatch]:
    """Compare the four items."""
    unknown_sex = "U" in (in_file.sex, chosen.sex)
    return [
        _compare(
            MatchField.NAME,
            "" if _letters(in_file.name) in PLACEHOLDERS else in_file.name,
            chosen.name,
            same_name(in_file.name, chosen.name, spellings),
        ),
        _compare(
            MatchField.SEX,
            "" if unknown_sex else in_file.sex,
            chosen.sex,
            in_file.sex == chosen.sex,
        ),
        _compare(
            MatchField.BIRTH_DATE,
            in_file.birth_date,
            chosen.birth_date,
            in_file.birth_date == chosen.birth_date,
        ),
        _compare(
            MatchField.LOCAL_NO,
            in_file.local_no,
            chosen.local_no,
            _letters(in_file.local_no) == _letters(chosen.local_no),
        ),
    ]


def overall_match(fields: Iterable[FieldMatch]) -> MatchResult:
    """Differs if anything differs; absent unless the name or the number was there to compare."""
    found = list(fields)
    if any(item.result is MatchResult.DIFFERS for item in found):
        return MatchResult.DIFFERS
    telling = (MatchField.NAME, MatchField.LOCAL_NO)
    if any(item.result is MatchResult.MATCH and item.field in telling for item in found):
        return MatchResult.MATCH
    return MatchResult.ABSENT


# What a signed report must hold.


@dataclass(frozen=True, slots=True)
class Fault:
    """A field that keeps a report from being signed."""

    path: str
    zh: str
    en: str


# Beyond these the number is a slip of the pen, not a measurement.
RANGES: Mapping[str, tuple[int, int]] = {
    "rate_bpm": (10, 350),
    "axis_degrees": (-180, 180),
    "pr_ms": (40, 600),
    "qrs_ms": (30, 300),
    "qt_ms": (100, 800),
    "qtc_ms": (100, 800),
}


def report_faults(
    content: Mapping[str, object], rhythms: Collection[str], findings: Collection[str]
) -> list[Fault]:
    """Why a report cannot be signed yet; empty when it can."""
    faults = []
    if not str(content.get("conclusion") or "").strip():
        faults.append(Fault("conclusion", "请填写结论。", "Write the conclusion."))
    if content.get("rhythm") not in rhythms:
        faults.append(Fault("rhythm", "请从列表选择心律。", "Choose the rhythm from the list."))
    named = content.get("findings")
    named = named if isinstance(named, list) else []
    if any(code not in findings for code in named):
        faults.append(Fault("findings", "有列表之外的所见。", "A finding is not on the list."))
    if len(set(named)) != len(named):
        faults.append(Fault("findings", "所见有重复。", "A finding is named twice."))
    for name, (low, high) in RANGES.items():
        value = content.get(name)
        if isinstance(value, int) and not low <= value <= high:
            faults.append(
                Fault(name, f"应在 {low} 至 {high} 之间。", f"Must be between {low} and {high}.")
            )
    return faults
