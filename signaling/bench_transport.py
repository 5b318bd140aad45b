"""The transport of the bench's light clients: real ICE, DTLS and SRTP keys; what arrives is counted
by its clear RTP header, so that one core can watch many of them."""

import asyncio
import socket

import pylibsrtp

from signaling.errors import ProtocolError
from signaling.forward import rtcp
from signaling.sdp import parse
from signaling.transport import stun
from signaling.transport.dtls import RETRANSMIT_SECONDS, DtlsSession, Identity
from signaling.transport.peer import credentials
from signaling.transport.srtp import Context


class Flow:
    """Sequence numbers of one SSRC."""

    __slots__ = ("base", "extended", "received")

    def __init__(self, sequence: int) -> None:
        self.extended, self.base, self.received = sequence, sequence - 1, 0

    def add(self, sequence: int) -> None:
        step = (sequence - self.extended) & 0xFFFF
        if step < 0x8000:
            self.extended += step
        self.received += 1

    def lost(self) -> int:
        return max(0, self.extended - self.base - self.received)


class Connection:
    """One WebRTC connection of a light client (the DTLS client, the controlling ICE side)."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self.ufrag, self.pwd = credentials()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._dtls: DtlsSession | None = None
        self._remote: tuple[str, bytes] = ("", b"")
        self.receiving: Context | None = None
        self.sending: Context | None = None
        self.connected = asyncio.Event()
        self.flows: dict[int, Flow] = {}
        self.packets = self.octets = 0
        self.pictures_wanted = 0
        self._task: asyncio.Task[None] | None = None

    def connect(self, description: str) -> None:
        """Go to the first candidate of the server's description."""
        if self._task is not None:
            return
        found = parse.parse(description)
        line = next(s for s in description.splitlines() if s.startswith("a=candidate:"))
        host, port = line.split()[4:6]
        self._socket.connect((host, int(port)))
        self._remote = (f"{found.ufrag}:{self.ufrag}", found.pwd.encode())
        self._dtls = DtlsSession(self._identity, server=False)
        self._dtls.expected = found.fingerprints
        asyncio.get_running_loop().add_reader(self._socket.fileno(), self._read)
        self._task = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        name, key = self._remote
        self._check(name, key)
        while not self.connected.is_set():
            await asyncio.sleep(RETRANSMIT_SECONDS)
            self._check(name, key)
            self._flush(self._dtls.resend() if self._dtls is not None else [])
        while True:
            await asyncio.sleep(2.5)
            self._check(name, key)

    def _check(self, name: str, key: bytes) -> None:
        self._flush([stun.binding_request(name, key, nominate=True)])

    def _flush(self, datagrams: list[bytes]) -> None:
        for datagram in datagrams:
            try:
                self._socket.send(datagram)
            except OSError:
                return

    def _read(self) -> None:
        for _ in range(256):
            try:
                data = self._socket.recv(2048)
            except OSError:
                return
            first = data[0]
            if 128 <= first <= 191:
                self._media(data)
            elif 20 <= first <= 63:
                self._secure(data)
            elif self._dtls is not None and not self.connected.is_set():
                self._dtls.handshake()
                self._flush(self._dtls.take())

    def _secure(self, data: bytes) -> None:
        dtls = self._dtls
        if dtls is None:
            return
        dtls.feed(data)
        self._flush(dtls.take())
        if dtls.connected and self.sending is None:
            self.receiving, self.sending = dtls.media_keys()
            self.connected.set()

    def _media(self, data: bytes) -> None:
        if 192 <= data[1] <= 223:
            self.pictures_wanted += self._wants_picture(data)
            return
        self.packets += 1
        self.octets += len(data)
        ssrc, sequence = data[8:12], data[2] << 8 | data[3]
        number = int.from_bytes(ssrc, "big")
        flow = self.flows.get(number)
        if flow is None:
            flow = self.flows[number] = Flow(sequence)
        flow.add(sequence)

    def _wants_picture(self, data: bytes) -> bool:
        if self.receiving is None:
            return False
        try:
            reports = rtcp.parse(self.receiving.unprotect_rtcp(data))
        except (ProtocolError, pylibsrtp.Error):
            return False
        return any(isinstance(report, rtcp.PictureLoss) for report in reports)

    def send(self, packet: bytes) -> None:
        if self.sending is not None:
            self._flush([self.sending.protect(packet)])

    def security(self) -> list[str]:
        return [
            f"a=ice-ufrag:{self.ufrag}",
            f"a=ice-pwd:{self.pwd}",
            f"a=fingerprint:sha-256 {self._identity.fingerprint}",
            "a=setup:active",
        ]

    def reset(self) -> None:
        """Begin to measure."""
        self.packets = self.octets = 0
        for flow in self.flows.values():
            flow.base, flow.received = flow.extended, 0

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
        self._socket.close()
