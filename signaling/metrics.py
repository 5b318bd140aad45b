"""`/metrics` in Prometheus text format."""

import asyncio
import os
from pathlib import Path

from signaling.rooms import MediaServer

_COUNTERS = {
    "packets_in": "UDP datagrams received",
    "packets_out": "UDP datagrams sent",
    "bytes_in": "bytes received by UDP",
    "bytes_out": "bytes sent by UDP",
    "dropped": "datagrams that the kernel would not take",
    "refused": "datagrams that were not understood or not allowed",
    "flooded": "connectivity checks of strangers that were too many to look at",
    "handshakes": "DTLS handshakes begun",
    "handshakes_refused": "DTLS handshakes not begun because too many were under way",
    "tcp_dropped": "datagrams left out because a TCP reader was too slow",
    "tcp_cut": "TCP connections cut off: strangers, and readers that took nothing",
    "tcp_refused": "TCP connections beyond the limits",
    "nack_in": "packets that subscribers asked for again",
    "nack_out": "packets that were asked of publishers again",
    "retransmitted": "packets sent again",
    "rerouted": "changes of paths and keys of connections",
    "pli_in": "key frames that subscribers asked for",
    "pli_out": "key frames that were asked of publishers",
}


def _held(server: MediaServer) -> dict[str, tuple[str, int]]:
    """What the process holds on to: all of it goes when everybody has left."""
    people = [p for room in server.rooms.values() for p in room.participants.values()]
    loop = asyncio.get_running_loop()
    return {
        "receivers": ("connections that media is taken from", len(server.dispatcher.receivers)),
        "down_tracks": (
            "tracks as they are sent to one subscriber",
            sum(len(p.subscribing.sender.downs) for p in people),
        ),
        "open_windows": (
            "windows of media reports not sent yet",
            sum(len(p.windows) for p in people),
        ),
        "tasks": ("asyncio tasks", len(asyncio.all_tasks(loop))),
        # asyncio has no public count of its timers; it keeps those that were cancelled for a while.
        "timers": (
            "asyncio timers",
            sum(1 for handle in getattr(loop, "_scheduled", ()) if not handle.cancelled()),
        ),
        "open_files": ("file descriptors", sum(1 for _ in Path("/proc/self/fd").iterdir())),
        "resident_bytes": ("resident memory", _resident()),
        "journal_bytes_written": ("written to the journal", server.events.journal.bytes_written),
        "journal_syncs": ("times the journal was synced", server.events.journal.syncs),
    }


def _resident() -> int:
    with Path("/proc/self/statm").open() as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def render(server: MediaServer) -> str:
    """All figures of this process."""
    lines: list[str] = []
    for name, text in _COUNTERS.items():
        full = f"duikou_media_{name}_total"
        lines += [f"# HELP {full} {text}", f"# TYPE {full} counter"]
        lines.append(f"{full} {getattr(server.counters, name)}")
    rooms = server.rooms.values()
    gauges = {
        "rooms": ("rooms", len(rooms)),
        "participants": ("participants", sum(len(r.participants) for r in rooms)),
        "connections": ("WebRTC connections held open", len(set(server.port.by_name.values()))),
        "addresses": ("verified addresses", len(server.port.by_address)),
        "tcp_connections": ("media connections by TCP", len(server.tcp)),
        "tcp_port": ("port of media over TCP; 0: none", server.tcp.port),
        "handshakes_open": ("DTLS handshakes under way", server.port.handshakes.open),
        "tracks": (
            "published tracks",
            sum(len(p.publishing.live_tracks()) for r in rooms for p in r.participants.values()),
        ),
        **_held(server),
        "webhooks_waiting": ("webhooks not delivered yet", server.events.webhooks.waiting),
    }
    for name, (text, value) in gauges.items():
        full = f"duikou_media_{name}"
        lines += [f"# HELP {full} {text}", f"# TYPE {full} gauge", f"{full} {value}"]
    return "\n".join(lines) + "\n"
