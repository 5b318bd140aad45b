"""C2SP signed notes and tlog checkpoints, signed with Ed25519.

A note is text that ends in a newline, an empty line, then one line `— <name> <base64(key id ‖ signature)>` per
signature (c2sp.org/signed-note). A checkpoint is a note whose text is origin, tree size, base64 root, and
optional extension lines (c2sp.org/tlog-checkpoint). Ours has one extension line, `at <UTC time>`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

ED25519 = 0x01
_NAME = re.compile(r"[^\s+]{1,200}")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteError(ValueError):
    """A note, key or checkpoint that is malformed or not signed as it must be."""


def _unbase64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("bad base64") from None
    if base64.b64encode(data).decode() != text:
        raise NoteError("base64 is not canonical")
    return data


def key_id(name: str, public: bytes) -> bytes:
    """The 4-byte id of a key: start of SHA-256(name ‖ LF ‖ type ‖ public key)."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([ED25519]) + public).digest()[:4]


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name, written `name+id+base64(type ‖ key)` (a vkey)."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> Verifier:
        """Read a vkey. Raises NoteError."""
        name, plus, rest = vkey.strip().partition("+")
        hex_id, second_plus, encoded = rest.partition("+")
        if not plus or not second_plus or not _NAME.fullmatch(name):
            raise NoteError("not a verification key")
        data = _unbase64(encoded)
        if len(data) != 33 or data[0] != ED25519 or hex_id != key_id(name, data[1:]).hex():
            raise NoteError("not a verification key")
        return cls(name, data[1:])

    @property
    def vkey(self) -> str:
        """The key as text."""
        encoded = base64.b64encode(bytes([ED25519]) + self.public).decode()
        return f"{self.name}+{key_id(self.name, self.public).hex()}+{encoded}"

    def open(self, note: str) -> str:
        """The text of a note that this key signed. Raises NoteError."""
        text, blank, signatures = note.rpartition("\n\n")
        if not blank or not signatures.endswith("\n"):
            raise NoteError("not a signed note")
        text += "\n"
        for line in signatures[:-1].split("\n"):
            parts = line.split(" ")
            if len(parts) != 3 or parts[0] != "—" or not all(parts):
                raise NoteError("bad signature line")
            _, name, encoded = parts
            if name == self.name and self._signed(text, _unbase64(encoded)):
                return text
        raise NoteError("not signed by this key")

    def _signed(self, text: str, blob: bytes) -> bool:
        if blob[:4] != key_id(self.name, self.public):
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(blob[4:], text.encode())
        except InvalidSignature:
            return False
        return True


class Signer:
    """A private key with its name. Its text form is secret: `PRIVATE+KEY+name+id+base64(type ‖ seed)`."""

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        if not _NAME.fullmatch(name):
            raise NoteError("a key name has no spaces and no plus sign")
        self.name = name
        self._key = key
        self.verifier = Verifier(name, key.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return f"Signer({self.verifier.vkey})"

    @classmethod
    def generate(cls, name: str) -> Signer:
        """A new random key."""
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def parse(cls, text: str) -> Signer:
        """Read the secret text form. Raises NoteError (which never repeats the text)."""
        parts = text.strip().split("+", 4)
        if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
            raise NoteError("not a private key")
        seed = _unbase64(parts[4])
        if len(seed) != 33 or seed[0] != ED25519:
            raise NoteError("not a private key")
        signer = cls(parts[2], Ed25519PrivateKey.from_private_bytes(seed[1:]))
        if parts[3] != key_id(signer.name, signer.verifier.public).hex():
            raise NoteError("not a private key")
        return signer

    def secret(self) -> str:
        """The secret text form, for a file that only its owner may read."""
        encoded = base64.b64encode(bytes([ED25519]) + self._key.private_bytes_raw()).decode()
        return f"PRIVATE+KEY+{self.name}+{key_id(self.name, self.verifier.public).hex()}+{encoded}"

    def sign(self, text: str) -> str:
        """The signed note for a text that ends in a newline and holds no control characters."""
        if not text.endswith("\n") or any(ord(c) < 0x20 and c != "\n" for c in text):
            raise NoteError("note text must be lines without control characters")
        blob = key_id(self.name, self.verifier.public) + self._key.sign(text.encode())
        return f"{text}\n— {self.name} {base64.b64encode(blob).decode()}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Tree head: `root` (32 bytes) of the first `size` entries of the log `origin`; `at` is informative."""

    origin: str
    size: int
    root: bytes
    at: str = ""

    def text(self) -> str:
        """The note text."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode()]
        if self.at:
            lines.append(f"at {self.at}")
        return "\n".join(lines) + "\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read a (verified) note text. Raises NoteError."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not lines[0] or not _SIZE.fullmatch(lines[1]):
            raise NoteError("not a checkpoint")
        root = _unbase64(lines[2])
        if len(root) != 32 or "" in lines[:-1]:
            raise NoteError("not a checkpoint")
        at = next((line[3:] for line in lines[3:-1] if line.startswith("at ")), "")
        return cls(lines[0], int(lines[1]), root, at)
