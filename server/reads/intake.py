"""Uploads: raw body → quarantine → guarded reader → original and normal form kept, or nothing left behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from aiohttp import web
from sqlalchemy import func, select

from server.access.rules import Person
from server.errors import ErrorCode, Problem
from server.http import bodies
from server.reads import metrics
from server.reads.access import access_read
from server.reads.rules import ReadEvent
from server.reads.service import ReadAction, begin, check_event, move, tell
from storage.blobs import BlobRef, Quarantined
from storage.db import Actor
from storage.disk import DiskFull, TooLarge
from storage.ids import new_id
from storage.readers import EcgRecording, ReaderBusy, ReaderUnavailable, Refused
from storage.readers.ecg import EcgPatient
from storage.tables.reads import ReadFile

if TYPE_CHECKING:
    from server.services import Services


def _too_large(limit: int) -> Problem:
    megabytes = limit // (1024 * 1024)
    return Problem(
        ErrorCode.BODY_TOO_LARGE,
        zh=f"文件超过 {megabytes} MB 的上限。请只上传单次静息心电图的文件。",
        en=f"The file is larger than {megabytes} MB. Upload the file of one resting ECG.",
        data={"limit": limit},
    )


async def body_of(request: web.Request, limit: int, types: Sequence[str]) -> AsyncIterator[bytes]:
    """The raw body in pieces. Raises `Problem` (413, 415, 422) before reading when that is clear already."""
    if request.content_type not in types:
        raise Problem(
            ErrorCode.UNSUPPORTED_MEDIA_TYPE,
            zh="请把文件作为原始内容发送(application/dicom)。",
            en="Send the file as raw content (application/dicom).",
        )
    if request.content_length is not None and request.content_length > limit:
        raise _too_large(limit)
    async for piece in bodies.pieces(request):
        yield piece


def _refusal(error: Refused) -> Problem:
    metrics.REFUSED.labels(error.code.value).inc()
    return Problem(
        ErrorCode.FILE_REFUSED,
        zh=error.sentence_zh,
        en=error.sentence_en,
        data={"reason": error.code.value},
    )


async def _read(services: Services, held: Quarantined) -> EcgRecording:
    try:
        return await services.readers.read_ecg(held.path)
    except Refused as error:
        raise _refusal(error) from None
    except (ReaderBusy, ReaderUnavailable):
        raise Problem(
            ErrorCode.NOT_READY,
            zh="读取服务正忙。请稍候再上传一次。",
            en="The file readers are busy. Upload it again in a moment.",
            headers={"Retry-After": "5"},
        ) from None


def _normal_form(recording: EcgRecording) -> bytes:
    # De-identified: what the file says of the patient is kept in the database only, so that the samples
    # document can be shown to the reading side even when the file names somebody else.
    return replace(recording, patient=EcgPatient()).to_blob()


async def _keep(services: Services, held: Quarantined) -> tuple[EcgRecording, BlobRef]:
    """Read the quarantined file; keep both forms. Raises `Problem` and leaves nothing behind."""
    try:
        recording = await _read(services, held)
        normal = await asyncio.to_thread(_normal_form, recording)
        await services.blobs.promote(held)
    except BaseException:
        await asyncio.shield(services.blobs.discard(held))
        raise
    return recording, await services.blobs.put_bytes(normal)


async def _receive(services: Services, chunks: AsyncIterator[bytes]) -> Quarantined:
    """The stream in quarantine. Raises `Problem` (413, 503) and leaves nothing behind."""
    limit = services.config.max_upload_bytes
    try:
        return await services.blobs.quarantine(chunks, limit=limit)
    except TooLarge:
        raise _too_large(limit) from None
    except DiskFull:
        raise Problem(ErrorCode.NOT_READY) from None


async def attach_file(
    services: Services,
    actor: Actor,
    person: Person,
    read_id: str,
    chunks: AsyncIterator[bytes],
    media_type: str = "application/dicom",
) -> ReadFile:
    """Receive a recording for a read: kept byte for byte with its normal form, or refused.

    Raises `Problem`: 404, 409, 413, 415, 422 with the reader's reason, 503 when the readers are busy. The read
    stays as it was, so that the doctor can try again.
    """
    async with services.db.read() as session:
        before = await access_read(session, services, person, read_id)
        await check_event(session, person, before, ReadEvent.ATTACH)
    held = await _receive(services, chunks)
    recording, normal = await _keep(services, held)
    # If the read was withdrawn meanwhile, the two objects stay unreferenced: deleting them here could take
    # away the same file that another request is just about to name.
    async with services.db.write(actor) as tx:
        now_held = await begin(tx, services, person, read_id, ReadEvent.ATTACH)
        count = select(func.count()).where(ReadFile.read_id == read_id)
        file = ReadFile(
            id=new_id("rfl"),
            read_id=read_id,
            number=(await tx.session.execute(count)).scalar_one() + 1,
            uploaded_by=person.id,
            uploaded_at=tx.now,
            media_type=media_type,
            original_sha256=held.ref.sha256,
            original_size=held.ref.size,
            normal_sha256=normal.sha256,
            normal_size=normal.size,
            check=recording.header(),
        )
        tx.session.add(file)
        move(tx, now_held, ReadEvent.ATTACH)
        tx.audit(ReadAction.ATTACHED, "read", read_id, {"file": file.id})
        tell(tx, now_held.read, reader=False)
    return file
