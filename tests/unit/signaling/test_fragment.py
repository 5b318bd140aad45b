"""ICE fragments of WHIP and WHEP."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.errors import ProtocolError
from signaling.sdp import build, fragment


def test_what_a_client_trickles() -> None:
    text = (
        "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 RTP/AVP 0\r\n"
        "a=mid:0\r\na=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host\r\n"
        "a=end-of-candidates\r\n"
    )
    assert fragment.parse(text) == fragment.Fragment("EsAw", "P2uYro0UCOQ4zxjKXaWCBui1", 1)


def test_what_is_built_can_be_read() -> None:
    local = build.Local("name", "password", "AB", ["a=candidate:1 1 udp 1 192.0.2.1 7882 typ host"])
    text = fragment.build(local, "video", "0")
    assert fragment.parse(text) == fragment.Fragment("name", "password", 1)


@pytest.mark.parametrize(
    "text",
    [
        "v=0\r\n",
        "hello",
        "a=ice-ufrag:one\r\na=ice-ufrag:two\r\n",
        "a=ice-pwd:" + "x" * 300,
        "a=mid:0\r\n" * 300,
    ],
)
def test_what_is_no_fragment(text: str) -> None:
    with pytest.raises(ProtocolError):
        fragment.parse(text)


@given(st.text(max_size=400))
def test_any_text_is_a_fragment_or_an_error(text: str) -> None:
    with contextlib.suppress(ProtocolError):
        assert fragment.parse(text).candidates >= 0
