"""The form's answer before anybody presses Book: free, clashes, works if something gives way, or not so.

Imports actions and the domain. Every line is made from what the actions answered this viewer, never from more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from booking.actions import booking, looking
from booking.actions.errors import Alternative, Clash, Refused
from booking.actions.judging import Judged
from booking.actions.wishing import ANY_DESK, Order
from booking.domain.people import Viewer
from booking.domain.premises import Premises
from booking.domain.refusals import Refusal
from booking.domain.spans import day_of
from booking.domain.views import Full
from booking.web.cards import day_in_sentence, name_of, walls
from booking.web.clash_words import ClashWords, Dated
from booking.web.pieces import write_occurrences, write_piece
from booking.web.repeat_words import in_words
from booking.web.wish_form import Asked, BookingForm, Fault, faults, mark
from booking.web.wording import clock, dated_day, hours, plain_day

FREE, CLASH, SOME, GIVES_WAY, REFUSED = "free", "clash", "some", "gives-way", "refused"


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
    """What the form says. `agreement` is the exact list a yes carries, `count` how many bookings it is.

    Of a series: `dates` are those that are refused and `left_out` their times; `fits` times would do where nobody
    gives way, and then the times in `only` are left out. `resource` is what would be had, where that is settled.
    """

    kind: str
    lines: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    agreement: str = ""
    count: int = 0
    begun: bool = False
    book: str = ""
    faster: bool = False
    mark: str = ""
    series: bool = False
    dates: tuple[Dated, ...] = ()
    left_out: str = ""
    fits: int = 0
    only: str = ""
    resource: str = ""


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
            found = self.after_clash(order, clash, form)
            return self._unmoved(order, found) if found.series and clash.displaceable else found
        except Refused as refused:
            zone = self.premises.zone
            return Answer(REFUSED, tuple(each.sentence for each in faults(refused.refusals, zone)))
        return self._free(judged, order, form)

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

    def _free(self, judged: Judged, order: Order, form: BookingForm) -> Answer:
        span, use, zone = judged.wish.span, judged.wish.use, self.premises.zone
        place = name_of(self.premises, use.resource.key)
        waits = self._waits(judged, order)
        if judged.repetition is None:
            lines = [f"{place}, {plain_day(day_of(span.start, zone))} {hours(span, zone)}."]
            ask, book = (
                _("Ask for %(hours)s", hours=hours(span, zone)),
                _("Book %(hours)s", hours=hours(span, zone)),
            )
        else:
            lines, many = self._many(judged, place), len(judged.fitting)
            ask = ngettext("Ask for one time", "Ask for %(num)d times", many)
            book = ngettext("Book one time", "Book %(num)d times", many)
        stands = ", ".join(walls(self.premises, use))
        lines += [f"{stands[:1].upper()}{stands[1:]}."] if stands else []
        return Answer(
            FREE,
            (*lines, *waits),
            book=ask if waits else book,
            mark=f"{FREE} {form.question}",
            resource=use.resource.key,
        )

    def _many(self, judged: Judged, place: str) -> list[str]:
        """How many times, how they come back, and from when till when."""
        zone, spans = self.premises.zone, [each.wish.span for each in judged.fitting]
        today, days = day_of(self.now, zone), [day_of(each.start, zone) for each in (spans[0], spans[-1])]
        assert judged.repetition is not None
        rhythm = in_words(judged.repetition, days[0], zone)
        first, last = (dated_day(each, today) for each in days)
        return [
            ngettext("One time: %(rhythm)s.", "%(num)d times: %(rhythm)s.", len(spans), rhythm=rhythm),
            _(
                "%(place)s %(hours)s, from %(first)s until %(last)s.",
                place=place,
                hours=hours(spans[0], zone),
                first=first,
                last=last,
            ),
        ]

    def _waits(self, judged: Judged, order: Order) -> list[str]:
        """That the coordinator has to approve it, and until when."""
        by = booking.preview(judged, order, self.now).answer_by
        return (
            [_("It waits for the coordinator’s approval, until %(when)s.", when=self._moment(by))]
            if by
            else []
        )

    def _moment(self, moment: datetime) -> str:
        zone = self.premises.zone
        return f"{day_in_sentence(day_of(moment, zone), self.now, zone)} {clock(moment, zone)}"

    # --- clashes ------------------------------------------------------------------------------

    def after_clash(self, order: Order, clash: Clash, form: BookingForm, series: bool = False) -> Answer:
        """What an order met; had the form been told that it was free, somebody was faster."""
        words = self.words(clash)
        series = series or order.repeat is not None
        offers = tuple(self.offer(order, each) for each in clash.alternatives)
        if clash.displaceable:
            found = self._gives_way(clash, words, series)
        elif series:
            found = Answer(
                SOME if clash.fits else CLASH,
                dates=words.dates(clash.met),
                fits=clash.fits,
                left_out=write_occurrences(each.occurrence for each in clash.met),
            )
        else:
            book = _("Book %(what)s instead", what=offers[0].label) if offers else ""
            found = Answer(CLASH, words.lines(clash.clashes), book=book)
        return replace(
            found,
            offers=offers,
            series=series,
            faster=form.text("told") == f"{FREE} {form.question}",
            mark=f"{found.kind} {form.question}",
        )

    def date_met(self, clash: Clash) -> Answer:
        """What one date of a series met that was tried again."""
        words = self.words(clash)
        return (
            self._gives_way(clash, words, False)
            if clash.displaceable
            else Answer(CLASH, words.lines(clash.clashes))
        )

    def words(self, clash: Clash) -> ClashWords:
        """The words for what was met, with the names in it."""
        met = [each for each in (*clash.clashes, *clash.displaceable) if isinstance(each, Full)]
        return ClashWords(self.premises, looking.names_in(self.viewer, met), self.now)

    def _gives_way(self, clash: Clash, words: ClashWords, series: bool) -> Answer:
        pieces = clash.displaceable
        return Answer(
            GIVES_WAY,
            tuple(words.yielding(each, series) for each in pieces),
            agreement=",".join(write_piece(each.id, each.span) for each in pieces),
            count=len({(each.id, words.day(each.span.start)) for each in pieces}),
            begun=any(each.span.start <= self.now for each in pieces),
            dates=words.dates(clash.met),
            left_out=write_occurrences(each.occurrence for each in clash.met),
        )

    def _unmoved(self, order: Order, found: Answer) -> Answer:
        """With what would be left of a series if nobody were to give way."""
        try:
            judged = booking.try_out(self.viewer, replace(order, skip=True), self.now)
        except (Clash, Refused):
            return found
        times = write_occurrences(each.wish.span.start for each in judged.refused)
        return replace(found, fits=len(judged.fitting), only=times)

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
