"""A light client of the bench: joins over the public signalling, sends packets that look like a
720p camera and a voice, counts what it gets."""

import asyncio
import os
import struct
import time

import websockets
from livekit.protocol import models, rtc

from signaling.bench_transport import Connection
from signaling.sdp import build, parse
from signaling.transport.dtls import Identity

VIDEO_KBPS, FRAMES = 1500, 30
VOICE_BYTES = 80
_PAYLOAD = 1100
# VP8 descriptor with a 15-bit picture id, then a frame tag: key frame of 1280x720, or not.
_KEY = bytes((0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x00, 0x05, 0xD0, 0x02))
_DELTA = bytes((0x11, 0x02, 0x00))


class Client:
    """One participant."""

    def __init__(self, url: str, token: str, identity: Identity) -> None:
        self._url, self._token = url, token
        self.publisher, self.subscriber = Connection(identity), Connection(identity)
        self._socket: websockets.ClientConnection | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._announced: asyncio.Queue[str] = asyncio.Queue()
        self.offered: list[str] = []
        self.sent = 0

    async def join(self) -> None:
        """Join; the subscriber connection comes up by itself."""
        address = f"{self._url}/rtc?protocol=15&auto_subscribe=1&sdk=python"
        headers = {"Authorization": f"Bearer {self._token}"}
        self._socket = await websockets.connect(address, additional_headers=headers)
        self._tasks.append(asyncio.create_task(self._read()))
        self._tasks.append(asyncio.create_task(self._ping()))

    async def _send(self, message: rtc.SignalRequest) -> None:
        if self._socket is not None:
            await self._socket.send(message.SerializeToString())

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(5)
            await self._send(rtc.SignalRequest(ping=int(time.time() * 1000)))

    async def _read(self) -> None:
        assert self._socket is not None
        async for data in self._socket:
            message = rtc.SignalResponse.FromString(data if isinstance(data, bytes) else b"")
            if message.HasField("offer"):
                await self._answer(message.offer)
            elif message.HasField("answer"):
                self.publisher.connect(message.answer.sdp)
            elif message.HasField("track_published"):
                self._announced.put_nowait(message.track_published.cid)

    async def cut(self) -> None:
        """Lose the signal connection; media goes on."""
        if self._socket is not None:
            await self._socket.close()

    async def leave(self) -> None:
        """Say goodbye."""
        await self._send(rtc.SignalRequest(leave=rtc.LeaveRequest()))

    async def _answer(self, offer: rtc.SessionDescription) -> None:
        self.offered.append(offer.sdp)
        lines = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0"]
        found = parse.parse(offer.sdp)
        lines.append("a=group:BUNDLE " + " ".join(section.mid for section in found.sections))
        for section in found.sections:
            formats = " ".join(section.formats)
            lines += [f"m={section.kind} 9 {section.protocol} {formats}", "c=IN IP4 0.0.0.0"]
            lines += [f"a=mid:{section.mid}", *self.subscriber.security(), "a=recvonly"]
        answer = rtc.SessionDescription(type="answer", sdp="\r\n".join(lines) + "\r\n", id=offer.id)
        await self._send(rtc.SignalRequest(answer=answer))
        self.subscriber.connect(offer.sdp)

    async def publish(self) -> None:
        """Announce a camera and a microphone, connect, and begin to send."""
        for cid, kind, source in (
            ("camera", models.TrackType.VIDEO, models.TrackSource.CAMERA),
            ("voice", models.TrackType.AUDIO, models.TrackSource.MICROPHONE),
        ):
            request = rtc.AddTrackRequest(cid=cid, type=kind, source=source, width=1280, height=720)
            await self._send(rtc.SignalRequest(add_track=request))
            await self._announced.get()
        offer = rtc.SessionDescription(type="offer", sdp=_offer(self.publisher), id=1)
        await self._send(rtc.SignalRequest(offer=offer))
        await self.publisher.connected.wait()
        self._tasks.append(asyncio.create_task(self._film()))
        self._tasks.append(asyncio.create_task(self._speak()))

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

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.publisher.close()
        await self.subscriber.close()
        if self._socket is not None:
            await self._socket.close()


def _offer(connection: Connection) -> str:
    lines = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=group:BUNDLE 0 1"]
    for mid, kind, number, codec, cid, ssrc in (
        ("0", "video", build.VP8_TYPE, "VP8/90000", "camera", 1001),
        ("1", "audio", build.OPUS_TYPE, "opus/48000/2", "voice", 1002),
    ):
        lines += [f"m={kind} 9 UDP/TLS/RTP/SAVPF {number}", "c=IN IP4 0.0.0.0", f"a=mid:{mid}"]
        lines += [*connection.security()[:3], "a=setup:actpass", "a=sendonly", "a=rtcp-mux"]
        lines += [f"a=rtpmap:{number} {codec}", f"a=msid:bench {cid}", f"a=ssrc:{ssrc} cname:bench"]
        if kind == "video":
            lines += [f"a=rtcp-fb:{number} nack", f"a=rtcp-fb:{number} nack pli"]
    return "\r\n".join(lines) + "\r\n"
