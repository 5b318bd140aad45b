"""A self-signed certificate for the addresses of this machine, so that other devices can use camera and microphone."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from datetime import datetime, timedelta

import ifaddr
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from storage.disk import Disk

FILE = "tls/self-signed.pem"
LIFETIME = timedelta(days=365)
RENEW_BEFORE = timedelta(days=30)


def lan_addresses() -> list[str]:
    """IPv4 addresses of this machine that other devices can reach, sorted; loopback and link-local left out."""
    found = set()
    for adapter in ifaddr.get_adapters():
        for entry in adapter.ips:
            if isinstance(entry.ip, str):
                address = ipaddress.ip_address(entry.ip)
                if not (address.is_loopback or address.is_link_local or address.is_unspecified):
                    found.add(entry.ip)
    return sorted(found, key=ipaddress.ip_address)


def _names(addresses: list[str]) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = [x509.DNSName("localhost")]
    host = socket.gethostname()
    if host.isascii() and host != "localhost":
        names.append(x509.DNSName(host))
    return names + [x509.IPAddress(ipaddress.ip_address(one)) for one in ["127.0.0.1", *addresses]]


def _make(addresses: list[str], now: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Duikou (self-signed)")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectAlternativeName(_names(addresses)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )
    certificate = builder.sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def _still_good(pem: bytes, addresses: list[str], now: datetime) -> bool:
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound):
        return False
    if certificate.not_valid_after_utc - now < RENEW_BEFORE:
        return False
    return set(names) == set(_names(addresses))


def ensure_certificate(disk: Disk, addresses: list[str], now: datetime) -> str:
    """Path of a PEM file with key and certificate for these addresses; made anew when they changed."""
    if disk.size(FILE) is None or not _still_good(disk.read(FILE), addresses, now):
        disk.write(FILE, _make(addresses, now), mode=0o600)
    return str(disk.path(FILE))


def server_context(path: str) -> ssl.SSLContext:
    """TLS 1.2 or later, with the certificate of `ensure_certificate`."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(path)
    return context
