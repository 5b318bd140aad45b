"""`duikou serve`: opens the ports, then supervises the media process and the API process."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import os
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import aiohttp
import structlog

from server.certificate import lan_addresses
from server.config import PREFIX, Config
from server.secrets import Secrets, load_secrets
from server.supervisor import Child, Supervisor
from storage.disk import Disk

log = structlog.get_logger("serve")

LOCK = "serve.lock"
RUNNING = "running.json"
"""Says where the server of a data folder is to be found, while it runs."""
BACKLOG = 512


class CannotServe(RuntimeError):
    """A sentence that says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Running:
    """What `running.json` tells other commands about the server of this data folder."""

    pid: int
    url: str  # for people
    local_url: str  # for programs on this machine
    lan_urls: tuple[str, ...]
    demo: bool


def running(data: Path) -> Running | None:
    """The server that serves a data folder now, or None."""
    disk = Disk(data)
    if disk.size(LOCK) is None:
        return None
    held = disk.lock(LOCK)
    if held is not None:
        disk.unlock(held)
        return None
    try:
        found = json.loads(disk.read(RUNNING))
    except (FileNotFoundError, ValueError):
        return None
    return Running(**{**found, "lan_urls": tuple(found["lan_urls"])})


def _bind(host: str, port: int, setting: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise CannotServe(
            f"cannot listen on {host} port {port}: {error.strerror}. "
            f"Stop what uses it, or choose another with {PREFIX}{setting.upper()}."
        ) from None


def _free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_loopback(host: str) -> bool:
    """Whether an address to listen on is reachable from this machine only."""
    if host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def media_command(config: Config, webhook_port: int) -> list[str]:
    """The media process's command line. Key and secret go by environment, never here."""
    open_to_lan = config.lan or not is_loopback(config.host)
    advertise = config.media_advertise or ("auto" if open_to_lan else "127.0.0.1")
    return [
        sys.executable,
        "-m",
        "signaling",
        f"--port={config.media_port}",
        f"--udp-port={config.media_udp_port}",
        f"--tcp-port={config.media_tcp_port}",
        f"--turn-urls={config.media_turn_urls}",
        f"--workers={config.media_workers}",
        f"--bind={'0.0.0.0' if open_to_lan else '127.0.0.1'}",  # noqa: S104 - asked for by `lan`
        f"--advertise={advertise}",
        f"--webhook-url=http://127.0.0.1:{webhook_port}/hooks/livekit",
        f"--spool={config.data.resolve() / 'spool'}",
    ]


def _media_child(config: Config, secrets: Secrets) -> Child:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment[PREFIX + "MEDIA_KEY"] = secrets.media_key
    environment[PREFIX + "MEDIA_SECRET"] = secrets.media_secret
    environment[PREFIX + "MEDIA_TURN_SECRET"] = config.media_turn_secret
    return Child("media", media_command(config, config.port), environment, spare=True)


def _api_child(config: Config, plain: socket.socket, secure: socket.socket | None) -> Child:
    command = [sys.executable, "-m", "server", "api", f"--fd={plain.fileno()}"]
    fds = [plain.fileno()]
    if secure is not None:
        command.append(f"--https-fd={secure.fileno()}")
        fds.append(secure.fileno())
    return Child("api", command, child_environment(config, os.environ), tuple(fds), grace=15.0)


def child_environment(config: Config, base: Mapping[str, str]) -> dict[str, str]:
    """The parent's environment, with the settings that the command line may have changed."""
    chosen = {
        "DATA": str(config.data.resolve()),
        "HOST": config.host,
        "PORT": str(config.port),
        "LAN": str(config.lan).lower(),
        "HTTPS_PORT": str(config.https_port),
        "MEDIA_PORT": str(config.media_port),
        "MEDIA_UDP_PORT": str(config.media_udp_port),
        "MEDIA_TCP_PORT": str(config.media_tcp_port),
        "DEMO": str(config.demo).lower(),
    }
    return {**base, **{PREFIX + name: value for name, value in chosen.items()}}


@contextmanager
def _only_server(disk: Disk) -> Iterator[None]:
    """Hold the data folder: two servers on one folder would fight over the ledger."""
    held = disk.lock(LOCK)
    if held is None:
        raise CannotServe(
            f"another `duikou serve` already uses the data folder {disk.root}. "
            f"Stop it, or choose another folder with {PREFIX}DATA."
        )
    try:
        yield
    finally:
        disk.delete(RUNNING)
        disk.close()
        disk.unlock(held)


@contextmanager
def _sockets(config: Config) -> Iterator[tuple[Config, socket.socket, socket.socket | None]]:
    """Bind the ports; a port 0 in the settings becomes the number that was found."""
    with contextlib.ExitStack() as stack:
        plain = stack.enter_context(_bind(config.host, config.port, "port"))
        secure = None
        found: dict[str, object] = {"port": plain.getsockname()[1]}
        if config.lan:
            secure = stack.enter_context(_bind("0.0.0.0", config.https_port, "https_port"))  # noqa: S104
            found["https_port"] = secure.getsockname()[1]
        if config.embedded_media and config.media_port == 0:
            found["media_port"] = _free_port(socket.SOCK_STREAM)
        if config.embedded_media and config.media_udp_port == 0:
            found["media_udp_port"] = _free_port(socket.SOCK_DGRAM)
        if config.embedded_media and config.media_tcp_port == 0:
            found["media_tcp_port"] = _free_port(socket.SOCK_STREAM)
        yield config.model_copy(update=found), plain, secure


async def wait_ready(url: str) -> None:
    """Return once `/readyz` of the server at `url` says that everything is ready."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
                async with session.get(url + "/readyz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.2)


def own_url(config: Config) -> str:
    """Where this machine reaches the API."""
    host = "127.0.0.1" if is_loopback(config.host) or config.host == "0.0.0.0" else config.host  # noqa: S104
    return f"http://[{host}]:{config.port}" if ":" in host else f"http://{host}:{config.port}"


async def _supervise(
    config: Config, supervisor: Supervisor, announce: Callable[[Running], None], told: Running
) -> int:
    async def tell() -> None:
        await wait_ready(own_url(config))
        announce(told)

    telling = asyncio.create_task(tell())
    try:
        return await supervisor.run()
    finally:
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)


def serve(config: Config, announce: Callable[[Running], None]) -> int:
    """Run until SIGTERM; `announce` is called once everything is ready.

    Returns the exit status. Raises `CannotServe`.
    """
    os.umask(0o077)
    disk = Disk(config.data)
    try:
        disk.ensure_folder("")
    except FileNotFoundError:
        raise CannotServe(f"the folder that should hold {config.data} does not exist") from None
    with _only_server(disk), _sockets(config) as (chosen, plain, secure):
        secrets = load_secrets(chosen, disk)
        children = [_media_child(chosen, secrets)] if chosen.embedded_media else []
        children.append(_api_child(chosen, plain, secure))
        lan = [f"https://{one}:{chosen.https_port}" for one in lan_addresses()]
        told = Running(
            pid=os.getpid(),
            url=chosen.effective_public_url,
            local_url=own_url(chosen),
            lan_urls=tuple(lan if chosen.lan else ()),
            demo=chosen.demo,
        )
        disk.write(RUNNING, json.dumps(asdict(told)).encode())
        return asyncio.run(_supervise(chosen, Supervisor(children), announce, told))
