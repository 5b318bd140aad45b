"""Evidence packs: which entries and documents go in, for the page and for `duikou export`.

Entries are chosen from the ledger itself, not from the database: a row that was taken out of the database is in
the pack all the same.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from server.clock import SystemClock
from server.evidence.pack import PackSummary, write_pack
from server.evidence.service import EvidenceAction, seal
from storage.blobs import BlobCorrupt, BlobMissing, BlobStore
from storage.db import Actor
from storage.disk import Disk
from storage.ledger import Ledger

if TYPE_CHECKING:
    from datetime import datetime

    from server.config import Config
    from server.services import Services

ALL = "all"


class NothingToExport(LookupError):
    """The log holds no entry of that agreement; the text says so."""


class StoredDocuments(Mapping[str, bytes]):
    """Blobs by digest, read when asked for; one that is missing or changed counts as absent."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    def __getitem__(self, digest: str) -> bytes:
        try:
            return self._blobs.read_blocking(digest)
        except (BlobMissing, BlobCorrupt):
            raise KeyError(digest) from None

    def __iter__(self) -> Iterator[str]:
        return self._blobs.digests()

    def __len__(self) -> int:
        return sum(1 for _ in self)


def entries_of(ledger: Ledger, agreement_id: str) -> list[int]:
    """Indices of the entries of an agreement, or of `all`, read from the ledger (blocking)."""
    size = ledger.size
    if agreement_id == ALL:
        return list(range(size))
    found = []
    for index in range(size):
        try:
            document = json.loads(ledger.entry(index))
        except ValueError:
            continue  # not an activity; a pack of everything has it
        if isinstance(document, dict) and document.get("agreement") == agreement_id:
            found.append(index)
    return found


def _build(
    ledger: Ledger, blobs: BlobStore, agreement_id: str, now: datetime
) -> tuple[bytes, PackSummary]:
    indices = entries_of(ledger, agreement_id)
    if not indices:
        raise NothingToExport(f"the log holds no entry of agreement {agreement_id}")
    out = io.BytesIO()
    about = {"agreement": agreement_id}
    summary = write_pack(out, indices, ledger, StoredDocuments(blobs), now=now, about=about)
    return out.getvalue(), summary


async def build_pack(
    services: Services, agreement_id: str, actor: Actor
) -> tuple[bytes, PackSummary]:
    """The pack of an agreement, or of `all`, as bytes; the export is audited.

    Raises `NothingToExport`.
    """
    await seal(services)
    data, summary = await asyncio.to_thread(
        _build, services.ledger, services.blobs, agreement_id, services.clock.now()
    )
    async with services.db.write(actor) as tx:
        details = {"entries": summary.entries, "manifest": summary.manifest_sha256}
        tx.audit(EvidenceAction.PACK_EXPORTED, "agreement", agreement_id, details)
    return data, summary


async def export_pack(
    services: Services, agreement_id: str, out_path: Path, actor: Actor
) -> PackSummary:
    """Write the pack to a file. Raises `NothingToExport`, OSError."""
    data, summary = await build_pack(services, agreement_id, actor)
    await asyncio.to_thread(out_path.write_bytes, data)
    return summary


def _export(config: Config, agreement_id: str, out_path: Path) -> int:
    if not config.data.is_dir():
        raise NothingToExport(f"{config.data} is not a data folder")
    disk = Disk(config.data)
    try:
        ledger = Ledger.open_reader(disk, origin=config.ledger_origin)
    except FileNotFoundError:
        raise NothingToExport(f"{config.data} holds no log") from None
    data, summary = _build(ledger, BlobStore(disk), agreement_id, SystemClock().now())
    out_path.write_bytes(data)
    return summary.entries


async def export(config: Config, agreement_id: str, out_path: Path) -> int:
    """`duikou export`: write a pack beside a running server, reading only. How many entries it has.

    Raises `NothingToExport`, OSError.
    """
    return await asyncio.to_thread(_export, config, agreement_id, out_path)
