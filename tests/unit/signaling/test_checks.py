"""Which addresses are believed, which path is used, and how much work a stranger can make."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from signaling.transport import checks, stun
from signaling.transport.checks import Check, Handshakes
from signaling.transport.dtls import DtlsSession, Identity
from signaling.transport.paths import (
    FORGET_SECONDS,
    MAX_PATHS,
    OWED_SECONDS,
    SILENT_SECONDS,
    SUSPECT_SECONDS,
)
from signaling.transport.peer import MAX_SSRCS, Peer
from signaling.transport.srtp import GCM_128, Context, WorkBuffer
from signaling.transport.udp import Counters, UdpPort

from .test_tcp import Sink

HOST = "192.0.2.7"


class Bench:
    """A peer, and time that the test tells."""

    def __init__(self) -> None:
        self.port = UdpPort(Counters())
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.identity = Identity()
        self.peer = self.another()
        self.peer.connected = True
        self.now = self.peer.last_heard
        self.number = 0

    def another(self) -> Peer:
        return Peer(
            self.port, self.identity, Sink(), opens_channels=False,
            call_later=lambda _seconds, _call: None,
        )  # fmt: skip

    def check(
        self, port: int, *, nominated: bool = True, peer: Peer | None = None, number: int = 0
    ) -> None:
        """A check from HOST:port; each has a transaction of its own unless told."""
        self.number += 1
        peer = peer or self.peer
        found = Check(peer, peer.ufrag, nominated, bytes((number or self.number,)) * 12, b"")
        peer.checked(found, self.sock, (HOST, port), self.now)

    def used(self) -> int:
        assert self.peer.address is not None
        port: int = self.peer.address[1]
        return port

    def known(self) -> set[int]:
        return {address[1] for _, address in self.port.by_address}


@pytest.fixture
def bench() -> Iterator[Bench]:
    found = Bench()
    yield found
    found.sock.close()


def test_the_first_check_makes_the_path_and_a_nominated_one_moves_it(bench: Bench) -> None:
    bench.check(1, nominated=False)
    assert bench.used() == 1
    bench.now += SILENT_SECONDS + 0.1
    bench.check(2, nominated=False)
    assert bench.used() == 1
    bench.check(2)
    assert bench.used() == 2
    assert bench.known() == {1, 2}


def test_a_check_alone_moves_nothing_while_the_peer_is_heard(bench: Bench) -> None:
    bench.check(1)
    bench.now += 0.1
    bench.check(2)
    assert bench.used() == 1


def test_a_copied_check_moves_nothing_ever(bench: Bench) -> None:
    bench.check(1, number=200)
    bench.now += 4.0
    bench.check(2, number=200)
    assert bench.used() == 1


def test_a_dead_path_gives_way_to_any_check(bench: Bench) -> None:
    bench.check(1)
    bench.now += 5.0
    bench.check(2, nominated=False)
    assert bench.used() == 2


def test_old_paths_are_forgotten(bench: Bench) -> None:
    bench.check(1)
    bench.now += 1
    bench.check(2)
    bench.now += FORGET_SECONDS + 1
    bench.check(2)
    assert bench.known() == {2}
    bench.peer.close()
    assert bench.known() == set()


def test_paths_are_bounded(bench: Bench) -> None:
    bench.check(1)
    for port in range(2, 60):
        bench.now += 0.001
        bench.check(port, nominated=False)
    assert len(bench.known()) <= MAX_PATHS
    assert bench.used() == 1


def test_a_living_peers_address_is_its_own(bench: Bench) -> None:
    bench.check(1)
    rival = bench.another()
    bench.check(1, peer=rival)
    assert rival.address is None
    assert bench.port.by_address[bench.sock.fileno(), (HOST, 1)] is bench.peer
    bench.now += 6  # silent for long: a page that was loaded anew may have the same port
    bench.check(1, peer=rival)
    assert rival.address == (HOST, 1)
    bench.peer.close()
    assert bench.port.by_address[bench.sock.fileno(), (HOST, 1)] is rival
    rival.close()


def test_an_answer_to_our_own_check_moves_the_path(bench: Bench) -> None:
    password = b"the-password-of-the-client"
    bench.peer.expect([], "theirs", password.decode())
    bench.check(1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.bind(("127.0.0.1", 0))
        client.settimeout(5)
        bench.now += 0.02
        bench.peer.paths.stray(bench.sock, client.getsockname(), bench.now)
        request = client.recv(2048)
        found = stun.parse(request)
        assert found.username == f"theirs:{bench.peer.ufrag}"
        assert stun.integrity_ok(request, found, password)
        held = bench.port.by_address[bench.sock.fileno(), client.getsockname()]

        def answer(key: bytes, transaction: bytes) -> None:
            data = stun.binding_success(transaction, "127.0.0.1", 9, key)
            bench.port.checks.examine(data, "127.0.0.1", 1, bench.now, held=held)

        answer(b"another-password-altogether", found.transaction)
        answer(password, bytes(12))
        assert bench.used() == 1
        answer(password, found.transaction)
        assert bench.used() == client.getsockname()[1]


class Client:
    """A socket that answers the server's checks, or is gone."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.address = self.socket.getsockname()

    def check(self) -> None:
        bench = self._bench
        bench.number += 1
        found = Check(bench.peer, bench.peer.ufrag, False, bytes((bench.number,)) * 12, b"")
        bench.peer.checked(found, bench.sock, self.address, bench.now)

    def answer(self) -> int:
        """Answer all that was asked; how many questions that were."""
        bench, asked = self._bench, 0
        with contextlib.suppress(BlockingIOError):
            while True:
                found = stun.parse(self.socket.recv(2048))
                data = stun.binding_success(found.transaction, *self.address, PASSWORD)
                held = bench.port.by_address[bench.sock.fileno(), self.address]
                bench.port.checks.examine(data, *self.address, bench.now, held=held)
                asked += 1
        return asked


