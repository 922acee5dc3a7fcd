"""Reviews of the access log, and the ages of the circles that are reviewed. Imports the domain and the tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from booking.domain.people import CircleId, OrganisationId, PersonId
from booking.domain.reviewing import Age
from booking.domain.spans import Span
from booking.storage.database import run
from booking.storage.tables import circle_members, circles, people, reviews


def ages(numbers: Iterable[CircleId]) -> list[Age]:
    """The circles with these numbers, each as one age of its family."""
    rows = run(select(circles).where(circles.c.id.in_(sorted(numbers))).order_by(circles.c.id))
    return [
        Age(
            row.id,
            row.key,
            row.name,
            row.steward_id,
            row.origin_id or row.id,
            row.succeeded_at is not None,
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


def signed_until(origins: Iterable[CircleId]) -> dict[CircleId, datetime]:
    """Until when the log of each circle has been reviewed."""
    query = (
        select(reviews.c.circle_id, func.max(reviews.c.ends))
        .where(reviews.c.circle_id.in_(sorted(origins)))
        .group_by(reviews.c.circle_id)
    )
    return dict(run(query).all())


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
