"""The activity log as a workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from server.errors import ErrorCode, Problem
from server.evidence import texts
from server.evidence.entries import LoggedEntry
from server.evidence.schemas import CodeView, EntrySummary
from server.evidence.views import Names

MAX_ROWS = 20_000

STATES = {"damaged": "与日志不一致", "pending": "待写入日志", "verified": "已核验"}

COLUMNS: tuple[tuple[str, int], ...] = (
    ("日志序号", 9),
    ("记录编号", 32),
    ("活动类型", 14),
    ("协议编号", 16),
    ("支援单位", 24),
    ("受援单位", 24),
    ("开始时间", 17),
    ("结束时间", 17),
    ("时长(分)", 10),
    ("参加人数", 9),
    ("核实时长合计(分)", 16),
    ("参加人员", 40),
    ("是否计分", 9),
    ("不计分原因或说明", 30),
    ("存疑标记", 24),
    ("核验状态", 12),
    ("规则版本", 14),
    ("被更正为", 32),
    ("示例数据", 9),
)


def check_size(rows: int) -> None:
    """Refuse what no spreadsheet reader wants. Raises `Problem` (422)."""
    if rows > MAX_ROWS:
        raise Problem(
            ErrorCode.INVALID_REQUEST,
            zh=f"符合条件的记录超过 {MAX_ROWS} 条。请缩小日期或单位范围后再导出。",
            en=f"More than {MAX_ROWS} entries match. Narrow the days or the unit and export again.",
        )


class Workbook:
    """An .xlsx in memory; text is always text, never a formula."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(self._buffer, options)
        self.head = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.moment = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.number = self.book.add_format({"num_format": "0.00"})
        self.wrap = self.book.add_format({"text_wrap": True, "valign": "top"})

    def sheet(self, name: str, columns: Sequence[tuple[str, int]]) -> Any:
        """A sheet with frozen headers."""
        sheet = self.book.add_worksheet(name)
        for place, (title, width) in enumerate(columns):
            sheet.write_string(0, place, title, self.head)
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 0)
        return sheet

    def close(self) -> bytes:
        self.book.close()
        return self._buffer.getvalue()


def _codes(views: Sequence[CodeView]) -> str:
    return "；".join(view.zh for view in views)


def _people(entry: LoggedEntry | None, names: Names) -> str:
    parts = []
    for item in entry.people if entry else ():
        role = texts.text(texts.ROLES, item.role)[0]
        parts.append(f"{names.person(item.person_id) or item.person_id}({role})")
    return "、".join(parts)


def local(moment: datetime, zone: str) -> datetime:
    """A moment as a spreadsheet shows it: the local time, without a zone."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)


def _cells(
    summary: EntrySummary, entry: LoggedEntry | None, names: Names, zone: str
) -> tuple[Any, ...]:
    length = (summary.ended_at - summary.started_at).total_seconds() / 60
    version = f"{entry.programme} v{entry.version}" if entry else ""
    return (
        summary.ledger_index,
        summary.id,
        texts.text(texts.KINDS, summary.kind)[0],
        summary.agreement_number,
        summary.supporting_name,
        summary.recipient_name,
        local(summary.started_at, zone),
        local(summary.ended_at, zone),
        round(length, 2),
        summary.people_count,
        round(summary.verified_seconds / 60, 2),
        _people(entry, names),
        "是" if summary.creditable else "否",
        _codes(summary.reasons),
        _codes(summary.marks),
        STATES[summary.state],
        version,
        summary.corrected_by or "",
        "示例" if summary.demo else "",
    )


def entries_workbook(
    lines: Sequence[tuple[EntrySummary, LoggedEntry | None]], names: Names, zone: str
) -> bytes:
    """The lines of the log as an .xlsx with Chinese headers (blocking)."""
    book = Workbook()
    sheet = book.sheet("工作记录", COLUMNS)
    for number, (summary, entry) in enumerate(lines, start=1):
        for place, value in enumerate(_cells(summary, entry, names, zone)):
            if value is None:
                continue
            if isinstance(value, datetime):
                sheet.write_datetime(number, place, value, book.moment)
            elif isinstance(value, str):
                sheet.write_string(number, place, value)
            else:
                sheet.write_number(number, place, value)
    sheet.autofilter(0, 0, max(len(lines), 1), len(COLUMNS) - 1)
    return book.close()
