"""Which worker serves what: first bytes, owners of rooms, figures, spools of former workers."""

import asyncio
import contextlib
import errno
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol import room as api

from signaling import config, journal
from signaling.errors import ProtocolError
from signaling.transport import stun
from signaling.transport.tcp import framed
from signaling.workers import peek
from signaling.workers.answers import merged, named_room, parsed
from signaling.workers.children import delay
from signaling.workers.figures import summed
from signaling.workers.heads import MAX_HEAD, Route, http_route, media_mark
from signaling.workers.leftover import adopt, folder
from signaling.workers.owners import FORGET_SECONDS, Owners
from signaling.workers.peek import Listener


def request(line: str, *headers: str) -> bytes:
    return "\r\n".join([line, "Host: x", *headers, "", ""]).encode()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (request("GET / HTTP/1.1"), Route(own=True)),
        (request("GET /metrics HTTP/1.1"), Route(own=True)),
        (request("POST //twirp/livekit.RoomService/ListRooms HTTP/1.1"), Route(own=True)),
        (request("GET /rtc?protocol=15&access_token=a.b.c HTTP/1.1"), Route(token="a.b.c")),
        (request("GET /rtc/v1 HTTP/1.1", "authorization: Bearer a.b.c"), Route(token="a.b.c")),
        (request("POST /whip HTTP/1.1", "Authorization: Bearer a.b.c"), Route(token="a.b.c")),
        (request("PATCH /whip/bX9 HTTP/1.1"), Route(mark="b")),
        (request("GET /rtc HTTP/1.1"), Route()),
        (request("nonsense"), Route(own=True)),
        (request("GET /rtc?access_token=a.b.c HTTP/1.1")[:-1], None),
        (b"", None),
    ],
)
def test_where_a_request_goes(head: bytes, expected: Route | None) -> None:
    assert http_route(head) == expected


@given(st.binary(max_size=300), st.sampled_from([b"", b"GET /rtc?", b"GET /rtc HTTP/1.1\r\n"]))
def test_any_head_is_a_route_or_a_refusal(data: bytes, start: bytes) -> None:
    for head in (start + data, start + data + b"\r\n\r\n"):
        assert http_route(head) is None or isinstance(http_route(head), Route)


def test_an_endless_head_is_refused() -> None:
    with pytest.raises(ProtocolError):
        http_route(b"x" * MAX_HEAD)


@given(st.binary(max_size=300))
def test_any_first_frame_is_a_mark_or_a_refusal(data: bytes) -> None:
    for frame in (data, framed(data)):
        try:
            media_mark(frame)
        except ProtocolError:
            continue


def test_a_check_over_tcp_names_its_worker() -> None:
    frame = framed(stun.binding_request("bUFRAG:theirs", b"key", True))
    assert media_mark(frame) == "b"
    assert media_mark(frame[:30]) is None


def test_a_new_room_goes_where_there_is_room() -> None:
    owners = Owners(2)
    first = owners.owner("one", 0.0)
    second = owners.owner("two", 0.0)
    assert first != second
    owners.news(first, {"one": 40}, 1.0)
    owners.news(second, {"two": 2}, 1.0)
    assert owners.owner("three", 2.0) == second
    assert owners.owner("one", 2.0) == first


def test_a_room_is_forgotten_when_its_worker_does_not_know_it() -> None:
    owners = Owners(2)
    index = owners.owner("brief", 0.0)
    owners.news(index, {}, FORGET_SECONDS - 1)
    assert owners.find("brief") == index
    owners.news(index, {}, FORGET_SECONDS + 1)
    assert owners.find("brief") is None


def test_a_worker_that_does_not_start_gets_nothing() -> None:
    owners = Owners(2)
    index = owners.owner("room", 0.0)
    owners.down(index)
    assert owners.owner("room", 1.0) == 1 - index
    assert owners.any() == 1 - index
    owners.news(index, {}, 2.0)
    owners.news(1 - index, {"room": 9}, 2.0)
    assert owners.owner("next", 3.0) == index


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ("CreateRoom", api.CreateRoomRequest(name="ward", empty_timeout=9, metadata="m")),
        ("DeleteRoom", api.DeleteRoomRequest(room="ward")),
        ("RemoveParticipant", api.RoomParticipantIdentity(room="ward", identity="i")),
        ("MutePublishedTrack", api.MuteRoomTrackRequest(room="ward", track_sid="T", muted=True)),
        ("UpdateParticipant", api.UpdateParticipantRequest(room="ward", metadata="m")),
        ("UpdateSubscriptions", api.UpdateSubscriptionsRequest(room="ward", track_sids=["T"])),
        ("SendData", api.SendDataRequest(room="ward", data=b"d", nonce=b"n")),
        ("UpdateRoomMetadata", api.UpdateRoomMetadataRequest(room="ward", metadata="m")),
    ],
)
def test_the_room_of_every_method_is_found(method: str, message: object) -> None:
    assert named_room(method, message.SerializeToString(), json_wanted=False) == "ward"  # type: ignore[attr-defined]


