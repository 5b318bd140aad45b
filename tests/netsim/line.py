"""A line as a process of its own: `python -m tests.netsim.line --kind namespace|relay …`.

namespace  a network namespace that is joined to this machine only through two TUN devices and the
           impairment between them: everything crosses it, TCP too. Needs root.
relay      for everybody else: a UDP port in front of the server's; only media crosses it, the
           signalling does not suffer.

It prints one JSON line when ready (where the server is found from the bad end), takes commands on
standard input (`cut SECONDS`, `end`), and prints one JSON line of totals at the end.
"""

import argparse
import fcntl
import json
import os
import select
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.netsim.impair import Impairment, Way

_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
_MTU = 1400


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


def _tun(name: str) -> int:
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, _TUNSETIFF, struct.pack("16sH", name.encode(), _IFF_TUN | _IFF_NO_PI))
    return fd


class Namespace:
    """The TUN pair: what is read from one end comes out of the other, impaired."""

    def __init__(self, line: Impairment, seed: int) -> None:
        number = os.getpid()
        self.name = f"duikou{number}"
        near, far = f"dn{number}", f"df{number}"
        net = f"10.{100 + number % 100}.{number // 100 % 250}"
        self.host = f"{net}.1"
        self._near, self._far = _tun(near), _tun(far)
        inside = ("netns", "exec", self.name, "ip")
        _ip("netns", "add", self.name)
        try:
            _ip("link", "set", far, "netns", self.name)
            _ip("addr", "add", f"{self.host}/24", "dev", near)
            _ip("link", "set", near, "mtu", str(_MTU), "up")
            _ip(*inside, "addr", "add", f"{net}.2/24", "dev", far)
            _ip(*inside, "link", "set", far, "mtu", str(_MTU), "up")
            _ip(*inside, "link", "set", "lo", "up")
            _ip(*inside, "route", "add", "default", "via", self.host)
        except subprocess.CalledProcessError:
            self.close()
            raise
        self.down, self.up = Way(line, seed), Way(line, seed + 1)
        self.inputs = [self._near, self._far]
        # Every packet's head and fate, to see afterwards where the time went.
        trace = os.environ.get("NETSIM_TRACE")
        self._trace = Path(trace).open("w") if trace else None  # noqa: SIM115

    def ready(self) -> dict[str, Any]:
        return {"namespace": self.name, "host": self.host}

    def read(self, source: Any, now: float) -> None:
        way = self.down if source == self._near else self.up
        with suppress(OSError):
            for _ in range(256):
                packet = os.read(source, 2048)
                passed = way.put(packet, now)
                if self._trace is not None:
                    name = "down" if way is self.down else "up"
                    text = f"{time.time():.4f} {name} {int(passed)} {len(packet)}"
                    self._trace.write(f"{text} {packet[:80].hex()}\n")

    def write(self, now: float) -> None:
        for way, fd in ((self.down, self._far), (self.up, self._near)):
            for packet in way.take(now):
                with suppress(OSError):
                    os.write(fd, packet)

    def cut(self, until: float) -> None:
        self.down.cut(until)
        self.up.cut(until)

    def close(self) -> None:
        if self._trace is not None:
            self._trace.close()
        subprocess.run(["ip", "netns", "del", self.name], capture_output=True, check=False)
        os.close(self._near)
        os.close(self._far)


class Relay:
    """One UDP port in front of the server's; each client address gets a socket of its own behind
    it. Payloads carry 28 bytes more on a real line, and are counted so."""

    _HEADERS = bytes(28)

    def __init__(self, line: Impairment, seed: int, port: int, server: int) -> None:
        self._server = ("127.0.0.1", server)
        self._front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._front.bind(("127.0.0.1", port))
        self._front.setblocking(False)
        self.port = self._front.getsockname()[1]
        self._behind: dict[Any, socket.socket] = {}
        self._clients: dict[socket.socket, Any] = {}
        self.down, self.up = Way(line, seed), Way(line, seed + 1)
        self.inputs: list[Any] = [self._front]
        self._numbers: list[Any] = []

    def ready(self) -> dict[str, Any]:
        return {"namespace": "", "host": "127.0.0.1", "udp": self.port}

    def _mark(self, address: Any) -> bytes:
        """Which client a packet belongs to, in the room of the headers."""
        if address not in self._numbers:
            self._numbers.append(address)
        return self._numbers.index(address).to_bytes(28, "big")

    def read(self, source: Any, now: float) -> None:
        with suppress(OSError):
            for _ in range(256):
                if source is self._front:
                    data, address = source.recvfrom(2048)
                    if address not in self._behind:
                        self._open(address)
                    self.up.put(self._mark(address) + data, now)
                else:
                    self.down.put(self._mark(self._clients[source]) + source.recv(2048), now)

    def _open(self, address: Any) -> None:
        behind = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        behind.bind(("127.0.0.1", 0))
        behind.setblocking(False)
        self._behind[address] = behind
        self._clients[behind] = address
        self.inputs.append(behind)

    def write(self, now: float) -> None:
        for packet in self.down.take(now):
            with suppress(OSError):
                self._front.sendto(packet[28:], self._numbers[int.from_bytes(packet[:28], "big")])
        for packet in self.up.take(now):
            client = self._numbers[int.from_bytes(packet[:28], "big")]
            with suppress(OSError):
                self._behind[client].sendto(packet[28:], self._server)

    def cut(self, until: float) -> None:
        self.down.cut(until)
        self.up.cut(until)

    def close(self) -> None:
        for sock in (self._front, *self._behind.values()):
            sock.close()


def carry(line: Namespace | Relay, command: Callable[[str], bool]) -> None:
    """Move packets until a command says stop."""
    while True:
        now = time.monotonic()
        due = [at for at in (line.down.next_at(), line.up.next_at()) if at is not None]
        wait = max(0.0, min([*due, now + 0.5]) - now)
        ready, _, _ = select.select([sys.stdin, *line.inputs], [], [], wait)
        now = time.monotonic()
        for source in ready:
            if source is not sys.stdin:
                line.read(source, now)
            elif not command(sys.stdin.readline()):
                return
        line.write(time.monotonic())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=["namespace", "relay"], required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--server", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    for name in ("rate", "delay", "loss", "burst", "queue", "jitter"):
        parser.add_argument(f"--{name}", type=float, default=getattr(Impairment(), name))
    found = parser.parse_args()
    shape = Impairment(found.rate, found.delay, found.loss, found.burst, found.queue, found.jitter)
    with suppress(PermissionError):
        os.nice(-10)
    line: Namespace | Relay
    if found.kind == "namespace":
        line = Namespace(shape, found.seed)
    else:
        line = Relay(shape, found.seed, found.port, found.server)

    def command(text: str) -> bool:
        words = text.split()
        if words[:1] == ["cut"]:
            line.cut(time.monotonic() + float(words[1]))
        return words[:1] == ["cut"]

    try:
        print(json.dumps(line.ready()), flush=True)
        carry(line, command)
        print(json.dumps({"down": line.down.summary(), "up": line.up.summary()}), flush=True)
    finally:
        line.close()


if __name__ == "__main__":
    main()
