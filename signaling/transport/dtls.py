"""DTLS 1.2 on memory buffers (RFC 6347, RFC 5764), on either side. No sockets here."""

import datetime
import hmac
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL

from signaling.errors import ProtocolError
from signaling.transport import srtp

# OpenSSL waits a whole second before it repeats a flight; on a bad line that is the join time. Each
# flight goes out again soon, before anything could be known of its loss, and then steadily.
RETRANSMIT_SECONDS = 0.25
FIRST_RETRANSMIT_SECONDS = 0.06
# The last flight has no answer that would show its loss: it goes out again so long after.
REPEAT_LAST_SECONDS = (0.06, 0.15, 0.3, 0.5)
MAX_FLIGHTS = 40
# Where only the other side's last word is missing, media flows meanwhile: there is no more haste.
HASTY_FLIGHTS, LATE_RETRANSMIT_SECONDS = 8, 1.0
_DTLS_1_2 = 0xFEFD
_CHANGE_CIPHER_SPEC = 20
_MTU = 1200
_MAX_RECORD = 1 << 14
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha-256": hashes.SHA256,
    "sha-384": hashes.SHA384,
    "sha-512": hashes.SHA512,
}
_CIPHERS = (
    b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:"
    b"ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA"
)


def digest(certificate: x509.Certificate, algorithm: str) -> str:
    """The fingerprint as SDP writes it: upper-case hexadecimal pairs joined by colons."""
    raw = certificate.fingerprint(_HASHES[algorithm]())
    return raw.hex(":").upper()


class Identity:
    """The certificate of this process, made afresh at each start, and the SSL context on it."""

    def __init__(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, os.urandom(8).hex())])
        now = datetime.datetime.now(tz=datetime.UTC)
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
        builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now - datetime.timedelta(days=1))
        builder = builder.not_valid_after(now + datetime.timedelta(days=365))
        certificate = builder.sign(key, hashes.SHA256())
        self.fingerprint = digest(certificate, "sha-256")
        context = SSL.Context(SSL.DTLS_METHOD)
        context.set_min_proto_version(_DTLS_1_2)
        context.set_max_proto_version(_DTLS_1_2)
        context.set_options(SSL.OP_NO_TICKET | SSL.OP_NO_QUERY_MTU | SSL.OP_NO_RENEGOTIATION)
        # Any certificate will do here: what counts is the fingerprint from the signalling.
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
        context.use_certificate(certificate)
        context.use_privatekey(key)
        context.set_cipher_list(_CIPHERS)
        context.set_tlsext_use_srtp(srtp.OFFERED)
        self.context = context


def _datagrams(flight: bytes) -> list[bytes]:
    """Cut what OpenSSL wrote into datagrams of whole records."""
    out: list[bytes] = []
    current, at = b"", 0
    while at + 13 <= len(flight):
        size = 13 + int.from_bytes(flight[at + 11 : at + 13], "big")
        record = flight[at : at + size]
        if current and len(current) + len(record) > _MTU:
            out.append(current)
            current = b""
        current += record
        at += size
    if current:
        out.append(current)
    return out


def _changes_cipher(datagram: bytes) -> bool:
    """Whether there is a ChangeCipherSpec among its records."""
    at = 0
    while at + 13 <= len(datagram):
        if datagram[at] == _CHANGE_CIPHER_SPEC:
            return True
        at += 13 + int.from_bytes(datagram[at + 11 : at + 13], "big")
    return False


