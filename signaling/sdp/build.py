"""The SDP that this server writes: answers for publishers, offers for subscribers."""

import re
import secrets
from dataclasses import dataclass, field

from signaling.sdp.parse import Codec, Description, Section

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
PLAYOUT_DELAY = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
# The same in every section of a kind: libwebrtc offers in a later section only what it found in the
# earlier ones of the connection.
_TAKEN = {
    "audio": (MID, TRANSPORT_CC, ABS_SEND_TIME, AUDIO_LEVEL),
    "video": (MID, RID, REPAIRED_RID, TRANSPORT_CC, ABS_SEND_TIME, PLAYOUT_DELAY),
}
_FEEDBACK = {
    "audio": ("transport-cc", "nack"),
    "video": ("goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"),
}

# Codecs that are forwarded, best first, and how SDP writes them.
NAMES = {"audio": {"opus": "opus"}, "video": {"vp8": "VP8", "h264": "H264", "vp9": "VP9"}}

# What every subscriber is offered.
OPUS_TYPE, VP8_TYPE, VP8_RTX_TYPE = 111, 96, 97
TYPES = {"opus": OPUS_TYPE, "vp8": VP8_TYPE, "vp9": 98, "h264": 102}
RED_TYPE = 63
# The payload type beside each: its RTX, or redundant audio.
SECOND = {"opus": RED_TYPE, "vp8": VP8_RTX_TYPE, "vp9": 99, "h264": 103}
_FMTP = {
    "opus": "minptime=10;useinbandfec=1",
    "vp9": "profile-id=0",
    "h264": "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
}
# A voice in one channel needs no more, and what is saved carries it twice over a bad line. Browsers
# take the headers of fifty packets a second off this: some 24 kbit/s of Opus remain.
VOICE_BITRATE = 42_000
# Publishers begin low and climb: on a narrow line a high start drowns the first seconds of sound.
START_KBPS = 300
_START_RATE = re.compile(r";?x-google-start-bitrate=\d+")
ABS_SEND_TIME_ID, TRANSPORT_CC_ID, PLAYOUT_DELAY_ID = 3, 5, 6


@dataclass(frozen=True, slots=True)
class Local:
    """This side of one connection."""

    ufrag: str
    pwd: str
    fingerprint: str
    candidates: list[str]  # whole lines, as transport.addresses writes them
    setup: str = "passive"  # as an answer says who begins DTLS


@dataclass(slots=True)
class Slot:
    """One section that carries a track to a subscriber; free while `track` is ""."""

    mid: str
    kind: str
    codec: str = ""
    stream: str = ""
    track: str = ""
    ssrc: int = 0
    repair: int = 0


@dataclass(slots=True)
class Part:
    """This side of one section of a client's offer: the codecs that are taken from the client (none:
    nothing is), what is sent to it, whether what comes is only a voice, and whether it may pause
    while it is silent (DTX)."""

    takes: list[Codec] = field(default_factory=list)
    slot: Slot | None = None
    voice: bool = False
    pauses: bool = True


def _candidates(local: Local) -> list[str]:
    return [*local.candidates, "a=end-of-candidates"]


def _head(bundle: list[str], fingerprint: str) -> list[str]:
    return [
        "v=0",
        f"o=- {secrets.randbits(62)} {2} IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        f"a=fingerprint:sha-256 {fingerprint}",
        *([f"a=group:BUNDLE {' '.join(bundle)}"] if bundle else []),
        "a=extmap-allow-mixed",
        "a=msid-semantic: WMS *",
    ]


def _security(local: Local, setup: str) -> list[str]:
    return [
        f"a=ice-ufrag:{local.ufrag}",
        f"a=ice-pwd:{local.pwd}",
        f"a=fingerprint:sha-256 {local.fingerprint}",
        f"a=setup:{setup}",
    ]


def _join(lines: list[str]) -> str:
    return "\r\n".join(lines) + "\r\n"


def accepted(section: Section) -> list[Codec]:
    """The codecs of an offered section that this server forwards, best first: Opus; VP8, H.264, VP9,
    each followed by its RTX."""
    names = NAMES.get(section.kind, {})
    taken: list[Codec] = []
    for name in names:
        for codec in section.codecs.values():
            if codec.name == name:
                taken += [codec, *_repairs(section, codec), *_redundant(section, codec)]
    return taken


def _redundant(section: Section, codec: Codec) -> list[Codec]:
    """The payload type of redundant audio that carries a codec, if it is offered (RFC 2198)."""
    wanted = f"{codec.payload_type}/{codec.payload_type}"
    return [c for c in section.codecs.values() if c.name == "red" and c.fmtp.startswith(wanted)][:1]


