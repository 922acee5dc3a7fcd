"""One's calendar subscriptions and API tokens: made, shown once, revoked. Imports the actions.

A link or a token is written into the one answer that made it; only its hash is kept.
"""

from __future__ import annotations

import re
from typing import Any

import segno
from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField, SelectField, StringField

from booking.actions import feeding, looking, membership
from booking.actions.errors import NotFound, Refused
from booking.actions.feeding import FeedKind, FeedWish
from booking.domain.people import Viewer
from booking.domain.premises import Premises
from booking.domain.spans import day_of
from booking.web.choices import Choice
from booking.web.clock import now
from booking.web.feed_cards import feed_card
from booking.web.forms import Form
from booking.web.language import language
from booking.web.language import lazily as _l
from booking.web.sentences import sentence
from booking.web.site import site
from booking.web.viewer import current_viewer
from booking.web.wording import plain_day

pages = Blueprint("subscriptions", __name__)
NUMBER = re.compile(r"[\w-]{1,64}", re.ASCII)
Page = Response | str | tuple[str, int]


class FeedForm(Form):
    """What to subscribe to."""

    premises = StringField(name="lokal")
    kind = RadioField(name="vad", choices=[])
    resource = SelectField(name="plats", choices=[])
    busy_only = BooleanField(_l("Only taken time, no titles"), name="upptaget")
    colleagues = BooleanField(_l("Also my colleagues’ bookings"), name="kollegor")
    neutral = BooleanField(_l("My confidential bookings as Booked time"), name="sekretess")


class TokenForm(Form):
    """A token for a program of one's own."""

    label = StringField(_l("What is it for?"), name="namn")
    confidential = BooleanField(_l("May open what my circles may know"), name="sekretess")


# --- calendars --------------------------------------------------------------------------------


@pages.get("/mina/kalender")
def calendars() -> Page:
    """One's subscriptions, and the form for a new one."""
    form = FeedForm(formdata=None, data={"kind": FeedKind.MINE.value, "neutral": True})
    return _calendars(form)


@pages.post("/mina/kalender")
def make_calendar() -> Page:
    """Make a link and show it, this once."""
    form, viewer = FeedForm(), current_viewer()
    kind = form.kind.data or ""
    if kind not in set(FeedKind):
        form.kind.errors = (_("Choose what the calendar is to show."),)
        return _calendars(form, 422)
    wish = FeedWish(
        premises=form.premises.data or _places(viewer)[0].key,
        kind=FeedKind(kind),
        resource=(form.resource.data or "") if kind == FeedKind.RESOURCE else None,
        busy_only=form.busy_only.data,
        colleagues=form.colleagues.data,
        neutral=form.neutral.data,
    )
    try:
        subscription, secret = feeding.issue(viewer, wish, now())
    except Refused as refused:
        zone = looking.place_for(viewer, wish.premises).premises.zone
        form.resource.errors = tuple(sentence(each, zone) for each in refused.refusals)
        return _calendars(form, 422)
    return _calendars(form, 201, made=feed_card(subscription), **links(secret))


@pages.post("/mina/kalender/<number>/aterkalla")
def revoke_calendar(number: str) -> Page:
    """End a subscription; its link stops at once."""
    if not NUMBER.fullmatch(number):
        raise NotFound
    feeding.revoke(current_viewer(), number, now())
    return redirect(url_for("subscriptions.calendars"), 303)


def links(secret: str) -> dict[str, Any]:
    """The address of a feed, the same for a calendar program to open, and that as a drawing for a camera."""
    address = site() + url_for("ical.feed", secret=secret)
    webcal = "webcal:" + address.split(":", 1)[1]
    drawing = segno.make(webcal, micro=False).svg_inline(
        omitsize=True, border=2, title=_("The link as a picture")
    )
    return {"address": address, "webcal": webcal, "drawing": Markup(drawing)}  # noqa: S704 - made by segno alone


def _calendars(form: FeedForm, status: int = 200, **made: Any) -> Page:
    viewer = current_viewer()
    found = _places(viewer)
    kept = [feed_card(each) for each in feeding.subscriptions(viewer)]
    text = render_template(
        "mine/calendars.html",
        form=form,
        feeds=[each for each in kept if "made" not in made or each.id != made["made"].id],
        several=[Choice(each.key, each.name) for each in found] if len(found) > 1 else [],
        resources=[Choice(r.key, r.name[language()]) for each in found for r in each.resources],
        organised=viewer.organisation is not None,
        circled=bool(viewer.circles),
        **made,
    )
    return text, status


def _places(viewer: Viewer) -> list[Premises]:
    found = [each.premises for each in looking.premises_for(viewer)]
    if not found:
        raise NotFound
    return found


# --- tokens -----------------------------------------------------------------------------------


@pages.get("/mina/nycklar")
def tokens() -> Page:
    """One's tokens, and the form for a new one."""
    return _tokens(TokenForm(formdata=None))


@pages.post("/mina/nycklar")
def make_token() -> Page:
    """Make a token and show it, this once."""
    form = TokenForm()
    label = (form.label.data or "").strip()
    if not label:
        form.label.errors = (_("Write what the token is for."),)
        return _tokens(form, 422)
    try:
        _token, secret = membership.issue_token(current_viewer(), label, form.confidential.data, now())
    except Refused as refused:
        zone = _places(current_viewer())[0].zone
        for each in refused.refusals:
            field = form.confidential if each.field == "confidential" else form.label
            field.errors = (*field.errors, sentence(each, zone))
        return _tokens(form, 422)
    return _tokens(TokenForm(formdata=None), 201, secret=secret, label=label)


@pages.post("/mina/nycklar/<number>/aterkalla")
def revoke_token(number: str) -> Page:
    """Remove a token; a program that holds it is out at once."""
    if not NUMBER.fullmatch(number):
        raise NotFound
    membership.revoke_token(current_viewer(), number, now())
    return redirect(url_for("subscriptions.tokens"), 303)


def _tokens(form: TokenForm, status: int = 200, **made: str) -> Page:
    viewer = current_viewer()
    zone = _places(viewer)[0].zone
    text = render_template(
        "mine/tokens.html",
        form=form,
        tokens=membership.tokens_of(viewer),
        circled=bool(viewer.circles),
        day=lambda moment: plain_day(day_of(moment, zone)),
        **made,
    )
    return text, status
