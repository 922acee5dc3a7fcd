"""From what somebody asked for to a wish: names resolved, and the rules tried against it.

Used by booking, changing and finding free times alike. Imports storage and the domain; writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from booking.actions.errors import Refused
from booking.domain.bookings import Invitee, Repetition
from booking.domain.claims import Use
from booking.domain.people import CircleId, Circles, Viewer, Visibility
from booking.domain.premises import Kind, Resource
from booking.domain.refusals import Reason, Refusal, Wish, refusals
from booking.domain.spans import Span
from booking.storage import directory, organisations, to_come
from booking.storage.circles import all_circles, circle_id, circles_of, own_circle_key
from booking.storage.directory import Person
from booking.storage.places import Place

ANY_DESK = "any-desk"
NO_MEMBERS = Circles({})


@dataclass(frozen=True)
class Given:
    """A part that would give way, as the asker agreed to it; no span means whatever part it is."""

    booking: str
    span: Span | None = None


@dataclass(frozen=True)
class Order:
    """What somebody asks for: names as given, times UTC. `displace` None refuses any giving way.

    With `repeat` the span is the first of many, and `skip` books those that fit; with `left_out` only when exactly
    the times that start then do not. `begun_too` is the second yes, for giving way of what has begun. `organiser`
    is a colleague's address, when it is booked on their behalf. `blocked` is the coordinator's: `resource` and
    `equipment` are then the places kept from everybody. `kept_circle` is the age of its circle that what is changed
    keeps. `uid` is what calendars call it, where that was settled before it was booked.
    """

    premises: str
    resource: str
    span: Span
    title: str = ""
    note: str = ""
    visibility: Visibility | None = None
    circle: str | None = None
    kept_circle: CircleId | None = None
    attendees: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    clear_desks: bool = False
    displace: frozenset[Given] | None = None
    begun_too: bool = False
    urgent: bool = False
    repeat: Repetition | None = None
    skip: bool = False
    left_out: tuple[datetime, ...] | None = None
    organiser: str | None = None
    blocked: bool = False
    uid: str | None = None


def present(viewer: Viewer) -> Viewer:
    """The viewer with the circles their organisation is in now, read under the lock."""
    return (
        replace(viewer, circles=circles_of(viewer.organisation).opened(viewer.proved))
        if viewer.trusted
        else viewer
    )


@dataclass(frozen=True)
class Resolved:
    """An order with its names resolved: a wish for each resource that would do, and names that were wrong."""

    wishes: tuple[Wish, ...]
    invited: tuple[Invitee, ...]
    organiser: Invitee
    wrong: tuple[Refusal, ...]


def resolve(viewer: Viewer, place: Place, order: Order, now: datetime) -> Resolved:
    """Look up every name in the order; nothing is refused yet but an unknown resource."""
    visibility = order.visibility or default_visibility(viewer)
    circle, wrong = _circle(viewer, order, visibility)
    equipment, bad_equipment = _equipment(place, order)
    people = directory.people_by_email(order.attendees)
    if len(people) < len({email.strip().lower() for email in order.attendees}):
        wrong.append(Refusal(Reason.UNKNOWN_PERSON, "attendees"))
    organiser, bad_organiser = _organiser(viewer, order)
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
                urgent=order.urgent,
                blocked=order.blocked,
            ),
            span=order.span,
            visibility=visibility,
            title=order.title,
            note=order.note,
            now=now,
            coming=coming,
            attendee_circles=circles,
        )
        for resource in _candidates(place, order)
    )
    invited = tuple(Invitee(each.id, each.name, each.email) for _, each in sorted(people.items()))
    return Resolved(found, invited, organiser, (*wrong, *bad_equipment, *bad_organiser))


def rule_out(resolved: Resolved, ignoring: frozenset[Reason] = frozenset()) -> None:
    """Refused with every reason a name or a rule gives against the order, each reason once."""
    refuse([*resolved.wrong, *(each for wish in resolved.wishes[:1] for each in refusals(wish))], ignoring)


def refuse(wrong: Iterable[Refusal], ignoring: frozenset[Reason] = frozenset()) -> None:
    """Refused with each reason once, the first of its kind; nothing when there is none."""
    said: dict[Reason, Refusal] = {}
    for each in wrong:
        if each.reason not in ignoring:
            said.setdefault(each.reason, each)
    if said:
        raise Refused(tuple(said.values()))


def _candidates(place: Place, order: Order) -> tuple[Resource, ...]:
    if order.resource == ANY_DESK:
        desks = place.premises.of_kind(Kind.DESK)
        return tuple(each for each in desks if place.premises.keeps(each, order.span.end)) or desks
    key = place.resource_key(order.resource)
    if key is None:
        raise Refused((Refusal(Reason.UNKNOWN_RESOURCE, "resource"),))
    return (place.premises.by_key[key],)


def _as_taken(place: Place, resource: Resource, circle: CircleId | None) -> Resource:
    """A confidential table is the room that holds it, where the premises names that room."""
    if circle is not None and resource.kind is Kind.TABLE:
        return place.premises.room_of(resource) or resource
    return resource


def _equipment(place: Place, order: Order) -> tuple[tuple[Resource, ...], list[Refusal]]:
    """The movable things that are taken along; of a block, any other places."""
    keys = [place.resource_key(name) for name in dict.fromkeys(order.equipment)]
    found = [place.premises.by_key[key] for key in keys if key is not None]
    if len(found) < len(keys) or any(each.kind is not Kind.EQUIPMENT for each in found if not order.blocked):
        return (), [Refusal(Reason.UNKNOWN_EQUIPMENT, "equipment")]
    return tuple(found), []


def _organiser(viewer: Viewer, order: Order) -> tuple[Invitee, list[Refusal]]:
    """Whose booking it will be: the asker's, or that of a colleague it is made on behalf of."""
    assert viewer.person is not None
    own = Invitee(viewer.person, viewer.name, viewer.email)
    if order.organiser is None:
        return own, []
    found = next(iter(directory.people_by_email([order.organiser]).values()), None)
    if found is None or found.organisation != viewer.organisation or found.ended(order.span.end):
        return own, [Refusal(Reason.UNKNOWN_COLLEAGUE, "organiser")]
    return Invitee(found.id, found.name, found.email), []


