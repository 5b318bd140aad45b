"""One connection for both directions: which section of the client's offers carries which track."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from livekit.protocol import rtc

from signaling import answering
from signaling.answering import Answering, wire
from signaling.offering import WIRES
from signaling.sdp import build, parse
from signaling.sdp.parse import Codec

CODECS = {
    "audio": ["a=rtpmap:{0} opus/48000/2"],
    "video": [
        "a=rtpmap:{0} VP8/90000",
        "a=extmap:4 " + build.ABS_SEND_TIME,
        "a=extmap:6 " + build.PLAYOUT_DELAY,
    ],
}


def offer(*sections: tuple[str, str], mids: str = "0123456789") -> parse.Description:
    """An offer of sections (kind, direction), numbered as they come."""
    lines = ["v=0"]
    for (kind, direction), mid in zip(sections, mids, strict=False):
        number = 109 if kind == "audio" else 120
        lines += [f"m={kind} 9 UDP/TLS/RTP/SAVPF {number}", f"a=mid:{mid}", f"a={direction}"]
        lines += [line.format(number) for line in CODECS[kind]]
    return parse.parse("\r\n".join(lines))


class Track:
    """What the sections need to know of a subscription."""

    def __init__(self, sid: str, *, video: bool = False, codec: str = "") -> None:
        codec = codec or ("vp8" if video else "opus")
        self.track = SimpleNamespace(
            sid=sid, video=video, codec=codec, format=Codec(0, codec, 0, 1)
        )
        self.down = SimpleNamespace(wire=None, aim=lambda layer: None)
        self.slot: build.Slot | None = None
        self.ready = True

    def fill(self, slot: build.Slot) -> None:
        self.slot, slot.track = slot, self.track.sid


class Client:
    """The other side: what it was asked for, and what it was told of."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []
        self.started: list[Any] = []
        self.refused: list[Any] = []
        peer: Any = SimpleNamespace(closed=False)
        self.sections = Answering(peer, self._ask, self.started.append, self.refused.append)

    def _ask(self, need: rtc.MediaSectionsRequirement) -> None:
        self.asked.append((need.num_audios, need.num_videos))

    def offer(self, *sections: tuple[str, str]) -> dict[str, str]:
        """Offer, and get the answer: track by mid."""
        filled = self.sections.fill(offer(*sections))
        self.sections.answered()
        return {mid: slot.track for mid, slot in filled.items()}


AUDIO, VIDEO = ("audio", "recvonly"), ("video", "recvonly")


@pytest.fixture
async def client() -> Client:
    return Client()


