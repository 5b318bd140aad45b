"""One run of the recorder on disk: a folder with a file for each track, a time line, and at the end a
manifest. Written by one thread; what is older than two seconds is synced."""

import hashlib
import json
import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from signaling.recording.matroska import Extent, extent

TIMELINE, MANIFEST = "timeline.ndjson", "segment.json"
_PIECE = 1 << 20


class Segment:
    """Appends to files of one folder, in order, off the event loop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        _sync_folder(folder.parent)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="disk")
        self._files: dict[str, Any] = {}
        self._dirty: set[str] = set()
        self.failure: OSError | None = None
        self.octets = 0

    def append(self, name: str, data: bytes) -> None:
        """Queue bytes for a file; it is made when it is new."""
        self.octets += len(data)
        self._submit(self._append, name, data)

    def sync(self) -> Future[None]:
        """Make everything queued so far durable."""
        return self._submit(self._sync)

    def _submit(self, work: Any, *arguments: Any) -> Future[None]:
        return self._thread.submit(self._guarded, work, *arguments)

    def _guarded(self, work: Any, *arguments: Any) -> None:
        if self.failure is None:
            try:
                work(*arguments)
            except OSError as exc:
                self.failure = exc

    def _append(self, name: str, data: bytes) -> None:
        file = self._files.get(name)
        if file is None:
            file = self._files[name] = (self.folder / name).open("ab", buffering=0)
            _sync_folder(self.folder)
        rest = memoryview(data)
        while rest:  # a disk that becomes full takes a part
            rest = rest[file.write(rest) :]
        self._dirty.add(name)

    def _sync(self) -> None:
        while self._dirty:
            os.fsync(self._files[self._dirty.pop()].fileno())

    def close(self) -> None:
        """Wait for the disk; the files are complete."""
        self.sync()
        self._thread.shutdown()
        for file in self._files.values():
            file.close()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest(path: Path) -> str:
    """SHA-256 of a file, lower-case hex."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.hexdigest()


def _repair(path: Path) -> Extent:
    """Cut a file behind its last whole cluster."""
    with path.open("r+b") as file:
        found = extent(file)
        if found.size < file.seek(0, 2):
            file.truncate(found.size)
            file.flush()
            os.fsync(file.fileno())
    return found


def read_timeline(path: Path) -> list[dict[str, Any]]:
    """The events that are whole; a line that was being written when the recorder died is dropped."""
    events = []
    for line in path.read_bytes().split(b"\n"):
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            events.append(event)
    return events


def _tracks(folder: Path, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for event in events:
        if event.get("event") != "track_started":
            continue
        path = folder / str(event["file"])
        if not path.is_file():
            continue
        whole = _repair(path)
        if not whole.frames:
            continue
        found.append(
            {
                "file": event["file"],
                "kind": event["kind"],
                "codec": event["codec"],
                "source": event["source"],
                "identity": event["identity"],
                "sid": event["sid"],
                "from": event["at"],
                "to": whole.last,
                "frames": whole.frames,
                "size": whole.size,
                "sha256": digest(path),
            }
        )
    return found


def finish(folder: Path) -> dict[str, Any]:
    """Repair a segment if its recorder died, and write its manifest. Doing it again changes nothing.

    Raises ValueError for a folder that holds no segment, OSError when the disk fails.
    """
    target = folder / MANIFEST
    if target.is_file():
        known = json.loads(target.read_bytes())
        assert isinstance(known, dict)
        return known
    try:
        events = read_timeline(folder / TIMELINE)
    except FileNotFoundError:  # the recorder died before its first line
        events = []
    if not events or events[0].get("event") != "segment":
        raise ValueError("the folder holds no segment")
    tracks = _tracks(folder, events)
    last = max([int(event.get("at", 0)) for event in events] + [track["to"] for track in tracks])
    manifest = {
        "version": 1,
        "name": folder.name,
        "room": events[0]["room"],
        "started_ms": events[0]["started_ms"],
        "length_ms": last,
        "crashed": events[-1].get("event") != "end",
        "tracks": tracks,
        "timeline": {
            "file": TIMELINE,
            "size": (folder / TIMELINE).stat().st_size,
            "sha256": digest(folder / TIMELINE),
        },
    }
    temporary = folder / (MANIFEST + ".tmp")
    with temporary.open("wb") as file:
        file.write(json.dumps(manifest, sort_keys=True, indent=1).encode())
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(target)
    _sync_folder(folder)
    return manifest


def finish_all(folder: Path) -> list[dict[str, Any]]:
    """Every segment below a recording's folder, in order. One that holds nothing is left out.

    Raises OSError when the disk fails: what is there must not be taken for nothing.
    """
    found = []
    for segment in sorted(folder.glob("segment-*")):
        try:
            found.append(finish(segment))
        except (ValueError, KeyError):
            continue
    return found
