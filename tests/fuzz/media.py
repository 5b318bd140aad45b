"""Mutants of everything that a stranger or a participant may send to the media server (TRUST row 7).

`entries`: the guarded parsers, in this process: a value or a `ProtocolError`, nothing else.
`siege`: a living server, attacked by a participant with good credentials: the room stays up.
The samples are what our own client says to a server in this very run; no stored ones.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import gzip
import random
import re
import socket
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pylibsrtp
from livekit.protocol import models, rtc

from signaling import joining
from signaling.client.channels import ClientChannels
from signaling.errors import ProtocolError
from signaling.forward import h264, picture, red, rtcp, rtp, vp8, vp9
from signaling.messages import parse_candidate, parse_data, parse_signal
from signaling.sdp import build, parse
from signaling.transport import stun
from signaling.transport.dtls import Identity
from signaling.transport.sctp import RELIABLE, DataChannels
from signaling.transport.tcp import Deframer, framed
from tests.fuzz import mutants
from tests.media.churn import Person, read_figures
from tests.media.conftest import MediaProcess, launch, token

KINDS = ("rtp", "rtcp", "stun", "sctp", "sdp", "signal", "data", "join", "tcp")
SLOW = ("sdp",)  # a fifth of the mutants


@dataclass
class Samples:
    """What was really said."""

    rtp: list[bytes] = field(default_factory=list)
    rtcp: list[bytes] = field(default_factory=list)
    stun: list[bytes] = field(default_factory=list)
    signal: list[bytes] = field(default_factory=list)
    data: list[bytes] = field(default_factory=list)
    sdp: list[str] = field(default_factory=list)
    key: bytes = b""

    def joins(self) -> list[bytes]:
        """Join requests of the single connection, made of what was said."""
        found = []
        for sdp in self.sdp:
            request = rtc.JoinRequest(publisher_offer=rtc.SessionDescription(type="offer", sdp=sdp))
            request.participant_attributes["a"] = "b"
            raw = request.SerializeToString()
            wrapped = rtc.WrappedJoinRequest(join_request=raw)
            found.append(wrapped.SerializeToString())
            wrapped = rtc.WrappedJoinRequest(
                compression=rtc.WrappedJoinRequest.GZIP, join_request=gzip.compress(raw)
            )
            found.append(wrapped.SerializeToString())
        return found


class Spied(Person):
    """A participant that writes down what it says and hears."""

    def __init__(self, samples: Samples, url: str, access: str, identity: Identity) -> None:
        self._samples = samples
        super().__init__(url, access, identity, data=True)

    def _connections(self) -> None:
        super()._connections()
        samples = self._samples
        for connection in (self.publisher, self.subscriber):
            _spy(connection, "send", samples.rtp)
            _spy(connection, "send_rtcp", samples.rtcp)
            _spy(connection.channels, "feed", samples.data)

    async def request(self, message: rtc.SignalRequest) -> None:
        self._samples.signal.append(message.SerializeToString())
        for name in ("offer", "answer"):
            if message.HasField(name):  # type: ignore[arg-type]
                self._samples.sdp.append(getattr(message, name).sdp)
        await super().request(message)


class Attacker(Person):
    """A participant with data channels, whose SCTP packets are kept: mutants are made of them."""

    said: list[bytes]

    def _connections(self) -> None:
        super()._connections()
        self.said = []
        _spy(self.publisher.channels, "_send", self.said)

    async def prepare(self) -> None:
        await self.join()
        await self.publish()
        await self.send_data(b"a message")


def _spy(target: object, name: str, into: list[bytes], limit: int = 200) -> None:
    plain = getattr(target, name)

    def noted(data: bytes) -> object:
        if len(into) < limit:
            into.append(data)
        return plain(data)

    setattr(target, name, noted)


async def gather(media: MediaProcess) -> Samples:
    """A short call of two, written down."""
    samples, identity = Samples(), Identity()
    people = [Spied(samples, media.url, token(name, "samples"), identity) for name in ("a", "b")]
    for person in people:
        await person.join()
        await person.publish()
        await person.send_data(b"a message")
    first = people[0]
    sid = first.published["voice"]
    for message in (
        rtc.SignalRequest(mute=rtc.MuteTrackRequest(sid=sid, muted=True)),
        rtc.SignalRequest(trickle=rtc.TrickleRequest(candidateInit='{"candidate":"candidate:1 1 udp"}')),
        rtc.SignalRequest(subscription=rtc.UpdateSubscription(track_sids=[sid], subscribe=True)),
        rtc.SignalRequest(track_setting=rtc.UpdateTrackSettings(track_sids=[sid], width=320)),
        rtc.SignalRequest(update_metadata=rtc.UpdateParticipantMetadata(name="n", request_id=1)),
        rtc.SignalRequest(sync_state=rtc.SyncState()),
        rtc.SignalRequest(subscription_permission=rtc.SubscriptionPermission(all_participants=True)),
    ):  # fmt: skip
        await first.request(message)
    while len(samples.rtp) < 60:
        await asyncio.sleep(0.05)
    samples.rtcp += [
        rtcp.sender_report(1, 1 << 40, 960, 10, 800) + rtcp.source_description(1, "x"),
        rtcp.receiver_report(1, [rtcp.Block(2, 3, 4, 5, 6, 7, 8)]),
        rtcp.nack(1, 2, [3, 4, 90]) + rtcp.picture_loss(1, 2) + rtcp.remb(1, 500_000, [2]),
    ]
    samples.sdp += people[1].offered[:3]
    user = models.DataPacket(user=models.UserPacket(payload=b"hello", topic="t"))
    samples.data[:] = [user.SerializeToString()]
    samples.key = b"a-password-of-22-chars"
    samples.stun += [
        stun.binding_request("a:b", samples.key, nominate=nominate) for nominate in (False, True)
    ]
    samples.stun.append(stun.binding_success(bytes(12), "127.0.0.1", 9, samples.key))
    for person in people:
        await person.leave()
        await person.close()
    return samples


# --- the guarded entries ------------------------------------------------------------------------


def _rtp(packet: bytes) -> None:
    where = rtp.layout(packet)
    for _, at, size in rtp.elements(packet, where):
        assert 0 <= at <= at + size <= len(packet)
    payload = packet[where.payload : where.end]
    if payload:
        for describe in (vp8.describe, vp9.describe, h264.Reader()):
            with contextlib.suppress(ProtocolError):
                picture.shift(payload, describe(payload), 1, 1)
        red.split(payload)


def _stun(data: bytes, key: bytes) -> None:
    stun.integrity_ok(data, stun.parse(data), key)


def _sdp(text: str, local: build.Local) -> None:
    offer = parse.parse(text)
    parts = {s.mid: build.Part() for s in offer.sections if s.kind != "application"}
    for section in offer.sections:
        build.accepted(section)
    build.answer(offer, local, parts)


def _tcp(data: bytes, chance: random.Random) -> None:
    deframer = Deframer()
    at = 0
    while at < len(data):
        step = chance.randint(1, 64)
        deframer.feed(data[at : at + step])
        at += step


class Association:
    """Two ends of SCTP in memory; mutants of what the client says go to the server's end."""

    def __init__(self) -> None:
        self.said: list[bytes] = []
        self.heard: list[bytes] = []
        self._waiting: deque[tuple[DataChannels, bytes]] = deque()
        self.server = DataChannels(
            lambda data: self._waiting.append((self.client, data)),
            lambda _, data: self.heard.append(data),
            opens=False,
        )
        self.client = ClientChannels(self._say, lambda _, data: None)
        self.client.want(opens=True)
        self.client.begin(server=False)

    @classmethod
    async def made(cls) -> Association:
        """Established, with its channels open and some messages said."""
        pair = cls()
        for number in range(6):
            await pair.send(b"message %d" % number * 40)
        return pair

    def _say(self, data: bytes) -> None:
        self.said.append(data)
        self._waiting.append((self.server, data))

    def pump(self) -> None:
        """Carry what waits; an association that was attacked may say a lot."""
        for _ in range(1000):
            if not self._waiting:
                return
            end, data = self._waiting.popleft()
            end.feed(data)
        self._waiting.clear()

    async def send(self, message: bytes) -> None:
        """An honest message of the client's."""
        self.client.send(RELIABLE, message)
        for _ in range(20):  # aiortc does a part of its work in tasks
            self.pump()
            await asyncio.sleep(0)

    def close(self) -> None:
        self.server.close()
        self.client.close()