PASSWORD = b"the-password-of-the-client"


def test_a_silent_path_gives_way_to_one_that_answers(bench: Bench) -> None:
    bench.peer.expect([], "theirs", PASSWORD.decode())
    wifi, mobile = Client(bench), Client(bench)
    with wifi.socket, mobile.socket:
        wifi.check()
        mobile.check()
        for one in (wifi, mobile):
            one.answer()  # they are invited to nominate
        assert bench.peer.address == wifi.address
        # Silent, but there: it answers, and stays in use however often it is asked.
        for _ in range(3):
            bench.now += SUSPECT_SECONDS + 0.1
            bench.peer.paths.watch(bench.now)
            assert wifi.answer() == 1
            assert mobile.answer() == 1
            assert bench.peer.address == wifi.address
        # Gone: the other takes over once an answer is owed for long enough.
        bench.now += SUSPECT_SECONDS + 0.1
        bench.peer.paths.watch(bench.now)
        assert mobile.answer() == 1
        assert bench.peer.address == wifi.address
        bench.now += OWED_SECONDS
        bench.peer.paths.watch(bench.now)
        mobile.answer()
        assert bench.peer.address == mobile.address


def test_who_only_listens_is_not_asked_between_its_checks(bench: Bench) -> None:
    bench.peer.expect([], "theirs", PASSWORD.decode())
    wifi, mobile = Client(bench), Client(bench)
    with wifi.socket, mobile.socket:
        mobile.check()
        wifi.check()
        mobile.check()
        asked = []
        for _ in range(20):  # a check every 2.5 s, as browsers send them; looked at in between
            for _ in range(5):
                bench.now += 0.5
                bench.peer.paths.watch(bench.now)
                asked.append(mobile.answer())
                wifi.answer()
            for one in (mobile, wifi):
                one.check()
                one.answer()  # they are invited to nominate
        assert sum(asked[:10]) > 0
        assert sum(asked[10:]) == 0
        # When it falls silent for longer, all are asked, and the one that answers takes over.
        bench.now = bench.peer.paths.suspect_at
        bench.peer.paths.watch(bench.now)
        wifi.answer()
        assert bench.peer.address == mobile.address
        bench.now += OWED_SECONDS
        bench.peer.paths.watch(bench.now)
        wifi.answer()
        assert bench.peer.address == wifi.address
        # An outage is no rhythm.
        bench.now += 60.0
        wifi.check()
        assert bench.peer.paths.suspect_at - bench.now < 3.0