def test_rooms_of_json_requests_and_answers() -> None:
    assert named_room("CreateRoom", b'{"name": "ward"}', json_wanted=True) == "ward"
    assert named_room("DeleteRoom", b'{"room": "ward"}', json_wanted=True) == "ward"
    assert named_room("DeleteRoom", b'["room"]', json_wanted=True) == ""
    assert merged([b'{"rooms": [{"name": "a"}]}', b"{}"]) == b'{"rooms": [{"name": "a"}]}'


@given(st.binary(max_size=60), st.booleans())
def test_any_body_names_a_room_or_none(body: bytes, json_wanted: bool) -> None:
    assert isinstance(named_room("SendData", body, json_wanted=json_wanted), str)


def test_an_answer_that_broke_off_is_none() -> None:
    whole = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nno!"
    answer = parsed(whole)
    assert (answer.status, answer.body) == (404, b"no!")
    for broken in (b"", whole[:30], whole[:-1]):
        with pytest.raises(ValueError, match=r"answer"):
            parsed(broken)


def test_figures_of_workers_are_added_up() -> None:
    one = "# TYPE a counter\na 1\nduikou_media_tcp_port 7881\n"
    two = "# TYPE a counter\na 2.5\nduikou_media_tcp_port 7881\n"
    assert summed([one, two]) == "# TYPE a counter\na 3.5\nduikou_media_tcp_port 7881\n"


def test_spools_of_former_workers_are_taken_over(tmp_path: Path) -> None:
    for name, body in (("worker-0", "0"), ("worker-1", "1"), ("worker-3", "3")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "0000000000000001.json").write_text(body)
    (tmp_path / "worker-3" / journal.NAME).write_text("open")
    (tmp_path / "0000000000000007.json").write_text("7")
    assert adopt(tmp_path, 2) == 2
    assert folder(tmp_path, 0) == tmp_path / "worker-0"
    held = sorted((tmp_path / "worker-0").glob("*.json"))
    assert [path.read_text() for path in held] == ["0", "7", "3"]
    assert (tmp_path / "worker-0" / journal.NAME).read_text() == "open"
    assert adopt(tmp_path, 2) == 0
    # Back to one process: everything is in the one folder.
    assert adopt(tmp_path, 1) == 4
    assert sorted(p.read_text() for p in tmp_path.glob("*.json")) == ["0", "1", "3", "7"]
    assert (tmp_path / journal.NAME).exists()
    assert adopt(None, 1) == 0


def test_how_many_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config.os, "sched_getaffinity", lambda _pid: {0, 1, 2, 3})
    assert (config.worker_count(0), config.worker_count(1), config.worker_count(9)) == (3, 1, 9)
    monkeypatch.setattr(config.os, "sched_getaffinity", lambda _pid: {0})
    assert config.worker_count(0) == 1


def test_the_first_restart_is_at_once_and_later_ones_wait() -> None:
    assert [delay(n) for n in (1, 2, 3, 4, 40)] == [0.0, 0.1, 0.2, 0.4, 10.0]


async def test_half_a_head_is_waited_for_until_the_other_side_ends() -> None:
    looks: list[bytes] = []
    routes: list[Route | None] = []

    def read(head: bytes) -> Route | None:
        looks.append(head)
        return http_route(head)

    def settle(route: Route | None, connection: socket.socket) -> None:
        routes.append(route)
        connection.close()

    listener = Listener(read, settle)
    listener.open(["127.0.0.1"], 0)
    whole = b"GET / HTTP/1.1\r\n\r\n"
    async with asyncio.timeout(5):
        for rest in (whole[8:], b""):
            looks.clear()
            reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
            writer.write(whole[:8])
            while not looks:
                await asyncio.sleep(0)
            writer.write(rest)
            writer.write_eof()
            with contextlib.suppress(ConnectionError):
                assert await reader.read() == b""
            writer.close()
            assert len(looks) == 2
    assert routes == [Route(own=True)]
    listener.close()


async def test_a_port_rests_while_no_more_connections_can_be_had(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(peek, "REST_SECONDS", 0.1)
    tries: list[socket.socket] = []

    def short(sock: socket.socket) -> object:
        tries.append(sock)
        raise OSError(errno.EMFILE, "too many open files")

    routes: list[Route | None] = []

    def settle(route: Route | None, connection: socket.socket) -> None:
        routes.append(route)
        connection.close()

    listener = Listener(http_route, settle)
    listener.open(["127.0.0.1"], 0)
    async with asyncio.timeout(5):
        with monkeypatch.context() as patch:
            patch.setattr(socket.socket, "accept", short)
            reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            while not tries:
                await asyncio.sleep(0)
            for _ in range(100):
                await asyncio.sleep(0)
        assert len(tries) < 10
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
        writer.close()
    assert routes == [Route(own=True)]
    listener.close()
