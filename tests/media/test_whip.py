"""WHIP and WHEP: encoders and players of other makers (aiortc, Chromium's own fetch) beside stock
LiveKit clients."""

import asyncio
import contextlib
import fractions
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import numpy as np
import pytest
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack
from av import AudioFrame, VideoFrame
from livekit import api

from .clients import listener, talker
from .conftest import MediaProcess, eventually, token

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
        session.request(method, address, data=body.encode(), headers=sent) as answer,
    ):
        return answer.status, answer.headers, await answer.text()


@contextlib.asynccontextmanager
async def connected(
    media: MediaProcess, path: str, bearer: str, *tracks: MediaStreamTrack
) -> AsyncIterator[Session]:
    """aiortc as an encoder that sends `tracks`, or (without any) as a player."""
    peer = RTCPeerConnection()
    for track in tracks:
        peer.addTrack(track)
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


async def test_an_encoder_is_seen_and_heard_by_stock_clients(media: MediaProcess) -> None:
    async with listener(media.url, token("audience")) as heard:
        async with connected(media, "/whip", token("encoder"), Picture(), Tone()) as session:
            await eventually(lambda: heard.frames > 10 and heard.loudest > 4000)
            assert heard.size == (640, 360)
            remote = heard.room.remote_participants["encoder"]
            names = {(p.name, p.source) for p in remote.track_publications.values()}
            assert names == {("camera", 1), ("microphone", 2)}
            status, _, _ = await request("DELETE", session.address)
            assert status == 200
            await eventually(lambda: "encoder" not in heard.room.remote_participants)
            assert (await request("DELETE", session.address))[0] == 404
    await eventually(lambda: media.metric("connections") == 0)
