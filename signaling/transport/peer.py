"""One WebRTC connection as the server sees it: ICE-lite, DTLS, SRTP and data channels."""

import logging
import secrets
import socket
import string
import time
from collections.abc import Callable
from typing import Protocol

from pylibsrtp import Error

from signaling.errors import ProtocolError
from signaling.transport import srtp, stun
from signaling.transport.checks import Check
from signaling.transport.dtls import (
    FIRST_RETRANSMIT_SECONDS,
    HASTY_FLIGHTS,
    LATE_RETRANSMIT_SECONDS,
    MAX_FLIGHTS,
    REPEAT_LAST_SECONDS,
    RETRANSMIT_SECONDS,
    DtlsSession,
    Identity,
)
from signaling.transport.fanout import Direct, Fanout, raw_address
from signaling.transport.paths import Path, Paths, Stream
from signaling.transport.sctp import DataChannels
from signaling.transport.udp import Address, UdpPort

log = logging.getLogger(__name__)

_ALPHABET = string.ascii_letters + string.digits
# SSRCs that a connection may use in its life. libsrtp keeps a stream for each, 600 bytes, and looks through
# them one by one at every packet: 7 µs for so many. None is dropped, as its old packets would be taken anew.
MAX_SSRCS = 1024


def credentials(first: str = "") -> tuple[str, str]:
    """A fresh ufrag, which begins with `first`, and a password (RFC 8445 section 5.3)."""
    pick = secrets.choice
    return (
        first + "".join(pick(_ALPHABET) for _ in range(12)),
        "".join(pick(_ALPHABET) for _ in range(24)),
    )


def _unwanted(packet: bytes, now: float) -> None:
    """Media from somebody who only subscribes."""


class MediaSink(Protocol):
    """Who takes what arrives. `now` is monotonic seconds."""

    def on_rtcp(self, packet: bytes, now: float) -> None: ...
    def on_data(self, label: str, message: bytes) -> None: ...
    def on_connected(self) -> None: ...
    def on_failed(self, reason: str) -> None: ...
    def on_closed(self) -> None: ...


