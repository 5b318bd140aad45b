"""Secrets made on first start, kept in the data folder with mode 0600, never logged."""

from __future__ import annotations

import json
import secrets as random
from dataclasses import dataclass, field
from pathlib import Path

from server.config import Config
from storage.disk import Disk

FILE = "secrets.json"


@dataclass(frozen=True, slots=True)
class Secrets:
    """`jwt` signs access tokens; `media_key`/`media_secret` are shared with the media server."""

    jwt: str = field(repr=False)
    media_key: str
    media_secret: str = field(repr=False)


def load_secrets(config: Config, disk: Disk) -> Secrets:
    """Read the secrets, making them durably on first start. Settings win over generated values."""
    path = Path(config.data) / FILE
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    made = {
        "jwt": kept.get("jwt") or random.token_hex(32),
        "media_key": kept.get("media_key") or "DK" + random.token_hex(6),
        "media_secret": kept.get("media_secret") or random.token_hex(32),
    }
    if made != kept:
        disk.write(FILE, json.dumps(made).encode(), mode=0o600)
    return Secrets(
        jwt=made["jwt"],
        media_key=config.media_key or made["media_key"],
        media_secret=config.media_secret or made["media_secret"],
    )
