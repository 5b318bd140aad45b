"""What happened while a signal connection was down is told when it is resumed."""

import jwt
from livekit.protocol import models, rtc

from signaling.quality import rate
from signaling.room import Room
from signaling.socket import synchronise

from .rooms import Link, enter, publish, turn

State = models.ParticipantInfo.State


def cut(link: Link) -> None:
    """The signal connection is lost."""
    link.participant.detach(link)


def back(link: Link) -> Link:
    """The same participant by a new signal connection."""
    found = Link()
    found.participant = link.participant
    link.participant.attach(found)
    link.participant.room.resume(link.participant)
    return found


def kinds(link: Link) -> list[str]:
    return [message.WhichOneof("message") or "" for message in link.told]


def knows(link: Link, *sids: str) -> None:
    """The client says which tracks it thinks that it publishes."""
    items = [rtc.TrackPublishedResponse(track=models.TrackInfo(sid=sid)) for sid in sids]
    synchronise(link.participant, rtc.SyncState(publish_tracks=items))


async def test_rights_that_were_taken_stay_taken(room: Room) -> None:
    one = enter(room, "one")
    sids = publish(one, "audio", "video")
    await turn()
    cut(one)
    one.participant.permit(models.ParticipantPermission(can_subscribe=True))
    again = back(one)
    ended = [m.track_unpublished.track_sid for m in again.told if m.HasField("track_unpublished")]
    assert ended == sids
    claims = jwt.decode(again.last("refresh_token"), options={"verify_signature": False})
    assert claims["video"]["canPublish"] is False
    knows(again, *sids)
    assert again.last("leave") is None
    assert "one" in room.participants


async def test_data_tracks_end_with_the_right_to_them(room: Room) -> None:
    one, two = enter(room, "one"), enter(room, "two")
    for number in (1, 2):
        wish = rtc.PublishDataTrackRequest(pub_handle=number, name=f"t{number}")
        one.ask(publish_data_track_request=wish)
    infos = list(one.participant.data_tracks.info())
    await turn()
    cut(one)
    one.participant.permit(models.ParticipantPermission(can_subscribe=True))
    await turn()
    (seen,) = two.last("update").participants
    assert not seen.data_tracks
    one.participant.permit(models.ParticipantPermission(can_subscribe=True, can_publish_data=True))
    one.ask(publish_data_track_request=rtc.PublishDataTrackRequest(pub_handle=2, name="t2"))
    one = back(one)
    # The second handle stands for another track by now.
    assert one.last("unpublish_data_track_response").info == infos[0]
    items = [rtc.PublishDataTrackResponse(info=info) for info in infos]
    synchronise(one.participant, rtc.SyncState(publish_data_tracks=items))
    assert "one" in room.participants


async def test_who_was_muted_stays_muted(room: Room) -> None:
    one = enter(room, "one")
    (sid,) = publish(one, "audio")
    await turn()
    cut(one)
    one.participant.mute(sid, True, tell=True)
    one = back(one)
    assert one.last("mute") == rtc.MuteTrackRequest(sid=sid, muted=True)
    assert kinds(one).index("mute") < kinds(one).index("update")
    # What the client did since is not undone.
    one.ask(mute=rtc.MuteTrackRequest(sid=sid, muted=True))
    one.ask(mute=rtc.MuteTrackRequest(sid=sid, muted=False))
    cut(one)
    assert back(one).last("mute") is None


async def test_who_left_meanwhile_is_no_ghost(room: Room) -> None:
    one, goes, returns = (enter(room, name) for name in ("one", "goes", "returns"))
    unseen, hides = enter(room, "unseen", hidden=True), enter(room, "hides")
    cut(one)
    for link in (goes, returns, unseen):
        link.ask(leave=rtc.LeaveRequest())
    hides.participant.permit(models.ParticipantPermission(can_subscribe=True, hidden=True))
    newer = enter(room, "returns")
    told = [(p.sid, p.state == State.DISCONNECTED) for p in back(one).last("update").participants]
    assert told == [
        (goes.participant.sid, True),
        (hides.participant.sid, True),
        (one.participant.sid, False),
        (newer.participant.sid, False),
    ]


async def test_layers_that_were_asked_for_are_asked_for_again(room: Room) -> None:
    one, two = enter(room, "one"), enter(room, "two")
    (sid,) = publish(one, "video")
    await turn()
    two.ask(track_setting=rtc.UpdateTrackSettings(track_sids=[sid], quality=models.LOW))
    cut(one)
    two.ask(track_setting=rtc.UpdateTrackSettings(track_sids=[sid], quality=models.HIGH))
    asked = back(one).last("subscribed_quality_update")
    assert [q.enabled for q in asked.subscribed_qualities] == [True, True, True]


async def test_what_is_paused_or_forbidden_is_said_again(room: Room) -> None:
    one, two = enter(room, "one"), enter(room, "two")
    sound, picture = publish(one, "audio", "video")
    await turn()
    cut(two)
    only = rtc.TrackPermission(participant_identity="two", track_sids=[picture])
    one.ask(subscription_permission=rtc.SubscriptionPermission(track_permissions=[only]))
    two.participant.subscribing.subscriptions[picture].paused = True
    two = back(two)
    (state,) = two.last("stream_state_update").stream_states
    assert (state.track_sid, state.state) == (picture, rtc.StreamState.PAUSED)
    told = [m.subscription_permission_update for m in two.told]
    assert {u.track_sid: u.allowed for u in told if u.track_sid} == {sound: False, picture: True}


async def test_the_quality_of_connections_is_said_again(room: Room) -> None:
    one, two = enter(room, "one"), enter(room, "two")
    for link in (one, two):
        link.participant.connected()
    now = two.participant.active_at + 2
    rate(room, now)
    cut(two)
    two = back(two)
    rate(room, now + 1)
    assert len(two.last("connection_quality").updates) == 2
