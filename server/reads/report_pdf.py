"""The signed report as a PDF: a page of findings, a page of tracing on true-scale paper. Blocks; run in a thread."""

from __future__ import annotations

import io
import threading
from collections.abc import Mapping
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from server.reads import fonts, tracing
from storage.readers import EcgRecording

# reportlab keeps the state of a font between documents; one report is drawn at a time.
_one = threading.Lock()

LINE = colors.Color(0.62, 0.66, 0.72)
SOFT = colors.Color(0.955, 0.965, 0.98)
GREY = colors.Color(0.36, 0.40, 0.46)
RED = colors.Color(0.776, 0.157, 0.157)
MARGIN = 16 * mm
SEX = {"M": "男", "F": "女", "O": "其他", "U": "不详"}
URGENCY = {"emergency": "急诊", "routine": "常规"}


def _text(value: object) -> str:
    """Plain text as paragraph markup; control characters dropped."""
    clean = "".join(c for c in str(value) if c == "\n" or ord(c) >= 32)
    return escape(clean).replace("\n", "<br/>")


def _line(value: object) -> str:
    """`_text` of one line."""
    return _text(" ".join(str(value).split()))


def _moment(iso: str) -> str:
    """2026-11-23 09:12 from ISO 8601; the offset is the unit's own zone."""
    return iso[:16].replace("T", " ")


class _Styles:
    def __init__(self, used: fonts.Fonts) -> None:
        def style(
            size: float, *, bold: bool = False, lead: float = 1.45, **more: Any
        ) -> ParagraphStyle:
            return ParagraphStyle(
                name="s",
                fontName=used.bold if bold else used.regular,
                fontSize=size,
                leading=size * lead,
                wordWrap="CJK",
                **more,
            )

        self.hospital = style(17, bold=True, alignment=TA_CENTER)
        self.title = style(13.5, alignment=TA_CENTER, spaceAfter=2 * mm)
        self.body = style(10)
        self.label = style(9, textColor=GREY)
        self.heading = style(10.5, bold=True, spaceBefore=3.5 * mm, spaceAfter=1 * mm)
        self.conclusion = style(12.5, bold=True, lead=1.6)
        self.critical = style(10.5, bold=True, textColor=RED)
        self.number = style(12, bold=True, alignment=TA_CENTER)
        self.unit = style(8.5, textColor=GREY, alignment=TA_CENTER)
        self.signature = style(10, alignment=TA_RIGHT)
        self.small = style(7.5, textColor=GREY)


class _Tracing(Flowable):
    """The paper, centred in its frame."""

    def __init__(self, recording: EcgRecording, font: str) -> None:
        super().__init__()
        self.recording = recording
        self.font = font
        self.width = tracing.WIDTH_MM * mm
        self.height = tracing.HEIGHT_MM * mm
        self.hAlign = "CENTER"

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        tracing.draw(self.canv, self.recording, self.font)


