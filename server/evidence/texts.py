"""Stable codes of the log in both languages. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from server.evidence.marks import MarkCode
from server.evidence.rules import CorrectionReason, ReasonCode
from server.pairing.rules import ActivityKind

Pair = tuple[str, str]
"""Chinese, English."""

KINDS: Mapping[str, Pair] = {
    ActivityKind.CASE_DISCUSSION: ("病例讨论", "Case discussion"),
    ActivityKind.CONSULT: ("远程会诊", "Remote consult"),
    ActivityKind.ECG_READ: ("远程心电诊断", "Remote ECG read"),
    ActivityKind.LECTURE: ("远程讲座", "Remote lecture"),
    ActivityKind.WARD_ROUND: ("远程查房", "Remote ward round"),
}

REASONS: Mapping[str, Pair] = {
    ReasonCode.CANCELLED: ("活动已取消", "The activity was cancelled"),
    ReasonCode.LATE: ("超过规定时限", "Done after the time limit"),
    ReasonCode.NO_MEDIA: ("没有收到音视频", "No audio or video arrived"),
    ReasonCode.NOT_IN_PLAN: ("不在年度计划内", "Not in the yearly plan"),
    ReasonCode.NOT_IN_TERM: ("当日协议未生效", "No agreement was in force on that day"),
    ReasonCode.ONE_SIDE_ONLY: ("只有一方参加", "Only one side took part"),
    ReasonCode.RECEPTION_UNKNOWN: (
        "收看情况无法核实",
        "What reached the audience cannot be verified",
    ),
    ReasonCode.TOO_SHORT: ("核实时长低于下限", "Verified time is below the floor"),
    ReasonCode.WITHDRAWN: ("记录已撤回", "The record was withdrawn"),
}

MARKS: Mapping[str, Pair] = {
    MarkCode.IDENTICAL_DURATION: ("时长完全相同", "Identical durations"),
    MarkCode.NO_MEDIA: ("无媒体", "No media"),
    MarkCode.PERIOD_END_BURST: ("期末集中", "Burst at the period's end"),
    MarkCode.SAME_CASE: ("同一病例重复", "Same case twice"),
    MarkCode.TWO_PLACES: ("同一人同时在两处", "One person in two places"),
}

CORRECTIONS: Mapping[str, Pair] = {
    CorrectionReason.FALSIFIED: ("认定为虚假记录", "Found to be falsified"),
    CorrectionReason.LATE_EVIDENCE: ("证据迟到", "Evidence arrived late"),
    CorrectionReason.RECOUNT: ("重新核算", "Recounted"),
    CorrectionReason.WITHDRAWN: ("撤回", "Withdrawn"),
    CorrectionReason.WRONG_PERSON: ("人员有误", "Wrong person"),
    CorrectionReason.WRONG_PLAN_ITEM: ("计划项目有误", "Wrong plan item"),
    CorrectionReason.WRONG_TIME: ("时间有误", "Wrong time"),
}

ROLES: Mapping[str, Pair] = {
    "audience": ("听众", "audience"),
    "learner": ("学员", "learner"),
    "lead": ("主持", "lead"),
    "lecturer": ("主讲", "lecturer"),
    "observer": ("旁听", "observer"),
    "reader": ("诊断医师", "reader"),
    "requester": ("申请医师", "requester"),
    "specialist": ("专家", "specialist"),
}

CHECKS: Mapping[str, Pair] = {
    "checkpoint": ("日志检查点签名有效", "The log's checkpoint is rightly signed"),
    "columns": ("列表显示与原始记录一致", "What is listed is what was recorded"),
    "inclusion": ("默克尔路径证明记录在检查点内", "The Merkle path proves it is in the checkpoint"),
    "log": ("日志中的字节与记录一致", "The log holds the very same bytes"),
    "sealed": ("已写入日志", "Written to the log"),
}


def text(table: Mapping[str, Pair], code: str) -> Pair:
    """Both languages of a code; a code that is not in the table stands for itself."""
    return table.get(code, (code, code))
