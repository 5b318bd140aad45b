"""The media servers under test: ours as a process, or a LiveKit program beside it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from livekit import api

ROOT = Path(__file__).resolve().parents[2]
KEY, SECRET = "netsim", "netsim-secret-that-is-long-enough-for-hs256"


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("0.0.0.0", 0))
        port: int = probe.getsockname()[1]
        return port


def token(identity: str, room: str) -> str:
    grants = api.VideoGrants(room_join=True, room=room)
    return api.AccessToken(KEY, SECRET).with_identity(identity).with_grants(grants).to_jwt()


@dataclass
class Server:
    """A running server; `address` is where candidates point to. `standby`: a second process can wait
    for the first one's end, as the product has it (server/supervisor.py)."""

    name: str
    address: str
    port: int
    udp_port: int
    command: list[str]
    environment: dict[str, str]
    standby: bool = False
    process: subprocess.Popen[bytes] | None = None
    _spare: tuple[subprocess.Popen[bytes], int] | None = None

    def _spawn(self, *more: str, fds: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*self.command, *more], cwd=ROOT, env={**os.environ, **self.environment}, pass_fds=fds,
            stdout=subprocess.DEVNULL, stderr=None if os.environ.get("NETSIM_LOG") else subprocess.DEVNULL,
        )  # fmt: skip

    def prepare(self) -> None:
        """Let a second process stand by."""
        if self.standby:
            reading, writing = os.pipe()
            self._spare = self._spawn(f"--standby={reading}", fds=(reading,)), writing
            os.close(reading)

    def replace(self) -> None:
        """Kill the process, and start it again or let the one that stands by go on."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.start()

    def _drop_spare(self) -> None:
        if self._spare is not None:
            process, writing = self._spare
            self._spare = None
            os.close(writing)
            process.wait(10)

    def start(self) -> None:
        if self._spare is not None:
            (self.process, writing), self._spare = self._spare, None
            os.write(writing, b"!")
            os.close(writing)
        else:
            self.process = self._spawn()
        until = time.monotonic() + 20
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        self.stop(signal.SIGKILL)
        raise RuntimeError(f"{self.name} did not start")

    def stop(self, number: int = signal.SIGTERM) -> None:
        self._drop_spare()
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def ours(address: str) -> Server:
    """`python -m signaling` on free ports."""
    port, udp = free_port(), free_port(socket.SOCK_DGRAM)
    command = [sys.executable, "-m", "signaling", "--bind", "0.0.0.0", "--port", str(port)]
    command += ["--udp-port", str(udp), "--advertise", address]
    environment = {"DUIKOU_MEDIA_KEY": KEY, "DUIKOU_MEDIA_SECRET": SECRET}
    return Server("duikou", address, port, udp, command, environment, standby=True)


def livekit(address: str, program: str) -> Server:
    """A LiveKit server program on free ports, with its settings as delivered."""
    port, udp, tcp = free_port(), free_port(socket.SOCK_DGRAM), free_port()
    body = f"""
port: {port}
bind_addresses: ["0.0.0.0"]
rtc: {{udp_port: {udp}, tcp_port: {tcp}, use_external_ip: false, node_ip: {address}}}
keys: {{{KEY}: {SECRET}}}
logging: {{level: error}}
"""
    return Server("livekit", address, port, udp, [program, "--config-body", body], {})
