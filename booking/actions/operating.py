"""Operation: is it ready, load a premises, audit all stored claims, count the post. Imports storage and the domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from booking.actions.furnishing import furnish
from booking.actions.refitting import misfits
from booking.domain.claims import Claim, Presence, Secrecy, broken_pairs
from booking.domain.definition import read_definition
from booking.storage import database, journal, ledger, organisations, outbox, places
from booking.storage.circles import all_circles, store_circle
from booking.storage.database import transaction
from booking.storage.journal import Action
from booking.storage.outbox import Post


def is_ready() -> bool:
    """Whether the database is reachable and migrated to this program's schema."""
    return database.is_ready()


def connections_in_use() -> int:
    """How many connections to the database this process has in use now."""
    return database.connections_in_use()


def load_premises(content: Mapping[str, Any], now: datetime) -> str:
    """Store a premises with its organisations and circles; DefinitionError says what is wrong with it."""
    definition = read_definition(content)
    known = places.find(definition.premises.key)
    with transaction(*([known.id] if known else [])):
        before = read_definition(places.definition(known.id)).organisations if known else ()
        number = furnish(content, now)
        for organisation in definition.organisations:
            if organisation not in before:  # else what the coordinator has changed since would be undone
                organisations.store(organisation, number)
        for circle in definition.circles:
            store_circle(circle)
        journal.record(Action.PREMISES_LOAD, f"premises {definition.premises.key}", now)
    return definition.premises.key


@dataclass(frozen=True)
class Audit:
    """How many claims stand in a premises, every pair that breaks the rule, and what holds not what it should."""

    premises: str
    claims: int
    broken: tuple[tuple[Claim, Claim], ...]
    misfits: tuple[str, ...]


def audit(now: datetime | None = None) -> list[Audit]:
    """Try every pair of standing claims against the rule, circles read as they are now.

    With `now`, who was within earshot of whom is not asked of what has ended: circles change, and it was
    right when it was made. Holds and walls may never overlap, whenever it was. What each occurrence should hold
    is asked of what has not ended by `now`: what has keeps what it held in the premises as it was.
    """
    circles = all_circles()
    found = []
    for place in places.used_by(None):
        claims = ledger.all_claims(place)
        pairs = broken_pairs(claims, circles.admits)
        broken = tuple(pair for pair in pairs if now is None or not _was_right(*pair, now))
        amiss = misfits(place, ledger.numbers_ahead(place, now)) if now else ()
        found.append(Audit(place.premises.key, len(claims), broken, amiss))
    return found


def _was_right(one: Claim, other: Claim, now: datetime) -> bool:
    within_earshot = {type(one.stake), type(other.stake)} == {Presence, Secrecy}
    return within_earshot and min(one.span.end, other.span.end) <= now


def post(now: datetime) -> Post:
    """How many letters wait and were given up, hidden bookings' too: for the operator, never for a page."""
    return outbox.post(now)
