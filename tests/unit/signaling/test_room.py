"""What participants of one room are told, and the data between them, without any network."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from livekit.protocol import models, rtc

from signaling import bandwidth
from signaling.quality import rate
from signaling.room import Room
from signaling.socket import synchronise
from signaling.tokens import Grants
from signaling.transport.sctp import DATA_TRACK, RELIABLE
from signaling.updates import FLUSH_SECONDS, LARGE_ROOM

from .rooms import Link, enter, publish, turn


def user(text: str, number: int = 0, **more: Any) -> bytes:
    packet = models.DataPacket(
        sequence=number, user=models.UserPacket(payload=text.encode()), **more
    )
    return packet.SerializeToString()


def texts(link: Link) -> list[str]:
    return [packet.user.payload.decode() for packet in link.packets()]


async def test_numbered_messages_are_taken_once_and_in_order(room: Room) -> None:
    one, two = enter(room, "one"), enter(room, "two")
    for number in (1, 2, 2, 1, 3):
        one.put(RELIABLE, user(f"m{number}", number))
    assert texts(two) == ["m1", "m2", "m3"]
    assert one.participant.last_sequence == 3
    assert two.packets()[0].participant_sid == one.participant.sid


async def test_what_was_missed_is_sent_again_after_a_resume(room: Room) -> None:
    one, two, three = (enter(room, name) for name in ("one", "two", "three"))
    for number in range(1, 5):
        one.put(RELIABLE, user(f"m{number}", number, destination_identities=["two"]))
    three.put(RELIABLE, user("other", 1))
    two.data.clear()
    state = rtc.DataChannelReceiveState(publisher_sid=one.participant.sid, last_seq=2)
    synchronise(two.participant, rtc.SyncState(datachannel_receive_states=[state]))
    assert texts(two) == ["m3", "m4", "other"]
    three.data.clear()
    synchronise(three.participant, rtc.SyncState())
    assert texts(three) == []
    four = enter(room, "four")
    synchronise(four.participant, rtc.SyncState())
    assert texts(four) == []


async def test_a_hidden_sender_stays_unknown(room: Room) -> None:
    ghost, two = enter(room, "ghost", hidden=True), enter(room, "two")
    ghost.put(RELIABLE, user("boo"))
    (packet,) = two.packets()
    assert not packet.participant_identity
    assert not packet.user.participant_sid


async def test_a_data_track_reaches_its_takers_under_their_handle(room: Room) -> None:
    one, two = enter(room, "one"), enter(room, "two")
    one.ask(publish_data_track_request=rtc.PublishDataTrackRequest(pub_handle=7, name="t"))
    info = one.last("publish_data_track_response").info
    await turn()
    assert [t.sid for t in two.last("update").participants[0].data_tracks] == [info.sid]
    packet = bytes((0x18, 0, 0, 7)) + bytes(8) + b"payload"
    one.put(DATA_TRACK, packet)
    assert two.data == []  # not asked for
    wish = rtc.UpdateDataSubscription.Update(track_sid=info.sid, subscribe=True)
    two.ask(update_data_subscription=rtc.UpdateDataSubscription(updates=[wish]))
    ((handle_there, known),) = two.last("data_track_subscriber_handles").sub_handles.items()
    assert known.track_sid == info.sid
    one.put(DATA_TRACK, packet)
    one.put(DATA_TRACK, packet[:11])
    expected = packet[:2] + handle_there.to_bytes(2, "big") + packet[4:]
    assert two.data == [(DATA_TRACK, expected)]
    one.ask(unpublish_data_track_request=rtc.UnpublishDataTrackRequest(pub_handle=7))
    assert not two.last("data_track_subscriber_handles").sub_handles
    assert room.server.counters.refused == 1


async def test_a_data_track_that_cannot_be_is_refused(room: Room) -> None:
    one, mute = enter(room, "one"), enter(room, "mute", data=False)
    reason = rtc.RequestResponse
    for link, number, name, why in (
        (one, 0, "t", reason.INVALID_HANDLE),
        (one, 70000, "t", reason.INVALID_HANDLE),
        (one, 1, "", reason.INVALID_NAME),
        (mute, 1, "t", reason.NOT_ALLOWED),
    ):
        request = rtc.PublishDataTrackRequest(pub_handle=number, name=name)
        link.ask(publish_data_track_request=request)
        assert link.last("request_response").reason == why
    one.ask(publish_data_track_request=rtc.PublishDataTrackRequest(pub_handle=1, name="t"))
    one.ask(publish_data_track_request=rtc.PublishDataTrackRequest(pub_handle=1, name="u"))
    assert one.last("request_response").reason == reason.DUPLICATE_HANDLE
    one.ask(publish_data_track_request=rtc.PublishDataTrackRequest(pub_handle=2, name="t"))
    assert one.last("request_response").reason == reason.DUPLICATE_NAME


async def test_a_track_that_is_not_there_cannot_be_taken(room: Room) -> None:
    one = enter(room, "one")
    one.ask(subscription=rtc.UpdateSubscription(track_sids=["TR_x"], subscribe=True))
    found = one.last("subscription_response")
    assert (found.track_sid, found.err) == ("TR_x", models.SubscriptionError.SE_TRACK_NOTFOUND)


async def test_who_publishes_what_is_unknown_joins_afresh(room: Room) -> None:
    one = enter(room, "one")
    item = rtc.TrackPublishedResponse(track=models.TrackInfo(sid="TR_gone"))
    synchronise(one.participant, rtc.SyncState(publish_tracks=[item]))
    assert one.last("leave").action == rtc.LeaveRequest.RECONNECT
    assert "one" not in room.participants


async def test_who_becomes_hidden_has_left_for_the_others(room: Room) -> None:
    one, two = enter(room, "one"), enter(room, "two")
    one.participant.permit(models.ParticipantPermission(can_subscribe=True, hidden=True))
    await turn()
    (seen,) = two.last("update").participants
    assert seen.state == models.ParticipantInfo.State.DISCONNECTED
    assert one.last("update").participants[0].state != seen.state


async def test_a_large_room_hears_of_its_audience_in_one_message(room: Room) -> None:
    first = enter(room, "first")
    for number in range(LARGE_ROOM - 1):
        enter(room, f"p{number}")
    await turn()
    first.told.clear()
    for number in range(10):
        enter(room, f"late{number}")
    await turn()
    assert first.told == []
    async with asyncio.timeout(FLUSH_SECONDS + 5):
        while first.last("update") is None:
            await asyncio.sleep(0.01)
    assert len(first.last("update").participants) == 10
    assert len(first.told) == 1


async def test_changes_of_one_turn_are_told_together(room: Room) -> None:
    one, two = enter(room, "one"), enter(room, "two")
    await turn()
    two.told.clear()
    sids = publish(one, "audio", "video")
    for number in range(1001):
        one.ask(mute=rtc.MuteTrackRequest(sid=sids[0], muted=number % 2 == 0))
    await turn()
    ((seen,),) = [message.update.participants for message in two.told]
    assert [track.sid for track in seen.tracks] == sids
    assert seen.tracks[0].muted


async def test_who_changes_without_end_is_told_of_now_and_then(room: Room) -> None:
    one, two = enter(room, "one"), enter(room, "two")
    await turn()

    def name() -> str:
        found: str = two.last("update").participants[0].name
        return found

    for number in range(100):
        one.participant.update("", f"name {number}", {})
        await turn()
        if number == 0:
            assert name() == "name 0"  # at once
    assert name() != "name 99"
    async with asyncio.timeout(FLUSH_SECONDS + 5):
        while name() != "name 99":
            await asyncio.sleep(0.01)
    assert len(two.told) < 20


async def test_a_track_is_told_before_it_is_given(room: Room) -> None:
    one, two = enter(room, "one"), enter(room, "two")
    publish(two, "audio")
    for number in range(20):
        one.participant.update("", f"name {number}", {})
        await turn()
    two.told.clear()
    sids = set(publish(one, "audio", "video"))
    async with asyncio.timeout(FLUSH_SECONDS + 5):
        while two.last("media_sections_requirement") is None:
            await asyncio.sleep(0.01)
    kinds = [message.WhichOneof("message") for message in two.told]
    assert kinds[-2:] == ["update", "media_sections_requirement"]
    assert {track.sid for track in two.last("update").participants[0].tracks} == sids


async def test_a_track_that_is_described_at_great_length_is_refused(room: Room) -> None:
    one = enter(room, "one")
    one.ask(add_track=rtc.AddTrackRequest(cid="c", name="x" * 3000))
    assert one.last("request_response").reason == rtc.RequestResponse.LIMIT_EXCEEDED
    assert one.last("track_published") is None
    one.ask(add_track=rtc.AddTrackRequest(cid="c", name="名" * 256))
    assert one.last("track_published").track.name == "名" * 256


def known(link: Link) -> dict[str, str]:
    """Whom a client knows after all updates: sid by identity, which alone it goes by at an end."""
    found: dict[str, str] = {}
    for message in link.told:
        for info in message.update.participants:
            if info.state == models.ParticipantInfo.State.DISCONNECTED:
                found.pop(info.identity, None)
            else:
                found[info.identity] = info.sid
    return found


@pytest.mark.parametrize("published", [True, False])
async def test_who_comes_back_to_a_large_room_stays_known(room: Room, published: bool) -> None:
    first = enter(room, "first")
    for number in range(LARGE_ROOM):
        enter(room, f"p{number}")
    track = rtc.PublishDataTrackRequest(pub_handle=1, name="t")
    older = enter(room, "doctor")
    if published:
        older.ask(publish_data_track_request=track)
    await turn()
    newer = enter(room, "doctor")
    newer.ask(publish_data_track_request=track)
    enter(room, "last")
    async with asyncio.timeout(FLUSH_SECONDS + 5):
        while "last" not in known(first):
            await asyncio.sleep(0.01)
    assert known(first)["doctor"] == newer.participant.sid
    ended = [i for m in first.told for i in m.update.participants if i.state == i.DISCONNECTED]
    assert [i.sid for i in ended] == [older.participant.sid]


async def test_everyone_hears_how_many_are_there_now_and_then(room: Room) -> None:
    first, second = enter(room, "first"), enter(room, "second")
    enter(room, "unseen", hidden=True)
    room.count(10.0)
    assert first.last("room_update").room.num_participants == 2
    publish(second, "audio")
    enter(room, "third")
    first.told.clear()
    room.count(14.0)
    assert first.last("room_update") is None
    room.count(15.0)
    told = first.last("room_update").room
    assert (told.num_participants, told.num_publishers) == (3, 1)
    first.told.clear()
    room.count(20.0)
    assert first.last("room_update") is None


async def test_quality_is_told_once_a_client_is_ready_to_hear_it(room: Room) -> None:
    first, second = enter(room, "first"), enter(room, "second")
    first.participant.connected()
    now = first.participant.active_at
    rate(room, now + 0.5)
    assert first.last("connection_quality") is None
    rate(room, now + 2)
    told = first.last("connection_quality").updates
    assert [info.participant_sid for info in told] == [first.participant.sid]
    # A newcomer hears of everybody, the others of it alone.
    second.participant.connected()
    rate(room, second.participant.active_at + 0.5)
    assert second.last("connection_quality") is None
    rate(room, second.participant.active_at + 2)
    assert len(second.last("connection_quality").updates) == 2
    told = first.last("connection_quality").updates
    assert [info.participant_sid for info in told] == [second.participant.sid]
    # What stays as it is needs no words.
    before = len(first.told)
    rate(room, second.participant.active_at + 3)
    assert len(first.told) == before


@pytest.mark.parametrize(
    ("wished", "linked", "given"),
    [
        ("actpass", True, "active"),
        ("passive", True, "active"),
        ("active", True, "passive"),
        ("actpass", False, "passive"),
        ("passive", False, "active"),
    ],
)
async def test_who_begins_dtls(room: Room, wished: str, linked: bool, given: str) -> None:
    link = Link() if linked else None
    participant = room.join(Grants(identity="x", room=room.name, join=True), link, single=True)
    lines = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=group:BUNDLE 0"]
    lines += ["m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", "a=mid:0", "a=ice-ufrag:abcd"]
    lines += ["a=ice-pwd:" + "p" * 22, "a=fingerprint:sha-256 " + ":".join(["AA"] * 32)]
    lines += [f"a=setup:{wished}", "a=recvonly", "a=rtcp-mux", "a=rtpmap:111 opus/48000/2"]
    offer = rtc.SessionDescription(type="offer", sdp="\r\n".join(lines) + "\r\n", id=1)
    assert f"a=setup:{given}\r\n" in participant.publishing.answer(offer, greets=linked).sdp
    # Later offers say actpass again, whatever was agreed.
    offer.sdp = offer.sdp.replace(f"setup:{wished}", "setup:actpass")
    assert f"a=setup:{given}\r\n" in participant.publishing.answer(offer, greets=linked).sdp


class Looked(dict[str, Any]):
    """Subscriptions that count how often somebody looks."""

    times = 0

    def __contains__(self, sid: object) -> bool:
        Looked.times += 1
        return super().__contains__(sid)


async def test_who_alone_takes_a_picture_says_how_much_of_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bandwidth, "_steer", lambda *_: None)
    links = [enter(room, f"p{number}") for number in range(30)]
    for link in links[1:]:
        publish(link, "audio")
    publish(links[0], "audio", "video")
    await turn()
    asked: dict[int, float | None] = {}
    narrow = SimpleNamespace(
        estimate=SimpleNamespace(target=1e5), wanted=1e6, video_share=lambda: 1e5
    )
    for index, link in enumerate(links):
        subscribing, receiver = link.participant.subscribing, link.participant.publishing.receiver
        subscribing.subscriptions = Looked(subscribing.subscriptions)
        monkeypatch.setattr(subscribing.sender, "guard", narrow)
        monkeypatch.setattr(
            receiver, "ask_for", lambda rate, index=index: asked.update({index: rate})
        )
    bandwidth.steer_room(room, 0.0)
    assert asked == dict.fromkeys(range(30))
    assert Looked.times == 3, "the publisher and two who take it, and nobody for sound"
    for link in links[2:]:
        link.participant.subscribing.subscriptions.clear()
    bandwidth.steer_room(room, 1.0)
    assert asked == {**dict.fromkeys(range(30)), 0: 95_000.0}
