"""A real coturn, with the configuration that operators are given, and Chromium that may use nothing
but the relay."""

import asyncio
import base64
import datetime
import hashlib
import hmac
import ipaddress
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import aioice.turn
import pytest
import pytest_asyncio
from aioice import stun
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from livekit.protocol import rtc
from playwright.async_api import async_playwright

from .conftest import ROOT, MediaProcess, free_port, token
from .raw import entered
from .test_browser import CHROMIUM, FLAGS, flowing, join, pages
from .test_browser_networks import PAIRS

__all__ = ["pages"]
SECRET = "shared-with-coturn"
TURNSERVER = shutil.which("turnserver")
pytestmark = pytest.mark.skipif(TURNSERVER is None, reason="coturn is not installed")


@dataclass
class Coturn:
    """A running coturn on the loopback address."""

    port: int
    tls_port: int

    def urls(self, transport: str) -> str:
        if transport == "tls":
            return f"turns:127.0.0.1:{self.tls_port}?transport=tcp"
        return f"turn:127.0.0.1:{self.port}?transport={transport}"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "turn")])
    now = datetime.datetime.now(tz=datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(1)
    builder = builder.not_valid_before(now - datetime.timedelta(hours=1))
    builder = builder.not_valid_after(now + datetime.timedelta(days=2))
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    made = builder.sign(key, hashes.SHA256())
    cert, private = folder / "turn.pem", folder / "turn.key"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert, private


@pytest_asyncio.fixture
async def coturn(tmp_path: Path) -> AsyncIterator[Coturn]:
    found = Coturn(free_port(), free_port())
    cert, key = certificate(tmp_path)
    text = (ROOT / "deploy/coturn/turnserver.conf").read_text()
    for name, value in {
        "=SECRET": f"={SECRET}",
        "=HOST": "=localhost",
        "=LISTEN": "=127.0.0.1",
        "=RELAY": "=127.0.0.1",
        "=MEDIA": "=127.0.0.1",
        "=CERTIFICATE": f"={cert}",
        "=KEY": f"={key}",
        "=3478": f"={found.port}",
        "=443": f"={found.tls_port}",
        "\nsyslog": f"\nlog-file={tmp_path / 'turn.log'}\nsimple-log",
    }.items():
        assert name in text, f"the template lost {name}"
        text = text.replace(name, value)
    text += (
        f"allow-loopback-peers\npidfile={tmp_path / 'turn.pid'}\nuserdb={tmp_path / 'turn.db'}\n"
    )
    file = tmp_path / "turnserver.conf"
    file.write_text(text)
    process = subprocess.Popen(
        [str(TURNSERVER), "-c", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(15):
            while True:
                try:
                    socket.create_connection(("127.0.0.1", found.tls_port), 1).close()
                    break
                except OSError:
                    assert process.poll() is None, (tmp_path / "turn.log").read_text()
                    await asyncio.sleep(0.05)
        yield found
    finally:
        process.terminate()
        process.wait(10)


def behind(
    start: Callable[..., MediaProcess], monkeypatch: pytest.MonkeyPatch, urls: str
) -> MediaProcess:
    """A media server that tells its clients of this TURN server."""
    monkeypatch.setenv("DUIKOU_MEDIA_TURN_SECRET", SECRET)
    return start("--turn-urls", urls)


async def credentials(media: MediaProcess, name: str = "someone") -> rtc.ICEServer:
    async with entered(media.url, token(name)) as client:
        (server,) = client.joined.ice_servers
        return server


async def test_credentials_are_fresh_and_signed(
    start: Callable[..., MediaProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    media = behind(start, monkeypatch, "turn:turn.example:3478?transport=udp,turns:turn.example")
    server = await credentials(media, "specialist")
    assert list(server.urls) == ["turn:turn.example:3478?transport=udp", "turns:turn.example"]
    expiry, _, identity = server.username.partition(":")
    assert identity == "specialist"
    assert 3600 < int(expiry) - time.time() < 24 * 3600
    digest = hmac.new(SECRET.encode(), server.username.encode(), hashlib.sha1).digest()
    assert server.credential == base64.b64encode(digest).decode()


@pytest.mark.timeout(120)
@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")
@pytest.mark.parametrize("transport", ["udp", "tls"])
async def test_chromium_calls_through_the_relay_alone(
    start: Callable[..., MediaProcess],
    monkeypatch: pytest.MonkeyPatch,
    coturn: Coturn,
    pages: str,
    transport: str,
) -> None:
    media = behind(start, monkeypatch, coturn.urls(transport))
    async with async_playwright() as playwright:
        # Chromium knows nothing of the authority that signed this test's certificate.
        flags = [*FLAGS, "--ignore-certificate-errors"]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        first = await join(browser, pages, media, "first", relay="1")
        second = await join(browser, pages, media, "second", relay="1")
        for page in (first, second):
            await flowing(page)
            assert set(await page.evaluate(PAIRS)) == {f"relay {transport}"}
        await browser.close()


async def relay(coturn: Coturn, username: str, password: str) -> aioice.turn.TurnTransport:
    transport, _ = await aioice.turn.create_turn_endpoint(
        asyncio.DatagramProtocol,
        server_addr=("127.0.0.1", coturn.port),
        username=username,
        password=password,
        transport="udp",
    )
    assert isinstance(transport, aioice.turn.TurnTransport)
    return transport


async def test_the_relay_reaches_nothing_but_the_media_server(
    start: Callable[..., MediaProcess], monkeypatch: pytest.MonkeyPatch, coturn: Coturn
) -> None:
    media = behind(start, monkeypatch, coturn.urls("udp"))
    server = await credentials(media)
    transport = await relay(coturn, server.username, server.credential)
    turn = vars(transport)["_TurnTransport__inner_protocol"]
    await turn.channel_bind(0x4000, ("127.0.0.1", media.udp_port))
    for other in ("127.0.0.2", "10.0.0.1", "192.168.1.1", "169.254.169.254", "8.8.8.8"):
        with pytest.raises(stun.TransactionFailed) as refused:
            await turn.channel_bind(0x4001, (other, 80))
        assert refused.value.response.attributes["ERROR-CODE"][0] == 403
    transport.close()


@pytest.mark.parametrize("defect", ["expired", "forged"])
async def test_the_relay_takes_no_other_credentials(coturn: Coturn, defect: str) -> None:
    username = f"{int(time.time()) + (-10 if defect == 'expired' else 3600)}:someone"
    secret = SECRET if defect == "expired" else "another"
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    with pytest.raises(stun.TransactionFailed):
        await relay(coturn, username, base64.b64encode(digest).decode())
