"""What the device wrote about a DICOM ECG: measurements and statements (PS3.3 C.10.10), filters."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydicom import Dataset

from storage.readers.dicom_file import clean
from storage.readers.ecg import Measurement

MAX_STATEMENTS = 50
MAX_ANNOTATIONS = 5000

# By SCP-ECG code (PS3.16 CID 3687 and 3690 …), else by the English meaning that devices give with it.
_CODES = {
    "5.10.2.1-3": "rr",
    "5.13.5-7": "pr",
    "5.13.5-9": "qrs",
    "5.13.5-11": "qt",
    "5.10.2.5-5": "qtc",
    "5.10.2.5-1": "heart_rate",
    "5.10.3-11": "p_axis",
    "5.10.3-13": "qrs_axis",
    "5.10.3-15": "t_axis",
}
_MEANINGS = (
    (re.compile(r"(heart|ventricular|vent\.?) rate", re.I), "heart_rate"),
    (re.compile(r"\bRR\b", re.I), "rr"),
    (re.compile(r"\b(PR|PQ)\b.*\b(interval|duration)\b", re.I), "pr"),
    (re.compile(r"\bQRS\b.*\b(interval|duration)\b", re.I), "qrs"),
    (re.compile(r"\bQTc", re.I), "qtc"),
    (re.compile(r"\bQT\b.*\b(interval|duration)\b", re.I), "qt"),
    (re.compile(r"\bP\b.*\baxis\b", re.I), "p_axis"),
    (re.compile(r"\bQRS\b.*\baxis\b", re.I), "qrs_axis"),
    (re.compile(r"\bT\b.*\baxis\b", re.I), "t_axis"),
)
# Devices mislabel the unit of an axis as ms, so the unit follows from what is measured; seconds are converted.
_PLAUSIBLE = {
    "heart_rate": (10.0, 400.0, "bpm"),
    "rr": (100.0, 6000.0, "ms"),
    "pr": (20.0, 1000.0, "ms"),
    "qrs": (20.0, 400.0, "ms"),
    "qt": (100.0, 1000.0, "ms"),
    "qtc": (100.0, 1000.0, "ms"),
    "p_axis": (-180.0, 360.0, "deg"),
    "qrs_axis": (-180.0, 360.0, "deg"),
    "t_axis": (-180.0, 360.0, "deg"),
}


def _annotations(ds: Dataset) -> Iterator[Dataset]:
    yield from list(ds.get("WaveformAnnotationSequence") or [])[:MAX_ANNOTATIONS]


def measurements(ds: Dataset) -> tuple[Measurement, ...]:
    """Global values, the first of each; implausible ones (devices write 0 for "unknown") are left out."""
    found: dict[str, Measurement] = {}
    for item in _annotations(ds):
        value, concept = item.get("NumericValue"), item.get("ConceptNameCodeSequence")
        if value is None or not concept:
            continue
        name = _name(concept[0])
        if name and name not in found:
            measurement = _measurement(name, value, item)
            if measurement is not None:
                found[name] = measurement
    if "heart_rate" not in found and "rr" in found:
        found["heart_rate"] = Measurement("heart_rate", round(60000 / found["rr"].value, 1), "bpm")
    return tuple(found[name] for name in _PLAUSIBLE if name in found)


def _name(concept: Dataset) -> str:
    code = _CODES.get(clean(concept.get("CodeValue")))
    if code:
        return code
    meaning = clean(concept.get("CodeMeaning"))
    return next((name for pattern, name in _MEANINGS if pattern.search(meaning)), "")


def _measurement(name: str, value: Any, item: Dataset) -> Measurement | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    low, high, unit = _PLAUSIBLE[name]
    units = item.get("MeasurementUnitsCodeSequence")
    if unit == "ms" and units and clean(units[0].get("CodeValue")) == "s":
        number *= 1000
    if not math.isfinite(number) or not low <= number <= high:
        return None
    return Measurement(name, number, unit)


def statements(ds: Dataset) -> tuple[str, ...]:
    """The device's interpretive statements, in its own words and language."""
    texts = (clean(item.get("UnformattedTextValue"), 500) for item in _annotations(ds))
    return tuple(dict.fromkeys(text for text in texts if text))[:MAX_STATEMENTS]


def filters(group: Dataset) -> Mapping[str, float]:
    """Cut-offs in Hz that the device applied to the first channel: low, high, notch; 0 and absent left out."""
    channels = group.get("ChannelDefinitionSequence")
    if not channels:
        return {}
    found: dict[str, float] = {}
    for name, keyword in (
        ("low", "FilterLowFrequency"),
        ("high", "FilterHighFrequency"),
        ("notch", "NotchFilterFrequency"),
    ):
        value = channels[0].get(keyword)
        try:
            number = float(value) if value is not None else 0.0
        except (TypeError, ValueError):
            continue
        if math.isfinite(number) and number > 0:
            found[name] = number
    return found
