"""Who is in a circle: a steward takes an organisation in or out, and an organisation leaves by itself.

Imports storage and the domain. It holds the lock of every premises, for who is in a circle decides what stands
there. What the change bars or opens follows from the claims as they are; only the telling is done here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from booking.actions import telling
from booking.actions.circles import is_own, kept, known, subject_of
from booking.actions.displacing import displace
from booking.actions.errors import Refused
from booking.actions.giving_back import give_back_to
from booking.actions.handing_over import present_administrator
from booking.domain.bookings import Booking, Status
from booking.domain.claims import BySpace, Claim, Presence, Secrecy
from booking.domain.displacement import loss
from booking.domain.notices import News
from booking.domain.people import CircleId, Organisation, OrganisationId, PersonId, Viewer
from booking.domain.people import Secrecy as Duty
from booking.domain.permissions import Deed, Forbidden, require
from booking.domain.refusals import Reason, Refusal, unprintable
from booking.domain.spans import Span
from booking.storage import circles, journal, ledger, organisations, places, to_come
from booking.storage.database import transaction
from booking.storage.journal import Action
from booking.storage.ledger import Standing
from booking.storage.places import Place

GROUND_LENGTH = 200


@dataclass(frozen=True)
class Joining:
    """An organisation, by its key, that is to be in a circle.

    `standing`: it is to see all that the circle has booked, also what has been; else what is booked from now on.
    `confirmed`: although it is bound by no duty of secrecy.
    """

    organisation: str
    standing: bool = False
    confirmed: bool = False
    ground: str = ""


def add(viewer: Viewer, key: str, wanted: Joining, now: datetime) -> None:
    """Take an organisation into a circle; its administrators are told.

    NotFound when the circle is not for the viewer to know, Forbidden when it is not theirs to keep. Refused when the
    organisation cannot be in it, or is bound by no duty of secrecy and that is not confirmed.
    """
    known(viewer, key)
    require(viewer, Deed.CIRCLE_KEEP)
    ground = " ".join(wanted.ground.split())
    everywhere = places.used_by(None)
    with transaction(*(place.id for place in everywhere)):
        administrator, circle = kept(viewer, key, now)
        steward = organisations.get(circle.steward)
        if is_own(circle, steward):
            raise Forbidden(Deed.CIRCLE_KEEP.value)
        joining = _to_add(circle.id, steward, wanted.organisation)
        _refuse_unfit(joining, wanted, ground)
        ages = circles.ages_of(circle.id)
        admitting = ages if wanted.standing else [circles.begin_age(circle.id, now)]
        for age in admitting:
            circles.admit(age, joining.id, now, ground or None)
        fields = [f"organisation {joining.id}", *_said(joining, wanted, ground)]
        journal.record(Action.CIRCLE_ADMIT, subject_of(ages), now, administrator.person, fields)
        for place in everywhere:
            give_back_to(place, joining.id, to_come.secret_ahead(place, admitting, now), now)
        telling.administrators(joining.id, News.CIRCLE_JOINED, now)


def remove(viewer: Viewer, key: str, organisation: str, now: datetime) -> None:
    """Take an organisation out of a circle. Refused while it has coming bookings in it, and for the steward."""
    known(viewer, key)
    require(viewer, Deed.CIRCLE_KEEP)
    everywhere = places.used_by(None)
    with transaction(*(place.id for place in everywhere)):
        administrator, circle = kept(viewer, key, now)
        leaving = organisations.by_key(organisation)
        members = circles.members_of([circle.id]).get(circle.id, ())
        if leaving is None or leaving.id not in [each.organisation for each in members]:
            raise Refused((Refusal(Reason.UNKNOWN_ORGANISATION, "organisation"),))
        if leaving.id == circle.steward:
            raise Forbidden(Deed.CIRCLE_KEEP.value)
        _part(everywhere, circle.id, leaving.id, Action.CIRCLE_REMOVE, now, administrator.person)
        telling.administrators(leaving.id, News.CIRCLE_LEFT, now)


def leave(viewer: Viewer, key: str, now: datetime) -> None:
    """Take one's own organisation out of a circle; its steward is told. Refused and forbidden as in `remove`."""
    known(viewer, key)
    require(viewer, Deed.CIRCLE_KEEP)
    everywhere = places.used_by(None)
    with transaction(*(place.id for place in everywhere)):
        administrator = present_administrator(viewer, now)
        circle = known(administrator, key)
        assert administrator.organisation is not None
        if circle.steward == administrator.organisation:
            raise Forbidden(Deed.CIRCLE_KEEP.value)
        own, actor = administrator.organisation, administrator.person
        _part(everywhere, circle.id, own, Action.CIRCLE_LEAVE, now, actor)
        telling.administrators(own, News.CIRCLE_LEFT, now, but=actor)
        telling.administrators(circle.steward, News.CIRCLE_SMALLER, now)


