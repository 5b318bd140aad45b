"""When a frame was: RTP timestamps to milliseconds since the segment began.

Sender reports say at what wall-clock time of the sender a timestamp was; tracks of one participant
share that clock, so their sound and picture stay together. Until the first one comes, and when what
they say cannot be, the time of arrival stands in."""

from signaling.forward.rtcp import SenderReport

_FAR = 2.0  # seconds that a time may be off from arrival before it is not believed
_SETTLE = 0.05


class People:
    """The offset of each participant's clock to ours: the least delay seen."""

    def __init__(self) -> None:
        self._offsets: dict[str, float] = {}

    def see(self, participant: str, sent: float, now: float) -> None:
        known = self._offsets.get(participant)
        offset = now - sent
        if known is None or offset < known or offset - known > _FAR:
            self._offsets[participant] = offset

    def of(self, participant: str) -> float | None:
        return self._offsets.get(participant)


class TrackClock:
    """`origin` is the monotonic time at which the segment began."""

    def __init__(self, people: People, participant: str, rate: int, origin: float) -> None:
        self._people, self._participant = people, participant
        self._rate, self._origin = rate, origin
        self._anchor: tuple[int, float] | None = None  # timestamp, our monotonic time
        self._report: tuple[int, float] | None = None  # timestamp, sender's time
        self._last = -1

    def report(self, found: SenderReport, now: float) -> None:
        if not found.ntp:
            return
        sent = found.ntp / 2**32
        self._people.see(self._participant, sent, now)
        self._report = (found.timestamp, sent)

    def fresh(self) -> None:
        """The stream begins anew (another SSRC): forget how its timestamps ran."""
        self._anchor = self._report = None

    def _since(self, timestamp: int, base: int) -> float:
        return (((timestamp - base) + 0x80000000 & 0xFFFFFFFF) - 0x80000000) / self._rate

    def place(self, timestamp: int, now: float) -> int:
        """Milliseconds since the segment began, never running backwards."""
        moment = self._reported(timestamp, now)
        if moment is None:
            moment = self._arrived(timestamp, now)
        at = max(round((moment - self._origin) * 1000), self._last, 0)
        self._last = at
        return at

    def _reported(self, timestamp: int, now: float) -> float | None:
        offset = self._people.of(self._participant)
        if self._report is None or offset is None:
            return None
        moment = self._report[1] + self._since(timestamp, self._report[0]) + offset
        return moment if abs(moment - now) < _FAR else None

    def _arrived(self, timestamp: int, now: float) -> float:
        if self._anchor is not None:
            moment = self._anchor[1] + self._since(timestamp, self._anchor[0])
            if abs(moment - now) < _FAR:
                if moment > now + _SETTLE:  # the first packet had been late
                    self._anchor = (timestamp, now)
                    return now
                return moment
        self._anchor = (timestamp, now)
        return now
