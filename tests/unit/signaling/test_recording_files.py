"""What the recorder writes survives any cut; packets come out in order; times of two clocks agree."""

import io
import json
import random
from pathlib import Path

import av
import pytest

from signaling.forward.rtcp import SenderReport
from signaling.recording import matroska
from signaling.recording.clock import People, TrackClock
from signaling.recording.frames import H264, Vp8, Vp9, vp9_size
from signaling.recording.inflow import HOLD_SECONDS, Inflow
from signaling.recording.segment import MANIFEST, TIMELINE, finish_all
from signaling.recording.track import TrackFile

from .test_decoding import FRAMES, Source, UpTrack, brightness, encoded

OPUS = matroska.Track("A_OPUS", channels=2, private=matroska.opus_header(2))


def test_a_file_cut_anywhere_is_whole_up_to_its_last_cluster() -> None:
    head = matroska.header(OPUS)
    clusters = [
        matroska.cluster(start, [(start + 20 * n, True, bytes([n]) * 9) for n in range(5)])
        for start in (0, 2000, 70_000)
    ]
    whole = head + b"".join(clusters)
    ends = [len(head) + sum(map(len, clusters[:n])) for n in range(4)]
    for cut in range(len(head), len(whole) + 1):
        found = matroska.extent(io.BytesIO(whole[:cut]))
        count = sum(1 for end in ends[1:] if end <= cut)
        assert (found.size, found.frames) == (ends[count], 5 * count)
        assert found.last == (0, 80, 2080, 70_080)[count]


@pytest.mark.parametrize("seed", range(200))
def test_garbage_behind_a_file_is_not_taken_for_a_part_of_it(seed: int) -> None:
    good = matroska.header(OPUS) + matroska.cluster(0, [(0, True, b"x")])
    noise = random.Random(seed).randbytes(seed)
    found = matroska.extent(io.BytesIO(good + noise))
    assert (found.size, found.frames) == (len(good), 1)


def test_a_segment_that_the_disk_withholds_is_not_one_that_holds_nothing(tmp_path: Path) -> None:
    good, empty = tmp_path / "segment-0001", tmp_path / "segment-0002"
    for folder in (good, empty):
        folder.mkdir()
    first = {"at": 0, "event": "segment", "room": "room", "started_ms": 1}
    (good / TIMELINE).write_text(json.dumps(first) + "\n")
    (good / (MANIFEST + ".tmp")).mkdir()  # it cannot be written now
    with pytest.raises(OSError, match=MANIFEST):
        finish_all(tmp_path)
    (good / (MANIFEST + ".tmp")).rmdir()
    assert [found["name"] for found in finish_all(tmp_path)] == ["segment-0001"]


def packet(sequence: int, payload: bytes = b"x") -> bytes:
    head = b"\x80\x6f" + (sequence & 0xFFFF).to_bytes(2, "big")
    return head + (sequence * 960 & 0xFFFFFFFF).to_bytes(4, "big") + b"\0\0\0\1" + payload


class Taken:
    def __init__(self) -> None:
        self.stamps: list[int] = []
        self.gaps: list[int] = []
        self.flow = Inflow(
            1, 48000, lambda stamp, _, __: self.stamps.append(stamp), self.gaps.append,
            repairable=True,
        )  # fmt: skip


def test_packets_come_out_in_order_across_the_wrap_and_twice_is_once() -> None:
    taken, numbers = Taken(), list(range(65_530, 65_560))
    shuffled = [number for at in range(0, 30, 5) for number in reversed(numbers[at : at + 5])]
    taken.flow.push(packet(65_529), 0.0)
    for index, number in enumerate(shuffled):
        taken.flow.push(packet(number), index * 0.01)
        taken.flow.push(packet(number), index * 0.01)
    assert taken.stamps == [number * 960 & 0xFFFFFFFF for number in (65_529, *numbers)]
    assert taken.gaps == []


def test_what_is_missing_is_asked_for_then_given_up() -> None:
    taken = Taken()
    for number in (10, 11, 14):
        taken.flow.push(packet(number), 1.0)
    assert taken.flow.tick(1.0) == [12, 13]
    assert taken.flow.tick(1.01) == []
    taken.flow.push(packet(13), 1.1)
    assert taken.flow.tick(1.2) == [12]
    taken.flow.tick(1.0 + HOLD_SECONDS + 0.1)
    assert taken.gaps == [1]
    assert taken.stamps == [number * 960 for number in (10, 11, 13, 14)]
    assert taken.flow.lost == 1


def test_a_stream_that_jumps_begins_anew() -> None:
    taken = Taken()
    taken.flow.push(packet(10), 1.0)
    taken.flow.push(packet(30_000), 1.1)
    taken.flow.push(packet(30_001), 1.2)
    assert len(taken.stamps) == 3
    assert taken.gaps == [1]


def test_sound_and_picture_are_tied_together_by_sender_reports() -> None:
    people = People()
    sound, film = (TrackClock(people, "PA_1", rate, 100.0) for rate in (48_000, 90_000))
    sent = 3_900_000_000.0
    for clock, base in ((sound, 7_000), (film, 4_294_967_000)):
        clock.report(SenderReport(1, int(sent * 2**32), base, 0, 0, ()), 101.0)
    later = (4_294_967_000 + 90_000) & 0xFFFFFFFF
    # The picture took 300 ms longer to arrive; it was taken at the same moment.
    assert abs(sound.place(55_000, 102.0) - film.place(later, 102.3)) <= 1
    # A report that cannot be true is not believed: the time of arrival stands in.
    assert film.place(later + 90_000 * 60, 103.0) == 3000


