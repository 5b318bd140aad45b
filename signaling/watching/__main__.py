"""`python -m signaling.watching --url … --room … --webhook-url … --spool …`: the cluster witness.

Key and secret come by environment (DUIKOU_MEDIA_KEY, DUIKOU_MEDIA_SECRET). It leaves when the room is
empty, or on SIGTERM; its reports are on disk before they count, and delivered again and again until they
are taken. `--drain` only delivers what an earlier one left. Exit status: 0 over, 1 failed (try again),
3 the server refuses it."""

import argparse
import asyncio
import logging
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import jwt

from signaling.client.room import Participant, Refused
from signaling.clock import Clock
from signaling.spool import Spool
from signaling.transport.dtls import Identity
from signaling.watching.watcher import Watcher
from signaling.webhooks import Webhooks

OVER, FAILED, REFUSED = 0, 1, 3
IDENTITY = "witness"
PATIENCE = 60.0
_ALONE_SECONDS, _NOBODY_SECONDS = 3.0, 60.0
_DELIVER_SECONDS = 30.0
_TOKEN_SECONDS = 14 * 3600


def token(key: str, secret: str, room: str) -> str:
    """For a participant that nobody sees and that only listens."""
    video = {"room": room, "roomJoin": True, "hidden": True, "canSubscribe": True}
    video |= {"canPublish": False, "canPublishData": False}
    claims = {"iss": key, "sub": IDENTITY, "exp": int(time.time()) + _TOKEN_SECONDS}
    return jwt.encode({**claims, "video": video}, secret, algorithm="HS256")


async def _watch(watcher: Watcher) -> None:
    """Until nobody is left: a witness must not keep a room open for itself."""
    while True:
        await asyncio.sleep(0.5)
        watcher.tick()
        while watcher.wishes:
            await watcher.member.request(watcher.wishes.pop(0))
        patience = _ALONE_SECONDS if watcher.seen else _NOBODY_SECONDS
        if not watcher.people and time.monotonic() - watcher.alone_since > patience:
            return


async def witness(found: argparse.Namespace, key: str, secret: str) -> int:
    """Watch a room until it is over."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    spool = Spool(found.spool)
    hooks = Webhooks(found.webhook_url, key, secret, spool)
    hooks.start()
    status = OVER
    try:
        if not found.drain:
            watcher = Watcher(found.room, hooks.post, found.every, Clock())
            watcher.member = Participant(
                found.url, token(key, secret, found.room), Identity(),
                listener=watcher, patience=PATIENCE,
            )  # fmt: skip
            status = await _stay(watcher, stop)
    finally:
        await hooks.stop(_DELIVER_SECONDS)
    return status


async def _stay(watcher: Watcher, stop: asyncio.Event) -> int:
    member = watcher.member
    tasks: list[asyncio.Future[Any]] = [asyncio.ensure_future(stop.wait())]
    try:
        await member.join()
        watching = asyncio.ensure_future(_watch(watcher))
        tasks += [watching, asyncio.ensure_future(member.ended.wait())]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if watching.done() or stop.is_set() or member.refused:
            return OVER
        return FAILED
    except Refused:
        return REFUSED
    except (OSError, TimeoutError):
        return FAILED
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        watcher.end()
        await member.leave()
        await member.close()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="witness", description=__doc__)
    parser.add_argument("--url", required=True, help="address of the cluster")
    parser.add_argument("--room", required=True)
    parser.add_argument("--webhook-url", required=True, help="where the reports are posted")
    parser.add_argument("--spool", required=True, type=Path, help="folder for reports that wait")
    parser.add_argument("--every", type=int, default=10, help="seconds that a report covers")
    parser.add_argument("--drain", action="store_true", help="only deliver what waits")
    found = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(name)s %(levelname)s %(message)s")
    key = os.environ.pop("DUIKOU_MEDIA_KEY", "")
    secret = os.environ.pop("DUIKOU_MEDIA_SECRET", "")
    if not key or not secret:
        parser.error("DUIKOU_MEDIA_KEY and DUIKOU_MEDIA_SECRET are not set")
    os.umask(0o077)
    return asyncio.run(witness(found, key, secret))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
