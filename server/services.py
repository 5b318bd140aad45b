"""What request code may use: built once by `server.app`, passed down, never global."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from server.clock import Clock
from server.config import Config
from server.http.live import Hub
from server.secrets import Secrets
from storage.db import Database

if TYPE_CHECKING:
    from server.recordings.studio import Studio
    from server.sessions.media import MediaPort
    from storage.blobs import BlobStore
    from storage.disk import Disk
    from storage.ledger import Ledger
    from storage.readers import ReaderPool


@dataclass(slots=True)
class Services:
    """The ports of the application. Tests build their own and swap what they like."""

    config: Config
    clock: Clock
    db: Database
    hub: Hub
    secrets: Secrets
    disk: Disk
    blobs: BlobStore
    ledger: Ledger
    readers: ReaderPool
    media: MediaPort
    studio: Studio
    state: dict[str, object] = field(default_factory=dict)
