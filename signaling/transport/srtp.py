"""SRTP contexts. The hot path calls libsrtp through pylibsrtp's own binding, in place, because the
wrapper's two copies and one allocation for each packet cost as much as the cipher."""

from dataclasses import dataclass
from typing import Any

from pylibsrtp import Error, Policy, Session, _binding

ffi: Any = _binding.ffi
lib: Any = _binding.lib

OK = lib.srtp_err_status_ok
protect = lib.srtp_protect
unprotect = lib.srtp_unprotect
protect_rtcp = lib.srtp_protect_rtcp
unprotect_rtcp = lib.srtp_unprotect_rtcp
# The longest trailer that libsrtp may write behind a packet (SRTP_MAX_TRAILER_LEN).
TRAILER = 144
# Packets that came late from the publisher leave late, too: so many behind the newest (2 s of a picture
# of 1.5 Mbit/s). libsrtp moves the whole window on at every packet, so that outbound it is not larger.
_INBOUND_WINDOW, OUTBOUND_WINDOW = 1024, 512
_MAX_PACKET = 8192


@dataclass(frozen=True, slots=True)
class Profile:
    """One protection profile of RFC 5764 / RFC 7714. `tag` is what it adds to an RTP packet."""

    name: bytes
    number: int
    key: int
    salt: int
    tag: int


GCM_128 = Profile(b"SRTP_AEAD_AES_128_GCM", Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12, 16)
CM_80 = Profile(b"SRTP_AES128_CM_SHA1_80", Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14, 10)
# In order of preference: GCM protects 507,000 packets a second on one core, CM 362,000.
PROFILES = (GCM_128, CM_80)
OFFERED = b":".join(profile.name for profile in PROFILES)


class Context:
    """One direction of one association."""

    __slots__ = ("_session", "handle", "profile")

    def __init__(self, profile: Profile, key: bytes, *, inbound: bool) -> None:
        side = Policy.SSRC_ANY_INBOUND if inbound else Policy.SSRC_ANY_OUTBOUND
        policy = Policy(key=key, ssrc_type=side, srtp_profile=profile.number)
        policy.window_size = _INBOUND_WINDOW if inbound else OUTBOUND_WINDOW
        # Retransmissions leave under their own SSRC (RFC 4588), so no index is ever used twice.
        self._session = Session(policy)
        self.handle: Any = self._session._srtp[0]
        self.profile = profile

    def protect_rtcp(self, packet: bytes) -> bytes:
        return bytes(self._session.protect_rtcp(packet))

    def unprotect_rtcp(self, packet: bytes) -> bytes:
        """The plain packet; pylibsrtp.Error if it was not meant for this context."""
        return bytes(self._session.unprotect_rtcp(packet))

    def protect(self, packet: bytes) -> bytes:
        """One RTP packet of any size that was let in; the wrapper of pylibsrtp takes no more than
        1356 bytes, and encoders send up to 1450. pylibsrtp.Error if it cannot be protected."""
        size = len(packet)
        if size > _MAX_PACKET:
            raise Error("The packet is too long.")
        _room.memory[:size] = packet
        _room.length[0] = size
        if protect(self.handle, _room.base, _room.length) != OK:
            raise Error("The packet cannot be protected.")
        return bytes(_room.memory[: _room.length[0]])


def contexts(profile: Profile, material: bytes, *, server: bool) -> tuple[Context, Context]:
    """(receive, send) contexts from the exported keying material (RFC 5764 section 4.2)."""
    key, salt = profile.key, profile.salt
    client_key = material[:key] + material[2 * key : 2 * key + salt]
    server_key = material[key : 2 * key] + material[2 * key + salt : 2 * (key + salt)]
    mine, theirs = (server_key, client_key) if server else (client_key, server_key)
    return Context(profile, theirs, inbound=True), Context(profile, mine, inbound=False)


class WorkBuffer:
    """A fixed piece of memory that libsrtp works in, with views that the socket can send from."""

    __slots__ = ("address", "base", "length", "memory", "view")

    def __init__(self, size: int) -> None:
        self.base: Any = ffi.new("char[]", size)
        self.memory: Any = ffi.buffer(self.base)
        self.view = memoryview(self.memory)
        self.length: Any = ffi.new("int *")
        self.address = int(ffi.cast("uintptr_t", self.base))


_room = WorkBuffer(_MAX_PACKET + TRAILER)
