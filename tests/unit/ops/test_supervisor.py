"""Children are kept running, and stopped in order."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from server.supervisor import Backoff, Child, Supervisor

QUICK = Backoff(first=0.01, longest=0.02)
TELL = "import os, sys; os.write(int(sys.argv[1]), b'{}\\n');"
STAY = "import signal; signal.pause()"


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    yield reading, writing
    for fd in (reading, writing):
        os.close(fd)


def _child(name: str, code: str, writing: int, grace: float = 10.0) -> Child:
    command = (sys.executable, "-c", code, str(writing))
    return Child(name, command, dict(os.environ), (writing,), grace)


@asynccontextmanager
async def _lines(reading: int) -> AsyncIterator[asyncio.StreamReader]:
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    pipe = os.fdopen(os.dup(reading), "rb", 0)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, pipe)
    try:
        yield reader
    finally:
        transport.close()


@asynccontextmanager
async def _running(supervisor: Supervisor) -> AsyncIterator[asyncio.Task[int]]:
    task = asyncio.create_task(supervisor.run())
    try:
        yield task
    finally:
        supervisor.stop()
        await task


async def test_a_child_that_dies_is_started_again(pipe: tuple[int, int]) -> None:
    child = _child("a", TELL.format("up") + STAY, pipe[1])
    supervisor = Supervisor([child], QUICK)
    async with _running(supervisor), _lines(pipe[0]) as lines:
        assert await lines.readline() == b"up\n"
        first = supervisor.pid("a")
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert await lines.readline() == b"up\n"
        assert supervisor.pid("a") not in (None, first)


async def test_what_ran_well_is_started_again_without_a_pause(pipe: tuple[int, int]) -> None:
    # The wait would be longer than any test; only a run that counts as steady escapes it.
    supervisor = Supervisor([_child("a", TELL.format("up"), pipe[1])], Backoff(1e6, steady=0.0))
    async with _running(supervisor), _lines(pipe[0]) as lines:
        for _ in range(3):
            assert await lines.readline() == b"up\n"


async def test_a_spare_takes_over_from_a_child_that_dies(pipe: tuple[int, int]) -> None:
    code = (
        "import os, signal, sys; out = int(sys.argv[1]); tell = lambda t: os.write(out, t + b'\\n');"
        "fd = [int(a[10:]) for a in sys.argv if a.startswith('--standby=')];"
        "fd and tell(b'ready');"
        "sys.exit(0) if fd and not os.read(fd[0], 1) else tell(b'up %d' % os.getpid()); signal.pause()"
    )
    child = replace(_child("a", code, pipe[1]), spare=True)
    supervisor = Supervisor([child], QUICK, spare_after=0.0)
    async with _lines(pipe[0]) as lines:
        async with _running(supervisor):
            for _ in range(3):
                assert {(await lines.readline())[:2] for _ in range(2)} == {b"up", b"re"}
                await _until(lambda: supervisor.spare("a") is not None)
                first, spare = supervisor.pid("a"), supervisor.spare("a")
                assert first is not None
                os.kill(first, signal.SIGKILL)
                await _until(lambda before=first: supervisor.pid("a") not in (None, before))
                assert supervisor.pid("a") == spare
            assert (await lines.readline())[:2] == b"up"
        assert supervisor.pid("a") is None
        assert supervisor.spare("a") is None


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_child_that_ends_well_is_started_again_too(pipe: tuple[int, int]) -> None:
    supervisor = Supervisor([_child("a", TELL.format("up"), pipe[1])], QUICK)
    async with _running(supervisor), _lines(pipe[0]) as lines:
        for _ in range(3):
            assert await lines.readline() == b"up\n"


async def test_a_child_that_refuses_its_settings_ends_everything(pipe: tuple[int, int]) -> None:
    stays = _child("stays", STAY, pipe[1])
    refuses = _child("refuses", "raise SystemExit(2)", pipe[1])
    assert await Supervisor([stays, refuses], QUICK).run() == 2


async def test_children_are_drained_one_after_the_other(pipe: tuple[int, int]) -> None:
    code = (
        "import os, signal, sys; out = int(sys.argv[1]);"
        "signal.signal(signal.SIGTERM, lambda *a: (os.write(out, b'{0} ends\\n'), sys.exit(0)));"
        "os.write(out, b'{0} up\\n'); signal.pause()"
    )
    children = [_child(name, code.format(name), pipe[1]) for name in ("first", "second")]
    async with _lines(pipe[0]) as lines:
        async with _running(Supervisor(children, QUICK)) as task:
            assert {await lines.readline() for _ in children} == {b"first up\n", b"second up\n"}
            os.kill(os.getpid(), signal.SIGTERM)
            assert await task == 0
        assert [await lines.readline() for _ in children] == [b"first ends\n", b"second ends\n"]


async def test_a_child_that_does_not_stop_is_killed(pipe: tuple[int, int]) -> None:
    code = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + TELL.format("up")
    supervisor = Supervisor([_child("deaf", code + STAY + ";" + STAY, pipe[1], grace=0.1)], QUICK)
    async with _running(supervisor) as task, _lines(pipe[0]) as lines:
        assert await lines.readline() == b"up\n"
        supervisor.stop()
        assert await task == 0
        assert supervisor.pid("deaf") is None


async def test_children_die_with_a_parent_that_is_killed(pipe: tuple[int, int]) -> None:
    parent = (
        "import asyncio, os, sys; from server.supervisor import Child, Supervisor;"
        "out = int(sys.argv[1]); code = sys.argv[2];"
        "child = Child('c', (sys.executable, '-c', code, str(out)), dict(os.environ), (out,));"
        "asyncio.run(Supervisor([child]).run())"
    )
    reading, writing = os.pipe()
    code = TELL.format("up") + STAY
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", parent, str(writing), code, pass_fds=(writing,)
    )
    os.close(writing)
    async with _lines(reading) as lines:
        assert await lines.readline() == b"up\n"
        process.kill()
        await process.wait()
        # End of file: nobody holds the writing end any more, so the child is gone.
        assert await lines.read() == b""
    os.close(reading)


def test_the_wait_before_a_restart_grows_to_a_limit() -> None:
    backoff = Backoff(first=0.2, factor=2, longest=10)
    delays = [backoff.delay(failures) for failures in range(1, 12)]
    assert delays[:3] == [0.2, 0.4, 0.8]
    assert delays == sorted(delays)
    assert delays[-1] == backoff.delay(10_000) == 10
