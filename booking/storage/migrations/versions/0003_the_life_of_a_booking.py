"""Series, giving way by rank, approvals and check-in.

What an occurrence takes and says moves from the booking to its terms, which the occurrences of a series share
until one of them is changed alone. The terms of what was booked before bear the booking's own id: the
sealed boxes are bound to it.
"""

import sqlalchemy as sa
from alembic import op

from booking.storage.tables import Instant

revision = "0003"
down_revision = "0002"

BIG = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
MOVED = ("space_id", "visibility", "circle_id", "clear_desks", "title", "note")


def upgrade() -> None:
    _add_terms()
    _change_bookings_and_occurrences()
    _hang_belongings_on_terms()
    _change_displacements()
    op.create_index("ix_journal_actor_at", "journal", ["actor_id", "at"])


def _add_terms() -> None:
    op.create_table(
        "terms",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("booking_id", sa.String(26), sa.ForeignKey("bookings.id"), nullable=False),
        sa.Column("space_id", sa.Integer(), sa.ForeignKey("spaces.id"), nullable=False),
        sa.Column("visibility", sa.String(12), nullable=False),
        sa.Column("circle_id", sa.Integer(), sa.ForeignKey("circles.id")),
        sa.Column("clear_desks", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(120)),
        sa.Column("note", sa.Text()),
    )
    op.create_index("ix_terms_booking_id", "terms", ["booking_id"])
    columns = ", ".join(MOVED)
    op.execute(f"INSERT INTO terms (id, booking_id, {columns}) SELECT id, id, {columns} FROM bookings")  # noqa: S608


def _change_bookings_and_occurrences() -> None:
    _add("occurrences", sa.Column("terms_id", sa.String(26)))
    _add("occurrences", sa.Column("missed", sa.Boolean(), nullable=False, server_default="0"))
    _add("occurrences", sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
    for name in ("made_at", "changed_at", "checked_in_at", "reminded_at"):
        _add("occurrences", sa.Column(name, Instant()))
    op.execute("UPDATE occurrences SET terms_id = booking_id")
    for column, source in (("sequence", "sequence"), ("made_at", "created_at"), ("changed_at", "changed_at")):
        op.execute(
            f"UPDATE occurrences SET {column} ="  # noqa: S608
            f" (SELECT {source} FROM bookings WHERE bookings.id = occurrences.booking_id)"
        )
    with op.batch_alter_table("occurrences") as table:
        table.alter_column("terms_id", nullable=False, existing_type=sa.String(26))
        table.alter_column("made_at", nullable=False, existing_type=Instant())
        table.alter_column("changed_at", nullable=False, existing_type=Instant())
        table.alter_column(
            "occurrence", existing_type=Instant(), comment="the start it was first given: its name, for good"
        )
        table.create_foreign_key("fk_occurrences_terms_id", "terms", ["terms_id"], ["id"])
        table.create_index("ix_occurrences_terms_id", ["terms_id"])
    _drop_moved_columns()
    op.create_table(
        "refused_dates",
        sa.Column("booking_id", sa.String(26), sa.ForeignKey("bookings.id"), primary_key=True),
        sa.Column("starts", Instant(), primary_key=True),
        sa.Column("ends", Instant(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
    )


def _drop_moved_columns() -> None:
    with op.batch_alter_table("bookings") as table:
        for name in (*MOVED, "sequence", "changed_at"):
            table.drop_column(name)
        table.add_column(sa.Column("kind", sa.String(8), nullable=False, server_default="use"))
        table.add_column(sa.Column("urgent", sa.Boolean(), nullable=False, server_default="0"))
        table.add_column(
            sa.Column("answer_by", Instant(), comment="when an approval that nobody gave lapses")
        )
        table.add_column(
            sa.Column(
                "rule",
                sa.Text(),
                comment="how it repeats: an RRULE of RFC 5545 section 3.3.10; NULL for one time",
            )
        )
        table.add_column(sa.Column("excepted", sa.Text(), comment="local days left out, comma between"))
        table.create_index("ix_bookings_organiser_id", ["organiser_id"])
    _index_of_what_is_set("bookings", "answer_by")


def _hang_belongings_on_terms() -> None:
    """New tables, filled from the old: primary keys cannot be renamed alike on both databases."""
    for old, new, column, target in (
        ("booking_equipment", "terms_equipment", "space_id", "spaces.id"),
        ("booking_circles", "terms_circles", "circle_id", "circles.id"),
        ("attendees", "terms_attendees", "person_id", "people.id"),
    ):
        op.create_table(
            new,
            sa.Column("terms_id", sa.String(26), sa.ForeignKey("terms.id"), primary_key=True),
            sa.Column(column, sa.Integer(), sa.ForeignKey(target), primary_key=True),
        )
        op.execute(f"INSERT INTO {new} (terms_id, {column}) SELECT booking_id, {column} FROM {old}")  # noqa: S608
        op.drop_table(old)
    op.rename_table("terms_attendees", "attendees")
    op.create_index("ix_attendees_person_id", "attendees", ["person_id"])
    op.create_table(
        "sealed_terms",
        sa.Column("terms_id", sa.String(26), sa.ForeignKey("terms.id"), primary_key=True),
        sa.Column("box", sa.LargeBinary(), nullable=False),
    )
    op.execute("INSERT INTO sealed_terms (terms_id, box) SELECT booking_id, box FROM sealed")
    op.drop_table("sealed")
    op.rename_table("sealed_terms", "sealed")


def _change_displacements() -> None:
    op.create_table(
        "new_displacements",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("occurrence_id", BIG, sa.ForeignKey("occurrences.id"), nullable=False),
        sa.Column("by_booking_id", sa.String(26), sa.ForeignKey("bookings.id")),
        sa.Column("starts", Instant(), nullable=False),
        sa.Column("ends", Instant(), nullable=False),
        sa.Column("told_at", Instant(), nullable=False),
        sa.Column("given_back_at", Instant()),
        sa.Column(
            "moved",
            sa.Boolean(),
            nullable=False,
            server_default="0",
            comment="to an equal place, losing no time",
        ),
    )
    op.execute(
        "INSERT INTO new_displacements (occurrence_id, starts, ends, told_at)"
        " SELECT occurrences.id, displacements.starts, displacements.ends, displacements.told_at"
        " FROM displacements JOIN occurrences ON occurrences.booking_id = displacements.booking_id"
    )
    op.drop_table("displacements")
    op.rename_table("new_displacements", "displacements")
    for name in ("occurrence_id", "by_booking_id"):
        op.create_index(f"ix_displacements_{name}", "displacements", [name])


def _add(table: str, column: "sa.Column[object]") -> None:
    op.add_column(table, column)


def _index_of_what_is_set(table: str, column: str) -> None:
    condition = sa.text(f"{column} IS NOT NULL")
    op.create_index(
        f"ix_{table}_{column}", table, [column], sqlite_where=condition, postgresql_where=condition
    )
