"""Documents out of the house, as JSON to keep: one's own extract, and the disclosure of one's organisation.

Imports the actions. They are sent in the answer to a form, marked to be saved, and stored nowhere.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField

from booking.actions import extracting, looking
from booking.actions.errors import Refused
from booking.actions.extracting import Disclosure, Extract, Known
from booking.actions.noticing import Told
from booking.domain.people import Viewer
from booking.domain.permissions import Deed, require
from booking.domain.refusals import Reason
from booking.domain.spans import Span, day_of, local_day
from booking.domain.views import Full
from booking.web.api.views import full
from booking.web.clock import now
from booking.web.forms import Fault, Form, mark
from booking.web.language import lazily as _l
from booking.web.news import headline
from booking.web.sentences import sentence
from booking.web.viewer import current_viewer

pages = Blueprint("extracts", __name__)
Json = dict[str, Any]
A_MONTH = timedelta(days=30)


class PeriodForm(Form):
    """Which days, both included, and whether those who opened something are named."""

    first = StringField(_l("From"), name="fran")
    last = StringField(_l("Until and including"), name="till")
    readers = BooleanField(_l("With the names of those who opened a booking"), name="namn")


# --- one's own --------------------------------------------------------------------------------


@pages.get("/installningar/mina-uppgifter")
def own() -> str:
    """What the document holds, and the button that gives it."""
    require(current_viewer(), Deed.PERSON_EXTRACT)
    return render_template("notices/own.html")


@pages.post("/installningar/mina-uppgifter")
def give_own() -> Response:
    """Everything about oneself, as a file."""
    moment = now()
    found = extracting.extract(current_viewer(), moment)
    return _file(_extract(found, moment), f"mina-uppgifter-{moment:%Y-%m-%d}.json")


def _extract(found: Extract, moment: datetime) -> Json:
    viewer = found.viewer
    return {
        "made": _at(moment),
        "account": {
            "name": viewer.name,
            "email": viewer.email,
            "role": viewer.role.value,
            "organisation": found.organisation or None,
            "administrator_of_the_organisation": viewer.organisation_admin,
            "since": _at(found.since),
        },
        "wishes": vars(found.wishes),
        "bookings": _bookings(found.bookings, viewer),
        "notices": [_notice(each) for each in found.notices],
        "tokens": [
            {
                "name": each.name,
                "may_open_confidential": each.confidential,
                "made": _at(each.created_at),
                "last_used": _at(each.used_at),
            }
            for each in found.tokens
        ],
        "calendars": [
            {
                "shows": each.kind,
                "made": _at(each.created_at),
                "last_fetched": _at(each.fetched_at),
                "by": each.fetched_by,
            }
            for each in found.feeds
        ],
        "signed_in": [
            {
                "program": each.program,
                "shared_computer": each.shared,
                "since": _at(each.created),
                "last_used": _at(each.seen),
            }
            for each in found.browsers
        ],
        "passkeys": [
            {"name": each.name, "made": _at(each.created), "last_used": _at(each.used)}
            for each in found.passkeys
        ],
        "authenticator_since": _at(found.authenticator_since),
        "journal": [
            {
                "at": _at(each.at),
                "did": each.action,
                "to": each.subject or None,
                "fields": [name for name in each.fields.split(",") if name],
            }
            for each in found.acts
        ],
        "opened": [
            {"at": _at(each.at), "channel": each.channel, "booking": each.booking or None}
            for each in found.opened
        ],
        "opened_by_others": [
            {"at": _at(each.at), "channel": each.channel, "booking": each.booking}
            for each in found.opened_by_others
        ],
    }


def _notice(told: Told) -> Json:
    notice = told.notice
    return {
        "at": _at(notice.made),
        "read": _at(notice.read),
        "says": headline(told),
        "booking": None if told.hidden else notice.booking,
        "words": None if told.hidden else notice.words,
    }


# --- one's organisation -----------------------------------------------------------------------


@pages.get("/organisationen/utlamnande")
def disclosure() -> str:
    """The form: the last thirty days, names left out."""
    viewer = current_viewer()
    require(viewer, Deed.ORGANISATION_RUN)
    today = day_of(now(), looking.zone_of(viewer))
    days = {"first": (today - A_MONTH).isoformat(), "last": today.isoformat()}
    return _form(PeriodForm(formdata=None, data=days))


@pages.post("/organisationen/utlamnande")
def disclose() -> Response | tuple[str, int]:
    """The organisation's bookings in the period and who opened them, as a file. What is wrong goes to its field."""
    viewer, moment, form = current_viewer(), now(), PeriodForm()
    require(viewer, Deed.ORGANISATION_RUN)
    period = _period(viewer, form)
    if period is None:
        return _form(form), 422
    try:
        found = extracting.disclose(viewer, period, bool(form.readers.data), moment)
    except Refused as refused:
        mark(form, [Fault("last", _wrong(refused, viewer))])
        return _form(form), 422
    return _file(
        _disclosure(found, viewer, moment), f"utlamnande-{form.text('first')}-{form.text('last')}.json"
    )


def _period(viewer: Viewer, form: PeriodForm) -> Span | None:
    """The local days that were asked for; None when one cannot be read, which then is said at its field."""
    zone, days = looking.zone_of(viewer), []
    for name in ("first", "last"):
        try:
            days.append(local_day(date.fromisoformat(form.text(name)), zone))
        except (ValueError, OverflowError):
            mark(form, [Fault(name, _("Write a day as 2026-11-24."))])
    return Span(days[0].start, days[1].end) if len(days) == 2 else None


def _wrong(refused: Refused, viewer: Viewer) -> str:
    if refused.refusals[0].reason is Reason.TOO_LONG:
        return _("A document holds a year at most.")
    return sentence(refused.refusals[0], looking.zone_of(viewer))


def _form(form: PeriodForm) -> str:
    return render_template("organisation/disclosure.html", form=form)


def _disclosure(found: Disclosure, viewer: Viewer, moment: datetime) -> Json:
    return {
        "made": _at(moment),
        "made_by": viewer.name,
        "organisation": found.organisation,
        "from": _at(found.period.start),
        "until": _at(found.period.end),
        "bookings": _bookings(found.bookings, viewer),
        "opened": [
            {
                "at": _at(each.at),
                "booking": each.booking,
                "channel": each.channel,
                "for": each.organisation,
                **({"by": each.reader} if each.reader else {}),
            }
            for each in found.openings
        ],
    }


# --- both -------------------------------------------------------------------------------------


def _bookings(known: tuple[Known, ...], viewer: Viewer) -> list[Json]:
    return [_booking(view, each, viewer) for each in known for view in each.views]


def _booking(view: Full, known: Known, viewer: Viewer) -> Json:
    """As the API writes it, but for what one may do with it."""
    written = full(view, known.place, known.names, viewer)
    del written["may"]
    gone = view.content.gone if view.content else None
    return {**written, "purpose": view.purpose.value, "content_gone": gone.value if gone else None}


def _at(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None


def _file(document: Json, name: str) -> Response:
    text = json.dumps(document, ensure_ascii=False, indent=1)
    sent = Response(text.encode("utf-8", "backslashreplace"), content_type="application/json; charset=utf-8")
    sent.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    sent.headers["Cache-Control"] = "no-store"
    return sent
