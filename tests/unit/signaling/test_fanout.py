"""Bursts that leave through the kernel for many subscribers at once, and what arrives of them."""

import errno
import itertools
import logging
import socket
import struct
from collections.abc import Iterator

import pytest
from pylibsrtp import Policy, Session

from signaling.forward.down import DownTrack, forward
from signaling.forward.shift import Burst
from signaling.forward.up import UpTrack
from signaling.transport import kernel
from signaling.transport.fanout import Crowd, Direct, Drops, Fanout, raw_address
from signaling.transport.intake import Intake
from signaling.transport.kernel import Kernel
from signaling.transport.srtp import CM_80, GCM_128, Context, Profile
from signaling.transport.udp import Counters, UdpPort

REAL = kernel.load()
pytestmark = pytest.mark.skipif(REAL is None, reason="the system has no sendmmsg")


class Subscriber:
    """A socket that is sent to, and its own decryption."""

    def __init__(self, family: int, sender: socket.socket, profile: Profile, index: int) -> None:
        self.sock = socket.socket(family, socket.SOCK_DGRAM)
        self.sock.settimeout(5)
        self.sock.bind(("127.0.0.1" if family == socket.AF_INET else "::1", 0))
        key = bytes([index]) * (profile.key + profile.salt)
        name = raw_address(sender, self.sock.getsockname())
        self.target = Direct(sender.fileno(), name, Context(profile, key, inbound=False))
        kind = Policy.SSRC_ANY_INBOUND
        self._session = Session(Policy(key=key, ssrc_type=kind, srtp_profile=profile.number))

    def take(self, count: int) -> list[bytes]:
        """Waits for so many packets."""
        return [self._session.unprotect(self.sock.recv(2048)) for _ in range(count)]


def packets(sizes: list[int]) -> list[bytes]:
    return [
        struct.pack("!BBHII", 0x80, 96, index, 0, 77) + bytes([index + 1]) * (size - 12)
        for index, size in enumerate(sizes)
    ]


