"""Where a connection belongs, read from its first bytes without taking them from the socket. Bytes in,
a Route out; None while too little has come; ProtocolError for what is nobody's."""

from dataclasses import dataclass
from urllib.parse import parse_qs

from signaling.errors import ProtocolError
from signaling.transport import stun
from signaling.transport.tcp import MAX_FRAME

MAX_HEAD = 160 << 10
_OWN = ("", "healthz", "metrics")


@dataclass(frozen=True, slots=True)
class Route:
    """`own`: the front answers itself. Else the worker with this `mark`, else the one of the room
    that `token` is for."""

    own: bool = False
    token: str = ""
    mark: str = ""


def http_route(head: bytes) -> Route | None:
    """Where an HTTP connection goes."""
    end = head.find(b"\r\n\r\n")
    if end < 0:
        if len(head) >= MAX_HEAD:
            raise ProtocolError("The request's head is too long.")
        return None
    lines = head[:end].decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3:
        return Route(own=True)
    path, _, query = words[1].partition("?")
    path = path.strip("/")
    if path in _OWN or path.startswith("twirp/") or words[0] == "OPTIONS":
        return Route(own=True)
    kind, _, session = path.partition("/")
    # The address of a WHIP or WHEP session is its own key and begins with its worker's mark.
    mark = session[:1] if kind in ("whip", "whep") else ""
    return Route(token=_token(lines[1:], query), mark=mark)


def _token(lines: list[str], query: str) -> str:
    for line in lines:
        name, _, value = line.partition(":")
        if name.strip().lower() == "authorization":
            kind, _, token = value.strip().partition(" ")
            if kind.lower() == "bearer":
                return token.strip()
    try:
        found = parse_qs(query, max_num_fields=64).get("access_token", [""])
    except ValueError:
        return ""
    return found[0]


def media_mark(data: bytes) -> str | None:
    """The mark of the worker that a TCP media connection names: the first character of the ufrag in
    its first frame, which is a connectivity check."""
    if len(data) < 2:
        return None
    size = int.from_bytes(data[:2], "big")
    if not 20 <= size <= MAX_FRAME:
        raise ProtocolError("A connection begins with a connectivity check.")
    if len(data) < 2 + size:
        return None
    return stun.parse(data[2 : 2 + size]).username[:1]
