"""Chromium on awkward networks: a NAT that takes another port, UDP that is dropped."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from .conftest import MediaProcess, free_port
from .test_browser import browser, flowing, join, pages, pytestmark

__all__ = ["browser", "pages", "pytestmark"]

# Leaves only the candidates of one transport in what the server says.
ONLY = """
const take = RTCPeerConnection.prototype.setRemoteDescription
RTCPeerConnection.prototype.setRemoteDescription = function (description) {
  const lines = description.sdp.split('\\r\\n')
  const kept = lines.filter((l) => !l.startsWith('a=candidate:') || l.split(' ')[2] === '%s')
  return take.call(this, { type: description.type, sdp: kept.join('\\r\\n') })
}
"""
# Of every connection: the transport and the port of the server that the selected pair uses.
PAIRS = """
async () => {
  const engine = state.room.engine.pcManager
  const out = []
  for (const one of [engine.publisher, engine.subscriber]) {
    if (!one) continue
    const report = await one.getStats()
    report.forEach((s) => {
      if (s.type !== 'transport' || !s.selectedCandidatePairId) return
      const pair = report.get(s.selectedCandidatePairId)
      const local = report.get(pair.localCandidateId)
      out.push(`${local.candidateType} ${local.relayProtocol || report.get(pair.remoteCandidateId).protocol}`)
    })
  }
  return out
}
"""


class Nat(asyncio.DatagramProtocol):
    """A relay like a home router's NAT: each client gets an outward port, and another after
    `change`. What still comes to the old ones is dropped."""

    def __init__(self, server: tuple[str, int]) -> None:
        self._server = server
        self._outward: dict[tuple[str, int], socket.socket] = {}
        self._transport: asyncio.DatagramTransport | None = None
        self.changes = 0

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        outward = self._outward.get(address)
        if outward is None:
            outward = self._outward[address] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            outward.setblocking(False)
            outward.connect(self._server)
            asyncio.get_running_loop().add_reader(outward.fileno(), self._back, outward, address)
        outward.send(data)

    def _back(self, outward: socket.socket, address: tuple[str, int]) -> None:
        assert self._transport is not None
        while True:
            try:
                self._transport.sendto(outward.recv(2048), address)
            except OSError:
                return

    def change(self) -> None:
        """Every client has another outward port from now on."""
        for outward in self._outward.values():
            asyncio.get_running_loop().remove_reader(outward.fileno())
            outward.close()
        self._outward.clear()
        self.changes += 1

    def close(self) -> None:
        self.change()
        if self._transport is not None:
            self._transport.close()


@pytest_asyncio.fixture
async def behind_nat(
    start: Callable[..., MediaProcess],
) -> AsyncIterator[tuple[MediaProcess, Nat]]:
    outside, udp = free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_DGRAM)
    media = start("--advertise", f"127.0.0.1:{outside}", "--tcp-port", "-1", udp_port=udp)
    loop = asyncio.get_running_loop()
    _, nat = await loop.create_datagram_endpoint(
        lambda: Nat(("127.0.0.1", udp)), local_addr=("127.0.0.1", outside)
    )
    yield media, nat
    nat.close()


async def still_there(page: Page) -> None:
    """Neither a reconnect nor a goodbye happened."""
    assert await page.evaluate("state.reconnected") == 0
    assert await page.evaluate("state.events.filter((e) => e.startsWith('disc')).length") == 0


@pytest.mark.timeout(120)
async def test_a_call_survives_a_change_of_address(
    browser: Browser, pages: str, behind_nat: tuple[MediaProcess, Nat]
) -> None:
    media, nat = behind_nat
    first = await join(browser, pages, media, "first")
    second = await join(browser, pages, media, "second")
    for page in (first, second):
        await flowing(page)
    for _ in range(2):
        nat.change()
        for page in (first, second):
            before = await page.evaluate("received()")
            wanted = f"received().then((r) => r.frames > {before['frames'] + 30})"
            await page.wait_for_function(wanted, timeout=20_000, polling=100)
    for page in (first, second):
        await still_there(page)
    assert media.metric("participants") == 2


@pytest.mark.timeout(120)
async def test_a_call_where_udp_is_dropped(
    browser: Browser, pages: str, media: MediaProcess
) -> None:
    first = await join(browser, pages, media, "first")
    context = await browser.new_context(permissions=["camera", "microphone"])
    await context.add_init_script(ONLY % "tcp")
    second = await join(browser, pages, media, "second", context=context)
    for page in (first, second):
        await flowing(page)
    assert {pair.split()[1] for pair in await second.evaluate(PAIRS)} == {"tcp"}
    assert media.metric("tcp_connections") >= 1
