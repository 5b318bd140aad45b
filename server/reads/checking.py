"""What the server found in a recording, and whether it is the chosen patient's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pypinyin import lazy_pinyin

from server.reads.rules import (
    Identity,
    MatchResult,
    Side,
    match_identity,
    overall_match,
)
from server.reads.schemas import (
    DeviceMeasurements,
    EcgView,
    FieldMatchView,
    FileCheckView,
    LeadCheckView,
    OwnMeasurements,
    PatientMatchView,
    Term,
)
from storage.tables.patients import Patient
from storage.tables.reads import ReadFile

SHORTEST_SECONDS = 9.5
"""A resting ECG is ten seconds; devices cut off a few samples."""

HINTS: Mapping[str, tuple[str, str]] = {
    "leads_missing": (
        "缺少导联：{leads}。请检查电极和导出设置，最好重新采集。",
        "Leads are missing: {leads}. Check electrodes and export settings; better record again.",
    ),
    "short": (
        "记录时间不足 10 秒，心律判断受限。请重新采集。",
        "Shorter than 10 seconds, which limits the rhythm. Record again.",
    ),
    "flat": (
        "{leads} 呈一条直线。请检查电极是否脱落，重新采集。",
        "{leads}: a flat line. Check for a loose electrode and record again.",
    ),
    "noisy": (
        "{leads} 干扰明显。请清洁皮肤、让患者放松后重新采集。",
        "{leads}: noisy. Clean the skin, let the patient relax, record again.",
    ),
    "off_electrode": (
        "{leads} 基线漂移很大，电极可能松动。请检查后重新采集。",
        "{leads}: the baseline drifts far, perhaps a loose electrode. Check and record again.",
    ),
    "clipped": (
        "{leads} 波形被削顶。请调低增益后重新采集。",
        "{leads}: clipped. Lower the gain and record again.",
    ),
    "gaps": (
        "{leads} 有缺失的数据。请重新导出。",
        "{leads}: samples are missing. Export the recording again.",
    ),
    "no_rate": (
        "未能测出心率。请核对波形是否可读。",
        "No heart rate could be measured. Check that the tracing is readable.",
    ),
    "rate_differs": (
        "设备心率与本机测得的心率相差较大，请核对。",
        "The device's heart rate differs much from ours. Check it.",
    ),
    "recorded_earlier": (
        "文件记录的采集日期不是今天。请确认是本次检查。",
        "The file was not recorded today. Make sure that it is the present recording.",
    ),
}


def _hint(code: str, leads: list[str] | None = None) -> Term:
    zh, en = HINTS[code]
    return Term(
        code=code,
        zh=zh.format(leads="、".join(leads or [])),
        en=en.format(leads=", ".join(leads or [])),
    )


def hints(check: Mapping[str, Any], uploaded_on: date | None) -> list[Term]:
    """What to look at or to repeat. `check` is the header of the recording (storage.readers.ecg)."""
    found = []
    if check["missing"]:
        found.append(_hint("leads_missing", check["missing"]))
    if check["duration"] < SHORTEST_SECONDS:
        found.append(_hint("short"))
    for problem in ("flat", "off_electrode", "noisy", "clipped", "gaps"):
        leads = [item["lead"] for item in check["checks"] if problem in item["problems"]]
        if leads:
            found.append(_hint(problem, leads))
    own, device = _own_rate(check), _measured(check).get("heart_rate")
    if own is None:
        found.append(_hint("no_rate"))
    elif device is not None and abs(device - own) > max(10.0, 0.15 * device):
        found.append(_hint("rate_differs"))
    recorded = str(check["recorded_at"])[:10]
    if recorded and uploaded_on is not None and recorded != uploaded_on.isoformat():
        found.append(_hint("recorded_earlier"))
    return found


def _own_rate(check: Mapping[str, Any]) -> float | None:
    rate = check["rate"]
    return float(rate["bpm"]) if rate else None


def _measured(check: Mapping[str, Any]) -> dict[str, float]:
    return {item["name"]: float(item["value"]) for item in check["measurements"]}


def _signal(check: Mapping[str, Any]) -> list[LeadCheckView]:
    return [
        LeadCheckView(lead=item["lead"], problems=list(item["problems"]))
        for item in check["checks"]
    ]


def _chosen(patient: Patient) -> Identity:
    born = patient.birth_date.isoformat() if patient.birth_date else ""
    return Identity(patient.name, patient.sex, born, patient.local_no)


def match_view(file: ReadFile, patient: Patient, side: Side) -> PatientMatchView:
    """Compare the file's identity with the chosen patient; the values are for the requesting side only."""
    given = file.check["patient"]
    in_file = Identity(given["name"], given["sex"], given["birth_date"], given["id"])
    spellings = ["".join(lazy_pinyin(patient.name))]
    fields = match_identity(in_file, _chosen(patient), spellings)
    result = overall_match(fields)
    own = side is Side.REQUESTER
    return PatientMatchView(
        result=result,
        fields=[
            FieldMatchView(
                field=item.field,
                in_file=item.in_file if own else "",
                chosen=item.chosen if own else "",
                result=item.result,
            )
            for item in fields
        ],
        must_confirm=result is MatchResult.DIFFERS and file.mismatch_confirmed_at is None,
    )


