"""WHIP and WHEP: encoders and players of other makers (aiortc, Chromium's own fetch) beside stock
LiveKit clients."""

import asyncio
import contextlib
import fractions
import gc
import io
import weakref
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import numpy as np
import pytest
from aiohttp.test_utils import TestServer
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack
from av import AudioFrame, VideoFrame
from livekit import api
from playwright.async_api import async_playwright

from signaling import whip
from signaling.app import build
from signaling.config import Settings
from signaling.turn import parse_turn

from . import raw
from .clients import listener, talker
from .conftest import KEY, SECRET, MediaProcess, eventually, token
from .test_browser import CHROMIUM, FLAGS

pytestmark = pytest.mark.media
SDP = "application/sdp"
FRAGMENT = "application/trickle-ice-sdpfrag"


class Picture(VideoStreamTrack):
    """A picture of one brightness, 640 x 360."""

    def __init__(self, brightness: int = 200) -> None:
        super().__init__()
        self._brightness = brightness

    async def recv(self) -> VideoFrame:
        pts, base = await self.next_timestamp()
        pixels = np.full((360, 640, 3), self._brightness, np.uint8)
        pixels[:, pts // 3000 % 600 :][:, :20] = 0
        frame = VideoFrame.from_ndarray(pixels, format="rgb24")
        frame.pts, frame.time_base = pts, base
        return frame


class Tone(AudioStreamTrack):
    """440 Hz."""

    async def recv(self) -> AudioFrame:
        silent = await super().recv()
        rate = silent.sample_rate
        wave = np.sin(2 * np.pi * 440 * (np.arange(silent.samples) + silent.pts) / rate) * 12000
        frame = AudioFrame.from_ndarray(wave.astype(np.int16)[None, :], format="s16", layout="mono")
        frame.pts, frame.sample_rate = silent.pts, rate
        frame.time_base = fractions.Fraction(1, rate)
        return frame


class Session:
    """One WHIP or WHEP session as its client knows it."""

    def __init__(self, base: str, headers: Any, peer: RTCPeerConnection) -> None:
        self.address = base + headers["Location"]
        self.tag, self.headers, self.peer = headers["ETag"], headers, peer


async def request(
    method: str, address: str, body: str = "", kind: str = SDP, **headers: str
) -> tuple[int, Any, str]:
    """(status, headers, text)"""
    sent = {"Content-Type": kind, **{n.replace("_", "-"): v for n, v in headers.items()}}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, address, data=io.BytesIO(body.encode()), headers=sent) as answer,
    ):
        return answer.status, answer.headers, await answer.text()


@contextlib.asynccontextmanager
async def connected(
    media: MediaProcess, path: str, bearer: str, *tracks: MediaStreamTrack, codec: str = ""
) -> AsyncIterator[Session]:
    """aiortc as an encoder that sends `tracks`, by `codec` alone, or (without any) as a player."""
    peer = RTCPeerConnection()
    for track in tracks:
        transceiver = peer.addTransceiver(track)
        if codec and track.kind == "video":
            known = RTCRtpSender.getCapabilities("video").codecs
            wanted = [each for each in known if each.mimeType in (codec, "video/rtx")]
            transceiver.setCodecPreferences(wanted)
    if not tracks:
        for kind in ("audio", "video"):
            peer.addTransceiver(kind, direction="recvonly")
    await peer.setLocalDescription(await peer.createOffer())
    try:
        status, headers, text = await request(
            "POST", media.http + path, peer.localDescription.sdp, Authorization=f"Bearer {bearer}"
        )
        assert status == 201, text
        assert headers["Content-Type"].startswith(SDP)
        await peer.setRemoteDescription(RTCSessionDescription(text, "answer"))
        yield Session(media.http, headers, peer)
    finally:
        await peer.close()


