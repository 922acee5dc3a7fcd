"""A wish weighed against what stands: accepted, or the clash with what its maker may know of it.

Imports storage and the domain; writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from booking.actions.errors import Clash, Refused
from booking.actions.finding import alternatives
from booking.actions.looking import eyes_over
from booking.actions.wishing import Given, Order, resolve, rule_out
from booking.domain.attempts import Attempt, Verdict
from booking.domain.bookings import Booking, Invitee
from booking.domain.disclosure import Eyes
from booking.domain.people import CircleId, Viewer
from booking.domain.refusals import Wish, invited_outside
from booking.domain.spans import Span, whole_days
from booking.domain.views import Full
from booking.storage import directory
from booking.storage.places import Place


@dataclass(frozen=True)
class Judged:
    """A wish that no rule refuses, with the verdict on one resource."""

    wish: Wish
    eyes: Eyes
    verdict: Verdict
    invited: tuple[Invitee, ...]

    @property
    def circles(self) -> frozenset[CircleId]:
        """All circles a viewer must share to know it: the chosen one, or those it takes over."""
        chosen = self.wish.use.circle
        return frozenset({chosen}) if chosen is not None else self.verdict.crossed


def judge(viewer: Viewer, place: Place, order: Order, now: datetime) -> Judged:
    """The order judged on the resource it fits best. Refused by a rule, Clash by what stands or would give way."""
    resolved = resolve(viewer, place, order, now)
    rule_out(resolved)
    eyes, standing = eyes_over(viewer, place, whole_days(order.span, place.premises.zone), now)
    circles = directory.all_circles()
    tried = [
        Judged(
            wish, eyes, Attempt(eyes, circles, wish.use, standing.claims).judge(wish.span), resolved.invited
        )
        for wish in resolved.wishes
    ]
    best = min(tried, key=lambda each: (each.verdict.refused, len(each.verdict.displaceable)))
    if best.verdict.refused or not agreed(order, best.verdict.displaceable):
        raise clash(viewer, place, order.span, tried, now)
    # Only of what is accepted: else whom one may invite would tell a hidden circle.
    if outside := tuple(invited_outside(best.wish, best.verdict.crossed)):
        raise Refused(outside)
    return best


def agreed(order: Order, displaceable: tuple[Full, ...]) -> bool:
    """Whether exactly what would give way was agreed to."""
    if not displaceable:
        return True
    if order.displace is None:
        return False
    exact = frozenset(Given(piece.id, piece.span) for piece in displaceable)
    by_id = frozenset(Given(piece.id) for piece in displaceable)
    return order.displace in (exact, by_id)


def clash(
    viewer: Viewer,
    place: Place,
    span: Span,
    tried: list[Judged],
    now: datetime,
    changing: Booking | None = None,
) -> Clash:
    """The refusal of everything that was tried, with the nearest times that would do."""
    open_to_agreement = [each for each in tried if not each.verdict.refused]
    shown = open_to_agreement[:1] or tried
    return Clash(
        wanted=span,
        clashes=tuple(dict.fromkeys(view for each in shown for view in each.verdict.clashes)),
        displaceable=shown[0].verdict.displaceable if open_to_agreement else (),
        alternatives=tuple(alternatives(viewer, place, tried[0].wish, now, changing)),
    )
