"""SDP fragments of ICE (RFC 8840 section 9), as PATCH requests of WHIP and WHEP carry them."""

from dataclasses import dataclass

from signaling.errors import ProtocolError
from signaling.sdp.build import Local

MAX_LENGTH = 16 * 1024
_MAX_LINES = 256
_MAX_NAME, _MAX_PASSWORD = 256, 256


@dataclass(frozen=True, slots=True)
class Fragment:
    """What a client says of its side. "" where it says nothing."""

    ufrag: str
    pwd: str
    candidates: int


def parse(text: str) -> Fragment:
    """ProtocolError if it is no fragment, or mixes the credentials of two ICE sessions."""
    lines = text.splitlines()
    if len(text) > MAX_LENGTH or len(lines) > _MAX_LINES:
        raise ProtocolError("The SDP fragment is too long.")
    names: set[str] = set()
    passwords: set[str] = set()
    candidates = 0
    for line in filter(None, lines):
        if len(line) < 3 or line[1] != "=" or line[0] not in "am":
            raise ProtocolError("An SDP fragment has lines a= and m= only.")
        key, _, value = line[2:].partition(":")
        if key == "ice-ufrag":
            names.add(value.strip())
        elif key == "ice-pwd":
            passwords.add(value.strip())
        elif key == "candidate":
            candidates += 1
    if len(names) > 1 or len(passwords) > 1:
        raise ProtocolError("An SDP fragment is of one ICE session.")
    ufrag, pwd = "".join(names), "".join(passwords)
    if len(ufrag) > _MAX_NAME or len(pwd) > _MAX_PASSWORD:
        raise ProtocolError("The ICE credentials are too long.")
    return Fragment(ufrag, pwd, candidates)


def build(local: Local, kind: str, mid: str) -> str:
    """This side after an ICE restart; `kind` and `mid` are of the bundle's first section."""
    lines = [
        "a=ice-lite",
        f"a=ice-ufrag:{local.ufrag}",
        f"a=ice-pwd:{local.pwd}",
        f"m={kind} 9 UDP/TLS/RTP/SAVPF 0",
        f"a=mid:{mid}",
        *local.candidates,
        "a=end-of-candidates",
    ]
    return "\r\n".join(lines) + "\r\n"
