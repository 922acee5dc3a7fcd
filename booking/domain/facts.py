"""What a report of the premises may be made from, and what of it everybody may know. Standard library only.

The report is the same for every reader, so it sees with the eyes of somebody of no organisation and no circle, on
days that have ended: what they would not find whole on the boards of those days is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from booking.domain.bookings import Purpose
from booking.domain.claims import BySpace, Claim, Use, demands, refused_time, refusing
from booking.domain.people import NOWHERE, CircleId, OrganisationId
from booking.domain.premises import Category, Premises
from booking.domain.spans import Span, merged, parts

# Guests are organisations of one person each, and are counted together.
Who = OrganisationId | None
GUESTS: Who = None


@dataclass(frozen=True)
class Occasion:
    """One occurrence that no circle was chosen or taken over for; UTC.

    `resources` are the places booked, of a use one alone. `lost` is the time in which it gave way to something that
    everybody may know. `missed`: nobody came, and it was released.
    """

    number: int
    resources: tuple[str, ...]
    span: Span
    organisation: OrganisationId
    category: Category
    purpose: Purpose = Purpose.USE
    lost: tuple[Span, ...] = ()
    missed: bool = False


@dataclass(frozen=True)
class Yielded:
    """An occurrence had to give way to a booking that everybody may know."""

    number: int
    to: OrganisationId
    to_category: Category


@dataclass(frozen=True)
class Secret:
    """One occurrence of a booking for circles alone: of it nothing is told but in the one total."""

    booking: str
    organisation: OrganisationId
    circles: frozenset[CircleId]
    span: Span


@dataclass(frozen=True)
class Answered:
    """An asked-for booking that everybody may know was answered, or lapsed; `how` is what the journal calls it."""

    how: str
    at: datetime


@dataclass(frozen=True)
class Declined:
    """A rule refused an ordinary wish, once a day for an organisation; `reason` is its name in the API."""

    reason: str
    at: datetime


@dataclass(frozen=True)
class Facts:
    """All that a report is made from. `hidden` are the standing claims of whatever not everybody may know."""

    occasions: tuple[Occasion, ...] = ()
    yielded: tuple[Yielded, ...] = ()
    secrets: tuple[Secret, ...] = ()
    hidden: tuple[Claim, ...] = ()
    answered: tuple[Answered, ...] = ()
    declined: tuple[Declined, ...] = ()


def who(organisation: OrganisationId, category: Category) -> Who:
    """Under whom something is counted."""
    return GUESTS if category is Category.GUEST else organisation


def seen(premises: Premises, facts: Facts, counted: Span) -> list[Occasion]:
    """The occasions of a time that everybody may know."""
    barred = barred_time(premises, facts.hidden)
    return [each for each in facts.occasions if each.span.overlaps(counted) and _is_whole(each, barred)]


def barred_time(premises: Premises, hidden: Iterable[Claim]) -> Mapping[str, tuple[Span, ...]]:
    """When each place was barred by what is hidden, to an ordinary booking of somebody in no circle, merged."""
    standing = BySpace(hidden)
    return {
        each.key: merged(
            refused_time(demand, claim)
            for demand, claim in refusing(demands(premises, Use(each, NOWHERE)), standing, _nobody)
        )
        for each in premises.resources
    }


def _nobody(_organisation: OrganisationId, _circle: CircleId) -> bool:
    return False


def _is_whole(occasion: Occasion, barred: Mapping[str, tuple[Span, ...]]) -> bool:
    """Whether it stands whole on the board of its day: what is clipped there is gone when the day is over.

    A missed one was released before, wherever anything hidden may have come since.
    """
    return occasion.missed or not any(
        parts(barred.get(key, ()), occasion.span) for key in occasion.resources[:1]
    )
