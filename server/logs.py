"""Structured logs on standard error: one JSON object a line, with the request's id where there is one.

Callers pass codes, ids, counts and route templates; never patient data, free text, tokens or passwords.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, Literal

import structlog

Form = Literal["json", "text"]
LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
# Values under these names never reach a log, whoever put them there.
SECRET_NAMES = frozenset(
    {"authorization", "cookie", "jwt", "key", "password", "secret", "set-cookie", "token"}
)

Event = MutableMapping[str, Any]


def hide_secrets(_logger: object, _method: str, event: Event) -> Event:
    """Replace the values of fields that are named like secrets."""
    for name in event:
        if name.lower() in SECRET_NAMES:
            event[name] = "hidden"
    return event


def where_it_failed(_logger: object, _method: str, event: Event) -> Event:
    """Replace `exc_info` by the exception's type and its stack.

    Not its text and not its variables: a refused value may be a patient's name.
    """
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        frames = traceback.extract_tb(error.__traceback__)
        event["where"] = [
            f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}"
            for frame in frames
        ]
    return event


def configure(level: str = "info", form: Form = "json", process: str = "duikou") -> None:
    """Set up structlog and the standard library's loggers for this process."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    shared.append(where_it_failed)
    if form == "json":
        shared.append(structlog.processors.JSONRenderer(ensure_ascii=False))
    else:
        shared.append(structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0))
    structlog.configure(
        processors=shared,
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(process=process)
    _adopt_standard_logging(level)


class _Forward(logging.Handler):
    """Hands the records of libraries to structlog: logger, level and message without its arguments' objects."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        method = {40: "error", 30: "warning", 20: "info"}.get(record.levelno // 10 * 10, "debug")
        # The class of an exception is enough: its text may quote what a person sent.
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        extra = {"error": kind} if kind else {}
        # asyncio puts the repr of a failed task, and with it the exception's text, on the lines below.
        message = record.getMessage().partition("\n")[0]
        getattr(log, method)("library", logger=record.name, message=message, **extra)


def _adopt_standard_logging(level: str) -> None:
    root = logging.getLogger()
    root.handlers[:] = [_Forward()]
    # Libraries speak up from warnings on; aiohttp's own access log would hold query strings.
    root.setLevel(max(LEVELS[level], logging.WARNING))
    logging.getLogger("aiohttp.access").disabled = True