def default_visibility(viewer: Viewer) -> Visibility:
    """Who may know of what the viewer books without saying so."""
    if viewer.organisation is None:
        return Visibility.INTERNAL
    return organisations.get(viewer.organisation).default_visibility


def _circle(viewer: Viewer, order: Order, visibility: Visibility) -> tuple[CircleId | None, list[Refusal]]:
    """The circle meant: by key or number as text, the organisation's own when left out."""
    if visibility is not Visibility.CONFIDENTIAL:
        wrong = [Refusal(Reason.CIRCLE_WITHOUT_SECRECY, "circle")] if order.circle else []
        return None, wrong
    if order.circle is None:
        return _own_circle(viewer), []
    number = circle_id(order.circle, order.kept_circle)
    if number is None or number not in viewer.circles:
        return None, [Refusal(Reason.CIRCLE_NOT_YOURS, "circle")]
    return number, []


def _own_circle(viewer: Viewer) -> CircleId | None:
    if viewer.organisation is None:
        return None
    return circle_id(own_circle_key(organisations.get(viewer.organisation).key))


def _circles_of(people: Iterable[Person]) -> tuple[frozenset[CircleId], ...]:
    found = list(people)
    circles = all_circles() if found else NO_MEMBERS
    return tuple(circles.of(each.organisation) for each in found)


def _coming(viewer: Viewer, place: Place, now: datetime) -> int:
    rule = place.premises.rule_for(viewer.category)
    if rule is None or rule.most_ahead is None or viewer.organisation is None:
        return 0
    return to_come.coming(viewer.organisation, viewer.circles, now)  # what these eyes know of
