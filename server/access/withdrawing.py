"""Taking rights away. Each takes effect in HTTP, in open pages and in live rooms before the function returns."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from server.access.rules import Role
from server.errors import not_found
from server.sessions import withdrawal
from storage.db import Actor, Tx
from storage.tables.access import RefreshToken, Staff, StaffRole

if TYPE_CHECKING:
    from server.services import Services


class WithdrawingAction(StrEnum):
    """Audit actions. Sorted."""

    DEACTIVATED = "access:staff:deactivate"
    ROLES_SET = "access:staff:set_roles"


async def _staff(tx: Tx, staff_id: str) -> Staff:
    query = select(Staff).where(Staff.id == staff_id).with_for_update(of=Staff)
    staff = (await tx.session.execute(query)).scalar_one_or_none()
    if staff is None:
        raise not_found()
    return staff


async def _take_effect(services: Services, staff_id: str) -> None:
    services.hub.disconnect(staff_id)
    await withdrawal.review(services, staff_id=staff_id)


async def set_roles(services: Services, actor: Actor, staff_id: str, roles: Iterable[Role]) -> None:
    """Replace a person's roles. Raises `Problem` (404)."""
    wanted = {role.value for role in roles}
    async with services.db.write(actor) as tx:
        staff = await _staff(tx, staff_id)
        held = {row.role for row in staff.roles}
        staff.roles = [row for row in staff.roles if row.role in wanted]
        staff.roles.extend(StaffRole(role=role) for role in sorted(wanted - held))
        details = {"given": sorted(wanted - held), "withdrawn": sorted(held - wanted)}
        tx.audit(WithdrawingAction.ROLES_SET, "staff", staff_id, details)
    await _take_effect(services, staff_id)


async def deactivate(services: Services, actor: Actor, staff_id: str) -> None:
    """Close a person's account: no log-in, no refresh, out of every room. Raises `Problem` (404)."""
    async with services.db.write(actor) as tx:
        staff = await _staff(tx, staff_id)
        staff.active = False
        tokens = update(RefreshToken).where(
            RefreshToken.staff_id == staff_id, RefreshToken.revoked_at.is_(None)
        )
        await tx.session.execute(tokens.values(revoked_at=tx.now))
        tx.audit(WithdrawingAction.DEACTIVATED, "staff", staff_id)
    await _take_effect(services, staff_id)
