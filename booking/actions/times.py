"""The times of an order by the wall clock of the premises. Imports storage and the domain; writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from booking.actions.errors import Refused
from booking.actions.wishing import Order
from booking.domain.bookings import Repetition
from booking.domain.refusals import Reason, Refusal
from booking.domain.series import Time, WrongPattern, occurrences, read_rule, write_rule
from booking.domain.spans import Span, day_of
from booking.storage.places import Place


def times_of(order: Order, place: Place) -> tuple[tuple[Time, ...], Repetition | None]:
    """The times an order asks for, and how it repeats in its canonical words.

    Refused when the rule cannot be used, or its times would overlap one another.
    """
    zone = place.premises.zone
    if order.repeat is None or order.span.end <= order.span.start:
        return (Time(day_of(order.span.start, zone), order.span),), None
    try:
        pattern = read_rule(order.repeat.rule, zone, order.span.start.astimezone(zone).time())
        times = occurrences(pattern, order.span, zone, order.repeat.excepted)
    except WrongPattern as wrong:
        raise Refused((Refusal(Reason(wrong.reason.value), "repeat"),)) from None
    if not times:
        raise Refused((Refusal(Reason.REPEAT_NEVER, "repeat"),))
    refuse_overlaps([each.span for each in times if each.span])
    return times, Repetition(write_rule(pattern, zone), tuple(sorted(order.repeat.excepted)))


def refuse_overlaps(spans: Sequence[Span]) -> None:
    """Refused when times of one booking would overlap one another."""
    if any(one.overlaps(other) for one, other in pairwise(sorted(spans))):
        raise Refused((Refusal(Reason.REPEAT_OVERLAPS, "repeat"),))
