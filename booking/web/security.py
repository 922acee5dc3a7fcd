"""How one signs in: passkeys, an authenticator app, recovery codes, and one's sessions. Imports the actions.

Recovery codes and the secret of an app are written into the one answer that made them.
"""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField, StringField

from booking.actions import looking, securing, sessions
from booking.actions.errors import NotFound, Refused, TooMany
from booking.actions.securing import Setting
from booking.domain.refusals import Reason
from booking.web.clock import now
from booking.web.forms import Form
from booking.web.language import lazily as _l
from booking.web.passkeys import asked, said, too_many
from booking.web.sentences import sentence
from booking.web.site import passkey_site
from booking.web.viewer import account, current_viewer, emptied, end, renew
from booking.web.wording import moment as written

pages = Blueprint("security", __name__, url_prefix="/installningar/sakerhet")
NUMBER = re.compile(r"\w{1,64}", re.ASCII)
UTC = ZoneInfo("UTC")
Page = Response | str | tuple[str, int]


class PasswordForm(Form):
    """One's password again."""

    password = PasswordField(_l("Password"), name="losenord")


class PasskeyForm(Form):
    """What a new passkey is called, and what the browser made."""

    label = StringField(_l("What is it called?"), name="namn")
    credential = HiddenField()


class AppForm(Form):
    """The first code of a new app."""

    code = StringField(_l("The app’s code"), name="kod")


@pages.get("")
def page() -> str:
    """How one signs in, and where one is signed in."""
    return _page()


@pages.post("/bekrafta")
def confirm() -> Page:
    """Say again who one is."""
    form = PasswordForm()
    try:
        right = sessions.confirm(
            current_viewer(), _secret(), form.password.data or "", request.remote_addr or "", now()
        )
    except TooMany:
        form.password.errors = (too_many(),)
        return _page(asking=form), 429
    if not right:
        form.password.errors = (_("That is not your password."),)
        return _page(asking=form), 422
    return _back()


# --- passkeys ---------------------------------------------------------------------------------


@pages.post("/passnyckel/fraga")
def ask_passkey() -> Response:
    """What the browser needs to make a passkey."""
    name = PasskeyForm().text("label").strip()
    try:
        options = securing.passkey_to_add(current_viewer(), _secret(), name, passkey_site(), now())
    except Refused as refused:
        return said(_why(refused), 422)
    return asked(lambda: options)


@pages.post("/passnyckel")
def add_passkey() -> Page:
    """Store the passkey that the browser made."""
    form = PasskeyForm()
    name, made = form.text("label").strip(), form.credential.data or ""
    try:
        secret = securing.add_passkey(current_viewer(), _secret(), name, made, passkey_site(), now())
    except Refused as refused:
        form.label.errors = (_why(refused),)
        return _page(passkey=form), 422
    return _proved(secret, _("The passkey has been added."))


@pages.post("/passnyckel/<number>/ta-bort")
def remove_passkey(number: str) -> Page:
    """Remove a passkey; it opens nothing from now on."""
    try:
        securing.remove_passkey(current_viewer(), _secret(), _checked(number), now())
    except Refused as refused:
        return _refused(refused)
    return _back(_("The passkey has been removed."))


# --- the app ----------------------------------------------------------------------------------


@pages.post("/app")
def begin_app() -> Page:
    """A secret for an app, shown this once."""
    try:
        setting = securing.begin_app(current_viewer(), _secret(), now())
    except Refused as refused:
        return _refused(refused)
    return _page(setting=_drawn(setting), app=AppForm(formdata=None)), 201


@pages.post("/app/bekrafta")
def confirm_app() -> Page:
    """The app's first code; after a wrong one it is shown again."""
    form = AppForm()
    try:
        secret = securing.confirm_app(current_viewer(), _secret(), form.code.data or "", now())
    except Refused as refused:
        wrong = refused.refusals[0].reason is Reason.WRONG_CODE
        setting = securing.setting_up(current_viewer(), _secret(), now()) if wrong else None
        if setting is None:
            return _refused(refused)
        form.code.errors = (_why(refused),)
        return _page(setting=_drawn(setting), app=form), 422
    return _proved(secret, _("The app has been added."))


@pages.post("/app/ta-bort")
def remove_app() -> Page:
    """Remove the app; its codes open nothing from now on."""
    try:
        securing.remove_app(current_viewer(), _secret(), now())
    except Refused as refused:
        return _refused(refused)
    return _back(_("The app has been removed."))


def _drawn(setting: Setting) -> dict[str, Any]:
    """The secret in groups to write, and as a drawing for a camera."""
    drawing = segno.make(setting.address, micro=False).svg_inline(
        omitsize=True, border=2, title=_("The secret as a picture")
    )
    groups = " ".join(re.findall(".{1,4}", setting.secret))
    return {"secret": groups, "drawing": Markup(drawing)}  # noqa: S704 - made by segno alone


# --- recovery codes ---------------------------------------------------------------------------


@pages.post("/koder")
def make_codes() -> Page:
    """New recovery codes, shown this once."""
    try:
        codes = securing.make_recovery_codes(current_viewer(), _secret(), now())
    except Refused as refused:
        return _refused(refused)
    return _page(codes=codes), 201


# --- sessions ---------------------------------------------------------------------------------


@pages.post("/sessioner/<number>/avsluta")
def end_session(number: str) -> Page:
    """End one of one's sessions."""
    sessions.end_session(current_viewer(), _checked(number), now())
    return _back(_("Signed out there."))


@pages.post("/sessioner/avsluta-alla")
def sign_out_everywhere() -> Page:
    """End all of one's sessions, this one too."""
    sessions.sign_out_everywhere(current_viewer(), now())
    end()
    return emptied(redirect(url_for("sign_in.sign_in"), 303))


# --- the page ---------------------------------------------------------------------------------


def _secret() -> str:
    found = account()
    return found.secret if found is not None else ""


def _checked(number: str) -> str:
    if not NUMBER.fullmatch(number):
        raise NotFound
    return number


def _proved(secret: str, done: str) -> Response:
    """The session has a new secret; what was kept for the next page is said there."""
    (shared,) = (each.shared for each in sessions.sessions_of(current_viewer(), secret, now()) if each.here)
    renew(secret, shared)
    return _back(done)


def _back(done: str = "") -> Response:
    if done:
        flash(done)
    return redirect(url_for("security.page"), 303)


def _refused(refused: Refused) -> tuple[str, int]:
    return _page(wrong=_why(refused)), 422


def _why(refused: Refused) -> str:
    return sentence(refused.refusals[0], UTC)


def _page(**made: Any) -> str:
    viewer, moment = current_viewer(), now()
    zone = looking.zone_of(viewer)
    return render_template(
        "settings/security.html",
        ways=securing.ways(viewer, _secret(), moment),
        missed=securing.is_missed(viewer),
        sessions=sessions.sessions_of(viewer, _secret(), moment),
        when=lambda at: written(at, moment, zone),
        forms={
            "asking": PasswordForm(formdata=None),
            "passkey": PasskeyForm(formdata=None),
            **{name: made.pop(name) for name in ("asking", "passkey", "app") if name in made},
        },
        **{"wrong": "", "codes": (), "setting": None, **made},
    )
