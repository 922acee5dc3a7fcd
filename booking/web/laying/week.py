"""A week of one place for one viewer: seven days as columns beside each other, all with the same hours.

Imports the domain and the type of a Look. The lines, blocks and gaps are those of the board.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking.actions.looking import Look, Names
from booking.domain.people import Viewer
from booking.domain.premises import Kind, Premises, Resource
from booking.domain.spans import Span, day_of, day_start, instant, local_day
from booking.domain.views import Board
from booking.web.laying.blocks import Block, blocks
from booking.web.laying.frame import STEP, Frame, frame_for
from booking.web.laying.lanes import Lane, halls_of, lanes_of
from booking.web.laying.lines import Day, Line, Sort

DAYS = 7
AT_ONCE = 3  # on a phone
WITH_WALLS = (Kind.ROOM, Kind.TABLE)
UNDER = (Sort.EAR, Sort.PALE)  # what goes on around the place lies under what has it
SAID = (Sort.BOOKING, Sort.OUT, Sort.BUSY, Sort.PART, Sort.GAVE_WAY, Sort.FREE)


class WallFrame(Frame):
    """The shown part of a day measured by the wall clock, so that the hours of all days lie beside each other."""

    def _floor(self, moment: datetime) -> int:
        return self._since(moment) // STEP

    def _ceiling(self, moment: datetime) -> int:
        return -(-self._since(moment) // STEP)

    def _since(self, moment: datetime) -> timedelta:
        return _by_the_wall(moment, self.zone) - _by_the_wall(self.span.start, self.zone)


@dataclass(frozen=True)
class Column:
    """A day of the week: its blocks, its walls' beside them, and its line for the list. `near`: shown on a phone."""

    day: date
    number: int
    near: bool
    today: bool
    frame: Frame
    now_span: Span | None
    blocks: tuple[Block, ...]
    walls: tuple[tuple[Block, ...], ...]
    line: Line


@dataclass(frozen=True)
class Week:
    """Everything the page of a week shows of a place; `places` are all that can be chosen instead."""

    premises: Premises
    names: Names
    now: datetime
    lane: Lane
    walls: tuple[Lane, ...]
    places: tuple[Resource, ...]
    columns: tuple[Column, ...]

    @property
    def frame(self) -> Frame:
        """The hours of every day."""
        return self.columns[0].frame

    @property
    def first(self) -> int:
        """Which day is the first that a phone shows."""
        return next(column.number for column in self.columns if column.near)

    @property
    def lanes(self) -> str:
        """The widths of the columns, as week.css names them: the walls' strips and the day, for each day."""
        strips = len(self.walls)
        return " ".join(f"{f'var(--s{n}) ' * strips}var(--d{n})" for n in range(DAYS))


def monday_of(day: date) -> date:
    """The first day of the week of a day."""
    return day - timedelta(days=day.weekday())


def window_of(day: date, zone: ZoneInfo) -> Span:
    """The local week of a day."""
    monday = monday_of(day)
    return Span(day_start(monday, zone), day_start(monday + timedelta(days=DAYS), zone))


def places_of(premises: Premises, day: date) -> tuple[Resource, ...]:
    """What can be chosen in the week of a day: what is there when it begins, in the order of the board."""
    there = premises.on(monday_of(day))
    lanes = [there.by_key[lane.key] for lane in lanes_of(there) if not lane.wall]
    return (*lanes, *halls_of(there))


def lay_out_week(look: Look, viewer: Viewer, resource: Resource, day: date, now: datetime) -> Week:
    """The week of a day, of one place, as one viewer may know it."""
    premises = look.place.premises
    days = [monday_of(day) + timedelta(days=number) for number in range(DAYS)]
    frames = _frames(premises, days, look.board)
    walls = tuple(lane for lane in lanes_of(premises) if lane.wall and _touches(premises, resource, lane.key))
    lane = Lane(resource.key, resource.name, resource.kind, resource.zones[0] if resource.zones else None)
    first = min(day.weekday(), DAYS - AT_ONCE)
    return Week(
        premises=premises,
        names=look.names,
        now=now,
        lane=lane,
        walls=walls,
        places=places_of(premises, day),
        columns=tuple(
            _column(Day(_of_a_day(look, frame), viewer, frame, now), lane, walls, number, first)
            for number, frame in enumerate(frames)
        ),
    )


def _touches(premises: Premises, resource: Resource, wall: str) -> bool:
    between = next(each.between for each in premises.partitions if each.key == wall)
    return resource.kind in WITH_WALLS and bool(between & set(resource.zones))


def _column(day: Day, lane: Lane, walls: tuple[Lane, ...], number: int, first: int) -> Column:
    frame, now = day.frame, day.now
    line = day.lines[lane.key]
    if lane.key not in day.there.by_key:  # gone by then: what was booked is still said, and nothing offered
        line = tuple(each for each in line if each.sort is not Sort.FREE)
    today = day_of(now, frame.zone) == frame.day
    drawn = sorted(blocks((lane,), {lane.key: line}, frame)[0], key=lambda each: each.piece.sort not in UNDER)
    strips = tuple(tuple(_strip(blocks((wall,), day.lines, frame)[0])) for wall in walls)
    past = now if today else frame.span.start
    return Column(
        day=frame.day,
        number=number,
        near=first <= number < first + AT_ONCE,
        today=today,
        frame=frame,
        now_span=Span(frame.span.start, now) if today and frame.span.start < now < frame.span.end else None,
        blocks=tuple(drawn),
        walls=strips,
        line=tuple(
            each for each in line if each.sort in SAID and frame.shows(each.span) and each.span.end > past
        ),
    )


def _strip(drawn: tuple[Block, ...]) -> Iterator[Block]:
    """How a wall is to stand; what goes through it is drawn beside."""
    return (block for block in drawn if block.piece.sort is Sort.WALL)


def _of_a_day(look: Look, frame: Frame) -> Look:
    """The same with what overlaps a day alone."""
    whole, board = local_day(frame.day, frame.zone), look.board
    return replace(
        look,
        board=Board(
            tuple(each for each in board.entries if each.span.overlaps(whole)),
            tuple(each for each in board.walls if each.span.overlaps(whole)),
            tuple(each for each in board.gave_way if each.span.overlaps(whole)),
        ),
    )


# --- the hours ----------------------------------------------------------------------------------


def _frames(premises: Premises, days: list[date], board: Board) -> list[Frame]:
    """A frame for each day, from the earliest hour that any of them shows to the latest."""
    zone = premises.zone
    spans = [each.span for each in (*board.entries, *board.gave_way)]
    own = [
        frame_for(premises, day, (each for each in spans if each.overlaps(local_day(day, zone))))
        for day in days
    ]
    starts = [_by_the_wall(each.span.start, zone) - _midnight(each.day) for each in own]
    ends = [_by_the_wall(each.span.end, zone) - _midnight(each.day) for each in own]
    return [
        WallFrame(
            each.day,
            zone,
            Span(_at(each.day, min(starts), zone), _at(each.day, max(ends), zone)),
            each.open,
            each.reason,
        )
        for each in own
    ]


def _by_the_wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 (of the wall clock)


def _at(day: date, since: timedelta, zone: ZoneInfo) -> datetime:
    """The instant of a wall clock time; of one that a spring night leaves out, an hour later."""
    if since >= timedelta(days=1):
        return day_start(day + timedelta(days=1), zone)
    clock = _midnight(day) + since
    return instant(day, clock.time(), zone) or _at(day, since + timedelta(hours=1), zone)
