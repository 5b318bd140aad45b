"""Data tracks: named streams of small datagrams, each packet with the publisher's handle, which is
replaced by the one that the subscriber was told."""

from typing import TYPE_CHECKING

from livekit.protocol import models, rtc

from signaling.errors import ProtocolError
from signaling.lately import Lately
from signaling.messages import identifier
from signaling.transport.sctp import DATA_TRACK

if TYPE_CHECKING:
    from signaling.participant import Participant

MAX_DATA_TRACKS = 32
MAX_PACKET = 64 * 1024
_HEADER = 12
_MAX_HANDLE = 0xFFFF
_MAX_NAME = 256
_MAX_SCHEMA = 1024

Reason = rtc.RequestResponse.Reason


def handle_of(packet: bytes) -> int:
    """The handle of a packet. ProtocolError if it is none: 12 bytes at least, version 0."""
    if not _HEADER <= len(packet) <= MAX_PACKET or packet[0] >> 5:
        raise ProtocolError("A data track packet has 12 bytes of header, and version 0.")
    return packet[2] << 8 | packet[3]


class DataTrack:
    """One published data track, and the handle of each subscriber."""

    def __init__(self, owner: "Participant", info: models.DataTrackInfo) -> None:
        self.owner, self.info = owner, info
        self.takers: dict[Participant, int] = {}

    @property
    def sid(self) -> str:
        return self.info.sid


class DataTracks:
    """What one participant publishes (by its own handle) and takes (by track sid)."""

    def __init__(self, participant: "Participant") -> None:
        self._participant = participant
        self.published: dict[int, DataTrack] = {}
        self.taken: dict[str, DataTrack] = {}
        self._next = 0
        # By sid: which the client may think are there.
        self.ended: Lately[models.DataTrackInfo] = Lately(2 * MAX_DATA_TRACKS)

    def info(self) -> list[models.DataTrackInfo]:
        return [track.info for track in self.published.values()]

    # --- publishing ----------------------------------------------------------------------------

    def publish(self, request: rtc.PublishDataTrackRequest) -> None:
        """Announce a data track, or say why not."""
        reason = self._objection(request)
        if reason is not None:
            refusal = rtc.RequestResponse(reason=reason, publish_data_track=request)
            self._participant.send(rtc.SignalResponse(request_response=refusal))
            return
        info = models.DataTrackInfo(
            sid=identifier("DTR_"),
            pub_handle=request.pub_handle,
            name=request.name,
            encryption=request.encryption,
        )
        if request.HasField("frame_encoding"):
            info.frame_encoding.CopyFrom(request.frame_encoding)
        if request.HasField("schema"):
            info.schema.CopyFrom(request.schema)
        track = self.published[request.pub_handle] = DataTrack(self._participant, info)
        response = rtc.PublishDataTrackResponse(info=info)
        self._participant.send(rtc.SignalResponse(publish_data_track_response=response))
        self._participant.room.data_published(track)

    def _objection(self, request: rtc.PublishDataTrackRequest) -> Reason | None:
        if not self._participant.grants.data:
            return rtc.RequestResponse.NOT_ALLOWED
        if not 0 < request.pub_handle <= _MAX_HANDLE:
            return rtc.RequestResponse.INVALID_HANDLE
        if not 0 < len(request.name) <= _MAX_NAME:
            return rtc.RequestResponse.INVALID_NAME
        if request.frame_encoding.ByteSize() + request.schema.ByteSize() > _MAX_SCHEMA:
            return rtc.RequestResponse.INVALID_REQUEST
        if request.pub_handle in self.published:
            return rtc.RequestResponse.DUPLICATE_HANDLE
        if any(track.info.name == request.name for track in self.published.values()):
            return rtc.RequestResponse.DUPLICATE_NAME
        if len(self.published) >= MAX_DATA_TRACKS:
            return rtc.RequestResponse.LIMIT_EXCEEDED
        return None

    def unpublish(self, request: rtc.UnpublishDataTrackRequest) -> None:
        """End a data track."""
        track = self.published.pop(request.pub_handle, None)
        if track is None:
            refusal = rtc.RequestResponse(
                reason=rtc.RequestResponse.NOT_FOUND, unpublish_data_track=request
            )
            self._participant.send(rtc.SignalResponse(request_response=refusal))
            return
        self._end(track)
        self._tell_ended(track.info)
        self._participant.room.changed(self._participant)

    def enforce(self) -> None:
        """End all data tracks if the permissions no longer allow any."""
        if not self._participant.grants.data:
            ended, self.published = self.published, {}
            for track in ended.values():
                self._end(track)
                self._tell_ended(track.info)

    def _tell_ended(self, info: models.DataTrackInfo) -> None:
        response = rtc.UnpublishDataTrackResponse(info=info)
        self._participant.send(rtc.SignalResponse(unpublish_data_track_response=response))

    def _end(self, track: DataTrack) -> None:
        self.ended.note(track.sid, track.info)
        for taker in list(track.takers):
            taker.data_tracks.leave(track)

    def forward(self, packet: bytes) -> None:
        """Hand a packet on to all who take its track. ProtocolError if it cannot be read."""
        track = self.published.get(handle_of(packet))
        if track is None or not self._participant.grants.data:
            return
        head, rest = packet[:2], packet[4:]
        for taker, handle in track.takers.items():
            channels = taker.subscribing.peer.channels
            channels.send(DATA_TRACK, head + handle.to_bytes(2, "big") + rest)

    # --- subscribing ---------------------------------------------------------------------------

    def take(self, track: DataTrack) -> None:
        """Subscribe to another's data track, if that is allowed."""
        participant = self._participant
        if track.sid in self.taken or track.owner is participant:
            return
        if not participant.grants.subscribe or not track.owner.allows(participant, track.sid):
            return
        handle = self._next = self._next % _MAX_HANDLE + 1
        self.taken[track.sid] = track
        track.takers[participant] = handle
        self._tell()

    def leave(self, track: DataTrack) -> None:
        """Take it no longer."""
        if self.taken.pop(track.sid, None) is not None:
            track.takers.pop(self._participant, None)
            self._tell()

    def leave_all(self) -> None:
        for track in list(self.taken.values()):
            self.leave(track)

    def _tell(self) -> None:
        """All handles of what is taken: a client drops those that are missing."""
        message = rtc.DataTrackSubscriberHandles()
        for track in self.taken.values():
            entry = message.sub_handles[track.takers[self._participant]]
            entry.publisher_identity = track.owner.identity
            entry.publisher_sid = track.owner.sid
            entry.track_sid = track.sid
        self._participant.send(rtc.SignalResponse(data_track_subscriber_handles=message))

    def retell(self) -> None:
        """After a resume: what ended meanwhile, and all handles."""
        for info in self.ended.by_key().values():
            if info.pub_handle not in self.published:  # else it is another track's by now
                self._tell_ended(info)
        if self.taken:
            self._tell()

    def close(self) -> None:
        for track in list(self.published.values()):
            self._end(track)
        self.published.clear()
        for track in self.taken.values():
            track.takers.pop(self._participant, None)
        self.taken.clear()
