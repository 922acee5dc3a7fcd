"""Invitations of guests: who was asked, until when, and the one link of each, kept as its hash. Imports the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from booking.storage import outbox
from booking.storage.database import run
from booking.storage.tables import invitations
from booking.storage.tokens import hashed, new_token


@dataclass(frozen=True)
class Invitation:
    """Somebody who was asked to be a guest of a premises; times are UTC.

    `ends`: when the account made of it ends. `expires`: until when its link opens.
    """

    number: int
    premises: int
    email: str
    name: str
    ends: datetime
    made: datetime
    expires: datetime


def waiting(place: int) -> list[Invitation]:
    """Those of a premises that nobody has accepted or taken back, the latest first."""
    query = select(invitations).where(invitations.c.premises_id == place)
    rows = run(query.order_by(invitations.c.made_at.desc(), invitations.c.id.desc()))
    return [_invitation(row) for row in rows]


def to(place: int, email: str) -> Invitation | None:
    """The one to an address."""
    same = invitations.c.premises_id == place, invitations.c.email == email
    row = run(select(invitations).where(*same)).first()
    return _invitation(row) if row else None


def numbered(number: int) -> Invitation | None:
    """The one with this number."""
    row = run(select(invitations).where(invitations.c.id == number)).first()
    return _invitation(row) if row else None


def of_link(secret: str, now: datetime) -> Invitation | None:
    """The one that a link opens; None when it is unknown, used, replaced or too old."""
    opened = invitations.c.token_hash == hashed(secret), invitations.c.expires_at > now
    row = run(select(invitations).where(*opened)).first()
    return _invitation(row) if row else None


def _invitation(row: Any) -> Invitation:
    return Invitation(row.id, row.premises_id, row.email, row.name, row.ends_at, row.made_at, row.expires_at)


# --- writing ----------------------------------------------------------------------------------


def store(place: int, email: str, name: str, ends: datetime, now: datetime, expires: datetime) -> int:
    """A new one in place of any earlier to the same address, whose link opens nothing any more; its number."""
    earlier = to(place, email)
    if earlier is not None:
        remove(earlier.number)
    values = {"premises_id": place, "email": email, "name": name, "ends_at": ends}
    inserted = run(invitations.insert().values(**values, made_at=now, expires_at=expires))
    number: int = inserted.inserted_primary_key[0]
    return number


def issue_link(number: int, expires: datetime) -> str:
    """The secret of a new link, in place of an earlier one."""
    secret = new_token()
    kept = {"token_hash": hashed(secret), "expires_at": expires}
    run(update(invitations).where(invitations.c.id == number).values(**kept))
    return secret


def remove(number: int) -> None:
    """It was accepted or taken back: neither its link nor a letter of it goes on."""
    outbox.drop_invitation(number)
    run(delete(invitations).where(invitations.c.id == number))


def forget(before: datetime) -> int:
    """Remove those whose link opened nothing any more before then; how many there were."""
    old = run(select(invitations.c.id).where(invitations.c.expires_at < before)).scalars().all()
    for number in old:
        remove(number)
    return len(old)
