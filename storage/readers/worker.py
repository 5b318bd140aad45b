"""A reader worker: one process that parses untrusted files under limits and talks over its standard streams.

Request: u32 length, JSON {"kind", "path"}. Answer: u32 length, then one byte `V` and the value's bytes (an ECG blob,
or JSON), or `R` and JSON {"code", "what"}. Integers are big-endian. The end of standard input ends the worker.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from storage.readers.guard import guarded, read_dicom_summary, read_ecg_guarded
from storage.readers.refusals import Refused

Handler = Callable[[Path], bytes]

MEMORY_BYTES = 512 << 20
CPU_SECONDS = 10
_LENGTH = struct.Struct(">I")
_MAX_REQUEST = 1 << 16


def _ecg(path: Path) -> bytes:
    return read_ecg_guarded(path).to_blob()


def _summary(path: Path) -> bytes:
    return json.dumps(asdict(read_dicom_summary(path))).encode()


HANDLERS: Mapping[str, Handler] = {"ecg": _ecg, "dicom_summary": _summary}


def limit_process(memory: int) -> None:
    """Address space, no file writes, no core dumps, few open files: before the first untrusted byte."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _limit_cpu() -> None:
    """Let this request use CPU_SECONDS more than the process has used; the kernel ends it after that."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))


def answer(handlers: Mapping[str, Handler], request: bytes) -> bytes:
    """The answer's bytes."""
    try:
        asked = json.loads(request)
        handler = handlers[asked["kind"]]
        return b"V" + guarded(handler, Path(asked["path"]))
    except Refused as refusal:
        told = {"code": refusal.code.value, "what": refusal.what}
        return b"R" + json.dumps(told).encode()
    except Exception:  # a vanished file or a wrong request: the pool's fault, not the file's
        return b"E"


def _serve(handlers: Mapping[str, Handler], requests: BinaryIO, answers: BinaryIO) -> None:
    while len(head := requests.read(_LENGTH.size)) == _LENGTH.size:
        (length,) = _LENGTH.unpack(head)
        if length > _MAX_REQUEST:
            return
        _limit_cpu()
        reply = answer(handlers, requests.read(length))
        answers.write(_LENGTH.pack(len(reply)) + reply)
        answers.flush()


def main(handlers: Mapping[str, Handler] = HANDLERS) -> None:
    """Serve until standard input ends. Standard output is kept for answers alone."""
    answers = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)
    os.chdir("/")
    limit_process(int(os.environ.get("DUIKOU_READER_MEMORY", MEMORY_BYTES)))
    answers.write(_LENGTH.pack(1) + b"S")
    answers.flush()
    _serve(handlers, sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
