"""Who may take a publisher's tracks, as its `subscription_permission` says."""

from livekit.protocol import rtc

MAX_ENTRIES = 1024


class Audience:
    """What each of the named may take: track sids, or None for all. It is asked for every track and
    taker, so it is looked up. Entries beyond MAX_ENTRIES allow nothing."""

    def __init__(self, wish: rtc.SubscriptionPermission) -> None:
        self._everyone = wish.all_participants
        self._by_sid: dict[str, frozenset[str] | None] = {}
        self._by_identity: dict[str, frozenset[str] | None] = {}
        for entry in wish.track_permissions[:MAX_ENTRIES]:
            tracks = None if entry.all_tracks else frozenset(entry.track_sids)
            if entry.participant_sid:
                self._by_sid.setdefault(entry.participant_sid, tracks)
            if entry.participant_identity:
                self._by_identity.setdefault(entry.participant_identity, tracks)

    def allows(self, sid: str, identity: str, track: str) -> bool:
        """Whether a participant may take a track."""
        if self._everyone:
            return True
        tracks = self._by_sid.get(sid, self._by_identity.get(identity, frozenset()))
        return tracks is None or track in tracks
