"""What can be booked at a door: now or later the same day, for an hour at most, one ahead. Standard library only.

These rules come beside those of `booking.domain.refusals`, which bind a door as a place organisation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from booking.domain.premises import Premises, Resource, Rule
from booking.domain.refusals import Reason, Refusal
from booking.domain.spans import MINUTE, Span, day_of, day_start
from booking.domain.views import Full

LONGEST = timedelta(minutes=60)
USUAL = timedelta(minutes=30)
LENGTHS = (timedelta(minutes=15), timedelta(minutes=45), LONGEST)  # beside the usual one
SHORTEST = timedelta(minutes=5)  # what is worth offering
MOST_AHEAD = 2  # the one that goes on and the next
JUST_TAKEN = timedelta(minutes=2)


def refusals_at_the_door(
    premises: Premises, span: Span, now: datetime, own: Iterable[Full]
) -> Iterator[Refusal]:
    """Why a door may not book a span, UTC; `own` are what it has booked itself."""
    today = day_of(now, premises.zone)
    tomorrow = day_start(today + timedelta(days=1), premises.zone)
    if span.length > LONGEST:
        yield Refusal(Reason.TOO_LONG, "ends", LONGEST)
    if span.end > tomorrow:
        yield Refusal(Reason.TOO_FAR_AHEAD, "starts", tomorrow - MINUTE)
    if sum(view.span.end > now for view in own) >= MOST_AHEAD:
        yield Refusal(Reason.TOO_MANY_AHEAD, "starts", MOST_AHEAD)


def taken_back(view: Full, now: datetime) -> bool:
    """Whether ending it is to undo it: it has not begun, or a moment ago only."""
    return now < view.span.start + JUST_TAKEN


def books_at_the_door(rule: Rule | None, resource: Resource) -> bool:
    """Whether a place can be booked at its door: what the coordinator has to approve cannot."""
    return rule is not None and rule.admits(resource) and resource.kind not in rule.approval


def lengths(free: Span, wanted: Iterable[timedelta] = (USUAL, *LENGTHS)) -> tuple[timedelta, ...]:
    """The lengths to offer of free time: the usual one or what there is of it first; none where that is too little."""
    first, *others = wanted
    usual = min(first, free.length - timedelta(seconds=free.length.seconds % 60))
    if usual < SHORTEST:
        return ()
    return usual, *(each for each in others if each <= free.length and each != usual)


def promised(start: datetime, length: timedelta, now: datetime) -> Span | None:
    """What was offered some seconds ago, from this minute on where it has begun; None when it is over."""
    minute = now.replace(second=0, microsecond=0)
    end = start + length
    return Span(max(start, minute), end) if end > minute else None