def entry(
    kind: str, samples: Samples, chance: random.Random, pairs: list[Association]
) -> Callable[[], None]:
    """One mutant more for a guarded entry, each time it is called."""
    local = build.Local("ufrag", "pwd" * 8, "AB:CD", ["candidate:1 1 udp 1 127.0.0.1 9 typ host"])
    joins, candidates = (
        samples.joins(),
        [b'{"candidate":"candidate:1","sdpMid":"0","sdpMLineIndex":0}'],
    )
    frames = [b"".join(framed(one) for one in samples.stun)]

    def sctp() -> None:
        pair = pairs[-1]
        pair.server.feed(mutants.sctp_of(pair.said[:40], chance))
        pair.pump()

    def signal() -> None:
        if chance.random() < 0.2:
            parse_candidate(mutants.bytes_of(candidates, chance).decode("utf-8", "replace"))
        else:
            parse_signal(mutants.signal_of(samples.signal, samples.sdp, chance))

    def join() -> None:
        raw = mutants.bytes_of(joins, chance)
        joining.unpack(base64.urlsafe_b64encode(raw).decode())

    return {
        "rtp": lambda: _rtp(mutants.bytes_of(samples.rtp, chance)),
        "rtcp": lambda: (rtcp.parse(mutants.bytes_of(samples.rtcp, chance)), None)[1],
        "stun": lambda: _stun(mutants.stun_of(samples.stun, chance, samples.key), samples.key),
        "sctp": sctp,
        "sdp": lambda: _sdp(mutants.text_of(samples.sdp, chance), local),
        "signal": signal,
        "data": lambda: (parse_data(mutants.bytes_of(samples.data, chance)), None)[1],
        "join": join,
        "tcp": lambda: _tcp(mutants.bytes_of(frames, chance), chance),
    }[kind]


