"""Accounts, for the system's administrator: find one by its address, and start a new password for it.

Imports the actions. Addresses of people stand in no address of a page: they are sent in forms.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import StringField

from booking.actions import resetting
from booking.actions.errors import Refused
from booking.domain.people import Role, Viewer
from booking.domain.permissions import Deed, require
from booking.domain.refusals import Reason, Refusal
from booking.web.clock import now
from booking.web.forms import Fault, Form, mark
from booking.web.language import lazily as _l
from booking.web.sentences import sentence
from booking.web.viewer import current_viewer

pages = Blueprint("accounts", __name__)
Page = Response | str | tuple[str, int]
ROLES = {
    Role.GUEST: _l("guest"),
    Role.MEMBER: _l("member"),
    Role.COORDINATOR: _l("coordinator"),
    Role.ADMINISTRATOR: _l("administrator of the system"),
}


class AccountForm(Form):
    """Whose account."""

    email = StringField(_l("Email"), name="epost")


@pages.get("/konton")
def form() -> str:
    """Where an account is looked for."""
    return _page(_administrator(), AccountForm(formdata=None))


@pages.post("/konton")
def find() -> Page:
    """The account with exactly this address."""
    viewer, filled = _administrator(), AccountForm()
    account = resetting.find(viewer, filled.text("email"), now())
    if account is None:
        _mark(filled, Reason.NO_SUCH_ACCOUNT)
        return _page(viewer, filled), 404
    return _page(viewer, filled, account)


@pages.post("/konton/nytt-losenord")
def reset() -> Page:
    """Have a link for a new password sent to the person."""
    viewer, filled = _administrator(), AccountForm()
    try:
        resetting.start(viewer, filled.text("email"), now())
    except Refused as refused:
        _mark(filled, refused.refusals[0].reason)
        return _page(viewer, filled, resetting.find(viewer, filled.text("email"), now())), 422
    flash(_("A link is on its way to the person, and their organisation is told."))
    return redirect(url_for("accounts.form"), 303)


def _administrator() -> Viewer:
    viewer = current_viewer()
    require(viewer, Deed.ACCOUNT_RESET)
    return viewer


def _mark(filled: AccountForm, reason: Reason) -> None:
    mark(filled, [Fault("email", sentence(Refusal(reason, "email"), ZoneInfo("UTC")))])


def _page(viewer: Viewer, filled: AccountForm, account: resetting.Account | None = None) -> str:
    require(viewer, Deed.ACCOUNT_RESET)
    return render_template(
        "accounts/accounts.html",
        form=filled,
        account=account,
        role=ROLES[account.role] if account else "",
        mails=resetting.mails(),
    )
