"""The circles of one's own organisation: seeing them, making them, and whether they demand a second factor.

Imports storage and the domain. A circle is known to its members alone; whoever else asks for it finds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from booking.actions import telling
from booking.actions.errors import NotFound, Refused
from booking.actions.handing_over import present_administrator
from booking.domain.notices import News
from booking.domain.people import Circle, CircleId, Organisation, OrganisationId, Secrecy, Viewer
from booking.domain.permissions import Deed, Forbidden, may, require
from booking.domain.refusals import Reason, Refusal, unprintable
from booking.storage import circles, journal, organisations
from booking.storage.database import transaction
from booking.storage.journal import Action
from booking.storage.tokens import new_key

NAME_LENGTH = 120


@dataclass(frozen=True)
class Member:
    """An organisation in a circle. `ground` is there for the steward's own people alone."""

    organisation: Organisation
    since: datetime | None
    ground: str
    steward: bool


@dataclass(frozen=True)
class Seen:
    """A circle as one of its members sees it.

    `since`: when the viewer's organisation came into it, None for from the first. `own`: the organisation's own.
    `open`: whether these eyes may know what is booked in it. `kept`: the viewer may say who is in it.
    `left`: the viewer may take their own organisation out of it. `demanding`: they may say whether it demands a
    second factor.
    """

    circle: Circle
    steward: Organisation
    members: tuple[Member, ...]
    since: datetime | None
    own: bool
    open: bool
    kept: bool
    left: bool
    demanding: bool


@dataclass(frozen=True)
class Making:
    """What a coordinator says of a new circle. `confirmed`: its steward may be bound by no duty of secrecy."""

    name: str
    steward: str
    confirmed: bool = False


# --- seeing -----------------------------------------------------------------------------------


def mine(viewer: Viewer) -> list[Seen]:
    """The circles that the viewer's organisation is in, its own first, then by name."""
    require(viewer, Deed.CIRCLE_SEE)
    found = circles.named_circles(circles.circles_of(viewer.organisation).opened(proved=True))
    seen = _seen(viewer, [each for each in found.values() if not each.earlier])
    return sorted(seen, key=lambda each: not each.own)


def look(viewer: Viewer, key: str) -> Seen:
    """One circle by its key; NotFound unless these eyes may know what is booked in it."""
    (seen,) = _seen(viewer, [known(viewer, key)])
    return seen


def addable(viewer: Viewer, seen: Seen) -> list[Organisation]:
    """The organisations beside the steward's own that are not in a circle yet."""
    there = {each.organisation.id for each in seen.members}
    found = organisations.beside(seen.circle.steward) if seen.kept else []
    return [each for each in found if each.id not in there]


def stewards(viewer: Viewer) -> list[Organisation]:
    """The organisations that a coordinator can make a circle for."""
    require(viewer, Deed.CIRCLE_MAKE)
    assert viewer.organisation is not None
    return organisations.beside(viewer.organisation)


def known(viewer: Viewer, key: str) -> Circle:
    """A circle, by its key, whose bookings these eyes may know; else NotFound."""
    number = circles.circle_id(key)
    if number is None or not viewer.circles.intersection(circles.ages_of(number)):
        raise NotFound
    return circles.named_circles([number])[number]


def _seen(viewer: Viewer, found: list[Circle]) -> list[Seen]:
    members = circles.members_of(each.id for each in found)
    named = organisations.by_id(
        [one.organisation for each in members.values() for one in each] + [each.steward for each in found]
    )
    return [_one(viewer, each, members.get(each.id, ()), dict(named)) for each in found]


def _one(
    viewer: Viewer,
    circle: Circle,
    members: tuple[circles.Membership, ...],
    named: dict[OrganisationId, Organisation],
) -> Seen:
    steward = named[circle.steward]
    stewarding = viewer.organisation == circle.steward
    own, opened = is_own(circle, steward), circle.id in viewer.circles
    acting = opened and may(viewer, Deed.CIRCLE_KEEP)
    return Seen(
        circle=circle,
        steward=steward,
        members=tuple(
            Member(
                named[each.organisation],
                each.joined,
                each.ground or "" if stewarding else "",
                each.organisation == circle.steward,
            )
            for each in members
        ),
        since=next((each.joined for each in members if each.organisation == viewer.organisation), None),
        own=own,
        open=opened,
        kept=acting and stewarding and not own,
        left=acting and not stewarding,
        demanding=acting and stewarding,
    )


