"""A series as it stands: its occurrences, the dates that were refused, and trying one of these again.

For the booking's own organisation only. Imports storage and the domain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from booking.actions.booking import aged, seal
from booking.actions.changes import Changes, as_order
from booking.actions.displacing import displace
from booking.actions.errors import Clash, NotFound, Refused
from booking.actions.judging import Judged, Tried, agreed, clash
from booking.actions.looking import eyes_over, look_at, place_of, seen_whole, stored, words_of
from booking.actions.wishing import Given, present, refuse, resolve
from booking.domain.attempts import Attempt
from booking.domain.bookings import Booking, Status
from booking.domain.disclosure import Eyes
from booking.domain.people import Viewer
from booking.domain.permissions import Deed, require
from booking.domain.refusals import Reason, Refusal, invited_outside, refusals
from booking.domain.spans import Span, whole_days
from booking.domain.views import Full
from booking.storage import journal, ledger, naming, places, recording
from booking.storage.circles import all_circles
from booking.storage.database import GuardRefused, Touches, transaction
from booking.storage.journal import Action
from booking.storage.ledger import RefusedDate as RefusedDate  # as what pages are handed it
from booking.storage.places import Place
from booking.storage.tokens import new_id


@dataclass(frozen=True)
class Occurrences:
    """A series by start: what is to come of it, a part of it whole, and what was cancelled of the time to come.

    `moved` are the keys of those whose time or place was changed on its own; `coming` counts all that is to come.
    """

    shown: tuple[Full, ...]
    coming: int
    cancelled: tuple[Full, ...]
    moved: tuple[Full, ...]
    refused: tuple[RefusedDate, ...]

    def was_moved(self, view: Full) -> bool:
        """Whether this one's time or place was changed on its own."""
        return any(each.key == view.key for each in self.moved)


def occurrences_of(
    viewer: Viewer, booking_id: str, now: datetime, first: int = 0, most: int = 20
) -> Occurrences:
    """The series from the `first` to come on, `most` of them whole. NotFound for all but its own organisation."""
    place = _own(viewer, booking_id, now)
    numbers = naming.numbers_of(booking_id)
    every = ledger.alone(place, numbers.values())
    coming = [each for each in every if each.span.end > now]
    standing = [each for each in coming if each.status is not Status.CANCELLED]
    shown = [numbers[each.occurrence] for each in standing[first : first + most]]
    beside = ledger.beside(place, shown)
    eyes = Eyes(viewer, place.premises, beside.bookings, beside.claims, now)
    plain = Eyes(viewer, place.premises, every, (), now)
    page = [eyes.known[beside.named[number]] for number in shown if beside.named[number] in eyes.known]
    return Occurrences(
        shown=tuple(eyes.whole(each) for each in page),
        coming=len(standing),
        cancelled=_seen(plain, (each for each in coming if each.status is Status.CANCELLED)),
        moved=_seen(plain, moved_alone(standing, place.premises.zone)),
        refused=tuple(each for each in ledger.refused_dates(booking_id) if each.span.start > now),
    )


def refused_dates(viewer: Viewer, booking_id: str, now: datetime) -> tuple[RefusedDate, ...]:
    """The dates to come that the series could not have. NotFound for all but its own organisation."""
    _own(viewer, booking_id, now)
    return tuple(each for each in ledger.refused_dates(booking_id) if each.span.start > now)


def _own(viewer: Viewer, booking_id: str, now: datetime) -> Place:
    opened = look_at(viewer, booking_id, now)
    if not opened.view.ours:
        raise NotFound
    return opened.place


def _seen(eyes: Eyes, bookings: Iterable[Booking]) -> tuple[Full, ...]:
    return tuple(eyes.whole(each) for each in bookings if each.key in eyes.known)


def moved_alone(standing: Sequence[Booking], zone: ZoneInfo) -> tuple[Booking, ...]:
    """Those with terms of their own whose time or place is another than most have, by the wall clock.

    A time that is still the one it was made for was not moved, though all that follow may have been.
    """
    sharing = Counter(each.terms for each in standing)
    usual = Counter(_way(each, zone) for each in standing).most_common(1)
    return tuple(
        each
        for each in standing
        if sharing[each.terms] == 1
        and _way(each, zone) != usual[0][0]
        and (each.span.start != each.occurrence or each.resource != usual[0][0][2])
    )


