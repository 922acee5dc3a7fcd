"""Reviews of the access log, and the ages of the circles that are reviewed. Imports the domain and the tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, case, func, select, type_coerce

from booking.domain.people import CircleId, OrganisationId, PersonId
from booking.domain.reviewing import Age
from booking.domain.spans import Span
from booking.storage.database import run
from booking.storage.openings import first_of
from booking.storage.tables import Instant, circle_members, circles, people, reviews

_known: BindParameter[Any] = bindparam("known", expanding=True)
_signed = (
    select(func.max(reviews.c.ends))
    .where(reviews.c.circle_id == func.coalesce(circles.c.origin_id, circles.c.id))
    .scalar_subquery()
)
# A log that was reviewed is not searched for its first row: every page of the steward's administrators asks this.
_first = case((_signed.is_(None), first_of(circles.c.id, _known)))
AGES = (
    select(circles, _signed.label("signed_until"), type_coerce(_first, Instant).label("first_opening"))
    .where(circles.c.id.in_(_known))
    .order_by(circles.c.id)
)


def ages(numbers: Iterable[CircleId]) -> list[Age]:
    """The circles with these numbers, each an age of its family; of their logs what `openings.within` would show."""
    rows = run(AGES, {"known": sorted(numbers)})
    return [
        Age(
            row.id,
            row.key,
            row.name,
            row.steward_id,
            row.origin_id or row.id,
            row.succeeded_at is not None,
            row.signed_until,
            row.first_opening,
        )
        for row in rows
    ]


def members(numbers: Iterable[CircleId]) -> frozenset[OrganisationId]:
    """The organisations that are in any of some circles now."""
    query = select(circle_members.c.organisation_id).where(circle_members.c.circle_id.in_(sorted(numbers)))
    return frozenset(run(query).scalars())


def stewards() -> list[OrganisationId]:
    """The organisations that are the steward of a circle."""
    return list(run(select(circles.c.steward_id).distinct().order_by(circles.c.steward_id)).scalars())


def lock(origin: CircleId) -> None:
    """Hold a circle in the transaction that runs, so that two reviews of it come one after the other."""
    run(select(circles.c.id).where(circles.c.id == origin).with_for_update())


@dataclass(frozen=True)
class Review:
    """A review that somebody signed: of which time, and what they remarked; UTC."""

    period: Span
    by: str
    remark: str
    signed: datetime


def signed(origin: CircleId, most: int) -> list[Review]:
    """The reviews of a circle's log, the latest first."""
    query = (
        select(reviews, people.c.name)
        .join(people, people.c.id == reviews.c.person_id)
        .where(reviews.c.circle_id == origin)
        .order_by(reviews.c.ends.desc(), reviews.c.id.desc())
        .limit(most)
    )
    return [Review(Span(row.starts, row.ends), row.name, row.remark, row.signed_at) for row in run(query)]


def sign(origin: CircleId, person: PersonId, period: Span, remark: str, now: datetime) -> None:
    """Add a signed review."""
    run(
        reviews.insert().values(
            circle_id=origin,
            person_id=person,
            starts=period.start,
            ends=period.end,
            remark=remark,
            signed_at=now,
        )
    )
