"""The early end of an agreement: what rests on it ends with it, live rooms included."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select

from server.errors import not_found
from server.sessions import withdrawal
from storage.db import Actor
from storage.tables.pairing import Agreement

if TYPE_CHECKING:
    from server.services import Services


class EndingAction(StrEnum):
    AGREEMENT_TERMINATED = "pairing:agreement:terminate"


async def terminate_agreement(services: Services, actor: Actor, agreement_id: str) -> None:
    """End an agreement now; repeated calls change nothing. Raises `Problem` (404)."""
    async with services.db.write(actor) as tx:
        query = select(Agreement).where(Agreement.id == agreement_id)
        agreement = (
            await tx.session.execute(query.with_for_update(of=Agreement))
        ).scalar_one_or_none()
        if agreement is None:
            raise not_found()
        agreement.terminated_at = agreement.terminated_at or tx.now
        tx.audit(EndingAction.AGREEMENT_TERMINATED, "agreement", agreement_id)
        sides = {agreement.supporting_id, agreement.recipient_id}
        tx.emit("agreements", agreement_id, organisations=sides)
    await withdrawal.review(services)
