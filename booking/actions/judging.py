"""A wish weighed against what stands, at all its times: accepted, or the clash with what its maker may know of it.

Imports storage and the domain; writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from booking.actions.errors import Clash, Met, Refused
from booking.actions.finding import alternatives
from booking.actions.looking import eyes_over_all
from booking.actions.times import times_of
from booking.actions.wishing import Given, Order, Resolved, refuse, resolve, rule_out
from booking.domain.attempts import Attempt, Verdict
from booking.domain.bookings import Booking, Invitee, Repetition
from booking.domain.disclosure import Eyes
from booking.domain.displacement import Loss
from booking.domain.people import CircleId, Circles, Viewer
from booking.domain.refusals import TIMELY, Reason, Refusal, Wish, invited_outside, refusals
from booking.domain.series import Time
from booking.domain.spans import Span, whole_days
from booking.domain.views import Full
from booking.storage.circles import all_circles
from booking.storage.ledger import Standing
from booking.storage.places import Place


@dataclass(frozen=True)
class Tried:
    """A wish at one time: the rules that forbid it then, or the verdict of what stands."""

    wish: Wish
    wrong: tuple[Refusal, ...] = ()
    verdict: Verdict | None = None

    @property
    def fits(self) -> bool:
        """Whether nothing refuses it."""
        return self.verdict is not None and not self.verdict.refused

    @property
    def displaceable(self) -> tuple[Full, ...]:
        """What would have to give way to it."""
        return self.verdict.displaceable if self.verdict and self.fits else ()

    @property
    def circles(self) -> frozenset[CircleId]:
        """All circles a viewer must share to know it: the chosen one, or those it takes over."""
        chosen = self.wish.use.circle
        crossed = self.verdict.crossed if self.verdict else frozenset()
        return frozenset({chosen}) if chosen is not None else crossed


@dataclass(frozen=True)
class Judged:
    """A wish that no rule refuses, with what came of each of its times; some of them fit."""

    tried: tuple[Tried, ...]
    eyes: Eyes
    standing: Standing
    invited: tuple[Invitee, ...]
    organiser: Invitee
    repetition: Repetition | None = None

    @property
    def wish(self) -> Wish:
        """The wish at the first time that is to be booked."""
        return next((each.wish for each in self.tried if each.fits), self.tried[0].wish)

    @property
    def fitting(self) -> tuple[Tried, ...]:
        """The times at which nothing refuses it."""
        return tuple(each for each in self.tried if each.fits)

    @property
    def refused(self) -> tuple[Tried, ...]:
        """The times at which it is refused."""
        return tuple(each for each in self.tried if not each.fits)

    @property
    def displaceable(self) -> tuple[Full, ...]:
        """All that would have to give way, by start."""
        return displaceable_of(self.tried)

    def leaves_out_what_was_said(self, order: Order) -> bool:
        """Whether some of its times fit, and the rest may be left out: all that was said, and nothing else."""
        if not self.fitting or (self.refused and not order.skip):
            return False
        return order.left_out is None or set(order.left_out) == {
            each.wish.span.start for each in self.refused
        }

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What each displaced occurrence would lose."""
        return tuple(loss for each in self.fitting if each.verdict for loss in each.verdict.losses)


def displaceable_of(tried: Iterable[Tried]) -> tuple[Full, ...]:
    """All that would have to give way, by start; what would lose time twice stands once."""
    pieces: dict[tuple[str, Span], Full] = {}
    for each in (piece for attempt in tried for piece in attempt.displaceable):
        known = pieces.get((each.key, each.span))
        lost = (*(known.suspended if known else ()), *each.suspended)
        pieces[each.key, each.span] = replace(each, suspended=tuple(sorted(set(lost))))
    return tuple(sorted(pieces.values(), key=lambda piece: (piece.span, piece.resource, piece.id)))


def judge(viewer: Viewer, place: Place, order: Order, now: datetime) -> Judged:
    """The order judged on the resource it fits best. Refused by a rule, Clash by what stands or would give way."""
    times, repetition = times_of(order, place)
    resolved = resolve(viewer, place, replace(order, span=_first(times, order)), now)
    if repetition is None:
        rule_out(resolved)
    wanted = [_at_times(wish, times) for wish in resolved.wishes]
    _rule_out_all(resolved, wanted[0])
    windows = [whole_days(each.wish.span, place.premises.zone) for each in wanted[0] if not each.wrong]
    eyes, standing = eyes_over_all(viewer, place, windows, now)
    circles = all_circles()
    judged = [
        Judged(
            _tried(each, eyes, standing, circles),
            eyes,
            standing,
            resolved.invited,
            resolved.organiser,
            repetition,
        )
        for each in wanted
    ]
    return _accepted(viewer, place, order, judged, now)


