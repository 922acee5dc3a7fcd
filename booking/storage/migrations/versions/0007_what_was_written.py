"""How often each premises, and the register of people and organisations, was written to."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column(
        "premises",
        sa.Column(
            "written",
            sa.BigInteger(),
            nullable=False,
            server_default="0",
            comment="how often it was written to",
        ),
    )
    register = op.create_table(
        "register",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "written",
            sa.BigInteger(),
            nullable=False,
            comment="how often people, organisations and circles were written",
        ),
        comment="one row",
    )
    op.bulk_insert(register, [{"id": 1, "written": 0}])
