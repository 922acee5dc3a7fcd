"""Documents out of the house: a person's own extract, and an organisation's disclosure. Imports storage and the domain.

Both are made through the eyes of whoever asks: what they may not know now is not in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from booking.actions.errors import Refused
from booking.actions.looking import Names, names_in, premises_for, seen_whole, unsealed_all
from booking.actions.noticing import Told, seen, views_of
from booking.domain.bookings import Booking
from booking.domain.disclosure import Eyes
from booking.domain.people import OrganisationId, PersonId, Viewer
from booking.domain.permissions import Deed, require
from booking.domain.refusals import Reason, Refusal
from booking.domain.spans import Span
from booking.domain.views import Full
from booking.storage import access, directory, extracts, journal, ledger, notices, openings, organisations
from booking.storage.access import Feed, Token
from booking.storage.database import transaction
from booking.storage.directory import Wishes
from booking.storage.extracts import Act, Browser, Opening, Passkey
from booking.storage.journal import Action
from booking.storage.places import Place

AT_ONCE = 200
MOST_NOTICES = 100_000
LONGEST_PERIOD = timedelta(days=367)
EXPORT = "export"


@dataclass(frozen=True)
class Known:
    """Bookings of one premises as somebody may know them, by start."""

    place: Place
    views: tuple[Full, ...]
    names: Names


@dataclass(frozen=True)
class Extract:
    """Everything about one person, for themselves, without anything that lets anybody in.

    `acts` and `opened` name a booking only where they may know it now; `opened_by_others` says when, never by whom.
    """

    viewer: Viewer
    organisation: str
    since: datetime
    wishes: Wishes
    bookings: tuple[Known, ...]
    notices: tuple[Told, ...]
    tokens: tuple[Token, ...]
    feeds: tuple[Feed, ...]
    browsers: tuple[Browser, ...]
    passkeys: tuple[Passkey, ...]
    authenticator_since: datetime | None
    acts: tuple[Act, ...]
    opened: tuple[Opening, ...]
    opened_by_others: tuple[Opening, ...]


@dataclass(frozen=True)
class Disclosure:
    """An organisation's bookings in a period, and who opened them when: as its administrator may know both."""

    organisation: str
    period: Span
    bookings: tuple[Known, ...]
    openings: tuple[Opening, ...]


# --- one's own --------------------------------------------------------------------------------


def extract(viewer: Viewer, now: datetime) -> Extract:
    """Everything about the viewer. What they booked themselves is opened; that is theirs, and not noted."""
    require(viewer, Deed.PERSON_EXTRACT)
    person = _person(viewer)
    with transaction():
        journal.record(Action.PERSON_EXTRACT, f"person {person}", now, person)
    bookings = []
    for place in premises_for(viewer):
        found = _known(viewer, place, extracts.occurrences_of(place, person), now)
        bookings.append(_opened_where(viewer, place, found, [each for each, _ in found if each.mine]))
    acts, opened = extracts.acts_of(person), extracts.opened_by(person)
    others = extracts.opened_of(person)
    subjects = {each.subject for each in acts if _names_booking(each)}
    known = _knows_of(viewer, subjects | {each.booking for each in (*opened, *others)}, now)
    return Extract(
        viewer=viewer,
        organisation=_name_of(viewer.organisation),
        since=extracts.account_since(person),
        wishes=directory.wishes_of(person),
        bookings=tuple(bookings),
        notices=tuple(seen(viewer, notices.of(person, MOST_NOTICES), now)),
        tokens=tuple(access.tokens_of(person)),
        feeds=tuple(access.feeds_of(person)),
        browsers=tuple(extracts.browsers_of(person)),
        passkeys=tuple(extracts.passkeys_of(person)),
        authenticator_since=extracts.authenticator_since(person),
        acts=tuple(_without_unknown(each, known) for each in acts),
        opened=tuple(each if each.booking in known else replace(each, booking="") for each in opened),
        opened_by_others=tuple(
            replace(each, reader="", organisation="") for each in others if each.booking in known
        ),
    )


def _names_booking(act: Act) -> bool:
    """The journal names a booking by its id alone, everything else by what it is and its number."""
    return " " not in act.subject


