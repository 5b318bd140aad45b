"""aiortc's SCTP association, with bounds on what its peer can make it hold and look through. Imported
when the first one begins, as aiortc takes its time."""

from aiortc.rtcsctptransport import (
    DataChunk,
    InboundStream,
    RTCSctpTransport,
    SackChunk,
    tsn_plus_one,
)
from aiortc.utils import uint32_gte

from signaling.errors import ProtocolError

# Chunks that wait for others, or are beyond one that is missing: they are gone through for each that
# comes. What is too much counts as lost, and comes again once the gap is closed. A message of 256 KiB
# is 240 chunks long: nobody honest makes twice as many wait.
MAX_WAITING = 512
MAX_STREAMS = 64
# Under way and not acknowledged, bytes: they are gone through at each acknowledgement.
MAX_WINDOW = 256 << 10


class Association(RTCSctpTransport):
    """One association. ProtocolError for what no honest peer sends."""

    @property
    def _expected(self) -> int:
        """The TSN that follows those that came without a gap."""
        assert self._last_received_tsn is not None, "an INIT comes first"
        return tsn_plus_one(self._last_received_tsn)

    def _mark_received(self, tsn: int) -> bool:
        """Whether `tsn` came before. aiortc sorts all that are beyond a gap for each."""
        beyond = self._sack_misordered
        if not uint32_gte(tsn, self._expected) or tsn in beyond:
            self._sack_duplicates.append(tsn)
            return True
        beyond.add(tsn)
        while (following := self._expected) in beyond:
            beyond.remove(following)
            self._last_received_tsn = following
        return False

    async def _receive_data_chunk(self, chunk: DataChunk) -> None:
        held = sum(len(stream.reassembly) for stream in self._inbound_streams.values())
        waiting = max(held, len(self._sack_misordered))
        if waiting >= 2 * MAX_WAITING:
            raise ProtocolError("The peer sends pieces of messages and never the rest.")
        if waiting >= MAX_WAITING and chunk.tsn != self._expected:
            self._sack_needed = True
            return
        await super()._receive_data_chunk(chunk)

    def _get_inbound_stream(self, stream_id: int) -> InboundStream:
        streams = self._inbound_streams
        if stream_id not in streams and len(streams) >= MAX_STREAMS:
            raise ProtocolError("The peer uses too many streams.")
        return super()._get_inbound_stream(stream_id)

    async def _receive_sack_chunk(self, chunk: SackChunk) -> None:
        await super()._receive_sack_chunk(chunk)
        self._cwnd = min(self._cwnd, MAX_WINDOW)
