"""Who speaks, and how good each one's connection is."""

from typing import TYPE_CHECKING

from livekit.protocol import models, rtc

if TYPE_CHECKING:
    from signaling.participant import Participant
    from signaling.room import Room

_ACTIVE_LEVEL = 45.0  # -dBov; louder than this on average is speaking
_LOST_SECONDS = 8.0
# Media stands a moment before the client's own promise of it is kept; until then livekit-client takes
# what it hears of quality, but tells the page nothing of it, then or later.
_SETTLED_SECONDS = 1.5
# Read once: a protobuf enum looks its values up in Python at each use.
_LOST, _POOR, _GOOD, _EXCELLENT = (
    (models.ConnectionQuality.LOST, 1.0),
    (models.ConnectionQuality.POOR, 2.0),
    (models.ConnectionQuality.GOOD, 3.5),
    (models.ConnectionQuality.EXCELLENT, 5.0),
)


def speakers(room: "Room") -> dict[str, float]:
    """Participant sid → loudness (0 to 1) of those who speak now. Empties the tracks' meters."""
    levels: dict[str, float] = {}
    for participant in room.participants.values():
        for track in participant.publishing.live_tracks():
            up = track.up
            if up is None or up.video:
                continue
            count, mean = up.level_count, 127.0
            if count:
                mean = 127 - up.level_sum / count
            loudest = up.level
            up.level, up.level_sum, up.level_count = 127, 0.0, 0
            if count >= 4 and mean <= _ACTIVE_LEVEL and not track.info.muted:
                level = min(1.0, 10 ** (-loudest / 20) * 4)
                levels[participant.sid] = max(levels.get(participant.sid, 0.0), round(level, 3))
    return levels


def rate(room: "Room", now: float) -> None:
    """Tell the room whose connection quality changed, and newcomers everybody's."""
    rated: dict[str, rtc.ConnectionQualityInfo] = {}
    changed: list[rtc.ConnectionQualityInfo] = []
    told: list[Participant] = []
    newcomers: list[Participant] = []
    for participant in room.participants.values():
        if not participant.active or now - participant.active_at < _SETTLED_SECONDS:
            continue
        quality, score = _quality(participant, now)
        info = rated[participant.sid] = rtc.ConnectionQualityInfo(
            participant_sid=participant.sid, quality=quality, score=score
        )
        (newcomers if participant.quality is None else told).append(participant)
        if quality != participant.quality:
            participant.quality = quality
            changed.append(info)
    if changed:
        _tell(told, changed)
        _tell(newcomers, list(rated.values()))


def _tell(participants: "list[Participant]", infos: list[rtc.ConnectionQualityInfo]) -> None:
    message = rtc.SignalResponse(connection_quality=rtc.ConnectionQualityUpdate(updates=infos))
    raw = message.SerializeToString()
    for participant in participants:
        participant.send(message, raw)


def _quality(participant: "Participant", now: float) -> tuple[models.ConnectionQuality, float]:
    peers = [participant.publishing.peer, participant.subscribing.peer]
    heard = max((p.last_heard for p in peers if p is not None and p.connected), default=now)
    if now - heard > _LOST_SECONDS:
        return _LOST
    loss = max(participant.publishing.loss(), participant.subscribing.sender.loss(now))
    if loss < 0.03:
        return _EXCELLENT
    if loss < 0.1:
        return _GOOD
    return _POOR
