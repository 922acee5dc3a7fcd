"""The floor plan at a moment of a day, for one viewer: the drawings, and the list that says the same.

Imports the domain and the type of a Look. Words are the template's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from booking.actions.looking import Look, Names
from booking.domain.people import Viewer
from booking.domain.premises import Premises
from booking.domain.spans import day_of, instant, local_day
from booking.web.laying.drawing import Drawing, drawing
from booking.web.laying.frame import Frame, frame_for
from booking.web.laying.lanes import halls_of, lanes_of
from booking.web.laying.lines import Day
from booking.web.laying.moment import Spot, WallNow, spot, walls

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Plan:
    """Everything the page of the floor plan shows. `live`: it shows what is now. `at` is among the quarters' times."""

    premises: Premises
    names: Names
    frame: Frame
    at: datetime
    live: bool
    quarters: tuple[datetime, ...]
    spots: tuple[Spot, ...]
    walls: tuple[WallNow, ...]
    drawings: tuple[Drawing, ...]

    @property
    def quarter(self) -> int:
        """Which of the quarters it is."""
        return max(number for number, each in enumerate(self.quarters) if each <= self.at or not number)


def plan(look: Look, viewer: Viewer, day: date, now: datetime, clock: time | None) -> Plan:
    """The premises at a wall clock time of a local day as one viewer may know it; at the present, where none is given.

    On another day than the present none given is when it opens.
    """
    premises = look.place.premises
    frame = frame_for(premises, day, (each.span for each in (*look.board.entries, *look.board.gave_way)))
    live = clock is None and day_of(now, premises.zone) == day
    asked = instant(day, clock, premises.zone) if clock else None
    at = now if live else asked or (frame.open or frame.span).start
    known = Day(look, viewer, frame, now)
    lanes = lanes_of(known.there)
    listed = [known.there.by_key[lane.key] for lane in lanes if not lane.wall]
    return Plan(
        premises=premises,
        names=look.names,
        frame=frame,
        at=at,
        live=live,
        quarters=tuple(_quarters(frame, at)),
        spots=tuple(spot(known, each, at) for each in (*listed, *halls_of(known.there))),
        walls=tuple(walls(known, lanes, at)),
        drawings=tuple(drawing(known, at, upright) for upright in (False, True)),
    )


def _quarters(frame: Frame, at: datetime) -> Iterator[datetime]:
    """The quarters of the shown hours, and those up to the moment itself."""
    first, last = min(frame.span.start, at), max(frame.span.end, at + timedelta(minutes=1))
    moment = first - timedelta(
        minutes=first.minute % 15, seconds=first.second, microseconds=first.microsecond
    )
    end = min(last, local_day(frame.day, frame.zone).end)
    while moment < end:
        yield moment
        moment += QUARTER
