"""The circles of one's own organisation, and the coordinator's form for a new one. Imports the actions.

A circle's page has an address that says nothing of it, for addresses stand in logs and in what a browser remembers.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField

from booking.actions import circles, joining, looking
from booking.actions.circles import Making, Seen
from booking.actions.errors import Refused
from booking.actions.joining import Joining
from booking.domain.people import Circle, Organisation, Viewer
from booking.domain.people import Secrecy as Duty
from booking.domain.permissions import Deed
from booking.web.clock import now
from booking.web.coordination import named, where
from booking.web.forms import Fault, Form, mark
from booking.web.language import lazily as _l
from booking.web.marks import mark_of, marked
from booking.web.sentences import sentence
from booking.web.viewer import current_viewer
from booking.web.wording import day_of_moment

pages = Blueprint("circles", __name__)
NEW, ALL = "nya", "alla"
SEES = {
    NEW: _l("What is booked in the circle from now on"),
    ALL: _l("Everything that has been booked in the circle, also what has been"),
}
Page = Response | str | tuple[str, int]


class JoiningForm(Form):
    """An organisation that is to be in a circle."""

    organisation = StringField(_l("Organisation"), name="organisation")
    standing = StringField(_l("What it is to see"), name="ser")
    ground = StringField(_l("Legal ground, if there is one to note"), name="grund")
    confirmed = BooleanField(
        _l("The organisation is bound by no duty of secrecy, and I want it in the circle all the same"),
        name="bekraftat",
    )


class MakingForm(Form):
    """A new circle."""

    name = StringField(_l("Name"), name="namn")
    steward = StringField(_l("Steward"), name="forvaltare")
    confirmed = BooleanField(
        _l("The organisation is bound by no duty of secrecy, and I want it in the circle all the same"),
        name="bekraftat",
    )


@dataclass(frozen=True)
class Line:
    """A circle in the list. `address` is empty where these eyes may not know what is booked in it."""

    seen: Seen
    address: str
    since: str


# --- seeing -----------------------------------------------------------------------------------


@pages.get("/kretsar")
def mine() -> str:
    """The circles of the viewer's organisation."""
    viewer = current_viewer()
    zone = looking.zone_of(viewer)
    lines = [
        Line(each, _address(each.circle) if each.open else "", day_of_moment(each.since, now(), zone))
        for each in circles.mine(viewer)
    ]
    return render_template("circles/circles.html", lines=lines)


@pages.get("/kretsar/<number>")
def show(number: str) -> str:
    """One circle: who is in it, and for its steward what may be changed."""
    viewer, seen = _found(number)
    return _shown(viewer, seen, JoiningForm(formdata=None))


def _found(number: str) -> tuple[Viewer, Seen]:
    """The viewer, and the circle of theirs that has this address; else NotFound."""
    viewer = current_viewer()
    return viewer, marked(viewer, number)


def _address(circle: Circle) -> str:
    return url_for("circles.show", number=mark_of(circle.key))


def _shown(viewer: Viewer, seen: Seen, form: JoiningForm, wrong: str = "", about: str = "") -> str:
    zone = looking.zone_of(viewer)
    return render_template(
        "circles/circle.html",
        seen=seen,
        number=mark_of(seen.circle.key),
        since=[day_of_moment(each.since, now(), zone) for each in seen.members],
        form=form,
        sees=SEES,
        free=_choices(circles.addable(viewer, seen)),
        wrong=wrong,
        about=about,
        proved=viewer.proved,
    )


def _choices(organisations: list[Organisation]) -> list[tuple[str, str]]:
    return [
        (
            each.key,
            _("%(name)s (no duty of secrecy)", name=each.name) if each.secrecy is Duty.NONE else each.name,
        )
        for each in organisations
    ]


# --- who is in it -----------------------------------------------------------------------------


@pages.post("/kretsar/<number>/ta-in")
def add(number: str) -> Page:
    """Take an organisation in."""
    viewer, seen = _found(number)
    form = JoiningForm()
    wanted = Joining(
        organisation=form.text("organisation"),
        standing=form.standing.data == ALL,
        confirmed=form.confirmed.data,
        ground=form.text("ground"),
    )
    try:
        joining.add(viewer, seen.circle.key, wanted, now())
    except Refused as refused:
        _mark_all(form, viewer, refused)
        return _shown(viewer, seen, form), 422
    flash(_("The organisation is in the circle, and its administrators have been told."))
    return redirect(_address(seen.circle), 303)


@pages.post("/kretsar/<number>/ta-ut")
def remove(number: str) -> Page:
    """Take an organisation out."""
    viewer, seen = _found(number)
    organisation = request.form.get("organisation", "").replace("\0", "\ufffd")
    try:
        joining.remove(viewer, seen.circle.key, organisation, now())
    except Refused as refused:
        return _shown(viewer, seen, JoiningForm(formdata=None), _why(viewer, refused), organisation), 422
    flash(_("The organisation is no longer in the circle, and its administrators have been told."))
    return redirect(_address(seen.circle), 303)


@pages.post("/kretsar/<number>/lamna")
def leave(number: str) -> Page:
    """Take one's own organisation out."""
    viewer, seen = _found(number)
    try:
        joining.leave(viewer, seen.circle.key, now())
    except Refused as refused:
        return _shown(viewer, seen, JoiningForm(formdata=None), _why(viewer, refused)), 422
    flash(_("Your organisation is no longer in the circle."))
    return redirect(url_for("circles.mine"), 303)


@pages.post("/kretsar/<number>/andra-faktor")
def second_factor(number: str) -> Page:
    """Demand a second factor, or no longer."""
    viewer, seen = _found(number)
    try:
        circles.demand_second_factor(viewer, seen.circle.key, request.form.get("kravs") == "ja", now())
    except Refused as refused:
        return _shown(viewer, seen, JoiningForm(formdata=None), _why(viewer, refused)), 422
    flash(_("Saved."))
    return redirect(_address(seen.circle), 303)


def _why(viewer: Viewer, refused: Refused) -> str:
    return sentence(refused.refusals[0], looking.zone_of(viewer))


def _mark_all(form: Form, viewer: Viewer, refused: Refused) -> None:
    zone = looking.zone_of(viewer)
    mark(form, [Fault(each.field, sentence(each, zone)) for each in refused.refusals])


# --- making -----------------------------------------------------------------------------------


@pages.get("/samordning/kretsar")
def form() -> str:
    """The coordinator's form; what circles there are it does not say."""
    viewer, place = where(Deed.CIRCLE_MAKE, named())
    return _form(viewer, MakingForm(formdata=None), place)


@pages.post("/samordning/kretsar")
def make() -> Page:
    """Make a circle: whoever does sees no more of it than this answer."""
    viewer, place = where(Deed.CIRCLE_MAKE, named())
    filled = MakingForm()
    wanted = Making(filled.text("name"), filled.text("steward"), filled.confirmed.data)
    try:
        circles.make(viewer, wanted, now())
    except Refused as refused:
        _mark_all(filled, viewer, refused)
        return _form(viewer, filled, place), 422
    flash(_("The circle is made. Its steward takes it from here."))
    return redirect(url_for("coordination.overview", lokal=place.premises.key), 303)


def _form(viewer: Viewer, filled: MakingForm, place: looking.Place) -> str:
    stewards = _choices(circles.stewards(viewer))
    return render_template("coordination/circle.html", form=filled, place=place, stewards=stewards)
