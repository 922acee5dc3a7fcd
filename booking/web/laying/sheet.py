"""A whole day for one viewer, ready for the templates. Imports the domain and the type of a Look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from booking.actions.looking import Look, Names
from booking.domain.people import Viewer
from booking.domain.premises import Category, Kind, Name, Premises, Resource
from booking.domain.spans import Span, day_of
from booking.domain.views import Full
from booking.web.laying.blocks import Block, blocks
from booking.web.laying.frame import Frame, frame_for
from booking.web.laying.lanes import Lane, Rail, Tab, halls_of, lanes_in, lanes_of, rails_of, tabs_of
from booking.web.laying.lines import Day, Line, Sort
from booking.web.laying.miniplan import Miniature, miniature
from booking.web.laying.moment import Standing, standing
from booking.web.laying.shapes import phone_shape
from booking.web.laying.strip import Strip, strip
from booking.web.steps import own_now

WIDE_ROWS = {None: "var(--rw)", Kind.ROOM: "var(--rh)", Kind.TABLE: "var(--rh)"}
PHONE_COLUMNS = {None: "1.625rem", Kind.ROOM: "minmax(0,1fr)", Kind.TABLE: "minmax(0,1fr)"}


@dataclass(frozen=True)
class Row:
    """A lane with how it stands just now, if the day is today, and its blocks."""

    lane: Lane
    number: int
    standing: Standing | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Upright:
    """The board turned a quarter for a phone: all lanes, or those of the zone that is current among the tabs."""

    tabs: tuple[Tab, ...]
    lanes: tuple[Lane, ...]
    shown: tuple[int, ...]  # by their number in `lanes`

    @property
    def widths(self) -> str:
        """The widths of the columns: desks never so wide that the page must scroll."""
        desk = "minmax(0,1fr)" if self.tabs else "minmax(0,2.5625rem)"
        return " ".join(PHONE_COLUMNS.get(self.lanes[number].kind, desk) for number in self.shown)

    def shape(self, block: Block, frame: Frame) -> str:
        """The classes of a block there."""
        over = [self.lanes[number].kind for number in self.shown if block.first <= number < block.last]
        return phone_shape(block, over, len(self.shown), frame)


@dataclass(frozen=True)
class Card:
    """A place of the list, with what is left of its day."""

    key: str
    name: Name
    wall: bool
    standing: Standing | None
    line: Line


@dataclass(frozen=True)
class Sheet:
    """Everything the page of a day shows; `own` is what it is time for the viewer to come to or to leave."""

    premises: Premises
    names: Names
    frame: Frame
    now: datetime
    today: bool
    lanes: tuple[Lane, ...]
    rails: tuple[Rail, ...]
    rows: tuple[Row, ...]
    upright: Upright
    cards: tuple[Card, ...]
    strip: Strip | None
    drawings: tuple[Miniature, ...]
    empty: bool
    own: tuple[Full, ...] = ()

    @property
    def now_span(self) -> Span | None:
        """The shown time that is over, up to now; None when now is not on the board."""
        frame = self.frame
        shown = self.today and frame.span.start < self.now < frame.span.end
        return Span(frame.span.start, self.now) if shown else None

    @property
    def wide_lanes(self) -> str:
        """The heights of the lanes, as board.css names them."""
        return " ".join(WIDE_ROWS.get(lane.kind, "var(--rd)") for lane in self.lanes)


def lay_out(
    look: Look, viewer: Viewer, day: date, now: datetime, coming: Full | None = None, zone: str = ""
) -> Sheet:
    """A local day of a premises as one viewer may know it; `coming` is a guest's next booking.

    `zone` is the one to show on a phone that is not wide enough for all.
    """
    premises = look.place.premises
    seen = (*look.board.entries, *look.board.gave_way)
    frame = frame_for(premises, day, (entry.span for entry in seen))
    known = Day(look, viewer, frame, now)
    lanes, today = lanes_of(known.there), day_of(now, premises.zone) == day
    stands = {each.key: standing(known, each) for each in premises.resources} if today else {}
    tabs = tabs_of(known.there, lanes, zone)
    inside = lanes_in(premises, lanes, tabs)
    return Sheet(
        premises=premises,
        names=look.names,
        frame=frame,
        now=now,
        today=today,
        lanes=lanes,
        rails=rails_of(premises, lanes),
        rows=_rows(known, stands, bool(frame.open or seen), lanes),
        upright=Upright(tabs, lanes, tuple(n for n, lane in enumerate(lanes) if lane in inside)),
        cards=tuple(_cards(known, lanes, stands)),
        strip=strip(known, lanes, viewer.category is Category.GUEST, coming) if today else None,
        drawings=tuple(miniature(known, upright) for upright in (False, True)) if today else (),
        empty=not seen,
        own=tuple(own_now(viewer, premises, look.board.bookings, now)) if today else (),
    )


def _rows(day: Day, stands: Mapping[str, Standing], shown: bool, lanes: tuple[Lane, ...]) -> tuple[Row, ...]:
    laid = blocks(lanes, day.lines, day.frame)
    return tuple(
        Row(lane, number, stands.get(lane.key), laid[number] if shown else ())
        for number, lane in enumerate(lanes)
    )


def _cards(day: Day, lanes: tuple[Lane, ...], stands: Mapping[str, Standing]) -> Iterator[Card]:
    """A card per place in the order of the lanes; a hall after the first wall that opens into it."""
    halls = list(halls_of(day.there))
    for lane in lanes:
        yield Card(lane.key, lane.name, lane.wall, stands.get(lane.key), _left(day, lane.key))
        if lane.wall:
            inside = [hall for hall in halls if lane.key in _walls_within(day.premises, hall)]
            yield from _hall_cards(day, inside, stands)
            halls = [hall for hall in halls if hall not in inside]
    yield from _hall_cards(day, halls, stands)


def _walls_within(premises: Premises, hall: Resource) -> list[str]:
    return [wall.key for wall in premises.inner_partitions(frozenset(hall.zones))]


def _hall_cards(day: Day, halls: list[Resource], stands: Mapping[str, Standing]) -> Iterator[Card]:
    for hall in halls:
        yield Card(hall.key, hall.name, False, stands.get(hall.key), _left(day, hall.key))


def _left(day: Day, key: str) -> Line:
    """What is left of a line from now on, without what only decorates the board."""
    said = (Sort.BOOKING, Sort.OUT, Sort.BUSY, Sort.PART, Sort.GAVE_WAY, Sort.FREE, Sort.WALL)
    shown = [each for each in day.lines[key] if each.sort in said and day.frame.shows(each.span)]
    past = day.now if day_of(day.now, day.frame.zone) == day.frame.day else day.frame.span.start
    return tuple(each for each in shown if each.span.end > past)
