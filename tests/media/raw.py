"""A protocol peer whose every datagram the test decides: it can change its socket in the middle of a
call, speak TCP, and say what must not be believed."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator

import websockets
from livekit.protocol import models, rtc

from signaling.sdp import parse
from signaling.transport import stun
from signaling.transport.dtls import DtlsSession, Identity
from signaling.transport.peer import credentials
from signaling.transport.srtp import Context
from signaling.transport.tcp import Deframer, framed

IDENTITY = Identity()
OPUS, SSRC = 111, 4242
Address = tuple[str, int]


def candidates(sdp: str, transport: str) -> list[Address]:
    """Addresses of the candidates of one transport ("udp", "tcp")."""
    lines = [line.split() for line in sdp.splitlines() if line.startswith("a=candidate:")]
    return [(words[4], int(words[5])) for words in lines if words[2] == transport]


class Pipe:
    """A socket to the server: UDP, or TCP with framing."""

    def __init__(self, remote: Address, *, tcp: bool = False) -> None:
        family = socket.AF_INET6 if ":" in remote[0] else socket.AF_INET
        self.tcp = tcp
        self.socket = socket.socket(family, socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM)
        self.socket.connect(remote)
        self.socket.setblocking(False)
        self._deframer = Deframer()

    def send(self, datagram: bytes) -> None:
        with contextlib.suppress(OSError):
            self.socket.send(framed(datagram) if self.tcp else datagram)

    def read(self) -> list[bytes]:
        out: list[bytes] = []
        while True:
            try:
                data = self.socket.recv(65536)
            except OSError:
                return out
            if not data:
                return out
            out += self._deframer.feed(data) if self.tcp else [data]

    @property
    def local(self) -> Address:
        name = self.socket.getsockname()
        return name[0], name[1]


class Connection:
    """One connection. `heard` are the sequence numbers of the media that arrived, in order."""

    def __init__(self) -> None:
        self.ufrag, self.pwd = credentials()
        self.dtls = DtlsSession(IDENTITY, server=False)
        self.remote = ("", b"")
        self.pipe: Pipe | None = None
        self.sending: Context | None = None
        self.receiving: Context | None = None
        self.connected = asyncio.Event()
        self.answered = asyncio.Event()
        self.news = asyncio.Event()
        self.heard: list[int] = []
        self.quiet = False  # no checks of its own
        self.asked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def describe(self) -> list[str]:
        return [
            f"a=ice-ufrag:{self.ufrag}",
            f"a=ice-pwd:{self.pwd}",
            f"a=fingerprint:sha-256 {IDENTITY.fingerprint}",
        ]

    def trust(self, sdp: str) -> None:
        """Take the server's credentials."""
        found = parse.parse(sdp)
        self.remote = (f"{found.ufrag}:{self.ufrag}", found.pwd.encode())
        self.dtls.expected = found.fingerprints

    def through(self, pipe: Pipe) -> None:
        """Use this socket from now on; the one before is closed, as when a network is gone."""
        loop = asyncio.get_running_loop()
        if self.pipe is not None:
            loop.remove_reader(self.pipe.socket.fileno())
            self.pipe.socket.close()
        self.pipe = pipe
        self.answered.clear()
        loop.add_reader(pipe.socket.fileno(), self._read)

    def check(self, *, nominate: bool = True) -> None:
        assert self.pipe is not None
        self.pipe.send(stun.binding_request(*self.remote, nominate))

    async def establish(self) -> None:
        """Check, shake hands, then confirm the path as clients do."""
        self._task = asyncio.create_task(self._keep())
        async with asyncio.timeout(10):
            await self.connected.wait()

    async def _keep(self) -> None:
        while not self.connected.is_set():
            self.check()
            self._flush(self.dtls.resend() if self.answered.is_set() else [])
            await asyncio.sleep(0.1)
        while True:
            await asyncio.sleep(0.5)
            if not self.quiet:
                self.check()

    def _flush(self, datagrams: list[bytes]) -> None:
        assert self.pipe is not None
        for datagram in datagrams:
            self.pipe.send(datagram)

    def _read(self) -> None:
        assert self.pipe is not None
        for data in self.pipe.read():
            if data[:2] == b"\0\1":
                self._answer(data)
            elif data[0] < 4:
                if not self.answered.is_set() and not self.connected.is_set():
                    self.dtls.handshake()
                    self._flush(self.dtls.take())
                self.answered.set()
            elif 20 <= data[0] <= 63:
                self.dtls.feed(data)
                self._flush(self.dtls.take())
                if self.dtls.connected and self.sending is None:
                    self.receiving, self.sending = self.dtls.media_keys()
                    self.connected.set()
            elif not 192 <= data[1] <= 223:
                self.heard.append(int.from_bytes(data[2:4], "big"))
            self.news.set()

    def _answer(self, data: bytes) -> None:
        """The server asks whether we are here."""
        assert self.pipe is not None
        message = stun.parse(data)
        assert stun.integrity_ok(data, message, self.pwd.encode())
        key = self.pwd.encode()
        self.pipe.send(stun.binding_success(message.transaction, *self.pipe.local, key))
        self.asked.set()

    def speak(self, number: int) -> None:
        """One packet of sound."""
        assert self.sending is not None
        assert self.pipe is not None
        rtp = struct.pack("!BBHII", 0x80, OPUS, number & 0xFFFF, number * 960, SSRC)
        self.pipe.send(self.sending.protect(rtp + b"\x78" + bytes(60)))

    async def until(self, count: int) -> None:
        """Wait until so many packets of media arrived."""
        async with asyncio.timeout(10):
            while len(self.heard) < count:
                self.news.clear()
                await self.news.wait()

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self.pipe is not None:
            asyncio.get_running_loop().remove_reader(self.pipe.socket.fileno())
            self.pipe.socket.close()


