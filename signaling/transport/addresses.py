"""Which addresses to put into ICE candidates."""

import ipaddress
import socket
import struct
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - not on this platform
    fcntl = None  # type: ignore[assignment]

ANY = ("0.0.0.0", "::", "")  # noqa: S104 - how binding to all interfaces is written
_SIOCGIFADDR = 0x8915


def local_ipv4() -> list[str]:
    """IPv4 addresses of this machine's interfaces, loopback last."""
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            try:
                answer = fcntl.ioctl(probe.fileno(), _SIOCGIFADDR, request)
            except OSError:
                continue
            found.append(socket.inet_ntoa(answer[20:24]))
    return sorted(set(found), key=lambda a: (ipaddress.ip_address(a).is_loopback, found.index(a)))


def local_ipv6() -> list[str]:
    """Global IPv6 addresses of this machine (link-local ones need a scope that peers lack)."""
    try:
        with Path("/proc/net/if_inet6").open(encoding="ascii") as table:
            rows = [line.split()[0] for line in table]
    except OSError:
        return []
    found = [ipaddress.IPv6Address(bytes.fromhex(row)) for row in rows]
    return [str(a) for a in found if not (a.is_link_local or a.is_loopback)]


def advertised(bind: str, explicit: tuple[str, ...]) -> list[str]:
    """Candidate addresses: what the operator says, or the bound address, or every interface."""
    if explicit:
        return list(explicit)
    if bind not in ANY:
        return [bind]
    return local_ipv4() + local_ipv6()
