"""Telling people what happened to their bookings, in the transaction in which it happens.

Imports storage and the domain. Who is told, and how often, follows from what they may know themselves: what an
outsider cannot see happen is not told to them either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from booking.domain.bookings import Booking, Purpose, Status
from booking.domain.notices import News
from booking.domain.people import OrganisationId, PersonId
from booking.domain.spans import Span, without
from booking.storage import directory, outbox
from booking.storage.notices import tell
from booking.storage.outbox import Entry, Kind
from booking.storage.places import Place

CALENDAR_AHEAD = timedelta(
    days=60
)  # a series comes into a calendar by mail as it draws near, not all at once


def booked(place: Place, made: Sequence[Booking], actor: PersonId | None, now: datetime) -> None:
    """A booking was made: its invited are told, its organiser where somebody else made it, and who is to approve."""
    if actor is not None and made[0].organiser != actor:
        _tell(place, made[0].organiser, News.HANDED_OVER, made, now, sender=actor)
    known = _ordinary(made)
    if not known:
        return
    if known[0].status is Status.PENDING:
        asked(place, known, actor, now)
    _invite(place, known, _invited(known) - {actor}, now)
    request(known, _concerned(known), now)


def asked(place: Place, bookings: Sequence[Booking], actor: PersonId | None, now: datetime) -> None:
    """Occurrences of one booking wait from now on: who is to approve is told of those they may know of."""
    known = _ordinary(bookings)
    for person in directory.coordinators_of(place.id) if known else ():
        _tell(place, person, News.ASKED, known, now, sender=actor)


def answered(
    place: Place,
    bookings: Sequence[Booking],
    news: News,
    now: datetime,
    actor: PersonId | None = None,
    words: str | None = None,
) -> None:
    """What waited was approved, declined or lapsed: its organiser is told, with `words` if something was written."""
    _tell(place, bookings[0].organiser, news, bookings, now, actor, words)
    known = _ordinary(bookings)
    if not known:
        return
    if news is News.APPROVED:
        request(known, _concerned(known), now)
    else:
        cancel_entry(known, _concerned(known), now)


def furnished(
    place: Place, bookings: Iterable[Booking], news: News, now: datetime, resource: str | None = None
) -> None:
    """The premises was changed where these are: each organiser is told once of each booking."""
    by_booking: dict[str, list[Booking]] = {}
    for each in bookings:
        by_booking.setdefault(each.id, []).append(each)
    for occurrences in by_booking.values():
        _tell(place, occurrences[0].organiser, news, occurrences, now, resource=resource)


def gone(bookings: Sequence[Booking], now: datetime) -> None:
    """Occurrences of one booking were cancelled with the place they were on: out of calendars that come by mail."""
    if known := _ordinary(bookings):
        cancel_entry(known, _concerned(known), now)


def changed(
    place: Place, before: Sequence[Booking], after: Sequence[Booking], actor: PersonId | None, now: datetime
) -> None:
    """Occurrences of one booking were changed: their organiser is told, unless they did it; the newly invited too."""
    if after[0].organiser != actor:
        _tell(place, after[0].organiser, News.CHANGED, after, now, sender=actor)
    known = _ordinary(after)
    by_key = {each.key: each for each in before}
    earlier, present = _invited(by_key[each.key] for each in known), _invited(known)
    if not known:
        return
    _invite(place, known, present - earlier - {actor}, now)
    others = [each for each in known if _reads_otherwise(by_key[each.key], each)]
    request(others, _concerned(known), now)
    request([each for each in known if each not in others], present - earlier, now)
    cancel_entry(known, earlier - present - {known[0].organiser}, now)


def cancelled(place: Place, bookings: Sequence[Booking], actor: PersonId | None, now: datetime) -> None:
    """Occurrences of one booking were cancelled: their organiser is told, unless they did it."""
    coming = [each for each in bookings if each.span.end > now] or list(bookings)
    if coming[0].organiser != actor:
        _tell(place, coming[0].organiser, News.CANCELLED, coming, now, sender=actor)
    known = _ordinary(coming)
    if known:
        cancel_entry(known, _concerned(known), now)


def restored(place: Place, bookings: Sequence[Booking], actor: PersonId | None, now: datetime) -> None:
    """The cancelling of occurrences of one booking was undone: whom it was told of is told of this too."""
    if bookings[0].organiser != actor:
        _tell(place, bookings[0].organiser, News.RESTORED, bookings, now, sender=actor)
    if bookings[0].status is Status.PENDING:
        asked(place, bookings, actor, now)
    if known := _ordinary(bookings):
        request(known, _concerned(known), now)


def displaced(
    place: Place, booking: Booking, spans: Iterable[Span], suspended: Iterable[Span], now: datetime
) -> None:
    """An occurrence had to give way. `suspended` is what its organiser had lost before, and is not told again."""
    ahead = [part for span in spans if (part := span.cut(Span(now, max(now, booking.span.end))))]
    if without(ahead, suspended):
        _tell(place, booking.organiser, News.DISPLACED, [booking], now)


def moved(place: Place, booking: Booking, now: datetime) -> None:
    """An occurrence was given an equal desk, and has lost no time."""
    _tell(place, booking.organiser, News.MOVED, [booking], now)
    request([booking], _concerned([booking]), now)


def given_back(place: Place, booking: Booking, now: datetime) -> None:
    """An occurrence that had to give way is whole again."""
    _tell(place, booking.organiser, News.GIVEN_BACK, [booking], now)


def missed(place: Place, booking: Booking, now: datetime) -> None:
    """An occurrence was released, for nobody came."""
    _tell(place, booking.organiser, News.MISSED, [booking], now)
    cancel_entry([booking], _concerned([booking]), now)


def handed_over(
    place: Place,
    ahead: Sequence[Booking],
    whom: Iterable[PersonId],
    heir: PersonId,
    actor: PersonId | None,
    now: datetime,
) -> None:
    """What is to come of a booking has another organiser. `ahead` is as it was; `whom` are those to be told."""
    for person in whom:
        _tell(place, person, News.HANDED_OVER, ahead, now, sender=actor)
    known = _ordinary(ahead)
    if known:
        cancel_entry(known, {known[0].organiser} - _invited(known), now)
        request(known, {heir}, now)


def reminded(place: Place, booking: Booking, person: PersonId, now: datetime) -> None:
    """An occurrence starts soon."""
    _tell(place, person, News.REMINDER, [booking], now)


def administrators(
    organisation: OrganisationId,
    news: News,
    now: datetime,
    but: PersonId | None = None,
    about: PersonId | None = None,
) -> None:
    """The administrators of an organisation are told something, but not `but`, who did it; `about` a person."""
    for each in directory.administrators_of(organisation):
        if each.id != but and not each.ended(now):
            tell(each.id, news, now, sender=about)


def swap_asked(place: Place, booking: Booking, asker: PersonId, words: str | None, now: datetime) -> None:
    """Somebody asks the organiser of an occurrence to swap, in words of their own where these may be kept."""
    _tell(place, booking.organiser, News.SWAP, [booking], now, sender=asker, words=words)


# --- the calendars of those who have them by mail ---------------------------------------------


def request(bookings: Iterable[Booking], whose: Iterable[PersonId], now: datetime) -> None:
    """Ordinary occurrences into the calendars of those who want them by mail, as they draw near."""
    wanted = [each for each in _ordinary(bookings) if each.span.end > now]
    entries = [Entry(each.id, each.occurrence, max(now, each.span.start - CALENDAR_AHEAD)) for each in wanted]
    if entries:
        outbox.put_entries(Kind.REQUEST, whose, entries, now)


def cancel_entry(bookings: Iterable[Booking], whose: Iterable[PersonId], now: datetime) -> None:
    """Ordinary occurrences out of those calendars again, as far as they can be in them."""
    coming = [each for each in _ordinary(bookings) if each.span.end > now]
    near = [each for each in coming if each.span.start - CALENDAR_AHEAD <= now]
    if near:
        outbox.put_entries(Kind.CANCEL, whose, [Entry(each.id, each.occurrence, now) for each in near], now)


# --- one notice for each person and act -------------------------------------------------------


def _invite(
    place: Place, bookings: Sequence[Booking], whom: Iterable[PersonId | None], now: datetime
) -> None:
    for person in sorted(each for each in whom if each is not None):
        if person != bookings[0].organiser:
            _tell(place, person, News.INVITED, bookings, now)


def _tell(
    place: Place,
    person: PersonId,
    news: News,
    bookings: Sequence[Booking],
    now: datetime,
    sender: PersonId | None = None,
    words: str | None = None,
    resource: str | None = None,
) -> None:
    """Of several occurrences of a series the series is told, not one of them.

    `resource` is the place it is about where that is not the booking's own.
    """
    first = bookings[0]
    if first.purpose is Purpose.DOOR:
        return  # a display reads no notices
    alone = len(bookings) == 1
    about = resource or (first.resource if alone else None)
    tell(
        person,
        news,
        now,
        booking=first.id,
        occurrence=first.occurrence if alone else None,
        span=first.span if alone else None,
        space=place.space_ids[about] if about else None,
        sender=sender,
        words=words if not any(each.confidential for each in bookings) else None,
    )


def _ordinary(bookings: Iterable[Booking]) -> list[Booking]:
    """What may be told by name: no block, and nothing confidential."""
    return [each for each in bookings if not each.confidential and each.purpose is Purpose.USE]


def _invited(bookings: Iterable[Booking]) -> set[PersonId]:
    """Who is invited to ordinary occurrences, by what is said in them now."""
    return {one.person for each in bookings if each.content for one in each.content.attendees}


def _concerned(bookings: Sequence[Booking]) -> set[PersonId]:
    return {bookings[0].organiser, *_invited(bookings)}


def _reads_otherwise(before: Booking, after: Booking) -> bool:
    """Whether a calendar would say something else of it."""

    def said(each: Booking) -> tuple[object, ...]:
        title = each.content.title if each.content else ""
        return each.span, each.resource, each.equipment, title, each.status

    return said(before) != said(after)