class Participant:
    """Signalling by hand. `transport` chooses the candidates: udp or tcp."""

    def __init__(self, transport: str = "udp", host: str = "") -> None:
        self.transport, self.host = transport, host
        self.publisher, self.subscriber = Connection(), Connection()
        self.inbox: asyncio.Queue[rtc.SignalResponse] = asyncio.Queue()
        self.joined = rtc.JoinResponse()
        self.answer = ""  # the publisher connection's
        self._socket: websockets.ClientConnection | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def enter(self, url: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._socket = await websockets.connect(f"{url}/rtc", additional_headers=headers)
        self._tasks.append(asyncio.create_task(self._listen()))
        self.joined = (await self.wait("join")).join

    async def _listen(self) -> None:
        assert self._socket is not None
        async for data in self._socket:
            assert isinstance(data, bytes)
            message = rtc.SignalResponse.FromString(data)
            if message.HasField("offer"):
                await self._accept(message.offer)
            else:
                self.inbox.put_nowait(message)

    async def wait(self, kind: str) -> rtc.SignalResponse:
        """The next message of this kind; others are dropped."""
        async with asyncio.timeout(10):
            while True:
                message = await self.inbox.get()
                if message.WhichOneof("message") == kind:
                    return message

    async def send(self, message: rtc.SignalRequest) -> None:
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())

    def pipe(self, sdp: str) -> Pipe:
        found = candidates(sdp, self.transport)
        wanted = [one for one in found if not self.host or one[0] == self.host]
        return Pipe(wanted[0], tcp=self.transport == "tcp")

    async def _accept(self, offer: rtc.SessionDescription) -> None:
        mine, found = self.subscriber, parse.parse(offer.sdp)
        lines = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0"]
        lines.append("a=group:BUNDLE " + " ".join(section.mid for section in found.sections))
        for section in found.sections:
            lines += [f"m={section.kind} 9 {section.protocol} {' '.join(section.formats)}"]
            lines += ["c=IN IP4 0.0.0.0", f"a=mid:{section.mid}", *mine.describe()]
            lines += ["a=setup:active", "a=recvonly"]
        answer = rtc.SessionDescription(type="answer", sdp="\r\n".join(lines) + "\r\n", id=offer.id)
        await self.send(rtc.SignalRequest(answer=answer))
        mine.trust(offer.sdp)
        if mine.pipe is None:
            mine.through(self.pipe(offer.sdp))
            self._tasks.append(asyncio.create_task(mine.establish()))

    async def publish(self) -> None:
        """Announce a microphone and connect."""
        mine = self.publisher
        track = rtc.AddTrackRequest(
            cid="voice", type=models.TrackType.AUDIO, source=models.TrackSource.MICROPHONE
        )
        await self.send(rtc.SignalRequest(add_track=track))
        lines = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=group:BUNDLE 0"]
        lines += [f"m=audio 9 UDP/TLS/RTP/SAVPF {OPUS}", "c=IN IP4 0.0.0.0", "a=mid:0"]
        lines += [*mine.describe(), "a=setup:active", "a=sendonly", "a=rtcp-mux"]
        lines += [f"a=rtpmap:{OPUS} opus/48000/2", "a=msid:s voice", f"a=ssrc:{SSRC} cname:raw"]
        offer = rtc.SessionDescription(type="offer", sdp="\r\n".join(lines) + "\r\n", id=1)
        await self.send(rtc.SignalRequest(offer=offer))
        self.answer = (await self.wait("answer")).answer.sdp
        mine.trust(self.answer)
        mine.through(self.pipe(self.answer))
        await mine.establish()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.publisher.close()
        await self.subscriber.close()
        if self._socket is not None:
            await self._socket.close()


@contextlib.asynccontextmanager
async def entered(
    url: str, token: str, transport: str = "udp", host: str = ""
) -> AsyncIterator[Participant]:
    found = Participant(transport, host)
    try:
        await found.enter(url, token)
        yield found
    finally:
        await found.close()
