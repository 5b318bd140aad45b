#!/usr/bin/env python3
"""Checks a Duikou evidence pack offline: one file, Python 3.11, standard library only, no network.

    python3 verify.py PACK.zip [--key VKEY] [--json]

Exit status 0: every entry is what the log holds, and nothing in the pack was changed; 1: something was, and the
first thing that fails is named; 2: misuse, or not an evidence pack at all.

What is checked, in this order: the container (limits, names, no duplicates) · the public key, against --key if
given · the checkpoint's Ed25519 signature (C2SP signed note) · every entry: its leaf hash (RFC 6962), its inclusion
proof up to the checkpoint's root, its evidence · every attachment: its SHA-256 and that an entry names it · the
manifest: signed by the same key, listing every file with its digest, no more and no fewer.

Without --key the pack is checked against the key that it brings along: that finds every change by somebody who does
not hold a signing key, but not a whole log invented and signed with another key. So compare the key that is
printed with the one the operator publishes, or pass it with --key.

The copy of this file inside a pack could have been changed too: take it from a place you trust.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

FORMAT = "duikou-evidence-pack/1"
MAX_PACK = 4 << 30
MAX_FILES = 400_000
LIMITS = {
    "entries": 1 << 20,
    "proofs": 1 << 16,
    "attachments": 64 << 20,
    "manifest.json": 256 << 20,
    "manifest.sig": 1 << 16,
    "checkpoint": 1 << 16,
    "key.vkey": 1 << 12,
    "verify.py": 1 << 18,
    "README.txt": 1 << 16,
}
REQUIRED = ("checkpoint", "key.vkey", "manifest.json", "manifest.sig")
_NAME = re.compile(
    r"(entries|proofs)/(?:0[0-9]{5}|[1-9][0-9]{5,14})\.json|(attachments)/[0-9a-f]{64}"
    r"|(checkpoint|key\.vkey|manifest\.json|manifest\.sig|verify\.py|README\.txt)"
)
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Failed(Exception):
    """The first thing that is wrong: where, and why."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason


class NotAPack(Exception):
    """Missing, unreadable, or no zip file."""


@dataclass(frozen=True)
class VerifyResult:
    """`checked` entries passed; `first_failure` is (file, reason). `key_pinned`: the caller gave the key."""

    ok: bool
    checked: int
    first_failure: tuple[str, str] | None
    origin: str = ""
    key: str = ""
    key_pinned: bool = False
    tree_size: int = 0
    root: str = ""
    checkpoint_at: str = ""
    attachments: int = 0
    absent: int = 0
    """Documents that entries name and the pack leaves out (kept back, or past their retention)."""


# Ed25519 (RFC 8032, 5.1), verification only, in extended coordinates. Variable time: nothing here is secret.

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]


def _add(p: _Point, q: _Point) -> _Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(scalar: int, point: _Point) -> _Point:
    result: _Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point = _add(point, point)
        scalar >>= 1
    return result


def _x_of(y: int, sign: int) -> int | None:
    if y >= _P:
        return None
    x2 = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(x2, (_P + 3) // 8, _P)
    if (x * x - x2) % _P:
        x = x * _ROOT % _P
    if (x * x - x2) % _P or (x == 0 and sign):
        return None
    return _P - x if x & 1 != sign else x


def _point(data: bytes) -> _Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % _P)


_BASE_Y = 4 * pow(5, -1, _P) % _P
_BASE_X = _x_of(_BASE_Y, 0) or 0
_BASE: _Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _P)


def ed25519_verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) of `message` is by the key `public` (32 bytes)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= _L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    left, right = _times(s, _BASE), _add(r, _times(k, a))
    return not (
        (left[0] * right[2] - right[0] * left[2]) % _P
        or (left[1] * right[2] - right[1] * left[2]) % _P
    )


# RFC 6962 / RFC 9162 2.1.3.2.


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 ‖ entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def included(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """Whether `proof` leads from the leaf at `index` to the root of the tree of `size` leaves."""
    if not 0 <= index < size:
        return False
    place, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = hashlib.sha256(b"\x01" + sibling + node).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + sibling).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


