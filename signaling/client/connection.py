"""One WebRTC connection of a light client: ICE, DTLS, SRTP keys. Without somebody who takes the
packets, what arrives is only counted by its clear RTP header, so that one core can watch many."""

import asyncio
from collections.abc import Callable

import pylibsrtp

from signaling.client.channels import ClientChannels
from signaling.client.ice import Agent
from signaling.errors import ProtocolError
from signaling.forward import rtcp
from signaling.sdp import parse
from signaling.transport import srtp
from signaling.transport.dtls import RETRANSMIT_SECONDS, DtlsSession, Identity


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
    """`on_rtp` gets decrypted packets; `on_rtcp` what a compound holds; `on_data` (label, message)."""

    def __init__(
        self,
        identity: Identity,
        *,
        on_rtp: Callable[[bytes], None] | None = None,
        on_rtcp: Callable[[list[rtcp.Report]], None] | None = None,
        on_data: Callable[[str, bytes], None] | None = None,
    ) -> None:
        self._identity = identity
        self._on_rtp, self._on_rtcp = on_rtp, on_rtcp
        self._agent = self._old = Agent(self._datagram)
        self._dtls: DtlsSession | None = None
        self._task: asyncio.Task[None] | None = None
        self._pending: parse.Description | None = None
        self._early: list[str] = []
        self._inbox = srtp.WorkBuffer(2048 + srtp.TRAILER)
        self.receiving: srtp.Context | None = None
        self.sending: srtp.Context | None = None
        self.connected = asyncio.Event()
        self.failed = asyncio.Event()
        self.flows: dict[int, Flow] = {}
        self.packets = self.octets = self.refused = 0
        self.pictures_wanted = 0
        self.channels = ClientChannels(self._send_data, on_data or _nobody)

    # --- descriptions --------------------------------------------------------------------------

    def security(self, setup: str = "active") -> list[str]:
        """This side's credentials, as lines of SDP."""
        return [
            f"a=ice-ufrag:{self._agent.ufrag}",
            f"a=ice-pwd:{self._agent.pwd}",
            f"a=fingerprint:sha-256 {self._identity.fingerprint}",
            f"a=setup:{setup}",
        ]

    def prepare(self, text: str) -> bool:
        """Take the server's description; true if it (re)starts ICE, then `go` is due once our own
        description is out."""
        found = parse.parse(text)
        if not found.ufrag or (self._agent.started and found.ufrag == self._agent.remote_ufrag):
            return False
        self._pending = found
        self._early = [line for line in text.splitlines() if line.startswith("a=candidate:")]
        if self._agent.started:
            self._old = self._agent
            self._agent = Agent(self._datagram)
        self._agent.learn(lite="\na=ice-lite" in text)
        return True

    async def go(self, *, offered: bool) -> None:
        """Begin to check. `offered`: this side made the offer, so that it controls a full agent."""
        found, self._pending = self._pending, None
        if found is None:
            return
        self._agent.start((found.ufrag, found.pwd), self._early, offered=offered)
        if self._dtls is None:
            self._dtls = DtlsSession(self._identity, server=found.setup == "active")
            self._dtls.expected = found.fingerprints
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            await self._old.close()
        self._task = asyncio.create_task(self._establish(found.setup != "active"))

    def connect(self, text: str) -> asyncio.Task[None] | None:
        """`prepare` and `go` for the answer to an offer of ours."""
        return asyncio.ensure_future(self.go(offered=True)) if self.prepare(text) else None

    def candidate(self, line: str) -> None:
        """A trickled candidate of the server."""
        self._agent.add(line) if self._pending is None else self._early.append(line)

    async def _establish(self, active: bool) -> None:
        agent, dtls = self._agent, self._dtls
        assert dtls is not None
        lost = asyncio.create_task(agent.lost.wait())
        chosen = asyncio.create_task(agent.selected.wait())
        try:
            await asyncio.wait({lost, chosen}, return_when=asyncio.FIRST_COMPLETED)
            if agent.selected.is_set() and active and not dtls.connected:
                self._handshake(dtls)
            while agent.selected.is_set() and not self.connected.is_set() and not lost.done():
                await asyncio.wait({lost}, timeout=RETRANSMIT_SECONDS)
                self._flush(dtls.resend())
            await lost
            self.failed.set()
        finally:
            lost.cancel()
            chosen.cancel()
            await asyncio.gather(lost, chosen, return_exceptions=True)

    def _handshake(self, dtls: DtlsSession) -> None:
        try:
            dtls.handshake()
        except ProtocolError:
            self.failed.set()
        self._flush(dtls.take())

    # --- packets -------------------------------------------------------------------------------

    def _flush(self, datagrams: list[bytes]) -> None:
        for datagram in datagrams:
            self._agent.send(datagram)

    def _datagram(self, data: bytes) -> None:
        first = data[0]
        if 128 <= first <= 191 and len(data) >= 12:
            self._media(data)
        elif 20 <= first <= 63:
            self._secure(data)

    def counted(self, count: int, octets: int, ssrc: int, first: int, last: int) -> None:
        """Packets of one SSRC that somebody else drained: a run of sequence numbers."""
        self.packets += count
        self.octets += octets
        flow = self.flows.get(ssrc)
        if flow is None:
            flow = self.flows[ssrc] = Flow(first)
        flow.add(last)
        flow.received += count - 1

    @property
    def agent(self) -> Agent:
        return self._agent

    def _secure(self, data: bytes) -> None:
        dtls = self._dtls
        if dtls is None:
            return
        try:
            messages = dtls.feed(data)
        except ProtocolError:
            self.failed.set()
            return
        self._flush(dtls.take())
        if dtls.connected and self.sending is None:
            self.receiving, self.sending = dtls.media_keys()
            self.connected.set()
            self.channels.begin(server=dtls.server)
        for message in messages:
            self.channels.feed(message)
        if dtls.closed:
            self.failed.set()

    def _media(self, data: bytes) -> None:
        if 192 <= data[1] <= 223:
            self._control(data)
            return
        self.packets += 1
        self.octets += len(data)
        sequence = data[2] << 8 | data[3]
        number = int.from_bytes(data[8:12], "big")
        flow = self.flows.get(number)
        if flow is None:
            flow = self.flows[number] = Flow(sequence)
        flow.add(sequence)
        if self._on_rtp is not None:
            plain = self._open(data)
            if plain is not None:
                self._on_rtp(plain)

    def _open(self, data: bytes) -> bytes | None:
        if self.receiving is None or len(data) > 2048:
            return None
        inbox, size = self._inbox, len(data)
        inbox.memory[:size] = data
        inbox.length[0] = size
        if srtp.unprotect(self.receiving.handle, inbox.base, inbox.length) != srtp.OK:
            self.refused += 1
            return None
        return bytes(inbox.memory[: inbox.length[0]])

    def _control(self, data: bytes) -> None:
        if self.receiving is None:
            return
        try:
            reports = rtcp.parse(self.receiving.unprotect_rtcp(data))
        except (ProtocolError, pylibsrtp.Error):
            self.refused += 1
            return
        wanted = sum(1 for report in reports if isinstance(report, rtcp.PictureLoss))
        self.pictures_wanted += 1 if wanted else 0
        if self._on_rtcp is not None:
            self._on_rtcp(reports)

    def send(self, packet: bytes) -> None:
        """One RTP packet."""
        if self.sending is not None:
            self._agent.send(self.sending.protect(packet))

    def send_rtcp(self, packet: bytes) -> None:
        """One RTCP compound."""
        if self.sending is not None:
            self._agent.send(self.sending.protect_rtcp(packet))

    def _send_data(self, data: bytes) -> None:
        if self._dtls is not None and self._dtls.connected:
            self._flush(self._dtls.send(data))

    def reset(self) -> None:
        """Begin to measure."""
        self.packets = self.octets = 0
        for flow in self.flows.values():
            flow.base, flow.received = flow.extended, 0

    async def close(self) -> None:
        self.channels.close()
        if self._dtls is not None:
            self._flush(self._dtls.shutdown())
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._agent.close()


def _nobody(_label: str, _message: bytes) -> None:
    """Nobody listens to data."""
