"""A booking in brief, as the board shows it in a popover: what its page says first, as a fragment.

Imports actions and the domain. What is confidential stays closed; opening it is `bookings.open_details`.
"""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, render_template

from booking.actions import looking
from booking.actions.looking import Opened
from booking.web.cards import card
from booking.web.clock import now
from booking.web.occurrences import checked, named_occurrence
from booking.web.viewer import current_viewer
from booking.web.wording import long_day

pages = Blueprint("brief", __name__)
ASKED = "kort"  # the field by which a form asks for the answer in brief


@pages.get("/bokning/<number>/kort")
def brief(number: str) -> str:
    """One occurrence as this viewer may know it; NotFound before anything else is asked."""
    return in_brief(looking.look_at(current_viewer(), checked(number), now(), named_occurrence()), now())


def in_brief(opened: Opened, moment: datetime) -> str:
    """The fragment; with what is confidential only where it has been opened."""
    shown = card(opened.place.premises, opened.view, opened.names, moment)
    return render_template(
        "bookings/_brief.html", card=shown, day=long_day(shown.day), content=opened.view.content
    )
