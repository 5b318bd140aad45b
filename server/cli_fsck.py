"""`duikou fsck`: what is stored is what was stored."""

from __future__ import annotations

from typing import Any

from server.config import Config
from storage import ledger_check
from storage.blobs import BlobStore
from storage.disk import Disk


def check(config: Config) -> dict[str, Any]:
    """Sizes, the ledger's root (hex) and every problem; reads only, blocking."""
    disk = Disk(config.data)
    report = ledger_check.fsck(disk, origin=config.ledger_origin)
    store = BlobStore(disk)
    problems = [f"ledger: {problem}" for problem in report.problems]
    problems += [f"{problem.name}: {problem.kind}" for problem in store.fsck()]
    return {
        "entries": report.size,
        "root": report.root.hex(),
        "blobs": sum(1 for _ in store.digests()),
        "problems": problems,
    }
