"""The organisations of a premises, for its coordinator: newcomers, what stands for them, and putting them to rest.

Imports storage and the domain. The coordinator names a newcomer's first administrator and nobody else: who is in an
organisation is its own affair. Whether an address has an account already is not told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from booking.actions.admitting import refuse_what_is_no_person
from booking.actions.errors import NotFound, Refused
from booking.actions.inviting import subject_of
from booking.actions.looking import Place, place_for
from booking.actions.membership import FIRST_PASSWORD, LINK_KEPT
from booking.domain.badges import COLOURS, alike, is_code
from booking.domain.people import (
    CHOSEN,
    Organisation,
    OrganisationId,
    PersonId,
    Role,
    Secrecy,
    Viewer,
    Visibility,
)
from booking.domain.permissions import Deed, require
from booking.domain.premises import Category
from booking.domain.refusals import Reason, Refusal, unprintable
from booking.storage import access, directory, journal, organisations, outbox
from booking.storage.database import transaction
from booking.storage.journal import Action
from booking.storage.organisations import Newcomer, Standing
from booking.storage.outbox import Kind
from booking.storage.post import office
from booking.storage.tokens import new_key, new_token

NAME_LENGTH = 120
CATEGORIES = (Category.REACTIVE, Category.PREVENTIVE, Category.PLACE)


@dataclass(frozen=True)
class Badge:
    """What an organisation is called and what stands for it."""

    name: str
    code: str
    colour: int


@dataclass(frozen=True)
class Taking:
    """A newcomer as the coordinator describes it, and whom the link to its first administrator is for.

    Where a choice could not be read it is None.
    """

    badge: Badge
    category: Category | None
    secrecy: Secrecy | None
    visibility: Visibility | None
    email: str
    person: str


@dataclass(frozen=True)
class Listed:
    """An organisation in the list. `alike` are the others of its category that have its colour."""

    organisation: Organisation
    peopled: bool
    administered: bool
    rests: bool
    alike: tuple[Organisation, ...]


def listed(viewer: Viewer, place: Place, now: datetime) -> tuple[Listed, ...]:
    """The organisations of a premises, guests left out; those at rest come last."""
    require(viewer, Deed.ORGANISATION_KEEP)
    found = _kept(place, now)
    awake = [each.organisation for each in found if not each.rests]
    return tuple(
        Listed(
            each.organisation,
            each.peopled,
            each.administered,
            each.rests,
            () if each.rests else tuple(alike(each.organisation, awake)),
        )
        for each in sorted(found, key=lambda each: each.rests)
    )


def without_administrator(viewer: Viewer, place: Place, now: datetime) -> int:
    """How many have people and nobody who lets more of them in."""
    return sum(
        each.peopled and not each.administered and not each.rests for each in listed(viewer, place, now)
    )


def _kept(place: Place, now: datetime) -> list[Standing]:
    there = organisations.using(place.id, now)
    return [each for each in there if each.organisation.category is not Category.GUEST]


# --- newcomers --------------------------------------------------------------------------------


def take_in(viewer: Viewer, premises: str, wanted: Taking, now: datetime) -> str | None:
    """Take an organisation in, with its own circle, and send its first administrator a link to choose a password.

    Without mail the secret of the link is given, to be handed over; for an address that has an account already it is
    one that opens nothing. Refused for what is no name, code, colour, choice or address, and for a code that is taken.
    """
    require(viewer, Deed.ORGANISATION_KEEP)
    place = place_for(viewer, premises)
    badge = _tidy(wanted.badge)
    email, person = wanted.email.strip(), " ".join(wanted.person.split())
    wrong = [*_wrong_in(badge), *_wrong_choices(wanted)]
    refuse_what_is_no_person(email, person, wrong, name_field="person")
    assert wanted.category is not None
    assert wanted.secrecy is not None
    assert wanted.visibility is not None
    with transaction(place.id):
        _refuse_taken(badge.code, {each.organisation.code for each in organisations.using(place.id, now)})
        newcomer = Newcomer(
            key=new_key(badge.name, "organisation"),
            name=badge.name,
            code=badge.code,
            colour=badge.colour,
            category=wanted.category,
            secrecy=wanted.secrecy,
            visibility=wanted.visibility,
        )
        number = organisations.add(newcomer, place.id)
        fields = [f"organisation {number}"]
        journal.record(Action.ORGANISATION_TAKE_IN, subject_of(place), now, viewer.person, fields)
        return _first_link(number, email, person, viewer.person, now)


def send_link(viewer: Viewer, premises: str, key: str, email: str, person: str, now: datetime) -> str | None:
    """A link to the first administrator of an organisation that has none, in place of any that was sent before.

    As in `take_in`. NotFound when there is no such organisation here; Refused when it has an administrator.
    """
    require(viewer, Deed.ORGANISATION_KEEP)
    place = place_for(viewer, premises)
    email, person = email.strip(), " ".join(person.split())
    refuse_what_is_no_person(email, person, (), name_field="person")
    with transaction(place.id):
        found = _one(place, key, now)
        if found.administered:
            raise Refused((Refusal(Reason.ALREADY_ADMINISTERED, "email"),))
        number = found.organisation.id
        fields = [f"organisation {number}", "link"]
        journal.record(Action.ORGANISATION_CHANGE, subject_of(place), now, viewer.person, fields)
        return _first_link(number, email, person, viewer.person, now)


def _first_link(
    organisation: OrganisationId, email: str, name: str, actor: PersonId | None, now: datetime
) -> str | None:
    """The link to a first administrator; one that was sent to another address opens nothing any more."""
    known = directory.person_by_email(email)
    for each in directory.people_of(organisation):
        if not each.arrived and (known is None or each.id != known.id):
            outbox.take_back(each.id, Kind.WELCOME)
            access.revoke_links(each.id)
            directory.end_person(each.id, now)
    number = known.id if known else _added(organisation, email, name, actor, now)
    theirs = known is None or (
        known.organisation == organisation and not known.arrived and not known.ended(now)
    )
    if office().works:
        if theirs:
            outbox.take_back(number, Kind.WELCOME)
            outbox.put(number, Kind.WELCOME, now)
        return None
    return access.issue_link(number, FIRST_PASSWORD, now + LINK_KEPT) if theirs else new_token()


def _added(
    organisation: OrganisationId, email: str, name: str, actor: PersonId | None, now: datetime
) -> PersonId:
    number = directory.add_person(email, name, Role.MEMBER, organisation, now, organisation_admin=True)
    journal.record(Action.PERSON_ADD, f"person {number}", now, actor, ["organisation_admin"])
    return number


# --- what stands for it -----------------------------------------------------------------------


def change(viewer: Viewer, premises: str, key: str, badge: Badge, now: datetime) -> Sequence[Organisation]:
    """An organisation is called otherwise, or has another code or colour; those that now look like it are given.

    NotFound when there is no such organisation here; Refused as in `take_in`.
    """
    require(viewer, Deed.ORGANISATION_KEEP)
    place = place_for(viewer, premises)
    badge = _tidy(badge)
    if wrong := _wrong_in(badge):
        raise Refused(tuple(wrong))
    with transaction(place.id):
        found = _one(place, key, now).organisation
        _refuse_taken(badge.code, organisations.codes_beside(found.id))
        changed = [name for name, value in vars(badge).items() if getattr(found, name) != value]
        if changed:
            organisations.call(found, badge.name, badge.code, badge.colour)
            fields = [f"organisation {found.id}", *changed]
            journal.record(Action.ORGANISATION_CHANGE, subject_of(place), now, viewer.person, fields)
        awake = [each.organisation for each in _kept(place, now) if not each.rests]
        present = organisations.get(found.id)
    return alike(present, awake) if "colour" in changed else []


# --- rest -------------------------------------------------------------------------------------


def rest(viewer: Viewer, premises: str, key: str, now: datetime) -> None:
    """An organisation that nobody is in any more is put to rest: it stays for what was, and is offered nowhere.

    NotFound when there is no such organisation here; Refused while somebody is in it.
    """
    require(viewer, Deed.ORGANISATION_KEEP)
    place = place_for(viewer, premises)
    with transaction(place.id):
        found = _one(place, key, now)
        if found.peopled:
            raise Refused((Refusal(Reason.STILL_PEOPLED, "key"),))
        _set_rest(viewer, place, found.organisation, now, resting=True)


def wake(viewer: Viewer, premises: str, key: str, now: datetime) -> None:
    """An organisation that was put to rest is in use again. NotFound when there is no such organisation here."""
    require(viewer, Deed.ORGANISATION_KEEP)
    place = place_for(viewer, premises)
    with transaction(place.id):
        _set_rest(viewer, place, _one(place, key, now).organisation, now, resting=False)


def _set_rest(viewer: Viewer, place: Place, organisation: Organisation, now: datetime, resting: bool) -> None:
    organisations.rest(organisation.id, now if resting else None)
    action = Action.ORGANISATION_REST if resting else Action.ORGANISATION_WAKE
    journal.record(action, subject_of(place), now, viewer.person, [f"organisation {organisation.id}"])


def _one(place: Place, key: str, now: datetime) -> Standing:
    for each in _kept(place, now):
        if each.organisation.key == key:
            return each
    raise NotFound


# --- what is refused --------------------------------------------------------------------------


def _tidy(badge: Badge) -> Badge:
    return Badge(" ".join(badge.name.split()), badge.code.strip().upper(), badge.colour)


def _wrong_in(badge: Badge) -> list[Refusal]:
    wrong = []
    if not badge.name:
        wrong.append(Refusal(Reason.NAME_MISSING, "name"))
    elif len(badge.name) > NAME_LENGTH:
        wrong.append(Refusal(Reason.TITLE_TOO_LONG, "name", NAME_LENGTH))
    elif unprintable(badge.name):
        wrong.append(Refusal(Reason.UNPRINTABLE, "name"))
    if not is_code(badge.code):
        wrong.append(Refusal(Reason.NOT_A_CODE, "code"))
    if badge.colour not in COLOURS:
        wrong.append(Refusal(Reason.NOT_A_CHOICE, "colour"))
    return wrong


def _wrong_choices(wanted: Taking) -> list[Refusal]:
    chosen = {
        "category": wanted.category in CATEGORIES,
        "secrecy": wanted.secrecy is not None,
        "visibility": wanted.visibility in CHOSEN,
    }
    return [Refusal(Reason.NOT_A_CHOICE, field) for field, known in chosen.items() if not known]


def _refuse_taken(code: str, taken: set[str]) -> None:
    if code in taken:
        raise Refused((Refusal(Reason.CODE_TAKEN, "code"),))