@dataclass
class Tally:
    """What became of the mutants of one kind."""

    kind: str
    taken: int = 0
    refused: int = 0
    broken: list[str] = field(default_factory=list)
    slowest: float = 0.0


async def attack_entry(kind: str, samples: Samples, count: int, seed: int) -> Tally:
    """`count` mutants through one guarded entry."""
    chance, tally = random.Random(f"{kind}-{seed}"), Tally(kind)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: tally.broken.append(str(context)))
    pairs: list[Association] = []
    attempt = entry(kind, samples, chance, pairs)
    for number in range(count):
        if kind == "sctp" and number % 200 == 0:
            for pair in pairs:
                pair.close()
            pairs[:] = [await Association.made()]
        began = time.perf_counter()
        try:
            attempt()
            tally.taken += 1
        except ProtocolError:
            tally.refused += 1
        except Exception as error:
            tally.broken.append(f"mutant {number} of seed {seed}: {error!r}")
        tally.slowest = max(tally.slowest, time.perf_counter() - began)
        if number % 500 == 499:
            await asyncio.sleep(0)  # what SCTP left for later fails here, if it does
    await asyncio.sleep(0.01)
    loop.set_exception_handler(None)
    return tally


# --- a living server ----------------------------------------------------------------------------


class Siege:
    """A room with two honest people, and an attacker who may be there."""

    def __init__(self, media: MediaProcess, log: Path, samples: Samples, seed: int) -> None:
        self.media, self.log, self.samples = media, log, samples
        self.chance = random.Random(f"siege-{seed}")
        self.identity = Identity()
        self.honest: list[Person] = []
        self.sent: dict[str, int] = {}

    async def begin(self) -> None:
        for name in ("one", "two"):
            person = Person(self.media.url, token(name, "siege"), self.identity)
            await person.join()
            await person.publish()
            self.honest.append(person)
        await self.alive()

    async def alive(self) -> None:
        """Both honest people still hear each other: fifty more packets each."""
        before = [person.subscriber.packets for person in self.honest]
        async with asyncio.timeout(20):
            while any(
                person.subscriber.packets < count + 50
                for person, count in zip(self.honest, before, strict=True)
            ):
                await asyncio.sleep(0.05)

    def complaints(self) -> list[str]:
        """What the server's log should not hold: errors, with the whole of their tracebacks."""
        found: list[str] = []
        inside = False
        for line in self.log.read_text(errors="replace").splitlines():
            entry = re.match(r"\d{4}-\d\d-\d\d ", line) is not None
            inside = " ERROR " in line if entry else inside or line.startswith("Traceback")
            if inside:
                found.append(line)
        return found

    async def attacker(self) -> Attacker:
        access = token("attacker", "siege", can_update_own_metadata=True)
        person = Attacker(self.media.url, access, self.identity, data=True)
        try:
            async with asyncio.timeout(10):
                await person.prepare()
        except BaseException:
            await person.close()
            raise
        return person

    async def attack(self, kind: str, count: int) -> None:
        """`count` mutants of one kind, by an attacker who comes back whenever it is put out."""
        self.sent[kind] = self.sent.get(kind, 0) + count
        if kind in ("join", "whip"):
            await (self._join(count) if kind == "join" else self._whip(count))
            return
        if kind == "tcp":
            await self._tcp(count)
            return
        while count > 0:
            part, count = min(count, 100), count - min(count, 100)
            try:
                person = await self.attacker()
            except (OSError, TimeoutError):
                continue  # the one before is still being put out
            try:
                await self._batch(kind, person, part)
            finally:
                await person.close()

    async def _batch(self, kind: str, person: Attacker, count: int) -> None:
        send = self._sender(kind, person)
        for number in range(count):
            if person.ended.is_set():
                return
            with contextlib.suppress(pylibsrtp.Error, OSError, ValueError):
                await send()
            if number % 20 == 19:
                await asyncio.sleep(0.005)

    def _sender(self, kind: str, person: Attacker) -> Callable[[], asyncio.Future[None] | object]:
        chance, samples, publisher = self.chance, self.samples, person.publisher
        raw = publisher._agent

        async def send() -> None:
            if kind == "rtp":
                publisher.send(mutants.bytes_of(samples.rtp, chance)[:1400])
            elif kind == "rtcp":
                person.subscriber.send_rtcp(mutants.bytes_of(samples.rtcp, chance)[:1400])
            elif kind == "stun":
                key = raw._remote[1]
                raw.send(mutants.stun_of(samples.stun, chance, key)[:1400])
            elif kind == "sctp":
                publisher._send_data(mutants.sctp_of(person.said, chance)[:1100])
            elif kind == "sdp":
                text = mutants.text_of(samples.sdp, chance)
                description = rtc.SessionDescription(type="offer", sdp=text, id=1)
                which = chance.choice(("offer", "answer"))
                await person.request(rtc.SignalRequest(**{which: description}))
            elif kind == "data":
                publisher.channels.send(RELIABLE, mutants.bytes_of(samples.data, chance))
            elif person._socket is not None:
                message = mutants.signal_of(samples.signal, samples.sdp, chance)
                with contextlib.suppress(Exception):  # the server has closed it
                    await person._socket.send(message)

        return send

    async def _join(self, count: int) -> None:
        joins = self.samples.joins()
        async with aiohttp.ClientSession() as session:
            for _ in range(count):
                raw = mutants.bytes_of(joins, self.chance)
                query = {"join_request": base64.urlsafe_b64encode(raw).decode()}
                headers = {"Authorization": f"Bearer {token('attacker', 'siege')}"}
                address = f"{self.media.http}/rtc/v1"
                with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                    async with session.ws_connect(address, params=query, headers=headers) as ws:
                        await ws.receive(timeout=0.05)

    async def _whip(self, count: int) -> None:
        headers = {"Authorization": f"Bearer {token('encoder', 'siege')}"}
        headers["Content-Type"] = "application/sdp"
        async with aiohttp.ClientSession() as session:
            for _ in range(count):
                body = mutants.text_of(self.samples.sdp, self.chance).encode("utf-8", "replace")
                async with session.post(
                    f"{self.media.http}/whip", data=body, headers=headers
                ) as answer:
                    assert answer.status < 500 or answer.status == 503, answer.status

    async def _tcp(self, count: int) -> None:
        port = int(read_figures(self.media)["tcp_port"])
        if not port:
            return
        frames = [b"".join(framed(one) for one in self.samples.stun)]
        for _ in range(count):
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", port), 2) as sock,
            ):
                sock.sendall(mutants.bytes_of(frames, self.chance))
            await asyncio.sleep(0)

    async def end(self) -> None:
        for person in self.honest:
            await person.close()


