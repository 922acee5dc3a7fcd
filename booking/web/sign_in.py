"""Signing in and out, and choosing a first password by a one-time link."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, EmailField, PasswordField, SubmitField
from wtforms.validators import EqualTo, InputRequired, Length

from booking.actions import membership
from booking.actions.errors import TooMany
from booking.web.clock import now
from booking.web.forms import Form
from booking.web.language import lazily as _l
from booking.web.viewer import begin, current_viewer, end, local_path, public

pages = Blueprint("sign_in", __name__)
LEAST_PASSWORD = 12


class SignInForm(Form):
    """Who, and on what kind of computer."""

    email = EmailField(_l("Email"), [InputRequired(_l("Write your email address.")), Length(max=254)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Write your password.")), Length(max=1024)])
    shared = BooleanField(_l("This is a shared computer"))
    submit = SubmitField(_l("Sign in"))


class ChoosePasswordForm(Form):
    """A first password, twice."""

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
def sign_in() -> Response | str | tuple[str, int]:
    """The sign-in page; a signed-in person goes on to the board."""
    onward = local_path(request.args.get("next")) or url_for("today.today")
    if request.method == "GET" and current_viewer().signed_in:
        return redirect(onward)
    form = SignInForm()
    if not form.sent_and_valid():
        return render_template("sign_in/sign_in.html", form=form), 422 if request.method == "POST" else 200
    try:
        secret = membership.sign_in(
            form.email.data or "",
            form.password.data or "",
            form.shared.data,
            request.remote_addr or "",
            now(),
        )
    except TooMany:
        form.password.errors = (_l("Too many attempts. Wait a quarter of an hour and try again."),)
        return render_template("sign_in/sign_in.html", form=form), 429
    if secret is None:
        form.password.errors = (_l("The email address and the password do not belong together."),)
        return render_template("sign_in/sign_in.html", form=form), 422
    end()
    begin(secret)
    return redirect(onward)


@pages.post("/logga-ut")
@public
def sign_out() -> Response:
    """End the session, and empty what the browser holds."""
    end()
    response = redirect(url_for("sign_in.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@pages.route("/valkommen/<secret>", methods=["GET", "POST"])
@public
def choose_password(secret: str) -> Response | str | tuple[str, int]:
    """Choose a first password; the link opens once."""
    if len(secret) > 100:
        abort(404)
    owner = membership.look_at_link(secret, now())
    form = ChoosePasswordForm()
    if form.sent_and_valid():
        membership.choose_password(secret, form.password.data or "", now())
        return redirect(url_for("sign_in.sign_in"))
    status = 422 if request.method == "POST" else 200
    return render_template("sign_in/choose_password.html", form=form, owner=owner), status
