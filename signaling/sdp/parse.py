"""The SDP that clients send (RFC 8866, RFC 8829): text in, a Description or a ProtocolError out.
Only what the server acts on is kept."""

import re
from dataclasses import dataclass, field

from signaling.errors import ProtocolError

# The most sections of each kind that carry something to one participant. Browsers write some 5 kB and
# 165 lines for a picture of one connection (1.2 kB where they answer), 1 kB and 30 lines for sound: with
# what a client may send itself this is within the other bounds, and those within a signal message.
MOST = {"audio": 256, "video": 100}
MAX_LENGTH = 960 * 1024
MAX_SECTIONS = 400
MAX_LINES = 32000
_KINDS = ("audio", "video", "application")
_DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
_LAYERS = ("q", "h", "f")
_APT = re.compile(r"apt=(\d{1,3})\b")
_TOKEN = re.compile(r"[!-~]{1,256}")
_MEDIA = re.compile(r"(\w+) (\d{1,5})(?:/\d+)? ([A-Z/]+)((?: [!-~]+)+)")


@dataclass(slots=True)
class Codec:
    """One payload type: name in lower case ("vp8", "rtx"), clock, channels, fmtp line, feedback, and
    which other type it repairs."""

    payload_type: int
    name: str
    clock: int
    channels: int
    fmtp: str = ""
    feedback: list[str] = field(default_factory=list)
    repairs: int | None = None

    def parameters(self) -> dict[str, str]:
        """The fmtp line, "" for what has no value."""
        pairs = (part.strip().partition("=") for part in self.fmtp.split(";"))
        return {name.lower(): value for name, _, value in pairs if name}


@dataclass(slots=True)
class Section:
    """One m= section. `rids` are the sent ones, lowest layer first."""

    kind: str
    port: int
    protocol: str
    formats: list[str]
    mid: str = ""
    direction: str = "sendrecv"
    codecs: dict[int, Codec] = field(default_factory=dict)
    extensions: dict[int, str] = field(default_factory=dict)
    msid: str = ""
    rids: list[str] = field(default_factory=list)
    ssrcs: list[int] = field(default_factory=list)
    repairs: dict[int, int] = field(default_factory=dict)
    ufrag: str = ""
    pwd: str = ""
    fingerprints: list[tuple[str, str]] = field(default_factory=list)
    setup: str = ""

    @property
    def sends(self) -> bool:
        return self.port != 0 and self.direction in ("sendrecv", "sendonly")


@dataclass(slots=True)
class Description:
    """A whole session description. ICE and DTLS values are those of the first section that has
    any (everything is bundled)."""

    sections: list[Section]
    ufrag: str
    pwd: str
    fingerprints: list[tuple[str, str]]
    setup: str
    bundle: list[str]


def _number(text: str, low: int, high: int) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 10 or not low <= int(text) <= high:
        raise ProtocolError("A number in the SDP is out of range.")
    return int(text)


def parse(text: str) -> Description:
    """Parse an offer or an answer."""
    if len(text) > MAX_LENGTH:
        raise ProtocolError("The SDP is too long.")
    lines = text.splitlines()
    if len(lines) > MAX_LINES or not lines or lines[0] != "v=0":
        raise ProtocolError("The SDP does not begin with v=0, or has too many lines.")
    session = Section("session", 0, "", [])
    sections: list[Section] = []
    bundle: list[str] = []
    current = session
    for line in lines:
        if line.startswith("m="):
            if len(sections) >= MAX_SECTIONS:
                raise ProtocolError("The SDP has too many media sections.")
            current = _media(line[2:])
            sections.append(current)
        elif line.startswith("a="):
            if line.startswith("a=group:BUNDLE"):
                bundle = line.split()[1:]
            _attribute(current, line[2:])
    mids = [section.mid for section in sections]
    if not all(mids) or len(set(mids)) != len(mids):
        raise ProtocolError("Every media section needs a mid of its own.")
    return _bundled(session, sections, bundle)


def _bundled(session: Section, sections: list[Section], bundle: list[str]) -> Description:
    pool = [s for s in sections if s.port or s.mid in bundle] + [session]
    first = next((s for s in pool if s.ufrag), session)
    secured = next((s for s in pool if s.fingerprints), session)
    setup = next((s.setup for s in pool if s.setup), "")
    return Description(sections, first.ufrag, first.pwd, secured.fingerprints, setup, bundle)


def _media(value: str) -> Section:
    match = _MEDIA.fullmatch(value)
    if match is None or match[1] not in _KINDS:
        raise ProtocolError("A media line is not one of audio, video or application.")
    section = Section(match[1], _number(match[2], 0, 65535), match[3], match[4].split())
    if section.kind != "application":
        for fmt in section.formats:
            number = _number(fmt, 0, 127)
            section.codecs[number] = Codec(number, "", 0, 1)
    return section