def _repairs(section: Section, codec: Codec) -> list[Codec]:
    """The RTX payload type of a codec, if it is offered (RFC 4588 section 8.6)."""
    for other in section.codecs.values():
        if other.repairs == codec.payload_type and other.name == "rtx":
            return [other]
    return []


def family(section: Section, name: str) -> list[Codec]:
    """All accepted payload types of one codec, each followed by its RTX."""
    out: list[Codec] = []
    for codec in accepted(section):
        if codec.name == name:
            out += [codec, *_repairs(section, codec), *_redundant(section, codec)]
    return out


def nearest(section: Section, wanted: Codec) -> list[Codec]:
    """The payload type of a section that is most like a publisher's, and its RTX; empty if there is
    none of that codec. Profiles and packetization modes are compared (RFC 6184 section 8.1, RFC 9628
    section 6): the same decoder takes most of them, so that a near one is better than none."""
    same = [c for c in accepted(section) if c.name == wanted.name]
    if not same:
        return []
    found = max(same, key=lambda codec: _likeness(codec, wanted))
    return [found, *_repairs(section, found)]


def _likeness(codec: Codec, wanted: Codec) -> int:
    ours, theirs = codec.parameters(), wanted.parameters()
    points = 0
    for name, weight, absent, size in (
        ("packetization-mode", 4, "0", 8),
        ("profile-level-id", 2, "42001f", 4),
        ("profile-id", 2, "0", 8),
    ):
        if ours.get(name, absent)[:size].lower() == theirs.get(name, absent)[:size].lower():
            points += weight
    return points


def answer(offer: Description, local: Local, parts: dict[str, Part]) -> str:
    """The answer to a client's offer; `parts` by mid."""
    mids = [s.mid for s in offer.sections if _usable(s)]
    lines = _head(mids, local.fingerprint)
    first = True
    for section in offer.sections:
        if not _usable(section):
            lines += [f"m={section.kind} 0 {section.protocol} {' '.join(section.formats)}"]
            lines += ["c=IN IP4 0.0.0.0", f"a=mid:{section.mid}", "a=inactive"]
            continue
        if section.kind == "application":
            lines += ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0"]
            lines += [f"a=mid:{section.mid}", *_security(local, local.setup)]
            lines += ["a=sctp-port:5000", "a=max-message-size:262144"]
        else:
            lines += _answered(section, local, parts.get(section.mid, Part()))
        if first:
            lines += _candidates(local)
            first = False
    return _join(lines)


def _usable(section: Section) -> bool:
    if section.kind == "application":
        return section.port != 0 and "webrtc-datachannel" in section.formats
    return section.port != 0 and bool(accepted(section))


def _direction(part: Part) -> str:
    if part.takes:
        return "sendrecv" if part.slot is not None else "recvonly"
    return "sendonly" if part.slot is not None else "inactive"


def _answered(section: Section, local: Local, part: Part) -> list[str]:
    codecs = _codecs(section, part)
    types = " ".join(str(codec.payload_type) for codec in codecs)
    lines = [f"m={section.kind} 9 UDP/TLS/RTP/SAVPF {types}", "c=IN IP4 0.0.0.0"]
    lines += [f"a=mid:{section.mid}", *_security(local, local.setup)]
    if part.voice and part.takes:
        lines.insert(2, f"b=TIAS:{VOICE_BITRATE}")
    lines += ["a=rtcp-mux", "a=rtcp-rsize", f"a={_direction(part)}"]
    for codec in codecs:
        lines += _codec(section, codec, pauses=part.pauses)
    for number, uri in section.extensions.items():
        if uri in _TAKEN[section.kind]:
            lines.append(f"a=extmap:{number} {uri}")
    if section.rids and part.takes:
        lines += [f"a=rid:{rid} recv" for rid in section.rids]
        lines.append(f"a=simulcast:recv {';'.join(section.rids)}")
    if part.slot is not None:
        lines += _source(part.slot)
    return lines


def _codecs(section: Section, part: Part) -> list[Codec]:
    """What an answered section lists, the track's codec first. All that is forwarded is listed, as
    pion offers in later sections only what it found in earlier answers."""
    # Clients send by the first one: redundant audio before plain.
    codecs = sorted(part.takes, key=lambda codec: codec.name != "red")
    if part.takes:
        return codecs
    first = family(section, part.slot.codec) if part.slot is not None else []
    return first + [codec for codec in accepted(section) if codec not in first]