class Peer:
    """A connection. Created with the first SDP; lives until `close`. `room` is whose limit of
    handshakes under way it counts for."""

    def __init__(
        self,
        port: UdpPort,
        identity: Identity,
        sink: MediaSink,
        *,
        opens_channels: bool,
        call_later: Callable[[float, Callable[[], None]], object],
        room: str = "",
    ) -> None:
        self._port = port
        self._identity = identity
        self._sink = sink
        # Who takes decrypted RTP; a call of its own, because nothing else comes as often.
        self.on_rtp: Callable[[bytes, float], None] = _unwanted
        self.later = call_later
        self._passwords: dict[str, bytes] = {}
        self.ufrag, self.pwd = "", ""
        self._remote: tuple[str, bytes] = ("", b"")
        self._room = room
        self.paths = Paths(self, port)
        # The path in use: a socket and an address, or a TCP connection.
        self._socket: socket.socket | None = None
        self.address: Address | None = None
        self._stream: Stream | None = None
        self._dtls: DtlsSession | None = None
        self._fingerprints: list[tuple[str, str]] = []
        self._early: bytes | None = None
        self.begins = False  # this side sends the ClientHello
        self._flights = self._flight = 0
        self._shaking: tuple[str, str] | None = None
        self.receiving: srtp.Context | None = None
        self._ssrcs: set[bytes] = set()  # of authentic packets
        self.sending: srtp.Context | None = None
        # Where bursts may go without passing here; None while there is no such way.
        self.direct: Direct | None = None
        self.last_heard = time.monotonic()
        self.connected = False
        self.closed = False
        self.channels = DataChannels(self._send_data, sink.on_data, opens=opens_channels)
        self.restart()

    # --- ICE -----------------------------------------------------------------------------------

    def restart(self) -> None:
        """New local credentials (RFC 8445 section 9); the old path serves until the new one is
        checked."""
        while len(self._passwords) > 1:
            self._forget_name(next(iter(self._passwords)))
        self.ufrag, self.pwd = credentials(self._port.mark)
        self._passwords[self.ufrag] = self.pwd.encode()
        self._port.by_name[self.ufrag] = self

    def _forget_name(self, name: str) -> None:
        self._passwords.pop(name, None)
        self._port.by_name.pop(name, None)

    def password(self, name: str) -> bytes:
        return self._passwords[name]

    def checked(
        self,
        check: Check,
        sock: socket.socket | None,
        address: Address,
        now: float,
        stream: Stream | None = None,
    ) -> Path | None:
        """A verified connectivity check came from `address`, by UDP (`sock`) or TCP (`stream`).
        None if that is another peer's."""
        path = self.paths.checked(check, sock, address, stream, now)
        if path is None:
            return None
        if check.name == self.ufrag:
            for old in [other for other in self._passwords if other != check.name]:
                self._forget_name(old)
        if self._early is not None:
            datagram, self._early = self._early, None
            self.receive_dtls(datagram)
        if not check.nominated:
            self._invite(path)
        self._begin()
        return path

    def _invite(self, path: Path) -> None:
        """Check the path from this side too, until DTLS begins. A lite agent need not, but pion's
        clients nominate at once when they are checked, and else 200 ms later."""
        request = self.request(secrets.token_bytes(12)) if self._dtls is None else b""
        if request and path.sock is not None:
            self._port.send_to(path.sock, request, path.address)

    def request(self, transaction: bytes) -> bytes:
        """A check of this side, as the controlled one; b"" while the other's password is unknown."""
        ufrag, key = self._remote
        if not key:
            return b""
        return stun.binding_request(
            f"{ufrag}:{self.ufrag}", key, False, controlling=False, transaction=transaction
        )

    def answered(self, path: Path, data: bytes, message: stun.StunMessage, now: float) -> None:
        """An answer to `request` came by this path; it counts if it is genuine."""
        if self._remote[1] and stun.integrity_ok(data, message, self._remote[1]):
            self.paths.answered(path, message.transaction, now)

    def route(self, path: Path | None) -> None:
        """Send by this path from now on (paths decides); None while there is none."""
        self._socket = path.sock if path is not None else None
        self.address = path.address if path is not None else None
        self._stream = path.stream if path is not None else None
        self._rerouted()

    @property
    def fanout(self) -> Fanout | None:
        """What takes bursts for `direct`."""
        return self._port.fanout

    def _rerouted(self) -> None:
        """Path or keys are others: those who keep `direct` must look again."""
        sock, address, context = self._socket, self.address, self.sending
        self.direct = None
        if sock is not None and address is not None and context is not None and self.fanout:
            self.direct = Direct(sock.fileno(), raw_address(sock, address), context)
        self._port.counters.rerouted += 1

    # --- DTLS ----------------------------------------------------------------------------------

    def expect(self, fingerprints: list[tuple[str, str]], ufrag: str = "", pwd: str = "") -> None:
        """What the remote description promised of the peer's certificate, and its ICE credentials."""
        self._fingerprints = fingerprints
        self._remote = (ufrag, pwd.encode())
        if self.paths.used is not None:
            self._invite(self.paths.used)
        if self._dtls is not None and not self._dtls.connected:
            self._dtls.expected = fingerprints
        if self._early is not None:
            datagram, self._early = self._early, None
            self.receive_dtls(datagram)
        self._begin()

    def _begin(self) -> None:
        """Say hello as soon as it is known where to: the client learns its path from the answer to its
        check, and would say hello itself only then, a round trip later."""
        if not self.begins or self._dtls is not None or self.address is None:
            return
        if self.closed or not self._fingerprints:
            return
        dtls = self._shake()
        if dtls is not None:
            self._advance(dtls)

    def receive_dtls(self, datagram: bytes) -> bool:
        """One datagram from a checked address. Whether it held authentic application data."""
        if self.closed or self.address is None:
            return False
        if not self._fingerprints:
            self._early = datagram  # the ClientHello overtook the answer
            return False
        dtls = self._dtls
        if dtls is None:
            dtls = self._shake()
            if dtls is None:
                return False
        messages = self._advance(dtls, datagram)
        if messages is None:
            return False
        if messages:
            self.last_heard = time.monotonic()
        for message in messages:
            self.channels.feed(message)
        if dtls.closed:
            self._sink.on_closed()
        return bool(messages)

    def _advance(self, dtls: DtlsSession, datagram: bytes = b"") -> list[bytes] | None:
        """Go on with what came, and send what follows from it. Application data; None if it failed."""
        messages: list[bytes] = []
        try:
            if datagram:
                messages = dtls.feed(datagram)
            else:
                dtls.handshake()
            self._flush(dtls.take())
        except ProtocolError as exc:
            self._flush(dtls.take())
            self._settled()
            self._sink.on_failed(str(exc))
            return None
        if dtls.connected:
            self._settled()
        elif dtls.flights != self._flight:
            self._repeat_after(FIRST_RETRANSMIT_SECONDS, dtls)
        if dtls.keyed and self.sending is None:
            self._secure(dtls)
        return messages

    def _shake(self) -> DtlsSession | None:
        """Begin a handshake, if not too many are under way."""
        assert self.address is not None
        who = (str(self.address[0]), self._room)
        if not self._port.handshakes.begin(*who):
            return None
        self._shaking = who
        self._dtls = DtlsSession(self._identity, server=not self.begins)
        self._dtls.expected = self._fingerprints
        self._repeat_after(RETRANSMIT_SECONDS, self._dtls)
        return self._dtls

    def _settled(self) -> None:
        """The handshake is over, one way or the other."""
        if self._shaking is not None:
            self._port.handshakes.end(*self._shaking)
            self._shaking = None

    def _secure(self, dtls: DtlsSession) -> None:
        try:
            self.receiving, self.sending = dtls.media_keys()
        except ProtocolError as exc:
            self._sink.on_failed(str(exc))
            return
        self.connected = True
        self.channels.odd = dtls.server
        for delay in REPEAT_LAST_SECONDS:
            self.later(delay, self._repeat_last)
        self._rerouted()
        self._sink.on_connected()

    def _repeat_last(self) -> None:
        if self._dtls is not None and not self.closed:
            self._flush(self._dtls.last_flight())

    def _repeat_after(self, delay: float, dtls: DtlsSession) -> None:
        """Repeat the flight that is out now, unless another follows before."""
        flight = self._flight = dtls.flights
        self.later(delay, lambda: self._retransmit(flight))

    def _retransmit(self, flight: int) -> None:
        dtls = self._dtls
        if dtls is None or dtls.connected or dtls.failed or self.closed:
            return
        if flight != self._flight:
            return
        self._flights += 1
        if self._flights > MAX_FLIGHTS:
            self._settled()
            self._sink.on_failed("The DTLS handshake took too long.")
            return
        self._flush(dtls.resend())
        late = dtls.keyed and self._flights > HASTY_FLIGHTS
        self._repeat_after(LATE_RETRANSMIT_SECONDS if late else RETRANSMIT_SECONDS, dtls)

    def _flush(self, datagrams: list[bytes]) -> None:
        for datagram in datagrams:
            self._emit(datagram)

    def _emit(self, datagram: bytes) -> None:
        if self._socket is not None and self.address is not None:
            self._port.send_to(self._socket, datagram, self.address)
        elif self._stream is not None:
            self._stream.send(datagram)

    def _send_data(self, data: bytes) -> None:
        if self._dtls is not None and self._dtls.connected:
            self._flush(self._dtls.send(data))

    # --- media ---------------------------------------------------------------------------------

    def receive_media(self, inbox: srtp.WorkBuffer, size: int, now: float) -> bool:
        """One SRTP or SRTCP packet lies in `inbox`; it is decrypted where it lies. Whether it was
        authentic and new."""
        context = self.receiving
        if context is None or size < 12:
            return False
        memory, length = inbox.memory, inbox.length
        length[0] = size
        # RFC 5761 section 4: payload types 64-95 with the marker are RTCP packet types 192-223.
        control = 192 <= inbox.view[1] <= 223
        ssrc = memory[4:8] if control else memory[8:12]
        fresh = ssrc not in self._ssrcs
        if fresh and len(self._ssrcs) >= MAX_SSRCS:
            self._port.counters.refused += 1
            return False
        unlock = srtp.unprotect_rtcp if control else srtp.unprotect
        if unlock(context.handle, inbox.base, length) != srtp.OK:
            self._port.counters.refused += 1
            return False
        if fresh:
            self._ssrcs.add(ssrc)
        self.last_heard = now
        if control:
            self._sink.on_rtcp(memory[: length[0]], now)
        else:
            self.on_rtp(memory[: length[0]], now)
        return True

    def send_rtcp(self, packet: bytes) -> bytes:
        """What left, b"" if nothing could."""
        return b"" if self.sending is None else self._sealed(self.sending.protect_rtcp, packet)

    def send_rtp(self, packet: bytes) -> bytes:
        """One packet outside of bursts (retransmissions); what left, b"" if nothing could."""
        return b"" if self.sending is None else self._sealed(self.sending.protect, packet)

    def _sealed(self, protect: Callable[[bytes], bytes], packet: bytes) -> bytes:
        try:
            data = protect(packet)
        except (Error, ValueError):  # too long, too late, or a number used before
            self._port.counters.dropped += 1
            return b""
        self._emit(data)
        return data

    def send_raw(self, data: bytes) -> None:
        """What `send_rtp` returned, once more: a receiver that has it drops it as a replay."""
        if self.sending is not None and data:
            self._emit(data)

    def send_burst(self, blob: bytes, sizes: list[int], stride: int) -> None:
        """Plain packets at multiples of `stride` in `blob`, each with room for the tag behind it.
        All are `stride - tag` long but for the last, so that encrypted they lie back to back."""
        context, sock, address = self.sending, self._socket, self.address
        if context is None or address is None:
            return
        work = self._port.work
        work.memory[0 : len(blob)] = blob
        handle, base, length, protect = context.handle, work.base, work.length, srtp.protect
        at = 0
        for size in sizes:
            length[0] = size
            if protect(handle, base + at, length) != srtp.OK:
                self._port.counters.dropped += len(sizes)
                return
            at += stride
        tag = context.profile.tag
        view = work.view[: at - stride + sizes[-1] + tag]
        if sock is None:
            if self._stream is not None:
                self._stream.send_burst(view, [size + tag for size in sizes])
        elif len(sizes) == 1:  # sound, mostly
            self._port.send_to(sock, view, address)
        else:
            self._port.send_burst(sock, view, [size + tag for size in sizes], address)

    def close(self) -> None:
        """Say goodbye and forget every name and address."""
        if self.closed:
            return
        self.closed = True
        if self._dtls is not None:
            self._flush(self._dtls.shutdown())
            self._dtls = None  # what is left of a participant waits for the collector, without this
        self.channels.close()
        for name in list(self._passwords):
            self._forget_name(name)
        self._settled()
        self.paths.close()
        self.route(None)
        self.receiving = self.sending = None
        self._rerouted()
        self.connected = False
