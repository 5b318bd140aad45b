"""Spools of workers that no longer are: their messages still have to be delivered."""

import logging
from pathlib import Path

from signaling import journal

log = logging.getLogger(__name__)

_SUFFIX = ".json"


def folder(spool: Path | None, index: int | None) -> Path | None:
    """Where a worker spools; the whole server's folder if there is only one process."""
    return spool if spool is None or index is None else spool / f"worker-{index}"


def adopt(spool: Path | None, workers: int) -> int:
    """Move what waits in folders that nobody serves now into one that somebody does; how many
    messages that were. Called before any worker starts."""
    if spool is None or not spool.is_dir():
        return 0
    used = [folder(spool, None if workers == 1 else index) for index in range(workers)]
    target = used[0]
    assert target is not None
    moved = 0
    for source in [spool, *sorted(spool.glob("worker-*"))]:
        if source in used or not source.is_dir():
            continue
        moved += _move(source, target)
    return moved


def _move(source: Path, target: Path) -> int:
    waiting = sorted(source.glob("*" + _SUFFIX))
    target.mkdir(parents=True, exist_ok=True)
    number = max((_number(path) for path in target.glob("*" + _SUFFIX)), default=0)
    for path in waiting:
        number += 1
        path.rename(target / f"{number:016d}{_SUFFIX}")
    windows = source / journal.NAME
    if windows.exists():
        if (target / journal.NAME).exists():
            log.error("%s tells of windows that were open; kept where it is", windows)
        else:
            windows.rename(target / journal.NAME)
    return len(waiting)


def _number(path: Path) -> int:
    stem = path.name.removesuffix(_SUFFIX)
    return int(stem) if stem.isdigit() else 0