async def settle() -> None:
    """Let what was put off to the next turn of the loop happen."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)


async def test_tracks_go_into_receiving_sections_of_their_kind(client: Client) -> None:
    for track in (Track("v", video=True), Track("a"), Track("b")):
        client.sections.add(track)  # type: ignore[arg-type]
    found = client.offer(("audio", "sendonly"), AUDIO, VIDEO, AUDIO)
    assert found == {"1": "a", "2": "v", "3": "b"}
    assert client.sections.tracks() == found
    assert [s.track.sid for s in client.started] == ["v", "a", "b"]
    assert client.started[0].down.wire == build_wire(120, 4)
    assert client.asked == []


def build_wire(number: int, stamp: int) -> Any:
    return WIRES["vp8"]._replace(payload_type=number, repair_type=0, abs_send_time=stamp)


async def test_lacking_sections_are_asked_for_once(client: Client) -> None:
    client.offer()
    for sid in "abc":
        client.sections.add(Track(sid, video=sid == "c"))  # type: ignore[arg-type]
    await settle()
    assert client.asked == [(2, 1)]
    assert client.offer(AUDIO) == {"0": "a"}  # an offer that was under way already
    await settle()
    assert client.offer(AUDIO, AUDIO, VIDEO) == {"0": "a", "1": "b", "2": "c"}
    await settle()
    assert client.asked == [(2, 1)]


async def test_no_more_sections_are_asked_for_than_are_understood(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(parse.MOST, "audio", 2)
    client.offer(AUDIO)
    tracks: list[Any] = [Track(sid) for sid in "abcd"]
    for track in tracks:
        client.sections.add(track)
    await settle()
    assert client.offer(AUDIO, AUDIO) == {"0": "a", "1": "b"}
    client.sections.add(Track("e"))  # type: ignore[arg-type]
    await settle()
    assert client.asked == [(1, 0)]
    client.sections.remove(tracks[0])
    await settle()
    client.offer(AUDIO, AUDIO)
    await settle()
    assert client.offer(AUDIO, AUDIO) == {"0": "c", "1": "b"}
    await settle()
    assert client.asked == [(1, 0), (0, 0), (0, 0)]


async def test_what_was_asked_for_during_an_outage_is_asked_for_after_it(client: Client) -> None:
    client.offer(AUDIO)
    for sid in "abc":
        client.sections.add(Track(sid))  # type: ignore[arg-type]
    await settle()
    client.asked.clear()  # nobody heard it
    client.sections.resumed()
    client.offer(AUDIO)
    await settle()
    assert client.asked == [(2, 0)]
    assert len(client.offer(AUDIO, AUDIO, AUDIO)) == 3
    await settle()
    assert client.asked == [(2, 0)]


async def test_what_no_offer_brings_is_asked_for_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.offer(AUDIO)
    for sid in "abc":
        client.sections.add(Track(sid))  # type: ignore[arg-type]
    await settle()
    monkeypatch.setattr(answering, "ASK_SECONDS", 0)
    client.sections.negotiate()
    await settle()
    client.asked.clear()
    for _ in range(3):
        client.offer(AUDIO)
    async with asyncio.timeout(10):
        while not client.asked:
            await settle()
    assert client.asked[0] == (2, 0)


async def test_a_free_section_is_used_without_asking_for_more(client: Client) -> None:
    client.offer(AUDIO, VIDEO)
    client.sections.add(Track("a"))  # type: ignore[arg-type]
    await settle()
    assert client.asked == [(0, 0)]


async def test_a_section_rests_for_an_answer_before_it_carries_another(client: Client) -> None:
    first = Track("a")
    client.sections.add(first)  # type: ignore[arg-type]
    assert client.offer(AUDIO) == {"0": "a"}
    client.sections.remove(first)  # type: ignore[arg-type]
    client.sections.add(Track("b"))  # type: ignore[arg-type]
    assert client.offer(AUDIO) == {}
    await settle()
    assert client.asked[-1] == (0, 0)
    assert client.offer(AUDIO) == {"0": "b"}


async def test_a_codec_that_is_not_offered_is_refused(client: Client) -> None:
    client.sections.add(Track("v", video=True, codec="h264"))  # type: ignore[arg-type]
    assert client.offer(VIDEO) == {}
    assert [s.track.sid for s in client.refused] == ["v"]


async def test_a_section_that_stops_receiving_gives_its_track_back(client: Client) -> None:
    client.sections.add(Track("a"))  # type: ignore[arg-type]
    client.offer(AUDIO)
    assert client.offer(("audio", "sendonly"), AUDIO) == {"1": "a"}


def test_the_nearest_profile_is_taken() -> None:
    lines = ["v=0", "m=video 9 UDP/TLS/RTP/SAVPF 102 103 104 105", "a=mid:0", "a=recvonly"]
    for number, mode, profile in ((102, 0, "42001f"), (103, 1, "42e01f"), (104, 1, "640c34")):
        lines.append(f"a=rtpmap:{number} H264/90000")
        lines.append(f"a=fmtp:{number} packetization-mode={mode};profile-level-id={profile}")
    lines += ["a=rtpmap:105 rtx/90000", "a=fmtp:105 apt=104"]
    section = parse.parse("\r\n".join(lines)).sections[0]
    for fmtp, wanted in (
        ("packetization-mode=1;profile-level-id=640c1f", (104, 105)),
        ("packetization-mode=1;profile-level-id=42e01f", (103, 0)),
        ("", (102, 0)),
    ):
        found = wire(section, Codec(0, "h264", 90000, 1, fmtp))
        assert found is not None
        assert (found.payload_type, found.repair_type) == wanted