def _identity_rows(document: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Label, value, label, value … of the box that says whose report this is."""
    patient, asked, recording = document["patient"], document["asked"], document["recording"]
    age = "不详" if patient["age"] is None else f"{patient['age']} 岁"
    recorded = recording["recorded_at"]
    return [
        ("姓名", patient["name"], "性别", SEX.get(patient["sex"], "不详"), "年龄", age),
        (
            "出生日期",
            patient["birth_date"] or "不详",
            "门诊/住院号",
            patient["local_no"] or "—",
            "紧急程度",
            URGENCY[asked["urgency"]],
        ),
        (
            "申请单位",
            asked["organisation"],
            "申请医生",
            asked["requester"],
            "申请时间",
            _moment(asked["submitted_at"]),
        ),
        (
            "采集时间",
            _moment(recorded) if recorded else "文件未注明",
            "设备",
            recording["device"] or "文件未注明",
            "报告版本",
            f"第 {document['version']} 版",
        ),
    ]


def _identity(document: Mapping[str, Any], s: _Styles) -> Table:
    rows = _identity_rows(document)
    cells = [
        [Paragraph(_line(text), s.label if n % 2 == 0 else s.body) for n, text in enumerate(row)]
        for row in rows
    ]
    table = Table(cells, colWidths=[x * mm for x in (18, 46, 22, 34, 18, 40)])
    table.setStyle(
        TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 0.7, LINE),
                ("INNERGRID", (0, 0), (-1, -1), 0.35, LINE),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                *[("BACKGROUND", (n, 0), (n, -1), SOFT) for n in (0, 2, 4)],
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ]
        )
    )
    return table


def _measurements(content: Mapping[str, Any], s: _Styles) -> Table:
    items = (
        ("心率", "rate_bpm", "次/分"),
        ("PR 间期", "pr_ms", "ms"),
        ("QRS 时限", "qrs_ms", "ms"),
        ("QT 间期", "qt_ms", "ms"),
        ("QTc", "qtc_ms", "ms"),
        ("电轴", "axis_degrees", "°"),
    )
    values = [content.get(name) for _, name, _ in items]
    cells = [
        [Paragraph(_text(label), s.unit) for label, _, _ in items],
        [Paragraph("—" if value is None else str(value), s.number) for value in values],
        [Paragraph(unit, s.unit) for _, _, unit in items],
    ]
    table = Table(cells, colWidths=[178 / 6 * mm] * 6)
    table.setStyle(
        TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 0.7, LINE),
                ("LINEAFTER", (0, 0), (-2, -1), 0.35, LINE),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
            ]
        )
    )
    return table


def _critical(document: Mapping[str, Any], s: _Styles) -> list[Flowable]:
    if not document["criticals"]:
        return []
    lines = [
        Paragraph(
            _text(
                f"危急值：{item['zh']}"
                + (f"({item['note']})" if item["note"] else "")
                + f"  确认时间 {_moment(item['confirmed_at'])}"
            ),
            s.critical,
        )
        for item in document["criticals"]
    ]
    table = Table([[lines]], colWidths=[178 * mm])
    table.setStyle(TableStyle([("BOX", (0, 0), (-1, -1), 1.2, RED)]))
    return [Spacer(1, 3 * mm), table]


def _signature(document: Mapping[str, Any], sha256: str, s: _Styles) -> list[Flowable]:
    signed, amends = document["signed"], document["amends"]
    parts: list[Flowable] = [Spacer(1, 6 * mm)]
    if amends:
        parts.append(
            Paragraph(
                _text(
                    f"本版为修改版，原报告(第 {document['version'] - 1} 版)保留可查。修改原因：{amends['reason']}"
                ),
                s.body,
            )
        )
    who = f"报告医师：{signed['name']}  {signed['title']}  执业证书编号 {signed['licence'] or '未登记'}"
    parts += [
        Paragraph(_text(who), s.signature),
        Paragraph(
            _text(f"签发时间：{signed['at'][:19].replace('T', ' ')} ({signed['at'][19:]})"),
            s.signature,
        ),
        Spacer(1, 4 * mm),
        Paragraph(
            _text(
                "本报告经电子签发，签发后不可更改；内容与下列摘要绑定。结论仅供临床医师结合病情参考。"
            ),
            s.small,
        ),
        Paragraph(f"报告 SHA-256 {sha256}", s.small),
        Paragraph(f"原始心电文件 SHA-256 {document['recording']['original_sha256']}", s.small),
    ]
    return [KeepTogether(parts)]


def _story(
    document: Mapping[str, Any], sha256: str, recording: EcgRecording, used: fonts.Fonts
) -> list[Flowable]:
    s = _Styles(used)
    content, words, asked = document["content"], document["words"], document["asked"]
    story: list[Flowable] = [
        Paragraph(_line(document["signed"]["organisation"]), s.hospital),
        Paragraph("远程心电诊断报告", s.title),
        _identity(document, s),
        *_critical(document, s),
    ]

    def section(title: str, text: str, style: ParagraphStyle) -> None:
        if text:
            story.append(Paragraph(title, s.heading))
            story.append(Paragraph(_text(text), style))

    section(
        "申请目的与症状", "\n".join(filter(None, (asked["question"], asked["symptoms"]))), s.body
    )
    story += [Paragraph("测量值", s.heading), _measurements(content, s)]
    found = "、".join([words["rhythm"], *words["findings"]])
    section("心电图所见", found, s.body)
    section("诊断结论", content["conclusion"], s.conclusion)
    section("建议", content["advice"], s.body)
    story += _signature(document, sha256, s)
    story += [NextPageTemplate("tracing"), PageBreak(), *_tracing_page(document, recording, used)]
    return story


def _tracing_page(
    document: Mapping[str, Any], recording: EcgRecording, used: fonts.Fonts
) -> list[Flowable]:
    s = _Styles(used)
    patient, filters = document["patient"], recording.filters
    age = "" if patient["age"] is None else f"{patient['age']} 岁 · "
    names = (("low", "高通"), ("high", "低通"), ("notch", "陷波"))
    applied = "  ".join(f"{zh} {filters[key]:g} Hz" for key, zh in names if key in filters)
    scale = f"25 mm/s · 10 mm/mV · 采样 {recording.sampling_frequency:g} Hz · 时长 {recording.duration:.1f} s"
    recorded = document["recording"]["recorded_at"]
    line = (
        f"{patient['name']} · {SEX.get(patient['sex'], '')} · {age}"
        f"采集 {_moment(recorded) if recorded else '时间未注明'}"
    )
    return [
        Paragraph(_line(line), s.body),
        Paragraph(
            _text(" · ".join(filter(None, (scale, applied and f"设备滤波 {applied}")))), s.label
        ),
        Spacer(1, 2 * mm),
        _Tracing(recording, used.regular),
        Spacer(1, 1.5 * mm),
        Paragraph(
            "打印时请选择“实际大小(100%)”，1 大格 = 5 mm = 0.2 s = 0.5 mV。"
            "各列为同一记录的连续 2.5 秒。",
            s.small,
        ),
    ]


class _Numbered(Canvas):
    """Writes "page n of N" once N is known."""

    def __init__(self, *args: Any, document: Mapping[str, Any], used: fonts.Fonts, **more: Any):
        super().__init__(*args, **more)
        self._document = document
        self._fonts = used
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._pages.append(dict(self.__dict__))
        getattr(self, "_startPage")()  # noqa: B009 - not in the stubs

    def save(self) -> None:
        for number, page in enumerate(self._pages, 1):
            self.__dict__.update(page)
            self._foot(number, len(self._pages))
            super().showPage()
        super().save()

    def _foot(self, number: int, total: int) -> None:
        width, height = getattr(self, "_pagesize")  # noqa: B009 - not in the stubs
        self.setFont(self._fonts.regular, 8)
        self.setFillColor(GREY)
        self.drawString(
            MARGIN, 9 * mm, f"报告编号 {self._document['read']}-{self._document['version']}"
        )
        self.drawRightString(width - MARGIN, 9 * mm, f"第 {number} 页 / 共 {total} 页")
        if self._document["demo"]:
            self._mark(width, height)

    def _mark(self, width: float, height: float) -> None:
        self.saveState()
        self.setFillColor(RED)
        self.setFont(self._fonts.bold, 9)
        self.drawCentredString(width / 2, 9 * mm, "示例 · 虚构数据，不用于诊疗")
        self.translate(width / 2, height / 2)
        self.rotate(32)
        self.setFillColor(colors.Color(0.776, 0.157, 0.157, alpha=0.07))
        self.setFont(self._fonts.bold, 120)
        self.drawCentredString(0, -40, "示例")
        self.restoreState()


def render(document: Mapping[str, Any], sha256: str, samples: bytes) -> bytes:
    """The PDF of a report document, its digest, and the samples document it was read from.

    The same input gives the same bytes. Raises `BadBlob` when the samples are not ours.
    """
    recording = EcgRecording.from_blob(samples)
    used = fonts.load()
    out = io.BytesIO()
    wide = landscape(A4)
    template = BaseDocTemplate(
        out,
        pagesize=A4,
        title="远程心电诊断报告",
        author=document["signed"]["organisation"],
        subject=f"{document['read']} v{document['version']}",
        invariant=1,
        pageCompression=1,
        lang="zh-CN",
    )
    bottom = 14 * mm
    upright = Frame(MARGIN, bottom, A4[0] - 2 * MARGIN, A4[1] - bottom - 12 * mm, 0, 0, 0, 0)
    lying = Frame(MARGIN, bottom, wide[0] - 2 * MARGIN, wide[1] - bottom - 10 * mm, 0, 0, 0, 0)
    template.addPageTemplates(
        [
            PageTemplate("report", [upright], pagesize=A4),
            PageTemplate("tracing", [lying], pagesize=wide),
        ]
    )
    with _one:
        template.build(
            _story(document, sha256, recording, used),
            canvasmaker=partial(_Numbered, document=document, used=used),
        )
    return out.getvalue()
