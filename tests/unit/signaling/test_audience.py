"""Publishers that choose who may take their tracks."""

from livekit.protocol import rtc

from signaling.audience import MAX_ENTRIES
from signaling.room import Room
from signaling.subscribing import MAX_WISHES

from .rooms import Link, enter, publish, turn


def takes(link: Link) -> set[str]:
    return set(link.participant.subscribing.subscriptions)


def choose(link: Link, *entries: rtc.TrackPermission, everyone: bool = False) -> None:
    link.ask(
        subscription_permission=rtc.SubscriptionPermission(
            all_participants=everyone, track_permissions=entries
        )
    )


async def test_tracks_go_to_those_who_are_named(room: Room) -> None:
    owner = enter(room, "owner")
    names = ("one", "two", "three", "film")
    others = [enter(room, name, recorder=name == "film") for name in names]
    one, three = others[0], others[2]
    sids = publish(owner, "audio", "video")
    await turn()
    assert [takes(link) for link in others] == [set(sids)] * 4
    choose(
        owner,
        rtc.TrackPermission(participant_sid=one.participant.sid, all_tracks=True),
        rtc.TrackPermission(participant_identity="two", track_sids=sids[:1]),
        rtc.TrackPermission(participant_identity="two", all_tracks=True),  # the first one counts
        rtc.TrackPermission(all_tracks=True),  # of nobody
    )
    assert [takes(link) for link in others] == [set(sids), set(sids[:1]), set(), set(sids)]
    told = three.last("subscription_permission_update")
    assert (told.participant_sid, told.allowed) == (owner.participant.sid, False)
    choose(owner, everyone=True)
    assert [takes(link) for link in others] == [set(sids)] * 4
    assert three.last("subscription_permission_update").allowed


async def test_more_entries_than_anybody_needs_allow_nothing(room: Room) -> None:
    owner, one, two = enter(room, "owner"), enter(room, "one"), enter(room, "two")
    sids = publish(owner, "audio")
    await turn()
    crowd = [
        rtc.TrackPermission(participant_identity=f"p{number}") for number in range(MAX_ENTRIES - 1)
    ]
    last, beyond = (
        rtc.TrackPermission(participant_identity=name, all_tracks=True) for name in ("one", "two")
    )
    choose(owner, *crowd, last, beyond)
    assert (takes(one), takes(two)) == (set(sids), set())


async def test_a_choice_of_tracks_names_a_thousand_at_most(room: Room) -> None:
    owner, one = enter(room, "owner"), enter(room, "one")
    (sid,) = publish(owner, "audio")
    await turn()
    unknown = [f"TR_{number}" for number in range(MAX_WISHES)]
    one.ask(subscription=rtc.UpdateSubscription(track_sids=[*unknown, sid], subscribe=False))
    assert takes(one) == {sid}
    one.ask(subscription=rtc.UpdateSubscription(track_sids=[*[sid] * 2000, "x"], subscribe=False))
    assert takes(one) == set()
