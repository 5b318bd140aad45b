"""`duikou bench media`: what a load costs a media server: ours, and beside it any other LiveKit
server (`--against`). Light clients of our own do ICE and DTLS and count by the clear RTP header; a few
decrypt to measure the added delay. Bounded in time and size; on one machine only the loopback is loaded."""

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import statistics
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

from signaling import bench_server
from signaling.bench_load import Part, describe
from signaling.bench_server import Server

_MAX_SECONDS, _MAX_SUBSCRIBERS, _MAX_PUBLISHERS, _MAX_ROOMS = 120, 2000, 100, 200
_READY_SECONDS = 300
_RESULT_SECONDS = 60
_LINE = 64 << 20
_QUIET = 0.25  # cores of other work, above which figures swing


@dataclass(frozen=True, slots=True)
class Row:
    """A load: in each room some publishers, each heard by all subscribers."""

    name: str
    publishers: int
    subscribers: int
    rooms: int = 1
    kbps: int = 1500
    layers: int = 1


ROWS = {
    row.name: row
    for row in (
        Row("call", 2, 2),
        Row("lecture", 1, 20),
        Row("lecture-100", 1, 100),
        Row("lecture-250", 1, 250),
        Row("lecture-800", 1, 800),
        Row("meeting", 10, 20, kbps=500),
        Row("audio", 1, 300, kbps=0),
        Row("rooms", 1, 1, rooms=20),
    )
}
DEFAULT = ("call", "lecture")


