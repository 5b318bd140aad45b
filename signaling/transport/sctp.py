"""Data channels: aiortc's SCTP on our DTLS, passive (every WebRTC client sends INIT itself), behind
one guarded entry. It is imported when the first association begins: a room that only
receives media never pays for it."""

import asyncio
import importlib
import logging
import sys
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from signaling.transport.chunks import check

log = logging.getLogger(__name__)

RELIABLE, LOSSY, DATA_TRACK = "_reliable", "_lossy", "_data_track"
_LABELS = (RELIABLE, LOSSY, DATA_TRACK)
_MAX_HELD, _MAX_HELD_BYTES, _MAX_EARLY = 256, 1 << 20, 64
_MAX_BUFFERED = 4 << 20


class _Wire:
    """What aiortc's association needs of a DTLS transport."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._role = "server"
        self.state = "connected"

    def _register_data_receiver(self, receiver: object) -> None: ...

    def _unregister_data_receiver(self, receiver: object) -> None: ...

    async def _send_data(self, data: bytes) -> None:
        self._send(data)


def _run(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine that never waits (our wire sends at once) without making a task."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()


_ASSOCIATION = "signaling.transport.association"
_waiting: list[Callable[[], None]] = []


def _loaded() -> bool:
    return _ASSOCIATION in sys.modules and not _waiting


def _load(then: Callable[[], None]) -> None:
    """Import aiortc in a thread: that takes longer than any voice may wait. `then` is called in the
    event loop."""
    _waiting.append(then)
    if len(_waiting) == 1:
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(None, importlib.import_module, _ASSOCIATION)
        future.add_done_callback(_begin_all)


def _begin_all(done: "asyncio.Future[Any]") -> None:
    waiting = list(_waiting)
    _waiting.clear()
    done.result()
    for then in waiting:
        then()


class DataChannels:
    """The channels of one connection. `opens` tells whether this side creates them."""

    def __init__(
        self,
        send: Callable[[bytes], None],
        deliver: Callable[[str, bytes], None],
        *,
        opens: bool,
    ) -> None:
        self._send = send
        self._deliver = deliver
        self._opens = opens
        self._sctp: Any = None
        self._channels: dict[str, Any] = {}
        self._held: deque[bytes] = deque()
        self._held_bytes = 0
        self._early: deque[bytes] = deque(maxlen=_MAX_EARLY)
        self._closed = False
        self.odd = True  # RFC 8832: the DTLS server opens odd streams, the client even ones
        self.dropped = 0

    def _start(self) -> None:
        from aiortc.rtcdatachannel import RTCDataChannel, RTCDataChannelParameters

        from signaling.transport.association import Association

        wire: Any = _Wire(self._send)
        sctp = Association(wire)
        sctp._remote_port = 5000
        sctp._data_channel_id = int(self.odd)
        sctp._remote_max_message_size = 262144
        self._sctp = sctp
        sctp.on("datachannel", self._adopt)
        if self._opens:
            for label in _LABELS:
                lossy = label != RELIABLE
                parameters = RTCDataChannelParameters(
                    label=label, ordered=not lossy, maxRetransmits=0 if lossy else None
                )
                channel = RTCDataChannel(sctp, parameters)
                if label == RELIABLE:
                    channel.on("open", self._flush)
                self._watch(channel)

    def _adopt(self, channel: Any) -> None:
        self._watch(channel)
        if channel.label == RELIABLE:
            self._flush()

    def _watch(self, channel: Any) -> None:
        label = channel.label
        if label not in _LABELS:
            return
        self._channels[label] = channel

        def receive(message: object) -> None:
            if isinstance(message, bytes):
                self._deliver(label, message)

        channel.on("message", receive)

    def feed(self, data: bytes) -> None:
        """One SCTP packet from DTLS. Whatever a hostile peer makes aiortc raise ends here."""
        if self._sctp is None:
            if not _loaded():
                self._early.append(data)
                _load(self._begin)
                return
            self._start()
        try:
            check(data, self._sctp)
            _run(self._sctp._handle_data(data))
        except Exception as exc:  # aiortc asserts and indexes on what the peer sent
            log.debug("sctp packet refused: %s", type(exc).__name__)

    def _begin(self) -> None:
        """aiortc is there: go on with what came in the meantime."""
        early, self._early = self._early, deque(maxlen=_MAX_EARLY)
        if not self._closed:
            for packet in early:
                self.feed(packet)

    def send(self, label: str, data: bytes) -> None:
        """Send on a channel; reliable data waits for the channel, lossy data does not."""
        channel = self._channels.get(label)
        if channel is None or channel.readyState != "open":
            if label == RELIABLE and (channel is None or channel.readyState == "connecting"):
                self._hold(data)
            else:
                self.dropped += 1
            return
        if channel.bufferedAmount > _MAX_BUFFERED:
            self.dropped += 1
            return
        try:
            channel.send(data)
        except ValueError:  # larger than the peer takes
            self.dropped += 1

    def _hold(self, data: bytes) -> None:
        self._held.append(data)
        self._held_bytes += len(data)
        while len(self._held) > _MAX_HELD or self._held_bytes > _MAX_HELD_BYTES:
            self._held_bytes -= len(self._held.popleft())
            self.dropped += 1

    def _flush(self) -> None:
        held, self._held, self._held_bytes = self._held, deque(), 0
        for data in held:
            self.send(RELIABLE, data)

    def close(self) -> None:
        """Forget the association: the peer learns it from DTLS or from the signalling."""
        self._closed = True
        if self._sctp is not None:
            self._sctp._set_state(self._sctp.State.CLOSED)
        self._held.clear()
        self._channels.clear()
