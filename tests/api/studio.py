"""A studio without processes: tests say what the recorder and the composer do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from server.recordings.studio import FILM, ComposeFailed, Ended

FILM_BYTES = bytes(range(256)) * 40
DIGEST = "a" * 64


def manifest(name: str = "segment-0001", *, crashed: bool = False) -> dict[str, Any]:
    track = {
        "file": "track-001.webm", "kind": "audio", "codec": "opus", "source": "MICROPHONE",
        "identity": "stf_x", "sid": "TR_x", "from": 0, "to": 60_000, "frames": 3000,
        "size": 240_000, "sha256": DIGEST,
    }  # fmt: skip
    return {
        "version": 1, "name": name, "room": "con_x", "started_ms": 1_795_000_000_000,
        "length_ms": 60_000, "crashed": crashed, "tracks": [track],
        "timeline": {"file": "timeline.ndjson", "size": 10, "sha256": DIGEST},
    }  # fmt: skip


class FakeStudio:
    """`running` are the rooms being recorded now."""

    def __init__(self) -> None:
        self.running: dict[str, Path] = {}
        self.tokens: list[str] = []
        self.ends: dict[str, asyncio.Future[Ended]] = {}
        self.manifests: list[dict[str, Any]] = [manifest()]
        self.space = True
        self.failures = 0
        self.unreadable = 0  # how often closing the files fails
        self.changed = asyncio.Event()

    def _note(self) -> None:
        self.changed.set()

    async def has_space(self, folder: Path) -> bool:
        return self.space

    async def record(self, room: str, folder: Path, token: str) -> Ended:
        self.tokens.append(token)
        folder.mkdir(parents=True, exist_ok=True)
        self.running[room] = folder
        self.ends[room] = asyncio.get_running_loop().create_future()
        self._note()
        try:
            return await self.ends[room]
        finally:
            del self.running[room]
            self._note()

    async def finish(self, folder: Path) -> list[dict[str, Any]]:
        if self.unreadable:
            self.unreadable -= 1
            raise ComposeFailed("by the test")
        return self.manifests

    async def compose(self, folder: Path, tell: Callable[[int], None]) -> dict[str, Any]:
        if self.failures:
            self.failures -= 1
            raise ComposeFailed("by the test")
        (folder / FILM).write_bytes(FILM_BYTES)
        return {
            "media_type": "video/mp4", "sha256": DIGEST, "size": len(FILM_BYTES), "seconds": 60,
        }  # fmt: skip

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                self.changed.clear()
                await self.changed.wait()
