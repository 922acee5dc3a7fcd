"""The words on a display at a door. Imports the actions and the domain's views; nothing here knows more than those."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import segno
from flask import url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from markupsafe import Markup

from booking.actions.doors import Display
from booking.actions.looking import Names
from booking.domain.bookings import Purpose
from booking.domain.doors import LONGEST
from booking.domain.people import Organisation
from booking.domain.spans import Span, day_of
from booking.domain.views import Full, WallView
from booking.web import wording
from booking.web.cards import name_of, title
from booking.web.laying.door import Coming, Screen
from booking.web.laying.moment import WallNow
from booking.web.pieces import write_occurrence
from booking.web.site import site

WALL = {
    WallView.OPEN: lambda: _("The wall open"),
    WallView.CLOSED: lambda: _("The wall closed"),
    WallView.BUSY: lambda: _("Leave the wall"),
}


NO_NAMES = Names({}, {})


@dataclass(frozen=True)
class DoorWords:
    """What one display says; `names` are of the organisations whose bookings it shows."""

    display: Display
    names: Names = NO_NAMES

    @property
    def place(self) -> str:
        """What the place is called."""
        return name_of(self.display.place.premises, self.display.resource.key)

    def day(self, moment: datetime) -> str:
        """The local day."""
        return wording.plain_day(day_of(moment, self.display.place.premises.zone))

    def clock(self, moment: datetime) -> str:
        """The local time of day; midnight is the end of its day."""
        return wording.clock_end(moment, self.display.place.premises.zone)

    def hours(self, span: Span) -> str:
        """From when to when."""
        return wording.hours(span, self.display.place.premises.zone)

    def length(self, duration: timedelta) -> str:
        """How long, as short as a button has it: 15 min, 1 hour."""
        return pgettext("button", "1 hour") if duration == LONGEST else wording.length(duration)

    def whose(self, view: Full) -> Organisation:
        """Whose badge a booking bears."""
        return self.names.organisations[view.organisation]

    def current(self, view: Full) -> str:
        """What goes on: its title and whose it is; of another place than the display's, which."""
        return self._said(view, " · ")

    def coming(self, each: Coming) -> str:
        """What comes next, in a line."""
        if each.view is not None:
            return self._said(each.view, ", ")
        until = self.clock(each.span.end)
        return _("Free until %(time)s", time=until) if each.free else _("Busy until %(time)s", time=until)

    def _said(self, view: Full, between: str) -> str:
        words = [title(view)]
        if view.purpose is Purpose.USE and self.whose(view).name != words[0]:
            words.append(self.whose(view).name)
        if view.resource == self.display.resource.key:
            return between.join(words)
        return f"{name_of(self.display.place.premises, view.resource)}: {words[0]}"

    def wall(self, wall: WallNow) -> str:
        """How the wall stands."""
        return WALL[wall.state]() if wall.state else _("The wall may be moved")

    def wall_until(self, screen: Screen) -> str:
        """Until when it stands so, where something else is known to come."""
        wall = screen.wall
        closing = self.display.place.premises.hours.span(
            day_of(screen.now, self.display.place.premises.zone), self.display.place.premises.zone
        )
        if (
            wall is None
            or wall.until is None
            or (wall.state is None and closing and wall.until >= closing.end)
        ):
            return ""
        return _("until %(time)s", time=self.clock(wall.until))

    def book(self, screen: Screen, length: timedelta) -> str:
        """The address that a length on offer leads to."""
        assert screen.offer is not None
        minutes = length // timedelta(minutes=1)
        return url_for("door.form", fran=write_occurrence(screen.offer.start), minuter=minutes)

    def named(self, view: Full) -> str:
        """The address at which one of the display's own is ended."""
        return url_for("door.ending", fran=write_occurrence(view.span.start))

    def codes(self) -> tuple[tuple[str, Markup], ...]:
        """What a telephone's camera is pointed at, each with what it is for."""
        place, key = self.display.place, self.display.resource.key
        return (
            (_("Book another time"), _drawn(url_for("book.form", plats=key, lokal=place.premises.key))),
            (_("Check in"), _drawn(url_for("arriving.place", number=place.public_ids[key]))),
        )


def _drawn(path: str) -> Markup:
    drawing = segno.make(site() + path, micro=False).svg_inline(omitsize=True, border=2)
    return Markup(drawing)  # noqa: S704 - made by segno alone
