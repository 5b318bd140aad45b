"""The normal form of an ECG, whatever format it came in, and its encoding for storage and for the web page.

Blob, all integers little-endian:

| bytes | content |
|---|---|
| 0–7 | `DKECG01\\n` |
| 8–11 | length H of the header, a multiple of 4 |
| 12 … 12+H | the header: JSON in UTF-8, padded with spaces (field names as in `EcgRecording`) |
| the rest | samples: int16, lead after lead, each `sample_count` long |

A sample times `microvolts_per_unit` is microvolts. −32768 (`NO_SAMPLE`) means that there is no value.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

STANDARD_LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
NO_SAMPLE = -32768

_MAGIC = b"DKECG01\n"
_LENGTH = struct.Struct("<I")
_MAX_HEADER = 1 << 20


class BadBlob(ValueError):
    """Bytes that are not the blob of an ECG recording."""


@dataclass(frozen=True, slots=True)
class EcgPatient:
    """The patient as the file names it; compared with the request's patient by the caller."""

    id: str = ""
    name: str = ""
    sex: str = ""
    """M, F, O or empty."""
    birth_date: str = ""
    """ISO date or empty."""


@dataclass(frozen=True, slots=True)
class EcgDevice:
    """The device as the file names it."""

    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    software: str = ""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A global value that the device supplied. `name` is one of heart_rate, rr, pr, qrs, qt, qtc, p_axis,
    qrs_axis, t_axis; `unit` is bpm, ms or deg."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class LeadCheck:
    """Signal quality of one lead. Problems: flat, clipped, gaps, noisy, off_electrode; empty is good."""

    lead: str
    problems: tuple[str, ...]
    noise_microvolts: float
    """Robust standard deviation of what a 25 ms moving average leaves."""
    baseline_microvolts: float
    """Peak to peak of the baseline (600 ms moving average)."""
    missing_fraction: float
    clipped_fraction: float


@dataclass(frozen=True, slots=True)
class RateEstimate:
    """Our own heart rate from R peaks; a machine's unconfirmed figure, never a diagnosis."""

    bpm: float
    beats: int
    rr_min_ms: float
    rr_max_ms: float
    confirmed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class EcgRecording:
    """One resting ECG.

    samples: int16 [leads × n], see the module's text. `leads` are the standard ones that exist, in the standard
    order, then any others. `derived` were computed from I and II, `missing` are standard leads that do not exist.
    `recorded_at` is ISO 8601 as found: local time without offset unless the file gave one. `forgiven` names
    deviations that were read leniently.
    """

    leads: tuple[str, ...]
    derived: tuple[str, ...]
    missing: tuple[str, ...]
    sampling_frequency: float
    microvolts_per_unit: float
    samples: NDArray[np.int16]
    lossless: bool
    recorded_at: str = ""
    patient: EcgPatient = EcgPatient()
    device: EcgDevice = EcgDevice()
    filters: Mapping[str, float] = field(default_factory=dict)
    """Cut-offs in Hz that the device applied: low, high, notch."""
    measurements: tuple[Measurement, ...] = ()
    statements: tuple[str, ...] = ()
    checks: tuple[LeadCheck, ...] = ()
    rate: RateEstimate | None = None
    forgiven: tuple[str, ...] = ()
    source_format: str = "dicom"

    @property
    def sample_count(self) -> int:
        """Samples in each lead."""
        return int(self.samples.shape[1])

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.sample_count / self.sampling_frequency

    @property
    def quality(self) -> str:
        """`good`, `fair` (some leads have a problem) or `poor` (more than half, or no heart rate)."""
        bad = sum(bool(check.problems) for check in self.checks)
        if bad * 2 > len(self.checks) or self.rate is None:
            return "poor"
        return "fair" if bad or self.missing else "good"

    def microvolts(self) -> NDArray[np.float64]:
        """Samples in microvolts, NaN where there is no value."""
        values = self.samples.astype(np.float64) * self.microvolts_per_unit
        values[self.samples == NO_SAMPLE] = np.nan
        return values

    def header(self) -> dict[str, Any]:
        """Everything but the samples, ready for JSON."""
        return {
            "version": 1,
            "sample_count": self.sample_count,
            "duration": self.duration,
            "quality": self.quality,
            "leads": list(self.leads),
            "derived": list(self.derived),
            "missing": list(self.missing),
            "sampling_frequency": self.sampling_frequency,
            "microvolts_per_unit": self.microvolts_per_unit,
            "lossless": self.lossless,
            "recorded_at": self.recorded_at,
            "patient": asdict(self.patient),
            "device": asdict(self.device),
            "filters": dict(self.filters),
            "measurements": [asdict(item) for item in self.measurements],
            "statements": list(self.statements),
            "checks": [asdict(item) for item in self.checks],
            "rate": asdict(self.rate) if self.rate else None,
            "forgiven": list(self.forgiven),
            "source_format": self.source_format,
        }

    def to_blob(self) -> bytes:
        """The encoding described above."""
        text = json.dumps(self.header(), ensure_ascii=False, allow_nan=False).encode()
        text += b" " * (-len(text) % 4)
        data = np.ascontiguousarray(self.samples, dtype="<i2").tobytes()
        return _MAGIC + _LENGTH.pack(len(text)) + text + data

    @classmethod
    def from_blob(cls, blob: bytes) -> EcgRecording:
        """Read the encoding. Raises BadBlob for anything else."""
        try:
            return cls._parse(blob)
        except (KeyError, TypeError, ValueError, RecursionError, struct.error) as error:
            raise BadBlob("not an ECG blob") from error

    @classmethod
    def _parse(cls, blob: bytes) -> EcgRecording:
        if blob[:8] != _MAGIC:
            raise BadBlob("wrong magic")
        (length,) = _LENGTH.unpack_from(blob, 8)
        if length > _MAX_HEADER:
            raise BadBlob("header too long")
        header = json.loads(blob[12 : 12 + length])
        leads = tuple(str(lead) for lead in header["leads"])
        count = int(header["sample_count"])
        data = np.frombuffer(blob, dtype="<i2", offset=12 + length)
        frequency, unit = float(header["sampling_frequency"]), float(header["microvolts_per_unit"])
        if not leads or count <= 0 or data.size != len(leads) * count:
            raise BadBlob("samples do not fit the header")
        if not (math.isfinite(frequency) and frequency > 0 and math.isfinite(unit) and unit > 0):
            raise BadBlob("impossible scale")
        checks = (
            LeadCheck(**{**item, "problems": tuple(item["problems"])}) for item in header["checks"]
        )
        return cls(
            leads=leads,
            derived=tuple(header["derived"]),
            missing=tuple(header["missing"]),
            sampling_frequency=frequency,
            microvolts_per_unit=unit,
            samples=data.astype(np.int16).reshape(len(leads), count),
            lossless=bool(header["lossless"]),
            recorded_at=header["recorded_at"],
            patient=EcgPatient(**header["patient"]),
            device=EcgDevice(**header["device"]),
            filters={str(name): float(value) for name, value in header["filters"].items()},
            measurements=tuple(Measurement(**item) for item in header["measurements"]),
            statements=tuple(header["statements"]),
            checks=tuple(checks),
            rate=RateEstimate(**header["rate"]) if header["rate"] else None,
            forgiven=tuple(header["forgiven"]),
            source_format=header["source_format"],
        )
