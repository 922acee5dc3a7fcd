"""A display at a door: paired by a code, it shows its place and books it with two taps. Imports the actions.

Its cookie is its own: who is signed in in the same browser is not asked, and a session opens nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from booking.actions import at_the_door, doors, limiting
from booking.actions.at_the_door import Tap
from booking.actions.doors import Display
from booking.actions.errors import Clash, NotFound, Refused, TooMany
from booking.domain.doors import LONGEST, promised, taken_back
from booking.domain.views import Full
from booking.web.clock import now
from booking.web.door_words import DoorWords
from booking.web.laying.door import screen
from booking.web.live import part, tag_of
from booking.web.pieces import read_occurrence, write_occurrence
from booking.web.sentences import sentence
from booking.web.viewer import REQUESTS, public

pages = Blueprint("door", __name__)
COOKIE = "dorr"
KEPT = timedelta(days=400)  # RFC 6265bis section 5.5: no browser keeps a cookie longer
MINUTES = re.compile(r"[1-9][0-9]?", re.ASCII)
Page = Response | str | tuple[str, int]
View = TypeVar("View", bound=Callable[..., Any])


def paired(view: View) -> View:
    """A route that is answered to a display alone; everybody else is led to where one is paired."""

    @wraps(view)
    def answer(*given: Any, **named: Any) -> Any:
        display = _display()
        return redirect(url_for("door.pair")) if display is None else view(display, *given, **named)

    return public(cast(View, answer))


def _display() -> Display | None:
    """The display whose cookie this is. TooMany after 600 requests in a minute."""
    secret = request.cookies.get(_cookie(), "")
    found = doors.display(secret, now()) if secret else None
    if found is not None:
        limiting.request_by(secret, current_app.extensions[REQUESTS], now())
    return found


def _demo() -> bool:
    return bool(current_app.extensions["samlokal.settings"].demo)


def _cookie() -> str:
    return COOKIE if _demo() else f"__Host-{COOKIE}"


def _keep(response: Response, secret: str) -> Response:
    """The response with the display's secret in its cookie, for as long as a browser keeps one."""
    response.set_cookie(
        _cookie(), secret, max_age=KEPT, secure=not _demo(), httponly=True, samesite="Lax", path="/"
    )
    return response


# --- pairing ----------------------------------------------------------------------------------


@pages.route("/dorr", methods=["GET", "POST"])
@public
def pair() -> Page:
    """Where the code is typed; a display that is paired goes on to its screen."""
    if request.method != "POST":
        return redirect(url_for("door.show")) if _display() else _pairing("", 200)
    code = request.form.get("kod", "")[:100]
    if not code.strip():
        return _pairing(_("Write the code."), 422)
    try:
        secret = doors.pair(code, request.remote_addr or "", now())
    except TooMany:
        return _pairing(_("Too many codes were wrong. Wait a quarter of an hour."), 429)
    if secret is None:
        wrong = _("No display waits for that code. Codes are valid for a quarter of an hour, and once.")
        return _pairing(wrong, 422)
    return _keep(redirect(url_for("door.show"), 303), secret)


def _pairing(wrong: str, status: int) -> tuple[str, int]:
    return render_template("door/pair.html", wrong=wrong), status


# --- the screen -------------------------------------------------------------------------------


@pages.get("/dorr/skarm")
@paired
def show(display: Display) -> Response:
    """The screen, whole. That it is opened keeps the cookie for as long again."""
    response = make_response(_page(display, now()))
    return _keep(response, request.cookies[_cookie()])


@pages.get("/dorr/delar")
@paired
def parts(display: Display) -> Response:
    """What is on the screen alone, with a strong entity tag of exactly these bytes."""
    body = _parts(display, now())
    return part(body, tag_of(body))


def _page(display: Display, moment: datetime, said: str = "") -> str:
    body = _parts(display, moment)
    return render_template(
        "door/screen.html", parts=body, tag=tag_of(body), words=DoorWords(display), said=said, now=moment
    )


