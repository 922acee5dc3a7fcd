"""An artist's way in: how one asks for an invitation, and the page where an invitation becomes an account.

Imports the actions. Both are open to who is not signed in; the second to whoever holds the secret in its address.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from booking.actions import accepting, limiting, looking
from booking.actions.accepting import Offer
from booking.actions.errors import NotFound, Refused
from booking.domain.refusals import Refusal
from booking.web.clock import now
from booking.web.forms import Form
from booking.web.language import LANGUAGE_COOKIE, LANGUAGES, language
from booking.web.language import lazily as _l
from booking.web.sentences import sentence
from booking.web.settings import kept
from booking.web.sign_in import LEAST_PASSWORD
from booking.web.viewer import public
from booking.web.wording import plain_day

pages = Blueprint("invitation", __name__)
SECRET_LENGTH = 100
Page = Response | str | tuple[str, int]


class AcceptingForm(Form):
    """The guest's own name and password, and a yes to the terms."""

    name = StringField(_l("Your name"), name="namn")
    password = PasswordField(
        _l("Password"),
        [
            InputRequired(_l("Write a password.")),
            Length(min=LEAST_PASSWORD, max=1024, message=_l("A password has at least 12 characters.")),
        ],
        name="losenord",
    )
    again = PasswordField(
        _l("The same password again"),
        [EqualTo("password", message=_l("The two passwords are not the same."))],
        name="igen",
    )
    terms = BooleanField(
        _l("I accept the terms"),
        [InputRequired(_l("Read the terms, and accept them to get an account."))],
        name="villkor",
    )


@pages.get("/inbjudan")
@public
def explained() -> str:
    """How an artist asks for an invitation, and of whom."""
    return render_template("standing/invitation.html", houses=looking.houses())


@pages.route("/inbjudan/<secret>", methods=["GET", "POST"])
@public
def accept(secret: str) -> Page:
    """Make the account that one was invited to; the link opens once."""
    if len(secret) > SECRET_LENGTH:
        abort(404)
    try:
        offer = accepting.look_at_invitation(secret, now())
    except NotFound:
        limiting.missed(limiting.of_address("links", request.remote_addr or ""), now())
        raise
    form = AcceptingForm()
    if request.method == "GET":
        form.name.data = offer.name
    elif (wanted := request.form.get("sprak")) in LANGUAGES:
        return _in_other_words(form, offer, wanted)
    if form.sent_and_valid():
        try:
            accepting.accept(secret, form.text("name"), form.text("password"), language(), now())
            flash(_("Your account is made. Sign in with your address and your new password."))
            return redirect(url_for("sign_in.sign_in"), 303)
        except Refused as refused:
            _mark(form, refused.refusals)
    return _page(form, offer), 422 if request.method == "POST" else 200


def _page(form: AcceptingForm, offer: Offer) -> str:
    until = plain_day(offer.until)
    return render_template("sign_in/accept.html", form=form, offer=offer, until=until)


def _in_other_words(form: AcceptingForm, offer: Offer, wanted: str) -> Response:
    """The same page in the other language, which is kept: no address leads back to one with a secret in it."""
    with force_locale(wanted):
        answer = make_response(_page(form, offer))
    return kept(answer, LANGUAGE_COOKIE, wanted)


def _mark(form: AcceptingForm, refusals: tuple[Refusal, ...]) -> None:
    """At its field, and above the form where it is about the address, which is no field here."""
    for each in refusals:
        words = sentence(each, ZoneInfo("UTC"))
        if each.field == "email":
            form.form_errors = [*form.form_errors, words]
        else:
            form[each.field].errors = (*form[each.field].errors, words)
