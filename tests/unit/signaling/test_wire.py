"""Which header extensions a connection that was answered so is written."""

import pytest

from signaling.forward.wire import VIDEO, guarded
from signaling.sdp import build, parse


def section(*extensions: str) -> parse.Section:
    lines = ["v=0", "m=video 9 UDP/TLS/RTP/SAVPF 96", "a=mid:0", "a=recvonly"]
    lines += ["a=rtpmap:96 VP8/90000", *(f"a=extmap:{text}" for text in extensions)]
    return parse.parse("\r\n".join(lines)).sections[0]


CONGESTION, DELAY = "5 " + build.TRANSPORT_CC, "6 " + build.PLAYOUT_DELAY


@pytest.mark.parametrize(
    ("taken", "numbers"),
    [
        ((CONGESTION, DELAY), (5, 6)),
        ((CONGESTION,), (5, 0)),
        ((CONGESTION, "15 " + build.PLAYOUT_DELAY), (5, 0)),  # only two-byte headers have it
        ((DELAY,), None),
        ((), None),
    ],
)
def test_a_guarded_line_is_written_as_it_was_answered(
    taken: tuple[str, ...], numbers: tuple[int, int] | None
) -> None:
    wire = guarded(VIDEO, section(*taken))
    assert (wire and (wire.transport_cc, wire.playout_delay)) == numbers


def test_subscribers_are_offered_what_guards_need() -> None:
    local = build.Local("u", "p", ":".join(["AB"] * 32), [])
    text = build.offer([build.Slot("1", "video", "vp8", "s", "t", 1, 2)], "0", local, 1)
    extensions = parse.parse(text).sections[1].extensions.values()
    assert {build.TRANSPORT_CC, build.PLAYOUT_DELAY, build.ABS_SEND_TIME} <= set(extensions)
