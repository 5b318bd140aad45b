"""The PyPI `livekit` package as the client: a participant that sends and one that counts."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import numpy as np
from livekit import rtc


class Listener:
    """Counts what a room gives: decoded video frames, audio frames, loud samples, data."""

    def __init__(self, room: rtc.Room) -> None:
        self.room = room
        self.frames = self.sounds = 0
        self.loudest = 0
        self.heard_at = 0.0
        self.size = (0, 0)
        self.data: list[bytes] = []
        self.speakers: list[str] = []
        self.muted: list[str] = []
        self.reason: int | None = None
        self.changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        room.on("track_subscribed", self._subscribed)
        room.on("data_received", self._data)
        room.on("active_speakers_changed", self._speakers)
        room.on("disconnected", self._disconnected)
        room.on("track_muted", self._muted)

    def _subscribed(self, track: rtc.Track, *_: object) -> None:
        video = track.kind == rtc.TrackKind.KIND_VIDEO
        task = asyncio.create_task(self._watch(track) if video else self._hear(track))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watch(self, track: rtc.Track) -> None:
        async for event in rtc.VideoStream(track):
            self.frames += 1
            self.size = (event.frame.width, event.frame.height)
            self.changed.set()

    async def _hear(self, track: rtc.Track) -> None:
        async for event in rtc.AudioStream(track):
            self.sounds += 1
            samples = np.frombuffer(event.frame.data, np.int16)
            peak = int(np.abs(samples).max(initial=0))
            self.loudest = max(self.loudest, peak)
            if peak > 1000:
                self.heard_at = time.monotonic()
            self.changed.set()

    def silent(self, seconds: float) -> bool:
        """Whether nothing was heard for so long."""
        return time.monotonic() - self.heard_at > seconds

    def _data(self, packet: rtc.DataPacket) -> None:
        self.data.append(packet.data)
        self.changed.set()

    def _speakers(self, speakers: list[rtc.Participant]) -> None:
        self.speakers = [speaker.identity for speaker in speakers]
        self.changed.set()

    def _disconnected(self, reason: int) -> None:
        self.reason = reason
        self.changed.set()

    def _muted(self, participant: rtc.Participant, publication: rtc.TrackPublication) -> None:
        self.muted.append(publication.sid)
        self.changed.set()

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.room.disconnect()


class Talker:
    """Publishes a moving picture (simulcast) and a tone."""

    def __init__(self, room: rtc.Room) -> None:
        self.room = room
        self.video = rtc.VideoSource(1280, 720)
        self.audio = rtc.AudioSource(48000, 1)
        self.publications: dict[str, rtc.LocalTrackPublication] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def publish(self, *, video: bool = True, audio: bool = True) -> None:
        local = self.room.local_participant
        if video:
            track = rtc.LocalVideoTrack.create_video_track("camera", self.video)
            options = rtc.TrackPublishOptions(
                simulcast=True,
                source=rtc.TrackSource.SOURCE_CAMERA,
                video_codec=rtc.VideoCodec.VP8,
            )
            self.publications["video"] = await local.publish_track(track, options)
            self._tasks.append(asyncio.create_task(self._draw()))
        if audio:
            sound = rtc.LocalAudioTrack.create_audio_track("microphone", self.audio)
            source = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
            self.publications["audio"] = await local.publish_track(sound, source)
            self._tasks.append(asyncio.create_task(self._speak()))

    async def _draw(self) -> None:
        picture = np.zeros((720, 1280, 4), np.uint8)
        step = 0
        while True:
            picture[:] = step * 3 % 255
            picture[:, step * 10 % 1200 :][:, :80] = 255
            frame = rtc.VideoFrame(1280, 720, rtc.VideoBufferType.RGBA, picture.tobytes())
            self.video.capture_frame(frame)
            step += 1
            await asyncio.sleep(1 / 20)

    async def _speak(self) -> None:
        at = 0
        while True:
            wave = np.sin(2 * np.pi * 440 * (np.arange(480) + at) / 48000) * 12000
            at += 480
            frame = rtc.AudioFrame(wave.astype(np.int16).tobytes(), 48000, 1, 480)
            await self.audio.capture_frame(frame)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.room.disconnect()


@contextlib.asynccontextmanager
async def listener(url: str, token: str) -> AsyncIterator[Listener]:
    found = Listener(rtc.Room())
    await found.room.connect(url, token)
    try:
        yield found
    finally:
        await found.close()


@contextlib.asynccontextmanager
async def talker(
    url: str, token: str, *, video: bool = True, audio: bool = True
) -> AsyncIterator[Talker]:
    found = Talker(rtc.Room())
    await found.room.connect(url, token)
    try:
        await found.publish(video=video, audio=audio)
        yield found
    finally:
        await found.close()
