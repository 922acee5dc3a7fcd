"""Invitations of guests, letters to addresses without an account, and organisations at rest."""

import sqlalchemy as sa
from alembic import op

from booking.storage.tables import Instant

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("premises_id", sa.Integer(), sa.ForeignKey("premises.id"), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False, comment="when the account that is made of it ends"),
        sa.Column("token_hash", sa.String(64), unique=True, comment="NULL until the link has been made"),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.UniqueConstraint("premises_id", "email"),
    )
    op.add_column(
        "organisations",
        sa.Column(
            "rests_since",
            Instant(),
            comment="nobody is there any more; kept for what was. NULL while it is in use",
        ),
    )
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column(
            "person_id",
            existing_type=sa.Integer(),
            nullable=True,
            comment="NULL where the letter is for an address without an account",
        )
        outbox.add_column(sa.Column("invitation_id", sa.Integer()))
        outbox.create_foreign_key("fk_outbox_invitation_id", "invitations", ["invitation_id"], ["id"])
    op.create_index("ix_outbox_invitation_id", "outbox", ["invitation_id"])
