"""A booking as the pages show it: view in, words out. Imports the actions' names and the domain's views.

Nothing here knows more than the view it is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from booking.actions.looking import Names
from booking.domain.bookings import Purpose, Status
from booking.domain.claims import Use, WallPosition, WallState, demands
from booking.domain.disclosure import use_of
from booking.domain.people import Organisation, Visibility
from booking.domain.permissions import Deed, may
from booking.domain.premises import Kind, Premises
from booking.domain.spans import day_of
from booking.domain.views import Full
from booking.web.language import language
from booking.web.pieces import write_occurrence
from booking.web.repeat_words import in_words
from booking.web.steps import Steps, steps
from booking.web.viewer import current_viewer
from booking.web.wording import clock, hours, long_day, plain_day, short_day


@dataclass(frozen=True)
class Card:
    """What is written of one booking."""

    id: str
    day: date
    hours: str
    steps: Steps
    title: str
    sealed: bool
    where: str
    icon: str
    circles: str
    visibility: str
    organisation: Organisation
    organiser: str
    gave_way: tuple[str, ...]
    told: str
    mine: bool
    ours: bool
    cancelled: bool
    ended: bool
    changeable: bool
    cancellable: bool
    occurrence: str
    repeats: str
    pending: bool
    answer_by: str
    use: bool


def card(premises: Premises, view: Full, names: Names, now: datetime, told: datetime | None = None) -> Card:
    """The words for a view. A sealed one is 'Confidential' until its content is in the view."""
    zone, use = premises.zone, not view.purpose.keeps_out
    ended, cancelled = view.span.end <= now, view.status is Status.CANCELLED
    return Card(
        id=view.id,
        day=day_of(view.span.start, zone),
        hours=hours(view.span, zone),
        steps=steps(current_viewer(), premises, view, now),
        title=title(view),
        sealed=view.sealed,
        where=where(premises, view),
        icon=icon(premises, use_of(premises, view)) if use else "out",
        circles=", ".join(
            {each.key: each.name for key, each in names.circles.items() if key in view.circles}.values()
        ),
        visibility=visibility(view.visibility),
        organisation=names.organisations[view.organisation],
        organiser=view.organiser,
        gave_way=tuple(hours(part, zone) for part in view.suspended if part.end > now),
        told=_short(told, zone) if told else "",
        mine=view.mine,
        ours=view.ours,
        cancelled=cancelled,
        ended=ended,
        cancellable=_cancellable(view) and not ended and not cancelled,
        changeable=view.purpose is Purpose.USE and (view.ours or view.mine) and not ended and not cancelled,
        occurrence=write_occurrence(view.occurrence),
        repeats=in_words(view.repetition, day_of(view.span.start, zone), zone) if view.repetition else "",
        pending=view.status is Status.PENDING,
        answer_by=_short(view.answer_by, zone) if view.answer_by else "",
        use=use,
    )


def _cancellable(view: Full) -> bool:
    """One's own on its page; what was booked at a door there too, where else blocks have a page of their own."""
    return not view.purpose.keeps_out and may(current_viewer(), Deed.BOOKING_CANCEL, view)


def _short(moment: datetime, zone: ZoneInfo) -> str:
    return f"{short_day(day_of(moment, zone))} {clock(moment, zone)}"


def title(view: Full) -> str:
    """What a booking is called: its title, or that it is confidential, or just booked; a block says its reason."""
    if view.purpose is Purpose.DOOR:
        return at_the_door(view)
    if view.purpose.keeps_out:
        word = _("Closed") if view.purpose is Purpose.CLOSURE else _("Out of order")
        return f"{word}: {view.content.title}" if view.content and view.content.title else word
    if view.content is None or (view.sealed and view.content.gone):
        return _("Confidential")
    return view.content.title or _("Booked")


def at_the_door(view: Full) -> str:
    """What was booked at a door: whom whoever stood there said it is for, if anybody."""
    said = view.content.title if view.content else ""
    return _("At the door: %(whom)s", whom=said) if said else _("Booked at the door")


def visibility(chosen: Visibility) -> str:
    """Who may know, in a word."""
    words = {
        Visibility.OPEN: _("Open"),
        Visibility.INTERNAL: _("Internal"),
        Visibility.CONFIDENTIAL: _("Confidential"),
        Visibility.OWN: _("Only the organisation itself"),
    }
    return words[chosen]


def name_of(premises: Premises, key: str) -> str:
    """What a space is called in the page's language."""
    return premises.named(key)[language()]


def places_of(premises: Premises, view: Full) -> str:
    """The places that a block keeps from everybody: whole zones by their names, and what is left by its own."""
    taken = {view.resource, *view.equipment}
    zones = [zone.key for zone in premises.zones if _lies_within(premises, {zone.key}, taken)]
    left = [
        each.key
        for each in premises.resources
        if each.key in taken and not (each.zones and set(each.zones) <= set(zones))
    ]
    return ", ".join(name_of(premises, key) for key in (*zones, *left))


def _lies_within(premises: Premises, zones: set[str], taken: set[str]) -> bool:
    """Whether everything that lies in some zones is among what is taken."""
    inside = {each.key for each in premises.lying_in(frozenset(zones))}
    return bool(inside) and inside <= taken


def where(premises: Premises, view: Full) -> str:
    """The place, how its walls stand, what is brought along, and whether the desks are cleared."""
    if view.purpose.keeps_out:
        return places_of(premises, view)
    parts = [name_of(premises, view.resource), *walls(premises, use_of(premises, view))]
    parts += [name_of(premises, key) for key in view.equipment]
    if view.clear_desks:
        parts.append(_("desks cleared"))
    return ", ".join(parts)


def walls(premises: Premises, use: Use) -> Iterator[str]:
    """How each wall is to stand for a use, inside a sentence; named where there are several."""
    for key, position in wall_states(premises, use):
        closed = position is WallPosition.CLOSED
        if len(premises.partitions) == 1:
            yield _("wall closed") if closed else _("wall open")
        else:
            name = name_of(premises, key)
            yield _("%(wall)s closed", wall=name) if closed else _("%(wall)s open", wall=name)


def wall_states(premises: Premises, use: Use) -> list[tuple[str, WallPosition]]:
    """The walls a use needs one way."""
    return [
        (each.space, each.stake.position)
        for each in demands(premises, use)
        if isinstance(each.stake, WallState)
    ]


def icon(premises: Premises, use: Use) -> str:
    """The icon beside a place: the wall as it stands for a room, else what kind of place it is."""
    if use.resource.kind is Kind.ROOM:
        states = {position for _, position in wall_states(premises, use)}
        return "wallopen" if WallPosition.OPEN in states else "wall"
    return {Kind.DESK: "desk", Kind.TABLE: "table"}.get(use.resource.kind, "day")


def day_heading(day: date, now: datetime, zone: ZoneInfo) -> str:
    """A day as a heading: Today, Tuesday 24 November."""
    today = day_of(now, zone)
    near = {today: _("Today"), today + timedelta(days=1): _("Tomorrow")}
    return f"{near[day]}, {plain_day(day)}" if day in near else long_day(day)


def day_in_sentence(day: date, now: datetime, zone: ZoneInfo) -> str:
    """A day inside a sentence: today, tomorrow, tuesday 24 november."""
    today = day_of(now, zone)
    near = {today: _("today"), today + timedelta(days=1): _("tomorrow")}
    return near.get(day) or plain_day(day)
