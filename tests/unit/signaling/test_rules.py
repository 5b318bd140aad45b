"""Sharing of capacity, whole seconds, SDP answers, DTLS in memory, the spool."""

import asyncio
import contextlib
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from OpenSSL import SSL

from signaling.bandwidth import Capacity, Demand, allocate
from signaling.demand import LOWER_AFTER
from signaling.demand import Demand as Asked
from signaling.errors import ProtocolError
from signaling.forward.intervals import Seconds
from signaling.sdp import build, parse
from signaling.spool import Spool
from signaling.transport.addresses import Endpoint, candidate_lines
from signaling.transport.dtls import DtlsSession, Identity

from .test_parsers import OFFER

LAYERS = {0: 150e3, 1: 500e3, 2: 1500e3}


def test_everybody_gets_the_lowest_before_anybody_gets_more() -> None:
    demands = [Demand(dict(LAYERS), 1), Demand(dict(LAYERS), 3), Demand(dict(LAYERS), 2)]
    assert allocate(demands, math.inf) == [2, 2, 2]
    assert allocate(demands, 450e3) == [0, 0, 0]
    assert allocate(demands, 1200e3) == [0, 1, 1]
    assert allocate(demands, 1800e3) == [0, 2, 0]
    assert allocate(demands, 310e3) == [None, 0, 0]
    assert allocate(demands, 0) == [None, None, None]


def test_a_track_without_packets_waits_for_its_first_layer() -> None:
    assert allocate([Demand({}, 1)], 0) == [0]


def test_capacity_falls_at_once_and_is_tried_again_later() -> None:
    capacity = Capacity()
    assert capacity.update(0.0, 1e6, math.inf, 0.0) == math.inf
    assert capacity.update(1.0, 1e6, 0.5e6, 0.0) == 0.5e6
    assert capacity.update(2.0, 0.4e6, 0.5e6, 0.0) == 0.5e6
    assert capacity.update(7.0, 0.4e6, 0.5e6, 0.0) == 1e6
    assert capacity.update(8.0, 0.9e6, 0.5e6, 0.0) == 0.5e6
    assert capacity.update(14.0, 0.4e6, 0.5e6, 0.0) == 0.5e6  # the second try comes later
    assert capacity.update(17.0, 0.4e6, 0.5e6, 0.2) < 0.5e6


def test_layers_go_up_at_once_and_down_after_a_while() -> None:
    asked = Asked()
    assert asked.settle(1, 0.0)
    assert not asked.settle(1, 1.0)
    assert asked.settle(2, 2.0)
    assert not asked.settle(0, 3.0)
    assert not asked.settle(2, 4.0)  # wanted again in time
    assert not asked.settle(0, 5.0)
    assert not asked.settle(0, 5.0 + LOWER_AFTER - 0.1)
    assert asked.settle(0, 5.0 + LOWER_AFTER)
    assert asked.top == 0


@given(st.lists(st.integers(1000, 1060), max_size=60), st.integers(1000, 1060))
def test_seconds_are_kept_once_and_taken_once(marks: list[int], border: int) -> None:
    marks.sort()
    kept = Seconds()
    for second in marks:
        kept.mark(second)
    first, rest = kept.take(1000, border), kept.take(border, 2000)
    for ranges, low, high in ((first, 1000, border), (rest, border, 2000)):
        covered = [s for start, end in ranges for s in range(start, end)]
        assert covered == sorted({s for s in marks if low <= s < high})


def test_filled_seconds_do_not_overlap_marked_ones() -> None:
    kept = Seconds()
    kept.mark(10)
    kept.fill(5, 14)
    kept.fill(20, 20)
    kept.fill(20, 22)
    assert kept.take(0, 100) == [[10, 14], [20, 22]]


CANDIDATES = candidate_lines([Endpoint("127.0.0.1"), Endpoint("::1")], 7882, 0)
LOCAL = build.Local("ufrag", "password", "AA:BB", CANDIDATES)


def answered(text: str) -> str:
    """The answer to an offer of which all media is taken."""
    offer = parse.parse(text)
    return build.answer(
        offer, LOCAL, {s.mid: build.Part(build.accepted(s)) for s in offer.sections}
    )


