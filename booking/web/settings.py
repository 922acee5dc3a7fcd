"""Language and theme, two cookies that hold nothing else, and how one wants to be told. Imports the actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField
from wtforms.validators import AnyOf

from booking.actions import inviting, noticing, securing
from booking.actions.noticing import Wishes
from booking.web.clock import now
from booking.web.forms import Form
from booking.web.language import LANGUAGE_COOKIE, LANGUAGES, THEME_COOKIE
from booking.web.language import lazily as _l
from booking.web.viewer import current_viewer, local_path, public
from booking.web.wording import plain_day

pages = Blueprint("settings", __name__)
YEAR_SECONDS = 365 * 24 * 3600
NEVER = "0"
FEED, MAIL = "feed", "mail"
CALENDARS = {FEED: _l("By a calendar link"), MAIL: _l("By mail, one message for each booking")}
LATER = {
    NEVER: _l("Never"),
    "15": _l("15 minutes before"),
    "30": _l("30 minutes before"),
    "60": _l("One hour before"),
    "1440": _l("A day before"),
}
SPOKEN = {"sv": "Svenska", "en": "English"}


def _one_of(words: Mapping[str, str]) -> AnyOf:
    return AnyOf(list(words), _l("Choose one of these."))


class WishesForm(Form):
    """How one wants to be told."""

    by_mail = BooleanField(_l("Send my notices by mail too"), name="epost")
    calendar = StringField(_l("My bookings in my calendar"), [_one_of(CALENDARS)], name="kalender")
    remind = StringField(_l("Remind me before my bookings"), [_one_of(LATER)], name="paminn")
    language = StringField(_l("Language"), [_one_of(SPOKEN)], name="sprak")


@pages.get("/installningar")
def wishes() -> str:
    """How one is told, and in which language."""
    found = noticing.wishes(current_viewer())
    return _wishes_page(
        WishesForm(
            formdata=None,
            data={
                "by_mail": found.by_mail,
                "calendar": MAIL if found.invitations else FEED,
                "remind": str(found.remind or NEVER),
                "language": found.language,
            },
        )
    )


@pages.post("/installningar")
def wish() -> Response | tuple[str, int]:
    """Keep what was chosen; the language holds at once."""
    form = WishesForm()
    if not form.sent_and_valid():
        return _wishes_page(form), 422
    wanted = Wishes(
        language=form.language.data or "",
        by_mail=form.by_mail.data,
        invitations=form.calendar.data == MAIL,
        remind=int(form.remind.data or NEVER) or None,
    )
    noticing.wish(current_viewer(), wanted, now())
    with force_locale(wanted.language):
        flash(_("Saved."))
    return kept(redirect(url_for("settings.wishes"), 303), LANGUAGE_COOKIE, wanted.language)


def _wishes_page(form: WishesForm) -> str:
    until = inviting.own_end(current_viewer())
    return render_template(
        "notices/wishes.html",
        form=form,
        calendars=CALENDARS,
        later=LATER,
        spoken=SPOKEN,
        factor_missed=securing.is_missed(current_viewer()),
        ends=plain_day(until) if until else "",
    )


@pages.get("/sprak/<code>")
@public
def language(code: str) -> Response:
    """Choose the language and go back. Who is signed in gets their letters in it too."""
    if code not in LANGUAGES:
        abort(404)
    viewer = current_viewer()
    if viewer.signed_in:
        noticing.wish(viewer, replace(noticing.wishes(viewer), language=code), now())
    return kept(redirect(local_path(request.args.get("next")) or "/"), LANGUAGE_COOKIE, code)


@pages.post("/utseende")
@public
def theme() -> Response:
    """Choose light or dark and go back."""
    wanted = request.form.get("theme", "")
    if wanted not in ("light", "dark"):
        abort(400)
    return kept(redirect(local_path(request.form.get("next")) or "/"), THEME_COOKIE, wanted)


def kept(response: Response, name: str, value: str) -> Response:
    """The response with a choice in a cookie of its own for a year."""
    secure = not current_app.extensions["samlokal.settings"].demo
    response.set_cookie(name, value, max_age=YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax")
    return response
