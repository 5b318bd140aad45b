"""What a client asks for as it joins: the query of `/rtc`, or the `join_request` in it (one
connection for both directions). Text in, a Joining or a ProtocolError out."""

import base64
import binascii
import logging
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc

from signaling.errors import ProtocolError
from signaling.messages import parse_attributes
from signaling.participant import attributes_fit, metadata_fits
from signaling.publishing import MAX_TRACKS
from signaling.tokens import Grants

log = logging.getLogger(__name__)

MAX_JOIN = 1 << 20
_MAX_CLIENT = 4096
_GZIP_WINDOW = 31  # zlib: a gzip header, the largest window
_SDKS = frozenset(models.ClientInfo.SDK.keys())
_TRUE = ("1", "t", "true")


@dataclass(frozen=True, slots=True)
class Joining:
    """A wish to join, or (`reconnect`) to resume `sid`. `single` means one connection for both
    directions, for which the client makes all offers."""

    single: bool = False
    reconnect: bool = False
    sid: str = ""
    auto_subscribe: bool = True
    auto_subscribe_data: bool = False
    metadata: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    client: models.ClientInfo = field(default_factory=models.ClientInfo)
    offer: rtc.SessionDescription | None = None
    tracks: tuple[rtc.AddTrackRequest, ...] = ()
    sync: rtc.SyncState | None = None


def read(query: Mapping[str, str], *, single: bool, strict: bool = False) -> Joining:
    """The wish of a request. `single`: there must be a `join_request`. `strict`: attributes that
    cannot be read are refused, not left out (validation does that). ProtocolError if not given."""
    packed = query.get("join_request", "")
    if packed:
        return _requested(unpack(packed))
    if single:
        raise ProtocolError("join_request is required.")
    return _asked(query, strict=strict)


def unpack(text: str) -> rtc.JoinRequest:
    """base64url of a WrappedJoinRequest, its content perhaps packed by gzip."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        wrapped = rtc.WrappedJoinRequest.FromString(raw)
        content = wrapped.join_request
        if wrapped.compression == rtc.WrappedJoinRequest.Compression.GZIP:
            content = _inflate(content)
        if len(content) > MAX_JOIN:
            raise ProtocolError("A join request is at most 1 MiB long.")
        return rtc.JoinRequest.FromString(content)
    except (binascii.Error, ValueError, DecodeError) as exc:
        raise ProtocolError("The join request is not base64 of a WrappedJoinRequest.") from exc


def _inflate(packed: bytes) -> bytes:
    """Unpack no more than is allowed, however much the packed form promises."""
    worker = zlib.decompressobj(_GZIP_WINDOW)
    try:
        content = worker.decompress(packed, MAX_JOIN + 1)
    except zlib.error as exc:
        raise ProtocolError("The join request cannot be unpacked.") from exc
    if len(content) <= MAX_JOIN and not worker.eof:
        raise ProtocolError("The join request is cut off.")
    return content


def _requested(request: rtc.JoinRequest) -> Joining:
    if request.client_info.ByteSize() > _MAX_CLIENT:  # everybody is told of its capabilities
        raise ProtocolError("A client describes itself in at most 4 KiB.")
    if len(request.add_track_requests) > MAX_TRACKS:
        raise ProtocolError(f"A participant has at most {MAX_TRACKS} tracks.")
    settings = request.connection_settings
    return Joining(
        single=True,
        reconnect=request.reconnect,
        sid=request.participant_sid,
        auto_subscribe=settings.auto_subscribe,
        auto_subscribe_data=settings.auto_subscribe_data_track,
        metadata=request.metadata,
        attributes=dict(request.participant_attributes),
        client=request.client_info,
        offer=request.publisher_offer if request.publisher_offer.sdp else None,
        tracks=tuple(request.add_track_requests),
        sync=request.sync_state if request.HasField("sync_state") else None,
    )


def _asked(query: Mapping[str, str], *, strict: bool) -> Joining:
    attributes: dict[str, str] = {}
    if query.get("attributes"):
        try:
            attributes = parse_attributes(query["attributes"])
        except ProtocolError as exc:
            if strict:
                raise
            log.info("attributes of a join left out: %s", exc)
    return Joining(
        reconnect=_true(query.get("reconnect", "")),
        sid=query.get("sid", ""),
        auto_subscribe=_true(query.get("auto_subscribe", "1")),
        auto_subscribe_data=_true(query.get("auto_subscribe_data_track", "0")),
        attributes=attributes,
        client=_client(query),
    )


def _true(text: str) -> bool:
    return text.lower() in _TRUE


def _client(query: Mapping[str, str]) -> models.ClientInfo:
    """What the query says of the client; nothing of it is relied upon."""
    protocol = query.get("protocol", "")
    number = int(protocol) if protocol.isascii() and protocol.isdigit() and len(protocol) < 5 else 0
    sdk = query.get("sdk", "").upper()
    return models.ClientInfo(
        sdk=sdk if sdk in _SDKS else None,
        version=query.get("version", "")[:64],
        protocol=number,
        os=query.get("os", "")[:64],
        device_model=query.get("device_model", "")[:64],
        browser=query.get("browser", "")[:64],
    )


def with_own(grants: Grants, joining: Joining) -> Grants:
    """The grants with the attributes and metadata that a client asks for as it joins, if it may
    choose its own. What is too long is left out: the token alone decides who gets in."""
    if not grants.update_own:
        return grants
    merged = {**grants.attributes, **joining.attributes}
    merged = {key: value for key, value in merged.items() if value}
    if joining.attributes and attributes_fit(merged):
        grants = replace(grants, attributes=merged)
    if joining.metadata and metadata_fits(joining.metadata):
        grants = replace(grants, metadata=joining.metadata)
    return grants
