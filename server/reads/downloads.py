"""The tracing, the original file and the signed PDF."""

from __future__ import annotations

import asyncio
import gzip
from typing import TYPE_CHECKING, Any

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server.clock import local_date
from server.errors import not_found
from server.http.routing import Call, Empty
from server.reads import checking
from server.reads.access import access_read
from server.reads.schemas import EcgView, ReportPdfQuery
from server.reads.service import newest_file
from storage.tables.access import Organisation
from storage.tables.reads import ReadFile, ReadReport

if TYPE_CHECKING:
    from server.services import Services

# Only this person's browser keeps it, and asks each time whether it is still allowed and the same.
PRIVATE = "private, no-cache"


async def _file(session: AsyncSession, call: Call[Any, Any]) -> tuple[ReadFile, str]:
    """The newest recording of a read that the person may see, and the zone of the unit it came from."""
    held = await access_read(session, call.services, call.person, call.path["read_id"])
    file = await newest_file(session, held.read.id)
    if file is None:
        raise not_found()
    unit = await session.get_one(Organisation, held.read.requesting_id)
    return file, unit.zone


async def get_read_ecg(call: Call[Empty, Empty]) -> EcgView:
    async with call.services.db.read() as session:
        file, zone = await _file(session, call)
    return checking.ecg_view(file, local_date(file.uploaded_at, zone))


def _not_modified(request: web.Request, tags: set[str]) -> bool:
    return any(tag.value in tags for tag in request.if_none_match or ())


async def get_read_samples(call: Call[Empty, Empty]) -> web.StreamResponse:
    """The normal form, gzipped when the browser takes that: half the bytes on a thin line."""
    async with call.services.db.read() as session:
        file, _ = await _file(session, call)
    packed = "gzip" in call.http.headers.get("Accept-Encoding", "")
    tag = f"{file.normal_sha256}-gz" if packed else file.normal_sha256
    headers = {"ETag": f'"{tag}"', "Cache-Control": PRIVATE, "Vary": "Accept-Encoding"}
    if _not_modified(call.http, {file.normal_sha256, f"{file.normal_sha256}-gz"}):
        return web.Response(status=304, headers=headers)
    data = await call.services.blobs.read(file.normal_sha256)
    if packed:
        data = await asyncio.to_thread(gzip.compress, data, 6)
        headers["Content-Encoding"] = "gzip"
    return web.Response(body=data, content_type="application/octet-stream", headers=headers)


async def _send(
    services: Services, request: web.Request, sha256: str, headers: dict[str, str]
) -> web.StreamResponse:
    """Stream a stored object."""
    tagged = {**headers, "ETag": f'"{sha256}"', "Cache-Control": PRIVATE}
    if _not_modified(request, {sha256}):
        return web.Response(status=304, headers=tagged)
    response = web.StreamResponse(headers=tagged)
    response.content_length = await services.blobs.size(sha256)
    await response.prepare(request)
    async for piece in services.blobs.stream(sha256):
        await response.write(piece)
    await response.write_eof()
    return response


async def get_read_original(call: Call[Empty, Empty]) -> web.StreamResponse:
    async with call.services.db.read() as session:
        file, _ = await _file(session, call)
    name = f"{file.read_id}-{file.number}.dcm"
    headers = {
        "Content-Type": "application/dicom",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return await _send(call.services, call.http, file.original_sha256, headers)


async def get_read_report_pdf(call: Call[ReportPdfQuery, Empty]) -> web.StreamResponse:
    async with call.services.db.read() as session:
        held = await access_read(session, call.services, call.person, call.path["read_id"])
        query = select(ReadReport).where(ReadReport.read_id == held.read.id)
        if call.query.version is not None:
            query = query.where(ReadReport.version == call.query.version)
        query = query.order_by(ReadReport.version.desc()).limit(1)
        report = (await session.execute(query)).scalar_one_or_none()
    if report is None:
        raise not_found()
    name = f"{report.read_id}-v{report.version}.pdf"
    headers = {
        "Content-Type": "application/pdf",
        "Content-Disposition": f'inline; filename="{name}"',
    }
    return await _send(call.services, call.http, report.pdf_sha256, headers)
