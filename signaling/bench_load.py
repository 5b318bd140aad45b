"""`python -m signaling.bench_load`: one process of the bench's load. It reads its part as one line of
JSON, joins, says `ready`, measures between two lines of input, and prints what it saw."""

import asyncio
import json
import os
import struct
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import jwt
from livekit.protocol import models, rtc

from signaling.bench_counting import Drain
from signaling.client.room import Listener, Participant
from signaling.client.sdp import Outgoing
from signaling.sdp import build
from signaling.transport.dtls import Identity

FRAMES = 30
VOICE_BYTES = 80
_PAYLOAD = 1100
_CONNECT_SECONDS = 30
_STAMP = struct.Struct("!4sQ")
_MAGIC = b"\xd1DKU"
# VP8 descriptor with a 15-bit picture id, then a frame tag: key frame of 1280x720, or not.
_KEY = bytes((0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x00, 0x05, 0xD0, 0x02))
_DELTA = bytes((0x11, 0x02, 0x00))
_RIDS = ("q", "h", "f")
_SHARES = {1: (1.0,), 2: (0.2, 0.8), 3: (0.08, 0.22, 0.7)}  # of the bit rate, lowest layer first


@dataclass(frozen=True, slots=True)
class Part:
    """What one process does. `kbps` 0 is audio alone; `probes` of the subscribers measure delay."""

    url: str
    key: str
    secret: str
    prefix: str
    rooms: int
    publishers: int
    subscribers: int
    kbps: int
    layers: int = 1
    probes: int = 0
    gap: float = 0.02
    core: int | None = None


def token(part: Part, room: str, identity: str, *, publish: bool) -> str:
    video = {"room": room, "roomJoin": True, "canPublish": publish, "canSubscribe": not publish}
    claims = {"iss": part.key, "sub": identity, "exp": int(time.time()) + 3600, "video": video}
    return jwt.encode(claims, part.secret, algorithm="HS256")


def stamp() -> bytes:
    """The moment of sending, at the end of a payload; the clock is the machine's own."""
    return _STAMP.pack(_MAGIC, time.monotonic_ns())


class Probe(Listener):
    """Milliseconds from sending to arrival of each packet."""

    def __init__(self) -> None:
        self.delays: list[float] = []

    def on_rtp(self, packet: bytes) -> None:
        end = len(packet) - (packet[-1] if packet[0] & 0x20 else 0)
        if end < 12 + _STAMP.size:
            return
        magic, sent = _STAMP.unpack_from(packet, end - _STAMP.size)
        if magic == _MAGIC:
            self.delays.append((time.monotonic_ns() - sent) / 1e6)


class Publisher(Participant):
    """Sends what looks like a 720p camera (in simulcast layers), or a voice."""

    sent = 0

    def __init__(self, part: Part, room: str, identity: str, keys: Identity) -> None:
        bearer = token(part, room, identity, publish=True)
        super().__init__(part.url, bearer, keys, auto_subscribe=False)
        self._part = part

    async def publish(self) -> None:
        kbps, layers = self._part.kbps, self._part.layers
        if not kbps:
            source = models.TrackSource.MICROPHONE
            await self.announce(
                Outgoing("voice", "audio", 1000, build.OPUS_TYPE, "opus/48000/2", source)
            )
            await self.negotiate()
            self._keep(self._speak())
            return
        camera = models.TrackSource.CAMERA
        track = Outgoing(
            "camera", "video", 1000, build.VP8_TYPE, "VP8/90000", camera, 1280, 720,
            layers=_described(layers, kbps),
        )  # fmt: skip
        await self.announce(track)
        if layers == 1:
            await self.negotiate()
        else:
            await self._negotiate_layers(layers)
        for index, share in enumerate(_SHARES[layers]):
            self._keep(self._film(index, kbps * share))

    async def _negotiate_layers(self, layers: int) -> None:
        """A simulcast offer: rids in header extensions, no SSRC named."""
        rids = _RIDS[:layers]
        lines = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=group:BUNDLE 0"]
        lines += [f"m=video 9 UDP/TLS/RTP/SAVPF {build.VP8_TYPE}", "c=IN IP4 0.0.0.0", "a=mid:0"]
        lines += [*self.publisher.security("actpass"), "a=sendonly", "a=rtcp-mux"]
        lines += [f"a=rtpmap:{build.VP8_TYPE} VP8/90000", "a=msid:bench camera"]
        lines += [f"a=rtcp-fb:{build.VP8_TYPE} {f}" for f in ("nack", "nack pli")]
        lines += [f"a=extmap:1 {build.MID}", f"a=extmap:2 {build.RID}"]
        lines += [f"a=rid:{rid} send" for rid in rids] + [f"a=simulcast:send {';'.join(rids)}"]
        offer = rtc.SessionDescription(type="offer", sdp="\r\n".join(lines) + "\r\n", id=1)
        await self.request(rtc.SignalRequest(offer=offer))
        async with asyncio.timeout(_CONNECT_SECONDS):
            await self.publisher.connected.wait()

    async def _film(self, index: int, kbps: float) -> None:
        """Frames of one layer; a key frame when one is asked for."""
        loop, layers = asyncio.get_running_loop(), self._part.layers
        size = max(40, int(kbps * 1000 / 8 / FRAMES))
        body = os.urandom(size)
        extension = b""
        if layers > 1:
            extension = b"\xbe\xde\x00\x01\x100\x20" + _RIDS[index].encode()
        first = 0x90 if extension else 0x80
        picture = sequence = wanted = 0
        due = loop.time()
        while True:
            key = picture == 0 or self.publisher.pictures_wanted > wanted
            wanted = self.publisher.pictures_wanted
            frame = (_KEY if key else _DELTA) + body
            for at in range(0, len(frame), _PAYLOAD):
                marker = 0x80 if at + _PAYLOAD >= len(frame) else 0
                rtp = struct.pack(
                    "!BBHII", first, marker | build.VP8_TYPE, sequence & 0xFFFF,
                    picture * 3000 & 0xFFFFFFFF, 1000 + index,
                )  # fmt: skip
                begins = 0x90 if at == 0 else 0x80
                head = struct.pack("!BBH", begins, 0x80, 0x8000 | picture & 0x7FFF)
                self.publisher.send(rtp + extension + head + frame[at : at + _PAYLOAD] + stamp())
                sequence += 1
                self.sent += 1
            picture += 1
            due += 1 / FRAMES
            await asyncio.sleep(due - loop.time())

    async def _speak(self) -> None:
        loop = asyncio.get_running_loop()
        number, due, body = 0, loop.time(), b"\x78" + os.urandom(VOICE_BYTES)
        while True:
            rtp = struct.pack(
                "!BBHII", 0x80, build.OPUS_TYPE, number & 0xFFFF, number * 960 & 0xFFFFFFFF, 1000
            )
            self.publisher.send(rtp + body + stamp())
            number += 1
            self.sent += 1
            due += 0.02
            await asyncio.sleep(due - loop.time())


