"""The tables, and the types they are made of. Imports SQLAlchemy only.

Times are instants in UTC: `timestamptz` on PostgreSQL; whole Unix seconds on SQLite, so that the
trigger that guards claims can bound its search by plain arithmetic.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware instant, UTC; naive times are refused, for a wall clock is not an instant."""

    impl = Integer
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Whole seconds on SQLite, a timestamp with its zone elsewhere."""
        sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(BigInteger() if sqlite else TIMESTAMP(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """ValueError for a naive time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must be aware")
        return int(value.timestamp()) if dialect.name == "sqlite" else value.replace(microsecond=0)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Always aware UTC."""
        if value is None:
            return None
        return datetime.fromtimestamp(value, UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def _key(length: int = 60) -> String:
    return String(length)


premises = Table(
    "premises",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(26), nullable=False, unique=True),
    Column("key", _key(), nullable=False, unique=True),
    Column("definition", Text, nullable=False),
    Column(
        "organisation_id",
        ForeignKey("organisations.id"),
        comment="its own, that books at its doors; NULL before there was one",
    ),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("turn", BigInteger, nullable=False, server_default="0"),
    Column("written", BigInteger, nullable=False, server_default="0", comment="how often it was written to"),
)

register = Table(
    "register",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "written",
        BigInteger,
        nullable=False,
        comment="how often people, organisations and circles were written",
    ),
    comment="one row",
)

spaces = Table(
    "spaces",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(26), nullable=False, unique=True),
    Column("premises_id", ForeignKey("premises.id"), nullable=False),
    Column("key", _key(), nullable=False),
    UniqueConstraint("premises_id", "key"),
)

organisations = Table(
    "organisations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", _key(), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("code", String(2), nullable=False),
    Column("colour", SmallInteger, nullable=False),
    Column("category", String(12), nullable=False),
    Column("secrecy", String(12), nullable=False),
    Column("default_visibility", String(12), nullable=False),
    Column(
        "rests_since", Instant, comment="nobody is there any more; kept for what was. NULL while it is in use"
    ),
)

premises_organisations = Table(
    "premises_organisations",
    metadata,
    Column("premises_id", ForeignKey("premises.id"), primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id"), primary_key=True),
)

circles = Table(
    "circles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", _key(80), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("steward_id", ForeignKey("organisations.id"), nullable=False),
    Column("second_factor", Boolean, nullable=False, server_default="0"),
    Column(
        "origin_id", ForeignKey("circles.id"), comment="the first of this circle's ages; NULL for the first"
    ),
    Column("succeeded_at", Instant, comment="since when a later age of the circle takes the bookings"),
)

circle_members = Table(
    "circle_members",
    metadata,
    Column("circle_id", ForeignKey("circles.id"), primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id"), primary_key=True),
    Column("joined_at", Instant),
    Column("ground", String(200), comment="on what legal ground, where the steward wrote one"),
)

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("role", String(14), nullable=False),
    Column("organisation_id", ForeignKey("organisations.id")),
    Column("organisation_admin", Boolean, nullable=False, server_default="0"),
    Column("password_hash", String(200)),
    Column("ends_at", Instant),
    Column("language", String(2), nullable=False, server_default="sv"),
    Column("by_mail", Boolean, nullable=False, server_default="1", comment="whether notices are mailed too"),
    Column(
        "invitations",
        Boolean,
        nullable=False,
        server_default="0",
        comment="calendar entries by mail instead of a feed",
    ),
    Column("remind_minutes", SmallInteger, comment="how long before the start; NULL for never"),
    Column("created_at", Instant, nullable=False),
    Column("handle", LargeBinary, unique=True, comment="what a passkey knows the account by"),
)

# Somebody is asked to be a guest: the account is made when they accept, and this row goes then.
invitations = Table(
    "invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("premises_id", ForeignKey("premises.id"), nullable=False),
    Column("email", String(254), nullable=False),
    Column("name", String(120), nullable=False),
    Column("ends_at", Instant, nullable=False, comment="when the account that is made of it ends"),
    Column("token_hash", String(64), unique=True, comment="NULL until the link has been made"),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    UniqueConstraint("premises_id", "email"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("id", String(26), nullable=False, unique=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("shared", Boolean, nullable=False),
    Column(
        "pending", Boolean, nullable=False, server_default="0", comment="the second factor is still to come"
    ),
    Column("proved_at", Instant, comment="when the second factor was given"),
    Column("confirmed_at", Instant, comment="when the password or the second factor was last given"),
    Column("program", String(80), nullable=False, comment="the browser, in a few words"),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

# A display at a door: the code it is paired by, the secret it then shows, and the account it books by.
doors = Table(
    "doors",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("premises_id", ForeignKey("premises.id"), nullable=False, index=True),
    Column("space_id", ForeignKey("spaces.id"), nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("code_hash", String(64), unique=True),
    Column("code_until", Instant),
    Column("token_hash", String(64), unique=True),
    Column("paired_at", Instant),
    Column("seen_at", Instant),
)

# What a passkey has to sign, once; the hash of it only.
challenges = Table(
    "challenges",
    metadata,
    Column("challenge_hash", String(64), primary_key=True),
    Column(
        "person_id", ForeignKey("people.id"), index=True, comment="NULL before anybody has said who they are"
    ),
    Column("purpose", String(20), nullable=False),
    Column("expires_at", Instant, nullable=False),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("credential_id", LargeBinary, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("name", String(80), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant),
)

# A person's authenticator app: its secret is in a box, bound to the person.
authenticators = Table(
    "authenticators",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("box", LargeBinary, nullable=False),
    Column("last_step", BigInteger, nullable=False, server_default="0", comment="no code is taken twice"),
    Column("created_at", Instant, nullable=False),
    Column("confirmed_at", Instant, comment="NULL until a first code was right"),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("made_at", Instant, nullable=False),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_sign_in_attempts_subject_at", "subject", "at"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("confidential", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant),
)

one_time_links = Table(
    "one_time_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("purpose", String(20), nullable=False),
    Column("expires_at", Instant, nullable=False),
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("organisation_id", Integer),
    Column("premises_id", ForeignKey("premises.id"), nullable=False),
    Column("space_id", ForeignKey("spaces.id")),
    Column("kind", String(12), nullable=False),
    Column("busy_only", Boolean, nullable=False),
    Column("colleagues", Boolean, nullable=False),
    Column("neutral", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("fetched_at", Instant),
    Column("fetched_by", String(80)),
)

bookings = Table(
    "bookings",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("premises_id", ForeignKey("premises.id"), nullable=False),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False),
    Column("organiser_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("kind", String(8), nullable=False, server_default="use"),
    Column("urgent", Boolean, nullable=False, server_default="0"),
    Column("status", String(10), nullable=False),
    Column("answer_by", Instant, comment="when an approval that nobody gave lapses"),
    Column("rule", Text, comment="how it repeats: an RRULE of RFC 5545 section 3.3.10; NULL for one time"),
    Column("excepted", Text, comment="local days left out, comma between"),
    Column("uid", String(60), nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index(
        "ix_bookings_answer_by",
        "answer_by",
        sqlite_where=text("answer_by IS NOT NULL"),
        postgresql_where=text("answer_by IS NOT NULL"),
    ),
)

# What an occurrence takes and says. Those of a series share one row until one of them is changed alone.
terms = Table(
    "terms",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("booking_id", ForeignKey("bookings.id"), nullable=False, index=True),
    Column("space_id", ForeignKey("spaces.id"), nullable=False),
    Column("visibility", String(12), nullable=False),
    Column("circle_id", ForeignKey("circles.id")),
    Column("clear_desks", Boolean, nullable=False),
    Column("title", String(120)),
    Column("note", Text),
)

occurrences = Table(
    "occurrences",
    metadata,
    Column("id", Integer().with_variant(BigInteger, "postgresql"), primary_key=True),
    Column("booking_id", ForeignKey("bookings.id"), nullable=False),
    Column("terms_id", ForeignKey("terms.id"), nullable=False, index=True),
    Column("premises_id", ForeignKey("premises.id"), nullable=False),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False),
    Column("occurrence", Instant, nullable=False, comment="the start it was first given: its name, for good"),
    Column("starts", Instant, nullable=False),
    Column("ends", Instant, nullable=False),
    Column("cancelled", Boolean, nullable=False, server_default="0"),
    Column("missed", Boolean, nullable=False, server_default="0"),
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("made_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("checked_in_at", Instant),
    Column("reminded_at", Instant),
    UniqueConstraint("booking_id", "occurrence"),
    CheckConstraint("ends > starts", name="span"),
    Index("ix_occurrences_premises_starts", "premises_id", "starts"),
    Index("ix_occurrences_organisation_starts", "organisation_id", "starts"),
)

# Dates of a series that were refused when it was booked, each with the slug of its reason.
refused_dates = Table(
    "refused_dates",
    metadata,
    Column("booking_id", ForeignKey("bookings.id"), primary_key=True),
    Column("starts", Instant, primary_key=True),
    Column("ends", Instant, nullable=False),
    Column("reason", String(40), nullable=False),
)

terms_equipment = Table(
    "terms_equipment",
    metadata,
    Column("terms_id", ForeignKey("terms.id"), primary_key=True),
    Column("space_id", ForeignKey("spaces.id"), primary_key=True),
)

terms_circles = Table(
    "terms_circles",
    metadata,
    Column("terms_id", ForeignKey("terms.id"), primary_key=True),
    Column("circle_id", ForeignKey("circles.id"), primary_key=True),
)

attendees = Table(
    "attendees",
    metadata,
    Column("terms_id", ForeignKey("terms.id"), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True, index=True),
)

sealed = Table(
    "sealed",
    metadata,
    Column("terms_id", ForeignKey("terms.id"), primary_key=True),
    Column("box", LargeBinary, nullable=False),
)

claims = Table(
    "claims",
    metadata,
    Column("id", Integer().with_variant(BigInteger, "postgresql"), primary_key=True),
    Column("premises_id", ForeignKey("premises.id"), nullable=False),
    Column("space_id", ForeignKey("spaces.id"), nullable=False),
    Column("occurrence_id", ForeignKey("occurrences.id"), nullable=False, index=True),
    Column("kind", SmallInteger, nullable=False),
    Column("about", Integer, comment="the organisation of a Presence, the circle of a Secrecy"),
    Column("tag", BigInteger, comment="the state of a wall, a number of its own for a Hold, else NULL"),
    Column("starts", Instant, nullable=False),
    Column("ends", Instant, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("released", Boolean, nullable=False, server_default="0"),
    CheckConstraint("ends > starts", name="span"),
    CheckConstraint("(kind IN (1, 2)) = (tag IS NOT NULL)", name="tag"),
    CheckConstraint("(kind IN (3, 4)) = (about IS NOT NULL)", name="about"),
    Index("ix_claims_premises_starts", "premises_id", "starts"),
    Index(
        "ix_claims_guarded",
        "space_id",
        "starts",
        sqlite_where=text("tag IS NOT NULL"),
        postgresql_where=text("tag IS NOT NULL"),
    ),
    Index(
        "uq_claims_hold_tag",
        "tag",
        unique=True,
        sqlite_where=text("kind = 1"),
        postgresql_where=text("kind = 1"),
    ),
)

# A part of an occurrence that had to give way. `told_at` is when its organiser was told.
displacements = Table(
    "displacements",
    metadata,
    Column("id", Integer().with_variant(BigInteger, "postgresql"), primary_key=True),
    Column("occurrence_id", ForeignKey("occurrences.id"), nullable=False, index=True),
    Column("by_booking_id", ForeignKey("bookings.id"), index=True),
    Column("starts", Instant, nullable=False),
    Column("ends", Instant, nullable=False),
    Column("told_at", Instant, nullable=False),
    Column("given_back_at", Instant),
    Column("moved", Boolean, nullable=False, server_default="0", comment="to an equal place, losing no time"),
)

openings = Table(
    "openings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False),
    Column("booking_id", ForeignKey("bookings.id"), nullable=False, index=True),
    Column("occurrence", Instant, comment="which occurrence was opened, by its name"),
    Column("channel", String(10), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_openings_at", "at"),
)

# The circles an opened booking was confidential to when it was opened: whose stewards review the row.
openings_circles = Table(
    "openings_circles",
    metadata,
    Column("circle_id", ForeignKey("circles.id"), primary_key=True),
    Column("opening_id", ForeignKey("openings.id"), primary_key=True, index=True),
)

# A steward has read the access log of a circle over a time, [starts, ends), and signed.
reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("circle_id", ForeignKey("circles.id"), nullable=False, index=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("starts", Instant, nullable=False),
    Column("ends", Instant, nullable=False),
    Column("remark", String(500), nullable=False),
    Column("signed_at", Instant, nullable=False),
)

# How long things are kept, as decided; the newest row holds. Nothing is destroyed before there is one.
retention_decisions = Table(
    "retention_decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference", String(120), nullable=False),
    Column("sealed_days", Integer, nullable=False),
    Column("details_days", Integer, nullable=False),
    Column("log_days", Integer, nullable=False),
    Column("decided_at", Instant, nullable=False),
)

# What was destroyed by a decision, and up to when: the guard on the logs lets go only what is older.
disposals = Table(
    "disposals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("decision_id", ForeignKey("retention_decisions.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("before", Instant, nullable=False),
    Column("at", Instant, nullable=False),
    Column("count", Integer, nullable=False),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("booking_id", ForeignKey("bookings.id"), nullable=False),
    Column("at", Instant, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor_id", Integer),
    Column("action", String(40), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("fields", String(200), nullable=False),
    Index("ix_journal_actor_at", "actor_id", "at"),
    Index("ix_journal_at", "at"),
    Index("ix_journal_subject", "subject"),
)

# What somebody is told, in their own page. Ids and times only: the words are made when it is read.
notices = Table(
    "notices",
    metadata,
    Column("id", Integer().with_variant(BigInteger, "postgresql"), primary_key=True),
    Column("public_id", String(26), nullable=False, unique=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("booking_id", ForeignKey("bookings.id")),
    Column("occurrence", Instant, comment="which occurrence it is about, by its name"),
    Column("starts", Instant),
    Column("ends", Instant),
    Column("space_id", ForeignKey("spaces.id")),
    Column("from_person_id", ForeignKey("people.id")),
    Column("words", String(500), comment="what a person wrote to another; never of a confidential booking"),
    Column("made_at", Instant, nullable=False),
    Column("read_at", Instant),
    Index("ix_notices_person_made", "person_id", "made_at"),
)

# What is to be mailed: one row for one letter to one person, written with what it tells.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer().with_variant(BigInteger, "postgresql"), primary_key=True),
    Column("public_id", String(26), nullable=False, unique=True, comment="stands in its Message-ID"),
    Column(
        "person_id",
        ForeignKey("people.id"),
        comment="NULL where the letter is for an address without an account",
    ),
    Column("invitation_id", ForeignKey("invitations.id"), index=True),
    Column("kind", String(8), nullable=False, comment="notice, or a calendar's request or cancel"),
    Column("notice_id", ForeignKey("notices.id")),
    Column("booking_id", ForeignKey("bookings.id")),
    Column("occurrence", Instant),
    Column("made_at", Instant, nullable=False),
    Column("due_at", Instant, comment="when it is tried next; NULL once it is sent or given up"),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("sent_at", Instant),
    Index(
        "ix_outbox_due_at",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
)

jobs = Table(
    "jobs",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("began_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("worked", Boolean, nullable=False, server_default="0"),
    Column("did", Integer, nullable=False, server_default="0"),
)
