"""FFmpeg as the lecturer's camera, by its own WHIP: an encoder that nobody here wrote."""

import asyncio
import datetime
import fractions
import threading
from pathlib import Path

import av
import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from .clients import listener
from .conftest import MediaProcess, eventually, token

pytestmark = [
    pytest.mark.media,
    pytest.mark.skipif("whip" not in av.formats_available, reason="this FFmpeg knows no WHIP"),
]
WIDTH, HEIGHT, PICTURES, RATE = 320, 180, 25, 48000


def certificate(folder: Path) -> dict[str, str]:
    """FFmpeg's own is on a curve (P-224) that OpenSSL has given up, where it is built with GnuTLS."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "encoder")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(days=1))
    made = builder.not_valid_after(now + datetime.timedelta(days=1)).sign(key, hashes.SHA256())
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    old = serialization.PrivateFormat.TraditionalOpenSSL
    paths = {"cert_file": folder / "certificate.pem", "key_file": folder / "key.pem"}
    paths["cert_file"].write_bytes(made.public_bytes(pem))
    paths["key_file"].write_bytes(key.private_bytes(pem, old, plain))
    return {option: str(path) for option, path in paths.items()}


def encode(url: str, options: dict[str, str], stop: threading.Event) -> None:
    """A picture that changes and a tone, in real time, until `stop`."""
    with av.open(url, "w", format="whip", options=options) as out:
        fast = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "bf": "0"}
        video = out.add_stream("libx264", rate=PICTURES, options={**fast, "g": str(PICTURES)})
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        audio = out.add_stream("libopus", rate=RATE, layout="stereo")
        number = sample = 0
        while not stop.wait(1 / PICTURES):
            shade = np.full((HEIGHT, WIDTH, 3), number * 5 % 255, np.uint8)
            picture = av.VideoFrame.from_ndarray(shade, format="rgb24")
            picture.pts, picture.time_base = number, fractions.Fraction(1, PICTURES)
            out.mux(video.encode(picture))
            number += 1
            while sample < number * RATE // PICTURES:
                wave = np.sin(np.arange(960).repeat(2) / 17) * 12000
                sound = av.AudioFrame.from_ndarray(
                    wave.astype(np.int16)[None, :], format="s16", layout="stereo"
                )
                sound.sample_rate, sound.pts = RATE, sample
                sound.time_base = fractions.Fraction(1, RATE)
                out.mux(audio.encode(sound))
                sample += 960


async def test_ffmpeg_is_seen_and_heard_and_leaves(media: MediaProcess, tmp_path: Path) -> None:
    options = {"authorization": token("encoder"), **certificate(tmp_path)}
    stop = threading.Event()
    async with listener(media.url, token("viewer")) as heard:
        encoder = asyncio.create_task(
            asyncio.to_thread(encode, media.http + "/whip", options, stop)
        )
        try:
            await eventually(lambda: encoder.done() or (heard.frames > 20 and heard.loudest > 4000))
            assert heard.size == (WIDTH, HEIGHT)
        finally:
            stop.set()
            await encoder
        await eventually(lambda: "encoder" not in heard.room.remote_participants)
