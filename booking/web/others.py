"""What others see: of one booking, and in general. Imports the actions, never storage.

Others' eyes are those of somebody who does not exist, and everything they are shown goes the way of their own page.
Of the booking itself no more is used than which day and which place to point at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, redirect, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from booking.actions import looking
from booking.actions.looking import Look, Opened
from booking.domain.bookings import Content
from booking.domain.people import Viewer, stranger
from booking.domain.premises import Category, Premises, Resource
from booking.domain.spans import Span, day_of, local_day, overlapping
from booking.domain.views import Busy, Full
from booking.web.cards import Card, card, name_of
from booking.web.clock import now
from booking.web.laying.lanes import NO_ZONE
from booking.web.laying.placing import Placing, along, properties
from booking.web.laying.sheet import Sheet, lay_out
from booking.web.occurrences import address, checked, named_occurrence
from booking.web.today import Asked, placing_of, words
from booking.web.viewer import current_viewer
from booking.web.wording import hours, plain_day

pages = Blueprint("others", __name__)
GUESTS, MEMBERS = "gast", "organisation"
LINK = re.compile(r'(<a\b[^>]*?) href="[^"]*"')


@dataclass(frozen=True)
class Told:
    """What others are told of some time: a booking with all its facts, or where it is busy."""

    hours: str
    places: str
    card: Card | None = None
    content: Content | None = None


@pages.get("/vad-andra-kan-se")
def explained() -> str:
    """What others can see, what nobody outside a circle can, and what eyes and ears get all the same."""
    return render_template("others/explained.html")


@pages.get("/bokning/<number>/andra-ser")
def booking(number: str) -> Response | str:
    """The day of a booking as others see it, for whoever may know it. Nothing opens, and nothing is noted."""
    viewer, moment = current_viewer(), now()
    opened = looking.look_at(viewer, checked(number), moment, named_occurrence())
    choices = _choices(viewer, opened.place.premises, moment)
    if not choices:
        return redirect(address(opened.view), 303)
    chosen = request.args.get("som", "")
    chosen = chosen if chosen in choices else next(iter(choices))
    day = _day(opened, moment)
    look, sheet = _seen(choices[chosen], opened, day, moment)
    placing = placing_of(sheet)
    asked = Asked(choices[chosen], moment, [opened.place], opened.place, day, "")
    picture = render_template("others/picture.html", at=placing, **words(asked, sheet))
    pointed = _pointed(opened.view, sheet, placing)
    return render_template(
        "others/booking.html",
        card=card(opened.place.premises, opened.view, opened.names, moment),
        place=name_of(opened.place.premises, opened.view.resource),
        day=plain_day(day),
        picture=_unlinked(picture),
        rules=Markup("\n").join((*placing.rules, *pointed)),
        pointed=bool(pointed),
        told=[*_told(look, opened.view, moment)],
        choices=list(choices) if len(choices) > 1 else [],
        chosen=chosen,
        premises_name=opened.place.premises.name,
    )


def _choices(viewer: Viewer, premises: Premises, moment: datetime) -> Mapping[str, Viewer]:
    """Whose eyes may be borrowed: never any that know more, or see farther ahead, than one's own do."""
    own, guest = viewer.category, Category.GUEST
    if own is None:  # of no organisation: nobody's board is theirs
        return {}
    eyes = {} if own is guest else {MEMBERS: stranger(own)}
    shorter = premises.horizon(guest, moment) <= premises.horizon(own, moment)
    return {**eyes, **({GUESTS: stranger(guest)} if shorter else {})}


def _day(opened: Opened, moment: datetime) -> date:
    """The local day it begins on; today, while it goes on."""
    span, zone = opened.view.span, opened.place.premises.zone
    return day_of(max(span.start, moment) if moment < span.end else span.start, zone)


def _seen(eyes: Viewer, opened: Opened, day: date, moment: datetime) -> tuple[Look, Sheet]:
    place = opened.place
    look = looking.board(eyes, place, local_day(day, place.premises.zone), moment)
    zones = place.premises.by_key[opened.view.resource].zones
    return look, lay_out(look, eyes, day, moment, zone=zones[0] if zones else NO_ZONE)


def _unlinked(picture: str) -> Markup:
    """The same without a way to act: others' links are theirs."""
    return Markup(LINK.sub(r"\1", picture))  # noqa: S704 - escaped when it was rendered


# --- where to look ----------------------------------------------------------------------------


def _pointed(view: Full, sheet: Sheet, placing: Placing) -> tuple[str, ...]:
    """The style rule that draws a frame around the booking's place and time, over the board and never in it."""
    lanes = _lanes(sheet, sheet.premises.by_key[view.resource])
    if not lanes or not sheet.frame.shows(view.span):
        return ()
    first, last = sheet.frame.place(view.span)
    spot = {**placing.across(min(lanes), max(lanes) + 1 - min(lanes)), **along(first, last - first)}
    return (f"#board::after{{{properties(spot)}}}",)


def _lanes(sheet: Sheet, resource: Resource) -> list[int]:
    """The lane of a place, none where it is no longer there; of a hall those of all its zones."""
    hall = len(resource.zones) > 1
    return [
        number
        for number, lane in enumerate(sheet.lanes)
        if (lane.zone in resource.zones if hall else lane.key == resource.key)
    ]


# --- in words ---------------------------------------------------------------------------------


def _told(look: Look, view: Full, moment: datetime) -> Iterator[Told]:
    """What stands in others' board at the booking's place and time, by start."""
    there = [each for each in look.board.entries if each.resource == view.resource]
    busy = [each.span for each in there if isinstance(each, Busy) and each.span.overlaps(view.span)]
    found = [*_known(look, there, view.span, moment), *(_busy(look, view, busy) if busy else ())]
    yield from (told for _, told in sorted(found, key=lambda each: each[0]))


def _known(look: Look, there: list[Full | Busy], span: Span, moment: datetime) -> Iterator[tuple[Span, Told]]:
    premises = look.place.premises
    for entry in there:
        if isinstance(entry, Full) and entry.span.overlaps(span):
            shown = card(premises, entry, look.names, moment)
            yield entry.span, Told(shown.hours, shown.where, shown, entry.content)


def _busy(look: Look, view: Full, busy: list[Span]) -> Iterator[tuple[Span, Told]]:
    """The taken time of the place and of all within earshot of it, those with the same hours together."""
    premises = look.place.premises
    zones = set(premises.by_key[view.resource].zones)
    near = [each for each in premises.resources if not each.zones or zones & set(each.zones)]
    spans: dict[Span, list[str]] = {}
    for each in near:
        for entry in look.board.busy:
            if entry.resource == each.key and overlapping(busy, entry.span):
                spans.setdefault(entry.span, []).append(name_of(premises, each.key))
    for span, names in spans.items():
        yield span, Told(hours(span, premises.zone), _listed(names))


def _listed(names: list[str]) -> str:
    *some, last = names
    return _("%(some)s and %(last)s", some=", ".join(some), last=last) if some else last
