"""`python -m server.recordings.compose FOLDER OUT.mp4`: the worker that makes one film of a recording.

It prints a JSON line with its progress now and then, and at last one with what it made. The film is written to a
temporary file, looked through, synced and renamed: a film that is there is whole. Exit status: 0 made, 3 there is
nothing to make it of, anything else failed and may be tried again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from server.recordings import layout, plan
from server.recordings.layout import HEIGHT, WIDTH, Tile
from server.recordings.mixing import RATE, Canvas, Picture, Sound, open_media
from server.recordings.plan import SHOWN_MS, NothingRecorded, Plan

FPS = 15
STILL_MS = 1000  # a picture in which nothing moves is written once a second
_FRAME = 1024  # samples of an AAC frame
_STEP = 20 * _FRAME
_TELL_SECONDS = 1.0
NOTHING = 3
MEMORY_BYTES = 2 << 30


class NotAFilm(RuntimeError):
    """What was written cannot be played as it should."""


def codecs() -> tuple[str, str, str, str]:
    """(container, video encoder, audio encoder, media type) that this build of FFmpeg can write."""
    known = av.codecs_available
    if "libx264" in known and "aac" in known:
        return "mp4", "libx264", "aac", "video/mp4"
    return "webm", "libvpx", "libopus", "video/webm"


def read_plan(folder: Path) -> Plan:
    """The plan of a folder whose segments are finished. Raises `NothingRecorded`."""
    manifests: list[dict[str, Any]] = []
    timelines: list[list[dict[str, Any]]] = []
    for path in sorted(folder.glob("segment-*/segment.json")):
        manifest = json.loads(path.read_bytes())
        manifests.append(manifest)
        events = []
        for line in (path.parent / manifest["timeline"]["file"]).read_bytes().splitlines():
            with contextlib.suppress(ValueError):
                events.append(json.loads(line))
        timelines.append(events)
    return plan.make(manifests, timelines)


class Film:
    """Writes the streams of one film."""

    def __init__(self, path: Path) -> None:
        kind, video, audio, self.media_type = codecs()
        options = {"movflags": "+faststart"} if kind == "mp4" else {}
        self._file = open_media(str(path), "w", format=kind, options=options)
        self._video = self._file.add_stream(video, rate=FPS)
        self._video.width, self._video.height, self._video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        self._video.codec_context.time_base = Fraction(1, 1000)
        self._video.codec_context.thread_count = 1
        self._video.codec_context.gop_size = 4 * FPS
        if video == "libx264":
            self._video.options = {"preset": "veryfast", "crf": "26"}
        else:
            self._video.bit_rate = 900_000
        self._audio = self._file.add_stream(audio, rate=RATE)
        self._audio.layout = "stereo"
        self._audio.bit_rate = 96_000
        self._said = 0

    def show(self, canvas: Canvas, at: int) -> None:
        frame = canvas.frame()
        frame.pts, frame.time_base = at, Fraction(1, 1000)
        for packet in self._video.encode(frame):
            self._file.mux(packet)

    def say(self, samples: Any) -> None:
        data = np.ascontiguousarray(samples, dtype=np.float32)
        frame = av.AudioFrame.from_ndarray(data, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._said, Fraction(1, RATE)
        self._said += data.shape[1]
        for packet in self._audio.encode(frame):
            self._file.mux(packet)

    def close(self) -> None:
        for stream in (self._video, self._audio):
            for packet in stream.encode(None):
                self._file.mux(packet)
        self._file.close()


class Composer:
    """Goes through a plan in steps of sound, showing what changed in between."""

    def __init__(self, folder: Path, found: Plan, film: Film) -> None:
        self._folder, self._plan, self._film = folder, found, film
        self._waiting = sorted(found.sources, key=lambda source: -source.start)
        self._sounds: list[tuple[int, Sound]] = []
        self._pictures: dict[str, Picture] = {}
        self._canvas = Canvas(WIDTH, HEIGHT)
        self._last: tuple[Any, ...] | None = None
        self._shown_at = -STILL_MS

    def run(self) -> Iterator[float]:
        """Compose; yields the share that is done."""
        total = self._plan.length * RATE // 1000 + _FRAME
        done, picture = 0, 0
        while done < total:
            end_ms = (done + _STEP) * 1000 // RATE
            self._open(end_ms)
            self._film.say(self._mixed(done))
            done += _STEP
            while picture * 1000 // FPS < min(end_ms, self._plan.length):
                self._show(picture * 1000 // FPS)
                picture += 1
            self._close(end_ms)
            yield min(1.0, done / total)

    def _open(self, until: int) -> None:
        """Files are opened when their time comes, so that a long call of many does not hold them all."""
        while self._waiting and self._waiting[-1].start <= until:
            source = self._waiting.pop()
            try:
                if source.video:
                    self._pictures[source.key] = Picture(self._folder, source)
                else:
                    self._sounds.append((source.end, Sound(self._folder, source)))
            except (av.FFmpegError, IndexError):
                continue  # one unreadable track must not cost the others

    def _close(self, now: int) -> None:
        for end, sound in self._sounds:
            if end + SHOWN_MS < now:
                sound.close()
        self._sounds = [item for item in self._sounds if item[0] + SHOWN_MS >= now]
        for key, picture in list(self._pictures.items()):
            if picture.source.end + SHOWN_MS < now:
                self._pictures.pop(key).close()

    def _mixed(self, start: int) -> Any:
        mixed = np.zeros((2, _STEP), np.float32)
        for _, sound in self._sounds:
            part = sound.read(start, _STEP)
            if part is not None:
                mixed += part
        # Two who speak at once must not crackle; one alone stays as loud as recorded.
        loud = np.abs(mixed) > 0.8
        mixed[loud] = np.sign(mixed[loud]) * (
            0.8 + 0.2 * np.tanh((np.abs(mixed[loud]) - 0.8) / 0.2)
        )
        return mixed

    def _tiles(self, now: int) -> list[Tile]:
        muted, speaking = self._plan.muted, self._plan.speaking
        tiles = []
        for key, picture in self._pictures.items():
            off = key in muted and muted[key].on(now)
            if picture.at < 0 or off or now - picture.at > SHOWN_MS:
                continue
            identity = picture.source.identity
            talks = identity in speaking and speaking[identity].on(now)
            tiles.append(Tile(key, identity, picture.source.screen, talks))
        return tiles

    def _show(self, now: int) -> None:
        moved = [picture.advance(now) for picture in self._pictures.values()]
        places = {
            key: layout.fit(box, *self._pictures[key].size)
            for key, box in layout.arrange(self._tiles(now)).items()
        }
        state = tuple(sorted(places.items()))
        if not any(moved) and state == self._last and now - self._shown_at < STILL_MS:
            return
        if state != self._last:
            self._canvas.clear()
        for key, place in places.items():
            self._canvas.lay(self._pictures[key].scaled(place), place)
        self._last, self._shown_at = state, now
        self._film.show(self._canvas, now)


def check(path: Path, length: int) -> float:
    """Look a film through: both streams, and as long as it should be. Its seconds. Raises `NotAFilm`."""
    with open_media(str(path)) as film:
        if len(film.streams.video) != 1 or len(film.streams.audio) != 1:
            raise NotAFilm("a film has one picture and one sound")
        last = {"video": 0.0, "audio": 0.0}
        count = {"video": 0, "audio": 0}
        for packet in film.demux():
            if packet.pts is None:
                continue
            kind = packet.stream.type
            count[kind] += 1
            last[kind] = max(last[kind], float(packet.pts * packet.time_base))
        film.seek(0)
        first = next(film.decode(video=0), None)
    if first is None or not all(count.values()):
        raise NotAFilm("a stream is empty")
    if abs(last["audio"] - length / 1000) > 2 or last["video"] > length / 1000 + 2:
        raise NotAFilm("the film is not as long as the recording")
    return last["audio"]


def _sync(path: Path) -> tuple[str, int]:
    """Bring a file to the disk; its digest and size."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
        os.fsync(file.fileno())
        return digest.hexdigest(), file.tell()


def compose(folder: Path, out: Path, tell: Any) -> dict[str, Any]:
    """Make the film. `tell(percent)` now and then. Raises `NothingRecorded`, `NotAFilm`, OSError."""
    found = read_plan(folder)
    temporary = out.with_name(out.name + ".part")
    film = Film(temporary)
    told = time.monotonic()
    for share in Composer(folder, found, film).run():
        if time.monotonic() - told >= _TELL_SECONDS:
            told = time.monotonic()
            tell(int(share * 95))
    film.close()
    seconds = check(temporary, found.length)
    digest, size = _sync(temporary)
    temporary.rename(out)
    handle = os.open(out.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return {
        "media_type": film.media_type,
        "sha256": digest,
        "size": size,
        "seconds": round(seconds),
    }


def main(arguments: list[str]) -> int:
    folder, out = Path(arguments[0]), Path(arguments[1])
    os.umask(0o077)
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    av.logging.set_level(av.logging.PANIC)

    def tell(percent: int) -> None:
        sys.stdout.write(json.dumps({"progress": percent}) + "\n")
        sys.stdout.flush()

    try:
        made = compose(folder, out, tell)
    except NothingRecorded:
        return NOTHING
    sys.stdout.write(json.dumps(made) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
