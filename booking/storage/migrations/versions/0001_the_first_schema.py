"""The first schema, and the guard on claims that the database itself keeps.

Two Holds on a space never overlap, and a wall never stands two ways at once, whatever code writes.
A Hold carries a tag that no other has and a wall its state, so one rule does both: the same space,
overlapping time, different tags. Released parts of a Hold that gave way stand outside the guard. A claim
spans 32 days at most, so that the search on SQLite is bounded and history costs nothing.
"""

import sqlalchemy as sa
from alembic import op

from booking.storage.tables import Instant

revision = "0001"
down_revision = None

POSTGRESQL_GUARD = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "ALTER TABLE claims ADD CONSTRAINT claims_guard EXCLUDE USING gist"
    " (space_id WITH =, tstzrange(starts, ends) WITH &&, tag WITH <>)"
    " WHERE (tag IS NOT NULL AND NOT released)",
    "ALTER TABLE claims ADD CONSTRAINT ck_claims_bounded CHECK (ends - starts <= interval '32 days')",
)

SQLITE_SPAN = 32 * 24 * 60 * 60

SQLITE_GUARD = """
CREATE TRIGGER claims_guard_{moment} BEFORE {event} ON claims
WHEN NEW.ends - NEW.starts > {span} OR (NEW.tag IS NOT NULL AND NOT NEW.released AND EXISTS (
    SELECT 1 FROM claims AS other
    WHERE other.space_id = NEW.space_id AND other.tag IS NOT NULL AND other.tag <> NEW.tag
    AND NOT other.released AND other.id IS NOT NEW.id
    AND other.starts < NEW.ends AND other.starts > NEW.starts - {span} AND other.ends > NEW.starts))
BEGIN SELECT RAISE(ABORT, 'claims_guard'); END
"""


