"""What a layer keeps of its packets, and how it reads their times."""

import struct

from signaling.forward.up import CACHE, Layer, UpTrack


def layer() -> Layer:
    return UpTrack("TR_x", video=True, rids=[""]).layer("", 1)


def arrive(found: Layer, sequence: int, timestamp: int, now: float) -> None:
    payload = b"\x90\x80\x80\x01\x11picture"
    header = struct.pack("!BBHII", 0x80, 96, sequence & 0xFFFF, timestamp, 1)
    assert found.receive(header + payload, payload, sequence & 0xFFFF, now)


def held(found: Layer) -> list[int]:
    return sorted(packet.extended & 0xFFFF for packet in found.cache if packet is not None)


def test_a_faster_stream_keeps_more_and_a_slower_one_less() -> None:
    found, sequence = layer(), 0
    found.measure(1.0)
    least = len(found.cache)
    for second, rate in enumerate((100, 300, 5000, 5000, 300, 10, 10), start=1):
        before = held(found)
        for step in range(rate):
            sequence += 1
            arrive(found, sequence, second * 90000, second + step / rate)
        found.measure(second + 1.0)
        size = len(found.cache)
        assert least <= size <= CACHE
        assert size >= min(CACHE, 2 * rate)
        # The newest are there without a gap, however the size changed.
        assert held(found)[-1] == sequence & 0xFFFF
        kept = held(found)
        assert len(kept) >= min(size, len(before) + rate) // 2
        assert kept == list(range(kept[0], kept[-1] + 1))
    assert len(found.cache) < 2 * least + 1


def test_jitter_is_that_of_pictures_not_of_their_packets() -> None:
    found = layer()
    for picture in range(100):
        for part in range(5):  # paced over 8 ms
            arrive(found, picture * 5 + part + 1, picture * 3000, picture / 30 + part * 0.002)
    assert found.jitter < 1
    for picture in range(100, 200):  # every second picture 20 ms late
        late = 0.02 if picture % 2 else 0.0
        arrive(found, picture * 5 + 1, picture * 3000, picture / 30 + late)
    assert 1500 < found.jitter < 2000


def test_a_track_that_ended_keeps_its_counts_and_no_packets() -> None:
    track = UpTrack("TR_x", video=True, rids=[""])
    found = track.layer("", 1)
    for sequence in range(1, 301):
        arrive(found, sequence, sequence * 3000, sequence / 30)
    before = track.totals()
    assert before[0] == 300
    assert held(found)
    track.close()
    assert held(found) == []
    assert track.totals() == before
