"""Reading request bodies: bounded in size and in patience, whatever the line does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web

from server.errors import ErrorCode, Problem

PIECE = 64 * 1024
IDLE_SECONDS = 60.0
"""A line that delivers nothing for so long has dropped."""
WHOLE_SECONDS = 60.0
"""No small body takes longer, however slowly it trickles."""


def broken_off() -> Problem:
    """The answer to a body that ended too early, fell silent, or was not what its headers said."""
    return Problem(
        ErrorCode.INVALID_REQUEST,
        zh="上传中断，内容不完整。请检查线路后重新上传。",
        en="The upload broke off. Check the line and upload again.",
    )


async def pieces(request: web.Request) -> AsyncIterator[bytes]:
    """The raw body as it arrives. Raises `Problem` (422) when it breaks off or falls silent."""
    while True:
        try:
            piece = await asyncio.wait_for(request.content.read(PIECE), IDLE_SECONDS)
        except (web.RequestPayloadError, TimeoutError):
            raise broken_off() from None
        if not piece:
            return
        yield piece


async def whole(request: web.Request, limit: int) -> bytes:
    """A small body. Raises `Problem`: 413 past `limit` bytes, 422 when it breaks off or takes too long."""
    raw = bytearray()
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            async for piece in pieces(request):
                raw += piece
                if len(raw) > limit:
                    raise Problem(ErrorCode.BODY_TOO_LARGE)
    except TimeoutError:
        raise broken_off() from None
    return bytes(raw)