def test_strangers_checks_are_bounded_and_known_addresses_are_not(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "CHECKS_PER_HOST", 3)
    request = stun.binding_request(f"{bench.peer.ufrag}:x", bench.peer.pwd.encode(), True)

    def examined(*, known: bool = False, now: float = 100.0) -> bool:
        held = bench.peer if known else None
        return bench.port.checks.examine(request, HOST, 1, now, held=held) is not None

    assert [examined() for _ in range(5)] == [True, True, True, False, False]
    assert examined(known=True)
    assert examined(now=101.0)
    assert bench.port.counters.flooded == 2


def test_handshakes_under_way_are_bounded_by_host_and_room(monkeypatch: pytest.MonkeyPatch) -> None:
    counters = Counters()
    gate = Handshakes(counters)
    monkeypatch.setattr(checks, "HANDSHAKES_PER_HOST", 2)
    monkeypatch.setattr(checks, "HANDSHAKES_PER_ROOM", 3)
    assert gate.begin("a", "room")
    assert gate.begin("a", "room")
    assert not gate.begin("a", "other")
    assert gate.begin("b", "room")
    assert not gate.begin("c", "room")
    gate.end("a", "room")
    assert gate.begin("c", "room")
    assert (gate.open, counters.handshakes, counters.handshakes_refused) == (3, 4, 2)


