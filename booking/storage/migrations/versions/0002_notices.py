"""Notices: what people are told, what is mailed to them, how they want it, and when each job of the worker ran."""

import sqlalchemy as sa
from alembic import op

from booking.storage.tables import Instant

revision = "0002"
down_revision = "0001"

BIG = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    _change_people()
    _add_notices()


def _change_people() -> None:
    _add("people", sa.Column("language", sa.String(2), nullable=False, server_default="sv"))
    _add(
        "people",
        sa.Column(
            "by_mail",
            sa.Boolean(),
            nullable=False,
            server_default="1",
            comment="whether notices are mailed too",
        ),
    )
    _add(
        "people",
        sa.Column(
            "invitations",
            sa.Boolean(),
            nullable=False,
            server_default="0",
            comment="calendar entries by mail instead of a feed",
        ),
    )
    _add(
        "people",
        sa.Column("remind_minutes", sa.SmallInteger(), comment="how long before the start; NULL for never"),
    )


def _add_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("public_id", sa.String(26), nullable=False, unique=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("booking_id", sa.String(26), sa.ForeignKey("bookings.id")),
        sa.Column("occurrence", Instant(), comment="which occurrence it is about, by its name"),
        sa.Column("starts", Instant()),
        sa.Column("ends", Instant()),
        sa.Column("space_id", sa.Integer(), sa.ForeignKey("spaces.id")),
        sa.Column("from_person_id", sa.Integer(), sa.ForeignKey("people.id")),
        sa.Column(
            "words", sa.String(500), comment="what a person wrote to another; never of a confidential booking"
        ),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("read_at", Instant()),
    )
    op.create_index("ix_notices_person_made", "notices", ["person_id", "made_at"])
    op.create_table(
        "outbox",
        sa.Column("id", BIG, primary_key=True),
        sa.Column(
            "public_id", sa.String(26), nullable=False, unique=True, comment="stands in its Message-ID"
        ),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False, comment="notice, or a calendar's request or cancel"),
        sa.Column("notice_id", BIG, sa.ForeignKey("notices.id")),
        sa.Column("booking_id", sa.String(26), sa.ForeignKey("bookings.id")),
        sa.Column("occurrence", Instant()),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), comment="when it is tried next; NULL once it is sent or given up"),
        sa.Column("attempts", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("sent_at", Instant()),
    )
    _index_of_what_is_set("outbox", "due_at")
    op.create_table(
        "jobs",
        sa.Column("name", sa.String(20), primary_key=True),
        sa.Column("began_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant()),
        sa.Column("worked", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("did", sa.Integer(), nullable=False, server_default="0"),
    )


def _add(table: str, column: "sa.Column[object]") -> None:
    op.add_column(table, column)


def _index_of_what_is_set(table: str, column: str) -> None:
    condition = sa.text(f"{column} IS NOT NULL")
    op.create_index(
        f"ix_{table}_{column}", table, [column], sqlite_where=condition, postgresql_where=condition
    )
