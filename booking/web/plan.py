"""The floor plan at any time of a day: the page, and the parts of it that follow the clock and the slider.

Imports the actions, never storage.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from booking.actions import looking
from booking.domain.spans import local_day
from booking.web import wording
from booking.web.laying.plan import Plan, plan
from booking.web.live import part, tag_of
from booking.web.today import Asked, Drawn, drawn_once, what_is_asked, words
from booking.web.viewer import live
from booking.web.whole import whole

pages = Blueprint("plan", __name__)
FEW = 64  # quarters, sixteen hours: with more, fewer hours have their name under the slider


@pages.get("/plan")
def page() -> str:
    """The plan with its slider, for one viewer."""
    asked = what_is_asked()
    return whole(asked.place, asked.minute, lambda: _written("plan/plan.html", asked, _plan(asked)))


@pages.get("/plan/delar")
@live
def parts() -> Response:
    """The drawing and the list alone."""
    asked = what_is_asked()
    drawn = drawn_once(asked, ("plan", request.args.get("tid")), lambda: _draw(asked))
    return part(drawn.body, drawn.tag)


def _draw(asked: Asked) -> Drawn[Plan]:
    found = _plan(asked)
    body = _written("plan/parts.html", asked, found)
    return Drawn(found, body, tag_of(body), Markup())


def _plan(asked: Asked) -> Plan:
    place = asked.place
    look = looking.board(asked.viewer, place, local_day(asked.day, place.premises.zone), asked.moment)
    return plan(look, asked.viewer, asked.day, asked.moment, _clock(request.args.get("tid")))


def _clock(text: str | None) -> time | None:
    """The time asked for; none when it cannot be read: then it is what holds now, or when the day opens."""
    try:
        clock = time.fromisoformat(text or "") if len(text or "") == len("10:15") else None
    except ValueError:
        return None
    return clock


def _written(template: str, asked: Asked, found: Plan) -> str:
    told = _words(asked, found)
    drawing, places = (render_template(f"plan/_{each}.html", **told) for each in ("drawing", "places"))
    return render_template(template, **told, drawing=drawing, places=places)


def _words(asked: Asked, shown: Plan) -> Mapping[str, Any]:
    """What the templates need to speak of the plan; a link to another day keeps a time that was chosen."""
    zone = shown.frame.zone
    chosen = None if shown.live else _on_the_wall(shown, shown.at)
    kept = _on_the_wall(shown, shown.quarters[shown.quarter]) if _open(shown) else None

    def step(days: int) -> str:
        other = asked.day + timedelta(days=days)
        return asked.link("plan.page", datum=other.isoformat(), tid=chosen or kept)

    return {
        **words(asked, shown),
        "plan": shown,
        "sheet": shown,
        "said": _said(asked, shown),
        "step": step,
        "chosen": chosen,
        "live": asked.link("plan.parts", datum=asked.day.isoformat()),
        "quarters": [_on_the_wall(shown, each) for each in shown.quarters],
        "ticks": [
            (number, wording.clock(each, zone)[:2])
            for number, each in enumerate(shown.quarters)
            if _is_named(shown, each.astimezone(zone))
        ],
    }


def _said(asked: Asked, shown: Plan) -> str:
    """The day and the time shown, and whether that is now."""
    when = {"day": wording.long_day(asked.day), "time": wording.clock(shown.at, shown.frame.zone)}
    return (
        gettext("%(day)s, at %(time)s – just now", **when)
        if shown.live
        else gettext("%(day)s, at %(time)s", **when)
    )


def _open(shown: Plan) -> bool:
    return shown.frame.open is not None and shown.frame.open.contains(shown.at)


def _is_named(shown: Plan, local: datetime) -> bool:
    """Whether a time has its name under the slider: every second hour, or every fourth, from the first shown on."""
    step = 2 if len(shown.quarters) <= FEW else 4
    first = shown.frame.span.start.astimezone(shown.frame.zone).hour
    return not local.minute and local.hour % step == first % step


def _on_the_wall(shown: Plan, moment: datetime) -> str:
    return f"{moment.astimezone(shown.frame.zone):%H:%M}"
