"""A real LiveKit server to run beside ours, where one is installed (`LIVEKIT_SERVER` names it)."""

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

from .conftest import KEY, SECRET, MediaProcess, free_port

_BINARY = os.environ.get("LIVEKIT_SERVER") or shutil.which("livekit-server") or ""


def installed() -> bool:
    return bool(_BINARY) and Path(_BINARY).is_file()


def launch_livekit(webhook: str = "") -> MediaProcess:
    """A LiveKit on loopback and free ports, with the tests' key."""
    port, udp_port = free_port(), free_port(socket.SOCK_DGRAM)
    tcp_port = free_port()
    body = [
        f"port: {port}",
        "bind_addresses: ['127.0.0.1']",
        f"keys: {{{KEY}: {SECRET}}}",
        "logging: {level: error}",
        f"rtc: {{udp_port: {udp_port}, tcp_port: {tcp_port}, node_ip: 127.0.0.1,"
        " enable_loopback_candidate: true, use_external_ip: false}",
    ]
    if webhook:
        body.append(f"webhook: {{api_key: {KEY}, urls: ['{webhook}']}}")
    process = subprocess.Popen(
        [_BINARY, "--config-body", "\n".join(body)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    media = MediaProcess(port, udp_port, process)
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(media.http, timeout=1):
                return media
        except OSError:
            time.sleep(0.05)
    process.kill()
    raise AssertionError("LiveKit did not start")
