"""The media server under the bench's load: ours, started here, or anybody's at an address."""

import asyncio
import contextlib
import os
import secrets
import socket
import sys
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

KEY = "bench"
_START_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Server:
    """Where it is, and the process ids whose work counts (none: another machine's)."""

    name: str
    url: str
    key: str
    secret: str
    pids: tuple[int, ...] = ()


def _free(kind: int) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _family(roots: tuple[int, ...]) -> list[int]:
    """The processes and all that they started."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found, waiting = [], list(roots)
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def cpu_seconds(roots: tuple[int, ...]) -> dict[int, float]:
    """User and system time of each process."""
    used: dict[int, float] = {}
    for pid in _family(roots):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used[pid] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return used


def busy_seconds() -> float:
    """What all cores of the machine worked since its start."""
    fields = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    user, nice, system, _, _, irq, softirq, steal = fields
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def resident_mb(roots: tuple[int, ...]) -> float:
    pages = 0
    for pid in _family(roots):
        with contextlib.suppress(OSError):
            pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def pin(roots: tuple[int, ...], core: int) -> None:
    """Keep the processes, and all their threads, on one core."""
    for pid in _family(roots):
        for thread in Path(f"/proc/{pid}/task").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                os.sched_setaffinity(int(thread.name), {core})


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - our own loopback address
            return True
    except OSError:
        return False


@contextlib.asynccontextmanager
async def ours() -> AsyncIterator[Server]:
    """A media process of ours on free ports of the loopback interface. TimeoutError if it fails."""
    port, secret = _free(socket.SOCK_STREAM), secrets.token_hex(32)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "signaling", "--bind", "127.0.0.1", "--port", str(port),
        "--udp-port", str(_free(socket.SOCK_DGRAM)), "--tcp-port", "-1",
        env={**os.environ, "DUIKOU_MEDIA_KEY": KEY, "DUIKOU_MEDIA_SECRET": secret},
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(_START_SECONDS):
            while True:
                if await asyncio.to_thread(_answers, address):
                    break
                await asyncio.sleep(0.05)
        yield Server("duikou", address, KEY, secret, (process.pid,))
    finally:
        process.terminate()
        await process.wait()
