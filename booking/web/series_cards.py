"""A series as its own organisation's page shows it: its occurrences to come, and the dates it could not have.

Imports the actions and the domain's views; nothing here knows more than the views it is given.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from booking.actions.looking import Opened
from booking.actions.repeating import Occurrences, RefusedDate
from booking.domain.premises import Premises
from booking.domain.refusals import Reason
from booking.domain.spans import day_of
from booking.domain.views import Full
from booking.web.cards import where
from booking.web.occurrences import address
from booking.web.pieces import write_occurrence
from booking.web.repeat_words import end_in_words, in_words
from booking.web.sentences import of_a_date
from booking.web.wording import dated_day, hours

AT_ONCE = 20  # occurrences on a page


@dataclass(frozen=True)
class Row:
    """One occurrence: `where` only where it is another place than the one shown; `here` is the one shown.

    `follows`: it was made to come no earlier than the one shown.
    """

    day: str
    hours: str
    where: str
    address: str
    here: bool
    follows: bool
    moved: bool
    gave_way: tuple[str, ...]


@dataclass(frozen=True)
class RefusedRow:
    """A refused date; `again` whether it is any use to try it again."""

    day: str
    hours: str
    why: str
    starts: str
    again: bool


@dataclass(frozen=True)
class SeriesCard:
    """What is written of a series."""

    rhythm: str
    end: str
    rows: tuple[Row, ...]
    coming: int
    page: int
    pages: int
    cancelled: tuple[Row, ...]
    moved: tuple[Row, ...]
    refused: tuple[RefusedRow, ...]


def series_card(opened: Opened, found: Occurrences, page: int, now: datetime) -> SeriesCard | None:
    """The words for a series; None for what does not repeat."""
    view, premises = opened.view, opened.place.premises
    zone, today = premises.zone, day_of(now, premises.zone)
    if view.repetition is None:
        return None

    def rows(views: Iterable[Full]) -> tuple[Row, ...]:
        return tuple(_row(premises, each, view, found, now) for each in views)

    return SeriesCard(
        rhythm=in_words(view.repetition, day_of(view.occurrence, zone), zone),
        end=end_in_words(view.repetition, today, zone),
        rows=rows(found.shown),
        coming=found.coming,
        page=page,
        pages=max(1, -(-found.coming // AT_ONCE)),
        cancelled=rows(found.cancelled),
        moved=rows(found.moved),
        refused=tuple(_refused(premises, each, now) for each in found.refused),
    )


def _row(premises: Premises, view: Full, shown: Full, found: Occurrences, now: datetime) -> Row:
    zone = premises.zone
    place = where(premises, view)
    return Row(
        day=dated_day(day_of(view.span.start, zone), day_of(now, zone)),
        hours=hours(view.span, zone),
        where=place if place != where(premises, shown) else "",
        address=address(view),
        here=view.key == shown.key,
        follows=view.occurrence >= shown.occurrence,
        moved=found.was_moved(view),
        gave_way=tuple(hours(part, zone) for part in view.suspended if part.end > now),
    )


def _refused(premises: Premises, date: RefusedDate, now: datetime) -> RefusedRow:
    zone = premises.zone
    return RefusedRow(
        day=dated_day(day_of(date.span.start, zone), day_of(now, zone)),
        hours=hours(date.span, zone),
        why=of_a_date(date.reason),
        starts=write_occurrence(date.span.start),
        again=date.reason != Reason.NO_SUCH_TIME,
    )
