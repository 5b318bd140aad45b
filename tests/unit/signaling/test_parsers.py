"""Guarded parsers: whatever the bytes, a value or a ProtocolError; nothing else."""

import base64
import gzip
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol import models, rtc

from signaling import joining
from signaling.datatracks import handle_of
from signaling.errors import ProtocolError
from signaling.forward import h264, picture, rtcp, rtp, vp8, vp9
from signaling.forward.twcc import Feedback
from signaling.messages import parse_candidate, parse_data, parse_signal
from signaling.sdp import parse as sdp
from signaling.tokens import grants, verify
from signaling.transport import stun

JOIN = rtc.WrappedJoinRequest(
    compression=rtc.WrappedJoinRequest.GZIP,
    join_request=gzip.compress(rtc.JoinRequest(metadata="m" * 50).SerializeToString()),
).SerializeToString()
KEY = b"a-password-of-22-chars"
REQUEST = stun.binding_request("local:remote", KEY, nominate=True)
OFFER = "\r\n".join(
    [
        "v=0",
        "o=- 1 2 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE 0 1 2",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111 63",
        "a=mid:0",
        "a=ice-ufrag:abcd",
        "a=ice-pwd:0123456789012345678901",
        "a=fingerprint:sha-256 " + ":".join(["AB"] * 32),
        "a=setup:actpass",
        "a=sendonly",
        "a=msid:stream voice",
        "a=rtpmap:111 opus/48000/2",
        "a=fmtp:111 minptime=10;useinbandfec=1",
        "a=rtpmap:63 red/48000/2",
        "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
        "a=mid:1",
        "a=sendonly",
        "a=rtpmap:96 VP8/90000",
        "a=rtcp-fb:96 nack pli",
        "a=rtpmap:97 rtx/90000",
        "a=fmtp:97 apt=96",
        "a=rid:f send",
        "a=rid:h send",
        "a=rid:q send",
        "a=simulcast:send f;~h;q",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "a=mid:2",
        "",
    ]
)


def mutations(valid: bytes) -> st.SearchStrategy[bytes]:
    """Bytes like `valid` with a few places changed, cut or grown."""
    place = st.tuples(st.integers(0, len(valid) - 1), st.integers(0, 255))

    def apply(changes: list[tuple[int, int]], cut: int, tail: bytes) -> bytes:
        data = bytearray(valid)
        for at, value in changes:
            data[at] = value
        return bytes(data[:cut]) + tail

    return st.builds(
        apply, st.lists(place, max_size=6), st.integers(0, len(valid)), st.binary(max_size=12)
    )


def tried(parser: object, data: object) -> object:
    """The parser's value, or None for its typed refusal; anything else fails the test."""
    assert callable(parser)
    try:
        return parser(data)
    except ProtocolError:
        return None


@given(st.binary(max_size=200) | mutations(JOIN))
def test_a_join_request_is_a_value_or_a_refusal(data: bytes) -> None:
    tried(joining.unpack, base64.urlsafe_b64encode(data).decode())


@given(st.text(max_size=100))
def test_a_join_query_is_a_value_or_a_refusal(text: str) -> None:
    names = ("join_request", "attributes", "sdk", "protocol", "reconnect")
    for name in names:
        tried(lambda query: joining.read(query, single=False, strict=True), {name: text})


def test_a_join_request_unpacks_to_a_mebibyte_at_most() -> None:
    bomb = rtc.WrappedJoinRequest(
        compression=rtc.WrappedJoinRequest.GZIP, join_request=gzip.compress(bytes(50 << 20))
    )
    with pytest.raises(ProtocolError, match="1 MiB"):
        joining.unpack(base64.urlsafe_b64encode(bomb.SerializeToString()).decode())


@pytest.mark.parametrize(
    "wish",
    [
        rtc.JoinRequest(client_info=models.ClientInfo(capabilities=[1] * 5000)),
        rtc.JoinRequest(add_track_requests=[rtc.AddTrackRequest()] * 33),
    ],
)
def test_a_join_request_that_all_would_suffer_from_is_refused(wish: rtc.JoinRequest) -> None:
    wrapped = rtc.WrappedJoinRequest(join_request=wish.SerializeToString())
    text = base64.urlsafe_b64encode(wrapped.SerializeToString()).decode()
    with pytest.raises(ProtocolError):
        joining.read({"join_request": text}, single=True)


@given(st.binary(max_size=40))
def test_a_data_track_packet_has_a_handle_or_is_refused(data: bytes) -> None:
    tried(handle_of, data)


