"""How the worker does, for the coordinator and the administrator: when each job last ran. Imports the actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from babel.dates import format_date
from flask import Blueprint, current_app, render_template
from flask_babel import gettext as _

from booking.actions import looking, retaining, working
from booking.actions.working import Run
from booking.domain.retention import Kind
from booking.web.clock import now
from booking.web.language import language
from booking.web.viewer import current_viewer
from booking.web.wording import moment as written

pages = Blueprint("doings", __name__)

NAMES: Mapping[str, Callable[[], str]] = {
    "letters": lambda: _("Letters are sent"),
    "approvals": lambda: _("Approvals that nobody gave lapse"),
    "missed": lambda: _("Places where nobody came are released"),
    "reminders": lambda: _("Reminders are written"),
    "reviews": lambda: _("Overdue reviews of the access log are told"),
    "accounts": lambda: _("Accounts of guests end"),
    "guests": lambda: _("What guests have booked after their account has ended is cancelled"),
    "endings": lambda: _("Guests are told that their account ends soon"),
    "forgetting": lambda: _("What is old is forgotten"),
    "retention": lambda: _("What the retention decision lets go is destroyed"),
}

LATELY = timedelta(minutes=10)  # to the minute, it would tell when letters waited
KEPT: Mapping[Kind, Callable[[], str]] = {
    Kind.SEALED: lambda: _("The content of confidential bookings that ended"),
    Kind.DETAILS: lambda: _("Titles, notes and invitations of other bookings that ended"),
    Kind.MESSAGES: lambda: _("Notices that were written"),
    Kind.ACCESS_LOG: lambda: _("Rows of the access log"),
    Kind.JOURNAL: lambda: _("Rows of the journal"),
    Kind.ACCOUNTS: lambda: _("Names and addresses of accounts that ended"),
}


@dataclass(frozen=True)
class Row:
    """A job: what it does, when it last ran, and how that went."""

    name: str
    ran: str
    outcome: str
    wrong: bool


@pages.get("/samordning/korningar")
def runs() -> str:
    """When each job last ran, whether letters are stuck, and what is destroyed by when; no names, no counts."""
    viewer, moment = current_viewer(), now()
    doings = working.doings(viewer)
    zone = looking.zone_of(viewer)
    plan = retaining.plan(viewer, moment)
    return render_template(
        "coordination/runs.html",
        rows=[_row(name, run, moment, zone) for name, run in doings.runs],
        stuck=doings.stuck,
        decision=plan.decision.reference if plan.decision else "",
        kept=[
            (word(), format_date(plan.limits[kind].astimezone(zone), "d MMMM y", locale=language()))
            for kind, word in KEPT.items()
        ],
        mails=current_app.extensions["samlokal.settings"].smtp_url is not None,
    )


def _row(name: str, run: Run | None, moment: datetime, zone: tzinfo) -> Row:
    words = NAMES[name]() if name in NAMES else name
    if run is None:
        return Row(words, _("Never"), _("has not run yet"), True)
    lately = moment - run.began < LATELY
    ran = _("in the last ten minutes") if lately else written(run.began, moment, zone)
    if run.ended is None:
        return Row(words, ran, _("works") if lately else _("was cut off"), not lately)
    return Row(words, ran, _("works") if run.worked else _("failed"), not run.worked)
