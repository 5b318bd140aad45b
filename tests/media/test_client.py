"""The light client: on our server, and on a real LiveKit where one is installed."""

import signal
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
import pytest_asyncio
from livekit import api
from livekit.protocol import models

from signaling.bench_client import Client
from signaling.client import room
from signaling.client.room import Listener, Participant, State
from signaling.client.sdp import Incoming
from signaling.transport.dtls import Identity

from .conftest import MediaProcess, eventually, token
from .livekit import installed, launch_livekit

pytestmark = pytest.mark.media
IDENTITY = Identity()


class Heard(Listener):
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.states: list[State] = []
        self.tracks: dict[str, Incoming] = {}
        self.packets: dict[int, list[bytes]] = {}
        self.people: dict[str, models.ParticipantInfo] = {}
        self.data: list[bytes] = []

    def on_state(self, state: State) -> None:
        self.states.append(state)

    def on_participants(self, found: list[models.ParticipantInfo]) -> None:
        self.people |= {info.identity: info for info in found}

    def on_tracks(self, found: list[Incoming]) -> None:
        self.tracks = {track.track: track for track in found}

    def on_rtp(self, packet: bytes) -> None:
        self.packets.setdefault(int.from_bytes(packet[8:12], "big"), []).append(packet)

    def on_data(self, packet: models.DataPacket) -> None:
        self.data.append(packet.user.payload)

    def of(self, kind: str) -> list[bytes]:
        """Packets of all tracks of a kind."""
        ssrcs = [
            ssrc for track in self.tracks.values() if track.kind == kind for ssrc in track.ssrcs
        ]
        return [packet for ssrc in ssrcs for packet in self.packets.get(ssrc, [])]


@pytest.fixture(params=["ours", "livekit"])
def server(
    request: pytest.FixtureRequest, start: Callable[..., MediaProcess]
) -> Iterator[MediaProcess]:
    if request.param == "livekit":
        if not installed():
            pytest.skip("no LiveKit server is installed (LIVEKIT_SERVER)")
        found = launch_livekit()
        yield found
        found.stop(signal.SIGKILL)  # it would wait for everyone to leave
    else:
        yield start()


@pytest_asyncio.fixture
async def caller(server: MediaProcess) -> AsyncIterator[Client]:
    found = Client(server.url, token("caller"), IDENTITY)
    await found.join()
    await found.publish()
    yield found
    await found.close()


async def test_it_receives_sends_and_comes_back(server: MediaProcess, caller: Client) -> None:
    heard, told = Heard(), Heard()
    listener = Participant(
        server.url, token("hidden", hidden=True, can_publish=False), IDENTITY,
        listener=heard, patience=30,
    )  # fmt: skip
    speaker = Participant(
        server.url, token("speaker"), IDENTITY, listener=told, data=True, patience=30
    )
    other = Participant(server.url, token("other"), IDENTITY, listener=Heard(), data=True)
    try:
        await listener.join()
        await eventually(lambda: len(heard.of("audio")) > 20 and len(heard.of("video")) > 20)
        # Decrypted: the bench's voice carries its Opus header, its camera a VP8 descriptor.
        assert all(packet[12] == 0x78 for packet in heard.of("audio") if not packet[0] & 0x10)
        owner = heard.people["caller"]
        assert {track.sid for track in owner.tracks} == set(heard.tracks)
        assert {track.participant for track in heard.tracks.values()} == {owner.sid}
        # Data goes both ways.
        await speaker.join()
        await other.join()
        await speaker.negotiate()
        await other.negotiate()
        await speaker.subscriber.channels.opened.wait()
        await other.send_data(b"one")
        await eventually(lambda: told.data == [b"one"])
        assert "hidden" not in told.people
        # The signal connection is lost, then the place in the room: it comes back from both.
        await listener.cut()
        await eventually(lambda: heard.states[-1] is State.RESUMED)
        sid, before = listener.sid, len(heard.of("audio"))
        await eventually(lambda: len(heard.of("audio")) > before + 20)
        async with server.api() as admin:
            await admin.room.delete_room(api.DeleteRoomRequest(room="room"))
        await listener.ended.wait()
        assert heard.states == [
            State.CONNECTED, State.LOST, State.RESUMED, State.ENDED,
        ]  # fmt: skip
        assert listener.sid == sid
    finally:
        for each in (listener, speaker, other):
            await each.close()


async def test_who_is_put_out_stays_out_whichever_it_hears_first(
    media: MediaProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "REASON_SECONDS", 30.0)
    heard = Heard()
    listener = Participant(media.url, token("hidden"), IDENTITY, listener=heard, patience=30)
    await listener.join()
    await listener.subscriber.connected.wait()
    listener.subscriber.failed.set()  # the end of its media
    async with media.api() as admin:
        await admin.room.delete_room(api.DeleteRoomRequest(room="room"))
        await listener.ended.wait()
        assert not (await admin.room.list_rooms(api.ListRoomsRequest())).rooms
    assert heard.states == [State.CONNECTED, State.ENDED]
    await listener.close()


async def test_a_server_that_forgot_it_is_joined_anew(
    start: Callable[..., MediaProcess],
) -> None:
    media = start()
    heard = Heard()
    listener = Participant(media.url, token("hidden"), IDENTITY, listener=heard, patience=30)
    await listener.join()
    await listener.subscriber.connected.wait()
    first = listener.sid
    media.stop()
    start(port=media.port, udp_port=media.udp_port)
    await eventually(lambda: heard.states[-1] is State.CONNECTED and len(heard.states) > 1)
    await listener.subscriber.connected.wait()
    assert listener.sid != first
    await listener.close()