def _way(booking: Booking, zone: ZoneInfo) -> tuple[timedelta, timedelta, str]:
    """How far an occurrence was moved by the wall clock since it was made, how long it is, and where."""
    start, name = (
        each.astimezone(zone).replace(tzinfo=None) for each in (booking.span.start, booking.occurrence)
    )
    return start - name, booking.span.length, booking.resource


# --- trying again -----------------------------------------------------------------------------


def try_again(
    viewer: Viewer,
    booking_id: str,
    starts: datetime,
    now: datetime,
    agreed_to: frozenset[Given] | None = None,
    begun_too: bool = False,
) -> Full:
    """Book a refused date after all, as the series would have it. NotFound when it is none.

    Refused by a rule; Clash by what stands, or would give way and was not agreed to.
    """
    place = place_of(viewer, booking_id)
    changes = Changes(displace=agreed_to, begun_too=begun_too)
    try:
        with transaction(place.id, touches=Touches.BOOKINGS):
            name = _try_again(present(viewer), booking_id, starts, changes, now)
    except GuardRefused:
        raise Clash(Span(starts, starts)) from None
    return look_at(viewer, booking_id, now, name).view


def _try_again(
    viewer: Viewer, booking_id: str, starts: datetime, changes: Changes, now: datetime
) -> datetime:
    place, found, eyes = stored(viewer, booking_id, now)
    require(viewer, Deed.BOOKING_CHANGE, view := seen_whole(eyes, found))
    date = next((each for each in ledger.refused_dates(booking_id) if each.span.start == starts), None)
    if date is None or view is None or not view.ours:
        raise NotFound
    if date.reason == Reason.NO_SUCH_TIME:
        raise Refused((Refusal(Reason.NO_SUCH_TIME, "starts"),))
    series = _usual(place, booking_id, found)
    judged = _judged(viewer, place, series, date.span, changes, now)
    made = _made(series, judged.tried[0], now)
    turn = places.next_turn(place.id)
    (tried,) = judged.tried
    laid = aged(made.key, turn, (), tried.verdict.added) if tried.verdict else []
    recording.add_occurrence(place, made)
    seal(made)
    displace(place, judged.standing, judged.losses, made, laid, now, viewer.person)
    recording.change(place, [made], laid)
    recording.forget_refused(booking_id, starts)
    journal.record(Action.BOOKING_CHANGE, booking_id, now, viewer.person, ["occurrence"])
    return made.occurrence


def _usual(place: Place, booking_id: str, found: Booking) -> Booking:
    """An occurrence on the terms that most of them share: what the series itself takes and says."""
    every = ledger.alone(place, naming.numbers_of(booking_id).values())
    standing = [each for each in every if each.status is not Status.CANCELLED] or [found]
    terms, _ = Counter(each.terms for each in standing).most_common(1)[0]
    return next(each for each in standing if each.terms == terms)


def _judged(
    viewer: Viewer, place: Place, series: Booking, span: Span, changes: Changes, now: datetime
) -> Judged:
    """The date weighed as one of the series; Refused or Clash when it cannot be had."""
    order = replace(as_order(place, series, changes), span=span)
    resolved = resolve(viewer, place, order, now)
    wish = resolved.wishes[0]
    refuse([*resolved.wrong, *refusals(wish)])
    wish = replace(wish, use=replace(wish.use, organisation=series.organisation))
    eyes, standing = eyes_over(viewer, place, whole_days(span, place.premises.zone), now)
    verdict = Attempt(eyes, all_circles(), wish.use, standing.claims).judge(span)
    judged = Judged((Tried(wish, (), verdict),), eyes, standing, resolved.invited, resolved.organiser)
    if not judged.fitting or not agreed(order, judged.displaceable, now):
        raise clash(viewer, place, span, [judged], judged, now)
    refuse(invited_outside(wish, verdict.crossed))
    return judged


def _made(series: Booking, tried: Tried, now: datetime) -> Booking:
    """The date as an occurrence, on terms of its own where it takes over a circle that the others do not have."""
    circles = series.circles | tried.circles
    same = circles == series.circles
    return replace(
        series,
        span=tried.wish.span,
        occurrence=tried.wish.span.start,
        circles=circles,
        terms=series.terms if same else new_id(),
        content=series.content if same else words_of(series),
        version=series.version + 1,
        sequence=0,
        created=now,
        changed=now,
        checked_in=None,
        missed=False,
        released=(),
    )
