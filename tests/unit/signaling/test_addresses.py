"""What is advertised: the operator's words, NAT, ports, candidates."""

import shutil
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.errors import ProtocolError
from signaling.transport import addresses
from signaling.transport.addresses import Advertise, Endpoint, advertised, parse_advertise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Advertise()),
        ("auto", Advertise()),
        ("192.0.2.1", Advertise((Endpoint("192.0.2.1"),), interfaces=False)),
        (
            "192.0.2.1:7000, [2001:db8::1]:7001,2001:db8::2",
            Advertise(
                (
                    Endpoint("192.0.2.1", 7000),
                    Endpoint("2001:db8::1", 7001),
                    Endpoint("2001:db8::2"),
                ),
                interfaces=False,
            ),
        ),
        ("203.0.113.5/10.0.0.4", Advertise(outside=(("10.0.0.4", Endpoint("203.0.113.5")),))),
        ("192.0.2.1,auto", Advertise((Endpoint("192.0.2.1"),))),
    ],
)
def test_what_operators_write(text: str, expected: Advertise) -> None:
    assert parse_advertise(text) == expected


@given(st.text(alphabet="0123456789abf.:[]/, auto", max_size=30) | st.text(max_size=20))
def test_anything_else_is_refused(text: str) -> None:
    try:
        found = parse_advertise(text)
    except ProtocolError:
        return
    for one in found.fixed:
        assert 0 <= one.port < 65536


def test_names_are_refused_with_a_reason() -> None:
    with pytest.raises(ProtocolError, match="IP address"):
        parse_advertise("media.example.org")


def test_an_interface_behind_nat_is_known_by_its_outside_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inside = ["10.0.0.4", "192.168.1.2", "127.0.0.1"]
    monkeypatch.setattr(addresses, "local_addresses", lambda: inside)
    wish = parse_advertise("203.0.113.5:17882/10.0.0.4")
    found = advertised("0.0.0.0", wish)
    assert [one.host for one in found] == ["203.0.113.5", "192.168.1.2", "127.0.0.1"]
    assert advertised("127.0.0.1", Advertise()) == [Endpoint("127.0.0.1")]


def test_udp_ranks_above_tcp_and_keeps_outside_ports() -> None:
    found = [Endpoint("203.0.113.5", 17882), Endpoint("2001:db8::1")]
    lines = addresses.candidate_lines(found, 7882, 7881, shift=1)
    parts = [line.split() for line in lines]
    assert [(p[2], p[4], p[5]) for p in parts] == [
        ("udp", "203.0.113.5", "17883"),
        ("udp", "2001:db8::1", "7882"),
        ("tcp", "203.0.113.5", "7881"),
        ("tcp", "2001:db8::1", "7881"),
    ]
    priorities = [int(p[3]) for p in parts]
    assert priorities == sorted(priorities, reverse=True)
    assert len(set(priorities)) == 4
    assert all(line.endswith("typ host tcptype passive") for line in lines[2:])
    assert len(addresses.candidate_lines(found, 7882, 0)) == 2


LAPTOP = """
import asyncio, subprocess
from signaling.transport.addresses import Advertise, Interfaces

async def main():
    interfaces = Interfaces("0.0.0.0", Advertise())
    interfaces.start()
    for command, there in (
        ("link set lo up", None),
        ("link add one type veth peer name other", None),
        ("link set other up", None),
        ("link set one up", None),
        ("addr add 10.77.0.1/24 dev one", "10.77.0.1"),
        ("addr add 10.77.0.2/24 dev one", "10.77.0.2"),
        ("addr del 10.77.0.1/24 dev one", "-10.77.0.1"),
        ("addr add 2001:db8::7/64 dev one nodad", "2001:db8::7"),
        ("link set one down", "-2001:db8::7"),
    ):
        subprocess.run(["ip", *command.split()], check=True)
        async with asyncio.timeout(5):
            while there and (there[0] == "-") == (there.strip("-") in {e.host for e in interfaces.found}):
                await asyncio.sleep(0.01)
    interfaces.stop()

asyncio.run(main())
print("every change was noticed")
"""


def _namespaces() -> bool:
    tools = shutil.which("unshare") and shutil.which("ip")
    tried = ["unshare", "-n", "ip", "link", "add", "one", "type", "veth", "peer", "name", "other"]
    return bool(tools) and subprocess.run(tried, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _namespaces(), reason="needs the right to make a network namespace")
def test_a_laptop_that_changes_its_line_is_noticed() -> None:
    command = ["unshare", "-n", sys.executable, "-c", LAPTOP]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "every change was noticed" in done.stdout, done.stderr
