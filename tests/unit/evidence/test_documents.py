"""Media reports add up by person and kind of track, each second once; no input raises."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from server.evidence.documents import summarise


def report(identity: str, **track: Any) -> dict[str, Any]:
    return {
        "event": "media_report",
        "id": "MR_1",
        "room": {"sid": "RM_1", "name": "ses_1"},
        "participant": {"sid": "PA_1", "identity": identity},
        "mediaReport": {"source": "sfu", "from": 0, "to": 10, "tracks": [track]},
    }


def test_two_devices_and_overlapping_reports_count_once() -> None:
    reports = [
        report("stf_1", kind="audio", packets=500, bytes=40_000, media=[[0, 10]], speech=[[2, 4]]),
        report("stf_1#2", kind="audio", packets=100, bytes=8_000, lost=3, media=[[5, 12]]),
        report("stf_1", kind="video", packets="900", bytes="800000", media=[[0, 3], [6, 9]]),
    ]
    audio, video = summarise([json.dumps(reports[:2]).encode(), json.dumps(reports[2]).encode()])
    assert (audio.identity, audio.kind, audio.source, audio.reports) == ("stf_1", "audio", "sfu", 2)
    assert (audio.packets, audio.bytes, audio.lost) == (600, 48_000, 3)
    assert (audio.seconds, audio.speech_seconds) == (12, 2)
    assert (video.packets, video.bytes, video.seconds) == (900, 800_000, 6)


def test_reports_inside_a_document() -> None:
    inner = report("stf_1", kind="video", packets=1, bytes=2, media=[[0, 1]])
    assert len(summarise([json.dumps({"room": "ses_1", "reports": [inner]}).encode()])) == 1


def test_reports_line_by_line_and_what_a_listener_received() -> None:
    spoken = report("stf_1", kind="audio", packets=5, bytes=6, media=[[0, 4]])
    heard = report("stf_2")
    heard["mediaReport"]["received"] = {"packets": 7, "bytes": 8, "lost": 1, "seconds": [[1, 4]]}
    lines = "\n".join(json.dumps(item) for item in (spoken, heard, spoken)) + "\n"
    one, two = summarise([lines.encode()])
    assert (one.identity, one.kind, one.packets, one.seconds) == ("stf_1", "audio", 10, 4)
    assert (two.identity, two.kind, two.packets, two.seconds) == ("stf_2", "received", 7, 3)


def test_a_silent_camera_mutes_nobody_and_time_away_is_told_by_itself() -> None:
    told = report("stf_1", kind="audio", source="MICROPHONE", media=[[0, 9]], muted=[[1, 2]])
    body = told["mediaReport"]
    for kind, source in (("audio", "SCREEN_SHARE_AUDIO"), ("video", "SCREEN_SHARE")):
        body["tracks"].append({"kind": kind, "source": source, "media": [], "muted": [[0, 10]]})
    body["tracks"].append({"kind": "video", "source": "CAMERA", "media": [], "muted": [[4, 6]]})
    body["away"] = [[3, 5]]
    unseen = report("stf_2")
    unseen["mediaReport"] = {"source": "witness", "tracks": [], "received": None, "away": [[0, 4]]}
    audio, away, video, other = summarise([json.dumps([told, told, unseen]).encode()])
    assert (audio.kind, audio.muted, audio.muted_seconds) == ("audio", ((1, 2),), 1)
    assert (video.kind, video.muted) == ("video", ((4, 6),))
    assert (away.kind, away.media, away.seconds, away.packets) == ("away", ((3, 5),), 2, 0)
    assert (other.identity, other.kind, other.seconds) == ("stf_2", "away", 4)


def test_other_documents_add_nothing() -> None:
    assert summarise([b"", b"\xff\xfe", b"[" * 100_000, b'{"reports": 3}', b"null"]) == []


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(values, values, values)
def test_malformed_reports_never_raise(tracks: Any, media: Any, participant: Any) -> None:
    odd = report("stf_1", kind="audio", packets=media, bytes=media, media=media)
    more = {"mediaReport": {"source": tracks, "tracks": tracks}, "participant": participant}
    odd["mediaReport"]["received"] = {"seconds": media, "packets": tracks}
    odd["mediaReport"]["away"] = media
    for summary in summarise([json.dumps([odd, more]).encode()]):
        assert summary.kind in ("audio", "video", "received", "away")