@given(st.binary(max_size=200) | mutations(REQUEST))
def test_stun_is_a_value_or_a_refusal(data: bytes) -> None:
    found = tried(stun.parse, data)
    if isinstance(found, stun.StunMessage):
        stun.integrity_ok(data, found, KEY)


def test_a_stun_request_comes_back_as_it_was_made() -> None:
    found = stun.parse(REQUEST)
    assert (found.kind, found.username) == (stun.BINDING_REQUEST, "local:remote")
    assert found.use_candidate
    assert stun.integrity_ok(REQUEST, found, KEY)
    assert not stun.integrity_ok(REQUEST, found, b"another")


def test_a_stun_answer_carries_the_address() -> None:
    answer = stun.binding_success(bytes(12), "192.0.2.1", 32853, KEY)
    found = stun.parse(answer)
    assert found.kind == stun.BINDING_SUCCESS
    port, address = struct.unpack_from("!HI", answer, 26)
    assert port ^ 0x2112 == 32853
    assert (address ^ 0x2112A442).to_bytes(4, "big") == bytes((192, 0, 2, 1))


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        REQUEST[:19],
        REQUEST[:-1],
        REQUEST[:4] + b"\0\0\0\0" + REQUEST[8:],
        REQUEST[:-1] + bytes((REQUEST[-1] ^ 1,)),
        stun.binding_error(bytes(12), 401, "x")[:-8] + b"\x80\x28\x00\x05aaaa",
    ],
    # The transaction id is random, so the bytes make no name that two workers agree on.
    ids=["empty", "short header", "cut", "no cookie", "wrong fingerprint", "long attribute"],
)
def test_bad_stun_is_refused(bad: bytes) -> None:
    with pytest.raises(ProtocolError):
        stun.parse(bad)


# A packet with one CSRC, a one-byte extension block and padding.
PACKET = (
    struct.pack("!BBHIII", 0xB1, 0x80 | 96, 7, 9000, 1234, 5)
    + b"\xbe\xde\x00\x02\x10\x31\x52\x01\x02\x03\x00\x00"
    + b"payload"
    + b"\x00\x00\x03"
)


@given(st.binary(max_size=64) | mutations(PACKET))
def test_rtp_is_a_value_or_a_refusal(data: bytes) -> None:
    where = tried(rtp.layout, data)
    if isinstance(where, rtp.Layout):
        assert 12 <= where.payload <= where.end <= len(data)
        for _, at, size in tried(lambda d: rtp.elements(d, where), data) or ():  # type: ignore[attr-defined]
            assert at + size <= where.extensions_end


def test_an_rtp_packet_is_taken_apart() -> None:
    where = rtp.layout(PACKET)
    assert PACKET[where.payload : where.end] == b"payload"
    assert rtp.elements(PACKET, where) == [(1, 21, 1), (5, 23, 3)]


COMPOUND = (
    rtcp.receiver_report(1, [rtcp.Block(2, 10, -5, 70000, 33, 44, 55)])
    + rtcp.nack(1, 2, [65534, 65535, 3, 90])
    + rtcp.picture_loss(1, 2)
    + rtcp.remb(1, 1_500_000, [2])
    + rtcp.sender_report(9, 1 << 60, 90000, 5, 6)
)


@given(st.binary(max_size=120) | mutations(COMPOUND))
def test_rtcp_is_a_value_or_a_refusal(data: bytes) -> None:
    tried(rtcp.parse, data)


def test_rtcp_comes_back_as_it_was_written() -> None:
    report, nack, picture, remb, sender = rtcp.parse(COMPOUND)
    assert report == rtcp.ReceiverReport(1, (rtcp.Block(2, 10, -5, 70000, 33, 44, 55),))
    assert nack == rtcp.Nack(2, (65534, 65535, 3, 90))
    assert picture == rtcp.PictureLoss((2,))
    assert isinstance(remb, rtcp.Remb)
    assert 1_490_000 < remb.bitrate <= 1_500_000
    assert sender == rtcp.SenderReport(9, 1 << 60, 90000, 5, 6, ())


def test_nacks_for_too_much_together_are_refused() -> None:
    one = rtcp.nack(1, 2, list(range(500)))
    assert len(rtcp.parse(one * 2)) == 2
    with pytest.raises(ProtocolError):
        rtcp.parse(one * 3)