def _without_unknown(act: Act, known: set[str]) -> Act:
    return replace(act, subject="") if _names_booking(act) and act.subject not in known else act


# --- one's organisation -----------------------------------------------------------------------


def disclose(viewer: Viewer, period: Span, readers: bool, now: datetime) -> Disclosure:
    """What the viewer's organisation booked in a period, and the access log of it; `readers`: with their names.

    What is confidential is opened where the viewer is in its circle. The noting and the reading are one: what does
    not open is not noted, and what cannot be noted is not handed out.
    Refused when the period ends before it starts, or is longer than a year.
    """
    require(viewer, Deed.ORGANISATION_RUN)
    organisation = viewer.organisation
    assert organisation is not None
    _refuse_period(period)
    found = [
        (place, _known(viewer, place, extracts.occurrences_by(place, organisation, period), now))
        for place in premises_for(viewer)
    ]
    with transaction():
        journal.record(Action.ORGANISATION_EXPORT, f"organisation {organisation}", now, _person(viewer))
        bookings = [
            _opened_where(viewer, place, known, [view for view, _ in known]) for place, known in found
        ]
        for opened, (_, known) in zip(bookings, found, strict=True):
            _note_openings(viewer, opened, known, now)
    opened_by = extracts.opened_of_organisation(organisation, period)
    theirs = _knows_of(viewer, {each.booking for each in opened_by}, now)
    return Disclosure(
        organisation=_name_of(organisation),
        period=period,
        bookings=tuple(bookings),
        openings=tuple(
            each if readers else replace(each, reader="") for each in opened_by if each.booking in theirs
        ),
    )


def _refuse_period(period: Span) -> None:
    if period.end <= period.start:
        raise Refused((Refusal(Reason.ENDS_BEFORE_START, "last"),))
    if period.length > LONGEST_PERIOD:
        raise Refused((Refusal(Reason.TOO_LONG, "last", timedelta(days=366)),))


def _note_openings(
    viewer: Viewer, opened: Known, known: Sequence[tuple[Full, Booking]], now: datetime
) -> None:
    """One row for each content that opened: the occurrences of a series share theirs."""
    assert viewer.organisation is not None
    shared = {
        booking.terms: booking
        for view, (_, booking) in zip(opened.views, known, strict=True)
        if view.sealed and not view.mine and view.content and not view.content.gone
    }
    for booking in shared.values():
        openings.record(
            _person(viewer),
            viewer.organisation,
            booking.id,
            booking.occurrence,
            booking.circles,
            EXPORT,
            now,
        )


# --- both -------------------------------------------------------------------------------------


def _known(viewer: Viewer, place: Place, numbers: Sequence[int], now: datetime) -> list[tuple[Full, Booking]]:
    """Some occurrences as the viewer may know them, content closed, each with what is stored of it."""
    found = []
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        standing = ledger.beside(place, some)
        eyes = Eyes(viewer, place.premises, standing.bookings, standing.claims, now)
        for number in some:
            booking = eyes.known.get(standing.named[number])
            view = seen_whole(eyes, booking) if booking else None
            if booking is not None and view is not None:
                found.append((view, booking))
    return found


def _opened_where(
    viewer: Viewer, place: Place, known: Sequence[tuple[Full, Booking]], opened: Iterable[Full]
) -> Known:
    """The views, what is sealed in some of them opened."""
    keys = {view.key for view in opened if view.sealed}
    contents = unsealed_all(booking.terms for view, booking in known if view.key in keys)
    views = tuple(
        replace(view, content=contents[booking.terms]) if view.key in keys else view
        for view, booking in known
    )
    return Known(place, views, names_in(viewer, views))


def _knows_of(viewer: Viewer, bookings: Iterable[str], now: datetime) -> set[str]:
    """Which of some bookings the viewer may know of now."""
    return {booking for booking, _ in views_of(viewer, [(each, None) for each in sorted(set(bookings))], now)}


def _name_of(organisation: OrganisationId | None) -> str:
    return organisations.get(organisation).name if organisation is not None else ""


def _person(viewer: Viewer) -> PersonId:
    assert viewer.person is not None
    return viewer.person
