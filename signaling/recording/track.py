"""One track being recorded: packets in, clusters of a file out."""

from collections.abc import Callable
from typing import Any

from signaling.recording import matroska
from signaling.recording.clock import TrackClock
from signaling.recording.frames import KINDS, Depacketizer, Frame

CLUSTER_MS = 2000
_MAX_CLUSTER = 4 << 20


class TrackFile:
    """`note(event, details)` writes the time line, `append` the file; `want_picture` asks for a key
    frame. The file begins with the first frame that can be decoded."""

    def __init__(
        self,
        name: str,
        codec: str,
        clock: TrackClock,
        *,
        note: Callable[..., None],
        append: Callable[[str, bytes], None],
        want_picture: Callable[[], None],
    ) -> None:
        self.name, self.codec, self.clock = name, codec, clock
        self.video = codec != "opus"
        self._kind: Depacketizer = KINDS[codec]()
        self._note, self._append, self._want_picture = note, append, want_picture
        self._open: list[tuple[int, bool, bytes]] = []
        self._size = 0
        self._shape: matroska.Track | None = None
        self._spoilt = self.video
        self._gap_from = -1
        self.arrival = 0.0  # monotonic time of the packet in hand
        self.frames = 0
        self.last = -1

    def deliver(self, timestamp: int, marker: bool, payload: bytes) -> None:
        """One packet in order."""
        frame = self._kind.push(timestamp, marker, payload)
        if frame is None:
            return
        if self._spoilt and not (frame.key and frame.track):
            self._want_picture()
            return
        at = self.clock.place(frame.timestamp, self.arrival)
        if self._gap_from >= 0:
            self._note("gap", since=self._gap_from, until=at)
            self._gap_from = -1
        self._spoilt = False
        self._write(at, frame)

    def gap(self, count: int) -> None:
        """Packets are lost for good: what follows can be decoded from the next key frame on."""
        self._kind.broken()
        if self.last >= 0 and self._gap_from < 0:
            self._gap_from = self.last
        if self.video:
            self._spoilt = True
            self._want_picture()

    def _write(self, at: int, frame: Frame) -> None:
        shape = frame.track
        if shape is not None and shape != self._shape:
            if self._shape is None:
                self._append(self.name, matroska.header(shape))
            if shape.video:
                self._note("layer", width=shape.width, height=shape.height)
            self._shape = shape
        if self._open and (
            at - self._open[0][0] >= CLUSTER_MS or self._size + len(frame.data) > _MAX_CLUSTER
        ):
            self.flush()
        self._open.append((at, frame.key, frame.data))
        self._size += len(frame.data)
        self.frames += 1
        self.last = at

    def due(self, at: int) -> bool:
        """Whether the open cluster is so old that it should be on disk (`at`: ms of the segment)."""
        return bool(self._open) and at - self._open[0][0] >= CLUSTER_MS

    def flush(self) -> None:
        """Hand the open cluster to the disk."""
        if self._open:
            self._append(self.name, matroska.cluster(self._open[0][0], self._open))
            self._open, self._size = [], 0


def details(found: TrackFile) -> dict[str, Any]:
    """What the time line says of a file that ends."""
    return {"file": found.name, "frames": found.frames, "last": found.last}
