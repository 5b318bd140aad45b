"""Where recordings lie: a folder each, written by processes of their own; here they are found and removed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from storage.disk import Disk

FOLDER = "recordings"
_ID = re.compile(r"[a-z]{3}_[0-9a-z]{26}")


def folder(disk: Disk, recording_id: str) -> Path:
    """The folder of a recording, whether or not it exists. Raises ValueError for what is no id of ours."""
    if not _ID.fullmatch(recording_id):
        raise ValueError("not an id of a recording")
    return disk.path(f"{FOLDER}/{recording_id}")


def prepare(disk: Disk) -> None:
    """Make the folder of all recordings, durably (blocking)."""
    disk.ensure_folder(FOLDER)


def remove(disk: Disk, recording_id: str) -> None:
    """Remove a recording's files (blocking); harmless when they are gone. Raises `storage.disk.DiskFailure`."""
    shutil.rmtree(folder(disk, recording_id), ignore_errors=True)
    disk.ensure_folder(FOLDER)
    disk.sync_folder(FOLDER)
