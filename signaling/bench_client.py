"""A light client of the bench: joins over the public signalling, sends packets that look like a
720p camera and a voice, counts what it gets."""

import asyncio
import os
import struct

from livekit.protocol import models

from signaling.client.room import Participant
from signaling.client.sdp import Outgoing
from signaling.sdp import build

VIDEO_KBPS, FRAMES = 1500, 30
VOICE_BYTES = 80
_PAYLOAD = 1100
# VP8 descriptor with a 15-bit picture id, then a frame tag: key frame of 1280x720, or not.
_KEY = bytes((0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x00, 0x05, 0xD0, 0x02))
_DELTA = bytes((0x11, 0x02, 0x00))
_CAMERA = Outgoing(
    "camera", "video", 1001, build.VP8_TYPE, "VP8/90000", models.TrackSource.CAMERA, 1280, 720
)
_VOICE = Outgoing(
    "voice", "audio", 1002, build.OPUS_TYPE, "opus/48000/2", models.TrackSource.MICROPHONE
)


class Client(Participant):
    """One participant."""

    sent = 0

    async def publish(self) -> None:
        """Announce a camera and a microphone, connect, and begin to send."""
        for track in (_CAMERA, _VOICE):
            await self.announce(track)
        await self.negotiate()
        self._keep(self._film())
        self._keep(self._speak())

    async def _film(self) -> None:
        """Frames of VIDEO_KBPS, a key frame when one is asked for."""
        loop = asyncio.get_running_loop()
        size = VIDEO_KBPS * 1000 // 8 // FRAMES
        picture = sequence = wanted = 0
        due = loop.time()
        while True:
            key = picture == 0 or self.publisher.pictures_wanted > wanted
            wanted = self.publisher.pictures_wanted
            body = (_KEY if key else _DELTA) + os.urandom(size)
            for at in range(0, len(body), _PAYLOAD):
                last = at + _PAYLOAD >= len(body)
                head = struct.pack(
                    "!BBH", 0x90 if at == 0 else 0x80, 0x80, 0x8000 | picture & 0x7FFF
                )
                marker = 0x80 if last else 0
                rtp = struct.pack(
                    "!BBHII", 0x80, marker | build.VP8_TYPE, sequence & 0xFFFF, picture * 3000, 1001
                )
                self.publisher.send(rtp + head + body[at : at + _PAYLOAD])
                sequence += 1
                self.sent += 1
            picture += 1
            due += 1 / FRAMES
            await asyncio.sleep(due - loop.time())

    async def _speak(self) -> None:
        loop = asyncio.get_running_loop()
        number, due = 0, loop.time()
        while True:
            rtp = struct.pack("!BBHII", 0x80, build.OPUS_TYPE, number & 0xFFFF, number * 960, 1002)
            self.publisher.send(rtp + b"\x78" + os.urandom(VOICE_BYTES))
            number += 1
            self.sent += 1
            due += 0.02
            await asyncio.sleep(due - loop.time())
