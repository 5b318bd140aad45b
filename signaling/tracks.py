"""Published tracks: what the publisher announced, and the media that belongs to it."""

from typing import TYPE_CHECKING

from livekit.protocol import models, rtc

from signaling.demand import Demand
from signaling.forward.intervals import Seconds
from signaling.forward.up import UpTrack
from signaling.messages import identifier

if TYPE_CHECKING:
    from signaling.participant import Participant

QUALITIES = ("q", "h", "f")


class Track:
    """One track of one participant, from add_track to its end."""

    def __init__(self, owner: "Participant", request: rtc.AddTrackRequest) -> None:
        self.owner = owner
        self.cids = [request.cid, *(codec.cid for codec in request.simulcast_codecs if codec.cid)]
        self.info = describe(request)
        self.up: UpTrack | None = None
        self.mid = ""
        self.live = False
        self.muted = Seconds()
        self.muted_since: int | None = None
        self.reported = (0, 0, 0)
        self.demand = Demand()

    @property
    def sid(self) -> str:
        return self.info.sid

    @property
    def video(self) -> bool:
        return self.info.type == models.TrackType.VIDEO

    def size_of(self, index: int, count: int) -> tuple[int, int]:
        """Width and height of layer `index` out of `count`."""
        known = sorted(self.info.layers, key=lambda layer: layer.quality)
        known = [layer for layer in known if layer.width and layer.height]
        if len(known) == count:
            return known[index].width, known[index].height
        scale = 1 << (count - 1 - index)
        return self.info.width // scale, self.info.height // scale

    def set_muted(self, muted: bool, second: int) -> bool:
        """Note a mute or unmute; false if nothing changed."""
        if muted == self.info.muted and (muted is (self.muted_since is not None)):
            return False
        self.info.muted = muted
        if muted:
            self.muted_since = second
        elif self.muted_since is not None:
            self.muted.fill(self.muted_since, second)
            self.muted_since = None
        return True


def describe(request: rtc.AddTrackRequest) -> models.TrackInfo:
    """The TrackInfo that answers a request."""
    video = request.type == models.TrackType.VIDEO
    mime = "video/VP8" if video else "audio/opus"
    info = models.TrackInfo(
        sid=identifier("TR_"),
        type=request.type,
        name=request.name,
        muted=request.muted,
        width=request.width,
        height=request.height,
        simulcast=len(request.layers) > 1,
        disable_dtx=request.disable_dtx,
        source=request.source,
        layers=request.layers,
        mime_type=mime,
        stereo=request.stereo,
        disable_red=True,
        encryption=request.encryption,
        stream=request.stream,
        audio_features=request.audio_features,
    )
    info.codecs.add(mime_type=mime, cid=request.cid, layers=request.layers)
    return info