@pytest.mark.parametrize("codec", ["video/VP8", "video/H264"])
async def test_an_encoder_is_seen_and_heard_by_stock_clients(
    media: MediaProcess, codec: str
) -> None:
    async with (
        listener(media.url, token("audience")) as heard,
        connected(media, "/whip", token("encoder"), Picture(), Tone(), codec=codec) as session,
        connected(media, "/whep", token("player")) as player,
    ):
        await until_brightness(player, 150, 255)
        await eventually(lambda: heard.frames > 10 and heard.loudest > 4000)
        assert heard.size == (640, 360)
        remote = heard.room.remote_participants["encoder"]
        names = {(p.name, p.source) for p in remote.track_publications.values()}
        assert names == {("camera", 1), ("microphone", 2)}
        assert codec in {p.mime_type for p in remote.track_publications.values()}
        status, _, _ = await request("DELETE", session.address)
        assert status == 200
        await eventually(lambda: "encoder" not in heard.room.remote_participants)
        assert (await request("DELETE", session.address))[0] == 404
    await eventually(lambda: media.metric("connections") == 0)


async def brightness(session: Session) -> float:
    """Of the next decoded frame, 0 to 255."""
    video = next(r.track for r in session.peer.getReceivers() if r.track.kind == "video")
    async with asyncio.timeout(15):
        frame = await video.recv()
    return float(frame.to_ndarray(format="gray").mean())


async def until_brightness(session: Session, low: int, high: int) -> None:
    async with asyncio.timeout(20):
        while not low < await brightness(session) < high:
            continue


async def test_a_player_goes_on_with_whoever_presents(media: MediaProcess) -> None:
    """One section, one SSRC: the decoder never notices that another encoder took over."""
    async with (
        connected(media, "/whip", token("bright"), Picture(230)) as first,
        connected(media, "/whep", token("player")) as player,
    ):
        await until_brightness(player, 190, 255)
        async with connected(media, "/whip", token("dark"), Picture(40)):
            await request("DELETE", first.address)
            await until_brightness(player, 10, 90)
        async with connected(media, "/whip", token("bright"), Picture(230)):
            await until_brightness(player, 190, 255)


async def test_a_player_may_come_first_and_name_whom_it_wants(media: MediaProcess) -> None:
    async with (
        connected(media, "/whep?identity=dark", token("player")) as player,
        connected(media, "/whip", token("bright"), Picture(230)),
        connected(media, "/whip", token("dark"), Picture(40)),
    ):
        await until_brightness(player, 10, 90)


PAGE = """
const post = async (peer, address, token) => {
  await peer.setLocalDescription(await peer.createOffer())
  const answer = await fetch(address, {method: 'POST', body: peer.localDescription.sdp,
    headers: {'Content-Type': 'application/sdp', Authorization: 'Bearer ' + token}})
  if (answer.status !== 201) throw new Error(await answer.text())
  window.session = new URL(answer.headers.get('Location'), address).href
  await peer.setRemoteDescription({type: 'answer', sdp: await answer.text()})
}
window.whip = async (address, token) => {
  const peer = window.peer = new RTCPeerConnection()
  const media = await navigator.mediaDevices.getUserMedia({audio: true, video: {width: 1280, height: 720}})
  const sendEncodings = [['q', 4], ['h', 2], ['f', 1]].map(([rid, by]) => ({rid, scaleResolutionDownBy: by}))
  peer.addTransceiver(media.getAudioTracks()[0], {direction: 'sendonly'})
  peer.addTransceiver(media.getVideoTracks()[0], {direction: 'sendonly', sendEncodings})
  await post(peer, address, token)
}
window.whep = async (address, token) => {
  const peer = window.peer = new RTCPeerConnection()
  for (const kind of ['audio', 'video']) peer.addTransceiver(kind, {direction: 'recvonly'})
  await post(peer, address, token)
}
window.received = async () => {
  const out = {frames: 0, width: 0, energy: 0, lost: {}}
  for (const s of (await peer.getStats()).values()) {
    if (s.type !== 'inbound-rtp') continue
    out.lost[s.kind] = (out.lost[s.kind] ?? 0) + s.packetsLost
    if (s.kind === 'video') { out.frames = s.framesDecoded; out.width = s.frameWidth }
    else out.energy = s.totalAudioEnergy
  }
  return out
}
"""


