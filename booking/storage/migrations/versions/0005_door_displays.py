"""Door displays, and the organisation that a premises is itself: what is booked at its doors is its own."""

import sqlalchemy as sa
from alembic import op

from booking.storage.tables import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("premises") as table:
        table.add_column(
            sa.Column(
                "organisation_id",
                sa.Integer(),
                comment="its own, that books at its doors; NULL before there was one",
            )
        )
        table.create_foreign_key("fk_premises_organisation_id", "organisations", ["organisation_id"], ["id"])
    op.create_table(
        "doors",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("premises_id", sa.Integer(), sa.ForeignKey("premises.id"), nullable=False),
        sa.Column("space_id", sa.Integer(), sa.ForeignKey("spaces.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("code_hash", sa.String(64), unique=True),
        sa.Column("code_until", Instant()),
        sa.Column("token_hash", sa.String(64), unique=True),
        sa.Column("paired_at", Instant()),
        sa.Column("seen_at", Instant()),
    )
    op.create_index("ix_doors_premises_id", "doors", ["premises_id"])
