"""What the coordinator does: the page they begin at, and the answers they give to what waits. Imports the actions.

Nothing here knows more than the views it is given; being the coordinator shows nothing hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from booking.actions import approving, blocking, cancelling, inviting, looking, organisations
from booking.actions.approving import WORDS_LENGTH, Queue, Waiting
from booking.actions.changes import Scope
from booking.actions.errors import Changed, NotFound, Refused
from booking.actions.looking import Place
from booking.domain.bookings import Purpose
from booking.domain.people import Viewer, Visibility
from booking.domain.permissions import Deed, require
from booking.domain.spans import Span, day_of
from booking.domain.views import Full
from booking.web.cards import Card, card, day_heading, day_in_sentence, places_of, title
from booking.web.clock import now
from booking.web.occurrences import checked
from booking.web.viewer import current_viewer
from booking.web.wording import clock, hours, long_day, plain_day

pages = Blueprint("coordination", __name__)
AHEAD = timedelta(days=60)
MOMENT = "%Y%m%dT%H%MZ"


@dataclass(frozen=True)
class Kept:
    """A block or a closure that is on or comes: its next time, and how many more there are of it ahead."""

    id: str
    occurrence: str
    heading: str
    hours: str
    title: str
    where: str
    more: str
    closure: bool
    quiet: bool
    series: bool


@dataclass(frozen=True)
class Asked:
    """What waits for an answer, in words."""

    card: Card
    times: tuple[str, ...]
    answer_by: str
    note: str
    tag: str


def where(deed: Deed, name: str | None = None) -> tuple[Viewer, Place]:
    """Who coordinates, and which premises: the one named, or the first they use. Forbidden to everybody else."""
    viewer = current_viewer()
    require(viewer, deed)
    if name:
        return viewer, looking.place_for(viewer, name)
    found = looking.premises_for(viewer)
    if not found:
        raise NotFound
    return viewer, found[0]


def named() -> str | None:
    """The premises that the request names."""
    return request.values.get("lokal")


@pages.get("/samordning")
def overview() -> str:
    """What waits, what is blocked or closed, and where to go from here."""
    viewer, place = where(Deed.APPROVAL_GIVE, named())
    moment = now()
    queue = approving.queue(viewer, place, moment)
    views = blocking.coming(viewer, place, Span(moment, moment + AHEAD), moment)
    return render_template(
        "coordination/overview.html",
        place=place,
        waiting=len(queue.waiting),
        soonest=_soonest(queue, moment),
        leaving=_leaving_soon(inviting.ending_soon(viewer, place, moment)),
        lost=organisations.without_administrator(viewer, place, moment),
        kept=_kept(place, views, moment),
        said=_said(),
    )


@pages.get("/samordning/godkannanden")
def approvals() -> str:
    """What waits for an answer, the oldest first."""
    viewer, place = where(Deed.APPROVAL_GIVE, named())
    moment = now()
    queue = approving.queue(viewer, place, moment)
    return render_template(
        "coordination/approvals.html",
        place=place,
        asked=[_asked(queue, each, moment) for each in queue.waiting],
        longest=WORDS_LENGTH,
        said=_said(),
    )


@pages.post("/samordning/godkannanden/<number>/ja")
def approve(number: str) -> Response:
    """Say yes."""
    where(Deed.APPROVAL_GIVE)
    asked = checked(number)
    return _answered(lambda: approving.approve(current_viewer(), asked, now(), _tag()), "ja")


@pages.post("/samordning/godkannanden/<number>/nej")
def decline(number: str) -> Response:
    """Say no, with a sentence if there is one."""
    where(Deed.APPROVAL_GIVE)
    asked, words = checked(number), request.form.get("skal", "").replace("\0", "\ufffd")[:WORDS_LENGTH]
    return _answered(lambda: approving.decline(current_viewer(), asked, now(), _tag(), words), "nej")


@pages.post("/samordning/sparra/<number>/bort")
def lift(number: str) -> Response:
    """Take a block away: all of it that has not ended, or the one time named."""
    where(Deed.BLOCK_MAKE)
    viewer = current_viewer()
    named_time = _moment(request.form["tillfalle"]) if request.form.get("tillfalle") else None
    if not looking.look_at(viewer, checked(number), now(), named_time).view.purpose.keeps_out:
        raise NotFound
    scope = Scope.THIS if named_time else Scope.ALL
    try:
        cancelling.cancel(viewer, number, now(), scope=scope, occurrence=named_time)
    except Refused:
        return redirect(url_for("coordination.overview", sagt="slut"), 303)
    return redirect(url_for("coordination.overview", sagt="bort"), 303)


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, MOMENT).replace(tzinfo=UTC)
    except ValueError:
        abort(400)


def _tag() -> str:
    return request.form.get("version", "")


def _answered(answer: Callable[[], None], word: str) -> Response:
    try:
        answer()
    except Changed:
        word = "andrad"
    except Refused as refused:
        word = "ord" if any(each.field == "note" for each in refused.refusals) else "slut"
    return redirect(url_for("coordination.approvals", sagt=word), 303)


def _said() -> tuple[str, str] | None:
    """What came of the step before: how it is to look, and the sentence."""
    return {
        "ja": ("", _("Approved. The one who asked has been told.")),
        "nej": ("", _("Declined. The one who asked has been told, and the time is free.")),
        "andrad": ("warn", _("It was changed meanwhile. Look at it again.")),
        "slut": ("warn", _("It no longer waits for an answer, or has ended.")),
        "ord": ("warn", _("The sentence has characters that cannot be shown. Nothing was answered.")),
        "bort": ("", _("The block has been taken away.")),
        "sparrat": ("", _("Blocked.")),
        "stangt": ("", _("Closed. Whoever had booked there has been told.")),
        "oppnat": ("", _("The closure has ended. Whoever had booked there has the time back.")),
    }.get(request.args.get("sagt", ""))


# --- in words ---------------------------------------------------------------------------------


def _asked(queue: Queue, waiting: Waiting, moment: datetime) -> Asked:
    premises, first = queue.place.premises, waiting.views[0]
    zone = premises.zone
    times = tuple(
        f"{long_day(day_of(view.span.start, zone))} {hours(view.span, zone)}" for view in waiting.views
    )
    by = f"{plain_day(day_of(waiting.answer_by, zone))} {clock(waiting.answer_by, zone)}"
    note = first.content.note if first.content else ""
    return Asked(card(premises, first, queue.names, moment), times, by, note, waiting.tag)


def _soonest(queue: Queue, moment: datetime) -> str:
    soonest = min((each.answer_by for each in queue.waiting), default=None)
    if soonest is None:
        return ""
    zone = queue.place.premises.zone
    return f"{day_in_sentence(day_of(soonest, zone), moment, zone)} {clock(soonest, zone)}"


def _kept(place: Place, views: Iterable[Full], moment: datetime) -> list[Kept]:
    groups: dict[str, list[Full]] = {}
    for view in views:
        groups.setdefault(view.id, []).append(view)
    return [_as_kept(place, group, moment) for group in groups.values()]


def _leaving_soon(many: int) -> str:
    """How many guests leave within a week, in a sentence; empty when none does."""
    words = ngettext(
        "One guest’s account ends within a week.", "%(num)d guests’ accounts end within a week.", many
    )
    return words if many else ""


def _as_kept(place: Place, group: list[Full], moment: datetime) -> Kept:
    premises, first, more = place.premises, group[0], len(group) - 1
    return Kept(
        id=first.id,
        occurrence=first.occurrence.strftime(MOMENT),
        heading=day_heading(day_of(first.span.start, premises.zone), moment, premises.zone),
        hours=hours(first.span, premises.zone),
        title=title(first),
        where=places_of(premises, first),
        more=ngettext(
            "and %(num)d more time within two months", "and %(num)d more times within two months", more
        )
        if more
        else "",
        closure=first.purpose is Purpose.CLOSURE,
        quiet=first.visibility is Visibility.OWN,
        series=first.repetition is not None,
    )