@pytest.mark.timeout(120)
@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")
async def test_a_browser_without_any_library_sends_and_plays(media: MediaProcess) -> None:
    """Simulcast from a page, to a LiveKit client, and to another page that switches to a talker."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        pages = {}
        for who in ("whip", "whep"):
            context = await browser.new_context(permissions=["camera", "microphone"])
            pages[who] = await context.new_page()
            await pages[who].goto(f"{media.http}/healthz")  # the same machine counts as secure
            await pages[who].add_script_tag(content=PAGE)
            arguments = [f"{media.http}/{who}", token(who)]
            await pages[who].evaluate(f"(all) => {who}(...all)", arguments)
        async with listener(media.url, token("audience")) as heard:
            await eventually(lambda: heard.frames > 10 and heard.sounds > 10)
        player = pages["whep"]

        async def plays(condition: str) -> None:
            wanted = f"received().then((r) => {condition})"
            await player.wait_for_function(wanted, timeout=30_000, polling=100)

        await plays("r.frames > 10 && r.energy > 0.0001 && r.width >= 640")
        frames = (await player.evaluate("received()"))["frames"]
        async with talker(media.url, token("talker")):
            assert (
                await pages["whip"].evaluate(
                    "fetch(session, {method: 'DELETE'}).then((r) => r.status)"
                )
                == 200
            )
            await plays(f"r.frames > {frames + 30} && r.width === 1280")
            # Numbers go on over the change without a gap, which nobody could fill.
            await plays("r.lost.audio === 0 && r.lost.video === 0")
        await browser.close()


async def test_ice_is_trickled_and_restarted_by_patch(media: MediaProcess) -> None:
    async with connected(media, "/whip", token("encoder"), Picture()) as session:
        offered = session.peer.localDescription.sdp.splitlines()
        own = [line for line in offered if line.startswith(("a=ice-ufrag", "a=ice-pwd"))][:2]
        trickled = "\r\n".join([*own, "m=video 9 UDP/TLS/RTP/SAVPF 0", "a=mid:0", ""])

        async def patch(body: str, match: str, kind: str = FRAGMENT) -> tuple[int, Any, str]:
            extra = {"If_Match": match} if match else {}
            return await request("PATCH", session.address, body, kind, **extra)

        assert (await patch(trickled, session.tag))[0] == 204
        assert (await patch(trickled, "", FRAGMENT))[0] == 428
        assert (await patch(trickled, '"another"'))[0] == 412
        assert (await patch(trickled, session.tag, SDP))[0] == 415
        assert (await patch("v=0\r\nnonsense", session.tag))[0] == 400
        fresh = "a=ice-ufrag:fresh\r\na=ice-pwd:a-password-of-22-characters\r\n"
        assert (await patch(fresh, session.tag))[0] == 412
        status, headers, text = await patch(fresh, "*")
        assert status == 200
        assert headers["Content-Type"].startswith(FRAGMENT)
        assert headers["ETag"] != session.tag
        assert headers["ETag"].strip('"') in text
        assert "a=candidate:" in text
        assert (await patch(trickled, session.tag))[0] == 412
        # The old path serves until the client has checked the new one.
        await eventually(lambda: media.metric("tracks") == 1)


async def test_after_a_restart_the_server_asks_by_the_new_name(media: MediaProcess) -> None:
    mine = raw.Connection()
    bearer = f"Bearer {token('encoder')}"
    status, headers, text = await request(
        "POST", media.http + "/whip", OFFER + OPUS, Authorization=bearer
    )
    assert status == 201
    said = "\r\n".join([*mine.describe()[:2], ""])
    status, _, told = await request(
        "PATCH", media.http + headers["Location"], said, FRAGMENT, If_Match="*"
    )
    assert status == 200
    mine.trust(text)
    lines = dict(line.split(":", 1) for line in told.splitlines() if ":" in line)
    mine.remote = (f"{lines['a=ice-ufrag']}:{mine.ufrag}", lines["a=ice-pwd"].encode())
    mine.through(raw.Pipe(raw.candidates(text, "udp")[0]))
    mine.check(nominate=False)
    try:
        async with asyncio.timeout(5):
            await mine.asked.wait()
    finally:
        await mine.close()


OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
SECURITY = (
    "c=IN IP4 0.0.0.0\r\na=mid:0\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n"
    "a=fingerprint:sha-256 " + ":".join(["AB"] * 32) + "\r\na=setup:actpass\r\na=rtcp-mux\r\n"
)
OPUS = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" + SECURITY + "a=rtpmap:111 opus/48000/2\r\n"
PCMU = "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n" + SECURITY + "a=rtpmap:0 PCMU/8000\r\n"
REFUSED = {
    "no token": ("/whip", "", OFFER + OPUS, SDP, 401, "token"),
    "no right": ("/whip", "mute", OFFER + OPUS, SDP, 403, "may_not_publish"),
    "no right to this": ("/whip", "camera", OFFER + OPUS, SDP, 403, "may_not_publish"),
    "no right to see": ("/whep", "blind", OFFER + OPUS, SDP, 403, "may_not_subscribe"),
    "another type": ("/whip", "any", OFFER + OPUS, "application/json", 415, "not_sdp"),
    "not SDP": ("/whip", "any", "hello", SDP, 400, "offer"),
    "no media": ("/whip", "any", OFFER, SDP, 400, "offer"),
    "no codec": ("/whip", "any", OFFER + PCMU, SDP, 422, "nothing_to_take"),
    "only receiving": (
        "/whip",
        "any",
        OFFER + OPUS + "a=recvonly\r\n",
        SDP,
        422,
        "nothing_to_take",
    ),
    "only sending": ("/whep", "any", OFFER + OPUS + "a=sendonly\r\n", SDP, 422, "nothing_to_send"),
    "too long": ("/whip", "any", OFFER + " " * (2 << 20), SDP, 413, "too_large"),
}
GRANTS: dict[str, dict[str, Any]] = {
    "any": {},
    "mute": {"can_publish": False},
    "camera": {"can_publish_sources": ["camera"]},
    "blind": {"can_subscribe": False},
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_cannot_be_done_is_said(standing: MediaProcess, case: str) -> None:
    path, who, body, kind, status, code = REFUSED[case]
    bearer = token("someone", "refusals", **GRANTS[who]) if who else ""
    got, headers, text = await request(
        "POST", standing.http + path, body, kind, Authorization=f"Bearer {bearer}"
    )
    assert got == status
    assert headers["Content-Type"].startswith("application/problem+json")
    assert f'"code": "{code}"' in text
    assert standing.metric("connections") == 0


@pytest.mark.parametrize("path", ["/whip", "/whep"])
async def test_the_client_says_hello_where_it_may(standing: MediaProcess, path: str) -> None:
    for said, answered in (("actpass", "passive"), ("active", "passive"), ("passive", "active")):
        offer = (OFFER + OPUS).replace("actpass", said)
        bearer = f"Bearer {token('someone', 'roles')}"
        status, headers, text = await request(
            "POST", standing.http + path, offer, Authorization=bearer
        )
        assert (status, f"a=setup:{answered}" in text) == (201, True)
        assert (await request("DELETE", standing.http + headers["Location"]))[0] == 200


async def test_a_browser_may_ask_first(standing: MediaProcess) -> None:
    for address in ("/whip", "/whep", "/whip/some-session"):
        async with (
            aiohttp.ClientSession() as session,
            session.options(standing.http + address) as answer,
        ):
            assert answer.status == 204
            assert answer.headers["Accept-Post"] == SDP
            assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
    assert (await request("GET", standing.http + "/whip"))[0] == 405


async def test_an_encoder_that_loses_its_rights_is_sent_away(media: MediaProcess) -> None:
    async with connected(media, "/whip", token("encoder"), Picture()) as session:
        await eventually(lambda: media.metric("tracks") == 1)
        service = media.api()
        none = api.ParticipantPermission(can_publish=False, can_subscribe=True)
        await service.room.update_participant(
            api.UpdateParticipantRequest(room="room", identity="encoder", permission=none)
        )
        await service.aclose()
        await eventually(lambda: media.metric("participants") == 0)
        assert (await request("DELETE", session.address))[0] == 404


async def test_an_encoder_that_is_muted_is_not_heard_any_more(media: MediaProcess) -> None:
    async with (
        listener(media.url, token("audience")) as heard,
        connected(media, "/whip", token("encoder"), Tone()),
    ):
        await eventually(lambda: heard.loudest > 4000)
        remote = heard.room.remote_participants["encoder"]
        (sid,) = remote.track_publications
        service = media.api()
        await service.room.mute_published_track(
            api.MuteRoomTrackRequest(room="room", identity="encoder", track_sid=sid, muted=True)
        )
        await service.aclose()
        await eventually(lambda: heard.muted == [sid] and heard.silent(0.5))


async def test_an_encoder_that_begins_anew_replaces_itself(media: MediaProcess) -> None:
    async with (
        connected(media, "/whip", token("encoder"), Picture()) as first,
        connected(media, "/whip", token("encoder"), Picture()) as second,
    ):
        await eventually(lambda: media.metric("tracks") == 1)
        assert media.metric("participants") == 1
        assert (await request("DELETE", first.address))[0] == 404
        assert (await request("DELETE", second.address))[0] == 200


@contextlib.asynccontextmanager
async def inside() -> AsyncIterator[tuple[str, Any]]:
    """(address, server): a media server in this process, whose limits a test has made small."""
    settings = Settings(KEY, SECRET, bind="127.0.0.1", port=0, udp_port=0, tcp_port=None)
    application, server, _ = build(settings)
    await server.start()
    try:
        async with TestServer(application) as found:
            yield str(found.make_url("")).rstrip("/"), server
    finally:
        await server.stop()


def test_relays_are_linked() -> None:
    turn = parse_turn("stun:stun.example,turn:turn.example:3478?transport=udp", "shared secret")
    plain, relay = whip.links(turn.ice_servers("encoder", 1_800_000_000.0))
    assert plain == '<stun:stun.example>; rel="ice-server"'
    assert relay.startswith('<turn:turn.example:3478?transport=udp>; rel="ice-server"; username="')
    assert ':encoder"; credential="' in relay
    assert relay.endswith('credential-type="password"')


async def test_an_encoder_that_never_connects_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whip, "CONNECT_SECONDS", 0.2)
    monkeypatch.setattr(whip, "MAX_PUBLISHERS", 1)
    async with inside() as (address, server):
        bearer = {"Authorization": f"Bearer {token('one')}"}
        status, headers, _ = await request("POST", f"{address}/whip", OFFER + OPUS, **bearer)
        assert status == 201
        other = {"Authorization": f"Bearer {token('two')}"}
        status, refused, text = await request("POST", f"{address}/whip", OFFER + OPUS, **other)
        assert status == 503
        assert refused["Retry-After"]
        assert '"code": "full"' in text
        await eventually(lambda: not server.rooms["room"].participants)
        assert (await request("DELETE", address + headers["Location"]))[0] == 404
        assert (await request("POST", f"{address}/whip", OFFER + OPUS, **other))[0] == 201


async def test_nothing_is_left_of_an_encoder_that_went_at_once() -> None:
    async with inside() as (address, server):
        bearer = {"Authorization": f"Bearer {token('one')}"}
        status, headers, _ = await request("POST", f"{address}/whip", OFFER + OPUS, **bearer)
        assert status == 201
        (participant,) = server.rooms["room"].participants.values()
        left = weakref.ref(participant)
        del participant
        assert (await request("DELETE", address + headers["Location"]))[0] == 200
        await eventually(lambda: gc.collect() >= 0 and left() is None)