def is_own(circle: Circle, steward: Organisation) -> bool:
    """Whether it is the circle that an organisation has for itself, which nobody joins or leaves."""
    return circle.key == circles.own_circle_key(steward.key)


# --- who may ----------------------------------------------------------------------------------


def kept(viewer: Viewer, key: str, now: datetime) -> tuple[Viewer, Circle]:
    """Under the lock: the administrator who acts, and the circle their organisation is steward of.

    NotFound when it is not for them to know; Forbidden when they are not its steward.
    """
    known(viewer, key)
    administrator = present_administrator(viewer, now)
    circle = known(administrator, key)
    if circle.steward != administrator.organisation:
        raise Forbidden(Deed.CIRCLE_KEEP.value)
    return administrator, circle


def subject_of(ages: list[CircleId]) -> str:
    """What the journal calls a circle in all its ages."""
    return f"circle {ages[0]}"


# --- making -----------------------------------------------------------------------------------


def make(viewer: Viewer, wanted: Making, now: datetime) -> None:
    """A new circle, with its steward's organisation in it. Whoever makes it sees no more of it than that they did.

    Refused for a name that cannot be shown, or a steward that is not there or is bound by no duty of secrecy and not
    confirmed. Names need not be unique: that one is taken would tell of a circle.
    """
    require(viewer, Deed.CIRCLE_MAKE)
    name = " ".join(wanted.name.split())
    steward = next((each for each in stewards(viewer) if each.key == wanted.steward), None)
    wrong = _wrong_in(name, steward, wanted.confirmed)
    if wrong or steward is None:
        raise Refused(tuple(wrong))
    with transaction():
        number = circles.add(new_key(name, "krets"), name, steward.id)
        circles.admit(number, steward.id, now)
        confirmed = ["confirmed"] if steward.secrecy is Secrecy.NONE else []
        fields = [f"organisation {steward.id}", *confirmed]
        journal.record(Action.CIRCLE_MAKE, subject_of([number]), now, viewer.person, fields)
        telling.administrators(steward.id, News.CIRCLE_MADE, now, but=viewer.person)


def _wrong_in(name: str, steward: Organisation | None, confirmed: bool) -> list[Refusal]:
    wrong = []
    if not name:
        wrong.append(Refusal(Reason.NAME_MISSING, "name"))
    elif len(name) > NAME_LENGTH:
        wrong.append(Refusal(Reason.TITLE_TOO_LONG, "name", NAME_LENGTH))
    elif unprintable(name):
        wrong.append(Refusal(Reason.UNPRINTABLE, "name"))
    if steward is None:
        wrong.append(Refusal(Reason.UNKNOWN_ORGANISATION, "steward"))
    elif steward.secrecy is Secrecy.NONE and not confirmed:
        wrong.append(Refusal(Reason.CONFIRM_NO_SECRECY, "confirmed"))
    return wrong


# --- second factor ----------------------------------------------------------------------------


def demand_second_factor(viewer: Viewer, key: str, demanded: bool, now: datetime) -> None:
    """Say whether what is booked in a circle, in all its ages, opens only to who has given a second factor.

    Refused to who has not given one: they would shut themselves out.
    """
    known(viewer, key)
    require(viewer, Deed.CIRCLE_KEEP)
    with transaction():
        administrator, circle = kept(viewer, key, now)
        if not viewer.proved:
            raise Refused((Refusal(Reason.PROVE_FIRST, "second_factor"),))
        if circle.second_factor != demanded:
            ages = circles.ages_of(circle.id)
            circles.demand_second_factor(ages, demanded)
            fields = ["second_factor"]
            journal.record(Action.CIRCLE_FACTOR, subject_of(ages), now, administrator.person, fields)
