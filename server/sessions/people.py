"""Small helpers shared by the services of sessions: actors, references to people, days and policies."""

from __future__ import annotations

from datetime import date, datetime

from server.access.rules import Person
from server.assessment.policy import Policy, policy_for
from server.clock import local_date
from server.pairing.rules import ActivityKind, in_force
from server.sessions.schemas import PersonRef
from storage.db import Actor
from storage.tables.access import Staff
from storage.tables.pairing import Agreement


def actor_of(person: Person) -> Actor:
    """The author of writes that a person makes outside of a request (the demo's past)."""
    return Actor("staff", person.id, person.organisation_id)


def person_ref(staff: Staff) -> PersonRef:
    return PersonRef(
        id=staff.id, name=staff.name, title=staff.title, organisation_id=staff.organisation_id
    )


def maybe_ref(staff: Staff | None) -> PersonRef | None:
    return None if staff is None else person_ref(staff)


def holds(agreement: Agreement, day: date) -> bool:
    """Whether an agreement is in force on a day of the recipient's zone."""
    ended = agreement.terminated_at.date() if agreement.terminated_at else None
    return in_force(agreement.starts_on, agreement.ends_on, ended, day)


def policy_at(agreement: Agreement, moment: datetime, zone: str) -> Policy:
    """The programme's version in force on the day of a moment."""
    return policy_for(agreement.programme, local_date(moment, zone))


def plan_item(agreement: Agreement, kind: ActivityKind, day: date) -> str | None:
    """The item of that year's plan that an activity of this kind counts towards."""
    for plan in agreement.plans:
        if plan.year == day.year:
            for item in plan.items:
                if item.get("kind") == kind.value:
                    return str(item["id"])
    return None