def _accepted(viewer: Viewer, place: Place, order: Order, judged: Sequence[Judged], now: datetime) -> Judged:
    """The best of some judgements as far as it may be booked; else Clash."""
    if order.skip and order.displace is None:
        judged = [replace(each, tried=tuple(_unmoved(one) for one in each.tried)) for each in judged]
    best = min(judged, key=lambda each: (len(each.refused), len(each.displaceable)))
    if not best.leaves_out_what_was_said(order) or not agreed(order, best.displaceable, now):
        raise clash(viewer, place, order.span, judged, best, now)
    # Only of what is accepted: else whom one may invite would tell a hidden circle.
    crossed = frozenset(circle for each in best.fitting if each.verdict for circle in each.verdict.crossed)
    if outside := tuple(invited_outside(best.wish, crossed)):
        raise Refused(outside)
    return best


def _first(times: Sequence[Time], order: Order) -> Span:
    return next((each.span for each in times if each.span is not None), order.span)


def _at_times(wish: Wish, times: Sequence[Time]) -> tuple[Tried, ...]:
    """The wish at each time, with the rules that forbid it then."""
    found = []
    for time in times:
        at = replace(wish, span=time.span or _as_if(wish, time), times=len(times))
        wrong = refusals(at) if time.span else (Refusal(Reason.NO_SUCH_TIME, "starts"),)
        found.append(Tried(at, wrong))
    return tuple(found)


def _as_if(wish: Wish, time: Time) -> Span:
    """The time on its own day when the clock skips it, so that it is told apart from the others."""
    clock = wish.span.start.astimezone(wish.premises.zone).time()
    start = datetime.combine(time.day, clock, wish.premises.zone).astimezone(UTC)
    return Span(start, start + wish.span.length)


def _rule_out_all(resolved: Resolved, tried: Sequence[Tried]) -> None:
    """Refused by what no other time would mend, or when every time is forbidden."""
    lasting = [each for attempt in tried for each in attempt.wrong if each.reason not in TIMELY]
    refuse([*resolved.wrong, *lasting])
    if all(attempt.wrong for attempt in tried):
        refuse([each for attempt in tried for each in attempt.wrong])


def _tried(wanted: Sequence[Tried], eyes: Eyes, standing: Standing, circles: Circles) -> tuple[Tried, ...]:
    attempt = Attempt(eyes, circles, wanted[0].wish.use, standing.claims)
    return tuple(
        each if each.wrong else replace(each, verdict=attempt.judge(each.wish.span)) for each in wanted
    )


def _unmoved(tried: Tried) -> Tried:
    """To book what fits is to book where nobody gives way."""
    if not tried.displaceable or tried.verdict is None:
        return tried
    return replace(tried, verdict=replace(tried.verdict, refused=True, clashes=tried.verdict.displaceable))


def agreed(order: Order, displaceable: tuple[Full, ...], now: datetime) -> bool:
    """Whether exactly what would give way was agreed to, and said twice of what has begun."""
    if not displaceable:
        return True
    if order.displace is None or (
        not order.begun_too and any(each.span.start <= now for each in displaceable)
    ):
        return False
    exact = frozenset(Given(piece.id, piece.span) for piece in displaceable)
    by_id = frozenset(Given(piece.id) for piece in displaceable)
    return order.displace in (exact, by_id)


def clash(
    viewer: Viewer,
    place: Place,
    span: Span,
    judged: Sequence[Judged],
    best: Judged,
    now: datetime,
    changing: Booking | None = None,
) -> Clash:
    """The refusal of everything that was tried, with the nearest times that would do."""
    alone = len(best.tried) == 1
    shown = judged if alone and best.refused else [best]
    met = [met_by(each) for one in shown for each in one.refused]
    if alone and met:
        views = tuple(dict.fromkeys(view for each in met for view in each.views))
        met = [replace(met[0], views=views)]
    return Clash(
        wanted=span,
        met=tuple(met),
        displaceable=best.displaceable if best.fitting else (),
        alternatives=tuple(alternatives(viewer, place, judged[0].tried[0].wish, now, changing))
        if alone
        else (),
        fits=sum(1 for each in best.fitting if not each.displaceable),
    )


def met_by(tried: Tried) -> Met:
    """What one refused time met."""
    reason = tried.wrong[0].reason if tried.wrong else None
    return Met(tried.wish.span.start, tried.verdict.clashes if tried.verdict else (), reason)
