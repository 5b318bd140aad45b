"""Logs are JSON lines without secrets, and without what an exception quotes."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from server import logs


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def _written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_is_json_with_process_and_request(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(process="api")
    with structlog.contextvars.bound_contextvars(request_id="req_1"):
        structlog.get_logger().info("done", count=3)
    (line,) = _written(capsys)
    assert line["event"] == "done"
    assert (line["process"], line["request_id"], line["count"]) == ("api", "req_1", 3)


@pytest.mark.parametrize("name", ["token", "password", "Authorization", "secret"])
def test_secrets_are_hidden(capsys: pytest.CaptureFixture[str], name: str) -> None:
    logs.configure()
    structlog.get_logger().info("x", **{name: "hush-hush"})
    (line,) = _written(capsys)
    assert line[name] == "hidden"


@pytest.mark.parametrize("form", ["json", "text"])
def test_an_exception_says_where_but_not_what(
    capsys: pytest.CaptureFixture[str], form: logs.Form
) -> None:
    logs.configure(form=form)
    try:
        int("张三")
    except ValueError:
        structlog.get_logger().exception("refused")
    written = capsys.readouterr().err
    assert "ValueError" in written
    assert "test_logs.py" in written
    assert "张三" not in written


def test_libraries_are_heard_from_warnings_on(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    logging.getLogger("some.library").info("chatter")
    logging.getLogger("some.library").warning("trouble with %s", "x")
    (line,) = _written(capsys)
    assert (line["logger"], line["message"]) == ("some.library", "trouble with x")


def test_the_level_is_respected(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level="error")
    structlog.get_logger().warning("quiet")
    assert _written(capsys) == []
