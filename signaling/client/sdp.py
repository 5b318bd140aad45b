"""The SDP that a light client writes: answers to the subscriber offer, offers of what it sends."""

from dataclasses import dataclass, field
from typing import Any

from livekit.protocol import models

from signaling.sdp import parse

# What a subscriber of ours takes apart or writes down; everything else is refused by not naming it.
_CODECS = frozenset({"opus", "vp8", "vp9", "h264", "rtx"})
_NAMES = {"opus": "opus", "vp8": "VP8", "vp9": "VP9", "h264": "H264", "rtx": "rtx"}
_FEEDBACK = frozenset({"nack", "nack pli", "ccm fir", "goog-remb"})


@dataclass(frozen=True, slots=True)
class Incoming:
    """One track that the server's offer announces. `types` are its payload types by codec name;
    `repairs` maps RTX SSRCs to media SSRCs, `rtx` RTX payload types to media payload types."""

    mid: str
    kind: str
    participant: str
    track: str
    ssrcs: tuple[int, ...]
    repairs: dict[int, int]
    codecs: dict[int, parse.Codec]
    rtx: dict[int, int]


@dataclass(slots=True)
class Outgoing:
    """One track to publish. `codec` as in a=rtpmap, with its clock."""

    cid: str
    kind: str
    ssrc: int
    payload_type: int
    codec: str
    source: Any  # a value of models.TrackSource
    width: int = 0
    height: int = 0
    fmtp: str = ""
    stream: str = "light"
    layers: list[models.VideoLayer] = field(default_factory=list)
    extensions: tuple[tuple[int, str], ...] = ()  # header extensions by id


def _taken(section: parse.Section) -> list[parse.Codec]:
    media = [c for c in section.codecs.values() if c.name in _CODECS and c.name != "rtx"]
    types = {str(codec.payload_type) for codec in media}
    repair = [c for c in section.codecs.values() if c.name == "rtx" and _apt(c.fmtp) in types]
    return [*media, *repair]


def _apt(fmtp: str) -> str:
    return fmtp.removeprefix("apt=").partition(";")[0] if fmtp.startswith("apt=") else ""


def incoming(text: str) -> list[Incoming]:
    """The tracks that an offer sends. ProtocolError if it cannot be read."""
    found = []
    for section in parse.parse(text).sections:
        stream, _, track = section.msid.partition(" ")
        if section.kind == "application" or not section.sends or not track:
            continue
        codecs = {codec.payload_type: codec for codec in _taken(section)}
        rtx = {
            number: int(_apt(codec.fmtp)) for number, codec in codecs.items() if codec.name == "rtx"
        }
        media = tuple(ssrc for ssrc in section.ssrcs if ssrc not in section.repairs)
        found.append(
            Incoming(
                section.mid, section.kind, stream.partition("|")[0], track, media,
                dict(section.repairs), codecs, rtx,
            )
        )  # fmt: skip
    return found


def _codec_lines(codec: parse.Codec) -> list[str]:
    number = codec.payload_type
    channels = f"/{codec.channels}" if codec.channels > 1 else ""
    lines = [f"a=rtpmap:{number} {_NAMES[codec.name]}/{codec.clock}{channels}"]
    if codec.fmtp:
        lines.append(f"a=fmtp:{number} {codec.fmtp}")
    return lines + [f"a=rtcp-fb:{number} {f}" for f in codec.feedback if f in _FEEDBACK]


def answer(text: str, security: list[str]) -> str:
    """The answer to a subscriber offer; takes every track whose codec it knows."""
    found = parse.parse(text)
    mids = " ".join(section.mid for section in found.sections)
    lines = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", f"a=group:BUNDLE {mids}"]
    for section in found.sections:
        codecs = _taken(section)
        formats = [str(codec.payload_type) for codec in codecs] or section.formats
        lines += [f"m={section.kind} 9 {section.protocol} {' '.join(formats)}"]
        lines += ["c=IN IP4 0.0.0.0", f"a=mid:{section.mid}", *security]
        if section.kind == "application":
            lines += ["a=sctp-port:5000", "a=max-message-size:262144"]
            continue
        lines += ["a=rtcp-mux", "a=rtcp-rsize"]
        lines.append("a=recvonly" if section.sends and codecs else "a=inactive")
        for codec in codecs:
            lines += _codec_lines(codec)
    return "\r\n".join(lines) + "\r\n"


def offer(tracks: list[Outgoing], security: list[str], *, data: bool = False) -> str:
    """The publisher's offer. Sections keep their place: a further track comes last."""
    mids = [str(index) for index in range(len(tracks))] + (["data"] if data else [])
    lines = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0"]
    lines.append("a=group:BUNDLE " + " ".join(mids))
    for mid, track in zip(mids, tracks, strict=False):
        lines += [f"m={track.kind} 9 UDP/TLS/RTP/SAVPF {track.payload_type}", "c=IN IP4 0.0.0.0"]
        lines += [f"a=mid:{mid}", *security, "a=sendonly", "a=rtcp-mux"]
        lines.append(f"a=rtpmap:{track.payload_type} {track.codec}")
        if track.fmtp:
            lines.append(f"a=fmtp:{track.payload_type} {track.fmtp}")
        if track.kind == "video":
            wanted = ("nack", "nack pli", "goog-remb")
            lines += [f"a=rtcp-fb:{track.payload_type} {name}" for name in wanted]
        lines += [f"a=extmap:{number} {uri}" for number, uri in track.extensions]
        lines += [
            f"a=msid:{track.stream} {track.cid}",
            f"a=ssrc:{track.ssrc} cname:{track.stream}",
            f"a=ssrc:{track.ssrc} msid:{track.stream} {track.cid}",
        ]
    if data:
        lines += ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0"]
        lines += ["a=mid:data", *security, "a=sctp-port:5000", "a=max-message-size:262144"]
    return "\r\n".join(lines) + "\r\n"
