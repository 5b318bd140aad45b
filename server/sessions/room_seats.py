"""What a seat in a room allows, as the media server is told: let in, or waiting at the door."""

from __future__ import annotations

from typing import Any

from server.sessions.media import Seat
from server.sessions.room_access import FoundRoom, rank_of, seat_role
from server.sessions.room_rules import Rank
from server.sessions.schemas import SeatRole
from storage.tables.access import Staff
from storage.tables.rooms import RoomMember
from storage.tables.sessions import Consult, Lecture, SessionSeat

WAITING, CO_HOST, HOST = "waiting", "cohost", "host"
"""Attributes of participants. Only the server sets attributes: others believe what they show."""


def title_of(session: Consult | Lecture) -> str:
    """Never names the patient: it travels to the media server."""
    if isinstance(session, Lecture):
        return session.title
    return f"会诊 · {session.requester_org.name} · {session.supporting.name}"


def metadata(found: FoundRoom, *, locked: bool, waiting: bool) -> dict[str, Any]:
    """What the media server tells everybody of the room."""
    return {
        "kind": found.kind.value,
        "title": title_of(found.session),
        "locked": locked,
        "waiting": waiting,
    }


def may_publish(found: FoundRoom, seat: SessionSeat) -> bool:
    """An audience speaks when it was allowed to."""
    return seat_role(found.session, seat.staff_id) is not SeatRole.AUDIENCE or seat.speaker


def let_in(
    found: FoundRoom, seat: SessionSeat, staff: Staff, member: RoomMember | None, *, runs: bool
) -> Seat:
    """A seat in the room. Attributes that do not hold are empty, which takes them away."""
    rank = rank_of(found.session, staff.id, member, runs=runs)
    return Seat(
        room=seat.session_id,
        identity=seat.identity,
        name=staff.name,
        can_publish=may_publish(found, seat),
        metadata=_metadata(found, staff),
        attributes={
            WAITING: "",
            CO_HOST: "1" if rank is Rank.CO_HOST else "",
            HOST: "1" if rank is Rank.HOST else "",
        },
    )


def at_the_door(found: FoundRoom, seat: SessionSeat, staff: Staff, member: RoomMember) -> Seat:
    """Connected, but neither heard nor hearing: who waits for the host."""
    since = member.waiting_since
    return Seat(
        room=seat.session_id,
        identity=seat.identity,
        name=staff.name,
        can_publish=False,
        can_subscribe=False,
        can_publish_data=False,
        metadata=_metadata(found, staff),
        attributes={WAITING: since.isoformat() if since else "1", CO_HOST: "", HOST: ""},
    )


def _metadata(found: FoundRoom, staff: Staff) -> dict[str, str]:
    return {
        "role": seat_role(found.session, staff.id).value,
        "title": staff.title,
        "organisation": staff.organisation.name,
    }
