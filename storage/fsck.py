"""Checks a whole data folder: ledger and blobs. Reads only. `python -m storage.fsck FOLDER --origin NAME`."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

from storage.blobs import BlobStore
from storage.disk import STAGING, Disk
from storage.ledger_check import LedgerReport
from storage.ledger_check import fsck as check_ledger


@dataclass(frozen=True, slots=True)
class FolderReport:
    """What was found. `staged` files are unfinished writes, removed at the next start; they are no problem."""

    ledger: LedgerReport
    blobs: int
    staged: int
    problems: tuple[str, ...]


def fsck(disk: Disk, *, origin: str) -> FolderReport:
    """Read and check everything that the storage keeps in a data folder (blocking)."""
    ledger = check_ledger(disk, origin=origin)
    store = BlobStore(disk)
    problems = [f"ledger: {problem}" for problem in ledger.problems]
    problems += [f"{problem.name}: {problem.kind}" for problem in store.fsck()]
    staged = sum(not name.endswith(".lock") for name in disk.names(STAGING))
    return FolderReport(ledger, sum(1 for _ in store.digests()), staged, tuple(problems))


def main(argv: list[str] | None = None) -> int:
    """Command line: 0 sound, 1 not."""
    parser = argparse.ArgumentParser(prog="storage.fsck", description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--origin", default="duikou/log", help="name of the ledger")
    options = parser.parse_args(argv)
    report = fsck(Disk(options.folder), origin=options.origin)
    lines = [
        f"ledger {report.ledger.size} entries, root {report.ledger.root.hex()}",
        f"blobs {report.blobs}, unfinished {report.staged}",
        *report.problems,
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
