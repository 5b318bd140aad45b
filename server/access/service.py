"""Log-in, rotating refresh, and the people and organisations behind them."""

from __future__ import annotations

import asyncio
import hashlib
import secrets as random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pypinyin import lazy_pinyin
from sqlalchemy import select, update

from server.access.authentication import ACCESS_LIFETIME, issue_access_token
from server.access.rules import OrganisationKind, Role
from server.errors import ErrorCode, Problem
from storage.db import Actor, Tx
from storage.ids import new_id
from storage.tables.access import Department, Organisation, RefreshToken, Staff, StaffRole

if TYPE_CHECKING:
    from server.services import Services

REFRESH_LIFETIME = timedelta(hours=12)
# Two requests with the same cookie may be under way at once; that is not theft.
REUSE_GRACE = timedelta(seconds=10)


class AccessAction(StrEnum):
    """Audit actions. Sorted."""

    LOGIN = "access:staff:login"
    LOGIN_REFUSED = "access:staff:login_refused"
    LOGOUT = "access:staff:logout"
    ORGANISATION_CREATED = "access:organisation:create"
    REFRESH = "access:session:refresh"
    REFRESH_REUSED = "access:session:reuse"
    STAFF_CREATED = "access:staff:create"


@dataclass(frozen=True, slots=True)
class Login:
    """A new log-in: the short access token and the refresh token for the cookie."""

    access_token: str
    expires_in: int
    refresh_token: str
    staff: Staff


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher(
        time_cost=2, memory_cost=19 * 1024, parallelism=1
    )  # OWASP's argon2id floor


@lru_cache(maxsize=1)
def _decoy() -> str:
    """Verified for unknown users, so that the answer takes as long as for known ones."""
    return _hasher().hash(random.token_hex(16))


def _digest(token: str) -> str:
    # A cookie may hold any bytes; those that are not UTF-8 arrive as lone surrogates.
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


async def _by_username(services: Services, username: str) -> Staff | None:
    async with services.db.read() as session:
        query = select(Staff).where(Staff.username == username)
        return (await session.execute(query)).scalar_one_or_none()


async def log_in(services: Services, username: str, password: str, actor: Actor) -> Login:
    """Check the password (argon2id, in a thread) and open a session. Raises `Problem` (401)."""
    staff = await _by_username(services, username)
    stored = staff.password_hash if staff is not None else await asyncio.to_thread(_decoy)
    right = await asyncio.to_thread(_matches, stored, password)
    if staff is None or not right or not staff.active:
        async with services.db.write(actor) as tx:
            tx.audit(AccessAction.LOGIN_REFUSED, "staff", staff.id if staff else "-")
        raise Problem(ErrorCode.LOGIN_FAILED)
    return await open_session(services, staff, actor)


async def demo_enter(services: Services, username: str, actor: Actor) -> Login:
    """One-click log-in as a demo person, in demo mode only. Raises `Problem` (404)."""
    staff = await _by_username(services, username)
    if not services.config.demo or staff is None or not staff.demo or not staff.active:
        raise Problem(ErrorCode.DEMO_OFF)
    return await open_session(services, staff, actor)


async def open_session(services: Services, staff: Staff, actor: Actor) -> Login:
    """Start a new refresh family for a person whose identity has been established."""
    who = Actor("staff", staff.id, staff.organisation_id, actor.request_id)
    async with services.db.write(who) as tx:
        token = _add_refresh_token(tx, staff.id, family=new_id("fam"))
        tx.audit(AccessAction.LOGIN, "staff", staff.id)
    return _login(services, staff, token)


def _add_refresh_token(tx: Tx, staff_id: str, family: str) -> str:
    token = random.token_urlsafe(32)
    tx.session.add(
        RefreshToken(
            id=new_id("rft"),
            family=family,
            staff_id=staff_id,
            token_hash=_digest(token),
            issued_at=tx.now,
            expires_at=tx.now + REFRESH_LIFETIME,
        )
    )
    return token


def _login(services: Services, staff: Staff, refresh_token: str) -> Login:
    access = issue_access_token(services.secrets.jwt, staff.id, services.clock.now())
    return Login(access, int(ACCESS_LIFETIME.total_seconds()), refresh_token, staff)


async def _issued_for(tx: Tx, used: RefreshToken) -> list[RefreshToken]:
    """What a used token was exchanged for, and what came after; locked, so that none is used meanwhile."""
    query = select(RefreshToken).where(
        RefreshToken.family == used.family,
        RefreshToken.id != used.id,
        RefreshToken.issued_at >= used.used_at,
    )
    query = query.order_by(RefreshToken.issued_at).with_for_update()
    return list((await tx.session.execute(query)).scalars())