@pytest.fixture(params=[socket.AF_INET, socket.AF_INET6], ids=["v4", "v6"])
def sender(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    with socket.socket(request.param, socket.SOCK_DGRAM) as sock:
        try:
            sock.bind(("127.0.0.1" if request.param == socket.AF_INET else "::1", 0))
        except OSError:
            pytest.skip("no IPv6 here")
        sock.setblocking(False)
        yield sock


def subscribers(sender: socket.socket, profile: Profile, count: int) -> list[Subscriber]:
    return [Subscriber(sender.family, sender, profile, index) for index in range(count)]


def through(fanout: Fanout, everyone: list[Subscriber], burst: Burst, tag: int) -> None:
    crowd = Crowd(everyone[0].target.descriptor, tag)
    for one in everyone:
        crowd.add(one.target)
    for run in burst.runs:
        fanout.send(crowd, run.packets)


@pytest.mark.parametrize("profile", [GCM_128, CM_80], ids=["gcm", "cm"])
@pytest.mark.parametrize("sizes", [[120], [1180] * 5 + [300], [400, 390], [12] * 3, [1400, 60, 60]])
def test_everybody_gets_every_packet(
    sender: socket.socket, profile: Profile, sizes: list[int]
) -> None:
    assert REAL is not None
    counters = Counters()
    everyone = subscribers(sender, profile, 70)
    burst = Burst(packets(sizes))
    through(Fanout(REAL, counters, Drops(counters)), everyone, burst, profile.tag)
    expected = [packet for run in burst.runs for packet in run.packets]
    for one in everyone:
        assert one.take(len(sizes)) == expected
        one.sock.close()
    assert (counters.packets_out, counters.dropped) == (70 * len(sizes), 0)
    assert counters.bytes_out == 70 * sum(len(packet) + profile.tag for packet in expected)


def test_a_crowd_that_grows_is_divided_anew(sender: socket.socket) -> None:
    assert REAL is not None
    counters = Counters()
    everyone = subscribers(sender, GCM_128, 40)
    fanout = Fanout(REAL, counters, Drops(counters))
    crowd = Crowd(sender.fileno(), GCM_128.tag)
    all_packets = packets([20] * 156)
    rest, joined_at = iter(all_packets), {10: 0, 40: 78}
    for size in joined_at:
        for one in everyone[len(crowd.targets) : size]:
            crowd.add(one.target)
        for count in range(1, 13):  # more numbers of packets than are remembered
            fanout.send(crowd, list(itertools.islice(rest, count)))
    for index, one in enumerate(everyone):
        expected = all_packets[joined_at[10 if index < 10 else 40] :]
        assert one.take(len(expected)) == expected
        one.sock.close()


class Moody(Kernel):
    """A kernel that answers as scripted: a number of messages to pass on, or an errno to fail."""

    def __init__(self, script: list[int]) -> None:
        assert REAL is not None
        self.receive_many = REAL.receive_many
        self._error = 0

        def send_many(descriptor: int, heads: int, count: int, flags: int) -> int:
            step = script.pop(0) if script else count
            if step < 0:
                self._error = -step
                return -1
            return REAL.send_many(descriptor, heads, min(step, count), flags)

        self.send_many = send_many

    def error(self) -> int:  # type: ignore[override]
        return self._error


@pytest.mark.parametrize(
    ("script", "dropped"),
    [
        ([2, 1], []),
        ([-errno.EINTR, 2], []),
        ([1, -errno.EAGAIN], [1, 2, 3, 4]),
        ([2, -errno.EHOSTUNREACH], [2]),
        ([-errno.EINVAL], []),
        ([3, -errno.EIO, 1, -errno.EAGAIN], ["half of 3"]),
    ],
)
def test_what_the_kernel_does_not_take_is_counted_and_told(
    sender: socket.socket, script: list[int], dropped: list[object],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    counters = Counters()
    everyone = subscribers(sender, GCM_128, 5)
    fanout = Fanout(Moody(list(script)), counters, Drops(counters))
    with caplog.at_level(logging.WARNING):
        through(fanout, everyone, Burst(packets([200, 200])), 16)
        told = [record for record in caplog.records if "dropped" in record.message]
    lost = 1 if dropped == ["half of 3"] else 2 * len(dropped)
    assert (counters.packets_out, counters.dropped) == (10 - lost, lost)
    assert len(told) == bool(lost)
    for index, one in enumerate(everyone):
        if lost != 1 and index not in dropped:
            assert one.take(2) == packets([200, 200])
        one.sock.close()


# What the kernel says of a burst's segments, their length, and whether others may be asked for again.
REFUSALS = [
    (errno.EMSGSIZE, 1400, True),
    (errno.EMSGSIZE, 600, True),
    (errno.EINVAL, 1400, True),
    (errno.EINVAL, 1200, False),
    (errno.EIO, 1400, False),
]


@pytest.mark.parametrize(("error", "size", "again"), REFUSALS)
def test_packets_too_long_for_one_way_go_there_one_by_one(
    sender: socket.socket, error: int, size: int, again: bool
) -> None:
    counters = Counters()
    everyone = subscribers(sender, GCM_128, 5)
    fanout = Fanout(Moody([2, -error]), counters, Drops(counters))
    through(fanout, everyone, Burst(packets([size] * 3)), 16)
    for one in everyone:
        assert one.take(3) == packets([size] * 3)
        one.sock.close()
    assert (counters.packets_out, counters.dropped) == (15, 0)
    assert fanout.segments is again


class Narrow(socket.socket):
    """A socket whose way takes no segments."""

    error = 0

    def sendmsg(self, *_: object) -> int:
        raise OSError(self.error, "")


@pytest.mark.parametrize(("error", "size", "again"), REFUSALS)
def test_a_burst_too_long_for_the_way_of_one_goes_one_by_one(
    sender: socket.socket, error: int, size: int, again: bool
) -> None:
    port = UdpPort(Counters())
    sender.settimeout(5)
    with Narrow(sender.family, socket.SOCK_DGRAM) as sock:
        sock.error = error
        port.send_burst(sock, memoryview(bytes(3 * size)), [size] * 3, sender.getsockname())
    assert [sender.recv(2048) for _ in range(3)] == [bytes(size)] * 3
    assert (port.counters.packets_out, port.counters.dropped) == (3, 0)
    assert port.segment_offload is again


def test_one_that_cannot_encrypt_hides_nothing_from_the_others(sender: socket.socket) -> None:
    assert REAL is not None
    counters = Counters()
    everyone = subscribers(sender, GCM_128, 4)
    first = packets([100, 100])
    everyone[2].target.context.protect(first[1])  # this index is used up now
    through(Fanout(REAL, counters, Drops(counters)), everyone, Burst(first), 16)
    for index in (0, 1, 3):
        assert everyone[index].take(2) == first
    assert (counters.packets_out, counters.dropped) == (6, 2)
    for one in everyone:
        one.sock.close()


@pytest.mark.parametrize("with_kernel", [True, False])
def test_all_that_waits_is_read_with_its_sender(sender: socket.socket, with_kernel: bool) -> None:
    intake = Intake(sender, REAL if with_kernel else None)
    others = [socket.socket(sender.family, socket.SOCK_DGRAM) for _ in range(3)]
    sent = []
    for number in range(150):
        other = others[number % 3]
        other.sendto(bytes([number]) * (number + 1), sender.getsockname())
        sent.append((bytes([number]) * (number + 1), other.getsockname()[1]))
    seen = []
    while batch := [(bytes(s.memory[:n]), key) for s, n, key in intake.waiting(64)]:
        assert len(batch) <= 64
        seen += batch
    host = sender.getsockname()[0]
    assert [(data, key[1][1]) for data, key in seen] == sent
    assert {key[:1] + key[1][:1] for _, key in seen} == {(sender.fileno(), host)}
    assert len(seen[0][1][1]) == len(sender.getsockname())
    for other in others:
        other.close()


class Recorded:
    """Stands for the fan-out of a port: notes what it was given."""

    def __init__(self) -> None:
        self.sent: list[tuple[list[Direct], list[bytes]]] = []

    def send(self, crowd: Crowd, packets: list[bytes]) -> None:
        self.sent.append((list(crowd.targets), packets))


class Reached:
    """Stands for a connection that a fan may reach directly."""

    def __init__(self, fanout: Recorded, number: int) -> None:
        self.fanout = fanout
        self.sending = Context(GCM_128, bytes(28), inbound=False)
        self.direct: Direct | None = Direct(5, bytes([number]), self.sending)
        self.bursts = 0

    def send_burst(self, blob: bytes, sizes: list[int], stride: int) -> None:
        self.bursts += 1


def test_a_fan_asks_again_only_when_something_changed() -> None:
    counters, fanout = Counters(), Recorded()
    up = UpTrack("TR_x", video=False, rids=[""])
    layer = up.layer("", 1)
    peers = [Reached(fanout, number) for number in range(5)]
    downs = [DownTrack(up, peer, counters) for peer in peers]  # type: ignore[arg-type]
    for down in downs:
        down.aim(layer)
    sequence = iter(range(100))

    def one_packet() -> None:
        head = struct.pack("!BBHII", 0x80, 111, next(sequence), 0, 1)
        layer.receive(head + b"x", b"x", head[3], 0.0)
        forward(layer, 0.0)

    one_packet()  # with this one everybody starts
    assert [peer.bursts for peer in peers] == [1] * 5
    one_packet()
    assert [target.name[0] for target in fanout.sent[-1][0]] == [0, 1, 2, 3, 4]
    peers[1].direct = None  # moved to TCP
    counters.rerouted += 1
    one_packet()
    assert [target.name[0] for target in fanout.sent[-1][0]] == [0, 2, 3, 4]
    assert peers[1].bursts == 2
    downs[4].close()
    one_packet()
    assert [target.name[0] for target in fanout.sent[-1][0]] == [0, 2, 3]
    assert [down.packets for down in downs] == [4, 4, 4, 4, 3]
    downs[3].close()
    downs[0].close()
    one_packet()
    assert len(fanout.sent) == 3, "few are served one by one"
    assert [down.packets for down in downs] == [4, 5, 5, 4, 3]
    assert downs[2].octets == 5 * 13


def test_packets_too_long_for_the_arena_still_leave() -> None:
    counters, fanout = Counters(), Recorded()
    up = UpTrack("TR_x", video=False, rids=[""])
    layer = up.layer("", 1)
    peers = [Reached(fanout, number) for number in range(4)]
    for peer in peers:
        DownTrack(up, peer, counters).aim(layer)  # type: ignore[arg-type]
    for number in range(2):
        head = struct.pack("!BBHII", 0x80, 111, number, 0, 1)
        layer.receive(head, bytes(1900), number, 0.0)
        forward(layer, 0.0)
    assert fanout.sent == []
    assert [peer.bursts for peer in peers] == [2] * 4
