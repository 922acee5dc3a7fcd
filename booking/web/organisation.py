"""One's own organisation, for its administrator: its people, admitting, handing over, letting go.

Imports the actions. Nothing here is counted or listed of anybody's bookings.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import StringField

from booking.actions import admitting, handing_over, leaving, looking
from booking.actions.errors import NotFound, Refused
from booking.actions.leaving import Colleague
from booking.domain.people import Viewer
from booking.domain.permissions import Deed, require
from booking.domain.refusals import Reason
from booking.web.clock import now
from booking.web.forms import Fault, Form, mark
from booking.web.language import lazily as _l
from booking.web.sentences import sentence
from booking.web.site import site
from booking.web.viewer import current_viewer

pages = Blueprint("organisation", __name__)
CANCEL = "avboka"
Page = Response | str | tuple[str, int]


class AdmittingForm(Form):
    """Somebody who is to have an account."""

    name = StringField(_l("Name"), name="namn")
    email = StringField(_l("Email"), name="epost")


@pages.get("/organisationen")
def people() -> str:
    """Everybody of the viewer's own organisation."""
    return _page(current_viewer(), AdmittingForm(formdata=None))


@pages.post("/organisationen/slapp-in")
def admit() -> Page:
    """Send somebody a link to an account here; the answer is the same wherever else the address has one."""
    viewer, form = current_viewer(), AdmittingForm()
    require(viewer, Deed.ORGANISATION_RUN)
    if "ta-tillbaka" in request.form:
        admitting.take_back(viewer, form.text("email"), now())
        flash(_("If a link was sent there from here, it opens nothing any more."))
        return redirect(url_for("organisation.people"), 303)
    try:
        secret = admitting.admit(viewer, form.text("email"), form.text("name"), now())
    except Refused as refused:
        mark(form, [Fault(each.field, sentence(each, ZoneInfo("UTC"))) for each in refused.refusals])
        return _page(viewer, form), 422
    if secret is not None:
        link = site() + url_for("sign_in.choose_password", secret=secret)
        return _page(viewer, AdmittingForm(formdata=None), link=link), 201
    flash(_("If the address can be admitted, a link has been sent to it."))
    return redirect(url_for("organisation.people"), 303)


@pages.post("/organisationen/administrator")
def administrator() -> Page:
    """Make a colleague an administrator of the organisation, or take that away."""
    viewer, who = current_viewer(), request.form.get("vem", "")
    require(viewer, Deed.ORGANISATION_RUN)
    try:
        admitting.set_administrator(viewer, who, request.form.get("ska") == "ja", now())
    except Refused as refused:
        return _page(viewer, AdmittingForm(formdata=None), who, _wrong(refused)), 422
    flash(_("Saved."))
    own = who.strip().lower() == viewer.email
    return redirect(url_for("mine.mine" if own else "organisation.people"), 303)


@pages.post("/organisationen/andra-faktor")
def forget_factors() -> Page:
    """A colleague has lost their second factor."""
    viewer, who = current_viewer(), request.form.get("vem", "")
    require(viewer, Deed.ORGANISATION_RUN)
    try:
        admitting.forget_factors(viewer, who, now())
    except Refused as refused:
        return _page(viewer, AdmittingForm(formdata=None), who, _wrong(refused)), 422
    flash(_("Their second factors are taken away, and they are told."))
    return redirect(url_for("organisation.people"), 303)


@pages.post("/organisationen/lamna-over")
def hand_over() -> Page:
    """What one colleague has ahead becomes another's; the answer is the same whatever that was."""
    viewer, who, to = current_viewer(), request.form.get("vem", ""), request.form.get("till", "")
    require(viewer, Deed.ORGANISATION_RUN)
    try:
        handing_over.hand_over(viewer, who, to, now())
    except Refused as refused:
        return _page(viewer, AdmittingForm(formdata=None), who, _wrong(refused)), 422
    flash(_("Handed over. Both are told of what it was."))
    return redirect(url_for("organisation.people"), 303)


@pages.post("/organisationen/avsluta")
def deactivate() -> Page:
    """End a colleague's account; asked first on a page of its own, with what becomes of what they have ahead."""
    viewer, who, to = current_viewer(), request.form.get("vem", ""), request.form.get("till", "")
    require(viewer, Deed.ORGANISATION_RUN)
    if not to:
        return _choose(viewer, who)
    try:
        leaving.deactivate(viewer, who, now(), None if to == CANCEL else to)
    except Refused as refused:
        return _choose(viewer, who, _wrong(refused)), 422
    flash(_("The account is ended."))
    return redirect(url_for("organisation.people"), 303)


def _choose(viewer: Viewer, who: str, wrong: str = "") -> str:
    found = leaving.people_of(viewer, now())
    leaver = next((each for each in found if each.email == who.strip().lower()), None)
    if leaver is None:
        raise NotFound
    return render_template(
        "organisation/leaving.html", leaver=leaver, others=_others(found, leaver), wrong=wrong, cancel=CANCEL
    )


def _page(viewer: Viewer, form: AdmittingForm, who: str = "", wrong: str = "", link: str = "") -> str:
    found = leaving.people_of(viewer, now())
    return render_template(
        "organisation/people.html",
        organisation=looking.organisation_of(viewer),
        people=[(each, _others(found, each)) for each in found],
        form=form,
        link=link,
        who=who.strip().lower(),
        wrong=wrong,
    )


def _others(found: tuple[Colleague, ...], one: Colleague) -> list[Colleague]:
    return [each for each in found if not each.ended and each.email != one.email]


def _wrong(refused: Refused) -> str:
    if refused.refusals[0].reason is Reason.LAST_ADMINISTRATOR:
        return _("Your organisation would be without an administrator.")
    return _("Choose a colleague who is still there.")
