"""The media process is killed in a live consult: both pages come back by themselves, and the log holds one session."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from playwright.async_api import expect

from server import serve
from tests.e2e.conftest import Demo, People, Person
from tests.e2e.test_consult import _ask, _end_and_answer, _join

# Sound over a connection that was made after the `before` first ones.
HEARD = """
async (before) => {
  const until = Date.now() + 60000;
  while (Date.now() < until) {
    for (const connection of window.connections.slice(before)) {
      if (connection.connectionState !== 'connected') continue;
      for (const report of (await connection.getStats()).values())
        if (report.type === 'inbound-rtp' && report.kind === 'audio' && report.totalAudioEnergy > 0) return true;
    }
    await new Promise((again) => setTimeout(again, 100));
  }
  return false;
}
"""


def _media_pid(data: Path) -> int:
    """The media process under the supervisor of a data folder."""
    found = serve.running(data)
    assert found is not None
    children = Path(f"/proc/{found.pid}/task/{found.pid}/children").read_text().split()
    for child in children:
        if b"signaling" in Path(f"/proc/{child}/cmdline").read_bytes():
            return int(child)
    raise AssertionError("no media process")


async def _connections(person: Person) -> int:
    return int(await person.page.evaluate("window.connections.length"))


async def _back(person: Person, before: int) -> None:
    assert await person.page.evaluate(HEARD, before), f"{person.username} hears nothing"


async def test_both_are_back_with_sound_and_the_log_holds_one_session(
    people: People, demo: Demo
) -> None:
    data = Path(demo.environment["DUIKOU_DATA"])
    doctor, specialist = await people.enter("rural.doctor"), await people.enter("specialist")
    consult_id = await _ask(doctor)
    await specialist.go(f"/consults/{consult_id}")
    await specialist.page.get_by_test_id("action-accept").click()
    await specialist.page.get_by_test_id("starts-now").click()
    await specialist.page.get_by_test_id("time-confirm").click()
    await expect(doctor.page.get_by_test_id("action-join")).to_be_visible()
    await _join(doctor, consult_id)
    await _join(specialist, consult_id)
    for person in (doctor, specialist):
        await person.media()
    counts = [await _connections(person) for person in (doctor, specialist)]
    os.kill(_media_pid(data), signal.SIGKILL)
    killed = time.monotonic()
    for person, before in zip((doctor, specialist), counts, strict=True):
        await _back(person, before)
        print(f"{person.username} hears again after {time.monotonic() - killed:.1f} s")
        await expect(person.page.get_by_test_id("room")).to_be_visible()
    await _end_and_answer(doctor, specialist, consult_id)
    with closing(sqlite3.connect(f"file:{data / 'duikou.db'}?mode=ro", uri=True)) as database:
        query = "SELECT canonical FROM activity_entries WHERE subject_id = ?"
        entries = [json.loads(row[0]) for row in database.execute(query, (consult_id,))]
    assert len(entries) == 1
    assert 0 < entries[0]["facts"]["interrupted_seconds"] < 60
