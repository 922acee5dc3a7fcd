"""What an order met, in words, as the one who ordered may know it. Imports the actions and the domain's views.

Every line is made from the views it is given, never from more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from booking.actions.errors import Met
from booking.actions.looking import Names
from booking.domain.premises import Premises
from booking.domain.spans import Span, day_of
from booking.domain.views import Busy, Full
from booking.web.cards import name_of, places_of, title
from booking.web.sentences import of_a_date
from booking.web.wording import dated_day, hours


@dataclass(frozen=True)
class Dated:
    """A day, and what is said of it."""

    day: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class ClashWords:
    """The words for one premises, with the names of the organisations in the views."""

    premises: Premises
    names: Names
    now: datetime

    def lines(self, views: Iterable[Full | Busy]) -> tuple[str, ...]:
        """Known bookings one by one, then taken time."""
        found = list(views)
        known = [self._known(each) for each in found if isinstance(each, Full)]
        return (*known, *self._busy(each for each in found if isinstance(each, Busy)))

    def dates(self, met: Iterable[Met]) -> tuple[Dated, ...]:
        """Each refused time of a series by its day, with what it met or the rule that forbids it."""
        return tuple(
            Dated(
                self.day(each.occurrence),
                (of_a_date(each.reason),) if each.reason else self.lines(each.views),
            )
            for each in met
        )

    def yielding(self, piece: Full, dated: bool) -> str:
        """A booking that would give way: the whole of it, or which part of it does."""
        zone = self.premises.zone
        when = hours(piece.span, zone)
        if dated:
            when = f"{self.day(piece.span.start)} {when}"
        place, whose = (
            name_of(self.premises, piece.resource),
            self.names.organisations[piece.organisation].name,
        )
        line = ", ".join((f"{place} {when}", title(piece), whose))
        if piece.suspended == (piece.span,):
            return line
        lost = ", ".join(hours(part, zone) for part in piece.suspended)
        return _("%(booking)s: gives way %(hours)s", booking=line, hours=lost)

    def day(self, moment: datetime) -> str:
        """The local day of a moment, inside a sentence."""
        return dated_day(day_of(moment, self.premises.zone), self._today)

    @property
    def _today(self) -> date:
        return day_of(self.now, self.premises.zone)

    def _known(self, view: Full) -> str:
        if view.purpose.keeps_out:
            return _(
                "%(reason)s. %(place)s %(hours)s.",
                reason=title(view).rstrip("."),
                place=places_of(self.premises, view),
                hours=hours(view.span, self.premises.zone),
            )
        return _(
            "%(place)s is booked %(hours)s (%(title)s).",
            place=name_of(self.premises, view.resource),
            hours=hours(view.span, self.premises.zone),
            title=", ".join((title(view), self.names.organisations[view.organisation].name)),
        )

    def _busy(self, taken: Iterable[Busy]) -> list[str]:
        """Taken time, places with the same time in one line."""
        places: dict[Span, list[str]] = {}
        for each in taken:
            places.setdefault(each.span, []).append(name_of(self.premises, each.resource))
        return [
            _(
                "%(place)s: busy %(hours)s.",
                place=", ".join(names),
                hours=hours(span, self.premises.zone),
            )
            for span, names in places.items()
        ]
