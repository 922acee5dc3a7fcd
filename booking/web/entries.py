"""Bookings as entries of a calendar, the same in a feed and in a letter. Imports the domain and Flask-Babel."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from booking.domain.bookings import Purpose, Status
from booking.domain.premises import Premises
from booking.domain.views import Full
from booking.web.cards import out_of_use
from booking.web.ical import Entry
from booking.web.language import language
from booking.web.site import site


def booked(premises: Premises, view: Full, others: str = "") -> Entry:
    """A booking that may be known. What is clipped has no history: its stamp is its own start.

    In a calendar of more than one's own, `others` is the organisation whose it is: its reader stays free.
    """
    title = view.content.title if view.content and view.content.title else _("Booked")
    if view.purpose is not Purpose.USE:
        title = out_of_use(view)
    return Entry(
        uid=view.uid,
        starts=view.span.start,
        ends=view.span.end,
        summary=f"{title} ({others})" if others else title,
        location=places(premises, (view.resource, *view.equipment)),
        description=_("Sign in to see or change it: %(address)s", address=f"{site()}/mina"),
        stamp=view.changed or view.span.start,
        modified=view.changed,
        sequence=view.sequence,
        tentative=view.status is Status.PENDING,
        transparent=bool(others),
        cancelled=view.status is Status.CANCELLED,
    )


def places(premises: Premises, resources: Iterable[str]) -> str:
    """The names of some places in the premises' own order, and of the premises."""
    order = [each.key for each in premises.resources]
    names = [premises.by_key[key].name[language()] for key in sorted(resources, key=order.index)]
    return f"{', '.join(names)}, {premises.name}"
