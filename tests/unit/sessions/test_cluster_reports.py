"""What the witness beside a cluster reports: what was sent is proved, what was received is not known."""

from __future__ import annotations

from typing import Any

import pytest

from server.sessions.reports import MalformedEvent, read_report


def document(received: Any) -> dict[str, Any]:
    track = {"sid": "TR_1", "media": [[100, 110]], "speech": [[102, 104]], "muted": []}
    body = {"source": "witness", "from": 100, "to": 110, "tracks": [track], "received": received}
    return {"event": "media_report", "id": "MR_x_100", "mediaReport": body}


def test_a_witness_proves_what_was_sent_and_nothing_of_what_was_received() -> None:
    report = read_report(document(None))
    assert report.source == "witness"
    assert list(report.sent) == [(100, 110)]
    assert list(report.speech) == [(102, 104)]
    assert list(report.received) == []
    assert '"received":null' in report.document


@pytest.mark.parametrize("received", [[], "all", {"seconds": None}])
def test_anything_else_than_unknown_or_seconds_is_refused(received: Any) -> None:
    with pytest.raises(MalformedEvent):
        read_report(document(received))
