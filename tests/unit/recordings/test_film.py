"""The film's file on a machine whose FFmpeg has no H.264 encoder, and on one that has it."""

import io
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from server.recordings import compose
from server.recordings.layout import HEIGHT, WIDTH
from server.recordings.mixing import RATE, Canvas


@pytest.mark.parametrize(
    ("lacks", "kind", "names"),
    [(set(), "video/mp4", ("h264", "aac")), ({"libx264"}, "video/webm", ("vp8", "opus"))],
    ids=["mp4", "webm"],
)
def test_a_film_is_written_with_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacks: set[str], kind: str, names: Any
) -> None:
    monkeypatch.setattr(compose.av, "codecs_available", av.codecs_available - lacks)
    film = compose.Film(tmp_path / "film")
    wave = np.sin(np.arange(RATE) * 2 * np.pi * 440 / RATE) * 0.5
    for step in range(10):
        film.show(Canvas(WIDTH, HEIGHT), step * 100)
        film.say(np.stack([wave[step * RATE // 10 : (step + 1) * RATE // 10]] * 2))
    film.close()
    assert film.media_type == kind
    with av.open(io.BytesIO((tmp_path / "film").read_bytes())) as file:
        found = (file.streams.video[0].codec_context.name, file.streams.audio[0].codec_context.name)
        assert found == names
        pictures = list(file.decode(video=0))
    assert len(pictures) == 10
    assert (pictures[0].width, pictures[0].height) == (WIDTH, HEIGHT)
    with av.open(io.BytesIO((tmp_path / "film").read_bytes())) as file:
        samples = sum(frame.samples for frame in file.decode(audio=0))
    assert abs(samples - RATE) < 2048
