"""Published tracks: what the publisher announced, and the media that belongs to it."""

from typing import TYPE_CHECKING

from livekit.protocol import models, rtc

from signaling.demand import Demand
from signaling.forward.intervals import Seconds
from signaling.forward.up import UpTrack
from signaling.messages import identifier
from signaling.sdp import build
from signaling.sdp.parse import Codec, Section

if TYPE_CHECKING:
    from signaling.participant import Participant

QUALITIES = ("q", "h", "f")
# Read once: a protobuf enum looks its values up in Python at each use.
_VIDEO = models.TrackType.VIDEO


class Track:
    """One track of one participant, from add_track to its end."""

    def __init__(self, owner: "Participant", request: rtc.AddTrackRequest) -> None:
        self.owner = owner
        self.cids = [request.cid, *(codec.cid for codec in request.simulcast_codecs if codec.cid)]
        self.codec = preferred_codec(request, owner.unfit)
        self.format = Codec(0, self.codec, 0, 1)
        self.info = describe(request, self.codec)
        self.up: UpTrack | None = None
        self.mid = ""
        self.live = False
        self.silenced = False  # a moderator muted it, and its client did not say so itself yet
        self.muted = Seconds()
        self.muted_since: int | None = None
        self.reported = (0, 0, 0)
        self.demand = Demand()
        self._taken = False

    @property
    def sid(self) -> str:
        return self.info.sid

    @property
    def video(self) -> bool:
        return self.info.type == _VIDEO

    def bind(self, section: Section) -> None:
        """The section of the publisher's offer that carries this track. Of the codecs that it offers,
        the announced one is taken, else the first that is forwarded."""
        found = build.family(section, self.codec) or self.fit(build.accepted(section))
        if found:
            self.format, self.codec = found[0], found[0].name
        self.mid = self.info.mid = section.mid
        self.info.mime_type = mime(self.codec)
        for codec in self.info.codecs:
            codec.mid, codec.mime_type = section.mid, self.info.mime_type

    def taken(self) -> None:
        """Somebody gets the track: its publisher is told of the first."""
        if not self._taken:
            self._taken = True
            subscribed = rtc.TrackSubscribed(track_sid=self.sid)
            self.owner.send(rtc.SignalResponse(track_subscribed=subscribed))

    def fit(self, codecs: list[Codec]) -> list[Codec]:
        """Those that the publisher is able to send well."""
        return [codec for codec in codecs if codec.name not in self.owner.unfit]

    @property
    def voice(self) -> bool:
        """Whether it is a microphone in one channel: not music, not the sound of a shared screen."""
        known = (models.TrackSource.MICROPHONE, models.TrackSource.UNKNOWN)
        return not self.info.stereo and self.info.source in known

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


def preferred_codec(request: rtc.AddTrackRequest, unfit: frozenset[str]) -> str:
    """The codec that a publisher means to send ("vp8"), or the first of the kind that is forwarded
    if it names none or another. Only the first of several counts: backup codecs are not used."""
    names = build.NAMES["video" if request.type == _VIDEO else "audio"]
    for wanted in request.simulcast_codecs[:1]:
        name = wanted.codec.rpartition("/")[2].lower()
        if name in names and name not in unfit:
            return name
    return next(iter(names))


def mime(codec: str) -> str:
    """The MIME type as LiveKit writes it: video/VP8, audio/opus."""
    for kind, names in build.NAMES.items():
        if codec in names:
            return f"{kind}/{names[codec]}"
    return ""


def describe(request: rtc.AddTrackRequest, codec: str) -> models.TrackInfo:
    """The TrackInfo that answers a request."""
    first = request.simulcast_codecs[0] if request.simulcast_codecs else None
    layers = request.layers or (first.layers if first is not None else ())
    info = models.TrackInfo(
        sid=identifier("TR_"),
        type=request.type,
        name=request.name,
        muted=request.muted,
        width=request.width,
        height=request.height,
        simulcast=len(layers) > 1,
        disable_dtx=request.disable_dtx,
        source=request.source,
        layers=layers,
        mime_type=mime(codec),
        stereo=request.stereo,
        disable_red=request.disable_red,
        encryption=request.encryption,
        stream=request.stream,
        audio_features=request.audio_features,
        backup_codec_policy=request.backup_codec_policy,
    )
    info.codecs.add(mime_type=mime(codec), cid=request.cid, layers=layers)
    return info
