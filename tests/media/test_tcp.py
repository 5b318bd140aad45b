"""Calls where UDP is dropped."""

import asyncio
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .conftest import MediaProcess, eventually
from .raw import Pipe, candidates
from .test_network_change import call, moved, speak


async def test_a_call_by_tcp_alone(media: MediaProcess) -> None:
    async with call(media, "tcp") as (speaker, listener):
        await speak(speaker, range(1000, 1050))
        await listener.subscriber.until(50)
        assert listener.subscriber.heard == list(range(1000, 1050))
        assert media.metric("tcp_connections") == 3  # the speaker listens, too
    await eventually(lambda: media.metric("tcp_connections") == 0)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_call_moves_between_udp_and_tcp(media: MediaProcess, transport: str) -> None:
    """A network that begins to drop UDP, or stops doing so, in the middle of a call."""
    async with call(media, transport) as (speaker, listener):
        await speak(speaker, range(1000, 1010))
        other = candidates(speaker.answer, "udp" if transport == "tcp" else "tcp")[0]
        mine = speaker.publisher
        mine.through(Pipe(other, tcp=transport == "udp"))
        mine.check()
        async with asyncio.timeout(5):
            await mine.answered.wait()
        await speak(speaker, range(1010, 1050))
        await listener.subscriber.until(50)
        assert listener.subscriber.heard == list(range(1000, 1050))


async def test_a_lost_tcp_connection_is_replaced(media: MediaProcess) -> None:
    async with call(media, "tcp") as (speaker, listener):
        await moved(speaker, publisher=True, tcp=True)
        await moved(listener, publisher=False, tcp=True)
        await speak(speaker, range(1000, 1020))
        await listener.subscriber.until(20)
        assert listener.subscriber.heard == list(range(1000, 1020))


@pytest.fixture
def few_files() -> Iterator[int]:
    """The usual limit of a process; what it may ask for."""
    given, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, most), most))
    yield most
    resource.setrlimit(resource.RLIMIT_NOFILE, (given, most))


def test_strangers_connections_leave_files_for_signalling(
    few_files: int, start: Callable[..., MediaProcess]
) -> None:
    limits = Path(f"/proc/{start().process.pid}/limits").read_text()
    (line,) = [line for line in limits.splitlines() if line.startswith("Max open files")]
    assert line.split()[3:5] == [str(few_files)] * 2
