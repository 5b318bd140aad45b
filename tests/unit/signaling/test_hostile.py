"""What a hostile publisher may send once it is connected: any bytes, any numbers, any SSRC. Nothing
raises, and what is kept of it stays bounded."""

import asyncio
import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from signaling.clock import Clock
from signaling.forward import rtcp
from signaling.forward.dispatcher import Dispatcher
from signaling.forward.down import DownTrack
from signaling.forward.receiver import Receiver
from signaling.forward.twcc import Arrivals
from signaling.forward.up import CACHE, UpTrack
from signaling.sdp import parse
from signaling.transport.srtp import GCM_128
from signaling.transport.udp import Counters

OFFER = """v=0
o=- 1 1 IN IP4 0.0.0.0
s=-
t=0 0
a=group:BUNDLE 0 1
a=ice-ufrag:abcd
a=ice-pwd:abcdefghijklmnopqrstuvwx
a=fingerprint:sha-256 {finger}
m=audio 9 UDP/TLS/RTP/SAVPF 111
c=IN IP4 0.0.0.0
a=mid:0
a=sendonly
a=rtpmap:111 opus/48000/2
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
m=video 9 UDP/TLS/RTP/SAVPF 96 97
c=IN IP4 0.0.0.0
a=mid:1
a=sendonly
a=rtpmap:96 VP8/90000
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
""".format(finger=":".join(["AA"] * 32)).replace("\n", "\r\n")


class Line:
    """Stands for both connections; counts what is sent to it."""

    def __init__(self) -> None:
        self.feedback = self.bursts = self.longest = 0
        self.sending = type("Context", (), {"profile": GCM_128})()
        self.direct = self.fanout = None

    def send_rtcp(self, packet: bytes) -> None:
        self.feedback += 1
        self.longest = max(self.longest, len(packet))

    def send_burst(self, blob: bytes, sizes: list[int], stride: int) -> None:
        self.bursts += 1


def publisher() -> tuple[Receiver, Dispatcher, list[UpTrack], Line]:
    line, dispatcher = Line(), Dispatcher(Counters(), Clock())
    receiver = Receiver(line, dispatcher)  # type: ignore[arg-type]
    receiver.configure(parse.parse(OFFER))
    tracks = [
        UpTrack("TR_a", video=False, rids=[""]),
        UpTrack("TR_v", video=True, rids=[""]),
    ]
    for mid, track in enumerate(tracks):
        receiver.assign(str(mid), track)
        down = DownTrack(track, line, dispatcher.counters)  # type: ignore[arg-type]
        track.on_layer = down.aim
    return receiver, dispatcher, tracks, line


def packet(kind: int, sequence: int, ssrc: int, extension: bytes, body: bytes) -> bytes:
    head = struct.pack("!BBHII", 0x90, kind, sequence, sequence * 900, ssrc)
    return head + struct.pack("!HH", 0xBEDE, len(extension) // 4) + extension + body


MID = (b"\x400\0\0", b"\x401\0\0")
near = st.builds(
    packet,
    st.sampled_from([96, 97, 111, 96 | 128, 35]),
    st.integers(0, 65535),
    st.sampled_from([1, 2, 3, 0, 0xFFFFFFFF]),
    st.sampled_from([*MID, b"", b"\x31\x12\x34\0", b"\xf0\xff\xff\xff", b"\x3f\0\0\0", bytes(8)]),
    st.sampled_from([b"", b"\x10\x02", b"\x11", b"\x90\xe0\x80\x01\x01\x00\x10", b"\x80\x80"])
    | st.binary(max_size=30),
)


@settings(max_examples=80)
@given(st.lists(near | st.binary(max_size=60), max_size=40))
def test_whatever_comes_is_taken_or_refused(packets: list[bytes]) -> None:
    receiver, dispatcher, tracks, _ = publisher()
    for number, data in enumerate(packets):
        receiver.on_rtp(data, number / 50)
        dispatcher.after_drain(number / 50)
    receiver.tick(9.0, report=True)
    for track in tracks:
        assert len(track.used) <= 5
        assert all(len(layer.missing) <= 400 for layer in track.used)
        assert all(not layer.batch for layer in track.used)


def test_thousands_of_ssrcs_make_no_thousands_of_layers() -> None:
    receiver, dispatcher, tracks, _ = publisher()
    for number in range(3000):
        body = b"\x10\x02" + bytes(200)
        receiver.on_rtp(packet(96, number & 0xFFFF, number + 10, MID[1], body), number / 500)
        dispatcher.after_drain(number / 500)
    video = tracks[1]
    assert len(video.used) <= 64
    assert sum(len(layer.cache) for layer in video.used) <= CACHE + 64 * 16
    assert dispatcher.counters.refused >= 2900


def test_leaps_of_the_sequence_number_cost_nothing() -> None:
    receiver, dispatcher, tracks, line = publisher()
    for number in range(3000):
        data = packet(96, number * 21001 & 0xFFFF, 7, MID[1], b"\x11\x02" + bytes(50))
        receiver.on_rtp(data, number / 1000)
        dispatcher.after_drain(number / 1000)
    layer = tracks[1].layers[0]
    assert len(layer.missing) <= 400
    assert line.feedback <= 8, "three seconds of asking for a key frame, twice a second at most"


def test_feedback_on_hundreds_of_layers_leaves_in_pieces() -> None:
    receiver, dispatcher, _, line = publisher()
    for number in range(256):
        receiver.assign(str(100 + number), UpTrack(f"TR_{number}", video=True, rids=[""]))
    receiver.ask_for(100_000.0)
    for sequence in range(0, 40, 2):
        for number in range(256):
            mid = b"\x42" + str(100 + number).encode()
            receiver.on_rtp(packet(96, sequence, 1000 + number, mid, b"\x10\x02"), 0.0)
    assert len(receiver.layers()) == 256
    dispatcher.after_drain(0.1)
    asked, line.feedback = line.feedback, 0
    receiver.tick(1.0, report=True)
    assert asked > 1
    assert line.feedback > asked
    assert line.longest <= 1200


def test_transport_feedback_fits_a_datagram_whatever_the_times_are() -> None:
    arrivals = Arrivals()
    for number in range(3000):
        arrivals.add(5000 - number, number / 10)
    assert len(arrivals.feedback(1, 2) or b"") <= 1200


async def test_one_publishers_trouble_leaves_the_others_their_feedback() -> None:
    class Publisher:
        def __init__(self, *, broken: bool) -> None:
            self.broken, self.beats, self.done = broken, 0, asyncio.Event()

        def tick(self, now: float, *, report: bool) -> None:
            if self.broken:
                raise ValueError("packet is too long")
            self.beats += 1
            if self.beats == 3:
                self.done.set()

    dispatcher = Dispatcher(Counters(), Clock())
    whole = Publisher(broken=False)
    dispatcher.receivers |= {Publisher(broken=True), whole}  # type: ignore[arg-type]
    dispatcher.start()
    async with asyncio.timeout(10):
        await whole.done.wait()
    dispatcher.stop()


def test_hundreds_of_sender_reports_leave_as_one() -> None:
    receiver, dispatcher, _, line = publisher()
    receiver.on_rtp(packet(111, 1, 7, MID[0], b"sound"), 1.0)
    dispatcher.after_drain(1.0)
    before = line.feedback
    receiver.on_rtcp(rtcp.sender_report(7, 1, 2, 3, 4) * 45, 1.0)
    assert line.feedback == before + 1
    receiver.on_rtcp(rtcp.sender_report(7, 1, 2, 3, 4), 1.5)
    assert line.feedback == before + 2
