"""The second step of signing in: a passkey, a code of the app, or a recovery code. Imports the actions.

It may be taken again by who is signed in, before something that asks for it.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from booking.actions import signing_in
from booking.actions.errors import TooMany
from booking.actions.signing_in import Waiting
from booking.web.clock import now
from booking.web.forms import Form
from booking.web.language import lazily as _l
from booking.web.passkeys import asked, too_many, unused
from booking.web.site import passkey_site
from booking.web.viewer import local_path, present_secret, public, renew

pages = Blueprint("second_step", __name__)
Page = Response | tuple[str, int]


class CodeForm(Form):
    """A code, of the app or for recovery."""

    code = StringField(_l("Code"), [InputRequired(_l("Write the code.")), Length(max=60)], name="kod")


class SignedForm(Form):
    """What a passkey signed."""

    credential = HiddenField()


@pages.route("/logga-in/andra-steget", methods=["GET", "POST"])
@public
def step() -> Page:
    """The step, by a code; who has waited too long begins anew."""
    secret, form = present_secret(), CodeForm()
    waits = signing_in.waiting(secret, now())
    if waits is None:
        return _begin_anew()
    if not form.sent_and_valid():
        return _page(form, waits, 422 if request.method == "POST" else 200)
    try:
        proved = signing_in.prove_by_code(secret, form.code.data or "", request.remote_addr or "", now())
    except TooMany:
        form.code.errors = (too_many(),)
        return _page(form, waits, 429)
    if proved is None:
        form.code.errors = (_("That code is wrong, or was used already."),)
        return _page(form, waits, 422)
    return _on(proved, waits)


@pages.post("/logga-in/andra-steget/fraga")
@public
def ask() -> Response:
    """What the browser is to have one of the person's passkeys sign."""
    return asked(lambda: signing_in.passkey_to_prove(present_secret(), passkey_site(), now()))


@pages.post("/logga-in/andra-steget/passnyckel")
@public
def by_passkey() -> Page:
    """The step, by what a passkey signed."""
    secret, sent, form = present_secret(), SignedForm(), CodeForm(formdata=None)
    waits = signing_in.waiting(secret, now())
    if waits is None:
        return _begin_anew()
    try:
        proved = signing_in.prove_by_passkey(
            secret, sent.credential.data or "", passkey_site(), request.remote_addr or "", now()
        )
    except TooMany:
        form.form_errors = [too_many()]
        return _page(form, waits, 429)
    if proved is None:
        form.form_errors = [unused()]
        return _page(form, waits, 422)
    return _on(proved, waits)


def _on(proved: str, waits: Waiting) -> Response:
    renew(proved, waits.shared)
    return redirect(local_path(request.args.get("next")) or url_for("today.today"))


def _begin_anew() -> Response:
    return redirect(url_for("sign_in.sign_in"))


def _page(form: CodeForm, waits: Waiting, status: int) -> tuple[str, int]:
    onward = local_path(request.args.get("next"))
    return render_template("sign_in/second_step.html", form=form, waits=waits, onward=onward), status