def _attribute(section: Section, attribute: str) -> None:
    name, _, value = attribute.partition(":")
    if name in _DIRECTIONS:
        section.direction = name
        return
    if name == "bundle-only" and section.port == 0:
        section.port = 9  # RFC 9143 section 6: port 0 does not mean refused here
        return
    handler = _HANDLERS.get(name)
    if handler is not None:
        handler(section, value)


def _token(value: str) -> str:
    if not _TOKEN.fullmatch(value):
        raise ProtocolError("A value in the SDP is empty, too long or not plain text.")
    return value


def _mid(section: Section, value: str) -> None:
    section.mid = _token(value)


def _ufrag(section: Section, value: str) -> None:
    section.ufrag = _token(value)


def _pwd(section: Section, value: str) -> None:
    section.pwd = _token(value)


def _setup(section: Section, value: str) -> None:
    if value not in ("active", "passive", "actpass"):
        raise ProtocolError("a=setup is active, passive or actpass.")
    section.setup = value


def _fingerprint(section: Section, value: str) -> None:
    algorithm, _, print_ = value.partition(" ")
    if not re.fullmatch(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){15,63}", print_):
        raise ProtocolError("A certificate fingerprint is not hexadecimal pairs.")
    if len(section.fingerprints) < 8:
        section.fingerprints.append((algorithm.lower(), print_.upper()))


def _msid(section: Section, value: str) -> None:
    section.msid = value[:512]


def _split(value: str) -> tuple[str, str]:
    head, _, rest = value.partition(" ")
    return head, rest


def _rtpmap(section: Section, value: str) -> None:
    number, rest = _split(value)
    parts = rest.split("/")
    codec = section.codecs.get(_number(number, 0, 127))
    if codec is None:
        return
    if len(parts) not in (2, 3):
        raise ProtocolError("a=rtpmap is name/clock or name/clock/channels.")
    codec.name = _token(parts[0]).lower()
    codec.clock = _number(parts[1], 1, 1_000_000)
    codec.channels = _number(parts[2], 1, 255) if len(parts) == 3 else 1


def _fmtp(section: Section, value: str) -> None:
    number, rest = _split(value)
    codec = section.codecs.get(_number(number, 0, 127))
    if codec is not None:
        codec.fmtp = rest[:512]
        repaired = _APT.match(rest)
        codec.repairs = int(repaired[1]) if repaired else None


def _feedback(section: Section, value: str) -> None:
    number, rest = _split(value)
    if number == "*":
        targets = list(section.codecs.values())
    else:
        codec = section.codecs.get(_number(number, 0, 127))
        targets = [codec] if codec is not None else []
    for codec in targets:
        if len(codec.feedback) < 16:
            codec.feedback.append(rest[:64])


def _extmap(section: Section, value: str) -> None:
    number, rest = _split(value)
    identifier = _number(number.partition("/")[0], 1, 255)
    uri = rest.split(" ")[0]
    section.extensions[identifier] = _token(uri)


def _rid(section: Section, value: str) -> None:
    name, rest = _split(value)
    if rest.split(" ")[0] == "send" and len(section.rids) < 8:
        section.rids.append(_token(name))


def _simulcast(section: Section, value: str) -> None:
    words = value.split()
    for direction, layers in zip(words[::2], words[1::2], strict=False):
        if direction == "send":
            order = [layer.split(",")[0].lstrip("~") for layer in layers.split(";")]
            section.rids = [_token(name) for name in order[:8]]
            if all(name in _LAYERS for name in section.rids):
                # libwebrtc's native clients list them highest first, browsers lowest first.
                section.rids.sort(key=_LAYERS.index)


def _ssrc(section: Section, value: str) -> None:
    number, rest = _split(value)
    ssrc = _number(number, 0, 0xFFFFFFFF)
    if ssrc not in section.ssrcs and len(section.ssrcs) < 64:
        section.ssrcs.append(ssrc)
    if rest.startswith("msid:") and not section.msid:
        section.msid = rest[5:517]


def _ssrc_group(section: Section, value: str) -> None:
    words = value.split()
    if len(words) == 3 and words[0] == "FID":
        media, repair = (_number(word, 0, 0xFFFFFFFF) for word in words[1:])
        section.repairs[repair] = media


_HANDLERS = {
    "mid": _mid,
    "ice-ufrag": _ufrag,
    "ice-pwd": _pwd,
    "setup": _setup,
    "fingerprint": _fingerprint,
    "msid": _msid,
    "rtpmap": _rtpmap,
    "fmtp": _fmtp,
    "rtcp-fb": _feedback,
    "extmap": _extmap,
    "rid": _rid,
    "simulcast": _simulcast,
    "ssrc": _ssrc,
    "ssrc-group": _ssrc_group,
}
