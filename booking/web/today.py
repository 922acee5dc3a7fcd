"""The day's board: the page, and the part of it that keeps itself up to date. Imports the actions, never storage."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from booking.actions import looking
from booking.actions.errors import NotFound
from booking.domain.bookings import Purpose, Status
from booking.domain.people import Viewer
from booking.domain.permissions import Deed, may
from booking.domain.premises import Category, Premises, Resource
from booking.domain.spans import Span, day_of, local_day
from booking.domain.views import Full
from booking.web import wording
from booking.web.cards import at_the_door
from booking.web.clock import now
from booking.web.language import language
from booking.web.laying import shapes
from booking.web.laying.frame import Frame
from booking.web.laying.lines import Piece
from booking.web.laying.miniplan import short_name
from booking.web.laying.placing import Placing
from booking.web.laying.sheet import Sheet, lay_out
from booking.web.live import part, tag_of
from booking.web.memory import remembered
from booking.web.occurrences import address
from booking.web.settings import kept
from booking.web.steps import steps
from booking.web.viewer import current_viewer, live
from booking.web.whole import whole

Laid = TypeVar("Laid")
pages = Blueprint("today", __name__)
VIEW_COOKIE = "vy"
VIEWS = ("tavla", "lista")
FARTHEST = timedelta(days=366 * 20)
WEIGHT = 4  # what is laid out takes more than what is written of it


class Shown(Protocol):
    """What is shown of a premises: a day's sheet, its plan, or a week."""

    @property
    def premises(self) -> Premises:
        """Which premises it is of."""

    @property
    def frame(self) -> Frame:
        """The hours it shows."""


@dataclass(frozen=True)
class Asked:
    """What a request asks to see: whose premises, which day, in which form."""

    viewer: Viewer
    moment: datetime
    places: list[looking.Place]
    place: looking.Place
    day: date
    view: str
    zone: str | None = None

    @property
    def minute(self) -> datetime:
        """The present minute: as exactly as what is shown depends on the time."""
        return self.moment.replace(second=0, microsecond=0)

    @property
    def today(self) -> date:
        """The present local day."""
        return day_of(self.moment, self.place.premises.zone)

    def link(self, endpoint: str, **more: Any) -> str:
        """An address of ours; the premises is named where there are several."""
        own = self.place.premises.key if len(self.places) > 1 else None
        return url_for(endpoint, lokal=own, **more)

    def book(self, **more: str) -> str:
        """The address of the form."""
        own = {"lokal": self.place.premises.key} if len(self.places) > 1 else {}
        return "/boka?" + urlencode({**more, "datum": self.day.isoformat(), **own})


@pages.get("/")
def home() -> Response:
    """The front door leads to the board."""
    return redirect(url_for("today.today"))


@pages.get("/idag")
def today() -> Response:
    """The day as a board or a list, for one viewer."""
    asked = what_is_asked()
    return page_of(asked, lambda: _page(asked))


def _page(asked: Asked) -> str:
    drawn = _drawn(asked)
    return render_template(
        "today/today.html",
        **words(asked, drawn.shown),
        parts=drawn.body,
        tag=drawn.tag,
        rules=drawn.rules,
        premises={"name": drawn.shown.premises.name, "short_name": drawn.shown.premises.name},
        explicit=request.args.get("datum") is not None,
    )


@pages.get("/idag/delar")
@live
def parts() -> Response:
    """The strip and the board alone."""
    drawn = _drawn(what_is_asked())
    return part(drawn.body, drawn.tag)


def what_is_asked() -> Asked:
    """What the request asks for; NotFound for a premises that the viewer does not use."""
    viewer, moment = current_viewer(), now()
    places = looking.premises_for(viewer)
    wanted = request.args.get("lokal")
    place = next((each for each in places if wanted in (None, each.premises.key, each.public_id)), None)
    if place is None:
        raise NotFound
    day = _day(request.args.get("datum"), day_of(moment, place.premises.zone))
    view = request.args.get("vy", request.cookies.get(VIEW_COOKIE, ""))
    zone = request.args.get("zon") or None
    return Asked(viewer, moment, places, place, day, view if view in VIEWS else VIEWS[0], zone)


