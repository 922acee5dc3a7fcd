"""The form's answer before anybody presses Book: free, clashes, works if something gives way, or not so.

Imports actions and the domain. Every line is made from what the actions answered this viewer, never from more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask_babel import gettext as _

from booking.actions import booking, looking
from booking.actions.errors import Alternative, Clash, Refused
from booking.actions.judging import Judged
from booking.actions.looking import Names
from booking.actions.wishing import ANY_DESK, Order
from booking.domain.people import Viewer
from booking.domain.premises import Premises
from booking.domain.refusals import Refusal
from booking.domain.spans import Span, day_of
from booking.domain.views import Busy, Full
from booking.web.cards import day_in_sentence, name_of, title, walls
from booking.web.pieces import write_piece
from booking.web.wish_form import Asked, BookingForm, Fault, faults, mark
from booking.web.wording import clock, hours, plain_day

FREE, CLASH, GIVES_WAY, REFUSED = "free", "clash", "gives-way", "refused"


@dataclass(frozen=True)
class Offer:
    """A nearest free time as a button: what it sends, what it says, and the form's fields it stands for."""

    value: str
    label: str
    resource: str
    day: str
    start: str
    end: str


@dataclass(frozen=True)
class Answer:
    """What the form says. `agreement` is the exact list a yes carries, `count` how many bookings it is."""

    kind: str
    lines: tuple[str, ...]
    offers: tuple[Offer, ...] = ()
    agreement: str = ""
    count: int = 0
    begun: bool = False
    book: str = ""
    faster: bool = False
    mark: str = ""


@dataclass(frozen=True)
class Asking:
    """Who asks, where and when."""

    viewer: Viewer
    premises: Premises
    now: datetime

    def answer(self, form: BookingForm, asked: Asked) -> Answer:
        """The answer to an order, or to what could not be read as one. Nothing is written."""
        order = asked.order
        if order is None:
            return Answer(REFUSED, tuple(fault.sentence for fault in asked.faults))
        order = replace(order, displace=None)
        try:
            judged = booking.try_out(self.viewer, order, self.now)
        except Clash as clash:
            return self.after_clash(order, clash, form)
        except Refused as refused:
            zone = self.premises.zone
            return Answer(REFUSED, tuple(each.sentence for each in faults(refused.refusals, zone)))
        return self._free(judged, form)

    def refusals(self, order: Order | None) -> tuple[Refusal, ...]:
        """Every reason a rule gives against an order; what clashes is not asked."""
        try:
            if order is not None:
                booking.try_out(self.viewer, order, self.now)
        except Refused as refused:
            return refused.refusals
        except Clash:
            return ()
        return ()

    # --- free ---------------------------------------------------------------------------------

    def _free(self, judged: Judged, form: BookingForm) -> Answer:
        span, use = judged.wish.span, judged.wish.use
        zone = self.premises.zone
        day = plain_day(day_of(span.start, zone))
        line = f"{name_of(self.premises, use.resource.key)}, {day} {hours(span, zone)}."
        stands = ", ".join(walls(self.premises, use))
        lines = (line, f"{stands[:1].upper()}{stands[1:]}.") if stands else (line,)
        book = _("Book %(hours)s", hours=hours(span, zone))
        return Answer(FREE, lines, book=book, mark=f"{FREE} {form.question}")

    # --- clashes ------------------------------------------------------------------------------

    def after_clash(self, order: Order, clash: Clash, form: BookingForm) -> Answer:
        """What an order met; had the form been told that it was free, somebody was faster."""
        told_free = form.text("told") == f"{FREE} {form.question}"
        names = looking.names_in(
            self.viewer,
            [each for each in (*clash.clashes, *clash.displaceable) if isinstance(each, Full)],
        )
        offers = tuple(self.offer(order, each) for each in clash.alternatives)
        marked = f"{CLASH} {form.question}"
        if clash.displaceable:
            return self._gives_way(clash.displaceable, names, offers, marked)
        lines = (*self._known(clash.clashes, names), *self._busy(clash.clashes))
        book = _("Book %(what)s instead", what=offers[0].label) if offers else ""
        return Answer(CLASH, lines, offers, book=book, faster=told_free, mark=marked)

    def _known(self, clashes: Iterable[Full | Busy], names: Names) -> list[str]:
        return [
            _(
                "%(place)s is booked %(hours)s (%(title)s).",
                place=name_of(self.premises, each.resource),
                hours=hours(each.span, self.premises.zone),
                title=", ".join((title(each), names.organisations[each.organisation].name)),
            )
            for each in clashes
            if isinstance(each, Full)
        ]

    def _busy(self, clashes: Iterable[Full | Busy]) -> list[str]:
        """Taken time, places with the same time in one line."""
        places: dict[Span, list[str]] = {}
        for each in clashes:
            if isinstance(each, Busy):
                places.setdefault(each.span, []).append(name_of(self.premises, each.resource))
        return [
            _(
                "%(place)s: busy %(hours)s.",
                place=", ".join(names),
                hours=hours(span, self.premises.zone),
            )
            for span, names in places.items()
        ]

    # --- giving way ---------------------------------------------------------------------------

    def _gives_way(
        self, pieces: Sequence[Full], names: Names, offers: tuple[Offer, ...], marked: str
    ) -> Answer:
        count = len({each.id for each in pieces})
        return Answer(
            GIVES_WAY,
            tuple(self._yielding(each, names) for each in pieces),
            offers,
            agreement=",".join(write_piece(each.id, each.span) for each in pieces),
            count=count,
            begun=any(each.span.start <= self.now for each in pieces),
            mark=marked,
        )

    def _yielding(self, piece: Full, names: Names) -> str:
        zone = self.premises.zone
        line = ", ".join(
            (
                f"{name_of(self.premises, piece.resource)} {hours(piece.span, zone)}",
                title(piece),
                names.organisations[piece.organisation].name,
            )
        )
        if piece.suspended == (piece.span,):
            return line
        lost = ", ".join(hours(part, zone) for part in piece.suspended)
        return _("%(booking)s: gives way %(hours)s", booking=line, hours=lost)

    # --- nearest free times -------------------------------------------------------------------

    def offer(self, order: Order, free: Alternative) -> Offer:
        """A free time in words: its hours, with the day and the place where they are not those asked for."""
        zone = self.premises.zone
        day, end = free.span.start.astimezone(zone), free.span.end.astimezone(zone)
        parts = [hours(free.span, zone)]
        if day.date() != day_of(order.span.start, zone):
            when = day_in_sentence(day.date(), self.now, zone)
            parts = [f"{when} {clock(free.span.start, zone)}"]
        if free.resource != order.resource:
            parts.insert(0, name_of(self.premises, free.resource))
        midnight = end.time() == datetime.min.time() and end.date() == day.date() + timedelta(days=1)
        return Offer(
            value=write_piece(free.resource, free.span),
            label=" ".join(parts),
            resource=ANY_DESK if order.resource == ANY_DESK else free.resource,
            day=day.date().isoformat(),
            start=f"{day:%H:%M}",
            end="24:00" if midnight else f"{end:%H:%M}",
        )


def mark_all(form: BookingForm, asked: Asked, refusals: Iterable[Refusal], premises: Premises) -> list[Fault]:
    """Everything that is wrong, at its fields: what could not be read, and what the rules say."""
    found = [*asked.faults, *faults(refusals, premises.zone)]
    mark(form, found)
    return found