class Process:
    """One process of the load."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode())
        await self._process.stdin.drain()

    async def hear(self, seconds: float) -> dict[str, Any]:
        """Its next line. RuntimeError if it died."""
        assert self._process.stdout is not None
        async with asyncio.timeout(seconds):
            line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("A process of the load failed; its last words are above.")
        found: dict[str, Any] = json.loads(line)
        return found

    async def end(self) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
        await self._process.wait()


async def _start(part: Part) -> Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "signaling.bench_load", limit=_LINE,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    found = Process(process)
    await found.say(describe(part))
    return found


@dataclass(frozen=True, slots=True)
class Options:
    seconds: float
    warm: float
    processes: int
    probes: int
    pinned: bool


@contextlib.asynccontextmanager
async def _loaded(row: Row, server: Server, options: Options) -> AsyncIterator[list[Process]]:
    """The row's load, joined: one process publishes, the others receive."""
    core = 1 if options.pinned else None
    base = Part(
        server.url, server.key, server.secret, f"bench-{secrets.token_hex(3)}", row.rooms,
        row.publishers, 0, row.kbps, row.layers, core=core,
    )  # fmt: skip
    running: list[Process] = []
    try:
        running.append(await _start(base))
        first = await running[0].hear(_READY_SECONDS)
        if first["failed"]:
            raise RuntimeError("A publisher could not join.")
        for index in range(min(options.processes, row.subscribers)):
            share = row.subscribers // options.processes
            share += 1 if index < row.subscribers % options.processes else 0
            probes = max(1, options.probes // options.processes) if options.probes else 0
            part = replace(base, publishers=0, subscribers=share, probes=probes)
            running.append(await _start(part))
        yield running
    finally:
        for process in running:
            await process.end()


async def measure(row: Row, server: Server, options: Options) -> dict[str, Any]:
    """Run one load on one server and describe it."""
    if options.pinned and server.pids:
        bench_server.pin(server.pids, 0)
    empty = bench_server.resident_mb(server.pids)
    async with _loaded(row, server, options) as running:
        joined: list[float] = []
        failed = 0
        for process in running[1:]:
            ready = await process.hear(_READY_SECONDS)
            joined += ready["joined"]
            failed += ready["failed"]
        await asyncio.sleep(options.warm)
        before, began = bench_server.cpu_seconds(server.pids), time.monotonic()
        busy = bench_server.busy_seconds()
        for process in running:
            await process.say("measure\n")
        await asyncio.sleep(options.seconds)
        after, took = bench_server.cpu_seconds(server.pids), time.monotonic() - began
        busy = (bench_server.busy_seconds() - busy) / took
        memory = bench_server.resident_mb(server.pids)
        for process in running:
            await process.say("stop\n")
        parts = [await process.hear(_RESULT_SECONDS) for process in running]
    used = {pid: (after[pid] - before.get(pid, 0.0)) / took for pid in after}
    others = busy - sum(used.values()) - sum(part["cores"] for part in parts)
    people = row.rooms * (row.publishers + row.subscribers)
    return {
        **_summed(row, parts, joined, failed),
        "server": server.name,
        "cores": _figure(sum(used.values()), 4) if used else None,
        "other_cores": _figure(max(0.0, others), 2),
        "cores_each": [_figure(v, 3) for v in used.values() if v > 0.0005],
        "packets_out_per_core": _per_core(parts, sum(used.values())),
        "resident_mb": _figure(memory, 1) if used else None,
        "mb_per_participant": _figure((memory - empty) / people, 3) if used else None,
    }


def _per_core(parts: list[dict[str, Any]], cores: float) -> int | None:
    return round(sum(p["arrived"] / p["seconds"] for p in parts) / cores) if cores else None


def _figure(value: float, digits: int) -> float:
    return round(value, digits)


def percentile(values: list[float], share: float) -> float | None:
    """Nearest rank; None of nothing."""
    if not values:
        return None
    return round(sorted(values)[int(share * (len(values) - 1))], 2)


def _summed(
    row: Row, parts: list[dict[str, Any]], joined: list[float], failed: int
) -> dict[str, Any]:
    source, sinks = parts[0], parts[1:]
    sent = source["sent"] / source["seconds"]
    arrived = sum(part["arrived"] / part["seconds"] for part in sinks)
    delays = [delay for part in sinks for delay in part["delays"]]
    # Of simulcast every subscriber gets one layer.
    expected = sent * row.subscribers if row.layers == 1 else None
    return {
        "bench": row.name,
        "rooms": row.rooms,
        "publishers": row.publishers,
        "subscribers": row.subscribers,
        "kbps": row.kbps,
        "layers": row.layers,
        "seconds": _figure(source["seconds"], 1),
        "packets_in_per_s": _figure(sent, 1),
        "packets_out_per_s": _figure(arrived, 1),
        "packets_expected_per_s": _figure(expected, 1) if expected is not None else None,
        "mbit_out_per_s": _figure(sum(p["octets"] * 8 / p["seconds"] for p in sinks) / 1e6, 2),
        "lost": sum(part["lost"] for part in sinks),
        "starved": sum(part["starved"] for part in sinks),
        "failed_joins": failed,
        "delay_ms_p50": percentile(delays, 0.5),
        "delay_ms_p99": percentile(delays, 0.99),
        "join_ms_p50": percentile(joined, 0.5),
        "join_ms_p95": percentile(joined, 0.95),
        "load_cores": [_figure(part["cores"], 3) for part in parts],
    }


def _median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The run whose packets per core (else per second) are the median of all."""
    key = "packets_out_per_core" if runs[0]["packets_out_per_core"] else "packets_out_per_s"
    middle = statistics.median_low([run[key] for run in runs])
    return next(run for run in runs if run[key] == middle) | {"runs": len(runs)}


_RATIOS = (
    "packets_out_per_core", "packets_out_per_s", "delay_ms_p50", "delay_ms_p99",
    "mb_per_participant", "resident_mb", "cores",
)  # fmt: skip


def ratio(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Ours divided by the other's, where both are known."""
    found: dict[str, Any] = {"bench": one["bench"], "server": "ratio"}
    for key in _RATIOS:
        if one[key] is not None and other[key]:
            found[key] = _figure(one[key] / other[key], 2)
    return found


async def _rows(rows: list[Row], options: Options, other: Server | None, runs: int) -> bool:
    """Measure and print; true if nothing was starved."""
    well = True
    for row in rows:
        mine: list[dict[str, Any]] = []
        theirs: list[dict[str, Any]] = []
        for _ in range(runs):  # alternating, so that both see the same machine
            async with bench_server.ours() as server:
                mine.append(await measure(row, server, options))
            if other is not None:
                theirs.append(await measure(row, other, options))
        found = [_median(mine)]
        if theirs:
            found.append(_median(theirs))
            found.append(ratio(found[0], found[1]))
        for each in found:
            _show(each)
        disturbed = max(run["other_cores"] for run in [*mine, *theirs])
        if disturbed > _QUIET:
            print(
                f"Rough figures: other work took {disturbed:.1f} cores meanwhile.", file=sys.stderr
            )
        well = well and not found[0]["starved"] and not found[0]["failed_joins"]
    return well


_json = False
_COLUMNS = {
    "load": ("bench", 12),
    "server": ("server", 9),
    "in/s": ("packets_in_per_s", 8),
    "out/s": ("packets_out_per_s", 9),
    "cores": ("cores", 7),
    "out/s/core": ("packets_out_per_core", 11),
    "p50 ms": ("delay_ms_p50", 7),
    "p99 ms": ("delay_ms_p99", 8),
    "lost": ("lost", 6),
    "MB": ("resident_mb", 7),
    "MB/person": ("mb_per_participant", 10),
    "load cores": ("load_cores", 14),
}


def _show(found: dict[str, Any]) -> None:
    if _json:
        print(json.dumps(found), flush=True)
        return
    cells = []
    for key, width in _COLUMNS.values():
        value = found.get(key)
        text = "-" if value is None else f"{value:,}" if isinstance(value, int | float) else value
        if isinstance(value, list):
            text = " ".join(f"{each:.2f}" for each in value)
        cells.append(str(text).ljust(width) if width in (12, 9) else str(text).rjust(width))
    print(" ".join(cells).rstrip(), flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench media", description=__doc__)
    parser.add_argument("--row", default=",".join(DEFAULT), help=f"of {', '.join(ROWS)}; or all")
    for name, bound in (
        ("publishers", _MAX_PUBLISHERS), ("subscribers", _MAX_SUBSCRIBERS), ("rooms", _MAX_ROOMS),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", type=int, help=f"another load, at most {bound} {name}")
    parser.add_argument("--kbps", type=int, help="bit rate of a camera; 0 sends a voice only")
    parser.add_argument("--layers", type=int, choices=(1, 2, 3), help="simulcast layers")
    parser.add_argument("--seconds", type=float, default=10.0, help="measured time of each load")
    parser.add_argument("--warm", type=float, default=3.0, help="seconds before measuring")
    parser.add_argument("--processes", type=int, default=1, help="processes that receive")
    parser.add_argument("--probes", type=int, default=3, help="subscribers that decrypt")
    parser.add_argument("--runs", type=int, default=1, help="the median of so many, alternating")
    parser.add_argument("--no-pin", action="store_true", help="leave servers and load unpinned")
    parser.add_argument("--against", default="", metavar="URL", help="another LiveKit server")
    parser.add_argument("--key", default="devkey", help="its API key")
    parser.add_argument("--secret", default="", help="its secret (or LIVEKIT_API_SECRET)")
    parser.add_argument("--pid", type=int, help="its process, if it runs here: for CPU and memory")
    parser.add_argument("--json", action="store_true", help="one JSON line for each figure")
    return parser


def _chosen(found: argparse.Namespace, parser: argparse.ArgumentParser) -> list[Row]:
    names = list(ROWS) if found.row == "all" else found.row.split(",")
    if not set(names) <= set(ROWS):
        parser.error(f"--row is one of {', '.join(ROWS)}, or several with commas, or all")
    shape = {
        name: getattr(found, name)
        for name in ("publishers", "subscribers", "rooms", "kbps", "layers")
        if getattr(found, name) is not None
    }
    if shape:
        return [replace(ROWS["lecture"], name="custom", **shape)]
    return [ROWS[name] for name in names]


def _bounded(row: Row) -> bool:
    return (
        0 < row.publishers <= _MAX_PUBLISHERS
        and 0 < row.subscribers <= _MAX_SUBSCRIBERS
        and 0 < row.rooms <= _MAX_ROOMS
        and 0 <= row.kbps <= 20_000
    )


def main(arguments: list[str]) -> int:
    """0; 1 if somebody got nothing; 2 on misuse."""
    global _json
    parser = _parser()
    found = parser.parse_args(arguments)
    rows = _chosen(found, parser)
    if not (0 < found.seconds <= _MAX_SECONDS and 0 <= found.warm <= _MAX_SECONDS):
        parser.error(f"at most {_MAX_SECONDS} seconds")
    if not all(map(_bounded, rows)):
        parser.error(f"at most {_MAX_SUBSCRIBERS} subscribers, {_MAX_PUBLISHERS} publishers")
    if not (1 <= found.processes <= 16 and 1 <= found.runs <= 9 and 0 <= found.probes <= 20):
        parser.error("at most 16 processes, 9 runs and 20 probes")
    other = None
    if found.against:
        secret = found.secret or os.environ.get("LIVEKIT_API_SECRET", "")
        pids = (found.pid,) if found.pid else ()
        other = Server("other", found.against, found.key, secret, pids)
    pinned = not found.no_pin and (os.cpu_count() or 1) > 1
    options = Options(found.seconds, found.warm, found.processes, found.probes, pinned)
    _json = found.json
    if not _json:
        heads = [
            head.ljust(w) if w in (12, 9) else head.rjust(w) for head, (_, w) in _COLUMNS.items()
        ]
        print(" ".join(heads))
    try:
        return 0 if asyncio.run(_rows(rows, options, other, found.runs)) else 1
    except (RuntimeError, TimeoutError, OSError) as exc:
        print(f"The bench could not finish: {exc or type(exc).__name__}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
