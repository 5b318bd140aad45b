"""Reading the files of an owner, for whoever has already been let in to the owner."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server.attachments.schemas import OwnerType
from storage.tables.patients import Attachment


async def files_of(
    session: AsyncSession, owner_type: OwnerType, owner_id: str
) -> Sequence[Attachment]:
    """Files in the order of their arrival."""
    query = (
        select(Attachment)
        .where(Attachment.owner_type == owner_type.value, Attachment.owner_id == owner_id)
        .order_by(Attachment.created_at, Attachment.id)
    )
    return (await session.execute(query)).scalars().all()
