"""What the booking form lets its viewer choose: places, times, lengths, visibilities, circles.

Imports actions and the domain. Guests are not offered what they may not have; the rules still decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from booking.actions import looking
from booking.actions.wishing import ANY_DESK
from booking.domain.claims import Use, WallPosition
from booking.domain.people import Viewer, Visibility
from booking.domain.premises import Kind, Premises, Resource
from booking.domain.spans import Span, ceiling_to, day_of, day_start
from booking.web.cards import wall_states, walls
from booking.web.clock import now
from booking.web.language import language
from booking.web.wording import length

QUARTER = 15
END_OF_DAY = "24:00"
LENGTHS = (30, 45, 60, 120)


@dataclass(frozen=True)
class Choice:
    """One of several: the value sent, its words, a smaller line under them, and a drawing if there is one."""

    value: str
    label: str
    note: str = ""
    picture: str = ""
    minutes: int = 0


@dataclass(frozen=True)
class Choices:
    """All that the form offers one viewer in one premises."""

    premises: Premises
    places: tuple[Choice, ...]
    desks: tuple[Choice, ...]
    equipment: tuple[Choice, ...]
    starts: tuple[Choice, ...]
    ends: tuple[Choice, ...]
    lengths: tuple[Choice, ...]
    confidential: bool
    circles: tuple[Choice, ...]
    visibility: Visibility
    clearable: bool


def offered(viewer: Viewer, premises: Premises, odd: Iterable[str] = ()) -> Choices:
    """What to offer; `odd` are clock times and a resource to offer beside the usual ones."""
    premises = premises.on(day_of(now(), premises.zone))
    named, kinds = set(odd), _bookable(viewer, premises)
    rule = premises.rule_for(viewer.category)
    names = looking.names_in(viewer, ())
    own = names.organisations[viewer.organisation] if viewer.organisation is not None else None
    own_key = f"endast-{own.key}" if own else ""
    circles = sorted(names.circles.values(), key=lambda each: (each.key != own_key, each.name))
    desks = premises.of_kind(Kind.DESK) if Kind.DESK in kinds else ()
    return Choices(
        premises=premises,
        places=tuple(_places(premises, kinds, named)),
        desks=tuple(Choice(each.key, each.name[language()]) for each in desks),
        equipment=tuple(
            Choice(each.key, each.name[language()])
            for each in premises.of_kind(Kind.EQUIPMENT)
            if Kind.EQUIPMENT in kinds
        ),
        starts=tuple(_clocks(viewer, premises, named, last=False)),
        ends=tuple(_clocks(viewer, premises, named, last=True)),
        lengths=tuple(Choice(str(each), length(timedelta(minutes=each))) for each in LENGTHS),
        confidential=bool(rule and rule.confidential and viewer.trusted and circles),
        circles=tuple(Choice(each.key, each.name) for each in circles),
        visibility=own.default_visibility if own else Visibility.INTERNAL,
        clearable=Kind.ROOM in kinds and bool(premises.of_kind(Kind.DESK)),
    )


def _bookable(viewer: Viewer, premises: Premises) -> frozenset[Kind]:
    rule = premises.rule_for(viewer.category)
    return rule.kinds - rule.approval if rule else frozenset()


# --- places -----------------------------------------------------------------------------------


def _places(premises: Premises, kinds: frozenset[Kind], named: set[str]) -> Iterable[Choice]:
    """Desks together, then each table and room; equipment alone only where it was asked for."""
    desks = premises.of_kind(Kind.DESK) if Kind.DESK in kinds else ()
    if desks:
        yield Choice(
            ANY_DESK,
            _("Desk"),
            ngettext("one desk", "one of %(num)d", len(desks)),
            "desk" if _drawn(premises) else "",
            desks[0].usual_minutes,
        )
    for kind in (Kind.TABLE, Kind.ROOM, Kind.EQUIPMENT):
        for each in premises.of_kind(kind) if kind in kinds else ():
            if kind is not Kind.EQUIPMENT or each.key in named:
                yield _place(premises, each)


def _place(premises: Premises, resource: Resource) -> Choice:
    states = wall_states(premises, Use(resource, 0))
    note = ", ".join(walls(premises, Use(resource, 0)))
    if not note and resource.seats:
        note = ngettext("%(num)d seat", "%(num)d seats", resource.seats)
    picture = ""
    if _drawn(premises) and resource.kind in (Kind.TABLE, Kind.ROOM):
        opened = any(position is WallPosition.OPEN for _, position in states)
        picture = "table" if resource.kind is Kind.TABLE else "whole" if opened else "room"
    only_table = resource.kind is Kind.TABLE and len(premises.of_kind(Kind.TABLE)) == 1
    name = _("The table") if only_table else resource.name[language()]
    return Choice(resource.key, name, note, picture, resource.usual_minutes)


def _drawn(premises: Premises) -> bool:
    """Whether the pictograms fit: two zones with one wall between them, a table in one, desks in the other."""
    tables = {zone for each in premises.of_kind(Kind.TABLE) for zone in each.zones}
    desks = {zone for each in premises.of_kind(Kind.DESK) for zone in each.zones}
    rooms = premises.of_kind(Kind.ROOM)
    small = {zone for each in rooms if len(each.zones) == 1 for zone in each.zones}
    two = len(premises.zones) == 2 and len(premises.partitions) == 1
    return two and len(tables) == 1 and len(desks) == 1 and not tables & desks and small <= tables


# --- times ------------------------------------------------------------------------------------


def _clocks(viewer: Viewer, premises: Premises, named: set[str], last: bool) -> Iterable[Choice]:
    """The quarters within the viewer's hours of any weekday, and the odd minutes asked for."""
    rule = premises.rule_for(viewer.category)
    first, final = "00:00", END_OF_DAY
    if rule and rule.hours is not None:
        days = [*filter(None, rule.hours.week), *filter(None, rule.hours.named.values())]
        first = min((f"{each[0]:%H:%M}" for each in days), default=first)
        final = max((_closing(each[1].strftime("%H:%M")) for each in days), default=final)
    quarters = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(0, 60, QUARTER)]
    within = {each for each in [*quarters, END_OF_DAY] if first <= each <= final}
    within -= {first} if last else {final}
    for value in sorted(within | {each for each in named if len(each) == 5 and each[2] == ":"}):
        if last or value != END_OF_DAY:
            yield Choice(value, value.replace(":", ".") if language() == "sv" else value)


def _closing(text: str) -> str:
    return END_OF_DAY if text == "00:00" else text


def usual_span(viewer: Viewer, premises: Premises, minutes: int, now: datetime) -> Span:
    """The next quarter and the usual length; after hours, the next opening. UTC."""
    start, rule = ceiling_to(now, QUARTER), premises.rule_for(viewer.category)
    if rule and rule.hours is not None:
        today = day_of(now, premises.zone)
        window = Span(start, day_start(today + timedelta(days=8), premises.zone))
        for span in rule.hours.open_spans(window, premises.zone):
            if span.end >= start + timedelta(minutes=minutes):
                start = max(start, span.start)
                break
    return Span(start, start + timedelta(minutes=minutes))
