"""Arithmetic on ECG samples: derived leads, integer scaling, signal checks and a simple heart rate. Pure numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from storage.readers.ecg import NO_SAMPLE, STANDARD_LEADS, LeadCheck, RateEstimate

Signal = NDArray[np.float64]

FLAT_MICROVOLTS = 20.0
"""A lead whose central 98 % spans less than this is flat: the smallest real QRS of a limb lead is larger."""
NOISY_MICROVOLTS = 35.0
"""High-frequency noise above which small waves (P: 50–250 µV) are no longer safe to read."""
WANDER_MICROVOLTS = 4000.0
"""Baseline movement that only a loose electrode makes."""


def derive_limb_leads(leads: dict[str, Signal]) -> tuple[str, ...]:
    """Add III, aVR, aVL, aVF from I and II where missing (Einthoven, Goldberger); returns their names."""
    if "I" not in leads or "II" not in leads:
        return ()
    one, two = leads["I"], leads["II"]
    formulas = {
        "III": lambda: two - one,
        "aVR": lambda: -(one + two) / 2,
        "aVL": lambda: one - two / 2,
        "aVF": lambda: two - one / 2,
    }
    derived = tuple(name for name in formulas if name not in leads)
    for name in derived:
        leads[name] = formulas[name]()
    return derived


def in_order(names: list[str]) -> list[str]:
    """Standard leads in their order, then the others as they came."""
    standard = [name for name in STANDARD_LEADS if name in names]
    return standard + [name for name in names if name not in STANDARD_LEADS]


def to_int16(microvolts: Signal, unit: float) -> tuple[NDArray[np.int16], float, bool]:
    """(samples, microvolts per unit, lossless): `unit` is kept unless the values do not fit into 16 bits."""
    values = np.nan_to_num(np.abs(microvolts), nan=0.0)
    largest = float(values.max(initial=0.0))
    if largest / unit > 32767:
        unit = largest / 32767
    scaled = microvolts / unit
    whole = np.rint(scaled)
    lossless = bool(np.all(np.isnan(scaled) | (np.abs(scaled - whole) < 1e-6)))
    samples = np.clip(np.nan_to_num(whole, nan=float(NO_SAMPLE)), -32767, 32767)
    result = samples.astype(np.int16)
    result[np.isnan(microvolts)] = NO_SAMPLE
    return result, unit, lossless


def moving_average(signal: Signal, width: int) -> Signal:
    """Centred moving average along the last axis, with shorter windows at the ends."""
    width = max(1, min(width, signal.shape[-1]))
    left, right = width // 2, width - width // 2
    padding = np.zeros((*signal.shape[:-1], 1))
    total = np.concatenate([padding, np.cumsum(signal, axis=-1)], axis=-1)
    count = signal.shape[-1]
    place = np.arange(count)
    first, last = np.maximum(place - left, 0), np.minimum(place + right, count)
    result: Signal = (total[..., last] - total[..., first]) / (last - first)
    return result


def fill_gaps(signal: Signal) -> Signal:
    """A copy of one lead without NaN: gaps are bridged by straight lines; all gap gives zeros."""
    bad = np.isnan(signal)
    if not bad.any():
        return signal
    if bad.all():
        return np.zeros_like(signal)
    place = np.arange(signal.size)
    return np.interp(place, place[~bad], signal[~bad])


def _clipped(signal: Signal, frequency: float) -> float:
    """Fraction of samples that stay exactly at the lead's extreme, in runs of at least 12 ms, far from zero."""
    shortest = max(4, int(frequency * 0.012))
    clipped = 0
    for extreme in (float(signal.max()), float(signal.min())):
        if abs(extreme) < 1000.0:
            continue
        edges = np.diff(np.concatenate([[0], (signal == extreme).astype(np.int8), [0]]))
        runs = np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)
        clipped += int(runs[runs >= shortest].sum())
    return clipped / signal.size


