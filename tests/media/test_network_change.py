"""Clients that change their address in the middle of a call, and others who would like to."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable

import pytest

from signaling.transport import stun
from signaling.transport.dtls import DtlsSession

from .conftest import MediaProcess, eventually, token
from .raw import IDENTITY, Participant, Pipe, entered


@contextlib.asynccontextmanager
async def call(
    media: MediaProcess, transport: str = "udp", host: str = ""
) -> AsyncIterator[tuple[Participant, Participant]]:
    """A speaker and a listener who hears."""
    async with (
        entered(media.url, token("speaker"), transport, host) as speaker,
        entered(media.url, token("listener"), transport, host) as listener,
    ):
        await speaker.publish()
        await listener.subscriber.connected.wait()
        number = 0
        async with asyncio.timeout(10):
            while len(listener.subscriber.heard) < 5:
                speaker.publisher.speak(number)
                number += 1
                await asyncio.sleep(0.02)
        listener.subscriber.heard.clear()
        yield speaker, listener


async def speak(speaker: Participant, numbers: range) -> None:
    for number in numbers:
        speaker.publisher.speak(number)
        await asyncio.sleep(0.005)


async def moved(who: Participant, *, publisher: bool, tcp: bool = False) -> None:
    """A new socket, and its first check answered."""
    connection = who.publisher if publisher else who.subscriber
    assert connection.pipe is not None
    remote = connection.pipe.socket.getpeername()
    connection.through(Pipe(remote, tcp=tcp))
    connection.check()
    async with asyncio.timeout(5):
        await connection.answered.wait()


async def test_sound_goes_on_from_another_address(media: MediaProcess) -> None:
    async with call(media) as (speaker, listener):
        await speak(speaker, range(1000, 1020))
        await moved(speaker, publisher=True)
        await speak(speaker, range(1020, 1060))
        await listener.subscriber.until(60)
        assert listener.subscriber.heard == list(range(1000, 1060))


async def test_sound_follows_a_listener_to_another_address(media: MediaProcess) -> None:
    async with call(media) as (speaker, listener):
        await speak(speaker, range(1000, 1010))
        await listener.subscriber.until(10)
        await moved(listener, publisher=False)
        before = media.metric("addresses")
        # The listener says nothing but its checks; once its old address is silent it has moved.
        heard, number = listener.subscriber.heard, 1010
        async with asyncio.timeout(5):
            while heard[-1] < 1010:
                listener.subscriber.check()
                speaker.publisher.speak(number)
                number += 1
                await asyncio.sleep(0.02)
        first = len(heard)
        await speak(speaker, range(number, number + 20))
        await listener.subscriber.until(first + 20)
        assert heard[first:][-20:] == list(range(number, number + 20))
        assert media.metric("addresses") == before


async def test_nobody_else_moves_a_call(media: MediaProcess) -> None:
    async with call(media) as (speaker, listener):
        mine = listener.subscriber
        assert mine.pipe is not None
        with Pipe(mine.pipe.socket.getpeername()).socket as thief:
            # Checks without the password, and a true one that was copied on its way. The listener
            # says nothing meanwhile, so that silence is no excuse either.
            copied = stun.binding_request(*mine.remote, True)
            mine.pipe.send(copied)
            for number in range(1000, 1100):
                thief.send(stun.binding_request(mine.remote[0], b"not-the-password-at-all", True))
                thief.send(copied)
                speaker.publisher.speak(number)
                await asyncio.sleep(0.005)
            await mine.until(100)
            got = []
            with contextlib.suppress(BlockingIOError):
                while True:
                    got.append(thief.recv(2048))
            assert got, "the copied checks are answered"
            assert all(data[0] < 4 for data in got), "but nothing else is sent there"
        assert mine.heard == list(range(1000, 1100))


async def test_a_hello_from_an_unchecked_address_is_not_heard(media: MediaProcess) -> None:
    async with entered(media.url, token("speaker")) as speaker:
        await speaker.subscriber.connected.wait()
        refused = media.metric("refused_total")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as thief:
            thief.connect(("127.0.0.1", media.udp_port))
            hello = DtlsSession(IDENTITY, server=False)
            hello.handshake()
            for datagram in hello.take():
                thief.send(datagram)
            await eventually(lambda: media.metric("refused_total") > refused)
        assert media.metric("handshakes_total") == 1
        assert media.metric("handshakes_open") == 0
        await speaker.publish()
        assert media.metric("handshakes_total") == 2


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_call_by_ipv6(start: Callable[..., MediaProcess], transport: str) -> None:
    media = start("--bind", "0.0.0.0", "--advertise", "127.0.0.1,::1")
    async with call(media, transport, "::1") as (speaker, listener):
        await speak(speaker, range(1000, 1020))
        await moved(speaker, publisher=True, tcp=transport == "tcp")
        await speak(speaker, range(1020, 1040))
        await listener.subscriber.until(40)
        assert listener.subscriber.heard == list(range(1000, 1040))


async def test_a_nat_that_takes_another_port_cuts_nothing_upward(media: MediaProcess) -> None:
    """The client does not know, so no check announces its new address: its packets do."""
    async with call(media) as (speaker, listener):
        mine = speaker.publisher
        assert mine.pipe is not None
        mine.quiet = True
        mine.through(Pipe(mine.pipe.socket.getpeername()))
        moved = media.metric("addresses")
        await speak(speaker, range(1000, 1050))
        await listener.subscriber.until(50)
        assert listener.subscriber.heard == list(range(1000, 1050))
        # The server asked the new address, and uses it once it got the peer's answer.
        async with asyncio.timeout(5):
            await mine.asked.wait()
        assert media.metric("addresses") == moved + 1
        await speak(speaker, range(1050, 1060))
        await listener.subscriber.until(60)


async def test_a_forged_packet_from_nowhere_is_nobodys(media: MediaProcess) -> None:
    async with call(media) as (speaker, _):
        mine = speaker.publisher
        assert mine.pipe is not None
        assert mine.sending is not None
        addresses, refused = media.metric("addresses"), media.metric("refused_total")
        with Pipe(mine.pipe.socket.getpeername()).socket as thief:
            sent = mine.sending.protect(bytes((0x80, 111)) + bytes(70))
            for _ in range(3):
                thief.send(sent[:-1] + bytes((sent[-1] ^ 1,)))
            await eventually(lambda: media.metric("refused_total") == refused + 3)
        assert media.metric("addresses") == addresses
