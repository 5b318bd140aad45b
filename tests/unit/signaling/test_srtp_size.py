"""Packets as long as encoders send them."""

import os

import pylibsrtp
import pytest

from signaling.transport import srtp


@pytest.mark.parametrize("size", [12, 1100, 1356, 1357, 1450, 8192])
@pytest.mark.parametrize("profile", srtp.PROFILES, ids=lambda profile: profile.name.decode())
def test_a_packet_of_any_size_is_protected(profile: srtp.Profile, size: int) -> None:
    material = os.urandom(2 * (profile.key + profile.salt))
    _, server = srtp.contexts(profile, material, server=True)
    client, _ = srtp.contexts(profile, material, server=False)
    packet = b"\x80\x60\x00\x01" + bytes(size - 4)
    sealed = server.protect(packet)
    assert len(sealed) == size + profile.tag
    room = srtp.WorkBuffer(len(sealed))
    room.memory[:] = sealed
    room.length[0] = len(sealed)
    assert srtp.unprotect(client.handle, room.base, room.length) == srtp.OK
    assert bytes(room.memory[: room.length[0]]) == packet


def test_what_is_longer_than_any_datagram_is_refused() -> None:
    profile = srtp.GCM_128
    _, server = srtp.contexts(profile, os.urandom(56), server=True)
    with pytest.raises(pylibsrtp.Error):
        server.protect(bytes(9000))
