"""`Idempotency-Key`: what was created is not created again when a click or a dropped line sends it twice.

Kept in memory for some minutes: long enough for a retry. A restart in between forgets, as does a full table.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from server.errors import ErrorCode, Problem

HEADER = "Idempotency-Key"
PATTERN = r"^[A-Za-z0-9_-]{8,64}$"
KEPT_FOR = timedelta(minutes=10)
MAX_KEPT = 5000

Key = tuple[str, str, str]
"""Who, which operation, and the key that the client chose."""


@dataclass(frozen=True, slots=True)
class _Kept:
    body: BaseModel
    since: datetime
    answer: asyncio.Task[Any]


class Repeats:
    """The answers of the last minutes by key."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()

    def _forget(self, now: datetime) -> None:
        while self._kept:
            key, oldest = next(iter(self._kept.items()))
            if now - oldest.since < KEPT_FOR and len(self._kept) < MAX_KEPT:
                return
            del self._kept[key]

    async def once(
        self, key: Key, body: BaseModel, now: datetime, work: Callable[[], Coroutine[Any, Any, Any]]
    ) -> Any:
        """Do the work, or answer as it was answered. What failed may be tried again.

        Raises `Problem` (422) when the key came with another body before.
        """
        if not re.fullmatch(PATTERN, key[2]):
            raise _misused()
        self._forget(now)
        kept = self._kept.get(key)
        if kept is None:
            # A task of its own, so that whoever asks second is not left alone when the first one leaves.
            kept = _Kept(body, now, asyncio.create_task(work()))
            self._kept[key] = kept
            kept.answer.add_done_callback(lambda task: self._settle(key, task))
        elif kept.body != body:
            raise _misused()
        return await asyncio.shield(kept.answer)

    def _settle(self, key: Key, task: asyncio.Task[Any]) -> None:
        kept = self._kept.get(key)
        if (task.cancelled() or task.exception()) and kept is not None and kept.answer is task:
            del self._kept[key]


def _misused() -> Problem:
    return Problem(
        ErrorCode.INVALID_REQUEST,
        zh="幂等键无效，或已用于另一个请求。请刷新页面后重新提交。",
        en="The idempotency key is malformed or was used for another request. Reload the page and send again.",
        data={"errors": [{"path": HEADER, "message": "malformed or used before"}]},
    )
