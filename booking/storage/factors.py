"""Second factors: passkeys, an authenticator app, recovery codes, and the challenges that passkeys sign.

Imports the tables and the seals. The secret of an app is in a box bound to its person; of a recovery code and of a
challenge only the hash is kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, literal, select, update

from booking.domain.people import PersonId
from booking.storage.database import run
from booking.storage.sealed import seals
from booking.storage.tables import Instant, authenticators, challenges, passkeys, people, recovery_codes
from booking.storage.tokens import hashed, new_id

HANDLE_BYTES = 32
CHALLENGE_BYTES = 32


@dataclass(frozen=True)
class Passkey:
    """A passkey: `credential` names it, `public_key` checks what it signs, `sign_count` never goes backwards."""

    id: str
    person: PersonId
    credential: bytes
    public_key: bytes
    sign_count: int
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Authenticator:
    """An app that shows codes. No code of `last_step` or before is taken; it counts once it is confirmed."""

    secret: str
    last_step: int
    created_at: datetime
    confirmed_at: datetime | None


def has_any(person: PersonId) -> bool:
    """Whether a person has a second factor: a passkey or a confirmed app. Recovery codes alone are none."""
    passkey = select(passkeys.c.id).where(passkeys.c.person_id == person).limit(1)
    return run(passkey).first() is not None or _confirmed(person)


def _confirmed(person: PersonId) -> bool:
    mine = authenticators.c.person_id == person, authenticators.c.confirmed_at.is_not(None)
    return run(select(authenticators.c.person_id).where(*mine)).first() is not None


def forget_all(person: PersonId) -> int:
    """Remove every factor of a person, with their codes and challenges; how many there were."""
    held = (passkeys, authenticators, recovery_codes, challenges)
    return sum(_deleted(delete(table).where(table.c.person_id == person)) for table in held)


# --- passkeys ---------------------------------------------------------------------------------


def handle_of(person: PersonId) -> bytes:
    """What passkeys know the account by; made when it is first asked for. It says nothing of the person."""
    found: bytes | None = run(select(people.c.handle).where(people.c.id == person)).scalar()
    if found is None:
        found = secrets.token_bytes(HANDLE_BYTES)
        run(update(people).where(people.c.id == person).values(handle=found))
    return found


def add_passkey(
    person: PersonId, credential: bytes, public_key: bytes, sign_count: int, name: str, now: datetime
) -> str:
    """Store a new passkey; its id."""
    number = new_id()
    run(
        passkeys.insert().values(
            id=number,
            person_id=person,
            credential_id=credential,
            public_key=public_key,
            sign_count=sign_count,
            name=name,
            created_at=now,
        )
    )
    return number


def passkey(credential: bytes) -> Passkey | None:
    """The passkey that a credential id names."""
    row = run(select(passkeys).where(passkeys.c.credential_id == credential)).first()
    return _passkey(row) if row else None


def passkeys_of(person: PersonId) -> list[Passkey]:
    """A person's passkeys, oldest first."""
    query = select(passkeys).where(passkeys.c.person_id == person)
    return [_passkey(row) for row in run(query.order_by(passkeys.c.created_at, passkeys.c.id))]


def use_passkey(number: str, before: int, sign_count: int, now: datetime) -> bool:
    """Note that a passkey was used; False when its count is no longer what it was checked against."""
    same = passkeys.c.id == number, passkeys.c.sign_count == before
    return bool(run(update(passkeys).where(*same).values(sign_count=sign_count, used_at=now)).rowcount)


def remove_passkey(person: PersonId, number: str) -> bool:
    """Remove one of a person's own passkeys; False when they have no such one."""
    return bool(_deleted(delete(passkeys).where(passkeys.c.person_id == person, passkeys.c.id == number)))


def _passkey(row: Row[Any]) -> Passkey:
    return Passkey(
        id=row.id,
        person=row.person_id,
        credential=row.credential_id,
        public_key=row.public_key,
        sign_count=row.sign_count,
        name=row.name,
        created_at=row.created_at,
        used_at=row.used_at,
    )


# --- the authenticator app --------------------------------------------------------------------


def _bound_to(person: PersonId) -> str:
    return f"person {person}"


def put_authenticator(person: PersonId, secret: str, now: datetime) -> None:
    """Store the secret of an app, still to be confirmed, in place of any before it."""
    remove_authenticator(person)
    box = seals().seal(_bound_to(person), {"secret": secret})
    run(authenticators.insert().values(person_id=person, box=box, last_step=0, created_at=now))


def authenticator(person: PersonId) -> Authenticator | None:
    """A person's app, confirmed or not."""
    row = run(select(authenticators).where(authenticators.c.person_id == person)).first()
    if row is None:
        return None
    secret = str(seals().open(_bound_to(person), row.box)["secret"])
    return Authenticator(secret, row.last_step, row.created_at, row.confirmed_at)


def use_code(person: PersonId, step: int, now: datetime) -> bool:
    """Take the code of a step, which confirms the app; False when that step or a later one was taken before."""
    row = authenticators.c.person_id == person, authenticators.c.last_step < step
    confirmed = func.coalesce(authenticators.c.confirmed_at, literal(now, Instant))
    statement = update(authenticators).where(*row).values(last_step=step, confirmed_at=confirmed)
    return bool(run(statement).rowcount)


def remove_authenticator(person: PersonId) -> bool:
    """Remove a person's app; False when there was none."""
    return bool(_deleted(delete(authenticators).where(authenticators.c.person_id == person)))


# --- recovery codes ---------------------------------------------------------------------------


def put_recovery_codes(person: PersonId, codes: Iterable[str], now: datetime) -> None:
    """Store new recovery codes in place of all before them."""
    run(delete(recovery_codes).where(recovery_codes.c.person_id == person))
    rows = [{"code_hash": hashed(code), "person_id": person, "made_at": now} for code in codes]
    run(recovery_codes.insert(), rows)


def use_recovery_code(person: PersonId, code: str) -> bool:
    """Use a code up; False when it is not one of theirs, or was used before."""
    mine = recovery_codes.c.person_id == person, recovery_codes.c.code_hash == hashed(code)
    return bool(_deleted(delete(recovery_codes).where(*mine)))


def recovery_codes_left(person: PersonId) -> int:
    """How many unused codes a person has."""
    count: int = run(select(func.count()).where(recovery_codes.c.person_id == person)).scalar_one()
    return count


# --- challenges -------------------------------------------------------------------------------


def challenge(purpose: str, person: PersonId | None, now: datetime, expires_at: datetime) -> bytes:
    """A new challenge to sign, and those that have expired forgotten."""
    run(delete(challenges).where(challenges.c.expires_at <= now))
    fresh = secrets.token_bytes(CHALLENGE_BYTES)
    run(
        challenges.insert().values(
            challenge_hash=hashed(fresh.hex()), person_id=person, purpose=purpose, expires_at=expires_at
        )
    )
    return fresh


def take_challenge(signed: bytes, purpose: str, person: PersonId | None, now: datetime) -> bool:
    """Use a challenge up; False when it is not known, was for something else or somebody else, or is too old."""
    whose = challenges.c.person_id.is_(None) if person is None else challenges.c.person_id == person
    this = challenges.c.challenge_hash == hashed(signed.hex())
    good = this, whose, challenges.c.purpose == purpose, challenges.c.expires_at > now
    return bool(_deleted(delete(challenges).where(*good)))


def _deleted(statement: Any) -> int:
    count: int = run(statement).rowcount
    return count
