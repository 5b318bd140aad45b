"""A score sheet as a workbook: the sheet, and the entries behind every point."""

from __future__ import annotations

from typing import Any

from server.assessment.schemas import ScoreView
from server.assessment.scoring import Verdict
from server.evidence.workbook import Workbook

VERDICTS = {
    Verdict.FAIL: "不合格",
    Verdict.OPEN: "考核期未结束",
    Verdict.PASS: "合格",
    Verdict.UNDETERMINED: "数据不全,暂不能判定",
    Verdict.VETOED: "一票否决",
}

STATUSES = {
    "known": "已知",
    "none_due": "无应办事项",
    "pending": "未到期",
    "unknown": "未知(缺数据)",
}

LINES: tuple[tuple[str, int], ...] = (
    ("类别", 14),
    ("指标", 32),
    ("分值", 8),
    ("得分", 8),
    ("数据状态", 14),
    ("实际", 10),
    ("目标", 10),
    ("单位", 8),
    ("计算公式", 34),
    ("依据", 60),
    ("缺少的数据", 40),
    ("记录条数", 9),
    ("条款来源", 20),
)


def _head(book: Workbook, score: ScoreView) -> None:
    sheet = book.sheet("汇总", (("项目", 22), ("内容", 60)))
    rows: list[tuple[str, Any]] = [
        ("支援单位", score.supporting_name),
        ("受援单位", score.recipient_name),
        ("协议编号", score.agreement_number),
        ("考核期", f"{score.first_day} 至 {score.last_day}(首尾日均计,{score.zone})"),
        ("考核规则", f"{score.policy_title.zh}({score.programme} v{score.version})"),
        ("得分(已知部分)", score.points),
        ("满分", score.scale),
        ("其中数据未知的分值", score.unknown_weight),
        ("未知部分若得满分", score.highest),
        ("合格线", score.pass_mark),
        ("结论", VERDICTS[score.verdict]),
        ("日志条数", score.log.size),
        ("日志根哈希", score.log.root),
        ("检查点时间", score.log.at),
        ("本期记录 / 计分", f"{score.log.entries} / {score.log.creditable}"),
        ("未通过核验的记录", "、".join(score.log.unverified) or "无"),
    ]
    rows += [(f"否决项:{veto.title.zh}", veto.basis.zh) for veto in score.vetoes]
    rows += [(f"存疑:{doubt.zh}", doubt.count) for doubt in score.doubts]
    for number, (label, value) in enumerate(rows, start=1):
        sheet.write_string(number, 0, label)
        if isinstance(value, str):
            sheet.write_string(number, 1, value, book.wrap)
        else:
            sheet.write_number(number, 1, value)


def _lines(book: Workbook, score: ScoreView) -> None:
    sheet = book.sheet("评分表", LINES)
    groups = {group.id: group.title.zh for group in score.groups}
    for number, line in enumerate(score.indicators, start=1):
        cells: tuple[Any, ...] = (
            groups.get(line.group, ""),
            line.title.zh,
            line.weight,
            line.points,
            STATUSES[line.status],
            line.actual if line.points is not None else None,
            line.target if line.points is not None else None,
            line.unit.zh,
            line.formula_text.zh,
            line.basis.zh,
            ";".join(text.zh for text in line.missing),
            len(line.entries),
            line.source,
        )
        for place, value in enumerate(cells):
            if isinstance(value, str):
                sheet.write_string(number, place, value, book.wrap)
            elif value is not None:
                sheet.write_number(number, place, value)


def _entries(book: Workbook, score: ScoreView) -> None:
    sheet = book.sheet("得分依据", (("指标", 32), ("记录编号", 34)))
    number = 0
    for line in score.indicators:
        for entry in line.entries:
            number += 1
            sheet.write_string(number, 0, line.title.zh)
            sheet.write_string(number, 1, entry)


def _outlook(book: Workbook, score: ScoreView) -> None:
    columns = (("下一步", 44), ("可得分", 10), ("完成后得分", 12), ("性质", 16))
    sheet = book.sheet("还能提高", columns)
    for number, step in enumerate(score.steps, start=1):
        sheet.write_string(number, 0, step.text.zh)
        sheet.write_number(number, 1, step.points)
        sheet.write_number(number, 2, step.after)
        sheet.write_string(number, 3, "完成即得" if step.certain else "取决于补报的数据")


def score_workbook(score: ScoreView) -> bytes:
    """The sheet as an .xlsx with Chinese headers (blocking)."""
    book = Workbook()
    _head(book, score)
    _lines(book, score)
    _entries(book, score)
    _outlook(book, score)
    return book.close()
