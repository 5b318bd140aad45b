"""What people in a live room show of themselves. It passes through here since nobody may write attributes of his own:
names, ranks and who waits at the door are shown from the same place, and whoever could write them could be anybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.access.rules import Person
from server.errors import not_found
from server.sessions.room_access import access_room, inside, seats_of
from server.sessions.room_schemas import PresenceRequest

if TYPE_CHECKING:
    from server.services import Services

HAND, AWAY = "hand", "away"
"""Attributes: since when the hand is up (ms since 1970; the longest is first in turn), and "1" while the page is hidden."""


async def show(services: Services, person: Person, room_id: str, body: PresenceRequest) -> None:
    """Show it to the room. Nothing of it is stored here: the media server's reports mark time away.

    Raises `Problem`: 404 for a device that is not the person's own or not let in, 503 when the media server is silent.
    """
    now = services.clock.now()
    async with services.db.read() as session:
        found = await access_room(services, session, person, room_id, now=now)
        own = {seat.identity for seat in await seats_of(session, room_id, person.id)}
    if body.identity not in own or not inside(found.member):
        raise not_found()
    attributes = {}
    if body.hand is not None:
        attributes[HAND] = str(int(now.timestamp() * 1000)) if body.hand else ""
    if body.away is not None:
        attributes[AWAY] = "1" if body.away else ""
    await services.media.show(room_id, body.identity, attributes)
