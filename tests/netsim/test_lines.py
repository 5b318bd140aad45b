"""Two short calls over bad lines with real browsers; `make netsim` runs all of them."""

import pytest

from tests.netsim.call import CHROMIUM, CLIENT, Row, is_root, run
from tests.netsim.impair import Impairment
from tests.netsim.servers import ours

pytestmark = [
    pytest.mark.media,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed"),
    pytest.mark.skipif(not CLIENT.exists(), reason="the web client's packages are not installed"),
]
ROWS = [
    Row("narrow", Impairment(rate=256_000, delay=150), seconds=11),
    Row("lossy", Impairment(rate=1_000_000, delay=75, loss=0.1), seconds=11),
]


@pytest.mark.timeout(90)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_a_voice_lives_on_a_bad_line(row: Row) -> None:
    found = await run(row, 7, ours, relay=not is_root())
    for way in (found.down, found.up):
        assert way.first is not None
        # Half of what the long rows must show: these are short, and the machine may be busy.
        assert way.share >= 0.9
    assert found.down.fps > 0