# --- coming in --------------------------------------------------------------------------------


def _to_add(circle: CircleId, steward: Organisation, key: str) -> Organisation:
    """An organisation beside the steward's, guests left out, that is not in the circle; else Refused."""
    there = {each.organisation for each in circles.members_of([circle]).get(circle, ())}
    for each in organisations.beside(steward.id):
        if each.key == key and each.id not in there:
            return each
    raise Refused((Refusal(Reason.UNKNOWN_ORGANISATION, "organisation"),))


def _refuse_unfit(joining: Organisation, wanted: Joining, ground: str) -> None:
    wrong = []
    if joining.secrecy is Duty.NONE and not wanted.confirmed:
        wrong.append(Refusal(Reason.CONFIRM_NO_SECRECY, "confirmed"))
    if len(ground) > GROUND_LENGTH:
        wrong.append(Refusal(Reason.NOTE_TOO_LONG, "ground", GROUND_LENGTH))
    if unprintable(ground):
        wrong.append(Refusal(Reason.UNPRINTABLE, "ground"))
    if wrong:
        raise Refused(tuple(wrong))


def _said(joining: Organisation, wanted: Joining, ground: str) -> list[str]:
    """What the steward said yes to, by name."""
    said = {
        "standing": wanted.standing,
        "confirmed": joining.secrecy is Duty.NONE,
        "ground": bool(ground),
    }
    return [name for name, yes in said.items() if yes]


# --- going out --------------------------------------------------------------------------------


def _part(
    everywhere: Sequence[Place],
    circle: CircleId,
    leaver: OrganisationId,
    action: Action,
    now: datetime,
    actor: PersonId | None,
) -> None:
    """Take an organisation out of all ages of a circle: what it has there before any secret is mute from now on."""
    ages = circles.ages_of(circle)
    if to_come.ahead_in(leaver, ages, now):
        raise Refused((Refusal(Reason.STILL_BOOKED_IN_CIRCLE, "organisation"),))
    for place in everywhere:
        if spans := to_come.secret_ahead(place, ages, now):
            standing = ledger.around(place, spans)
            _mute(place, standing, _secrets(standing, ages, now), leaver, now, actor)
    circles.remove(ages, leaver)
    journal.record(action, subject_of(ages), now, actor, [f"organisation {leaver}"])


def _secrets(standing: Standing, ages: Sequence[CircleId], now: datetime) -> list[Claim]:
    """What only the circle may hear, as far as it is to come."""
    return [
        replace(claim, span=Span(max(claim.span.start, now), claim.span.end))
        for claim in standing.claims
        if isinstance(claim.stake, Secrecy)
        and claim.stake.circle in ages
        and not claim.released
        and claim.span.end > now
    ]


def _mute(
    place: Place,
    standing: Standing,
    secrets: Sequence[Claim],
    leaver: OrganisationId,
    now: datetime,
    actor: PersonId | None,
) -> None:
    """The leaver's ordinary bookings give way to each confidential one, as if it were made over them now.

    Refused where one of them came after the secret it stands in: it was let in as a member's, and is never mute.
    """
    ordinary = {each.key: each for each in standing.bookings if _gives_way(each, leaver, now)}
    present = [
        each
        for each in standing.claims
        if each.occurrence in ordinary and isinstance(each.stake, Presence) and not each.released
    ]
    groups, by_key = BySpace(secrets), {each.key: each for each in standing.bookings}
    met: dict[str, dict[str, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for claim in present:
        for secret in groups.over(claim.space, claim.span):
            if claim.since > secret.since:
                raise Refused((Refusal(Reason.STILL_BOOKED_IN_CIRCLE, "organisation"),))
            met[secret.occurrence][claim.occurrence].append(claim)
    for key, own in met.items():
        pressing = [each for each in secrets if each.occurrence == key]
        losses = [loss(place.premises, ordinary[one], pressing, claims) for one, claims in own.items()]
        displace(place, standing, losses, by_key[key], pressing, now, actor)


def _gives_way(booking: Booking, leaver: OrganisationId, now: datetime) -> bool:
    """Whether it is an ordinary booking of the leaver's that is not over."""
    coming = booking.status is not Status.CANCELLED and booking.span.end > now
    return booking.organisation == leaver and not booking.confidential and coming
