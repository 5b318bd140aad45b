"""STUN messages as ICE uses them (RFC 8489, RFC 8445): bytes in, a value or a ProtocolError out."""

import hmac
import os
import socket
import struct
import zlib
from typing import NamedTuple

from signaling.errors import ProtocolError

MAGIC = b"\x21\x12\xa4\x42"
BINDING_REQUEST = 0x0001
BINDING_SUCCESS = 0x0101
BINDING_ERROR = 0x0111
_USERNAME, _INTEGRITY, _ERROR_CODE, _XOR_MAPPED = 0x0006, 0x0008, 0x0009, 0x0020
_PRIORITY, _USE_CANDIDATE, _FINGERPRINT = 0x0024, 0x0025, 0x8028
_CONTROLLED, _CONTROLLING = 0x8029, 0x802A
_FINGERPRINT_XOR = 0x5354554E
_MAX_LENGTH = 1500


class StunMessage(NamedTuple):
    """One parsed message. `integrity_at` is the offset of MESSAGE-INTEGRITY, 0 when absent."""

    kind: int
    transaction: bytes
    username: str
    use_candidate: bool
    integrity_at: int


def parse(data: bytes) -> StunMessage:
    """Parse one datagram. Attributes behind MESSAGE-INTEGRITY, other than FINGERPRINT, are
    ignored (RFC 8489 section 14.5)."""
    if not 20 <= len(data) <= _MAX_LENGTH:
        raise ProtocolError("A STUN message is 20 to 1500 bytes long.")
    kind, length = struct.unpack_from("!HH", data)
    if data[4:8] != MAGIC or kind & 0xC000:
        raise ProtocolError("The STUN magic cookie is missing.")
    if length & 3 or 20 + length != len(data):
        raise ProtocolError("The STUN length does not match the datagram.")
    username, use_candidate, integrity_at, at = "", False, 0, 20
    while at < len(data):
        if at + 4 > len(data):
            raise ProtocolError("A STUN attribute is cut short.")
        name, size = struct.unpack_from("!HH", data, at)
        if at + 4 + size > len(data):
            raise ProtocolError("A STUN attribute is cut short.")
        if name == _FINGERPRINT:
            _check_fingerprint(data, at, size)
        elif integrity_at:
            pass
        elif name == _INTEGRITY:
            if size != 20:
                raise ProtocolError("MESSAGE-INTEGRITY is 20 bytes long.")
            integrity_at = at
        elif name == _USERNAME:
            username = _text(data[at + 4 : at + 4 + size])
        elif name == _USE_CANDIDATE:
            use_candidate = True
        at += 4 + size + (-size & 3)
    return StunMessage(kind, data[8:20], username, use_candidate, integrity_at)


def _text(raw: bytes) -> str:
    if len(raw) > 513:
        raise ProtocolError("A STUN username is at most 513 bytes long.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise ProtocolError("A STUN username is UTF-8.") from exc


def _check_fingerprint(data: bytes, at: int, size: int) -> None:
    if size != 4 or at + 8 != len(data):
        raise ProtocolError("FINGERPRINT is 4 bytes long and comes last.")
    if struct.unpack_from("!I", data, at + 4)[0] != zlib.crc32(data[:at]) ^ _FINGERPRINT_XOR:
        raise ProtocolError("The STUN fingerprint is wrong.")


def integrity_ok(data: bytes, message: StunMessage, key: bytes) -> bool:
    """Whether MESSAGE-INTEGRITY (HMAC-SHA1 over what precedes it) was made with `key`."""
    at = message.integrity_at
    if not at:
        return False
    head = data[:2] + struct.pack("!H", at + 24 - 20) + data[4:at]
    return hmac.compare_digest(hmac.digest(key, head, "sha1"), data[at + 4 : at + 24])


def _finish(kind: int, transaction: bytes, attributes: bytes, key: bytes) -> bytes:
    body = attributes
    if key:
        head = struct.pack("!HH", kind, len(body) + 24) + MAGIC + transaction
        digest = hmac.digest(key, head + body, "sha1")
        body += struct.pack("!HH", _INTEGRITY, 20) + digest
    message = struct.pack("!HH", kind, len(body) + 8) + MAGIC + transaction + body
    crc = zlib.crc32(message) ^ _FINGERPRINT_XOR
    return message + struct.pack("!HHI", _FINGERPRINT, 4, crc)


def _xor_address(host: str, port: int, transaction: bytes) -> bytes:
    xport = port ^ 0x2112
    if ":" in host:
        raw = socket.inet_pton(socket.AF_INET6, host.partition("%")[0])
        mask = MAGIC + transaction
        family = 2
    else:
        raw, mask, family = socket.inet_aton(host), MAGIC, 1
    size = len(raw)
    xored = (int.from_bytes(raw, "big") ^ int.from_bytes(mask, "big")).to_bytes(size, "big")
    return struct.pack("!HHBBH", _XOR_MAPPED, 4 + len(raw), 0, family, xport) + xored


def binding_success(transaction: bytes, host: str, port: int, key: bytes) -> bytes:
    """The answer to a verified binding request that came from (host, port)."""
    attributes = _xor_address(host, port, transaction)
    return _finish(BINDING_SUCCESS, transaction, attributes, key)


def binding_error(transaction: bytes, code: int, reason: str) -> bytes:
    """An error answer, for example 401 or 400 (RFC 8489 section 14.8)."""
    text = reason.encode()
    value = struct.pack("!HBB", 0, code // 100, code % 100) + text
    attribute = struct.pack("!HH", _ERROR_CODE, len(value)) + value + b"\0" * (-len(value) & 3)
    return _finish(BINDING_ERROR, transaction, attribute, b"")


def binding_request(
    username: str,
    key: bytes,
    nominate: bool,
    *,
    controlling: bool = True,
    transaction: bytes = b"",
    tie: bytes = b"",
) -> bytes:
    """A connectivity check of a light client; `tie` is its 8-byte tie-breaker (RFC 8445 7.1.3)."""
    name = username.encode()
    attributes = struct.pack("!HH", _USERNAME, len(name)) + name + b"\0" * (-len(name) & 3)
    attributes += struct.pack("!HHI", _PRIORITY, 4, 0x6E0001FF)
    role = _CONTROLLING if controlling else _CONTROLLED
    attributes += struct.pack("!HH", role, 8) + (tie or os.urandom(8))
    if nominate:
        attributes += struct.pack("!HH", _USE_CANDIDATE, 0)
    return _finish(BINDING_REQUEST, transaction or os.urandom(12), attributes, key)