def check_lead(name: str, signal: Signal, frequency: float) -> LeadCheck:
    """Signal quality of one lead in microvolts (NaN = no value)."""
    missing = float(np.isnan(signal).mean())
    filled = fill_gaps(signal)
    smooth = moving_average(filled, int(frequency * 0.025))
    rest = filled - smooth
    noise = float(1.4826 * np.median(np.abs(rest - np.median(rest))))
    edge = int(frequency * 0.3)
    slow = moving_average(filled, int(frequency * 0.6))
    inner = slow[edge:-edge] if slow.size > 4 * edge > 0 else slow
    baseline = float(np.ptp(inner))
    low, high = np.percentile(filled, [1, 99])
    clipped = _clipped(filled, frequency)
    found = {
        "flat": high - low < FLAT_MICROVOLTS,
        "clipped": clipped > 0.002,
        "gaps": missing > 0.01,
        "noisy": noise > NOISY_MICROVOLTS,
        "off_electrode": baseline > WANDER_MICROVOLTS,
    }
    problems = tuple(code for code, present in found.items() if present)
    return LeadCheck(
        name, problems, round(noise, 2), round(baseline, 1), round(missing, 5), round(clipped, 5)
    )


def estimate_rate(leads: Signal, frequency: float) -> RateEstimate | None:
    """Heart rate from R peaks, or None when fewer than three beats are found.

    Every lead at about 250 Hz: high-pass (minus a 200 ms moving average), slope, scaled by the median of its maxima
    in windows of 3 s; the leads' median slope is smoothed over 60 ms, twice; beats are its maxima above 40 % of the median
    of its own window maxima, at least 240 ms apart. The rate is 60 / median RR.
    """
    step = max(1, round(frequency / 250))
    count = leads.shape[1] // step
    rate = frequency / step
    if count < 3 * rate:
        return None
    filled = np.stack([fill_gaps(lead) for lead in leads])
    coarse = filled[:, : count * step].reshape(len(leads), count, step).mean(axis=2)
    steep = np.abs(np.diff(coarse - moving_average(coarse, int(rate * 0.2)), axis=1))
    scale = _usual_maximum(steep, rate)
    alive = scale > 1.0
    if not alive.any():
        return None
    joint = np.median(np.minimum(steep[alive] / scale[alive, None], 2.0), axis=0)
    energy = joint
    for _ in range(2):  # twice, so that a beat has one peak and not a plateau
        energy = moving_average(energy, int(rate * 0.06))
    beats = _beats(energy, rate)
    if len(beats) < 3:
        return None
    intervals = np.diff(beats) / rate
    return RateEstimate(
        bpm=round(60.0 / float(np.median(intervals)), 1),
        beats=len(beats),
        rr_min_ms=round(float(intervals.min()) * 1000, 1),
        rr_max_ms=round(float(intervals.max()) * 1000, 1),
    )


def _usual_maximum(signals: Signal, rate: float) -> Signal:
    """Median of the maxima in windows of 3 s, along the last axis: what a beat reaches, artefacts apart."""
    window = min(int(rate * 3), signals.shape[-1])
    count = signals.shape[-1] // window
    whole = signals[..., : count * window].reshape(*signals.shape[:-1], count, window)
    return np.asarray(np.median(whole.max(axis=-1), axis=-1))


def _beats(energy: Signal, rate: float) -> NDArray[np.int64]:
    """Places of the beats in an energy curve sampled at `rate` Hz."""
    threshold = 0.4 * float(_usual_maximum(energy, rate))
    inner = energy[1:-1]
    peaks = np.flatnonzero((inner >= energy[:-2]) & (inner > energy[2:]) & (inner > threshold)) + 1
    apart = int(rate * 0.24)
    kept: list[int] = []
    for peak in peaks:  # a few dozen
        if kept and peak - kept[-1] < apart:
            if energy[peak] > energy[kept[-1]]:
                kept[-1] = int(peak)
        else:
            kept.append(int(peak))
    return np.array(kept, dtype=np.int64)