def test_the_answer_takes_opus_and_vp8_and_leaves_the_rest() -> None:
    answer = answered(OFFER)
    found = parse.parse(answer.replace("AA:BB", ":".join(["AA"] * 32)))
    audio, video, data = found.sections
    assert audio.formats == ["111"]
    assert video.formats == ["96", "97"]
    assert (audio.direction, video.direction) == ("recvonly", "recvonly")
    assert "a=simulcast:recv q;h;f" in answer
    assert "a=ice-lite" in answer
    assert answer.count("a=candidate:") == 2
    assert data.kind == "application"
    assert [s.setup for s in found.sections] == ["passive"] * 3


def test_a_sound_that_must_not_pause_is_asked_for_without_dtx() -> None:
    offer = parse.parse(OFFER)
    section = offer.sections[0]
    for pauses in (True, False):
        part = build.Part(build.accepted(section), pauses=pauses)
        assert ("usedtx=1" in build.answer(offer, LOCAL, {section.mid: part})) is pauses


def test_a_section_that_cannot_be_taken_is_refused() -> None:
    only_av1 = OFFER.replace("VP8/90000", "AV1/90000")
    answer = answered(only_av1)
    assert "m=video 0 " in answer
    assert "a=group:BUNDLE 0 2" in answer


def test_the_offer_can_be_read_by_our_own_parser() -> None:
    slots = [
        build.Slot("1", "audio", "opus", "PA_x|TR_a", "TR_a", 11, 12),
        build.Slot("2", "video", "vp8", "PA_x|TR_v", "TR_v", 21, 22),
        build.Slot("3", "video"),
    ]
    local = build.Local("ufrag", "password", ":".join(["AA"] * 32), CANDIDATES[:1])
    offer = parse.parse(build.offer(slots, "0", local, 3))
    assert [s.mid for s in offer.sections] == ["0", "1", "2", "3"]
    assert offer.sections[2].msid == "PA_x|TR_v TR_v"
    assert offer.sections[2].repairs == {22: 21}
    assert [s.sends for s in offer.sections[1:]] == [True, True, False]


def shake(server: DtlsSession, client: DtlsSession) -> None:
    client.handshake()
    for _ in range(8):
        for datagram in client.take():
            server.feed(datagram)
        for datagram in server.take():
            client.feed(datagram)


def test_dtls_connects_and_both_sides_hold_the_same_keys() -> None:
    mine, theirs = Identity(), Identity()
    server, client = DtlsSession(mine), DtlsSession(theirs, server=False)
    server.expected = [("sha-256", theirs.fingerprint)]
    client.expected = [("sha-256", mine.fingerprint)]
    shake(server, client)
    assert server.connected
    assert client.connected
    receive, send = server.media_keys()
    receive_there, _ = client.media_keys()
    assert send.profile.name == b"SRTP_AEAD_AES_128_GCM"
    packet = bytes((0x80, 96)) + bytes(30)
    assert receive_there._session.unprotect(send.protect(packet)) == packet
    with pytest.raises(Exception, match=r".+"):
        receive._session.unprotect(send.protect(packet[:3] + b"\1" + packet[4:]))


def connected(
    *, server: bool = True, theirs: Identity | None = None
) -> tuple[DtlsSession, DtlsSession]:
    """Ours, on this side, and a client's."""
    mine, theirs = Identity(), theirs or Identity()
    ours, client = DtlsSession(mine, server=server), DtlsSession(theirs, server=not server)
    ours.expected = [("sha-256", theirs.fingerprint)]
    client.expected = [("sha-256", mine.fingerprint)]
    shake(*((ours, client) if server else (client, ours)))
    assert ours.connected
    assert client.connected
    return ours, client


def test_each_record_of_a_datagram_is_a_message_of_its_own() -> None:
    ours, client = connected()
    for number in range(20):
        said = [b"%d of %d" % (index, number) for index in range(number)]
        assert ours.feed(b"".join(b"".join(client.send(one)) for one in said)) == said
    garbled = (
        b"\x17\xfe\xff" + bytes(8) + (200).to_bytes(2, "big")
    )  # OpenSSL looks behind such a head
    assert (
        ours.feed(garbled + b"".join(b"".join(client.send(b"x")) for _ in range(5))) == [b"x"] * 5
    )
    assert ours.feed(b"".join(client.send(b"last") + client.shutdown())) == [b"last"]
    assert ours.closed
    assert ours.feed(b"".join(client.send(b"after the end"))) == []


