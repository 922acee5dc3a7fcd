"""From what somebody asked for to a judged wish: names resolved, rules tried, claims weighed.

Used by booking, changing and finding free times alike. Imports storage and the domain; writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from booking.actions.errors import Alternative, Clash, Refused
from booking.actions.looking import eyes_over
from booking.domain.attempts import Attempt, Verdict, nearest, open_gaps
from booking.domain.bookings import Invitee
from booking.domain.claims import Use
from booking.domain.disclosure import Eyes, Full
from booking.domain.people import CircleId, Viewer, Visibility
from booking.domain.premises import Kind, Resource
from booking.domain.refusals import Reason, Refusal, Wish, refusals
from booking.domain.spans import Span, day_of, day_start
from booking.storage import directory, ledger
from booking.storage.directory import Person
from booking.storage.places import Place

ANY_DESK = "any-desk"
DAYS_AROUND = timedelta(days=7)
ALTERNATIVES = 3
BY_TIME = frozenset({Reason.OUTSIDE_HOURS, Reason.TOO_FAR_AHEAD, Reason.IN_THE_PAST, Reason.TOO_MANY_AHEAD})


@dataclass(frozen=True)
class Given:
    """A part that would give way, as the asker agreed to it; no span means whatever part it is."""

    booking: str
    span: Span | None = None


@dataclass(frozen=True)
class Order:
    """What somebody asks for: names as given, times UTC. `displace` None refuses any giving way."""

    premises: str
    resource: str
    span: Span
    title: str = ""
    note: str = ""
    visibility: Visibility | None = None
    circle: str | None = None
    attendees: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    clear_desks: bool = False
    displace: frozenset[Given] | None = None


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


def present(viewer: Viewer) -> Viewer:
    """The viewer with the circles their organisation is in now, read under the lock."""
    return (
        replace(viewer, circles=frozenset(directory.circles_of(viewer.organisation)))
        if viewer.trusted
        else viewer
    )


@dataclass(frozen=True)
class Resolved:
    """An order with its names resolved: a wish for each resource that would do, and names that were wrong."""

    wishes: tuple[Wish, ...]
    invited: tuple[Invitee, ...]
    wrong: tuple[Refusal, ...]


def resolve(viewer: Viewer, place: Place, order: Order, now: datetime) -> Resolved:
    """Look up every name in the order; nothing is refused yet but an unknown resource."""
    visibility = order.visibility or _default_visibility(viewer)
    circle, wrong = _circle(viewer, order, visibility)
    equipment, bad_equipment = _equipment(place, order.equipment)
    people = directory.people_by_email(order.attendees)
    if len(people) < len({email.strip().lower() for email in order.attendees}):
        wrong.append(Refusal(Reason.UNKNOWN_PERSON, "attendees"))
    coming, circles = _coming(viewer, place, now), _circles_of(people.values())
    found = tuple(
        Wish(
            viewer=viewer,
            premises=place.premises,
            use=Use(
                _as_taken(place, resource, circle),
                viewer.organisation or 0,
                circle,
                order.clear_desks,
                equipment,
            ),
            span=order.span,
            visibility=visibility,
            title=order.title,
            note=order.note,
            now=now,
            coming=coming,
            attendee_circles=circles,
        )
        for resource in _candidates(place, order.resource)
    )
    invited = tuple(Invitee(each.id, each.name, each.email) for each in people.values())
    return Resolved(found, invited, (*wrong, *bad_equipment))


def rule_out(resolved: Resolved, ignoring: frozenset[Reason] = frozenset()) -> None:
    """Refused with every reason a name or a rule gives against the order, each reason once."""
    said = {each.reason: each for each in resolved.wrong}
    for wish in resolved.wishes[:1]:
        for refusal in refusals(wish):
            said.setdefault(refusal.reason, refusal)
    found = tuple(each for reason, each in said.items() if reason not in ignoring)
    if found:
        raise Refused(found)


def _candidates(place: Place, name: str) -> tuple[Resource, ...]:
    if name == ANY_DESK:
        return place.premises.of_kind(Kind.DESK)
    key = place.resource_key(name)
    if key is None:
        raise Refused((Refusal(Reason.UNKNOWN_RESOURCE, "resource"),))
    return (place.premises.by_key[key],)


def _as_taken(place: Place, resource: Resource, circle: CircleId | None) -> Resource:
    """A confidential table is the room that holds it, where the premises names that room."""
    if circle is not None and resource.kind is Kind.TABLE:
        return place.premises.room_of(resource) or resource
    return resource


def _equipment(place: Place, names: Iterable[str]) -> tuple[tuple[Resource, ...], list[Refusal]]:
    keys = [place.resource_key(name) for name in dict.fromkeys(names)]
    found = [place.premises.by_key[key] for key in keys if key is not None]
    if len(found) < len(keys) or any(each.kind is not Kind.EQUIPMENT for each in found):
        return (), [Refusal(Reason.UNKNOWN_EQUIPMENT, "equipment")]
    return tuple(found), []


def _default_visibility(viewer: Viewer) -> Visibility:
    if viewer.organisation is None:
        return Visibility.INTERNAL
    return directory.organisation(viewer.organisation).default_visibility


def _circle(viewer: Viewer, order: Order, visibility: Visibility) -> tuple[CircleId | None, list[Refusal]]:
    """The circle meant: by key or number as text, the organisation's own when left out."""
    if visibility is not Visibility.CONFIDENTIAL:
        wrong = [Refusal(Reason.CIRCLE_WITHOUT_SECRECY, "circle")] if order.circle else []
        return None, wrong
    if order.circle is None:
        return _own_circle(viewer), []
    number = directory.circle_id(order.circle)
    if number is None or number not in viewer.circles:
        return None, [Refusal(Reason.CIRCLE_NOT_YOURS, "circle")]
    return number, []


