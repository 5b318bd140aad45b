"""The self-signed certificate of `--lan`."""

from __future__ import annotations

import ipaddress
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from server.certificate import FILE, LIFETIME, ensure_certificate, lan_addresses, server_context
from storage.disk import Disk

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def _names(path: str) -> x509.SubjectAlternativeName:
    certificate = x509.load_pem_x509_certificate(Path(path).read_bytes())
    return certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value


def test_it_names_the_addresses_and_is_private(tmp_path: Path) -> None:
    path = ensure_certificate(Disk(tmp_path), ["192.0.2.7"], NOW)
    addresses = _names(path).get_values_for_type(x509.IPAddress)
    assert set(addresses) == {ipaddress.ip_address(one) for one in ("127.0.0.1", "192.0.2.7")}
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert server_context(path).cert_store_stats()["x509"] == 0


def test_it_is_kept_until_addresses_change_or_it_runs_out(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    first = Path(ensure_certificate(disk, ["192.0.2.7"], NOW)).read_bytes()
    later = NOW + timedelta(days=100)
    assert Path(ensure_certificate(disk, ["192.0.2.7"], later)).read_bytes() == first
    moved = Path(ensure_certificate(disk, ["192.0.2.8"], later)).read_bytes()
    assert moved != first
    nearly_over = later + LIFETIME - timedelta(days=10)
    assert Path(ensure_certificate(disk, ["192.0.2.8"], nearly_over)).read_bytes() != moved


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    disk.write(FILE, b"not a certificate")
    server_context(ensure_certificate(disk, [], NOW))


def test_lan_addresses_leave_loopback_out() -> None:
    assert all(not ipaddress.ip_address(one).is_loopback for one in lan_addresses())
