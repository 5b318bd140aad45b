"""A client of a room as far as signalling goes, without any network."""

import asyncio
from types import SimpleNamespace
from typing import Any

from livekit.protocol import models, rtc

from signaling.participant import Participant
from signaling.room import Room
from signaling.socket import handle
from signaling.tokens import Grants
from signaling.transport.sctp import RELIABLE


class Link:
    """What a client was told, and what came over its data channels."""

    def __init__(self) -> None:
        self.told: list[rtc.SignalResponse] = []
        self.data: list[tuple[str, bytes]] = []
        self.participant: Participant

    def send(self, message: rtc.SignalResponse, raw: bytes | None = None) -> None:
        if raw is not None:
            assert rtc.SignalResponse.FromString(raw) == message
        self.told.append(message)

    def close(self) -> None: ...

    def ask(self, **message: Any) -> None:
        handle(self.participant, rtc.SignalRequest(**message))

    def put(self, label: str, message: bytes) -> None:
        """Data from this client."""
        self.participant.room.relay.receive(self.participant, label, message)

    def last(self, kind: str) -> Any:
        found = [m for m in self.told if m.HasField(kind)]
        return getattr(found[-1], kind) if found else None

    def packets(self) -> list[models.DataPacket]:
        return [models.DataPacket.FromString(raw) for label, raw in self.data if label == RELIABLE]


def enter(room: Room, identity: str, **grants: Any) -> Link:
    link = Link()
    grants = {"identity": identity, "room": room.name, "join": True, **grants}
    link.participant = room.join(Grants(**grants), link, single=True)
    channels: Any = SimpleNamespace(
        send=lambda label, raw: link.data.append((label, raw)), close=lambda: None
    )
    link.participant.subscribing.peer.channels = channels
    room.introduce(link.participant)
    return link


async def turn() -> None:
    """Let what was put off to the end of this turn of the event loop happen."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)


def publish(link: Link, *kinds: str) -> list[str]:
    """Announce tracks ("audio", "video" with three layers) and offer them; their sids."""
    lines = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0"]
    lines.append("a=group:BUNDLE " + " ".join(str(mid) for mid in range(len(kinds))))
    for mid, kind in enumerate(kinds):
        video = kind == "video"
        link.ask(
            add_track=rtc.AddTrackRequest(
                cid=f"{kind}{mid}",
                type=models.TrackType.VIDEO if video else models.TrackType.AUDIO,
                source=models.TrackSource.CAMERA if video else models.TrackSource.MICROPHONE,
            )
        )
        lines += [f"m={kind} 9 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0", f"a=mid:{mid}"]
        lines += ["a=ice-ufrag:abcd", "a=ice-pwd:" + "p" * 22, "a=setup:actpass", "a=sendonly"]
        lines += ["a=fingerprint:sha-256 " + ":".join(["AA"] * 32), f"a=msid:- {kind}{mid}"]
        lines.append("a=rtpmap:96 " + ("VP8/90000" if video else "opus/48000/2"))
        if video:
            lines += [*(f"a=rid:{rid} send" for rid in "qhf"), "a=simulcast:send q;h;f"]
    sdp = "\r\n".join(lines) + "\r\n"
    link.ask(offer=rtc.SessionDescription(type="offer", sdp=sdp, id=1))
    return [m.track_published.track.sid for m in link.told if m.HasField("track_published")]
