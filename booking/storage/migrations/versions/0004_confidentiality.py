"""Second factors, ages of circles, reviews of the access log, and retention by decision.

The access log, its reviews and the journal are append-only in the database itself: rows are never changed, and
are deleted only when they are older than what a recorded disposal lets go. Sessions get an id of their own, so
that they can be listed: those that stand are ended, and everybody signs in anew.
"""

import sqlalchemy as sa
from alembic import op

from booking.storage.tables import Instant

revision = "0004"
down_revision = "0003"

# Each log, the kind of disposal that lets its rows go, and how old a row is.
LOGS = (
    ("openings", "access-log", "OLD.at"),
    ("openings_circles", "access-log", "(SELECT at FROM openings WHERE id = OLD.opening_id)"),
    ("reviews", "access-log", "OLD.signed_at"),
    ("journal", "journal", "OLD.at"),
)
FOR_GOOD = ("retention_decisions", "disposals")

POSTGRESQL_REFUSE = """
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append_only' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
POSTGRESQL_GUARD = """
CREATE FUNCTION {table}_let_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM disposals WHERE kind = '{kind}' AND before > {age}) THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'append_only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_let_go();
"""
POSTGRESQL_ALWAYS = """
CREATE TRIGGER {table}_{event} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION append_only();
"""
SQLITE_GUARD = """
CREATE TRIGGER {table}_delete BEFORE DELETE ON {table}
WHEN NOT EXISTS (SELECT 1 FROM disposals WHERE kind = '{kind}' AND before > {age})
BEGIN SELECT RAISE(ABORT, 'append_only'); END
"""
SQLITE_ALWAYS = """
CREATE TRIGGER {table}_{event} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, 'append_only'); END
"""


def upgrade() -> None:
    _add_second_factors()
    _add_ages_of_circles()
    _add_reviews()
    _add_retention()
    op.create_index("ix_journal_at", "journal", ["at"])
    op.create_index("ix_journal_subject", "journal", ["subject"])
    _guard_the_logs()


def _add_second_factors() -> None:
    op.execute("DELETE FROM sessions")
    with op.batch_alter_table("sessions") as table:
        table.add_column(sa.Column("id", sa.String(26), nullable=False))
        table.add_column(
            sa.Column(
                "pending",
                sa.Boolean(),
                nullable=False,
                server_default="0",
                comment="the second factor is still to come",
            )
        )
        table.add_column(sa.Column("proved_at", Instant(), comment="when the second factor was given"))
        table.add_column(
            sa.Column(
                "confirmed_at", Instant(), comment="when the password or the second factor was last given"
            )
        )
        table.add_column(
            sa.Column(
                "program",
                sa.String(80),
                nullable=False,
                comment="the browser, in a few words",
            )
        )
        table.create_unique_constraint("uq_sessions_id", ["id"])
    with op.batch_alter_table("people") as table:
        table.add_column(sa.Column("handle", sa.LargeBinary(), comment="what a passkey knows the account by"))
        table.create_unique_constraint("uq_people_handle", ["handle"])
    op.create_table(
        "challenges",
        sa.Column("challenge_hash", sa.String(64), primary_key=True),
        sa.Column(
            "person_id",
            sa.Integer(),
            sa.ForeignKey("people.id"),
            comment="NULL before anybody has said who they are",
        ),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
    )
    op.create_index("ix_challenges_person_id", "challenges", ["person_id"])
    op.create_table(
        "passkeys",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("used_at", Instant()),
    )
    op.create_index("ix_passkeys_person_id", "passkeys", ["person_id"])
    op.create_table(
        "authenticators",
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.Column(
            "last_step",
            sa.BigInteger(),
            nullable=False,
            server_default="0",
            comment="no code is taken twice",
        ),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("confirmed_at", Instant(), comment="NULL until a first code was right"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
    )
    op.create_index("ix_recovery_codes_person_id", "recovery_codes", ["person_id"])


def _add_ages_of_circles() -> None:
    with op.batch_alter_table("circles") as table:
        table.add_column(sa.Column("second_factor", sa.Boolean(), nullable=False, server_default="0"))
        table.add_column(
            sa.Column(
                "origin_id",
                sa.Integer(),
                comment="the first of this circle's ages; NULL for the first",
            )
        )
        table.add_column(
            sa.Column(
                "succeeded_at",
                Instant(),
                comment="since when a later age of the circle takes the bookings",
            )
        )
        table.create_foreign_key("fk_circles_origin_id", "circles", ["origin_id"], ["id"])
    op.add_column("circle_members", sa.Column("joined_at", Instant()))
    op.add_column(
        "circle_members",
        sa.Column("ground", sa.String(200), comment="on what legal ground, where the steward wrote one"),
    )


def _add_reviews() -> None:
    op.create_index("ix_openings_at", "openings", ["at"])
    op.add_column(
        "openings",
        sa.Column("occurrence", Instant(), comment="which occurrence was opened, by its name"),
    )
    op.create_table(
        "openings_circles",
        sa.Column("circle_id", sa.Integer(), sa.ForeignKey("circles.id"), primary_key=True),
        sa.Column("opening_id", sa.Integer(), sa.ForeignKey("openings.id"), primary_key=True),
    )
    op.create_index("ix_openings_circles_opening_id", "openings_circles", ["opening_id"])
    op.execute(
        "INSERT INTO openings_circles (circle_id, opening_id)"
        " SELECT DISTINCT terms_circles.circle_id, openings.id FROM openings"
        " JOIN terms ON terms.booking_id = openings.booking_id"
        " JOIN terms_circles ON terms_circles.terms_id = terms.id"
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("circle_id", sa.Integer(), sa.ForeignKey("circles.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("starts", Instant(), nullable=False),
        sa.Column("ends", Instant(), nullable=False),
        sa.Column("remark", sa.String(500), nullable=False),
        sa.Column("signed_at", Instant(), nullable=False),
    )
    op.create_index("ix_reviews_circle_id", "reviews", ["circle_id"])


def _add_retention() -> None:
    op.create_table(
        "retention_decisions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("reference", sa.String(120), nullable=False),
        sa.Column("sealed_days", sa.Integer(), nullable=False),
        sa.Column("details_days", sa.Integer(), nullable=False),
        sa.Column("log_days", sa.Integer(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
    )
    op.create_table(
        "disposals",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("decision_id", sa.Integer(), sa.ForeignKey("retention_decisions.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("before", Instant(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
    )


def _guard_the_logs() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _guard(SQLITE_GUARD, SQLITE_ALWAYS)
        return
    op.execute(POSTGRESQL_REFUSE)
    _guard(POSTGRESQL_GUARD, POSTGRESQL_ALWAYS)
    for table in (*(table for table, *_ in LOGS), *FOR_GOOD):
        op.execute(POSTGRESQL_ALWAYS.format(table=table, event="truncate", each="STATEMENT"))


def _guard(let_go: str, always: str) -> None:
    for table, kind, age in LOGS:
        op.execute(let_go.format(table=table, kind=kind, age=age))
        op.execute(always.format(table=table, event="update", each="ROW"))
    for table in FOR_GOOD:
        for event in ("update", "delete"):
            op.execute(always.format(table=table, event=event, each="ROW"))
