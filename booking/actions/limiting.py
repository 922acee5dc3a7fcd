"""How often something may be tried. Every limit depends on the caller's own requests alone. Imports storage.

What others try elsewhere shuts nobody out; of those who have somebody's password all are one caller.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.actions.errors import TooMany
from booking.domain.people import PersonId
from booking.storage import limits
from booking.storage.database import Touches, note, transaction
from booking.storage.limits import Batches as Batches
from booking.storage.tokens import hashed

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_ADDRESS = 100
CODES = 20

REQUESTS = 600
REQUEST_WINDOW = timedelta(minutes=1)
BATCH = 50  # requests to one row: looking at something writes nothing


@dataclass(frozen=True)
class Limit:
    """How many attempts a subject has in a quarter of an hour."""

    subject: str
    most: int


def of_account(email: str, address: str) -> tuple[Limit, ...]:
    """The limits on saying who one is: for an account from one address, and for the address."""
    account = f"account {email.strip().lower()} from {address}"
    return Limit(account, PER_ACCOUNT), of_address("address", address)


def of_codes(person: PersonId) -> Limit:
    """The limit on guessing somebody's six digits, from wherever: only who has their password gets to guess."""
    return Limit(f"codes of {person}", CODES)


def of_address(what: str, address: str) -> Limit:
    """The limit on trying something from one address."""
    return Limit(f"{what} {address}", PER_ADDRESS)


def refuse(tried: Iterable[Limit], now: datetime) -> None:
    """TooMany when one of the limits is reached."""
    if any(limits.since(each.subject, now - WINDOW, now) >= each.most for each in tried):
        raise TooMany(WINDOW)


def count(tried: Iterable[Limit], now: datetime) -> None:
    """Count an attempt, in the transaction that runs."""
    for each in tried:
        limits.note(each.subject, now, WINDOW)


def missed(limit: Limit, now: datetime) -> None:
    """Count an attempt that led nowhere; TooMany, and nothing more to count, when the limit is reached."""
    refuse((limit,), now)
    with transaction(touches=Touches.NOTHING):
        count((limit,), now)


# --- requests of programs ---------------------------------------------------------------------


def new_batches() -> Batches:
    """What a process counts the requests of programs in."""
    return Batches(BATCH, REQUEST_WINDOW)


def request_by(token: str, batches: Batches, now: datetime) -> None:
    """Count a request. TooMany after 600 in a minute, by all processes together, give or take a batch of each."""
    subject = f"requests {hashed(token)}"
    until = batches.shut_until(subject, now)
    if until is not None:
        raise TooMany(until - now)
    if not batches.count(subject, now):
        return
    note(lambda: limits.note(subject, now, WINDOW))
    written = limits.newest(subject, REQUESTS // BATCH, now)
    if len(written) == REQUESTS // BATCH and written[-1] > now - REQUEST_WINDOW:
        batches.shut(subject, written[-1] + REQUEST_WINDOW)