@pytest.mark.parametrize("server", [True, False])
def test_nobody_shakes_hands_twice(server: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(SSL, "OP_NO_RENEGOTIATION", SSL.OP_NO_TICKET)
        willing = Identity()
    ours, client = connected(server=server, theirs=willing)
    client._ssl.renegotiate()
    with contextlib.suppress(SSL.Error):
        client._ssl.do_handshake()
    asked = client.take()
    assert asked
    for datagram in asked:
        assert ours.feed(datagram) == []
    assert all(datagram[0] == 21 for datagram in ours.take())  # alerts
    assert client.feed(b"".join(ours.send(b"on it goes"))) == [b"on it goes"]


def test_a_dtls_client_has_the_keys_before_the_servers_last_word() -> None:
    mine, theirs = Identity(), Identity()
    server, client = DtlsSession(theirs), DtlsSession(mine, server=False)
    server.expected = [("sha-256", mine.fingerprint)]
    client.expected = [("sha-256", theirs.fingerprint)]
    client.handshake()
    for datagram in client.take():
        server.feed(datagram)
    assert not client.keyed
    for datagram in server.take():
        client.feed(datagram)
    flight = client.take()
    assert (client.keyed, client.connected) == (True, False)
    assert client.resend() == flight
    _, send = client.media_keys()
    for datagram in flight:
        server.feed(datagram)
    receive, _ = server.media_keys()
    packet = bytes((0x80, 96)) + bytes(30)
    assert receive._session.unprotect(send.protect(packet)) == packet
    for datagram in server.take():
        client.feed(datagram)
    assert client.connected
    assert client.resend() == client.last_flight() == []


def test_a_dtls_client_says_nothing_more_to_a_server_that_is_another() -> None:
    mine, theirs = Identity(), Identity()
    server, client = DtlsSession(theirs), DtlsSession(mine, server=False)
    client.expected = [("sha-256", ":".join(["00"] * 32))]
    client.handshake()
    for datagram in client.take():
        server.feed(datagram)
    for datagram in server.take():
        client.feed(datagram)
    with pytest.raises(ProtocolError):
        client.take()
    assert not client.keyed
    assert client.resend() == []


@pytest.mark.parametrize("promised", [[], [("sha-256", ":".join(["00"] * 32))], [("md5", "00")]])
def test_a_certificate_that_was_not_promised_is_refused(promised: list[tuple[str, str]]) -> None:
    mine, theirs = Identity(), Identity()
    server, client = DtlsSession(mine), DtlsSession(theirs, server=False)
    server.expected = promised
    client.expected = [("sha-256", mine.fingerprint)]
    with pytest.raises(ProtocolError):
        shake(server, client)
    assert not server.connected


@given(st.binary(min_size=1, max_size=80))
def test_garbage_is_no_handshake(data: bytes) -> None:
    server = DtlsSession(IDENTITY)
    server.expected = [("sha-256", IDENTITY.fingerprint)]
    with contextlib.suppress(ProtocolError):
        assert server.feed(b"\x16" + data) == []
    assert not server.connected


IDENTITY = Identity()


async def test_the_spool_keeps_order_across_a_restart(tmp_path: Path) -> None:
    first = Spool(tmp_path)
    first.start()
    for number in range(5):
        first.put(b"%d" % number)
    name, body = await first.first()
    assert body == b"0"
    await first.done(name)
    await first.stop()
    again = Spool(tmp_path)
    again.start()
    again.put(b"new")
    seen = []
    async with asyncio.timeout(5):
        while len(again) or len(seen) < 5:
            name, body = await again.first()
            seen.append(body)
            await again.done(name)
    await again.stop()
    assert seen == [b"1", b"2", b"3", b"4", b"new"]
    assert not list(tmp_path.iterdir())


async def test_half_written_messages_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "0000000000000001.json.tmp").write_bytes(b"half")
    spool = Spool(tmp_path)
    spool.start()
    spool.put(b"whole")
    name, body = await spool.first()
    assert body == b"whole"
    await spool.done(name)
    await spool.stop()