def _parts(display: Display, moment: datetime) -> str:
    look = at_the_door.look(display, moment)
    own = at_the_door.own(display, look, moment)
    shown = screen(look, display.viewer, display.resource, own, moment)
    return render_template("door/parts.html", screen=shown, words=DoorWords(display, look.names))


# --- booking ----------------------------------------------------------------------------------


@pages.get("/dorr/boka")
@paired
def form(display: Display) -> Page:
    """For whom: one button for each organisation of the premises."""
    tap = _tap()
    span = promised(tap.start, tap.length, now()) if tap else None
    if span is None:
        return redirect(url_for("door.show"))
    assert tap is not None
    return render_template(
        "door/form.html",
        words=DoorWords(display),
        span=span,
        start=write_occurrence(tap.start),
        minutes=tap.length // timedelta(minutes=1),
        organisations=at_the_door.whom(display),
    )


@pages.post("/dorr/boka")
@paired
def book(display: Display) -> Page:
    """Book it. Somebody was faster: the screen, as it is now, says so."""
    tap = _tap()
    if tap is None:
        return _page(display, now(), _("Choose a time again.")), 422
    try:
        made = at_the_door.book(display, tap, now())
    except Clash:
        return _page(display, now(), _("Someone was faster. Pick another time.")), 409
    except Refused as refused:
        return _page(display, now(), sentence(refused.refusals[0], display.place.premises.zone)), 422
    except TooMany:
        return _page(display, now(), _too_many()), 429
    return redirect(url_for("door.done", fran=write_occurrence(made.span.start)), 303)


def _tap() -> Tap | None:
    """What was tapped; None when it cannot be read."""
    start = read_occurrence(request.values.get("fran", ""))
    minutes = request.values.get("minuter", "")
    if start is None or not MINUTES.fullmatch(minutes):
        return None
    whom = request.form.get("vem", "").replace("\0", "\ufffd")
    return Tap(start, min(timedelta(minutes=int(minutes)), LONGEST), whom)


def _too_many() -> str:
    return _("Too much has been done here just now. Try again in a quarter of an hour.")


@pages.get("/dorr/bokat")
@paired
def done(display: Display) -> Page:
    """What has just been booked, and how to take it back."""
    found = _own(display)
    if found is None:
        return redirect(url_for("door.show"))
    return render_template(
        "door/done.html", words=DoorWords(display), view=found, start=write_occurrence(found.span.start)
    )


@pages.get("/dorr/avsluta")
@paired
def ending(display: Display) -> Page:
    """Whether what the display has booked is to end: asked once, for the button is within everybody's reach."""
    found, moment = _own(display), now()
    if found is None:
        return redirect(url_for("door.show"))
    return render_template(
        "door/ending.html",
        words=DoorWords(display),
        view=found,
        begun=not taken_back(found, moment),
        start=write_occurrence(found.span.start),
    )


@pages.post("/dorr/avsluta")
@paired
def end(display: Display) -> Page:
    """End it, or cancel what has not begun."""
    start = read_occurrence(request.form.get("fran", ""))
    try:
        if start is not None:
            at_the_door.end(display, start, now())
    except TooMany:
        return _page(display, now(), _too_many()), 429
    except (NotFound, Refused):
        pass  # it has ended meanwhile, which is what was wanted
    return redirect(url_for("door.show"), 303)


def _own(display: Display) -> Full | None:
    """The display's own booking that the address names by its start."""
    start, moment = read_occurrence(request.args.get("fran", "")), now()
    found = at_the_door.own(display, at_the_door.look(display, moment), moment)
    return next((view for view in found if view.span.start == start), None)


@pages.get("/dorr/annan-tid")
@paired
def other(display: Display) -> str:
    """Codes for a telephone: the form for another time, and checking in."""
    return render_template("door/other.html", words=DoorWords(display))