def start(folder: Path) -> tuple[MediaProcess, Path]:
    """A server whose log is kept."""
    log = folder / "media.log"
    return launch(log=log), log


async def run(
    count: int, seed: int, kinds: Sequence[str] = KINDS, *, tell: bool = True
) -> list[str]:
    """Everything; what went wrong. A living server gets a fiftieth."""
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="duikou-fuzz-") as folder:
        media, log = await asyncio.to_thread(start, Path(folder))
        try:
            samples = await gather(media)
            for kind in kinds:
                wrong += await _entry_in_parts(
                    kind, samples, count // 5 if kind in SLOW else count, seed, tell
                )
            siege = Siege(media, log, samples, seed)
            await siege.begin()
            before = read_figures(media)["resident_bytes"]
            for kind in (*kinds, "whip"):
                began = time.monotonic()
                # Each accepted offer of an encoder makes a participant of its own.
                await siege.attack(kind, max(40, count // (1000 if kind == "whip" else 50)))
                await siege.alive()
                grown = (read_figures(media)["resident_bytes"] - before) / 1e6
                if tell:
                    print(f"living  {kind:7} {siege.sent[kind]:9,}  room up  {grown:+6.1f} MB"
                          f"  {time.monotonic() - began:6.1f} s", flush=True)  # fmt: skip
            wrong += siege.complaints()
            await siege.end()
            if grown > 150:
                wrong.append(f"memory grew by {grown:.0f} MB")
        finally:
            await asyncio.to_thread(media.stop)
    return wrong


async def _entry_in_parts(
    kind: str, samples: Samples, count: int, seed: int, tell: bool
) -> list[str]:
    began, total = time.monotonic(), Tally(kind)
    part = 0
    while total.taken + total.refused + len(total.broken) < count:
        left = count - total.taken - total.refused - len(total.broken)
        found = await attack_entry(kind, samples, min(50_000, left), seed * 1000 + part)
        part += 1
        total.taken += found.taken
        total.refused += found.refused
        total.broken += found.broken
        total.slowest = max(total.slowest, found.slowest)
        if tell and sys.stderr.isatty():
            print(f"\r{kind} {total.taken + total.refused:,}", end="", file=sys.stderr)
        if len(total.broken) > 20:
            break
    if tell:
        print(f"entry   {kind:7} {total.taken + total.refused:9,}  taken {total.taken:9,}"
              f"  refused {total.refused:9,}  broken {len(total.broken)}"
              f"  slowest {total.slowest * 1000:.0f} ms  {time.monotonic() - began:6.1f} s", flush=True)  # fmt: skip
    return [f"{kind}: {text}" for text in total.broken[:20]]


def main() -> int:
    parser = argparse.ArgumentParser(description="Mutants against the media server")
    parser.add_argument("--count", type=int, default=1_000_000, help="mutants of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(KINDS))
    found = parser.parse_args()
    wrong = asyncio.run(run(found.count, found.seed, found.kinds.split(",")))
    print(*wrong[:50], sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
