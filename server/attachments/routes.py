"""Files attached to clinical objects: upload as the raw body, list, download with ranges."""

from __future__ import annotations

from urllib.parse import quote, unquote

from aiohttp import web

from server.access.permissions import Permission
from server.attachments import service
from server.attachments.schemas import AttachmentsView, AttachmentView, OwnerQuery, UploadQuery
from server.errors import ErrorCode
from server.http import bodies
from server.http.routing import Call, Empty, Route
from storage.tables.patients import Attachment

# Percent-encoded UTF-8. Not in the address: a file's name may be a patient's, and addresses end up in logs.
FILE_NAME = "X-File-Name"
# Shown in the page; everything else is only ever saved by the browser.
INLINE = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"})


async def upload_attachment(call: Call[UploadQuery, Empty]) -> AttachmentView:
    query = call.query
    attachment = await service.upload(
        call.services,
        call.person,
        call.actor,
        owner_type=query.owner_type,
        owner_id=query.owner_id,
        filename=unquote(call.http.headers.get(FILE_NAME, "")),
        declared_type=call.http.content_type,
        declared_size=call.http.content_length,
        chunks=bodies.pieces(call.http),
    )
    return AttachmentView.model_validate(attachment)


async def list_attachments(call: Call[OwnerQuery, Empty]) -> AttachmentsView:
    query = call.query
    async with call.services.db.read() as session:
        found = await service.of_owner(
            call.services, session, call.person, query.owner_type, query.owner_id
        )
        return AttachmentsView(attachments=[AttachmentView.model_validate(row) for row in found])


def _headers(attachment: Attachment) -> dict[str, str]:
    kind = "inline" if attachment.media_type in INLINE else "attachment"
    # RFC 6266 with RFC 8187: the plain name for old clients, the real one percent-encoded.
    name = quote(attachment.filename, safe="")
    return {
        "Content-Disposition": f"{kind}; filename=\"attachment\"; filename*=UTF-8''{name}",
        "Content-Type": attachment.media_type,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-cache",
        "ETag": f'"{attachment.sha256}"',
    }


async def download_attachment(call: Call[Empty, Empty]) -> web.StreamResponse:
    async with call.services.db.read() as session:
        attachment = await service.access_attachment(
            call.services, session, call.person, call.path["attachment_id"]
        )
    path = await service.path_of(call.services, attachment)
    return web.FileResponse(path, headers=_headers(attachment))


# Reading a file is decided by its owner; these doors are open to everyone with an account.
_READ = Permission.ACCESS_SELF_READ

ROUTES = [
    Route(
        "POST",
        "/api/attachments",
        upload_attachment,
        "Attach a file: the body is the file, the header X-File-Name its percent-encoded name",
        _READ,
        query=UploadQuery,
        response=AttachmentView,
        status=201,
        consumes="application/octet-stream",
        errors=(
            ErrorCode.NOT_FOUND,
            ErrorCode.WRONG_STATE,
            ErrorCode.BODY_TOO_LARGE,
            ErrorCode.FILE_EMPTY,
            ErrorCode.FILE_REFUSED,
            ErrorCode.UNSUPPORTED_MEDIA_TYPE,
        ),
    ),
    Route(
        "GET",
        "/api/attachments",
        list_attachments,
        "Files of one object",
        _READ,
        query=OwnerQuery,
        response=AttachmentsView,
        errors=(ErrorCode.NOT_FOUND,),
    ),
    Route(
        "GET",
        "/api/attachments/{attachment_id}",
        download_attachment,
        "The file itself; takes Range",
        _READ,
        produces="*/*",
    ),
]
