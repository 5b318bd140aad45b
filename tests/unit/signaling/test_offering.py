"""Two connections: which section of this server's offers carries which track."""

from types import SimpleNamespace
from typing import Any

import pytest
from livekit.protocol import rtc

from signaling.messages import MAX_SIGNAL
from signaling.offering import Offering
from signaling.sdp import build, parse

from .rooms import turn

LOCAL = build.Local("abcd", "p" * 22, ":".join(["AA"] * 32), [])


class Subscription:
    """What the sections need to know of one."""

    def __init__(self, sid: str, *, video: bool = False) -> None:
        codec = "vp8" if video else "opus"
        self.track = SimpleNamespace(sid=sid, video=video, codec=codec)
        self.down = SimpleNamespace(wire=None, plain_wire=None, guarded_wire=None)
        self.slot: build.Slot | None = None

    def fill(self, slot: build.Slot) -> None:
        self.slot = slot
        slot.codec, slot.track, slot.stream = self.track.codec, self.track.sid, self.track.sid


class Client:
    """The other side, which answers every offer."""

    def __init__(self) -> None:
        self.offers: list[rtc.SessionDescription] = []
        self.started: list[str] = []
        peer: Any = SimpleNamespace(closed=False, begins=False, expect=lambda *a: None)
        self.sections = Offering(
            peer, lambda peer: LOCAL, self._take, lambda s: self.started.append(s.track.sid),
            lambda s: None,
        )  # fmt: skip

    def _take(self, offer: rtc.SessionDescription) -> None:
        self.offers.append(offer)
        lines = ["v=0"]
        for section in parse.parse(offer.sdp).sections:
            lines += [f"m={section.kind} 9 {section.protocol} {' '.join(section.formats)}"]
            lines += [f"a=mid:{section.mid}", "a=recvonly"]
        answer = rtc.SessionDescription(type="answer", sdp="\r\n".join(lines), id=offer.id)
        self.sections.answer(answer)


async def test_whoever_finds_no_section_gets_the_next_that_is_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parse, "MOST", {"audio": 2, "video": 1})
    client = Client()
    sounds: list[Any] = [Subscription(f"a{number}") for number in range(4)]
    pictures: list[Any] = [Subscription(f"v{number}", video=True) for number in range(2)]
    for subscription in (*sounds, *pictures):
        client.sections.add(subscription)
        await turn()
    assert client.started == ["a0", "a1", "v0"]
    client.sections.remove(sounds[2])  # nobody waits for it any more
    client.sections.remove(sounds[0])
    await turn()
    assert client.started == ["a0", "a1", "v0", "a3"]
    assert set(client.offers[-1].mid_to_track_id.values()) == {"a3", "a1", "v0"}
    assert max(len(parse.parse(offer.sdp).sections) for offer in client.offers) == 4


def test_the_bounds_hold_together() -> None:
    """Everything that may be sent at once to one connection, in an offer of ours and as Chromium
    writes it, with sections of its own, is within what is parsed and what a message carries."""
    slots = []
    for kind, count in parse.MOST.items():
        for number in range(count):
            stream, track = f"PA_{number:012}|TR_{number:012}", f"TR_{number:012}"
            codec = "vp8" if kind == "video" else "opus"
            slots.append(
                build.Slot(f"{kind}{number}", kind, codec, stream, track, 1 << 31, 1 << 31)
            )
    ours = build.offer(slots, "0", LOCAL, 1)
    assert len(parse.parse(ours).sections) == sum(parse.MOST.values()) + 1
    lines = ["v=0"]
    for kind, lengths in (("audio", (30, 35)), ("video", (165, 29))):
        for number in range(parse.MOST[kind] + 16):
            lines += [f"m={kind} 9 UDP/TLS/RTP/SAVPF 96", f"a=mid:{kind}{number}"]
            lines += ["a=" + "x" * lengths[1]] * lengths[0]
    theirs = "\r\n".join(lines)
    assert len(parse.parse(theirs).sections) == sum(parse.MOST.values()) + 32
    assert max(len(ours), parse.MAX_LENGTH) < MAX_SIGNAL - 32 * 1024
