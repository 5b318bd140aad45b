"""The film's file on a machine whose FFmpeg has no H.264 encoder, and on one that has it."""

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from server.recordings import compose, plan
from server.recordings.layout import HEIGHT, WIDTH
from server.recordings.mixing import RATE, Canvas
from signaling.recording import matroska


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


def _white(width: int, height: int) -> bytes:
    """A key frame of VP8."""
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base = Fraction(1, 15)
    encoder.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
    data = np.full((height * 3 // 2, width), 128, np.uint8)
    data[:height] = 235
    frame = av.VideoFrame.from_ndarray(data, format="yuv420p")
    frame.pts = 0
    return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])


def test_a_picture_that_is_turned_leaves_nothing_of_itself_beside(tmp_path: Path) -> None:
    frames = [(0, True, _white(320, 180)), (500, True, _white(180, 320))]
    film = matroska.header(matroska.Track("V_VP8", 320, 180)) + matroska.cluster(0, frames)
    (tmp_path / "track.webm").write_bytes(film)
    source = plan.Source("track.webm", "a", "stf_a", True, False, 0, 0, 1000)
    shown: list[tuple[int, Any]] = []

    class Screen:
        def show(self, canvas: Canvas, at: int) -> None:
            shown.append((at, canvas.frame().to_ndarray()))

        def say(self, samples: Any) -> None:
            pass

    screen: Any = Screen()
    for _ in compose.Composer(tmp_path, plan.Plan((source,), 1000, {}, {}), screen).run():
        pass
    left = {at: int(picture[HEIGHT // 2, 20]) for at, picture in shown}
    assert all((light > 200) == (at < 500) for at, light in left.items())
    assert min(left) < 500 <= max(left)
