"""`python -m signaling.bench`: what a call and a lecture cost the media process. One JSON line for
each figure; loopback only, bounded in time."""

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import socket
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import jwt

from signaling.bench_client import VIDEO_KBPS, Client
from signaling.transport.dtls import Identity

_KEY = "bench"
_MAX_SECONDS, _MAX_LISTENERS = 120, 300


def token(secret: str, identity: str, *, publish: bool) -> str:
    video = {"room": "bench", "roomJoin": True, "canPublish": publish, "canSubscribe": True}
    claims = {"iss": _KEY, "sub": identity, "exp": int(time.time()) + 3600, "video": video}
    return jwt.encode(claims, secret, algorithm="HS256")


def _free(kind: int) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def cpu_seconds(pid: int) -> float:
    """User and system time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


class Server:
    """The media process under load."""

    def __init__(self, pid: int, port: int, secret: str) -> None:
        self.pid, self.port, self.secret = pid, port, secret

    async def counters(self) -> dict[str, float]:
        address = f"http://127.0.0.1:{self.port}/metrics"
        async with aiohttp.ClientSession() as session, session.get(address) as answer:
            lines = (await answer.text()).splitlines()
        pairs = [line.split() for line in lines if not line.startswith("#")]
        return {name.removeprefix("duikou_media_"): float(value) for name, value in pairs}


@contextlib.asynccontextmanager
async def server() -> AsyncIterator[Server]:
    """A media process on free ports of the loopback interface."""
    port, secret = _free(socket.SOCK_STREAM), secrets.token_hex(32)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "signaling", "--bind", "127.0.0.1", "--port", str(port),
        "--udp-port", str(_free(socket.SOCK_DGRAM)),
        env={**os.environ, "DUIKOU_MEDIA_KEY": _KEY, "DUIKOU_MEDIA_SECRET": secret},
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    found = Server(process.pid, port, secret)
    try:
        async with asyncio.timeout(20):
            while True:
                with contextlib.suppress(aiohttp.ClientError):
                    await found.counters()
                    break
                await asyncio.sleep(0.05)
        yield found
    finally:
        process.terminate()
        await process.wait()


async def measure(name: str, publishers: int, listeners: int, seconds: float) -> dict[str, object]:
    """Run one load and describe it."""
    identity = Identity()
    async with server() as under:
        url = f"ws://127.0.0.1:{under.port}"
        everyone: list[Client] = []
        try:
            for index in range(publishers + listeners):
                publish = index < publishers
                who = token(under.secret, f"light-{index}", publish=publish)
                client = Client(url, who, identity)
                everyone.append(client)
                await client.join()
                await client.subscriber.connected.wait()
                if publish:
                    await client.publish()
            await asyncio.sleep(3)
            return await _measured(name, under, everyone, publishers, seconds)
        finally:
            for client in everyone:
                await client.close()


async def _measured(
    name: str, under: Server, everyone: list[Client], publishers: int, seconds: float
) -> dict[str, object]:
    for client in everyone:
        client.subscriber.reset()
    before, cpu, start = await under.counters(), cpu_seconds(under.pid), time.monotonic()
    sent = sum(client.sent for client in everyone)
    await asyncio.sleep(seconds)
    took, used = time.monotonic() - start, cpu_seconds(under.pid) - cpu
    after = await under.counters()
    sent = sum(client.sent for client in everyone) - sent
    got = [client.subscriber for client in everyone]
    arrived = sum(connection.packets for connection in got)
    lost = sum(flow.lost() for connection in got for flow in connection.flows.values())
    cores = used / took
    return {
        "bench": name,
        "publishers": publishers,
        "participants": len(everyone),
        "video_kbps": VIDEO_KBPS,
        "seconds": round(took, 1),
        "packets_in_per_s": round(sent / took, 1),
        "packets_out_per_s": round(arrived / took, 1),
        "mbit_out_per_s": round(sum(c.octets for c in got) * 8 / took / 1e6, 2),
        "cores": round(cores, 4),
        "packets_out_per_core": round(arrived / took / cores) if cores else None,
        "resident_mb": resident_mb(under.pid),
        "lost": lost,
        "dropped": after["dropped_total"] - before["dropped_total"],
        "starved": sum(1 for c in got[publishers if publishers == 1 else 0 :] if not c.packets),
    }


async def _main(what: str, listeners: int, seconds: float) -> None:
    loads = {"call": (2, 0), "lecture": (1, listeners)}
    for name, (publishers, others) in loads.items():
        if what in (name, "all"):
            print(json.dumps(await measure(name, publishers, others, seconds)), flush=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench media", description=__doc__)
    parser.add_argument("what", nargs="?", default="all", choices=("all", "call", "lecture"))
    parser.add_argument("--listeners", type=int, default=20, help="audience of the lecture")
    parser.add_argument("--seconds", type=float, default=10.0, help="measured time of each load")
    found = parser.parse_args(arguments)
    if not (0 < found.seconds <= _MAX_SECONDS and 0 < found.listeners <= _MAX_LISTENERS):
        parser.error(f"at most {_MAX_SECONDS} seconds and {_MAX_LISTENERS} listeners")
    asyncio.run(_main(found.what, found.listeners, found.seconds))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
