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
from booking.domain.patterns import WEEKDAYS
from booking.domain.people import Viewer, Visibility
from booking.domain.premises import Kind, Premises, Resource
from booking.domain.spans import Span, ceiling_to, day_of, day_start
from booking.web.cards import wall_states, walls
from booking.web.language import language
from booking.web.repeat_form import MOST_WEEKS
from booking.web.repeat_words import weekday
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
    urgent: bool
    colleagues: tuple[Choice, ...]
    repeats: tuple[Choice, ...]
    weeks: tuple[Choice, ...]
    weekdays: tuple[Choice, ...]


def offered(viewer: Viewer, premises: Premises, now: datetime, odd: Iterable[str] = ()) -> Choices:
    """What to offer; `odd` are clock times and a resource to offer beside the usual ones."""
    premises = premises.on(day_of(now, premises.zone))
    named, places = set(odd), _bookable(viewer, premises)
    rule = premises.rule_for(viewer.category)
    names = looking.names_in(viewer, ())
    own = names.organisations[viewer.organisation] if viewer.organisation is not None else None
    own_key = f"endast-{own.key}" if own else ""
    circles = sorted(names.choosable, key=lambda each: (each.key != own_key, each.name))
    return Choices(
        premises=premises,
        places=tuple(_places(premises, places, named)),
        desks=_named(places, Kind.DESK),
        equipment=_named(places, Kind.EQUIPMENT),
        starts=tuple(_clocks(viewer, premises, named, last=False)),
        ends=tuple(_clocks(viewer, premises, named, last=True)),
        lengths=tuple(Choice(str(each), length(timedelta(minutes=each))) for each in LENGTHS),
        confidential=bool(rule and rule.confidential and viewer.trusted and circles),
        circles=tuple(Choice(each.key, each.name) for each in circles),
        visibility=own.default_visibility if own else Visibility.INTERNAL,
        clearable=any(each.kind is Kind.ROOM for each in places) and bool(premises.of_kind(Kind.DESK)),
        urgent=rule is not None and any(rule.rank < each.rank for each in premises.rules.values()),
        colleagues=tuple(Choice(each.email, each.name) for each in looking.colleagues(viewer, now)),
        repeats=tuple(_repeats()),
        weeks=tuple(Choice(str(each), _weeks(each)) for each in range(1, MOST_WEEKS + 1)),
        weekdays=tuple(Choice(key, weekday(each, short=True)) for each, key in enumerate(WEEKDAYS)),
    )


def _bookable(viewer: Viewer, premises: Premises) -> tuple[Resource, ...]:
    """What the viewer may ask for, also where the coordinator has to approve it."""
    rule = premises.rule_for(viewer.category)
    return tuple(each for each in premises.resources if rule and rule.admits(each))


def _named(places: Iterable[Resource], kind: Kind) -> tuple[Choice, ...]:
    return tuple(Choice(each.key, each.name[language()]) for each in places if each.kind is kind)


# --- places -----------------------------------------------------------------------------------


def _places(premises: Premises, places: tuple[Resource, ...], named: set[str]) -> Iterable[Choice]:
    """Desks together, then each table and room; equipment alone only where it was asked for."""
    desks = [each for each in places if each.kind is Kind.DESK]
    if desks:
        yield Choice(
            ANY_DESK,
            _("Desk"),
            ngettext("one desk", "one of %(num)d", len(desks)),
            "desk" if _drawn(premises) else "",
            desks[0].usual_minutes,
        )
    for kind in (Kind.TABLE, Kind.ROOM, Kind.EQUIPMENT):
        for each in places:
            if each.kind is kind and (kind is not Kind.EQUIPMENT or each.key in named):
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


# --- series -----------------------------------------------------------------------------------


def _repeats() -> Iterable[Choice]:
    """How a booking may repeat; the words stand in a sentence that begins with 'Repeat'."""
    yield Choice("", _("no, only this time"))
    yield Choice("dag", _("every day"))
    yield Choice("vardag", _("every weekday"))
    yield Choice("vecka", _("by the week"))
    yield Choice("datum", _("every month on the same date"))
    yield Choice("veckodag", _("every month on the same weekday, such as the second Tuesday"))
    yield Choice("sista", _("every month on the last such weekday"))


def _weeks(apart: int) -> str:
    return _("every other week") if apart == 2 else ngettext("every week", "every %(num)d weeks", apart)


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
