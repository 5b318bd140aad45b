"""Signed webhooks: posted in order, again and again until the receiver says 2xx.

A message that the receiver can never take (400, 413, 422) is set aside, so that it does not hold up the rest."""

import asyncio
import base64
import contextlib
import hashlib
import json
import logging
import time
from enum import Enum, auto
from typing import Any

import aiohttp
import jwt

from signaling.spool import Spool

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/webhook+json"
_TIMEOUT = aiohttp.ClientTimeout(total=10)
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 15.0
_TOKEN_SECONDS = 300
# The receiver read the message and will never take it. Anything else (401: a key is being changed;
# 5xx; no answer) may pass, and is tried again.
_NEVER = frozenset({400, 413, 422})


class Outcome(Enum):
    TAKEN = auto()
    REFUSED = auto()
    LATER = auto()


def sign(body: bytes, key: str, secret: str) -> str:
    """The Authorization value: a JWT whose `sha256` claim is the body's digest."""
    now = int(time.time())
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    claims = {"iss": key, "nbf": now - 10, "exp": now + _TOKEN_SECONDS, "sha256": digest}
    return jwt.encode(claims, secret, algorithm="HS256")


class Webhooks:
    """Takes events as JSON values. Without a URL they are dropped."""

    def __init__(self, url: str, key: str, secret: str, spool: Spool) -> None:
        self.url, self._key, self._secret = url, key, secret
        self.spool = spool
        self._task: asyncio.Task[None] | None = None
        self.delivered = self.failed = self.refused = 0

    @property
    def waiting(self) -> int:
        return len(self.spool)

    def start(self) -> None:
        if self.url:
            self.spool.start()
            self._task = asyncio.create_task(self._deliver())

    def post(self, event: dict[str, Any]) -> None:
        """Queue one event."""
        if self.url:
            body = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
            self.spool.put(body.encode())

    async def _deliver(self) -> None:
        wait = _FIRST_WAIT
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
            while True:
                name, body = await self.spool.first()
                outcome = await self._send(session, body)
                if outcome is Outcome.LATER:
                    self.failed += 1
                    await asyncio.sleep(wait)
                    wait = min(_LONGEST_WAIT, wait * 2)
                    continue
                wait = _FIRST_WAIT
                if outcome is Outcome.TAKEN:
                    self.delivered += 1
                    await self.spool.done(name)
                else:
                    self.refused += 1
                    await self.spool.aside(name)

    async def _send(self, session: aiohttp.ClientSession, body: bytes) -> Outcome:
        # Signed afresh for each try: a message may wait longer than its token would live.
        headers = {
            "Content-Type": CONTENT_TYPE,
            "Authorization": sign(body, self._key, self._secret),
        }
        try:
            async with session.post(
                self.url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                if 200 <= answer.status < 300:
                    return Outcome.TAKEN
                log.warning("the webhook receiver answered %d", answer.status)
                if answer.status in _NEVER:
                    return Outcome.REFUSED
        except (aiohttp.ClientError, TimeoutError, OSError) as exc:
            log.warning("the webhook receiver cannot be reached: %s", type(exc).__name__)
        return Outcome.LATER

    async def stop(self, grace: float = 3.0) -> None:
        """Deliver what waits, within `grace` seconds; the rest stays in the spool."""
        if self._task is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self.spool.drained()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self.spool.stop()
