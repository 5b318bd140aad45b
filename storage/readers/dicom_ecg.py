"""DICOM waveform objects (PS3.3 C.10.9) to the normal form of an ECG."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from pydicom import Dataset

from storage.readers.dicom_file import clean, read_whole, require_dicom, summary
from storage.readers.dicom_notes import filters, measurements, statements
from storage.readers.ecg import STANDARD_LEADS, EcgDevice, EcgPatient, EcgRecording
from storage.readers.ecg_signal import (
    Signal,
    check_lead,
    derive_limb_leads,
    estimate_rate,
    in_order,
    to_int16,
)
from storage.readers.refusals import MODALITIES, RefusalCode, Refused

_ECG_CLASSES = frozenset(f"1.2.840.10008.5.1.4.1.1.9.1.{n}" for n in (1, 2, 3, 4))
_BIG_ENDIAN = "1.2.840.10008.1.2.2"
_TYPES = {
    (8, "SB"): "i1", (8, "UB"): "u1", (16, "SS"): "i2", (16, "US"): "u2",
    (32, "SL"): "i4", (32, "UL"): "u4",
}  # fmt: skip
_MICROVOLTS = {"uv": 1.0, "mv": 1e3, "v": 1e6, "nv": 1e-3}
# SCP-ECG lead numbers, which ISO 11073 (MDC, 2:n) uses too (PS3.16 CID 3001).
_LEAD_NUMBERS = {
    1: "I", 2: "II", 3: "V1", 4: "V2", 5: "V3", 6: "V4", 7: "V5", 8: "V6", 9: "V7",
    10: "V2R", 11: "V3R", 12: "V4R", 13: "V5R", 14: "V6R", 15: "V7R",
    61: "III", 62: "aVR", 63: "aVL", 64: "aVF", 66: "V8", 67: "V9", 68: "V8R", 69: "V9R",
}  # fmt: skip
_LEAD_CODE = re.compile(r"(?:5\.6\.3-9-|2:)([0-9]{1,3})")
_LEAD_NAMES = {name.upper(): name for name in _LEAD_NUMBERS.values()}
_LEAD_TEXT = re.compile(r"(?:^|\b|_)(AV[RLF]|V[1-9]R?|I{1,3})(?:\b|$)")
_MAX_SAMPLES = 12_000_000
_MAX_SECONDS = 1800.0


def read_ecg(path: Path) -> EcgRecording:
    """Read one DICOM ECG. Raises Refused, and whatever pydicom raises on a bad file: call it guarded."""
    size = require_dicom(path)
    about = summary(path)
    if about.modality != "ECG" and about.sop_class not in _ECG_CLASSES:
        if about.modality in MODALITIES:
            raise Refused(RefusalCode.NOT_AN_ECG, about.modality)
        if about.modality:
            raise Refused(RefusalCode.NOT_AN_ECG)
    ds = read_whole(path, size)
    groups = list(ds.get("WaveformSequence") or [])
    if not groups:
        raise Refused(RefusalCode.NO_WAVEFORM)
    return _recording(ds, groups, big_endian=about.transfer_syntax == _BIG_ENDIAN)


def _recording(ds: Dataset, groups: list[Dataset], *, big_endian: bool) -> EcgRecording:
    forgiven: list[str] = []
    group = max(groups, key=_preference)
    if not _lead_names(group):
        raise Refused(
            RefusalCode.NOT_AN_ECG if ds.get("Modality") != "ECG" else RefusalCode.NO_WAVEFORM
        )
    frequency = _frequency(group)
    leads, units = _signals(group, forgiven, big_endian=big_endian)
    for other in groups:
        if other is not group and _joins(other, group, leads):
            extra, more = _signals(other, forgiven, big_endian=big_endian)
            offset = _number(other.get("MultiplexGroupTimeOffset"), 0.0)
            offset -= _number(group.get("MultiplexGroupTimeOffset"), 0.0)
            _join(leads, extra, round(offset * frequency / 1000))
            units += more
    if not any(np.isfinite(signal).any() for signal in leads.values()):
        raise Refused(RefusalCode.NO_WAVEFORM)
    derived = derive_limb_leads(leads)
    names = in_order(list(leads))
    microvolts = np.stack([leads[name] for name in names])
    samples, unit, lossless = to_int16(microvolts, min(units))
    return EcgRecording(
        leads=tuple(names),
        derived=derived,
        missing=tuple(name for name in STANDARD_LEADS if name not in leads),
        sampling_frequency=frequency,
        microvolts_per_unit=unit,
        samples=samples,
        lossless=lossless or bool(derived),
        recorded_at=_recorded_at(ds),
        patient=_patient(ds),
        device=EcgDevice(
            manufacturer=clean(ds.get("Manufacturer")),
            model=clean(ds.get("ManufacturerModelName")),
            serial=clean(ds.get("DeviceSerialNumber")),
            software=clean(ds.get("SoftwareVersions")),
        ),
        filters=filters(group),
        measurements=measurements(ds),
        statements=statements(ds),
        checks=tuple(check_lead(name, leads[name], frequency) for name in names),
        rate=estimate_rate(microvolts, frequency),
        forgiven=tuple(dict.fromkeys(forgiven)),
    )


# Groups: a rhythm is wanted, not the median beat that devices add as a second group.


def _preference(group: Dataset) -> tuple[bool, bool, int, float]:
    label = clean(group.get("MultiplexGroupLabel")).upper()
    try:
        seconds = int(group.NumberOfWaveformSamples) / float(group.SamplingFrequency)
    except (AttributeError, TypeError, ValueError, ZeroDivisionError):
        seconds = 0.0
    return (
        bool(_lead_names(group)),
        "MEDIAN" not in label and clean(group.get("WaveformOriginality")) != "DERIVED",
        len(_lead_names(group)),
        seconds,
    )


def _joins(other: Dataset, group: Dataset, leads: dict[str, Signal]) -> bool:
    """Whether another group adds leads of the same recording (3 × 4 formats have a group for each column)."""
    names = set(_lead_names(other).values())
    return (
        bool(names)
        and not names & set(leads)
        and _preference(other)[1]
        and _frequency(other) == _frequency(group)
    )


def _join(leads: dict[str, Signal], extra: dict[str, Signal], offset: int) -> None:
    """Put leads of another group, which starts `offset` samples later, beside the others on one time axis."""
    count = next(iter(leads.values())).size
    added = next(iter(extra.values())).size
    start = min(0, offset)
    total = max(count, offset + added) - start
    if total * (len(leads) + len(extra)) > _MAX_SAMPLES:
        raise Refused(RefusalCode.TOO_LARGE)
    for source, first in ((dict(leads), -start), (extra, offset - start)):
        for name, signal in source.items():
            leads[name] = np.full(total, np.nan)
            leads[name][first : first + signal.size] = signal


def _frequency(group: Dataset) -> float:
    frequency = _number(group.get("SamplingFrequency"), 0.0)
    if not 50.0 <= frequency <= 16000.0:
        raise Refused(RefusalCode.UNREADABLE)
    return frequency


# Channels.


def _channels(group: Dataset) -> list[Dataset]:
    return list(group.get("ChannelDefinitionSequence") or [])


def _lead_names(group: Dataset) -> dict[int, str]:
    """Channel number → lead name, each lead once, channels that are no ECG lead left out."""
    names: dict[int, str] = {}
    for number, channel in enumerate(_channels(group)):
        name = _lead_name(channel)
        if name and name not in names.values():
            names[number] = name
    return names


def _lead_name(channel: Dataset) -> str:
    for code in channel.get("ChannelSourceSequence") or []:
        match = _LEAD_CODE.fullmatch(clean(code.get("CodeValue")))
        if match and int(match[1]) in _LEAD_NUMBERS:
            return _LEAD_NUMBERS[int(match[1])]
    texts = [clean(channel.get("ChannelLabel"))]
    for code in channel.get("ChannelSourceSequence") or []:
        texts += [clean(code.get("CodeMeaning")), clean(code.get("CodeValue"))]
    for text in texts:
        found = _LEAD_TEXT.search(text.upper())
        if found:
            return _LEAD_NAMES[found[1]]
    return ""


def _signals(
    group: Dataset, forgiven: list[str], *, big_endian: bool
) -> tuple[dict[str, Signal], list[float]]:
    """(lead → microvolts with NaN for padding, microvolts per raw unit of each lead)."""
    raw = _raw(group, big_endian=big_endian)
    if raw.shape[0] / _frequency(group) > _MAX_SECONDS:
        raise Refused(RefusalCode.TOO_LARGE)
    padding = _padding(group, raw.dtype)
    signals: dict[str, Signal] = {}
    units: list[float] = []
    for number, name in _lead_names(group).items():
        if number >= raw.shape[1]:
            raise Refused(RefusalCode.UNREADABLE)
        unit, baseline = _scale(_channels(group)[number])
        column = raw[:, number]
        signal: Signal = column.astype(np.float64) * unit + baseline
        if padding is not None and _is_padding(padding, raw.dtype):
            signal[column == padding] = np.nan
        elif padding is not None:
            forgiven.append("padding_value_is_a_sample_value")
        signals[name] = signal
        units.append(abs(unit))
    return signals, units


def _raw(group: Dataset, *, big_endian: bool) -> np.ndarray[tuple[int, int], np.dtype[Any]]:
    """Samples as stored, [n × channels]; sizes checked before anything is allocated."""
    bits = int(_number(group.get("WaveformBitsAllocated"), 0))
    kind = _TYPES.get((bits, clean(group.get("WaveformSampleInterpretation"))))
    if kind is None:
        raise Refused(RefusalCode.UNSUPPORTED)
    channels = int(_number(group.get("NumberOfWaveformChannels"), 0))
    count = int(_number(group.get("NumberOfWaveformSamples"), 0))
    if channels <= 0 or count <= 0 or channels != len(_channels(group)):
        raise Refused(RefusalCode.UNREADABLE)
    if channels * count > _MAX_SAMPLES:
        raise Refused(RefusalCode.TOO_LARGE)
    data = group.get("WaveformData")
    wanted = channels * count * bits // 8
    if not isinstance(data, bytes) or len(data) < wanted:
        raise Refused(RefusalCode.TRUNCATED)
    kind = (">" if big_endian else "<") + kind
    return np.frombuffer(data, dtype=kind, count=channels * count).reshape(count, channels)


def _padding(group: Dataset, dtype: np.dtype[Any]) -> int | None:
    value = group.get("WaveformPaddingValue")
    if isinstance(value, bytes) and len(value) >= dtype.itemsize:
        return int(np.frombuffer(value, dtype=dtype, count=1)[0])
    return value if isinstance(value, int) else None


def _is_padding(padding: int, dtype: np.dtype[Any]) -> bool:
    """Whether a padding value marks gaps. Many devices write 0, which is an ordinary sample: that one is not."""
    limits = np.iinfo(dtype)
    span = int(limits.max) - int(limits.min)
    margin = span // 64
    return padding >= int(limits.max) - margin or (
        int(limits.min) < 0 and padding <= int(limits.min) + margin
    )


def _scale(channel: Dataset) -> tuple[float, float]:
    """(microvolts per raw unit, microvolts at raw 0) (PS3.3 C.10.9.1.4.2)."""
    units = [
        clean(item.get("CodeValue"))
        for item in channel.get("ChannelSensitivityUnitsSequence") or []
    ]
    factor = _MICROVOLTS.get(units[0].replace("µ", "u").lower() if units else "")
    sensitivity = _number(channel.get("ChannelSensitivity"), 0.0)
    correction = _number(channel.get("ChannelSensitivityCorrectionFactor"), 1.0) or 1.0
    if factor is None or not 1e-4 <= abs(sensitivity * correction * factor) <= 1e4:
        raise Refused(RefusalCode.NO_SCALE)
    baseline = _number(channel.get("ChannelBaseline"), 0.0)
    if abs(baseline * factor) > 1e6:
        raise Refused(RefusalCode.UNREADABLE)
    return sensitivity * correction * factor, baseline * factor


def _number(value: Any, default: float) -> float:
    """A finite number, `default` for an absent or empty value; anything else is refused."""
    if value is None or value == "":
        return default
    number = float(value)
    if not math.isfinite(number):
        raise Refused(RefusalCode.UNREADABLE)
    return number


# Who and when.


def _patient(ds: Dataset) -> EcgPatient:
    sex = clean(ds.get("PatientSex")).upper()
    return EcgPatient(
        id=clean(ds.get("PatientID")),
        name=clean(ds.get("PatientName")),
        sex=sex if sex in ("M", "F", "O") else "",
        birth_date=_iso_date(clean(ds.get("PatientBirthDate"))),
    )


def _iso_date(text: str) -> str:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])).isoformat()
    except ValueError:
        return ""


def _recorded_at(ds: Dataset) -> str:
    """ISO 8601 from AcquisitionDateTime, else from the acquisition, content or study date and time."""
    for text in _moments(ds):
        found = re.fullmatch(r"(\d{8})(\d{2})(\d{2})(\d{2})?(?:\.\d*)?([+-]\d{4})?", text)
        if not found:
            continue
        day, hour, minute, second, offset = found.groups()
        second = second or "00"
        if _iso_date(day) and int(hour) < 24 and int(minute) < 60 and int(second) < 60:
            zone = f"{offset[:3]}:{offset[3:]}" if offset else ""
            return f"{_iso_date(day)}T{hour}:{minute}:{second}{zone}"
    return ""


def _moments(ds: Dataset) -> Iterator[str]:
    yield clean(ds.get("AcquisitionDateTime"))
    for kind in ("Acquisition", "Content", "Study"):
        yield clean(ds.get(f"{kind}Date")) + clean(ds.get(f"{kind}Time"))
