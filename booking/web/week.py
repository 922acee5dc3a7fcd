"""The week of one place: the page, and the part that keeps itself up to date. Imports the actions, never storage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from booking.actions import looking
from booking.actions.errors import NotFound
from booking.domain.premises import Resource
from booking.domain.spans import day_of
from booking.web import wording
from booking.web.laying.placing import Placing
from booking.web.laying.week import AT_ONCE, DAYS, Week, lay_out_week, monday_of, places_of, window_of
from booking.web.live import part, tag_of
from booking.web.today import Asked, Drawn, drawn_once, offer, page_of, what_is_asked, words
from booking.web.viewer import live

pages = Blueprint("week", __name__)


@dataclass(frozen=True)
class Chosen:
    """What a request asks to see, and of which place."""

    asked: Asked
    resource: Resource
    explicit: bool

    def link(self, endpoint: str, days: int = 0, **more: Any) -> str:
        """An address of this place's week, or of the one so many days away."""
        day = self.asked.day + timedelta(days=days)
        known = {"plats": self.resource.key, "datum": day.isoformat() if days or self.explicit else None}
        return self.asked.link(endpoint, **{**known, **more})


@pages.get("/vecka")
def page() -> Response:
    """The week as a board or as lists, for one viewer."""
    chosen = _chosen()
    return page_of(chosen.asked, lambda: _page(chosen))


def _page(chosen: Chosen) -> str:
    drawn = _drawn(chosen)
    return render_template(
        "week/week.html", **_words(chosen, drawn.shown), parts=drawn.body, tag=drawn.tag, rules=drawn.rules
    )


@pages.get("/vecka/delar")
@live
def parts() -> Response:
    """The board or the lists alone."""
    drawn = _drawn(_chosen())
    return part(drawn.body, drawn.tag)


def _chosen() -> Chosen:
    """What is asked for; NotFound for a place that is not there that week."""
    asked = what_is_asked()
    places = places_of(asked.place.premises, asked.day)
    wanted = request.args.get("plats")
    key = asked.place.resource_key(wanted) if wanted else None
    resource = next((each for each in places if wanted is None or each.key == key), None)
    if resource is None:
        raise NotFound
    return Chosen(asked, resource, request.args.get("datum") is not None)


def _drawn(chosen: Chosen) -> Drawn[Week]:
    about = ("week", chosen.resource.key, chosen.explicit)
    return drawn_once(chosen.asked, about, lambda: _draw(chosen))


def _draw(chosen: Chosen) -> Drawn[Week]:
    asked = chosen.asked
    window = window_of(asked.day, asked.place.premises.zone)
    look = looking.board(asked.viewer, asked.place, window, asked.moment)
    week = lay_out_week(look, asked.viewer, chosen.resource, asked.day, asked.moment)
    placing = Placing(week.frame)
    body = render_template("week/parts.html", **_words(chosen, week), at=placing)
    return Drawn(week, body, tag_of(body), placing.style)


def _words(chosen: Chosen, week: Week) -> Mapping[str, Any]:
    """What the templates need to speak of the week; what is offered is offered on its own day."""
    asked, zone = chosen.asked, week.frame.zone
    monday = monday_of(asked.day)
    return {
        **words(asked, week),
        "sheet": week,
        "week_shown": week,
        "chosen": chosen,
        "monday": monday,
        "sunday": monday + timedelta(days=DAYS - 1),
        "is_now": monday == monday_of(asked.today),
        "at_once": AT_ONCE,
        "weekday": wording.short_weekday,
        "offer": lambda key, piece: offer(
            replace(asked, day=day_of(piece.span.start, zone)), week.premises.by_key[key], piece
        ),
    }
