"""`python -m signaling.recording record|finish`: the recorder as a process.

`record` joins a room and writes a new segment below the folder until SIGTERM or until the room ends;
its token comes by environment (DUIKOU_MEDIA_TOKEN). It prints a JSON line when it is in the room and
every few seconds. Exit status: 0 over, 1 failed (try again), 2 misuse, 3 the server refuses it,
4 the disk is full.
`finish` repairs what a killed recorder left, and prints the manifests as one JSON line."""

import argparse
import asyncio
import contextlib
import errno
import json
import logging
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from signaling.client.room import Participant, Refused
from signaling.recording.recorder import Recorder
from signaling.recording.segment import Segment, finish, finish_all
from signaling.transport.dtls import Identity

log = logging.getLogger("recording")

OVER, FAILED, MISUSE, REFUSED, FULL = 0, 1, 2, 3, 4
PATIENCE = 60.0
TOKEN = "DUIKOU_MEDIA_TOKEN"  # noqa: S105 - the name of a variable
_TELL_EVERY = 2.0
_LEAST_FREE = 256 << 20


def _say(**line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _next_folder(folder: Path) -> Path:
    numbers = [int(p.name.removeprefix("segment-")) for p in folder.glob("segment-[0-9]*")]
    return folder / f"segment-{max(numbers, default=0) + 1:04d}"


def _check_space(folder: Path) -> None:
    """Raises OSError before the disk is full for everybody else, too."""
    if shutil.disk_usage(folder).free < _LEAST_FREE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _begin(folder: Path) -> Segment:
    folder.mkdir(parents=True, exist_ok=True)
    _check_space(folder)
    return Segment(_next_folder(folder))


def _status(failure: BaseException | None) -> int:
    log.error("the recorder failed: %s", failure)
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return FULL if isinstance(failure, OSError) and failure.errno in full else FAILED


async def _tell(recorder: Recorder, segment: Segment, folder: Path) -> None:
    """Progress for whoever started this, and an eye on the disk."""
    while True:
        _say(state="recording" if recorder.connected else "lost", bytes=segment.octets)
        await asyncio.sleep(_TELL_EVERY)
        _check_space(folder)


async def record(url: str, room: str, folder: Path, token: str) -> int:
    """Record until told to stop, or until the room is over."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        segment = await asyncio.to_thread(_begin, folder)
    except OSError as exc:
        return _status(exc)
    recorder = Recorder(segment, room)
    member = Participant(url, token, Identity(), listener=recorder, patience=PATIENCE)
    recorder.member = member
    status = OVER
    tasks: list[asyncio.Future[Any]] = [
        asyncio.ensure_future(stop.wait()),
        asyncio.ensure_future(member.ended.wait()),
    ]
    try:
        await member.join()
        working = [
            asyncio.ensure_future(recorder.keep()),
            asyncio.ensure_future(_tell(recorder, segment, folder)),
        ]
        tasks.extend(working)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        broken = [task for task in working if task.done()]
        if broken:
            status = _status(broken[0].exception())
        elif not stop.is_set() and not member.refused:
            status = FAILED  # the way to the room was lost for longer than there is patience
    except Refused:
        status = REFUSED
    except (OSError, TimeoutError):
        status = FAILED
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        recorder.end()
        segment.close()
        await member.leave()
        await member.close()
    with contextlib.suppress(OSError, ValueError):  # `finish` tries again, and says what is wrong
        finish(segment.folder)
    return status


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="recording", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    recording = commands.add_parser("record")
    recording.add_argument("--url", required=True, help="address of the media server")
    recording.add_argument("--room", required=True)
    recording.add_argument("--folder", required=True, type=Path)
    finishing = commands.add_parser("finish")
    finishing.add_argument("--folder", required=True, type=Path)
    found = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(name)s %(levelname)s %(message)s")
    if found.command == "finish":
        sys.stdout.write(json.dumps(finish_all(found.folder)) + "\n")
        return OVER
    token = os.environ.pop(TOKEN, "")
    if not token:
        parser.error(f"{TOKEN} is not set")
    os.umask(0o077)
    return asyncio.run(record(found.url, found.room, found.folder, token))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