def test_transport_feedback_on_more_than_was_sent_is_not_looked_at() -> None:
    body = struct.pack("!IIHHIH", 1, 2, 7, 4096, 0, 4096) + bytes(2)  # one run: none arrived
    feedback = struct.pack("!BBH", 0x8F, rtcp.RTPFB, len(body) // 4) + body
    nack = rtcp.nack(1, 2, [3])
    for reportable, read in ((0, 0), (4095, 0), (4096, 1), (9000, 2)):
        found = rtcp.parse(feedback + feedback + nack, reportable)
        assert [type(report) for report in found] == [Feedback] * read + [rtcp.Nack]


def test_a_nack_for_too_much_is_refused() -> None:
    body = struct.pack("!II", 1, 2) + b"\x00\x01\xff\xff" * 100
    with pytest.raises(ProtocolError):
        rtcp.parse(struct.pack("!BBH", 0x81, rtcp.RTPFB, len(body) // 4) + body)


@pytest.mark.parametrize("read", [vp8.describe, vp9.describe, h264.Reader()])
@given(st.binary(max_size=24), st.integers(0, 0x7FFF))
def test_a_video_payload_is_a_value_or_a_refusal(
    read: picture.Reader, data: bytes, by: int
) -> None:
    found = tried(read, data)
    if isinstance(found, picture.Descriptor):
        moved = picture.shift(data, found, by, 3)
        assert len(moved) == len(data)
        assert tried(read, moved)._replace(picture=0, tl0=0) == found._replace(picture=0, tl0=0)


@given(
    st.text(max_size=300) | mutations(OFFER.encode()).map(lambda b: b.decode("utf-8", "replace"))
)
def test_sdp_is_a_value_or_a_refusal(text: str) -> None:
    tried(sdp.parse, text)


def test_an_offer_is_understood() -> None:
    offer = sdp.parse(OFFER)
    audio, video, data = offer.sections
    assert (offer.ufrag, offer.setup, offer.bundle) == ("abcd", "actpass", ["0", "1", "2"])
    assert offer.fingerprints == [("sha-256", ":".join(["AB"] * 32))]
    assert (audio.kind, audio.msid, audio.sends) == ("audio", "stream voice", True)
    assert audio.codecs[111].name == "opus"
    assert video.rids == ["q", "h", "f"]
    assert video.codecs[96].feedback == ["nack pli"]
    assert data.kind == "application"


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "v=1\r\n",
        "v=0\r\nm=video nine UDP/TLS/RTP/SAVPF 96\r\n",
        "v=0\r\nm=text 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n",
        "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n",
        OFFER.replace("a=mid:1", "a=mid:0"),
        OFFER.replace("VP8/90000", "VP8"),
        OFFER.replace("a=setup:actpass", "a=setup:maybe"),
        OFFER + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:x\r\n" * 300,
        "v=0\r\n" + "a" * sdp.MAX_LENGTH,
    ],
)
def test_bad_sdp_is_refused(bad: str) -> None:
    with pytest.raises(ProtocolError):
        sdp.parse(bad)


@given(st.binary(max_size=80))
def test_signal_and_data_messages_are_a_value_or_a_refusal(data: bytes) -> None:
    tried(parse_signal, data)
    tried(parse_data, data)


@given(st.text(max_size=40))
def test_candidates_are_a_value_or_a_refusal(text: str) -> None:
    tried(parse_candidate, text)


@given(
    st.dictionaries(
        st.sampled_from(["sub", "name", "metadata", "attributes", "video"]),
        st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)
        | st.dictionaries(
            st.sampled_from(["room", "roomJoin", "canPublish", "canPublishSources"]),
            st.none() | st.booleans() | st.text(max_size=5) | st.lists(st.text(max_size=3)),
        ),
    )
)  # fmt: skip
def test_claims_are_a_value_or_a_refusal(claims: dict[str, object]) -> None:
    tried(grants, claims)


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "\ud800"},
        {"name": "\udfff\ud800"},
        {"metadata": "\ud800"},
        {"attributes": {"\ud800": "x"}},
        {"attributes": {"x": "\ud800"}},
        {"video": {"room": "\ud800"}},
        {"roomConfig": {"metadata": "\ud800"}},
    ],
)
def test_half_a_surrogate_pair_is_no_text(claims: dict[str, object]) -> None:
    with pytest.raises(ProtocolError, match="surrogate"):
        grants(claims)


@given(st.text(max_size=60))
def test_nobody_gets_in_with_a_made_up_token(token: str) -> None:
    with pytest.raises(ProtocolError):
        verify(token, "key", "a-secret-of-at-least-thirty-two-bytes")
