"""Time-limited credentials for a TURN server (coturn's `use-auth-secret`, the "TURN REST API" draft,
draft-uberti-behave-turn-rest-00): the server shares a secret with it and no list of people."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from livekit.protocol import rtc

from signaling.errors import ProtocolError

# An allocation is refreshed with the credentials it was made with, so they outlive any session.
LIFETIME_SECONDS = 12 * 3600
_URL = re.compile(
    r"(stun|turn|turns):(\[[0-9a-fA-F:.]+\]|[\w.-]+)(:\d{1,5})?(\?transport=(udp|tcp))?"
)
_PLAIN = re.compile(r"[\w.@-]{1,128}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Turn:
    """Where the TURN server is, and the secret shared with it."""

    urls: tuple[str, ...] = ()
    secret: str = ""

    def ice_servers(self, identity: str, now: float) -> list[rtc.ICEServer]:
        """What a client gets with its join. `now`: unix seconds. The username is `expiry:identity`;
        an identity with unusual characters is digested, as coturn writes it into its log."""
        plain = [url for url in self.urls if url.startswith("stun:")]
        relays = [url for url in self.urls if not url.startswith("stun:")]
        servers = [rtc.ICEServer(urls=plain)] if plain else []
        if relays:
            who = identity if _PLAIN.fullmatch(identity) else _digest(identity)
            username = f"{int(now) + LIFETIME_SECONDS}:{who}"
            signed = hmac.digest(self.secret.encode(), username.encode(), "sha1")
            credential = base64.b64encode(signed).decode()
            servers.append(rtc.ICEServer(urls=relays, username=username, credential=credential))
        return servers


def _digest(identity: str) -> str:
    return hashlib.sha256(identity.encode()).hexdigest()[:32]


NO_TURN = Turn()


def parse_turn(urls: str, secret: str) -> Turn:
    """Read the settings: comma-separated `turn:host:3478?transport=udp`, `turns:host:443`,
    `stun:host`. ProtocolError with a sentence if malformed or if a secret is missing."""
    found = tuple(filter(None, (url.strip() for url in urls.split(","))))
    for url in found:
        if not _URL.fullmatch(url):
            raise ProtocolError(f"{url!r} is not a TURN address like turn:host:3478?transport=udp.")
    if any(not url.startswith("stun:") for url in found) and not secret:
        raise ProtocolError("TURN needs the secret shared with it (DUIKOU_MEDIA_TURN_SECRET).")
    return Turn(found, secret)
