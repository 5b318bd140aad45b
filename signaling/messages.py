"""Signal messages: bytes in, a protobuf value or a ProtocolError out; and the common answers."""

import base64
import json
import secrets
import string

from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc

from signaling.config import VERSION
from signaling.errors import ProtocolError
from signaling.sdp import build

MAX_SIGNAL = 1 << 20
MAX_DATA = 256 * 1024
PROTOCOL = 16
PING_INTERVAL, PING_TIMEOUT = 5, 15
_ALPHABET = string.ascii_letters + string.digits


def identifier(prefix: str) -> str:
    """RM_, PA_ and TR_ are required by clients."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(12))


def parse_signal(data: bytes) -> rtc.SignalRequest:
    """One message of a client."""
    if len(data) > MAX_SIGNAL:
        raise ProtocolError("A signal message is at most 1 MiB long.")
    message = rtc.SignalRequest()
    try:
        message.ParseFromString(data)
    except DecodeError as exc:
        raise ProtocolError("A signal message is not a protobuf SignalRequest.") from exc
    return message


def parse_data(data: bytes) -> models.DataPacket:
    """One message of a data channel."""
    if len(data) > MAX_DATA:
        raise ProtocolError("A data packet is at most 256 KiB long.")
    packet = models.DataPacket()
    try:
        packet.ParseFromString(data)
    except DecodeError as exc:
        raise ProtocolError("A data packet is not a protobuf DataPacket.") from exc
    return packet


def parse_attributes(text: str) -> dict[str, str]:
    """The `attributes` of a join query: base64 of a JSON object of texts."""
    try:
        value = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError) as exc:
        raise ProtocolError("The attributes are not base64 of a JSON object.") from exc
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise ProtocolError("Attributes are a JSON object of texts.")
    check_texts(*value, *value.values())
    return value


def check_texts(*texts: str) -> None:
    """ProtocolError if JSON made a text of half a surrogate pair, which no protobuf takes."""
    try:
        "".join(texts).encode()
    except UnicodeEncodeError as exc:
        raise ProtocolError("There is half a surrogate pair in a text.") from exc


def parse_candidate(text: str) -> str:
    """The candidate line of a trickle message; the server needs none, as the client checks."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise ProtocolError("candidateInit is not JSON.") from exc
    candidate = value.get("candidate", "") if isinstance(value, dict) else None
    if not isinstance(candidate, str):
        raise ProtocolError("candidateInit has no candidate.")
    return candidate


def server_info() -> models.ServerInfo:
    return models.ServerInfo(
        edition=models.ServerInfo.Standard, version=VERSION, protocol=PROTOCOL, node_id="duikou"
    )


def enabled_codecs(without: frozenset[str] = frozenset()) -> list[models.Codec]:
    """What may be published; video first, as some clients of LiveKit expect."""
    return [
        models.Codec(mime=f"{kind}/{written}")
        for kind in ("video", "audio")
        for name, written in build.NAMES[kind].items()
        if name not in without
    ]


def leave(reason: models.DisconnectReason, action: rtc.LeaveRequest.Action) -> rtc.SignalResponse:
    """Go away: DISCONNECT for good, RECONNECT for a fresh join."""
    can = action != rtc.LeaveRequest.DISCONNECT
    return rtc.SignalResponse(
        leave=rtc.LeaveRequest(can_reconnect=can, reason=reason, action=action)
    )
