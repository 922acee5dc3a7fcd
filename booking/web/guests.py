"""The coordinator's guests: inviting them, giving them more time, ending their account. Imports the actions.

Addresses of people stand in no address of a page: they are sent in forms.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import StringField

from booking.actions import inviting, resetting
from booking.actions.errors import Refused
from booking.actions.inviting import SOON, Guest, Invited, Inviting
from booking.actions.looking import Place
from booking.domain.people import Viewer
from booking.domain.permissions import Deed
from booking.domain.spans import day_of
from booking.web.clock import now
from booking.web.coordination import named, where
from booking.web.forms import Fault, Form, mark
from booking.web.language import lazily as _l
from booking.web.pieces import read_day
from booking.web.sentences import sentence
from booking.web.site import site
from booking.web.wording import day_of_moment, plain_day

pages = Blueprint("guests", __name__)
Page = Response | str | tuple[str, int]


class InvitingForm(Form):
    """Whom to invite, what they are called, and until when."""

    email = StringField(_l("Email"), name="epost")
    name = StringField(_l("What they are called"), name="namn")
    until = StringField(_l("The account’s last day"), name="till")


@dataclass(frozen=True)
class Row:
    """A guest in the list. `until` and `soon` are words; `day` is what the field of the date begins with."""

    guest: Guest
    until: str
    soon: str
    day: str


@pages.get("/samordning/gaster")
def page() -> str:
    """The guests, those who were invited, and the form for one more."""
    viewer, place = where(Deed.GUEST_KEEP, named())
    return _page(viewer, place, _blank(place))


@pages.post("/samordning/gaster")
def invite() -> Page:
    """Invite somebody; the answer is the same wherever else the address has an account."""
    viewer, place = where(Deed.GUEST_KEEP, named())
    form = InvitingForm()
    wanted = Inviting(form.text("email"), form.text("name"), read_day(form.text("until")))
    try:
        secret = inviting.invite(viewer, place.premises.key, wanted, now())
    except Refused as refused:
        _mark(form, refused, place.premises.zone)
        return _page(viewer, place, form), 422
    return _invited(viewer, place, secret)


@pages.post("/samordning/gaster/skicka")
def invite_anew() -> Page:
    """A new link in place of an earlier one."""
    viewer, place = where(Deed.GUEST_KEEP, named())
    return _invited(viewer, place, inviting.invite_anew(viewer, place.premises.key, _who(), now()))


@pages.post("/samordning/gaster/ta-tillbaka")
def withdraw() -> Page:
    """Take an invitation back."""
    viewer, place = where(Deed.GUEST_KEEP, named())
    inviting.withdraw(viewer, place.premises.key, _who(), now())
    return _done(place, _("The invitation is taken back. Its link opens nothing any more."))


@pages.post("/samordning/gaster/forlang")
def extend() -> Page:
    """Let a guest's account end on another day."""
    viewer, place = where(Deed.GUEST_KEEP, named())
    until = read_day(request.form.get("till", ""))
    try:
        inviting.extend(viewer, place.premises.key, _who(), until, now())
    except Refused as refused:
        wrong = sentence(refused.refusals[0], place.premises.zone)
        return _page(viewer, place, _blank(place), _who(), wrong), 422
    return _done(place, _("The account has another last day, and the guest is told."))


@pages.post("/samordning/gaster/avsluta")
def end() -> Page:
    """End a guest's account now."""
    viewer, place = where(Deed.GUEST_KEEP, named())
    inviting.end(viewer, place.premises.key, _who(), now())
    return _done(place, _("The account is ended."))


# --- in words ---------------------------------------------------------------------------------


def _who() -> str:
    return request.form.get("vem", "").replace("\0", "\ufffd")


def _done(place: Place, words: str) -> Response:
    flash(words)
    return redirect(url_for("guests.page", lokal=place.premises.key), 303)


def _invited(viewer: Viewer, place: Place, secret: str | None) -> Page:
    """Without mail the link is shown, this once."""
    if secret is None:
        return _done(place, _("An invitation is on its way to the address."))
    link = site() + url_for("invitation.accept", secret=secret)
    return _page(viewer, place, _blank(place), link=link), 201


def _mark(form: InvitingForm, refused: Refused, zone: ZoneInfo) -> None:
    mark(form, [Fault(each.field, sentence(each, zone)) for each in refused.refusals])


def _blank(place: Place) -> InvitingForm:
    form = InvitingForm(formdata=None)
    form.until.data = inviting.usual_end(place, now()).isoformat()
    return form


def _page(
    viewer: Viewer, place: Place, form: InvitingForm, who: str = "", wrong: str = "", link: str = ""
) -> str:
    moment, zone = now(), place.premises.zone
    return render_template(
        "coordination/guests.html",
        place=place,
        rows=[_row(each, place, moment) for each in inviting.guests(viewer, place, moment)],
        invited=[_waiting(each, moment, zone) for each in inviting.invited(viewer, place, moment)],
        form=form,
        today=day_of(moment, zone).isoformat(),
        latest=inviting.latest_end(place, moment).isoformat(),
        mails=resetting.mails(),
        who=who.strip().lower(),
        wrong=wrong,
        link=link,
    )


def _row(guest: Guest, place: Place, moment: datetime) -> Row:
    left = _days_left(guest, place, moment)
    day = guest.until if guest.until and not guest.ended else inviting.usual_end(place, moment)
    soon = _("ends today") if left == 0 else ngettext("%(num)d day left", "%(num)d days left", left)
    return Row(
        guest,
        plain_day(guest.until) if guest.until else "",
        soon if 0 <= left <= SOON.days else "",
        day.isoformat(),
    )


def _days_left(guest: Guest, place: Place, moment: datetime) -> int:
    """Whole days until the last one; less than none for who has left, very many where there is no end."""
    if guest.ended:
        return -1
    return (guest.until - day_of(moment, place.premises.zone)).days if guest.until else 10_000


def _waiting(invited: Invited, moment: datetime, zone: ZoneInfo) -> tuple[Invited, str, str]:
    return invited, day_of_moment(invited.made, moment, zone), plain_day(invited.until)
