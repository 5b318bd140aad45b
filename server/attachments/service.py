"""Files attached to clinical objects. Whoever may see the owner may see its files; the owner decides on adding."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from server.access.rules import Person
from server.attachments import rules
from server.attachments.listing import files_of
from server.attachments.schemas import OwnerType
from server.errors import ErrorCode, Problem, not_found, wrong_state
from server.sessions.consult_access import Found, access_consult, tell
from server.sessions.rules import ConsultAction, consult_actions
from storage.blobs import BlobRef, Quarantined
from storage.db import Actor
from storage.disk import TooLarge
from storage.ids import new_id
from storage.tables.patients import Attachment

if TYPE_CHECKING:
    from server.services import Services

MAX_FILES = 50


class AttachmentAction(StrEnum):
    UPLOADED = "attachments:attachment:upload"


async def _owner(
    services: Services, session: AsyncSession, person: Person, owner_type: OwnerType, owner_id: str
) -> Found:
    """The owner, if the person may see its clinical part. Raises `Problem` (404)."""
    assert owner_type is OwnerType.CONSULT
    found = await access_consult(session, person, services.clock.now(), owner_id)
    if not found.clinical:
        raise not_found()
    return found


async def _room_for_more(
    services: Services, session: AsyncSession, person: Person, owner_type: OwnerType, owner_id: str
) -> Found:
    """The owner, if this person may attach one more file now. Raises `Problem` (404, 409)."""
    found = await _owner(services, session, person, owner_type, owner_id)
    if ConsultAction.ATTACH not in consult_actions(found.state, found.party, joinable=False):
        raise wrong_state(
            "现在不能再添加附件。请在会诊结束前由申请方添加。",
            "No file can be attached now. The requesting side attaches before the session ends.",
        )
    if len(await files_of(session, owner_type, owner_id)) >= MAX_FILES:
        raise wrong_state(
            "附件已达 50 个上限。请合并后再上传。",
            "There are 50 files already. Merge some first.",
        )
    return found


def _check_declared(services: Services, declared_type: str, declared_size: int | None) -> None:
    if declared_type not in rules.ACCEPTED and declared_type != rules.UNDECLARED:
        raise Problem(
            ErrorCode.UNSUPPORTED_MEDIA_TYPE,
            zh="不支持此类文件。请上传照片(JPG、PNG、WebP)、PDF、DICOM 或纯文本。",
            en="This kind of file is not taken. Send a picture (JPG, PNG, WebP), PDF, DICOM or plain text.",
        )
    if declared_size is not None and declared_size > services.config.max_upload_bytes:
        raise Problem(
            ErrorCode.BODY_TOO_LARGE, data={"limit_bytes": services.config.max_upload_bytes}
        )


def _check_content(held: Quarantined, head: bytes, declared_type: str) -> str:
    """The media type that the content really has. Raises `Problem` (422)."""
    if held.ref.size == 0:
        raise Problem(ErrorCode.FILE_EMPTY)
    media_type = rules.media_type_of(head, declared_type)
    if media_type is None:
        raise Problem(
            ErrorCode.FILE_REFUSED,
            zh="文件内容与类型不符,可能已损坏。请重新导出或拍照后再上传。",
            en="The content does not match its type; the file may be damaged. Export or photograph it again.",
            data={"reason": "type_mismatch"},
        )
    return media_type


class _Head:
    """Passes a stream on and remembers its first bytes."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self.bytes = b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            if len(self.bytes) < rules.HEAD:
                self.bytes += chunk[: rules.HEAD - len(self.bytes)]
            yield chunk


async def _receive(
    services: Services, chunks: AsyncIterator[bytes], declared_type: str
) -> tuple[BlobRef, str]:
    """The stored bytes and the type that they really have. A refusal leaves nothing behind."""
    head, limit = _Head(chunks), services.config.max_upload_bytes
    try:
        held = await services.blobs.quarantine(aiter(head), limit=limit)
    except TooLarge:
        raise Problem(ErrorCode.BODY_TOO_LARGE, data={"limit_bytes": limit}) from None
    try:
        media_type = _check_content(held, head.bytes, declared_type)
        return await services.blobs.promote(held), media_type
    except BaseException:
        await services.blobs.discard(held)
        raise


async def upload(
    services: Services,
    person: Person,
    actor: Actor,
    *,
    owner_type: OwnerType,
    owner_id: str,
    filename: str,
    declared_type: str,
    declared_size: int | None,
    chunks: AsyncIterator[bytes],
) -> Attachment:
    """Receive a file into quarantine, look at what it is, and keep it.

    Raises `Problem`: 404 for an owner out of reach, 409 when it takes no more files, 413, 415, 422.
    """
    async with services.db.read() as session:
        await _room_for_more(services, session, person, owner_type, owner_id)
    _check_declared(services, declared_type, declared_size)
    ref, media_type = await _receive(services, chunks, declared_type)
    async with services.db.write(actor) as tx:
        found = await _room_for_more(services, tx.session, person, owner_type, owner_id)
        attachment = Attachment(
            id=new_id("att"),
            owner_type=owner_type.value,
            owner_id=owner_id,
            organisation_id=person.organisation_id,
            uploaded_by=person.id,
            sha256=ref.sha256,
            size=ref.size,
            filename=rules.safe_name(filename),
            media_type=media_type,
            created_at=tx.now,
        )
        tx.session.add(attachment)
        tx.audit(AttachmentAction.UPLOADED, owner_type.value, owner_id, {"file": attachment.id})
        tell(tx, found.consult)
    return attachment


async def of_owner(
    services: Services, session: AsyncSession, person: Person, owner_type: OwnerType, owner_id: str
) -> Sequence[Attachment]:
    """The files of an owner that the person may see. Raises `Problem` (404)."""
    await _owner(services, session, person, owner_type, owner_id)
    return await files_of(session, owner_type, owner_id)


async def access_attachment(
    services: Services, session: AsyncSession, person: Person, attachment_id: str
) -> Attachment:
    """A file whose owner the person may see. Raises `Problem` (404)."""
    attachment = await session.get(Attachment, attachment_id)
    if attachment is None or attachment.owner_type not in {item.value for item in OwnerType}:
        raise not_found()
    await _owner(services, session, person, OwnerType(attachment.owner_type), attachment.owner_id)
    return attachment


async def path_of(services: Services, attachment: Attachment) -> Path:
    """Where the stored bytes are, for sending. Raises `storage.blobs.BlobMissing`."""
    await services.blobs.size(attachment.sha256)
    return services.blobs.path_for(attachment.sha256)