def upgrade() -> None:
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("fields", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("colour", sa.SmallInteger(), nullable=False),
        sa.Column("category", sa.String(length=12), nullable=False),
        sa.Column("secrecy", sa.String(length=12), nullable=False),
        sa.Column("default_visibility", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("key", name=op.f("uq_organisations_key")),
    )
    op.create_table(
        "premises",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("turn", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_premises")),
        sa.UniqueConstraint("key", name=op.f("uq_premises_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_premises_public_id")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempts_subject_at", ["subject", "at"], unique=False)

    op.create_table(
        "circles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("steward_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["steward_id"], ["organisations.id"], name=op.f("fk_circles_steward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circles")),
        sa.UniqueConstraint("key", name=op.f("uq_circles_key")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=14), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("organisation_admin", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("ends_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_people_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
    )
    op.create_table(
        "premises_organisations",
        sa.Column("premises_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_premises_organisations_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_premises_organisations_premises_id")
        ),
        sa.PrimaryKeyConstraint("premises_id", "organisation_id", name=op.f("pk_premises_organisations")),
    )
    op.create_table(
        "spaces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("premises_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["premises_id"], ["premises.id"], name=op.f("fk_spaces_premises_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spaces")),
        sa.UniqueConstraint("premises_id", "key", name=op.f("uq_spaces_premises_id_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_spaces_public_id")),
    )
    op.create_table(
        "bookings",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("premises_id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("organiser_id", sa.Integer(), nullable=False),
        sa.Column("visibility", sa.String(length=12), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=True),
        sa.Column("clear_desks", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("uid", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["circle_id"], ["circles.id"], name=op.f("fk_bookings_circle_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_bookings_organisation_id")
        ),
        sa.ForeignKeyConstraint(["organiser_id"], ["people.id"], name=op.f("fk_bookings_organiser_id")),
        sa.ForeignKeyConstraint(["premises_id"], ["premises.id"], name=op.f("fk_bookings_premises_id")),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_bookings_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("uid", name=op.f("uq_bookings_uid")),
    )
    op.create_table(
        "circle_members",
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["circle_id"], ["circles.id"], name=op.f("fk_circle_members_circle_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_circle_members_organisation_id")
        ),
        sa.PrimaryKeyConstraint("circle_id", "organisation_id", name=op.f("pk_circle_members")),
    )
    op.create_table(
        "feeds",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("premises_id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("busy_only", sa.Boolean(), nullable=False),
        sa.Column("colleagues", sa.Boolean(), nullable=False),
        sa.Column("neutral", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("fetched_at", Instant(), nullable=True),
        sa.Column("fetched_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_feeds_person_id")),
        sa.ForeignKeyConstraint(["premises_id"], ["premises.id"], name=op.f("fk_feeds_premises_id")),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_feeds_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feeds_token_hash")),
    )
    with op.batch_alter_table("feeds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feeds_person_id"), ["person_id"], unique=False)

    op.create_table(
        "one_time_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_one_time_links_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_one_time_links")),
    )
    with op.batch_alter_table("one_time_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_links_person_id"), ["person_id"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sessions_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_person_id"), ["person_id"], unique=False)

    op.create_table(
        "tokens",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_tokens_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tokens_token_hash")),
    )
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tokens_person_id"), ["person_id"], unique=False)

    op.create_table(
        "attendees",
        sa.Column("booking_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_attendees_booking_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_attendees_person_id")),
        sa.PrimaryKeyConstraint("booking_id", "person_id", name=op.f("pk_attendees")),
    )
    op.create_table(
        "booking_circles",
        sa.Column("booking_id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_booking_circles_booking_id")),
        sa.ForeignKeyConstraint(["circle_id"], ["circles.id"], name=op.f("fk_booking_circles_circle_id")),
        sa.PrimaryKeyConstraint("booking_id", "circle_id", name=op.f("pk_booking_circles")),
    )
    op.create_table(
        "booking_equipment",
        sa.Column("booking_id", sa.String(length=26), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_booking_equipment_booking_id")
        ),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_booking_equipment_space_id")),
        sa.PrimaryKeyConstraint("booking_id", "space_id", name=op.f("pk_booking_equipment")),
    )
    op.create_table(
        "displacements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.String(length=26), nullable=False),
        sa.Column("starts", Instant(), nullable=False),
        sa.Column("ends", Instant(), nullable=False),
        sa.Column("told_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_displacements_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_displacements")),
    )
    with op.batch_alter_table("displacements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_displacements_booking_id"), ["booking_id"], unique=False)

    op.create_table(
        "idempotency_keys",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("booking_id", sa.String(length=26), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_idempotency_keys_booking_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_idempotency_keys_person_id")),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_table(
        "occurrences",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("booking_id", sa.String(length=26), nullable=False),
        sa.Column("premises_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("occurrence", Instant(), nullable=False),
        sa.Column("starts", Instant(), nullable=False),
        sa.Column("ends", Instant(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), server_default="0", nullable=False),
        sa.CheckConstraint("ends > starts", name=op.f("ck_occurrences_span")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_occurrences_booking_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_occurrences_organisation_id")
        ),
        sa.ForeignKeyConstraint(["premises_id"], ["premises.id"], name=op.f("fk_occurrences_premises_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrences")),
        sa.UniqueConstraint("booking_id", "occurrence", name=op.f("uq_occurrences_booking_id_occurrence")),
    )
    with op.batch_alter_table("occurrences", schema=None) as batch_op:
        batch_op.create_index(
            "ix_occurrences_organisation_starts", ["organisation_id", "starts"], unique=False
        )
        batch_op.create_index("ix_occurrences_premises_starts", ["premises_id", "starts"], unique=False)

    op.create_table(
        "openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.String(length=26), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_openings_booking_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_openings_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_openings_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
    )
    with op.batch_alter_table("openings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_openings_booking_id"), ["booking_id"], unique=False)

    op.create_table(
        "sealed",
        sa.Column("booking_id", sa.String(length=26), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_sealed_booking_id")),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_sealed")),
    )
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("premises_id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column(
            "about",
            sa.Integer(),
            nullable=True,
            comment="the organisation of a Presence, the circle of a Secrecy",
        ),
        sa.Column(
            "tag",
            sa.BigInteger(),
            nullable=True,
            comment="the state of a wall, a number of its own for a Hold, else NULL",
        ),
        sa.Column("starts", Instant(), nullable=False),
        sa.Column("ends", Instant(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("released", sa.Boolean(), server_default="0", nullable=False),
        sa.CheckConstraint("(kind IN (1, 2)) = (tag IS NOT NULL)", name=op.f("ck_claims_tag")),
        sa.CheckConstraint("(kind IN (3, 4)) = (about IS NOT NULL)", name=op.f("ck_claims_about")),
        sa.CheckConstraint("ends > starts", name=op.f("ck_claims_span")),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrences.id"], name=op.f("fk_claims_occurrence_id")),
        sa.ForeignKeyConstraint(["premises_id"], ["premises.id"], name=op.f("fk_claims_premises_id")),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_claims_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
    )
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claims_occurrence_id"), ["occurrence_id"], unique=False)
        batch_op.create_index("ix_claims_premises_starts", ["premises_id", "starts"], unique=False)
    op.create_index(
        "ix_claims_guarded",
        "claims",
        ["space_id", "starts"],
        sqlite_where=sa.text("tag IS NOT NULL"),
        postgresql_where=sa.text("tag IS NOT NULL"),
    )
    op.create_index(
        "uq_claims_hold_tag",
        "claims",
        ["tag"],
        unique=True,
        sqlite_where=sa.text("kind = 1"),
        postgresql_where=sa.text("kind = 1"),
    )
    for statement in _guard():
        op.execute(statement)


def _guard() -> tuple[str, ...]:
    if op.get_context().dialect.name == "postgresql":
        return POSTGRESQL_GUARD
    return tuple(
        SQLITE_GUARD.format(moment=moment, event=event, span=SQLITE_SPAN)
        for moment, event in (("insert", "INSERT"), ("update", "UPDATE"))
    )