# Signed notes (c2sp.org/signed-note) and checkpoints (c2sp.org/tlog-checkpoint).


def _unbase64(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("base64 is not canonical")
    return data


def parse_key(vkey: str) -> tuple[str, bytes, bytes]:
    """(name, key id, public key) of `name+id+base64`. Raises ValueError."""
    name, hex_id, encoded = vkey.split("+", 2)
    data = _unbase64(encoded)
    if not re.fullmatch(r"[^\s+]{1,200}", name) or len(data) != 33 or data[0] != 1:
        raise ValueError("not an Ed25519 verification key")
    key_id = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    if hex_id != key_id.hex():
        raise ValueError("the key's id does not fit")
    return name, key_id, data[1:]


def open_note(note: str, vkey: str) -> str:
    """The text of a note that has exactly one signature by this key. Raises ValueError."""
    name, key_id, public = parse_key(vkey)
    text, blank, lines = note.rpartition("\n\n")
    text += "\n"
    ours = 0
    if not blank or not lines.endswith("\n"):
        raise ValueError("not a signed note")
    for line in lines[:-1].split("\n"):
        dash, signer, encoded = line.split(" ")
        blob = _unbase64(encoded)
        if dash != "—" or len(blob) < 5:
            raise ValueError("bad signature line")
        if signer != name or blob[:4] != key_id:
            continue  # a cosignature by somebody else
        if not ed25519_verify(public, text.encode(), blob[4:]):
            raise ValueError("the signature is wrong")
        ours += 1
    if ours != 1:
        raise ValueError("not signed by this key")
    return text


# The container.


class Pack:
    """A zip file of which nothing is believed."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive
        self._members: dict[str, zipfile.ZipInfo] = {}
        members = archive.infolist()
        if len(members) > MAX_FILES:
            raise Failed("pack", "too many files")
        for member in members:
            name = member.orig_filename
            match = _NAME.fullmatch(name)
            if not match or member.filename != name:
                raise Failed(_printable(name), "a file that does not belong into a pack")
            if name in self._members:
                raise Failed(name, "is there twice")
            kind = match[1] or match[2] or match[3]
            if member.file_size > LIMITS[kind]:
                raise Failed(name, "too large")
            if member.flag_bits & 1 or member.compress_type not in (0, zipfile.ZIP_DEFLATED):
                raise Failed(name, "encrypted or packed in an unknown way")
            self._members[name] = member
        if archive.comment:
            raise Failed("pack", "a comment that does not belong into a pack")

    def names(self, folder: str = "") -> list[str]:
        """Sorted names, of one folder or all."""
        found = (name for name in self._members if name.startswith(folder))
        return sorted(found, key=lambda name: (len(name), name))

    def read(self, name: str) -> bytes:
        """The bytes of a file, never more than it claims."""
        member = self._members.get(name)
        if member is None:
            raise Failed(name, "is missing")
        try:
            with self._zip.open(member) as file:
                data = file.read(member.file_size + 1)
        except Exception:  # zipfile, zlib and struct raise a dozen kinds on damaged input
            raise Failed(name, "was changed (it cannot be unpacked)") from None
        if len(data) != member.file_size:
            raise Failed(name, "was changed (its size differs)")
        return data

    def text(self, name: str) -> str:
        """The text of a file."""
        try:
            return self.read(name).decode("utf-8")
        except UnicodeDecodeError:
            raise Failed(name, "was changed (no text)") from None

    def json(self, name: str) -> object:
        """The JSON value of a file, without duplicate keys."""
        try:
            return json.loads(self.read(name), object_pairs_hook=_unique)
        except (ValueError, RecursionError):
            raise Failed(name, "was changed (no JSON)") from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name)[:120]


# The checks.


@dataclass
class _State:
    key: str = ""
    pinned: bool = False
    origin: str = ""
    size: int = 0
    root: bytes = b""
    at: str = ""
    checked: int = 0
    attachments: int = 0
    wanted: dict[str, str] = field(default_factory=dict)
    """Digest of a document → the first entry that names it, for those meant to be in packs."""
    absent: int = 0


def _check_key(pack: Pack, state: _State, pinned: str | None) -> None:
    text = pack.text("key.vkey")
    key = text.removesuffix("\n")
    try:
        parse_key(key)
    except (ValueError, binascii.Error):
        raise Failed("key.vkey", "is no key") from None
    if text != key + "\n":
        raise Failed("key.vkey", "is no key")
    if pinned is not None and key != pinned.strip():
        raise Failed(
            "key.vkey", "is not the key that was given: the pack was signed by somebody else"
        )
    state.key, state.pinned = key, pinned is not None


def _check_checkpoint(pack: Pack, state: _State) -> None:
    note = pack.text("checkpoint")
    try:
        lines = open_note(note, state.key).split("\n")
        root = _unbase64(lines[2])
        if not re.fullmatch(r"0|[1-9][0-9]{0,14}", lines[1]) or len(root) != 32:
            raise ValueError("not a checkpoint")
    except (ValueError, IndexError, binascii.Error) as error:
        raise Failed("checkpoint", f"is not genuine ({error})") from None
    if lines[0] != parse_key(state.key)[0]:
        raise Failed("checkpoint", "is of another log")
    state.origin, state.size, state.root = lines[0], int(lines[1]), root
    state.at = next((line[3:] for line in lines[3:] if line.startswith("at ")), "")


def _check_entry(pack: Pack, state: _State, name: str) -> None:
    index = int(name[8:-5])
    leaf = leaf_hash(pack.read(name))
    try:
        proof = pack.json("proofs/" + name[8:])
        if not isinstance(proof, list) or len(proof) > 64:
            raise ValueError("no list")
        nodes = [bytes.fromhex(node) for node in proof if _DIGEST.fullmatch(node)]
        if len(nodes) != len(proof):
            raise ValueError("no hash")
    except Failed as failure:
        raise Failed(name, f"its proof fails: {failure}") from None
    except (ValueError, TypeError):
        raise Failed(name, "its proof is malformed") from None
    if not included(leaf, index, state.size, nodes, state.root):
        raise Failed(
            name, "is not what the log holds at this place (the entry or its proof was changed)"
        )
    entry = pack.json(name)
    evidence = entry.get("evidence", []) if isinstance(entry, dict) else []
    for item in evidence if isinstance(evidence, list) else []:
        digest = item.get("sha256") if isinstance(item, dict) else item
        kept_back = isinstance(item, dict) and item.get("included") is False
        if isinstance(digest, str) and _DIGEST.fullmatch(digest) and not kept_back:
            state.wanted.setdefault(digest, name)
    state.checked += 1


def _check_attachments(pack: Pack, state: _State) -> None:
    for name in pack.names("attachments/"):
        digest = name[12:]
        if hashlib.sha256(pack.read(name)).hexdigest() != digest:
            raise Failed(name, "was changed (its digest differs)")
        if digest not in state.wanted:
            raise Failed(name, "no entry names this document")
        state.attachments += 1


def _check_manifest(pack: Pack, state: _State) -> None:
    data = pack.read("manifest.json")
    try:
        text = open_note(pack.text("manifest.sig"), state.key)
    except (ValueError, binascii.Error) as error:
        raise Failed("manifest.sig", f"is not genuine ({error})") from None
    if text != f"{FORMAT}\n{hashlib.sha256(data).hexdigest()}\n":
        raise Failed("manifest.json", "is not the one that was signed")
    manifest = pack.json("manifest.json")
    try:
        if not isinstance(manifest, dict):
            raise TypeError("no object")
        files = {item["name"]: item["sha256"] for item in manifest["files"]}
        absent = set(manifest["absent"])
        told = (manifest["format"], manifest["origin"], manifest["tree_size"])
    except (KeyError, TypeError):
        raise Failed("manifest.json", "is malformed") from None
    if told != (FORMAT, state.origin, state.size):
        raise Failed("manifest.json", "does not fit the checkpoint")
    for name in files:
        if hashlib.sha256(pack.read(name)).hexdigest() != files[name]:
            raise Failed(name, "was changed (its digest differs from the manifest's)")
    for name in pack.names():
        if name not in files and name not in ("manifest.json", "manifest.sig"):
            raise Failed(name, "is not in the manifest")
    for digest, entry in state.wanted.items():
        if f"attachments/{digest}" not in files:
            if digest not in absent:
                raise Failed(entry, "a document that it names is missing")
            state.absent += 1


def _check(pack: Pack, state: _State, key: str | None) -> None:
    for name in REQUIRED:
        if name not in pack.names():
            raise Failed(name, "is missing")
    _check_key(pack, state, key)
    _check_checkpoint(pack, state)
    for name in pack.names("entries/"):
        _check_entry(pack, state, name)
    _check_attachments(pack, state)
    _check_manifest(pack, state)


def verify_pack(path: str | Path, key: str | None = None) -> VerifyResult:
    """Check a pack; `key` pins the signer. Raises NotAPack when there is no zip file to check."""
    file, state = _zip_file(Path(path)), _State()
    failure: tuple[str, str] | None = None
    try:
        with zipfile.ZipFile(file) as archive:
            _check(Pack(archive), state, key)
    except Failed as failed:
        failure = (failed.where, failed.reason)
    except Exception as error:  # a damaged directory: zipfile raises a dozen kinds
        failure = ("pack", f"was cut off or changed ({type(error).__name__})")
    return VerifyResult(
        ok=failure is None,
        checked=state.checked,
        first_failure=failure,
        origin=state.origin,
        key=state.key,
        key_pinned=state.pinned,
        tree_size=state.size,
        root=state.root.hex(),
        checkpoint_at=state.at,
        attachments=state.attachments,
        absent=state.absent,
    )


def _zip_file(path: Path) -> Path:
    try:
        with path.open("rb") as file:
            head, size = file.read(4), file.seek(0, 2)
    except (OSError, ValueError) as error:
        raise NotAPack(f"cannot be read ({type(error).__name__})") from None
    if head != b"PK\x03\x04":
        raise NotAPack("this is no zip file")
    if size > MAX_PACK:
        raise NotAPack("too large")
    return path


def _report(result: VerifyResult) -> str:
    if result.first_failure is not None:
        where, reason = result.first_failure
        return (
            f"校验不通过：{where}\nFAILED: {where}: {reason}\n"
            f"(此前通过 {result.checked} 条 · {result.checked} entries had passed)"
        )
    pinned = (
        "已与指定公钥核对 · key: as given"
        if result.key_pinned
        else "未指定公钥，请与运营方公布的公钥核对 · key: the pack's own; compare it with the published one"
    )
    return (
        f"校验通过：{result.checked} 条记录，{result.attachments} 份附件，{result.absent} 份未随包\n"
        f"OK: {result.checked} entries, {result.attachments} documents, {result.absent} not in the pack\n"
        f"日志 · log: {result.origin}, {result.tree_size} entries, {result.checkpoint_at}\n"
        f"根 · root: {result.root}\n{result.key}\n{pinned}"
    )


def main(argv: list[str] | None = None) -> int:
    """Command line; 0 = genuine, 1 = not (the first failure is printed), 2 = misuse."""
    parser = argparse.ArgumentParser(prog="verify", description="Check an evidence pack offline.")
    parser.add_argument("pack", help="the .zip file")
    parser.add_argument(
        "--key", metavar="VKEY", help="the operator's published key: name+id+base64"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    try:
        options = parser.parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        if options.key is not None:
            parse_key(options.key.strip())
        result = verify_pack(options.pack, options.key)
    except NotAPack as error:
        print(f"不是证据包 · not an evidence pack: {error}", file=sys.stderr)
        return 2
    except (ValueError, binascii.Error):
        print("公钥格式不对 · --key is not a verification key", file=sys.stderr)
        return 2
    print(json.dumps(asdict(result), ensure_ascii=False) if options.json else _report(result))
    return 0 if result.ok else 1


if __name__ == "__main__":
    sys.exit(main())
