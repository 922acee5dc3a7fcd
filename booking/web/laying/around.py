"""The hours around a time that is being chosen: what its place's line holds, and where that time lies on the board.

Imports the domain and the type of a Look. All of it is made from what the viewer may know of the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from booking.actions.looking import Look, Names
from booking.domain.claims import Use
from booking.domain.people import Viewer
from booking.domain.premises import Premises, Resource
from booking.domain.spans import Span, local_day
from booking.web.laying.frame import HOUR, Frame, frame_for
from booking.web.laying.lanes import lanes_of
from booking.web.laying.lines import Day, Line, Sort, lies_over
from booking.web.laying.placing import LANE, TIME

SHOWN = timedelta(hours=7)
TAKEN = (Sort.BOOKING, Sort.OUT, Sort.BUSY, Sort.PART, Sort.GAVE_WAY)
MOST_LABELS = 9


@dataclass(frozen=True)
class Around:
    """A strip of a few hours with the chosen time in it. `wide` is that time's area on the day's board.

    The area is empty where the time is not on the board.
    """

    day: date
    place: Resource
    span: Span
    frame: Frame
    line: Line
    closed: tuple[Span, ...]
    names: Names
    wide: str

    @property
    def labels(self) -> Iterator[tuple[datetime, int]]:
        """The whole hours to name, each with its column; not all of them on a long strip."""
        hours = [each for each in self.frame.hours if each[1] < self.frame.columns]
        return iter(hours[:: -(-len(hours) // MOST_LABELS)])


def around(look: Look, viewer: Viewer, use: Use, span: Span, day: date, now: datetime) -> Around:
    """The hours around a span that begins on a local day, on the line of the place it is to use."""
    premises = look.place.premises
    board = frame_for(premises, day, (each.span for each in (*look.board.entries, *look.board.gave_way)))
    known = Day(look, viewer, board, now)
    inside = span.start >= board.span.start and span.end <= board.span.end
    shown = _window(span, board.span if inside else local_day(day, premises.zone))
    lanes = [each.key for each in lanes_of(known.there)]
    over = sorted(lanes.index(key) for key in _over(premises, use) if key in lanes)
    on_board = bool(over) and board.shows(span)
    across = (over[0] + LANE, over[-1] + 1 + LANE) if over else (0, 0)
    along = tuple(each + TIME for each in board.place(span)) if on_board else (0, 0)
    line = known.lines.get(use.resource.key, ())
    return Around(
        day=day,
        place=use.resource,
        span=span,
        frame=Frame(day, premises.zone, shown, board.open),
        line=tuple(each for each in line if each.sort in TAKEN and each.span.overlaps(shown)),
        closed=Frame(day, premises.zone, shown, board.open).closed,
        names=look.names,
        wide=f"{across[0]}/{along[0]}/{across[1]}/{along[1]}" if on_board else "",
    )


def _over(premises: Premises, use: Use) -> frozenset[str]:
    """The lanes a use lies over; a confidential room those of all that is heard in it too, which give way to it."""
    heard = premises.lying_in(use.zones) if use.circle is not None and use.takes_floor else ()
    return lies_over(premises, use) | {each.key for each in heard}


def _window(span: Span, whole: Span) -> Span:
    """Some hours around a span, as far as the shown day goes."""
    end = min(span.end, whole.end)
    length = max(SHOWN, end - span.start + 2 * HOUR)
    middle = span.start + (end - span.start) / 2 - length / 2
    start = max(whole.start, whole.start + (middle - whole.start) // HOUR * HOUR)
    start = max(whole.start, min(start, whole.end - length))
    return Span(start, min(start + -(-length // HOUR) * HOUR, whole.end))
