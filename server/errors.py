"""One error tree: a stable code, an HTTP status, and a sentence in Chinese and English that says what to do.

Rendered as RFC 9457 problem+json by `server.http.middleware`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ErrorCode(StrEnum):
    """Stable codes; sorted. A code is never renamed, only retired."""

    ADMISSION_REFUSED = "admission_refused"
    AGREEMENT_NOT_IN_FORCE = "agreement_not_in_force"
    ALREADY_CLAIMED = "already_claimed"
    BODY_TOO_LARGE = "body_too_large"
    DEMO_OFF = "demo_off"
    EVIDENCE_DAMAGED = "evidence_damaged"
    FILE_EMPTY = "file_empty"
    FILE_REFUSED = "file_refused"
    INTERNAL = "internal"
    INVALID_REQUEST = "invalid_request"
    JOIN_TOO_EARLY = "join_too_early"
    LOGIN_FAILED = "login_failed"
    MEDIA_UNAVAILABLE = "media_unavailable"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_ALLOWED = "not_allowed"
    NOT_FOUND = "not_found"
    NOT_READY = "not_ready"
    ORIGIN_REFUSED = "origin_refused"
    PATIENT_MISMATCH = "patient_mismatch"
    RECORDING_DISK_FULL = "recording_disk_full"
    RECORDING_NO_CONSENT = "recording_no_consent"
    RECORDING_WITHHELD = "recording_withheld"
    REPORT_REFUSED = "report_refused"
    ROOM_LOCKED = "room_locked"
    SESSION_EXPIRED = "session_expired"
    SESSION_OVER = "session_over"
    TOO_MANY_REQUESTS = "too_many_requests"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    VERSION_CONFLICT = "version_conflict"
    WEBHOOK_MALFORMED = "webhook_malformed"
    WEBHOOK_REFUSED = "webhook_refused"
    WRONG_STATE = "wrong_state"


@dataclass(frozen=True, slots=True)
class Meaning:
    status: int
    zh: str
    en: str


MEANINGS: dict[ErrorCode, Meaning] = {
    ErrorCode.ADMISSION_REFUSED: Meaning(
        403,
        "主持人没有同意您进入。如有需要,请先与主持人联系,再申请一次。",
        "The host did not let you in. If you need to join, contact the host first, then ask again.",
    ),
    ErrorCode.AGREEMENT_NOT_IN_FORCE: Meaning(
        409,
        "两个单位之间没有当日有效的对口支援协议。请先由协调员登记或续签协议。",
        "No agreement between the two units is in force today. Ask the coordinator to register or renew it.",
    ),
    ErrorCode.ALREADY_CLAIMED: Meaning(
        409,
        "已由其他医生领取。请从队列中选择下一份。",
        "A colleague has taken this one. Take the next from the queue.",
    ),
    ErrorCode.BODY_TOO_LARGE: Meaning(
        413,
        "内容超过大小上限。请压缩或拆分后再上传。",
        "The content is larger than allowed. Compress or split it and try again.",
    ),
    ErrorCode.DEMO_OFF: Meaning(
        404,
        "演示登录未开启。请使用用户名和密码登录。",
        "Demo log-in is off. Log in with user name and password.",
    ),
    ErrorCode.EVIDENCE_DAMAGED: Meaning(
        409,
        "证据文件与记录的摘要不一致,已停止提供。请通知管理员核查存储。",
        "The stored file no longer has the digest that was recorded. Tell the administrator to check the storage.",
    ),
    ErrorCode.FILE_EMPTY: Meaning(
        422,
        "文件是空的。请重新导出后再上传。",
        "The file is empty. Export it again and upload that.",
    ),
    ErrorCode.FILE_REFUSED: Meaning(
        422,
        "文件无法读取。请检查后重新上传。",
        "The file cannot be read. Check it and upload it again.",
    ),
    ErrorCode.INTERNAL: Meaning(
        500,
        "服务器出错,已记录。请稍后重试,并把请求编号告诉管理员。",
        "Something failed on the server and was recorded. Try again, and tell the administrator the request id.",
    ),
    ErrorCode.INVALID_REQUEST: Meaning(
        422,
        "填写的内容有误。请按提示改正后重新提交。",
        "Some fields are not valid. Correct them and send again.",
    ),
    ErrorCode.JOIN_TOO_EARLY: Meaning(
        409,
        "还没到进入时间。请在开放时间后再进入。",
        "The room is not open yet. Come back when it opens.",
    ),
    ErrorCode.LOGIN_FAILED: Meaning(
        401,
        "用户名或密码不正确。请重新输入,或请管理员重置密码。",
        "User name or password is wrong. Try again, or ask the administrator for a reset.",
    ),
    ErrorCode.MEDIA_UNAVAILABLE: Meaning(
        503,
        "音视频服务暂时连接不上。请一分钟后重试;仍不行请联系管理员。",
        "The audio and video service does not answer. Try again in a minute, then tell the administrator.",
    ),
    ErrorCode.METHOD_NOT_ALLOWED: Meaning(
        405, "此地址不支持该操作。", "This address does not take that method."
    ),
    ErrorCode.NOT_ALLOWED: Meaning(
        403,
        "您的角色没有此项权限。如确需办理,请联系本单位管理员。",
        "Your role does not allow this. If you need it, ask your administrator.",
    ),
    ErrorCode.NOT_FOUND: Meaning(
        404,
        "没有找到,或者您无权查看。请返回列表重新选择。",
        "Not found, or not for you to see. Go back to the list and choose again.",
    ),
    ErrorCode.NOT_READY: Meaning(
        503,
        "服务正在启动或暂不可用。请稍后重试。",
        "The service is starting or not available. Try again shortly.",
    ),
    ErrorCode.ORIGIN_REFUSED: Meaning(
        403,
        "请求来自其他网站,已拒绝。请从本系统页面操作。",
        "The request came from another site. Use this site's pages.",
    ),
    ErrorCode.PATIENT_MISMATCH: Meaning(
        409,
        "文件中的患者信息与所选患者不一致。请核对；确认无误后勾选“确认是同一患者”再提交。",
        "The file names another patient than you chose. Check it; if it is the same person, confirm and submit again.",
    ),
    ErrorCode.RECORDING_DISK_FULL: Meaning(
        503,
        "服务器的存储空间不足,暂时不能录制;会诊和讲座照常进行。请联系管理员清理空间后再开始录制。",
        "The server's disk is full, so nothing can be recorded now; the session itself goes on. "
        "Ask the administrator to make space, then start again.",
    ),
    ErrorCode.RECORDING_NO_CONSENT: Meaning(
        409,
        "还没有录制同意,不能开始录制。会诊请由受援方医生先询问患者或监护人并登记同意;讲座请先标明“本讲座将录制”。",
        "Nobody has consented to recording. The doctor who asked for the consult notes the patient's consent first; "
        "a lecture is first marked as recorded.",
    ),
    ErrorCode.RECORDING_WITHHELD: Meaning(
        409,
        "录制同意撤回过,之前的录像不再提供回放;重新同意只用于之后的录制。",
        "Consent was withdrawn after this was recorded, so it is no longer played. Consent given again is for later recordings.",
    ),
    ErrorCode.REPORT_REFUSED: Meaning(
        422,
        "媒体报告与已知的情况不符,未予采信。请管理员查看审计记录中的原因。",
        "The media report contradicts what is known and was not believed. See the reason in the audit log.",
    ),
    ErrorCode.ROOM_LOCKED: Meaning(
        409,
        "主持人已锁定房间,暂时不能进入。请联系主持人解锁后再试。",
        "The host has locked the room. Ask the host to unlock it, then try again.",
    ),
    ErrorCode.SESSION_EXPIRED: Meaning(
        401, "登录已过期。请重新登录。", "Your log-in has expired. Log in again."
    ),
    ErrorCode.SESSION_OVER: Meaning(
        409,
        "本场已经结束,不能再进入。如需继续,请重新安排时间。",
        "This session is over. Arrange a new time to go on.",
    ),
    ErrorCode.TOO_MANY_REQUESTS: Meaning(
        429, "尝试过于频繁。请稍候再试。", "Too many attempts. Wait a moment and try again."
    ),
    ErrorCode.UNSUPPORTED_MEDIA_TYPE: Meaning(
        415,
        "不支持此内容类型。请用 JSON 或页面提供的上传。",
        "This content type is not taken here. Send JSON, or use the page's upload.",
    ),
    ErrorCode.WEBHOOK_MALFORMED: Meaning(
        400,
        "媒体服务发来的通知格式不正确。请检查媒体服务的版本。",
        "The media server's notification is malformed. Check the media server's version.",
    ),
    ErrorCode.WEBHOOK_REFUSED: Meaning(
        401,
        "媒体服务的签名不正确。请检查两边的密钥设置是否一致。",
        "The media server's signature is not right. Check that both sides have the same key and secret.",
    ),
    ErrorCode.VERSION_CONFLICT: Meaning(
        409,
        "内容已在别处被修改。请刷新后核对，再保存。",
        "This was changed elsewhere meanwhile. Reload, compare, and save again.",
    ),
    ErrorCode.WRONG_STATE: Meaning(
        409,
        "当前状态不能进行此操作。请刷新页面查看最新状态。",
        "This cannot be done in the present state. Reload to see what changed.",
    ),
}


class Problem(Exception):
    """A refusal that a person can act on.

    `data` becomes extension members of the problem document: codes, limits and ids, never patient data.
    `zh` and `en` replace the code's general sentence by a more exact one.
    """

    def __init__(
        self,
        code: ErrorCode,
        *,
        zh: str | None = None,
        en: str | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code.value)
        meaning = MEANINGS[code]
        self.code = code
        self.status = meaning.status
        self.zh = zh or meaning.zh
        self.en = en or meaning.en
        self.data = dict(data or {})
        self.headers = dict(headers or {})

    def document(self, *, language: str, request_id: str, instance: str) -> dict[str, Any]:
        """The RFC 9457 document; `detail` is in the reader's language, `message` holds both."""
        return {
            **self.data,
            "type": f"urn:duikou:problem:{self.code}",
            "title": self.code.value.replace("_", " "),
            "status": self.status,
            "detail": self.en if language == "en" else self.zh,
            "code": self.code.value,
            "message": {"zh": self.zh, "en": self.en},
            "instance": instance,
            "request_id": request_id,
        }


def not_found() -> Problem:
    """The one answer for absent and for forbidden objects."""
    return Problem(ErrorCode.NOT_FOUND)


def wrong_state(zh: str | None = None, en: str | None = None) -> Problem:
    return Problem(ErrorCode.WRONG_STATE, zh=zh, en=en)
