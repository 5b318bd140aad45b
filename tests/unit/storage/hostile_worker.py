"""A reader worker whose kinds misbehave, to test the pool: run as a program."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from storage.readers.worker import HANDLERS, main


def bomb(path: Path) -> bytes:
    return bytes(2 << 30)


def loop(path: Path) -> bytes:
    while True:
        pass


def die(path: Path) -> bytes:
    os._exit(1)


def scribble(path: Path) -> bytes:
    (path.parent / "scribbled").write_bytes(b"x")
    return b"{}"


def deep(path: Path) -> bytes:
    return deep(path)


def lie(path: Path) -> bytes:
    return b"DKECG01\n" + b"\xff" * 100


def chatter(path: Path) -> bytes:
    sys.stdout.write("patient name\n" * 1000)
    sys.stdout.flush()
    return HANDLERS["ecg"](path)


KINDS = {kind.__name__: kind for kind in (bomb, loop, die, scribble, deep, lie, chatter)}


def by_name(path: Path) -> bytes:
    """The file's name says how to misbehave."""
    handler = KINDS.get(path.name)
    return handler(path) if handler else HANDLERS["ecg"](path)


if __name__ == "__main__":
    main({"ecg": by_name})