def test_times_never_run_backwards() -> None:
    clock = TrackClock(People(), "PA_1", 48_000, 0.0)
    found = [
        clock.place(stamp, now)
        for stamp, now in ((960, 1.0), (1920, 1.02), (0, 1.03), (2880, 1.04))
    ]
    assert found == sorted(found)


def test_a_frame_with_a_hole_is_dropped_and_the_next_key_frame_is_whole() -> None:
    kind = Vp8()
    begin = bytes((0x10,)) + b"\x10\x02\x00\x9d\x01\x2a\x40\x01\xf0\x00"
    assert kind.push(1, False, begin) is None
    kind.broken()
    assert kind.push(1, True, b"\x00rest") is None
    assert kind.push(2, False, begin) is None
    frame = kind.push(2, True, b"\x00rest")
    assert frame is not None
    assert frame.key
    assert frame.track is not None
    assert (frame.track.width, frame.track.height) == (320, 240)
    # The descriptors are left out, the frame tag is not.
    assert frame.data == begin[1:] + b"rest"


def test_h264_units_are_put_together() -> None:
    kind = H264()
    sps = bytes.fromhex("6742c01fda014016e8400000030040000007a3c60ca8")
    units = b"\x18" + len(sps).to_bytes(2, "big") + sps + b"\x00\x04\x68\xce\x3c\x80"
    assert kind.push(9, False, units) is None
    assert kind.push(9, False, b"\x7c\x85" + b"a" * 10) is None
    frame = kind.push(9, True, b"\x7c\x45" + b"b" * 10)
    assert frame is not None
    assert frame.key
    picture = b"\x65" + b"a" * 10 + b"b" * 10
    sized = [len(unit).to_bytes(4, "big") + unit for unit in (sps, b"\x68\xce\x3c\x80", picture)]
    assert frame.data == b"".join(sized)
    assert frame.track is not None
    assert (frame.track.width, frame.track.height) == (1280, 720)


@pytest.mark.parametrize("codec", ["vp8", "vp9", "h264"])
@pytest.mark.parametrize("sizes", [(64, 128), (128, 64)])
def test_a_picture_that_changes_its_size_is_recorded_on(codec: str, sizes: tuple[int, int]) -> None:
    film, count = bytearray(), 0
    file = TrackFile(
        "film", codec, TrackClock(People(), "PA_1", 90_000, 0.0),
        note=lambda event, **more: None,
        append=lambda name, data: film.extend(data),
        want_picture=lambda: None,
    )  # fmt: skip
    for size in sizes:
        up = UpTrack("TR_x", video=True, rids=[""], codec=codec)
        source = Source(codec, *encoded(codec, size, {0, 12, 24}), up.layer("", 1), 1, 0, 1)
        for number in range(FRAMES):
            file.arrival = count / 30
            payloads = source.payloads(number)
            for index, payload in enumerate(payloads):
                file.deliver(3000 * count, index == len(payloads) - 1, payload)
            count += 1
    file.flush()
    with av.open(io.BytesIO(film)) as found:
        pictures = list(found.decode(video=0))
    wanted = [(size, brightness(number)) for size in sizes for number in range(FRAMES)]
    assert [(picture.width, picture.height) for picture in pictures] == [(s, s) for s, _ in wanted]
    for picture, (_, light) in zip(pictures, wanted, strict=True):
        luma = float(picture.to_ndarray()[: picture.height].mean())
        assert abs(luma - light) < 8


@pytest.mark.parametrize("size", [64, 322])
def test_vp9_without_a_structure_is_recorded_and_plays(size: int) -> None:
    up = UpTrack("TR_x", video=True, rids=[""], codec="vp9")
    source = Source("vp9", *encoded("vp9", size, {0, 12}), up.layer("", 1), 1, 0, 1)
    kind, frames = Vp9(), []
    for number in range(24):
        payloads = source.payloads(number)
        for index, payload in enumerate(payloads):
            frame = kind.push(number * 6000, index == len(payloads) - 1, payload)
            if frame is not None:
                frames.append(frame)
    assert [frame.key for frame in frames] == [number in (0, 12) for number in range(24)]
    track = frames[0].track
    assert track is not None
    assert (track.width, track.height) == (size, size)
    film = matroska.header(track) + matroska.cluster(
        0, [(66 * n, frame.key, frame.data) for n, frame in enumerate(frames)]
    )
    with av.open(io.BytesIO(film)) as file:
        pictures = list(file.decode(video=0))
    assert [(p.width, p.height) for p in pictures] == [(size, size)] * 24


def test_a_size_is_read_of_key_frames_alone() -> None:
    assert vp9_size(b"") == (0, 0)
    assert vp9_size(b"\x82\x49\x83\x42\x00\x00") == (0, 0)
    assert vp9_size(bytes((0x86,)) + bytes(20)) == (0, 0)