def file_view(file: ReadFile, patient: Patient, side: Side, uploaded_on: date) -> FileCheckView:
    """What the doctor sees right after the upload."""
    check = file.check
    missing = list(check["missing"])
    return FileCheckView(
        number=file.number,
        uploaded_at=file.uploaded_at,
        size=file.original_size,
        sha256=file.original_sha256,
        quality=check["quality"],
        leads_present=list(check["leads"]),
        leads_missing=missing,
        leads_derived=list(check["derived"]),
        duration_s=round(check["duration"], 3),
        sampling_hz=check["sampling_frequency"],
        recorded_at=check["recorded_at"],
        device_rate_bpm=_measured(check).get("heart_rate"),
        own_rate_bpm=_own_rate(check),
        leads=_signal(check),
        hints=hints(check, uploaded_on),
        patient=match_view(file, patient, side),
    )


def _device(check: Mapping[str, Any]) -> DeviceMeasurements:
    measured = _measured(check)
    return DeviceMeasurements(
        rate_bpm=measured.get("heart_rate"),
        rr_ms=measured.get("rr"),
        pr_ms=measured.get("pr"),
        qrs_ms=measured.get("qrs"),
        qt_ms=measured.get("qt"),
        qtc_ms=measured.get("qtc"),
        p_axis_degrees=measured.get("p_axis"),
        qrs_axis_degrees=measured.get("qrs_axis"),
        t_axis_degrees=measured.get("t_axis"),
        statements=list(check["statements"]),
    )


def _own(check: Mapping[str, Any]) -> OwnMeasurements:
    rate = check["rate"] or {}
    return OwnMeasurements(
        rate_bpm=rate.get("bpm"),
        beats=rate.get("beats"),
        rr_min_ms=rate.get("rr_min_ms"),
        rr_max_ms=rate.get("rr_max_ms"),
    )


def ecg_view(file: ReadFile, uploaded_on: date) -> EcgView:
    """What the tracing page needs beside the samples."""
    check = file.check
    return EcgView(
        number=file.number,
        leads=list(check["leads"]),
        derived=list(check["derived"]),
        missing=list(check["missing"]),
        sampling_hz=check["sampling_frequency"],
        samples=check["sample_count"],
        duration_s=round(check["duration"], 3),
        microvolts_per_unit=check["microvolts_per_unit"],
        filters=dict(check["filters"]),
        quality=check["quality"],
        recorded_at=check["recorded_at"],
        sha256=file.normal_sha256,
        size=file.normal_size,
        original_sha256=file.original_sha256,
        original_size=file.original_size,
        device=_device(check),
        own=_own(check),
        signal=_signal(check),
        hints=hints(check, uploaded_on),
    )
