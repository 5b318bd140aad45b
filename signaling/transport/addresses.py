"""Which addresses to put into ICE candidates, and how to notice that they changed."""

import asyncio
import contextlib
import ipaddress
import logging
import socket
import time
from dataclasses import dataclass
from pathlib import Path

import ifaddr

from signaling.errors import ProtocolError

log = logging.getLogger(__name__)

ANY = ("0.0.0.0", "::", "")  # noqa: S104 - how binding to all interfaces is written
_INTERFACES = Path("/sys/class/net")
_MAX_ADDRESSES = 16
# Links, IPv4 addresses, IPv6 addresses (linux/rtnetlink.h).
_GROUPS = 0x1 | 0x10 | 0x100
_SETTLE = 0.05
_STALE = 2.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where clients reach the media port: an IP address, and the outside port where a router
    forwards another one than is bound (0: the same)."""

    host: str
    port: int = 0


@dataclass(frozen=True, slots=True)
class Advertise:
    """What the operator says about addresses. `outside`: interface address → its 1:1 NAT address.
    `interfaces`: whether every interface counts, too."""

    fixed: tuple[Endpoint, ...] = ()
    outside: tuple[tuple[str, Endpoint], ...] = ()
    interfaces: bool = True


EVERY_INTERFACE = Advertise()


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ProtocolError(f"{text!r} is not an IP address; candidates carry no names.") from None


def _endpoint(text: str) -> Endpoint:
    host, port = text, ""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":")
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise ProtocolError(f"{port!r} is not a port.")
    return Endpoint(_address(host), int(port or 0))


def parse_advertise(text: str) -> Advertise:
    """Read `--advertise`: comma-separated `IP`, `IP:PORT`, `[IPV6]:PORT`, `auto` (every interface)
    or `PUBLIC/PRIVATE` (1:1 NAT: the interface address PRIVATE is PUBLIC outside; the other
    interfaces count as well). Nothing means `auto`. ProtocolError with a sentence if malformed."""
    fixed: list[Endpoint] = []
    outside: list[tuple[str, Endpoint]] = []
    every = not text.strip()
    for entry in filter(None, (part.strip() for part in text.split(","))):
        public, slash, private = entry.partition("/")
        if entry == "auto":
            every = True
        elif slash:
            outside.append((_address(private), _endpoint(public)))
            every = True
        else:
            fixed.append(_endpoint(entry))
    return Advertise(tuple(fixed), tuple(outside), every)


def local_addresses() -> list[str]:
    """Addresses of this machine's living interfaces that peers could reach: IPv4, then IPv6, then
    127.0.0.1. Link-local ones need a scope that peers lack."""
    found: list[ipaddress.IPv4Address | ipaddress.IPv6Address] = []
    for adapter in ifaddr.get_adapters():
        if _down(adapter.nice_name):
            continue
        for entry in adapter.ips:
            text = entry.ip if isinstance(entry.ip, str) else entry.ip[0]
            found.append(ipaddress.ip_address(text.partition("%")[0]))
    usable = [a for a in found if not (a.is_link_local or a.is_loopback or a.is_unspecified)]
    usable.sort(key=lambda a: a.version)  # stable: in the order of the interfaces
    return [*(str(a) for a in list(dict.fromkeys(usable))[:_MAX_ADDRESSES]), "127.0.0.1"]


def _down(interface: str) -> bool:
    """Whether the kernel says that nothing is connected there."""
    with contextlib.suppress(OSError):
        return (_INTERFACES / interface / "operstate").read_text().strip() == "down"
    return False


def every_host(bind: str) -> list[str]:
    """What a TCP listener binds: both families for "all interfaces"."""
    if bind not in ANY:
        return [bind]
    return [ANY[0], "::"] if Path("/proc/net/if_inet6").exists() else [ANY[0]]


def advertised(bind: str, advertise: Advertise) -> list[Endpoint]:
    """Where clients find us, best first: what the operator names, then the bound address or every
    interface, those behind 1:1 NAT by their outside address."""
    inside: list[str] = []
    if advertise.interfaces:
        inside = [bind] if bind not in ANY else local_addresses()
    outside = dict(advertise.outside)
    found = [*advertise.fixed, *(outside.get(host, Endpoint(host)) for host in inside)]
    return list(dict.fromkeys(found))


def candidate_lines(found: list[Endpoint], udp: int, tcp: int, shift: int = 0) -> list[str]:
    """SDP candidates (RFC 8839): every address by UDP, then, when `tcp` is a port, passive ones by
    TCP (RFC 6544), which rank below. `shift` is added to outside ports (one for each worker)."""
    lines: list[str] = []
    for index, one in enumerate(found):
        priority = (126 << 24) | ((65535 - index) << 8) | 255
        port = one.port + shift if one.port else udp
        lines.append(f"a=candidate:{index + 1} 1 udp {priority} {one.host} {port} typ host")
    if not tcp:
        return lines
    for index, one in enumerate(found):
        # Section 4.2: direction preference of a passive host candidate is 4.
        priority = (90 << 24) | (((4 << 13) + 8191 - index) << 8) | 255
        lines.append(
            f"a=candidate:{len(found) + index + 1} 1 tcp {priority} {one.host} {tcp} "
            "typ host tcptype passive"
        )
    return lines


class Interfaces:
    """The addresses as they are now. The kernel says when one comes or goes (rtnetlink); where it
    cannot, they are looked up again when they are older than two seconds."""

    def __init__(self, bind: str, advertise: Advertise) -> None:
        self._bind, self._advertise = bind, advertise
        self._found: list[Endpoint] = []
        self._looked = -_STALE
        self._news: socket.socket | None = None
        self._pending: asyncio.TimerHandle | None = None

    @property
    def found(self) -> list[Endpoint]:
        """Best first."""
        if self._news is None and time.monotonic() - self._looked >= _STALE:
            self._look()
        return self._found

    def _look(self) -> None:
        self._pending = None
        self._looked = time.monotonic()
        found = advertised(self._bind, self._advertise)
        if found != self._found:
            log.info("media is reached at %s", ", ".join(one.host for one in found) or "nowhere")
        self._found = found

    def start(self) -> None:
        """Listen for changes, where that makes a difference."""
        self._look()
        if not self._advertise.interfaces or self._bind not in ANY:
            return
        with contextlib.suppress(OSError, AttributeError):
            news = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
            news.setblocking(False)
            news.bind((0, _GROUPS))
            asyncio.get_running_loop().add_reader(news.fileno(), self._changed)
            self._news = news

    def _changed(self) -> None:
        news = self._news
        with contextlib.suppress(OSError):  # BlockingIOError: read empty; ENOBUFS: we look anyway
            while news is not None and news.recv(65536):
                pass
        if self._pending is None:
            # Several messages belong to one change; a new IPv6 address is tentative at first.
            self._pending = asyncio.get_running_loop().call_later(_SETTLE, self._look)

    def stop(self) -> None:
        if self._pending is not None:
            self._pending.cancel()
        if self._news is not None:
            asyncio.get_running_loop().remove_reader(self._news.fileno())
            self._news.close()
            self._news = None
