"""Mutants of RTP, RTCP, STUN, SCTP, SDP, signal messages and framing: the protocol error or a value, and the
room stays up (TRUST row 7). `make fuzz` does the same with a million of each."""

from __future__ import annotations

import pytest

from tests.fuzz.media import run


@pytest.mark.media
@pytest.mark.timeout(150)
async def test_no_mutant_breaks_a_parser_or_a_room() -> None:
    assert await run(2500, seed=1, tell=False) == []
