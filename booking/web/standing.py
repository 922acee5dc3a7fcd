"""The pages that stand there for everybody: help, terms, personal data, accessibility. Imports the actions.

Each is written once in each language, in a file of its own. Nothing of anybody is in them.
"""

from __future__ import annotations

from flask import Blueprint, render_template

from booking.actions import looking, retaining
from booking.actions.inviting import MOST_DAYS, USUAL_DAYS
from booking.web.language import language
from booking.web.viewer import public

pages = Blueprint("standing", __name__)


@pages.get("/hjalp")
@public
def help() -> str:
    """How one books, and what the words mean."""
    return _page("help")


@pages.get("/villkor")
@public
def terms() -> str:
    """What one says yes to with an account."""
    return _page("terms")


@pages.get("/personuppgifter")
@public
def privacy() -> str:
    """What is held of people, why, for how long, and what they can ask for."""
    return _page("privacy")


@pages.get("/tillganglighet")
@public
def accessibility() -> str:
    """The accessibility statement."""
    return _page("accessibility")


def _page(name: str) -> str:
    return render_template(
        f"standing/{name}.{language()}.html",
        houses=looking.houses(),
        decision=retaining.decided(),
        usual_days=USUAL_DAYS,
        most_days=MOST_DAYS,
    )
