"""Real sound and pictures for light clients: encoded by PyAV, sent as RTP with sender reports."""

import asyncio
import functools
import math
import struct
import time
from fractions import Fraction

import av
import numpy as np
from livekit.protocol import models

from signaling.client.room import Participant
from signaling.client.sdp import Outgoing
from signaling.forward import rtcp
from signaling.sdp.build import AUDIO_LEVEL

RATE, FRAME = 48000, 960
WIDTH, HEIGHT, FPS, LOOP, STEP = 320, 240, 15, 30, 8
_PAYLOAD = 1100
CAMERA = Outgoing(
    "camera", "video", 7001, 96, "VP8/90000", models.TrackSource.CAMERA, WIDTH, HEIGHT
)
VOICE = Outgoing(
    "voice",
    "audio",
    7002,
    111,
    "opus/48000/2",
    models.TrackSource.MICROPHONE,
    extensions=((1, AUDIO_LEVEL),),
)
# One-byte header extension 1 (RFC 6464): a voice, 10 dB below overload, that pauses now and then.
_LOUD, _QUIET = b"\xbe\xde\x00\x01\x10\x8a\x00\x00", b"\xbe\xde\x00\x01\x10\x7f\x00\x00"
_BREATH = 75  # packets
_NTP = 2208988800


@functools.cache
def tone(hertz: int) -> list[bytes]:
    """A second of Opus packets of 20 ms with a sine, to be repeated (`hertz`: a multiple of 50)."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = RATE, "stereo", "s16"
    encoder.time_base = Fraction(1, RATE)
    encoder.open()
    packets: list[bytes] = []
    wave = np.sin(2 * math.pi * hertz * np.arange(FRAME) / RATE) * 12000
    both = np.repeat(wave.astype(np.int16), 2).reshape(1, -1)
    for number in range(100):
        frame = av.AudioFrame.from_ndarray(both, format="s16", layout="stereo")
        frame.sample_rate, frame.pts = RATE, number * FRAME
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return packets[-50:]


@functools.cache
def pictures(shade: int) -> list[bytes]:
    """LOOP frames of VP8 in one colour with a bar that moves a step a frame; the first is a key frame."""
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.time_base, encoder.bit_rate, encoder.gop_size = Fraction(1, FPS), 300_000, LOOP
    encoder.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
    packets: list[bytes] = []
    for number in range(LOOP):
        luma = np.full((HEIGHT, WIDTH), shade, np.uint8)
        luma[:, number * STEP : number * STEP + STEP] = 235
        chroma = np.full((HEIGHT // 2, WIDTH), 128, np.uint8)
        frame = av.VideoFrame.from_ndarray(np.vstack([luma, chroma]), format="yuv420p")
        frame.pts, frame.time_base = number, Fraction(1, FPS)
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return packets + [bytes(packet) for packet in encoder.encode(None)]


class Speaker:
    """Publishes a tone and a picture through a light client, in time, until stopped."""

    def __init__(self, member: Participant, *, hertz: int, shade: int) -> None:
        self._member = member
        self._sound, self._pictures = tone(hertz), pictures(shade)
        self._tasks: list[asyncio.Task[None]] = []
        self.sounds = self.frames = 0
        # Timestamps begin apart, as they do in browsers: only the sender reports tie them together.
        self._offsets = (123_456, 4_000_000_000)

    async def start(self) -> None:
        for track in (CAMERA, VOICE):
            await self._member.announce(track)
        await self._member.negotiate()
        self._began, self._due = time.time(), asyncio.get_running_loop().time()
        self._tasks = [
            asyncio.create_task(self._speak()),
            asyncio.create_task(self._film()),
            asyncio.create_task(self._report()),
        ]

    async def _speak(self) -> None:
        loop, due = asyncio.get_running_loop(), self._due
        while True:
            data = self._sound[self.sounds % len(self._sound)]
            stamp = (self._offsets[0] + self.sounds * FRAME) & 0xFFFFFFFF
            head = struct.pack("!BBHII", 0x90, 111, self.sounds & 0xFFFF, stamp, VOICE.ssrc)
            level = _QUIET if self.sounds // _BREATH % 2 else _LOUD
            self._member.publisher.send(head + level + data)
            self.sounds += 1
            due += FRAME / RATE
            await asyncio.sleep(due - loop.time())

    async def _film(self) -> None:
        loop, due, sequence = asyncio.get_running_loop(), self._due, 0
        while True:
            data = self._pictures[self.frames % LOOP]
            stamp = (self._offsets[1] + self.frames * 90000 // FPS) & 0xFFFFFFFF
            for at in range(0, len(data), _PAYLOAD):
                last = at + _PAYLOAD >= len(data)
                first = struct.pack(
                    "!BBHII",
                    0x80,
                    (0x80 if last else 0) | 96,
                    sequence & 0xFFFF,
                    stamp,
                    CAMERA.ssrc,
                )
                head = struct.pack(
                    "!BBH", 0x90 if at == 0 else 0x80, 0x80, 0x8000 | self.frames & 0x7FFF
                )
                self._member.publisher.send(first + head + data[at : at + _PAYLOAD])
                sequence += 1
            self.frames += 1
            due += 1 / FPS
            await asyncio.sleep(due - loop.time())

    async def _report(self) -> None:
        while True:
            passed = time.time() - self._began
            ntp = int((time.time() + _NTP) * 2**32)
            for track, offset, clock in (
                (VOICE, self._offsets[0], RATE),
                (CAMERA, self._offsets[1], 90000),
            ):
                stamp = (offset + int(passed * clock)) & 0xFFFFFFFF
                report = rtcp.sender_report(track.ssrc, ntp, stamp, 1, 1)
                self._member.publisher.send_rtcp(
                    report + rtcp.source_description(track.ssrc, "light")
                )
            await asyncio.sleep(0.5)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