def _own_circle(viewer: Viewer) -> CircleId | None:
    if viewer.organisation is None:
        return None
    return directory.circle_id(directory.own_circle_key(directory.organisation(viewer.organisation).key))


def _circles_of(people: Iterable[Person]) -> tuple[frozenset[CircleId], ...]:
    return tuple(frozenset(directory.circles_of(each.organisation)) for each in people)


def _coming(viewer: Viewer, place: Place, now: datetime) -> int:
    rule = place.premises.rule_for(viewer.category)
    if rule is None or rule.most_ahead is None or viewer.organisation is None:
        return 0
    return ledger.coming(viewer.organisation, now)


# --- judging ----------------------------------------------------------------------------------


def judge(viewer: Viewer, place: Place, order: Order, now: datetime) -> Judged:
    """The order judged on the resource it fits best. Refused by a rule, Clash by what stands or would give way."""
    resolved = resolve(viewer, place, order, now)
    rule_out(resolved)
    eyes, standing = eyes_over(viewer, place, days_around(place, order.span), now)
    circles = directory.all_circles()
    tried = [
        Judged(
            wish, eyes, Attempt(eyes, circles, wish.use, standing.claims).judge(wish.span), resolved.invited
        )
        for wish in resolved.wishes
    ]
    best = min(tried, key=lambda each: (each.verdict.refused, len(each.verdict.displaceable)))
    _absorbed_by_all(best)
    if best.verdict.refused or not agreed(order, best.verdict.displaceable):
        raise clash(viewer, place, order.span, tried, now)
    return best


def days_around(place: Place, span: Span) -> Span:
    """The local days a span touches, whole, so that a Busy is told as a board of those days tells it."""
    zone = place.premises.zone
    last = max(span.end - timedelta(microseconds=1), span.start)
    return Span(
        day_start(day_of(span.start, zone), zone), day_start(day_of(last, zone) + timedelta(days=1), zone)
    )


def _absorbed_by_all(judged: Judged) -> None:
    """Those invited must be in every circle the booking takes over."""
    crossed = judged.verdict.crossed
    if any(not crossed <= circles for circles in judged.wish.attendee_circles):
        raise Refused((Refusal(Reason.ATTENDEE_OUTSIDE_CIRCLE, "attendees"),))


