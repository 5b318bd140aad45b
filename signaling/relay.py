"""Data between the participants of a room, over their data channels."""

import time
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from livekit.protocol import models, rtc

from signaling.errors import ProtocolError
from signaling.messages import parse_data
from signaling.transport.sctp import DATA_TRACK, LOSSY, RELIABLE

if TYPE_CHECKING:
    from signaling.participant import Participant
    from signaling.room import Room

# What a participant may have missed while it was away is kept for about as long as it may come back.
_KEPT_SECONDS = 30.0
_KEPT_MESSAGES = 512
_KEPT_BYTES = 1 << 20
_NONCES = 100


class Sent(NamedTuple):
    """A numbered reliable message, as it went to its receivers. `at` is monotonic seconds."""

    at: float
    sender: str
    sequence: int
    names: frozenset[str]
    raw: bytes


class Relay:
    """The data plane of one room."""

    def __init__(self, room: "Room") -> None:
        self._room = room
        self._nonces: deque[bytes] = deque(maxlen=_NONCES)
        self._kept: deque[Sent] = deque()
        self._kept_bytes = 0

    def receive(self, sender: "Participant", label: str, message: bytes) -> None:
        """Data from a client goes to those it names, or to all. A client numbers its reliable
        messages, and repeats after a resume those that it does not know to have arrived."""
        if sender.closed:
            return
        try:
            if label == DATA_TRACK:
                sender.data_tracks.forward(message)
            elif sender.grants.data:
                self._relay(sender, label, parse_data(message))
        except ProtocolError:
            self._room.server.counters.refused += 1

    def _relay(self, sender: "Participant", label: str, packet: models.DataPacket) -> None:
        if label == RELIABLE and packet.sequence:
            if packet.sequence <= sender.last_sequence:
                return
            sender.last_sequence = packet.sequence
        if packet.HasField("speaker") or packet.HasField("metrics"):
            return  # only the server says who speaks, and metrics are nobody else's business
        # Who is hidden stays so.
        identity, sid = ("", "") if sender.hidden else (sender.identity, sender.sid)
        packet.participant_identity, packet.participant_sid = identity, sid
        if packet.HasField("user"):
            packet.user.participant_identity, packet.user.participant_sid = identity, sid
        self.deliver(packet, label, but=sender)

    def deliver(
        self, packet: models.DataPacket, label: str, *, but: "Participant | None" = None
    ) -> None:
        """Send a data packet to its destinations. `kind` follows the channel."""
        names = frozenset(packet.destination_identities)
        if packet.HasField("user"):
            if self._repeated(packet.user.nonce):
                return
            sids = packet.user.destination_sids
            names |= frozenset(packet.user.destination_identities) | frozenset(sids)
        packet.kind = models.DataPacket.LOSSY if label == LOSSY else models.DataPacket.RELIABLE
        raw = packet.SerializeToString()
        for other in self._room.participants.values():
            if other is not but and _named(other, names):
                other.subscribing.peer.channels.send(label, raw)
        if label == RELIABLE and packet.sequence:
            self._keep(Sent(time.monotonic(), packet.participant_sid, packet.sequence, names, raw))

    def _repeated(self, nonce: bytes) -> bool:
        """Whether a user packet with this nonce was delivered already (SendData is tried again)."""
        if not nonce or nonce in self._nonces:
            return bool(nonce)
        self._nonces.append(nonce)
        return False

    def _keep(self, sent: Sent) -> None:
        self._kept.append(sent)
        self._kept_bytes += len(sent.raw)
        while (
            len(self._kept) > _KEPT_MESSAGES
            or self._kept_bytes > _KEPT_BYTES
            or self._kept[0].at < sent.at - _KEPT_SECONDS
        ):
            self._kept_bytes -= len(self._kept.popleft().raw)

    def replay(self, receiver: "Participant", states: "list[rtc.DataChannelReceiveState]") -> None:
        """After a resume: send again what comes after the last message that the client has of each
        sender. A client drops by the number what it gets twice."""
        last = {state.publisher_sid: state.last_seq for state in states}
        for sent in self._kept:
            missed = sent.at >= receiver.born and sent.sequence > last.get(sent.sender, 0)
            if missed and sent.sender != receiver.sid and _named(receiver, sent.names):
                receiver.subscribing.peer.channels.send(RELIABLE, sent.raw)


def _named(other: "Participant", names: frozenset[str]) -> bool:
    return not names or other.identity in names or other.sid in names