def _day(text: str | None, today: date) -> date:
    """The day asked for; today when it cannot be read, or is too far away to be meant."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return today
    return day if abs(day - today) <= FARTHEST else today


def page_of(asked: Asked, make: Callable[[], str]) -> Response:
    """A page of a day or a week, remembered as its parts are; the view that its address names is kept."""
    response = make_response(whole(asked.place, (asked.minute, asked.view), make))
    return kept(response, VIEW_COOKIE, asked.view) if request.args.get("vy") == asked.view else response


@dataclass(frozen=True)
class Drawn(Generic[Laid]):
    """What one viewer may know: laid out, and written with its entity tag and its rules of style."""

    shown: Laid
    body: str
    tag: str
    rules: Markup


def drawn_once(asked: Asked, about: Hashable, draw: Callable[[], Drawn[Laid]]) -> Drawn[Laid]:
    """What is drawn once in a minute, as long as nothing is written that it may show; `about` is what it is."""
    known = (asked.viewer, asked.minute, asked.day, asked.view, asked.zone, len(asked.places), language())
    return remembered(asked.place, (about, *known), draw, lambda made: WEIGHT * len(made.body))


def _drawn(asked: Asked) -> Drawn[Sheet]:
    return drawn_once(asked, "day", lambda: _draw(asked))


def _draw(asked: Asked) -> Drawn[Sheet]:
    sheet, placing = _sheet(asked)
    body = _parts(asked, sheet, placing)
    return Drawn(sheet, body, tag_of(body), placing.style)


def _sheet(asked: Asked) -> tuple[Sheet, Placing]:
    place = asked.place
    look = looking.board(asked.viewer, place, local_day(asked.day, place.premises.zone), asked.moment)
    sheet = lay_out(look, asked.viewer, asked.day, asked.moment, _coming(asked), asked.zone or "")
    return sheet, placing_of(sheet)


def placing_of(sheet: Sheet) -> Placing:
    """Where things lie on the board of a day."""
    return Placing(sheet.frame, sheet.upright.shown if sheet.upright.tabs else None)


def _coming(asked: Asked) -> Full | None:
    """A guest's next booking, whichever day it is; the strip tells it on today's board."""
    if asked.viewer.category is not Category.GUEST or asked.day != asked.today:
        return None
    end = asked.place.premises.horizon(asked.viewer.category, asked.moment)
    mine = looking.mine(asked.viewer, asked.place, Span(asked.moment, end), asked.moment)
    return next((view for view in mine.views if view.span.end > asked.moment), None)


def _parts(asked: Asked, sheet: Sheet, placing: Placing) -> str:
    own = [(each, steps(asked.viewer, sheet.premises, each, asked.moment)) for each in sheet.own]
    return render_template("today/parts.html", at=placing, own=own, **words(asked, sheet))


def words(asked: Asked, sheet: Shown) -> Mapping[str, Any]:
    """What the templates need to speak of what they show."""
    zone, day = sheet.frame.zone, sheet.frame.day
    return {
        "asked": asked,
        "sheet": sheet,
        "shapes": shapes,
        "short_name": short_name,
        "at_the_door": at_the_door,
        "clock": lambda moment: wording.clock(moment, zone),
        "clock_end": lambda moment: wording.until(moment, day, zone),
        "hours": lambda span: wording.hours(span, zone),
        "hour": lambda moment: (
            wording.clock_end(moment, zone)[:2]
            if moment == sheet.frame.span.end
            else wording.clock(moment, zone)[:2]
        ),
        "long_day": wording.long_day,
        "plain_day": wording.plain_day,
        "short_day": wording.short_day,
        "day_of": lambda moment: day_of(moment, zone),
        "week": wording.week,
        "language": language(),
        "may_book": may(asked.viewer, Deed.BOOKING_BOOK) and sheet.premises.rule_for(asked.viewer.category),
        "link": address,
        "offer": lambda key, piece: offer(asked, sheet.premises.by_key[key], piece),
        "reach": lambda piece: _reach(zone, piece.span),
        "carried": lambda view: _carried(asked, zone, view),
        "step": lambda days: asked.link(
            "today.today", datum=(asked.day + timedelta(days=days)).isoformat(), zon=asked.zone
        ),
        "one_day": timedelta(days=1),
    }


def offer(asked: Asked, resource: Resource, piece: Piece) -> str:
    """The form with a free time filled in: its start, and the usual length or what there is of it."""
    zone = asked.place.premises.zone
    end = min(piece.span.end, piece.span.start + timedelta(minutes=resource.usual_minutes))
    last = end.astimezone(zone)
    return asked.book(
        plats=resource.key,
        fran=f"{piece.span.start.astimezone(zone):%H:%M}",
        till="24:00" if last.time() == time() else f"{last:%H:%M}",
    )


def _carried(asked: Asked, zone: ZoneInfo, view: Full) -> Markup:
    """From and to which minute a booking goes that this viewer may carry to another time; nothing for all others."""
    whole = local_day(asked.day, zone)
    stands = view.purpose is Purpose.USE and view.status is not Status.CANCELLED and not view.clipped
    within = whole.start <= view.span.start and view.span.end <= whole.end and view.span.end > asked.moment
    if not (stands and within and may(asked.viewer, Deed.BOOKING_CHANGE, view)):
        return Markup()
    begun = Markup(" data-begun") if view.span.start <= asked.moment else Markup()
    return _reach(zone, view.span) + begun


def _reach(zone: ZoneInfo, span: Span) -> Markup:
    """From and to which minute of the day something goes, for the script by which one clicks, drags and widens."""
    start, end = (each.astimezone(zone) for each in (span.start, span.end))
    first = start.hour * 60 + start.minute
    return Markup(' data-from="{}" data-to="{}"').format(first, (end.hour * 60 + end.minute) or 24 * 60)
