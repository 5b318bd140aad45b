"""Settings of the media process: flags first, then environment, never anything else."""

import argparse
import os
import string
from dataclasses import dataclass
from pathlib import Path

from signaling.errors import ProtocolError
from signaling.transport.addresses import EVERY_INTERFACE, Advertise, parse_advertise
from signaling.turn import NO_TURN, Turn, parse_turn

EVERYWHERE = "0.0.0.0"  # noqa: S104 - media must be reachable from other machines
MARKS = string.ascii_letters
VERSION = "1.13.5"  # the LiveKit release whose behaviour clients may expect


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the process needs to know.

    bind            address of the HTTP listener and of the media socket
    port, udp_port  HTTP/WebSocket port and media port; 0 takes a free one
    tcp_port        media by TCP, for networks that drop UDP; None for none
    key, secret     the API key pair that signs tokens and webhooks
    advertise       where clients reach the media port; see transport.addresses
    turn            TURN servers that clients are told of
    webhook_url     where webhooks and media reports go; "" sends none
    spool           folder in which they wait until acknowledged
    workers         processes that rooms are spread over; each has a UDP port: udp_port + its index
    worker          of a worker process: its index, and the descriptor of its channel to the front
    arguments       the command line, for workers
    standby         a descriptor: start only when a byte comes by it, end when it is closed; -1: none
    """

    key: str
    secret: str
    bind: str = EVERYWHERE
    port: int = 7880
    udp_port: int = 7882
    tcp_port: int | None = 7881
    advertise: Advertise = EVERY_INTERFACE
    turn: Turn = NO_TURN
    webhook_url: str = ""
    spool: Path | None = None
    empty_timeout: int = 300
    departure_timeout: int = 20
    report_seconds: int = 10
    stats: float = 0.0
    workers: int = 1
    worker: tuple[int, int] | None = None
    arguments: tuple[str, ...] = ()
    standby: int = -1

    @property
    def index(self) -> int:
        """Which worker this is; 0 where there is only one process."""
        return self.worker[0] if self.worker is not None else 0

    @property
    def mark(self) -> str:
        """What every ufrag of a worker begins with, so that the front knows whose it is."""
        return MARKS[self.index] if self.worker is not None else ""

    @property
    def own_udp_port(self) -> int:
        return self.udp_port + self.index if self.udp_port else 0


def parser() -> argparse.ArgumentParser:
    """The command line of `python -m signaling`."""
    out = argparse.ArgumentParser(prog="signaling", description="LiveKit-compatible media server")
    out.add_argument("--bind", default=EVERYWHERE, help="address to listen on (default: all)")
    out.add_argument("--port", type=int, default=7880, help="HTTP and WebSocket port")
    out.add_argument("--udp-port", type=int, default=7882, help="media port")
    out.add_argument(
        "--tcp-port", type=int, default=7881, help="media port for networks without UDP; -1: none"
    )
    out.add_argument("--key", default="", help="API key (or DUIKOU_MEDIA_KEY)")
    out.add_argument("--secret", default="", help="API secret (or DUIKOU_MEDIA_SECRET)")
    out.add_argument(
        "--advertise",
        default="",
        help="addresses for ICE candidates, comma-separated: IP, IP:PORT, PUBLIC/PRIVATE for 1:1 "
        "NAT, auto for every interface (the default)",
    )
    out.add_argument(
        "--turn-urls",
        default="",
        help="TURN servers for clients, comma-separated; the secret comes from "
        "DUIKOU_MEDIA_TURN_SECRET",
    )
    out.add_argument(
        "--webhook-url", default="", help="where webhooks and media reports are posted"
    )
    out.add_argument("--spool", default="", help="folder for webhooks that wait for delivery")
    out.add_argument("--empty-timeout", type=int, default=300, help="seconds an unused room lives")
    out.add_argument(
        "--departure-timeout", type=int, default=20, help="seconds an empty room lives"
    )
    out.add_argument(
        "--workers",
        type=int,
        default=1,
        help="processes that rooms are spread over; 0: one for each core but one",
    )
    out.add_argument("--worker", default="", help=argparse.SUPPRESS)
    out.add_argument("--standby", type=int, default=-1, help=argparse.SUPPRESS)
    out.add_argument("--stats", type=float, default=0.0, metavar="SECONDS", help="log counters")
    return out


def from_arguments(arguments: list[str]) -> Settings:
    """Settings from the command line; the key pair may come from the environment instead, so that
    secrets need not stand in the process list. SystemExit(2) on misuse."""
    command_line = parser()
    found = command_line.parse_args(arguments)
    key = found.key or os.environ.get("DUIKOU_MEDIA_KEY", "")
    secret = found.secret or os.environ.get("DUIKOU_MEDIA_SECRET", "")
    if not key or not secret:
        command_line.error("an API key and secret are needed (DUIKOU_MEDIA_KEY, _SECRET)")
    try:
        advertise = parse_advertise(found.advertise)
    except ProtocolError as exc:
        command_line.error(f"--advertise: {exc}")
    try:
        turn = parse_turn(found.turn_urls, os.environ.get("DUIKOU_MEDIA_TURN_SECRET", ""))
    except ProtocolError as exc:
        command_line.error(f"--turn-urls: {exc}")
    return Settings(
        key=key,
        secret=secret,
        bind=found.bind,
        port=found.port,
        udp_port=found.udp_port,
        tcp_port=found.tcp_port if found.tcp_port >= 0 else None,
        advertise=advertise,
        turn=turn,
        webhook_url=found.webhook_url,
        spool=Path(found.spool) if found.spool else None,
        empty_timeout=found.empty_timeout,
        departure_timeout=found.departure_timeout,
        stats=found.stats,
        workers=worker_count(found.workers),
        worker=_worker(found.worker),
        arguments=tuple(a for a in arguments if not a.startswith("--standby")),
        standby=found.standby,
    )


def worker_count(wanted: int) -> int:
    """How many processes serve rooms: as many as wanted; for 0 one for each core but one, which is
    left to everything else, and at least one."""
    if wanted > 0:
        return min(wanted, len(MARKS))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min((cores or 1) - 1, len(MARKS)))


def _worker(text: str) -> tuple[int, int] | None:
    index, _, descriptor = text.partition(":")
    return (int(index), int(descriptor)) if text else None
