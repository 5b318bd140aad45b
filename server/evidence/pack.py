"""Evidence packs: entries of the ledger with everything that is needed to check them offline, in one zip file.

| file | holds |
|---|---|
| `entries/NNNNNN.json` | an entry's bytes exactly as logged; NNNNNN is its index in the log |
| `proofs/NNNNNN.json` | its inclusion proof: a list of hashes (hex), leaf first |
| `attachments/<sha256>` | a de-identified document that an entry names |
| `checkpoint`, `key.vkey` | the log's signed tree head, and the public key |
| `manifest.json`, `manifest.sig` | every file with its digest; the manifest's digest, signed with the log's key |
| `verify.py`, `README.txt` | the offline verifier (`server/evidence/verifier.py`), and how to run it |

The manifest is signed because a pack holds a selection: without that, an entry could be taken out unnoticed.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from server.evidence import verifier
from server.evidence.verifier import NotAPack, VerifyResult, verify_pack
from storage.ledger import Ledger

__all__ = ["NotAPack", "PackSummary", "VerifyResult", "verify_pack", "write_pack"]

_DIGEST = re.compile(r"[0-9a-f]{64}")
_EPOCH = (1980, 1, 1, 0, 0, 0)

README = """对口支援证据包 · Duikou evidence pack

python3 verify.py <本文件 this pack>.zip --key <运营方公布的公钥 the operator's published key>

entries/ 为日志原文，proofs/ 为其在日志中的存在证明，attachments/ 为去标识的佐证材料。
entries/ are the logged bytes, proofs/ show that the log holds them, attachments/ are de-identified documents.
请从可信来源取得 verify.py：包内副本仅为方便。Take verify.py from a place you trust; the copy here is for convenience.
"""


@dataclass(frozen=True, slots=True)
class PackSummary:
    """What was written: entries, attachments, digests named but absent, the tree size, and the manifest's digest."""

    entries: int
    attachments: int
    absent: tuple[str, ...]
    tree_size: int
    manifest_sha256: str


def evidence_digests(entry: bytes) -> Iterator[str]:
    """SHA-256 (hex) of each document that an entry's `evidence` names and that may leave in a pack.

    An item is a digest, or an object with `sha256` and `included` (false: kept back, it holds patient data).
    """
    try:
        value = json.loads(entry)
    except (ValueError, RecursionError):
        return
    items = value.get("evidence") if isinstance(value, dict) else None
    for item in items if isinstance(items, list) else []:
        digest = item.get("sha256") if isinstance(item, dict) else item
        if isinstance(item, dict) and item.get("included") is False:
            continue
        if isinstance(digest, str) and _DIGEST.fullmatch(digest):
            yield digest


class _Writer:
    """A zip file with fixed dates, so that the same pack is the same bytes, and a list of what is in it."""

    def __init__(self, out: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
        self.files: list[dict[str, Any]] = []

    def add(self, name: str, data: bytes, *, listed: bool = True) -> None:
        info = zipfile.ZipInfo(name, _EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        info.create_system = 3
        self._zip.writestr(info, data)
        if listed:
            digest = hashlib.sha256(data).hexdigest()
            self.files.append({"name": name, "sha256": digest, "size": len(data)})

    def close(self) -> None:
        self._zip.close()


def write_pack(
    out: BinaryIO,
    entries: Sequence[int],
    ledger: Ledger,
    attachments: Mapping[str, bytes],
    *,
    now: datetime,
    about: Mapping[str, Any] | None = None,
) -> PackSummary:
    """Write a pack of the ledger's entries with these indices (blocking; run it in a thread).

    `attachments` maps a document's SHA-256 (hex) to its bytes, and may load them lazily; those that the entries
    do not name, or keep back, are not asked for, and those it has not are listed as absent. `about` (ids and
    codes only) goes into the manifest. Raises IndexError for an unknown entry, DiskFailure if this process may
    not read the key, ValueError for an attachment that has not its digest.
    """
    head, note = ledger.signed_head()
    writer = _Writer(out)
    wanted: dict[str, None] = {}
    for index in sorted(set(entries)):
        data = ledger.entry(index)
        proof = [node.hex() for node in ledger.inclusion(index, head.size)]
        writer.add(f"entries/{index:06d}.json", data)
        writer.add(f"proofs/{index:06d}.json", _json(proof))
        wanted.update(dict.fromkeys(evidence_digests(data)))
    absent = _add_attachments(writer, list(wanted), attachments)
    writer.add("checkpoint", note.encode())
    writer.add("key.vkey", ledger.vkey.encode() + b"\n")
    writer.add("verify.py", Path(verifier.__file__).read_bytes())
    writer.add("README.txt", README.encode())
    manifest = {
        "format": verifier.FORMAT,
        "created": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "origin": head.origin,
        "tree_size": head.size,
        "root": head.root.hex(),
        "about": dict(about or {}),
        "files": writer.files,
        "absent": absent,
    }
    data = _json(manifest)
    digest = hashlib.sha256(data).hexdigest()
    signed = ledger.sign(f"{verifier.FORMAT}\n{digest}\n")
    writer.add("manifest.json", data, listed=False)
    writer.add("manifest.sig", signed.encode(), listed=False)
    writer.close()
    return PackSummary(
        len(set(entries)), len(wanted) - len(absent), tuple(absent), head.size, digest
    )


def _add_attachments(
    writer: _Writer, wanted: Sequence[str], attachments: Mapping[str, bytes]
) -> list[str]:
    """Add what there is; the digests of what there is not."""
    absent: list[str] = []
    for digest in wanted:
        data = attachments.get(digest)
        if data is None:
            absent.append(digest)
            continue
        if hashlib.sha256(data).hexdigest() != digest:
            raise ValueError("an attachment has not the digest that names it")
        writer.add(f"attachments/{digest}", data)
    return absent


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
