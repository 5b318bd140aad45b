"""Reading recorded tracks for composing: pictures by time, sound by sample. Runs in the worker only (PyAV)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from server.recordings.layout import Box
from server.recordings.plan import Source

RATE = 48_000
_TOLERANCE = RATE * 60 // 1000  # a frame that is off by less is simply the next one
_FRESH = RATE * 300 // 1000  # ahead by less than this is held as it is

Samples = npt.NDArray[np.float32]
Plane = npt.NDArray[np.uint8]
# PyAV's types are unions over all kinds of stream; which kind it is is known here, not to them.
open_media: Any = av.open


class Sound:
    """One audio file as samples on the common time axis; silence where nothing was recorded."""

    def __init__(self, folder: Path, source: Source) -> None:
        self._offset = source.offset
        self._file = open_media(str(folder / source.path))
        self._frames: Iterator[Any] = self._decoded()
        self._resampler: Any = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
        self._held: list[tuple[int, Samples]] = []  # (first sample, data), in order
        self._next = -1
        self._over = False

    def _decoded(self) -> Iterator[Any]:
        for packet in self._file.demux(audio=0):
            try:
                yield from packet.decode()
            except av.FFmpegError:
                continue  # a damaged packet is twenty milliseconds of silence

    def _more(self) -> None:
        frame = next(self._frames, None)
        if frame is None:
            self._over = True
            return
        seconds = float(frame.pts * frame.time_base) if frame.pts is not None else 0.0
        at = int(self._offset * RATE / 1000 + seconds * RATE)
        frame.pts = None
        for out in self._resampler.resample(frame):
            data = out.to_ndarray()
            if self._next >= 0 and abs(at - self._next) < _TOLERANCE:
                at = self._next
            elif self._next > at:  # said twice: drop what has been heard
                data = data[:, min(self._next - at, data.shape[1]) :]
                at = self._next
            if data.shape[1]:
                self._held.append((at, data))
            at += data.shape[1]
            self._next = at

    def read(self, start: int, count: int) -> Samples | None:
        """The samples of [start, start + count), None if all is silent."""
        end = start + count
        while not self._over and (not self._held or self._next < end):
            self._more()
        found: Samples | None = None
        while self._held and self._held[0][0] < end:
            at, data = self._held[0]
            low, high = max(at, start), min(at + data.shape[1], end)
            if high > low:
                if found is None:
                    found = np.zeros((2, count), np.float32)
                found[:, low - start : high - start] += data[:, low - at : high - at]
            if at + data.shape[1] > end:
                break
            self._held.pop(0)
        return found

    def close(self) -> None:
        self._file.close()


class Picture:
    """One video file: the newest frame at a time, scaled for its place."""

    def __init__(self, folder: Path, source: Source) -> None:
        self.source = source
        self._file = open_media(str(folder / source.path))
        self._stream = self._file.streams.video[0]
        self._stream.thread_count = 1
        self._frames = self._decoded()
        self._ahead: tuple[int, Any] | None = None
        self._frame: Any = None
        self.at = -1  # when the frame in hand came
        self._cached: tuple[Box, Plane] | None = None
        self._pull()

    def _decoded(self) -> Iterator[Any]:
        for packet in self._file.demux(video=0):
            try:
                yield from packet.decode()
            except av.FFmpegError:
                continue

    def _pull(self) -> None:
        frame = next(self._frames, None)
        if frame is None:
            self._ahead = None
            return
        seconds = float(frame.pts * frame.time_base) if frame.pts is not None else 0.0
        self._ahead = (self.source.offset + round(seconds * 1000), frame)

    def advance(self, now: int) -> bool:
        """Go on to a time; whether the picture changed."""
        changed = False
        while self._ahead is not None and self._ahead[0] <= now:
            self.at, self._frame = self._ahead
            changed = True
            self._pull()
        if changed:
            self._cached = None
        return changed

    @property
    def size(self) -> tuple[int, int]:
        return (self._frame.width, self._frame.height) if self._frame is not None else (0, 0)

    def scaled(self, box: Box) -> Plane:
        """The frame in hand as 4:2:0 planes of the box's size, one below the other."""
        if self._cached is None or self._cached[0] != box:
            frame = self._frame.reformat(width=box.width, height=box.height, format="yuv420p")
            self._cached = (box, frame.to_ndarray())
        return self._cached[1]

    def close(self) -> None:
        self._file.close()


def _planes(data: Plane, width: int, height: int) -> tuple[Plane, Plane, Plane]:
    """Views of the three planes of a 4:2:0 picture as PyAV lays them out, one behind the other."""
    flat, size = data.reshape(-1), width * height
    half = (height // 2, width // 2)
    return (
        flat[:size].reshape(height, width),
        flat[size : size * 5 // 4].reshape(half),
        flat[size * 5 // 4 : size * 3 // 2].reshape(half),
    )


class Canvas:
    """A 4:2:0 picture that tiles are laid on."""

    def __init__(self, width: int, height: int) -> None:
        self._empty = np.full((height * 3 // 2, width), 128, np.uint8)
        self._empty[:height] = 24
        self._data = self._empty.copy()
        self._parts = _planes(self._data, width, height)

    def clear(self) -> None:
        self._data[:] = self._empty

    def lay(self, picture: Plane, box: Box) -> None:
        """Put a picture of the box's size in its place."""
        for part, plane, step in zip(
            self._parts, _planes(picture, box.width, box.height), (1, 2, 2), strict=True
        ):
            top, left = box.y // step, box.x // step
            part[top : top + plane.shape[0], left : left + plane.shape[1]] = plane

    def frame(self) -> Any:
        return av.VideoFrame.from_ndarray(self._data, format="yuv420p")
