"""Which routes the tests called, and with what outcome: every route needs a success and a denial."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from server.app import ALL_ROUTES
from server.http.routing import Route

FOLDER = Path(__file__).parent / "artifacts" / "routes"
DENIALS = {401, 403, 404, 409, 429}


def _pattern(route: Route) -> re.Pattern[str]:
    return re.compile("^" + re.sub(r"{\w+[^}]*}", "[^/]+", route.path) + "$")


# Literal paths first, so that `/api/entries/export` is not taken for an entry's id.
_PATTERNS = sorted(
    ((_pattern(route), route) for route in ALL_ROUTES), key=lambda pair: pair[1].path.count("{")
)


def record(method: str, path: str, status: int) -> None:
    """Note one call by a test."""
    for pattern, route in _PATTERNS:
        if route.method == method and pattern.match(path):
            FOLDER.mkdir(parents=True, exist_ok=True)
            worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
            with (FOLDER / f"{worker}.jsonl").open("a") as out:
                out.write(json.dumps([route.operation_id, status]) + "\n")
            return


def _recorded() -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for file in FOLDER.glob("*.jsonl"):
        found |= {(name, status) for name, status in map(json.loads, file.read_text().splitlines())}
    return found


def missing_routes() -> list[str]:
    """One line for each route that lacks a success test or a denial test."""
    recorded = _recorded()
    lines = []
    for route in ALL_ROUTES:
        statuses = {status for name, status in recorded if name == route.operation_id}
        open_to_all = route.permission is None and route.method == "GET"
        if not any(status < 400 for status in statuses):
            lines.append(f"{route.method} {route.path}: no success test")
        if not open_to_all and not statuses & DENIALS:
            lines.append(f"{route.method} {route.path}: no denial test")
    return lines
