"""How a subscriber's capacity is shared among the videos that it takes. Pure rules: audio is outside
of them (its rate is taken off before); the lowest layer for everyone comes before more for any;
then upward by priority."""

from dataclasses import dataclass, field, replace

# A lowest layer that nearly fits is sent: the pacer stretches it, and its publisher may slow down.
PAUSE_BELOW = 0.6
HEADROOM = 1.2
_WORTH = 0.5


@dataclass(slots=True)
class Demand:
    """One video subscription: bit rates of its usable layers by index, lowest first; priority,
    higher first; the bit/s that suffice if its publisher can be asked for less; and what each layer may
    come to need, whatever it takes now."""

    rates: dict[int, float]
    priority: int
    least: float | None = None
    full: dict[int, float] = field(default_factory=dict)

    def most(self) -> float:
        """Bit/s of the best usable layer, as it is or as it may come to be."""
        return max([0.0, *self.rates.values(), *self.full.values()])

    def above(self, current: int | None) -> "Demand":
        """The same, for climbing: a layer whose publisher is held down takes little now, and looks
        worse at that than the one below. It is worth its key frame where half its need fits."""
        if not self.rates:
            return self
        floor = min(self.rates) if current is None else current
        rates = {
            layer: rate if layer <= floor else max(rate, _WORTH * self.full.get(layer, 0.0))
            for layer, rate in self.rates.items()
        }
        return replace(self, rates=rates)


def _lowest(demand: Demand) -> tuple[int, float]:
    """(layer, bit/s) of the least that is worth sending."""
    layer = min(demand.rates)
    rate = demand.rates[layer]
    return layer, rate if demand.least is None else min(rate, demand.least)


def allocate(demands: list[Demand], capacity: float) -> list[int | None]:
    """The highest layer for each demand within `capacity` bit/s; None pauses it. A demand without
    known rates gets its lowest layer."""
    chosen: list[int | None] = [None] * len(demands)
    left = capacity
    order = sorted(range(len(demands)), key=lambda i: -demands[i].priority)
    for index in order:
        if not demands[index].rates:
            chosen[index] = 0
            continue
        lowest, rate = _lowest(demands[index])
        share = 1.0 if demands[index].least is not None else PAUSE_BELOW
        if left > 0 and left >= rate * share:
            chosen[index] = lowest
            left -= min(left, demands[index].rates[lowest])
    for index in order:
        left -= _climb(demands[index].rates, chosen, index, left)
    return chosen


def _climb(rates: dict[int, float], chosen: list[int | None], index: int, left: float) -> float:
    """Raise one choice as far as `left` allows; returns what that takes."""
    taken = 0.0
    for layer in sorted(rates):
        current = chosen[index]
        if current is None or layer <= current:
            continue
        more = rates[layer] - rates[current]
        if more > left - taken:
            break
        taken += max(0.0, more)
        chosen[index] = layer
    return taken


def settle(
    current: list[int | None], demands: list[Demand], capacity: float, *, may_climb: bool
) -> list[int | None]:
    """The next choice: down at once; up only when allowed, and with headroom."""
    wanted = allocate(demands, capacity)
    if any(_level(w) < _level(c) for w, c in zip(wanted, current, strict=True)):
        return [min(w, c, key=_level) for w, c in zip(wanted, current, strict=True)]
    if not may_climb:
        return list(current)
    climbing = [demand.above(now) for demand, now in zip(demands, current, strict=True)]
    ample = allocate(climbing, capacity / HEADROOM)
    # Less room may serve a lesser demand better; what fits now is the limit all the same.
    steps = zip(ample, wanted, current, strict=True)
    return [max(min(a, w, key=_level), c, key=_level) for a, w, c in steps]


def _level(choice: int | None) -> int:
    return -1 if choice is None else choice
