"""All who take one rewriting over the same kind of wire: one rendered burst serves them all."""

from typing import TYPE_CHECKING

from signaling.transport.fanout import LONGEST, Crowd, Fanout
from signaling.transport.udp import Counters

if TYPE_CHECKING:
    from signaling.forward.down import DownTrack
    from signaling.forward.shift import Burst, Run

# Fewer than these are served one by one: laying out messages for the kernel would cost more.
_FEW = 3


class Fan:
    """Who is reached directly is noted once and asked nothing for each burst, until somebody joins
    or leaves or any connection changes its path (`Counters.rerouted`)."""

    __slots__ = (
        "_counters",
        "_crowds",
        "_direct",
        "_fanout",
        "_others",
        "_seen",
        "downs",
        "octets",
        "packets",
    )

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self.downs: list[DownTrack] = []
        # What went to those in `_direct` since they were noted there.
        self.packets = self.octets = 0
        self._direct: list[DownTrack] = []
        self._others: list[DownTrack] = []
        self._crowds: list[Crowd] = []
        self._fanout: Fanout | None = None
        self._seen = -1

    def add(self, down: "DownTrack") -> None:
        self.downs.append(down)
        self._seen = -1

    def remove(self, down: "DownTrack") -> None:
        self._settle()
        self.downs.remove(down)

    def send(self, burst: "Burst") -> None:
        if self._seen != self._counters.rerouted:
            self._note()
        if self._crowds and self._fanout is not None:
            for crowd in self._crowds:
                for run in burst.runs:
                    self._pass(self._fanout, crowd, run)
            self.packets += burst.count
            self.octets += burst.octets
        for down in list(self._others):
            down.send(burst)

    def _pass(self, fanout: Fanout, crowd: Crowd, run: "Run") -> None:
        if run.longest <= LONGEST:
            fanout.send(crowd, run.packets)
            return
        for down in self._direct:
            down.send_run(run)

    def _settle(self) -> None:
        """Credit those in `_direct` with what they were sent."""
        for down in self._direct:
            down.fan = None
            down.credit(self.packets, self.octets)
        self._direct, self._crowds, self._others = [], [], []
        self.packets = self.octets = 0
        self._seen = -1

    def _note(self) -> None:
        """Find out who can be reached directly."""
        self._settle()
        crowds: dict[tuple[int, int], Crowd] = {}
        fanout = self._fanout = self.downs[0].peer.fanout
        for down in self.downs:
            direct = down.direct()
            if direct is None or fanout is None or len(self.downs) < _FEW:
                self._others.append(down)
                continue
            key = (direct.descriptor, direct.context.profile.tag)
            crowd = crowds.get(key)
            if crowd is None:
                crowd = crowds[key] = Crowd(*key)
            crowd.add(direct)
            down.fan = self
            self._direct.append(down)
        self._crowds = list(crowds.values())
        self._seen = self._counters.rerouted
