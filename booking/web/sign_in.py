"""Signing in and out, and choosing a password by a one-time link. Imports the actions."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, SubmitField
from wtforms.validators import EqualTo, InputRequired, Length

from booking.actions import limiting, looking, membership, signing_in
from booking.actions.errors import NotFound, Refused, TooMany
from booking.actions.signing_in import Browser
from booking.web.clock import now
from booking.web.forms import Form
from booking.web.language import lazily as _l
from booking.web.passkeys import asked, too_many, unused
from booking.web.programs import program
from booking.web.sentences import sentence
from booking.web.site import passkey_site
from booking.web.viewer import current_viewer, emptied, end, enter, live, local_path, public

pages = Blueprint("sign_in", __name__)
LEAST_PASSWORD = 12
UTC = ZoneInfo("UTC")
Page = Response | str | tuple[str, int]


class SignInForm(Form):
    """Who, and on what kind of computer."""

    email = EmailField(_l("Email"), [InputRequired(_l("Write your email address.")), Length(max=254)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Write your password.")), Length(max=1024)])
    shared = BooleanField(_l("This is a shared computer"))
    submit = SubmitField(_l("Sign in"))


class PasskeyForm(Form):
    """What a passkey signed, and on what kind of computer."""

    credential = HiddenField()
    shared = BooleanField()


class ChoosePasswordForm(Form):
    """A new password, twice."""

    password = PasswordField(
        _l("New password"),
        [
            InputRequired(_l("Write a password.")),
            Length(min=LEAST_PASSWORD, max=1024, message=_l("A password has at least 12 characters.")),
        ],
    )
    again = PasswordField(
        _l("The same password again"),
        [EqualTo("password", message=_l("The two passwords are not the same."))],
    )
    submit = SubmitField(_l("Save the password"))


@pages.route("/logga-in", methods=["GET", "POST"])
@public
def sign_in() -> Page:
    """The sign-in page; a signed-in person goes on to the board."""
    if request.method == "GET" and current_viewer().signed_in:
        return redirect(_onward())
    form = SignInForm()
    if not form.sent_and_valid():
        return _page(form, 422 if request.method == "POST" else 200)
    try:
        entered = signing_in.sign_in(
            form.email.data or "", form.password.data or "", _browser(form.shared.data), now()
        )
    except TooMany:
        form.password.errors = (too_many(),)
        return _page(form, 429)
    if entered is None:
        form.password.errors = (_l("The email address and the password do not belong together."),)
        return _page(form, 422)
    enter(entered, form.shared.data)
    if entered.pending:
        return redirect(url_for("second_step.step", next=local_path(request.args.get("next"))))
    return redirect(_onward())


@pages.post("/logga-in/passnyckel/fraga")
@public
def ask_passkey() -> Response:
    """What the browser is to have a passkey sign, whoever it belongs to."""
    return asked(lambda: signing_in.passkey_to_enter(passkey_site(), request.remote_addr or "", now()))


@pages.post("/logga-in/passnyckel")
@public
def sign_in_by_passkey() -> Page:
    """Sign in by what a passkey signed."""
    sent, form = PasskeyForm(), SignInForm(formdata=None)
    try:
        entered = signing_in.enter_by_passkey(
            sent.credential.data or "", passkey_site(), _browser(sent.shared.data), now()
        )
    except TooMany:
        form.form_errors = [too_many()]
        return _page(form, 429)
    if entered is None:
        form.form_errors = [unused()]
        return _page(form, 422)
    enter(entered, sent.shared.data)
    return redirect(_onward())


def _onward() -> str:
    return local_path(request.args.get("next")) or url_for("today.today")


def _browser(shared: bool) -> Browser:
    return Browser(request.remote_addr or "", program(request.user_agent.string), shared)


def _page(form: SignInForm, status: int) -> tuple[str, int]:
    onward = local_path(request.args.get("next"))
    page = render_template("sign_in/sign_in.html", form=form, onward=onward, houses=looking.houses())
    return page, status


@pages.get("/inloggad")
@live
def here() -> tuple[str, int]:
    """Whether this browser's session still stands: whoever is signed out is sent to sign in."""
    return "", 204


@pages.get("/inloggad/arbetar")
def at_work() -> tuple[str, int]:
    """The same, from somebody who is writing: their session does not idle out."""
    return "", 204


@pages.post("/logga-ut")
@public
def sign_out() -> Response:
    """End the session, and empty what the browser holds: but for its cookies of language and looks."""
    end()
    return emptied(redirect(url_for("sign_in.sign_in")))


@pages.route("/valkommen/<secret>", methods=["GET", "POST"])
@public
def choose_password(secret: str) -> Page:
    """Choose a password; the link opens once."""
    if len(secret) > 100:
        abort(404)
    try:
        owner = membership.look_at_link(secret, now())
    except NotFound:
        limiting.missed(limiting.of_address("links", request.remote_addr or ""), now())
        raise
    form = ChoosePasswordForm()
    if form.sent_and_valid():
        try:
            membership.choose_password(secret, form.password.data or "", now())
            return redirect(url_for("sign_in.sign_in"))
        except Refused as refused:
            form.password.errors = (sentence(refused.refusals[0], UTC),)
    status = 422 if request.method == "POST" else 200
    return render_template("sign_in/choose_password.html", form=form, owner=owner), status
