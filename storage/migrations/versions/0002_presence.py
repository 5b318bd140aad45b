"""Stays that the media server cut short; time with the page hidden, time muted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("session_attendance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("away", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("muted", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("session_presences", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("room_sid", sa.String(length=48), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("proven_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("cut", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    with op.batch_alter_table("session_presences", schema=None) as batch_op:
        for name in ("cut", "proven_until", "room_sid"):
            batch_op.drop_column(name)
    with op.batch_alter_table("session_attendance", schema=None) as batch_op:
        for name in ("muted", "away"):
            batch_op.drop_column(name)