def _described(layers: int, kbps: int) -> list[models.VideoLayer]:
    if layers == 1:
        return []
    found = []
    for index, share in enumerate(_SHARES[layers]):
        scale = 1 << (layers - 1 - index)
        layer = models.VideoLayer(width=1280 // scale, height=720 // scale)
        layer.quality = (
            models.VideoQuality.LOW,
            models.VideoQuality.MEDIUM,
            models.VideoQuality.HIGH,
        )[index]
        layer.bitrate = int(kbps * share)
        found.append(layer)
    return found


class Load:
    """The participants of one process."""

    def __init__(self, part: Part) -> None:
        self._part, self._keys = part, Identity()
        self._drain = Drain()
        self.publishers: list[Publisher] = []
        self.subscribers: list[Participant] = []
        self.probes: list[Probe] = []
        self.joined: list[float] = []
        self.failed = 0

    async def join(self) -> None:
        part = self._part
        joins: list[asyncio.Task[None]] = []
        for number in range(part.rooms):
            room = f"{part.prefix}-{number}"
            for index in range(part.publishers):
                publisher = Publisher(part, room, f"publisher-{index}", self._keys)
                self.publishers.append(publisher)
                await publisher.join()
                await publisher.publish()
            for index in range(part.subscribers):
                joins.append(asyncio.create_task(self._listen(room, index)))
                await asyncio.sleep(part.gap)
        ended = await asyncio.gather(*joins, return_exceptions=True)
        reasons = Counter(repr(each) for each in ended if isinstance(each, BaseException))
        self.failed = reasons.total()
        for reason, count in reasons.items():
            print(f"{count} subscribers could not join: {reason}", file=sys.stderr)

    async def _listen(self, room: str, index: int) -> None:
        part = self._part
        probe = Probe() if self._is_probe(index) else None
        name = f"subscriber-{index}-{os.getpid()}"
        bearer = token(part, room, name, publish=False)
        found = Participant(part.url, bearer, self._keys, listener=probe)
        self.subscribers.append(found)
        began = time.monotonic()
        await found.join()
        async with asyncio.timeout(_CONNECT_SECONDS):
            await found.subscriber.connected.wait()
        self.joined.append((time.monotonic() - began) * 1000)
        if probe is None:
            self._drain.add(found.subscriber)
        else:
            self.probes.append(probe)

    def _is_probe(self, index: int) -> bool:
        """Spread over the order of joining, the last one included."""
        part = self._part
        step = max(1, part.subscribers // max(1, part.probes))
        back = part.subscribers - 1 - index
        return back % step == 0 and back // step < part.probes

    def begin(self) -> None:
        for each in self.subscribers:
            each.subscriber.reset()
        for probe in self.probes:
            probe.delays.clear()
        for publisher in self.publishers:
            publisher.sent = 0
        self._cpu, self._since = time.process_time(), time.monotonic()

    def result(self) -> dict[str, Any]:
        took = time.monotonic() - self._since
        got = [each.subscriber for each in self.subscribers]
        return {
            "seconds": took,
            "cores": (time.process_time() - self._cpu) / took,
            "sent": sum(publisher.sent for publisher in self.publishers),
            "arrived": sum(connection.packets for connection in got),
            "octets": sum(connection.octets for connection in got),
            "lost": sum(flow.lost() for c in got for flow in c.flows.values()),
            "starved": sum(1 for connection in got if not connection.packets),
            "delays": [delay for probe in self.probes for delay in probe.delays],
        }

    async def close(self) -> None:
        self._drain.close()
        for each in [*self.subscribers, *self.publishers]:
            await each.close()


async def _main() -> None:
    loop = asyncio.get_running_loop()
    part = Part(**json.loads(await loop.run_in_executor(None, sys.stdin.readline)))
    if part.core is not None:
        os.sched_setaffinity(0, {part.core})
    load = Load(part)
    try:
        await load.join()
        print(json.dumps({"joined": load.joined, "failed": load.failed}), flush=True)
        await loop.run_in_executor(None, sys.stdin.readline)
        load.begin()
        await loop.run_in_executor(None, sys.stdin.readline)
        print(json.dumps(load.result()), flush=True)
    finally:
        await load.close()


def describe(part: Part) -> str:
    """The line that a process of the load begins with."""
    return json.dumps(asdict(part)) + "\n"


if __name__ == "__main__":
    asyncio.run(_main())