async def _again(tx: Tx, row: RefreshToken) -> bool:
    """Whether a token that was used before is taken once more.

    A line that breaks at the wrong moment loses the answer, and with it the new cookie: a doctor in a call then comes
    back with the old one, perhaps minutes later. So it is taken until something that it was exchanged for has been
    used, which proves that an answer arrived. Answers that did not arrive are void from then on: who comes with one
    of them, or with the old cookie after all, has it from somebody else.
    """
    if row.used_at is None:
        return True
    successors = await _issued_for(tx, row)
    uses = [each.used_at for each in successors if each.used_at is not None]
    if uses:
        return tx.now - min(uses) <= REUSE_GRACE
    if tx.now - row.used_at > REUSE_GRACE:
        for each in successors:
            each.revoked_at = each.revoked_at or tx.now
    return True


async def refresh(services: Services, token: str, actor: Actor) -> Login:
    """Exchange a refresh token for a new pair. A token that only a thief can have ends its whole family.

    Raises `Problem` (401).
    """
    fresh = None
    async with services.db.write(actor) as tx:
        found = select(RefreshToken).where(RefreshToken.token_hash == _digest(token))
        row = (await tx.session.execute(found.with_for_update())).scalar_one_or_none()
        if row is None or row.expires_at <= tx.now:
            raise Problem(ErrorCode.SESSION_EXPIRED)
        staff = (
            await tx.session.execute(select(Staff).where(Staff.id == row.staff_id))
        ).scalar_one()
        if not staff.active:
            raise Problem(ErrorCode.SESSION_EXPIRED)
        if row.revoked_at is None and await _again(tx, row):
            row.used_at = row.used_at or tx.now
            fresh = _add_refresh_token(tx, row.staff_id, row.family)
            tx.audit(AccessAction.REFRESH, "staff", row.staff_id)
        elif await _revoke(tx, row.family):
            tx.audit(AccessAction.REFRESH_REUSED, "staff", row.staff_id)
        else:
            # The whole family had ended before: by a log-out, for example.
            raise Problem(ErrorCode.SESSION_EXPIRED)
    if fresh is None:
        raise Problem(ErrorCode.SESSION_EXPIRED)
    return _login(services, staff, fresh)


async def _revoke(tx: Tx, family: str) -> bool:
    """End a family of tokens; whether any of it was left."""
    statement = (
        update(RefreshToken)
        .where(RefreshToken.family == family, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=tx.now)
        .returning(RefreshToken.id)
    )
    return bool((await tx.session.execute(statement)).all())


async def log_out(services: Services, token: str, actor: Actor) -> None:
    """End the session of a refresh token; unknown tokens are answered alike."""
    async with services.db.write(actor) as tx:
        found = select(RefreshToken).where(RefreshToken.token_hash == _digest(token))
        row = (await tx.session.execute(found)).scalar_one_or_none()
        if row is not None:
            await _revoke(tx, row.family)
            tx.audit(AccessAction.LOGOUT, "staff", row.staff_id)


async def create_organisation(
    services: Services,
    actor: Actor,
    *,
    name: str,
    kind: OrganisationKind,
    departments: Iterable[str] = (),
    region: str = "",
    demo: bool = False,
) -> Organisation:
    """Register an organisation with its departments, in the default zone."""
    async with services.db.write(actor) as tx:
        organisation = Organisation(
            id=new_id("org"),
            name=name,
            kind=kind,
            zone=services.config.zone,
            region=region,
            demo=demo,
            created_at=tx.now,
        )
        tx.session.add(organisation)
        await tx.session.flush()
        for title in departments:
            tx.session.add(
                Department(id=new_id("dep"), organisation_id=organisation.id, name=title)
            )
        tx.audit(AccessAction.ORGANISATION_CREATED, "organisation", organisation.id)
    return organisation


def pinyin_of(name: str) -> str:
    """Full pinyin and initials of a name, for finding it by either (`zhangwei zw`)."""
    syllables = lazy_pinyin(name)
    return f"{''.join(syllables)} {''.join(part[0] for part in syllables if part)}".lower()


async def create_staff(
    services: Services,
    actor: Actor,
    *,
    organisation_id: str,
    username: str,
    password: str,
    name: str,
    roles: Iterable[Role],
    department: str | None = None,
    title: str = "",
    licence: str = "",
    practising_since: date | None = None,
    demo: bool = False,
) -> Staff:
    """Register a member of staff. `department` is a department's name in that organisation."""
    hashed = await asyncio.to_thread(_hasher().hash, password)
    async with services.db.write(actor) as tx:
        found = select(Department).where(
            Department.organisation_id == organisation_id, Department.name == department
        )
        unit = (await tx.session.execute(found)).scalar_one_or_none() if department else None
        staff = Staff(
            id=new_id("stf"),
            organisation_id=organisation_id,
            department_id=unit.id if unit else None,
            username=username,
            name=name,
            pinyin=pinyin_of(name),
            title=title,
            licence=licence,
            practising_since=practising_since,
            password_hash=hashed,
            demo=demo,
            created_at=tx.now,
            roles=[StaffRole(role=role) for role in sorted(roles)],
        )
        tx.session.add(staff)
        tx.audit(AccessAction.STAFF_CREATED, "staff", staff.id)
    return staff
