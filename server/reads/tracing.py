"""A 12-lead tracing drawn to true scale as vectors: 25 mm/s, 10 mm/mV, 3 × 4 and a rhythm strip."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from storage.readers import EcgRecording

MM_PER_SECOND = 25.0
MM_PER_MILLIVOLT = 10.0
COLUMN_SECONDS = 2.5
COLUMNS = (
    ("I", "II", "III"),
    ("aVR", "aVL", "aVF"),
    ("V1", "V2", "V3"),
    ("V4", "V5", "V6"),
)
RHYTHM = "II"
ROW_MM = 35.0
PULSE_MM = 10.0  # width kept at the left for the calibration pulse
WIDTH_MM = PULSE_MM + len(COLUMNS) * COLUMN_SECONDS * MM_PER_SECOND  # 260
HEIGHT_MM = 4 * ROW_MM
DRAWN_HZ = 500.0
"""More points than 20 a millimetre cannot be seen or printed."""

PAPER = Color(1.0, 0.985, 0.98)
THIN = Color(0.97, 0.80, 0.79)
THICK = Color(0.91, 0.56, 0.55)
INK = Color(0.05, 0.05, 0.10)


def _grid(canvas: Canvas) -> None:
    canvas.setFillColor(PAPER)
    canvas.rect(0, 0, WIDTH_MM * mm, HEIGHT_MM * mm, stroke=0, fill=1)
    for step, colour, width in ((1, THIN, 0.25), (5, THICK, 0.5)):
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(width)
        across = [(x * mm, 0.0, x * mm, HEIGHT_MM * mm) for x in range(0, int(WIDTH_MM) + 1, step)]
        up = [(0.0, y * mm, WIDTH_MM * mm, y * mm) for y in range(0, int(HEIGHT_MM) + 1, step)]
        canvas.lines([*across, *up])


def _pulse(canvas: Canvas, baseline: float) -> None:
    """1 mV for 200 ms, as the paper of every device begins."""
    path = canvas.beginPath()
    path.moveTo(1 * mm, baseline)
    for x, y in ((2.5, 0.0), (2.5, 10.0), (7.5, 10.0), (7.5, 0.0), (9.0, 0.0)):
        path.lineTo(x * mm, baseline + y * mm)
    canvas.drawPath(path, stroke=1, fill=0)


def _curve(
    canvas: Canvas, values: NDArray[np.float64], frequency: float, x: float, baseline: float
) -> None:
    """One lead from the point (x, baseline). `values` in microvolts, NaN breaks the line."""
    step = max(1, int(frequency // DRAWN_HZ))
    drawn = values[::step]
    xs = x + np.arange(drawn.size) * (step / frequency * MM_PER_SECOND * mm)
    ys = baseline + drawn / 1000.0 * MM_PER_MILLIVOLT * mm
    path = canvas.beginPath()
    pen_down = False
    for px, py in zip(xs.tolist(), ys.tolist(), strict=True):
        if py != py:  # NaN
            pen_down = False
        elif pen_down:
            path.lineTo(px, py)
        else:
            path.moveTo(px, py)
            pen_down = True
    canvas.drawPath(path, stroke=1, fill=0)


def _label(canvas: Canvas, text: str, x: float, baseline: float, font: str) -> None:
    canvas.setFillColor(INK)
    canvas.setFont(font, 9)
    canvas.drawString(x + 1 * mm, baseline + 12 * mm, text)


def _centred(recording: EcgRecording) -> dict[str, NDArray[np.float64]]:
    """Leads in microvolts around their median, so that each sits on its own line of the paper."""
    leads = {}
    for name, values in zip(recording.leads, recording.microvolts(), strict=True):
        known = values[~np.isnan(values)]
        leads[name] = values - (np.median(known) if known.size else 0.0)
    return leads


def draw(canvas: Canvas, recording: EcgRecording, font: str) -> None:
    """Draw at the canvas' origin, `WIDTH_MM` × `HEIGHT_MM`: the first ten seconds, columns of 2.5 s in sequence."""
    canvas.saveState()
    _grid(canvas)
    clip = canvas.beginPath()
    clip.rect(0, 0, WIDTH_MM * mm, HEIGHT_MM * mm)
    canvas.clipPath(clip, stroke=0, fill=0)
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.6)
    canvas.setLineJoin(1)
    leads, frequency = _centred(recording), recording.sampling_frequency
    for row in range(4):
        _pulse(canvas, (HEIGHT_MM - (row + 0.55) * ROW_MM) * mm)
    for column, names in enumerate(COLUMNS):
        start = int(column * COLUMN_SECONDS * frequency)
        # One sample more, so that the curves of neighbouring columns meet.
        stop = int((column + 1) * COLUMN_SECONDS * frequency) + 1
        x = (PULSE_MM + column * COLUMN_SECONDS * MM_PER_SECOND) * mm
        for row, name in enumerate(names):
            baseline = (HEIGHT_MM - (row + 0.55) * ROW_MM) * mm
            _lead(canvas, leads.get(name), slice(start, stop), frequency, x, baseline)
            _label(canvas, name if name in leads else f"{name} (缺)", x, baseline, font)
    _rhythm(canvas, leads, frequency, font)
    canvas.restoreState()


def _lead(
    canvas: Canvas,
    values: NDArray[np.float64] | None,
    part: slice,
    frequency: float,
    x: float,
    baseline: float,
) -> None:
    if values is None:
        return
    _curve(canvas, values[part], frequency, x, baseline)
    canvas.line(x, baseline - 3 * mm, x, baseline - 1 * mm)


def _rhythm(canvas: Canvas, leads: dict[str, Any], frequency: float, font: str) -> None:
    name = RHYTHM if RHYTHM in leads else next(iter(leads))
    baseline = (HEIGHT_MM - 3.55 * ROW_MM) * mm
    stop = int(len(COLUMNS) * COLUMN_SECONDS * frequency)
    _curve(canvas, leads[name][:stop], frequency, PULSE_MM * mm, baseline)
    _label(canvas, name, PULSE_MM * mm, baseline, font)
