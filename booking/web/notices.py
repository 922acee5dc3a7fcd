"""What one has been told, the newest first. Imports the actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from booking.actions import looking, noticing
from booking.actions.noticing import Told
from booking.domain.permissions import Deed, may
from booking.web import news
from booking.web.clock import now
from booking.web.pieces import read_occurrence, write_occurrence
from booking.web.viewer import current_viewer
from booking.web.wording import moment as written

pages = Blueprint("notices", __name__)


@dataclass(frozen=True)
class Line:
    """One notice in words. `address` is empty where there is nothing to open."""

    headline: str
    about: str
    words: str
    lost: tuple[str, ...]
    told: str
    address: str
    unread: bool


@pages.get("/aviseringar")
def notices() -> str:
    """The latest notices, those that have not been read marked."""
    viewer, moment = current_viewer(), now()
    found = noticing.told(viewer, moment)
    zone = looking.zone_of(viewer)
    lines = [_line(each, moment, zone) for each in found]
    return render_template(
        "notices/notices.html",
        lines=lines,
        unread=any(each.unread for each in lines),
        newest=write_occurrence(found[0].notice.made) if found else "",
        runs=may(viewer, Deed.JOB_SEE),
    )


@pages.post("/aviseringar/lasta")
def read() -> Response:
    """All that the page showed has been read; what came later has not."""
    until = read_occurrence(request.form.get("till", "")) or now()
    noticing.read_all(current_viewer(), until, now())
    return redirect(url_for("notices.notices"), 303)


def _line(told: Told, moment: datetime, zone: tzinfo) -> Line:
    hidden = told.hidden
    return Line(
        headline=news.headline(told),
        about="" if hidden else news.about(told),
        words="" if hidden else told.notice.words or "",
        lost=tuple(news.lost(told, moment)),
        told=written(told.notice.made, moment, zone),
        address=news.path_of(told),
        unread=told.notice.read is None,
    )