def agreed(order: Order, displaceable: tuple[Full, ...]) -> bool:
    """Whether exactly what would give way was agreed to."""
    if not displaceable:
        return True
    if order.displace is None:
        return False
    exact = frozenset(Given(piece.id, piece.span) for piece in displaceable)
    by_id = frozenset(Given(piece.id) for piece in displaceable)
    return order.displace in (exact, by_id)


def clash(viewer: Viewer, place: Place, span: Span, tried: list[Judged], now: datetime) -> Clash:
    """The refusal of everything that was tried, with the nearest times that would do."""
    open_to_agreement = [each for each in tried if not each.verdict.refused]
    shown = open_to_agreement[:1] or tried
    return Clash(
        wanted=span,
        clashes=tuple(dict.fromkeys(view for each in shown for view in each.verdict.clashes)),
        displaceable=shown[0].verdict.displaceable if open_to_agreement else (),
        alternatives=tuple(alternatives(viewer, place, tried[0].wish, now)),
    )


def alternatives(viewer: Viewer, place: Place, wish: Wish, now: datetime) -> list[Alternative]:
    """The nearest times on that resource, and the same time on an equal one, for this very wish."""
    window = wish.span.widened(DAYS_AROUND, DAYS_AROUND)
    around = free_times(viewer, place, [wish], window, wish.span.length, wish.span.start, ALTERNATIVES, now)
    if wish.use.resource.kind is not Kind.DESK:
        return around
    equals = [
        replace(wish, use=replace(wish.use, resource=desk))
        for desk in place.premises.of_kind(Kind.DESK, wish.use.zones)
        if desk.key != wish.use.resource.key
    ]
    same = free_times(viewer, place, equals, wish.span, wish.span.length, wish.span.start, 1, now)
    return [*same, *around][:ALTERNATIVES]


def free_times(
    viewer: Viewer,
    place: Place,
    wanted: list[Wish],
    window: Span,
    length: timedelta,
    near: datetime,
    limit: int,
    now: datetime,
) -> list[Alternative]:
    """The times in a window, nearest first, at which one of the wishes would be accepted and nobody gives way."""
    rule = place.premises.rule_for(viewer.category)
    bounds = window.cut(Span(_next_minute(now), place.premises.horizon(viewer.category, now)))
    if rule is None or bounds is None or length <= timedelta() or length > rule.longest:
        return []
    eyes, standing = eyes_over(viewer, place, bounds, now)
    circles = directory.all_circles()
    open_time = [bounds]
    if rule.hours is not None:
        open_time = [
            part for span in rule.hours.open_spans(bounds, place.premises.zone) if (part := span.cut(bounds))
        ]
    found: list[Alternative] = []
    for wish in wanted:
        refused = Attempt(eyes, circles, wish.use, standing.claims).refused_spans()
        gaps = open_gaps(open_time, refused, length)
        found += [Alternative(wish.use.resource.key, span) for span in nearest(gaps, length, near, limit)]
    return sorted(found, key=lambda each: (abs(each.span.start - near), each.span, each.resource))[:limit]


def _next_minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1 if now.second or now.microsecond else 0)


def find_free(
    viewer: Viewer, place: Place, order: Order, kind: Kind | None, window: Span, limit: int, now: datetime
) -> list[Alternative]:
    """Free times for an order whose span gives the length; with a kind, on any resource of it.

    Refused when a rule that time does not mend is against it.
    """
    names = [each.key for each in place.premises.of_kind(kind)] if kind else [order.resource]
    start = _next_minute(max(window.start, now))
    timed = replace(order, span=Span(start, start + order.span.length))
    wanted: list[Wish] = []
    for name in names:
        resolved = resolve(viewer, place, replace(timed, resource=name), now)
        rule_out(resolved, ignoring=BY_TIME)
        wanted += resolved.wishes
    return free_times(viewer, place, wanted, window, order.span.length, window.start, limit, now)
