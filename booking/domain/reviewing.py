"""The review of the access log: whose it is, what of it a reviewer is shown, and when it is overdue.

Standard library only. A row of the log says who opened which confidential booking, when and by which way.
What is chosen for the reviewer's eyes is a function of the rows and a secret, so that asking again chooses the same.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from booking.domain.people import CircleId, OrganisationId, PersonId, Viewer
from booking.domain.permissions import Deed, may
from booking.domain.premises import Premises
from booking.domain.spans import Span, day_of

SAMPLE = 20
ONE_IN = 20
MANY = 5  # bookings that one person may open within HASTE without its being remarkable
HASTE = timedelta(minutes=10)
LEAVING = timedelta(days=30)
LONG_AFTER = timedelta(days=30)
EVERY = timedelta(days=90)


class Why(StrEnum):
    """Why a row is shown beside the sample."""

    MANY = "many"
    CLOSED = "closed"
    LEAVING = "leaving"
    LEFT = "left"
    LONG_AFTER = "long-after"
    REVIEWER = "reviewer"


@dataclass(frozen=True)
class Age:
    """One age of a circle, as it is stored. `origin` is the first of its ages; of the first its own number.

    `signed_until`: the end of its last review. `first_opening`: the first row of its log, told of what nobody has
    reviewed yet.
    """

    id: CircleId
    key: str
    name: str
    steward: OrganisationId
    origin: CircleId
    succeeded: bool
    signed_until: datetime | None = None
    first_opening: datetime | None = None


@dataclass(frozen=True)
class Watch:
    """A circle with the access log of its bookings, all its ages as one. `origin` is the number it is reviewed by.

    `since` is from when on its log is to be reviewed; None while it is empty.
    """

    origin: CircleId
    key: str
    name: str
    ages: frozenset[CircleId]
    since: datetime | None = None


@dataclass(frozen=True)
class Opening:
    """One row of the access log, UTC. `booked` is the time of what was opened, `place` the key of where it is."""

    id: int
    person: PersonId
    name: str
    organisation: OrganisationId
    organisation_name: str
    at: datetime
    channel: str
    booking: str
    premises: int
    place: str
    booked: Span
    account_ends: datetime | None = None


@dataclass(frozen=True)
class Knowledge:
    """What the rules go by beside the rows: the premises, who is in the circle now, and who reviews."""

    premises: Mapping[int, Premises]
    members: frozenset[OrganisationId]
    reviewers: frozenset[PersonId]


# --- whose it is ------------------------------------------------------------------------------


def watched(viewer: Viewer, ages: Iterable[Age]) -> tuple[Watch, ...]:
    """The circles whose log the viewer reviews, of the ages they are in.

    They administer the steward's organisation, which is in the circle now; of the ages that it is not in they
    see nothing.
    """
    if not may(viewer, Deed.REVIEW_SIGN):
        return ()
    return kept_by(viewer, ages)


def kept_by(viewer: Viewer, ages: Iterable[Age]) -> tuple[Watch, ...]:
    """The circles that the viewer's organisation is the steward of, and in, by name."""
    families: dict[CircleId, list[Age]] = defaultdict(list)
    for age in ages:
        if age.id in viewer.circles:
            families[age.origin].append(age)
    found = [
        Watch(origin, newest.key, newest.name, frozenset(age.id for age in family), begins(family))
        for origin, family in families.items()
        for newest in family
        if not newest.succeeded and newest.steward == viewer.organisation
    ]
    return tuple(sorted(found, key=lambda watch: (watch.name, watch.origin)))


# --- what is shown ----------------------------------------------------------------------------


def sample_size(rows: int) -> int:
    """How many rows are drawn: all of a few, else twenty, or one in twenty where that is more."""
    return min(rows, max(SAMPLE, -(-rows // ONE_IN)))


def drawn(rows: Sequence[Opening], secret: bytes, origin: CircleId, start: datetime) -> frozenset[int]:
    """The numbers of the rows drawn for a period: the same ones, however often it is asked."""

    def lot(row: Opening) -> bytes:
        said = f"review {origin} {start.timestamp():.0f} {row.id}"
        return hmac.new(secret, said.encode(), hashlib.sha256).digest()

    return frozenset(row.id for row in sorted(rows, key=lot)[: sample_size(len(rows))])


def remarkable(rows: Sequence[Opening], known: Knowledge) -> dict[int, frozenset[Why]]:
    """The rows that a rule picks out, with why; the others are not in it."""
    hasty = _hasty(rows)
    found = {row.id: frozenset(_reasons(row, row.id in hasty, known)) for row in rows}
    return {number: why for number, why in found.items() if why}


def _reasons(row: Opening, hasty: bool, known: Knowledge) -> Iterable[Why]:
    if hasty:
        yield Why.MANY
    if _closed(row.at, known.premises[row.premises]):
        yield Why.CLOSED
    if row.account_ends is not None and row.at >= row.account_ends - LEAVING:
        yield Why.LEAVING
    if row.organisation not in known.members:
        yield Why.LEFT
    if row.at >= row.booked.end + LONG_AFTER:
        yield Why.LONG_AFTER
    if row.person in known.reviewers:
        yield Why.REVIEWER


def _closed(at: datetime, premises: Premises) -> bool:
    hours = premises.hours.span(day_of(at, premises.zone), premises.zone)
    return hours is None or not hours.contains(at)


def _hasty(rows: Iterable[Opening]) -> set[int]:
    """The rows of whoever opened more bookings than usual within a few minutes, those of that time."""
    by_person: dict[PersonId, list[Opening]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.at, row.id)):
        by_person[row.person].append(row)
    found: set[int] = set()
    for theirs in by_person.values():
        found.update(*_bursts(theirs))
    return found


def _bursts(rows: Sequence[Opening]) -> Iterable[set[int]]:
    """The numbers of rows, by time, that stand within one window with too many bookings."""
    first, seen = 0, Counter[str]()
    for last, row in enumerate(rows):
        seen[row.booking] += 1
        while row.at - rows[first].at > HASTE:
            seen[rows[first].booking] -= 1
            first += 1
        if len(+seen) > MANY:
            yield {each.id for each in rows[first : last + 1]}


# --- when it is due ---------------------------------------------------------------------------


def begins(family: Iterable[Age]) -> datetime | None:
    """From when on a log is to be reviewed: the end of the last review, or its first row; None while it is empty."""
    return min((at for age in family if (at := age.signed_until or age.first_opening)), default=None)


def due(begun: datetime) -> datetime:
    """When the review of a period must have been signed."""
    return begun + EVERY


def overdue(begun: datetime | None, now: datetime) -> bool:
    """Whether a review has been waited for too long."""
    return begun is not None and due(begun) < now


def mark(secret: bytes, person: PersonId, origin: CircleId, period: Span) -> str:
    """What a form carries to show that its period is the one that this person was shown."""
    said = f"shown {person} {origin} {period.start.timestamp():.0f} {period.end.timestamp():.0f}"
    return hmac.new(secret, said.encode(), hashlib.sha256).hexdigest()
