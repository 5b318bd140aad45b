"""Power loss at every call that changes the disk, and every call failing: what was acknowledged is there after."""

from __future__ import annotations

import errno
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from storage.disk import Disk, DiskFailure
from storage.ledger_check import fsck
from storage.ledger_files import TILE, LedgerFiles
from storage.merkle import verify_consistency
from storage.notes import Checkpoint
from tests.crash.lossy import LossyCalls, PowerLoss

ORIGIN = "crash.duikou/log"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROOT = "/d"


def open_ledger(calls: LossyCalls) -> LedgerFiles:
    files = LedgerFiles(Disk(ROOT, calls), "ledger", ORIGIN)
    files.open_writer(lambda: NOW)
    return files


class Acknowledged:
    """What the ledger promised: index of each entry, and checkpoints seen."""

    def __init__(self) -> None:
        self.entries: dict[int, bytes] = {}
        self.heads: list[Checkpoint] = []

    def append(self, files: LedgerFiles, batch: Sequence[bytes]) -> None:
        indices = files.append(batch)
        self.entries.update(zip(indices, batch, strict=True))
        self.heads.append(files.checkpoint)

    def check(self, files: LedgerFiles) -> None:
        for index, entry in self.entries.items():
            records = files.read_bundle(index // TILE)
            assert records[index % TILE][2] == entry
        tree, size = files.tree, files.checkpoint.size
        for head in self.heads:
            assert head.size <= size, "rolled back"
            proof = tree.consistency(head.size, size)
            assert verify_consistency(head.size, size, head.root, files.checkpoint.root, proof)


def batches(first: int, count: int, each: int) -> list[list[bytes]]:
    numbers = range(first, first + count * each, each)
    return [[b"entry %d " % (n + k) * 3 for k in range(each)] for n in numbers]


def machine(prepared: LossyCalls | None = None) -> LossyCalls:
    calls = LossyCalls() if prepared is None else prepared.after_crash(random.Random(0))
    calls.current.setdefault("", None)
    calls.durable.setdefault("", None)
    return calls


def nearly_full() -> LossyCalls:
    """A ledger two entries short of a full tile, all durable."""
    calls = machine()
    files = open_ledger(calls)
    files.append([b"old %d" % n for n in range(TILE - 2)])
    files.close()
    return calls


Make = Callable[[], LossyCalls]


def work(calls: LossyCalls, promised: Acknowledged) -> None:
    files = open_ledger(calls)
    for batch in batches(0, 3, 1) + batches(100, 2, 4):
        promised.append(files, batch)
    files.close()


def copy_of(prepared: LossyCalls | None) -> Make:
    return lambda: machine(prepared)


@pytest.mark.parametrize("full", [False, True], ids=["new", "at the edge of a tile"])
def test_power_loss_at_every_call(full: bool) -> None:
    """Every boundary, several outcomes each: nothing acknowledged is lost, and the ledger opens and is sound."""
    make = copy_of(nearly_full() if full else None)
    calls = make()
    work(calls, Acknowledged())
    states = 0
    for boundary in range(calls.calls):
        for seed in range(12):
            calls = make()
            calls.crash_at = boundary
            promised = Acknowledged()
            with suppress(PowerLoss):
                work(calls, promised)
            found = calls.after_crash(random.Random(boundary * 1000 + seed))
            recover_and_check(found, promised)
            states += 1
    assert states > 300


def recover_and_check(found: LossyCalls, promised: Acknowledged) -> None:
    found.current.setdefault("", None)
    files = open_ledger(found)
    promised.check(files)
    for entry in list(promised.entries.values()):
        assert promised.entries[files.append([entry])[0]] == entry, "the same index again"
    promised.append(files, [b"after the crash"])
    files.close()
    report = fsck(Disk(ROOT, found), origin=ORIGIN)
    assert report.problems == ()
    promised.check(files)


def test_power_loss_during_recovery() -> None:
    """The power goes again while the ledger recovers from the first loss."""
    for seed in range(40):
        choice = random.Random(seed)
        calls = machine(nearly_full())
        calls.crash_at = choice.randrange(8, 40)
        promised = Acknowledged()
        with suppress(PowerLoss):
            work(calls, promised)
        for _ in range(3):
            calls = calls.after_crash(choice)
            calls.current.setdefault("", None)
            calls.crash_at = choice.randrange(0, 15)
            with suppress(PowerLoss):
                work(calls, promised)
        recover_and_check(calls.after_crash(choice), promised)


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
def test_every_call_failing(code: int) -> None:
    """An error at every n-th call: not acknowledged; then power loss; what was acknowledged is there."""
    make = copy_of(nearly_full())
    calls = make()
    work(calls, Acknowledged())
    for boundary in range(calls.calls):
        calls = make()
        calls.fail_at = {boundary: code}
        promised = Acknowledged()
        try:
            files = open_ledger(calls)
        except DiskFailure:
            calls.locked.clear()
            files = open_ledger(seen_anew(calls))
        for batch in batches(0, 3, 1) + batches(100, 2, 4):
            with suppress(DiskFailure):
                promised.append(files, batch)
        recover_and_check(calls.after_crash(random.Random(boundary)), promised)


def seen_anew(calls: LossyCalls) -> LossyCalls:
    """The same disk seen by a new process: the page cache stays."""
    calls.locked.clear()
    calls.open.clear()
    return calls


def test_short_writes_are_completed() -> None:
    calls = machine()
    calls.short_at = set(range(0, 400, 2))
    promised = Acknowledged()
    work(calls, promised)
    recover_and_check(calls.after_crash(random.Random(1)), promised)


def test_a_failed_sync_is_never_taken_for_a_good_one() -> None:
    """The kernel marks the pages clean: a second sync would succeed and mean nothing."""
    calls = machine()
    files = open_ledger(calls)
    promised = Acknowledged()
    promised.append(files, [b"one"])
    # The next calls: the write of the entry, then its sync.
    calls.fail_at = {calls.calls + 1: errno.EIO}
    with pytest.raises(DiskFailure):
        files.append([b"two"])
    promised.append(files, [b"two"])
    recover_and_check(calls.after_crash(random.Random(3)), promised)


def test_whole_files_are_old_or_new() -> None:
    """`Disk.write` over an old file: after a loss at any call it is one of the two, whole; when acknowledged, new."""
    old, new = b"old" * 50, b"new" * 70

    def run(calls: LossyCalls, done: list[bytes]) -> None:
        disk = Disk(ROOT, calls)
        disk.write("a/b/file", old)
        done.append(old)
        disk.write("a/b/file", new)
        done.append(new)

    calls = machine()
    run(calls, [])
    for boundary in range(calls.calls):
        for seed in range(20):
            calls = machine()
            calls.crash_at = boundary
            done: list[bytes] = []
            with suppress(PowerLoss):
                run(calls, done)
            found = calls.after_crash(random.Random(seed))
            disk = Disk(ROOT, found)
            size = disk.size("a/b/file")
            content = None if size is None else disk.read("a/b/file")
            allowed = {0: (None, old), 1: (old, new), 2: (new,)}[len(done)]
            assert content in allowed
            disk.clean()
            assert disk.names("staging") == []