class DtlsSession:
    """One association. `feed` takes a datagram and returns application data; `take` returns what
    must be sent; `resend` returns the unfinished flight again. One handshake, no second."""

    def __init__(self, identity: Identity, *, server: bool = True) -> None:
        self._ssl = SSL.Connection(identity.context, None)
        self._ssl.set_ciphertext_mtu(_MTU)
        if server:
            self._ssl.set_accept_state()
        else:
            self._ssl.set_connect_state()
        self.server = server
        self._flight: list[bytes] = []
        self._complete = False
        # Grows with each new flight of the handshake.
        self.flights = 0
        # The media keys are there (`media_keys`), a round trip before `connected` on the client's side.
        self.keyed = False
        self.connected = False
        self.closed = self.failed = False
        self.expected: list[tuple[str, str]] = []

    def feed(self, datagram: bytes) -> list[bytes]:
        """Application data of this datagram, record by record. ProtocolError if the handshake or the
        peer's fingerprint is bad."""
        messages: list[bytes] = []
        if self.closed or self.failed:
            return messages  # OpenSSL reads no more, and would keep it all
        try:
            self._ssl.bio_write(datagram)
            if not self.connected:
                self.handshake()
            while self.connected:
                messages.append(self._ssl.recv(_MAX_RECORD))
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:
            self.closed = True
        except SSL.Error as exc:
            self.failed = True
            raise ProtocolError("The DTLS handshake failed.") from exc
        return messages

    def handshake(self) -> None:
        """Go as far as what was received allows."""
        try:
            self._ssl.do_handshake()
        except SSL.WantReadError:
            return
        except SSL.Error as exc:
            self.failed = True
            raise ProtocolError("The DTLS handshake failed.") from exc
        self._check_peer()
        self.connected = True
        if not self.server:  # the last word was the server's
            self._flight, self._complete = [], True

    def _check_peer(self) -> None:
        self.failed = True
        certificate = self._ssl.get_peer_certificate(as_cryptography=True)
        known = [(name, value) for name, value in self.expected if name in _HASHES]
        if certificate is None or not known:
            raise ProtocolError("The peer offered no fingerprint that can be checked.")
        for name, value in known:
            if not hmac.compare_digest(digest(certificate, name), value):
                raise ProtocolError("The peer's certificate is not the one it announced.")
        self.failed = False

    def take(self) -> list[bytes]:
        """Datagrams to send now. ProtocolError if the peer's certificate is not what was promised.

        Whoever has written its ChangeCipherSpec has the keys. A client that has done so has checked the
        server's certificate and signature, but not yet its Finished, which comes a round trip later. What
        it sends meanwhile only that server can read, and none of the ciphers here are weak: the
        conditions of False Start (RFC 7918). A Finished that is then wrong ends the connection."""
        flight = b""
        while True:
            try:
                flight += self._ssl.bio_read(65535)
            except SSL.Error:
                break
        out = _datagrams(flight)
        if out and not self._complete and not self.failed:
            if not self.keyed and any(_changes_cipher(datagram) for datagram in out):
                if not self.connected:
                    self._check_peer()
                self.keyed = True
            self._flight = out
            self.flights += 1
            self._complete = self.connected
        return out

    def resend(self) -> list[bytes]:
        """The last flight again, byte for byte: what arrived before is dropped by the peer's
        replay check, what was lost is not. When OpenSSL's own slow timer has run out the flight is
        written anew instead, as a peer whose answer was lost must see a new one."""
        if self.connected or self.failed:
            return []
        try:
            self._ssl.DTLSv1_handle_timeout()
        except SSL.Error:  # so often that OpenSSL gives up: the flight as it was must do
            return self._flight
        return self.take() or self._flight

    def last_flight(self) -> list[bytes]:
        """What completed the handshake, once more: without it the peer would wait for its timer."""
        return self._flight if self._complete and not self.closed else []

    def send(self, data: bytes) -> list[bytes]:
        """Datagrams that carry `data` encrypted."""
        try:
            self._ssl.send(data)
        except SSL.Error:
            return []
        return self.take()

    def shutdown(self) -> list[bytes]:
        """The close_notify alert."""
        if not self.connected or self.closed:
            return []
        try:
            self._ssl.shutdown()
        except SSL.Error:
            return []
        return self.take()

    def media_keys(self) -> tuple[srtp.Context, srtp.Context]:
        """(receive, send) SRTP contexts after the handshake."""
        name = self._ssl.get_selected_srtp_profile()
        for profile in srtp.PROFILES:
            if profile.name == name:
                size = 2 * (profile.key + profile.salt)
                material = self._ssl.export_keying_material(b"EXTRACTOR-dtls_srtp", size)
                return srtp.contexts(profile, material, server=self.server)
        raise ProtocolError("The peer takes no SRTP profile that is offered.")
