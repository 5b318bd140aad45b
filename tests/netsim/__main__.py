"""`python -m tests.netsim`: calls over bad lines, as a table. See `--help`."""

import argparse
import asyncio
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

from tests.netsim.call import Outcome, Row, is_root, run
from tests.netsim.figures import Heard
from tests.netsim.rows import BREAKS, GRID, TABLE, Aim
from tests.netsim.servers import Server, livekit, ours

# Quarter seconds are not cut to the millisecond.
_SLACK = 0.1
_HEAD = (
    "| line | server · seed | joined | first audio ↓ ↑ | audio share · gap ↓ | audio share · gap ↑"
    " | video ↓ fps · frozen · width | video ↑ | back ↓ ↑ | aim |"
)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _sound(found: Heard) -> str:
    return f"{found.share:.3f} · {found.gap:.2f} s"


def _video(found: Heard) -> str:
    return f"{found.fps:.0f} · {found.frozen:.0f} s · {found.width}"


def met(found: Outcome, aim: Aim) -> bool:
    """Whether both directions reach the aim."""
    for way in (found.down, found.up):
        if way.first is None or way.share < aim.share or way.gap > aim.gap + _SLACK:
            return False
        if aim.back is not None and (way.back is None or way.back > aim.back):
            return False
    return found.down.first is not None and found.down.first <= aim.first


def line_of(found: Outcome, aim: Aim) -> str:
    down, up = found.down, found.up
    back = f"{_number(down.back)} {_number(up.back)}"
    return (
        f"| {found.row} | {found.server} · {found.seed} | {_number(found.joined)} | "
        f"{_number(down.first)} {_number(up.first)} | {_sound(down)} | {_sound(up)} | {_video(down)} | "
        f"{_video(up)} | {back} | {'met' if met(found, aim) else 'missed'} |"
    )


def _chosen(names: str) -> list[tuple[Row, Aim]]:
    groups = {"table": TABLE, "grid": GRID, "breaks": BREAKS, "all": [*TABLE, *GRID, *BREAKS]}
    if names in groups:
        return groups[names]
    return [pair for pair in groups["all"] if re.search(names, pair[0].name)]


async def _run(options: argparse.Namespace) -> bool:
    makers: list[Callable[[str], Server]] = []
    if not options.only_against:
        makers.append(ours)
    if options.against:
        makers.append(lambda address: livekit(address, options.against))
    good = True
    print(_HEAD + "\n" + "|---" * 10 + "|", flush=True)
    for row, aim in _chosen(options.rows):
        for seed in options.seeds:
            for make in makers:
                found = await run(row, seed, make, relay=options.relay or not is_root())
                print(line_of(found, aim), flush=True)
                good = good and (found.server != "duikou" or met(found, aim))
                if options.json:
                    with Path(options.json).open("a") as file:
                        file.write(json.dumps(found.json()) + "\n")
    return good


def main() -> int:
    parser = argparse.ArgumentParser(prog="make netsim", description=__doc__)
    parser.add_argument("--rows", default="all", help="table, grid, breaks, all, or a pattern")
    parser.add_argument("--seeds", type=int, nargs="+", default=[7])
    parser.add_argument("--against", default="", help="a LiveKit server program to run beside")
    parser.add_argument("--only-against", action="store_true", help="leave our own server out")
    parser.add_argument(
        "--relay", action="store_true", help="the way without root: UDP alone suffers"
    )
    parser.add_argument("--json", default="", help="append each outcome to this file")
    return 0 if asyncio.run(_run(parser.parse_args())) else 1


if __name__ == "__main__":
    sys.exit(main())
