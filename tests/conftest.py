"""What all tests share."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.coverage_of_routes import missing_routes


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared samples and tools beside the checkout; tests skip without it."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("no shared folder beside the checkout")
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A private PostgreSQL cluster's URL; skips where PostgreSQL is not installed."""
    if postgres.find_bin() is None:
        pytest.skip("PostgreSQL is not installed")
    # Short path: a Unix socket's path may not exceed 107 bytes; world-readable: another user runs it.
    folder = Path(tempfile.mkdtemp(prefix="duikou-pg-", dir=tempfile.gettempdir()))
    with postgres.cluster(folder) as server:
        yield server


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a whole run in which some route has no success test or no denial test."""
    if os.environ.get("ROUTE_COVERAGE") != "1" or hasattr(session.config, "workerinput"):
        return
    missing = missing_routes()
    if missing and exitstatus == 0:
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.write_line("")
            reporter.write_line("routes without a success test or a denial test:", red=True)
            for line in missing:
                reporter.write_line("  " + line, red=True)
        session.exitstatus = 1