def test_a_handshake_that_waits_for_its_turn_begins_later(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = DtlsSession(bench.identity, server=False)
    theirs.handshake()
    hello = theirs.take()[0]
    bench.peer.connected = False
    bench.peer.expect([("sha-256", bench.identity.fingerprint)])
    bench.check(1)
    monkeypatch.setattr(checks, "HANDSHAKES_IN_ALL", 0)
    bench.peer.receive_dtls(hello)
    assert bench.port.handshakes.open == 0
    monkeypatch.setattr(checks, "HANDSHAKES_IN_ALL", 10)
    bench.peer.receive_dtls(hello)
    assert bench.port.handshakes.open == 1
    bench.peer.close()
    assert bench.port.handshakes.open == 0


class Far:
    """A browser at the other end of a peer that begins: `sent` is what the port was given for it."""

    def __init__(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bench, self.sent = bench, []
        self.due: list[Callable[[], None]] = []
        self.dtls = DtlsSession(bench.identity)
        self.dtls.expected = [("sha-256", bench.identity.fingerprint)]
        self.failed: list[str] = []
        monkeypatch.setattr(bench.port, "send_to", lambda _sock, data, _to: self.sent.append(data))
        peer = self.peer = bench.peer
        peer.begins, peer.connected = True, False
        peer.later = lambda _seconds, call: self.due.append(call)
        monkeypatch.setattr(peer._sink, "on_failed", self.failed.append)

    sent: list[bytes | memoryview]

    def take(self) -> list[bytes]:
        """The DTLS datagrams that left since."""
        sent, self.sent = self.sent, []
        return [bytes(data) for data in sent if 20 <= data[0] <= 63]

    def answer(self, datagrams: list[bytes]) -> None:
        for datagram in datagrams:
            self.dtls.feed(datagram)
        for datagram in self.dtls.take():
            self.peer.receive_dtls(datagram)


def test_a_peer_that_begins_greets_at_the_first_check_and_has_media_a_round_trip_early(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = Far(bench, monkeypatch)
    bench.check(1)
    assert far.take() == []  # nobody knows yet whose certificate to expect
    far.peer.expect([("sha-256", bench.identity.fingerprint)])
    hello = far.take()
    bench.check(1)
    assert (len(hello), far.take()) == (1, [])
    far.answer(hello)
    assert far.peer.connected
    assert far.peer.sending is not None
    assert bench.port.handshakes.open == 1
    far.answer(far.take())
    assert far.dtls.connected
    assert bench.port.handshakes.open == 0


def test_a_flight_is_repeated_until_the_next_one(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = Far(bench, monkeypatch)
    far.peer.expect([("sha-256", bench.identity.fingerprint)])
    bench.check(1)
    hello = far.take()
    due, far.due = far.due, []
    for call in due:
        call()
    assert far.take() == hello
    due, far.due = far.due, []
    far.answer(hello)
    flight = far.take()
    for call in due:
        call()
    assert far.take() == []  # the hello is answered
    due, far.due = far.due, []
    for call in due:
        call()
    assert far.take() == flight


def test_a_peer_that_begins_sends_no_media_to_another_than_was_promised(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = Far(bench, monkeypatch)
    far.peer.expect([("sha-256", ":".join(["00"] * 32))])
    bench.check(1)
    far.answer(far.take())
    assert far.peer.sending is None
    assert len(far.failed) == 1
    assert far.take() == []
    for call in far.due:
        call()
    assert far.take() == []


def test_a_peer_has_so_many_ssrcs_and_what_it_had_goes_on(bench: Bench) -> None:
    peer, taken, inbox = bench.peer, [], WorkBuffer(200)
    peer.on_rtp = lambda packet, _now: taken.append(packet)
    peer.receiving = Context(GCM_128, bytes(28), inbound=True)

    def give(data: bytes) -> bool:
        inbox.memory[: len(data)] = data
        return peer.receive_media(inbox, len(data), bench.now)

    def sound(sequence: int, ssrc: int) -> bytes:
        client = Context(GCM_128, bytes(28), inbound=False)
        return client.protect(struct.pack("!BBHII", 0x80, 111, sequence, 0, ssrc) + b"x")

    def report(ssrc: int) -> bytes:
        client = Context(GCM_128, bytes(28), inbound=False)
        return client.protect_rtcp(struct.pack("!BBHI", 0x80, 201, 1, ssrc))

    assert give(sound(1, 0))
    assert give(report(1))
    forged = bytearray(sound(1, 2))
    forged[-1] ^= 1
    assert not give(bytes(forged))  # counts for nothing
    assert all(give(sound(1, ssrc)) for ssrc in range(2, MAX_SSRCS))
    assert not give(sound(1, MAX_SSRCS))
    assert not give(report(MAX_SSRCS))
    assert give(sound(2, 0))
    assert give(sound(1, 1))
    assert len(taken) == MAX_SSRCS + 1
    assert bench.port.counters.refused == 3


def test_a_packet_that_cannot_be_encrypted_is_dropped_and_counted() -> None:
    bench = Bench()
    bench.peer.sending = Context(GCM_128, bytes(28), inbound=False)
    packet = struct.pack("!BBHII", 0x80, 96, 7, 0, 1) + b"picture"
    assert bench.peer.send_rtp(packet)
    assert bench.peer.send_rtp(packet) == b"", "a number is used once"
    assert bench.peer.send_rtcp(bytes(1400)) == b""
    assert bench.port.counters.dropped == 2


async def test_one_datagrams_trouble_does_not_cost_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    heard: list[int] = []
    done, port = asyncio.Event(), UdpPort(Counters())

    class Everybody(dict[Any, Any]):
        """A peer at any address."""

        def get(self, _key: object, _default: object = None) -> "Everybody":
            return self

        def receive_media(self, _slot: WorkBuffer, size: int, _now: float) -> None:
            heard.append(size)
            if size < 22:
                raise ValueError("a packet that was not foreseen")
            asyncio.get_running_loop().call_soon(done.set)

    port.by_address = Everybody()
    port.open("127.0.0.1", 0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        for size in (20, 21, 22):
            client.sendto(b"\x80" * size, ("127.0.0.1", port.port))
        async with asyncio.timeout(10):
            await done.wait()
    port.close()
    assert heard == [20, 21, 22]
    assert port.counters.packets_in == 3
    assert port.counters.refused == 2
    assert sum(record.levelname == "ERROR" for record in caplog.records) == 1
