"""The review of the access log, for the administrators of a circle's steward. Imports the actions and the domain.

A row is shown with who, when, by which way, and which booking by its place and time; never with what stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from booking.actions import looking, reviewing
from booking.actions.errors import Changed, Refused
from booking.actions.looking import Opened
from booking.actions.reviewing import Reader, Shown, ToReview
from booking.domain.reviewing import HASTE, MANY, Why
from booking.domain.spans import Span
from booking.web.cards import name_of
from booking.web.clock import now
from booking.web.marks import mark_of, marked
from booking.web.news import when
from booking.web.pieces import read_occurrence, write_occurrence
from booking.web.site import secret_key
from booking.web.viewer import current_viewer
from booking.web.wording import day_of_moment
from booking.web.wording import moment as written

pages = Blueprint("reviewing", __name__)
Page = Response | str | tuple[str, int]

REASONS: Mapping[Why, Callable[[], str]] = {
    Why.MANY: lambda: _(
        "more than %(many)d bookings within %(minutes)d minutes",
        many=MANY,
        minutes=int(HASTE.total_seconds()) // 60,
    ),
    Why.CLOSED: lambda: _("outside the hours of the premises"),
    Why.LEAVING: lambda: _("shortly before the account ended"),
    Why.LEFT: lambda: _("the organisation is no longer in the circle"),
    Why.LONG_AFTER: lambda: _("long after the booking had ended"),
    Why.REVIEWER: lambda: _("opened by one who reviews"),
}
CHANNELS: Mapping[str, Callable[[], str]] = {
    "page": lambda: _("on its page"),
    "api": lambda: _("by a program"),
    "booking": lambda: _("when it was booked"),
    "change": lambda: _("in order to change it"),
    "export": lambda: _("in a disclosure"),
    "copy": lambda: _("in order to copy it"),
}


@dataclass(frozen=True)
class Line:
    """One row in words; `why` is empty where it was drawn at random."""

    name: str
    organisation: str
    at: str
    how: str
    place: str = ""
    booked: str = ""
    why: tuple[str, ...] = ()


@pages.get("/granskning")
def circles() -> str:
    """The circles whose log the viewer reviews, and which of them wait."""
    viewer, moment = current_viewer(), now()
    zone = looking.zone_of(viewer)
    found = reviewing.to_review(viewer, moment)
    rows = [
        (
            each,
            mark_of(each.watch.key),
            day_of_moment(each.since, moment, zone),
            day_of_moment(each.due, moment, zone),
        )
        for each in found
    ]
    return render_template("review/circles.html", rows=rows)


@pages.get("/kretsar/<number>/granskning")
def circle(number: str) -> Page:
    """What is to be reviewed of one circle's log."""
    return _page(number, now())


@pages.post("/kretsar/<number>/granskning")
def sign(number: str) -> Page:
    """Sign for what was shown; what has come since waits for the next review."""
    viewer, moment = current_viewer(), now()
    remark = request.form.get("anmarkning", "")
    start, end = (read_occurrence(request.form.get(name, "")) for name in ("fran", "till"))
    period = Span(start, end) if start and end and start < end else Span(moment, moment)
    key, shown = marked(viewer, number).circle.key, request.form.get("visat", "")
    try:
        reviewing.sign(viewer, key, period, shown, remark, moment, secret_key())
    except Changed:
        return _page(number, moment, remark, stale=True)
    except Refused:
        return _page(number, moment, remark, wrong=True)
    flash(_("The review is signed."))
    return redirect(url_for("reviewing.circles"), 303)


def _page(number: str, moment: datetime, remark: str = "", stale: bool = False, wrong: bool = False) -> Page:
    viewer = current_viewer()
    found = reviewing.review_of(viewer, marked(viewer, number).circle.key, moment, secret_key())
    zone = looking.zone_of(viewer)
    page = render_template(
        "review/circle.html",
        found=found,
        number=number,
        lines=[_line(each, moment) for each in found.rows],
        denials=[(each, written(each.at, moment, zone)) for each in found.denials],
        earlier=[
            (each, day_of_moment(each.period.end, moment, zone), written(each.signed, moment, zone))
            for each in found.earlier
        ],
        since=day_of_moment(found.waiting.since, moment, zone),
        due=day_of_moment(found.waiting.due, moment, zone),
        **_told(found),
        remark=remark,
        stale=stale,
        wrong=wrong,
        most=reviewing.MOST_WORDS,
    )
    return (page, 409 if stale else 422) if stale or wrong else page


def _told(found: ToReview) -> dict[str, str]:
    """The period as the form carries it."""
    if found.period is None:
        return {"start": "", "end": ""}
    return {"start": write_occurrence(found.period.start), "end": write_occurrence(found.period.end)}


def _line(shown: Shown, moment: datetime) -> Line:
    row, premises = shown.row, shown.place.premises
    known = row.place in premises.by_key
    return Line(
        name=row.name,
        organisation=row.organisation_name,
        at=written(row.at, moment, premises.zone),
        how=_how(row.channel),
        place=name_of(premises, row.place) if known else premises.name,
        booked=when(row.booked, premises.zone),
        why=tuple(REASONS[each]() for each in Why if each in shown.why),
    )


def _how(channel: str) -> str:
    return CHANNELS[channel]() if channel in CHANNELS else channel


def readers_of(opened: Opened, moment: datetime) -> list[Line]:
    """Who has opened a booking, for its organiser's own page of it."""
    zone = opened.place.premises.zone
    return [_reader(each, moment, zone) for each in reviewing.readers(opened)]


def _reader(reader: Reader, moment: datetime, zone: tzinfo) -> Line:
    return Line(reader.name, reader.organisation, written(reader.at, moment, zone), _how(reader.channel))
