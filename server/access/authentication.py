"""Access tokens (short JWT, in the page's memory) and the person that they stand for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import jwt
from sqlalchemy import select

from server.access.rules import Person, Role
from server.errors import ErrorCode, Problem
from storage.tables.access import Staff

if TYPE_CHECKING:
    from server.services import Services

ACCESS_LIFETIME = timedelta(minutes=10)
AUDIENCE = "duikou-api"


def issue_access_token(secret: str, staff_id: str, now: datetime) -> str:
    """A JWT (HS256) for one member of staff, valid for `ACCESS_LIFETIME`."""
    claims = {"sub": staff_id, "aud": AUDIENCE, "iat": now, "exp": now + ACCESS_LIFETIME}
    return jwt.encode(claims, secret, algorithm="HS256")


def person_of(staff: Staff) -> Person:
    return Person(
        id=staff.id,
        name=staff.name,
        organisation_id=staff.organisation_id,
        department_id=staff.department_id,
        roles=frozenset(Role(row.role) for row in staff.roles),
    )


def _subject(token: str, secret: str, now: datetime) -> str:
    expired = Problem(ErrorCode.SESSION_EXPIRED, headers={"WWW-Authenticate": "Bearer"})
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            audience=AUDIENCE,
            # The injected clock decides below, not the machine's.
            options={"require": ["exp", "sub", "aud"], "verify_exp": False, "verify_iat": False},
        )
    except (jwt.PyJWTError, UnicodeError):  # a header may hold any bytes
        raise expired from None
    subject, until = claims["sub"], claims["exp"]
    if (
        not isinstance(subject, str)
        or not isinstance(until, int | float)
        or now.timestamp() >= until
    ):
        raise expired
    return subject


async def authenticate(services: Services, authorization: str) -> Person:
    """The person of an `Authorization: Bearer` header. Raises `Problem` (401).

    Roles are read afresh, so that a withdrawn role takes effect with the next request.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise Problem(ErrorCode.SESSION_EXPIRED, headers={"WWW-Authenticate": "Bearer"})
    staff_id = _subject(token.strip(), services.secrets.jwt, services.clock.now())
    async with services.db.read() as session:
        staff = (
            await session.execute(select(Staff).where(Staff.id == staff_id))
        ).scalar_one_or_none()
        if staff is None or not staff.active:
            raise Problem(ErrorCode.SESSION_EXPIRED, headers={"WWW-Authenticate": "Bearer"})
        return person_of(staff)
