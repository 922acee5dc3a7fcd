"""Tokens, feeds and one-time links: secrets an account is reached by, kept as hashes; and the end of them all.

Imports the domain and the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from booking.domain.people import OrganisationId, PersonId
from booking.storage import factors, sessions
from booking.storage.database import run
from booking.storage.directory import Person, read_owner, with_owner
from booking.storage.tables import feeds, idempotency_keys, one_time_links, tokens
from booking.storage.tokens import hashed, new_id, new_token

IDEMPOTENCY_KEPT = timedelta(hours=24)
TOKEN_BY_SECRET, FEED_BY_SECRET = (
    with_owner(select(table), table.c.person_id).where(table.c.token_hash == bindparam("hash"))
    for table in (tokens, feeds)
)


@dataclass(frozen=True)
class Token:
    """A personal token for the API; `confidential` may open what its owner's circles may know."""

    id: str
    person: PersonId
    name: str
    confidential: bool
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Feed:
    """A calendar subscription. `kind`: mine, resource or premises."""

    id: str
    person: PersonId
    organisation: OrganisationId | None
    premises: int
    space: int | None
    kind: str
    busy_only: bool
    colleagues: bool
    neutral: bool
    created_at: datetime
    fetched_at: datetime | None
    fetched_by: str | None


# --- tokens -----------------------------------------------------------------------------------


def issue_token(person: PersonId, name: str, confidential: bool, now: datetime) -> tuple[Token, str]:
    """A new personal token and its secret, which is shown once."""
    secret = new_token()
    values: dict[str, Any] = {"id": new_id(), "person_id": person, "name": name, "confidential": confidential}
    run(tokens.insert().values(token_hash=hashed(secret), created_at=now, **values))
    return Token(values["id"], person, name, confidential, now, None), secret


def token(secret: str) -> tuple[Token, Person] | None:
    """The token with this secret, and whose it is."""
    row = run(TOKEN_BY_SECRET, {"hash": hashed(secret)}).first()
    return (_token(row), read_owner(row)) if row else None


def tokens_of(person: PersonId) -> list[Token]:
    """A person's tokens, oldest first."""
    return [
        _token(row)
        for row in run(
            select(tokens).where(tokens.c.person_id == person).order_by(tokens.c.created_at, tokens.c.id)
        )
    ]


def revoke_token(person: PersonId, number: str) -> bool:
    """Remove one of a person's own tokens; False when they have no such token."""
    return bool(_deleted(delete(tokens).where(tokens.c.person_id == person, tokens.c.id == number)))


def _token(row: Any) -> Token:
    return Token(row.id, row.person_id, row.name, row.confidential, row.created_at, row.used_at)


# --- feeds ------------------------------------------------------------------------------------


def issue_feed(values: Mapping[str, Any], now: datetime) -> tuple[Feed, str]:
    """A new subscription and its secret, which is shown once. Values are the columns by name."""
    secret, number = new_token(), new_id()
    run(feeds.insert().values(id=number, token_hash=hashed(secret), created_at=now, **values))
    return _feed(run(select(feeds).where(feeds.c.id == number)).one()), secret


def feed(secret: str) -> tuple[Feed, Person] | None:
    """The subscription with this secret, and whose it is."""
    row = run(FEED_BY_SECRET, {"hash": hashed(secret)}).first()
    return (_feed(row), read_owner(row)) if row else None


def feeds_of(person: PersonId) -> list[Feed]:
    """A person's subscriptions, oldest first."""
    return [
        _feed(row)
        for row in run(
            select(feeds).where(feeds.c.person_id == person).order_by(feeds.c.created_at, feeds.c.id)
        )
    ]


def revoke_feed(person: PersonId, number: str) -> bool:
    """Remove one of a person's own subscriptions; False when they have no such one."""
    return bool(_deleted(delete(feeds).where(feeds.c.person_id == person, feeds.c.id == number)))


def note_fetch(number: str, program: str, now: datetime) -> None:
    """Note when a subscription was last fetched, and by which program."""
    run(update(feeds).where(feeds.c.id == number).values(fetched_at=now, fetched_by=program[:80]))


def _feed(row: Any) -> Feed:
    return Feed(
        id=row.id,
        person=row.person_id,
        organisation=row.organisation_id,
        premises=row.premises_id,
        space=row.space_id,
        kind=row.kind,
        busy_only=row.busy_only,
        colleagues=row.colleagues,
        neutral=row.neutral,
        created_at=row.created_at,
        fetched_at=row.fetched_at,
        fetched_by=row.fetched_by,
    )


# --- one-time links ---------------------------------------------------------------------------


def issue_link(person: PersonId, purpose: str, expires_at: datetime) -> str:
    """The secret of a new one-time link, in place of any earlier one for the same purpose."""
    run(
        delete(one_time_links).where(
            one_time_links.c.person_id == person, one_time_links.c.purpose == purpose
        )
    )
    secret = new_token()
    run(
        one_time_links.insert().values(
            token_hash=hashed(secret), person_id=person, purpose=purpose, expires_at=expires_at
        )
    )
    return secret


def link_owner(secret: str, purpose: str, now: datetime) -> PersonId | None:
    """Whose link it is; None when it is unknown, used or too old."""
    query = select(one_time_links.c.person_id).where(
        one_time_links.c.token_hash == hashed(secret),
        one_time_links.c.purpose == purpose,
        one_time_links.c.expires_at > now,
    )
    owner: PersonId | None = run(query).scalar()
    return owner


def use_link(secret: str) -> None:
    """A link opens once."""
    run(delete(one_time_links).where(one_time_links.c.token_hash == hashed(secret)))


# --- all of these at once ---------------------------------------------------------------------


def revoke_all(person: PersonId) -> int:
    """Remove every session, token, feed, link and factor that an account is reached by; how many there were."""
    held = (tokens, feeds, one_time_links)
    others = sum(_deleted(delete(table).where(table.c.person_id == person)) for table in held)
    return others + sessions.end_all(person) + factors.forget_all(person)


def revoke_entries(person: PersonId) -> None:
    """Remove every session, token and link of an account whose password is another; its calendars go on."""
    for table in (tokens, one_time_links):
        run(delete(table).where(table.c.person_id == person))
    sessions.end_all(person)


def revoke_links(person: PersonId) -> None:
    """No link that an account was sent opens any more."""
    run(delete(one_time_links).where(one_time_links.c.person_id == person))


# --- idempotency ------------------------------------------------------------------------------


def remembered(person: PersonId, key: str, now: datetime) -> tuple[str, str] | None:
    """The fingerprint and the booking that a person's Idempotency-Key led to in the last 24 hours."""
    row = run(
        select(idempotency_keys).where(
            idempotency_keys.c.person_id == person,
            idempotency_keys.c.key == key,
            idempotency_keys.c.at > now - IDEMPOTENCY_KEPT,
        )
    ).first()
    return (row.fingerprint, row.booking_id) if row else None


def remember(person: PersonId, key: str, fingerprint: str, booking: str, now: datetime) -> None:
    """Remember what a key led to, and forget what is older than 24 hours."""
    forget_keys(now)
    run(
        idempotency_keys.insert().values(
            person_id=person, key=key, fingerprint=fingerprint, booking_id=booking, at=now
        )
    )


def forget_keys(now: datetime) -> int:
    """Remove what no longer answers a repeated request; how many there were."""
    return _deleted(delete(idempotency_keys).where(idempotency_keys.c.at <= now - IDEMPOTENCY_KEPT))


def _deleted(statement: Any) -> int:
    count: int = run(statement).rowcount
    return count