def _codec(section: Section, codec: Codec, *, pauses: bool) -> list[str]:
    channels = f"/{codec.channels}" if codec.channels > 1 else ""
    name = NAMES[section.kind].get(codec.name, codec.name)
    lines = [f"a=rtpmap:{codec.payload_type} {name}/{codec.clock}{channels}"]
    fmtp = _START_RATE.sub("", codec.fmtp)
    if name == "opus":
        fmtp = _opus_fmtp(codec.fmtp, pauses=pauses)
    if section.kind == "video" and name != "rtx":
        fmtp = ";".join(filter(None, (fmtp, f"x-google-start-bitrate={START_KBPS}")))
    if fmtp:
        lines.append(f"a=fmtp:{codec.payload_type} {fmtp}")
    for feedback in codec.feedback if name not in ("rtx", "red") else ():
        if feedback in _FEEDBACK[section.kind]:
            lines.append(f"a=rtcp-fb:{codec.payload_type} {feedback}")
    return lines


def _opus_fmtp(offered: str, *, pauses: bool) -> str:
    """Ask for in-band FEC, and for DTX; keep what the publisher said of stereo."""
    keep = [p for p in offered.split(";") if p.strip().startswith(("stereo", "sprop-stereo"))]
    dtx = ["usedtx=1"] if pauses else []
    return ";".join(["minptime=10", "useinbandfec=1", *dtx, *keep])


def offer(slots: list[Slot], channel_mid: str, local: Local, version: int) -> str:
    """The subscriber connection's offer. `channel_mid` is the data section's, and comes first."""
    lines = _head([channel_mid, *(slot.mid for slot in slots)], local.fingerprint)
    lines[1] = f"o=- {abs(hash(local.fingerprint))} {version} IN IP4 0.0.0.0"
    lines += ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0"]
    lines += _candidates(local)
    lines += [f"a=mid:{channel_mid}", *_security(local, "actpass")]
    lines += ["a=sctp-port:5000", "a=max-message-size:262144"]
    for slot in slots:
        lines += _sent(slot, local)
    return _join(lines)


def _sent(slot: Slot, local: Local) -> list[str]:
    """A section of an offer. It lists all codecs, the track's first: answers to later offers know only
    what the first one had."""
    names = sorted(NAMES[slot.kind], key=lambda name: name != slot.codec)
    types = [number for name in names for number in (TYPES[name], SECOND[name])]
    lines = [f"m={slot.kind} 9 UDP/TLS/RTP/SAVPF {' '.join(map(str, types))}", "c=IN IP4 0.0.0.0"]
    lines += [f"a=mid:{slot.mid}", *_security(local, "actpass"), "a=rtcp-mux", "a=rtcp-rsize"]
    for name in names:
        lines += _offered(slot.kind, name)
    if slot.kind == "video":
        lines.append(f"a=extmap:{ABS_SEND_TIME_ID} {ABS_SEND_TIME}")
        lines.append(f"a=extmap:{PLAYOUT_DELAY_ID} {PLAYOUT_DELAY}")
    lines.append(f"a=extmap:{TRANSPORT_CC_ID} {TRANSPORT_CC}")
    if not slot.track:
        return [*lines, "a=inactive"]
    return [*lines, "a=sendonly", *_source(slot)]


def _offered(kind: str, name: str) -> list[str]:
    number, second = TYPES[name], SECOND[name]
    lines = [f"a=rtpmap:{number} {NAMES[kind][name]}/{'48000/2' if kind == 'audio' else '90000'}"]
    if name in _FMTP:
        lines.append(f"a=fmtp:{number} {_FMTP[name]}")
    lines += [f"a=rtcp-fb:{number} {feedback}" for feedback in _FEEDBACK[kind]]
    if kind == "audio":
        return [*lines, f"a=rtpmap:{second} red/48000/2", f"a=fmtp:{second} {number}/{number}"]
    return [*lines, f"a=rtpmap:{second} rtx/90000", f"a=fmtp:{second} apt={number}"]


def _source(slot: Slot) -> list[str]:
    """Whose media a section carries, and by which SSRCs."""
    lines = [f"a=msid:{slot.stream} {slot.track}"]
    if slot.kind == "video":
        lines.append(f"a=ssrc-group:FID {slot.ssrc} {slot.repair}")
    for ssrc in (slot.ssrc, slot.repair) if slot.kind == "video" else (slot.ssrc,):
        lines += [
            f"a=ssrc:{ssrc} cname:{slot.stream}",
            f"a=ssrc:{ssrc} msid:{slot.stream} {slot.track}",
        ]
    return lines
