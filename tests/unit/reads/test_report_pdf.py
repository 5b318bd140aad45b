"""The PDF: Chinese text embedded and extractable, to true scale, robust against odd text."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pypdf
import pytest

from server.reads import fonts, report_pdf, tracing
from storage.readers import BadBlob, EcgRecording
from storage.readers.ecg import NO_SAMPLE
from storage.readers.guard import read_ecg_guarded

ECG = Path(pydicom.__file__).parent / "data" / "test_files" / "waveform_ecg.dcm"
SHA = "d" * 64


@pytest.fixture(scope="module")
def recording() -> EcgRecording:
    return read_ecg_guarded(ECG)


def document(**change: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "read": "red_0",
        "version": 1,
        "patient": {
            "name": "王建国",
            "sex": "M",
            "age": 67,
            "birth_date": "1959-03-01",
            "local_no": "8",
        },
        "asked": {
            "organisation": "青石镇卫生院",
            "requester": "李示例",
            "urgency": "emergency",
            "question": "胸痛",
            "symptoms": "出汗",
            "submitted_at": "2026-11-23T09:02:11+08:00",
        },
        "recording": {
            "original_sha256": "a" * 64,
            "recorded_at": "2026-11-23T08:55:00",
            "device": "Mortara",
        },
        "content": {"rate_bpm": 88, "conclusion": "ST段抬高,疑急性心肌梗死", "advice": "尽快转运"},
        "words": {"rhythm": "窦性心律", "findings": ["ST段抬高"]},
        "criticals": [],
        "signed": {
            "name": "周示例",
            "title": "主任医师",
            "licence": "示例1",
            "organisation": "市医院",
            "at": "2026-11-23T09:08:30+08:00",
        },
        "amends": None,
        "demo": False,
    }
    return {**whole, **change}


def text_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_says_everything(recording: EcgRecording) -> None:
    pages = text_of(report_pdf.render(document(), SHA, recording.to_blob()))
    assert len(pages) == 2
    for expected in (
        "市医院",
        "王建国",
        "67 岁",
        "急诊",
        "窦性心律、ST段抬高",
        "ST段抬高,疑急性心肌梗死",
        "尽快转运",
        "周示例",
        "示例1",
        "2026-11-23 09:08:30 (+08:00)",
        SHA,
        "第 1 页 / 共 2 页",
    ):
        assert expected in pages[0]
    assert "虚构数据" not in pages[0]
    assert all(lead in pages[1] for lead in recording.leads)


def test_fonts_are_embedded(recording: EcgRecording) -> None:
    if fonts.find("400Regular/NotoSansSC_400Regular.ttf") is None:
        pytest.skip("the web packages are not installed")
    reader = pypdf.PdfReader(io.BytesIO(report_pdf.render(document(), SHA, recording.to_blob())))
    used = {}
    for page in reader.pages:
        used.update(page["/Resources"]["/Font"])  # type: ignore[index]
    names = {str(font.get_object()["/BaseFont"]) for font in used.values()}
    chinese = {name for name in names if "NotoSansSC" in name}
    assert chinese
    for font in used.values():
        if "NotoSansSC" in str(font.get_object()["/BaseFont"]):
            assert "/FontFile2" in font.get_object()["/FontDescriptor"]


def test_the_same_report_is_the_same_bytes(recording: EcgRecording) -> None:
    blob = recording.to_blob()
    assert report_pdf.render(document(), SHA, blob) == report_pdf.render(document(), SHA, blob)


def test_demo_amendment_and_critical_value_are_marked(recording: EcgRecording) -> None:
    critical = {
        "code": "mi_new",
        "zh": "急性心肌梗死",
        "note": "已电话通知",
        "confirmed_at": "2026-11-23T09:06:00+08:00",
    }
    made = document(
        demo=True,
        version=2,
        amends={"sha256": "c" * 64, "reason": "补充电轴"},
        criticals=[critical],
    )
    pages = text_of(report_pdf.render(made, SHA, recording.to_blob()))
    assert "示例 · 虚构数据，不用于诊疗" in pages[0]
    assert "示例 · 虚构数据，不用于诊疗" in pages[1]
    assert "原报告(第 1 版)" in pages[0]
    assert "补充电轴" in pages[0]
    assert "危急值：急性心肌梗死(已电话通知)" in pages[0]


@pytest.mark.parametrize(
    "odd",
    [
        "<b>粗</b> & <para> &amp; ]]>",
        "\x01\x02\x1b[31m 红",
        "𠮷田 🫀 ﷽ \u202e翻转",
        "长" * 2000,
        "a" * 2000,
        "\n" * 200,
        "",
    ],
)
def test_odd_text_never_breaks_the_report(recording: EcgRecording, odd: str) -> None:
    made = document(
        content={"conclusion": odd, "advice": odd},
        patient={"name": odd[:80], "sex": "U", "age": None, "birth_date": "", "local_no": odd[:40]},
    )
    made["asked"] = {**made["asked"], "question": odd[:1000], "symptoms": odd[:1000]}
    pages = text_of(report_pdf.render(made, SHA, recording.to_blob()))
    assert len(pages) >= 2
    if odd.startswith("<b>"):
        assert "<b>粗</b> & <para>" in pages[0]


def test_paper_is_true_to_scale(recording: EcgRecording) -> None:
    """In the drawn page: 1 s is 25 mm, 1 mV is 10 mm, read back from the calibration pulse and the grid."""
    reader = pypdf.PdfReader(io.BytesIO(report_pdf.render(document(), SHA, recording.to_blob())))
    data = reader.pages[1].get_contents().get_data().decode("latin-1")  # type: ignore[union-attr]
    millimetre = 72 / 25.4
    curves = re.findall(r"n ((?:-?[\d.]+ -?[\d.]+ [ml]\s+)+)S", data)
    strip = next(curve for curve in curves if curve.count(" l") == 4999)  # every second sample
    xs = [float(x) for x, _ in re.findall(r"(-?[\d.]+) (-?[\d.]+) [ml]", strip)]
    assert xs[-1] - xs[0] == pytest.approx(10 * 25 * millimetre, rel=1e-3)  # ten seconds of rhythm
    pulse = next(curve for curve in curves if curve.count(" l") == 5)
    ys = [float(y) for _, y in re.findall(r"(-?[\d.]+) (-?[\d.]+) [ml]", pulse)]
    assert max(ys) - min(ys) == pytest.approx(10 * millimetre, rel=1e-3)


def test_short_sparse_and_gappy_recordings_are_drawn(recording: EcgRecording) -> None:
    few = EcgRecording(
        leads=("V1",),
        derived=(),
        missing=("I",),
        sampling_frequency=250.0,
        microvolts_per_unit=5.0,
        samples=np.array([[0, 10, NO_SAMPLE, 20] * 100], dtype=np.int16),
        lossless=True,
    )
    empty = EcgRecording(
        leads=("II", "V2"),
        derived=(),
        missing=(),
        sampling_frequency=500.0,
        microvolts_per_unit=1.0,
        samples=np.full((2, 900), NO_SAMPLE, dtype=np.int16),
        lossless=True,
    )
    for one in (few, empty):
        pages = text_of(report_pdf.render(document(), SHA, one.to_blob()))
        assert "aVR (缺)" in pages[1]


def test_samples_must_be_ours() -> None:
    with pytest.raises(BadBlob):
        report_pdf.render(document(), SHA, b"something else")


def test_without_the_fonts_a_report_is_still_made(
    recording: EcgRecording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "_loaded", [])
    monkeypatch.setattr(fonts, "find", lambda _file: None)
    pdf = report_pdf.render(document(), SHA, recording.to_blob())
    assert fonts.load().embedded is False
    assert b"STSong" in pdf
    assert tracing.WIDTH_MM == 260
